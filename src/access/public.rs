//! Public access: whether someone who has nothing to do with the owner gets in, in person or by way of a service.

use super::addresses::strange_addresses;
use super::decide::{Answer, Callers, Question};
use super::evaluate::holds_on_absent;
use super::fixed::for_strangers;
use super::{Caller, Granted, Policies, Semantics, can, granted};
use crate::catalog::Catalog;
use crate::policy::{Condition, Family, Policy, PolicyType, Scalar, has_wildcard};
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

/// Those of them that neither a service nor whoever does not sign has.
const OF_CREDENTIALS: &[&str] = &["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:userid", "kms:CallerAccount"];

/// Those of them that tell the network of whoever calls, which a service does from its own.
const OF_NETWORKS: &[&str] =
    &["aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"];

/// What a resource's owner has, where a policy compares a caller's with it: no stranger has the same.
const OWNERS: &[(&str, &str)] = &[("aws:ResourceAccount", "123456789012"), ("aws:ResourceOrgID", "o-owner00000")];

/// Keys by which a service says for whom it acts. Nobody else has them.
const SOURCES: &[&str] = &["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"];

/// Whether `policy` lets in a stranger: someone unsigned, or a user or role of an account, an organization and a
/// network that the policy does not name. A condition on who someone is or where they come from keeps strangers out
/// if its values are fixed; one on anything else, which they are free to choose, does not.
pub fn public_access(policy: &Policy<'_>, semantics: Semantics) -> Answer {
    admits_strangers(policy, &Question { semantics, ..Question::default() })
}

/// What [`public_access`] says of those requests that `asked` is about; its callers and context are of no account.
pub fn admits_strangers(policy: &Policy<'_>, asked: &Question<'_>) -> Answer {
    let fixed = for_strangers(policy);
    let policy = fixed.as_ref().unwrap_or(policy);
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
        let is_own_org = value.text.text.starts_with("o-") && is_plain_org(&value.text.text);
        value.text.has_hole() || is_plain(&value.text.text) || account.is_some_and(is_plain) || is_own_org
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
    let sources: Vec<(&str, Vec<String>)> = sources
        .map(|(key, usual)| (*key, strange_values(policy, key, &usual.replace("{account}", &account), &account)))
        .collect();
    let most = sources.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    (0..most).find_map(|number| {
        let value = |values: &[String]| vec![values[number.min(values.len() - 1)].clone()];
        let question = Question {
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            callers: Callers::Only(Caller::Service { name: service.to_owned() }),
            context: sources.iter().map(|(key, values)| ((*key).to_owned(), value(values))).collect(),
            ..Question::default()
        };
        granted(policy, &[allow], &question).pop()
    })
}

/// The strangers there are, as questions about what they may do.
fn strangers<'q>(policy: &Policy<'_>, asked: &'q Question<'q>) -> impl Iterator<Item = Question<'q>> {
    let account = unnamed_account(policy);
    let held: Vec<(&str, Vec<String>)> = STRANGE
        .iter()
        .filter(|(key, _)| conditions_on(policy, key).next().is_some())
        .map(|(key, usual)| (*key, strange_values(policy, key, &usual.replace("{account}", &account), &account)))
        .collect();
    let addresses: Vec<Option<String>> = match conditions_on(policy, "aws:SourceIp").next() {
        Some(_) => strange_addresses(policy).into_iter().map(Some).collect(),
        None => vec![None],
    };
    let owners = owners(policy);
    // Without these keys, as most are; then with those of a stranger.
    let most = held.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    let ways = (0..=most).flat_map(|number| addresses.iter().map(move |address| (number, address)));
    let contexts: Vec<Vec<(String, Vec<String>)>> = ways
        .map(|(number, address)| {
            let value = |values: &[String]| number.checked_sub(1).map(|at| values[at.min(values.len() - 1)].clone());
            let held = held.iter().map(|(key, values)| ((*key).to_owned(), value(values).into_iter().collect()));
            let address = address.iter().map(|address| ("aws:SourceIp".to_owned(), vec![address.clone()]));
            held.chain(address).chain(owners.clone()).collect()
        })
        .collect();
    let by_service = held.iter().any(|(key, _)| SOURCES.contains(key));
    callers(policy, &account).into_iter().chain(by_service.then(|| stranger_by_service(&[]))).flat_map(move |callers| {
        let question = |context: &Vec<(String, Vec<String>)>| {
            let carried = |(key, values): &(String, Vec<String>)| {
                (key.clone(), if carries(&callers, key) { values.clone() } else { Vec::new() })
            };
            // Whoever does not sign has an id that is no stranger's.
            let is_known = |(key, _): &&(String, Vec<String>)| key != "aws:userid" || callers != Callers::Anonymous;
            let context: Vec<_> = context.iter().filter(is_known).map(carried).collect();
            let callers = match &callers {
                Callers::Only(Caller::Service { .. }) => stranger_by_service(&context),
                callers => callers.clone(),
            };
            Question { callers, context, ..asked.clone() }
        };
        let mut questions: Vec<Question<'_>> = contexts.iter().map(question).collect();
        questions.dedup_by(|one, other| one.context == other.context);
        questions
    })
}

/// The service on whose source a stranger may have put something: the one of the ARN in `context`.
fn stranger_by_service(context: &[(String, Vec<String>)]) -> Callers {
    let arn = context.iter().find(|(key, _)| key == "aws:SourceArn").and_then(|(_, values)| values.first());
    let service = arn.and_then(|arn| arn.split(':').nth(2)).unwrap_or("sns");
    Callers::Only(Caller::Service { name: format!("{service}.amazonaws.com") })
}

/// Whether a stranger of that sort has the key of [`STRANGE`].
fn carries(callers: &Callers, key: &str) -> bool {
    match callers {
        Callers::Anonymous => !OF_CREDENTIALS.contains(&key) && !SOURCES.contains(&key),
        Callers::Only(Caller::Service { .. }) => !OF_CREDENTIALS.contains(&key) && !OF_NETWORKS.contains(&key),
        _ => !SOURCES.contains(&key),
    }
}

/// Who strangers are: those who do not sign, and the users and roles of `account`. Its root user and sessions of its
/// users differ from these only where a policy asks for their names or sorts.
fn callers(policy: &Policy<'_>, account: &str) -> Vec<Callers> {
    let of = Callers::Of(account.to_owned());
    if policy.kind.kind == PolicyType::Trust {
        // Nobody assumes a role unsigned, nor as a root user, nor in a session of `sts:GetFederationToken`. Everyone
        // is also whom some identity provider or other vouches for, which no template means by a provider's name.
        let saml = format!("arn:aws:iam::{account}:saml-provider/stranger");
        let providers = ["provider.stranger.example".to_owned(), saml];
        let vouched = providers.map(|provider| Callers::Only(Caller::Federated { provider }));
        let mut elements = policy.statements.iter().filter_map(|statement| statement.principal.as_ref());
        let is_open = elements.any(|element| element.negated || element.items.iter().any(|item| item.text.text == "*"));
        return [of].into_iter().chain(vouched.into_iter().filter(|_| is_open)).collect();
    }
    let mut found = vec![Callers::Anonymous, of];
    let names: Vec<_> = conditions_on(policy, "aws:PrincipalArn").collect();
    if names.is_empty() && conditions_on(policy, "aws:PrincipalType").next().is_none() {
        return found;
    }
    found.push(Callers::Only(Caller::Root { account: account.to_owned() }));
    let usual = format!("arn:aws:sts::{account}:federated-user/stranger");
    let patterns = names.iter().flat_map(|condition| &condition.values).map(|value| &*value.text.text);
    let patterns = patterns.filter(|text| text.contains(":federated-user/")).take(MOST_VALUES);
    let named = patterns.filter_map(|text| strange_arn(text, account));
    for session in [usual].into_iter().chain(named) {
        let user = format!("arn:aws:iam::{account}:user/stranger");
        found.push(Callers::Only(Caller::FederatedUser { session, user }));
    }
    found
}

/// The keys of the owner to which a policy variable refers, with their values.
fn owners(policy: &Policy<'_>) -> Vec<(String, Vec<String>)> {
    let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
    let values: Vec<&str> = conditions.flat_map(|one| &one.values).map(|value| &*value.text.text).collect();
    let refers = |key: &str| {
        let variable = format!("${{{}", key.to_ascii_lowercase());
        values.iter().any(|text| text.contains("${") && text.to_ascii_lowercase().contains(&variable))
    };
    let value = |(key, usual): &(&str, &str)| {
        let named = conditions_on(policy, key).flat_map(|condition| &condition.values).map(|value| &value.text);
        let named = named.filter(|text| text.is_literal()).map(|text| text.text.to_string()).next();
        ((*key).to_owned(), vec![named.unwrap_or_else(|| (*usual).to_owned())])
    };
    OWNERS.iter().filter(|(key, _)| refers(key)).map(value).collect()
}

pub(super) fn conditions_on<'p, 'a>(policy: &'p Policy<'a>, key: &str) -> impl Iterator<Item = &'p Condition<'a>> {
    let all = policy.statements.iter().flat_map(|statement| &statement.conditions);
    all.filter(move |condition| condition.key.eq_ignore_ascii_case(key))
}

/// So many values of one key are tried.
const MOST_VALUES: usize = 8;

/// What a stranger may bring as the value of `key`: the usual, and what patterns of the policy leave to anyone's choice.
fn strange_values(policy: &Policy<'_>, key: &str, usual: &str, account: &str) -> Vec<String> {
    let mut values = vec![usual.to_owned()];
    let texts = conditions_on(policy, key).flat_map(|condition| &condition.values).map(|value| &*value.text.text);
    for text in texts.filter(|text| has_wildcard(text)) {
        let value = match usual {
            usual if usual.starts_with("arn:") => strange_arn(text, account),
            usual if usual.starts_with("o-") => strange_org(text),
            _ => strange_id(text),
        };
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
    let own = |at: usize| if at == 4 { account } else { USUAL[at] };
    let filled = |at: usize| match parts.get(at) {
        Some(part) if has_wildcard(part) => part.replace('*', own(at)).replace('?', "x"),
        Some(part) => (*part).to_owned(),
        None => own(at).to_owned(),
    };
    let is_own = match parts.get(4) {
        Some(&"") => parts.get(5).is_some_and(|name| has_wildcard(name)),
        Some(part) => has_wildcard(part),
        None => true,
    };
    is_own.then(|| [0, 1, 2, 3, 4, 5].map(filled).join(":"))
}

/// An organization, or a path within it, of a stranger's that `pattern` matches, where the organization is not fixed:
/// a stranger may choose the units of its organization, not the organization that it is in.
fn strange_org(pattern: &str) -> Option<String> {
    let (id, path) = pattern.split_once('/').map_or((pattern, None), |(id, path)| (id, Some(path)));
    let own = id.replace('*', "stranger00").replace('?', "5");
    let own = if own.starts_with("o-") { own } else { format!("o-{own}") };
    let path = path.map(|path| path.replace('*', "r-strange/").replace('?', "5"));
    (!is_plain_org(id)).then(|| path.map_or(own.clone(), |path| format!("{own}/{path}")))
}

/// Whether `pattern` is of one organization, whatever follows its id. AWS's ids are `o-` and ten letters.
fn is_plain_org(pattern: &str) -> bool {
    let id = pattern.split('/').next().unwrap_or(pattern);
    let fixed = id.trim_end_matches('*');
    !id.contains('$') && !has_wildcard(fixed) && (fixed == id || fixed.len() >= 12)
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
