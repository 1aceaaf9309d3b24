//! All policies against one request.

use super::condition::{all, any};
use super::statement::{Named, Verdict, statement};
use crate::access::calls::{is_under_rcps, is_under_scps, must_delegate, passes_by};
use crate::access::{Caller, Layers, Policies, Request, Semantics, StatementId};
use crate::policy::{Effect, Policy, Statement, Truth};

/// What comes of a request.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Whether it may happen.
    pub allowed: Truth,
    /// Why.
    pub reason: Reason,
    /// The statement that decided: the first Deny that matches, else the first Allow that does.
    pub statement: Option<StatementId>,
    /// What every statement made of the request, policy by policy in the order of [`Policies::iter`].
    pub verdicts: Vec<(StatementId, Verdict)>,
}

/// Why a request may happen, or may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A statement allows it, and none denies it.
    Allowed,
    /// A statement denies it.
    ExplicitDeny,
    /// Nothing denies it, but something that would have to allow it does not.
    ImplicitDeny,
    /// AWS answers `sts:GetCallerIdentity` and `sts:GetSessionToken` whatever the policies say.
    PolicyFree,
    /// It depends on what is not known here.
    Unknown,
}

/// Decides `request` under `policies`.
pub fn decide(request: &Request, policies: &Policies<'_>, semantics: &Semantics) -> Decision {
    let bounded = is_bounded(policies, &request.caller);
    let mut judged: Vec<Judged<'_>> = Vec::new();
    for (number, policy) in policies.iter().enumerate() {
        judged.push(Judged::new(number, policy, request, bounded, semantics));
    }
    if !is_under_rcps(&request.action) {
        judged[policies.rcps()].iter_mut().for_each(|policy| policy.binds = false);
    }
    if passes_by(&request.action, policies.of_resource()) {
        judged[policies.of_resource_at()].iter_mut().for_each(|policy| policy.binds = false);
    }
    if !is_under_scps(&request.caller) {
        judged[policies.scps()].iter_mut().for_each(|policy| policy.binds = false);
    }
    let denied = any(judged.iter().map(Judged::denies));
    let allowed = match policies {
        Policies::Document(_) => any(judged.iter().map(|policy| policy.allows(&[]))),
        Policies::Account(layers) => combine(layers, request, &judged),
    };
    let allowed = allowed.and(!denied);
    let deciding = |effect| judged.iter().find_map(|policy| policy.first(effect));
    let (statement, reason) = match allowed {
        _ if matches!(policies, Policies::Account(_)) && policy_free(request) => (None, Reason::PolicyFree),
        _ if denied == Truth::Yes => (deciding(Effect::Deny), Reason::ExplicitDeny),
        Truth::Yes => (deciding(Effect::Allow), Reason::Allowed),
        Truth::No => (None, Reason::ImplicitDeny),
        Truth::Maybe => (None, Reason::Unknown),
    };
    let allowed = if reason == Reason::PolicyFree { Truth::Yes } else { allowed };
    Decision { allowed, reason, statement, verdicts: judged.into_iter().flat_map(|policy| policy.verdicts).collect() }
}

fn policy_free(request: &Request) -> bool {
    let user = matches!(request.caller, Caller::User { .. } | Caller::Root { .. });
    let signed = request.caller.account().is_some();
    (signed && request.action.eq_ignore_ascii_case("sts:GetCallerIdentity"))
        || (user && request.action.eq_ignore_ascii_case("sts:GetSessionToken"))
}

/// Whether the caller is a user or role with a permissions boundary.
fn is_bounded(policies: &Policies<'_>, caller: &Caller) -> bool {
    let Policies::Account(layers) = policies else { return false };
    !layers.boundary.is_empty() && matches!(caller, Caller::User { .. } | Caller::Session { .. })
}

struct Judged<'a> {
    policy: &'a Policy<'a>,
    verdicts: Vec<(StatementId, Verdict)>,
    /// Whether it has a say in the request at all.
    binds: bool,
}

impl<'a> Judged<'a> {
    fn new(number: usize, policy: &'a Policy<'a>, request: &Request, bounded: bool, semantics: &Semantics) -> Self {
        let judge = |(index, one): (usize, &Statement<'_>)| {
            let id = StatementId { policy: number, statement: index };
            let verdict = statement(one, request, policy.version, semantics);
            // AWS: a Deny with `NotPrincipal` hits everyone with a permissions boundary, whomever it spares.
            let excepts = one.principal.as_ref().is_some_and(|element| element.negated);
            let hits = bounded && excepts && one.effect == Some(Effect::Deny);
            (id, if hits { verdict.meaning_everyone() } else { verdict })
        };
        Self { policy, verdicts: policy.statements.iter().enumerate().map(judge).collect(), binds: true }
    }

    /// Whether a statement of this effect matches. One whose effect is not known may be of either.
    fn any(&self, effect: Effect, by: &[Named]) -> Truth {
        if !self.binds {
            return Truth::No;
        }
        let met = self.policy.statements.iter().zip(&self.verdicts).map(|(one, (_, verdict))| {
            let counts = by.is_empty() || verdict.named.is_none_or(|named| by.contains(&named));
            match one.effect {
                Some(own) if own == effect && counts => verdict.matches,
                None => verdict.matches.and(Truth::Maybe),
                Some(_) => Truth::No,
            }
        });
        any(met).or(if self.policy.complete { Truth::No } else { Truth::Maybe })
    }

    fn allows(&self, by: &[Named]) -> Truth {
        self.any(Effect::Allow, by)
    }

    fn denies(&self) -> Truth {
        self.any(Effect::Deny, &[])
    }

    fn first(&self, effect: Effect) -> Option<StatementId> {
        let mut met = self.policy.statements.iter().zip(&self.verdicts).filter(|_| self.binds);
        let found = met.find(|(one, (_, verdict))| one.effect == Some(effect) && verdict.matches == Truth::Yes);
        found.map(|(_, (id, _))| *id)
    }
}

/// Whether the policies together allow the request, apart from Denies.
fn combine(layers: &Layers<'_>, request: &Request, judged: &[Judged<'_>]) -> Truth {
    let mut rest = judged;
    let mut take = |count: usize| {
        let (group, tail) = rest.split_at(count.min(rest.len()));
        rest = tail;
        group
    };
    let identity = take(layers.identity.len());
    let resource = take(layers.resource.len());
    let boundary = take(layers.boundary.len());
    let session = take(layers.session.len());
    let scp: Vec<&[Judged<'_>]> = layers.scp.iter().map(|level| take(level.len())).collect();
    take(layers.rcp.len());
    let endpoint = take(layers.vpc_endpoint.len());

    let granted = |group: &[Judged<'_>], by: &[Named]| any(group.iter().map(|policy| policy.allows(by)));
    // A kind of policy that is not there holds nothing back.
    let limits = |group: &[Judged<'_>]| if group.is_empty() { Truth::Yes } else { granted(group, &[]) };
    let session = match request.caller {
        Caller::FederatedUser { .. } if session.is_empty() => Truth::No,
        _ => limits(session),
    };
    let within = limits(boundary).and(session);
    let by_resource = |by: &[Named]| granted(resource, by);
    let account = request.caller.account();
    let own_account = request.owner.is_none() || request.owner.as_deref() == account;
    let must_delegate = must_delegate(&request.action, &layers.resource);
    let granted = match request.caller {
        Caller::Anonymous | Caller::Service { .. } | Caller::Federated { .. } | Caller::CanonicalUser { .. } => {
            return by_resource(&[]).and(limits(endpoint));
        }
        // AWS lets no root user assume a role.
        Caller::Root { .. } if request.action.eq_ignore_ascii_case("sts:AssumeRole") => Truth::No,
        Caller::Root { .. } if own_account && !must_delegate => Truth::Yes,
        Caller::Root { .. } => by_resource(&[]),
        _ if !own_account => by_resource(&[]).and(granted(identity, &[])).and(within),
        _ => {
            let delegated = if must_delegate { by_resource(&[Named::Account]) } else { Truth::Yes };
            let by_identity = granted(identity, &[]).and(within).and(delegated);
            let by_role = by_resource(&[Named::Role]).and(within);
            by_resource(&[Named::Exactly, Named::Everyone]).or(by_role).or(by_identity)
        }
    };
    granted.and(all(scp.into_iter().map(limits))).and(limits(endpoint))
}
