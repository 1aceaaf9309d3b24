//! A Deny without MFA that leaves `iam:EnableMFADevice` open.

use super::mfa_deny_exempts_privileged_action::privileged;
use crate::policy::{Pattern, Truth};
use crate::rule::{Context, Sink};

const ENABLE: &str = "iam:EnableMFADevice";

/// Reports each list that spares the action, unless it spares so much that this is the least of it.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for judged in cx.analysis.mfa().guards() {
        let Some(element) = judged.statement.action.as_ref().filter(|element| element.negated) else { continue };
        let spares = |item: &&crate::policy::Text<'_>| {
            Pattern::action_matches(item, ENABLE) == Truth::Yes
                && !privileged(element).any(|(culprit, _)| culprit.span == item.span)
        };
        if let Some(item) = element.items.iter().find(spares) {
            let message = format!(
                "`{}` stays open without MFA: whoever holds a leaked key can enroll a device and pass as the user",
                item.text
            );
            sink.report(item.span, message);
        }
    }
}
