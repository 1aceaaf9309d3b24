//! From a question to an answer: through all actions, and for each class of them through all scenarios.

use super::action_set::ActionSet;
use super::actions::{Class, Realism, Universe};
use super::callers::Candidates;
use super::carried::ServiceKeys;
use super::formula::Formula;
use super::parts::{Parts, Reach};
use super::places::{self, Place};
use super::problem::Core;
use super::question::{Answer, Proof, Question, Unknown};
use super::region;
use super::scenario;
use super::search::Budget;
use super::twins;
use super::unread::{holes, unread};
use crate::access::{Policies, calls};
use crate::catalog::glob_matches;
use crate::policy::{Policy, Statement, Text, Truth};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// Answers questions about one formula.
pub(in crate::access) struct Decider<'a> {
    pub(super) formula: Formula<'a>,
    pub(super) question: &'a Question<'a>,
    pub(super) policies: Vec<&'a Policy<'a>>,
    pub(super) statements: Vec<&'a Statement<'a>>,
    pub(super) candidates: Candidates,
    /// Which statements say what another one says; see [`twins`].
    pub(super) twins: Vec<bool>,
    /// Where resources and callers are.
    pub(super) places: Rc<[Place]>,
    universe: Universe<'a>,
    classes: Vec<Class>,
    /// Sets of actions that AWS sets apart before it looks at a policy; see [`calls`].
    pub(super) apart: Vec<ActionSet>,
    /// For one class.
    budget: Budget,
    /// What is left for all.
    left: Cell<Budget>,
    /// How many more fillings of a template may be tried.
    pub(super) fillings_left: Cell<usize>,
    /// What each statement can match, once it was needed.
    pub(super) reaches: OnceCell<Vec<Option<Reach>>>,
}

impl<'a> Decider<'a> {
    pub(in crate::access) fn new(formula: Formula<'a>, question: &'a Question<'a>) -> Self {
        let policies = formula.policies();
        let statements: Vec<&'a Statement<'a>> = policies.iter().flat_map(|policy| &policy.statements).collect();
        let items = statements.iter().filter_map(|one| one.action.as_ref()).flat_map(|element| &element.items);
        // A name is of interest only if it is asked about.
        let is_asked = |text: &str| {
            let asked = |pattern: &String| glob_matches(pattern.as_bytes(), text.as_bytes());
            question.actions.is_empty() || question.actions.iter().any(asked)
        };
        let literal = items.filter(|item| item.is_literal()).map(|item| &*item.text).filter(|text| is_asked(text));
        let places = places::places(&policies, question);
        let universe = Universe::new(
            question.catalog,
            literal.chain(question.actions.iter().map(String::as_str)),
            Rc::clone(&places),
            ServiceKeys::of(&statements, question),
            region::is_of_interest(&statements, question),
        );
        let wanted = match question.actions.is_empty() {
            true => universe.set(["*"].into_iter()),
            false => universe.set(question.actions.iter().map(String::as_str)),
        };
        let other = universe.set(question.actions_other_than.iter().map(String::as_str));
        let wanted = wanted.minus(&other);
        let apart = apart(&formula, &universe, &wanted);
        let classes = universe.classes(&wanted, &statements);
        let candidates = scenario::callers(&policies, question);
        let twins = match &formula {
            Formula::Added(new, old) => twins::find(new, old),
            _ => vec![false; statements.len()],
        };
        Self {
            formula,
            question,
            policies,
            statements,
            candidates,
            twins,
            places,
            universe,
            classes,
            apart,
            budget: Budget::FULL,
            left: Cell::new(Budget::WHOLE),
            fillings_left: Cell::new(Self::FILLINGS),
            reaches: OnceCell::new(),
        }
    }

    /// Asks the same about another formula over the same policies.
    pub(in crate::access) fn turn_to(&mut self, formula: Formula<'a>) {
        self.formula = formula;
    }

    /// Gives up early.
    pub(in crate::access) fn hasty(self) -> Self {
        Self { budget: Budget::SMALL, ..self }
    }

    /// Asks the same with what is contested read otherwise: `question` must not differ in anything else.
    pub(in crate::access) fn read_as(&mut self, question: &'a Question) {
        self.question = question;
        self.reaches = OnceCell::new();
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

    /// Those of `items`, patterns of actions, that stand for one that is possible.
    pub(in crate::access) fn possible_by<'e>(&self, items: Vec<&'e Text<'e>>) -> Vec<&'e Text<'e>> {
        let stands_for = |item: &Text<'_>| self.universe.set(item.is_literal().then_some(&*item.text).into_iter());
        let sets: Vec<ActionSet> = items.iter().map(|item| stands_for(item)).collect();
        // What an item is known to grant need not be asked about again, and most have many actions.
        let found = RefCell::new(vec![false; items.len()]);
        let is_of = |at: usize, class: &Class| !sets[at].meet(&class.members).is_empty();
        let is_open = |class: &Class| found.borrow().iter().enumerate().any(|(at, known)| !known && is_of(at, class));
        for (class, answer) in self.parts_if(&is_open) {
            if matches!(answer, Answer::Possible(_)) {
                found.borrow_mut().iter_mut().enumerate().for_each(|(at, known)| *known |= is_of(at, &class));
            }
        }
        items.into_iter().zip(found.into_inner()).filter(|(_, found)| *found).map(|(item, _)| item).collect()
    }

    /// The answers one by one, each found when it is asked for.
    fn parts(&self) -> impl Iterator<Item = (Class, Answer)> {
        self.parts_if(&|_| true)
    }

    /// The answers for what is `wanted`.
    fn parts_if(&self, wanted: &dyn Fn(&Class) -> bool) -> impl Iterator<Item = (Class, Answer)> {
        self.classes.iter().filter(|class| wanted(class)).flat_map(move |class| {
            // What is impossible on any resource is so on those that each action works on, and most of the catalogue
            // is that: it need not be gone through. Only with a resource's own policy do services differ beyond that.
            let alike = !matches!(self.formula, Formula::Allowed(Policies::Account(_)));
            let whole = match self.formula.has_room(&class.matched) {
                true => (alike && class.members.is_large()).then(|| self.class(class)),
                false => Some(Answer::Impossible(Proof::default())),
            };
            // And where it takes all that there is to spend, each of them would take as much.
            let is_settled = |answer: &Answer| match answer {
                Answer::Impossible(_) => true,
                Answer::Unknown(Unknown::Budget) => self.left.get().is_short(),
                _ => false,
            };
            let whole = whole.filter(is_settled);
            let split = |part| self.universe.split(part, &self.apart);
            let parts: Box<dyn Iterator<Item = Class>> = match whole {
                Some(_) => Box::new(std::iter::once(class.clone())),
                None if alike && self.question.realism == Realism::Anything => {
                    Box::new(split(class.clone().of_any_resource()).into_iter())
                }
                None => Box::new(self.universe.by_resources(class, self.question.realism).flat_map(split)),
            };
            let (many, mut known) = (class.members.is_large(), Parts::default());
            parts.filter(|part| wanted(part)).map(move |part| {
                let answer = whole.clone().unwrap_or_else(|| self.part(&part, many, alike, &mut known));
                let filled = |answer: &Answer| match answer {
                    Answer::Unknown(Unknown::Hole(_) | Unknown::Variables(_)) => {
                        self.whatever_is_filled_in(&part.first, &part.matched)
                    }
                    _ => None,
                };
                let answer = filled(&answer).map_or(answer, Answer::Possible);
                (part, answer)
            })
        })
    }

    fn class(&self, class: &Class) -> Answer {
        self.spend(false, |budget| self.through(class, &self.scenarios(class), &[], &mut 0, budget))
    }

    /// Lets `ask` spend what one class may; what is `hopeless`, the least.
    pub(super) fn spend<T>(&self, hopeless: bool, ask: impl FnOnce(&mut Budget) -> T) -> T {
        let most = if hopeless { Budget::LEAST } else { self.budget };
        let given = most.at_most(self.left.get().at_least(Budget::LEAST));
        let mut budget = given;
        let found = ask(&mut budget);
        self.left.set(self.left.get().without(given.without(budget)));
        found
    }

    /// What is not known where something is hidden: it may be filled in later, or not be readable at all. `matched` is what
    /// the statements' `Action` makes of what is asked.
    pub(super) fn hole(&self, matched: &[Truth]) -> Unknown {
        unread(&self.policies).map_or_else(|| Unknown::Hole(holes(self.relevant(matched))), Unknown::Unread)
    }

    pub(super) fn relevant<'s>(&'s self, matched: &'s [Truth]) -> impl Iterator<Item = &'a Statement<'a>> + 's {
        self.statements.iter().zip(matched).filter(|(_, truth)| **truth != Truth::No).map(|(one, _)| *one)
    }
}

/// The sets of `wanted` actions that AWS sets apart, where the formula is about what it lets happen.
fn apart(formula: &Formula<'_>, universe: &Universe<'_>, wanted: &ActionSet) -> Vec<ActionSet> {
    let Formula::Allowed(policies) = formula else { return Vec::new() };
    let mut found = Vec::new();
    if calls::name_callers(policies) {
        found.extend(calls::APART.map(|names| universe.set(names.iter().copied())));
    }
    if !policies.rcps().is_empty() {
        let patterns: Vec<String> = calls::under_rcps().collect();
        found.push(universe.set(patterns.iter().map(String::as_str)));
        found.push(universe.set(calls::BEYOND_RCPS.iter().copied()));
    }
    let passing: Vec<String> = calls::passing_by(policies.of_resource()).collect();
    found.push(universe.set(passing.iter().map(String::as_str)));
    found.retain(|set| !set.meet(wanted).is_empty());
    found
}

/// What to say where several things are not known: an error of ours first.
pub(super) fn worse(known: Option<Unknown>, new: Unknown) -> Option<Unknown> {
    match known {
        Some(known) if known.is_internal() || !new.is_internal() => Some(known),
        _ => Some(new),
    }
}
