//! Policy variables: which there are, and what to put in their place.
//!
//! The value of `${key}` is the same text wherever it stands, and is also what conditions on the key itself judge.
//! That is more than one variable at a time, so it is bracketed. To show that a request exists, values are tried,
//! and the witness is checked like any other. To show that none does, the value is left open.

use super::captures::{self, Values};
use super::compile::{Assignment, Variable, Whatever};
use super::domain;
use crate::access::Caller;
use crate::policy::{Condition, PartKind, Statement, Text, has_wildcard, variable_key};
use std::collections::{BTreeMap, BTreeSet};

/// With more variables than this, not every combination of absent ones is gone through.
const MAX_VARIABLES: usize = 4;

/// Of values to go through, no more combinations than these.
const MOST_WAYS: usize = 64;

/// Adds the keys, folded, that policy variables in `statement` stand for.
pub(super) fn collect(statement: &Statement<'_>, found: &mut Vec<String>) {
    found.extend(variables(statement).map(str::to_lowercase));
}

/// A folded key as a policy variable in `statement` writes it, if one does.
pub(super) fn written<'s>(statement: &'s Statement<'s>, key: &str) -> Option<&'s str> {
    variables(statement).find(|written| written.eq_ignore_ascii_case(key))
}

fn variables<'s>(statement: &'s Statement<'s>) -> impl Iterator<Item = &'s str> {
    let parts = texts(statement).flat_map(|text| text.all_parts());
    parts.filter(|(_, kind)| *kind == PartKind::Variable).map(|(written, _)| variable_key(written))
}

/// Every text of a statement in which a variable may stand.
fn texts<'s>(statement: &'s Statement<'s>) -> impl Iterator<Item = &'s Text<'s>> {
    let resources = statement.resource.iter().flat_map(|element| &element.items);
    resources.chain(statement.conditions.iter().flat_map(|condition| &condition.values).map(|value| &value.text))
}

/// The assignment to try first: each variable has a value of its own, or one that is usual for the key that it is compared
/// with.
pub(super) fn plain(keys: &[String], caller: &Caller, statements: &[&Statement<'_>]) -> Assignment {
    let usual = |key: &str| domain::of_key(key, false).usual.into_iter().next();
    let compared = |key: &str| {
        let conditions = statements.iter().flat_map(|statement| &statement.conditions);
        let is_value = |condition: &&Condition<'_>| condition.values.iter().any(|value| is_variable(&value.text, key));
        conditions.into_iter().find(is_value).and_then(|condition| usual(&condition.key.to_lowercase()))
    };

    let plain = |(number, key): (usize, &String)| {
        let own = (key == "aws:userid").then(|| id(caller)).flatten();
        let usual = own.or_else(|| usual(key)).or_else(|| compared(key));
        (key.clone(), Variable::Text(usual.unwrap_or_else(|| format!("value{number}"))))
    };
    keys.iter().enumerate().map(plain).collect()
}

/// Whether a text is the variable of this key, and no more.
fn is_variable(text: &Text<'_>, key: &str) -> bool {
    let mut parts = text.all_parts();
    let first = parts.next().filter(|(_, kind)| *kind == PartKind::Variable);
    parts.next().is_none() && first.is_some_and(|(written, _)| variable_key(written).eq_ignore_ascii_case(key))
}

/// An id that the caller may have: a session's ends in the session's name.
pub(super) fn id(caller: &Caller) -> Option<String> {
    let name = |session: &str| session.rsplit('/').next().map(str::to_owned);
    match caller {
        Caller::Anonymous => Some("anonymous".to_owned()),
        Caller::Root { account } => Some(account.clone()),
        Caller::Session { .. } => Some(format!("AROAEXAMPLE:{}", caller.session_name().unwrap_or("session"))),
        Caller::FederatedUser { session, .. } => Some(format!("{}:{}", caller.account()?, name(session)?)),
        _ => None,
    }
}

/// Other assignments to try in the search for a witness.
pub(super) fn attempts(
    keys: &[String],
    caller: &Caller,
    statements: &[&Statement<'_>],
    pins: &Pins,
) -> Vec<Assignment> {
    let all = plain(keys, caller, statements);
    let mut found: Vec<Assignment> = Vec::new();
    for values in &pins.captured {
        let mut one = all.clone();
        let own = values.iter().filter(|(key, _)| keys.contains(key));
        one.extend(own.map(|(key, value)| (key.clone(), Variable::Text(value.clone()))));
        found.push(one);
    }
    found.extend(subsets(keys).skip(1).map(|present| keep(&all, &present)));
    // Values that coincide satisfy what distinct ones do not, and so do those that the policies name.
    let mut values: BTreeSet<String> = [domain::ACCOUNT.to_owned(), "alice".to_owned()].into();
    for statement in statements {
        for text in texts(statement).filter(|text| text.is_literal()) {
            values.insert(text.text.to_string());
            values.extend(text.text.rsplit([':', '/']).next().map(str::to_owned));
        }
    }
    for value in values.into_iter().filter(|value| !has_wildcard(value)).take(24) {
        found.push(keys.iter().map(|key| (key.clone(), Variable::Text(value.clone()))).collect());
        if keys.len() > 1 {
            for key in keys {
                let mut one = all.clone();
                one.insert(key.clone(), Variable::Text(value.clone()));
                found.push(one);
            }
        }
    }
    found
}

/// What is known of the values of variables that may decide a question.
#[derive(Debug, Clone, Default)]
pub(super) struct Pins {
    /// Values by key: those that the policies compare it with and those that the resource asked about leaves.
    pub(super) values: BTreeMap<String, BTreeSet<String>>,
    /// Whether with all others no pattern matches that resource.
    pub(super) elsewhere: bool,
    /// The values with which one does.
    pub(super) captured: Vec<Values>,
}

impl Pins {
    /// Adds values that were tried, and says whether there were new ones and all of them are few enough.
    pub(super) fn add(&mut self, keys: &[String], tried: &[Assignment]) -> bool {
        let mut is_new = false;
        for (key, variable) in tried.iter().flatten().filter(|(key, _)| keys.contains(key)) {
            if let Variable::Text(value) = variable {
                is_new |= self.values.entry(key.clone()).or_default().insert(value.clone());
            }
        }
        let ways = keys.iter().map(|key| 2 + self.values.get(key).map_or(0, BTreeSet::len));
        is_new && ways.product::<usize>() <= MOST_WAYS
    }
}

/// The pins of `keys`, where they are few enough to go through every combination.
pub(super) fn pins(keys: &[String], statements: &[&Statement<'_>], resources: &[String]) -> Pins {
    let mut pins = Pins::default();
    let conditions = || statements.iter().flat_map(|statement| &statement.conditions);
    for key in keys.iter().filter(|_| keys.len() <= 2) {
        let own = conditions().filter(|condition| condition.key.eq_ignore_ascii_case(key));
        let texts = own.flat_map(|condition| &condition.values).map(|value| &value.text);
        let plain = texts.filter(|text| text.is_literal() && !has_wildcard(&text.text));
        let values: BTreeSet<String> = plain.map(|text| text.text.to_string()).collect();
        if values.len() <= 4 {
            pins.values.insert(key.clone(), values);
        }
    }
    let [resource] = resources else { return pins };
    let elements = statements.iter().filter_map(|statement| statement.resource.as_ref());
    let captured = captures::of_elements(elements, resource).filter(|_| !has_wildcard(resource));
    if let Some(captured) = captured {
        let all_pinned = keys.iter().all(|key| pins.values.contains_key(key));
        let few = captured.len() <= 8;
        if all_pinned && few {
            for (key, value) in captured.iter().flatten() {
                pins.values.entry(key.clone()).or_default().insert(value.clone());
            }
            pins.elsewhere = true;
        }
        pins.captured = captured;
    }
    pins
}

/// Assignments that together cover every request; `None` where there are too many.
pub(super) fn covering(keys: &[String], fixed: &Assignment, pins: &Pins) -> Option<Vec<Assignment>> {
    if keys.len() > MAX_VARIABLES {
        return None;
    }
    // An odd number is kept for the folded form; a number whose half is odd says that no colon is in the value.
    let mut covering = vec![fixed.clone()];
    for (number, key) in keys.iter().enumerate() {
        let id = number as u32 * 4 + if domain::has_no_colon(key) { 2 } else { 0 };
        let own = Whatever { id, but: pins.values.get(key).cloned().unwrap_or_default() };
        let open = if pins.elsewhere { Variable::Elsewhere(own) } else { Variable::Open(own) };
        let pinned = pins.values.get(key).into_iter().flatten().cloned().map(Variable::Text);
        let ways: Vec<Option<Variable>> = [Some(open), None].into_iter().chain(pinned.map(Some)).collect();
        let with = |one: &Assignment, way: &Option<Variable>| {
            let mut assignment = one.clone();
            assignment.extend(way.clone().map(|value| (key.clone(), value)));
            assignment
        };
        covering = covering.iter().flat_map(|one| ways.iter().map(|way| with(one, way))).collect();
    }
    Some(covering)
}

/// All subsets, the largest first; only some, where there are many.
fn subsets(keys: &[String]) -> impl Iterator<Item = Vec<String>> + '_ {
    let count = keys.len().min(MAX_VARIABLES);
    (0..1usize << count).map(move |absent| {
        keys.iter()
            .enumerate()
            .filter(|(at, _)| absent >> at & 1 == 0 || *at >= count)
            .map(|(_, key)| key.clone())
            .collect()
    })
}

fn keep(all: &Assignment, present: &[String]) -> Assignment {
    all.iter().filter(|(key, _)| present.contains(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}
