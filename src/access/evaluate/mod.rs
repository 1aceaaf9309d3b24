//! The evaluator: a concrete request in, a decision out.
//!
//! It is written for plainness, not for speed, and apart from the decider, which it checks: the two share the typed
//! model and [`super::Semantics`], but no code that compares a value with a pattern.

mod condition;
mod context;
mod glob;
mod value;

pub use condition::condition;
pub use context::{Context, Entry};

#[cfg(test)]
mod condition_tests;
