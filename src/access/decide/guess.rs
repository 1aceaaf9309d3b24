//! Values to try for policy variables that were left open, read off a request in which they were.

use super::captures::{self, Values};
use super::compile::{Assignment, Variable};
use super::identity;
use super::problem::Problem;
use crate::access::evaluate::Context;
use crate::access::{Caller, Request};
use crate::policy::{Statement, Text};

/// So many are tried of what one request tells.
const MOST: usize = 16;

/// Of one text no more than these are joined with those of another.
const OF_ONE_TEXT: usize = 8;

/// What the variables may be, if the request is one: what they are in the patterns that match its resource and its keys,
/// and what their own keys are.
pub(super) fn guesses(
    problem: &Problem<'_>,
    request: &Request,
    statements: &[&Statement<'_>],
    assignment: &Assignment,
) -> Vec<Assignment> {
    let mut sources: Vec<Vec<Values>> = Vec::new();
    let mut read = |texts: Vec<&Text<'_>>, value: &str| {
        let read = captures::of_texts(texts.into_iter(), value);
        let mut found: Vec<Values> = read.unwrap_or_default();
        found.retain(|values| is_of(values, assignment));
        found.truncate(OF_ONE_TEXT);
        sources.extend((!found.is_empty()).then_some(found));
    };
    let elements = statements.iter().filter_map(|statement| statement.resource.as_ref());
    read(elements.flat_map(|element| &element.items).collect(), &request.resource);
    for (key, value) in single(&request.context) {
        let conditions = statements.iter().flat_map(|statement| &statement.conditions);
        let own = conditions.filter(|condition| condition.key.eq_ignore_ascii_case(key));
        read(own.flat_map(|condition| &condition.values).map(|value| &value.text).collect(), value);
    }
    let own = own_values(problem, &request.context);
    let mut found = joined(&sources);
    found.extend(sources.into_iter().flatten());
    found.push(own.clone());
    let mut guesses: Vec<Assignment> = Vec::new();
    for values in found {
        let with = |(key, variable): (&String, &Variable)| {
            let value = match variable {
                Variable::Text(value) => value,
                _ => values.get(key).or_else(|| own.get(key))?,
            };
            Some((key.clone(), Variable::Text(value.clone())))
        };
        let guess: Assignment = assignment.iter().filter_map(with).collect();
        if guess.len() == assignment.len() && !guesses.contains(&guess) {
            guesses.push(guess);
        }
    }
    guesses.truncate(MOST);
    guesses
}

/// Whether the values are what is assigned already.
fn is_of(values: &Values, assignment: &Assignment) -> bool {
    values.iter().all(|(key, value)| match assignment.get(key) {
        Some(Variable::Text(own)) => own == value,
        Some(_) => true,
        None => false,
    })
}

/// What the keys of the variables are in the request.
fn own_values(problem: &Problem<'_>, context: &Context) -> Values {
    let name = || Caller::from_arn(context.single(identity::ARN)?).name().map(str::to_owned);
    let own = problem.open_keys().filter_map(|key| {
        let told = context.single(key).map(str::to_owned);
        Some((key.to_owned(), told.or_else(|| (key == "aws:username").then(name).flatten())?))
    });
    own.collect()
}

fn single(context: &Context) -> impl Iterator<Item = (&str, &str)> {
    context.iter().filter_map(|(key, _)| Some((key, context.single(key)?)))
}

/// One of each source, where they agree.
fn joined(sources: &[Vec<Values>]) -> Vec<Values> {
    let mut found = vec![Values::new()];
    for source in sources {
        let pairs = found.iter().flat_map(|own| source.iter().map(move |other| (own, other)));
        let agree = |(own, other): &(&Values, &Values)| {
            other.iter().all(|(key, value)| own.get(key).is_none_or(|own| own == value))
        };
        let both = pairs
            .filter(agree)
            .map(|(own, other)| own.iter().chain(other).map(|(key, value)| (key.clone(), value.clone())).collect());
        let both: Vec<Values> = both.take(MOST).collect();
        if !both.is_empty() {
            found = both;
        }
    }
    found.retain(|values| !values.is_empty());
    found
}
