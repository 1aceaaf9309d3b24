//! A value that is not of the type that its operator or key asks for.

use crate::catalog::{KeyType, global_key};
use crate::policy::{Condition, Family, Scalar};
use crate::rule::{Context, Sink};

/// Reports each value that its operator cannot read, or that its key never has.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for condition in cx.policy.statements.iter().flat_map(|statement| &statement.conditions) {
        let Some(expected) = expected(condition) else { continue };
        let is_known = |value: &&Scalar<'_>| !value.text.has_hole() && !value.text.has_variable();
        for value in condition.values.iter().filter(is_known) {
            let text = &value.text.text;
            if !reads(expected, text) {
                let what = if expected == Family::Numeric { "a number" } else { "`true` or `false`" };
                let whose = if condition.operator.is_some_and(|operator| operator.base.family() == expected) {
                    condition.operator_text
                } else {
                    condition.key
                };
                let message = format!("`{text}` is not {what}, which is all that `{whose}` knows, so it never matches");
                sink.report(value.text.span, message);
            }
        }
    }
}

/// The type that the operator reads; for text compared with a key that is only ever true or false, that.
fn expected(condition: &Condition<'_>) -> Option<Family> {
    match condition.operator?.base.family() {
        Family::Bool | Family::Null => condition.operator.map(|operator| operator.base.family()),
        Family::Numeric => Some(Family::Numeric),
        Family::String => {
            let is_bool = global_key(condition.key).is_some_and(|key| key.key_type == KeyType::Bool);
            is_bool.then_some(Family::Bool)
        }
        _ => None,
    }
}

fn reads(family: Family, text: &str) -> bool {
    match family {
        Family::Numeric => text.trim().parse::<f64>().is_ok_and(f64::is_finite),
        _ => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
    }
}
