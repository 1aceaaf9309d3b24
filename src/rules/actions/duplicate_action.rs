//! An action that is listed twice.

use super::list::without;
use crate::rule::{Context, Sink};
use std::collections::HashMap;

/// Reports each item that stood in the same list before, whatever its case.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for element in cx.policy.statements.iter().filter_map(|statement| statement.action.as_ref()) {
        if element.items.len() < 2 {
            continue;
        }
        let mut seen = HashMap::with_capacity(element.items.len());
        for (index, item) in element.items.iter().enumerate().filter(|(_, item)| item.is_literal()) {
            let first = *seen.entry(item.text.to_ascii_lowercase()).or_insert(index);
            if first != index {
                let finding = sink.report(item.span, format!("`{}` is listed already", item.text));
                finding.related(element.items[first].span, "here");
                finding.fix = without(element, index);
            }
        }
    }
}
