//! An Allow that holds when MFA is false.

use super::{defective, fixes, without_mfa_says};
use crate::access::mfa::State;
use crate::policy::Effect;
use crate::rule::{Context, Sink};

/// Reports each Allow that refuses access keys but admits sessions without MFA.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let version = cx.policy.version;
    for (judged, _) in defective(cx, Effect::Allow).filter(|(_, states)| *states == [State::Session]) {
        let Some(culprit) = judged.culprits(State::Session, true, version).into_iter().next() else { continue };
        let message = format!(
            "this Allow admits every session without MFA: `{}` holds where `{}` is {}",
            culprit.operator_text,
            culprit.key,
            without_mfa_says(culprit)
        );
        let finding = sink.report(culprit.operator_span, message);
        fixes::advise(finding, judged, culprit, version, "which asks what the key says");
    }
}
