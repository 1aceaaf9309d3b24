//! Conditions: operators, keys and values that do not say what they seem to.

pub mod invalid_condition_value;
pub mod mismatched_operator_type;
pub mod set_operator_on_single_valued_key;
pub mod unknown_condition_key;
pub mod unknown_condition_operator;
pub mod variable_in_old_version;
