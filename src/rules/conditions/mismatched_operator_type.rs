//! An operator of another type than the key's.

use crate::access::mfa::Verdict;
use crate::catalog::{ConditionKey, KeyType};
use crate::diagnostic::Severity;
use crate::policy::{Base, Condition, Family, Scalar, has_wildcard};
use crate::rule::{Context, Sink};

use super::invalid_condition_value::ACCOUNT_KEYS;
use super::known_key;

/// What comes of comparing a key with an operator of another type.
enum Mismatch {
    /// The values are compared as text, character by character.
    AsText,
    /// The number is read as a number of seconds since 1970.
    AsDate,
    /// A text is read as something else, which it is by chance only.
    ByChance,
    /// No value of the key is ever of the operator's type.
    NeverMatches,
}

/// Reports each such condition: a warning where it works after a fashion, an error where it cannot.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        for condition in &statement.conditions {
            let (Some(operator), Some(key)) = (condition.operator, known_key(cx, condition)) else { continue };
            let Some(mismatch) = mismatch(key, operator.base.family()) else { continue };
            let faulty = cx.analysis.mfa().of(statement).filter(|judged| judged.verdict != Verdict::Right);
            // Where the statement's MFA conditions are at fault as a whole, that finding says what to write instead.
            let told = faulty.is_some_and(|judged| {
                judged.verdict != Verdict::Unknown
                    && judged.conditions.iter().any(|other| std::ptr::eq(*other, condition))
            });
            // Only text and ARNs can be compared with a variable.
            let needs_text = operator.base.family() == Family::String
                && condition.values.iter().any(|value| value.text.has_variable());
            if !told && !needs_text {
                report(sink, condition, key, &mismatch);
            }
        }
    }
}

/// Whether operators of that family are not for keys of that type.
pub(in crate::rules) fn is_mismatch(key: ConditionKey<'_>, family: Family) -> bool {
    mismatch(key, family).is_some()
}

/// Global keys whose text may be anything. That of tags may, too; their keys are templates.
const FREE_TEXT: [&str; 3] = ["aws:referer", "aws:TagKeys", "aws:UserAgent"];

/// Whether the text of a key is an id, a name or the like, of which AWS says what it is. What it says of the types of
/// services' keys is not always so.
fn is_certain_text(key: ConditionKey<'_>) -> bool {
    key.key_type() == KeyType::String
        && (key.is_global() && !key.is_template() && !FREE_TEXT.contains(&key.name())
            || ACCOUNT_KEYS.contains(&key.name()))
}

fn mismatch(key: ConditionKey<'_>, family: Family) -> Option<Mismatch> {
    use Family::{Arn, Binary, Bool, Date, IpAddress, Null, Numeric, String};
    if is_certain_text(key) {
        return match family {
            Null | String => None,
            // An account id is of digits alone.
            Numeric if ACCOUNT_KEYS.contains(&key.name()) => None,
            Arn | IpAddress => Some(Mismatch::NeverMatches),
            Numeric | Date | Bool | Binary => Some(Mismatch::ByChance),
        };
    }
    match (key.key_type(), family) {
        (_, Null) => None,
        // Tags and the like may hold numbers, dates or truth values, and an ARN is text.
        (KeyType::String | KeyType::StringOrArn, String | Numeric | Date | Bool | Binary) => None,
        (KeyType::String, IpAddress) => Some(Mismatch::NeverMatches),
        (KeyType::String | KeyType::StringOrArn, _) => None,
        (KeyType::Arn, String | Arn) => None,
        (KeyType::Bool, Bool) | (KeyType::Numeric, Numeric) | (KeyType::Binary, Binary) => None,
        (KeyType::Date, Date) | (KeyType::DateOrNumeric, Date | Numeric) | (KeyType::IpAddress, IpAddress) => None,
        // A date may be written as a number of seconds since 1970, which an age or a size is not meant as.
        (KeyType::Numeric, Date) => Some(Mismatch::AsDate),
        (_, String) => Some(Mismatch::AsText),
        _ => Some(Mismatch::NeverMatches),
    }
}

fn report(sink: &mut Sink, condition: &Condition<'_>, known: ConditionKey<'_>, mismatch: &Mismatch) {
    let key_type = known.key_type();
    let (key, operator) = (condition.key, condition.operator_text);
    let (sort, right) = expected(key_type);
    let negated = condition.operator.is_some_and(|operator| operator.base.negated());
    let (message, severity) = match mismatch {
        Mismatch::AsText => {
            (format!("`{key}` is {sort}, and `{operator}` compares it as text, letter by letter"), Severity::Warning)
        }
        Mismatch::AsDate => {
            (format!("`{key}` is {sort}, and `{operator}` reads it as seconds since 1970"), Severity::Warning)
        }
        Mismatch::ByChance => {
            (format!("`{key}` is {sort}, which `{operator}` matches by chance only"), Severity::Warning)
        }
        Mismatch::NeverMatches if negated => {
            (format!("`{key}` is {sort}, so `{operator}` has nothing to compare"), Severity::Error)
        }
        Mismatch::NeverMatches => (format!("`{key}` is {sort}, so `{operator}` can never match it"), Severity::Error),
    };
    // What AWS says of the types of services' keys is not always so.
    let severity = if known.is_global() { severity } else { Severity::Warning };
    if let Some(value) = impossible_value(condition, key_type) {
        let message = format!("`{key}` is {sort}, so it never equals `{}`", value.text.text);
        sink.report(value.text.span, message).severity(Severity::Warning);
        return;
    }
    sink.report(condition.operator_span, message).severity(severity).help(format!("use {right}"));
}

/// A text that a key which is only ever true or false is compared with in vain, where it is the only one. AWS's own
/// policies have such conditions, so it is no more than a warning.
fn impossible_value<'c, 'a>(condition: &'c Condition<'a>, key_type: KeyType) -> Option<&'c Scalar<'a>> {
    let [value] = condition.values.as_slice() else { return None };
    let compares_text = condition.operator?.base.family() == Family::String;
    let may_equal = ["true", "false"].into_iter().any(|known| value.text.text.eq_ignore_ascii_case(known));
    let known = value.text.is_literal() && !has_wildcard(&value.text.text);
    (key_type == KeyType::Bool && compares_text && known && !may_equal).then_some(value)
}

/// What a key of that type is, and the operators that read it.
fn expected(key_type: KeyType) -> (&'static str, String) {
    let one = |base: Base| format!("`{}`", base.name());
    match key_type {
        KeyType::String | KeyType::StringOrArn => ("text", "a `String…` operator".into()),
        KeyType::Arn => ("an ARN", "an `Arn…` operator".into()),
        KeyType::Bool => ("true or false", one(Base::Bool)),
        KeyType::Numeric => ("a number", "a `Numeric…` operator".into()),
        KeyType::Date | KeyType::DateOrNumeric => ("a date", "a `Date…` operator".into()),
        KeyType::IpAddress => ("an IP address", format!("{} or {}", one(Base::IpAddress), one(Base::NotIpAddress))),
        KeyType::Binary => ("binary", one(Base::BinaryEquals)),
    }
}
