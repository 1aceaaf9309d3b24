//! Statements with conditions that, taken together, ask for nothing: of two that ask about one key, the one is met where
//! the other is not.

use super::Semantics;
use super::cover::Cover;
use super::decide::is_in_all_signed_requests;
use super::evaluate::holds_on_absent;
use super::reach::{Kind, reaches_element, reaches_resources};
use crate::policy::{Base, Condition, Operator, Statement, Truth};

/// So many statements with conditions are looked at together.
const MOST_TOGETHER: usize = 8;

/// Those of `statements` with one condition that may ask for nothing together with others of them. In few policies there
/// are any, and then nothing more is to be looked at.
pub(super) fn may_ask_together<'s>(cover: &Cover<'s>, statements: &[&'s Statement<'s>]) -> Vec<&'s Statement<'s>> {
    let asking: Vec<&Statement<'_>> = statements.iter().copied().filter(|one| one.conditions.len() == 1).collect();
    let may_ask = |statement: &&Statement<'_>| {
        let alike = |other: &&&Statement<'_>| {
            other.effect == statement.effect && other.conditions[0].has_key_of(&statement.conditions[0])
        };
        let group: Vec<&Statement<'_>> = asking.iter().filter(alike).copied().collect();
        group.len() > 1
            && group.iter().any(|one| may_be_met_without_key(&one.conditions[0]))
            && cover.ask_for_nothing(&group)
    };
    asking.iter().copied().filter(may_ask).collect()
}

/// Whether the condition may hold where its key is absent, or its key never is. If that is so of none of several, they ask
/// for something: that the key is there.
fn may_be_met_without_key(condition: &Condition<'_>) -> bool {
    let may_hold = |operator: Operator| {
        let readings = Semantics::readings();
        operator.base == Base::Null || readings.iter().any(|semantics| holds_on_absent(operator, semantics))
    };
    condition.operator.is_none_or(may_hold) || is_in_all_signed_requests(condition.key)
}

/// Those of `others` that are about all that `statement` is about, where it has none of their conditions: each asks about
/// one key, and together with those that ask about the same it asks for nothing, or it is in `alone`.
pub(super) fn asking_together<'s>(
    cover: &Cover<'s>,
    statement: &Statement<'_>,
    others: impl Iterator<Item = &'s Statement<'s>>,
    alone: impl Fn(&Condition<'_>) -> bool,
) -> Option<Vec<&'s Statement<'s>>> {
    let element = statement.action.as_ref()?;
    let has_key = |statement: &Statement<'_>, of: &Condition<'_>| {
        statement.conditions.iter().any(|condition| condition.has_key_of(of))
    };
    let asks = |other: &&Statement<'_>| {
        other.index != statement.index && other.conditions.len() == 1 && !has_key(statement, &other.conditions[0])
    };
    let asking: Vec<&'s Statement<'s>> = others.filter(asks).take(MOST_TOGETHER + 1).collect();
    if asking.len() > MOST_TOGETHER {
        return None;
    }
    let is_met = |other: &&Statement<'_>| {
        let own = &other.conditions[0];
        alone(own) || {
            let group: Vec<&Statement<'_>> = asking.iter().copied().filter(|one| has_key(one, own)).collect();
            group.len() > 1 && cover.ask_for_nothing(&group)
        }
    };
    let about = |other: &&Statement<'_>| {
        let reaches = |own| reaches_element(own, element, Kind::Action);
        other.action.as_ref().is_some_and(|own| reaches(own) == Truth::Yes)
            && reaches_resources(other, statement, cover.policy().version) == Truth::Yes
    };
    let near: Vec<&Statement<'_>> = asking.iter().copied().filter(is_met).filter(about).collect();
    (near.len() > 1 || near.iter().any(|other| alone(&other.conditions[0]))).then_some(near)
}
