//! `iam-lint`: an offline static analyser for AWS IAM policy files.
//!
//! Bytes become a spanned tree, the tree a typed policy, the policy findings, and findings output. The modules, in
//! the order in which they may use one another (each only those above it; `tests/architecture.rs` holds them to
//! it):
//!
//! | module | one sentence |
//! |---|---|
//! | [`text`] | byte spans, line and column conversion, edits |
//! | [`suggest`] | "did you mean": the known name nearest to an unknown one |
//! | [`syntax`] | any bytes into a spanned tree plus syntax errors |
//! | [`catalog`] | answers questions about AWS services, actions, resource types, condition keys |
//! | [`policy`] | recognise policies in a tree and infer their type; lower them to the typed model; patterns; the view |
//! | [`access`] | may this request happen; is there a request such that |
//! | [`diagnostic`] | what was found, where, how bad, and how to repair it |
//! | [`header`] | a TOML document with spans on every key |
//! | [`query`] | compile and run a `select` |
//! | [`page`] | parse and validate a rule page |
//! | [`rule`] | the contract between the engine and a check |
//! | [`rules`] | the native checks, a folder per group, a file per rule |
//! | [`config`] | what the user wants, resolved and validated |
//! | [`lint`] | bytes and config in, ordered diagnostics out; pure |
//! | [`discover`] | which files |
//! | [`render`] | diagnostics to a stream |
//! | [`cli`] | arguments to calls; the exit code is decided in one function |

pub mod text;
pub mod suggest;
pub mod syntax;
pub mod catalog;
pub mod policy;
pub mod access;
pub mod diagnostic;
pub mod header;
pub mod query;
pub mod page;
pub mod rule;
pub mod rules;
pub mod config;
pub mod lint;
pub mod discover;
pub mod render;
pub mod cli;
