//! MFA asked of those who never carry it.

use super::never_carry_mfa;
use crate::access::mfa::{Outcome, State};
use crate::policy::PrincipalKind;
use crate::rule::{Context, Sink};

/// Reports each MFA condition on a statement for a service or a federated principal.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for judged in &cx.analysis.mfa().judged {
        let principals = never_carry_mfa(judged.statement);
        let (Some(principal), Some(condition)) = (principals.first(), judged.conditions.first()) else { continue };
        let in_both = |outcome| State::WITHOUT_MFA.into_iter().all(|state| judged.table.outcome(state) == outcome);
        let consequence = if judged.statement.is_allow() && in_both(Outcome::Never) {
            "this condition is never met"
        } else if judged.statement.is_deny() && in_both(Outcome::Always) {
            "this Deny always applies to it"
        } else {
            continue;
        };
        let sort = match principal.kind {
            PrincipalKind::Service => "an AWS service",
            _ => "someone whom an identity provider vouches for",
        };
        let message = format!("`{}` is {sort} and never carries MFA, so {consequence}", principal.text.text);
        let finding = sink.report(condition.comparison_span(), message);
        for principal in principals {
            finding.related(principal.text.span, "never carries MFA");
        }
    }
}
