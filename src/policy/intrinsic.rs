//! Strings that CloudFormation will make: `Ref` and the `Fn::…` functions in JSON templates.

use super::model::{Part, PartKind, Text};
use super::text::Dialect;
use crate::syntax::{Node, Value};
use std::borrow::Cow;

/// The function's name and argument, if `node` is a call: an object whose one member is `Ref` or `Fn::…`.
pub(super) fn call<'t>(node: &'t Node<'_>) -> Option<(&'t str, &'t Node<'t>)> {
    let [member] = node.members()? else { return None };
    let name: &str = &member.key;
    is_function(name).then_some((name, &member.value))
}

/// Whether a member of that name is a call.
pub(super) fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

/// The text that `node` yields: a string as it is, the known pieces of `Fn::Sub` and `Fn::Join`, a hole for any
/// other call. `None` where it is no text.
pub(super) fn text<'t>(node: &'t Node<'_>) -> Option<Text<'t>> {
    match &node.value {
        Value::String(text) if node.is_cut_off() => Some(Text::hole(Cow::Borrowed(&**text), node.span)),
        Value::String(text) => Some(Text::new(Cow::Borrowed(text), node.span, Dialect::Plain)),
        Value::Hole => Some(Text::hole("", node.span)),
        Value::Object(_) => call(node).map(|(name, argument)| called(name, argument, node)),
        _ => None,
    }
}

fn called<'t>(name: &str, argument: &'t Node<'_>, node: &'t Node<'_>) -> Text<'t> {
    let known = match name {
        "Fn::Sub" => sub(argument),
        "Fn::Join" => join(argument, node),
        "Ref" => argument.as_str().map(|name| Text::hole(format!("${{{name}}}"), node.span)),
        "Fn::GetAtt" => attribute(argument).map(|name| Text::hole(format!("${{{name}}}"), node.span)),
        _ => None,
    };
    known.unwrap_or_else(|| Text::hole(format!("{{{name}}}"), node.span))
}

/// The argument of `Fn::GetAtt` as `Fn::Sub` would have it: `Queue.Arn`.
fn attribute(argument: &Node<'_>) -> Option<String> {
    match argument.elements() {
        Some(parts) => {
            parts.iter().map(|part| part.as_str()).collect::<Option<Vec<&str>>>().map(|parts| parts.join("."))
        }
        None => argument.as_str().map(str::to_owned),
    }
}

fn sub<'t>(argument: &'t Node<'_>) -> Option<Text<'t>> {
    let template = match argument.elements() {
        Some(elements) => elements.first()?,
        None => argument,
    };
    Some(Text::new(Cow::Borrowed(template.as_str()?), template.span, Dialect::Sub))
}

fn join<'t>(argument: &'t Node<'_>, node: &'t Node<'_>) -> Option<Text<'t>> {
    let [delimiter, list] = argument.elements()? else { return None };
    let delimiter = delimiter.as_str()?;
    let mut joined = Text { text: Cow::Owned(String::new()), span: node.span, parts: Box::new([]) };
    let mut parts: Vec<Part> = Vec::new();
    for (index, item) in list.elements()?.iter().enumerate() {
        let out = joined.text.to_mut();
        if index > 0 {
            push(out, &mut parts, delimiter, PartKind::Literal);
        }
        for (part, kind) in text(item)?.all_parts() {
            push(out, &mut parts, part, kind);
        }
    }
    if parts.iter().any(|part| part.kind != PartKind::Literal) {
        joined.parts = parts.into_boxed_slice();
    }
    Some(joined)
}

fn push(out: &mut String, parts: &mut Vec<Part>, text: &str, kind: PartKind) {
    let start = out.len();
    out.push_str(text);
    parts.push(Part { range: start..out.len(), kind });
}
