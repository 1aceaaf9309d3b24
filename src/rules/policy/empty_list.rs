//! A list with nothing in it.

use crate::access::mfa::MfaKey;
use crate::rule::{Context, Sink};
use crate::syntax::{Member, Node};

use super::member;

/// Reports each empty list of actions, resources, principals, values or statements.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if let Some(empty) = empty(cx, member(cx.policy.node, "Statement")) {
        report(sink, empty, "a policy without statements decides nothing, and IAM rejects it");
    }
    for statement in &cx.policy.statements {
        let lists = ["Action", "Resource", "NotAction", "NotResource"].map(|name| (name, member(statement.node, name)));
        for (name, empty) in lists.into_iter().filter_map(|(name, list)| Some((name, empty(cx, list)?))) {
            let what = if name.starts_with("Not") { "it leaves nothing out" } else { "the statement is about nothing" };
            report(sink, empty, format!("`{name}` lists nothing, so {what}, and IAM rejects it"));
        }
        for name in ["Principal", "NotPrincipal"] {
            let kinds = member(statement.node, name).and_then(|member| member.value.members()).unwrap_or_default();
            for kind in kinds.iter().filter_map(|kind| empty(cx, Some(kind))) {
                report(sink, kind, format!("`{}` lists nobody", kind.key));
            }
        }
        let operators = member(statement.node, "Condition").and_then(|member| member.value.members());
        let keys = operators.unwrap_or_default().iter().filter_map(|operator| operator.value.members()).flatten();
        for key in keys.filter_map(|key| empty(cx, Some(key))) {
            // Of an MFA condition, that it never holds is the finding.
            if statement.effect.is_none() || MfaKey::meant(&key.key).is_none() {
                report(sink, key, format!("`{}` is compared with nothing", key.key));
            }
        }
    }
}

/// The member, if it is an empty list. What a template's directive stands in may yet be filled, and what is not closed, too.
fn empty<'t>(cx: &Context<'_>, member: Option<&'t Member<'t>>) -> Option<&'t Member<'t>> {
    let is_blank = |value: &Node<'_>| {
        let inside = cx.source.slice(value.span).strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        inside.is_some_and(|inside| inside.trim().is_empty())
    };
    member.filter(|member| member.value.elements().is_some_and(<[Node<'_>]>::is_empty) && is_blank(&member.value))
}

fn report(sink: &mut Sink, member: &Member<'_>, message: impl Into<String>) {
    sink.report(member.value.span, message).related(member.key_span, "");
}
