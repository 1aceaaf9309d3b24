//! A value that is not of the type that its operator asks for.

use crate::policy::{Condition, Family, Scalar};
use crate::rule::{Context, Sink};

/// Reports each value that its operator cannot read.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for condition in cx.policy.statements.iter().flat_map(|statement| &statement.conditions) {
        let Some(expected) = expected(condition) else { continue };
        let is_known = |value: &&Scalar<'_>| !value.text.has_hole() && !value.text.has_variable();
        for value in condition.values.iter().filter(is_known) {
            let text = &value.text.text;
            if !reads(expected, text) {
                let what = if expected == Family::Numeric { "a number" } else { "`true` or `false`" };
                let operator = condition.operator_text;
                let message =
                    format!("`{text}` is not {what}, which is all that `{operator}` knows, so it never matches");
                sink.report(value.text.span, message);
            }
        }
    }
}

/// The type that the operator reads, where it is one that not every text is of.
fn expected(condition: &Condition<'_>) -> Option<Family> {
    let family = condition.operator?.base.family();
    matches!(family, Family::Bool | Family::Null | Family::Numeric).then_some(family)
}

fn reads(family: Family, text: &str) -> bool {
    match family {
        Family::Numeric => text.trim().parse::<f64>().is_ok_and(f64::is_finite),
        _ => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
    }
}
