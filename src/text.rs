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
    encoding: Encoding,
    line_starts: OnceLock<Vec<u32>>,
}

/// How a file's bytes encode its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, as it should be.
    #[default]
    Utf8,
    /// UTF-16, in either byte order.
    Utf16,
    /// Nothing known: bytes that are not UTF-8 became U+FFFD, the first of them at this offset in the text.
    Unknown(u32),
}

/// The three bytes that some editors put before UTF-8 text.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Source {
    /// Takes the text as read, byte order mark included. `path` is what the user will be shown.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), encoding: Encoding::Utf8, line_starts: OnceLock::new() }
    }

    /// Takes a file's bytes, whatever they are. Spans refer to the text that they are taken for.
    pub fn decode(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        let (text, encoding) = decode(bytes);
        Self { encoding, ..Self::new(path, text) }
    }

    /// How its bytes encode its text.
    pub fn encoding(&self) -> Encoding {
        self.encoding
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

fn decode(bytes: Vec<u8>) -> (String, Encoding) {
    let bytes = match utf16(&bytes) {
        Some(text) => return (text, Encoding::Utf16),
        None => bytes,
    };
    match String::from_utf8(bytes) {
        Ok(text) => (text, Encoding::Utf8),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Encoding::Unknown(Span::at(valid).start))
        }
    }
}

/// The text, if the bytes are UTF-16: by their byte order mark, or because every other one of the first is zero, as
/// no text in UTF-8 has it.
fn utf16(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => u16::from_le_bytes,
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => u16::from_be_bytes,
        _ => return None,
    };
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    Some(char::decode_utf16(units).map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_are_text() {
        let check = |bytes: &[u8], text: &str, encoding| {
            let source = Source::decode("p", bytes.to_vec());
            assert_eq!((source.text(), source.encoding()), (text, encoding));
        };
        check(b"", "", Encoding::Utf8);
        check("\u{feff}é".as_bytes(), "\u{feff}é", Encoding::Utf8);
        check(b"ab\xffc\xfe", "ab\u{fffd}c\u{fffd}", Encoding::Unknown(2));
        check(b"\xff\xfe{\0}\0", "\u{feff}{}", Encoding::Utf16);
        check(b"\xfe\xff\0{\0}", "\u{feff}{}", Encoding::Utf16);
        check(b"{\0}\0\x3d\xd8\0\xde", "{}\u{1f600}", Encoding::Utf16);
        check(b"\0{\0}\xd8", "{}", Encoding::Utf16);
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
