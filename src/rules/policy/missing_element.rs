//! A statement without an element that it must have.

use crate::policy::Statement;
use crate::rule::{Context, Sink};

use super::{is_document, is_of_known};

/// Reports each such statement at its first element, or as a whole if it has none, with all that it lacks. Statements that
/// are spliced into a document elsewhere may get what they lack there; and one without an effect, or with none that there
/// is, has that for a finding.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !is_document(cx) {
        return;
    }
    let judged = |statement: &&Statement<'_>| {
        statement.complete && statement.effect.is_some() && is_of_known(cx, statement.node)
    };
    for empty in cx.policy.statements.iter().filter(|statement| is_empty(cx, statement)) {
        sink.report(empty.span(), "this statement is empty, so IAM rejects the policy")
            .help("write `Effect`, `Action` and what else the type of the policy asks for, or remove it");
    }
    for statement in cx.policy.statements.iter().filter(|one| !one.missing.is_empty()).filter(judged) {
        let missing: Vec<String> = statement.missing.iter().map(|name| format!("no `{name}`")).collect();
        let Some(first) = statement.node.members().and_then(<[_]>::first) else { continue };
        let message = format!("this statement has {}, so IAM rejects the policy", missing.join(" and "));
        sink.report(first.key_span, message);
    }
}

/// Whether nothing stands between the braces, not even what a template or a comment says of it.
fn is_empty(cx: &Context<'_>, statement: &Statement<'_>) -> bool {
    let text = || cx.source.slice(statement.span()).strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    statement.node.members().is_some_and(<[_]>::is_empty) && text().is_some_and(|inside| inside.trim().is_empty())
}
