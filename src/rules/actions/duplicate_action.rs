//! An action that is listed twice.

use super::list::without;
use crate::rule::{Context, Sink};

/// Reports each action once for the list, however often it comes again, and in whatever case.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for (statement, places) in cx.analysis.listed().repeated() {
        let Some(element) = &cx.policy.statements[statement].action else { continue };
        let [first, second, others @ ..] = places.as_slice() else { continue };
        let item = &element.items[*second];
        let times = match others.len() {
            0 => String::new(),
            count => format!(", and {count} more times"),
        };
        let finding = sink.report(item.span, format!("`{}` is listed already{times}", item.text));
        finding.related(element.items[*first].span, "here");
        for other in others {
            finding.related(element.items[*other].span, "again");
        }
        finding.fix = without(element, &places[1..]);
    }
}
