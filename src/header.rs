//! A TOML document with spans on every key: page headers and configuration.
//!
//! Reading is in two steps. [`parse`] turns the text into a [`Table`]; [`Fields`] takes the table apart key by key
//! and remembers what was not as it should be, so that one look at a document reports everything that is wrong
//! with it. Spans are offsets into the text that encloses the document, not into the document.

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::text::Span;
use toml::de::{DeTable, DeValue};

pub use fields::Fields;

mod fields;

/// A table and the keys in it, in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Where it stands.
    pub span: Span,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Spanned<String>,
    /// The value.
    pub value: Spanned<Value>,
}

impl Entry {
    /// Whether it, or an entry of the table that it is, is such a place.
    fn has_part(&self, is_such: &dyn Fn(Span) -> bool) -> bool {
        let inner = match &self.value.value {
            Value::Table(table) => &table.entries[..],
            _ => &[],
        };
        is_such(self.key.span.cover(self.value.span)) || inner.iter().any(|entry| entry.has_part(is_such))
    }
}

/// Something, and the characters that say it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spanned<T> {
    /// What is said.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl Spanned<String> {
    /// Where in `text` the byte of the string is written that is `offset` bytes into its value; nothing where that is
    /// not known.
    pub fn place_of(&self, offset: usize, text: &str) -> Option<usize> {
        let start = self.span.start as usize;
        let written = text.get(self.span.range())?;
        if let Some(verbatim) = written.find(&self.value) {
            return Some(start + verbatim + offset);
        }
        // With escapes, none of which is longer in the value than as it is written.
        let inner = written.strip_prefix('"').filter(|inner| !inner.starts_with("\"\""))?;
        let (mut at, mut decoded) = (0, 0);
        while decoded < offset {
            let mut letters = inner.get(at..)?.chars();
            let (length, letter) = match (letters.next()?, letters.next()) {
                ('\\', Some('x')) => (4, char::from_u32(u32::from_str_radix(inner.get(at + 2..at + 4)?, 16).ok()?)?),
                ('\\', Some('u')) => (6, char::from_u32(u32::from_str_radix(inner.get(at + 2..at + 6)?, 16).ok()?)?),
                ('\\', Some('U')) => (10, char::from_u32(u32::from_str_radix(inner.get(at + 2..at + 10)?, 16).ok()?)?),
                ('\\', Some(_)) => (2, '\\'),
                (letter, _) => (letter.len_utf8(), letter),
            };
            at += length;
            decoded += letter.len_utf8();
        }
        Some(start + 1 + at)
    }
}

/// The kinds of value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string, its escapes decoded.
    String(String),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list.
    Array(Vec<Spanned<Value>>),
    /// A table, in whichever of TOML's notations.
    Table(Table),
    /// A float, a date, or a number too large: TOML that no key of ours asks for.
    Other,
    /// What could not be read. It is a problem of its own.
    Unread,
}

impl Value {
    fn name(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Integer(_) => "an integer",
            Self::Boolean(_) => "a boolean",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other => "a float or a date",
            Self::Unread => "no TOML",
        }
    }
}

/// What is wrong with a document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The characters at fault.
    pub span: Span,
    /// What is wrong with them.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without advice.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    /// Adds advice.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The problem as an error of `rule` in `group`.
    pub fn into_diagnostic(self, rule: &'static str, group: &'static str) -> Diagnostic {
        Diagnostic {
            rule: rule.into(),
            group: group.into(),
            severity: Severity::Error,
            message: self.message,
            help: self.help,
            span: self.span,
            labels: vec![Label { span: self.span, text: String::new() }],
            fix: None,
            policy: None,
        }
    }
}

/// Reads a document. `offset` is where it begins in the text that encloses it. What can be read is returned even
/// where something else cannot.
pub fn parse(document: &str, offset: usize) -> (Table, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(document);
    let end = Span::at(offset + document.len());
    let problems = errors.into_iter().map(|error| {
        let span = error.span().map_or(end, |range| shifted(range, offset));
        // The crate's words span several lines where it lists alternatives; a message of ours is one line.
        Problem::new(span, format!("not valid TOML: {}", error.message().replace('\n', ", ")))
    });
    let mut problems: Vec<Problem> = problems.collect();
    problems.sort_by_key(|problem| problem.span);
    // After the first error in a line the crate guesses at what the rest of it means.
    let line = |span: Span| document.bytes().take(span.start as usize - offset).filter(|byte| *byte == b'\n').count();
    problems.dedup_by_key(|problem| line(problem.span));
    let mut entries = entries(table.into_inner(), offset);
    let broken: Vec<usize> = problems.iter().map(|problem| line(problem.span)).collect();
    let is_broken = |place: Span| {
        let lines = || line(place)..=line(Span::at(place.end as usize));
        !broken.is_empty() && lines().any(|line| broken.contains(&line))
    };
    for entry in entries.iter_mut().filter(|entry| entry.has_part(&is_broken)) {
        entry.value.value = Value::Unread;
    }
    (Table { span: Span::new(offset, end.end as usize), entries }, problems)
}

fn shifted(range: std::ops::Range<usize>, offset: usize) -> Span {
    Span::new(range.start + offset, range.end + offset)
}

fn entries(table: DeTable<'_>, offset: usize) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| {
            let span = shifted(key.span(), offset);
            Entry { key: Spanned { value: key.into_inner().into_owned(), span }, value: spanned(value, offset) }
        })
        .collect();
    entries.sort_by_key(|entry| entry.key.span);
    entries
}

fn spanned(value: toml::Spanned<DeValue<'_>>, offset: usize) -> Spanned<Value> {
    let span = shifted(value.span(), offset);
    let value = match value.into_inner() {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            i64::from_str_radix(&digits, number.radix()).map_or(Value::Other, Value::Integer)
        }
        DeValue::Boolean(value) => Value::Boolean(value),
        DeValue::Array(items) => Value::Array(items.into_iter().map(|item| spanned(item, offset)).collect()),
        DeValue::Table(table) => Value::Table(Table { span, entries: entries(table, offset) }),
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Other,
    };
    Spanned { value, span }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    fn problems(document: &str) -> Vec<String> {
        let page = format!("é ```toml\n{document}");
        let source = Source::new("p", page.as_str());
        let (table, mut problems) = parse(document, page.len() - document.len());
        let mut fields = Fields::new(table);
        fields.string("id");
        fields.integer("schema");
        fields.boolean("on");
        fields.strings("mentions");
        fields.choice("severity", &["error", "note"], Severity::from_name);
        if let Some(table) = fields.table("inner") {
            let mut inner = Fields::new(table.value);
            inner.string("a");
            problems.extend(inner.finish());
        }
        problems.extend(fields.finish());
        let show = |problem: Problem| {
            let help = problem.help.map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{} <- {}{help}", source.slice(problem.span), problem.message)
        };
        problems.into_iter().map(show).collect()
    }

    #[track_caller]
    fn check(document: &str, expect: &[&str]) {
        assert_eq!(problems(document), expect);
    }

    #[test]
    fn what_is_right_is_quiet() {
        check("id = \"a\"\nschema = 1_0\non = true\nmentions = ['é', \"x\"]\ninner = { a = \"b\" }", &[]);
        check("", &[]);
    }

    #[test]
    fn what_is_wrong_is_underlined() {
        check("id = 1", &["1 <- `id` is a string, not an integer"]);
        check("mentions = [\"a\", 2]", &["2 <- `mentions` is a list of strings, not an integer"]);
        check(
            "schema = 99999999999999999999",
            &["99999999999999999999 <- `schema` is an integer, not a float or a date"],
        );
        check("on = 1979-05-27", &["1979-05-27 <- `on` is a boolean, not a float or a date"]);
        check("mentoins = []", &["mentoins <- unknown key `mentoins` (did you mean `mentions`?)"]);
        check("[inner]\nzone = 1\n", &["zone <- unknown key `zone` (known keys: `a`)"]);
        check(
            "severity = \"eror\"",
            &["\"eror\" <- `eror` is not a value of `severity` (did you mean `error`? known values: `error`, `note`)"],
        );
    }

    #[test]
    fn broken_toml_is_one_error_and_the_rest_is_read() {
        let found = problems("id = \nschema = 'x'\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("not valid TOML"), "{found:?}");
        assert!(found.iter().any(|line| line.contains("`schema` is an integer, not a string")), "{found:?}");
    }

    #[test]
    fn of_what_is_broken_nothing_else_is_said() {
        for (broken, expect) in [
            ("severity = = 'error'", "= <- not valid TOML: extra `=`"),
            ("severity = 'error", " <- not valid TOML: invalid literal string"),
            ("schema = 'x' 'y'", " <- not valid TOML: unexpected key or value"),
            ("mentions = [\n'a'\nid = 'x'\n", " <- not valid TOML: missing comma"),
            ("[inner]\na = = 1", "= <- not valid TOML: extra `=`"),
            ("= 'a'", " <- not valid TOML: unquoted keys cannot be empty"),
        ] {
            let found = problems(broken);
            assert!(found.len() == 1 && found[0].starts_with(expect), "{found:?}");
        }
    }

    #[test]
    fn a_key_given_twice_is_an_error() {
        assert!(problems("id = 'a'\nid = 'b'")[0].contains("duplicate key"));
    }
}
