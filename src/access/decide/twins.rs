//! Statements that say the same. Two versions of a policy have most of theirs in common, and what is the same in both
//! need not be searched to see that it adds nothing.

use crate::policy::{Condition, Element, Policy, PrincipalElement, Scalar, Statement, Text, Version};
use crate::syntax::{Member, Node, Value};

/// Of each statement of the first policy, then of the second, whether the other has one that says the same. They are two
/// versions of one policy, so that a hole with the same text is filled in alike.
pub(super) fn find(first: &Policy<'_>, second: &Policy<'_>) -> Vec<bool> {
    let is_known = !matches!(first.version, Version::Unknown | Version::Invalid);
    let alike = first.version == second.version && is_known;
    let has = |policy: &Policy<'_>, own: &Statement<'_>| {
        alike
            && policy
                .statements
                .iter()
                .any(|one| says_same(one, own) || one.complete && own.complete && reads_same(one.node, own.node))
    };
    let of_first = first.statements.iter().map(|own| has(second, own));
    of_first.chain(second.statements.iter().map(|own| has(first, own))).collect()
}

/// Whether both are the same policy, as two versions of it are in which nothing was changed.
pub(in crate::access) fn is_unchanged(one: &Policy<'_>, other: &Policy<'_>) -> bool {
    one.complete && other.complete && one.version == other.version && reads_same(one.node, other.node)
}

/// Whether both are written alike, spaces aside. What an expression that stands by itself says is not known here, nor
/// which directives of a template there are, so that nothing may be hidden.
fn reads_same(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.value, &other.value) {
        (Value::Hole | Value::Missing, _) | (_, Value::Hole | Value::Missing) => false,
        (Value::Array(own), Value::Array(others)) => {
            own.len() == others.len() && own.iter().zip(others).all(|(one, other)| reads_same(one, other))
        }
        (Value::Object(own), Value::Object(others)) => {
            let is_same = |(one, other): (&Member<'_>, &Member<'_>)| {
                let stand_alone = [one, other].iter().all(|own| own.key_span == own.value.span);
                one.key == other.key && (stand_alone || reads_same(&one.value, &other.value))
            };
            own.len() == others.len() && own.iter().zip(others).all(is_same)
        }
        (own, others) => own == others,
    }
}

/// Whether both match the same requests. What a hole hides may differ, even if it is called the same.
pub(in crate::access) fn says_same(one: &Statement<'_>, other: &Statement<'_>) -> bool {
    one.effect.is_some()
        && one.effect == other.effect
        && one.is_settled()
        && other.is_settled()
        && both(&one.action, &other.action, same_element)
        && both(&one.resource, &other.resource, same_element)
        && both(&one.principal, &other.principal, same_principals)
        && each(&one.conditions, &other.conditions, same_condition)
}

fn same_element(one: &Element<'_>, other: &Element<'_>) -> bool {
    one.negated == other.negated && one.complete && other.complete && each(&one.items, &other.items, same_text)
}

fn same_principals(one: &PrincipalElement<'_>, other: &PrincipalElement<'_>) -> bool {
    let known = one.negated == other.negated && one.complete && other.complete;
    known && each(&one.items, &other.items, |one, other| one.kind == other.kind && same_text(&one.text, &other.text))
}

fn same_condition(one: &Condition<'_>, other: &Condition<'_>) -> bool {
    let same_value = |one: &Scalar<'_>, other: &Scalar<'_>| one.json == other.json && same_text(&one.text, &other.text);
    one.operator == other.operator
        && one.key_known
        && one.key.eq_ignore_ascii_case(other.key)
        && one.complete
        && other.complete
        && each(&one.values, &other.values, same_value)
}

fn same_text(one: &Text<'_>, other: &Text<'_>) -> bool {
    one.text == other.text && !one.has_hole() && !other.has_hole()
}

fn both<T>(one: &Option<T>, other: &Option<T>, same: impl Fn(&T, &T) -> bool) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn each<T>(some: &[T], others: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    some.len() == others.len() && some.iter().zip(others).all(|(one, other)| same(one, other))
}
