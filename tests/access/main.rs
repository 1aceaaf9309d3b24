//! The access engine against known answers, against chance, and against itself.

mod custom_checks;
mod managed;
mod random;

mod require_mfa;
mod support;
