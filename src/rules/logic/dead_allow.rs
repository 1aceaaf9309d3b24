//! Something that is allowed in vain.

use super::is_right;
use crate::access::refused;
use crate::policy::{Element, Pattern, Statement, Text, Truth};
use crate::rule::{Context, Sink};
use crate::text::Span;

/// Reports, once for each Allow, the actions in it that a Deny of the same policy always refuses.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for found in refused(&cx.analysis, |statement| is_right(cx, statement)) {
        let allow = &cx.policy.statements[found.statement];
        let Some(element) = &allow.action else { continue };
        let items: Vec<&Text<'_>> = found.items.iter().map(|at| &element.items[*at]).collect();
        let (message, span) = match items.as_slice() {
            [] => ("this Allow grants nothing: what it is about is always refused".to_owned(), element.key_span),
            [one] => (format!("`{}` is allowed in vain: it is always refused, and a Deny wins", one.text), one.span),
            [first, others @ ..] => {
                let count = others.len();
                let message = format!(
                    "`{}` and {count} more are allowed in vain: they are always refused, and a Deny wins",
                    first.text
                );
                (message, first.span)
            }
        };
        let finding = sink.report(span, message);
        for item in items.iter().skip(1) {
            finding.related(item.span, "and this");
        }
        for deny in found.by.iter().map(|at| &cx.policy.statements[*at]) {
            if let Some(span) = refusing(deny, items.first()) {
                finding.related(span, "refused here");
            }
        }
    }
}

/// What in a Deny names the action: an item, or the key of a list of exceptions.
fn refusing(deny: &Statement<'_>, item: Option<&&Text<'_>>) -> Option<Span> {
    let element: &Element<'_> = deny.action.as_ref()?;
    if element.negated {
        return Some(element.key_span);
    }
    let meets =
        |own: &&Text<'_>| item.is_none_or(|item| Pattern::action(own).intersects(&Pattern::action(item)) != Truth::No);
    Some(element.items.iter().find(meets).map_or(element.span, |own| own.span))
}
