//! Logic: what a policy says that changes nothing, contradicts itself, or lets in more than its owner.
//!
//! A finding is made only of what is proven. Where a hole, a variable or a contested point decides, nothing is said.

pub mod condition_without_effect;
pub mod contradictory_conditions;

mod judged;
