//! A Deny that does not hold when MFA is false.

use super::{fixes, is_only_for_those_without_mfa, never_carry_mfa, without_mfa_says};
use crate::access::mfa::{State, Verdict};
use crate::rule::{Context, Sink};

/// Reports each Deny that stops access keys but spares sessions without MFA.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let (mfa, version) = (cx.analysis.mfa(), cx.policy.version);
    for judged in &mfa.judged {
        let is_deny = matches!(judged.verdict, Verdict::Misses(_));
        if !is_deny || mfa.defects(judged) != [State::Session] || is_only_for_those_without_mfa(judged.statement) {
            continue;
        }
        for culprit in judged.culprits(State::Session, false, version).into_iter().take(1) {
            let message = format!(
                "this Deny misses every session without MFA: `{}` does not hold where `{}` is {}",
                culprit.operator_text,
                culprit.key,
                without_mfa_says(culprit)
            );
            let finding = sink.report(culprit.operator_span, message);
            if !never_carry_mfa(judged.statement).is_empty() {
                finding.help(fixes::SEPARATE);
            }
            if let Some(fix) = fixes::fix(judged, culprit, version) {
                finding.help(format!("{}, which holds for both kinds of request", fix.title));
                finding.fix = Some(fix);
            }
        }
    }
}
