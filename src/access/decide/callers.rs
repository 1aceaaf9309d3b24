//! Who may make a request. Principals have no wildcards within a name, so a few candidates stand for all: those that
//! the policies name, and fresh ones of each sort.

use super::aliases;
use super::bearers;
use super::domain::ACCOUNT;
use super::glob::Language;
use super::identity::{self, Sort};
use super::names;
use super::places::Place;
use super::question::Question;
use crate::access::evaluate::Named;
use crate::access::{Caller, NotPrincipal, Semantics};
use crate::policy::{
    Condition, Effect, PartKind, Policy, PolicyType, Principal, PrincipalElement, PrincipalKind, Text, Truth,
};
use std::collections::BTreeSet;

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
            Self::Named(caller) | Self::OfSomePath(caller) => caller.clone(),
            Self::Fresh(caller) | Self::Bound(caller) => caller.in_partition(partition),
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

/// The callers to go through.
pub(super) struct Candidates {
    pub(super) list: Vec<Candidate>,
    /// Who is named besides, and not gone through.
    pub(super) left_out: Vec<Caller>,
    /// Whether those who are gone through stand for all.
    pub(super) all: bool,
}

impl From<Vec<Candidate>> for Candidates {
    fn from(list: Vec<Candidate>) -> Self {
        Self { list, left_out: Vec::new(), all: true }
    }
}

/// The candidates, those of the policies first; `own` are accounts that the question tells from others.
pub(super) fn candidates(policies: &[&Policy<'_>], own: &[String], question: &Question<'_>) -> Candidates {
    let statements = || policies.iter().flat_map(|policy| &policy.statements);
    let others = tells_of_others(policies, &question.context);
    if statements().all(|statement| statement.principal.is_none()) {
        return attached(policies, others).into();
    }
    let said = names::said(policies);
    let few = names::few(policies, &said, others || question.owner.is_some());
    let named: BTreeSet<Caller> = names::named(policies).into_keys().collect();
    // Whom only a key tells of comes last: a session of a role may have the key as well, and can call more.
    let conditions = || statements().flat_map(|statement| &statement.conditions);
    let told: BTreeSet<Caller> = conditions().flat_map(told_by_key).chain(conditions().filter_map(told_of)).collect();
    let (mut accounts, all_accounts) = names::accounts(said, own);
    accounts.extend([ACCOUNT, FOREIGN].into_iter().map(str::to_owned));
    accounts.dedup();
    let mut found: Vec<Candidate> = Vec::new();
    let name = names::fresh(named.union(&told).cloned());
    found.extend(few.list.iter().flat_map(|caller| aliases::meant_by(caller, &named)));
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
    let by_key: Vec<&Caller> = told.difference(&named).collect();
    let all = few.all && all_accounts && by_key.len() <= names::MOST;
    found.extend(by_key.into_iter().take(names::MOST).cloned().map(Candidate::Named));
    Candidates { list: found, left_out: few.left_out, all }
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
    let of_sort = element.items.iter().filter(|item| covers(item.kind, caller));
    let everyone = of_sort.map(Principal::is_everyone).fold(unsure, Truth::or);
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
        // The account of that number in another partition is another account.
        let own = caller.partition();
        for partition in ["aws", "aws-cn", "aws-us-gov"].into_iter().filter(|_| own.is_none()).chain(own) {
            let root = format!("arn:{partition}:iam::{account}:root");
            if matches!(caller, Caller::Root { .. }) && partition == "aws" {
                found.push((Named::Exactly, Aws, root.clone()));
            }
            found.push((Named::Account, Aws, root));
        }
    }
    found
}
