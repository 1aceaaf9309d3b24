//! An action that is listed twice.

use super::list::without;
use crate::rule::{Context, Sink};
use std::cmp::Ordering;

/// Reports each action once for the list, however often it comes again, and in whatever case.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for element in cx.policy.statements.iter().filter_map(|statement| statement.action.as_ref()) {
        if element.items.len() < 2 {
            continue;
        }
        let mut places: Vec<usize> = (0..element.items.len()).filter(|at| element.items[*at].is_literal()).collect();
        places.sort_unstable_by(|a, b| compare(&element.items[*a].text, &element.items[*b].text).then(a.cmp(b)));
        let is_same = |a: &usize, b: &usize| element.items[*a].text.eq_ignore_ascii_case(&element.items[*b].text);
        let mut again: Vec<&[usize]> = places.chunk_by(is_same).filter(|places| places.len() > 1).collect();
        again.sort_unstable();
        for places in again {
            let [first, second, others @ ..] = places else { continue };
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
            finding.fix = without(element, *second);
        }
    }
}

/// An order in which those that differ in case alone are neighbours. The length and the end tell most apart: what they
/// begin with is a service and a verb.
fn compare(a: &str, b: &str) -> Ordering {
    let different = || a.bytes().rev().zip(b.bytes().rev()).find(|(a, b)| !a.eq_ignore_ascii_case(b));
    let by_end = || different().map_or(Ordering::Equal, |(a, b)| a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()));
    a.len().cmp(&b.len()).then_with(by_end)
}
