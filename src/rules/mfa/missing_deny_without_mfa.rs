//! No Deny for those without MFA, in a policy that lets them enroll or that must require it.

use super::{ENROLLMENT, enrollment_grants, grants_iam, is_general, singles_mfa_out};
use crate::access::mfa::{Mfa, Outcome, State};
use crate::access::{granted, without_mfa};
use crate::diagnostic::Severity;
use crate::policy::{Pattern, Policy, Statement, Text, Truth};
use crate::rule::{Context, Sink};
use crate::text::Span;

/// Reports the policy once, at the first grant of enrollment; or, where the user says that it must require MFA, at its
/// statements.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let (policy, mfa) = (cx.policy, cx.analysis.mfa());
    let denies = |statement: &Statement<'_>| {
        // A Deny of all but enrollment, with no MFA condition, has a finding of its own.
        let forgot_condition = is_general(statement) && statement.conditions.is_empty();
        (mfa.of(statement).is_some() || forgot_condition) && denies_more_than_mfa(statement)
    };
    if !policy.complete || policy.statements.iter().any(denies) {
        return;
    }
    if cx.must_require_mfa {
        let message = "this policy must require MFA, but no Deny in it applies to requests without MFA";
        sink.report(statements(policy), message).severity(Severity::Error);
        return;
    }
    if !grants_iam(policy) {
        return;
    }
    let mut grants = enrollment_grants(policy).filter(|(statement, _)| is_open(mfa, statement));
    if let Some((statement, first)) = grants.next() {
        let message = format!(
            "`{}` lets users enroll an MFA device, but nothing here denies them the rest while they have not used it",
            first.text
        );
        let finding = sink.report(first.span, message);
        let question = without_mfa(&ENROLLMENT.iter().copied().filter(|name| names(first, name)).collect::<Vec<_>>());
        if let Some(proof) = granted(policy, &[statement.index], &question).pop() {
            finding.label(format!("for example: {}", proof.witness));
        }
        for (_, other) in grants {
            finding.related(other.span, "enrollment, too");
        }
    }
}

fn names(item: &Text<'_>, action: &str) -> bool {
    Pattern::action_matches(item, action) == Truth::Yes
}

fn is_open(mfa: &Mfa<'_>, statement: &Statement<'_>) -> bool {
    State::WITHOUT_MFA.into_iter().any(|state| mfa.outcome(statement, state) != Outcome::Never)
}

/// Whether it denies, by MFA, anything but the handling of MFA devices.
fn denies_more_than_mfa(statement: &Statement<'_>) -> bool {
    let reaches_further =
        |element: &crate::policy::Element<'_>| element.negated || !element.items.iter().all(singles_mfa_out);
    statement.is_deny() && statement.action.as_ref().is_none_or(reaches_further)
}

fn statements(policy: &Policy<'_>) -> Span {
    policy.node.member("Statement").map_or(policy.span(), |member| member.key_span)
}
