//! Lists of which an item may be dropped.

use crate::diagnostic::Fix;
use crate::diagnostic::Safety;
use crate::policy::Element;
use crate::text::{Edit, Span};

/// The repair that takes the item at `index`, and the comma that goes with it, out of a list. `None` where something
/// in the list is not understood.
pub(super) fn without(element: &Element<'_>, index: usize) -> Option<Fix> {
    let item = element.items.get(index)?.span;
    let after = element.items.get(index + 1).map(|next| Span { start: item.start, end: next.span.start });
    let before = || Some(Span { start: element.items.get(index.checked_sub(1)?)?.span.end, end: item.end });
    let span = after.or_else(before).filter(|_| element.complete)?;
    let title = format!("remove `{}`", element.items[index].text);
    Some(Fix { title, safety: Safety::Safe, edits: vec![Edit { span, text: String::new() }] })
}
