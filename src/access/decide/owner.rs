//! Whose the resource is. An ARN that has an account says so; where it has none, as a bucket's, it may be anyone's.

use super::ask::Decider;
use super::callers::{Candidate, FOREIGN};
use super::domain::ACCOUNT;
use super::facts::{Facts, predicate};
use super::formula::Formula;
use super::glob::{Glob, Language};
use super::predicate::Predicate;
use super::problem::{Literal, Problem};
use super::question::Callers;
use super::together;
use crate::access::evaluate::Context;
use crate::access::{Caller, Policies};

/// Whose resources a scenario is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// That makes no difference.
    Anyone,
    /// This account.
    Said(String),
    /// The caller's own account. Without an account in its ARN a resource is of `usual`, which has to be the same then.
    Own { account: String, usual: String },
    /// Any account but the caller's.
    Other { account: String, usual: String },
}

impl Decider<'_> {
    /// Whose resources to go through for a caller, its own first.
    pub(super) fn owners(&self, candidate: &Candidate, caller: &Caller) -> Vec<Owner> {
        if let Some(owner) = &self.question.owner {
            // Whoever has the policy attached may be of any account, and then the resource is of the same.
            let own = candidate.is_attached() && caller.account() == Some(owner);
            return vec![if own { Owner::Anyone } else { Owner::Said(owner.clone()) }];
        }
        let by_resource =
            matches!(&self.formula, Formula::Allowed(Policies::Account(layers)) if !layers.resource.is_empty());
        match caller.account().map(str::to_owned) {
            Some(account) if by_resource => {
                let usual = self.usual_owner().to_owned();
                vec![Owner::Own { account: account.clone(), usual: usual.clone() }, Owner::Other { account, usual }]
            }
            _ => vec![Owner::Anyone],
        }
    }

    /// Whose a resource is of which nothing is known: the account's whose caller is asked about.
    fn usual_owner(&self) -> &str {
        let asked = match &self.question.callers {
            Callers::Only(caller) => caller.account(),
            _ => None,
        };
        asked.unwrap_or(ACCOUNT)
    }
}

impl Owner {
    /// By which account the caller is of the owner's or not.
    pub(super) fn judged(&self) -> Option<&str> {
        match self {
            Self::Anyone => None,
            Self::Said(account) | Self::Own { account, .. } => Some(account),
            // No caller is of no account.
            Self::Other { .. } => Some(""),
        }
    }

    /// Whose `resource` is, in a request that carries `context`.
    pub(super) fn of(&self, resource: &str, context: &Context) -> Option<String> {
        let (own, usual) = match self {
            Self::Anyone => return None,
            Self::Said(account) => return Some(account.clone()),
            Self::Own { usual, .. } => (None, usual),
            Self::Other { account, usual } => (Some(account), usual),
        };
        let told = together::account_of(resource).or_else(|| context.single(together::ACCOUNT));
        let usual = if own == Some(usual) { FOREIGN } else { usual };
        Some(told.unwrap_or(usual).to_owned())
    }

    /// What that says of the resource, and of the key that tells whose it is.
    pub(super) fn fix(&self, facts: &mut Facts<'_, '_>, asked_about: bool) {
        match self {
            Self::Anyone => {}
            Self::Said(account) => facts.owner(account),
            Self::Own { account, usual } if account == usual => {
                if asked_about {
                    facts.owner(account);
                }
            }
            Self::Own { account, .. } => facts.resource(of_account(account)),
            Self::Other { account, .. } => {
                facts.resource(Predicate { negated: true, ..of_account(account) });
                if facts.problem.mentions(together::ACCOUNT) {
                    facts.is_none_of(together::ACCOUNT, std::iter::once(account));
                }
            }
        }
    }

    /// The tests of which a resource meets not all: that its ARN has an account, and that it is not the owner's.
    pub(super) fn never(&self, problem: &mut Problem<'_>) -> Option<Vec<Literal>> {
        let account = match self {
            Self::Said(account) => account,
            Self::Own { account, usual } if account == usual => account,
            _ => return None,
        };
        let of_any = together::on_resource(problem, predicate(together::of_account(&together::any_account())));
        let of_owner = together::on_resource(problem, of_account(account));
        Some(vec![of_any, Literal { holds: false, ..of_owner }])
    }
}

/// That the resource is of the account by its ARN.
pub(super) fn of_account(account: &str) -> Predicate {
    predicate(together::of_account(&Language::of(Glob::literal(account))))
}
