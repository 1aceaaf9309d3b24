//! Public access: whether someone who has nothing to do with the owner gets in.

use super::decide::{Answer, Callers, Question};
use super::{Policies, Semantics, can};
use crate::policy::{Condition, Policy};
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
    let strangers = [Callers::Anonymous, Callers::Of(account.clone())];
    let held: Vec<(&str, Vec<String>)> = STRANGE
        .iter()
        .filter(|(key, _)| conditions_on(policy, key).next().is_some())
        .map(|(key, usual)| (*key, strange_values(policy, key, &usual.replace("{account}", &account), &account)))
        .collect();
    let addresses: Vec<Option<&str>> = match conditions_on(policy, "aws:SourceIp").next() {
        Some(_) => ADDRESSES.iter().copied().map(Some).collect(),
        None => vec![None],
    };
    let most = held.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    let (mut first, mut unknown) = (None, None);
    for callers in &strangers {
        // Without these keys, as most are; then with those of a stranger.
        for number in 0..=most {
            for address in &addresses {
                let mut context: Vec<(String, Vec<String>)> = held
                    .iter()
                    .map(|(key, values)| {
                        let value = number.checked_sub(1).map(|at| values[at.min(values.len() - 1)].clone());
                        ((*key).to_owned(), value.into_iter().collect())
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

fn conditions_on<'p, 'a>(policy: &'p Policy<'a>, key: &str) -> impl Iterator<Item = &'p Condition<'a>> {
    let all = policy.statements.iter().flat_map(|statement| &statement.conditions);
    all.filter(move |condition| condition.key.eq_ignore_ascii_case(key))
}

/// So many values of one key are tried.
const MOST_VALUES: usize = 8;

/// What a stranger may bring as the value of `key`: the usual, and what patterns of the policy leave to anyone's choice.
fn strange_values(policy: &Policy<'_>, key: &str, usual: &str, account: &str) -> Vec<String> {
    let mut values = vec![usual.to_owned()];
    let texts = conditions_on(policy, key).flat_map(|condition| &condition.values).map(|value| &*value.text.text);
    for text in texts.filter(|text| text.contains(['*', '?'])) {
        let value = if usual.starts_with("arn:") { strange_arn(text, account) } else { strange_id(text) };
        values.extend(value.filter(|value| !values.contains(value)));
        if values.len() == MOST_VALUES {
            break;
        }
    }
    values
}

/// An ARN of a stranger's that `pattern` matches: in an account of its own or, where ARNs name none, with a name that
/// is not fixed.
fn strange_arn(pattern: &str, account: &str) -> Option<String> {
    const USUAL: [&str; 6] = ["arn", "aws", "sns", "us-east-1", "", "stranger"];
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    let open = |text: &str| text.contains(['*', '?']);
    let own = |at: usize| if at == 4 { account } else { USUAL[at] };
    let filled = |at: usize| match parts.get(at) {
        Some(part) if open(part) => part.replace('*', own(at)).replace('?', "x"),
        Some(part) => (*part).to_owned(),
        None => own(at).to_owned(),
    };
    let is_own = match parts.get(4) {
        Some(&"") => parts.get(5).is_some_and(|name| open(name)),
        Some(part) => open(part),
        None => true,
    };
    is_own.then(|| [0, 1, 2, 3, 4, 5].map(filled).join(":"))
}

/// An identifier of a stranger's that `pattern` matches, where what stands before its colon is not fixed.
fn strange_id(pattern: &str) -> Option<String> {
    let (id, name) = pattern.split_once(':').map_or((pattern, None), |(id, name)| (id, Some(name)));
    let fill = |text: &str, with: &str| text.replace('*', with).replace('?', "5");
    let own = fill(id, "STRANGER55555555");
    (own != id).then(|| name.map_or(own.clone(), |name| format!("{own}:{}", fill(name, "stranger"))))
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
