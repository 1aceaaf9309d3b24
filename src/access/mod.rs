//! May this request happen, and is there a request such that …?

pub mod decide;
pub mod evaluate;
pub mod fit;
pub mod mfa;
pub mod reach;

mod policies;
mod proof;
mod public;
mod questions;
mod request;
mod semantics;

pub use policies::{Layers, Policies, StatementId};
pub use proof::{Granted, Passed, escapes, granted, granted_actions, grants_none};
pub use public::{admits_strangers, public_access};
pub use questions::{
    Comparison, Reach, Use, added, can, compare, from_outside, matches, on_any_resource, stops, usefulness, what,
    without_mfa,
};
pub use request::{Caller, Request};
pub use semantics::*;

use crate::catalog::Catalog;
use crate::policy::Policy;
use fit::Fit;
use mfa::Mfa;
use std::cell::OnceCell;

/// What is known about the requests that one policy allows; computed on first use, once for all rules.
pub struct Analysis<'a> {
    policy: &'a Policy<'a>,
    catalog: &'a Catalog,
    mfa: OnceCell<Mfa<'a>>,
    fits: OnceCell<Vec<Fit<'a>>>,
}

impl<'a> Analysis<'a> {
    /// Nothing is computed yet.
    pub fn new(policy: &'a Policy<'a>, catalog: &'a Catalog) -> Self {
        Self { policy, catalog, mfa: OnceCell::new(), fits: OnceCell::new() }
    }

    /// The policy it is about.
    pub fn policy(&self) -> &'a Policy<'a> {
        self.policy
    }

    /// What the policy says of MFA.
    pub fn mfa(&self) -> &Mfa<'a> {
        self.mfa.get_or_init(|| Mfa::new(self.policy))
    }

    /// How actions and resources fit in those statements that tell.
    pub fn fits(&self) -> &[Fit<'a>] {
        self.fits.get_or_init(|| {
            self.policy.statements.iter().filter_map(|statement| Fit::of(statement, self.catalog)).collect()
        })
    }
}
