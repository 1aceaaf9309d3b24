//! Where a node stands: a chain of steps from the root, kept on the stack of the walk.

use crate::syntax::{Member, Node, Value};
use std::cell::OnceCell;
use std::fmt::Write as _;

/// A node and the way to it.
pub(super) struct Place<'p, 't> {
    parent: Option<&'p Place<'p, 't>>,
    /// The last step.
    pub(super) step: Step<'t>,
    /// What stands there.
    pub(super) node: &'t Node<'t>,
    /// See [`Place::type_members`].
    type_members: OnceCell<Vec<&'t Member<'t>>>,
}

/// More members than this that are called `type` are one object's only by duplication.
const MAX_TYPE_MEMBERS: usize = 4;

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
        Self { parent: None, step: Step::Root, node, type_members: OnceCell::new() }
    }

    pub(super) fn child(&'p self, step: Step<'t>, node: &'t Node<'t>) -> Self {
        Self { parent: Some(self), step, node, type_members: OnceCell::new() }
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

    /// The members of the object here that, by their names, may say what it is or what it holds. They are sought once:
    /// thousands of policies may stand in one object and ask for them.
    pub(super) fn type_members(&self) -> &[&'t Member<'t>] {
        self.type_members.get_or_init(|| {
            let members = self.node.members().unwrap_or_default().iter();
            let is_type =
                |member: &&Member<'_>| matches!(member.value.value, Value::String(_)) && is_called_type(&member.key);
            members.filter(is_type).take(MAX_TYPE_MEMBERS).collect()
        })
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

/// Whether the letters and digits of a key are `type` or `policytype`, in whatever case.
fn is_called_type(key: &str) -> bool {
    let mut letters = key.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase());
    match letters.next() {
        Some(b't') => letters.eq("ype".bytes()),
        Some(b'p') => letters.eq("olicytype".bytes()),
        _ => false,
    }
}
