//! From the typed model to tests, each about one variable of the request.

use super::base64;
use super::glob::{Glob, Language, Reach, Step};
use super::key::KeyTest;
use super::predicate::{Bounds, Predicate, Set, not_arn};
use super::typed::{Interval, Scale};
use crate::access::{AnyValueIfExists, ArnSpan, BoolVariables, Semantics, UnreadableValue, ValuelessVariable};
use crate::policy::{
    Base, Condition, Element, Family, JsonType, Operator, PartKind, Quantifier, Text, Truth, Version, variable_default,
    variable_key,
};
use std::collections::{BTreeMap, BTreeSet};

/// What stands in place of each policy variable, by folded key. A key that is not here has no value.
pub(super) type Assignment = BTreeMap<String, Variable>;

/// What stands in place of a policy variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Variable {
    /// This text.
    Text(String),
    /// Whatever its value is.
    Open(Whatever),
    /// The same, of values with which no pattern matches the resource that is asked about.
    Elsewhere(Whatever),
    /// Nothing is known of it, not even whether it has a value, nor that it is the same wherever it stands.
    Hidden,
}

/// A value that is left open.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Whatever {
    /// See [`Step::Open`]. The numbers are even.
    pub(super) id: u32,
    /// It is none of these, which are gone through one by one.
    pub(super) but: BTreeSet<String>,
}

/// Compiles the texts of one policy.
#[derive(Clone, Copy)]
pub(super) struct Compiler<'a> {
    pub(super) version: Version,
    pub(super) semantics: &'a Semantics,
    pub(super) assignment: &'a Assignment,
}

/// A text as a glob, as far as it is known.
enum Reading {
    Known(Glob),
    /// It has a hole; the glob matches whatever it could.
    Hidden(Glob),
    /// A variable in it has no value.
    Valueless,
}

impl Compiler<'_> {
    /// The test that a condition makes; `None` for an operator that does not exist.
    pub(super) fn condition(&self, condition: &Condition<'_>) -> Option<KeyTest> {
        let operator = condition.operator?;
        if operator.base == Base::Null {
            return Some(presence(condition));
        }
        let absent = match operator.quantifier {
            Quantifier::One => operator.if_exists || operator.base.negated(),
            Quantifier::ForAllValues => true,
            Quantifier::ForAnyValue => {
                operator.if_exists && self.semantics.any_value_if_exists == AnyValueIfExists::Holds
            }
        };
        let predicate = match operator.base.family() {
            Family::Numeric => self.typed(condition, operator, Scale::Number),
            Family::Date => self.typed(condition, operator, Scale::Date),
            Family::IpAddress => self.typed(condition, operator, Scale::Address),
            Family::Binary => binary(condition),
            _ => self.textual(condition, operator),
        };
        Some(KeyTest::Values { absent, quantifier: operator.quantifier, predicate })
    }

    fn textual(&self, condition: &Condition<'_>, operator: Operator) -> Predicate {
        let base = operator.base;
        let family = base.family();
        let arn = family == Family::Arn;
        let wildcards = arn || matches!(base, Base::StringLike | Base::StringNotLike);
        let variables = match family {
            Family::Bool => self.semantics.bool_variables == BoolVariables::Substituted,
            _ => true,
        };
        let fold =
            family == Family::Bool || matches!(base, Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase);
        let mut bounds: Bounds<Language> = Bounds::default();
        let mut never = false;
        for value in &condition.values {
            let reading = match value.json {
                JsonType::Hole => Reading::Hidden(Glob::wild("*")),
                _ => self.text(&value.text, wildcards, variables),
            };
            let (glob, known) = match reading {
                Reading::Known(glob) => (glob, true),
                Reading::Hidden(glob) => (glob, false),
                Reading::Valueless => {
                    never |= base.negated() && self.semantics.valueless_variable == ValuelessVariable::NeverMatches;
                    continue;
                }
            };
            if arn && known && glob.colons() < 5 && !glob.is_open() {
                never |= base.negated() && self.semantics.unreadable_value == UnreadableValue::NeverMatches;
                continue;
            }
            let glob = if fold { glob.fold() } else { glob };
            if family == Family::Bool && known && !glob.is_open() && !["true", "false"].iter().any(|it| glob.spells(it))
            {
                continue;
            }
            // A variable that is left open may be no boolean.
            let known = known && !(family == Family::Bool && glob.is_open());
            let held = if arn && known { glob.clone().hold_to_parts(false) } else { glob.clone() };
            if known {
                bounds.lower.globs.push(held.clone());
            }
            bounds.upper.globs.push(if glob.shifts_parts() { glob } else { held });
        }
        if !condition.complete {
            bounds = Bounds { lower: Language::default(), upper: Language::everything() };
        }
        if arn && base.negated() && self.semantics.unreadable_value == UnreadableValue::NeverMatches {
            bounds.lower.globs.extend(not_arn());
            bounds.upper.globs.extend(not_arn());
            return Predicate { set: Set::Arn(bounds), negated: true, never };
        }
        Predicate { set: Set::Text(bounds), negated: base.negated(), never }
    }

    fn typed(&self, condition: &Condition<'_>, operator: Operator, scale: Scale) -> Predicate {
        let negated = operator.base.negated();
        let mut bounds: Bounds<Vec<Interval>> = Bounds::default();
        let mut never = false;
        for value in &condition.values {
            let text = &*value.text.text;
            let interval = match scale {
                Scale::Address => Scale::read_prefix(text),
                _ => {
                    let place = scale.read(text, self.semantics.epoch).filter(|place| scale.is_coarse(*place));
                    place.map(|place| comparison(operator.base, place))
                }
            };
            match interval {
                _ if value.text.has_hole() || value.json == JsonType::Hole => bounds.upper.push(Interval::ALL),
                Some(interval) => {
                    bounds.lower.push(interval);
                    bounds.upper.push(interval);
                }
                None if scale.is_beyond(text) => bounds.upper.push(Interval::ALL),
                None => never |= negated && self.semantics.unreadable_value == UnreadableValue::NeverMatches,
            }
        }
        if !condition.complete {
            bounds = Bounds { lower: Vec::new(), upper: vec![Interval::ALL] };
        }
        Predicate { set: Set::Typed(scale, bounds), negated, never }
    }

    /// The test that `Resource` or `NotResource` makes.
    pub(super) fn resource(&self, element: &Element<'_>) -> Predicate {
        let mut bounds: Bounds<Language> = Bounds::default();
        for item in element.items.iter().filter(|item| !self.is_elsewhere(item)) {
            let (glob, known) = match self.text(item, true, true) {
                Reading::Known(glob) => (glob, true),
                Reading::Hidden(glob) => (glob, false),
                Reading::Valueless => continue,
            };
            let held = if known { self.hold_resource(glob.clone()) } else { glob.clone() };
            if known {
                bounds.lower.globs.push(held.clone());
            }
            bounds.upper.globs.push(if glob.shifts_parts() { glob } else { held });
        }
        if !element.complete {
            bounds.upper = Language::everything();
        }
        Predicate { set: Set::Text(bounds), negated: element.negated, never: false }
    }

    fn is_elsewhere(&self, item: &Text<'_>) -> bool {
        self.version == Version::V2012
            && item.all_parts().filter(|(_, kind)| *kind == PartKind::Variable).any(|(written, _)| {
                let variable = self.assignment.get(&variable_key(written).to_lowercase());
                matches!(variable, Some(Variable::Elsewhere(_)))
            })
    }

    fn hold_resource(&self, mut glob: Glob) -> Glob {
        let everything = !glob.steps.is_empty() && glob.steps.iter().all(|step| matches!(step, Step::Many(_)));
        if everything || self.semantics.arn_span == ArnSpan::String {
            return glob;
        }
        // A pattern that breaks off with a wildcard goes on with wildcards.
        if matches!(glob.steps.last(), Some(Step::Many(_))) {
            for _ in glob.colons()..5 {
                glob.steps.extend([Step::Char(':'), Step::Many(Reach::Anywhere)]);
            }
        }
        glob.hold_to_parts(self.semantics.arn_span == ArnSpan::Expand)
    }

    fn text(&self, text: &Text<'_>, wildcards: bool, variables: bool) -> Reading {
        let substitutes = variables && self.version == Version::V2012;
        let unsure = variables && matches!(self.version, Version::Unknown | Version::Invalid);
        let mut steps = Vec::with_capacity(text.text.len());
        let mut hidden = false;
        for (written, kind) in text.all_parts() {
            match kind {
                PartKind::Literal => steps.extend(spelled(written, wildcards)),
                PartKind::Variable | PartKind::Escape if !unsure && !substitutes => {
                    steps.extend(spelled(written, wildcards));
                }
                PartKind::Hole | PartKind::Variable | PartKind::Escape if unsure || kind == PartKind::Hole => {
                    hidden = true;
                    steps.push(Step::Many(Reach::Anywhere));
                }
                PartKind::Hole => {}
                PartKind::Escape => steps.extend(written.chars().rev().nth(1).map(Step::Char)),
                PartKind::Variable => match self.assignment.get(&variable_key(written).to_lowercase()) {
                    Some(Variable::Text(value)) => steps.extend(spelled(value, false)),
                    Some(Variable::Open(own) | Variable::Elsewhere(own)) => steps.push(Step::Open(own.id)),
                    Some(Variable::Hidden) => {
                        hidden = true;
                        steps.push(Step::Many(Reach::Anywhere));
                    }
                    None => match variable_default(written) {
                        Some(default) => steps.extend(spelled(default, false)),
                        None => return Reading::Valueless,
                    },
                },
            }
        }
        // What is hidden may hold colons, so it is not known which part of an ARN a wildcard stands in: every
        // wildcard is left free.
        let glob = Glob { steps, folded: false };
        if hidden { Reading::Hidden(glob) } else { Reading::Known(glob) }
    }
}

fn spelled(text: &str, wildcards: bool) -> impl Iterator<Item = Step> + '_ {
    text.chars().map(move |c| match c {
        '*' if wildcards => Step::Many(Reach::Anywhere),
        '?' if wildcards => Step::One(Reach::Anywhere),
        other => Step::Char(other),
    })
}

/// Bytes are equal however they are spelled.
fn binary(condition: &Condition<'_>) -> Predicate {
    let mut bounds: Bounds<Language> = Bounds::default();
    for value in &condition.values {
        if value.text.has_hole() || value.json == JsonType::Hole {
            bounds.upper.globs.push(Glob::wild("*"));
            continue;
        }
        let globs: Vec<Glob> = base64::spellings(&value.text.text).iter().map(|text| Glob::literal(text)).collect();
        bounds.lower.globs.extend(globs.iter().cloned());
        bounds.upper.globs.extend(globs);
    }
    if !condition.complete {
        bounds = Bounds { lower: Language::default(), upper: Language::everything() };
    }
    Predicate { set: Set::Text(bounds), negated: false, never: false }
}

/// `Null` with several values is an alternative of them.
fn presence(condition: &Condition<'_>) -> KeyTest {
    let (mut absent, mut present) = (Truth::No, Truth::No);
    for value in &condition.values {
        if value.text.has_hole() || value.json == JsonType::Hole {
            (absent, present) = (absent.or(Truth::Maybe), present.or(Truth::Maybe));
        } else if value.text.text.eq_ignore_ascii_case("true") {
            absent = Truth::Yes;
        } else if value.text.text.eq_ignore_ascii_case("false") {
            present = Truth::Yes;
        }
    }
    if !condition.complete {
        (absent, present) = (Truth::Maybe, Truth::Maybe);
    }
    KeyTest::Presence { absent, present }
}

fn comparison(base: Base, place: i128) -> Interval {
    let (low, high) = (i128::MIN, i128::MAX);
    match base {
        Base::NumericLessThan | Base::DateLessThan => Interval { low, high: place - 1 },
        Base::NumericLessThanEquals | Base::DateLessThanEquals => Interval { low, high: place },
        Base::NumericGreaterThan | Base::DateGreaterThan => Interval { low: place + 1, high },
        Base::NumericGreaterThanEquals | Base::DateGreaterThanEquals => Interval { low: place, high },
        _ => Interval { low: place, high: place },
    }
}
