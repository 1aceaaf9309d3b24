//! The keys that tell the time of a request, of which there is one.

use super::key::KeyTest;
use super::predicate::{Predicate, Set};
use super::typed::Scale;
use crate::access::Epoch;

/// The key of dates.
pub(super) const NOW: &str = "aws:currenttime";

/// The same in seconds.
pub(super) const EPOCH: &str = "aws:epochtime";

/// The test of [`NOW`] that one of [`EPOCH`] comes to. A number of seconds and the date that it stands for have the
/// same place on their scales.
pub(super) fn translate(key: &str, test: &KeyTest) -> Option<(&'static str, KeyTest)> {
    if key != EPOCH {
        return None;
    }
    let KeyTest::Values { absent, quantifier, predicate } = test else { return Some((NOW, test.clone())) };
    let Set::Typed(Scale::Number | Scale::Date, bounds) = &predicate.set else { return None };
    let predicate = Predicate { set: Set::Typed(Scale::Date, bounds.clone()), ..*predicate };
    Some((NOW, KeyTest::Values { absent: *absent, quantifier: *quantifier, predicate }))
}

/// The seconds of a date.
pub(super) fn seconds(date: &str) -> Option<String> {
    Scale::Date.read(date, Epoch::Seconds).map(|place| Scale::Number.write(place))
}
