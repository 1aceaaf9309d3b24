//! Lists of which items may be dropped.

use crate::diagnostic::Fix;
use crate::diagnostic::Safety;
use crate::policy::Element;
use crate::text::{Edit, Span};

/// The repair that takes the items at `places`, which are in order, and the commas that go with them out of a list.
/// `None` where something in the list is not understood, or where nothing would be left of it.
pub(super) fn without(element: &Element<'_>, places: &[usize]) -> Option<Fix> {
    let items = &element.items;
    let title = match places {
        [only] => format!("remove `{}`", items.get(*only)?.text),
        several => format!("remove these {} actions", several.len()),
    };
    let mut edits = Vec::new();
    for run in places.chunk_by(|before, after| before + 1 == *after) {
        let (first, last) = (items.get(*run.first()?)?.span, items.get(*run.last()?)?.span);
        let span = match items.get(run.last()? + 1) {
            Some(next) => Span { start: first.start, end: next.span.start },
            None => Span { start: items.get(run.first()?.checked_sub(1)?)?.span.end, end: last.end },
        };
        edits.push(Edit { span, text: String::new() });
    }
    element.complete.then_some(Fix { title, safety: Safety::Safe, edits })
}
