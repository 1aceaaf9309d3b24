//! Policy variables: which there are, and what to put in their place.
//!
//! The value of `${key}` is the same text wherever it stands, and is also what conditions on the key itself judge.
//! That is more than one variable at a time, so it is bracketed. To show that a request exists, values are tried,
//! and the witness is checked like any other. To show that none does, the value is left open.

use super::compile::{Assignment, Variable};
use super::domain;
use crate::policy::{PartKind, Statement, Text, has_wildcard, variable_key};
use std::collections::BTreeSet;

/// With more variables than this, not every combination of absent ones is gone through.
const MAX_VARIABLES: usize = 4;

/// Adds the keys, folded, that policy variables in `statement` stand for.
pub(super) fn collect(statement: &Statement<'_>, found: &mut Vec<String>) {
    for text in texts(statement) {
        let variables = text.all_parts().filter(|(_, kind)| *kind == PartKind::Variable);
        found.extend(variables.map(|(written, _)| variable_key(written).to_lowercase()));
    }
}

/// Every text of a statement in which a variable may stand.
fn texts<'s>(statement: &'s Statement<'s>) -> impl Iterator<Item = &'s Text<'s>> {
    let resources = statement.resource.iter().flat_map(|element| &element.items);
    resources.chain(statement.conditions.iter().flat_map(|condition| &condition.values).map(|value| &value.text))
}

/// The assignment to try first: each variable has a value of its own.
pub(super) fn plain(keys: &[String]) -> Assignment {
    let plain = |(number, key): (usize, &String)| {
        let usual = domain::of_key(key, false).usual.into_iter().next();
        (key.clone(), Variable::Text(usual.unwrap_or_else(|| format!("value{number}"))))
    };
    keys.iter().enumerate().map(plain).collect()
}

/// Other assignments to try in the search for a witness.
pub(super) fn attempts(keys: &[String], statements: &[&Statement<'_>]) -> Vec<Assignment> {
    let all = plain(keys);
    let mut found: Vec<Assignment> = subsets(keys).skip(1).map(|present| keep(&all, &present)).collect();
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

/// Assignments that together cover every request; `None` where there are too many.
pub(super) fn covering(keys: &[String], fixed: &Assignment) -> Option<Vec<Assignment>> {
    if keys.len() > MAX_VARIABLES {
        return None;
    }
    // An odd number is kept for the folded form; a number whose half is odd says that no colon is in the value.
    let open = |(number, key): (usize, &String)| {
        let id = number as u32 * 4 + if domain::has_no_colon(key) { 2 } else { 0 };
        (key.clone(), Variable::Open(id))
    };
    let all: Assignment = keys.iter().enumerate().map(open).collect();
    let with_fixed = |present: Vec<String>| {
        let mut assignment = keep(&all, &present);
        assignment.extend(fixed.clone());
        assignment
    };
    Some(subsets(keys).map(with_fixed).collect())
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
