//! Scenarios: who may make a request, and with what credential.

use super::actions::Class;
use super::aliases;
use super::ask::Decider;
use super::bearers;
use super::callers::{Candidate, Candidates, Credential, candidates, meant};
use super::compile::Assignment;
use super::facts::CREDENTIAL_KEYS;
use super::formula::Formula;
use super::names;
use super::owner::Owner;
use super::places;
use super::predicate::Mode;
use super::problem::Core;
use super::question::{Callers, Question};
use crate::access::calls::{is_taken, is_under_rcps, is_under_scps, passes_by};
use crate::access::evaluate::Named;
use crate::access::{CALLER_KEYS, Caller, Policies};
use crate::policy::{Effect, Policy, PrincipalElement, Statement, Truth};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

/// One way to make the request: who, and with what credential.
pub(super) struct Scenario<'s> {
    pub(super) candidate: &'s Candidate,
    pub(super) caller: Caller,
    /// The partition that caller and resource are of, where there are several.
    pub(super) partition: Option<String>,
    pub(super) credential: Option<Credential>,
    pub(super) owner: Owner,
    pub(super) matched: Vec<Truth>,
    pub(super) named: Vec<Option<Named>>,
    /// What was ruled out whatever the resource is.
    pub(super) refuted: RefCell<HashMap<(Assignment, Mode), Core>>,
    /// The values of policy variables with which a request was found last.
    pub(super) shown: RefCell<Option<Assignment>>,
}

impl<'a> Decider<'a> {
    /// The callers and credentials to go through for a class. Those between which no statement tells a difference
    /// are left out.
    pub(super) fn scenarios(&self, class: &Class) -> Vec<Scenario<'_>> {
        let (about_credential, about_caller) = self.is_about(class);
        let mut found: Vec<Scenario<'_>> = Vec::new();
        let (class_matched, settled) = (self.binding(class), self.settles(class));
        let usual = places::first(&self.places).partition;
        let all = self.candidates.list.iter();
        let all = all.flat_map(|one| self.partitions(one, about_caller).into_iter().map(move |own| (one, own)));
        for (candidate, partition) in all {
            let caller = candidate.caller_in(partition.as_deref().unwrap_or(&usual));
            if let Formula::Allowed(policies) = &self.formula
                && settled
                && !is_taken(&class.first, &caller, policies)
            {
                continue;
            }
            let (matched, named) = self.matched_by(&caller, &class_matched);
            let alike = |other: &Scenario<'_>| {
                let sort = std::mem::discriminant(&other.caller) == std::mem::discriminant(&caller);
                let same = (&other.matched, &other.named, &other.partition) == (&matched, &named, &partition);
                same && sort && caller.account() == other.caller.account()
            };
            let attached = matches!(candidate, Candidate::AttachedRole);
            if !about_caller && (attached || found.iter().any(alike)) {
                continue;
            }
            let own = candidate.credentials();
            if own.is_empty() && !self.asks_about_the_unsigned() {
                continue;
            }
            let asked = |credential: &&Credential| {
                self.question.credentials.is_empty() || self.question.credentials.contains(credential)
            };
            let credentials: Vec<Option<Credential>> = match about_credential && !own.is_empty() {
                true => own.iter().filter(asked).copied().map(Some).collect(),
                false => vec![None],
            };
            let mut owners = self.owners(candidate, &caller);
            // An account's root user may do everything there, which is no answer to what the policies allow.
            if self.asks_what_accounts_allow() && matches!(caller, Caller::Root { .. }) {
                owners.retain(|owner| owner.judged().is_some_and(|owner| Some(owner) != caller.account()));
            }
            let ways = credentials.iter().flat_map(|one| owners.iter().map(move |owner| (*one, owner.clone())));
            found.extend(ways.map(|(credential, owner)| Scenario {
                candidate,
                caller: caller.clone(),
                partition: partition.clone(),
                credential,
                owner,
                matched: matched.clone(),
                named: named.clone(),
                refuted: RefCell::default(),
                shown: RefCell::default(),
            }));
        }
        found
    }

    /// Whether it makes a difference with what credential a request for the class is made, and whether by whom.
    fn is_about(&self, class: &Class) -> (bool, bool) {
        let relevant: Vec<&Statement<'_>> = self.relevant(&class.matched).collect();
        let variables = self.variables(&relevant);
        let mentions = |is_meant: &dyn Fn(&str) -> bool| {
            let conditions = relevant.iter().flat_map(|statement| &statement.conditions);
            conditions.into_iter().any(|condition| is_meant(condition.key))
                || variables.iter().any(|key| is_meant(key))
                || self.question.context.iter().any(|(key, _)| is_meant(key))
        };
        let one_of = |keys: &[&str], key: &str| keys.iter().any(|known| known.eq_ignore_ascii_case(key));
        let about_credential = mentions(&|key| one_of(CREDENTIAL_KEYS, key)) || !self.question.credentials.is_empty();
        let about_caller = about_credential || mentions(&|key| one_of(CALLER_KEYS, key) || bearers::differ(key));
        (about_credential, about_caller)
    }

    /// What each statement's action and principal together make of requests of the caller, and by which name; `matched`
    /// is what its action makes of them.
    fn matched_by(&self, caller: &Caller, matched: &[Truth]) -> (Vec<Truth>, Vec<Option<Named>>) {
        let (mut matched, mut named) = (matched.to_vec(), vec![None; matched.len()]);
        if !is_under_scps(caller) {
            matched[self.statements_of(Policies::scps)].fill(Truth::No);
        }
        for (at, statement) in self.statements.iter().enumerate() {
            if let Some(element) = &statement.principal {
                let (truth, name) = match self.hits_the_bounded(element, statement.effect, caller) {
                    true => (Truth::Yes, Some(Named::Everyone)),
                    false => meant(element, caller, statement.effect, &self.question.semantics),
                };
                matched[at] = matched[at].and(truth);
                named[at] = name;
            }
        }
        (matched, named)
    }

    /// In which partitions to look for requests of a caller: nobody reaches from one into another. Where it makes no
    /// difference, `None` stands for whichever the resource is of.
    fn partitions(&self, candidate: &Candidate, about_caller: bool) -> Vec<Option<String>> {
        let caller = candidate.caller();
        let about_caller = about_caller || self.statements.iter().any(|statement| statement.principal.is_some());
        match (candidate, caller.partition()) {
            _ if self.places.len() < 2 => vec![None],
            (_, None) => vec![None],
            (Candidate::Named(_) | Candidate::OfSomePath(_), Some(own)) => vec![Some(own.to_owned())],
            _ if about_caller => self.places.iter().map(|place| Some(place.partition.clone())).collect(),
            _ => vec![None],
        }
    }

    /// Whether it is asked what all policies of an account together let anyone do.
    fn asks_what_accounts_allow(&self) -> bool {
        matches!((&self.formula, &self.question.callers), (Formula::Allowed(Policies::Account(_)), Callers::Anyone))
    }

    /// Whether what AWS settles before it looks at policies is the same for the whole class.
    fn settles(&self, class: &Class) -> bool {
        let mut apart = self.apart.iter();
        apart.all(|set| class.members.meet(set).is_empty() || class.members.minus(set).is_empty())
    }

    /// What each statement's `Action` makes of the class, where its policy has a say in it at all.
    fn binding(&self, class: &Class) -> Vec<Truth> {
        let mut matched = class.matched.clone();
        let Formula::Allowed(policies) = &self.formula else { return matched };
        if !self.settles(class) {
            return matched;
        }
        if !is_under_rcps(&class.first) {
            matched[self.statements_of(Policies::rcps)].fill(Truth::No);
        }
        if passes_by(&class.first, policies.of_resource()) {
            matched[self.statements_of(Policies::of_resource_at)].fill(Truth::No);
        }
        matched
    }

    /// The statements, by their number among all, of a kind of policies.
    fn statements_of(&self, kind: impl Fn(&Policies<'a>) -> Range<usize>) -> Range<usize> {
        let Formula::Allowed(policies) = &self.formula else { return 0..0 };
        let before = |number: usize| self.policies[..number].iter().map(|policy| policy.statements.len()).sum();
        let numbers = kind(policies);
        before(numbers.start)..before(numbers.end)
    }

    /// Whether AWS takes the statement to mean everyone, as it does with a Deny and `NotPrincipal` for users and roles
    /// that have a permissions boundary.
    fn hits_the_bounded(&self, element: &PrincipalElement<'_>, effect: Option<Effect>, caller: &Caller) -> bool {
        let Formula::Allowed(Policies::Account(layers)) = &self.formula else { return false };
        let may_be_bounded = matches!(caller, Caller::User { .. } | Caller::Session { .. });
        element.negated && effect == Some(Effect::Deny) && may_be_bounded && !layers.boundary.is_empty()
    }

    /// Whoever has no credential, as a service or the anonymous, comes without MFA, so they are meant where all that
    /// come without it are, and not where a credential is asked for.
    fn asks_about_the_unsigned(&self) -> bool {
        let asked = &self.question.credentials;
        asked.is_empty() || Credential::WITHOUT_MFA.iter().all(|credential| asked.contains(credential))
    }
}

/// The candidates that the question is about.
pub(super) fn callers(policies: &[&Policy<'_>], question: &Question<'_>) -> Candidates {
    let asked = &question.callers;
    let own = if let Callers::Outside(own) = asked { &own[..] } else { &[] };
    let all = candidates(policies, own, question);
    match asked {
        Callers::Anyone => all,
        Callers::Only(caller) => aliases::meant_by(caller, &names::named(policies).into_keys().collect()).into(),
        Callers::Of(account) => {
            let named = all.list.into_iter().filter(|candidate| {
                let (Candidate::Named(caller) | Candidate::OfSomePath(caller)) = candidate else { return false };
                let is_asked = matches!(caller, Caller::User { .. } | Caller::Session { .. });
                is_asked && caller.account() == Some(account)
            });
            let named: Vec<Candidate> = named.collect();
            let name = names::fresh(named.iter().map(Candidate::caller));
            let fresh = ["role", "user"]
                .map(|sort| Candidate::Fresh(Caller::from_arn(&format!("arn:aws:iam::{account}:{sort}/{name}"))));
            Candidates { list: named.into_iter().chain(fresh).collect(), ..all }
        }
        Callers::Anonymous => vec![Candidate::Named(Caller::Anonymous)].into(),
        Callers::Outside(own) => {
            let outside = |candidate: &Candidate| match candidate.caller() {
                Caller::Service { .. } | Caller::Federated { .. } => false,
                caller => caller.account().is_none_or(|account| !own.iter().any(|own| own == account)),
            };
            Candidates { list: all.list.into_iter().filter(outside).collect(), ..all }
        }
    }
}
