//! An element whose value is of a type that it cannot have.

use crate::policy::is_filled_in;
use crate::rule::{Context, Sink};
use crate::syntax::{Member, Node, Value};

use super::{is_document, is_literal, member};

/// What an element may hold.
#[derive(Clone, Copy)]
enum Type {
    Text,
    Texts,
    Conditions,
    Principals,
}

const OF_STATEMENT: [(&str, Type); 9] = [
    ("Sid", Type::Text),
    ("Effect", Type::Text),
    ("Action", Type::Texts),
    ("NotAction", Type::Texts),
    ("Resource", Type::Texts),
    ("NotResource", Type::Texts),
    ("Condition", Type::Conditions),
    ("Principal", Type::Principals),
    ("NotPrincipal", Type::Principals),
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
    let id = policy.members().unwrap_or_default().iter().find(|member| member.key == "Id" && is_document(cx));
    if let Some(id) = id {
        judge(sink, id, "Id", Type::Text);
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
    let (culprit, must) = match (wanted, &value.value) {
        _ if is_open(value) => return,
        (Type::Text, _) => (Some(value).filter(|_| !is_text(value)), "a string"),
        (Type::Texts, _) => (strange_in(value, is_text), "a string or a list of strings"),
        (Type::Conditions, Value::Object(operators)) => {
            let strange =
                |member: &&Member<'_>| !matches!(member.value.value, Value::Object(_)) && !is_open(&member.value);
            match operators.iter().find(strange) {
                None => return judge_values(sink, operators),
                Some(strange) => (Some(&strange.value), "an object of operators, each an object of keys"),
            }
        }
        (Type::Principals, Value::String(text)) => return judge_principal(sink, member, name, text),
        (Type::Principals, Value::Object(_)) => return,
        (Type::Conditions | Type::Principals, _) => (Some(value), "an object"),
    };
    if let Some(node) = culprit {
        let message = format!("`{name}` must be {must}, and this is {}, so IAM rejects the policy", kind(node));
        sink.report(node.span, message).related(member.key_span, "");
    }
}

/// Reports, of the keys of each operator, the values that are none that a condition may have.
fn judge_values(sink: &mut Sink, operators: &[Member<'_>]) {
    let keys = operators.iter().filter(|operator| !is_filled_in(operator));
    for key in keys.flat_map(|operator| operator.value.members().unwrap_or_default()) {
        if is_filled_in(key) || is_open(&key.value) {
            continue;
        }
        let is_scalar = |node: &Node<'_>| is_text(node) || matches!(node.value, Value::Bool(_) | Value::Number(_));
        if let Some(node) = strange_in(&key.value, is_scalar) {
            let (key_span, key, kind) = (key.key_span, &key.key, kind(node));
            let message =
                format!("what `{key}` is compared with must be a string or a list of strings, and this is {kind}");
            sink.report(node.span, format!("{message}, so IAM rejects the policy")).related(key_span, "");
        }
    }
}

/// Reports a string in place of principals, unless it is the one that means everyone, or may come to be.
fn judge_principal(sink: &mut Sink, member: &Member<'_>, name: &str, text: &str) {
    if text == "*" || text.is_empty() || !is_literal(text) || member.value.is_cut_off() {
        return;
    }
    let message = format!("`{name}` as a string can only be `*`, and this is `{text}`, so IAM rejects the policy");
    let finding = sink.report(member.value.span, message).related(member.key_span, "");
    finding.help("name principals by their kind, as in `{ \"AWS\": \"arn:aws:iam::111122223333:role/name\" }`");
}

/// The value itself or, of a list, the first item that is not as it should be.
fn strange_in<'n, 't>(value: &'n Node<'t>, is_right: impl Fn(&Node<'t>) -> bool) -> Option<&'n Node<'t>> {
    let items = value.elements().unwrap_or(std::slice::from_ref(value));
    items.iter().find(|node| !is_right(node))
}

fn is_text(node: &Node<'_>) -> bool {
    matches!(node.value, Value::String(_)) || is_open(node)
}

/// Whether something else may stand in its place: what is filled in, still to be typed, or a CloudFormation function. Of an
/// object with a broken member it is not known which of the others are its own.
fn is_open(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Hole | Value::Missing => true,
        Value::Object(members) => {
            members.iter().any(|member| member.is_broken() || member.key == "Ref" || member.key.starts_with("Fn::"))
        }
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
