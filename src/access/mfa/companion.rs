//! Conditions that stand beside an MFA condition in a Deny to spare those who cannot have MFA: services that act for
//! someone, and named principals.

use super::key::MfaKey;
use crate::access::Semantics;
use crate::access::evaluate::{Context, condition as evaluate};
use crate::policy::{Condition, Statement, Truth, Version};

/// The conditions of a statement that do not ask about MFA.
pub fn other_conditions<'s, 'a>(statement: &'s Statement<'a>) -> impl Iterator<Item = &'s Condition<'a>> {
    statement.conditions.iter().filter(|condition| MfaKey::of(condition).is_none())
}

/// Whether the condition is on a key that often stands beside an MFA condition.
pub fn is_companion(condition: &Condition<'_>) -> bool {
    const KEYS: &[&str] = &[
        "aws:ViaAWSService",
        "aws:CalledVia",
        "aws:CalledViaFirst",
        "aws:CalledViaLast",
        "aws:PrincipalIsAWSService",
        "aws:PrincipalArn",
        "aws:PrincipalType",
    ];
    const TAG: &str = "aws:PrincipalTag/";
    KEYS.iter().any(|key| key.eq_ignore_ascii_case(condition.key))
        || condition.key.get(..TAG.len()).is_some_and(|head| head.eq_ignore_ascii_case(TAG))
}

/// Whether such a condition spares but a few: it holds, or may, for a user who calls directly, and has no tags. One that
/// holds for few, and leaves all others out, is no protection.
pub(super) fn spares_few(condition: &Condition<'_>, version: Version) -> bool {
    let holds = |arn: &str| evaluate(condition, &direct_call(arn), version, &Semantics::default()) != Truth::No;
    is_companion(condition) && users_like(condition).any(|arn| holds(&arn))
}

/// The request of a user, as far as such conditions ask about it.
fn direct_call(arn: &str) -> Context {
    Context::new()
        .with("aws:ViaAWSService", "false")
        .with("aws:PrincipalIsAWSService", "false")
        .with("aws:PrincipalType", "User")
        .with("aws:PrincipalArn", arn)
}

/// ARNs of users whom no policy names: of some account, and of those whose users or roles the condition names.
fn users_like(condition: &Condition<'_>) -> impl Iterator<Item = String> {
    let of_account = |text: &str| {
        let (account, _) = text.rsplit_once(':')?;
        (account.matches(':').count() == 4).then(|| format!("{account}:user/someone-else"))
    };
    let named = condition.values.iter().filter_map(move |value| of_account(&value.text.text));
    std::iter::once("arn:aws:iam::123456789012:user/someone-else".to_owned()).chain(named)
}
