//! The evaluator: a concrete request in, a decision out.
//!
//! It is written for plainness, not for speed, and apart from the decider, which it checks: the two share the typed
//! model and [`super::Semantics`], but no code that compares a value with a pattern.

mod condition;
mod context;
mod decision;
mod glob;
mod statement;
mod value;

pub use condition::{condition, holds_on_absent, is_readable};
pub use context::{Context, Entry};
pub use decision::{Decision, Reason, decide};
pub use statement::{Named, Verdict, statement};
pub(super) use value::Prefix;

#[cfg(test)]
mod condition_tests;
