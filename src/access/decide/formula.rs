//! What is asked of a request, as goals of the search and as a check of what the evaluator says.

use super::predicate::Mode;
use super::problem::Compiled;
use super::search::Goal;
use crate::access::calls::{is_taken, must_delegate, passes_by};
use crate::access::evaluate::{Named, decide, statement};
use crate::access::{Caller, Layers, Policies, Request, Semantics, StatementId};
use crate::policy::{Effect, Policy, Statement, Truth};

/// What is to hold of a request.
#[derive(Debug, Clone)]
pub(in crate::access) enum Formula<'a> {
    /// The policies allow it.
    Allowed(Policies<'a>),
    /// The first policy allows it, and the second does not.
    Added(&'a Policy<'a>, &'a Policy<'a>),
    /// The statement matches it.
    Matches(&'a Policy<'a>, usize),
    /// The statement allows it, and nothing denies it.
    Effective(&'a Policy<'a>, usize),
    /// The statement alone allows it, and nothing denies it.
    OnlyBy(&'a Policy<'a>, usize),
    /// The statement does not match it.
    Spared(&'a Policy<'a>, usize),
    /// There is such a request, whatever these policies say.
    Made(Policies<'a>),
}

/// What is known of the statements before the search: whether action and principal match.
pub(super) struct Scene<'s> {
    pub(super) statements: &'s [Compiled],
    pub(super) matched: &'s [Truth],
    pub(super) named: &'s [Option<Named>],
    /// The policies, by number, that may have statements that are not known.
    pub(super) incomplete: &'s [usize],
    /// Which statements say what one of the other policy says.
    pub(super) twins: &'s [bool],
    pub(super) mode: Mode,
    pub(super) caller: &'s Caller,
    pub(super) request_owner: Option<&'s str>,
    pub(super) action: &'s str,
}

impl<'a> Formula<'a> {
    pub(super) fn policies(&self) -> Vec<&'a Policy<'a>> {
        match self {
            Self::Allowed(policies) | Self::Made(policies) => policies.iter().collect(),
            Self::Added(new, old) => vec![new, old],
            Self::Matches(policy, _)
            | Self::Effective(policy, _)
            | Self::OnlyBy(policy, _)
            | Self::Spared(policy, _) => vec![policy],
        }
    }

    /// The same of other policies, as many and in the order of [`Self::policies`].
    pub(super) fn over<'b>(&self, policies: &'b [Policy<'b>]) -> Formula<'b> {
        let first = || &policies[0];
        match self {
            Self::Allowed(own) => Formula::Allowed(own.over(policies)),
            Self::Made(own) => Formula::Made(own.over(policies)),
            Self::Added(..) => Formula::Added(first(), &policies[1]),
            Self::Matches(_, index) => Formula::Matches(first(), *index),
            Self::Effective(_, index) => Formula::Effective(first(), *index),
            Self::OnlyBy(_, index) => Formula::OnlyBy(first(), *index),
            Self::Spared(_, index) => Formula::Spared(first(), *index),
        }
    }

    /// Whether some statement could grant an action of which the statements' `Action`s make this.
    pub(super) fn has_room(&self, matched: &[Truth]) -> bool {
        let grants = |policy: &Policy<'_>| {
            let could = |(statement, truth): (&Statement<'_>, &Truth)| {
                *truth != Truth::No && statement.effect != Some(Effect::Deny)
            };
            !policy.complete || policy.statements.iter().zip(matched).any(could)
        };
        match self {
            Self::Allowed(Policies::Document(policy)) | Self::Added(policy, _) => grants(policy),
            Self::Matches(_, index) | Self::Effective(_, index) | Self::OnlyBy(_, index) => {
                matched.get(*index) != Some(&Truth::No)
            }
            Self::Allowed(Policies::Account(_)) | Self::Made(_) | Self::Spared(..) => true,
        }
    }

    /// Whether it makes a difference what statement number `at` of all says.
    pub(super) fn concerns(&self, at: usize) -> bool {
        match self {
            Self::Effective(policy, index) => {
                at == *index || policy.statements.get(at).is_none_or(|one| one.effect != Some(Effect::Allow))
            }
            Self::Matches(_, index) | Self::Spared(_, index) => at == *index,
            Self::Allowed(_) | Self::Added(..) | Self::OnlyBy(..) | Self::Made(_) => true,
        }
    }

    /// Alternatives: the formula holds where one of them does.
    pub(super) fn goals(&self, scene: &Scene<'_>) -> Vec<Goal> {
        let everything = |_: &Compiled| true;
        match self {
            Self::Allowed(Policies::Document(_)) => {
                vec![Goal { grants: vec![scene.allows(0, &[])], avoid: scene.denies(everything), ..Goal::default() }]
            }
            Self::Allowed(Policies::Account(layers)) => account(layers, scene),
            Self::Added(..) => added(scene),
            Self::Made(_) => vec![Goal::default()],
            Self::Matches(_, index) => vec![Goal { grants: vec![scene.one(*index)], ..Goal::default() }],
            Self::Effective(_, index) => {
                vec![Goal { grants: vec![scene.one(*index)], avoid: scene.denies(everything), ..Goal::default() }]
            }
            Self::Spared(_, index) => {
                vec![Goal { avoid: scene.denies(|one| one.id.statement == *index), ..Goal::default() }]
            }
            Self::OnlyBy(_, index) => {
                let mut avoid = scene.denies(everything);
                avoid.extend(scene.to_avoid(Effect::Allow, |one| one.id.statement != *index));
                vec![Goal { grants: vec![scene.one(*index)], avoid, ..Goal::default() }]
            }
        }
    }

    /// Whether the evaluator agrees that the formula holds of `request`, and the statement that allows it.
    pub(super) fn replay(&self, request: &Request, semantics: &Semantics) -> (Truth, Option<StatementId>) {
        let document = |policy: &'a Policy<'a>| decide(request, &Policies::Document(policy), semantics);
        match self {
            Self::Allowed(policies) if !is_taken(&request.action, &request.caller, policies) => (Truth::No, None),
            Self::Allowed(policies) => {
                let decision = decide(request, policies, semantics);
                (decision.allowed, decision.statement)
            }
            Self::Made(_) => (Truth::Yes, None),
            Self::Added(new, old) => {
                let decision = document(new);
                (decision.allowed.and(!document(old).allowed), decision.statement)
            }
            Self::Matches(policy, index) => {
                let verdict = statement(&policy.statements[*index], request, policy.version, semantics);
                (verdict.matches, Some(StatementId { policy: 0, statement: *index }))
            }
            Self::Spared(policy, index) => {
                let verdict = statement(&policy.statements[*index], request, policy.version, semantics);
                (!verdict.matches, None)
            }
            Self::Effective(policy, index) | Self::OnlyBy(policy, index) => {
                let decision = document(policy);
                let own = |one: &(StatementId, _)| one.0.statement == *index;
                let (mut holds, mut others) = (decision.allowed, Truth::No);
                for one in &decision.verdicts {
                    match policy.statements[one.0.statement].effect {
                        _ if own(one) => holds = holds.and(one.1.matches),
                        Some(Effect::Deny) => {}
                        _ => others = others.or(one.1.matches),
                    }
                }
                if matches!(self, Self::OnlyBy(..)) {
                    holds = holds.and(!others);
                }
                (holds, Some(StatementId { policy: 0, statement: *index }))
            }
        }
    }
}

impl Scene<'_> {
    /// Whether a statement is of `effect` and action and principal match.
    fn state(&self, at: usize, effect: Effect) -> Truth {
        let one = &self.statements[at];
        match one.effect {
            _ if one.never => Truth::No,
            Some(own) if own != effect => Truth::No,
            Some(_) if !one.hidden => self.matched[at],
            _ => self.matched[at].and(Truth::Maybe),
        }
    }

    /// Statements of policy number `policy` that can grant, if they do so by one of these names.
    fn allows(&self, policy: usize, by: &[Named]) -> Vec<Option<usize>> {
        let counts = |at: usize| by.is_empty() || self.named[at].is_none_or(|named| by.contains(&named));
        let own = (0..self.statements.len()).filter(|at| self.statements[*at].id.policy == policy && counts(*at));
        let mut found: Vec<Option<usize>> = own.filter(|at| self.usable(*at, Effect::Allow)).map(Some).collect();
        found.extend(self.unknown(policy));
        found
    }

    /// A statement that is not known may grant anything, if errors may fall on that side.
    fn unknown(&self, policy: usize) -> Option<Option<usize>> {
        (self.mode == Mode::May && self.incomplete.contains(&policy)).then_some(None)
    }

    fn usable(&self, at: usize, effect: Effect) -> bool {
        let state = self.state(at, effect);
        state == Truth::Yes || (state == Truth::Maybe && self.mode == Mode::May)
    }

    fn one(&self, index: usize) -> Vec<Option<usize>> {
        let effect = self.statements[index].effect.unwrap_or(Effect::Allow);
        if self.usable(index, effect) { vec![Some(index)] } else { Vec::new() }
    }

    fn denies(&self, which: impl Fn(&Compiled) -> bool) -> Vec<usize> {
        self.to_avoid(Effect::Deny, which)
    }

    /// Statements of this effect that could match.
    fn to_avoid(&self, effect: Effect, which: impl Fn(&Compiled) -> bool) -> Vec<usize> {
        let could = |at: &usize| {
            let state = self.state(*at, effect);
            state == Truth::Yes || (state == Truth::Maybe && self.mode == Mode::Must)
        };
        (0..self.statements.len()).filter(could).filter(|at| which(&self.statements[*at])).collect()
    }
}

/// The new policy, number 0, allows; of the old one, number 1, a Deny matches or no Allow does.
fn added(scene: &Scene<'_>) -> Vec<Goal> {
    let avoid = scene.denies(|one| one.id.policy == 0);
    let grants = vec![scene.allows(0, &[])];
    let mut without = avoid.clone();
    without.extend(scene.to_avoid(Effect::Allow, |one| one.id.policy == 1));
    // What the old policy allows in the same words is not added, and what it denies so, the new one denies as well.
    let is_new = |at: &usize| !scene.twins[*at];
    let added = grants[0].iter().copied().filter(|grant| grant.as_ref().is_none_or(is_new)).collect();
    let mut goals = vec![Goal { grants: vec![added], avoid: without, ..Goal::default() }];
    let old_denies = (0..scene.statements.len())
        .filter(|at| scene.statements[*at].id.policy == 1 && scene.usable(*at, Effect::Deny))
        .filter(is_new)
        .map(Some)
        .chain(scene.unknown(1));
    for deny in old_denies {
        let mut grants = grants.clone();
        grants.push(vec![deny]);
        goals.push(Goal { grants, avoid: avoid.clone(), ..Goal::default() });
    }
    goals
}

/// The ways in which policies of several kinds together allow a request.
fn account(layers: &Layers<'_>, scene: &Scene<'_>) -> Vec<Goal> {
    let mut first = 0;
    let groups: Vec<Vec<usize>> = layers
        .groups()
        .into_iter()
        .map(|group| {
            let numbers = (first..first + group.len()).collect();
            first += group.len();
            numbers
        })
        .collect();
    let of = |group: &[usize], by: &[Named]| -> Vec<Option<usize>> {
        group.iter().flat_map(|policy| scene.allows(*policy, by)).collect()
    };
    let (identity, boundary, session) = (&groups[0], &groups[2], &groups[3]);
    let resource = if passes_by(scene.action, &layers.resource) { &[][..] } else { &groups[1] };
    let scp = &groups[4..4 + layers.scp.len()];
    let endpoint = &groups[groups.len() - 1];
    let limit = |group: &Vec<usize>| (!group.is_empty()).then(|| of(group, &[]));

    let mut within: Vec<Vec<Option<usize>>> = limit(boundary).into_iter().collect();
    match scene.caller {
        Caller::FederatedUser { .. } if session.is_empty() => within.push(Vec::new()),
        _ => within.extend(limit(session)),
    }
    let by = |names: &[Named]| vec![of(resource, names)];
    let with = |mut grants: Vec<Vec<Option<usize>>>, more: &[Vec<Option<usize>>]| {
        grants.extend(more.iter().cloned());
        grants
    };
    let must_delegate = must_delegate(scene.action, &layers.resource);
    if needs_no_policy(scene.action, scene.caller) {
        return vec![Goal::default()];
    }
    let unattached = matches!(
        scene.caller,
        Caller::Anonymous | Caller::Service { .. } | Caller::Federated { .. } | Caller::CanonicalUser { .. }
    );
    let own_account = scene.request_owner.is_none() || scene.request_owner == scene.caller.account();
    let by_identity = || vec![of(identity, &[])];
    let ways: Vec<Vec<Vec<Option<usize>>>> = match scene.caller {
        _ if unattached => vec![by(&[])],
        Caller::Root { .. } if scene.action.eq_ignore_ascii_case("sts:AssumeRole") => Vec::new(),
        Caller::Root { .. } if own_account && !must_delegate => vec![Vec::new()],
        Caller::Root { .. } => vec![by(&[])],
        _ if !own_account => vec![with(with(by(&[]), &by_identity()), &within)],
        _ => {
            let mut identity = with(by_identity(), &within);
            if must_delegate {
                identity.extend(by(&[Named::Account]));
            }
            vec![identity, by(&[Named::Exactly, Named::Everyone]), with(by(&[Named::Role]), &within)]
        }
    };
    let mut common: Vec<Vec<Option<usize>>> = limit(endpoint).into_iter().collect();
    if !unattached {
        common.extend(scp.iter().filter_map(limit));
    }
    let avoid = scene.denies(|_| true);
    ways.into_iter()
        .map(|grants| Goal { grants: with(grants, &common), avoid: avoid.clone(), ..Goal::default() })
        .collect()
}

/// Whether AWS lets the caller do that whatever the policies say.
pub(super) fn needs_no_policy(action: &str, caller: &Caller) -> bool {
    match caller {
        Caller::User { .. } | Caller::Root { .. } if action.eq_ignore_ascii_case("sts:GetSessionToken") => true,
        Caller::Anonymous | Caller::Service { .. } | Caller::Federated { .. } | Caller::CanonicalUser { .. } => false,
        _ => action.eq_ignore_ascii_case("sts:GetCallerIdentity"),
    }
}
