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

/// How those assume a role whom an identity provider vouches for.
pub(super) const FEDERATED: &[&str] = &["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// How everyone else does.
pub(super) const SIGNED: &[&str] = &["sts:AssumeRole"];

/// Whether the action assumes a role, so that not everyone can call it whatever a policy says.
pub fn assumes_role(action: &str) -> bool {
    SIGNED.iter().chain(FEDERATED).any(|name| name.eq_ignore_ascii_case(action))
}

/// Whether AWS takes the call from such a caller, as far as policies can tell that say who calls: a role is assumed with
/// one's own credentials or with what an identity provider says, never with either in place of the other. A root user, a
/// session of `sts:GetFederationToken` and someone unsigned cannot assume a role.
pub(super) fn is_taken(action: &str, caller: &Caller, policies: &Policies<'_>) -> bool {
    if !assumes_role(action) {
        return true;
    }
    let mut statements = policies.iter().flat_map(|policy| &policy.statements);
    if statements.all(|statement| statement.principal.is_none()) {
        return true;
    }
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(action));
    match caller {
        Caller::Federated { .. } => !is(SIGNED),
        Caller::User { .. } | Caller::Session { .. } | Caller::Service { .. } => !is(FEDERATED),
        _ => !is(SIGNED) && !is(FEDERATED),
    }
}

/// Whether resource control policies bind the resources that the action works on.
pub(super) fn is_under_rcps(action: &str) -> bool {
    let service = action.split(':').next().unwrap_or(action);
    RCP_SERVICES.iter().any(|known| known.eq_ignore_ascii_case(service))
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
