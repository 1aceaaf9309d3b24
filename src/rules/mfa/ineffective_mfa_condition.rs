//! MFA conditions that make no difference.

use super::is_only_for_those_without_mfa;
use crate::access::mfa::{Ineffective, Verdict};
use crate::rule::{Context, Sink};

/// Reports each statement whose MFA conditions hold for every request or for none, and each age that changes nothing.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for judged in &cx.analysis.mfa().judged {
        let Verdict::Ineffective(kind) = &judged.verdict else { continue };
        if is_only_for_those_without_mfa(judged.statement) {
            continue;
        }
        let Some((first, others)) = judged.conditions.split_first() else { continue };
        let effect = if judged.statement.is_deny() { "Deny" } else { "Allow" };
        match kind {
            Ineffective::Redundant(age) => {
                let message = format!(
                    "`{}` changes nothing here: the other MFA condition of this {effect} already decides",
                    age.0.key
                );
                sink.report(age.0.comparison_span(), message)
                    .help("conditions of one statement must all hold; put the age into a statement of its own")
                    .related(first.operator_span, "what decides");
            }
            Ineffective::AlwaysHold | Ineffective::NeverHold => {
                let what = if *kind == Ineffective::AlwaysHold {
                    "holds for every request, with MFA or without"
                } else {
                    "holds for no request, with MFA or without"
                };
                let subject = if others.is_empty() { "this condition" } else { "these conditions together" };
                let holds = if others.is_empty() { what.to_owned() } else { what.replacen("holds", "hold", 1) };
                let so = match (kind, judged.statement.is_deny()) {
                    (Ineffective::NeverHold, true) => "never denies anything",
                    (Ineffective::NeverHold, false) => "never grants anything",
                    _ => "does not depend on MFA",
                };
                let message = format!("{subject} {holds}, so this {effect} {so}");
                let finding = sink.report(first.comparison_span(), message);
                for other in others {
                    finding.related(other.comparison_span(), "together with this");
                }
            }
        }
    }
}
