//! MFA asked of those who never carry it.

use super::never_carry_mfa;
use crate::access::mfa::{Judged, Outcome, State};
use crate::policy::{Effect, PrincipalKind};
use crate::rule::{Context, Sink};

/// Reports each MFA condition on a statement for a service or a federated principal.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for judged in &cx.analysis.mfa().judged {
        let principals = never_carry_mfa(judged.statement);
        let (Some(principal), Some(condition)) = (principals.first(), judged.conditions.first()) else { continue };
        let Some(consequence) = consequence(judged) else { continue };
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

/// What comes of asking those for MFA who never carry it; `None` where the statement does not ask for it.
fn consequence(judged: &Judged<'_>) -> Option<&'static str> {
    let in_both = |outcome| State::WITHOUT_MFA.into_iter().all(|state| judged.table.outcome(state) == outcome);
    let with_mfa = judged.table.outcome(State::Mfa);
    match judged.statement.effect? {
        Effect::Allow if with_mfa == Outcome::Never => None,
        Effect::Allow if in_both(Outcome::Never) => Some("this condition is never met"),
        Effect::Allow => Some("this condition does not make it use MFA"),
        Effect::Deny if with_mfa == Outcome::Always => None,
        Effect::Deny if in_both(Outcome::Always) => Some("this Deny always applies to it"),
        Effect::Deny => Some("this Deny does not make it use MFA"),
    }
}
