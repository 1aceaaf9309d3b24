//! One condition key: is there an entry, absent, one value or several, of which all tests come out as wanted?

use super::glob::Search;
use super::opened::Value;
use super::predicate::{Demands, Domain, Mode, Predicate, Set};
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

/// The search for an entry of one key.
pub(super) struct Entry<'e> {
    pub(super) wanted: &'e [Wanted<'e>],
    pub(super) domain: &'e Domain,
    /// What is known of the variables that were left open in the tests.
    pub(super) opened: &'e [Value<'e>],
    pub(super) mode: Mode,
    pub(super) semantics: &'e Semantics,
    /// Counts down the states that are looked at.
    pub(super) budget: &'e mut usize,
}

impl<'e> Entry<'e> {
    /// Finds an entry. No value means that the key is absent, which is tried first.
    pub(super) fn find(mut self) -> Search<Vec<String>> {
        let mode = self.mode;
        if !self.domain.always && self.wanted.iter().all(|(test, holds)| test.on_absent(*holds, mode)) {
            return Search::Found(Vec::new());
        }
        if !self.wanted.iter().all(|(test, holds)| test.on_present(*holds, mode)) {
            return Search::Nothing;
        }
        let one = self.one_value();
        if one != Search::Nothing || !self.domain.several {
            return one.map(|value| vec![value]);
        }
        self.several_values()
    }

    fn one_value(&mut self) -> Search<String> {
        let all = self.wanted.iter().filter_map(|(test, holds)| match test {
            KeyTest::Values { predicate, .. } => Some((predicate, *holds)),
            KeyTest::Presence { .. } => None,
        });
        // A set operator takes no notice of an empty value, so it is no value to judge the others by.
        let quantified = |(test, _): &Wanted<'_>| {
            matches!(test, KeyTest::Values { quantifier: Quantifier::ForAllValues | Quantifier::ForAnyValue, .. })
        };
        let taken = if self.wanted.iter().any(quantified) { vec![String::new()] } else { Vec::new() };
        self.value(all, &taken)
    }

    /// A value, not one of `taken`, of which all of `predicates` come out as they have to.
    fn value(&mut self, predicates: impl Iterator<Item = (&'e Predicate, bool)>, taken: &[String]) -> Search<String> {
        let mut demands = Demands::default();
        demands.shape(self.domain);
        for (predicate, holds) in predicates {
            demands.add(predicate, holds, self.mode, self.semantics);
        }
        demands.open(self.opened);
        let found = demands.value(self.domain, taken, self.semantics.epoch, self.budget);
        found.map(|value| demands.nicer(value, self.domain, taken, self.semantics.epoch))
    }

    /// Some tests speak of every value, others want one of their own; what the former leave of each of the latter must
    /// not be empty.
    fn several_values(&mut self) -> Search<Vec<String>> {
        let mut every: Vec<(&Predicate, bool)> = Vec::new();
        let mut some: Vec<(&Predicate, bool)> = Vec::new();
        for (test, holds) in self.wanted {
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
        for own in some {
            match self.value(every.iter().copied().chain([own]), &values[..1]) {
                Search::Found(value) if !values.contains(&value) => values.push(value),
                Search::Found(_) => {}
                other => return other.map(|_| Vec::new()),
            }
        }
        // With variables left open, values cannot be told apart, and that there are enough of them is taken for granted.
        let open = self.wanted.iter().any(|(test, _)| test.is_open());
        while values.len() < 3 && !open {
            match self.value(every.iter().copied(), &values) {
                Search::Found(value) => values.push(value),
                other => return other.map(|_| Vec::new()),
            }
        }
        values.remove(0);
        Search::Found(values)
    }
}

impl KeyTest {
    /// Whether it is seen to come out so for `values`, of which there may be none. Of several, and of a set operator, only
    /// a search can tell.
    pub(super) fn is_met(&self, holds: bool, values: &[String], mode: Mode, semantics: &Semantics) -> bool {
        match (self, values) {
            (_, []) => self.on_absent(holds, mode),
            (Self::Presence { .. }, _) => self.on_present(holds, mode),
            (Self::Values { quantifier: Quantifier::One, predicate, .. }, [value]) => {
                predicate.is_met(holds, value, mode, semantics)
            }
            (Self::Values { .. }, _) => false,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Presence { .. } => false,
            Self::Values { predicate, .. } => predicate.is_open(),
        }
    }

    /// The same test of a key whose value stands for the open variable of this number in it.
    pub(super) fn of_own_value(self, id: u32) -> Self {
        let Self::Values { absent, quantifier, mut predicate } = self else { return self };
        if let Set::Text(bounds) | Set::Arn(bounds) = &mut predicate.set {
            for language in [&mut bounds.lower, &mut bounds.upper] {
                *language = language.of_own_value(id);
            }
        }
        Self::Values { absent, quantifier, predicate }
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
