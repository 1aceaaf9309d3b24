//! Two statements of one name.

use crate::diagnostic::Severity;
use crate::policy::PolicyType;
use crate::rule::{Context, Sink};

/// Reports each `Sid` that an earlier statement of the policy has: an error where AWS insists on it.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let kind = cx.policy.kind.kind;
    let is_error = matches!(kind, PolicyType::Identity | PolicyType::Boundary | PolicyType::Session | PolicyType::Scp);
    let sids = || {
        let sids = cx.policy.statements.iter().filter_map(|statement| statement.sid.as_ref());
        sids.filter(|sid| sid.is_literal() && !sid.text.is_empty())
    };
    let mut seen: std::collections::HashMap<&str, crate::text::Span> = std::collections::HashMap::new();
    for sid in sids() {
        if let Some(first) = seen.get(&*sid.text) {
            let (message, severity) = if is_error {
                (format!("two statements are called `{}`, so IAM rejects the policy", sid.text), Severity::Error)
            } else {
                (format!("two statements are called `{}`", sid.text), Severity::Warning)
            };
            sink.report(sid.span, message).severity(severity).related(*first, "the first one");
        } else {
            seen.insert(&sid.text, sid.span);
        }
    }
}
