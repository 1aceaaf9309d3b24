//! The fenced code blocks of a Markdown text.

use crate::text::Span;

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fence<'t> {
    /// What stands after the opening backticks.
    pub(super) info: &'t str,
    /// Where that stands.
    pub(super) info_span: Span,
    /// The lines within, the last line end included.
    pub(super) text: &'t str,
    /// Where they stand.
    pub(super) span: Span,
    /// Just past the closing line.
    pub(super) end: usize,
    /// Whether there is a closing line.
    pub(super) closed: bool,
}

/// The blocks of `page` from `offset` on, in order. Only fences of backticks at the start of a line count, which is
/// all that our pages use.
pub(super) fn fences(page: &str, offset: usize) -> impl Iterator<Item = Fence<'_>> {
    let mut at = offset;
    std::iter::from_fn(move || {
        let fence = next(page, at)?;
        at = fence.end;
        Some(fence)
    })
}

fn next(page: &str, offset: usize) -> Option<Fence<'_>> {
    let mut at = offset;
    let open = page.get(offset..)?.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        line.starts_with("```").then_some((start, line))
    });
    let (start, line) = open?;
    let ticks = line.len() - line.trim_start_matches('`').len();
    let info = line[ticks..].trim();
    let info_start = start + ticks + (line[ticks..].len() - line[ticks..].trim_start().len());
    let text_start = at;
    let mut text_end = page.len();
    let mut end = page.len();
    let mut closed = false;
    for line in page[text_start..].split_inclusive('\n') {
        let is_close = line.trim_end().len() >= ticks && line.trim_end().bytes().all(|byte| byte == b'`');
        if is_close {
            (text_end, end, closed) = (at, at + line.len(), true);
            break;
        }
        at += line.len();
    }
    Some(Fence {
        info,
        info_span: Span::new(info_start, info_start + info.len()),
        text: &page[text_start..text_end],
        span: Span::new(text_start, text_end),
        end,
        closed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_with_their_places() {
        let page = "é\n```json bad x\n{}\n```\ntext ``` no\n````md\n```\nin\n```\n````\n```open\nrest";
        let found: Vec<_> = fences(page, 0).map(|fence| (fence.info, fence.text, fence.closed)).collect();
        assert_eq!(
            found,
            [("json bad x", "{}\n", true), ("md", "```\nin\n```\n", true), ("open", "rest", false)],
            "a longer fence holds a shorter one"
        );
        for fence in fences(page, 0) {
            assert_eq!(&page[fence.span.range()], fence.text);
            assert_eq!(&page[fence.info_span.range()], fence.info);
        }
    }
}
