//! The points on which AWS's own texts are silent or at odds, each with a name.
//!
//! The default is what AWS documents; where AWS documents nothing, it is what its published examples need to come
//! out as AWS prints them.

/// How the engine reads what is contested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Semantics {
    /// How far a wildcard of a `Resource` reaches.
    pub arn_span: ArnSpan,
    /// What a negated operator makes of a value that it cannot read.
    pub unreadable_value: UnreadableValue,
    /// What a negated operator makes of a policy variable that has no value.
    pub valueless_variable: ValuelessVariable,
    /// The unit of a date that is a bare number.
    pub epoch: Epoch,
    /// What `ForAnyValue:…IfExists` makes of an absent key.
    pub any_value_if_exists: AnyValueIfExists,
    /// Whether `Bool` substitutes policy variables.
    pub bool_variables: BoolVariables,
    /// What `NotPrincipal` needs in a Deny for someone to be spared.
    pub not_principal: NotPrincipal,
}

impl Semantics {
    /// What is documented, and all that it might be otherwise: what holds under each of these hangs on nothing that is
    /// contested.
    pub fn readings() -> [Self; 3] {
        let documented = Self::default();
        [
            documented,
            Self {
                arn_span: ArnSpan::Expand,
                unreadable_value: UnreadableValue::Differs,
                epoch: Epoch::Milliseconds,
                not_principal: NotPrincipal::AnyName,
                ..documented
            },
            Self {
                arn_span: ArnSpan::String,
                valueless_variable: ValuelessVariable::NeverMatches,
                any_value_if_exists: AnyValueIfExists::Fails,
                bool_variables: BoolVariables::Literal,
                ..documented
            },
        ]
    }
}

/// How far a wildcard of a `Resource` reaches within the first five parts of an ARN. In the last part, it always
/// reaches across everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ArnSpan {
    /// To the next colon. AWS's published answers of CheckNoNewAccess are right only under this reading.
    #[default]
    Strict,
    /// A `*` that ends its part also reaches across colons, as the current page of the user guide says.
    Expand,
    /// Across everything.
    String,
}

/// What `NumericNotEquals`, `ArnNotLike` and the like make of a value that is no number, no ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UnreadableValue {
    /// The condition does not hold.
    #[default]
    NeverMatches,
    /// It differs, so the condition holds.
    Differs,
}

/// What `StringNotEquals` and the like make of a variable that has no value in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ValuelessVariable {
    /// It differs from everything, so the condition holds; the user guide says so.
    #[default]
    Differs,
    /// The condition does not hold.
    NeverMatches,
}

/// The unit of a date that is written as a bare number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Epoch {
    /// Seconds since 1970, as in `aws:EpochTime`.
    #[default]
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

/// What `ForAnyValue:…IfExists` makes of an absent key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AnyValueIfExists {
    /// `IfExists` wins, and the condition holds.
    #[default]
    Holds,
    /// `ForAnyValue` wins, and it does not.
    Fails,
}

/// Whether `Bool` substitutes policy variables: the page on operators says so, the page on variables does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BoolVariables {
    /// They are substituted.
    #[default]
    Substituted,
    /// They are text, and so neither `true` nor `false`.
    Literal,
}

/// What a Deny with `NotPrincipal` needs for someone to be spared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NotPrincipal {
    /// Every name that the caller goes by must be there: the session, the role or user, and the account.
    #[default]
    EveryName,
    /// Any of the caller's own names suffices.
    AnyName,
}
