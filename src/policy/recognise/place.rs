//! Where a node stands: a chain of steps from the root, kept on the stack of the walk.

use crate::syntax::Node;
use std::fmt::Write as _;

/// A node and the way to it.
pub(super) struct Place<'p, 't> {
    parent: Option<&'p Place<'p, 't>>,
    /// The last step.
    pub(super) step: Step<'t>,
    /// What stands there.
    pub(super) node: &'t Node<'t>,
}

/// How a node is reached from its parent.
#[derive(Clone, Copy)]
pub(super) enum Step<'t> {
    /// It is a document's root.
    Root,
    /// It is a member's value.
    Key(&'t str),
    /// It is an element.
    Index(usize),
}

impl<'p, 't> Place<'p, 't> {
    pub(super) fn root(node: &'t Node<'t>) -> Self {
        Self { parent: None, step: Step::Root, node }
    }

    pub(super) fn child(&'p self, step: Step<'t>, node: &'t Node<'t>) -> Self {
        Self { parent: Some(self), step, node }
    }

    /// This place and those around it, innermost first.
    pub(super) fn outward(&self) -> impl Iterator<Item = &Place<'_, 't>> {
        std::iter::successors(Some(self), |place| place.parent)
    }

    /// The key it stands under, elements of a list counting as under the list's key.
    pub(super) fn key(&self) -> Option<&'t str> {
        self.outward().find_map(|place| match place.step {
            Step::Key(key) => Some(Some(key)),
            Step::Root => Some(None),
            Step::Index(_) => None,
        })?
    }

    /// The JSON pointer of RFC 6901.
    pub(super) fn pointer(&self) -> String {
        let steps: Vec<Step<'t>> = self.outward().map(|place| place.step).collect();
        let mut pointer = String::new();
        for step in steps.iter().rev() {
            match step {
                Step::Root => {}
                Step::Key(key) => {
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                Step::Index(index) => {
                    // Writing to a string cannot fail.
                    let _ = write!(pointer, "/{index}");
                }
            }
        }
        pointer
    }
}
