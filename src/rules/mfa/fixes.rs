//! Repairs of MFA conditions, offered where the right text is certain.

use crate::access::mfa::{Judged, MfaKey};
use crate::diagnostic::{Fix, Safety};
use crate::policy::{Base, Condition, Effect, Version};
use crate::rule::Finding;
use crate::text::Edit;

/// The help where a statement names those, too, who never carry MFA: no operator is right for all of them.
const SEPARATE: &str = "give those who never carry MFA a statement of their own, without this condition";

/// Adds what to do about `condition`, a culprit of `judged`, to the finding on it. `why` follows the title of the repair.
pub(super) fn advise(
    finding: &mut Finding,
    judged: &Judged<'_>,
    condition: &Condition<'_>,
    version: Version,
    why: &str,
) {
    if !super::never_carry_mfa(judged.statement).is_empty() {
        finding.help(SEPARATE);
    }
    if let Some(fix) = fix(judged, condition, version) {
        finding.help(format!("{}, {why}", fix.title));
        finding.fix = Some(fix);
    }
}

/// The repair of `condition`, a culprit of `judged`.
pub(super) fn fix(judged: &Judged<'_>, condition: &Condition<'_>, version: Version) -> Option<Fix> {
    let is_null = condition.operator?.base == Base::Null;
    if !super::never_carry_mfa(judged.statement).is_empty() {
        return None;
    }
    if is_null { replace_null(judged, condition) } else { replace_operator(judged, condition, version) }
}

fn replace_operator(judged: &Judged<'_>, condition: &Condition<'_>, version: Version) -> Option<Fix> {
    let name = judged.repair(condition, version)?.name();
    if !is_free(judged, condition, &name) || !block(judged, condition).all(is_unaffected) {
        return None;
    }
    let edits = vec![Edit { span: condition.operator_span, text: format!("\"{name}\"") }];
    Some(Fix { title: format!("use `{name}`"), safety: Safety::Unsafe, edits })
}

/// `Null` asks whether the key is there; `Bool` asks what it says.
fn replace_null(judged: &Judged<'_>, condition: &Condition<'_>) -> Option<Fix> {
    if MfaKey::of(condition) != Some(MfaKey::Present) || block(judged, condition).count() != 1 {
        return None;
    }
    let (name, value) = match judged.statement.effect? {
        Effect::Deny => ("BoolIfExists", "false"),
        Effect::Allow => ("Bool", "true"),
    };
    if !is_free(judged, condition, name) {
        return None;
    }
    let edits = vec![
        Edit { span: condition.operator_span, text: format!("\"{name}\"") },
        Edit { span: condition.values_span, text: format!("\"{value}\"") },
    ];
    Some(Fix { title: format!("use `{name}` `{value}`"), safety: Safety::Unsafe, edits })
}

/// The conditions under the same operator, which share its text.
fn block<'j>(judged: &'j Judged<'_>, condition: &Condition<'_>) -> impl Iterator<Item = &'j Condition<'j>> {
    let span = condition.operator_span;
    judged.statement.conditions.iter().filter(move |other| other.operator_span == span)
}

/// Whether no other block of the statement already has that operator; two of a name would be a duplicate key.
fn is_free(judged: &Judged<'_>, condition: &Condition<'_>, operator: &str) -> bool {
    let taken = |other: &Condition<'_>| {
        other.operator_span != condition.operator_span && other.operator_text.eq_ignore_ascii_case(operator)
    };
    !judged.statement.conditions.iter().any(taken)
}

/// Whether the condition says the same with and without `IfExists`: every request has the key. Conditions on the
/// MFA keys do not, but they were judged together.
fn is_unaffected(condition: &Condition<'_>) -> bool {
    const ALWAYS_PRESENT: &[&str] =
        &["aws:ViaAWSService", "aws:SecureTransport", "aws:CurrentTime", "aws:EpochTime", "aws:RequestedRegion"];
    let (is_mfa, key) = (MfaKey::of(condition).is_some(), condition.key);
    is_mfa || ALWAYS_PRESENT.iter().any(|present| present.eq_ignore_ascii_case(key))
}
