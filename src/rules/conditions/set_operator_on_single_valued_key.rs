//! `ForAllValues` or `ForAnyValue` on a key that has one value.

use crate::access::mfa::{MfaKey, Verdict};
use crate::diagnostic::Severity;
use crate::policy::{Operator, Quantifier};
use crate::rule::{Context, Sink};

use super::known_key;

/// Reports each such condition, unless it is an MFA condition whose whole statement is at fault for it.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        for condition in &statement.conditions {
            let is_set = |operator: &Operator| operator.quantifier != Quantifier::One;
            let Some(operator) = condition.operator.filter(is_set) else { continue };
            if known_key(cx, condition).is_none_or(|key| key.is_multivalued()) {
                continue;
            }
            let judged = MfaKey::of(condition).and_then(|_| cx.analysis.mfa().of(statement));
            if judged.is_some_and(|judged| !matches!(judged.verdict, Verdict::Right | Verdict::Unknown)) {
                continue;
            }
            let (absent, severity) = match operator.quantifier {
                Quantifier::ForAllValues => (", and it also holds where the key is absent", Severity::Warning),
                // It is as if it were not there, save that a negated operator does not hold where the key is absent.
                _ => ("", Severity::Note),
            };
            let set = operator.quantifier.prefix().trim_end_matches(':');
            let message = format!("`{}` has one value, so `{set}` has nothing to choose from{absent}", condition.key);
            let help = format!("use `{}`", Operator { quantifier: Quantifier::One, ..operator }.name());
            sink.report(condition.operator_span, message).severity(severity).help(help);
        }
    }
}
