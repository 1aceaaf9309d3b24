//! Whether statements, by the look of them, reach all that another one does: item by item of its actions and
//! resources, with its conditions. It takes no search, and so it comes before the proof.

use super::Semantics;
use super::decide::{STATES, no_entry};
use super::evaluate::holds_on_absent;
use super::listed::Listed;
use super::reach::{Kind, is_everything, reaches_element, reaches_item};
use crate::policy::{Base, Condition, Element, Family, Pattern, Policy, Statement, Text, Truth, Version};
use std::cell::{Cell, RefCell};
use std::ops::Range;

/// What may be spent on one policy. Without any left, nothing covers anything.
pub(super) struct Effort {
    steps: Cell<usize>,
    states: Cell<usize>,
}

impl Effort {
    /// A few hundredths of a second, which no policy that AWS takes comes near to.
    fn full() -> Self {
        Self { steps: Cell::new(1 << 25), states: Cell::new(STATES) }
    }

    pub(super) fn spend(&self, steps: usize) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(steps));
        left > steps
    }
}

/// What is about a statement, item by item.
pub(super) struct Cover<'s> {
    policy: &'s Policy<'s>,
    listed: &'s Listed<'s>,
    effort: Effort,
    /// Of statements that were looked at together, by their numbers: whether they ask for nothing.
    asked: RefCell<Vec<(Vec<usize>, bool)>>,
}

impl<'s> Cover<'s> {
    /// Of the statements of `policy`, which lists those actions, with all the effort that one policy is worth.
    pub(super) fn new(policy: &'s Policy<'s>, listed: &'s Listed<'s>) -> Self {
        Self { policy, listed, effort: Effort::full(), asked: RefCell::default() }
    }

    /// The statements among `others` that, together, reach everything that the items at `items` of the `Action` of
    /// `statement` say; for `NotAction`, all of it. One alone is preferred. `None` where they do not, or not so plainly.
    pub(super) fn covering(
        &self,
        statement: &Statement<'_>,
        items: Range<usize>,
        others: &[&'s Statement<'s>],
        may_stand_in: impl Fn(&Statement<'_>) -> bool,
    ) -> Option<Vec<&'s Statement<'s>>> {
        let element = statement.action.as_ref()?;
        let actions = if element.negated { &[] } else { element.items.get(items)? };
        /// Few are asked one by one sooner than all are gone through.
        const FEW: usize = 4;
        let first = actions.first().filter(|_| others.len() > FEW);
        let holders = first.map(|first| self.listed.holders(&first.text));
        let holds = |other: &Statement<'_>| holders.as_ref().is_none_or(|own| own.binary_search(&other.index).is_ok());
        let resource = statement.resource.as_ref().filter(|element| !element.negated && element.complete);
        let resources = resource.map_or(&[][..], |element| &element.items);
        let may_cover = |other: &Statement<'_>| {
            other.index != statement.index && may_stand_in(other) && !self.asks_more(other, statement)
        };
        let (action, resource) = (actions.first(), resources.first());
        let covers = |one: &&Statement<'_>, action, resource| self.covers(one, statement, action, resource);
        // Nearly always it ends here: nothing else is about the first of the actions.
        let covers_first = |other: &&Statement<'_>| holds(other) && may_cover(other) && covers(other, action, resource);
        let mut left: Vec<&Statement<'_>> = others.iter().copied().filter(covers_first).collect();
        let first = *left.first()?;
        let mut found = vec![first];
        for (action, resource) in pairs(actions, resources).skip(1) {
            if let Some(alone) = left.first().copied() {
                left.retain(|one| covers(one, action, resource));
                if !left.is_empty() {
                    continue;
                }
                found = vec![alone];
            }
            if !found.iter().any(|one| covers(one, action, resource)) {
                let covering = |one: &&Statement<'_>| may_cover(one) && covers(one, action, resource);
                found.push(others.iter().copied().find(covering)?);
            }
        }
        Some(left.first().map_or(found, |alone| vec![*alone]))
    }

    /// The policy.
    pub(super) fn policy(&self) -> &'s Policy<'s> {
        self.policy
    }

    /// Whether every signed request meets the condition of one of `statements`, which have one each, all on the same key.
    pub(super) fn ask_for_nothing(&self, statements: &[&Statement<'_>]) -> bool {
        let numbers: Vec<usize> = statements.iter().map(|one| one.index).collect();
        let known = self.asked.borrow().iter().find(|(other, _)| *other == numbers).map(|(_, answer)| *answer);
        known.unwrap_or_else(|| {
            let conditions: Vec<&Condition<'_>> = statements.iter().flat_map(|one| &one.conditions).collect();
            // Whether that is so of the callers in question is for the proof to say.
            let answer = no_entry(&[], &conditions, self.policy.version, true, &self.effort.states);
            self.asked.borrow_mut().push((numbers, answer));
            answer
        })
    }

    /// Whether `other` does what `statement` does to `action` on `resource`, items of it, or to its lists as a whole.
    fn covers(
        &self,
        other: &Statement<'_>,
        statement: &Statement<'_>,
        action: Option<&Text<'_>>,
        resource: Option<&Text<'_>>,
    ) -> bool {
        let reaches_action = || match (&other.action, &statement.action, action) {
            (Some(_), _, Some(item)) => self.listed.has(other, item, &self.effort),
            (Some(own), Some(element), None) => {
                self.effort.spend(product(own, element)) && reaches_element(own, element, Kind::Action) == Truth::Yes
            }
            _ => false,
        };
        may_reach(other, resource)
            && reaches_action()
            && reaches_resource(other, statement, resource, self.policy.version, &self.effort)
            && self.is_implied(other, statement)
    }

    /// Whether `other` has a condition on a key of which `statement` says nothing, and which does not always hold.
    pub(super) fn asks_more(&self, other: &Statement<'_>, statement: &Statement<'_>) -> bool {
        let is_own = |other: &Condition<'_>| statement.conditions.iter().any(|own| own.has_key_of(other));
        other.conditions.iter().any(|condition| !is_own(condition) && !self.is_idle(other, condition))
    }

    /// Whether the condition of a Deny always holds, so that the Deny does what it would without it. Whether that is so of
    /// the callers in question is for the proof to say. Of an Allow it is a finding of its own.
    fn is_idle(&self, statement: &Statement<'_>, condition: &Condition<'_>) -> bool {
        let all = || no_entry(&[], &[condition], self.policy.version, true, &self.effort.states);
        statement.is_deny() && may_always_hold(condition) && all()
    }

    /// Whether all conditions of `other` hold wherever those of `statement` do.
    fn is_implied(&self, other: &Statement<'_>, statement: &Statement<'_>) -> bool {
        let implied = |condition: &Condition<'_>| {
            let own: Vec<&Condition<'_>> =
                statement.conditions.iter().filter(|own| own.has_key_of(condition)).collect();
            own.iter().any(|own| is_as_strict(own, condition))
                || !own.is_empty() && no_entry(&own, &[condition], self.policy.version, false, &self.effort.states)
                || self.is_idle(other, condition)
        };
        other.conditions.iter().all(implied)
    }
}

/// Whether `others`, which cover `statement`, do so under every reading: by the same texts, by patterns about which there
/// is no doubt, or by saying nothing. Then nothing is left to prove.
pub(super) fn is_plain(statement: &Statement<'_>, others: &[&Statement<'_>]) -> bool {
    let lists = |own: &Element<'_>, item: &Text<'_>| own.items.iter().any(|own| plainly_covers(own, item));
    let resource = |other: &Statement<'_>| match (&other.resource, &statement.resource) {
        (None, _) => true,
        (Some(own), _) if is_everything(own) => true,
        (Some(own), Some(items)) => {
            !own.negated && !items.negated && items.complete && items.items.iter().all(|item| lists(own, item))
        }
        (Some(_), None) => false,
    };
    let condition = |other: &Condition<'_>| {
        statement.conditions.iter().any(|own| own.has_key_of(other) && is_as_strict(own, other))
    };
    let is_plain =
        |other: &&Statement<'_>| other.principal.is_none() && resource(other) && other.conditions.iter().all(condition);
    statement.principal.is_none() && others.iter().all(is_plain)
}

/// Whether `outer` has all that `inner` has, however far a wildcard before the last part of an ARN reaches.
fn plainly_covers(outer: &Text<'_>, inner: &Text<'_>) -> bool {
    let head = outer.text.split(['*', '?']).next().unwrap_or_default();
    let is_settled = || {
        let is_known = outer.is_literal() && inner.is_literal();
        is_known && head.bytes().filter(|byte| *byte == b':').count() >= 5 && inner.text.starts_with(head)
    };
    outer.text == inner.text
        || is_settled() && Pattern::new(outer, false).covers(&Pattern::new(inner, false)) == Truth::Yes
}

/// Every action with every resource; nothing stands for a list that is taken as a whole.
fn pairs<'s, 'a>(
    actions: &'s [Text<'a>],
    resources: &'s [Text<'a>],
) -> impl Iterator<Item = (Option<&'s Text<'a>>, Option<&'s Text<'a>>)> {
    let each = |list: &'s [Text<'a>]| list.iter().map(Some).chain(list.is_empty().then_some(None));
    each(actions).flat_map(move |action| each(resources).map(move |resource| (action, resource)))
}

/// Whether `other` may apply to `resource`, as far as the beginnings of what it lists tell.
fn may_reach(other: &Statement<'_>, resource: Option<&Text<'_>>) -> bool {
    let (Some(own), Some(item)) = (&other.resource, resource) else { return true };
    own.negated
        || !own.complete
        || own.items.iter().any(|own| own.has_hole() || Pattern::may_cover(&own.text, &item.text))
}

/// What it takes to compare all of one list with all of another.
fn product(one: &Element<'_>, other: &Element<'_>) -> usize {
    let length = |element: &Element<'_>| element.items.iter().map(|item| item.text.len()).sum::<usize>();
    let all_ways = one.items.iter().any(|item| item.text.contains('?'));
    length(one).saturating_mul(length(other)).saturating_mul(if all_ways { Pattern::ALL_WAYS } else { 1 })
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

/// A cheap look before the proof that a condition always holds: its values are anything, or all that there is.
pub fn may_always_hold(condition: &Condition<'_>) -> bool {
    let Some(operator) = condition.operator else { return false };
    let any = |test: fn(&str) -> bool| condition.values.iter().any(|value| test(&value.text.text));
    let covers_all = match operator.base.family() {
        Family::Null | Family::Bool => condition.values.len() > 1,
        Family::IpAddress => any(|text| text.ends_with("/0")),
        Family::String | Family::Arn => any(|text| !text.is_empty() && text.bytes().all(|byte| byte == b'*')),
        Family::Numeric | Family::Date | Family::Binary => false,
    };
    let may_be_absent = operator.base == Base::Null || holds_on_absent(operator, &Semantics::default());
    let is_always_there = condition.key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
    covers_all && (may_be_absent || is_always_there)
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
