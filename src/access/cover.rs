//! Whether statements, by the look of them, reach all that another one does: item by item of its actions and
//! resources, with its conditions. It takes no search, and so it comes before the proof.

use super::decide::{STATES, no_entry};
use super::reach::{Kind, is_everything, reaches_element, reaches_item};
use crate::catalog::folded_hash;
use crate::policy::{Condition, Element, Pattern, Statement, Text, Truth, Version, has_wildcard};
use std::cell::Cell;
use std::ops::Range;

/// What may be spent on one policy. Without any left, nothing covers anything.
pub(super) struct Effort {
    steps: Cell<usize>,
    states: Cell<usize>,
}

impl Effort {
    /// A few hundredths of a second, which no policy that AWS takes comes near to.
    pub(super) fn full() -> Self {
        Self { steps: Cell::new(1 << 25), states: Cell::new(STATES) }
    }

    fn spend(&self, steps: usize) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(steps));
        left > steps
    }
}

/// The statements among `others` that, together, reach everything that the items at `items` of the `Action` of
/// `statement` say; for `NotAction`, all of it. One alone is preferred. `None` where they do not, or not so plainly.
pub(super) fn covering<'s, 'a>(
    statement: &Statement<'_>,
    items: Range<usize>,
    others: &[&'s Statement<'a>],
    version: Version,
    effort: &Effort,
) -> Option<Vec<&'s Statement<'a>>> {
    let element = statement.action.as_ref()?;
    let covers = |other: &Statement<'_>, item: Option<&Text<'_>>, resource: Option<&Text<'_>>| {
        let action = other.action.as_ref().is_some_and(|own| match item {
            Some(item) => lists(own, item, effort),
            None => effort.spend(product(own, element)) && reaches_element(own, element, Kind::Action) == Truth::Yes,
        });
        action
            && reaches_resource(other, statement, resource, version, effort)
            && is_implied(other, statement, version, effort)
    };
    let actions = if element.negated { &[] } else { element.items.get(items)? };
    let resource = statement.resource.as_ref().filter(|element| !element.negated && element.complete);
    let resources = resource.map_or(&[][..], |element| &element.items);
    // Nearly always it ends here: nothing else is about the first of the actions.
    let (action, resource) = (actions.first(), resources.first());
    let may_cover = |other: &&Statement<'_>| !asks_more(other, statement) && covers(other, action, resource);
    let mut left: Vec<&Statement<'_>> = others.iter().copied().filter(may_cover).collect();
    let mut found = vec![*left.first()?];
    for (action, resource) in pairs(actions, resources).skip(1) {
        left.retain(|one| covers(one, action, resource));
        if !found.iter().any(|one| covers(one, action, resource)) {
            let covering = |one: &&Statement<'_>| !asks_more(one, statement) && covers(one, action, resource);
            found.push(others.iter().copied().find(covering)?);
        }
    }
    Some(left.first().map_or(found, |alone| vec![*alone]))
}

/// Every action with every resource; nothing stands for a list that is taken as a whole.
fn pairs<'s, 'a>(
    actions: &'s [Text<'a>],
    resources: &'s [Text<'a>],
) -> impl Iterator<Item = (Option<&'s Text<'a>>, Option<&'s Text<'a>>)> {
    let each = |list: &'s [Text<'a>]| list.iter().map(Some).chain(list.is_empty().then_some(None));
    each(actions).flat_map(move |action| each(resources).map(move |resource| (action, resource)))
}

/// Whether `other` has a condition on a key of which `statement` says nothing.
fn asks_more(other: &Statement<'_>, statement: &Statement<'_>) -> bool {
    let is_own = |key: &str| statement.conditions.iter().any(|own| own.key.eq_ignore_ascii_case(key));
    other.conditions.iter().any(|condition| !is_own(condition.key))
}

/// Which statements may share their first action with others: a look at every action once, where comparing all with
/// all would cost more than whatever else is done with a policy.
pub(super) struct Shared<'s, 'a> {
    /// The hashes of the first actions that another statement lists as well, in order.
    hashes: Vec<u64>,
    /// Every pattern, with the number of its statement.
    patterns: Vec<(&'s Text<'a>, usize)>,
    /// The statements with `NotAction`.
    negated: Vec<usize>,
}

impl<'s, 'a> Shared<'s, 'a> {
    pub(super) fn of(statements: &[&'s Statement<'a>]) -> Self {
        let elements = || statements.iter().filter_map(|one| Some((one.index, one.action.as_ref()?)));
        let first = |(at, element): (usize, &Element<'_>)| Some((folded_hash(&element.items.first()?.text), at));
        let mut firsts: Vec<(u64, usize)> = elements().filter_map(first).collect();
        firsts.sort_unstable();
        let mut shared = Self { hashes: Vec::new(), patterns: Vec::new(), negated: Vec::new() };
        for (at, element) in elements() {
            if element.negated {
                shared.negated.push(at);
                continue;
            }
            for item in &element.items {
                let own = folded_hash(&item.text);
                let from = firsts.partition_point(|(first, _)| *first < own);
                let mut alike = firsts[from..].iter().take_while(|(first, _)| *first == own);
                if alike.any(|(_, other)| *other != at) {
                    shared.hashes.push(own);
                }
                if has_wildcard(&item.text) {
                    shared.patterns.push((item, at));
                }
            }
        }
        shared.hashes.sort_unstable();
        shared
    }

    /// Whether another statement may have the first action of `statement`.
    pub(super) fn has(&self, statement: &Statement<'_>) -> bool {
        let Some(element) = &statement.action else { return false };
        let is_other = |at: usize| at != statement.index;
        let in_pattern = |first: &Text<'_>| {
            self.patterns.iter().any(|(item, at)| is_other(*at) && may_meet(&item.text, &first.text))
        };
        let is_shared =
            |first: &Text<'_>| self.hashes.binary_search(&folded_hash(&first.text)).is_ok() || in_pattern(first);
        element.negated || self.negated.iter().any(|at| is_other(*at)) || element.items.first().is_some_and(is_shared)
    }
}

/// Whether all actions of `item` are in `element`.
fn lists(element: &Element<'_>, item: &Text<'_>, effort: &Effort) -> bool {
    /// To compare two texts up to where they differ.
    const GLANCE: usize = 8;
    if !effort.spend(GLANCE * element.items.len()) {
        return false;
    }
    let is_name = !has_wildcard(&item.text);
    let meets = |own: &Text<'_>| match is_name {
        _ if own.has_hole() => true,
        _ if !may_meet(&own.text, &item.text) => false,
        _ if !effort.spend(own.text.len() * item.text.len()) => true,
        true => Pattern::action_matches(own, &item.text) != Truth::No,
        false => Pattern::action(own).intersects(&Pattern::action(item)) != Truth::No,
    };
    let covers = |own: &Text<'_>| match is_name {
        _ if own.has_hole() || !may_meet(&own.text, &item.text) => false,
        _ if !effort.spend(own.text.len() * item.text.len()) => false,
        true => Pattern::action_matches(own, &item.text) == Truth::Yes,
        false => Pattern::action(own).covers(&Pattern::action(item)) == Truth::Yes,
    };
    match element.negated {
        true => element.complete && !element.items.iter().any(meets),
        false => element.items.iter().any(covers),
    }
}

/// Whether two patterns may have something in common, as far as what stands before their wildcards tells.
fn may_meet(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let is_wildcard = |byte: u8| byte == b'*' || byte == b'?';
    let shared = a.len().min(b.len());
    let alike = |at: &usize| a[*at] == b[*at] || a[*at].eq_ignore_ascii_case(&b[*at]);
    match (0..shared).find(|at| !alike(at)) {
        Some(at) => a[..=at].iter().chain(&b[..=at]).any(|byte| is_wildcard(*byte)),
        None if a.len() == b.len() => true,
        None => {
            let longer = if a.len() > b.len() { a } else { b };
            longer[shared] == b'*' || a[..shared].iter().any(|byte| is_wildcard(*byte))
        }
    }
}

/// What it takes to compare all of one list with all of another.
fn product(one: &Element<'_>, other: &Element<'_>) -> usize {
    let length = |element: &Element<'_>| element.items.iter().map(|item| item.text.len()).sum::<usize>();
    length(one).saturating_mul(length(other))
}

/// Whether `other` applies to `resource`, an item of `statement`, or to all of its resources.
fn reaches_resource(
    other: &Statement<'_>,
    statement: &Statement<'_>,
    resource: Option<&Text<'_>>,
    version: Version,
    effort: &Effort,
) -> bool {
    let Some(own) = &other.resource else { return true };
    match (resource, &statement.resource) {
        (Some(_), _) if is_everything(own) => true,
        // Most lists are of the same texts.
        (Some(item), _) if !own.negated && own.items.iter().any(|own| own.text == item.text) => !item.has_hole(),
        (_, Some(element)) if !effort.spend(product(own, element)) => false,
        (Some(item), _) => reaches_item(own, item, Kind::Resource(version)) == Truth::Yes,
        (None, Some(element)) => reaches_element(own, element, Kind::Resource(version)) == Truth::Yes,
        (None, None) => false,
    }
}

/// Whether all conditions of `other` hold wherever those of `statement` do.
fn is_implied(other: &Statement<'_>, statement: &Statement<'_>, version: Version, effort: &Effort) -> bool {
    let own = |condition: &Condition<'_>| {
        let same_key = |own: &&Condition<'_>| own.key.eq_ignore_ascii_case(condition.key);
        let own: Vec<&Condition<'_>> = statement.conditions.iter().filter(same_key).collect();
        // That a condition always holds is a finding of its own.
        let is_met = || {
            own.iter().any(|own| is_as_strict(own, condition))
                || no_entry(&own, Some(condition), version, false, &effort.states)
        };
        !own.is_empty() && is_met()
    };
    other.conditions.iter().all(own)
}

/// Whether `own` lets through no more than `other`, an alike condition, does: it has no other values, or, where values
/// are what is kept out, all of them.
fn is_as_strict(own: &Condition<'_>, other: &Condition<'_>) -> bool {
    let Some(operator) = own.operator.filter(|operator| other.operator == Some(*operator)) else { return false };
    let within = |few: &Condition<'_>, many: &Condition<'_>| {
        few.values
            .iter()
            .all(|value| !value.text.has_hole() && many.values.iter().any(|other| other.text.text == value.text.text))
    };
    let is_within = if operator.base.negated() { within(other, own) } else { within(own, other) };
    own.complete && other.complete && own.key_known && other.key_known && is_within
}
