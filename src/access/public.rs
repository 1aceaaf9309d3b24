//! Public access: whether someone who has nothing to do with the owner gets in.

use super::decide::{Answer, Callers, Question};
use super::{Caller, Policies, Semantics, can};
use crate::policy::Policy;
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
    ("kms:CallerAccount", "{account}"),
    ("s3:DataAccessPointAccount", "{account}"),
    ("s3:DataAccessPointArn", "arn:aws:s3:us-east-1:{account}:accesspoint/stranger"),
];

/// Addresses far apart from each other: a range that has one of them is not somebody's own.
const ADDRESSES: &[&str] =
    &["11.22.33.44", "66.77.88.99", "144.155.166.177", "211.222.233.244", "2a05:5f5f:5f5f::5f5f"];

/// Whether `policy` lets in a stranger: someone unsigned, or a user or role of an account, an organization and a
/// network that the policy does not name. A condition on who someone is or where they come from keeps strangers out
/// if its values are fixed; one on anything else, which they are free to choose, does not.
pub fn public_access(policy: &Policy<'_>, semantics: Semantics) -> Answer {
    admits_strangers(policy, &Question { semantics, ..Question::default() })
}

/// What [`public_access`] says of those requests that `asked` is about; its callers and context are of no account.
pub fn admits_strangers(policy: &Policy<'_>, asked: &Question<'_>) -> Answer {
    let account = unnamed_account(policy);
    let named = |name: &str| Caller::from_arn(&format!("arn:aws:iam::{account}:{name}"));
    let strangers = [Callers::Anonymous, Callers::Only(named("user/stranger")), Callers::Only(named("role/stranger"))];
    let mentions = |key: &str| {
        let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
        conditions.into_iter().any(|condition| condition.key.eq_ignore_ascii_case(key))
    };
    let held: Vec<&(&str, &str)> = STRANGE.iter().filter(|(key, _)| mentions(key)).collect();
    let addresses: Vec<Option<&str>> = match mentions("aws:SourceIp") {
        true => ADDRESSES.iter().copied().map(Some).collect(),
        false => vec![None],
    };
    let (mut first, mut unknown) = (None, None);
    for callers in &strangers {
        // Without these keys, as most are; then with those of a stranger.
        for present in [false, true].into_iter().take(if held.is_empty() { 1 } else { 2 }) {
            for address in &addresses {
                let mut context: Vec<(String, Vec<String>)> = held
                    .iter()
                    .map(|(key, value)| {
                        let values = present.then(|| value.replace("{account}", &account));
                        ((*key).to_owned(), values.into_iter().collect())
                    })
                    .collect();
                context.extend(address.map(|address| ("aws:SourceIp".to_owned(), vec![address.to_owned()])));
                let question = Question { callers: callers.clone(), context, ..asked.clone() };
                match can(&Policies::Document(policy), &question) {
                    possible @ Answer::Possible(_) => return possible,
                    impossible @ Answer::Impossible(_) => first = first.or(Some(impossible)),
                    reason @ Answer::Unknown(_) => unknown = unknown.or(Some(reason)),
                }
            }
        }
    }
    unknown.or(first).unwrap_or_else(|| Answer::Impossible(super::decide::Proof::default()))
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
