//! What is done to a parsed query before it runs.

use jsonpath_rust::parser::model::{
    Comparable, Comparison, Filter, FilterAtom, FnArg, JpQuery, Literal, Segment, Selector, Test, TestFunction,
};
use regex::Regex;

/// A pattern that is not a regular expression.
pub(super) struct BadPattern(pub(super) String);

/// Compiles the pattern of every `match()` and `search()`, and calls the n-th of them as the function `n` instead:
/// the engine itself would compile it anew for each node it looks at, which takes a thousand times as long as all
/// the rest. No name in a query can be a number.
pub(super) fn rewrite(path: &mut JpQuery) -> Result<Vec<Regex>, BadPattern> {
    let mut patterns = Vec::new();
    segments(&mut path.segments, &mut patterns)?;
    Ok(patterns)
}

fn segments(list: &mut [Segment], patterns: &mut Vec<Regex>) -> Result<(), BadPattern> {
    list.iter_mut().try_for_each(|item| segment(item, patterns))
}

fn segment(item: &mut Segment, patterns: &mut Vec<Regex>) -> Result<(), BadPattern> {
    match item {
        Segment::Descendant(inner) => segment(inner, patterns),
        Segment::Selector(selector) => selector_filter(selector, patterns),
        Segment::Selectors(list) => list.iter_mut().try_for_each(|item| selector_filter(item, patterns)),
    }
}

fn selector_filter(selector: &mut Selector, patterns: &mut Vec<Regex>) -> Result<(), BadPattern> {
    match selector {
        Selector::Filter(inner) => filter(inner, patterns),
        _ => Ok(()),
    }
}

fn filter(item: &mut Filter, patterns: &mut Vec<Regex>) -> Result<(), BadPattern> {
    match item {
        Filter::Or(list) | Filter::And(list) => list.iter_mut().try_for_each(|item| filter(item, patterns)),
        Filter::Atom(FilterAtom::Filter { expr, .. }) => filter(expr, patterns),
        Filter::Atom(FilterAtom::Test { expr, .. }) => test(expr, patterns),
        Filter::Atom(FilterAtom::Comparison(comparison)) => compared(comparison, patterns),
    }
}

fn test(item: &mut Test, patterns: &mut Vec<Regex>) -> Result<(), BadPattern> {
    match item {
        Test::RelQuery(list) => segments(list, patterns),
        Test::AbsQuery(path) => segments(&mut path.segments, patterns),
        Test::Function(inner) => function(inner, patterns),
    }
}

fn compared(comparison: &mut Comparison, patterns: &mut Vec<Regex>) -> Result<(), BadPattern> {
    let (Comparison::Eq(left, right)
    | Comparison::Ne(left, right)
    | Comparison::Gt(left, right)
    | Comparison::Gte(left, right)
    | Comparison::Lt(left, right)
    | Comparison::Lte(left, right)) = comparison;
    for side in [left, right] {
        if let Comparable::Function(inner) = side {
            function(inner, patterns)?;
        }
    }
    Ok(())
}

fn function(item: &mut TestFunction, patterns: &mut Vec<Regex>) -> Result<(), BadPattern> {
    let (subject, pattern, whole) = match item {
        TestFunction::Match(subject, pattern) => (subject, pattern, true),
        TestFunction::Search(subject, pattern) => (subject, pattern, false),
        TestFunction::Custom(_, list) => return list.iter_mut().try_for_each(|item| argument(item, patterns)),
        TestFunction::Length(inner) => return argument(inner, patterns),
        TestFunction::Value(inner) | TestFunction::Count(inner) => return argument(inner, patterns),
    };
    // What is no literal has been refused.
    let FnArg::Literal(Literal::String(pattern)) = pattern else { return Ok(()) };
    let anchored = if whole { format!("^(?:{pattern})$") } else { pattern.clone() };
    let compiled = Regex::new(&anchored).map_err(|_| BadPattern(pattern.clone()))?;
    argument(subject, patterns)?;
    let call = TestFunction::Custom(patterns.len().to_string(), vec![subject.clone()]);
    patterns.push(compiled);
    *item = call;
    Ok(())
}

fn argument(item: &mut FnArg, patterns: &mut Vec<Regex>) -> Result<(), BadPattern> {
    match item {
        FnArg::Literal(_) => Ok(()),
        FnArg::Test(inner) => test(inner, patterns),
        FnArg::Filter(inner) => filter(inner, patterns),
    }
}
