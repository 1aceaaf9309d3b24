//! What a condition or an element demands of one value.

use super::glob::{Glob, Language, Reach, Search, Step, shortest};
use super::opened::{self, Value};
use super::typed::{Interval, Scale};
use crate::access::{Epoch, Semantics, UnreadableValue};
use std::sync::OnceLock;

/// A test of one value: whether it is in a set or, negated, whether it is not.
///
/// What holes hide is bracketed: the set lies between `lower` and `upper`, which are the same where nothing is
/// hidden.
#[derive(Debug, Clone)]
pub(super) struct Predicate {
    pub(super) set: Set,
    pub(super) negated: bool,
    /// Whether it fails whatever the value is; see [`UnreadableValue`].
    pub(super) never: bool,
}

/// Values of one type.
#[derive(Debug, Clone)]
pub(super) enum Set {
    /// Text.
    Text(Bounds<Language>),
    /// ARNs. Other text is neither in the set nor out of it.
    Arn(Bounds<Language>),
    /// Values that have an order.
    Typed(Scale, Bounds<Vec<Interval>>),
}

/// The least and the most that a set can be.
#[derive(Debug, Clone, Default)]
pub(super) struct Bounds<T> {
    pub(super) lower: T,
    pub(super) upper: T,
}

/// Which side errors may fall on where a hole hides something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Mode {
    /// A test holds if it could. What is impossible so is impossible for every value of the holes.
    May,
    /// A test holds only if it must. What is possible so is possible for every value of the holes.
    Must,
}

/// What several tests together demand of one value.
#[derive(Default)]
pub(super) struct Demands<'a> {
    within: Vec<&'a Language>,
    without: Vec<&'a Language>,
    typed: Vec<TypedDemand<'a>>,
    values: &'a [Value<'a>],
    never: bool,
}

struct TypedDemand<'a> {
    scale: Scale,
    intervals: &'a [Interval],
    inside: bool,
    /// Whether a value that is not of the type is as good.
    unreadable: bool,
}

/// What is known of a variable's values before any policy speaks of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Domain {
    /// Values to try first: they read well.
    pub(super) usual: Vec<String>,
    /// Whether the values above are all there are.
    pub(super) closed: bool,
    /// What all values look like.
    pub(super) shape: Option<Language>,
    /// What values look like that read well, the best first. Others are as good where there are none.
    pub(super) forms: &'static [Language],
    /// The type of all values.
    pub(super) scale: Option<Scale>,
    /// Whether a request may carry several.
    pub(super) several: bool,
    /// Whether every request carries it.
    pub(super) always: bool,
    /// Whether the request of every user and role carries it.
    pub(super) signed: bool,
}

impl Predicate {
    /// Whether the set is known.
    pub(super) fn is_exact(&self) -> bool {
        match &self.set {
            Set::Text(bounds) | Set::Arn(bounds) => bounds.lower == bounds.upper,
            Set::Typed(_, bounds) => bounds.lower == bounds.upper,
        }
    }

    /// Whether it comes out so for `value`.
    pub(super) fn is_met(&self, holds: bool, value: &str, mode: Mode, semantics: &Semantics) -> bool {
        let mut demands = Demands::default();
        demands.add(self, holds, mode, semantics);
        demands.met_by(value, semantics.epoch)
    }

    /// Whether a variable was left open in it.
    pub(super) fn is_open(&self) -> bool {
        match &self.set {
            Set::Text(bounds) | Set::Arn(bounds) => bounds.upper.globs.iter().any(Glob::is_open),
            Set::Typed(..) => false,
        }
    }
}

impl<'a> Demands<'a> {
    /// Adds that `predicate` holds, or that it does not.
    pub(super) fn add(&mut self, predicate: &'a Predicate, holds: bool, mode: Mode, semantics: &Semantics) {
        if predicate.never {
            self.never |= holds;
            return;
        }
        let inside = holds != predicate.negated;
        // To be inside is easier the larger the set is, to be outside the smaller.
        let upper = (mode == Mode::May) == inside;
        let differs = semantics.unreadable_value == UnreadableValue::Differs && predicate.negated;
        match &predicate.set {
            Set::Text(bounds) => self.text(bounds.pick(upper), inside),
            Set::Arn(bounds) if differs || !predicate.negated => self.text(bounds.pick(upper), inside),
            Set::Arn(bounds) => {
                self.text(bounds.pick(upper), inside);
                if !inside {
                    self.within.push(arn_shape());
                }
            }
            Set::Typed(scale, bounds) => self.typed.push(TypedDemand {
                scale: *scale,
                intervals: bounds.pick(upper),
                inside,
                unreadable: holds == differs,
            }),
        }
    }

    /// Adds that the value looks as its domain says.
    pub(super) fn shape(&mut self, domain: &'a Domain) {
        self.within.extend(&domain.shape);
        if let Some(scale) = domain.scale {
            self.typed.push(TypedDemand { scale, intervals: &[Interval::ALL], inside: true, unreadable: false });
        }
    }

    fn text(&mut self, language: &'a Language, inside: bool) {
        if inside { self.within.push(language) } else { self.without.push(language) }
    }

    fn met_by(&self, value: &str, epoch: Epoch) -> bool {
        !self.never
            && self.within.iter().all(|language| language.contains(value))
            && !self.without.iter().any(|language| language.contains(value))
            && self.typed.iter().all(|demand| match demand.scale.read(value, epoch) {
                Some(place) => demand.intervals.iter().any(|one| one.contains(place)) == demand.inside,
                None => demand.unreadable && !demand.scale.is_beyond(value),
            })
    }

    /// A value that meets all demands and is not one of `taken`.
    pub(super) fn value(&self, domain: &Domain, taken: &[String], epoch: Epoch, budget: &mut usize) -> Search<String> {
        if self.never {
            return Search::Nothing;
        }
        let fits = |value: &String| !taken.contains(value) && self.met_by(value, epoch);
        if let Some(value) = domain.usual.iter().find(|value| fits(value)) {
            return Search::Found(value.clone());
        }
        if domain.closed {
            return Search::Nothing;
        }
        if self.typed.is_empty() {
            return self.text_value(taken, budget);
        }
        for scale in [Scale::Number, Scale::Date, Scale::Address] {
            let same = || self.typed.iter().filter(|demand| demand.scale == scale);
            let intervals: Vec<Interval> = same().flat_map(|demand| demand.intervals).copied().collect();
            if same().next().is_none() {
                continue;
            }
            let mut candidates = scale.candidates(&intervals).into_iter().map(|place| scale.write(place));
            if let Some(value) = candidates.find(|value| fits(value)) {
                return Search::Found(value);
            }
        }
        self.mixed_value(fits, taken, budget)
    }

    /// A value that meets all demands and looks like one of the domain's forms, in place of `value`, which meets them
    /// but is not one of its usual values.
    pub(super) fn nicer(mut self, value: String, domain: &'a Domain, taken: &[String], epoch: Epoch) -> String {
        /// It is only for those who read it.
        const STATES: usize = 2_000;
        if domain.usual.contains(&value) {
            return value;
        }
        for form in domain.forms {
            self.within.push(form);
            if let Search::Found(nicer) = self.value(domain, taken, epoch, &mut STATES.clone()) {
                return nicer;
            }
            self.within.pop();
        }
        value
    }

    /// Where tests of text and of typed values meet, the text that is named is tried. If not all of it could be,
    /// nothing is claimed.
    fn mixed_value(&self, fits: impl Fn(&String) -> bool, taken: &[String], budget: &mut usize) -> Search<String> {
        let listed: Vec<Vec<String>> = self.within.iter().filter_map(|language| language.list()).collect();
        if let Some(value) = listed.iter().flatten().find(|value| fits(value)) {
            return Search::Found(value.clone());
        }
        let text = self.text_value(taken, budget);
        match text {
            Search::Found(value) if fits(&value) => return Search::Found(value),
            Search::Nothing => return Search::Nothing,
            _ => {}
        }
        let scales = self.typed.iter().all(|demand| demand.scale == self.typed[0].scale);
        let only_typed = self.within.is_empty() && self.without.is_empty() && scales;
        if !listed.is_empty() || only_typed { Search::Nothing } else { Search::GaveUp }
    }

    fn text_value(&self, taken: &[String], budget: &mut usize) -> Search<String> {
        let taken = Language { globs: taken.iter().map(|value| Glob::literal(value)).collect() };
        let mut without = self.without.clone();
        without.push(&taken);
        match self.within.iter().chain(&without).any(|language| language.is_open()) {
            true => opened::text(&self.within, &without, self.values, budget),
            false => shortest(&self.within, &without, budget),
        }
    }

    /// Adds that the value is in that language, if there is one.
    pub(super) fn within(&mut self, language: Option<&'a Language>) {
        self.within.extend(language);
    }

    /// Adds what is known of the values of variables that were left open.
    pub(super) fn open(&mut self, values: &'a [Value<'a>]) {
        self.values = values;
    }

    /// What is demanded here of text, as what is known of a variable with this number.
    pub(super) fn into_value(self, id: u32) -> Value<'a> {
        Value { id, within: self.within, without: self.without }
    }
}

impl<T> Bounds<T> {
    fn pick(&self, upper: bool) -> &T {
        if upper { &self.upper } else { &self.lower }
    }
}

/// Six parts.
pub(super) fn arn_shape() -> &'static Language {
    static SHAPE: OnceLock<Language> = OnceLock::new();
    SHAPE.get_or_init(|| {
        let mut steps = Vec::new();
        for _ in 0..5 {
            steps.extend([Step::Many(Reach::Part), Step::Char(':')]);
        }
        steps.push(Step::Many(Reach::Anywhere));
        Language::of(Glob { steps, folded: false })
    })
}

/// Fewer than six parts.
pub(super) fn not_arn() -> impl Iterator<Item = Glob> {
    (0..5).map(|colons| {
        let mut steps = vec![Step::Many(Reach::Part)];
        for _ in 0..colons {
            steps.extend([Step::Char(':'), Step::Many(Reach::Part)]);
        }
        Glob { steps, folded: false }
    })
}
