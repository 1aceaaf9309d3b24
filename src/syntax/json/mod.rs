//! The JSON reader: a recursive descent over bytes that goes on after every error.
//!
//! What is valid takes the short paths of this file, of `container` and of `string`; all else is marked cold and
//! lives mostly in `recover`, `bare` and `template`. Each byte is looked at a bounded number of times, whatever
//! the text: where a guess needs to look ahead, the distance is bounded or what was seen is consumed.

mod bare;
mod container;
mod document;
mod embedded;
mod recover;
mod string;
mod tag;
mod template;
mod trivia;
mod unopened;

use super::{MAX_DEPTH, Member, Node, SyntaxError, SyntaxErrorKind, Tree, Value};
use crate::text::{BYTE_ORDER_MARK, Span};

pub(crate) use embedded::is_in_json_fence;
pub(super) use string::part_span;

/// More errors than anyone reads; a text that is one long error shall not fill the memory.
const MAX_ERRORS: usize = 1000;

/// Reads `text`, whatever it is. The errors are in order of their places.
pub fn parse(text: &str) -> (Tree<'_>, Vec<SyntaxError>) {
    let mut reader = Reader::new(text);
    let documents = reader.documents();
    reader.into_tree(documents)
}

/// Reads what is plain JSON in `text`, which is of another language.
pub(super) fn parse_embedded(text: &str) -> (Tree<'_>, Vec<SyntaxError>) {
    let mut reader = Reader::new(text);
    let documents = reader.embedded_documents(&[]);
    reader.into_tree(documents)
}

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    /// Everything before it has been read.
    pos: usize,
    /// The opening brackets that enclose `pos`, outermost first.
    open: Vec<u8>,
    errors: Vec<SyntaxError>,
    directives: Vec<Span>,
    unfinished: Vec<u32>,
    /// Lists that were read to their ends, emptied: what they have room for is not asked for again and again.
    spare_elements: Vec<Vec<Node<'s>>>,
    spare_members: Vec<Vec<Member<'s>>>,
    /// Where brackets end for want of their closing ones, if that has been reported already.
    explained: Option<usize>,
    /// Between `<<<<<<<` and `>>>>>>>`.
    in_conflict: bool,
    /// There are conflict markers.
    conflicts: bool,
    /// After an opening Markdown fence.
    fenced: bool,
    /// Every line begins with its number.
    numbered: bool,
    /// The text is of another language.
    embedded: bool,
    /// What is read is not the plain JSON that alone counts in a text of another language.
    given_up: bool,
    /// Something was nested too deeply.
    too_deep: bool,
    /// Bytes that guesses have looked at in vain. Once they are more than the text has, fewer guesses are made.
    wasted: usize,
    /// The closing marks of templates that do not occur in the rest of the text.
    exhausted: template::Exhausted,
}

impl<'s> Reader<'s> {
    fn new(text: &'s str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            pos: if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 },
            open: Vec::new(),
            errors: Vec::new(),
            directives: Vec::new(),
            unfinished: Vec::new(),
            spare_elements: Vec::new(),
            spare_members: Vec::new(),
            explained: None,
            in_conflict: false,
            conflicts: false,
            fenced: false,
            numbered: false,
            embedded: false,
            given_up: false,
            too_deep: false,
            wasted: 0,
            exhausted: template::Exhausted::default(),
        }
    }

    fn into_tree(mut self, documents: Vec<Node<'s>>) -> (Tree<'s>, Vec<SyntaxError>) {
        let directives = std::mem::take(&mut self.directives);
        let mut unfinished = std::mem::take(&mut self.unfinished);
        unfinished.sort_unstable();
        (Tree { documents, directives, unfinished, embedded: self.embedded }, self.into_errors())
    }

    /// The errors in order. Going back to read a string again may have reported one twice.
    fn into_errors(mut self) -> Vec<SyntaxError> {
        if self.commas_are_uncertain() {
            self.errors.retain(|error| !is_about_commas(error.kind));
        }
        self.errors.sort_by_key(|error| (error.span.start, error.span.end));
        self.errors.dedup();
        self.errors
    }

    #[cold]
    fn error(&mut self, kind: SyntaxErrorKind, start: usize, end: usize) {
        if is_about_commas(kind) && self.commas_are_uncertain() {
            return;
        }
        self.given_up |= self.embedded && !embedded::is_plain(kind);
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(SyntaxError { span: Span::new(start, end), kind });
        }
    }

    /// Whether a template or a version control system decides what stands around the commas.
    fn commas_are_uncertain(&self) -> bool {
        self.conflicts || !self.directives.is_empty()
    }

    /// The byte `ahead` of the next one.
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.pos + ahead).copied()
    }

    /// The text between two offsets, which are character boundaries: the reader stops at ASCII bytes, or goes
    /// from character to character.
    fn slice(&self, start: usize, end: usize) -> &'s str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Skips what stands between tokens, and returns the first byte of the next one without reading it.
    #[inline]
    fn token(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.pos)?;
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => self.pos = after_blanks(self.bytes, self.pos + 1),
                b'"' | b',' | b':' | b'[' | b']' | b'}' | b'a'..=b'z' | b'-' => return Some(byte),
                b'{' if !matches!(self.byte(1), Some(b'%' | b'#' | b'{')) => return Some(byte),
                b'0'..=b'9' if !self.numbered => return Some(byte),
                _ => {
                    if !self.trivia(byte) {
                        return Some(byte);
                    }
                }
            }
        }
    }

    /// The same inside of a bracket. Once reading has been given up, nothing comes any more: what a bracket encloses that
    /// is never closed, as in prose, would be the rest of the text.
    #[inline]
    fn token_inside(&mut self) -> Option<u8> {
        if self.given_up { None } else { self.token() }
    }

    /// Reads the value that begins here with `byte`; where none does, reads nothing.
    #[inline]
    fn value(&mut self, byte: u8) -> Option<Node<'s>> {
        let start = self.pos;
        let value = match byte {
            b'"' => self.string_value(),
            b'{' if self.byte(1) != Some(b'{') => return Some(self.object()),
            b'[' => return Some(self.array()),
            b'-' | b'0'..=b'9' => match self.number() {
                Some(number) => Value::Number(number),
                None => return self.unusual_value(byte),
            },
            b't' if self.literal("true") => Value::Bool(true),
            b'f' if self.literal("false") => Value::Bool(false),
            b'n' if self.literal("null") => Value::Null,
            _ => return self.unusual_value(byte),
        };
        Some(Node { span: Span::new(start, self.pos), value })
    }

    fn literal(&mut self, word: &str) -> bool {
        let end = self.pos + word.len();
        let found = self.bytes.get(self.pos..end) == Some(word.as_bytes())
            && !bare::continues(self.bytes, end)
            && self.bytes.get(end) != Some(&b'"');
        if found {
            self.pos = end;
        }
        found
    }

    fn missing(at: usize) -> Node<'s> {
        Node { span: Span::at(at), value: Value::Missing }
    }
}

fn is_about_commas(kind: SyntaxErrorKind) -> bool {
    matches!(kind, SyntaxErrorKind::MissingComma | SyntaxErrorKind::TrailingComma | SyntaxErrorKind::ExtraComma)
}

/// The first offset from `at` on that is no JSON white space. Indentation goes by eight bytes at a time.
#[inline]
fn after_blanks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b"        ") = bytes.get(at..at + 8) {
        at += 8;
    }
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}
