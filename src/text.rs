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
    block_starts: OnceLock<Vec<u32>>,
}

/// Characters are counted once in blocks of so many bytes, since a line may be as long as the file.
const BLOCK: usize = 1024;

/// The three bytes that some editors put before UTF-8 text.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Source {
    /// Takes the text as read, byte order mark included. `path` is what the user will be shown.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), line_starts: OnceLock::new(), block_starts: OnceLock::new() }
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
        let (start, end) = (floor(&self.text, span.start), floor(&self.text, span.end));
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
        let mark = if line == 1 && self.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let start = starts[line - 1] as usize + mark;
        let whole = floor(&self.text, offset);
        let column = self.characters_before(whole).saturating_sub(self.characters_before(start)) + 1;
        Position { line: Span::at(line).end, column: Span::at(column).end, offset }
    }

    /// How many characters begin before `offset`, which is not past the end.
    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        let blocks = self.block_starts.get_or_init(|| {
            let mut before = vec![0];
            let mut count = 0;
            for block in bytes.chunks(BLOCK) {
                count += characters(block);
                before.push(Span::at(count).start);
            }
            before
        });
        let block = offset / BLOCK;
        blocks[block] as usize + characters(&bytes[block * BLOCK..offset])
    }
}

/// The nearest character boundary at or before `offset`.
fn floor(text: &str, offset: u32) -> usize {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// How many characters begin in `bytes`, which are a part of a text in UTF-8.
fn characters(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    bytes.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count()
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = Vec::with_capacity(1 + bytes.len() / 32);
    starts.push(0);
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let inside_crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        if !inside_crlf {
            starts.push(Span::at(at + 1).end);
        }
    }
    starts
}

/// ASCII has a control character for what cannot be shown. The usual U+FFFD is longer than a byte.
const SUBSTITUTE: char = '\u{1a}';

/// Bytes that are no UTF-8 text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodingError {
    /// What the bytes are instead.
    pub encoding: Encoding,
    /// The offset of the first byte that is not UTF-8: 0 where a byte order mark or NUL bytes tell.
    pub offset: u32,
    evidence: String,
}

/// What bytes that are no UTF-8 text are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, the lower byte first; what PowerShell 5 writes.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// UTF-32, the lowest byte first.
    Utf32Le,
    /// UTF-32, the highest byte first.
    Utf32Be,
    /// Nothing that names itself: Latin-1, or damaged UTF-8.
    Unknown,
}

impl Encoding {
    /// The name as people know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf32Le => "UTF-32LE",
            Self::Utf32Be => "UTF-32BE",
            Self::Unknown => "not UTF-8",
        }
    }
}

impl EncodingError {
    /// What can be read of it, to look for words in and to show: the text as far as it is UTF-8, or the ASCII
    /// characters of UTF-16 and UTF-32. Never to be judged as a policy: what is not in it may matter.
    pub fn evidence(&self) -> &str {
        &self.evidence
    }
}

/// The text of a file, which must be UTF-8. A byte order mark stays in it.
///
/// Nothing is converted: IAM wants UTF-8, and offsets into a converted text would be offsets into no file.
pub fn decode(bytes: Vec<u8>) -> Result<String, EncodingError> {
    if let Some(encoding) = wide_encoding(&bytes) {
        return Err(EncodingError { encoding, offset: 0, evidence: ascii_of(&bytes) });
    }
    String::from_utf8(bytes).map_err(|error| EncodingError {
        encoding: Encoding::Unknown,
        offset: Span::at(error.utf8_error().valid_up_to()).start,
        evidence: with_substitutes(error.as_bytes()),
    })
}

/// UTF-16 or UTF-32, told by its mark, or by the NUL bytes that ASCII text has in it: the first two characters of
/// a policy are ASCII, and no text in UTF-8 begins so.
fn wide_encoding(bytes: &[u8]) -> Option<Encoding> {
    let mark = match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Some(Encoding::Utf32Le),
        [0, 0, 0xFE, 0xFF, ..] => Some(Encoding::Utf32Be),
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        _ => None,
    };
    // Whether the first two characters have NUL bytes in those places, and in no others.
    let two_have = |nul: &[bool]| {
        let mut characters = bytes.chunks_exact(nul.len());
        let mut next =
            || characters.next().is_some_and(|bytes| bytes.iter().map(|byte| *byte == 0).eq(nul.iter().copied()));
        next() && next()
    };
    mark.or_else(|| match () {
        () if two_have(&[false, true, true, true]) => Some(Encoding::Utf32Le),
        () if two_have(&[true, true, true, false]) => Some(Encoding::Utf32Be),
        () if two_have(&[false, true]) => Some(Encoding::Utf16Le),
        () if two_have(&[true, false]) => Some(Encoding::Utf16Be),
        () => None,
    })
}

/// A substitute for each byte that is not UTF-8: an offset into it is an offset into the file.
fn with_substitutes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| SUBSTITUTE));
    }
    text
}

fn ascii_of(bytes: &[u8]) -> String {
    bytes.iter().filter(|byte| byte.is_ascii() && **byte != 0).map(|byte| char::from(*byte)).collect()
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
    fn only_utf8_is_text() {
        #[track_caller]
        fn check(bytes: &[u8], expected: Result<&str, (Encoding, u32)>) {
            let decoded = decode(bytes.to_vec());
            if let Err(error) = &decoded {
                assert!(error.evidence().contains("{\"Effect\""), "{error:?}");
                let is_as_long = error.evidence().len() == bytes.len();
                assert!(is_as_long || error.encoding != Encoding::Unknown, "an offset into no file: {error:?}");
            }
            let decoded = decoded.as_deref().map_err(|error| (error.encoding, error.offset));
            assert_eq!(decoded, expected);
        }
        let text = "{\"Effect\": 1}";
        let wide = |width: usize, little: bool| -> Vec<u8> {
            let unit = |byte: u8| {
                let mut unit = vec![0; width];
                unit[if little { 0 } else { width - 1 }] = byte;
                unit
            };
            text.bytes().flat_map(unit).collect()
        };
        check(text.as_bytes(), Ok(text));
        check(b"\xEF\xBB\xBF{}", Ok("\u{feff}{}"));
        check(b"\0", Ok("\0"));
        for (width, little, mark, encoding) in [
            (2, true, &[0xFF, 0xFE][..], Encoding::Utf16Le),
            (2, false, &[0xFE, 0xFF], Encoding::Utf16Be),
            (4, true, &[0xFF, 0xFE, 0, 0], Encoding::Utf32Le),
            (4, false, &[0, 0, 0xFE, 0xFF], Encoding::Utf32Be),
        ] {
            check(&wide(width, little), Err((encoding, 0)));
            check(&[mark, &wide(width, little)].concat(), Err((encoding, 0)));
        }
        check(b"{\"Effect\": \"caf\xE9\"}", Err((Encoding::Unknown, 15)));
        check(b"{\"Effect\": \"\xF0\x9F\x98", Err((Encoding::Unknown, 12)));
        check(b"{\"Effect\": \"\xC0\xAF\"}", Err((Encoding::Unknown, 12)));
    }

    #[test]
    fn columns_are_right_however_long_the_line() {
        for text in ["é😀x".repeat(1024), format!("\u{feff}{}\n{}", "é".repeat(3000), "a".repeat(2048))] {
            let source = Source::new("p", text.as_str());
            let (mut line, mut column) = (1, 1);
            for (offset, c) in text.char_indices() {
                let position = source.position(Span::at(offset).start);
                assert_eq!((position.line, position.column), (line, column), "at {offset}");
                match c {
                    '\u{feff}' => {}
                    '\n' => (line, column) = (line + 1, 1),
                    _ => column += 1,
                }
            }
            assert_eq!(source.position(u32::MAX).column, column);
        }
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
