//! A Deny that does not hold when the MFA keys are absent.

use super::{fixes, is_only_for_those_without_mfa, never_carry_mfa};
use crate::access::mfa::{State, Verdict};
use crate::rule::{Context, Sink};

/// Reports each Deny that spares long-term access keys; where it spares sessions too, the one finding says both.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let (mfa, version) = (cx.analysis.mfa(), cx.policy.version);
    for judged in &mfa.judged {
        let states = mfa.defects(judged);
        let is_deny = matches!(judged.verdict, Verdict::Misses(_));
        if !is_deny || !states.contains(&State::AccessKey) || is_only_for_those_without_mfa(judged.statement) {
            continue;
        }
        let culprits = judged.culprits(State::AccessKey, false, version);
        let Some((first, others)) = culprits.split_first() else { continue };
        let also = if states.contains(&State::Session) { ", and every session without MFA" } else { "" };
        let message = format!(
            "this Deny misses every request made with an access key{also}: `{}` does not hold where `{}` is absent",
            first.operator_text, first.key
        );
        let finding = sink.report(first.operator_span, message);
        for other in others {
            finding.related(other.operator_span, "neither does this");
        }
        if !never_carry_mfa(judged.statement).is_empty() {
            finding.help(fixes::SEPARATE);
        }
        if let Some(fix) = fixes::fix(judged, first, version) {
            finding.help(format!("{}, which also holds where the key is absent", fix.title));
            finding.fix = Some(fix);
        }
    }
}
