//! Statements that say the same. Two versions of a policy have most of theirs in common, and what is the same in both
//! need not be searched to see that it adds nothing.

use crate::policy::{
    Condition, Element, PartKind, Policy, Principal, PrincipalElement, Scalar, Statement, Text, Version, is_named_hole,
};
use crate::syntax::{Member, Node, Value};

/// Of each statement of the first policy, then of the second, whether the other has one that says the same or more. They
/// are two versions of one policy, so that a hole with the same text is filled in alike.
pub(super) fn find(first: &Policy<'_>, second: &Policy<'_>) -> Vec<bool> {
    let is_known = !matches!(first.version, Version::Unknown | Version::Invalid);
    let alike = first.version == second.version && is_known;
    let is_again = |one: &Statement<'_>, own: &Statement<'_>| {
        one.complete && own.complete && reads_same(one.node, own.node) && is_alike_again(own)
    };
    let has = |policy: &Policy<'_>, own: &Statement<'_>| {
        alike && policy.statements.iter().any(|one| is_within(own, one) || is_again(one, own))
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

/// Whether `other` matches whatever `one` does, as its lists have all that is in those of `one`.
fn is_within(one: &Statement<'_>, other: &Statement<'_>) -> bool {
    let same_item = |one: &Text<'_>, other: &Text<'_>| one.text == other.text && is_filled_in_alike(one);
    let elements = |one: &Option<Element<'_>>, other: &Option<Element<'_>>| {
        both(one, other, |one, other| {
            let (narrow, wide) = if one.negated { (other, one) } else { (one, other) };
            let are_known = one.negated == other.negated && one.complete && other.complete;
            are_known && are_among(&narrow.items, &wide.items, same_item)
        })
    };
    let principals = |one: &PrincipalElement<'_>, other: &PrincipalElement<'_>| {
        let (narrow, wide) = if one.negated { (other, one) } else { (one, other) };
        let same =
            |one: &Principal<'_>, other: &Principal<'_>| one.kind == other.kind && same_item(&one.text, &other.text);
        let are_known = one.negated == other.negated && one.complete && other.complete;
        are_known && are_among(&narrow.items, &wide.items, same)
    };
    let same_value = |one: &Scalar<'_>, other: &Scalar<'_>| one.json == other.json && same_item(&one.text, &other.text);
    one.effect.is_some()
        && one.effect == other.effect
        && one.is_settled()
        && other.is_settled()
        && elements(&one.action, &other.action)
        && elements(&one.resource, &other.resource)
        && both(&one.principal, &other.principal, principals)
        // The more it asks for, the less it matches.
        && are_among(&other.conditions, &one.conditions, |other, one| same_condition(other, one, same_value))
}

/// Whether a text that is written twice says the same twice.
fn is_filled_in_alike(text: &Text<'_>) -> bool {
    text.all_parts().all(|(part, kind)| kind != PartKind::Hole || is_named_hole(part))
}

/// Whether nothing in the statement stands for another thing where it is written again. It was read as it is written, but
/// for calls of functions, of which all of the text is compared.
fn is_alike_again(statement: &Statement<'_>) -> bool {
    let elements = [&statement.action, &statement.resource].into_iter().flatten().flat_map(|element| &element.items);
    let principals = statement.principal.iter().flat_map(|element| &element.items).map(|item| &item.text);
    let values = statement.conditions.iter().flat_map(|one| &one.values).map(|value| &value.text);
    let mut texts = elements.chain(principals).chain(values);
    let is_alike =
        |(part, kind): (&str, PartKind)| kind != PartKind::Hole || is_named_hole(part) || part.starts_with('{');
    texts.all(|text| text.all_parts().all(is_alike))
}

/// Whether each of `some` is among the `others`, which are not gone through for ever.
fn are_among<T>(some: &[T], others: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    const MOST: usize = 1 << 14;
    // Two versions have most of it at the same place.
    let in_place = some.iter().zip(others).take_while(|(one, other)| same(one, other)).count();
    let (some, others) = (&some[in_place..], others);
    some.is_empty()
        || some.len() * others.len() <= MOST && some.iter().all(|one| others.iter().any(|other| same(one, other)))
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
        && each(&one.conditions, &other.conditions, |one, other| {
            let same =
                |one: &Scalar<'_>, other: &Scalar<'_>| one.json == other.json && same_text(&one.text, &other.text);
            same_condition(one, other, same)
        })
}

fn same_element(one: &Element<'_>, other: &Element<'_>) -> bool {
    one.negated == other.negated && one.complete && other.complete && each(&one.items, &other.items, same_text)
}

fn same_principals(one: &PrincipalElement<'_>, other: &PrincipalElement<'_>) -> bool {
    let known = one.negated == other.negated && one.complete && other.complete;
    known && each(&one.items, &other.items, |one, other| one.kind == other.kind && same_text(&one.text, &other.text))
}

fn same_condition<'c>(
    one: &Condition<'c>,
    other: &Condition<'c>,
    same_value: impl Fn(&Scalar<'c>, &Scalar<'c>) -> bool,
) -> bool {
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
