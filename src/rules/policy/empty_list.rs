//! A list with nothing in it.

use crate::access::mfa::MfaKey;
use crate::rule::{Context, Sink};
use crate::syntax::{Member, Node};

use super::member;

/// Reports each empty list of actions, resources, principals, values or statements.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    report(
        sink,
        member(cx.policy.node, "Statement"),
        "a policy without statements decides nothing, and IAM rejects it",
    );
    for statement in &cx.policy.statements {
        for name in ["Action", "Resource"] {
            let message = format!("`{name}` lists nothing, so the statement is about nothing, and IAM rejects it");
            report(sink, member(statement.node, name), &message);
            let message = format!("`Not{name}` lists nothing, so it leaves nothing out, and IAM rejects it");
            report(sink, member(statement.node, &format!("Not{name}")), &message);
        }
        for name in ["Principal", "NotPrincipal"] {
            for kind in member(statement.node, name).and_then(|member| member.value.members()).unwrap_or_default() {
                report(sink, Some(kind), &format!("`{}` lists nobody", kind.key));
            }
        }
        let operators = member(statement.node, "Condition").and_then(|member| member.value.members());
        for key in operators.unwrap_or_default().iter().filter_map(|operator| operator.value.members()).flatten() {
            // Of an MFA condition, that it never holds is the finding.
            let is_told = statement.effect.is_some() && MfaKey::meant(&key.key).is_some();
            report(sink, Some(key).filter(|_| !is_told), &format!("`{}` is compared with nothing", key.key));
        }
    }
}

fn report(sink: &mut Sink, member: Option<&Member<'_>>, message: &str) {
    let is_empty = |node: &Node<'_>| node.elements().is_some_and(<[_]>::is_empty);
    if let Some(member) = member.filter(|member| is_empty(&member.value)) {
        sink.report(member.value.span, message).related(member.key_span, "");
    }
}
