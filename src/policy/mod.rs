//! Recognise policies in a tree, lower them to the typed model, and say how their patterns relate.
//!
//! Lowering never fails: what cannot be understood is left out of the model, and [`Statement::complete`] and its
//! like say so. Nothing here reports anything; nothing here decides whether a request is allowed.

mod arn;
mod condition;
mod intrinsic;
mod lacking;
mod lower;
mod model;
mod pattern;
mod placeholder;
mod recognise;
mod text;
mod view;
mod view_shape;

pub use arn::{Arn, ArnPart, arn_pattern, may_be_account};
pub use condition::{Base, Family, Operator, Quantifier};
pub(crate) use lower::is_filled_in;
pub use lower::{has_hole, lower};
pub use model::*;
pub use pattern::{Atom, Pattern, Truth, has_wildcard};
pub use recognise::{Candidate, Shape, recognise, statement_list};
pub use text::{is_named_hole, variable_default, variable_key};
pub use view::{VIEW_VERSION, View, ViewValue};
pub use view_shape::{VIEW_SHAPE, ViewMember, ViewObject, ViewShape};
