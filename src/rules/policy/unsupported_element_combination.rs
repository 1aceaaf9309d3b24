//! An element beside its opposite.

use crate::rule::{Context, Sink};

use super::member;

const PAIRS: [(&str, &str); 3] = [("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")];

/// Reports each such pair, at the `Not…` element.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        for (name, not_name) in PAIRS {
            let both = member(statement.node, name).zip(member(statement.node, not_name));
            if let Some((plain, not)) = both {
                let message = format!("a statement has `{name}` or `{not_name}`, not both, so IAM rejects the policy");
                sink.report(not.key_span, message).related(plain.key_span, "the other one");
            }
        }
    }
}
