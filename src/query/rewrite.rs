//! What is done to a parsed query before it runs.

use super::QueryError;
use jsonpath_rust::parser::model::{
    Comparable, Comparison, Filter, FilterAtom, FnArg, JpQuery, Literal, Segment, Selector, Test, TestFunction,
};
use regex::Regex;

/// Compiles the pattern of every `match()` and `search()`, and calls the n-th of them as the function `n` instead:
/// the engine itself would compile it anew for each node it looks at, which takes a thousand times as long as all
/// the rest. No name in a query can be a number. Refuses what the engine answers wrongly.
pub(super) fn rewrite(path: &mut JpQuery) -> Result<Vec<Regex>, QueryError> {
    let mut patterns = Vec::new();
    segments(&mut path.segments, &mut patterns)?;
    Ok(patterns)
}

fn segments(list: &mut [Segment], patterns: &mut Vec<Regex>) -> Result<(), QueryError> {
    list.iter_mut().try_for_each(|item| segment(item, patterns))
}

fn segment(item: &mut Segment, patterns: &mut Vec<Regex>) -> Result<(), QueryError> {
    match item {
        Segment::Descendant(inner) => segment(inner, patterns),
        Segment::Selector(selector) => selector_filter(selector, patterns),
        Segment::Selectors(list) => list.iter_mut().try_for_each(|item| selector_filter(item, patterns)),
    }
}

fn selector_filter(selector: &mut Selector, patterns: &mut Vec<Regex>) -> Result<(), QueryError> {
    match selector {
        Selector::Filter(inner) => filter(inner, patterns),
        _ => Ok(()),
    }
}

fn filter(item: &mut Filter, patterns: &mut Vec<Regex>) -> Result<(), QueryError> {
    match item {
        Filter::Or(list) | Filter::And(list) => list.iter_mut().try_for_each(|item| filter(item, patterns)),
        Filter::Atom(FilterAtom::Filter { expr, .. }) => filter(expr, patterns),
        Filter::Atom(FilterAtom::Test { expr, .. }) => test(expr, patterns),
        Filter::Atom(FilterAtom::Comparison(comparison)) => compared(comparison, patterns),
    }
}

fn test(item: &mut Test, patterns: &mut Vec<Regex>) -> Result<(), QueryError> {
    match item {
        Test::RelQuery(list) => {
            if matches!(list.first(), Some(Segment::Selector(Selector::Filter(_)))) {
                return Err(refusal("a filter on `@` itself finds nothing", "filter a member: `@.Action[?…]`"));
            }
            segments(list, patterns)
        }
        Test::AbsQuery(path) => segments(&mut path.segments, patterns),
        Test::Function(inner) => {
            if matches!(**inner, TestFunction::Length(_) | TestFunction::Value(_) | TestFunction::Count(_)) {
                return Err(refusal(
                    "`length`, `value` and `count` are not tests",
                    "compare the result: `length(@.Action) > 1`",
                ));
            }
            function(inner, patterns)
        }
    }
}

fn compared(comparison: &mut Comparison, patterns: &mut Vec<Regex>) -> Result<(), QueryError> {
    let (Comparison::Eq(left, right)
    | Comparison::Ne(left, right)
    | Comparison::Gt(left, right)
    | Comparison::Gte(left, right)
    | Comparison::Lt(left, right)
    | Comparison::Lte(left, right)) = comparison;
    for side in [left, right] {
        if let Comparable::Function(inner) = side {
            if matches!(inner, TestFunction::Count(_)) {
                return Err(refusal(
                    "`count` of nothing is not 0 here, but nothing",
                    "ask whether there is one (`@.Condition`, `!@.Condition`), or use `length(@.Action)`",
                ));
            }
            function(inner, patterns)?;
        }
    }
    Ok(())
}

fn function(item: &mut TestFunction, patterns: &mut Vec<Regex>) -> Result<(), QueryError> {
    let (subject, pattern, whole) = match item {
        TestFunction::Match(subject, pattern) => (subject, pattern, true),
        TestFunction::Search(subject, pattern) => (subject, pattern, false),
        TestFunction::Custom(_, list) => return list.iter_mut().try_for_each(|item| argument(item, patterns)),
        TestFunction::Length(inner) => return argument(inner, patterns),
        TestFunction::Value(inner) | TestFunction::Count(inner) => return argument(inner, patterns),
    };
    let FnArg::Literal(Literal::String(pattern)) = pattern else {
        return Err(refusal("the pattern of `match` and `search` must be a string in quotes", "write it out"));
    };
    let anchored = if whole { format!("^(?:{pattern})$") } else { pattern.clone() };
    let compiled = Regex::new(&anchored).map_err(|_| {
        refusal(&format!("`{pattern}` is not a regular expression"), "https://docs.rs/regex lists the syntax")
    })?;
    argument(subject, patterns)?;
    let call = TestFunction::Custom(patterns.len().to_string(), vec![subject.clone()]);
    patterns.push(compiled);
    *item = call;
    Ok(())
}

fn argument(item: &mut FnArg, patterns: &mut Vec<Regex>) -> Result<(), QueryError> {
    match item {
        FnArg::Literal(_) => Ok(()),
        FnArg::Test(inner) => test(inner, patterns),
        FnArg::Filter(inner) => filter(inner, patterns),
    }
}

fn refusal(message: &str, help: &str) -> QueryError {
    QueryError { range: None, message: message.to_owned(), help: Some(help.to_owned()) }
}
