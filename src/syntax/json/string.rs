//! Strings, their escapes, and the way back from decoded text to the source.

use super::template::may_quote_next;
use super::{Reader, SyntaxError, SyntaxErrorKind};
use crate::syntax::Value;
use crate::text::Span;
use std::borrow::Cow;
use std::ops::Range;

impl<'s> Reader<'s> {
    /// Reads a string in double quotes. It is a hole where a bare template expression is glued to it.
    #[inline]
    pub(super) fn string_value(&mut self) -> Value<'s> {
        let start = self.pos;
        let text = self.string(b'"');
        match self.byte(0) {
            Some(b',' | b':' | b'\n' | b'\r' | b' ' | b']' | b'}' | b'\t') | None if !may_quote_next(&text) => {
                Value::String(text)
            }
            None => Value::String(text),
            Some(_) => self.glued_string(start, text),
        }
    }

    /// Reads a string from its opening `quote` on, and returns it decoded.
    #[inline]
    pub(super) fn string(&mut self, quote: u8) -> Cow<'s, str> {
        let inner = self.pos + 1;
        let stop = plain_run(self.bytes, inner, quote);
        if self.bytes.get(stop) == Some(&quote) {
            self.pos = stop + 1;
            return Cow::Borrowed(self.slice(inner, stop));
        }
        self.unusual_string(stop, quote)
    }

    /// Reads the rest of a string in which something other than its closing quote was met at `stop`.
    #[cold]
    fn unusual_string(&mut self, stop: usize, quote: u8) -> Cow<'s, str> {
        let start = self.pos;
        let mut decoded = Decoded { inner: start + 1, copied: start + 1, text: String::new() };
        let mut at = stop;
        loop {
            match self.bytes.get(at) {
                Some(byte) if *byte == quote => {
                    self.pos = at + 1;
                    let rest = self.slice(decoded.copied, at);
                    return decoded.finish(rest);
                }
                Some(b'\\') => at = self.escape(at, &mut decoded),
                Some(b'\n' | b'\r') if !self.continues_on_next_line(at, quote) => break,
                Some(byte) if *byte < 0x20 => {
                    let run = self.bytes[at..].iter().take_while(|byte| **byte < 0x20).count();
                    self.error(SyntaxErrorKind::ControlCharacter, at, at + run);
                    at += run;
                }
                Some(_) => at += 1,
                None => {
                    self.explained = Some(at);
                    break;
                }
            }
            at = plain_run(self.bytes, at, quote);
        }
        let end = self.give_back(start + 1, at).max(decoded.copied);
        self.error(SyntaxErrorKind::UnterminatedString, start, end);
        self.pos = end;
        let rest = self.slice(decoded.copied, end);
        decoded.finish(rest)
    }

    /// Decodes the escape at `at`, and returns the offset after it. A backslash that begins none stands for
    /// itself.
    fn escape(&mut self, at: usize, decoded: &mut Decoded) -> usize {
        let escape = Escape::read(self.bytes, at);
        let after = at + escape.len;
        match escape.meaning {
            Ok(character) => {
                decoded.text.push_str(self.slice(decoded.copied, at));
                decoded.text.push(character);
                decoded.copied = after;
                // At the end of the text the rest may be to come, and that the string is not closed is the error.
                if character == char::REPLACEMENT_CHARACTER && escape.lone && after < self.bytes.len() {
                    self.error(SyntaxErrorKind::LoneSurrogate, at, after);
                }
            }
            Err(wrong) => {
                let shown = self.slice(at, self.bytes.len()).chars().take(wrong).map(char::len_utf8).sum::<usize>();
                if at + shown < self.bytes.len() {
                    self.error(SyntaxErrorKind::BadEscape, at, at + shown);
                }
            }
        }
        after
    }

    /// Whether the last error is a string that was left open, and ended at `end`.
    pub(super) fn string_broke(&self, end: u32) -> bool {
        let left_open = |error: &SyntaxError| error.kind == SyntaxErrorKind::UnterminatedString;
        self.errors.last().is_some_and(|error| left_open(error) && error.span.end == end)
    }
}

/// A string on its way: what is decoded so far, and from where on nothing has been copied.
struct Decoded {
    inner: usize,
    copied: usize,
    text: String,
}

impl Decoded {
    fn finish<'s>(mut self, rest: &'s str) -> Cow<'s, str> {
        if self.copied == self.inner {
            return Cow::Borrowed(rest);
        }
        self.text.push_str(rest);
        Cow::Owned(self.text)
    }
}

/// An escape sequence: how long it is, and what it means, or else how many characters of it are wrong.
struct Escape {
    len: usize,
    meaning: Result<char, usize>,
    /// Half of a surrogate pair, which means U+FFFD.
    lone: bool,
}

impl Escape {
    /// Reads the escape that the backslash at `at` begins.
    fn read(bytes: &[u8], at: usize) -> Self {
        let simple = |character| Self { len: 2, meaning: Ok(character), lone: false };
        match bytes.get(at + 1) {
            Some(b'"') => simple('"'),
            Some(b'\\') => simple('\\'),
            Some(b'/') => simple('/'),
            Some(b'b') => simple('\u{8}'),
            Some(b'f') => simple('\u{c}'),
            Some(b'n') => simple('\n'),
            Some(b'r') => simple('\r'),
            Some(b't') => simple('\t'),
            Some(b'u') => Self::read_unicode(bytes, at),
            Some(b'\n' | b'\r') | None => Self { len: 1, meaning: Err(1), lone: false },
            Some(_) => Self { len: 1, meaning: Err(2), lone: false },
        }
    }

    fn read_unicode(bytes: &[u8], at: usize) -> Self {
        let Some(first) = hex(bytes, at + 2) else {
            let digits = bytes[at + 2..].iter().take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
            return Self { len: 1, meaning: Err(2 + digits), lone: false };
        };
        if let Some(character) = char::from_u32(first) {
            return Self { len: 6, meaning: Ok(character), lone: false };
        }
        let second = (bytes.get(at + 6..at + 8) == Some(b"\\u")).then(|| hex(bytes, at + 8)).flatten();
        let pair = match (first, second) {
            (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                char::from_u32(0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00))
            }
            _ => None,
        };
        match pair {
            Some(character) => Self { len: 12, meaning: Ok(character), lone: false },
            None => Self { len: 6, meaning: Ok(char::REPLACEMENT_CHARACTER), lone: true },
        }
    }
}

/// The number that four hexadecimal digits at `at` make.
fn hex(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |number, byte| Some(number * 16 + char::from(*byte).to_digit(16)?))
}

/// The first offset from `at` on of a `quote`, a backslash or a control character. Eight bytes at a time: in each
/// mask, the lowest bit set belongs to the first such byte, since a borrow only runs upwards from one.
#[inline]
pub(super) fn plain_run(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    const ONES: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let quotes = u64::from_le_bytes([quote; 8]);
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let control = word.wrapping_sub(u64::from_le_bytes([0x20; 8])) & !word;
        let found = (zero(word ^ quotes) | zero(word ^ u64::from_le_bytes([b'\\'; 8])) | control) & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if *byte == quote || *byte == b'\\' || *byte < 0x20 {
            break;
        }
        at += 1;
    }
    at.min(bytes.len())
}

/// See [`crate::syntax::part_span`].
pub(in crate::syntax) fn part_span(raw: &str, span: Span, part: Range<usize>) -> Span {
    let inner = match raw.chars().next() {
        Some('"') if raw.len() > 5 && raw.starts_with("\"\"\"") => 3,
        Some(quote @ ('"' | '\'' | '“' | '”' | '‘' | '’' | '„')) => quote.len_utf8(),
        _ => 0,
    };
    let start = span.start as usize;
    if memchr::memchr(b'\\', raw.as_bytes()).is_none() {
        let place = |offset: usize| start + (inner + offset).min(raw.len());
        return Span::new(place(part.start), place(part.end));
    }
    let mut walk = Walk { bytes: raw.as_bytes(), at: inner, decoded: 0 };
    let first = walk.to(part.start, Rounding::Down);
    let last = walk.to(part.end, Rounding::Up);
    Span::new(start + first, start + last.max(first))
}

/// A walk along the source of a string, which keeps count of the decoded text.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    decoded: usize,
}

/// Which side of an escape to go to when the goal lies inside the character that it means.
#[derive(PartialEq)]
enum Rounding {
    Down,
    Up,
}

impl Walk<'_> {
    fn to(&mut self, goal: usize, rounding: Rounding) -> usize {
        while self.decoded < goal && self.at < self.bytes.len() {
            let (source, decoded) = match self.bytes[self.at] {
                b'\\' => {
                    let escape = Escape::read(self.bytes, self.at);
                    (escape.len, escape.meaning.map_or(1, char::len_utf8))
                }
                _ => (1, 1),
            };
            if rounding == Rounding::Down && self.decoded + decoded > goal {
                break;
            }
            self.at += source;
            self.decoded += decoded;
        }
        self.at.min(self.bytes.len())
    }
}
