//! Which parts of a tree are policies, and of what type.
//!
//! A policy is known by what it says, wherever it stands: [`evidence`] reads an object or an array, [`kind`] reads
//! where it stands. Nothing here looks into strings.

mod evidence;
mod kind;
mod names;
mod place;
mod statement;
mod titles;

pub use evidence::statement_list;
pub(super) use names::is_misspelt_element;

use super::model::TypeGuess;
use crate::syntax::{Node, Tree, Value};
use evidence::Verdict;
use place::{Place, Step};

/// A part of a tree that is a policy.
#[derive(Debug)]
pub struct Candidate<'t> {
    /// The object or array that is the policy; `shape` says how to read it.
    pub node: &'t Node<'t>,
    /// What the node is.
    pub shape: Shape,
    /// Its JSON pointer (RFC 6901), empty at the root. Several documents in one text share their pointers, as if
    /// each stood alone: the node's span tells them apart.
    pub pointer: String,
    /// Its type and the reason for it.
    pub kind: TypeGuess,
}

/// What a recognised node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// An object with `Statement`, or one that is being typed and will have it. Its keys may be misspelt.
    Document,
    /// Statements without a document around them: an array of statements, or the object that is one.
    Statements,
}

/// The policies in `tree`, in order. `path` is the file's name, used where the content does not tell the type.
///
/// A policy inside a policy is not looked for. The work is linear in the number of nodes, and nothing is allocated
/// for what is not a policy.
pub fn recognise<'t>(tree: &'t Tree<'t>, path: &str) -> Vec<Candidate<'t>> {
    let mut found = Vec::new();
    for document in &tree.documents {
        visit(&Place::root(document), path, &mut found);
    }
    if tree.embedded {
        // Of the statements of a policy that a program puts together, these may be some, and others decide as well.
        found.retain(|candidate| candidate.shape == Shape::Document);
    }
    found
}

fn visit<'t>(place: &Place<'_, 't>, path: &str, found: &mut Vec<Candidate<'t>>) {
    let shape = match evidence::judge(place) {
        Verdict::Document => Shape::Document,
        Verdict::Statements => Shape::Statements,
        Verdict::Foreign => return,
        Verdict::Nothing => return descend(place, path, found),
    };
    if let Some(kind) = kind::infer(place, shape, path) {
        found.push(Candidate { node: place.node, shape, pointer: place.pointer(), kind });
    }
}

fn descend<'t>(place: &Place<'_, 't>, path: &str, found: &mut Vec<Candidate<'t>>) {
    match &place.node.value {
        Value::Object(members) => {
            for member in members {
                if matches!(member.value.value, Value::Object(_) | Value::Array(_)) {
                    visit(&place.child(Step::Key(&member.key), &member.value), path, found);
                }
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                if matches!(element.value, Value::Object(_) | Value::Array(_)) {
                    visit(&place.child(Step::Index(index), element), path, found);
                }
            }
        }
        _ => {}
    }
}
