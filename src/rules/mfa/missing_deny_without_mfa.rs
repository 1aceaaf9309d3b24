//! No Deny for those without MFA, in a policy that lets them enroll or that must require it.

use super::{ENROLLMENT, enrollment_grants, grants_enrollment, is_general, questions};
use crate::access::decide::{Credential, Question, Realism};
use crate::access::mfa::Verdict;
use crate::access::{granted, matches, without_mfa};
use crate::diagnostic::Severity;
use crate::policy::{Pattern, Policy, Statement, Text, Truth};
use crate::rule::{Context, MAX_RELATED, Sink};
use crate::text::Span;

/// Reports the policy once, at the first grant of enrollment; or, where the user says that it must require MFA, at its
/// statements.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let policy = cx.policy;
    let is_about_it = || cx.must_require_mfa || grants_enrollment(cx) && enrollment_grants(policy).next().is_some();
    let requires_mfa = || {
        let judged = cx.analysis.mfa().judged.iter().filter(|judged| judged.statement.is_deny());
        // One of so many will, and all of them are not asked.
        judged.count() > questions(policy) || policy.statements.iter().any(|statement| requires_mfa(cx, statement))
    };
    if !policy.complete || !is_about_it() || requires_mfa() {
        return;
    }
    if cx.must_require_mfa {
        let message = "this policy must require MFA, but no Deny in it applies to requests without MFA";
        sink.report(statements(policy), message).severity(Severity::Error);
        return;
    }
    let asked = enrollment_grants(policy).take(questions(policy));
    let mut grants = asked.filter_map(|(statement, item)| Some((item, open(cx, statement, item)?)));
    if let Some((first, example)) = grants.next() {
        let message = format!(
            "`{}` lets users enroll an MFA device, but nothing here denies them the rest while they have not used it",
            first.text
        );
        let finding = sink.report(first.span, message).label(example);
        // Each of them takes a proof, and more than these are not told.
        for (other, _) in grants.take(MAX_RELATED) {
            finding.related(other.span, "enrollment, too");
        }
    }
}

/// Whether the Deny stops something else than the handling of MFA devices for want of MFA, or was meant to and has a
/// finding of its own.
fn requires_mfa(cx: &Context<'_>, deny: &Statement<'_>) -> bool {
    if !deny.is_deny() {
        return false;
    }
    let question = Question {
        actions_other_than: vec!["iam:*MFA*".to_owned()],
        realism: Realism::Anything,
        catalog: cx.catalog,
        ..Question::default()
    };
    let stops = |credentials: &[Credential]| {
        let question = Question { credentials: credentials.to_vec(), ..question.clone() };
        matches(cx.policy, deny.index, &question) != Truth::No
    };
    match cx.analysis.mfa().of(deny) {
        Some(judged) if judged.verdict == Verdict::Right => stops(Credential::WITHOUT_MFA),
        Some(_) => stops(Credential::ALL),
        // A Deny of all but enrollment, with no condition at all, has forgotten the one on MFA.
        None => is_general(deny) && deny.conditions.is_empty() && stops(Credential::ALL),
    }
}

/// A request without MFA that enrolls a device by this grant, in words.
fn open(cx: &Context<'_>, allow: &Statement<'_>, item: &Text<'_>) -> Option<String> {
    let named = |action: &&str| Pattern::action_matches(item, action) == Truth::Yes;
    let actions: Vec<&str> = ENROLLMENT.iter().copied().filter(named).collect();
    let question = Question { catalog: cx.catalog, ..without_mfa(&actions) };
    let shown = granted(cx.policy, &[allow.index], &question).pop()?;
    Some(format!("for example: {}", shown.witness))
}

fn statements(policy: &Policy<'_>) -> Span {
    policy.node.member("Statement").map_or(policy.span(), |member| member.key_span)
}
