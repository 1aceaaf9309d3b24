//! May this request happen, and is there a request such that …?

pub mod evaluate;

mod semantics;

pub use semantics::*;

use crate::policy::Policy;

/// What is known about the requests that one policy allows; computed on first use.
pub struct Analysis<'a> {
    policy: &'a Policy<'a>,
}

impl<'a> Analysis<'a> {
    /// Nothing is computed yet.
    pub fn new(policy: &'a Policy<'a>) -> Self {
        Self { policy }
    }

    /// The policy it is about.
    pub fn policy(&self) -> &'a Policy<'a> {
        self.policy
    }
}
