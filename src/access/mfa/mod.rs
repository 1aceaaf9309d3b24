//! MFA: what each statement says of it, and what a policy as a whole allows without it.

mod companion;
mod key;
mod table;
mod verdict;

pub use companion::{is_companion, other_conditions};
pub use key::MfaKey;
pub use table::{Outcome, State, Table};
pub use verdict::{AgeCondition, Ineffective, Inversion, Judged, Verdict};

use super::reach::{self, Kind};
use crate::policy::{Condition, Element, Policy, Statement, Text, Truth};
use crate::text::Span;
use companion::spares_few;
use std::cell::OnceCell;

/// All that a policy says of MFA.
#[derive(Debug)]
pub struct Mfa<'a> {
    policy: &'a Policy<'a>,
    /// The statements that ask about MFA, in order.
    pub judged: Vec<Judged<'a>>,
    /// Of each of them, what [`Mfa::defects`] says.
    defects: OnceCell<Vec<Vec<State>>>,
}

/// A statement that lets a request without MFA do something.
#[derive(Debug)]
pub struct Grant<'a> {
    /// The Allow.
    pub statement: &'a Statement<'a>,
    /// What in it names the action: an item, or the key `NotAction`.
    pub span: Span,
    /// The item; `None` for `NotAction`.
    pub item: Option<&'a Text<'a>>,
    /// The ways to sign in for which nothing stops the request.
    pub states: Vec<State>,
    /// A Deny that names the action but lets the request pass, if there is one.
    pub bypassed: Option<&'a Statement<'a>>,
}

impl<'a> Mfa<'a> {
    /// Looks at every statement of `policy`.
    pub fn new(policy: &'a Policy<'a>) -> Self {
        // Of a statement that is being typed, the next word may turn the meaning round.
        let written = policy.statements.iter().filter(|statement| !statement.unfinished);
        let judged = written.filter_map(|statement| Judged::new(statement, policy.version)).collect();
        Self { policy, judged, defects: OnceCell::new() }
    }

    /// Whether the policy asks about MFA at all.
    pub fn is_mentioned(&self) -> bool {
        !self.judged.is_empty()
    }

    /// What is said of `statement`, if it asks about MFA.
    pub fn of(&self, statement: &Statement<'_>) -> Option<&Judged<'a>> {
        let at = self.place_of(statement)?;
        self.judged.get(at)
    }

    /// Whether the MFA conditions of `statement` hold in `state`; without any, they always do.
    pub fn outcome(&self, statement: &Statement<'_>, state: State) -> Outcome {
        self.of(statement).map_or(Outcome::Always, |judged| judged.table.outcome(state))
    }

    /// The Denies that stop requests without MFA, in one state at least.
    pub fn guards(&self) -> impl Iterator<Item = &Judged<'a>> {
        self.judged.iter().filter(|judged| {
            let stops = |state| judged.table.outcome(state) == Outcome::Always;
            judged.statement.is_deny() && State::WITHOUT_MFA.into_iter().any(stops)
        })
    }

    fn place_of(&self, statement: &Statement<'_>) -> Option<usize> {
        self.judged.binary_search_by_key(&statement.index, |judged| judged.statement.index).ok()
    }

    /// The states without MFA in which `judged`, by its own fault, does not do what it is for, and nothing else in
    /// the policy makes up for it: for a Deny another Deny of the same reach, for an Allow any Deny that stops
    /// the request.
    pub fn defects(&self, judged: &Judged<'_>) -> &[State] {
        let all = self.defects.get_or_init(|| self.all_defects());
        self.place_of(judged.statement).and_then(|at| all.get(at)).map_or(&[], Vec::as_slice)
    }

    fn all_defects(&self) -> Vec<Vec<State>> {
        let mut defects: Vec<Vec<State>> = self.judged.iter().map(|_| Vec::new()).collect();
        for state in State::WITHOUT_MFA {
            for at in self.defective_in(state) {
                defects[at].push(state);
            }
        }
        defects
    }

    /// The places of those that are defective in `state`. The Denies are put together once for all of them.
    fn defective_in(&self, state: State) -> Vec<usize> {
        let is_faulty = |(_, judged): &(usize, &Judged<'_>)| match &judged.verdict {
            Verdict::Misses(states) | Verdict::Admits(states) => states.contains(&state),
            _ => false,
        };
        let faulty = self.judged.iter().enumerate().filter(is_faulty).map(|(at, judged)| (at, judged.statement));
        let faulty: Vec<(usize, &Statement<'_>)> = faulty.collect();
        if faulty.is_empty() {
            return Vec::new();
        }
        let may_stop =
            |statement: &&Statement<'_>| statement.is_deny() && self.outcome(statement, state) != Outcome::Never;
        let denies: Vec<&Statement<'_>> = self.policy.statements.iter().filter(may_stop).collect();
        if !reach::is_affordable(denies.iter().copied(), faulty.iter().map(|(_, statement)| *statement)) {
            return Vec::new();
        }
        let is_made_up_for = |faulty: &Statement<'_>| {
            denies.iter().any(|deny| !std::ptr::eq(*deny, faulty) && self.makes_up_for(deny, faulty))
        };
        faulty.into_iter().filter(|(_, statement)| !is_made_up_for(statement)).map(|(at, _)| at).collect()
    }

    fn makes_up_for(&self, deny: &Statement<'_>, faulty: &Statement<'_>) -> bool {
        let version = self.policy.version;
        let conditions_met = other_conditions(deny).all(|condition| {
            let shared = faulty.is_deny() && other_conditions(faulty).any(|other| same_condition(condition, other));
            shared || faulty.is_allow() && spares_few(condition, version)
        });
        if !conditions_met {
            return false;
        }
        let reach = if faulty.is_deny() {
            reach::reaches(deny, faulty, version)
        } else {
            let actions = match (&deny.action, &faulty.action) {
                (Some(outer), Some(inner)) => stops_element(outer, inner),
                _ => Truth::Maybe,
            };
            let resources = reach::reaches_resources(deny, faulty, version);
            actions.and(resources).and(reach::reaches_principals(deny, faulty))
        };
        reach != Truth::No
    }

    /// The Allows that let a request without MFA perform `action`, though every Deny of the policy is asked.
    /// Nothing is said where a hole, an unknown condition or an unreadable part might make the difference.
    pub fn grants_without_mfa(&self, action: &str) -> Vec<Grant<'a>> {
        let policy = self.policy;
        if !policy.complete {
            return Vec::new();
        }
        let allows: Vec<(&'a Statement<'a>, &'a Element<'a>)> = policy
            .statements
            .iter()
            .filter(|statement| statement.is_allow() && statement.complete)
            .filter_map(|statement| Some((statement, statement.action.as_ref()?)))
            .filter(|(_, element)| reach::names_action(element, action) == Truth::Yes)
            .filter(|(statement, _)| reach::lists_resource_for(statement, action))
            .collect();
        if allows.is_empty() {
            return Vec::new();
        }
        // Where it cannot be read whether a statement is a Deny, it may be one.
        let named = |statement: &&Statement<'_>| !statement.is_allow() && self.names(statement, action) != Truth::No;
        let denies: Vec<&'a Statement<'a>> = policy.statements.iter().filter(named).collect();
        if !reach::is_affordable(denies.iter().copied(), allows.iter().map(|(statement, _)| *statement)) {
            return Vec::new();
        }
        let mut grants = Vec::new();
        for (statement, element) in allows {
            let open = |state: &State| {
                self.outcome(statement, *state) == Outcome::Always
                    && !denies.iter().any(|deny| self.stops(deny, statement, *state))
            };
            let states: Vec<State> = State::WITHOUT_MFA.into_iter().filter(open).collect();
            if states.is_empty() {
                continue;
            }
            let bypassed = || denies.iter().copied().find(|deny| deny.is_deny());
            for (span, item) in naming(element, action) {
                grants.push(Grant { statement, span, item, states: states.clone(), bypassed: bypassed() });
            }
        }
        grants
    }

    /// Whether a Deny that names an action stops it on all that `allow` grants, for a request in `state`; *maybe*
    /// counts as yes.
    fn stops(&self, deny: &Statement<'_>, allow: &Statement<'_>, state: State) -> bool {
        self.outcome(deny, state) != Outcome::Never
            && reach::reaches_resources(deny, allow, self.policy.version) != Truth::No
            && reach::reaches_principals(deny, allow) != Truth::No
            && (!deny.complete || other_conditions(deny).all(|condition| spares_few(condition, self.policy.version)))
    }

    fn names(&self, statement: &Statement<'_>, action: &str) -> Truth {
        statement.action.as_ref().map_or(Truth::Maybe, |element| reach::names_action(element, action))
    }
}

/// Where `element` names `action`: each item that matches it, or the key `NotAction`.
fn naming<'a>(element: &'a Element<'a>, action: &str) -> Vec<(Span, Option<&'a Text<'a>>)> {
    if element.negated {
        return vec![(element.key_span, None)];
    }
    let matches = |item: &&Text<'_>| crate::policy::Pattern::action_matches(item, action) == Truth::Yes;
    element.items.iter().filter(matches).map(|item| (item.span, Some(item))).collect()
}

/// Whether a Deny of `outer` stops what an Allow of `inner` grants. A Deny with `NotAction` stops a pattern unless
/// it spares all of it: what it spares of a wildcard is what it is meant to spare.
fn stops_element(outer: &Element<'_>, inner: &Element<'_>) -> Truth {
    if !outer.negated || inner.negated {
        return reach::reaches_element(outer, inner, Kind::Action);
    }
    let spared = Element { negated: false, items: outer.items.clone(), ..*outer };
    inner.items.iter().map(|item| !reach::reaches_item(&spared, item, Kind::Action)).fold(Truth::Yes, Truth::and)
}

fn same_condition(a: &Condition<'_>, b: &Condition<'_>) -> bool {
    let texts = |condition: &Condition<'_>| {
        condition.values.iter().map(|value| value.text.text.to_string()).collect::<Vec<_>>()
    };
    a.operator == b.operator && a.key.eq_ignore_ascii_case(b.key) && texts(a) == texts(b)
}
