//! What a statement's truth table says of the statement.

use super::key::MfaKey;
use super::table::{Outcome, State, Table, ages};
use crate::catalog::glob_matches;
use crate::policy::{Base, Condition, Effect, Family, Operator, Quantifier, Statement, Truth, Version};

/// A statement that asks about MFA, and what comes of it.
#[derive(Debug)]
pub struct Judged<'a> {
    /// The statement.
    pub statement: &'a Statement<'a>,
    /// Its conditions on the MFA keys.
    pub conditions: Vec<&'a Condition<'a>>,
    /// When they hold.
    pub table: Table,
    /// What is wrong with them, by themselves.
    pub verdict: Verdict<'a>,
}

/// What is wrong with a statement's MFA conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Nothing.
    Right,
    /// It cannot be told: the effect, an operator or a value is unreadable or not known.
    Unknown,
    /// Whether they hold does not depend on MFA.
    Ineffective(Ineffective<'a>),
    /// They hold where they should not, and the reverse.
    Inverted(Inversion),
    /// A Deny that does not hold in these states without MFA.
    Misses(Vec<State>),
    /// An Allow that holds in these states without MFA.
    Admits(Vec<State>),
}

/// How conditions fail to have an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ineffective<'a> {
    /// All of them together hold for every request.
    AlwaysHold,
    /// All of them together hold for no request.
    NeverHold,
    /// This one changes nothing beside the others.
    Redundant(AgeCondition<'a>),
}

/// A condition on the age, compared by identity.
#[derive(Debug, Clone, Copy)]
pub struct AgeCondition<'a>(pub &'a Condition<'a>);

impl PartialEq for AgeCondition<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for AgeCondition<'_> {}

/// In which way conditions are turned round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inversion {
    /// They treat MFA as if it were the lack of it.
    Presence,
    /// They treat a recent MFA as if it were an old one.
    Age,
}

/// Conditions with more values than this are not looked into: each is tried at every age that any of them names.
const MAX_VALUES: usize = 128;

impl<'a> Judged<'a> {
    /// Judges `statement`; `None` if it does not ask about MFA.
    pub(super) fn new(statement: &'a Statement<'a>, version: Version) -> Option<Self> {
        let conditions: Vec<&Condition<'_>> =
            statement.conditions.iter().filter(|condition| MfaKey::of(condition).is_some()).collect();
        if conditions.is_empty() {
            return None;
        }
        let is_twice = |condition: &&&Condition<'_>| {
            let same = |other: &&&Condition<'_>| {
                other.operator_span == condition.operator_span && other.key.eq_ignore_ascii_case(condition.key)
            };
            conditions.iter().filter(same).count() > 1
        };
        if conditions.iter().map(|condition| 1 + condition.values.len()).sum::<usize>() > MAX_VALUES {
            return Some(Self { statement, conditions, table: Table::unknown(), verdict: Verdict::Unknown });
        }
        let table = table(&conditions, version);
        let verdict = match statement.effect {
            // Of a key that occurs twice, nobody knows which is meant.
            Some(_) if conditions.iter().any(|condition| is_twice(&condition)) => Verdict::Unknown,
            Some(effect) if conditions.iter().all(|condition| is_readable(condition)) => {
                verdict(effect, &table, &conditions, version)
            }
            _ => Verdict::Unknown,
        };
        Some(Self { statement, conditions, table, verdict })
    }

    /// The conditions that by themselves do not hold in `state`, or that do, as `holds` says.
    pub fn culprits(&self, state: State, holds: bool, version: Version) -> Vec<&'a Condition<'a>> {
        let wanted = if holds { Outcome::Always } else { Outcome::Never };
        let is_culprit = |condition: &&&Condition<'_>| table(&[condition], version).outcome(state) == wanted;
        self.conditions.iter().filter(is_culprit).copied().collect()
    }

    /// The operator which, in place of the one that `condition` has, makes all of the statement right.
    pub fn repair(&self, condition: &Condition<'_>, version: Version) -> Option<Operator> {
        let operator = condition.operator?;
        let plain = Operator { quantifier: Quantifier::One, ..operator };
        let candidates = [false, true].map(|if_exists| Operator { if_exists, ..plain });
        candidates
            .into_iter()
            .find(|candidate| *candidate != operator && self.is_right_with(condition, *candidate, version))
    }

    fn is_right_with(&self, condition: &Condition<'_>, operator: Operator, version: Version) -> bool {
        let changed = Condition { operator: Some(operator), ..condition.clone() };
        let conditions: Vec<&Condition<'_>> = self
            .conditions
            .iter()
            .map(|other| if std::ptr::eq(*other, condition) { &changed } else { *other })
            .collect();
        let table = table(&conditions, version);
        let effect = self.statement.effect;
        effect.is_some_and(|effect| verdict(effect, &table, &conditions, version) == Verdict::Right)
    }
}

fn table(conditions: &[&Condition<'_>], version: Version) -> Table {
    Table::new(conditions, &ages(conditions), version)
}

/// Whether it is an existing operator with values that it can read; what is not is another rule's to report, and the
/// table would only repeat it.
fn is_readable(condition: &Condition<'_>) -> bool {
    let Some(operator) = condition.operator else { return false };
    let reads = |text: &str| match (operator.base.family(), MfaKey::of(condition)) {
        (Family::Numeric, Some(MfaKey::Age)) => text.trim().parse::<f64>().is_ok(),
        (Family::Bool, Some(MfaKey::Present)) | (Family::Null, _) => is_bool(text),
        (Family::String, Some(MfaKey::Present)) => {
            let is_like = matches!(operator.base, Base::StringLike | Base::StringNotLike);
            is_bool(text)
                || is_like && ["true", "false"].iter().any(|value| glob_matches(text.as_bytes(), value.as_bytes()))
        }
        _ => false,
    };
    condition.values.iter().all(|value| value.text.has_hole() || reads(&value.text.text))
}

fn is_bool(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

fn verdict<'a>(effect: Effect, table: &Table, conditions: &[&'a Condition<'a>], version: Version) -> Verdict<'a> {
    use Outcome::{Always, Never};
    let [key, session, mfa] = [State::AccessKey, State::Session, State::Mfa].map(|state| table.outcome(state));
    if key == session && session == mfa {
        match key {
            Always => return Verdict::Ineffective(Ineffective::AlwaysHold),
            Never => return Verdict::Ineffective(Ineffective::NeverHold),
            Outcome::Sometimes => return Verdict::Unknown,
        }
    }
    let deny = effect == Effect::Deny;
    let inverted = if deny { mfa == Always && (key == Never || session == Never) } else { mfa == Never };
    if inverted {
        return Verdict::Inverted(Inversion::Presence);
    }
    let (good, bad) = if deny { (Truth::No, Truth::Yes) } else { (Truth::Yes, Truth::No) };
    if table.fresh() == bad && table.stale() == good {
        return Verdict::Inverted(Inversion::Age);
    }
    let wrong = if deny { Never } else { Always };
    let states: Vec<State> = State::WITHOUT_MFA.into_iter().filter(|state| table.outcome(*state) == wrong).collect();
    match (states.is_empty(), deny) {
        (true, _) => match redundant_age(table, conditions, version) {
            Some(redundant) => Verdict::Ineffective(Ineffective::Redundant(redundant)),
            None => Verdict::Right,
        },
        (false, true) => Verdict::Misses(states),
        (false, false) => Verdict::Admits(states),
    }
}

/// A condition on the age without which the table is the same. `Null` says again what others say, for the reader.
fn redundant_age<'a>(table: &Table, conditions: &[&'a Condition<'a>], version: Version) -> Option<AgeCondition<'a>> {
    let ages = ages(conditions);
    let is_redundant = |condition: &&&'a Condition<'a>| {
        let others: Vec<&Condition<'_>> =
            conditions.iter().filter(|other| !std::ptr::eq(**other, **condition)).copied().collect();
        let compares = condition.operator.is_some_and(|operator| operator.base != Base::Null);
        MfaKey::of(condition) == Some(MfaKey::Age) && compares && Table::new(&others, &ages, version) == *table
    };
    conditions.iter().find(is_redundant).map(|condition| AgeCondition(condition))
}
