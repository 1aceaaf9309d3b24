//! Who may make a request. Principals have no wildcards within a name, so a few candidates stand for all: those that
//! the policies name, and fresh ones of each sort.

use super::aliases;
use super::bearers;
use super::domain::ACCOUNT;
use super::glob::Language;
use super::identity::{self, Sort};
use super::places::Place;
use crate::access::evaluate::Named;
use crate::access::{Caller, NotPrincipal, Semantics};
use crate::policy::{Condition, Effect, PartKind, Policy, PolicyType, PrincipalElement, PrincipalKind, Text, Truth};
use std::collections::{BTreeMap, BTreeSet};

/// How a request is signed, as far as its keys tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Credential {
    /// A long-term access key of a user: no key about MFA is there.
    AccessKey,
    /// A session of a user without MFA, as of the console: `aws:MultiFactorAuthPresent` is `false`.
    SessionWithoutMfa,
    /// A session with MFA, of a user or of a role that was assumed with it.
    SessionWithMfa,
    /// A session of a role that does not tell of MFA.
    RoleSession,
}

impl Credential {
    /// Those that come without MFA.
    pub const WITHOUT_MFA: &'static [Credential] = &[Self::AccessKey, Self::SessionWithoutMfa, Self::RoleSession];

    /// All of them.
    pub const ALL: &'static [Credential] =
        &[Self::AccessKey, Self::SessionWithoutMfa, Self::SessionWithMfa, Self::RoleSession];

    /// The credential in words: "a long-term access key".
    pub fn describe(self) -> &'static str {
        match self {
            Self::AccessKey => "a long-term access key",
            Self::SessionWithoutMfa => "a session without MFA",
            Self::SessionWithMfa => "a session with MFA",
            Self::RoleSession => "a role session",
        }
    }
}

/// A caller, or a sort of callers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Candidate {
    /// Whoever has the policy attached: a user.
    AttachedUser,
    /// Whoever has the policy attached: a role.
    AttachedRole,
    /// Another who is bound by a policy that is attached: such a one, of any account.
    Bound(Caller),
    /// This one.
    Named(Caller),
    /// Any of its sort and account that no policy names.
    Fresh(Caller),
    /// This session, of a role of its name that no policy names.
    OfSomePath(Caller),
    /// Whoever of an account the other caller stands for, by the account's canonical user id.
    Canonical {
        /// The id.
        id: String,
        /// A user, a session of a role, or a root user.
        like: Caller,
    },
}

impl Candidate {
    /// The caller, or one that stands for those meant.
    pub(super) fn caller(&self) -> Caller {
        self.caller_in("aws")
    }

    /// The same, where whoever has a policy attached is of that partition.
    pub(super) fn caller_in(&self, partition: &str) -> Caller {
        match self {
            Self::AttachedUser => Caller::User { arn: format!("arn:{partition}:iam::{ACCOUNT}:user/alice") },
            Self::AttachedRole => Caller::from_arn(&format!("arn:{partition}:iam::{ACCOUNT}:role/example")),
            Self::Named(caller) | Self::Fresh(caller) | Self::OfSomePath(caller) | Self::Bound(caller) => {
                caller.clone()
            }
            Self::Canonical { id, .. } => Caller::CanonicalUser { id: id.clone() },
        }
    }

    /// Whose credentials the request is signed with.
    pub(super) fn signer(&self) -> Caller {
        match self {
            Self::Canonical { like, .. } => like.clone(),
            _ => self.caller(),
        }
    }

    /// Whether it is whoever a policy is attached to, who may be of any account.
    pub(super) fn is_attached(&self) -> bool {
        matches!(self, Self::AttachedUser | Self::AttachedRole | Self::Bound(_))
    }

    /// What `aws:PrincipalArn` looks like, where it is not one value.
    pub(super) fn arns(&self, places: &[Place]) -> Option<Language> {
        let sort = Sort::of(self)?;
        let account = match self {
            Self::OfSomePath(Caller::Session { role, .. }) => return Some(aliases::in_any_path(role)),
            Self::Fresh(caller) => caller.account(),
            _ => None,
        };
        Some(identity::arns(sort, account, places.iter().map(|place| place.partition.as_str())))
    }

    pub(super) fn credentials(&self) -> &'static [Credential] {
        match self.signer() {
            Caller::User { .. } | Caller::Root { .. } => &Credential::ALL[..3],
            // AWS documents that a role's session does not tell of MFA, and yet it does where the role was assumed with it.
            Caller::Session { .. } => &[Credential::RoleSession, Credential::SessionWithMfa],
            Caller::FederatedUser { .. } => &[Credential::RoleSession],
            _ => &[],
        }
    }
}

/// An account that no policy names, unless it does so to defeat this.
pub(super) const FOREIGN: &str = "111122223333";

/// So many names, and so many accounts, are gone through.
const MOST_NAMED: usize = 256;

/// So many accounts are gone through of which the policies say the same.
const MOST_ALIKE: usize = 16;

/// Whether it is asked, by a condition or by one of these keys, what tells users and roles from the sessions that a user
/// makes for others and from root users.
fn tells_of_others(policies: &[&Policy<'_>], asked: &[(String, Vec<String>)]) -> bool {
    const KEYS: &[&str] = &["aws:PrincipalArn", "aws:PrincipalType", "aws:userid", "aws:username"];
    let conditions = policies.iter().flat_map(|policy| &policy.statements).flat_map(|one| &one.conditions);
    let mut keys = conditions.map(|condition| condition.key).chain(asked.iter().map(|(key, _)| key.as_str()));
    keys.any(|own| KEYS.iter().any(|key| key.eq_ignore_ascii_case(own)))
}

/// A session of `sts:GetFederationToken`.
fn guest(account: &str) -> Caller {
    Caller::from_arn(&format!("arn:aws:sts::{account}:federated-user/guest"))
}

/// Those whom policies without principals bind: users, roles, the sessions that a user makes for others and, if they are
/// of an organization, root users.
fn attached(policies: &[&Policy<'_>], others: bool) -> Vec<Candidate> {
    let root = Caller::Root { account: ACCOUNT.to_owned() };
    let binds_roots = policies.iter().all(|policy| policy.kind.kind == PolicyType::Scp);
    let others = others.then(|| std::iter::once(guest(ACCOUNT)).chain(binds_roots.then_some(root)));
    let others = others.into_iter().flatten().map(Candidate::Bound);
    [Candidate::AttachedUser, Candidate::AttachedRole].into_iter().chain(others).collect()
}

/// The candidates, those of the policies first; `own` are accounts that the question tells from others, and `asked` the
/// keys of which it says something.
pub(super) fn candidates(policies: &[&Policy<'_>], own: &[String], asked: &[(String, Vec<String>)]) -> Vec<Candidate> {
    let statements = || policies.iter().flat_map(|policy| &policy.statements);
    let others = tells_of_others(policies, asked);
    if statements().all(|statement| statement.principal.is_none()) {
        return attached(policies, others);
    }
    let named = named(policies);
    // Whom only a key tells of comes last: a session of a role may have the key as well, and can call more.
    let conditions = || statements().flat_map(|statement| &statement.conditions);
    let told: BTreeSet<Caller> = conditions().flat_map(told_by_key).chain(conditions().filter_map(told_of)).collect();
    let mut accounts = accounts(policies, own);
    accounts.extend([ACCOUNT, FOREIGN].into_iter().map(str::to_owned));
    accounts.dedup();
    let mut found: Vec<Candidate> = Vec::new();
    let name = fresh_name(named.union(&told).cloned());
    found.extend(named.iter().take(MOST_NAMED).flat_map(|caller| aliases::meant_by(caller, &named)));
    for account in accounts {
        found.push(Candidate::Fresh(Caller::from_arn(&format!("arn:aws:iam::{account}:role/{name}"))));
        found.push(Candidate::Fresh(Caller::User { arn: format!("arn:aws:iam::{account}:user/{name}") }));
        found.extend(others.then(|| Candidate::Fresh(guest(&account))));
        found.push(Candidate::Named(Caller::Root { account }));
    }
    found.push(Candidate::Named(Caller::Anonymous));
    found.push(Candidate::Named(Caller::Service { name: format!("{name}.amazonaws.com") }));
    found.push(Candidate::Named(Caller::Federated { provider: format!("{name}.com") }));
    let saml = format!("arn:aws:iam::{ACCOUNT}:saml-provider/{name}");
    found.push(Candidate::Named(Caller::Federated { provider: saml }));
    found.extend(told.difference(&named).take(MOST_NAMED).cloned().map(Candidate::Named));
    found
}

/// The callers that the policies name as principals.
pub(super) fn named(policies: &[&Policy<'_>]) -> BTreeSet<Caller> {
    let mut named: BTreeSet<Caller> = BTreeSet::new();
    let statements = policies.iter().flat_map(|policy| &policy.statements);
    let items = statements.filter_map(|statement| statement.principal.as_ref()).flat_map(|element| &element.items);
    for item in items.filter(|item| item.text.text != "*") {
        // One that is filled in later may be anyone whom its known parts fit.
        let fillings = if item.text.is_literal() { &[""][..] } else { &[ACCOUNT, FOREIGN] };
        named.extend(fillings.iter().filter_map(|account| caller(item.kind, filled(&item.text, account))));
    }
    named
}

/// The accounts that the policies tell apart. Of a long list, a few stand for all of which nothing else is said; the
/// one that a Deny spares is not among these.
fn accounts(policies: &[&Policy<'_>], own: &[String]) -> Vec<String> {
    let mut said: BTreeMap<String, BTreeSet<(usize, usize, String)>> = BTreeMap::new();
    for (at, statement) in policies.iter().flat_map(|policy| &policy.statements).enumerate() {
        let principals = statement.principal.iter().flat_map(|element| &element.items).map(|item| (0, &item.text.text));
        let values = statement.conditions.iter().enumerate();
        let values = values.flat_map(|(at, one)| one.values.iter().map(move |value| (at + 1, &value.text.text)));
        for (part, text) in principals.chain(values) {
            for account in account_ids(text) {
                // Who names one user or role says nothing of the others of the account.
                let says = part > 0 || *text == account || text.ends_with(":root");
                let rest = says.then(|| (at, part, text.replace(&account, "")));
                said.entry(account).or_default().extend(rest);
            }
        }
    }
    let mut alike: BTreeMap<_, usize> = BTreeMap::new();
    let is_told = |(account, said): (String, BTreeSet<_>)| {
        let count = alike.entry((said, own.contains(&account))).or_default();
        *count += 1;
        (*count <= MOST_ALIKE).then_some(account)
    };
    said.into_iter().filter_map(is_told).take(MOST_NAMED).collect()
}

/// A name that none of `named` has.
pub(super) fn fresh_name(named: impl Iterator<Item = Caller>) -> String {
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

/// The identity provider of whose words the key is one.
fn told_of(condition: &Condition<'_>) -> Option<Caller> {
    const BY_HOST: [&str; 4] =
        ["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"];
    let host = bearers::provider_of(condition.key).filter(|_| condition.key_known)?;
    let by_host = BY_HOST.iter().find(|known| known.eq_ignore_ascii_case(host)).map(|known| (*known).to_owned());
    let provider = by_host.unwrap_or_else(|| format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"));
    Some(Caller::Federated { provider })
}

/// Services and providers that only a key names; what a pattern leaves open is filled in.
fn told_by_key<'p>(condition: &'p Condition<'_>) -> impl Iterator<Item = Caller> + use<'p> {
    let told: Option<fn(String) -> Caller> = match condition.key.to_ascii_lowercase().as_str() {
        "aws:principalservicename" | "aws:principalservicenameslist" => Some(|name| Caller::Service { name }),
        "aws:federatedprovider" => Some(|provider| Caller::Federated { provider }),
        _ => None,
    };
    let texts = condition.values.iter().map(|value| &value.text).filter(|text| text.is_literal());
    let names = texts.map(|text| text.text.replace('*', "example").replace('?', "x"));
    told.into_iter().flat_map(move |told| names.clone().map(told))
}

fn aws_caller(text: &str) -> Option<Caller> {
    let name = text.splitn(6, ':').nth(5)?;
    (name != "root").then(|| Caller::from_arn(text))
}

fn account_ids(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 12).map(str::to_owned)
}

/// Whether `element` means `caller`, and by which name.
pub(super) fn meant(
    element: &PrincipalElement<'_>,
    caller: &Caller,
    effect: Option<Effect>,
    semantics: &Semantics,
) -> (Truth, Option<Named>) {
    let unsure = if element.complete { Truth::No } else { Truth::Maybe };
    let levels = levels(caller);
    let level = |wanted: Named| {
        let names = levels.iter().filter(|(named, _, _)| *named == wanted);
        names.fold(unsure, |found, (_, kind, name)| {
            element.items.iter().filter(|item| item.kind == *kind).fold(found, |found, item| {
                found.or(match item.text.is_literal() {
                    true => Truth::from(item.text.text == *name),
                    false => could_be(&item.text, name),
                })
            })
        })
    };
    let all = element.items.iter().any(|item| item.text.text == "*" && covers(item.kind, caller));
    let everyone = if all { Truth::Yes } else { unsure };
    let (own, role, account) = (level(Named::Exactly), level(Named::Role), level(Named::Account));
    if element.negated {
        let strict = effect == Some(Effect::Deny) && semantics.not_principal == NotPrincipal::EveryName;
        let mut present = [(Named::Exactly, own), (Named::Role, role), (Named::Account, account)]
            .into_iter()
            .filter(|(wanted, _)| levels.iter().any(|(named, _, _)| named == wanted))
            .map(|(_, truth)| truth)
            .peekable();
        let spared = if strict && present.peek().is_some() {
            present.fold(Truth::Yes, Truth::and)
        } else {
            present.fold(unsure, Truth::or)
        };
        return (!spared.or(everyone), Some(Named::Everyone));
    }
    let ranked = [(own, Named::Exactly), (role, Named::Role), (everyone, Named::Everyone), (account, Named::Account)];
    ranked.into_iter().fold(
        (Truth::No, None),
        |best, (truth, named)| {
            if truth > best.0 { (truth, Some(named)) } else { best }
        },
    )
}

/// Whether a text with holes could be `name`: its known parts occur there in order.
fn could_be(text: &Text<'_>, name: &str) -> Truth {
    let mut rest = name;
    for (part, kind) in text.all_parts() {
        if kind == PartKind::Hole {
            continue;
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return Truth::No,
        }
    }
    if text.has_hole() { Truth::Maybe } else { Truth::from(text.text == name) }
}

fn covers(kind: PrincipalKind, caller: &Caller) -> bool {
    match kind {
        PrincipalKind::Everyone | PrincipalKind::Aws => true,
        PrincipalKind::Service => matches!(caller, Caller::Service { .. }),
        PrincipalKind::Federated => matches!(caller, Caller::Federated { .. }),
        PrincipalKind::CanonicalUser => matches!(caller, Caller::CanonicalUser { .. }),
        PrincipalKind::Unknown => false,
    }
}

fn levels(caller: &Caller) -> Vec<(Named, PrincipalKind, String)> {
    use PrincipalKind::{Aws, CanonicalUser, Federated, Service};
    let mut found: Vec<(Named, PrincipalKind, String)> = match caller {
        Caller::Anonymous | Caller::Root { .. } => Vec::new(),
        Caller::User { arn } => vec![(Named::Exactly, Aws, arn.clone())],
        Caller::Session { role: wider, session: own } | Caller::FederatedUser { session: own, user: wider } => {
            vec![(Named::Exactly, Aws, own.clone()), (Named::Role, Aws, wider.clone())]
        }
        Caller::Service { name } => vec![(Named::Exactly, Service, name.clone())],
        Caller::Federated { provider } => vec![(Named::Exactly, Federated, provider.clone())],
        Caller::CanonicalUser { id } => vec![(Named::Exactly, CanonicalUser, id.clone())],
    };
    if let Some(account) = caller.account() {
        found.push((Named::Account, Aws, account.to_owned()));
        for partition in ["aws", "aws-cn", "aws-us-gov"] {
            let root = format!("arn:{partition}:iam::{account}:root");
            if matches!(caller, Caller::Root { .. }) && partition == "aws" {
                found.push((Named::Exactly, Aws, root.clone()));
            }
            found.push((Named::Account, Aws, root));
        }
    }
    found
}
