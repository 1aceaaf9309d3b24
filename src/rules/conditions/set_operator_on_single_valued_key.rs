//! `ForAllValues` or `ForAnyValue` on a key that has one value.

use crate::access::mfa::Verdict;
use crate::catalog::global_key;
use crate::policy::Quantifier;
use crate::rule::{Context, Sink};

/// Reports each such condition, unless it is an MFA condition whose whole statement is at fault for it.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        let judged = cx.analysis.mfa().of(statement);
        let told = judged.is_some_and(|judged| !matches!(judged.verdict, Verdict::Right | Verdict::Unknown));
        for condition in &statement.conditions {
            let Some(operator) = condition.operator.filter(|operator| operator.quantifier != Quantifier::One) else {
                continue;
            };
            let single = global_key(condition.key).is_some_and(|key| !key.multivalued);
            let is_mfa = crate::access::mfa::MfaKey::of(condition).is_some();
            if !single || (told && is_mfa) {
                continue;
            }
            let absent = match operator.quantifier {
                Quantifier::ForAllValues => ", and it also holds where the key is absent",
                _ => "",
            };
            let set = operator.quantifier.prefix().trim_end_matches(':');
            let message = format!("`{}` has one value, so `{set}` has nothing to choose from{absent}", condition.key);
            let help = format!("use `{}`", crate::policy::Operator { quantifier: Quantifier::One, ..operator }.name());
            sink.report(condition.operator_span, message).help(help);
        }
    }
}
