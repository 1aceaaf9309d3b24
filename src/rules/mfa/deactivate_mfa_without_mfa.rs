//! `iam:DeactivateMFADevice` without MFA, granted by name or by a pattern about MFA.

use super::{DEACTIVATE, grants_iam, is_reported_elsewhere, is_singled_out};
use crate::access::mfa::{Grant, State};
use crate::rule::{Context, Finding, Sink};

/// Reports each such grant that no Deny of the policy stops.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !grants_iam(cx.policy) {
        return;
    }
    let mfa = cx.analysis.mfa();
    for grant in mfa.grants_without_mfa(DEACTIVATE) {
        if is_singled_out(&grant) && !is_reported_elsewhere(&grant, mfa) {
            let message = format!("`{DEACTIVATE}` is allowed without MFA{}", by_whom(&grant));
            explain(sink.report(grant.span, message), &grant);
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

/// Points at the Deny that names the action and still does not stop it.
pub(super) fn explain(finding: &mut Finding, grant: &Grant<'_>) {
    if let Some(deny) = grant.bypassed {
        let span = deny.action.as_ref().map_or(deny.span(), |element| element.key_span);
        finding.related(span, "this Deny does not stop it: other conditions or resources let it pass");
    }
}
