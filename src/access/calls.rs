//! What AWS settles about a call before a policy is looked at.

use super::{Caller, Policies};
use crate::catalog::{Action, Catalog};
use crate::policy::{Policy, PolicyType};

/// Services whose resources are bound by resource control policies, as the page on these in AWS's Organizations User Guide
/// (`orgs_manage_policies_rcps`) lists them. What is not among them is not held back by any.
const RCP_SERVICES: &[&str] = &[
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "dynamodb",
    "ecr",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "kms",
    "logs",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "signin",
    "sqs",
    "sts",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
];

/// Actions of these services on which such policies have no effect, as the same page says.
pub(super) const BEYOND_RCPS: &[&str] = &["kms:RetireGrant"];

/// How those assume a role whom a SAML provider vouches for.
const SAML: &[&str] = &["sts:AssumeRoleWithSAML"];

/// How those do whom a provider of OpenID Connect, or one of its kind, vouches for.
const WEB_IDENTITY: &[&str] = &["sts:AssumeRoleWithWebIdentity"];

/// How everyone else does.
const SIGNED: &[&str] = &["sts:AssumeRole"];

/// What a trust policy allows besides, for sessions that are made with it.
const OF_SESSIONS: &[&str] = &["sts:SetContext", "sts:SetSourceIdentity", "sts:TagSession"];

/// Sets of actions which not everyone can call. Within each, and outside of all of them, [`is_taken`] is the same.
pub(super) const APART: [&[&str]; 4] = [SAML, WEB_IDENTITY, SIGNED, OF_SESSIONS];

/// Whether the action assumes a role, so that not everyone can call it whatever a policy says.
pub fn assumes_role(action: &str) -> bool {
    [SAML, WEB_IDENTITY, SIGNED].iter().any(|names| is_among(names, action))
}

/// Whether AWS takes the call from such a caller, as far as policies can tell that say who calls: a role is assumed
/// with one's own credentials or with what an identity provider says, never with either in place of the other, and
/// whom a provider vouches for calls nothing else. A root user, a session of `sts:GetFederationToken` and someone
/// unsigned cannot assume a role.
pub(super) fn is_taken(action: &str, caller: &Caller, policies: &Policies<'_>) -> bool {
    let is_vouched_for = matches!(caller, Caller::Federated { .. });
    if !assumes_role(action) && !is_vouched_for || !name_callers(policies) {
        return true;
    }
    let is = |names| is_among(names, action);
    match caller {
        Caller::Federated { provider } => is(if is_of_saml(provider) { SAML } else { WEB_IDENTITY }) || is(OF_SESSIONS),
        Caller::User { .. } | Caller::Session { .. } | Caller::Service { .. } => is(SIGNED),
        _ => false,
    }
}

/// Whether a policy says who calls.
pub(super) fn name_callers(policies: &Policies<'_>) -> bool {
    policies.iter().flat_map(|policy| &policy.statements).any(|statement| statement.principal.is_some())
}

/// Whether an identity provider, by its ARN or host name, is one of SAML.
pub(super) fn is_of_saml(provider: &str) -> bool {
    provider.contains(":saml-provider/")
}

/// Whether service control policies bind the caller: services and the unsigned are of no account, and who is known by
/// a canonical user id or an identity provider is of none that is known here.
pub(super) fn is_under_scps(caller: &Caller) -> bool {
    caller.account().is_some()
}

/// Whether resource control policies bind the resources that the action works on.
pub(super) fn is_under_rcps(action: &str) -> bool {
    let service = action.split(':').next().unwrap_or(action);
    !is_among(BEYOND_RCPS, action) && RCP_SERVICES.iter().any(|known| known.eq_ignore_ascii_case(service))
}

/// The service whose actions AWS asks these policies of the resource about before all others, and the sort of resource
/// that has them: a role has a trust policy, and nothing but a key's own policy says who may use a key.
fn guarded(resource: &[&Policy<'_>]) -> Option<(&'static str, &'static str)> {
    match resource {
        [] => None,
        policies if policies.iter().any(|policy| policy.kind.kind == PolicyType::Trust) => Some(("sts", "role")),
        _ => Some(("kms", "key")),
    }
}

/// The actions of that service that work on nothing of the sort: `kms:ListKeys` works on no key, so that what the
/// policies of the resource say is not asked. An action that nobody knows may work on anything.
pub(super) fn passing_by(resource: &[&Policy<'_>]) -> impl Iterator<Item = String> {
    let guarded = guarded(resource).and_then(|(service, kind)| Some((Catalog::builtin().service(service)?, kind)));
    guarded.into_iter().flat_map(|(service, kind)| {
        let passing = service.actions().filter(move |action| !works_on(*action, kind));
        passing.map(move |action| format!("{}:{}", service.prefix(), action.name()))
    })
}

/// Whether `action` is one of those that [`passing_by`] lists.
pub(super) fn passes_by(action: &str, resource: &[&Policy<'_>]) -> bool {
    let Some((service, kind)) = guarded(resource).filter(|(service, _)| is_of(action, service)) else { return false };
    let known = Catalog::builtin().service(service).and_then(|known| known.action(&action[service.len() + 1..]));
    known.is_some_and(|known| !works_on(known, kind))
}

fn works_on(action: Action<'_>, kind: &str) -> bool {
    action.resources().any(|own| own.resource_type.name() == kind)
}

fn is_of(action: &str, service: &str) -> bool {
    action.split_once(':').is_some_and(|(own, _)| own.eq_ignore_ascii_case(service))
}

/// Whether what has these policies must itself let the caller's account in, as a role that is assumed and a KMS key
/// must; elsewhere the identity policy suffices.
pub(super) fn must_delegate(action: &str, resource: &[&Policy<'_>]) -> bool {
    guarded(resource).is_some_and(|(service, _)| is_of(action, service)) && !passes_by(action, resource)
}

/// The actions for which [`is_under_rcps`] holds, as patterns.
pub(super) fn under_rcps() -> impl Iterator<Item = String> {
    RCP_SERVICES.iter().map(|service| format!("{service}:*"))
}

fn is_among(names: &[&str], action: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(action))
}
