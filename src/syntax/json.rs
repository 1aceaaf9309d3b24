//! The JSON reader.

use super::{SyntaxError, Tree};
use crate::text::Span;

/// Reads `text`, whatever it is.
pub fn parse(_text: &str) -> (Tree<'_>, Vec<SyntaxError>) {
    (Tree::default(), Vec::new())
}

pub(super) fn part_span(_raw: &str, span: Span, _part: std::ops::Range<usize>) -> Span {
    span
}
