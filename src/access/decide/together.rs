//! Keys that depend on each other, as conjunctions of tests of which no request meets all.

use super::facts::predicate;
use super::glob::{Glob, Language, Reach, Step};
use super::identity;
use super::key::KeyTest;
use super::predicate::{Bounds, Predicate, Set, arn_shape};
use super::problem::{Literal, Part, Problem, QUESTION};
use crate::access::evaluate::Context;
use crate::policy::{Quantifier, Truth};

/// The key of a public address, which a request has unless it comes through a VPC endpoint.
pub const PUBLIC_ADDRESS: &str = "aws:sourceip";

/// Keys, folded, that a request has only if it does.
pub const OF_ENDPOINT: &[&str] = &[
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
];

/// Those of them that it has whatever the service; of the others, AWS lists the services.
pub(super) const OF_ANY_ENDPOINT: &[&str] = &["aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"];

/// Keys that are there only where the other is not `false`.
const IMPLIES: &[[&str; 2]] = &[
    ["aws:calledvia", VIA],
    ["aws:calledviafirst", VIA],
    ["aws:calledvialast", VIA],
    ["s3:tlsversion", "aws:securetransport"],
];

const VIA: &str = "aws:viaawsservice";

/// The key that tells whose the resource is.
pub(super) const ACCOUNT: &str = "aws:resourceaccount";

/// Keys of pairs that have a name, and the key that lists these names. What has no tags of its own, as to take some off,
/// lists them as well, so that a name is listed does not say that there is a pair.
const LISTED: &[[&str; 2]] = &[
    ["aws:requesttag/", "aws:tagkeys"],
    ["kms:encryptioncontext:", ENCRYPTION],
    ["s3:requestobjecttag/", "s3:requestobjecttagkeys"],
];

/// The names of an encryption context are those of its pairs.
const ENCRYPTION: &str = "kms:encryptioncontextkeys";

/// What the question says of keys. It is taken at its word.
#[derive(Clone, Copy)]
pub(super) struct Asked<'q>(pub(super) &'q [(String, Vec<String>)]);

impl Asked<'_> {
    /// Whether it says of all these keys what they are.
    pub(super) fn all(self, keys: &[&str]) -> bool {
        let is_asked =
            |key: &&str| self.0.iter().any(|(own, values)| own.eq_ignore_ascii_case(key) && !values.is_empty());
        keys.iter().all(is_asked)
    }
}

/// Of each of these, at least one test has to come out otherwise.
pub(super) fn never(problem: &mut Problem<'_>, asked: Asked<'_>) -> Vec<Vec<Literal>> {
    let mut found = Vec::new();
    found.extend(through_endpoints(problem, asked));
    for pair @ [key, other] in IMPLIES {
        if pair.iter().all(|key| problem.mentions(key)) && !asked.all(pair) {
            let none = equals(problem, other, Language::of(Glob::literal("false")));
            found.push(vec![is_there(problem, key), none]);
        }
    }
    found.extend(agree(problem, ACCOUNT, &of_account(&any_account()), of_account));
    found.extend(listed(problem, asked));
    found
}

/// A request comes through an endpoint or it does not.
fn through_endpoints(problem: &mut Problem<'_>, asked: Asked<'_>) -> Vec<Vec<Literal>> {
    let mut found = Vec::new();
    if !problem.mentions_any(|key| OF_ENDPOINT.contains(&key)) {
        return found;
    }
    let is_told =
        |problem: &Problem<'_>, pair: &[&str; 2]| pair.iter().all(|key| problem.mentions(key)) && !asked.all(pair);
    for (at, key) in OF_ENDPOINT.iter().enumerate() {
        if is_told(problem, &[PUBLIC_ADDRESS, key]) {
            found.push([PUBLIC_ADDRESS, key].map(|key| is_there(problem, key)).to_vec());
        }
        let others = OF_ENDPOINT[..at].iter().filter(|_| OF_ANY_ENDPOINT.contains(key));
        for other in others.filter(|other| OF_ANY_ENDPOINT.contains(other)) {
            if is_told(problem, &[other, key]) {
                let there = [other, key].map(|key| is_there(problem, key));
                found.extend([vec![there[0], not(there[1])], vec![there[1], not(there[0])]]);
            }
        }
    }
    found
}

/// What is there is listed.
fn listed(problem: &mut Problem<'_>, asked: Asked<'_>) -> Vec<Vec<Literal>> {
    let mut found = Vec::new();
    for [start, list] in LISTED.iter().copied() {
        if !problem.mentions_any(|key| key == list) {
            continue;
        }
        problem.takes_several(list);
        for key in problem.names() {
            let Some(name) = key.strip_prefix(start).filter(|_| !asked.all(&[&key, list])) else { continue };
            // Keys have no case, and what they are named for has.
            let language = Language::of(Glob::literal(name).fold());
            let is_listed = any_of(problem, list, Set::Text(Bounds { lower: language.clone(), upper: language }));
            let there = is_there(problem, &key);
            found.push(vec![there, Literal { holds: false, ..is_listed }]);
            if list == ENCRYPTION {
                found.push(vec![is_listed, Literal { holds: false, ..there }]);
            }
        }
    }
    found
}

/// What the key and a part of the ARN tell is the same: an ARN that has the part, as those of `has_part` do, has the one
/// that the key tells, so every test of the key comes out the same for both. A request for which that is so stays one if
/// the key is made to tell what the ARN does; see [`complete`].
pub(super) fn agree(
    problem: &mut Problem<'_>,
    key: &str,
    has_part: &Language,
    with_part: impl Fn(&Language) -> Language,
) -> Vec<Vec<Literal>> {
    let mut found = Vec::new();
    for test in problem.tests_of(key) {
        let KeyTest::Values { predicate: own, .. } = &test else { continue };
        let Set::Text(bounds) = &own.set else { continue };
        if own.is_open() {
            continue;
        }
        let mut of_key = predicate(Language::default());
        of_key.set = own.set.clone();
        let mut of_arn = predicate(Language::default());
        of_arn.set = Set::Text(Bounds { lower: with_part(&bounds.lower), upper: with_part(&bounds.upper) });
        let of_key = test_of(problem, key, one(of_key));
        let of_arn = on_resource(problem, of_arn);
        let has_part = on_resource(problem, predicate(has_part.clone()));
        found.push(vec![has_part, Literal { holds: false, ..of_arn }, of_key]);
        found.push(vec![has_part, of_arn, Literal { holds: false, ..of_key }, is_there(problem, key)]);
    }
    found
}

/// Keys that come with some resources only.
pub(super) fn bound(problem: &mut Problem<'_>, keys: &[(String, Language)]) -> Vec<Vec<Literal>> {
    let mut found = Vec::new();
    for (key, resources) in keys {
        if problem.mentions(key) {
            let is_arn = on_resource(problem, predicate(arn_shape().clone()));
            let of_another = Literal { holds: false, ..on_resource(problem, predicate(resources.clone())) };
            found.push(vec![is_arn, of_another, is_there(problem, key)]);
        }
    }
    found
}

/// Makes a key of a request that was found say what its resource does, if that does and the request carries the key.
pub(super) fn complete(problem: &Problem<'_>, context: &mut Context, key: &str, told: Option<&str>) {
    let is_text = |test: &KeyTest| match test {
        KeyTest::Values { predicate, .. } => matches!(predicate.set, Set::Text(_)),
        KeyTest::Presence { .. } => true,
    };
    if let (Some(told), Some(_)) = (told, context.single(key))
        && problem.tests_of(key).iter().all(is_text)
    {
        context.set(key, vec![told.to_owned()]);
    }
}

/// The account in an ARN, if it has one.
pub(super) fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|part| part.len() == 12 && part.bytes().all(|b| b.is_ascii_digit()))
}

/// The accounts there are.
pub(super) fn any_account() -> Language {
    Language::of(Glob { steps: vec![Step::Digit; 12], folded: false })
}

/// The ARNs whose account is in a language.
pub(super) fn of_account(language: &Language) -> Language {
    with_part(language, 3)
}

/// The ARNs of which the part after the first and so many others is in a language.
pub(super) fn with_part(language: &Language, before: usize) -> Language {
    let glob = |own: &Glob| {
        let own = identity::held(own, Reach::Part, &[':'])?;
        let mut steps: Vec<Step> = "arn:".chars().map(Step::Char).collect();
        for _ in 0..before {
            steps.extend([Step::Many(Reach::Part), Step::Char(':')]);
        }
        steps.extend(own.steps);
        steps.extend([Step::Char(':'), Step::Many(Reach::Anywhere)]);
        Some(Glob { steps, folded: own.folded })
    };
    Language { globs: language.globs.iter().filter_map(glob).collect() }
}

/// That the resource is so.
pub(super) fn on_resource(problem: &mut Problem<'_>, predicate: Predicate) -> Literal {
    let (variable, test) = problem.add_resource(predicate);
    literal(variable, test, true)
}

/// That the key is there.
pub(super) fn is_there(problem: &mut Problem<'_>, key: &str) -> Literal {
    test_of(problem, key, KeyTest::Presence { absent: Truth::No, present: Truth::Yes })
}

fn equals(problem: &mut Problem<'_>, key: &str, language: Language) -> Literal {
    test_of(problem, key, one(predicate(language)))
}

/// That one of the key's values is in the set.
pub(super) fn any_of(problem: &mut Problem<'_>, key: &str, set: Set) -> Literal {
    let predicate = Predicate { set, negated: false, never: false };
    test_of(problem, key, KeyTest::Values { absent: false, quantifier: Quantifier::ForAnyValue, predicate })
}

/// That the test of the key holds.
pub(super) fn test_of(problem: &mut Problem<'_>, key: &str, test: KeyTest) -> Literal {
    let (variable, test) = problem.add(key, test);
    literal(variable, test, true)
}

/// That the key has one value, and what that is.
pub(super) fn one(predicate: Predicate) -> KeyTest {
    KeyTest::Values { absent: false, quantifier: Quantifier::One, predicate }
}

fn literal(variable: usize, test: usize, holds: bool) -> Literal {
    Literal { variable, test, holds, source: (QUESTION, Part::Question) }
}

/// That the test comes out the other way.
pub(super) fn not(literal: Literal) -> Literal {
    Literal { holds: !literal.holds, ..literal }
}

/// What tests of a key compare it with.
pub(super) fn sets_of(problem: &Problem<'_>, key: &str) -> Vec<Set> {
    let set = |test| match test {
        KeyTest::Values { predicate, .. } => Some(predicate.set),
        KeyTest::Presence { .. } => None,
    };
    problem.tests_of(key).into_iter().filter_map(set).collect()
}
