//! The parts of a class: its actions by the resources that they work on, of which there may be thousands. Few statements
//! match the resources of each, and where the same do, most of what is found out for one part holds of all.

use super::actions::Class;
use super::ask::{Decider, worse};
use super::compile::{Assignment, Compiler, Variable};
use super::glob::{Language, Search, shortest};
use super::instance::Found;
use super::predicate::Set;
use super::problem::{Core, Part};
use super::question::{Answer, Proof, Unknown};
use super::resources::Resources;
use super::scenario::Scenario;
use super::search::Budget;
use crate::access::StatementId;
use crate::access::regions::Endpoint;
use crate::policy::{Effect, Element, Policy, Statement, Truth, Version};
use std::collections::HashMap;

/// The resources that a statement can match, whatever the values of policy variables are, and perhaps more.
pub(super) struct Reach {
    language: Language,
    /// Whether that may be the `*` of actions that work on nothing in particular.
    star: bool,
}

/// What is known of the parts of one class.
#[derive(Default)]
pub(super) struct Parts<'s>(HashMap<Sort, Alike<'s>>);

/// What parts have in common that differ in nothing but what they work on: what the statements make of them, which of
/// the sets that AWS sets apart they are in, which keys their requests never carry, and where these are made.
#[derive(PartialEq, Eq, Hash)]
struct Sort {
    matched: Vec<Truth>,
    apart: Vec<bool>,
    absent: Vec<String>,
    endpoint: Endpoint,
}

/// Parts of one sort.
struct Alike<'s> {
    scenarios: Vec<Scenario<'s>>,
    /// How many of them were asked about.
    asked: usize,
    /// Of each scenario, why there is no request on any resource, if that is known.
    refuted: Vec<Option<Core>>,
    /// The scenario in which a request was found last.
    shown: usize,
    /// How many searches were made for parts that were not settled.
    in_vain: usize,
}

/// As many parts of a sort are asked about before it is tried to rule out all of them at once.
const ONE_BY_ONE: usize = 2;

impl<'a> Decider<'a> {
    /// The answer for a part, of `many`. Where `alike`, what is impossible on any resource is impossible on the part's.
    pub(super) fn part<'s>(&'s self, part: &Class, many: bool, alike: bool, parts: &mut Parts<'s>) -> Answer {
        let (matched, beyond) = self.within_reach(part, many);
        let part = Class { matched, ..part.clone() };
        let first = part.members.iter().next();
        let apart = self.apart.iter().map(|set| first.is_some_and(|at| set.contains(at))).collect();
        let sort = Sort { matched: part.matched.clone(), apart, absent: part.absent.clone(), endpoint: part.endpoint };
        let known = parts.0.entry(sort).or_insert_with(|| {
            let scenarios = self.scenarios(&part);
            Alike { refuted: vec![None; scenarios.len()], scenarios, asked: 0, shown: 0, in_vain: 0 }
        });
        if alike && known.asked == ONE_BY_ONE {
            let any = part.clone().of_whatever();
            let refute = |scenario, budget: &mut Budget| match self.scenario(&any, scenario, budget) {
                Found::Refuted(why) => Some(why),
                _ => None,
            };
            known.refuted = self.spend(false, |budget| known.scenarios.iter().map(|one| refute(one, budget)).collect());
        }
        known.asked += 1;
        let hopeless = known.in_vain > Budget::IN_VAIN;
        let answer = self.spend(hopeless, |budget| {
            let before = budget.searches;
            let answer = self.through(&part, &known.scenarios, &known.refuted, &mut known.shown, budget);
            known.in_vain += if answer.truth() == Truth::Maybe { before - budget.searches } else { 0 };
            answer
        });
        match answer {
            Answer::Impossible(mut proof) => {
                proof.core.extend(beyond);
                proof.core.sort_unstable();
                proof.core.dedup();
                Answer::Impossible(proof)
            }
            other => other,
        }
    }

    /// Goes through the scenarios of a class but for those that are refuted, beginning with the one where a request was
    /// `shown` last.
    pub(super) fn through(
        &self,
        class: &Class,
        scenarios: &[Scenario<'_>],
        refuted: &[Option<Core>],
        shown: &mut usize,
        budget: &mut Budget,
    ) -> Answer {
        let (mut core, mut unknown) = (Core::new(), None);
        let first = *shown;
        let others = (0..scenarios.len()).filter(|at| *at != first);
        for at in std::iter::once(first).filter(|at| *at < scenarios.len()).chain(others) {
            let scenario = &scenarios[at];
            if let Some(Some(why)) = refuted.get(at) {
                core.extend(why.iter().copied());
                continue;
            }
            if budget.searches == 0 {
                unknown = worse(unknown, Unknown::Budget);
                break;
            }
            match self.scenario(class, scenario, budget) {
                Found::Witness(witness) => {
                    *shown = at;
                    return Answer::Possible(witness);
                }
                Found::Refuted(why) => core.extend(why),
                Found::Unknown(Unknown::Hole(_)) | Found::Open(_) => {
                    unknown = worse(unknown, self.hole(&class.matched));
                }
                Found::Unknown(reason) => unknown = worse(unknown, reason),
            }
        }
        core.retain(|(_, part)| *part != Part::Question);
        match unknown {
            Some(reason) => Answer::Unknown(reason),
            None if !self.candidates.all => Answer::Unknown(Unknown::Callers),
            None => Answer::Impossible(Proof { core: core.into_iter().collect() }),
        }
    }

    /// What each statement makes of a part, and for those that grant nothing for its resource alone, that this is why.
    fn within_reach(&self, part: &Class, many: bool) -> (Vec<Truth>, Vec<(StatementId, Part)>) {
        // Of a few, it is as easily seen by a search.
        let reaches = if many { &self.reaches.get_or_init(|| self.reaches())[..] } else { &[] };
        let (mut matched, mut beyond) = (part.matched.clone(), Vec::new());
        let ids = self.policies.iter().enumerate().flat_map(|(policy, own)| {
            (0..own.statements.len()).map(move |statement| StatementId { policy, statement })
        });
        for (at, id) in ids.enumerate().filter(|(at, _)| part.matched[*at] != Truth::No) {
            if !self.formula.concerns(at) {
                matched[at] = Truth::No;
                continue;
            }
            let reach = reaches.get(at).and_then(Option::as_ref);
            if reach.is_none_or(|reach| reach.meets(&part.resources)) {
                continue;
            }
            matched[at] = Truth::No;
            if self.statements[at].effect == Some(Effect::Allow) {
                beyond.extend([(id, Part::Whole), (id, Part::Resource)]);
            }
        }
        (matched, beyond)
    }

    /// What each statement can match, if that is not everything.
    fn reaches(&self) -> Vec<Option<Reach>> {
        let keys = self.variables(&self.statements);
        let hidden: Assignment = keys.into_iter().map(|key| (key, Variable::Hidden)).collect();
        let of = |policy: &Policy<'_>, statement: &Statement<'_>| {
            let element = statement.resource.as_ref().filter(|element| !element.negated && element.complete);
            let is_known = !matches!(policy.version, Version::Unknown | Version::Invalid) && statement.is_settled();
            let element = element.filter(|element| is_known && !element.items.iter().any(|item| item.has_hole()))?;
            let compiler =
                Compiler { version: policy.version, semantics: &self.question.semantics, assignment: &hidden };
            let Set::Text(bounds) = compiler.resource(element).set else { return None };
            Some(Reach { language: bounds.upper, star: has_star(element) })
        };
        let all = self.policies.iter().flat_map(|policy| policy.statements.iter().map(|own| of(policy, own)));
        all.collect()
    }
}

fn has_star(element: &Element<'_>) -> bool {
    element.items.iter().any(|item| item.text.bytes().all(|byte| byte == b'*'))
}

impl Reach {
    fn meets(&self, resources: &Resources) -> bool {
        /// It is a matter of two patterns, most often.
        const STATES: usize = 300;
        if self.star || resources.arns && resources.shapes.is_empty() {
            return true;
        }
        // The latter half has all that the former has.
        let shapes = resources.shapes.iter().rev().filter(|_| resources.arns);
        shapes.into_iter().any(|shape| {
            self.language.may_begin_as(&shape.language)
                && shortest(&[&shape.language, &self.language], &[], &mut STATES.clone()) != Search::Nothing
        })
    }
}
