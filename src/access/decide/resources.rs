//! The resource of a request: an ARN of a type that the action works on, in a region that exists, or `*`.

use super::glob::{Language, Search};
use super::places::{self, Place};
use super::predicate::{Demands, Domain, Mode, Set};
use super::problem::{Literal, Problem};
use std::rc::Rc;

/// What resources a request may be about.
#[derive(Debug, Clone)]
pub(super) struct Resources {
    /// ARNs to try first.
    pub(super) usual: Vec<String>,
    /// What the ARNs look like, if that is known; else they are anything.
    pub(super) shapes: Vec<Shape>,
    /// Where they are.
    pub(super) places: Rc<[Place]>,
    /// Whether the action also works on, or only on, `*`.
    pub(super) star: bool,
    /// Whether it works on anything but `*`.
    pub(super) arns: bool,
}

/// What ARNs of one type look like.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// All of them, and some whose region does not exist.
    pub(super) language: Language,
    /// Their pattern in the catalogue, if it has a region.
    pub(super) regional: Option<String>,
}

impl Problem<'_> {
    /// An ARN that looks so.
    fn arn(
        &self,
        (wanted, known): (&[(usize, bool)], &[Literal]),
        usual: &[String],
        shape: Language,
        mode: Mode,
        budget: &mut usize,
    ) -> Search<String> {
        let domain = Domain { usual: usual.to_vec(), shape: Some(shape), ..Domain::default() };
        let opened = self.opened(known, mode);
        let mut demands = Demands::default();
        demands.shape(&domain);
        for (test, holds) in wanted {
            demands.add(&self.resource_tests[*test], *holds, mode, self.semantics);
        }
        demands.open(&opened);
        demands.value(&domain, &[], self.semantics.epoch, budget)
    }

    /// The same, of a type that has regions, in one that exists. All of them at once take longer.
    fn arn_in_a_region(
        &self,
        asked: (&[(usize, bool)], &[Literal]),
        pattern: &str,
        resources: &Resources,
        mode: Mode,
        budget: &mut usize,
    ) -> Search<String> {
        let mut found = Search::Nothing;
        for shape in places::listed(&resources.places, pattern) {
            match self.arn(asked, &[], shape, mode, budget) {
                Search::Nothing => {}
                Search::GaveUp => found = Search::GaveUp,
                found => return found,
            }
        }
        found
    }

    pub(super) fn resource(
        &self,
        (wanted, known): (&[(usize, bool)], &[Literal]),
        resources: &Resources,
        mode: Mode,
        budget: &mut usize,
    ) -> Search<String> {
        let mut found = Search::Nothing;
        if resources.arns {
            let unknown = [Shape { language: super::predicate::arn_shape().clone(), regional: None }];
            let shapes = if resources.shapes.is_empty() { &unknown[..] } else { &resources.shapes[..] };
            let mut usual = &resources.usual[..];
            for shape in shapes {
                let mut value = self.arn((wanted, known), usual, shape.language.clone(), mode, budget);
                usual = &[];
                // It takes long to tell all regions apart, and most often nothing depends on them.
                if let (Search::Found(arn), Some(pattern)) = (&value, &shape.regional)
                    && !places::exists(&resources.places, arn)
                {
                    value = self.arn_in_a_region((wanted, known), pattern, resources, mode, budget);
                }
                match value {
                    Search::Nothing => {}
                    Search::GaveUp => found = Search::GaveUp,
                    Search::Found(value) => return Search::Found(value),
                }
            }
        }
        // Only what matches everything matches the resource of an action that has none.
        let star = |(test, holds): &(usize, bool)| {
            let predicate = &self.resource_tests[*test];
            let inside = *holds != predicate.negated;
            let Set::Text(bounds) = &predicate.set else { return false };
            let language = if (mode == Mode::May) == inside { &bounds.upper } else { &bounds.lower };
            // A hole may be all there is, and then it may be a star.
            let matches = |glob: &super::glob::Glob| {
                let many = |step: &super::glob::Step| matches!(step, super::glob::Step::Many(_));
                glob.steps.iter().all(many) && !glob.steps.is_empty()
            };
            let hidden = bounds.upper.globs.len() != bounds.lower.globs.len();
            let star = language.globs.iter().any(matches) || (hidden && (mode == Mode::May) == inside);
            star == inside
        };
        if resources.star && wanted.iter().all(star) {
            return Search::Found("*".to_owned());
        }
        found
    }
}
