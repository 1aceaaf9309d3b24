//! Of what type a policy is.
//!
//! The order: what holds the policy (a CloudFormation type, a key that AWS or everyone uses for one type), then what
//! its statements say, which rules types in and out, and then names (keys, folders, the file), which choose among the
//! types that are left. A name alone never overrules the statements: plenty of identity policies are called
//! `bucket-policy`.

use super::Shape;
use super::place::{Place, Step};
use super::statement::is_intrinsic;
use super::titles::{self, Title};
use crate::policy::model::{PolicyType, TypeGuess};
use content::Content;
use std::borrow::Cow;

mod content;

/// The type of the policy at `place`. `None` where its surroundings say that it is none of IAM's.
pub(super) fn infer(place: &Place<'_, '_>, shape: Shape, path: &str) -> Option<TypeGuess> {
    let guess = |kind, reason: Cow<'static, str>| Some(TypeGuess { kind, reason });
    let holder = held_by(place);
    if let Holder::NotIam = holder {
        return None;
    }
    let content = Content::of(place.node, shape);
    match holder {
        // A role's trust policy is its resource policy, and Access Analyzer calls it no other.
        Holder::Known(PolicyType::Resource, _) if content.trusts => {}
        Holder::Known(kind, reason) => return guess(kind, reason.into()),
        _ => {}
    }
    if content.trusts {
        return guess(PolicyType::Trust, "its principals may assume a role, and it names no resource".into());
    }
    if let Some((kind, reason)) = named(place, path, &content) {
        return guess(kind, reason.into());
    }
    if content.restrains_root {
        return guess(PolicyType::Scp, "it denies root users, which only an organization can".into());
    }
    if content.guards_organization {
        let reason = "every statement denies every principal (`*`) on every resource, across services";
        return guess(PolicyType::Rcp, reason.into());
    }
    if content.principal {
        return guess(PolicyType::Resource, "its `Principal` element".into());
    }
    guess(PolicyType::Identity, "no `Principal`, and no sign of another type".into())
}

/// What the things around a policy say of its type.
enum Holder {
    Known(PolicyType, String),
    /// Of a service that keeps other documents in the same place.
    NotIam,
    Unknown,
}

/// The innermost key, resource or sibling that tells.
fn held_by(place: &Place<'_, '_>) -> Holder {
    let mut below = None;
    for around in place.outward() {
        if !std::ptr::eq(around.node, place.node)
            && let Some(holder) = described(around, below)
        {
            return holder;
        }
        if let Step::Key(key) = around.step {
            if let Some(kind) = kind_of_key(key) {
                return Holder::Known(kind, format!("the key `{key}`"));
            }
            below = Some(key);
        }
    }
    Holder::Unknown
}

/// What an object that holds a policy under its key `below` says by its `Type`, or a member like it.
fn described(around: &Place<'_, '_>, below: Option<&str>) -> Option<Holder> {
    for member in around.type_members() {
        let Some(text) = member.value.as_str() else { continue };
        let key = &*member.key;
        if matches!(key, "Type" | "type") && text.starts_with("AWS::") {
            // `Metadata` and other attributes of a resource hold anything.
            return if below == Some("Properties") { resource_holder(around, text) } else { None };
        }
        let kind = match folded(key).as_str() {
            "policytype" => PolicyType::from_name(&text.to_ascii_lowercase()).or_else(|| kind_of_word(text)),
            "type" => kind_of_word(text),
            _ => None,
        };
        if let Some(kind) = kind {
            return Some(Holder::Known(kind, format!("`{key}` beside it, which is `{text}`")));
        }
    }
    None
}

fn resource_holder(resource: &Place<'_, '_>, resource_type: &str) -> Option<Holder> {
    use PolicyType::{Boundary, Identity, Resource, Scp, Session, VpcEndpoint};
    let mut parts = resource_type.splitn(3, "::").skip(1);
    let (service, name) = (parts.next()?, parts.next().unwrap_or_default());
    let kind = match (service, name) {
        ("Organizations", "Policy") => match resource.node.get("Properties").and_then(|node| node.get("Type")) {
            // A known type is found one step further in, at the properties themselves.
            Some(kind) if kind.as_str().is_some_and(|text| !super::statement::has_hole(text)) => {
                return Some(Holder::NotIam);
            }
            _ => Scp,
        },
        ("IAM", "ManagedPolicy") if is_called_boundary(resource) => Boundary,
        ("IAM" | "SSO" | "IoT", _) => Identity,
        ("Serverless", "Api" | "HttpApi") => Resource,
        ("Serverless", _) => Identity,
        ("Transfer", _) | ("RolesAnywhere", "Profile") => Session,
        ("EC2", "VPCEndpoint") => VpcEndpoint,
        // Their properties hold anything.
        ("CloudFormation" | "SSM" | "Config" | "Lambda" | "StepFunctions" | "EC2" | "AppConfig", _) => return None,
        _ => Resource,
    };
    Some(Holder::Known(kind, format!("the CloudFormation type `{resource_type}`")))
}

/// By its logical id or by its name.
fn is_called_boundary(resource: &Place<'_, '_>) -> bool {
    let name = resource.node.get("Properties").and_then(|node| node.get("ManagedPolicyName"));
    let name = match name {
        Some(node) if is_intrinsic(node) => node.members().and_then(|members| members.first()?.value.as_str()),
        Some(node) => node.as_str(),
        None => None,
    };
    let mut names = resource.key().into_iter().chain(name);
    names.any(|name| titles::of(name).any(|title| title == Title::Boundary))
}

/// The values that Organizations and Access Analyzer know as a policy's type.
fn kind_of_word(word: &str) -> Option<PolicyType> {
    Some(match folded(word).as_str() {
        "servicecontrolpolicy" => PolicyType::Scp,
        "resourcecontrolpolicy" => PolicyType::Rcp,
        "identitypolicy" => PolicyType::Identity,
        "resourcepolicy" => PolicyType::Resource,
        "trustpolicy" => PolicyType::Trust,
        "permissionsboundary" => PolicyType::Boundary,
        _ => return None,
    })
}

/// Keys that hold policies of one type, whoever writes the file: AWS's APIs and CloudFormation properties, and what
/// Terraform, CDK and Serverless call the same things. `PolicyDocument` and `Policy` are missing: they hold any.
fn kind_of_key(key: &str) -> Option<PolicyType> {
    Some(match folded(key).as_str() {
        "assumerolepolicydocument"
        | "assumerolepolicy"
        | "trustpolicy"
        | "trustpolicydocument"
        | "trustrelationship"
        | "trustrelationships"
        | "trustrelationshippolicy" => PolicyType::Trust,
        "permissionsboundary" | "permissionboundary" | "permissionsboundarypolicy" | "permissionsboundaries" => {
            PolicyType::Boundary
        }
        "keypolicy"
        | "accesspolicies"
        | "accesspolicy"
        | "resourcepolicy"
        | "resourcepolicies"
        | "resourcebasedpolicy"
        | "bucketpolicy"
        | "queuepolicy"
        | "topicpolicy"
        | "repositorypolicy"
        | "repositorypolicytext"
        | "registrypolicy"
        | "filesystempolicy"
        | "eventbuspolicy"
        | "vaultpolicy"
        | "permissionspolicydocument"
        | "policytext"
        | "authpolicy"
        | "clusterpolicy" => PolicyType::Resource,
        "endpointpolicy" | "vpcendpointpolicy" => PolicyType::VpcEndpoint,
        "servicecontrolpolicy" | "servicecontrolpolicies" | "scp" | "scps" => PolicyType::Scp,
        "resourcecontrolpolicy" | "resourcecontrolpolicies" | "rcp" | "rcps" => PolicyType::Rcp,
        "sessionpolicy" | "sessionpolicies" => PolicyType::Session,
        "userpolicylist" | "grouppolicylist" | "rolepolicylist" | "policyversionlist" | "inlinepolicy"
        | "inlinepolicies" | "managedpolicies" | "userpolicy" | "rolepolicy" | "grouppolicy" | "identitypolicy"
        | "iamrolestatements" => PolicyType::Identity,
        _ => return None,
    })
}

/// Letters and digits alone, in lower case: `assume_role_policy` and `AssumeRolePolicy` are one key.
fn folded(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The innermost name that tells and that the statements allow: keys first, then the file and its folders.
///
/// A file's name tells what a policy is about as often as what it is (an RCP that demands a key policy), so the titles
/// that are read so easily count there only when no folder tells.
fn named(place: &Place<'_, '_>, path: &str, content: &Content) -> Option<(PolicyType, String)> {
    let keys = place.outward().filter_map(|around| match around.step {
        Step::Key(key) => Some(key),
        _ => None,
    });
    let telling = |title: &Title| !matches!(title, Title::Resource | Title::Guardrail | Title::Identity);
    let (folders, file) = path.rsplit_once(['/', '\\']).unwrap_or(("", path));
    let (outer, folder) = folders.rsplit_once(['/', '\\']).unwrap_or(("", folders));
    keys.flat_map(|key| titles::of(key).map(move |title| (title, "key", key)))
        .chain(titles::of(file).filter(telling).map(|title| (title, "file name", file)))
        .chain(titles::of(folder).map(|title| (title, "folder", folder)))
        .chain(outer.rsplit(['/', '\\']).flat_map(|name| titles::of(name).map(move |title| (title, OUTER, name))))
        .chain(titles::of(file).map(|title| (title, "file name", file)))
        .filter(|(title, what, _)| *what != OUTER || content.looks_like(*title))
        .find_map(|(title, what, name)| Some((content.allows(title)?, format!("the {what} `{name}`"))))
}

/// How a folder further out is called. A project that is named for its SCPs has other policies as well.
const OUTER: &str = "outer folder";
