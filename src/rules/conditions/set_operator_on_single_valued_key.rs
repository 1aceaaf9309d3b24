//! `ForAllValues` or `ForAnyValue` on a key that has one value.

use crate::access::Semantics;
use crate::access::evaluate::holds_on_absent;
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
            let is_of_mfa = MfaKey::of(condition).is_some();
            if is_of_mfa && statement.unfinished {
                continue;
            }
            let judged = cx.analysis.mfa().of(statement).filter(|_| is_of_mfa);
            if judged.is_some_and(|judged| !matches!(judged.verdict, Verdict::Right | Verdict::Unknown)) {
                continue;
            }
            let plain = Operator { quantifier: Quantifier::One, ..operator };
            let holds = |operator| holds_on_absent(operator, &Semantics::default());
            // Else it is as if it were not there, save that a negated operator may not hold where the key is absent.
            let (absent, severity) = match holds(operator) && !holds(plain) {
                true => (", and it also holds where the key is absent", Severity::Warning),
                false => ("", Severity::Note),
            };
            let set = operator.quantifier.prefix().trim_end_matches(':');
            let message = format!("`{}` has one value, so `{set}` has nothing to choose from{absent}", condition.key);
            let help = format!("use `{}`", plain.name());
            sink.report(condition.operator_span, message).severity(severity).help(help);
        }
    }
}
