//! MFA conditions that are turned round.

use super::{BEFORE_MFA, ENROLLMENT, is_only_for_those_without_mfa};
use crate::access::mfa::{Inversion, Judged, MfaKey, Outcome, State, Verdict};
use crate::policy::{Condition, Pattern, Statement, Text, Truth};
use crate::rule::{Context, Sink};
use crate::text::Span;

/// Reports each statement that treats MFA as the lack of it, or a recent MFA as an old one.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for judged in &cx.analysis.mfa().judged {
        let Verdict::Inverted(inversion) = judged.verdict else { continue };
        if is_only_for_those_without_mfa(judged.statement) || is_enrollment_alone(judged.statement) {
            continue;
        }
        let message = match (inversion, judged.statement.is_deny()) {
            (Inversion::Presence, true) if stops(judged, State::Session) => {
                "this Deny stops all sessions, those of users with MFA as well, and spares access keys"
            }
            (Inversion::Presence, true) if stops(judged, State::AccessKey) => {
                "this Deny stops those who used MFA and spares sessions of those who did not"
            }
            (Inversion::Presence, true) => "this Deny stops those who used MFA and spares those who did not",
            (Inversion::Presence, false) => "this Allow admits only those who did not use MFA",
            (Inversion::Age, true) => "this Deny stops those who used MFA just now and spares those who did long ago",
            (Inversion::Age, false) => {
                "this Allow refuses those who used MFA just now and admits those who did long ago"
            }
        };
        let help = match inversion {
            Inversion::Presence if judged.statement.is_deny() => "deny with `BoolIfExists` `false`",
            Inversion::Presence => "allow with `Bool` `true`",
            Inversion::Age if judged.statement.is_deny() => "deny with `NumericGreaterThanIfExists`",
            Inversion::Age => "allow with `NumericLessThan`",
        };
        let Some(culprit) = culprit(judged, inversion) else { continue };
        sink.report(culprit_span(culprit, inversion), message).help(help);
    }
}

fn stops(judged: &Judged<'_>, state: State) -> bool {
    judged.table.outcome(state) == Outcome::Always
}

/// What of the condition is the wrong way round: the comparison of an age, else what the key should say.
fn culprit_span(condition: &Condition<'_>, inversion: Inversion) -> Span {
    match inversion {
        Inversion::Age => condition.operator_span,
        Inversion::Presence => condition.comparison_span(),
    }
}

/// The condition to underline: one on the key that is turned round, if there is one.
fn culprit<'a>(judged: &Judged<'a>, inversion: Inversion) -> Option<&'a Condition<'a>> {
    let key = if inversion == Inversion::Age { MfaKey::Age } else { MfaKey::Present };
    let on_key = judged.conditions.iter().find(|condition| MfaKey::of(condition) == Some(key));
    on_key.or(judged.conditions.first()).copied()
}

/// An Allow, for those without MFA, of what they need to get it is a known pattern: with MFA, other statements
/// grant more.
fn is_enrollment_alone(statement: &Statement<'_>) -> bool {
    let is_early = |item: &Text<'_>| {
        let named = |action: &&str| Pattern::action_matches(item, action) == Truth::Yes;
        ENROLLMENT.iter().chain(BEFORE_MFA).any(named) && !item.text.ends_with(":*") && item.text != "*"
    };
    statement.is_allow()
        && statement.action.as_ref().is_some_and(|element| !element.negated && element.items.iter().all(is_early))
}
