//! Keys that tell of one organization: its id, the paths within it, and that an account is of no more than one.

use super::compile::{Assignment, Variable};
use super::facts::predicate;
use super::glob::{Glob, Language, Reach, Step};
use super::identity::held;
use super::key::KeyTest;
use super::owner::Owner;
use super::predicate::{Bounds, Predicate, Set};
use super::problem::{Literal, Problem};
use super::together::{ACCOUNT, Asked, any_of, complete as say, is_there, not, on_resource, one, sets_of, test_of};
use crate::access::evaluate::{Context, Entry};
use crate::policy::Quantifier;

/// The key of an organization's id, and that of the paths within it.
const PATHS: [[&str; 2]; 4] = [
    [PRINCIPAL, "aws:principalorgpaths"],
    [RESOURCE, "aws:resourceorgpaths"],
    ["aws:sourceorgid", "aws:sourceorgpaths"],
    ["aws:vpceorgid", "aws:vpceorgpaths"],
];

const PRINCIPAL: &str = "aws:principalorgid";
const RESOURCE: &str = "aws:resourceorgid";

/// The key of the caller's account.
const CALLER: &str = "aws:principalaccount";

/// Paths begin with the id, and where one is, the other is: each test of the id comes out as it does for what is before
/// the first slash of a path.
pub(super) fn never(problem: &mut Problem<'_>, asked: Asked<'_>) -> Vec<Vec<Literal>> {
    let mut found = Vec::new();
    if !problem.mentions_any(|key| key.ends_with("orgpaths")) {
        return found;
    }
    for pair @ [id, paths] in PATHS {
        if !pair.iter().all(|key| problem.mentions(key)) || asked.all(&pair) {
            continue;
        }
        let there = pair.map(|key| is_there(problem, key));
        found.push(vec![there[0], not(there[1])]);
        found.push(vec![there[1], not(there[0])]);
        for set in sets_of(problem, id) {
            let Set::Text(Bounds { lower, upper }) = &set else { continue };
            let of_path = Set::Text(Bounds { lower: beginning(lower), upper: beginning(upper) });
            let all = Predicate { set: of_path.clone(), negated: false, never: false };
            let all = KeyTest::Values { absent: true, quantifier: Quantifier::ForAllValues, predicate: all };
            let (all, any) = (test_of(problem, paths, all), any_of(problem, paths, of_path));
            let id = test_of(problem, id, one(Predicate { set, negated: false, never: false }));
            found.extend([vec![id, not(all)], vec![any, not(id)]]);
        }
    }
    found
}

/// Makes the id of an organization in a request that was found say what the paths do.
pub(super) fn complete(problem: &Problem<'_>, context: &mut Context) {
    for [id, paths] in PATHS {
        let Entry::Values(values) = context.get(paths) else { continue };
        let told: Option<Vec<&str>> = values.iter().map(|path| Some(path.split_once('/')?.0)).collect();
        let mut told = told.unwrap_or_default();
        told.dedup();
        if let [told] = told[..] {
            let told = told.to_owned();
            say(problem, context, id, Some(&told));
        }
    }
}

/// Whoever is of the account that owns the resource is of the same organization. `caller` is the account, where it is known.
pub(super) fn never_apart(
    problem: &mut Problem<'_>,
    owner: &Owner,
    caller: Option<&str>,
    assignment: &Assignment,
    asked: Asked<'_>,
) -> Vec<Vec<Literal>> {
    let pair = [PRINCIPAL, RESOURCE];
    if !pair.iter().all(|key| problem.mentions(key)) || asked.all(&pair) {
        return Vec::new();
    }
    let there = pair.map(|key| is_there(problem, key));
    let mut found = Vec::new();
    for same in of_one_account(problem, owner, caller, assignment) {
        let same: Vec<Literal> = same.into_iter().chain(there).collect();
        for set in pair.map(|key| sets_of(problem, key)).concat() {
            let test = Predicate { set: set.clone(), negated: false, never: false };
            let [own, other] = pair.map(|key| test_of(problem, key, one(test.clone())));
            let with = |more: &[Literal]| same.iter().chain(more).copied().collect::<Vec<Literal>>();
            match &set {
                // What stands for the one key is the value of the other.
                Set::Text(bounds) if spells(&bounds.lower, assignment.get(RESOURCE)) => found.push(with(&[not(own)])),
                Set::Text(bounds) if spells(&bounds.lower, assignment.get(PRINCIPAL)) => {
                    found.push(with(&[not(other)]))
                }
                Set::Text(bounds) if bounds.upper.globs.iter().any(Glob::is_open) => {}
                _ => found.extend([with(&[own, not(other)]), with(&[other, not(own)])]),
            }
        }
    }
    found
}

/// Lists of tests: where all of one of them hold, the caller is of the account that owns the resource.
fn of_one_account(
    problem: &mut Problem<'_>,
    owner: &Owner,
    caller: Option<&str>,
    assignment: &Assignment,
) -> Vec<Vec<Literal>> {
    match owner {
        Owner::Other { .. } => return Vec::new(),
        Owner::Said(account) if caller.is_some_and(|caller| account != caller) => return Vec::new(),
        Owner::Said(_) | Owner::Own { .. } if caller.is_some() => return vec![Vec::new()],
        _ => {}
    }
    let mut found = Vec::new();
    let substituted = match assignment.get(CALLER) {
        Some(Variable::Text(account)) => Some(account.as_str()),
        _ => None,
    };
    if let Some(caller) = caller.or(substituted) {
        found.push(vec![on_resource(problem, super::owner::of_account(caller))]);
    }
    if !problem.mentions(ACCOUNT) {
        return found;
    }
    // Whoever has a policy attached may be of any account, so of each with which the resource's is compared.
    let texts = sets_of(problem, ACCOUNT).into_iter().filter_map(|set| match set {
        Set::Text(Bounds { upper, .. }) => Some(upper.globs),
        _ => None,
    });
    for glob in texts.flatten().filter(|glob| !glob.is_wild()) {
        let language = Language::of(glob);
        let mut same = vec![test_of(problem, ACCOUNT, one(predicate(language.clone())))];
        if !spells(&language, assignment.get(CALLER)) {
            same.push(test_of(problem, CALLER, one(predicate(language))));
        }
        found.push(same);
    }
    found
}

/// Whether a language is the value of a variable that is left open, and no more.
fn spells(language: &Language, variable: Option<&Variable>) -> bool {
    let Some(Variable::Open(own) | Variable::Elsewhere(own)) = variable else { return false };
    language.globs.len() == 1 && language.globs[0].steps == [Step::Open(own.id)]
}

/// The paths within the organizations of which the ids are in a language.
fn beginning(language: &Language) -> Language {
    let glob = |own: &Glob| {
        let mut glob = held(own, Reach::Name, &['/'])?;
        glob.steps.extend([Step::Char('/'), Step::Many(Reach::Anywhere)]);
        Some(glob)
    };
    Language { globs: language.globs.iter().filter_map(glob).collect() }
}
