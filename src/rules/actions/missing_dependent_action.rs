//! An action that needs another one, which the policy does not allow.

use super::enumerate;
use crate::access::reach::names_action;
use crate::policy::{Policy, Truth};
use crate::rule::{Context, Sink};
use std::collections::HashSet;

/// Reports each allowed action with all that it lacks, once for the policy.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !cx.policy.complete {
        return;
    }
    let mut seen = HashSet::new();
    for action in cx.analysis.actions().iter().filter(|action| action.statement.is_allow() && !action.element.negated) {
        let Some(known) = action.known else { continue };
        if !seen.insert(known.id()) {
            continue;
        }
        let missing: Vec<&str> = known.dependents().filter(|needed| !may_allow(cx.policy, needed)).collect();
        if !missing.is_empty() {
            let count = missing.len();
            let message = format!("`{known}` may need {} as well, which nothing here allows", enumerate(missing));
            let finding = sink.report(action.item.span, message);
            if count > 1 {
                finding.help("allow those too, unless another policy does");
            }
        }
    }
}

fn may_allow(policy: &Policy<'_>, action: &str) -> bool {
    policy.statements.iter().filter(|statement| !statement.is_deny()).any(|statement| {
        let named = statement.action.as_ref().map(|element| names_action(element, action));
        !statement.is_settled() || named != Some(Truth::No)
    })
}
