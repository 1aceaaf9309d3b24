//! A Deny of all but MFA enrollment, for everyone.

use super::spares_enrollment;
use crate::access::reach::is_everything;
use crate::policy::Statement;
use crate::rule::{Context, Sink};

/// Reports each Deny that spares what is needed before MFA but does not ask about MFA, nor about anything else.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in cx.policy.statements.iter().filter(|statement| is_unconditional(statement)) {
        let Some(element) = &statement.action else { continue };
        let message = "this Deny has no MFA condition, so it locks out everyone, with MFA or without";
        sink.report(element.key_span, message);
    }
}

/// Whether the statement is such a Deny.
pub(in crate::rules) fn is_unconditional(statement: &Statement<'_>) -> bool {
    let everywhere = statement.resource.as_ref().is_none_or(is_everything);
    statement.is_deny()
        && statement.is_settled()
        && statement.conditions.is_empty()
        && everywhere
        && statement.action.as_ref().is_some_and(spares_enrollment)
}
