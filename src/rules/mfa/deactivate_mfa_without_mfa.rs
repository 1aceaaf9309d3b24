//! `iam:DeactivateMFADevice` without MFA, granted by name or by a pattern about MFA.

use super::{DEACTIVATE, is_reported_elsewhere, is_singled_out, may_grant, proof, questions};
use crate::access::Granted;
use crate::access::mfa::{Grant, State};
use crate::rule::{Context, Finding, Sink};

/// Reports each such grant that no Deny of the policy stops.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !may_grant(cx, DEACTIVATE) {
        return;
    }
    let mfa = cx.analysis.mfa();
    let mut left = questions(cx.policy);
    for grant in mfa.grants_without_mfa(DEACTIVATE) {
        if !is_singled_out(&grant) || is_reported_elsewhere(&grant, mfa) {
            continue;
        }
        let Some(fewer) = left.checked_sub(1) else { return };
        left = fewer;
        if let Some(shown) = proof(cx, &grant, DEACTIVATE) {
            let message = format!("`{DEACTIVATE}` is allowed without MFA{}", by_whom(&grant));
            explain(sink.report(grant.span, message), &shown);
        }
    }
}

/// Says who gets through, where it is not everyone without MFA.
pub(super) fn by_whom(grant: &Grant<'_>) -> &'static str {
    match grant.states.as_slice() {
        [State::AccessKey] => " to requests made with an access key",
        [State::Session] => " to sessions without MFA",
        _ => "",
    }
}

/// Shows the request, and why the Denies that name its action let it pass.
pub(super) fn explain(finding: &mut Finding, shown: &Granted<'_>) {
    finding.label(format!("for example: {}", shown.witness));
    for passed in &shown.passed {
        finding.related(passed.span, passed.reason());
    }
}
