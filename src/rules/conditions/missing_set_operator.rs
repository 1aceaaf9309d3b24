//! A key that may have several values, compared as if it had one.

use crate::diagnostic::Severity;
use crate::policy::{Base, Operator, Quantifier};
use crate::rule::{Context, Sink};

use super::known_key;

/// Reports each condition on such a key without a set operator.
///
/// For a service's key it is no more than a note: some are listed as lists by AWS, whose own policies compare them as
/// single values.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for condition in cx.policy.statements.iter().flat_map(|statement| &statement.conditions) {
        let single = |operator: &Operator| operator.quantifier == Quantifier::One && operator.base != Base::Null;
        let Some(operator) = condition.operator.filter(single) else { continue };
        let Some(key) = known_key(cx, condition).filter(|key| key.is_multivalued()) else { continue };
        let (name, written) = (condition.key, condition.operator_text);
        let message =
            format!("`{name}` may have several values, and `{written}` never matches a request with more than one");
        let with = |quantifier| Operator { quantifier, ..operator }.name();
        let (any, all) = (with(Quantifier::ForAnyValue), with(Quantifier::ForAllValues));
        let fits = if operator.base.negated() { "differs" } else { "fits" };
        let help = format!("use `{any}` if one value that {fits} is enough, `{all}` if each has to");
        let severity = if key.is_global() { Severity::Warning } else { Severity::Note };
        sink.report(condition.operator_span, message).severity(severity).help(help).related(condition.key_span, "");
    }
}
