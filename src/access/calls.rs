//! What AWS settles about a call before a policy is looked at.

use super::{Caller, Policies};

/// Services whose resources are bound by resource control policies. What is not among them is not held back by any.
const RCP_SERVICES: &[&str] =
    &["aoss", "cognito-identity", "cognito-idp", "ecr", "kms", "logs", "s3", "secretsmanager", "sqs", "sts"];

/// How those assume a role whom an identity provider vouches for.
pub(super) const FEDERATED: &[&str] = &["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// How everyone else does.
pub(super) const SIGNED: &[&str] = &["sts:AssumeRole"];

/// Whether the action assumes a role, so that not everyone can call it whatever a policy says.
pub fn assumes_role(action: &str) -> bool {
    SIGNED.iter().chain(FEDERATED).any(|name| name.eq_ignore_ascii_case(action))
}

/// Whether AWS takes the call from such a caller, as far as policies can tell that say who calls: a role is assumed with one's own credentials or with what an identity
/// provider says, never with either in place of the other. A root user, a session of `sts:GetFederationToken` and
/// someone unsigned cannot assume a role.
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

/// The actions for which [`is_under_rcps`] holds, as patterns.
pub(super) fn under_rcps() -> impl Iterator<Item = String> {
    RCP_SERVICES.iter().map(|service| format!("{service}:*"))
}
