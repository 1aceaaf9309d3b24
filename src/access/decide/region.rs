//! The region that is called, where it follows from the action and the resource.

use super::actions::Realism;
use super::facts::{Facts, predicate};
use super::glob::{Glob, Language, Reach, Step};
use super::places::Place;
use super::predicate::Set;
use super::problem::{Literal, Problem};
use super::question::Question;
use super::together;
use crate::access::evaluate::Context;
use crate::access::regions::Endpoint;
use crate::policy::{PartKind, Statement, variable_key};

const KEY: &str = "aws:requestedregion";

/// Whether statements ask about the region. What the question says of it is taken at its word.
pub(super) fn is_of_interest(statements: &[&Statement<'_>], question: &Question<'_>) -> bool {
    let is_key = |name: &str| [KEY, BY_WAY].iter().any(|key| name.eq_ignore_ascii_case(key));
    let is_asked = |key: &str| question.context.iter().any(|(own, _)| own.eq_ignore_ascii_case(key));
    let asks = |statement: &&Statement<'_>| {
        let resources = statement.resource.iter().flat_map(|element| &element.items);
        let values = statement.conditions.iter().flat_map(|one| &one.values).map(|value| &value.text);
        let texts = resources.chain(values).filter(|text| text.has_variable());
        let mut parts = texts.flat_map(|text| text.all_parts());
        statement.conditions.iter().any(|condition| is_key(condition.key))
            || parts.any(|(written, kind)| kind == PartKind::Variable && is_key(variable_key(written)))
    };
    !is_asked(KEY) && (is_asked(BY_WAY) || statements.iter().any(asks))
}

/// That a region is called, and which, where requests are made in one region of each partition. AWS's own checks do not know
/// the former, so that it is left open where no more is known of actions than they know.
pub(super) fn fix(facts: &mut Facts<'_, '_>, endpoint: Endpoint, places: &[Place], question: &Question<'_>) {
    let is_asked = question.context.iter().any(|(key, _)| key.eq_ignore_ascii_case(KEY));
    if !facts.problem.mentions(KEY) || is_asked || question.realism == Realism::Anything {
        return;
    }
    facts.is_there(KEY);
    // Nobody calls a region of another partition than those that the policies are about.
    let is_elsewhere = |name: &str| places.iter().all(|place| place.partition != name);
    let elsewhere = question.catalog.partitions().filter(|partition| is_elsewhere(partition.name()));
    let regions: Vec<String> = elsewhere.flat_map(|partition| partition.regions().map(str::to_owned)).collect();
    facts.is_none_of(KEY, regions.iter());
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
    let any = of_region(&Language::of(any));
    let mut found = together::agree(problem, KEY, &any, of_region);
    found.extend(elsewhere(problem, &any));
    found
}

/// The key that names the service by way of which a KMS key is used, and the region in which that is called, which is the
/// one of the KMS key.
const BY_WAY: &str = "kms:viaservice";

/// Uses of KMS keys by way of other regions; `any` are the ARNs that have a region.
fn elsewhere(problem: &mut Problem<'_>, any: &Language) -> Vec<Vec<Literal>> {
    let mut found = Vec::new();
    for set in together::sets_of(problem, BY_WAY) {
        let Set::Text(bounds) = &set else { continue };
        let Some(globs) = bounds.upper.globs.iter().map(region_in).collect() else { continue };
        let here = together::with_part(&Language { globs }, 2);
        let by_way = together::any_of(problem, BY_WAY, set);
        let [has_region, here] = [any.clone(), here].map(|own| together::on_resource(problem, predicate(own)));
        found.push(vec![by_way, has_region, together::not(here)]);
    }
    found
}

/// The region in the host name of a service, if it is spelled out.
fn region_in(name: &Glob) -> Option<Glob> {
    let plain = name.steps.iter().rev().map_while(|step| if let Step::Char(c) = step { Some(*c) } else { None });
    let tail: String = plain.collect::<Vec<char>>().into_iter().rev().collect();
    let host = tail.strip_suffix(".cn").unwrap_or(&tail).strip_suffix(".amazonaws.com")?;
    host.rsplit_once('.').map(|(_, region)| Glob::literal(region))
}

/// Makes the key of a request that was found say so.
pub(super) fn complete(problem: &Problem<'_>, endpoint: Endpoint, context: &mut Context, resource: &str) {
    if endpoint == Endpoint::OfResource {
        let region = resource.split(':').nth(3).filter(|region| !region.is_empty());
        together::complete(problem, context, KEY, region);
    }
}
