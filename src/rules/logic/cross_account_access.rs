//! A resource that another account may use.

use super::contradictory_conditions::needs_key;
use super::public_access::everyone;
use crate::access::decide::{Callers, Question};
use crate::access::reach::is_of_usual_size;
use crate::access::{Caller, granted};
use crate::policy::{Condition, Element, Family, Policy, PolicyType, PrincipalKind, Statement, Text};
use crate::rule::{Context, Sink};

/// Keys that tell the account of the caller.
const OF_CALLER: &[&str] = &["aws:PrincipalAccount", "aws:PrincipalArn"];

/// More principals are not asked about in one policy.
const MOST: usize = 8;

/// Reports each Allow that lets in principals of an account that is not the resource's own, which is known only where
/// the resources' ARNs tell.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if cx.policy.kind.kind != PolicyType::Resource || !is_of_usual_size(cx.policy) {
        return;
    }
    let Some(owner) = owner(cx.policy) else { return };
    let mut left = MOST;
    for statement in cx.policy.statements.iter().filter(|it| it.is_allow()) {
        // Of everyone, conditions leave those whom they name.
        let named: Vec<&Text<'_>> = match everyone(statement) {
            Some(_) => held_to(statement),
            None => principals(statement).collect(),
        };
        let foreign = named.into_iter().filter_map(|text| Some((text, account_of(text)?)));
        let foreign: Vec<(&Text<'_>, &str)> = foreign
            .filter(|(_, account)| *account != owner)
            .take(left)
            .inspect(|_| left -= 1)
            .filter(|(text, account)| is_let_in(cx.policy, statement, &text.text, account))
            .collect();
        let Some(((first, account), others)) = foreign.split_first() else { continue };
        let message = format!("this lets in account {account}, and the resource is of account {owner}");
        let finding = sink.report(first.span, message);
        for (other, account) in others {
            finding.related(other.span, format!("and account {account}"));
        }
    }
}

/// The one account that all resources are of.
fn owner<'p>(policy: &'p Policy<'_>) -> Option<&'p str> {
    let items = policy.statements.iter().filter_map(|statement| statement.resource.as_ref());
    let mut accounts = items.flat_map(|element: &'p Element<'_>| &element.items).filter_map(account_of);
    let first = accounts.next()?;
    accounts.all(|other| other == first).then_some(first)
}

/// The users, roles and accounts that the statement names.
fn principals<'s, 'a>(statement: &'s Statement<'a>) -> impl Iterator<Item = &'s Text<'a>> {
    let named = statement.principal.iter().filter(|element| !element.negated).flat_map(|element| &element.items);
    named.filter(|principal| principal.kind == PrincipalKind::Aws).map(|principal| &principal.text)
}

/// The accounts, users and roles of which the caller has to be one by a condition.
fn held_to<'s, 'a>(statement: &'s Statement<'a>) -> Vec<&'s Text<'a>> {
    let holds = |condition: &&Condition<'_>| {
        let is_caller = OF_CALLER.iter().any(|key| key.eq_ignore_ascii_case(condition.key));
        let is_positive = condition.operator.is_some_and(|operator| {
            matches!(operator.base.family(), Family::String | Family::Arn) && !operator.base.negated()
        });
        is_caller && is_positive && needs_key(condition)
    };
    let conditions = statement.conditions.iter().filter(holds);
    conditions.flat_map(|condition| &condition.values).map(|value| &value.text).collect()
}

/// The account in an ARN, or that the text is.
fn account_of<'t>(text: &'t Text<'_>) -> Option<&'t str> {
    let account = if text.text.starts_with("arn:") { text.text.split(':').nth(4)? } else { &text.text };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (text.is_literal() && is_account).then_some(account)
}

/// Whether the principal, or for an account one of its roles, gets something by the statement.
fn is_let_in(policy: &Policy<'_>, statement: &Statement<'_>, principal: &str, account: &str) -> bool {
    let is_account = principal == account || principal.ends_with(":root");
    let caller = match is_account {
        true => Caller::from_arn(&format!("arn:aws:iam::{account}:role/example")),
        false => Caller::from_arn(principal),
    };
    let question = Question { callers: Callers::Only(caller), ..Question::default() };
    !granted(policy, &[statement.index], &question).is_empty()
}
