//! The access engine against known answers, against chance, and against itself.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "all of it is test code")]

mod account;
mod agreement;
mod aliases;
mod bearers;
mod callers;
mod chance;
mod checks;
mod custom_checks;
mod fillings;
mod keys;
mod logic;
mod managed;
mod many;
mod places;
mod public;
mod random;
mod require_mfa;
mod support;
mod templates;
mod variables;
mod witnesses;
