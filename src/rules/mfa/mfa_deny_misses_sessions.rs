//! A Deny that does not hold when MFA is false.

use super::{defective, fixes, without_mfa_says};
use crate::access::mfa::State;
use crate::policy::Effect;
use crate::rule::{Context, Sink};

/// Reports each Deny that stops access keys but spares sessions without MFA.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let version = cx.policy.version;
    for (judged, _) in defective(cx, Effect::Deny).filter(|(_, states)| *states == [State::Session]) {
        let Some(culprit) = judged.culprits(State::Session, false, version).into_iter().next() else { continue };
        let message = format!(
            "this Deny misses every session without MFA: `{}` does not hold where `{}` is {}",
            culprit.operator_text,
            culprit.key,
            without_mfa_says(culprit)
        );
        let finding = sink.report(culprit.operator_span, message);
        fixes::advise(finding, judged, culprit, version, "which holds for both kinds of request");
    }
}
