//! Condition operators.

/// An operator taken apart: `ForAllValues:StringNotLikeIfExists` and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The set operator before it.
    pub quantifier: Quantifier,
    /// The comparison.
    pub base: Base,
    /// Whether it ends in `IfExists`.
    pub if_exists: bool,
}

/// The set operator of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// None.
    One,
    /// `ForAllValues:`
    ForAllValues,
    /// `ForAnyValue:`
    ForAnyValue,
}

impl Quantifier {
    /// The prefix as AWS writes it.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::One => "",
            Self::ForAllValues => "ForAllValues:",
            Self::ForAnyValue => "ForAnyValue:",
        }
    }
}

/// The kind of value an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Text.
    String,
    /// Numbers.
    Numeric,
    /// Dates.
    Date,
    /// `true` or `false`.
    Bool,
    /// Base64.
    Binary,
    /// Addresses and prefixes.
    IpAddress,
    /// ARNs, component by component.
    Arn,
    /// Presence.
    Null,
}

macro_rules! bases {
    ($($name:ident $family:ident $negated:literal,)*) => {
        /// The comparison that an operator makes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Base { $(#[doc = concat!("`", stringify!($name), "`")] $name,)* }

        impl Base {
            /// Every comparison.
            pub const ALL: &[Base] = &[$(Base::$name,)*];

            /// The name as AWS writes it.
            pub fn name(self) -> &'static str {
                match self { $(Base::$name => stringify!($name),)* }
            }

            /// What it compares.
            pub fn family(self) -> Family {
                match self { $(Base::$name => Family::$family,)* }
            }

            /// Whether it holds where the comparison fails, and so where the key is absent.
            pub fn negated(self) -> bool {
                match self { $(Base::$name => $negated,)* }
            }
        }
    };
}

bases! {
    StringEquals String false,
    StringNotEquals String true,
    StringEqualsIgnoreCase String false,
    StringNotEqualsIgnoreCase String true,
    StringLike String false,
    StringNotLike String true,
    NumericEquals Numeric false,
    NumericNotEquals Numeric true,
    NumericLessThan Numeric false,
    NumericLessThanEquals Numeric false,
    NumericGreaterThan Numeric false,
    NumericGreaterThanEquals Numeric false,
    DateEquals Date false,
    DateNotEquals Date true,
    DateLessThan Date false,
    DateLessThanEquals Date false,
    DateGreaterThan Date false,
    DateGreaterThanEquals Date false,
    Bool Bool false,
    BinaryEquals Binary false,
    IpAddress IpAddress false,
    NotIpAddress IpAddress true,
    ArnEquals Arn false,
    ArnLike Arn false,
    ArnNotEquals Arn true,
    ArnNotLike Arn true,
    Null Null false,
}

impl Operator {
    /// Reads an operator. Case does not matter to AWS; an operator that does not exist is `None`, and so is
    /// `NullIfExists`, which AWS refuses.
    pub fn parse(text: &str) -> Option<Self> {
        let strip = |text: &'_ str, prefix: &str| -> Option<usize> {
            text.get(..prefix.len()).filter(|head| head.eq_ignore_ascii_case(prefix)).map(str::len)
        };
        let (quantifier, rest) = if let Some(at) = strip(text, "ForAllValues:") {
            (Quantifier::ForAllValues, &text[at..])
        } else if let Some(at) = strip(text, "ForAnyValue:") {
            (Quantifier::ForAnyValue, &text[at..])
        } else {
            (Quantifier::One, text)
        };
        let find = |name: &str| Base::ALL.iter().copied().find(|base| base.name().eq_ignore_ascii_case(name));
        if let Some(base) = find(rest) {
            return Some(Self { quantifier, base, if_exists: false });
        }
        let stem = rest.len().checked_sub("IfExists".len())?;
        if !rest.get(stem..)?.eq_ignore_ascii_case("IfExists") {
            return None;
        }
        let base = find(&rest[..stem]).filter(|base| *base != Base::Null)?;
        Some(Self { quantifier, base, if_exists: true })
    }

    /// The operator as AWS writes it.
    pub fn name(self) -> String {
        let suffix = if self.if_exists { "IfExists" } else { "" };
        format!("{}{}{suffix}", self.quantifier.prefix(), self.base.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_reads_back_as_itself() {
        for base in Base::ALL {
            for quantifier in [Quantifier::One, Quantifier::ForAllValues, Quantifier::ForAnyValue] {
                for if_exists in [false, true] {
                    let operator = Operator { quantifier, base: *base, if_exists };
                    let expected = (*base != Base::Null || !if_exists).then_some(operator);
                    assert_eq!(Operator::parse(&operator.name()), expected);
                    assert_eq!(Operator::parse(&operator.name().to_lowercase()), expected);
                }
            }
        }
        for wrong in ["", "IfExists", "StringEqual", "ForAllValues:", "foo:Bool", "BoolIfExist", "é"] {
            assert_eq!(Operator::parse(wrong), None, "{wrong}");
        }
    }
}
