//! What is true of every request that is looked for, whatever the policies say: who makes it, with what credential,
//! and what was asked.

use super::bearers::{self, Carried};
use super::callers::{Candidate, Candidates, Credential};
use super::glob::{Glob, Language, Reach, Step};
use super::identity;
use super::key::KeyTest;
use super::places::Place;
use super::predicate::{Bounds, Predicate, Set};
use super::problem::{Literal, Part, Problem, QUESTION};
use super::together::{OF_ANY_ENDPOINT, PUBLIC_ADDRESS};
use super::typed::{Interval, Scale};
use crate::access::evaluate::Entry;
use crate::access::{CALLER_KEYS, Caller};
use crate::policy::{Quantifier, Truth};

/// Keys that tell how a request is signed.
pub(super) const CREDENTIAL_KEYS: &[&str] =
    &["aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime"];

/// The key that holds the id of a caller.
const ID: &str = "aws:userid";

/// Gathers what is true of every request, as literals like any other.
pub(super) struct Facts<'p, 'a> {
    pub(super) problem: &'p mut Problem<'a>,
    pub(super) literals: Vec<Literal>,
}

impl Facts<'_, '_> {
    pub(super) fn push(&mut self, variable: usize, test: usize) {
        self.literals.push(Literal { variable, test, holds: true, source: (QUESTION, Part::Question) });
    }

    fn add(&mut self, key: &str, test: KeyTest) {
        let (variable, test) = self.problem.add(key, test);
        self.push(variable, test);
    }

    pub(super) fn is(&mut self, key: &str, value: &str) {
        self.matches(key, Language::of(Glob::literal(value)));
    }

    pub(super) fn matches(&mut self, key: &str, language: Language) {
        let predicate = predicate(language);
        self.add(key, KeyTest::Values { absent: false, quantifier: Quantifier::One, predicate });
    }

    pub(super) fn is_there(&mut self, key: &str) {
        self.add(key, KeyTest::Presence { absent: Truth::No, present: Truth::Yes });
    }

    pub(super) fn is_absent(&mut self, key: &str) {
        self.add(key, KeyTest::Presence { absent: Truth::Yes, present: Truth::No });
    }

    /// Says so of a key that is asked about.
    pub(super) fn is_never_there(&mut self, key: &str) {
        if self.problem.mentions(key) {
            self.is_absent(key);
        }
    }

    /// Says so of the resource.
    pub(super) fn resource(&mut self, predicate: Predicate) {
        let (variable, test) = self.problem.add_resource(predicate);
        self.push(variable, test);
    }

    /// The account that owns the resource is the one that its key tells.
    pub(super) fn owner(&mut self, account: &str) {
        const KEY: &str = "aws:resourceaccount";
        if self.problem.mentions(KEY) {
            self.is(KEY, account);
        }
    }

    pub(super) fn has(&mut self, key: &str, values: &[String]) {
        match values {
            [] => self.is_absent(key),
            [value] => self.is(key, value),
            several => {
                self.problem.takes_several(key);
                for value in several {
                    let predicate = predicate(Language::of(Glob::literal(value)));
                    let quantifier = Quantifier::ForAnyValue;
                    self.add(key, KeyTest::Values { absent: false, quantifier, predicate });
                }
                let language = Language { globs: several.iter().map(|value| Glob::literal(value)).collect() };
                let predicate = predicate(language);
                self.add(key, KeyTest::Values { absent: false, quantifier: Quantifier::ForAllValues, predicate });
            }
        }
    }

    /// See the table of credentials in the documentation of MFA-protected API access: the age is there only with
    /// MFA, and neither key is there with an access key.
    pub(super) fn credential(&mut self, credential: Credential) {
        let [present, age, issued] = CREDENTIAL_KEYS else { return };
        let mentioned: Vec<bool> = CREDENTIAL_KEYS.iter().map(|key| self.problem.mentions(key)).collect();
        if mentioned[0] || credential != Credential::AccessKey {
            match credential {
                Credential::AccessKey => self.is_absent(present),
                Credential::SessionWithoutMfa => self.is(present, "false"),
                Credential::SessionWithMfa => self.is(present, "true"),
                Credential::RoleSession => self.is_false_or_absent(present),
            }
        }
        if mentioned[1] && credential == Credential::SessionWithMfa {
            let intervals = vec![Interval { low: 0, high: i128::MAX }];
            let set = Set::Typed(Scale::Number, Bounds { lower: intervals.clone(), upper: intervals });
            let predicate = Predicate { set, negated: false, never: false };
            self.add(age, KeyTest::Values { absent: false, quantifier: Quantifier::One, predicate });
        } else if mentioned[1] {
            self.is_absent(age);
        }
        if mentioned[2] && credential == Credential::AccessKey {
            self.is_absent(issued);
        } else if mentioned[2] {
            self.is_there(issued);
        }
    }

    /// What a request has that comes through a VPC endpoint, where the question does not say otherwise.
    pub(super) fn through_endpoint(&mut self, asked: &[(String, Vec<String>)]) {
        let is_open = |key: &str| !asked.iter().any(|(own, _)| own.eq_ignore_ascii_case(key));
        if is_open(PUBLIC_ADDRESS) {
            self.is_never_there(PUBLIC_ADDRESS);
        }
        for key in OF_ANY_ENDPOINT.iter().filter(|key| is_open(key)) {
            if self.problem.mentions(key) {
                self.is_there(key);
            }
        }
    }

    /// Services, and all others that are neither a user nor a role, never come with MFA.
    pub(super) fn never_with_mfa(&mut self) {
        let [present, age, _] = CREDENTIAL_KEYS else { return };
        if self.problem.mentions(present) {
            self.is_false_or_absent(present);
        }
        if self.problem.mentions(age) {
            self.is_absent(age);
        }
    }

    fn is_false_or_absent(&mut self, key: &str) {
        let predicate = predicate(Language::of(Glob::literal("false")));
        self.add(key, KeyTest::Values { absent: true, quantifier: Quantifier::One, predicate });
    }

    /// The keys that AWS derives from who the caller is, where they are asked about.
    pub(super) fn caller(&mut self, candidate: &Candidate, all: &Candidates, places: &[Place]) {
        let caller = candidate.signer();
        let is_told = |facts: &Self| CALLER_KEYS.iter().any(|key| facts.problem.mentions(key));
        if matches!(candidate, Candidate::Canonical { .. }) && is_told(self) {
            // Who of the account it is, is then for the request to say.
            self.is_there(identity::ARN);
        }
        for key in self.problem.names() {
            if key == identity::ARN {
                self.arn(candidate, all, places);
            } else if CALLER_KEYS.contains(&key.as_str()) {
                match caller.keys().get(&key) {
                    Entry::Values(values) => self.has(&key, values),
                    _ => self.is_absent(&key),
                }
            } else {
                match bearers::carried(&caller, &key) {
                    Carried::Never => self.is_absent(&key),
                    Carried::As(value) => self.is(&key, &value),
                    Carried::FalseIfAtAll => self.is_false_or_absent(&key),
                    Carried::AnythingBut(value) => self.is_none_of(&key, std::iter::once(&value.to_owned())),
                    Carried::Freely if key == ID => self.id(&caller),
                    Carried::Freely => {}
                }
            }
        }
    }

    fn arn(&mut self, candidate: &Candidate, all: &Candidates, places: &[Place]) {
        match (candidate.arns(places), candidate.caller().keys().single(identity::ARN)) {
            (Some(arns), _) => {
                self.matches(identity::ARN, arns);
                self.is_no_other(all);
            }
            (None, Some(own)) => self.is(identity::ARN, own),
            (None, None) => self.is_absent(identity::ARN),
        }
    }

    /// A session's id is that of its role and, behind a colon, the session's name; a user's has no colon. Neither
    /// looks like an id of another sort.
    fn id(&mut self, caller: &Caller) {
        let run = [Step::One(Reach::Part), Step::Many(Reach::Part)];
        let account = vec![Step::Digit; 12];
        let (steps, others) = match caller {
            Caller::User { .. } => {
                let account = Glob { steps: account, folded: false };
                (run.to_vec(), vec![Glob::wild("AROA*"), Glob::literal("anonymous"), account])
            }
            Caller::Session { .. } => {
                let mut steps = [&run[..], &[Step::Char(':')]].concat();
                match caller.session_name() {
                    Some(name) => steps.extend(name.chars().map(Step::Char)),
                    None => steps.extend(run),
                }
                let federated = [&account[..], &[Step::Char(':'), Step::Many(Reach::Anywhere)]].concat();
                (steps, vec![Glob::wild("AIDA*"), Glob { steps: federated, folded: false }])
            }
            _ => return,
        };
        self.matches(ID, Language::of(Glob { steps, folded: false }));
        let others = Predicate { negated: true, ..predicate(Language { globs: others }) };
        self.add(ID, KeyTest::Values { absent: false, quantifier: Quantifier::One, predicate: others });
    }

    /// One that stands for all that no policy names is none of those that one does.
    fn is_no_other(&mut self, all: &Candidates) {
        let known = all.list.iter().filter_map(|candidate| match candidate {
            Candidate::Named(caller) => Some(caller),
            _ => None,
        });
        let named = known.chain(&all.left_out).filter_map(|caller| match caller {
            Caller::User { arn } | Caller::Session { role: arn, .. } | Caller::FederatedUser { session: arn, .. } => {
                Some(arn)
            }
            _ => None,
        });
        self.is_none_of(identity::ARN, named);
    }

    pub(super) fn is_none_of<'v>(&mut self, key: &str, values: impl Iterator<Item = &'v String>) {
        let language = Language { globs: values.map(|value| Glob::literal(value)).collect() };
        if language.globs.is_empty() {
            return;
        }
        let predicate = Predicate { negated: true, ..predicate(language) };
        self.add(key, KeyTest::Values { absent: true, quantifier: Quantifier::One, predicate });
    }
}

/// That a value is in `language`.
pub(super) fn predicate(language: Language) -> Predicate {
    let set = Set::Text(Bounds { lower: language.clone(), upper: language });
    Predicate { set, negated: false, never: false }
}
