//! A condition that changes nothing.

use super::judged::by_key;
use crate::access::decide::{STATES, no_entry};
use crate::access::may_always_hold;
use crate::access::reach::is_of_usual_size;
use crate::diagnostic::Severity;
use crate::policy::{Condition, Policy, PolicyType};
use crate::rule::{Context, Sink};
use std::cell::Cell;

/// Reports each condition that always holds, and each that holds wherever others on its key do.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !is_of_usual_size(cx.policy) {
        return;
    }
    let (signed, states) = (is_signed(cx.policy), Cell::new(STATES));
    let no_entry =
        |met: &[&Condition<'_>], unmet: &[&Condition<'_>]| no_entry(met, unmet, cx.policy.version, signed, &states);
    for statement in cx.policy.statements.iter().filter(|statement| statement.effect.is_some()) {
        if !statement.has_key_twice() && !statement.conditions.iter().any(may_always_hold) {
            continue;
        }
        for group in by_key(cx, statement) {
            let always_holds = |one: &Condition<'_>| may_always_hold(one) && no_entry(&[], &[one]);
            let (idle, rest): (Vec<_>, Vec<_>) = group.into_iter().partition(|one| always_holds(one));
            let what = if statement.is_deny() { "this Deny refuses" } else { "this Allow grants" };
            for condition in idle {
                let key = condition.key;
                let message =
                    format!("the condition on `{key}` always holds, so {what} as much as it would without it");
                sink.report(condition.comparison_span(), message);
            }
            // Where no request meets them at all, that is what there is to say.
            if rest.len() > 1 && !no_entry(&rest, &[]) {
                report_implied(rest, |others, one| no_entry(others, &[one]), sink);
            }
        }
    }
}

/// From the last to the first, so that of two that say the same the later one is at fault.
fn report_implied<'s, 'a>(
    mut group: Vec<&'s Condition<'a>>,
    implies: impl Fn(&[&'s Condition<'a>], &'s Condition<'a>) -> bool,
    sink: &mut Sink,
) {
    for at in (0..group.len()).rev() {
        let condition = group.remove(at);
        if group.is_empty() || !implies(&group, condition) {
            group.insert(at, condition);
            continue;
        }
        let alone = group.iter().position(|other| implies(&[other], condition));
        let others = alone.map_or(&group[..], |at| &group[at..=at]);
        let wherever = if others.len() > 1 { "the others do" } else { "the other one does" };
        let message = format!("this condition on `{}` changes nothing: it holds wherever {wherever}", condition.key);
        let finding = sink.report(condition.comparison_span(), message).severity(Severity::Note);
        for other in others {
            finding.related(other.comparison_span(), "restricts as much, or more");
        }
    }
}

/// Whether all that the policy is about is requests that someone has signed.
fn is_signed(policy: &Policy<'_>) -> bool {
    matches!(policy.kind.kind, PolicyType::Identity | PolicyType::Scp | PolicyType::Boundary | PolicyType::Session)
}
