//! A Deny without MFA whose `NotAction` lacks `sts:GetSessionToken`.

use super::spares_enrollment;
use crate::access::reach::names_action;
use crate::policy::Truth;
use crate::rule::{Context, Sink};

/// Reports each list that spares enrollment but not the call with which the command line turns a code into a session.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for judged in cx.analysis.mfa().guards() {
        let Some(element) = judged.statement.action.as_ref().filter(|element| spares_enrollment(element)) else {
            continue;
        };
        if names_action(element, "sts:GetSessionToken") == Truth::Yes {
            let message = "`sts:GetSessionToken` is not in this list, so the command line's way to MFA looks blocked";
            sink.report(element.key_span, message);
        }
    }
}
