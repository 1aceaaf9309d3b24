//! A Deny that takes enrollment away from those who have no MFA yet.

use super::{enrollment_grants, grants_iam};
use crate::access::mfa::{Outcome, State, other_conditions};
use crate::access::reach::{names_action, reaches_resources};
use crate::policy::{Pattern, Statement, Text, Truth};
use crate::rule::{Context, Sink};

/// Reports each Deny once, with the grants of enrollment that it takes back.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !grants_iam(cx.policy) {
        return;
    }
    let mfa = cx.analysis.mfa();
    let open = |statement: &Statement<'_>| mfa.outcome(statement, State::Session) == Outcome::Always;
    for judged in &mfa.judged {
        let deny = judged.statement;
        let applies = judged.table.outcome(State::Session) == Outcome::Always
            && judged.table.outcome(State::Mfa) != Outcome::Always;
        if !deny.is_deny() || !applies || !deny.complete || other_conditions(deny).next().is_some() {
            continue;
        }
        let Some(element) = &deny.action else { continue };
        let blocked: Vec<&Text<'_>> = enrollment_grants(cx.policy)
            .filter(|(allow, _)| open(allow) && reaches_resources(deny, allow, cx.policy.version) == Truth::Yes)
            .map(|(_, item)| item)
            .filter(|item| blocked_action(item).is_some_and(|action| names_action(element, action) == Truth::Yes))
            .collect();
        let Some((first, others)) = blocked.split_first() else { continue };
        let message =
            format!("this Deny takes `{}` away from users who have no MFA yet, so they can never start", first.text);
        let finding = sink.report(element.key_span, message).related(first.span, "allowed here");
        for other in others {
            finding.related(other.span, "allowed here, too");
        }
    }
}

/// The enrollment action that an item grants.
fn blocked_action(item: &Text<'_>) -> Option<&'static str> {
    super::ENROLLMENT.iter().copied().find(|action| Pattern::action_matches(item, action) == Truth::Yes)
}
