//! Byte spans, line and column conversion, edits.
//!
//! This module knows nothing of JSON or of policies. A [`Span`] always refers to one [`Source`]; lines and
//! columns are computed from it on demand, at the very edge of the program.

use std::sync::OnceLock;

/// A half-open range of UTF-8 byte offsets into one [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, and without, `end`.
    ///
    /// Inputs are capped far below 4 GiB before they get here, so the conversion never saturates in practice.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The bytes it covers, as a range to slice with.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Whether it covers no byte.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies within it.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place in a file as people and editors write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1. Lines end at `\n`, `\r\n` or a lone `\r`.
    pub line: u32,
    /// Column, from 1, in Unicode scalar values. A byte order mark is not counted.
    pub column: u32,
    /// Offset from 0 in UTF-8 bytes. A byte order mark is counted.
    pub offset: u32,
}

/// The text of one file, with its name and, on first use, its line starts.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: String,
    line_starts: OnceLock<Vec<u32>>,
}

/// The three bytes that some editors put before UTF-8 text.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Source {
    /// Takes the text as read, byte order mark included. `path` is what the user will be shown.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), line_starts: OnceLock::new() }
    }

    /// The name it is shown by.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text under `span`, clamped to the file and to character boundaries.
    pub fn slice(&self, span: Span) -> &str {
        let floor = |offset: u32| {
            let mut offset = (offset as usize).min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset
        };
        let (start, end) = (floor(span.start), floor(span.end));
        &self.text[start..end.max(start)]
    }

    /// The offset at which each line starts; the first is 0.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| line_starts(&self.text))
    }

    /// Where `offset` is.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(Span::at(self.text.len()).end);
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let before = self.slice(Span { start: starts[line - 1], end: offset });
        let before = if line == 1 { before.trim_start_matches(BYTE_ORDER_MARK) } else { before };
        let column = before.chars().count() + 1;
        Position { line: Span::at(line).end, column: Span::at(column).end, offset }
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let inside_crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        if !inside_crlf {
            starts.push(Span::at(at + 1).end);
        }
    }
    starts
}

/// One replacement: the text under `span` becomes `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

/// Applies edits to `text`. `None` when two of them overlap, or one is out of bounds or splits a character.
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in ordered {
        let range = edit.span.range();
        out.push_str(text.get(done..range.start)?);
        text.get(range.clone())?;
        out.push_str(&edit.text);
        done = range.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// The candidate that a misspelt `word` most likely meant, if one is near enough to be worth suggesting.
///
/// Case does not count, and a third of the characters may differ: more than that is another word. The first of
/// equally near candidates wins.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let allowed = word.len() / 3;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = edit_distance(&word, &candidate.chars().flat_map(char::to_lowercase).collect::<Vec<_>>());
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1; b.len() + 1];
        for j in 0..b.len() {
            let replace = last[j] + usize::from(a[i] != b[j]);
            row[j + 1] = replace.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                row[j + 1] = row[j + 1].min(before_last[j - 1] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_near() {
        let keys = ["severity", "mentions", "select", "id"];
        assert_eq!(nearest("severty", keys), Some("severity"));
        assert_eq!(nearest("Mentoins", keys), Some("mentions"), "a swap is one step");
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("di", keys), None, "two letters leave no room for a guess");
        assert_eq!(nearest("", keys), None);
    }

    #[test]
    fn positions_count_characters_and_every_line_end() {
        let source = Source::new("p", "\u{feff}a\r\né😀x\ry\n");
        let at = |offset| {
            let position = source.position(offset);
            (position.line, position.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 1), "the byte order mark is no column");
        assert_eq!(at(4), (1, 2));
        assert_eq!(at(6), (2, 1));
        assert_eq!(at(12), (2, 3), "two characters of two and four bytes");
        assert_eq!(at(14), (3, 1));
        assert_eq!(at(16), (4, 1));
        assert_eq!(at(u32::MAX), (4, 1), "clamped to the end");
    }

    #[test]
    fn edits_apply_in_order_and_refuse_to_overlap() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.into() };
        assert_eq!(apply("abcd", &[edit(3, 3, "-"), edit(0, 1, "x")]).as_deref(), Some("xbc-d"));
        assert_eq!(apply("abcd", &[edit(0, 2, ""), edit(1, 3, "")]), None);
        assert_eq!(apply("é", &[edit(1, 2, "")]), None);
        assert_eq!(apply("a", &[edit(1, 9, "")]), None);
    }
}
