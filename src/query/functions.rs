//! The functions that a query may call beyond the engine's own.

use crate::policy::{View, ViewValue};
use regex::Regex;
use std::borrow::Cow;
use std::cell::RefCell;

thread_local! {
    /// The patterns of the query that this thread is running. The engine calls functions by name alone, without a
    /// place to keep anything between calls.
    static PATTERNS: RefCell<Vec<Regex>> = const { RefCell::new(Vec::new()) };
}

/// Runs `body` with `patterns` as those that the functions `0`, `1`, … stand for.
pub(super) fn with_patterns<T>(patterns: &[Regex], body: impl FnOnce() -> T) -> T {
    PATTERNS.with_borrow_mut(|current| {
        current.clear();
        // A clone shares the compiled program.
        current.extend(patterns.iter().cloned());
    });
    body()
}

/// The answer of the function `name`; false where an argument is absent.
pub(super) fn call(name: &str, arguments: &[Cow<'_, View<'_>>]) -> bool {
    if let Ok(index) = name.parse::<usize>() {
        let text = arguments.first().and_then(|node| text_of(node));
        return text.is_some_and(|text| {
            PATTERNS.with_borrow(|patterns| patterns.get(index).is_some_and(|pattern| pattern.is_match(text)))
        });
    }
    let [subject, set] = arguments else { return false };
    let set = words(set);
    let known = |word: &&str| set.iter().any(|other| other.eq_ignore_ascii_case(word));
    match name {
        "in" => text_of(subject).is_some_and(|text| known(&text)),
        "nin" => text_of(subject).is_some_and(|text| !known(&text)),
        "any_of" => words(subject).iter().any(known),
        "none_of" => !words(subject).iter().any(known),
        "subset_of" => words(subject).iter().all(known),
        _ => false,
    }
}

/// A string, or what an object of facts was written as.
fn text_of<'v>(node: &'v View<'_>) -> Option<&'v str> {
    node.as_str().or_else(|| node.get("text")?.as_str())
}

/// What is a set of words: the items of a list, or a string's words between blanks.
fn words<'v>(node: &'v View<'_>) -> Vec<&'v str> {
    match &node.value {
        ViewValue::Array(items) => items.iter().filter_map(|item| text_of(item)).collect(),
        _ => text_of(node).map(|text| text.split_whitespace().collect()).unwrap_or_default(),
    }
}
