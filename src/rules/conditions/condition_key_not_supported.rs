//! A condition key that no action of the statement carries.

use crate::access::Semantics;
use crate::access::evaluate::holds_on_absent;
use crate::catalog::{Action, ConditionKey, Service};
use crate::policy::{Base, Condition, Effect, Quantifier, Statement, has_wildcard};
use crate::rule::{Context, Sink};

use super::known_key;

/// What comes of a condition whose key is in no request.
#[derive(Clone, Copy)]
enum Outcome {
    AlwaysHolds,
    NeverHolds,
}

/// Reports each condition whose key no action carries that the statement is about. One action is enough: a list of
/// actions shares its conditions, and a wildcard stands for some that were not thought of.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        // A key may stand under several operators: it is one mistake.
        let mut told: Vec<ConditionKey<'_>> = Vec::new();
        for condition in &statement.conditions {
            let Some(key) = key_in_question(cx, condition) else { continue };
            let Some(outcome) = outcome(condition).filter(|_| !told.contains(&key)) else { continue };
            if is_in_no_request(cx, statement, key) {
                report(cx, sink, statement, condition, outcome);
                told.push(key);
            }
        }
    }
}

/// Whether no action of the statement carries the condition's key, so that there is a finding of that.
pub(in crate::rules) fn is_unsupported<'c>(
    cx: &Context<'c>,
    statement: &Statement<'_>,
    condition: &Condition<'c>,
) -> bool {
    key_in_question(cx, condition).is_some_and(|key| is_in_no_request(cx, statement, key))
}

fn key_in_question<'c>(cx: &Context<'c>, condition: &Condition<'c>) -> Option<ConditionKey<'c>> {
    known_key(cx, condition).filter(|key| depends_on_action(cx, *key))
}

fn is_in_no_request(cx: &Context<'_>, statement: &Statement<'_>, key: ConditionKey<'_>) -> bool {
    is_carried(cx, statement, key) == Some(false) && is_carried_elsewhere(cx, key)
}

/// Services whose few actions stand for many, so that the lists of their keys are not complete.
const INCOMPLETE: [&str; 1] = ["apigateway"];

/// Whether it is one of the keys that AWS lists action by action. An identity provider's go along with its sessions.
fn depends_on_action(cx: &Context<'_>, key: ConditionKey<'_>) -> bool {
    let prefix = key.name().split_once(':').map_or("", |(prefix, _)| prefix);
    key.depends_on_action()
        || (!key.is_global() && !INCOMPLETE.contains(&prefix) && cx.catalog.service(prefix).is_some())
}

/// `None` where that is contested, or depends on a value.
fn outcome(condition: &Condition<'_>) -> Option<Outcome> {
    let operator = condition.operator?;
    if operator.quantifier == Quantifier::ForAnyValue && operator.if_exists {
        return None;
    }
    if operator.base == Base::Null {
        let [value] = condition.values.as_slice() else { return None };
        return match &*value.text.text.to_ascii_lowercase() {
            "true" => Some(Outcome::AlwaysHolds),
            "false" => Some(Outcome::NeverHolds),
            _ => None,
        };
    }
    let holds = holds_on_absent(operator, &Semantics::default());
    Some(if holds { Outcome::AlwaysHolds } else { Outcome::NeverHolds })
}

/// A service's key that no action of it carries: that is a gap in what AWS lists.
fn is_carried_elsewhere(cx: &Context<'_>, key: ConditionKey<'_>) -> bool {
    let service = key.name().split_once(':').and_then(|(prefix, _)| cx.catalog.service(prefix));
    service.is_none_or(|service| service.actions().any(|action| action.supports_key(key)))
}

/// Whether an action of the statement carries the key; `None` where that is not known of an action.
fn is_carried<'c>(cx: &Context<'c>, statement: &Statement<'_>, key: ConditionKey<'_>) -> Option<bool> {
    let element = statement.action.as_ref().filter(|element| element.complete && !element.negated)?;
    let carries = |action: Action<'_>| action.supports_key(key);
    // AWS lists no keys at all for some actions that carry some, as AWS's own policies show. What it lists of tags has
    // no such gaps.
    let mut foreign: Option<(Service<'c>, bool)> = None;
    let mut is_listed = |action: Action<'c>| {
        key.depends_on_action() || action.condition_keys().next().is_some() || {
            let service = action.service();
            let answer = foreign.filter(|(last, _)| *last == service).map(|(_, answer)| answer);
            foreign.insert((service, answer.unwrap_or_else(|| is_foreign(service, key)))).1
        }
    };
    // The cheap ones first: a wildcard may stand for thousands, and one action that carries the key settles it.
    let (patterns, names): (Vec<_>, Vec<_>) = element.items.iter().partition(|item| has_wildcard(&item.text));
    let mut all_known = !element.items.is_empty();
    for item in names {
        match cx.catalog.action_named(&item.text).filter(|_| item.is_literal()) {
            Some(action) if carries(action) => return Some(true),
            Some(action) => all_known = all_known && is_listed(action),
            None => all_known = false,
        }
    }
    for item in patterns {
        let mut actions = cx.catalog.expand(&item.text).peekable();
        all_known &= item.is_literal() && actions.peek().is_some();
        if !all_known {
            return None;
        }
        for action in actions {
            if carries(action) {
                return Some(true);
            }
            all_known = all_known && is_listed(action);
        }
    }
    all_known.then_some(false)
}

/// Whether a service has nothing to do with the key: AWS lists some keys for it, and no action of it carries any of the
/// key's service, which is none of its family either. Then the gaps in what AWS lists are none of this key.
fn is_foreign(service: Service<'_>, key: ConditionKey<'_>) -> bool {
    let (own, prefix) = (service.prefix(), key.name().split_once(':').map_or("", |(prefix, _)| prefix));
    let is_sibling = own.starts_with(prefix) || prefix.starts_with(own);
    let mut lists_some = false;
    for carried in service.actions().flat_map(|action| action.condition_keys()) {
        if carried.name().split_once(':').is_some_and(|(other, _)| other.eq_ignore_ascii_case(prefix)) {
            return false;
        }
        lists_some = true;
    }
    lists_some && !is_sibling
}

fn report(cx: &Context<'_>, sink: &mut Sink, statement: &Statement<'_>, condition: &Condition<'_>, outcome: Outcome) {
    let key = condition.key;
    let carried_by = match statement.action.as_ref().map(|element| element.items.as_slice()) {
        Some([one]) => format!("no request for `{}` carries `{key}`", one.text),
        _ => format!("no action of this statement carries `{key}`"),
    };
    let consequence = match (outcome, statement.effect) {
        (Outcome::AlwaysHolds, _) => "so this condition always holds",
        (Outcome::NeverHolds, Some(Effect::Allow)) => "so this Allow never grants anything",
        (Outcome::NeverHolds, Some(Effect::Deny)) => "so this Deny never refuses anything",
        (Outcome::NeverHolds, None) => "so this condition never holds",
    };
    let message = format!("{carried_by} (as of {}), {consequence}", cx.catalog.date());
    let finding = sink.report(condition.key_span, message);
    if let Some(element) = &statement.action {
        finding.related(element.span, if element.items.len() == 1 { "does not carry it" } else { "none carries it" });
    }
}
