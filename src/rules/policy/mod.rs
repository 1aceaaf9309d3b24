//! The elements of a policy: those that are missing, misspelt, at odds with each other, or empty.

pub mod duplicate_sid;
pub mod empty_list;
pub mod invalid_effect;
pub mod invalid_version;
pub mod mismatched_element_type;
pub mod missing_effect;
pub mod missing_element;
pub mod missing_version;
pub mod unknown_element;
pub mod unsupported_element_combination;

use crate::policy::statement_list;
use crate::rule::Context;
use crate::syntax::{Member, Node, Value};
use crate::text::Span;

const OF_POLICY: [&str; 3] = ["Version", "Id", "Statement"];
const OF_STATEMENT: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// Whether the policy is a document of its own, and not statements that are spliced into one elsewhere.
fn is_document(cx: &Context<'_>) -> bool {
    cx.policy.node.members().and_then(statement_list).is_some()
}

/// Whether each member of a statement is an element with a value, and no comma after the last promises another. Any other
/// may be what seems to be missing, misspelt, half typed or a template's; then that is the finding.
fn is_of_known(cx: &Context<'_>, node: &Node<'_>) -> bool {
    let is_known = |member: &Member<'_>| OF_STATEMENT.contains(&&*member.key) && member.value.value != Value::Missing;
    let Some(members) = node.members() else { return false };
    let rest = members.last().map_or(node.span, |last| Span { start: last.value.span.end, end: node.span.end });
    members.iter().all(is_known) && !cx.source.slice(rest).contains(',')
}

/// The member of that name, in whatever case.
fn member<'t>(node: &'t Node<'t>, name: &str) -> Option<&'t Member<'t>> {
    node.members()?.iter().find(|member| member.key.eq_ignore_ascii_case(name))
}

/// A text in which nothing is filled in by a template.
fn literal<'t>(node: &'t Node<'t>) -> Option<&'t str> {
    match &node.value {
        Value::String(text) => Some(text.as_ref()).filter(|text| is_literal(text)),
        _ => None,
    }
}

/// No element's name or word has a character that opens or closes a hole.
fn is_literal(text: &str) -> bool {
    !text.contains(['$', '{', '}', '<', '>', '[', ']', '%', '#'])
}
