//! `iam:DeleteVirtualMFADevice` without MFA, granted by name or by a pattern about MFA.

use super::deactivate_mfa_without_mfa::{by_whom, explain};
use super::{DEACTIVATE, is_reported_elsewhere, is_singled_out, may_grant, proof, questions};
use crate::policy::{Pattern, Truth};
use crate::rule::{Context, Sink};

const DELETE: &str = "iam:DeleteVirtualMFADevice";

/// Reports each such grant that no Deny of the policy stops, unless it is worse and reported as such.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !may_grant(cx, DELETE) {
        return;
    }
    let mfa = cx.analysis.mfa();
    let mut left = questions(cx.policy);
    for grant in mfa.grants_without_mfa(DELETE) {
        let also_deactivates = grant.item.is_none_or(|item| Pattern::action_matches(item, DEACTIVATE) != Truth::No);
        if !is_singled_out(&grant) || also_deactivates || is_reported_elsewhere(&grant, mfa) {
            continue;
        }
        let Some(fewer) = left.checked_sub(1) else { return };
        left = fewer;
        if let Some(shown) = proof(cx, &grant, DELETE) {
            let message = format!("`{DELETE}` is allowed without MFA{}", by_whom(&grant));
            explain(sink.report(grant.span, message), &shown);
        }
    }
}
