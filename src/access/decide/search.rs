//! The search for a request: choose a statement for every grant that is needed, then a reason why each of those to
//! avoid fails, and give up a choice as soon as one variable can have no value.

use super::glob::Search as Found;
use super::predicate::Mode;
use super::problem::{Core, Literal, Part, Problem, RESOURCE};
use super::resources::Resources;
use std::collections::{BTreeMap, HashMap};

/// What to look for.
#[derive(Debug, Clone, Default)]
pub(super) struct Goal {
    /// Of each group, one statement has to match. `None` is a statement that is not known and may be anything.
    pub(super) grants: Vec<Vec<Option<usize>>>,
    /// None of these may match.
    pub(super) avoid: Vec<usize>,
    /// These have to come out so.
    pub(super) fixed: Vec<Literal>,
    /// Of each of these, not all may come out so.
    pub(super) never: Vec<Vec<Literal>>,
}

/// What was found.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// A value for each variable that matters.
    Model(BTreeMap<usize, Vec<String>>),
    /// There is none, because of these.
    Refuted(Core),
    /// The budget ended first.
    GaveUp,
}

/// How much may be spent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    /// Choices.
    pub(super) nodes: usize,
    /// States of the search for text.
    pub(super) states: usize,
    /// Searches. Each puts together anew what it asks, which takes longer than most then take to answer it.
    pub(super) searches: usize,
}

impl Budget {
    /// For one class of actions.
    pub(super) const FULL: Self = Self { nodes: 20_000, states: 60_000, searches: 6_000 };

    /// For what is easy to find out, or not worth it.
    pub(super) const SMALL: Self = Self { nodes: 500, states: 1_500, searches: 6_000 };

    /// For all classes together, of which there may be thousands: a third of a second. Of the policies that AWS publishes
    /// none needs a tenth of it.
    pub(super) const WHOLE: Self = Self { nodes: 60_000, states: 240_000, searches: 40_000 };

    /// For a class when no more is left, or it was spent in vain on others like it: enough for most.
    pub(super) const LEAST: Self = Self { nodes: 100, states: 300, searches: 12 };

    /// For classes that are alike, as long as none of them is settled.
    pub(super) const IN_VAIN: usize = 3_000;

    /// Whether it is less than one class may take.
    pub(super) fn is_short(self) -> bool {
        self.nodes < Self::FULL.nodes || self.states < Self::FULL.states || self.searches < Self::FULL.searches
    }

    pub(super) fn at_most(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.min(other.nodes),
            states: self.states.min(other.states),
            searches: self.searches.min(other.searches),
        }
    }

    pub(super) fn at_least(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.max(other.nodes),
            states: self.states.max(other.states),
            searches: self.searches.max(other.searches),
        }
    }

    pub(super) fn without(self, spent: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_sub(spent.nodes),
            states: self.states.saturating_sub(spent.states),
            searches: self.searches.saturating_sub(spent.searches),
        }
    }
}

/// Deeper choices are not made: the search recurses once for each statement to grant or to avoid.
const MAX_CHOICES: usize = 1_000;

pub(super) struct Search<'p, 'a> {
    problem: &'p Problem<'a>,
    resources: &'p Resources,
    mode: Mode,
    budget: &'p mut Budget,
    assigned: Vec<Vec<Literal>>,
    /// Of each variable, a value of which all holds that is assigned to it now: what is taken back leaves it one.
    shown: Vec<Option<Vec<String>>>,
    known: HashMap<Asked, Found<Vec<String>>>,
    gave_up: bool,
}

/// A variable, how its tests have to come out, and what is known of the policy variables that are left open in them.
type Asked = (usize, Vec<(usize, bool)>, Vec<Literal>);

/// Why a branch failed, or that it did not.
type Branch = Result<(), Core>;

impl<'p, 'a> Search<'p, 'a> {
    pub(super) fn new(problem: &'p Problem<'a>, resources: &'p Resources, mode: Mode, budget: &'p mut Budget) -> Self {
        let (assigned, shown) = (vec![Vec::new(); problem.variables()], vec![None; problem.variables()]);
        Self { problem, resources, mode, budget, assigned, shown, known: HashMap::new(), gave_up: false }
    }

    pub(super) fn run(mut self, goal: &Goal) -> Outcome {
        if goal.grants.iter().any(Vec::is_empty) {
            return Outcome::Refuted(Core::new());
        }
        if goal.grants.len() + goal.avoid.len() + goal.never.len() > MAX_CHOICES {
            return Outcome::GaveUp;
        }
        let mut goal = goal.clone();
        // Those with the fewest ways to fail leave the least choice.
        goal.avoid.sort_by_key(|statement| self.problem.statements[*statement].literals.len());
        // The resource needs a value even if nothing is asked of it.
        let resource = self.check(RESOURCE);
        let fixed = resource.and_then(|()| goal.fixed.iter().try_for_each(|literal| self.push(*literal).map(|_| ())));
        match fixed.and_then(|()| self.grant(&goal, 0)) {
            Ok(()) => Outcome::Model(self.model()),
            Err(_) if self.gave_up => Outcome::GaveUp,
            Err(core) => Outcome::Refuted(core),
        }
    }

    fn grant(&mut self, goal: &Goal, at: usize) -> Branch {
        let Some(group) = goal.grants.get(at) else { return self.avoid(goal, 0) };
        let mut core = Core::new();
        for choice in group {
            self.spend()?;
            let Some(choice) = choice else {
                match self.grant(goal, at + 1) {
                    Ok(()) => return Ok(()),
                    Err(why) => core.extend(why),
                }
                continue;
            };
            let problem = self.problem;
            let statement = &problem.statements[*choice];
            core.insert((statement.id, Part::Whole));
            match self.with(&statement.literals, |search| search.grant(goal, at + 1)) {
                Ok(()) => return Ok(()),
                Err(why) => core.extend(why),
            }
        }
        Err(core)
    }

    fn avoid(&mut self, goal: &Goal, at: usize) -> Branch {
        let Some(statement) = goal.avoid.get(at) else { return self.never(goal, 0) };
        let problem = self.problem;
        let statement = &problem.statements[*statement];
        let core = Core::from([(statement.id, Part::Whole)]);
        self.fail_one(&statement.literals, core, |search| search.avoid(goal, at + 1))
    }

    fn never(&mut self, goal: &Goal, at: usize) -> Branch {
        let Some(literals) = goal.never.get(at) else { return Ok(()) };
        self.fail_one(literals, Core::new(), |search| search.never(goal, at + 1))
    }

    /// Goes on with one of `literals` coming out otherwise, whichever will do.
    fn fail_one(&mut self, literals: &[Literal], mut core: Core, then: impl Fn(&mut Self) -> Branch) -> Branch {
        let fails = |literal: &Literal| Literal { holds: !literal.holds, ..*literal };
        let failing: Vec<Literal> = literals.iter().map(fails).collect();
        let is_assigned = |literal: &Literal| {
            self.assigned[literal.variable].iter().any(|own| own.test == literal.test && own.holds == literal.holds)
        };
        if failing.iter().any(is_assigned) {
            return then(self);
        }
        for literal in failing {
            self.spend()?;
            match self.with(&[literal], &then) {
                Ok(()) => return Ok(()),
                // What fails without this choice fails with every other.
                Err(why) if !why.contains(&literal.source) => return Err(why),
                Err(why) => core.extend(why),
            }
        }
        Err(core)
    }

    /// Assumes `literals` for as long as `then` runs, and for good if it succeeds.
    fn with(&mut self, literals: &[Literal], then: impl FnOnce(&mut Self) -> Branch) -> Branch {
        let mut added = Vec::new();
        let mut result = Ok(());
        for literal in literals {
            match self.push(*literal) {
                Ok(true) => added.push(literal.variable),
                Ok(false) => {}
                Err(core) => {
                    result = Err(core);
                    break;
                }
            }
        }
        let result = result.and_then(|()| then(self));
        if result.is_err() {
            for variable in added.into_iter().rev() {
                self.assigned[variable].pop();
            }
        }
        result
    }

    /// Adds a literal, unless it is there already; an error if its variable can then have no value.
    fn push(&mut self, literal: Literal) -> Result<bool, Core> {
        let own = &mut self.assigned[literal.variable];
        if own.iter().any(|other| other.test == literal.test && other.holds == literal.holds) {
            return Ok(false);
        }
        own.push(literal);
        // Most Denies are about other resources and callers, whatever those are that were found for the ones before them.
        let checked = match self.is_shown(literal) {
            true => Ok(()),
            false => self.check(literal.variable),
        };
        match checked.and_then(|()| self.check_open(literal)) {
            Ok(()) => Ok(true),
            Err(core) => {
                self.assigned[literal.variable].pop();
                Err(core)
            }
        }
    }

    fn is_shown(&self, literal: Literal) -> bool {
        let shown = self.shown[literal.variable].as_ref();
        shown.is_some_and(|values| self.problem.is_met(literal, values, self.mode))
    }

    /// Looks again at the variables with policy variables in them that are left open, if `literal` is about such a one.
    fn check_open(&mut self, literal: Literal) -> Branch {
        if !self.problem.is_of_open_key(literal) {
            return Ok(());
        }
        let is_open = |literals: &Vec<Literal>| literals.iter().any(|own| self.problem.is_open(*own));
        let open: Vec<usize> = (0..self.assigned.len()).filter(|at| is_open(&self.assigned[*at])).collect();
        open.into_iter().try_for_each(|variable| self.check(variable))
    }

    /// What is asked of a variable, and of the policy variables that are left open in that.
    fn wanted(&self, variable: usize) -> Vec<Literal> {
        let mut wanted = self.assigned[variable].clone();
        if wanted.iter().any(|literal| self.problem.is_open(*literal)) {
            let others = self.assigned.iter().flatten().filter(|other| other.variable != variable);
            wanted.extend(others.filter(|other| self.problem.is_of_open_key(**other)));
        }
        wanted
    }

    fn check(&mut self, variable: usize) -> Branch {
        let wanted = self.wanted(variable);
        match self.value(variable, &wanted) {
            Found::Found(values) => {
                // Of one with variables in it that are left open, it cannot be told what else holds.
                let is_open = wanted.iter().any(|literal| self.problem.is_open(*literal));
                self.shown[variable] = (!is_open).then_some(values);
                Ok(())
            }
            Found::Nothing => Err(self.explain(variable, wanted)),
            Found::GaveUp => {
                self.gave_up = true;
                Err(wanted.iter().map(|literal| literal.source).collect())
            }
        }
    }

    /// Leaves out what is not needed for there to be no value.
    fn explain(&mut self, variable: usize, mut wanted: Vec<Literal>) -> Core {
        let mut at = 0;
        while wanted.len() > 1 && at < wanted.len() && wanted.len() <= 12 {
            let mut fewer = wanted.clone();
            fewer.remove(at);
            if self.value(variable, &fewer) == Found::Nothing { wanted = fewer } else { at += 1 }
        }
        wanted.iter().map(|literal| literal.source).collect()
    }

    fn value(&mut self, variable: usize, literals: &[Literal]) -> Found<Vec<String>> {
        let own = literals.iter().filter(|literal| literal.variable == variable);
        let mut wanted: Vec<(usize, bool)> = own.map(|literal| (literal.test, literal.holds)).collect();
        wanted.sort_unstable();
        let known = literals.iter().filter(|literal| self.problem.is_of_open_key(**literal)).copied().collect();
        let key = (variable, wanted, known);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = self.problem.value(variable, (&key.1, &key.2), self.resources, self.mode, &mut self.budget.states);
        self.known.insert(key, found.clone());
        found
    }

    fn spend(&mut self) -> Branch {
        if self.budget.nodes == 0 {
            self.gave_up = true;
            return Err(Core::new());
        }
        self.budget.nodes -= 1;
        Ok(())
    }

    fn model(&mut self) -> BTreeMap<usize, Vec<String>> {
        let mut model = BTreeMap::new();
        for variable in 0..self.problem.variables() {
            let literals = self.wanted(variable);
            if variable != RESOURCE && literals.is_empty() {
                continue;
            }
            let values = match self.value(variable, &literals) {
                Found::Found(values) => Some(values),
                // There was one while there was more to spend.
                Found::Nothing | Found::GaveUp => self.shown[variable].clone(),
            };
            model.extend(values.map(|values| (variable, values)));
        }
        model
    }
}
