//! An action that is listed twice.

use super::list::without;
use crate::catalog::folded_hash;
use crate::rule::{Context, Sink};
use std::cmp::Ordering;

/// Reports each action once for the list, however often it comes again, and in whatever case.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for element in cx.policy.statements.iter().filter_map(|statement| statement.action.as_ref()) {
        if element.items.len() < 2 {
            continue;
        }
        let literal = (0..element.items.len()).filter(|at| element.items[*at].is_literal());
        let text = |at: usize| element.items[at].text.as_ref();
        let mut places: Vec<(u64, usize)> = literal.map(|at| (folded_hash(text(at)), at)).collect();
        // Those that are the same become neighbours, also where others happen to have their hash.
        places.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| compare(text(a.1), text(b.1))).then(a.1.cmp(&b.1)));
        let runs = places.chunk_by(|a, b| a.0 == b.0 && text(a.1).eq_ignore_ascii_case(text(b.1)));
        let mut again: Vec<Vec<usize>> =
            runs.filter(|run| run.len() > 1).map(|run| run.iter().map(|(_, at)| *at).collect()).collect();
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
            finding.fix = without(element, &places[1..]);
        }
    }
}

fn compare(a: &str, b: &str) -> Ordering {
    let folded = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(folded).cmp(b.bytes().map(folded))
}
