//! May this request happen, and is there a request such that …?

pub mod decide;
pub mod evaluate;
pub mod fit;
mod fixed;
pub mod mfa;
pub mod named;
pub mod reach;
pub mod resource;

mod addresses;
mod calls;
mod cover;
mod idle;
mod listed;
mod policies;
mod proof;
mod public;
mod questions;
mod regions;
mod request;
mod semantics;
mod together;

pub use calls::assumes_role;
pub use cover::may_always_hold;
pub use idle::{Covered, Refused, covered, none_meets_both, refused};
pub use listed::Listed;
pub use policies::{Layers, Policies, StatementId};
pub use proof::{Escapes, Granted, Passed, granted, granting};
pub use public::{admits_strangers, granted_on_behalf_of_strangers, public_access, public_grant};
pub use questions::{
    Comparison, Reach, Use, added, can, compare, from_outside, matches, may_be_made, on_any_resource, stops,
    usefulness, what, without_mfa,
};
use request::CALLER_KEYS;
pub use request::{Caller, Request};
pub use semantics::*;

use crate::catalog::{Catalog, ConditionKey};
use crate::policy::Policy;
use fit::Fit;
use mfa::Mfa;
use named::{NamedAction, named_actions};
use resource::{Resource, resources};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What is known about the requests that one policy allows; computed on first use, once for all rules.
pub struct Analysis<'a> {
    policy: &'a Policy<'a>,
    catalog: &'a Catalog,
    mfa: OnceCell<Mfa<'a>>,
    actions: OnceCell<Vec<NamedAction<'a>>>,
    listed: OnceCell<Listed<'a>>,
    resources: OnceCell<Vec<Rc<Resource<'a>>>>,
    fits: OnceCell<Vec<Fit<'a>>>,
    keys: RefCell<BTreeMap<&'a str, Option<ConditionKey<'a>>>>,
}

impl<'a> Analysis<'a> {
    /// Nothing is computed yet.
    pub fn new(policy: &'a Policy<'a>, catalog: &'a Catalog) -> Self {
        Self {
            policy,
            catalog,
            mfa: OnceCell::new(),
            actions: OnceCell::new(),
            listed: OnceCell::new(),
            resources: OnceCell::new(),
            fits: OnceCell::new(),
            keys: RefCell::default(),
        }
    }

    /// The policy it is about.
    pub fn policy(&self) -> &'a Policy<'a> {
        self.policy
    }

    /// What the policy says of MFA.
    pub fn mfa(&self) -> &Mfa<'a> {
        self.mfa.get_or_init(|| Mfa::new(self.policy))
    }

    /// The actions that it names, in order.
    pub fn actions(&self) -> &[NamedAction<'a>] {
        self.actions.get_or_init(|| named_actions(self.policy, self.catalog))
    }

    /// What its statements list, to be looked up.
    pub fn listed(&self) -> &Listed<'a> {
        self.listed.get_or_init(|| Listed::of(self.policy))
    }

    /// The resources that it lists, in order.
    pub fn resources(&self) -> &[Rc<Resource<'a>>] {
        self.resources.get_or_init(|| resources(self.policy))
    }

    /// What is known of a condition key of the policy; see [`Catalog::condition_key`].
    pub fn condition_key(&self, key: &'a str) -> Option<ConditionKey<'a>> {
        *self.keys.borrow_mut().entry(key).or_insert_with(|| self.catalog.condition_key(key))
    }

    /// How actions and resources fit in those statements that tell.
    pub fn fits(&self) -> &[Fit<'a>] {
        self.fits.get_or_init(|| fit::fits(self.policy, self.actions(), self.resources()))
    }
}
