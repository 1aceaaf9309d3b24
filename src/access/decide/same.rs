//! Keys that tell the same: two that have one value, and one that is an end of a list that the other has.

use super::key::KeyTest;
use super::predicate::{Predicate, Set};
use super::problem::{Literal, Problem};
use super::together::{ACCOUNT, Asked, any_of, complete as say, is_there, not, one, sets_of, test_of};
use crate::access::evaluate::{Context, Entry};
use crate::policy::Quantifier;

/// Keys with one value: both tell whose the resource is.
const SAME: &[[&str; 2]] = &[["s3:resourceaccount", ACCOUNT]];

/// The services by way of which a call came, in order.
const CHAIN: &str = "aws:calledvia";

/// Its ends.
const FIRST: &str = "aws:calledviafirst";
const LAST: &str = "aws:calledvialast";

/// Of each of these, at least one test has to come out otherwise.
pub(super) fn never(problem: &mut Problem<'_>, asked: Asked<'_>) -> Vec<Vec<Literal>> {
    let mut found = Vec::new();
    // Most often it is about neither.
    if !problem.mentions_any(|key| [FIRST, LAST].contains(&key) || SAME.iter().any(|[own, _]| *own == key)) {
        return found;
    }
    for pair in SAME {
        if pair.iter().all(|key| problem.mentions(key)) && !asked.all(pair) {
            found.extend(alike(problem, *pair));
        }
    }
    for end in [FIRST, LAST] {
        if problem.mentions(end) && problem.mentions(CHAIN) && !asked.all(&[end, CHAIN]) {
            found.extend(within(problem, end));
        }
    }
    let ends = [FIRST, LAST];
    if ends.iter().all(|key| problem.mentions(key)) {
        let there = ends.map(|key| is_there(problem, key));
        found.extend([vec![there[0], not(there[1])], vec![there[1], not(there[0])]]);
    }
    found
}

/// Every test of one of them comes out as it does for the other, and the latter is there where the former is.
fn alike(problem: &mut Problem<'_>, pair: [&str; 2]) -> Vec<Vec<Literal>> {
    let there = pair.map(|key| is_there(problem, key));
    let mut found = vec![vec![there[0], not(there[1])]];
    let sets = pair.map(|key| sets_of(problem, key)).concat();
    for set in sets.into_iter().filter(|set| !is_open(set)) {
        let [own, other] = pair.map(|key| test_of(problem, key, one(is_in(&set))));
        found.extend([vec![there[0], own, not(other)], vec![there[0], other, not(own)]]);
    }
    found
}

/// Either key is there where the other is, and the end is one of the list.
fn within(problem: &mut Problem<'_>, end: &str) -> Vec<Vec<Literal>> {
    problem.takes_several(CHAIN);
    let there = [end, CHAIN].map(|key| is_there(problem, key));
    let mut found = vec![vec![there[0], not(there[1])], vec![there[1], not(there[0])]];
    let sets = [end, CHAIN].map(|key| sets_of(problem, key)).concat();
    for set in sets.into_iter().filter(|set| !is_open(set)) {
        let all = KeyTest::Values { absent: true, quantifier: Quantifier::ForAllValues, predicate: is_in(&set) };
        let (all, any) = (test_of(problem, CHAIN, all), any_of(problem, CHAIN, set.clone()));
        let own = test_of(problem, end, one(is_in(&set)));
        found.extend([vec![own, not(any)], vec![there[0], all, not(own)]]);
    }
    found
}

fn is_in(set: &Set) -> Predicate {
    Predicate { set: set.clone(), negated: false, never: false }
}

fn is_open(set: &Set) -> bool {
    is_in(set).is_open()
}

/// Makes the keys of a request that was found tell the same.
pub(super) fn complete(problem: &Problem<'_>, context: &mut Context) {
    for [key, other] in SAME.iter().filter(|[key, _]| problem.mentions(key)) {
        let told = context.single(key).and(context.single(other)).map(str::to_owned);
        say(problem, context, key, told.as_deref());
    }
    if !problem.mentions(CHAIN) {
        return;
    }
    let Entry::Values(values) = context.get(CHAIN) else { return };
    let mut chain = values.to_vec();
    if let [one] = &chain[..] {
        // All tests of an end come out as they do for it.
        [FIRST, LAST].iter().for_each(|end| say(problem, context, end, Some(one)));
        return;
    }
    let [first, last] = [FIRST, LAST].map(|end| context.single(end).map(str::to_owned));
    chain.retain(|value| Some(value) != first.as_ref() && Some(value) != last.as_ref());
    chain.splice(0..0, first);
    chain.extend(last.filter(|last| chain.first() != Some(last) || chain.len() < 2));
    context.set(CHAIN, chain);
}
