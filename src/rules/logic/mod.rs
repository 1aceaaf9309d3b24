//! Logic: what a policy says that changes nothing, contradicts itself, or lets in more than its owner.
//!
//! A finding is made only of what is proven. Where a hole, a variable or a contested point decides, nothing is said.

pub mod condition_without_effect;
pub mod confused_deputy;
pub mod contradictory_conditions;
pub mod cross_account_access;
pub mod dead_allow;
pub mod public_access;
pub mod redundant_statement;

mod judged;

use super::mfa::unconditional_mfa_deny::is_unconditional;
use crate::access::mfa::Verdict;
use crate::policy::Statement;
use crate::rule::Context;

/// Whether a statement does what it is for, as far as MFA goes. What comes of one that does not has its own finding.
fn is_right(cx: &Context<'_>, statement: &Statement<'_>) -> bool {
    cx.analysis.mfa().of(statement).is_none_or(|judged| judged.verdict == Verdict::Right)
        && !is_unconditional(statement)
}
