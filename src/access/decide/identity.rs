//! The keys that are parts of a caller's ARN.
//!
//! A caller that stands for many has no one ARN, and what is asked of its account and its name must come out of the
//! same one. So such tests are asked of the ARN itself: that a name is in a language is that the ARN is in another.

use super::callers::Candidate;
use super::glob::{Glob, Language, Reach, Step};
use super::key::KeyTest;
use super::predicate::{Bounds, Predicate, Set};
use crate::access::Caller;

/// The key that holds the ARN.
pub(super) const ARN: &str = "aws:principalarn";

/// The sort of a caller that stands for many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    User,
    Role,
    Root,
}

impl Sort {
    /// `None` for a caller that is known by name.
    pub(super) fn of(candidate: &Candidate) -> Option<Self> {
        match candidate {
            Candidate::AttachedUser | Candidate::Fresh(Caller::User { .. }) => Some(Self::User),
            Candidate::Canonical { like: Caller::User { .. }, .. } => Some(Self::User),
            Candidate::Canonical { like: Caller::Root { .. }, .. } => Some(Self::Root),
            Candidate::AttachedRole | Candidate::Fresh(_) | Candidate::OfSomePath(_) | Candidate::Canonical { .. } => {
                Some(Self::Role)
            }
            Candidate::Named(_) => None,
        }
    }

    /// The test of the ARN that `test` of `key` comes to, where the key is a part of it.
    pub(super) fn translate(self, key: &str, test: &KeyTest) -> Option<KeyTest> {
        let part = match key {
            "aws:principalaccount" | "kms:calleraccount" => of_account,
            "aws:username" if self == Self::User => of_name,
            // A root user has that of its account.
            "aws:userid" if self == Self::Root => of_account,
            _ => return None,
        };
        let KeyTest::Values { absent, quantifier, predicate } = test else { return Some(test.clone()) };
        // The empty language is the same for ARNs and for numbers.
        let Set::Text(bounds) = &predicate.set else { return None };
        let translate = |language: &Language| Language { globs: language.globs.iter().flat_map(part).collect() };
        let set = Set::Text(Bounds { lower: translate(&bounds.lower), upper: translate(&bounds.upper) });
        let predicate = Predicate { set, ..*predicate };
        Some(KeyTest::Values { absent: *absent, quantifier: *quantifier, predicate })
    }
}

/// The ARNs of users, roles or root users, of any account, in these partitions.
pub(super) fn arns<'t>(sort: Sort, account: Option<&str>, partitions: impl Iterator<Item = &'t str>) -> Language {
    let kind = match sort {
        Sort::User => ":user/",
        Sort::Role => ":role/",
        Sort::Root => ":root",
    };
    let globs = partitions.map(|partition| {
        let mut steps: Vec<Step> = plain("arn:").chain(plain(partition)).chain(plain(":iam::")).collect();
        match account {
            Some(account) => steps.extend(plain(account)),
            None => steps.extend([Step::Digit; 12]),
        }
        steps.extend(plain(kind));
        if sort != Sort::Root {
            steps.extend([Step::Many(Reach::Anywhere), Step::One(Reach::Name)]);
        }
        Glob { steps, folded: false }
    });
    Language { globs: globs.collect() }
}

fn of_account(account: &Glob) -> Vec<Glob> {
    let Some(account) = held(account, Reach::Part, &[':']) else { return Vec::new() };
    let steps = any_partition().chain(account.steps).chain([Step::Char(':'), Step::Many(Reach::Anywhere)]);
    vec![Glob { steps: steps.collect(), folded: account.folded }]
}

/// A name stands behind the last slash, with a path before it or without.
fn of_name(name: &Glob) -> Vec<Glob> {
    let Some(name) = held(name, Reach::Name, &[':', '/']) else { return Vec::new() };
    let path: [&[Step]; 2] = [&[], &[Step::Many(Reach::Anywhere), Step::Char('/')]];
    let with = |path: &[Step]| {
        let user = any_partition().chain([Step::Many(Reach::Part)]).chain(plain(":user/"));
        let steps = user.chain(path.iter().copied()).chain(name.steps.iter().copied());
        Glob { steps: steps.collect(), folded: name.folded }
    };
    path.map(with).into()
}

/// The glob with its wildcards held to what the part may be; `None` if it has a character that the part never has.
pub(super) fn held(glob: &Glob, within: Reach, stops: &[char]) -> Option<Glob> {
    let hold = |step: &Step| match step {
        Step::Char(c) if stops.contains(c) => None,
        Step::Many(_) => Some(Step::Many(within)),
        Step::One(_) => Some(Step::One(within)),
        step => Some(*step),
    };
    let steps: Option<Vec<Step>> = glob.steps.iter().map(hold).collect();
    Some(Glob { steps: steps?, folded: glob.folded })
}

fn any_partition() -> impl Iterator<Item = Step> {
    plain("arn:").chain([Step::Many(Reach::Part)]).chain(plain(":iam::"))
}

fn plain(text: &str) -> impl Iterator<Item = Step> + '_ {
    text.chars().map(Step::Char)
}
