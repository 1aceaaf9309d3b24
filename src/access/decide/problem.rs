//! All that is asked of one request, as tests on its variables: the resource and the keys.

use super::compile::Variable;
use super::compile::{Assignment, Compiler};
use super::domain;
use super::glob::{Language, Search};
use super::identity::{self, Sort};
use super::key::{Entry, KeyTest};
use super::opened::Value;
use super::predicate::{Demands, Domain, Mode, Predicate};
use super::resources::Resources;
use super::time;
use crate::access::{Semantics, StatementId};
use crate::policy::{Condition, Effect, Policy, Quantifier, Statement, Truth};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A part of a statement that a proof rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All of it.
    Whole,
    /// `Resource` or `NotResource`.
    Resource,
    /// The condition of that number.
    Condition(usize),
    /// No statement, but what was asked, or what is true of every such request.
    Question,
}

/// What a proof rests on.
pub(super) type Core = BTreeSet<(StatementId, Part)>;

/// Stands for the question where a [`StatementId`] is wanted.
pub(super) const QUESTION: StatementId = StatementId { policy: usize::MAX, statement: usize::MAX };

/// A test and how it has to come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Literal {
    pub(super) variable: usize,
    pub(super) test: usize,
    pub(super) holds: bool,
    pub(super) source: (StatementId, Part),
}

/// A statement as tests; it matches if all of them hold.
pub(super) struct Compiled {
    pub(super) id: StatementId,
    pub(super) effect: Option<Effect>,
    /// Whether it may say more than is known.
    pub(super) hidden: bool,
    /// Whether it never matches, as it has no action, or is left out of the question.
    pub(super) never: bool,
    pub(super) literals: Vec<Literal>,
}

/// The variable that is the resource; the others are keys.
pub(super) const RESOURCE: usize = 0;

pub(super) struct Problem<'a> {
    pub(super) statements: Vec<Compiled>,
    pub(super) incomplete: Vec<usize>,
    pub(super) semantics: &'a Semantics,
    pub(super) resource_tests: Vec<Predicate>,
    keys: Vec<Key>,
    by_name: HashMap<String, usize>,
    quantified: BTreeSet<String>,
    /// The sort of the caller, where it has no one ARN.
    sort: Option<Sort>,
    /// Keys whose tests have become tests of the caller's ARN.
    pub(super) derived: BTreeSet<String>,
    /// The variables that are left open.
    open: Vec<Open>,
}

struct Key {
    name: String,
    domain: Domain,
    tests: Vec<KeyTest>,
    /// Of those of the tests that were asked of another key, what was asked of it, with its name.
    asked: BTreeMap<usize, (String, KeyTest)>,
}

/// A policy variable that is left open.
struct Open {
    id: u32,
    key: String,
    /// What its values look like.
    shape: Option<Language>,
}

impl<'a> Problem<'a> {
    /// Compiles the statements for which `relevant`, by their number among all, holds.
    pub(super) fn new(
        policies: &[&'a Policy<'a>],
        relevant: impl Fn(usize) -> bool,
        assignment: &Assignment,
        semantics: &'a Semantics,
        sort: Option<Sort>,
    ) -> Self {
        let mut problem = Self {
            statements: Vec::new(),
            incomplete: Vec::new(),
            semantics,
            resource_tests: Vec::new(),
            keys: Vec::new(),
            by_name: HashMap::new(),
            quantified: BTreeSet::new(),
            sort,
            derived: BTreeSet::new(),
            open: assignment.iter().filter_map(Open::of).collect(),
        };
        // A set operator anywhere tells that the key has several values, in whatever statement it is asked about.
        let conditions = policies.iter().flat_map(|policy| &policy.statements).flat_map(|one| &one.conditions);
        let set_operator = |one: &&Condition<'_>| one.operator.is_some_and(|it| it.quantifier != Quantifier::One);
        problem.quantified = conditions.filter(set_operator).map(|condition| condition.key.to_lowercase()).collect();
        for (number, policy) in policies.iter().copied().enumerate() {
            let compiler = Compiler { version: policy.version, semantics, assignment };
            if !policy.complete {
                problem.incomplete.push(number);
            }
            for (index, statement) in policy.statements.iter().enumerate() {
                let id = StatementId { policy: number, statement: index };
                let compiled = if relevant(problem.statements.len()) {
                    problem.compile(id, statement, compiler)
                } else {
                    Compiled { id, effect: statement.effect, hidden: false, never: true, literals: Vec::new() }
                };
                problem.statements.push(compiled);
            }
        }
        problem
    }

    fn compile(&mut self, id: StatementId, statement: &'a Statement<'a>, compiler: Compiler<'_>) -> Compiled {
        let mut literals = Vec::with_capacity(statement.conditions.len() + 1);
        let never = statement.action.is_none() && statement.is_settled();
        if let Some(element) = &statement.resource {
            let everything = !element.negated
                && element.complete
                && element.items.iter().any(|item| !item.text.is_empty() && item.text.bytes().all(|b| b == b'*'));
            if !everything {
                self.resource_tests.push(compiler.resource(element));
                let test = self.resource_tests.len() - 1;
                literals.push(Literal { variable: RESOURCE, test, holds: true, source: (id, Part::Resource) });
            }
        }
        for (at, condition) in statement.conditions.iter().enumerate() {
            // What an operator that does not exist is to ask is not known.
            if let Some(test) = compiler.condition(condition) {
                let (variable, test) = self.add(condition.key, test);
                literals.push(Literal { variable, test, holds: true, source: (id, Part::Condition(at)) });
            }
        }
        Compiled { id, effect: statement.effect, hidden: !statement.is_settled(), never, literals }
    }

    /// Adds a test of a key, and answers where it is.
    pub(super) fn add(&mut self, key: &str, test: KeyTest) -> (usize, usize) {
        let mut name = key.to_lowercase();
        let open = self.open.iter().find(|open| open.key == name);
        let test = match open {
            Some(open) => test.of_own_value(open.id),
            None => test,
        };
        let asked = open.map(|_| (name.clone(), test.clone()));
        let of_arn = self.sort.and_then(|sort| sort.translate(&name, &test)).map(|test| (identity::ARN, test));
        let test = match of_arn.or_else(|| time::translate(&name, &test)) {
            Some((other, translated)) => {
                self.derived.insert(std::mem::replace(&mut name, other.to_owned()));
                translated
            }
            None => test,
        };
        let next = self.keys.len();
        let at = *self.by_name.entry(name.clone()).or_insert(next);
        if at == next {
            let domain = domain::of_key(&name, self.quantified.contains(&name));
            self.keys.push(Key { name, domain, tests: Vec::new(), asked: BTreeMap::new() });
        }
        let key = &mut self.keys[at];
        let number = key.tests.len();
        key.tests.push(test);
        key.asked.extend(asked.map(|asked| (number, asked)));
        (at + 1, number)
    }

    /// Says that requests may carry several values of `key`.
    pub(super) fn takes_several(&mut self, key: &str) {
        let name = key.to_lowercase();
        if let Some(at) = self.by_name.get(&name) {
            self.keys[*at].domain.several = true;
        }
        self.quantified.insert(name);
    }

    /// Adds a test of the resource that is no statement's.
    pub(super) fn add_resource(&mut self, predicate: Predicate) -> (usize, usize) {
        self.resource_tests.push(predicate);
        (RESOURCE, self.resource_tests.len() - 1)
    }

    /// Whether nothing is hidden: every set is known, and every statement complete.
    pub(super) fn is_exact(&self) -> bool {
        let tests = self.keys.iter().flat_map(|key| &key.tests);
        let exact = |test: &KeyTest| match test {
            KeyTest::Presence { absent, present } => *absent != Truth::Maybe && *present != Truth::Maybe,
            KeyTest::Values { predicate, .. } => predicate.is_exact(),
        };
        let statements = || self.statements.iter().filter(|one| !one.never);
        tests.into_iter().all(exact)
            && self.resource_tests.iter().all(Predicate::is_exact)
            && statements().all(|one| !one.hidden && one.effect.is_some())
    }

    /// Whether some statement, or the question, asks about `key`.
    pub(super) fn mentions(&self, key: &str) -> bool {
        self.by_name.contains_key(key)
    }

    /// Whether there is such a key among those that are asked about.
    pub(super) fn mentions_any(&self, is: impl Fn(&str) -> bool) -> bool {
        self.keys.iter().any(|key| is(&key.name))
    }

    /// What is asked of a key so far.
    pub(super) fn tests_of(&self, key: &str) -> Vec<KeyTest> {
        self.by_name.get(key).map(|at| self.keys[*at].tests.clone()).unwrap_or_default()
    }

    /// The keys that are asked about, folded.
    pub(super) fn names(&self) -> Vec<String> {
        self.keys.iter().map(|key| key.name.clone()).collect()
    }

    pub(super) fn variables(&self) -> usize {
        self.keys.len() + 1
    }

    pub(super) fn key_name(&self, variable: usize) -> &str {
        &self.keys[variable - 1].name
    }

    /// A value of `variable` for which all of `wanted` come out as they have to. For a key, none at all means that
    /// it is absent. `known` are tests of variables that are left open; see [`Self::is_of_open_key`].
    pub(super) fn value(
        &self,
        variable: usize,
        (wanted, known): (&[(usize, bool)], &[Literal]),
        resources: &Resources,
        mode: Mode,
        budget: &mut usize,
    ) -> Search<Vec<String>> {
        if variable == RESOURCE {
            return self.resource((wanted, known), resources, mode, budget).map(|value| vec![value]);
        }
        let key = &self.keys[variable - 1];
        let tests: Vec<_> = wanted.iter().map(|(test, holds)| (&key.tests[*test], *holds)).collect();
        let opened = self.opened(known, mode);
        Entry { wanted: &tests, domain: &key.domain, opened: &opened, mode, semantics: self.semantics, budget }.find()
    }

    /// Whether it says something of the value of a variable that is left open.
    pub(super) fn is_of_open_key(&self, literal: Literal) -> bool {
        literal.variable != RESOURCE && self.keys[literal.variable - 1].asked.contains_key(&literal.test)
    }

    /// What `known` tells of the values of the variables that are left open.
    pub(super) fn opened<'p>(&'p self, known: &[Literal], mode: Mode) -> Vec<Value<'p>> {
        let value = |open: &'p Open| {
            let mut demands = Demands::default();
            demands.within(open.shape.as_ref());
            for literal in known {
                match self.keys[literal.variable - 1].asked.get(&literal.test) {
                    Some((key, KeyTest::Values { quantifier: Quantifier::One, predicate, .. })) if *key == open.key => {
                        demands.add(predicate, literal.holds, mode, self.semantics);
                    }
                    _ => {}
                }
            }
            demands.into_value(open.id)
        };
        self.open.iter().map(value).collect()
    }

    /// Whether `literal` is seen to be true of `values`, which its variable may have.
    pub(super) fn is_met(&self, literal: Literal, values: &[String], mode: Mode) -> bool {
        let Literal { variable, test, holds, .. } = literal;
        if self.is_open(literal) {
            return false;
        }
        match (variable, values) {
            (RESOURCE, [arn]) => arn != "*" && self.resource_tests[test].is_met(holds, arn, mode, self.semantics),
            (RESOURCE, _) => false,
            (key, _) => self.keys[key - 1].tests[test].is_met(holds, values, mode, self.semantics),
        }
    }

    /// Whether a variable was left open in it.
    pub(super) fn is_open(&self, literal: Literal) -> bool {
        match literal.variable {
            RESOURCE => self.resource_tests[literal.test].is_open(),
            key => self.keys[key - 1].tests[literal.test].is_open(),
        }
    }

    /// The keys of variables that are left open.
    pub(super) fn open_keys(&self) -> impl Iterator<Item = &str> {
        self.open.iter().map(|open| open.key.as_str())
    }

    /// The entries of a model, by key; absent ones are empty.
    pub(super) fn entries(&self, model: &BTreeMap<usize, Vec<String>>) -> Vec<(String, Vec<String>)> {
        let keys = model.iter().filter(|(variable, _)| **variable != RESOURCE);
        keys.map(|(variable, values)| (self.key_name(*variable).to_owned(), values.clone())).collect()
    }
}

impl Open {
    fn of((key, variable): (&String, &Variable)) -> Option<Self> {
        let (Variable::Open(own) | Variable::Elsewhere(own)) = variable else { return None };
        Some(Self { id: own.id, key: key.clone(), shape: domain::of_key(key, false).shape })
    }
}
