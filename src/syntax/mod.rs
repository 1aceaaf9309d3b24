//! Any bytes into a spanned tree plus syntax errors.
//!
//! A [`Tree`] is what was written: duplicate keys, broken bits and holes are kept, and every key and value has
//! its byte span. Reading never fails. Nothing here knows what a policy is.

mod json;
mod language;

use crate::text::Span;
use std::borrow::Cow;

pub(crate) use json::is_in_json_fence;
pub use json::parse;
pub use language::{SAMPLES, TEMPLATES, claims_to_be_json, parse_file};

/// How deep objects and arrays may nest. Deeper input is one error, and the rest of it is skipped.
pub const MAX_DEPTH: usize = 127;

/// Everything that one text holds.
#[derive(Debug, Default)]
pub struct Tree<'s> {
    /// The documents, in order: one, unless the text is empty or holds several.
    pub documents: Vec<Node<'s>>,
    /// Template directives (`%{ if … }`, `{% for … %}`, `<% if … %>`, `{{#if …}}`) in order. What they enclose may be absent or repeated.
    pub directives: Vec<Span>,
    /// Where the objects and arrays begin that the text ends in the middle of, outermost first. What they lack may
    /// still be to come.
    pub unfinished: Vec<u32>,
    /// Whether the documents are what is plain JSON in a text of another language. Around one of them that other
    /// language may have a larger one, of which it is a part.
    pub embedded: bool,
}

/// A value, with the bytes it was written in. A string's span includes its quotes.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'s> {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value<'s>,
}

/// The kinds of value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'s> {
    /// Nothing where a value was due; the span is empty, or covers what was skipped.
    Missing,
    /// A bare template expression (`${…}`, `<…>`, `<%= … %>`, `{{ … }}`, `%{name}`) in place of a value.
    Hole,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(&'s str),
    /// A string, its escapes decoded. Borrowed where it had none.
    String(Cow<'s, str>),
    /// An array.
    Array(Vec<Node<'s>>),
    /// An object: its members in order, duplicates included.
    Object(Vec<Member<'s>>),
}

/// A key and its value. A bare template expression in place of a member is a member whose key is the
/// expression's text and whose value is [`Value::Hole`].
#[derive(Debug, Clone, PartialEq)]
pub struct Member<'s> {
    /// The key, its escapes decoded.
    pub key: Cow<'s, str>,
    /// The key as written, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node<'s>,
}

impl Member<'_> {
    /// Whether its name or its value is not there, so that nobody knows what it was to say. In `aws:Sour` without quotes
    /// both may be one name, half typed.
    pub fn is_broken(&self) -> bool {
        let is_one_word = || self.key_span.len() == self.key.len() && self.value.span.start == self.key_span.end + 1;
        self.key_span.is_empty() || self.value.value == Value::Missing || self.value.is_cut_off() && is_one_word()
    }
}

impl<'s> Node<'s> {
    /// The members, if it is an object.
    pub fn members(&self) -> Option<&[Member<'s>]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn elements(&self) -> Option<&[Node<'s>]> {
        match &self.value {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The decoded text, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is a string that lacks a quote, or both: there may be more to come of it.
    pub fn is_cut_off(&self) -> bool {
        matches!(&self.value, Value::String(Cow::Borrowed(text)) if self.span.len() < text.len() + 2)
    }

    /// The last member of that name, which is the one that a parser without our scruples would keep.
    pub fn member(&self, key: &str) -> Option<&Member<'s>> {
        self.members()?.iter().rev().find(|member| member.key == key)
    }

    /// The value of the last member of that name.
    pub fn get(&self, key: &str) -> Option<&Node<'s>> {
        self.member(key).map(|member| &member.value)
    }
}

/// Where a part of a string stands in the source.
///
/// `raw` is the string as written, quotes included, and `span` its place; `part` is a byte range of the decoded
/// text. Escapes make the two differ, so each is walked once.
pub fn part_span(raw: &str, span: Span, part: std::ops::Range<usize>) -> Span {
    json::part_span(raw, span, part)
}

/// What is wrong with the text, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// The characters to underline; empty where something is missing.
    pub span: Span,
    /// What is wrong.
    pub kind: SyntaxErrorKind,
}

/// What can be wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SyntaxErrorKind {
    /// No value in the whole text.
    Empty,
    /// Text that does not even begin like JSON. The documents are what is plain JSON in it.
    NotJson,
    /// A `//`, `/* */` or `#` comment.
    Comment,
    /// A `/*` that is never closed.
    UnterminatedComment,
    /// A comma before a closing bracket.
    TrailingComma,
    /// A comma with nothing before it.
    ExtraComma,
    /// Two members or elements without a comma between them.
    MissingComma,
    /// A key without a colon after it; covers the `=` where that stands in the colon's place.
    MissingColon,
    /// A place where a value is due.
    MissingValue,
    /// A member that does not begin with a string.
    ExpectedKey,
    /// A key or a string in single quotes.
    SingleQuoted,
    /// A key or a string in typographic quotes.
    TypographicQuotes,
    /// A key or a string in three double quotes.
    TripleQuotes,
    /// A key without quotes.
    UnquotedKey,
    /// A string that is not closed on its line.
    UnterminatedString,
    /// A quote inside a string, without a backslash before it.
    UnescapedQuote,
    /// A backslash followed by what is no escape.
    BadEscape,
    /// Half of a UTF-16 surrogate pair.
    LoneSurrogate,
    /// A control character, or a line break, inside a string.
    ControlCharacter,
    /// A number that JSON does not know (`+1`, `01`, `0x1`, `NaN`).
    BadNumber,
    /// A bare word that is not `true`, `false` or `null`.
    BadLiteral,
    /// Characters that belong to nothing.
    Unexpected,
    /// A space between tokens that JSON does not take for one, such as a no-break space.
    StrayWhitespace,
    /// The first of the markers that a version control system leaves around a conflict.
    ConflictMarker,
    /// The first line of a Markdown fence around the text.
    MarkdownFence,
    /// The first of the line numbers that were pasted along with the text.
    LineNumber,
    /// A template expression or directive that is never closed.
    UnterminatedTemplate,
    /// A `[` that is never closed.
    UnclosedArray,
    /// A `{` that is never closed.
    UnclosedObject,
    /// A closing bracket that closes nothing.
    UnmatchedClose,
    /// `}` where `]` is due, or the reverse.
    MismatchedClose,
    /// Members without an object around them.
    MissingBraces,
    /// The first of several objects that are a member's value without a list around them.
    MissingBrackets,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// A second document after the first.
    SecondDocument,
}
