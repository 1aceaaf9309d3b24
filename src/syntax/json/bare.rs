//! Numbers, and what stands without quotes where it should not.

use super::container::Key;
use super::{Reader, SyntaxErrorKind};
use crate::syntax::{Node, Value};
use crate::text::Span;
use std::borrow::Cow;

/// Whether a bare word goes on at `at`.
pub(super) fn continues(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|byte| is_word(*byte))
}

/// Bytes of an unquoted word. ARNs, actions and dates are typical of what is left unquoted.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'*' | b'/' | b'@' | b'$' | b'?' | b'\\')
}

impl<'s> Reader<'s> {
    /// Reads a number, if what stands here is one.
    #[inline]
    pub(super) fn number(&mut self) -> Option<&'s str> {
        let end = number_end(self.bytes, self.pos)?;
        let start = self.pos;
        self.pos = end;
        let glued = match self.bytes.get(end) {
            Some(b',' | b'\n' | b'\r' | b' ' | b']' | b'}' | b'\t') | None => false,
            Some(byte) => is_word(*byte) || *byte == b'"' || self.at_hole(),
        };
        if glued {
            self.pos = start;
            return None;
        }
        Some(self.slice(start, end))
    }

    /// Reads a value that begins like no JSON value, if it is one all the same.
    #[cold]
    pub(super) fn unusual_value(&mut self, byte: u8) -> Option<Node<'s>> {
        let start = self.pos;
        let value = if self.at_hole() {
            self.hole(Place::Value);
            Value::Hole
        } else if byte == b'{' {
            return Some(self.object());
        } else if byte == b'\'' || self.at_typographic_quote().is_some() {
            Value::String(self.misquoted(byte))
        } else if is_word(byte) && !self.at_comment() {
            self.bare_value()
        } else {
            return None;
        };
        Some(Node { span: Span::new(start, self.pos), value })
    }

    /// Reads a key that begins like no JSON key, if it is one all the same.
    #[cold]
    pub(super) fn unusual_key(&mut self, byte: u8) -> Option<Key<'s>> {
        let start = self.pos;
        if self.at_hole() {
            self.hole(Place::Key);
            return Some(Key::Hole(Cow::Borrowed(self.slice(start, self.pos))));
        }
        if byte == b'\'' || self.at_typographic_quote().is_some() {
            return Some(Key::Text(self.misquoted(byte)));
        }
        if matches!(byte, b':' | b'{' | b'[') {
            let end = if byte == b':' { start } else { start + 1 };
            self.error(SyntaxErrorKind::ExpectedKey, start, end);
            return Some(Key::Text(Cow::Borrowed("")));
        }
        if !is_word(byte) || self.at_comment() {
            return None;
        }
        let end = self.bare_key_end();
        if !byte.is_ascii_alphabetic()
            && byte != b'_'
            && self.bytes.get(super::after_blanks(self.bytes, end)) != Some(&b':')
        {
            return None;
        }
        self.pos = end;
        if self.byte(0) == Some(b'"') && self.quote_closes() {
            self.pos += 1;
        }
        self.error(SyntaxErrorKind::UnquotedKey, start, self.pos);
        self.explain_end();
        Some(Key::Text(Cow::Borrowed(self.slice(start, end))))
    }

    /// Where an unquoted key ends. A colon is part of it (`aws:SourceIp: …`) where another one follows it, perhaps after the
    /// closing quote.
    fn bare_key_end(&self) -> usize {
        let end_of_word = |from: usize| (from..).find(|at| !continues(self.bytes, *at)).unwrap_or(from);
        let first = end_of_word(self.pos);
        if self.bytes.get(first) == Some(&b':') {
            // `Fn::Join` has two together.
            let next = first + 1 + usize::from(self.bytes.get(first + 1) == Some(&b':'));
            let second = end_of_word(next);
            let after = match self.bytes.get(second) {
                Some(b'"') => super::after_blanks(self.bytes, second + 1),
                _ => second,
            };
            if second > next && self.bytes.get(after) == Some(&b':') {
                return second;
            }
        }
        first
    }

    /// Whether the double quote here ends something: what follows is what may follow a string.
    fn quote_closes(&self) -> bool {
        matches!(self.bytes.get(super::after_blanks(self.bytes, self.pos + 1)), Some(b':' | b',' | b']' | b'}') | None)
    }

    /// Reads a value without quotes, all words of it, and says what is wrong with it.
    fn bare_value(&mut self) -> Value<'s> {
        let start = self.pos;
        loop {
            while continues(self.bytes, self.pos) || self.colon_within_word() {
                if self.at_hole() {
                    self.pos = start;
                    self.hole(Place::Value);
                    return Value::Hole;
                }
                self.pos += 1;
            }
            if self.at_hole() {
                self.pos = start;
                self.hole(Place::Value);
                return Value::Hole;
            }
            let blanks = self.bytes[self.pos..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if blanks == 0 || !self.byte(blanks).is_some_and(|byte| byte.is_ascii_alphanumeric()) {
                break;
            }
            self.pos += blanks;
        }
        let word = self.slice(start, self.pos);
        let (kind, value) = if self.byte(0) == Some(b'"') && self.quote_closes() {
            self.pos += 1;
            (SyntaxErrorKind::BadLiteral, Value::String(Cow::Borrowed(word)))
        } else {
            judge_word(word)
        };
        self.error(kind, start, self.pos);
        self.explain_end();
        value
    }

    fn colon_within_word(&self) -> bool {
        self.byte(0) == Some(b':') && self.byte(1).is_some_and(|next| is_word(next) || matches!(next, b':' | b'<'))
    }

    /// Reads a string in single or typographic quotes.
    fn misquoted(&mut self, byte: u8) -> Cow<'s, str> {
        let start = self.pos;
        if byte == b'\'' {
            let text = self.string(b'\'');
            if !self.string_broke(Span::at(self.pos).end) {
                self.error(SyntaxErrorKind::SingleQuoted, start, self.pos);
            }
            return text;
        }
        let inner = start + self.at_typographic_quote().unwrap_or(0);
        self.pos = inner;
        while !matches!(self.byte(0), Some(b'"' | b'\n' | b'\r') | None) && self.at_typographic_quote().is_none() {
            self.pos += 1;
        }
        let text = self.slice(inner, self.pos);
        self.pos += self.at_typographic_quote().unwrap_or(usize::from(self.byte(0) == Some(b'"')));
        self.error(SyntaxErrorKind::TypographicQuotes, start, self.pos);
        Cow::Borrowed(text)
    }

    /// The length of the typographic quote that stands here.
    pub(super) fn at_typographic_quote(&self) -> Option<usize> {
        let quote = self.bytes.get(self.pos..self.pos + 3)?;
        matches!(quote, [0xE2, 0x80, 0x98 | 0x99 | 0x9C | 0x9D | 0x9E]).then_some(3)
    }

    fn at_comment(&self) -> bool {
        self.byte(0) == Some(b'/') && matches!(self.byte(1), Some(b'/' | b'*'))
    }
}

/// Where a bare template expression stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// Where a key is due, so that a colon ends it.
    Key,
    /// Where a value is due.
    Value,
}

/// What is wrong with a bare word, and what it was meant to be.
fn judge_word(word: &str) -> (SyntaxErrorKind, Value<'_>) {
    let literal = SyntaxErrorKind::BadLiteral;
    match word {
        "True" | "TRUE" => return (literal, Value::Bool(true)),
        "False" | "FALSE" => return (literal, Value::Bool(false)),
        "None" | "NULL" | "Null" | "nil" | "undefined" => return (literal, Value::Null),
        _ => {}
    }
    let digits = word.trim_start_matches(['+', '-']);
    let hexadecimal = digits.strip_prefix("0x").or(digits.strip_prefix("0X"));
    let is_number = matches!(digits, "NaN" | "Infinity" | "inf" | "nan")
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        || digits.replace('_', "").parse::<f64>().is_ok();
    if is_number {
        return (SyntaxErrorKind::BadNumber, Value::Number(word));
    }
    (literal, Value::String(Cow::Borrowed(word)))
}

/// The end of the JSON number that begins at `at`.
#[inline]
fn number_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let digits = |at: usize| {
        let count = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(at + count)
    };
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    let mut end = if bytes.get(at) == Some(&b'0') { at + 1 } else { digits(at)? };
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = digits(end + 1 + sign)?;
    }
    Some(end)
}
