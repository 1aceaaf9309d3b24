//! One condition key: is there an entry, absent, one value or several, of which all tests come out as wanted?

use super::glob::Search;
use super::predicate::{Demands, Domain, Mode, Predicate};
use crate::access::Semantics;
use crate::policy::{Quantifier, Truth};

/// What a condition asks of its key.
#[derive(Debug, Clone)]
pub(super) enum KeyTest {
    /// Whether it is there.
    Presence {
        /// What comes out where it is not.
        absent: Truth,
        /// What comes out where it is.
        present: Truth,
    },
    /// What its values are.
    Values {
        /// Whether the test holds where the key is absent.
        absent: bool,
        /// How several values are judged.
        quantifier: Quantifier,
        /// What is asked of each.
        predicate: Predicate,
    },
}

/// A test and how it is to come out.
pub(super) type Wanted<'a> = (&'a KeyTest, bool);

/// Finds the entry of a key. No value means that it is absent, which is tried first.
pub(super) fn entry(
    wanted: &[Wanted<'_>],
    domain: &Domain,
    mode: Mode,
    semantics: &Semantics,
    budget: &mut usize,
) -> Search<Vec<String>> {
    if !domain.always && wanted.iter().all(|(test, holds)| test.on_absent(*holds, mode)) {
        return Search::Found(Vec::new());
    }
    if !wanted.iter().all(|(test, holds)| test.on_present(*holds, mode)) {
        return Search::Nothing;
    }
    let one = one_value(wanted, domain, mode, semantics, budget);
    if one != Search::Nothing || !domain.several {
        return one.map(|value| vec![value]);
    }
    several_values(wanted, domain, mode, semantics, budget)
}

fn one_value(
    wanted: &[Wanted<'_>],
    domain: &Domain,
    mode: Mode,
    semantics: &Semantics,
    budget: &mut usize,
) -> Search<String> {
    let mut demands = Demands::default();
    demands.shape(domain);
    for (test, holds) in wanted {
        if let KeyTest::Values { predicate, .. } = test {
            demands.add(predicate, *holds, mode, semantics);
        }
    }
    // A set operator takes no notice of an empty value, so it is no value to judge the others by.
    let quantified = |(test, _): &Wanted<'_>| {
        matches!(test, KeyTest::Values { quantifier: Quantifier::ForAllValues | Quantifier::ForAnyValue, .. })
    };
    let taken = if wanted.iter().any(quantified) { vec![String::new()] } else { Vec::new() };
    demands.value(domain, &taken, semantics.epoch, budget)
}

/// Some tests speak of every value, others want one of their own; what the former leave of each of the latter must
/// not be empty.
fn several_values(
    wanted: &[Wanted<'_>],
    domain: &Domain,
    mode: Mode,
    semantics: &Semantics,
    budget: &mut usize,
) -> Search<Vec<String>> {
    let mut every: Vec<(&Predicate, bool)> = Vec::new();
    let mut some: Vec<(&Predicate, bool)> = Vec::new();
    for (test, holds) in wanted {
        let KeyTest::Values { quantifier, predicate, .. } = test else { continue };
        match (quantifier, holds) {
            // Without a set operator, nothing matches several values.
            (Quantifier::One, true) => return Search::Nothing,
            (Quantifier::One, false) => {}
            (Quantifier::ForAllValues, true) | (Quantifier::ForAnyValue, false) => every.push((predicate, *holds)),
            (Quantifier::ForAllValues, false) | (Quantifier::ForAnyValue, true) => some.push((predicate, *holds)),
        }
    }
    let mut values: Vec<String> = vec![String::new()];
    let mut find = |own: Option<(&Predicate, bool)>, values: &mut Vec<String>, distinct: bool| {
        let mut demands = Demands::default();
        demands.shape(domain);
        for (predicate, holds) in every.iter().copied().chain(own) {
            demands.add(predicate, holds, mode, semantics);
        }
        let taken = if distinct { &values[..] } else { &values[..1] };
        let found = demands.value(domain, taken, semantics.epoch, budget);
        found.map(|value| {
            if !values.contains(&value) {
                values.push(value);
            }
        })
    };
    for own in some {
        let found = find(Some(own), &mut values, false);
        if found != Search::Found(()) {
            return found.map(|()| Vec::new());
        }
    }
    // With variables left open, values cannot be told apart, and that there are enough of them is taken for granted.
    let open = wanted.iter().any(|(test, _)| test.is_open());
    while values.len() < 3 && !open {
        let found = find(None, &mut values, true);
        if found != Search::Found(()) {
            return found.map(|()| Vec::new());
        }
    }
    values.remove(0);
    Search::Found(values)
}

impl KeyTest {
    fn is_open(&self) -> bool {
        match self {
            Self::Presence { .. } => false,
            Self::Values { predicate, .. } => predicate.is_open(),
        }
    }

    fn on_absent(&self, holds: bool, mode: Mode) -> bool {
        match self {
            Self::Presence { absent, .. } => comes_out(*absent, holds, mode),
            Self::Values { absent, .. } => *absent == holds,
        }
    }

    fn on_present(&self, holds: bool, mode: Mode) -> bool {
        match self {
            Self::Presence { present, .. } => comes_out(*present, holds, mode),
            Self::Values { .. } => true,
        }
    }
}

fn comes_out(truth: Truth, holds: bool, mode: Mode) -> bool {
    truth == Truth::from(holds) || (truth == Truth::Maybe && mode == Mode::May)
}

impl<T> Search<T> {
    pub(super) fn map<U>(self, each: impl FnOnce(T) -> U) -> Search<U> {
        match self {
            Self::Found(found) => Search::Found(each(found)),
            Self::Nothing => Search::Nothing,
            Self::GaveUp => Search::GaveUp,
        }
    }
}
