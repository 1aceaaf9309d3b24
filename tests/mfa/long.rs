//! Policies that are far longer than IAM accepts.

use super::{findings, policy};
use iam_lint::diagnostic::Severity;

#[test]
fn long_policies_end_soon() {
    const GUARD: &str = r#","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#;
    let statement = |effect: &str, action: &str, resource: &str, condition: &str| {
        format!(r#"{{"Effect":"{effect}","Action":"iam:{action}","Resource":"arn:aws:iam::*:{resource}"{condition}}}"#)
    };
    let by_turns = |action: &str, count: usize| {
        let effect = |at: usize| if at.is_multiple_of(2) { "Deny" } else { "Allow" };
        let one = |at: usize| statement(effect(at), action, &format!("user/u{at}/*"), "");
        (0..count).map(one).collect::<Vec<String>>()
    };
    let guards = (0..2000).map(|at| statement("Deny", "EnableMFADevice", &format!("user/u{at}/*"), GUARD));
    let guarded = std::iter::once(statement("Allow", "EnableMFADevice", "user/*", "")).chain(guards).collect();
    for (statements, rule) in [
        (by_turns("EnableMFADevice", 1000), "missing-deny-without-mfa"),
        (by_turns("DeactivateMFADevice", 400), "deactivate-mfa-without-mfa"),
        (by_turns("*", 400), "wildcard-grants-mfa-removal"),
        (guarded, ""),
    ] {
        let start = std::time::Instant::now();
        let found = findings(&policy(&statements.join(",")), Severity::Note, false);
        assert!(found.iter().any(|finding| finding.starts_with(rule)) || rule.is_empty(), "{rule}: {found:?}");
        // Not optimized, next to other tests.
        assert!(start.elapsed().as_secs() < 20, "{rule}: {:?}", start.elapsed());
    }
}
