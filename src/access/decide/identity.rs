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
    FederatedUser,
}

impl Sort {
    /// `None` for a caller that is known by name.
    pub(super) fn of(candidate: &Candidate) -> Option<Self> {
        let like = match candidate {
            Candidate::Named(_) => return None,
            Candidate::AttachedUser => return Some(Self::User),
            Candidate::AttachedRole => return Some(Self::Role),
            Candidate::Bound(caller) | Candidate::Fresh(caller) | Candidate::OfSomePath(caller) => caller,
            Candidate::Canonical { like, .. } => like,
        };
        Some(match like {
            Caller::User { .. } => Self::User,
            Caller::Root { .. } => Self::Root,
            Caller::FederatedUser { .. } => Self::FederatedUser,
            _ => Self::Role,
        })
    }

    /// The test of the ARN that `test` of `key` comes to, where the key is a part of it.
    pub(super) fn translate(self, key: &str, test: &KeyTest) -> Option<KeyTest> {
        let part = match key {
            "aws:principalaccount" | "kms:calleraccount" | "aws:sourceowner" if self == Self::FederatedUser => {
                of_session_account
            }
            "aws:principalaccount" | "kms:calleraccount" | "aws:sourceowner" => of_account,
            "aws:username" if self == Self::User => of_name,
            // A root user has that of its account.
            "aws:userid" if self == Self::Root => of_account,
            "aws:userid" if self == Self::FederatedUser => of_session_id,
            _ => return None,
        };
        let KeyTest::Values { absent, quantifier, predicate } = test else { return Some(test.clone()) };
        // The empty language is the same for ARNs and for numbers.
        let Set::Text(bounds) = &predicate.set else { return None };
        // What is left open cannot be cut in two.
        if key == "aws:userid" && predicate.is_open() {
            return None;
        }
        let translate = |language: &Language| Language { globs: language.globs.iter().flat_map(part).collect() };
        let set = Set::Text(Bounds { lower: translate(&bounds.lower), upper: translate(&bounds.upper) });
        let predicate = Predicate { set, ..*predicate };
        Some(KeyTest::Values { absent: *absent, quantifier: *quantifier, predicate })
    }
}

/// The ARNs of callers of the sort, of any account, in these partitions.
pub(super) fn arns<'t>(sort: Sort, account: Option<&str>, partitions: impl Iterator<Item = &'t str>) -> Language {
    let (service, kind, has_path) = match sort {
        Sort::User => (":iam::", ":user/", true),
        Sort::Role => (":iam::", ":role/", true),
        Sort::Root => (":iam::", ":root", false),
        Sort::FederatedUser => (":sts::", ":federated-user/", false),
    };
    let paths: &[&[Step]] = if has_path { &PATHS } else { &PATHS[..1] };
    let all = partitions.flat_map(|partition| paths.iter().map(move |path| (partition, *path)));
    let globs = all.map(|(partition, path)| {
        let mut steps: Vec<Step> = plain("arn:").chain(plain(partition)).chain(plain(service)).collect();
        match account {
            Some(account) => steps.extend(plain(account)),
            None => steps.extend([Step::Digit; 12]),
        }
        steps.extend(plain(kind));
        steps.extend(path);
        if sort != Sort::Root {
            steps.extend([Step::One(Reach::Name), Step::Many(Reach::Name)]);
        }
        Glob { steps, folded: false }
    });
    Language { globs: globs.collect() }
}

fn of_account(account: &Glob) -> Vec<Glob> {
    with_account(account, ":iam::")
}

fn of_session_account(account: &Glob) -> Vec<Glob> {
    with_account(account, ":sts::")
}

/// The id of a session that a user made for someone: the account, and behind a colon the session's name.
fn of_session_id(id: &Glob) -> Vec<Glob> {
    let with = |account: &[Step], name: &[Step]| {
        let part = |steps: &[Step], within: Reach, stops: &[char]| {
            held(&Glob { steps: steps.to_vec(), folded: id.folded }, within, stops)
        };
        let (account, name) = (part(account, Reach::Part, &[':'])?, part(name, Reach::Name, &[':', '/'])?);
        let steps = any_partition(":sts::").chain(account.steps).chain(plain(":federated-user/")).chain(name.steps);
        Some(Glob { steps: steps.collect(), folded: id.folded })
    };
    let halves = id.steps.iter().enumerate().filter_map(|(at, step)| match step {
        Step::Char(':') => with(&id.steps[..at], &id.steps[at + 1..]),
        Step::One(_) => with(&id.steps[..at], &id.steps[at + 1..]),
        Step::Many(_) => with(&id.steps[..=at], &id.steps[at..]),
        _ => None,
    });
    halves.collect()
}

fn with_account(account: &Glob, service: &str) -> Vec<Glob> {
    let Some(account) = held(account, Reach::Part, &[':']) else { return Vec::new() };
    let steps = any_partition(service).chain(account.steps).chain([Step::Char(':'), Step::Many(Reach::Anywhere)]);
    vec![Glob { steps: steps.collect(), folded: account.folded }]
}

/// A name stands behind the last slash, with a path before it or without.
const PATHS: [&[Step]; 2] = [&[], &[Step::Many(Reach::Anywhere), Step::Char('/')]];

fn of_name(name: &Glob) -> Vec<Glob> {
    let Some(name) = held(name, Reach::Name, &[':', '/']) else { return Vec::new() };
    let with = |path: &[Step]| {
        let user = any_partition(":iam::").chain([Step::Many(Reach::Part)]).chain(plain(":user/"));
        let steps = user.chain(path.iter().copied()).chain(name.steps.iter().copied());
        Glob { steps: steps.collect(), folded: name.folded }
    };
    PATHS.map(with).into()
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

fn any_partition(service: &str) -> impl Iterator<Item = Step> + '_ {
    plain("arn:").chain([Step::Many(Reach::Part)]).chain(plain(service))
}

fn plain(text: &str) -> impl Iterator<Item = Step> + '_ {
    text.chars().map(Step::Char)
}
