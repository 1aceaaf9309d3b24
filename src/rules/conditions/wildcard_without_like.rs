//! A wildcard where it is a literal character.

use crate::diagnostic::Safety;
use crate::policy::{Base, Condition, Operator, PartKind, Scalar, Statement};
use crate::rule::{Context, Sink};
use crate::text::{Edit, Span};

/// Keys whose values may hold an asterisk that means itself: certificates for all names below a domain.
const LITERAL_ASTERISK: [&str; 1] = ["acm:DomainNames"];

/// Reports each key that is compared letter by letter with a value that has a `*` in it.
///
/// A `?` is not reported: it is at home in the URLs and queries that some keys hold.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        let mut fixed: Option<Span> = None;
        for condition in &statement.conditions {
            let Some(operator) = condition.operator.filter(|operator| is_literal(operator.base)) else { continue };
            let means_itself = LITERAL_ASTERISK.iter().any(|key| key.eq_ignore_ascii_case(condition.key));
            let mut values = condition.values.iter().filter(|value| has_wildcard(value));
            let Some(first) = values.next().filter(|_| condition.key_known && !means_itself) else { continue };
            let fix = fix(statement, condition, operator).filter(|edit| fixed.replace(edit.span) != Some(edit.span));
            report(sink, condition, first, values, fix);
        }
    }
}

fn is_literal(base: Base) -> bool {
    like(base).is_some() || matches!(base, Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase)
}

/// The operator that takes wildcards and is the same in all else.
fn like(base: Base) -> Option<Base> {
    match base {
        Base::StringEquals => Some(Base::StringLike),
        Base::StringNotEquals => Some(Base::StringNotLike),
        _ => None,
    }
}

fn has_wildcard(value: &Scalar<'_>) -> bool {
    value.text.all_parts().any(|(part, kind)| kind == PartKind::Literal && part.contains('*'))
}

/// The operator is exchanged for all of its keys, and values without a wildcard match as before. Not where the other
/// operator is there already: its keys would have to move.
fn fix(statement: &Statement<'_>, condition: &Condition<'_>, operator: Operator) -> Option<Edit> {
    let wanted = Operator { base: like(operator.base)?, ..operator };
    let taken = statement.conditions.iter().any(|other| other.operator == Some(wanted));
    (!taken).then(|| Edit { span: condition.operator_span, text: format!("\"{}\"", wanted.name()) })
}

fn report<'c>(
    sink: &mut Sink,
    condition: &Condition<'_>,
    first: &Scalar<'_>,
    others: impl Iterator<Item = &'c Scalar<'c>>,
    fix: Option<Edit>,
) {
    let message = format!("`*` is no wildcard under `{}`: it stands for itself", condition.operator_text);
    let finding = sink.report(first.text.span, message);
    finding.related(condition.operator_span, "compares letter by letter");
    for other in others {
        finding.related(other.text.span, "here too");
    }
    let meant =
        condition.operator.and_then(|operator| Some(Operator { base: like(operator.base)?, ..operator }.name()));
    match &meant {
        Some(operator) => finding.help(format!("use `{operator}`, or write `${{*}}` if the asterisk is meant")),
        None => finding
            .help("no operator knows both wildcards and upper or lower case alike; use `StringLike` with each form"),
    };
    if let (Some(edit), Some(operator)) = (fix, meant) {
        finding.fix(format!("use `{operator}`"), Safety::Unsafe, vec![edit]);
    }
}
