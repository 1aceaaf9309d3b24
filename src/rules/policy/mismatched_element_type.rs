//! An element whose value is of a type that it cannot have.

use crate::rule::{Context, Sink};
use crate::syntax::{Member, Node, Value};

use super::member;

/// What an element may hold.
#[derive(Clone, Copy)]
enum Type {
    Text,
    Texts,
    Object,
}

const OF_STATEMENT: [(&str, Type); 9] = [
    ("Sid", Type::Text),
    ("Effect", Type::Text),
    ("Action", Type::Texts),
    ("NotAction", Type::Texts),
    ("Resource", Type::Texts),
    ("NotResource", Type::Texts),
    ("Condition", Type::Object),
    ("Principal", Type::Object),
    ("NotPrincipal", Type::Object),
];

/// Reports each such value, and each statement that is no object.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let policy = cx.policy.node;
    if let Some(list) = member(policy, "Statement") {
        let single = std::slice::from_ref(&list.value);
        let strange = |node: &&Node<'_>| !matches!(node.value, Value::Object(_)) && !is_open(node);
        for node in list.value.elements().unwrap_or(single).iter().filter(strange) {
            sink.report(
                node.span,
                format!("a statement must be an object, not {}, so IAM rejects the policy", kind(node)),
            );
        }
    }
    if let Some(version) = member(policy, "Version") {
        judge(sink, version, "Version", Type::Text);
    }
    for statement in &cx.policy.statements {
        for member in statement.node.members().unwrap_or_default() {
            let element = OF_STATEMENT.iter().find(|(name, _)| name.eq_ignore_ascii_case(&member.key));
            if let Some((name, wanted)) = element {
                judge(sink, member, name, *wanted);
            }
        }
    }
}

fn judge(sink: &mut Sink, member: &Member<'_>, name: &str, wanted: Type) {
    let value = &member.value;
    let is_text = |node: &Node<'_>| matches!(node.value, Value::String(_)) || is_open(node);
    let (culprit, must) = match (wanted, &value.value) {
        _ if is_open(value) => return,
        (Type::Text, _) => (Some(value).filter(|_| !is_text(value)), "a string"),
        (Type::Texts, Value::Array(items)) => {
            (items.iter().find(|item| !is_text(item)), "a string or a list of strings")
        }
        (Type::Texts, _) => (Some(value).filter(|_| !is_text(value)), "a string or a list of strings"),
        (Type::Object, Value::Object(operators)) if name == "Condition" => {
            let strange =
                |member: &&Member<'_>| !matches!(member.value.value, Value::Object(_)) && !is_open(&member.value);
            (
                operators.iter().find(strange).map(|member| &member.value),
                "an object of operators, each an object of keys",
            )
        }
        (Type::Object, Value::Object(_)) => return,
        (Type::Object, Value::String(_)) if name != "Condition" => return,
        (Type::Object, _) => (Some(value), "an object"),
    };
    if let Some(node) = culprit {
        let message = format!("`{name}` must be {must}, and this is {}, so IAM rejects the policy", kind(node));
        sink.report(node.span, message).related(member.key_span, "");
    }
}

/// Whether something else may stand in its place: what is filled in, still to be typed, or a CloudFormation function.
fn is_open(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Hole | Value::Missing => true,
        Value::Object(members) => members.iter().any(|member| member.key == "Ref" || member.key.starts_with("Fn::")),
        _ => false,
    }
}

fn kind(node: &Node<'_>) -> &'static str {
    match &node.value {
        Value::Null => "`null`",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) | Value::Hole | Value::Missing => "an object",
    }
}
