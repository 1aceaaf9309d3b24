//! Compile and run a `select`: a JSONPath query (RFC 9535) over a policy's [`View`].
//!
//! Three things differ from the RFC. `match()` and `search()` take a literal pattern, which is compiled once, in the
//! syntax of the `regex` crate. Five functions compare with a set of words, folding case: `in(@.name, 'a b')`,
//! `nin`, `any_of(@.Action, 's3:* *')`, `none_of` and `subset_of`. And queries that cannot be meant are refused, with what
//! to write instead: those that do not fit the view, and those that the engine is known to answer wrongly.

mod cursor;
mod fit;
mod functions;
mod rewrite;
mod view;

use crate::policy::View;
use jsonpath_rust::parser::errors::JsonPathError;
use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use regex::Regex;
use rewrite::BadPattern;
use std::ops::Range;

/// A compiled query.
#[derive(Debug, Clone)]
pub struct Query {
    path: JpQuery,
    patterns: Vec<Regex>,
}

/// Why a text is not a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The bytes of the text that are at fault, where that is known.
    pub range: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Query {
    /// Reads a query, or says all that is wrong with it.
    pub fn compile(text: &str) -> Result<Self, Vec<QueryError>> {
        let mut path = parse_json_path(text).map_err(|error| vec![syntax_error(text, &error)])?;
        let misfits = fit::misfits(&path, text);
        if !misfits.is_empty() {
            return Err(misfits);
        }
        match rewrite::rewrite(&mut path) {
            Ok(patterns) => Ok(Self { path, patterns }),
            Err(BadPattern(pattern)) => Err(vec![pattern_error(text, &pattern)]),
        }
    }

    /// The nodes of `view` that the query selects, each once, in the order in which they stand in the file.
    pub fn select<'v, 'p>(&self, view: &'v View<'p>) -> Vec<&'v View<'p>> {
        let mut nodes = functions::with_patterns(&self.patterns, || {
            // The engine fails where a query yields no node of the document, which none that parses does.
            let matches = js_path_process(&self.path, view).unwrap_or_default();
            matches.into_iter().map(|found| found.val).collect::<Vec<_>>()
        });
        nodes.sort_by_key(|node| (node.span.start, node.span.end));
        nodes.dedup_by(|a, b| std::ptr::eq(*a, *b));
        nodes
    }
}

fn syntax_error(text: &str, error: &JsonPathError) -> QueryError {
    let range = match error {
        JsonPathError::PestError(error) => {
            // The place's type belongs to the parser generator below the engine; its digits are all we need of it.
            let place = format!("{:?}", error.location);
            let digits = place.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit);
            digits.collect::<String>().parse().ok().map(|at: usize| rest(text, at))
        }
        _ => None,
    };
    let message = match error {
        JsonPathError::PestError(_) if range.as_ref().is_some_and(Range::is_empty) => "the query ends too early".into(),
        JsonPathError::PestError(_) => "not a JSONPath query from here on".into(),
        error => format!("not a JSONPath query: {}", error.to_string().replace('\n', " ")),
    };
    QueryError { range, message, help: hint(text).map(str::to_owned) }
}

fn pattern_error(text: &str, pattern: &str) -> QueryError {
    let at = |quote: &str| text.find(&format!("{quote}{pattern}{quote}"));
    QueryError {
        range: at("'").or_else(|| at("\"")).map(|at| at..at + pattern.len() + 2),
        message: format!("`{pattern}` is not a regular expression"),
        help: Some("https://docs.rs/regex lists the syntax".into()),
    }
}

fn rest(text: &str, at: usize) -> Range<usize> {
    let start = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    start..text.len()
}

/// The functions that a query may call.
const FUNCTIONS: [&str; 8] = ["match", "search", "in", "nin", "any_of", "none_of", "subset_of", "length"];

/// Whether `text` calls anything else.
fn calls_unknown(text: &str) -> bool {
    let unquoted = text.split(['\'', '"']).step_by(2);
    let before_brackets = unquoted.flat_map(|part| part.match_indices('(').map(move |(at, _)| &part[..at]));
    before_brackets.into_iter().any(|before| {
        let name = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        !name.is_empty() && name != "value" && !FUNCTIONS.contains(&name)
    })
}

/// What people write who know another dialect. The engine's own words are about its grammar.
fn hint(text: &str) -> Option<&'static str> {
    let count = |wanted: char| text.chars().filter(|c| *c == wanted).count();
    if !text.trim_start().starts_with('$') {
        Some("a query begins with `$`, the policy")
    } else if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        Some("remove the blanks around the query")
    } else if count('[') != count(']') || count('(') != count(')') {
        Some("a bracket is not closed, or closes nothing")
    } else if calls_unknown(text) {
        Some("the functions are `match`, `search`, `in`, `nin`, `any_of`, `none_of`, `subset_of` and `length`")
    } else if text.contains("=~") {
        Some("write `match(@.text, 'pattern')` for the whole text, or `search(…)` for a part of it")
    } else if text.contains(" and ") || text.contains(" or ") || text.contains(" not ") {
        Some("write `&&`, `||` and `!`")
    } else if text.contains(", [") || text.contains(",[") || text.contains(" in ") {
        Some("a set is a string of words: `in(@.service, 'iam sts')`")
    } else if text.contains('?') && !text.contains("==") && text.contains('=') {
        Some("compare with `==`")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
