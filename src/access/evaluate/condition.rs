//! One condition against one request.

use super::context::{Context, Entry};
use super::glob::{Ends, Glob, Piece, Reading, Variables};
use super::value::{Decimal, Instant, Prefix, base64};
use crate::access::semantics::{AnyValueIfExists, BoolVariables, Epoch, Semantics, UnreadableValue, ValuelessVariable};
use crate::policy::{Base, Condition, Family, JsonType, Operator, Quantifier, Scalar, Truth, Version};
use std::cmp::Ordering;
use std::net::IpAddr;

/// Whether `condition` holds for a request that carries `context`, in a policy of that `version`.
///
/// It is `Maybe` only where that depends on a hole (in the key, too), on what an incomplete condition may hide, on an unknown
/// version, or on a key that a partial context does not tell. An operator that does not exist never holds.
pub fn condition(condition: &Condition<'_>, context: &Context, version: Version, semantics: &Semantics) -> Truth {
    let Some(operator) = condition.operator else { return Truth::No };
    let test = Test { condition, operator, context, version, semantics };
    match context.get(condition.key) {
        _ if !condition.key_known => Truth::Maybe,
        Entry::Unknown => Truth::Maybe,
        entry if operator.base == Base::Null => test.null(entry),
        Entry::Absent => Truth::from(holds_on_absent(operator, semantics)),
        Entry::Values(values) => test.values(values),
    }
}

/// Whether a condition with this operator holds where the key is absent, whatever its values are.
pub fn holds_on_absent(operator: Operator, semantics: &Semantics) -> bool {
    match operator.quantifier {
        Quantifier::One => operator.if_exists || operator.base.negated(),
        Quantifier::ForAllValues => true,
        Quantifier::ForAnyValue => operator.if_exists && semantics.any_value_if_exists == AnyValueIfExists::Holds,
    }
}

struct Test<'a> {
    condition: &'a Condition<'a>,
    operator: Operator,
    context: &'a Context,
    version: Version,
    semantics: &'a Semantics,
}

/// What comes of comparing a value of the request with a value of the policy.
enum Comparison {
    /// Whether the comparison that the operator is named for, or the one it negates, holds.
    Holds(Truth),
    /// One of the two is not of the operator's type.
    Unreadable,
    /// A variable of the policy has no value in this request.
    Valueless,
}

impl Test<'_> {
    /// Whether the key is absent is all that `Null` asks. Several values are alternatives.
    fn null(&self, entry: Entry<'_>) -> Truth {
        if !self.condition.complete {
            return Truth::Maybe;
        }
        let absent = entry == Entry::Absent;
        any(self.condition.values.iter().map(|value| match boolean(&value.text.text) {
            _ if value.text.has_hole() || value.json == JsonType::Hole => Truth::Maybe,
            Some(wanted) => Truth::from(wanted == absent),
            None => Truth::No,
        }))
    }

    fn values(&self, values: &[String]) -> Truth {
        // AWS calls an empty value null, and the set operators take no notice of it.
        let counted = || values.iter().filter(|value| !value.is_empty());
        match self.operator.quantifier {
            Quantifier::One => match values {
                [value] => self.value(value),
                // Several values want a set operator; without one, nothing matches.
                _ => Truth::No,
            },
            Quantifier::ForAllValues => all(counted().map(|value| self.value(value))),
            Quantifier::ForAnyValue => any(counted().map(|value| self.value(value))),
        }
    }

    /// A value fits where any of the policy's does, or, under a negated operator, where it differs from all.
    fn value(&self, value: &str) -> Truth {
        if !self.condition.complete {
            return Truth::Maybe;
        }
        let comparisons = self.condition.values.iter().map(|own| self.compare(own, value));
        if !self.operator.base.negated() {
            return any(comparisons.map(|comparison| match comparison {
                Comparison::Holds(truth) => truth,
                Comparison::Unreadable | Comparison::Valueless => Truth::No,
            }));
        }
        all(comparisons.map(|comparison| match comparison {
            Comparison::Holds(truth) => !truth,
            Comparison::Unreadable => Truth::from(self.semantics.unreadable_value == UnreadableValue::Differs),
            Comparison::Valueless => Truth::from(self.semantics.valueless_variable == ValuelessVariable::Differs),
        }))
    }

    fn compare(&self, own: &Scalar<'_>, value: &str) -> Comparison {
        let Some(glob) = Glob::resolve(&own.text, self.context, self.reading()) else { return Comparison::Valueless };
        let glob = if own.json == JsonType::Hole { Glob { pieces: vec![Piece::Unknown] } } else { glob };
        match self.operator.base.family() {
            Family::String => Comparison::Holds(self.string(glob, value)),
            Family::Arn => arn(glob, value),
            _ if glob.has_unknown() => Comparison::Holds(Truth::Maybe),
            family => match glob.literal().and_then(|own| self.typed(family, &own, value)) {
                Some(holds) => Comparison::Holds(Truth::from(holds)),
                None => Comparison::Unreadable,
            },
        }
    }

    fn reading(&self) -> Reading {
        let base = self.operator.base;
        let substitutes = match base.family() {
            Family::String | Family::Arn => true,
            Family::Bool => self.semantics.bool_variables == BoolVariables::Substituted,
            Family::Numeric | Family::Date | Family::Binary | Family::IpAddress | Family::Null => false,
        };
        let wildcards = matches!(base, Base::StringLike | Base::StringNotLike) || base.family() == Family::Arn;
        Reading { wildcards, variables: if substitutes { Variables::of(self.version) } else { Variables::Literal } }
    }

    fn string(&self, mut glob: Glob, value: &str) -> Truth {
        if !matches!(self.operator.base, Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase) {
            return glob.matches(value);
        }
        glob.fold_case();
        glob.matches(&value.to_ascii_lowercase())
    }

    /// Compares two values of a type that has neither wildcards nor holes. `None` where one is not of that type.
    fn typed(&self, family: Family, own: &str, value: &str) -> Option<bool> {
        let epoch = self.semantics.epoch;
        match family {
            Family::Numeric => Some(ordered(self.operator.base, Decimal::parse(value)?.cmp(&Decimal::parse(own)?))),
            Family::Date => {
                let (value, own) = (Instant::parse(value, epoch)?, Instant::parse(own, epoch)?);
                Some(ordered(self.operator.base, value.cmp(&own)))
            }
            Family::Bool => Some(boolean(own)? == boolean(value)?),
            Family::Binary => Some(base64(own)? == base64(value)?),
            Family::IpAddress => Some(Prefix::parse(own)?.contains(value.trim().parse::<IpAddr>().ok()?)),
            Family::String | Family::Arn | Family::Null => None,
        }
    }
}

/// ARNs are compared part by part, and both must have all six.
fn arn(glob: Glob, value: &str) -> Comparison {
    if value.bytes().filter(|byte| *byte == b':').count() < 5 {
        return Comparison::Unreadable;
    }
    match glob.colons() {
        (count, Truth::Yes) if count < 5 => Comparison::Unreadable,
        (_, Truth::Yes) => Comparison::Holds(glob.segmented(Ends::Stop).matches(value)),
        // What is not known may hold colons, so it is not known which part a wildcard stands in.
        _ => Comparison::Holds(glob.matches(value)),
    }
}

/// Whether the comparison holds that `base` is named for or, under a negated operator, the one that it negates.
fn ordered(base: Base, found: Ordering) -> bool {
    match base {
        Base::NumericLessThan | Base::DateLessThan => found.is_lt(),
        Base::NumericLessThanEquals | Base::DateLessThanEquals => found.is_le(),
        Base::NumericGreaterThan | Base::DateGreaterThan => found.is_gt(),
        Base::NumericGreaterThanEquals | Base::DateGreaterThanEquals => found.is_ge(),
        _ => found.is_eq(),
    }
}

/// Whether operators of that family can read `text`, which has neither wildcards, variables nor holes. What they cannot
/// read never matches.
pub fn is_readable(family: Family, text: &str) -> bool {
    match family {
        Family::String => true,
        Family::Numeric => Decimal::parse(text).is_some(),
        Family::Date => Instant::parse(text, Epoch::Seconds).is_some(),
        Family::Bool | Family::Null => boolean(text).is_some(),
        Family::Binary => base64(text).is_some(),
        Family::IpAddress => Prefix::parse(text).is_some(),
        Family::Arn => text.bytes().filter(|byte| *byte == b':').count() >= 5,
    }
}

fn boolean(text: &str) -> Option<bool> {
    [true, false].into_iter().find(|value| text.eq_ignore_ascii_case(if *value { "true" } else { "false" }))
}

pub(super) fn any(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.fold(Truth::No, Truth::or)
}

pub(super) fn all(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.fold(Truth::Yes, Truth::and)
}
