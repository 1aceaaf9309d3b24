//! `iam:DeactivateMFADevice` without MFA, granted by a broad wildcard.

use super::deactivate_mfa_without_mfa::{by_whom, explain};
use super::narrow_mfa_deny;
use super::{DEACTIVATE, is_reported_elsewhere, is_singled_out, may_grant, proof, questions};
use crate::diagnostic::Severity;
use crate::rule::{Context, Sink};

/// Reports each such grant: a warning where the policy cares about MFA, else a note.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !may_grant(cx, DEACTIVATE) {
        return;
    }
    let mfa = cx.analysis.mfa();
    let mut left = questions(cx.policy);
    let severity = if mfa.is_mentioned() { Severity::Warning } else { Severity::Note };
    for grant in mfa.grants_without_mfa(DEACTIVATE) {
        let is_narrow = |deny| mfa.of(deny).is_some() && narrow_mfa_deny::is_narrow(deny);
        if is_singled_out(&grant) || is_reported_elsewhere(&grant, mfa) || grant.bypassed.is_some_and(is_narrow) {
            continue;
        }
        let Some(fewer) = left.checked_sub(1) else { return };
        left = fewer;
        let Some(shown) = proof(cx, &grant, DEACTIVATE) else { continue };
        let by = grant.item.map_or("`NotAction`".to_owned(), |item| format!("`{}`", item.text));
        let message = format!("{by} also allows `{DEACTIVATE}` without MFA{}", by_whom(&grant));
        explain(sink.report(grant.span, message).severity(severity), &shown);
    }
}
