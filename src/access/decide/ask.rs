//! From a question to an answer: through all actions, callers and credentials, and for each of these the search.

use super::actions::{Class, Universe};
use super::assign;
use super::callers::{Candidate, Credential, candidates, meant};
use super::compile::{Assignment, Variable};
use super::facts::{CALLER_KEYS, CREDENTIAL_KEYS, Facts, predicate};
use super::formula::{Formula, Scene};
use super::glob::{Glob, Language};
use super::predicate::{Mode, Predicate};
use super::problem::{Core, Literal, Part, Problem, RESOURCE};
use super::question::{Answer, Callers, Proof, Question, Unknown, Witness};
use super::search::{Budget, Outcome, Search};
use crate::access::evaluate::{Context, Named};
use crate::access::{Caller, Policies, Request};
use crate::policy::{Policy, Statement, Truth, Version};
use std::collections::BTreeMap;

/// Answers questions about one formula.
pub(in crate::access) struct Decider<'a> {
    formula: Formula<'a>,
    question: &'a Question,
    policies: Vec<&'a Policy<'a>>,
    statements: Vec<&'a Statement<'a>>,
    candidates: Vec<Candidate>,
    universe: Universe,
    classes: Vec<Class>,
}

/// One way to make the request: who, and with what credential.
struct Scenario<'s> {
    candidate: &'s Candidate,
    caller: Caller,
    credential: Option<Credential>,
    matched: Vec<Truth>,
    named: Vec<Option<Named>>,
}

/// What one search came to.
enum Found {
    Witness(Box<Witness>),
    Refuted(Core),
    Unknown(Unknown),
}

impl<'a> Decider<'a> {
    pub(in crate::access) fn new(formula: Formula<'a>, question: &'a Question) -> Self {
        let policies = formula.policies();
        let statements: Vec<&'a Statement<'a>> = policies.iter().flat_map(|policy| &policy.statements).collect();
        let items = statements.iter().filter_map(|one| one.action.as_ref()).flat_map(|element| &element.items);
        let literal = items.filter(|item| item.is_literal()).map(|item| &*item.text);
        let universe = Universe::new(literal.chain(question.actions.iter().map(String::as_str)));
        let wanted = match question.actions.is_empty() {
            true => universe.set(["*"].into_iter()),
            false => universe.set(question.actions.iter().map(String::as_str)),
        };
        let classes = universe.classes(&wanted, &statements);
        let mut candidates = callers(&policies, &question.callers);
        if let (Formula::Allowed(Policies::Account(_)), Callers::Anyone) = (&formula, &question.callers) {
            // An account's root user may do everything there, which is no answer to what the policies allow.
            let owner = question.owner.as_deref().unwrap_or(super::domain::ACCOUNT);
            candidates
                .retain(|one| !matches!(one, Candidate::Named(Caller::Root { account }) if account.as_str() == owner));
        }
        Self { formula, question, policies, statements, candidates, universe, classes }
    }

    /// Asks the same about another formula over the same policies.
    pub(in crate::access) fn turn_to(&mut self, formula: Formula<'a>) {
        self.formula = formula;
    }

    /// Whether there is such a request.
    pub(in crate::access) fn answer(&self) -> Answer {
        let (mut core, mut unknown) = (Core::new(), None);
        for (_, answer) in self.parts() {
            match answer {
                Answer::Possible(_) => return answer,
                Answer::Impossible(proof) => core.extend(proof.core),
                Answer::Unknown(reason) => unknown = worse(unknown, reason),
            }
        }
        match unknown {
            Some(reason) => Answer::Unknown(reason),
            None => Answer::Impossible(Proof { core: core.into_iter().collect() }),
        }
    }

    /// The answer for each class of actions, with the actions' names.
    pub(in crate::access) fn classes(&self) -> impl Iterator<Item = (Vec<String>, Answer)> {
        self.parts().map(|(class, answer)| (self.universe.names(&class), answer))
    }

    /// The answers one by one, each found when it is asked for.
    fn parts(&self) -> impl Iterator<Item = (Class, Answer)> {
        self.classes.iter().flat_map(move |class| {
            // What is impossible on any resource is so on those that each action works on, and most of the catalogue
            // is that: it need not be gone through. Only with a resource's own policy do services differ beyond that.
            let alike = !matches!(self.formula, Formula::Allowed(Policies::Account(_)));
            let whole = (alike && class.members.is_large()).then(|| self.class(class));
            let whole = whole.filter(|answer| matches!(answer, Answer::Impossible(_)));
            let parts = match whole {
                Some(_) => vec![class.clone()],
                None => self.universe.by_resources(class, self.question.realism),
            };
            parts.into_iter().map(move |part| {
                let answer = whole.clone().unwrap_or_else(|| self.class(&part));
                (part, answer)
            })
        })
    }

    fn class(&self, class: &Class) -> Answer {
        let (mut core, mut unknown) = (Core::new(), None);
        let mut budget = Budget::FULL;
        for scenario in self.scenarios(class) {
            match self.scenario(class, &scenario, &mut budget) {
                Found::Witness(witness) => return Answer::Possible(witness),
                Found::Refuted(why) => core.extend(why),
                Found::Unknown(reason) => unknown = worse(unknown, reason),
            }
        }
        core.retain(|(_, part)| *part != Part::Question);
        match unknown {
            Some(reason) => Answer::Unknown(reason),
            None => Answer::Impossible(Proof { core: core.into_iter().collect() }),
        }
    }

    /// The callers and credentials to go through for a class. Those between which no statement tells a difference
    /// are left out.
    fn scenarios<'s>(&'s self, class: &'s Class) -> Vec<Scenario<'s>> {
        let relevant: Vec<&Statement<'_>> = self.relevant(&class.matched).collect();
        let mentions = |keys: &[&str]| {
            let own = |key: &str| keys.iter().any(|known| known.eq_ignore_ascii_case(key));
            let conditions = relevant.iter().flat_map(|statement| &statement.conditions);
            conditions.into_iter().any(|condition| own(condition.key))
                || self.variables(&relevant).iter().any(|key| own(key))
                || self.question.context.iter().any(|(key, _)| own(key))
        };
        let about_credential = mentions(CREDENTIAL_KEYS) || !self.question.credentials.is_empty();
        let about_caller = mentions(CALLER_KEYS) || about_credential;
        let mut found: Vec<Scenario<'s>> = Vec::new();
        for candidate in &self.candidates {
            let caller = candidate.caller();
            let (mut matched, mut named) = (class.matched.clone(), vec![None; class.matched.len()]);
            for (at, statement) in self.statements.iter().enumerate() {
                if let Some(element) = &statement.principal {
                    let (truth, name) = meant(element, &caller, statement.effect, &self.question.semantics);
                    matched[at] = matched[at].and(truth);
                    named[at] = name;
                }
            }
            let alike = |other: &Scenario<'_>| {
                let sort = std::mem::discriminant(&other.caller) == std::mem::discriminant(&caller);
                other.matched == matched && other.named == named && sort && caller.account() == other.caller.account()
            };
            let attached = matches!(candidate, Candidate::AttachedRole);
            if !about_caller && (attached || found.iter().any(alike)) {
                continue;
            }
            let own = candidate.credentials();
            if own.is_empty() && !self.asks_about_the_unsigned() {
                continue;
            }
            let asked = |credential: &&Credential| {
                self.question.credentials.is_empty() || self.question.credentials.contains(credential)
            };
            let credentials: Vec<Option<Credential>> = match about_credential && !own.is_empty() {
                true => own.iter().filter(asked).copied().map(Some).collect(),
                false => vec![None],
            };
            for credential in credentials {
                let (matched, named) = (matched.clone(), named.clone());
                found.push(Scenario { candidate, caller: caller.clone(), credential, matched, named });
            }
        }
        found
    }

    /// Whoever has no credential, as a service or the anonymous, comes without MFA, so they are meant where all that
    /// come without it are, and not where a credential is asked for.
    fn asks_about_the_unsigned(&self) -> bool {
        let asked = &self.question.credentials;
        asked.is_empty() || Credential::WITHOUT_MFA.iter().all(|credential| asked.contains(credential))
    }

    fn relevant<'s>(&'s self, matched: &'s [Truth]) -> impl Iterator<Item = &'a Statement<'a>> + 's {
        self.statements.iter().zip(matched).filter(|(_, truth)| **truth != Truth::No).map(|(one, _)| *one)
    }

    /// The keys that policy variables of these statements stand for.
    fn variables(&self, relevant: &[&Statement<'_>]) -> Vec<String> {
        let substitutes = self.policies.iter().any(|policy| policy.version == Version::V2012);
        let mut found: Vec<String> = Vec::new();
        if substitutes {
            relevant.iter().for_each(|statement| assign::collect(statement, &mut found));
        }
        found.sort();
        found.dedup();
        found
    }

    fn scenario(&self, class: &Class, scenario: &Scenario<'_>, budget: &mut Budget) -> Found {
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
        let attempts = assign::attempts(&free, relevant);
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
                Found::Refuted(_) => None,
            }
        };
        if let Some(found) = attempts.first().and_then(|first| attempt(first, budget)) {
            return found;
        }
        if let Some(core) = self.prove(class, scenario, &free, &fixed, variables, budget) {
            return Found::Refuted(core);
        }
        if let Some(found) = attempts.iter().skip(1).find_map(|one| attempt(one, budget)) {
            return found;
        }
        Found::Unknown(unknown.unwrap_or(Unknown::Variables(free)))
    }

    /// The variables that the question or the caller decides. One that is asked to be absent has no value.
    fn fixed_variables(&self, scenario: &Scenario<'_>, variables: &[String]) -> Assignment {
        let mut keys = match scenario.candidate.arn_pattern() {
            Some(_) => Context::new(),
            None => scenario.caller.keys(),
        };
        for (key, values) in &self.question.context {
            keys.set(key, values.clone());
        }
        let value = |key: &String| Some((key.clone(), Variable::Text(keys.single(key)?.to_owned())));
        variables.iter().filter_map(value).collect()
    }

    fn prove(
        &self,
        class: &Class,
        scenario: &Scenario<'_>,
        free: &[String],
        fixed: &Assignment,
        variables: &[String],
        budget: &mut Budget,
    ) -> Option<Core> {
        let mut core = Core::new();
        for assignment in assign::covering(free, fixed)? {
            match self.search(class, scenario, &assignment, variables, Mode::May, budget) {
                Found::Refuted(why) => core.extend(why),
                _ => return None,
            }
        }
        Some(core)
    }

    fn search(
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
        let mut problem = Problem::new(&self.policies, relevant, assignment, semantics);
        let fixed = self.fixed(&mut problem, scenario, assignment, variables);
        let owner = self.owner(scenario);
        let scene = Scene {
            statements: &problem.statements,
            matched: &scenario.matched,
            named: &scenario.named,
            incomplete: &problem.incomplete,
            mode,
            caller: &scenario.caller,
            request_owner: owner.as_deref(),
            is_kms: class.first.to_ascii_lowercase().starts_with("kms:"),
            is_sts: class.first.to_ascii_lowercase().starts_with("sts:"),
        };
        let exact = !scenario.matched.contains(&Truth::Maybe) && problem.incomplete.is_empty();
        let open = assignment.values().any(|value| matches!(value, Variable::Open(_)));
        let (mut core, mut unknown) = (Core::new(), None);
        for mut goal in self.formula.goals(&scene) {
            goal.fixed.clone_from(&fixed);
            match Search::new(&problem, &class.resources, mode, budget).run(&goal) {
                // Variables left open make no request, and more than there is seems possible.
                Outcome::Model(_) if open => return Found::Unknown(Unknown::Hole),
                Outcome::Model(model) => {
                    let request = self.request(class, scenario, &problem, &model, owner.clone());
                    match self.formula.replay(&request, semantics) {
                        (Truth::Yes, statement) => {
                            let (credential, keys) = (scenario.credential, self.essential(&request));
                            return Found::Witness(Box::new(Witness { request, credential, statement, keys }));
                        }
                        (Truth::Maybe, _) => unknown = worse(unknown, Unknown::Hole),
                        // What could be need not be.
                        (Truth::No, _) if mode == Mode::May && !(exact && problem.is_exact()) => {
                            unknown = worse(unknown, Unknown::Hole);
                        }
                        (Truth::No, _) => {
                            let reason = Unknown::Disagreement(Box::new(request));
                            unknown = worse(unknown, reason);
                        }
                    }
                }
                Outcome::Refuted(why) => core.extend(why),
                Outcome::GaveUp => unknown = worse(unknown, Unknown::Budget),
            }
        }
        unknown.map_or(Found::Refuted(core), Found::Unknown)
    }

    /// The keys without which the request would not do.
    fn essential(&self, request: &Request) -> Vec<String> {
        let needs = |key: &str| {
            let mut without = request.clone();
            without.context.set(key, Vec::new());
            self.formula.replay(&without, &self.question.semantics).0 != Truth::Yes
        };
        request.context.iter().map(|(key, _)| key).filter(|key| needs(key)).map(str::to_owned).collect()
    }

    /// The account whose resources are asked about, where that matters.
    fn owner(&self, scenario: &Scenario<'_>) -> Option<String> {
        if let Some(owner) = &self.question.owner {
            // Whoever has the policy attached may be of any account, and then the resource is of the same.
            let attached = matches!(scenario.candidate, Candidate::AttachedUser | Candidate::AttachedRole);
            let own = attached && scenario.caller.account() == Some(owner);
            return (!own).then(|| owner.clone());
        }
        match &self.formula {
            Formula::Allowed(Policies::Account(layers)) if !layers.resource.is_empty() => {
                Some(super::domain::ACCOUNT.to_owned())
            }
            _ => None,
        }
    }

    /// What is true of every request that is looked for.
    fn fixed(
        &self,
        problem: &mut Problem<'_>,
        scenario: &Scenario<'_>,
        assignment: &Assignment,
        variables: &[String],
    ) -> Vec<Literal> {
        let mut facts = Facts { problem, literals: Vec::new() };
        for key in variables {
            match assignment.get(key) {
                Some(Variable::Text(value)) => facts.is(key, value),
                Some(Variable::Open(_)) => facts.is_there(key),
                None => facts.is_absent(key),
            }
        }
        for (key, values) in &self.question.context {
            facts.has(key, values);
        }
        if !self.question.resources.is_empty() {
            let globs = self.question.resources.iter().map(|text| match text.as_str() {
                "*" => Glob::wild("*"),
                text => Glob::wild(text).hold_to_parts(false),
            });
            let language = Language { globs: globs.collect() };
            let (variable, test) = facts.problem.add_resource(predicate(language));
            facts.push(variable, test);
        }
        if !self.question.other_than.is_empty() {
            let globs = self.question.other_than.iter().map(|text| Glob::wild(text).hold_to_parts(false));
            let outside = Predicate { negated: true, ..predicate(Language { globs: globs.collect() }) };
            let (variable, test) = facts.problem.add_resource(outside);
            facts.push(variable, test);
        }
        if let Some(credential) = scenario.credential {
            facts.credential(credential);
        }
        facts.caller(scenario.candidate, &self.candidates);
        facts.literals
    }

    fn request(
        &self,
        class: &Class,
        scenario: &Scenario<'_>,
        problem: &Problem<'_>,
        model: &BTreeMap<usize, Vec<String>>,
        owner: Option<String>,
    ) -> Request {
        let mut context = Context::new();
        for (key, values) in problem.entries(model) {
            context.set(&key, values);
        }
        let resource = model.get(&RESOURCE).and_then(|values| values.first()).cloned().unwrap_or_default();
        let caller = match (scenario.candidate.arn_pattern(), context.single("aws:principalarn")) {
            (Some(_), Some(arn)) => Caller::from_arn(arn),
            (Some(_), None) => match (&scenario.caller, context.single("aws:username")) {
                (Caller::User { arn }, Some(name)) => {
                    let path = arn.rsplit_once('/').map_or("", |(path, _)| path);
                    Caller::User { arn: format!("{path}/{name}") }
                }
                (caller, _) => caller.clone(),
            },
            (None, _) => scenario.caller.clone(),
        };
        Request { caller, action: class.first.clone(), resource, owner, context }
    }
}

/// The candidates that the question is about.
fn callers(policies: &[&Policy<'_>], asked: &Callers) -> Vec<Candidate> {
    let all = candidates(policies);
    match asked {
        Callers::Anyone => all,
        Callers::Only(caller) => vec![Candidate::Named(caller.clone())],
        Callers::Anonymous => vec![Candidate::Named(Caller::Anonymous)],
        Callers::Outside(own) => {
            let outside = |candidate: &Candidate| match candidate.caller() {
                Caller::Service { .. } | Caller::Federated { .. } => false,
                caller => caller.account().is_none_or(|account| !own.iter().any(|own| own == account)),
            };
            all.into_iter().filter(outside).collect()
        }
    }
}

/// What to say where several things are not known: an error of ours first.
fn worse(known: Option<Unknown>, new: Unknown) -> Option<Unknown> {
    match known {
        Some(known) if known.is_internal() || !new.is_internal() => Some(known),
        _ => Some(new),
    }
}
