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

/// The policy variables of a question.
pub(super) struct Variables<'v> {
    /// Their keys.
    pub(super) keys: &'v [String],
    pub(super) pins: &'v Pins,
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
            let (nothing, pins) = (Assignment::new(), Pins::default());
            let none = Variables { keys: &[], pins: &pins };
            let found = self.search(class, scenario, &nothing, &none, Mode::May, budget);
            let Found::Unknown(reason) = found else { return found };
            return match self.search(class, scenario, &nothing, &none, Mode::Must, budget) {
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
        let pins = assign::pins(&free, relevant, &self.question.resources);
        let known = Variables { keys: variables, pins: &pins };
        let mut unknown = None;
        let mut attempt = |own: &Assignment, budget: &mut Budget| {
            let mut assignment = own.clone();
            assignment.extend(fixed.clone());
            match self.search(class, scenario, &assignment, &known, Mode::Must, budget) {
                Found::Witness(witness) => Some(Found::Witness(witness)),
                Found::Unknown(reason) => {
                    unknown = worse(unknown.take(), reason);
                    None
                }
                Found::Refuted(_) => None,
            }
        };
        let plain = assign::plain(&free, &scenario.caller);
        let shown = scenario.shown.borrow().clone();
        if let Some(found) = shown.iter().chain([&plain]).find_map(|one| attempt(one, budget)) {
            return found;
        }
        if let Some(core) = self.prove(class, scenario, &free, &fixed, &known, budget) {
            return Found::Refuted(core);
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

    /// Shows that there is no request, whatever the values of the variables are.
    fn prove(
        &self,
        class: &Class,
        scenario: &Scenario<'_>,
        free: &[String],
        fixed: &Assignment,
        variables: &Variables<'_>,
        budget: &mut Budget,
    ) -> Option<Core> {
        let contested = self.question.semantics.valueless_variable == ValuelessVariable::NeverMatches;
        if !free.is_empty() && !contested {
            // Most often it is seen with nothing known of the variables, and then they need not be gone through.
            let mut hidden = fixed.clone();
            hidden.extend(free.iter().map(|key| (key.clone(), Variable::Hidden)));
            if let Found::Refuted(core) = self.search(class, scenario, &hidden, variables, Mode::May, budget) {
                return Some(core);
            }
        }
        let mut core = Core::new();
        for assignment in assign::covering(free, fixed, variables.pins)? {
            match self.search(class, scenario, &assignment, variables, Mode::May, budget) {
                Found::Refuted(why) => core.extend(why),
                _ => return None,
            }
        }
        Some(core)
    }
}
