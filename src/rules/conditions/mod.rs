//! Conditions: operators, keys and values that do not say what they seem to.

pub mod condition_key_not_supported;
pub mod invalid_condition_value;
pub mod mismatched_operator_type;
pub mod missing_set_operator;
pub mod set_operator_on_single_valued_key;
pub mod unknown_condition_key;
pub mod unknown_condition_operator;
pub mod variable_in_old_version;
pub mod wildcard_without_like;

use crate::catalog::ConditionKey;
use crate::policy::Condition;
use crate::rule::Context;

/// What is known of a condition's key. A key that is not known is a finding of its own, and no other is made of it. An
/// identity provider's keys are its own claims, whatever AWS lists of them.
pub(super) fn known_key<'c>(cx: &Context<'c>, condition: &Condition<'c>) -> Option<ConditionKey<'c>> {
    // Keys are short, so that this beats a search made for long texts.
    let colon = condition.key.bytes().position(|byte| byte == b':')?;
    let is_judged = condition.key_known && !condition.key[..colon].contains(['.', '/']);
    if is_judged { cx.analysis.condition_key(condition.key) } else { None }
}
