//! What of the policies cannot be read, where that is why a question cannot be answered.

use super::typed::Scale;
use crate::access::Epoch;
use crate::policy::{Family, JsonType, PartKind, Policy, Scalar, Statement, Text, is_filled_in};
use crate::syntax::{Node, Value};
use std::fmt;

/// A part of a policy that cannot be read, although nothing is filled into it later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// Something beside the statements, as where a file breaks off.
    Policy,
    /// Something of the statement of this number, counted from 1.
    Statement(usize),
    /// The statement of this number, counted from 1, does not have this element, which it must have.
    Missing(usize, &'static str),
    /// The name of an element or of an operator is misspelt in the statement of this number, counted from 1.
    Misspelt(usize),
    /// The statement of this number, counted from 1, has no effect, or one that there is not.
    Effect(usize),
    /// A value that is of too many digits to be compared.
    Digits(String),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy => f.write_str("it depends on a part of the policy that cannot be read"),
            Self::Statement(number) => write!(f, "it depends on a part of statement {number} that cannot be read"),
            Self::Missing(number, name) => write!(f, "statement {number} has no `{name}`, so IAM rejects the policy"),
            Self::Misspelt(number) => {
                write!(f, "statement {number} has a misspelt name in it, so IAM rejects the policy")
            }
            Self::Effect(number) => write!(f, "statement {number} does not say `Allow` or `Deny` as its `Effect`"),
            Self::Digits(text) => write!(f, "`{text}` has more digits than are compared"),
        }
    }
}

/// What cannot be read of the policies; `None` where they have holes, which may be the reason as well.
pub(super) fn unread(policies: &[&Policy<'_>]) -> Option<Unread> {
    if policies.iter().any(|policy| has_hole(policy.node) || policy.statements.iter().any(has_hidden_text)) {
        return None;
    }
    let statements = || policies.iter().flat_map(|policy| &policy.statements);
    let no_effect = statements().find(|statement| statement.effect.is_none());
    let no_effect = no_effect.map(|statement| Unread::Effect(statement.index + 1));
    let lacking = || statements().find_map(lacking);
    let partial = || statements().find(|one| !is_whole(one)).map(|statement| Unread::Statement(statement.index + 1));
    let policy = || policies.iter().any(|policy| !policy.complete).then_some(Unread::Policy);
    no_effect
        .or_else(lacking)
        .or_else(partial)
        .or_else(policy)
        .or_else(|| statements().find_map(too_long).map(Unread::Digits))
}

/// The holes of the statements, as they are written, in order.
pub(super) fn holes<'s, 'a: 's>(statements: impl Iterator<Item = &'s Statement<'a>>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in statements.flat_map(texts) {
        let own = text.all_parts().filter(|(part, kind)| *kind == PartKind::Hole && !part.is_empty());
        for (hole, _) in own {
            if !found.iter().any(|known| known == hole) {
                found.push(hole.to_owned());
            }
        }
    }
    found
}

fn texts<'s>(statement: &'s Statement<'_>) -> impl Iterator<Item = &'s Text<'s>> {
    let elements = statement.action.iter().chain(&statement.resource).flat_map(|element| &element.items);
    let principals = statement.principal.iter().flat_map(|element| &element.items).map(|item| &item.text);
    let values = statement.conditions.iter().flat_map(|condition| &condition.values).map(|value| &value.text);
    elements.chain(principals).chain(values)
}

/// Whether something in the place of a value or a member is filled in later.
fn has_hole(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Hole => true,
        Value::Array(items) => items.iter().any(has_hole),
        Value::Object(members) => members.iter().any(|member| is_filled_in(member) || has_hole(&member.value)),
        _ => false,
    }
}

/// What of a statement IAM asks for and does not find.
fn lacking(statement: &Statement<'_>) -> Option<Unread> {
    let number = statement.index + 1;
    let misspelt = statement.misspelt.then_some(Unread::Misspelt(number));
    misspelt.or_else(|| statement.missing.first().map(|name| Unread::Missing(number, name)))
}

fn has_hidden_text(statement: &Statement<'_>) -> bool {
    let mut values = statement.conditions.iter().flat_map(|condition| &condition.values);
    let written = |effect: crate::text::Span| !effect.is_empty();
    texts(statement).any(Text::has_hole)
        || values.any(|value| value.json == JsonType::Hole)
        || statement.conditions.iter().any(|condition| !condition.key_known)
        || statement.effect.is_none() && statement.effect_span.is_some_and(written) && effect_is_hidden(statement)
}

/// Whether a placeholder stands for the effect.
fn effect_is_hidden(statement: &Statement<'_>) -> bool {
    let effect =
        statement.node.members().into_iter().flatten().find(|member| Some(member.value.span) == statement.effect_span);
    let text = effect.and_then(|member| member.value.as_str());
    text.is_none_or(|text| text.contains(['$', '{', '<', '%']))
}

fn is_whole(statement: &Statement<'_>) -> bool {
    let elements = [&statement.action, &statement.resource];
    statement.complete
        && elements.into_iter().flatten().all(|element| element.complete)
        && statement.principal.as_ref().is_none_or(|element| element.complete)
        && statement.conditions.iter().all(|condition| condition.complete)
}

fn too_long(statement: &Statement<'_>) -> Option<String> {
    statement.conditions.iter().find_map(|condition| {
        let scale = match condition.operator?.base.family() {
            Family::Numeric => Scale::Number,
            Family::Date => Scale::Date,
            Family::IpAddress => Scale::Address,
            _ => return None,
        };
        let is_beyond = |value: &&Scalar<'_>| {
            scale.read(&value.text.text, Epoch::Seconds).is_none() && scale.is_beyond(&value.text.text)
        };
        condition.values.iter().find(is_beyond).map(|value| value.text.text.to_string())
    })
}
