//! A Deny of all but MFA enrollment, for everyone.

use super::spares_enrollment;
use crate::access::reach::is_everything;
use crate::rule::{Context, Sink};

/// Reports each Deny that spares what is needed before MFA but does not ask about MFA, nor about anything else.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in cx.policy.statements.iter().filter(|statement| statement.is_deny() && statement.complete) {
        let Some(element) = statement.action.as_ref().filter(|element| spares_enrollment(element)) else { continue };
        let everywhere = statement.resource.as_ref().is_none_or(is_everything);
        if statement.conditions.is_empty() && everywhere {
            let message = "this Deny has no MFA condition, so it locks out everyone, with MFA or without";
            sink.report(element.key_span, message);
        }
    }
}
