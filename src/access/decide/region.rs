//! The region that is called, where it follows from the action and the resource.

use super::facts::Facts;
use super::glob::{Glob, Language, Reach, Step};
use super::places::Place;
use super::problem::{Literal, Problem};
use super::question::Question;
use super::together;
use crate::access::evaluate::Context;
use crate::access::regions::Endpoint;
use crate::policy::{PartKind, Statement, variable_key};

const KEY: &str = "aws:requestedregion";

/// Whether statements ask about the region. What the question says of it is taken at its word.
pub(super) fn is_of_interest(statements: &[&Statement<'_>], question: &Question<'_>) -> bool {
    let is_key = |name: &str| name.eq_ignore_ascii_case(KEY);
    let asks = |statement: &&Statement<'_>| {
        let resources = statement.resource.iter().flat_map(|element| &element.items);
        let values = statement.conditions.iter().flat_map(|one| &one.values).map(|value| &value.text);
        let texts = resources.chain(values).filter(|text| text.has_variable());
        let mut parts = texts.flat_map(|text| text.all_parts());
        statement.conditions.iter().any(|condition| is_key(condition.key))
            || parts.any(|(written, kind)| kind == PartKind::Variable && is_key(variable_key(written)))
    };
    !question.context.iter().any(|(key, _)| is_key(key)) && statements.iter().any(asks)
}

/// That a region is called, and which, where requests are made in one region of each partition.
pub(super) fn fix(facts: &mut Facts<'_, '_>, endpoint: Endpoint, places: &[Place]) {
    if endpoint == Endpoint::Anywhere || !facts.problem.mentions(KEY) {
        return;
    }
    facts.is_there(KEY);
    let Endpoint::One(regions) = endpoint else { return };
    let region = |place: &Place| {
        let known = regions.iter().find(|(partition, _)| *partition == place.partition);
        known.map(|(_, region)| Glob::literal(region))
    };
    if let Some(globs) = places.iter().map(region).collect() {
        facts.matches(KEY, Language { globs });
    }
}

/// The region in an ARN is the one that is called.
pub(super) fn never(problem: &mut Problem<'_>, endpoint: Endpoint) -> Vec<Vec<Literal>> {
    if endpoint != Endpoint::OfResource {
        return Vec::new();
    }
    let of_region = |language: &Language| together::with_part(language, 2);
    let any = Glob { steps: vec![Step::One(Reach::Part), Step::Many(Reach::Part)], folded: false };
    together::agree(problem, KEY, &of_region(&Language::of(any)), of_region)
}

/// Makes the key of a request that was found say so.
pub(super) fn complete(problem: &Problem<'_>, endpoint: Endpoint, context: &mut Context, resource: &str) {
    if endpoint == Endpoint::OfResource {
        let region = resource.split(':').nth(3).filter(|region| !region.is_empty());
        together::complete(problem, context, KEY, region);
    }
}
