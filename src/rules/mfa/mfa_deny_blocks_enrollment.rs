//! A Deny that takes enrollment away from those who have no MFA yet.

use super::{ENROLLMENT, enrollment_grants, grants_enrollment};
use crate::access::mfa::{Judged, Outcome, State, other_conditions};
use crate::access::reach::{is_affordable, names_action, reaches_resources};
use crate::policy::{Pattern, Statement, Text, Truth};
use crate::rule::{Context, MAX_RELATED, Sink};

/// Reports each Deny once, with the grants of enrollment that it takes back.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !grants_enrollment(cx) {
        return;
    }
    let mfa = cx.analysis.mfa();
    let open = |statement: &Statement<'_>| mfa.outcome(statement, State::Session) == Outcome::Always;
    let grants: Vec<Grant<'_>> =
        enrollment_grants(cx.policy).filter(|(allow, _)| open(allow)).filter_map(grant).collect();
    let denies: Vec<&Judged<'_>> = mfa.judged.iter().filter(|judged| is_plain_guard(judged)).collect();
    let deny_statements = denies.iter().map(|judged| judged.statement);
    if grants.is_empty() || !is_affordable(deny_statements, grants.iter().map(|grant| grant.allow)) {
        return;
    }
    for deny in denies.into_iter().map(|judged| judged.statement) {
        let Some(element) = &deny.action else { continue };
        let named = ENROLLMENT.map(|action| names_action(element, action) == Truth::Yes);
        let reached = |grant: &&Grant<'_>| reaches_resources(deny, grant.allow, cx.policy.version) == Truth::Yes;
        let blocked: Vec<&Text<'_>> = grants
            .iter()
            .filter(|grant| named[grant.action])
            .filter(reached)
            .map(|grant| grant.item)
            .take(MAX_RELATED)
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

/// A grant of enrollment.
struct Grant<'a> {
    allow: &'a Statement<'a>,
    item: &'a Text<'a>,
    /// What it grants, by its place in [`ENROLLMENT`].
    action: usize,
}

fn grant<'a>((allow, item): (&'a Statement<'a>, &'a Text<'a>)) -> Option<Grant<'a>> {
    let granted = |action: &&str| Pattern::action_matches(item, action) == Truth::Yes;
    let action = ENROLLMENT.iter().position(granted)?;
    Some(Grant { allow, item, action })
}

/// Whether a Deny applies to sessions without MFA, not to all with it, and asks nothing else.
fn is_plain_guard(judged: &Judged<'_>) -> bool {
    let deny = judged.statement;
    deny.is_deny()
        && judged.table.outcome(State::Session) == Outcome::Always
        && judged.table.outcome(State::Mfa) != Outcome::Always
        && deny.is_settled()
        && other_conditions(deny).next().is_none()
}
