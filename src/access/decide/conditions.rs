//! Conditions on one key, apart from the statements they stand in.
//!
//! That no entry of a key meets some of them is decided without callers, actions or resources, and so in no time.

use super::compile::{Assignment, Compiler};
use super::domain;
use super::glob::Search;
use super::key::Entry;
use super::predicate::Mode;
use super::search::Budget;
use crate::access::{AnyValueIfExists, BoolVariables, Epoch, Semantics, UnreadableValue};
use crate::policy::{Base, Condition, Quantifier, Version};

/// Whether it is proven that no request meets all of `met` and does not meet `unmet`, whatever is contested. All of
/// them are conditions on one key. `signed` says that requests are signed, which some keys are there for.
///
/// A key is not held to what its values look like: what is a placeholder for an account is none yet.
pub fn no_entry(met: &[&Condition<'_>], unmet: Option<&Condition<'_>>, version: Version, signed: bool) -> bool {
    let Some(first) = met.first().copied().or(unmet) else { return false };
    let all = || met.iter().copied().chain(unmet);
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
    domain.always &= signed;
    readings().iter().all(|semantics| {
        let assignment = Assignment::new();
        let compiler = Compiler { version, semantics, assignment: &assignment };
        let met: Option<Vec<_>> = met.iter().map(|condition| compiler.condition(condition)).collect();
        let unmet = unmet.map(|condition| compiler.condition(condition));
        let (Some(met), None | Some(Some(_))) = (met, &unmet) else { return false };
        let unmet = unmet.flatten();
        let wanted = met.iter().map(|test| (test, true)).chain(unmet.iter().map(|test| (test, false)));
        let wanted: Vec<_> = wanted.collect();
        let mut states = Budget::FULL.states;
        let budget = &mut states;
        Entry { wanted: &wanted, domain: &domain, mode: Mode::May, semantics, budget }.find() == Search::Nothing
    })
}

/// What is documented, and what else it might be.
fn readings() -> [Semantics; 3] {
    let documented = Semantics::default();
    [
        documented,
        Semantics { unreadable_value: UnreadableValue::Differs, epoch: Epoch::Milliseconds, ..documented },
        Semantics {
            any_value_if_exists: AnyValueIfExists::Fails,
            bool_variables: BoolVariables::Literal,
            ..documented
        },
    ]
}
