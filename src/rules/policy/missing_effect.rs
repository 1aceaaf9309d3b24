//! A statement without an effect.

use crate::rule::{Context, Sink};

use super::is_of_known;

/// Reports each statement that says neither `Allow` nor `Deny`, at its first element.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in cx.policy.statements.iter().filter(|statement| statement.complete) {
        let Some(first) = statement.node.members().and_then(<[_]>::first) else { continue };
        if statement.effect_span.is_none() && is_of_known(cx, statement.node) {
            sink.report(first.key_span, "this statement has no `Effect`, so IAM rejects the policy");
        }
    }
}
