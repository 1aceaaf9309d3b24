//! From the tree to the typed model.
//!
//! Lowering is lenient: an element in the wrong case, or with an `s` too many, is read as what it was meant to be,
//! so that a policy which IAM will refuse for its spelling is still judged for the rest.

use super::arn::stands_for_account;
use super::condition::Operator;
use super::intrinsic;
use super::lacking;
use super::model::*;
use super::recognise::{Candidate, Shape, statement_list};
use crate::syntax::{Member, Node, Tree, Value};
use crate::text::Span;
use std::borrow::Cow;

/// Lowers what was recognised in `tree`.
pub fn lower<'t>(candidate: Candidate<'t>, tree: &Tree<'t>) -> Policy<'t> {
    let Candidate { node, shape, pointer, kind } = candidate;
    let version = element(node, "Version");
    let misspelt = || node.members().and_then(statement_list);
    let list = element(node, "Statement").or_else(misspelt).map(|member| &member.value);
    let bare = shape == Shape::Statements;
    let (nodes, mut complete) = statements(if bare { Some(node) } else { list });
    complete &= is_whole(node, tree);
    let mut statements: Vec<Statement<'_>> =
        nodes.into_iter().enumerate().map(|(index, node)| statement(node, index, tree)).collect();
    lacking::mark(&mut statements, (!bare).then_some(kind.kind));
    Policy {
        node,
        pointer,
        kind,
        version: match version {
            // Bare statements are spliced into a document that is somewhere else.
            None if bare => Version::Unknown,
            None => Version::Absent,
            Some(member) => read_version(&member.value),
        },
        version_span: version.map(|member| member.value.span),
        statements,
        complete,
    }
}

/// The member that is `name`, or was meant to be: another case, or a plural.
pub(super) fn element<'t>(node: &'t Node<'t>, name: &str) -> Option<&'t Member<'t>> {
    let members = node.members()?;
    let exact = members.iter().rev().find(|member| member.key == name);
    exact.or_else(|| {
        members.iter().find(|member| {
            let key = member.key.strip_suffix(['s', 'S']).unwrap_or(&member.key);
            key.eq_ignore_ascii_case(name) || member.key.eq_ignore_ascii_case(name)
        })
    })
}

fn read_version(node: &Node<'_>) -> Version {
    match node.as_str() {
        Some("2012-10-17") => Version::V2012,
        Some("2008-10-17") => Version::V2008,
        Some(text) if intrinsic::text(node).is_some_and(|text| text.is_literal()) && !text.is_empty() => {
            Version::Invalid
        }
        _ => Version::Unknown,
    }
}

/// The statement objects of a `Statement` value, and whether they are all of them.
fn statements<'t>(value: Option<&'t Node<'t>>) -> (Vec<&'t Node<'t>>, bool) {
    let Some(value) = value else { return (Vec::new(), false) };
    let is_statement = |node: &Node<'_>| node.members().is_some() && intrinsic::call(node).is_none();
    match value.elements() {
        Some(elements) => {
            let found: Vec<_> = elements.iter().filter(|node| is_statement(node)).collect();
            let complete = found.len() == elements.len();
            (found, complete)
        }
        None if is_statement(value) => (vec![value], true),
        None => (Vec::new(), false),
    }
}

fn statement<'t>(node: &'t Node<'t>, index: usize, tree: &Tree<'_>) -> Statement<'t> {
    let effect = element(node, "Effect").map(|member| &member.value);
    let condition = element(node, "Condition").map(|member| &member.value);
    let (conditions, conditions_complete) = condition.map_or((Vec::new(), true), |value| conditions(value, tree));
    let principal = element(node, "Principal")
        .map(|member| (member, false))
        .or_else(|| element(node, "NotPrincipal").map(|member| (member, true)));
    Statement {
        node,
        index,
        sid: element(node, "Sid").and_then(|member| intrinsic::text(&member.value)),
        // Of two effects that differ, nobody knows which is meant.
        effect: effect.filter(|value| !is_contradicted(node, value)).and_then(|value| match value.as_str()? {
            text if text.eq_ignore_ascii_case("Allow") => Some(Effect::Allow),
            text if text.eq_ignore_ascii_case("Deny") => Some(Effect::Deny),
            _ => None,
        }),
        effect_span: effect.map(|value| value.span),
        principal: principal.map(|(member, negated)| principals(member, negated, node, tree)),
        action: list_element(node, "Action", "NotAction", tree),
        resource: list_element(node, "Resource", "NotResource", tree),
        conditions,
        complete: conditions_complete && is_whole(node, tree),
        unfinished: is_unfinished(node, tree),
        missing: Vec::new(),
        misspelt: false,
    }
}

fn list_element<'t>(node: &'t Node<'t>, name: &str, not_name: &str, tree: &Tree<'_>) -> Option<Element<'t>> {
    let plain = element(node, name).map(|member| (member, false));
    let (member, negated) = plain.or_else(|| element(node, not_name).map(|member| (member, true)))?;
    let (items, complete) = texts(&member.value, node, tree);
    Some(Element { key_span: member.key_span, span: member.value.span, negated, items, complete })
}

/// The strings of a scalar or a list. An item that may stand for several, or for none, is left out of the list
/// and makes it incomplete.
fn texts<'t>(value: &'t Node<'t>, parent: &Node<'_>, tree: &Tree<'_>) -> (Vec<Text<'t>>, bool) {
    let (nodes, whole) = written(value, parent, tree);
    let mut items = Vec::with_capacity(nodes.len());
    items.extend(nodes.iter().filter(|node| !may_be_a_list(node)).filter_map(intrinsic::text));
    let complete = whole && items.len() == nodes.len();
    (items, complete)
}

/// What a scalar or a list in `parent` holds, without what is still to be typed, and whether that is all.
fn written<'t>(value: &'t Node<'t>, parent: &Node<'_>, tree: &Tree<'_>) -> (&'t [Node<'t>], bool) {
    let (nodes, holder) = match value.elements() {
        Some(elements) => (elements, value),
        None => (std::slice::from_ref(value), parent),
    };
    match nodes.split_last() {
        Some((last, others)) if is_broken_off(last, holder, tree) => (others, false),
        _ => (nodes, value.elements().is_none() || !is_unfinished(value, tree)),
    }
}

/// Whether the text ends in the middle of a value of `holder`, or before it.
fn is_broken_off(value: &Node<'_>, holder: &Node<'_>, tree: &Tree<'_>) -> bool {
    is_unfinished(holder, tree) && (value.is_cut_off() || value.value == Value::Missing)
}

/// A bare hole, `Ref` (of a list parameter), `Fn::If` and the like may stand for a whole list.
fn may_be_a_list(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Hole => true,
        Value::Object(_) => intrinsic::call(node).is_some_and(|(name, _)| {
            matches!(name, "Fn::If" | "Fn::Split" | "Fn::FindInMap" | "Fn::Transform" | "Fn::GetAZs")
        }),
        _ => false,
    }
}

fn principals<'t>(member: &'t Member<'t>, negated: bool, parent: &Node<'_>, tree: &Tree<'_>) -> PrincipalElement<'t> {
    let mut items = Vec::new();
    let mut complete = !is_unfinished(&member.value, tree);
    match (&member.value.value, intrinsic::call(&member.value)) {
        (Value::Object(kinds), None) => {
            for kind in kinds {
                let (texts, all) = texts(&kind.value, &member.value, tree);
                complete &= all && kind.value.value != Value::Hole && !is_filled_in(kind);
                let sort = principal_kind(&kind.key);
                let with_accounts = |text| if sort == PrincipalKind::Aws { account(text) } else { text };
                items.extend(texts.into_iter().map(|text| Principal { kind: sort, text: with_accounts(text) }));
            }
        }
        _ => {
            let (texts, all) = texts(&member.value, parent, tree);
            // The one string that may stand here is `*`, so that a hole is filled with that or with whole principals.
            complete = all && !texts.iter().any(Text::has_hole);
            items.extend(texts.into_iter().map(|text| {
                let kind = if text.text == "*" { PrincipalKind::Everyone } else { PrincipalKind::Unknown };
                Principal { kind, text }
            }));
        }
    }
    PrincipalElement { key_span: member.key_span, span: member.value.span, negated, items, complete }
}

/// A text that is an account, or a hole where the reader is to put one. An identifier such as `AIDAEXAMPLE` is neither.
fn account(text: Text<'_>) -> Text<'_> {
    let is_identifier = text.text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let is_word = text.is_literal() && !is_identifier && !text.text.contains(':');
    if is_word && stands_for_account(&text.text) { Text::hole(text.text, text.span) } else { text }
}

fn principal_kind(key: &str) -> PrincipalKind {
    match key {
        "AWS" => PrincipalKind::Aws,
        "Service" => PrincipalKind::Service,
        "Federated" => PrincipalKind::Federated,
        "CanonicalUser" => PrincipalKind::CanonicalUser,
        _ => PrincipalKind::Unknown,
    }
}

/// The conditions of a `Condition` value, and whether they are all of them.
fn conditions<'t>(value: &'t Node<'t>, tree: &Tree<'_>) -> (Vec<Condition<'t>>, bool) {
    let mut found = Vec::new();
    let Some(operators) = value.members().filter(|_| intrinsic::call(value).is_none()) else {
        return (found, false);
    };
    let mut complete = true;
    for operator in operators {
        if is_filled_in(operator) {
            complete = false;
            continue;
        }
        let Some(keys) = operator.value.members().filter(|_| intrinsic::call(&operator.value).is_none()) else {
            complete = false;
            continue;
        };
        for key in keys {
            if !is_one_condition(key) || key.is_broken() {
                complete = false;
                continue;
            }
            found.push(condition(operator, key, tree));
        }
    }
    (found, complete)
}

/// Whether a member of an operator is about one key, a part of which may be yet to be filled in, and not about any number.
fn is_one_condition(key: &Member<'_>) -> bool {
    let stands_alone = key.value.value == Value::Hole && key.key_span == key.value.span;
    let is_object = || key.value.members().is_some() && intrinsic::call(&key.value).is_none();
    let is_filled_in = has_hole(&key.key) && (is_all_hole(&key.key) || is_object());
    !(stands_alone || is_filled_in || intrinsic::is_function(&key.key))
}

fn condition<'t>(operator: &'t Member<'t>, key: &'t Member<'t>, tree: &Tree<'_>) -> Condition<'t> {
    let (nodes, whole) = written(&key.value, &operator.value, tree);
    let mut values: Vec<Scalar<'t>> = nodes.iter().filter(|node| !may_be_a_list(node)).filter_map(scalar).collect();
    if key.key.get(key.key.len().wrapping_sub(7)..).is_some_and(|end| end.eq_ignore_ascii_case("account")) {
        values = values.into_iter().map(|value| Scalar { text: account(value.text), ..value }).collect();
    }
    Condition {
        operator_text: &operator.key,
        operator_span: operator.key_span,
        operator: Operator::parse(&operator.key),
        key: &key.key,
        key_span: key.key_span,
        key_known: !has_hole(&key.key),
        complete: whole && values.len() == nodes.len(),
        values,
        values_span: key.value.span,
    }
}

fn scalar<'t>(node: &'t Node<'t>) -> Option<Scalar<'t>> {
    let literal = |text: &'t str, json| {
        Some(Scalar { text: Text { text: Cow::Borrowed(text), span: node.span, parts: Box::new([]) }, json })
    };
    match &node.value {
        Value::Bool(value) => literal(if *value { "true" } else { "false" }, JsonType::Bool),
        Value::Number(text) => literal(text, JsonType::Number),
        Value::Hole => Some(Scalar { text: Text::hole("", node.span), json: JsonType::Hole }),
        _ => intrinsic::text(node).map(|text| Scalar { text, json: JsonType::String }),
    }
}

/// Whether a part of the text is to be filled in.
pub fn has_hole(text: &str) -> bool {
    super::text::first_mark(text.as_bytes()).is_some()
        && Text::new(Cow::Borrowed(text), Span::at(0), super::text::Dialect::Plain).has_hole()
}

/// Whether nothing of a text that has a hole is known.
fn is_all_hole(text: &str) -> bool {
    let text = Text::new(Cow::Borrowed(text), Span::at(0), super::text::Dialect::Plain);
    text.parts.iter().all(|part| part.kind == PartKind::Hole)
}

/// Whether a member may stand for others, whatever its value is: its name is yet to be filled in, or is a function's.
pub(crate) fn is_filled_in(member: &Member<'_>) -> bool {
    intrinsic::is_function(&member.key) || has_hole(&member.key)
}

fn hides_members(node: &Node<'_>) -> bool {
    node.members().is_some_and(|members| members.iter().any(|member| member.is_broken() || is_filled_in(member)))
}

fn is_contradicted(node: &Node<'_>, value: &Node<'_>) -> bool {
    let mut effects = node.members().unwrap_or_default().iter().filter(|member| member.key == "Effect");
    effects.any(|member| member.value.as_str() != value.as_str() && member.value.value != Value::Missing)
}

/// Whether nothing can be hidden in it, or still be to come: no hole in place of a member and none that is broken, no
/// template directive, and it is closed.
fn is_whole(node: &Node<'_>, tree: &Tree<'_>) -> bool {
    let first = tree.directives.partition_point(|directive| directive.start < node.span.start);
    let is_directed = tree.directives.get(first).is_some_and(|directive| node.span.contains(*directive));
    !is_directed && !is_unfinished(node, tree) && !hides_members(node)
}

/// Whether the text ends in the middle of an object or a list.
fn is_unfinished(node: &Node<'_>, tree: &Tree<'_>) -> bool {
    tree.unfinished.binary_search(&node.span.start).is_ok()
}
