//! A statement without an effect.

use crate::rule::{Context, Sink};
use crate::syntax::Node;

/// Reports each statement that says neither `Allow` nor `Deny`, at its first element.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in cx.policy.statements.iter().filter(|statement| statement.complete) {
        let Some(first) = statement.node.members().and_then(<[_]>::first) else { continue };
        if statement.effect_span.is_none() && !may_be_misspelt(statement.node) {
            sink.report(first.key_span, "this statement has no `Effect`, so IAM rejects the policy");
        }
    }
}

/// An effect under a name that is a slip is a finding about the name.
fn may_be_misspelt(node: &Node<'_>) -> bool {
    let is_effect = |text: &str| text.eq_ignore_ascii_case("Allow") || text.eq_ignore_ascii_case("Deny");
    node.members().is_some_and(|members| members.iter().any(|member| member.value.as_str().is_some_and(is_effect)))
}
