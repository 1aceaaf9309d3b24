//! The truth table: whether a statement's MFA conditions hold, by how the caller signed in.

use super::key::MfaKey;
use crate::access::Semantics;
use crate::access::evaluate::{Context, condition as evaluate};
use crate::policy::{Condition, Truth, Version};

/// How the caller signed in, as far as MFA goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// With a long-term access key: the request has neither MFA key.
    AccessKey,
    /// In a session without MFA: `aws:MultiFactorAuthPresent` is false, and there is no age.
    Session,
    /// In a session with MFA: `aws:MultiFactorAuthPresent` is true, and the age is whatever it is.
    Mfa,
}

impl State {
    /// The two ways to come without MFA.
    pub const WITHOUT_MFA: [State; 2] = [Self::AccessKey, Self::Session];
}

/// Whether conditions hold in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// For no request.
    Never,
    /// For some requests: it depends on the age, or on a hole.
    Sometimes,
    /// For every request.
    Always,
}

impl Outcome {
    fn of(truths: &[Truth]) -> Self {
        let all = |truth| truths.iter().all(|found| *found == truth);
        if all(Truth::Yes) {
            Self::Always
        } else if all(Truth::No) {
            Self::Never
        } else {
            Self::Sometimes
        }
    }
}

/// What a set of MFA conditions says in each state. The MFA state is sampled at the ages where the answer can
/// change, youngest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    access_key: Truth,
    session: Truth,
    by_age: Vec<Truth>,
}

impl Table {
    /// Judges `conditions`, all of which must hold together, at the ages `ages`.
    pub(super) fn new<'a>(conditions: &[&Condition<'a>], ages: &[String], version: Version) -> Self {
        let judge = |present: Option<&str>, age: Option<&str>| {
            let context = context(conditions, present, age);
            let holds = |condition: &&Condition<'_>| evaluate(condition, &context, version, &Semantics::default());
            conditions.iter().map(holds).fold(Truth::Yes, Truth::and)
        };
        Self {
            access_key: judge(None, None),
            session: judge(Some("false"), None),
            by_age: ages.iter().map(|age| judge(Some("true"), Some(age))).collect(),
        }
    }

    /// That of conditions of which nothing is known.
    pub(super) fn unknown() -> Self {
        Self { access_key: Truth::Maybe, session: Truth::Maybe, by_age: vec![Truth::Maybe] }
    }

    /// Whether the conditions hold in `state`.
    pub fn outcome(&self, state: State) -> Outcome {
        match state {
            State::AccessKey => Outcome::of(&[self.access_key]),
            State::Session => Outcome::of(&[self.session]),
            State::Mfa => Outcome::of(&self.by_age),
        }
    }

    /// Whether the conditions hold right after MFA was used.
    pub fn fresh(&self) -> Truth {
        self.by_age.first().copied().unwrap_or(Truth::Maybe)
    }

    /// Whether the conditions hold when MFA was used longer ago than any of them asks.
    pub fn stale(&self) -> Truth {
        self.by_age.last().copied().unwrap_or(Truth::Maybe)
    }
}

/// The request of one state. A misspelt key is given the value of the key it was meant to be, so that all other
/// questions can be answered; the spelling is a finding of its own.
fn context(conditions: &[&Condition<'_>], present: Option<&str>, age: Option<&str>) -> Context {
    let mut context = Context::new();
    for condition in conditions {
        let value = match MfaKey::of(condition) {
            Some(MfaKey::Present) => present,
            Some(MfaKey::Age) => age,
            None => None,
        };
        if let Some(value) = value {
            context.set(condition.key, vec![value.to_owned()]);
        }
    }
    context
}

/// The ages to sample: the youngest, the oldest, and either side of every number that a condition compares with.
pub(super) fn ages(conditions: &[&Condition<'_>]) -> Vec<String> {
    const OLDEST: i64 = 1 << 40;
    let mut ages = vec![0, OLDEST];
    for condition in conditions.iter().filter(|condition| MfaKey::of(condition) == Some(MfaKey::Age)) {
        for value in &condition.values {
            if let Ok(number) = value.text.text.trim().parse::<f64>() {
                // Ages are whole seconds; the comparison changes next to the number, wherever that is.
                let floor = number.floor().clamp(0.0, OLDEST as f64) as i64;
                ages.extend([floor - 1, floor, floor + 1, floor + 2]);
            }
        }
    }
    ages.retain(|age| (0..=OLDEST).contains(age));
    ages.sort_unstable();
    ages.dedup();
    ages.iter().map(i64::to_string).collect()
}
