//! Conditions of a statement that no request meets together.

use super::judged::by_key;
use crate::access::decide::{OF_ENDPOINT, PUBLIC_ADDRESS, STATES, no_entry};
use crate::access::evaluate::holds_on_absent;
use crate::access::reach::is_of_usual_size;
use crate::access::{Semantics, none_meets_both};
use crate::diagnostic::Severity;
use crate::policy::{
    Base, Condition, Family, Operator, PartKind, Principal, PrincipalKind, Quantifier, Scalar, Statement, Version,
    has_wildcard,
};
use crate::rule::{Context, Sink};
use crate::text::Span;
use std::cell::Cell;

/// Reports each statement once, at the condition that contradicts an earlier one.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if !is_of_usual_size(cx.policy) {
        return;
    }
    let states = Cell::new(STATES);
    for statement in cx.policy.statements.iter().filter(|statement| statement.effect.is_some()) {
        if let Some((condition, principal)) = misses_principals(statement) {
            let message =
                format!("none of the principals here has such an `{}`, so {}", condition.key, consequence(statement));
            let help = "name in the condition who is named as principal, or the other way round";
            let finding = sink.report(condition.comparison_span(), message).help(help);
            finding.severity(severity(statement)).related(principal, "who is meant");
            continue;
        }
        if statement.conditions.len() < 2 {
            continue;
        }
        if let Some((address, endpoint)) = exclusive(statement) {
            let message = format!(
                "no request carries both `{}` and `{}`, so {}",
                address.key,
                endpoint.key,
                consequence(statement)
            );
            let help = "a request through a VPC endpoint has no `aws:SourceIp`, and others have no key of the endpoint: \
                        allow each way in a statement of its own";
            let finding = sink.report(endpoint.comparison_span(), message).help(help);
            finding.severity(severity(statement)).related(address.comparison_span(), "is absent where that is there");
            continue;
        }
        if let Some([first, second]) = on_no_one(cx, statement) {
            let message =
                format!("no caller meets both `{}` and `{}`, so {}", first.key, second.key, consequence(statement));
            let finding = sink.report(second.comparison_span(), message).severity(severity(statement));
            finding.related(first.comparison_span(), "asks for someone else");
            continue;
        }
        let groups = if statement.has_key_twice() { by_key(cx, statement) } else { continue };
        if let Some((one, others)) = groups.iter().find_map(|group| contradiction(group, cx.policy.version, &states)) {
            let message =
                format!("no request meets all conditions on `{}` at once, so {}", one.key, consequence(statement));
            let finding = sink.report(one.comparison_span(), message).severity(severity(statement));
            for other in others {
                finding.related(other.comparison_span(), "contradicts it");
            }
        }
    }
}

/// An Allow grants less than it seems to, which is noticed; a Deny protects less, which is not.
fn severity(statement: &Statement<'_>) -> Severity {
    if statement.is_deny() { Severity::Error } else { Severity::Warning }
}

fn consequence(statement: &Statement<'_>) -> &'static str {
    if statement.is_deny() { "this Deny never refuses anything" } else { "this Allow never grants anything" }
}

/// A condition, and those before it that it contradicts: as few as are enough. One that never holds by itself
/// contradicts nothing.
fn contradiction<'s, 'a>(
    group: &[&'s Condition<'a>],
    version: Version,
    states: &Cell<usize>,
) -> Option<(&'s Condition<'a>, Vec<&'s Condition<'a>>)> {
    for (at, later) in group.iter().enumerate() {
        if let Some(earlier) = group[..at].iter().find(|earlier| denies(earlier, later) || denies(later, earlier)) {
            return Some((later, vec![earlier]));
        }
    }
    // That it may be signed or not leaves more possible.
    let unmeetable = |conditions: &[&Condition<'_>]| no_entry(conditions, &[], version, false, states);
    if group.len() < 2 || !unmeetable(group) || group.iter().any(|one| unmeetable(&[one])) {
        return None;
    }
    for (at, later) in group.iter().enumerate() {
        if let Some(earlier) = group[..at].iter().find(|earlier| unmeetable(&[earlier, later])) {
            return Some((later, vec![earlier]));
        }
    }
    let (last, others) = group.split_last()?;
    Some((last, others.to_vec()))
}

/// Whether `negated` keeps out all that `condition` is met by, in the same words: what a variable stands for is then the
/// same, too.
fn denies(negated: &Condition<'_>, condition: &Condition<'_>) -> bool {
    let (Some(not), Some(is)) = (negated.operator, condition.operator) else { return false };
    let one = |operator: Operator| operator.quantifier == Quantifier::One;
    let is_opposite = not.base.negated() && not.base.name().replacen("Not", "", 1) == is.base.name();
    let is_kept_out = |value: &Scalar<'_>| {
        let mut kept_out = negated.values.iter().map(|value| &value.text.text);
        value.text.all_parts().any(|(_, kind)| kind == PartKind::Variable)
            && !value.text.has_hole()
            && kept_out.any(|other| *other == value.text.text)
    };
    is_opposite
        && one(not)
        && one(is)
        && needs_key(condition)
        && condition.complete
        && !condition.values.is_empty()
        && condition.values.iter().all(is_kept_out)
}

fn exclusive<'s, 'a>(statement: &'s Statement<'a>) -> Option<(&'s Condition<'a>, &'s Condition<'a>)> {
    let needed = |keys: &[&str]| {
        statement.conditions.iter().find(|condition| {
            let is_key = condition.key_known && keys.iter().any(|key| key.eq_ignore_ascii_case(condition.key));
            is_key && needs_key(condition)
        })
    };
    Some((needed(&[PUBLIC_ADDRESS])?, needed(OF_ENDPOINT)?))
}

/// Keys that tell who calls, so that the value of one says something of the others. Root users and federated ones are not
/// told from users by them.
const OF_CALLER: &[&str] = &["aws:PrincipalAccount", "aws:PrincipalArn", "aws:username"];

/// Two conditions on who calls that nobody meets both of, though each of them somebody does.
fn on_no_one<'s, 'a>(cx: &Context<'_>, statement: &'s Statement<'a>) -> Option<[&'s Condition<'a>; 2]> {
    let is_of_caller = |condition: &&Condition<'_>| {
        let is_key = OF_CALLER.iter().any(|key| key.eq_ignore_ascii_case(condition.key));
        is_key && condition.key_known && condition.complete && needs_key(condition)
    };
    let on_caller: Vec<&Condition<'_>> = statement.conditions.iter().filter(is_of_caller).collect();
    let pairs =
        on_caller.iter().enumerate().flat_map(|(at, second)| on_caller[..at].iter().map(|first| [*first, *second]));
    let mut others = pairs.filter(|[first, second]| !first.has_key_of(second));
    others.find(|both| {
        none_meets_both(cx.policy, statement, *both)
            && both.iter().all(|one| !none_meets_both(cx.policy, statement, [one, one]))
    })
}

/// A condition on who calls that holds for none of the principals whom the statement names, and where these are.
/// Nothing is said unless all of them are users, roles or accounts.
fn misses_principals<'s, 'a>(statement: &'s Statement<'a>) -> Option<(&'s Condition<'a>, Span)> {
    let on_caller = |condition: &&Condition<'_>| {
        let key = condition.key;
        let is_key = key.eq_ignore_ascii_case("aws:PrincipalAccount") || key.eq_ignore_ascii_case("aws:PrincipalArn");
        is_key && condition.complete && needs_key(condition)
    };
    let mut conditions = statement.conditions.iter().filter(on_caller).peekable();
    conditions.peek()?;
    let element = statement.principal.as_ref().filter(|element| !element.negated && element.complete)?;
    let named = |item: &'s Principal<'a>| {
        let is_known = item.kind == PrincipalKind::Aws && item.text.is_literal() && !has_wildcard(&item.text.text);
        is_known.then_some(&*item.text.text)
    };
    let named: Vec<&str> = element.items.iter().map(named).collect::<Option<_>>()?;
    let is_missed = |condition: &&Condition<'a>| {
        let operator = condition.operator.filter(|operator| !operator.base.negated());
        let known = operator.is_some_and(|operator| matches!(operator.base.family(), Family::String | Family::Arn));
        let meets = |value: &Scalar<'_>| {
            !value.text.is_literal() || named.iter().any(|principal| may_be_of(principal, &value.text.text))
        };
        known && !named.is_empty() && !condition.values.is_empty() && !condition.values.iter().any(meets)
    };
    let place = if let [one] = element.items.as_slice() { one.text.span } else { element.span };
    Some((conditions.find(is_missed)?, place))
}

/// Whether someone whom `principal` names may have `value` as its ARN or account.
fn may_be_of(principal: &str, value: &str) -> bool {
    let account = |text: &'_ str| match text.starts_with("arn:") {
        true => text.split(':').nth(4).map(str::to_owned),
        false => Some(text.to_owned()),
    };
    let (Some(own), Some(other)) = (account(principal), account(value)) else { return true };
    let is_id = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_id(&own) || !is_id(&other) {
        return true;
    }
    // A role's path is not in the ARN of its sessions, so that only users and roles are compared by name.
    let by_name = |text: &str| text.contains(":iam:") && (text.contains(":user/") || text.contains(":role/"));
    own == other && (!by_name(principal) || !by_name(value) || has_wildcard(value) || principal == value)
}

/// Whether the condition holds only where its key is there.
pub(super) fn needs_key(condition: &Condition<'_>) -> bool {
    condition.operator.is_some_and(|operator| {
        // What `IfExists` makes of `ForAnyValue` is contested.
        operator.base != Base::Null && !operator.if_exists && !holds_on_absent(operator, &Semantics::default())
    })
}
