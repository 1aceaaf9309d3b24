//! A condition operator that does not exist.

use crate::diagnostic::Safety;
use crate::policy::{Base, Operator, Quantifier};
use crate::rule::{Context, Sink};
use crate::suggest::nearest;
use crate::text::{Edit, Span};

/// Reports each such operator once, however many keys stand under it.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        let mut last = None;
        for condition in statement.conditions.iter().filter(|condition| condition.operator.is_none()) {
            if last.replace(condition.operator_span) != Some(condition.operator_span) {
                report(sink, condition.operator_text, condition.operator_span);
            }
        }
    }
}

fn report(sink: &mut Sink, text: &str, span: Span) {
    let message = format!("there is no condition operator `{text}`, so IAM rejects the policy");
    let finding = sink.report(span, message);
    match meant(text) {
        Some(operator) => {
            let title = format!("use `{operator}`");
            finding.help(format!("did you mean `{operator}`?"));
            finding.fix(title, Safety::Unsafe, vec![Edit { span, text: format!("\"{operator}\"") }]);
        }
        None if text.eq_ignore_ascii_case("NullIfExists") => {
            finding.help("`Null` already asks whether the key exists; drop the `IfExists`");
        }
        None => {}
    }
}

/// The operator nearest to `text`, with its set operator and its `IfExists`.
fn meant(text: &str) -> Option<String> {
    let quantifiers = [Quantifier::One, Quantifier::ForAllValues, Quantifier::ForAnyValue];
    let all: Vec<String> = Base::ALL
        .iter()
        .flat_map(|base| quantifiers.map(|quantifier| (*base, quantifier)))
        .flat_map(|(base, quantifier)| [false, true].map(|if_exists| Operator { quantifier, base, if_exists }))
        .filter(|operator| operator.base != Base::Null || !operator.if_exists)
        .map(Operator::name)
        .collect();
    nearest(text, all.iter().map(String::as_str)).map(str::to_owned)
}
