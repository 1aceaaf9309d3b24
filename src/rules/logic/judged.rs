//! The conditions whose logic is looked at.

use super::super::conditions::condition_key_not_supported::is_unsupported;
use super::super::conditions::known_key;
use super::super::conditions::mismatched_operator_type::is_mismatch;
use crate::access::mfa::MfaKey;
use crate::policy::{Base, Condition, Family, Quantifier, Statement};
use crate::rule::Context;

/// The conditions of a statement that no other rule is about, by the key that they ask about.
pub(super) fn by_key<'s, 'a>(cx: &Context<'a>, statement: &'s Statement<'a>) -> Vec<Vec<&'s Condition<'a>>> {
    let mut groups: Vec<Vec<&Condition<'_>>> = Vec::new();
    for condition in statement.conditions.iter().filter(|condition| is_judged(cx, condition)) {
        match groups.iter_mut().find(|group| group[0].has_key_of(condition)) {
            Some(group) => group.push(condition),
            None => groups.push(vec![condition]),
        }
    }
    groups.retain(|group| !has_duplicate(group) && !is_unsupported(cx, statement, group[0]));
    groups
}

/// The same operator on the same key twice: AWS reads no such policy, or only the last of the two.
fn has_duplicate(group: &[&Condition<'_>]) -> bool {
    let alike = |a: &Condition<'_>, b: &Condition<'_>| a.operator == b.operator;
    group.iter().enumerate().any(|(at, one)| group[..at].iter().any(|other| alike(one, other)))
}

fn is_judged<'a>(cx: &Context<'a>, condition: &Condition<'a>) -> bool {
    let Some(operator) = condition.operator.filter(|_| condition.key_known && !condition.values.is_empty()) else {
        return false;
    };
    let family = operator.base.family();
    let compares_literally = matches!(
        operator.base,
        Base::StringEquals | Base::StringNotEquals | Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase
    );
    let meant_like = compares_literally && condition.values.iter().any(|value| value.text.text.contains('*'));
    let fits = match known_key(cx, condition) {
        Some(key) => {
            let set = operator.quantifier != Quantifier::One || family == Family::Null;
            !is_mismatch(key, family) && (set == key.is_multivalued() || family == Family::Null)
        }
        // Of an identity provider's claims, nobody knows which are lists.
        None => condition.key.split_once(':').is_some_and(|(prefix, _)| prefix.contains('.')),
    };
    fits && !meant_like && MfaKey::of(condition).is_none()
}
