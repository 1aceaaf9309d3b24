//! A Deny without MFA that leaves `iam:EnableMFADevice` open.

use super::mfa_deny_exempts_privileged_action::privileged;
use crate::policy::{Element, Pattern, Text, Truth};
use crate::rule::{Context, Sink};

const ENABLE: &str = "iam:EnableMFADevice";

/// Reports the policy once, at the first list that spares the action, unless it spares so much that this is the least
/// of it. Denies that are one guard together have the same list.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let lists = cx.analysis.mfa().guards().filter_map(|judged| judged.statement.action.as_ref());
    let mut items = lists.filter(|element| element.negated).filter_map(spared);
    let Some(first) = items.next() else { return };
    let message = format!(
        "`{}` stays open without MFA: whoever holds a leaked key can enroll a device and pass as the user",
        first.text
    );
    let finding = sink.report(first.span, message);
    for other in items {
        finding.related(other.span, "and here");
    }
}

fn spared<'e, 'a>(element: &'e Element<'a>) -> Option<&'e Text<'a>> {
    let is_worse = |item: &Text<'_>| privileged(element).any(|(culprit, _)| culprit.span == item.span);
    element.items.iter().find(|item| Pattern::action_matches(item, ENABLE) == Truth::Yes && !is_worse(item))
}
