//! Keys that depend on each other, as conjunctions of tests of which no request meets all.

use super::facts::predicate;
use super::glob::{Glob, Language, Reach, Step};
use super::identity;
use super::key::KeyTest;
use super::predicate::{Bounds, Predicate, Set, arn_shape};
use super::problem::{Literal, Part, Problem, QUESTION};
use crate::access::evaluate::Context;
use crate::policy::{Quantifier, Truth};

/// Keys of which a request has at most one: the address is not known of what comes through an endpoint.
const APART: &[[&str; 2]] = &[["aws:sourceip", "aws:sourcevpce"], ["aws:sourceip", "aws:sourcevpc"]];

/// Keys that only calls by way of a service carry.
const BY_WAY: &[&str] = &["aws:calledvia", "aws:calledviafirst", "aws:calledvialast"];

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
    for pair in APART {
        if pair.iter().all(|key| problem.mentions(key)) && !asked.all(pair) {
            found.push(pair.map(|key| is_there(problem, key)).to_vec());
        }
    }
    for key in BY_WAY {
        if problem.mentions(key) && problem.mentions(VIA) && !asked.all(&[key, VIA]) {
            let none = equals(problem, VIA, Language::of(Glob::literal("false")));
            found.push(vec![is_there(problem, key), none]);
        }
    }
    found.extend(agree(problem, ACCOUNT, &of_account(&any_account()), of_account));
    found.extend(listed(problem, asked));
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
