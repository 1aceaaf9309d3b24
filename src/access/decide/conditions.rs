//! Conditions on one key, apart from the statements they stand in.
//!
//! That no entry of a key meets some of them is decided without callers, actions or resources, and so in no time.

use super::compile::{Assignment, Compiler};
use super::domain;
use super::glob::Search;
use super::key::Entry;
use super::predicate::Mode;
use crate::access::Semantics;
use crate::policy::{Base, Condition, Quantifier, Version};
use std::cell::Cell;

/// What the conditions of one policy are worth, all of them together.
pub const STATES: usize = 10_000;

/// Whether it is proven that no request meets all of `met` and none of `unmet`, whatever is contested. All of them are
/// conditions on one key. `signed` says that requests are signed, which some keys are there for.
///
/// A key is not held to what its values look like: what is a placeholder for an account is none yet. `states` is what
/// may be spent on the search for values, by this question and those after it; without any left, nothing is proven.
pub fn no_entry(
    met: &[&Condition<'_>],
    unmet: &[&Condition<'_>],
    version: Version,
    signed: bool,
    states: &Cell<usize>,
) -> bool {
    let Some(first) = met.iter().chain(unmet).next() else { return false };
    let all = || met.iter().chain(unmet).copied();
    // What a variable stands for is of the same request, and a set operator on `Null` is not documented.
    let is_plain = |condition: &Condition<'_>| {
        let quantified = condition.operator.is_some_and(|it| it.quantifier != Quantifier::One && it.base == Base::Null);
        condition.key_known && !quantified && !condition.values.iter().any(|value| value.text.has_variable())
    };
    if !all().all(is_plain) {
        return false;
    }
    let several = all().any(|one| one.operator.is_some_and(|operator| operator.quantifier != Quantifier::One));
    let mut domain = domain::of_key(&first.key.to_lowercase(), several);
    domain.shape = None;
    domain.always = signed && (domain.always || domain.signed);
    Semantics::readings().iter().all(|semantics| {
        let assignment = Assignment::new();
        let compiler = Compiler { version, semantics, assignment: &assignment };
        let tests = |conditions: &[&Condition<'_>]| -> Option<Vec<_>> {
            conditions.iter().map(|condition| compiler.condition(condition)).collect()
        };
        let (Some(met), Some(unmet)) = (tests(met), tests(unmet)) else { return false };
        let wanted = met.iter().map(|test| (test, true)).chain(unmet.iter().map(|test| (test, false)));
        let wanted: Vec<_> = wanted.collect();
        let mut left = states.get();
        let budget = &mut left;
        let found = Entry { wanted: &wanted, domain: &domain, opened: &[], mode: Mode::May, semantics, budget }.find();
        states.set(left);
        found == Search::Nothing
    })
}
