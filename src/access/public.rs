//! Public access: whether someone who has nothing to do with the owner gets in, in person or by way of a service.

use super::decide::{Answer, Callers, Question};
use super::evaluate::holds_on_absent;
use super::{Caller, Granted, Policies, Semantics, can, granted};
use crate::catalog::Catalog;
use crate::policy::{Condition, Family, Policy, PolicyType, Scalar};
use std::collections::BTreeSet;

/// Keys by which a policy holds on to those it knows, with what a stranger brings in their place. A stranger has an
/// organization and a network too, only that they are others.
const STRANGE: &[(&str, &str)] = &[
    ("aws:PrincipalOrgID", "o-stranger00"),
    ("aws:PrincipalOrgPaths", "o-stranger00/r-strange/"),
    ("aws:SourceVpc", "vpc-5f5f5f5f5f5f5f5f5"),
    ("aws:SourceVpcArn", "arn:aws:ec2:us-east-1:{account}:vpc/vpc-5f5f5f5f5f5f5f5f5"),
    ("aws:SourceVpce", "vpce-5f5f5f5f5f5f5f5f5"),
    ("aws:VpceAccount", "{account}"),
    ("aws:VpceOrgID", "o-stranger00"),
    ("aws:VpceOrgPaths", "o-stranger00/r-strange/"),
    ("aws:SourceAccount", "{account}"),
    ("aws:SourceArn", "arn:aws:sns:us-east-1:{account}:stranger"),
    ("aws:SourceOrgID", "o-stranger00"),
    ("aws:SourceOrgPaths", "o-stranger00/r-strange/"),
    ("aws:SourceOwner", "{account}"),
    ("aws:userid", "AIDASTRANGER55555555"),
    // Whoever mounts a file system by a target in a network is of that network.
    ("elasticfilesystem:AccessedViaMountTarget", "false"),
    ("kms:CallerAccount", "{account}"),
    ("s3:DataAccessPointAccount", "{account}"),
    ("s3:DataAccessPointArn", "arn:aws:s3:us-east-1:{account}:accesspoint/stranger"),
];

/// Addresses far apart from each other: a range that has one of them is not somebody's own.
const ADDRESSES: &[&str] =
    &["11.22.33.44", "66.77.88.99", "144.155.166.177", "211.222.233.244", "2a05:5f5f:5f5f::5f5f"];

/// Keys by which a service says for whom it acts.
const SOURCES: &[&str] = &["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"];

/// Whether `policy` lets in a stranger: someone unsigned, or a user or role of an account, an organization and a
/// network that the policy does not name. A condition on who someone is or where they come from keeps strangers out
/// if its values are fixed; one on anything else, which they are free to choose, does not.
pub fn public_access(policy: &Policy<'_>, semantics: Semantics) -> Answer {
    admits_strangers(policy, &Question { semantics, ..Question::default() })
}

/// What [`public_access`] says of those requests that `asked` is about; its callers and context are of no account.
pub fn admits_strangers(policy: &Policy<'_>, asked: &Question<'_>) -> Answer {
    let (mut first, mut unknown) = (None, None);
    for question in strangers(policy, asked) {
        match can(&Policies::Document(policy), &question) {
            possible @ Answer::Possible(_) => return possible,
            impossible @ Answer::Impossible(_) => first = first.or(Some(impossible)),
            reason @ Answer::Unknown(_) => unknown = unknown.or(Some(reason)),
        }
    }
    unknown.or(first).unwrap_or_else(|| Answer::Impossible(super::decide::Proof::default()))
}

/// Whether the Allow number `allow` lets in a stranger, and how; see [`public_access`].
pub fn public_grant<'a>(policy: &'a Policy<'a>, allow: usize, catalog: &Catalog) -> Option<Granted<'a>> {
    if policy.statements.get(allow)?.conditions.iter().any(keeps_out) {
        return None;
    }
    let is_trust = policy.kind.kind == PolicyType::Trust;
    let element = policy.statements.get(allow)?.action.as_ref().filter(|element| !element.negated && element.complete);
    let listed = element.map_or(&[][..], |element| &element.items);
    let actions: Vec<String> = match listed.iter().all(|item| item.is_literal()) {
        _ if is_trust => vec!["sts:AssumeRole*".to_owned()],
        // To go through all actions there are takes long.
        true => listed.iter().map(|item| item.text.to_string()).collect(),
        false => Vec::new(),
    };
    let asked = Question { actions, catalog, ..Question::default() };
    strangers(policy, &asked).find_map(|question| granted(policy, &[allow], &question).pop())
}

/// Keys that a stranger's own name is in.
const NAMES: &[&str] = &["aws:PrincipalAccount", "aws:PrincipalArn"];

/// A cheap look before the question: whether a condition keeps out strangers, or nobody knows whom it lets in.
fn keeps_out(condition: &Condition<'_>) -> bool {
    let is_key = |key: &str| key.eq_ignore_ascii_case(condition.key);
    let compares = condition.operator.is_some_and(|operator| {
        let is_text = matches!(operator.base.family(), Family::String | Family::Arn);
        is_text && !operator.base.negated() && !holds_on_absent(operator, &Semantics::default()) && !operator.if_exists
    });
    // An account of one's own in an ARN is enough, whatever wildcards follow.
    let is_fixed = |value: &Scalar<'_>| {
        let is_plain = |text: &str| !text.is_empty() && !text.contains(['*', '?', '$']);
        let account = value.text.text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(3));
        value.text.has_hole() || is_plain(&value.text.text) || account.is_some_and(is_plain)
    };
    compares
        && (NAMES.iter().any(|key| is_key(key)) || STRANGE.iter().any(|(key, _)| is_key(key)))
        && condition.values.iter().all(is_fixed)
}

/// How the Allow number `allow` lets the AWS service `service` call one of `actions` on behalf of a stranger, where it
/// does.
pub fn granted_on_behalf_of_strangers<'a>(
    policy: &'a Policy<'a>,
    allow: usize,
    service: &str,
    actions: &[&str],
) -> Option<Granted<'a>> {
    let account = unnamed_account(policy);
    let sources = STRANGE.iter().filter(|(key, _)| SOURCES.contains(key));
    let question = Question {
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        callers: Callers::Only(Caller::Service { name: service.to_owned() }),
        context: sources.map(|(key, value)| ((*key).to_owned(), vec![value.replace("{account}", &account)])).collect(),
        ..Question::default()
    };
    granted(policy, &[allow], &question).pop()
}

/// The strangers there are, as questions about what they may do.
fn strangers<'q>(policy: &Policy<'_>, asked: &'q Question<'q>) -> impl Iterator<Item = Question<'q>> {
    let account = unnamed_account(policy);
    let named = |name: &str| Caller::from_arn(&format!("arn:aws:iam::{account}:{name}"));
    // Nobody assumes a role unsigned.
    let unsigned = (policy.kind.kind != PolicyType::Trust).then_some(Callers::Anonymous);
    let signed = ["user/stranger", "role/stranger"].map(|name| Callers::Only(named(name)));
    let strangers = unsigned.into_iter().chain(signed);
    let mentions = |key: &str| {
        let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
        conditions.into_iter().any(|condition| condition.key.eq_ignore_ascii_case(key))
    };
    let held: Vec<&'static (&str, &str)> = STRANGE.iter().filter(|(key, _)| mentions(key)).collect();
    let addresses: Vec<Option<&'static str>> = match mentions("aws:SourceIp") {
        true => ADDRESSES.iter().copied().map(Some).collect(),
        false => vec![None],
    };
    // Without these keys, as most are; then with those of a stranger.
    let presence = if held.is_empty() { &[false][..] } else { &[false, true] };
    let ways =
        presence.iter().flat_map(move |present| addresses.clone().into_iter().map(|address| (*present, address)));
    let ways: Vec<(bool, Option<&str>)> = ways.collect();
    strangers.flat_map(move |callers| {
        let question = |(present, address): &(bool, Option<&str>)| {
            let values = |value: &str| present.then(|| value.replace("{account}", &account)).into_iter().collect();
            let mut context: Vec<(String, Vec<String>)> =
                held.iter().map(|(key, value)| ((*key).to_owned(), values(value))).collect();
            context.extend(address.map(|address| ("aws:SourceIp".to_owned(), vec![address.to_owned()])));
            Question { callers: callers.clone(), context, ..asked.clone() }
        };
        ways.iter().map(question).collect::<Vec<_>>()
    })
}

/// An account whose number does not occur in the policy.
fn unnamed_account(policy: &Policy<'_>) -> String {
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for statement in &policy.statements {
        let principals = statement.principal.iter().flat_map(|element| &element.items).map(|item| &item.text);
        let values = statement.conditions.iter().flat_map(|one| &one.values).map(|value| &value.text);
        for text in principals.chain(values) {
            named.extend(text.text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 12));
        }
    }
    let candidates = (1..=9).map(|digit| format!("{digit}00000000{digit}{digit}{digit}"));
    candidates.rev().find(|account| !named.contains(account.as_str())).unwrap_or_else(|| "135791357913".to_owned())
}
