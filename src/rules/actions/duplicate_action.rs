//! An action that is listed twice.

use super::list::without;
use crate::rule::{Context, Sink};
use std::collections::HashMap;

/// Reports each action once for the list, however often it comes again, and in whatever case.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for element in cx.policy.statements.iter().filter_map(|statement| statement.action.as_ref()) {
        if element.items.len() < 2 {
            continue;
        }
        let mut places: HashMap<String, Vec<usize>> = HashMap::with_capacity(element.items.len());
        for (index, item) in element.items.iter().enumerate().filter(|(_, item)| item.is_literal()) {
            places.entry(item.text.to_ascii_lowercase()).or_default().push(index);
        }
        let mut again: Vec<Vec<usize>> = places.into_values().filter(|places| places.len() > 1).collect();
        again.sort_unstable();
        for places in again {
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
            finding.fix = without(element, *second);
        }
    }
}
