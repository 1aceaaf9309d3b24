//! Whom policies name. Of a long list a few stand for all of which nothing else is said.

use super::callers::FOREIGN;
use super::domain::ACCOUNT;
use crate::access::Caller;
use crate::policy::{PartKind, Policy, PrincipalKind, Text, has_wildcard};
use std::collections::{BTreeMap, BTreeSet};

/// So many names, and so many accounts, are gone through.
pub(super) const MOST: usize = 256;

/// So many of which the policies say the same.
const MOST_ALIKE: usize = 16;

/// What is said of each account: in which part of which statement, and what else in the same text.
pub(super) type Said = BTreeMap<String, BTreeSet<(usize, usize, String)>>;

/// Those who are gone through of all that are named.
pub(super) struct Few {
    pub(super) list: Vec<Caller>,
    pub(super) left_out: Vec<Caller>,
    /// Whether the former stand for the latter.
    pub(super) all: bool,
}

/// The callers that the policies name as principals, with the statements, by their number among all, that do.
pub(super) fn named(policies: &[&Policy<'_>]) -> BTreeMap<Caller, BTreeSet<usize>> {
    let mut named: BTreeMap<Caller, BTreeSet<usize>> = BTreeMap::new();
    for (at, statement) in policies.iter().flat_map(|policy| &policy.statements).enumerate() {
        let items = statement.principal.iter().flat_map(|element| &element.items);
        // A wildcard in a name is no wildcard, and nobody has such a name.
        for item in items.filter(|item| !has_wildcard(&item.text.text)) {
            // One that is filled in later may be anyone whom its known parts fit.
            let fillings = if item.text.is_literal() { &[""][..] } else { &[ACCOUNT, FOREIGN] };
            for caller in fillings.iter().filter_map(|account| caller(item.kind, filled(&item.text, account))) {
                named.entry(caller).or_default().insert(at);
            }
        }
    }
    named
}

/// Those of the named who are gone through; `by_name` says that any of them may be told from any other.
pub(super) fn few(policies: &[&Policy<'_>], said: &Said, by_name: bool) -> Few {
    let named = named(policies);
    if named.len() <= MOST {
        return Few { list: named.into_keys().collect(), left_out: Vec::new(), all: true };
    }
    let texts = policies.iter().flat_map(|policy| &policy.statements).flat_map(|statement| {
        let resources = statement.resource.iter().flat_map(|element| &element.items);
        resources.chain(statement.conditions.iter().flat_map(|one| &one.values).map(|value| &value.text))
    });
    let tells_apart = by_name || texts.into_iter().any(Text::has_variable);
    let mut alike: BTreeMap<_, usize> = BTreeMap::new();
    let (mut list, mut left_out, mut all) = (Vec::new(), Vec::new(), true);
    let said_of = |caller: &Caller| caller.account().and_then(|account| said.get(account));
    let mut named: Vec<(Caller, BTreeSet<usize>)> = named.into_iter().collect();
    named.sort_by_key(|(caller, _)| !said_of(caller).is_some_and(is_singled_out));
    for (caller, by) in named {
        let sort = caller.account().is_some();
        let of_account = said_of(&caller);
        let is_role = matches!(caller, Caller::Session { .. });
        // Services and providers are known by their names alone.
        let own = (!sort).then(|| caller.clone());
        let count = alike.entry((by, of_account, is_role, own)).or_default();
        *count += 1;
        let is_like_others = *count > MOST_ALIKE && !tells_apart;
        if is_like_others || list.len() == MOST {
            all &= is_like_others;
            left_out.push(caller);
        } else {
            list.push(caller);
        }
    }
    Few { list, left_out, all }
}

/// Whether a condition asks for the account.
fn is_singled_out(said: &BTreeSet<(usize, usize, String)>) -> bool {
    said.iter().any(|(_, part, _)| *part > 1)
}

/// What the policies say of accounts.
pub(super) fn said(policies: &[&Policy<'_>]) -> Said {
    let mut said = Said::new();
    for (at, statement) in policies.iter().flat_map(|policy| &policy.statements).enumerate() {
        let principals = statement.principal.iter().flat_map(|element| &element.items).map(|item| (0, &item.text.text));
        let resources = statement.resource.iter().flat_map(|element| &element.items).map(|item| (1, &item.text));
        let values = statement.conditions.iter().enumerate();
        let values = values.flat_map(|(at, one)| one.values.iter().map(move |value| (at + 2, &value.text.text)));
        for (part, text) in principals.chain(resources).chain(values) {
            for account in account_ids(text) {
                // Who names one user or role says nothing of the others of the account.
                let says = part > 0 || *text == account || text.ends_with(":root");
                let rest = says.then(|| (at, part, text.replace(&account, "")));
                said.entry(account).or_default().extend(rest);
            }
        }
    }
    said
}

/// The accounts that the policies tell apart, and whether these are all. The one that a Deny spares is not among those of
/// which the same is said; `own` are told from others by the question.
pub(super) fn accounts(said: Said, own: &[String]) -> (Vec<String>, bool) {
    let mut alike: BTreeMap<_, usize> = BTreeMap::new();
    let is_told = |(account, said): (String, BTreeSet<_>)| {
        let is_singled_out = is_singled_out(&said);
        let count = alike.entry((said, own.contains(&account))).or_default();
        *count += 1;
        (*count <= MOST_ALIKE).then_some((account, is_singled_out))
    };
    let mut accounts: Vec<(String, bool)> = said.into_iter().filter_map(is_told).collect();
    let all = accounts.len() <= MOST;
    if !all {
        accounts.sort_by_key(|(_, is_singled_out)| !is_singled_out);
        accounts.truncate(MOST);
    }
    (accounts.into_iter().map(|(account, _)| account).collect(), all)
}

/// A name that none of `named` has.
pub(super) fn fresh(named: impl Iterator<Item = Caller>) -> String {
    let named: Vec<String> = named.map(|caller| format!("{caller:?}")).collect();
    let mut name = "example".to_owned();
    while named.iter().any(|taken| taken.contains(&name)) {
        name.push('x');
    }
    name
}

fn caller(kind: PrincipalKind, text: String) -> Option<Caller> {
    Some(match kind {
        PrincipalKind::Service => Caller::Service { name: text },
        PrincipalKind::Federated => Caller::Federated { provider: text },
        PrincipalKind::CanonicalUser => Caller::CanonicalUser { id: text },
        PrincipalKind::Aws | PrincipalKind::Everyone | PrincipalKind::Unknown => return aws_caller(&text),
    })
}

/// The text with something in place of its holes; `account` where an ARN has the account.
fn filled(text: &Text<'_>, account: &str) -> String {
    let mut filled = String::new();
    for (part, kind) in text.all_parts() {
        filled.push_str(match kind {
            PartKind::Hole if filled.ends_with("arn:") => "aws",
            PartKind::Hole if filled.starts_with("arn:") && filled.matches(':').count() == 4 => account,
            PartKind::Hole => "any",
            _ => part,
        });
    }
    filled
}

fn aws_caller(text: &str) -> Option<Caller> {
    let name = text.splitn(6, ':').nth(5)?;
    (name != "root").then(|| Caller::from_arn(text))
}

fn account_ids(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 12).map(str::to_owned)
}
