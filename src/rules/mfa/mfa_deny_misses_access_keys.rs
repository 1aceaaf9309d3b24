//! A Deny that does not hold when the MFA keys are absent.

use super::{defective, fixes};
use crate::access::mfa::State;
use crate::policy::Effect;
use crate::rule::{Context, Sink};

/// Reports each Deny that spares long-term access keys; where it spares sessions too, the one finding says both.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let version = cx.policy.version;
    for (judged, states) in defective(cx, Effect::Deny).filter(|(_, states)| states.contains(&State::AccessKey)) {
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
        fixes::advise(finding, judged, first, version, "which also holds where the key is absent");
    }
}
