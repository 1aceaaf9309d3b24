//! The elements of a policy: those that are missing, misspelt, at odds with each other, or empty.

pub mod duplicate_sid;
pub mod empty_list;
pub mod invalid_effect;
pub mod invalid_version;
pub mod mismatched_element_type;
pub mod missing_effect;
pub mod missing_version;
pub mod unknown_element;
pub mod unsupported_element_combination;

use crate::policy::is_statement;
use crate::rule::Context;
use crate::syntax::{Member, Node, Value};

/// Whether the policy is a document of its own, and not statements that are spliced into one elsewhere.
fn is_document(cx: &Context<'_>) -> bool {
    cx.policy.node.members().is_some_and(|members| members.iter().any(|member| is_statement(&member.key)))
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
