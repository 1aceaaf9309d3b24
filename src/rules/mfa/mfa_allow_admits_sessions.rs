//! An Allow that holds when MFA is false.

use super::{fixes, is_only_for_those_without_mfa, never_carry_mfa, without_mfa_says};
use crate::access::mfa::{State, Verdict};
use crate::rule::{Context, Sink};

/// Reports each Allow that refuses access keys but admits sessions without MFA.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let (mfa, version) = (cx.analysis.mfa(), cx.policy.version);
    for judged in &mfa.judged {
        let is_allow = matches!(judged.verdict, Verdict::Admits(_));
        if !is_allow || mfa.defects(judged) != [State::Session] || is_only_for_those_without_mfa(judged.statement) {
            continue;
        }
        for culprit in judged.culprits(State::Session, true, version).into_iter().take(1) {
            let message = format!(
                "this Allow admits every session without MFA: `{}` holds where `{}` is {}",
                culprit.operator_text,
                culprit.key,
                without_mfa_says(culprit)
            );
            let finding = sink.report(culprit.operator_span, message);
            if !never_carry_mfa(judged.statement).is_empty() {
                finding.help(fixes::SEPARATE);
            }
            if let Some(fix) = fixes::fix(judged, culprit, version) {
                finding.help(format!("{}, which asks what the key says", fix.title));
                finding.fix = Some(fix);
            }
        }
    }
}
