//! One search: actions, caller, credential and the values of policy variables are given, and the rest of a request is
//! looked for.

use super::actions::Class;
use super::ask::{Decider, worse};
use super::callers::Candidate;
use super::compile::{Assignment, Variable};
use super::facts::{Facts, predicate};
use super::formula::{Formula, Scene};
use super::glob::{Glob, Language};
use super::identity::{self, Sort};
use super::places::Place;
use super::predicate::{Mode, Predicate};
use super::problem::{Core, Literal, Problem, RESOURCE};
use super::question::{Callers, Unknown, Witness};
use super::scenario::Scenario;
use super::search::{Budget, Outcome, Search};
use super::together::Asked;
use super::{assign, guess, organization, region, same, time, together};
use crate::access::evaluate::Context;
use crate::access::{Caller, Request};
use crate::policy::{Statement, Truth};
use std::collections::BTreeMap;

/// What one search came to.
pub(super) enum Found {
    Witness(Box<Witness>),
    Refuted(Core),
    Unknown(Unknown),
    /// It may be with policy variables that were left open, which may be these.
    Open(Vec<Assignment>),
}

impl Decider<'_> {
    /// Searches, unless it is known that there is no request on any resource.
    pub(super) fn search(
        &self,
        class: &Class,
        scenario: &Scenario<'_>,
        assignment: &Assignment,
        variables: &[String],
        mode: Mode,
        budget: &mut Budget,
    ) -> Found {
        let asked = (assignment.clone(), mode);
        if let Some(why) = scenario.refuted.borrow().get(&asked) {
            return Found::Refuted(why.clone());
        }
        if budget.searches == 0 {
            return Found::Unknown(Unknown::Budget);
        }
        budget.searches -= 1;
        let found = self.searched(class, scenario, assignment, variables, mode, budget);
        match &found {
            Found::Refuted(why) if class.is_any => {
                scenario.refuted.borrow_mut().insert(asked, why.clone());
            }
            Found::Witness(_) => *scenario.shown.borrow_mut() = Some(asked.0),
            _ => {}
        }
        found
    }

    fn searched(
        &self,
        class: &Class,
        scenario: &Scenario<'_>,
        assignment: &Assignment,
        variables: &[String],
        mode: Mode,
        budget: &mut Budget,
    ) -> Found {
        let semantics = &self.question.semantics;
        let relevant = |at: usize| scenario.matched[at] != Truth::No;
        let mut problem = Problem::new(&self.policies, relevant, assignment, semantics, Sort::of(scenario.candidate));
        let fixed = self.fixed(&mut problem, class, scenario, assignment, variables);
        let never = self.never(&mut problem, class, scenario, assignment);
        let scene = Scene {
            statements: &problem.statements,
            matched: &scenario.matched,
            named: &scenario.named,
            incomplete: &problem.incomplete,
            twins: &self.twins,
            mode,
            caller: &scenario.caller,
            request_owner: scenario.owner.judged(),
            action: &class.first,
        };
        let exact = !scenario.matched.contains(&Truth::Maybe) && problem.incomplete.is_empty();
        let open = assignment.values().any(|value| !matches!(value, Variable::Text(_)));
        let is_hidden = assignment.values().any(|value| *value == Variable::Hidden);
        let (mut core, mut unknown, mut guesses) = (Core::new(), None, Vec::new());
        for mut goal in self.formula.goals(&scene) {
            goal.fixed.clone_from(&fixed);
            goal.never.clone_from(&never);
            match Search::new(&problem, &class.resources, mode, budget).run(&goal) {
                // Variables left open make no request, and more than there is seems possible.
                Outcome::Model(_) if is_hidden => return Found::Unknown(Unknown::Hole(Vec::new())),
                Outcome::Model(model) if open => {
                    let relevant: Vec<&Statement<'_>> = self.relevant(&scenario.matched).collect();
                    let request = self.request(class, scenario, &problem, &model);
                    guesses.extend(guess::guesses(&problem, &request, &relevant, assignment));
                    unknown = worse(unknown, Unknown::Hole(Vec::new()));
                }
                Outcome::Model(model) => {
                    let request = self.request(class, scenario, &problem, &model);
                    // What could be need not be.
                    let could = mode == Mode::May && !(exact && problem.is_exact());
                    match self.shown(scenario, request, could) {
                        Ok(witness) => return Found::Witness(witness),
                        Err(reason) => unknown = worse(unknown, reason),
                    }
                }
                Outcome::Refuted(why) => core.extend(why),
                Outcome::GaveUp => unknown = worse(unknown, Unknown::Budget),
            }
        }
        if !guesses.is_empty() {
            return Found::Open(guesses);
        }
        unknown.map_or(Found::Refuted(core), Found::Unknown)
    }

    /// What is true of no request.
    fn never(
        &self,
        problem: &mut Problem<'_>,
        class: &Class,
        scenario: &Scenario<'_>,
        assignment: &Assignment,
    ) -> Vec<Vec<Literal>> {
        let asked = Asked(&self.question.context);
        // Whoever has a policy attached may be of any account.
        let account = scenario.caller.account().filter(|_| !scenario.candidate.is_attached());
        let mut never = together::never(problem, asked);
        never.extend(same::never(problem, asked));
        never.extend(organization::never(problem, asked));
        never.extend(organization::never_apart(problem, &scenario.owner, account, assignment, asked));
        never.extend(scenario.owner.never(problem));
        never.extend(region::never(problem, class.endpoint));
        never.extend(together::bound(problem, &class.bound));
        never
    }

    /// Puts a request that was found to the evaluator. `could` says that it is one only if what is hidden is so.
    fn shown(&self, scenario: &Scenario<'_>, request: Request, could: bool) -> Result<Box<Witness>, Unknown> {
        if !request.fits_its_caller() {
            // A number is not looked for in the ARN of one that stands for many.
            let stands_for_many = Sort::of(scenario.candidate).is_some();
            return Err(if stands_for_many { Unknown::Budget } else { Unknown::Disagreement(Box::new(request)) });
        }
        match self.formula.replay(&request, &self.question.semantics) {
            (Truth::Yes, statement) => {
                let (credential, keys) = (scenario.credential, self.telling(&request));
                // Of all others, AWS's spelling is known.
                let is_own = |key: &&str| !key.starts_with("aws:") || key.contains('/');
                let own = request.context.iter().map(|(key, _)| key).filter(is_own);
                let written = own.map(|key| self.written(key)).collect();
                Ok(Box::new(Witness { request, credential, statement, keys, written }))
            }
            (Truth::Maybe, _) => Err(Unknown::Hole(Vec::new())),
            (Truth::No, _) if could => Err(Unknown::Hole(Vec::new())),
            (Truth::No, _) => Err(Unknown::Disagreement(Box::new(request))),
        }
    }

    /// The keys without which the request would not do, or would not be what is asked about.
    fn telling(&self, request: &Request) -> Vec<String> {
        let asked = |key: &str| self.question.context.iter().any(|(own, _)| own.eq_ignore_ascii_case(key));
        let needs = |key: &str| {
            if asked(key) {
                return true;
            }
            let mut without = request.clone();
            without.context.set(key, Vec::new());
            self.formula.replay(&without, &self.question.semantics).0 != Truth::Yes
        };
        request.context.iter().map(|(key, _)| key).filter(|key| needs(key)).map(str::to_owned).collect()
    }

    /// A folded key as it is written where it is asked about.
    pub(super) fn written(&self, key: &str) -> String {
        let is_key = |written: &&str| written.eq_ignore_ascii_case(key);
        let conditions = self.statements.iter().flat_map(|statement| &statement.conditions);
        let mut known = conditions.map(|condition| condition.key);
        let variable = || self.statements.iter().find_map(|statement| assign::written(statement, key));
        let asked = || self.question.context.iter().map(|(key, _)| key.as_str()).find(is_key);
        known.find(is_key).or_else(variable).or_else(asked).unwrap_or(key).to_owned()
    }

    /// What is true of every request that is looked for.
    fn fixed(
        &self,
        problem: &mut Problem<'_>,
        class: &Class,
        scenario: &Scenario<'_>,
        assignment: &Assignment,
        variables: &[String],
    ) -> Vec<Literal> {
        let mut facts = Facts { problem, literals: Vec::new() };
        for key in variables {
            match assignment.get(key) {
                Some(Variable::Text(value)) => facts.is(key, value),
                Some(Variable::Open(own) | Variable::Elsewhere(own)) => {
                    facts.is_there(key);
                    facts.is_none_of(key, own.but.iter());
                }
                Some(Variable::Hidden) => {}
                None => facts.is_absent(key),
            }
        }
        for (key, values) in &self.question.context {
            facts.has(key, values);
        }
        class.absent.iter().for_each(|key| facts.is_never_there(key));
        region::fix(&mut facts, class.endpoint, &self.places, self.question);
        if !class.absent.iter().any(|key| key == together::ACCOUNT) {
            scenario.owner.fix(&mut facts, matches!(self.question.callers, Callers::Only(_)));
        }
        self.fix_resources(&mut facts);
        if let Formula::Allowed(policies) | Formula::Made(policies) = &self.formula
            && policies.has_endpoint()
        {
            facts.through_endpoint(&self.question.context);
        }
        match scenario.credential {
            Some(credential) => facts.credential(credential),
            None if scenario.candidate.credentials().is_empty() => facts.never_with_mfa(),
            None => {}
        }
        match &scenario.partition {
            Some(own) => {
                // `*` is of each, so that it is said of what partitions the resource is not.
                let others = self.question.catalog.partitions().map(|other| other.name()).filter(|other| other != own);
                let elsewhere = Language { globs: others.map(Glob::literal).collect() };
                let elsewhere = together::with_part(&elsewhere, 0);
                facts.resource(Predicate { negated: true, ..predicate(elsewhere) });
                let places: Vec<Place> = self.places.iter().filter(|place| place.partition == *own).cloned().collect();
                facts.caller(scenario.candidate, &self.candidates, &places);
            }
            None => facts.caller(scenario.candidate, &self.candidates, &self.places),
        }
        facts.literals
    }

    /// What the question says of resources.
    fn fix_resources(&self, facts: &mut Facts<'_, '_>) {
        if !self.question.resources.is_empty() {
            let globs = self.question.resources.iter().map(|text| match text.as_str() {
                "*" => Glob::wild("*"),
                text => Glob::wild(text).hold_to_parts(false),
            });
            let language = Language { globs: globs.collect() };
            facts.resource(predicate(language));
        }
        if !self.question.other_than.is_empty() {
            let globs = self.question.other_than.iter().map(|text| Glob::wild(text).hold_to_parts(false));
            let outside = Predicate { negated: true, ..predicate(Language { globs: globs.collect() }) };
            facts.resource(outside);
        }
    }

    fn request(
        &self,
        class: &Class,
        scenario: &Scenario<'_>,
        problem: &Problem<'_>,
        model: &BTreeMap<usize, Vec<String>>,
    ) -> Request {
        let mut context = Context::new();
        for (key, values) in problem.entries(model) {
            context.set(&key, values);
        }
        let resource = model.get(&RESOURCE).and_then(|values| values.first()).cloned().unwrap_or_default();
        let signer = match (scenario.candidate, context.single(identity::ARN)) {
            (candidate, Some(arn)) if Sort::of(candidate).is_some() => Caller::from_arn(arn),
            (Candidate::Canonical { like, .. }, _) => like.clone(),
            // One that stands for many is of the partition that the resource is of.
            (candidate, None) if Sort::of(candidate).is_some() && resource.starts_with("arn:") => {
                scenario.caller.in_partition(resource.split(':').nth(1).unwrap_or(""))
            }
            _ => scenario.caller.clone(),
        };
        let caller = match (&scenario.caller, &signer) {
            (Caller::CanonicalUser { .. }, _) => scenario.caller.clone(),
            // A session that is asked about by name keeps it, whatever the path of its role.
            (Caller::Session { session, .. }, Caller::Session { role, .. }) => {
                let session = scenario.caller.session_name().and(Some(session));
                session
                    .map_or_else(|| signer.clone(), |own| Caller::Session { role: role.clone(), session: own.clone() })
            }
            _ => signer.clone(),
        };
        together::complete(problem, &mut context, together::ACCOUNT, together::account_of(&resource));
        same::complete(problem, &mut context);
        organization::complete(problem, &mut context);
        region::complete(problem, class.endpoint, &mut context, &resource);
        // What was asked of the ARN, or of the time, was asked of these.
        for key in &problem.derived {
            let value = match key.as_str() {
                time::EPOCH => context.single(time::NOW).and_then(time::seconds),
                "aws:username" => signer.name().map(str::to_owned),
                "aws:userid" => assign::id(&signer),
                _ => signer.account().map(str::to_owned),
            };
            context.set(key, value.into_iter().collect());
        }
        let owner = scenario.owner.of(&resource, &context);
        Request { caller, action: class.first.clone(), resource, owner, context }
    }
}
