//! Which parts of a tree are policies, and of what type.

use super::model::TypeGuess;
use crate::syntax::{Node, Tree};

/// A part of a tree that is a policy.
#[derive(Debug)]
pub struct Candidate<'t> {
    /// The object (or, for bare statements, the array) that is the policy.
    pub node: &'t Node<'t>,
    /// Its JSON pointer.
    pub pointer: String,
    /// Its type and the reason for it.
    pub kind: TypeGuess,
}

/// The policies in `tree`, in order. `path` is the file's name, used where the content does not tell the type.
pub fn recognise<'t>(_tree: &'t Tree<'t>, _path: &str) -> Vec<Candidate<'t>> {
    Vec::new()
}
