//! A resource that another account may use.

use super::public_access::everyone;
use crate::access::decide::{Callers, Question};
use crate::access::reach::is_of_usual_size;
use crate::access::{Caller, granted};
use crate::policy::{Element, Policy, PolicyType, Principal, PrincipalKind, Statement, Text};
use crate::rule::{Context, Sink};

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
    for statement in cx.policy.statements.iter().filter(|it| it.is_allow() && everyone(it).is_none()) {
        let foreign: Vec<(&Principal<'_>, &str)> = foreign(statement, owner)
            .take(left)
            .inspect(|_| left -= 1)
            .filter(|(principal, account)| is_let_in(cx.policy, statement, &principal.text.text, account))
            .collect();
        let Some(((first, account), others)) = foreign.split_first() else { continue };
        let message = format!("this lets in account {account}, and the resource is of account {owner}");
        let finding = sink.report(first.text.span, message);
        for (other, account) in others {
            finding.related(other.text.span, format!("and account {account}"));
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

/// The principals of other accounts, with the accounts.
fn foreign<'s, 'a>(statement: &'s Statement<'a>, owner: &'s str) -> impl Iterator<Item = (&'s Principal<'a>, &'s str)> {
    let named = statement.principal.iter().filter(|element| !element.negated).flat_map(|element| &element.items);
    let aws = named.filter(|principal| principal.kind == PrincipalKind::Aws);
    aws.filter_map(move |principal| Some((principal, account_of(&principal.text)?)))
        .filter(move |(_, account)| *account != owner)
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
