//! Policy variables in a question: values are tried in their place, and they are left open to prove that none will do.

use super::actions::Class;
use super::ask::{Decider, worse};
use super::assign::{self, Pins};
use super::callers::Candidate;
use super::compile::{Assignment, Variable};
use super::identity;
use super::instance::Found;
use super::predicate::Mode;
use super::problem::Core;
use super::question::Unknown;
use super::scenario::Scenario;
use super::search::Budget;
use crate::access::ValuelessVariable;
use crate::access::evaluate::Context;
use crate::policy::{Statement, Version};
use std::collections::BTreeMap;

/// So often values are read off what could be a request.
const ROUNDS: usize = 6;

/// What is asked with policy variables.
struct Bracket<'q> {
    class: &'q Class,
    scenario: &'q Scenario<'q>,
    /// The variables of which nothing is known.
    free: &'q [String],
    /// Those of which the value is.
    fixed: &'q Assignment,
    /// All of them.
    variables: &'q [String],
}

impl Decider<'_> {
    /// The keys that policy variables of these statements stand for.
    pub(super) fn variables(&self, relevant: &[&Statement<'_>]) -> Vec<String> {
        let substitutes = self.policies.iter().any(|policy| policy.version == Version::V2012);
        let mut found: Vec<String> = Vec::new();
        if substitutes {
            relevant.iter().for_each(|statement| assign::collect(statement, &mut found));
        }
        found.sort();
        found.dedup();
        found
    }

    pub(super) fn scenario(&self, class: &Class, scenario: &Scenario<'_>, budget: &mut Budget) -> Found {
        let relevant: Vec<&Statement<'_>> = self.relevant(&scenario.matched).collect();
        let variables = self.variables(&relevant);
        if variables.is_empty() {
            let nothing = Assignment::new();
            let found = self.search(class, scenario, &nothing, &[], Mode::May, budget);
            let Found::Unknown(reason) = found else { return found };
            return match self.search(class, scenario, &nothing, &[], Mode::Must, budget) {
                Found::Witness(witness) => Found::Witness(witness),
                Found::Unknown(other) if other.is_internal() => Found::Unknown(other),
                _ => Found::Unknown(reason),
            };
        }
        self.with_variables(class, scenario, &variables, &relevant, budget)
    }

    /// Values are tried, and left open to prove that none will do.
    fn with_variables(
        &self,
        class: &Class,
        scenario: &Scenario<'_>,
        variables: &[String],
        relevant: &[&Statement<'_>],
        budget: &mut Budget,
    ) -> Found {
        let fixed = self.fixed_variables(scenario, variables);
        let asked = |key: &String| self.question.context.iter().any(|(own, _)| own.eq_ignore_ascii_case(key));
        let is_free = |key: &&String| !fixed.contains_key(*key) && !asked(key);
        let free: Vec<String> = variables.iter().filter(is_free).cloned().collect();
        let mut pins = assign::pins(&free, relevant, &self.question.resources);
        let mut unknown = None;
        let mut attempt = |own: &Assignment, budget: &mut Budget| {
            let mut assignment = own.clone();
            assignment.extend(fixed.clone());
            match self.search(class, scenario, &assignment, variables, Mode::Must, budget) {
                Found::Witness(witness) => Some(Found::Witness(witness)),
                Found::Unknown(reason) => {
                    unknown = worse(unknown.take(), reason);
                    None
                }
                Found::Refuted(_) | Found::Open(_) => None,
            }
        };
        let plain = assign::plain(&free, &scenario.caller, relevant);
        let shown = scenario.shown.borrow().clone();
        if let Some(found) = shown.iter().chain([&plain]).find_map(|one| attempt(one, budget)) {
            return found;
        }
        let question = Bracket { class, scenario, free: &free, fixed: &fixed, variables };
        if let Some(core) = self.prove_hidden(&question, budget) {
            return Found::Refuted(core);
        }
        let mut refuted = BTreeMap::new();
        for _ in 0..ROUNDS {
            let guesses = match self.prove(&question, &pins, &mut refuted, budget) {
                Some(Found::Open(guesses)) => guesses,
                Some(found) => return found,
                None => break,
            };
            if let Some(found) = guesses.iter().find_map(|one| attempt(one, budget)) {
                return found;
            }
            if !pins.add(&free, &guesses) {
                break;
            }
        }
        let others = assign::attempts(&free, &scenario.caller, relevant, &pins);
        if let Some(found) = others.iter().find_map(|one| attempt(one, budget)) {
            return found;
        }
        let variables = || Unknown::Variables(free.iter().map(|key| self.written(key)).collect());
        Found::Unknown(unknown.unwrap_or_else(variables))
    }

    /// The variables that the question or the caller decides. One that is asked to be absent has no value.
    fn fixed_variables(&self, scenario: &Scenario<'_>, variables: &[String]) -> Assignment {
        let mut keys = match (scenario.candidate, scenario.caller.account()) {
            (Candidate::Named(caller), _) => caller.keys(),
            (Candidate::OfSomePath(caller), _) => caller.keys().without(identity::ARN),
            (Candidate::Fresh(_), Some(account)) => Context::new().with("aws:PrincipalAccount", account),
            _ => Context::new(),
        };
        for (key, values) in &self.question.context {
            keys.set(key, values.clone());
        }
        let value = |key: &String| Some((key.clone(), Variable::Text(keys.single(key)?.to_owned())));
        variables.iter().filter_map(value).collect()
    }

    /// Shows that there is no request, with nothing known of the variables. Most often that will do, and then they need
    /// not be gone through.
    fn prove_hidden(&self, question: &Bracket<'_>, budget: &mut Budget) -> Option<Core> {
        let contested = self.question.semantics.valueless_variable == ValuelessVariable::NeverMatches;
        if question.free.is_empty() || contested {
            return None;
        }
        let mut hidden = question.fixed.clone();
        hidden.extend(question.free.iter().map(|key| (key.clone(), Variable::Hidden)));
        match self.search(question.class, question.scenario, &hidden, question.variables, Mode::May, budget) {
            Found::Refuted(core) => Some(core),
            _ => None,
        }
    }

    /// Shows that there is no request, whatever the values of the variables are, or what they may be in one. `refuted`
    /// keeps those for which there is none, with the reason.
    fn prove(
        &self,
        question: &Bracket<'_>,
        pins: &Pins,
        refuted: &mut BTreeMap<Assignment, Core>,
        budget: &mut Budget,
    ) -> Option<Found> {
        let mut core = Core::new();
        for assignment in assign::covering(question.free, question.fixed, pins)? {
            if let Some(why) = refuted.get(&assignment) {
                core.extend(why);
                continue;
            }
            match self.search(question.class, question.scenario, &assignment, question.variables, Mode::May, budget) {
                Found::Refuted(why) => {
                    core.extend(&why);
                    refuted.insert(assignment, why);
                }
                Found::Unknown(_) => return None,
                found => return Some(found),
            }
        }
        Some(Found::Refuted(core))
    }
}
