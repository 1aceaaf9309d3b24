//! A policy that does not say which version of the language it is in.

use crate::diagnostic::Safety;
use crate::policy::{Text, Version};
use crate::rule::{Context, Sink};
use crate::text::{Edit, Span};

use super::{is_document, member};

/// Reports the policy, at its `Statement`. Where it has variables, which do not work without a version, that is
/// another rule's finding.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let policy = cx.policy;
    if policy.version != Version::Absent || !policy.complete || !is_document(cx) {
        return;
    }
    let Some(statement) = member(policy.node, "Statement") else { return };
    if texts(cx).any(Text::has_variable) {
        return;
    }
    // A hole may bring variables along, which a version would bring to life.
    let safety = if texts(cx).any(Text::has_hole) { Safety::Unsafe } else { Safety::Safe };
    let inside = Span::at(policy.span().start as usize + 1);
    let edit = Edit { span: inside, text: "\"Version\": \"2012-10-17\", ".into() };
    let message = "without a `Version` the policy is in the language of 2008, which has no variables";
    sink.report(statement.key_span, message).fix("add version `2012-10-17`", safety, vec![edit]);
}

/// The texts that may hold variables.
fn texts<'c>(cx: &'c Context<'_>) -> impl Iterator<Item = &'c Text<'c>> {
    let statements = || cx.policy.statements.iter();
    let resources = statements().filter_map(|statement| statement.resource.as_ref()).flat_map(|list| &list.items);
    let conditions = statements().flat_map(|statement| &statement.conditions);
    resources.chain(conditions.flat_map(|condition| condition.values.iter().map(|value| &value.text)))
}
