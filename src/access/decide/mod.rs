//! The decider: is there a request such that …?
//!
//! Action, caller and credential are gone through; the rest of a request, its resource and its condition keys, is
//! searched. Every statement is a conjunction of tests of one variable each, so that the search needs to know only
//! whether one variable can have a value for which all its tests come out as wanted, and that is decided exactly,
//! type by type. Nothing is sampled and nothing approximated, except where [`Unknown`] says so.
//!
//! Every request found is put to [`super::evaluate`] before anyone sees it.
//!
//! Taken as given: a key comes with those callers that AWS documents for it; a key that AWS types has values of its
//! type; a key whose values are several has none that is empty; what a policy is about is of the partitions that it
//! names; the region that is called is compared with the one in the resource's ARN only where no request crosses
//! regions; which those are, `access::regions` says.

mod action_set;
mod actions;
mod aliases;
mod alphabet;
mod ask;
mod assign;
mod bearers;
mod base64;
mod bracket;
mod callers;
mod captures;
mod carried;
mod compile;
mod conditions;
mod domain;
mod examples;
mod facts;
mod fill;
mod filled;
mod formula;
mod glob;
mod guess;
mod identity;
mod instance;
mod key;
mod machine;
mod names;
mod opened;
mod organization;
mod owner;
mod parts;
mod places;
mod predicate;
mod problem;
mod question;
mod region;
mod resources;
mod same;
mod scenario;
mod search;
mod time;
mod together;
mod twins;
mod typed;
mod unlisted;
mod unread;

pub use actions::Realism;
pub use callers::Credential;
pub use conditions::{STATES, no_entry};
pub use domain::is_in_all_signed_requests;
pub use problem::Part;
pub use question::{Answer, Callers, Proof, Question, Unknown, Witness};

pub use together::{OF_ENDPOINT, PUBLIC_ADDRESS};
pub use unread::Unread;

pub(super) use ask::Decider;
pub(super) use formula::Formula;
pub(super) use twins::{is_unchanged, says_same};

#[cfg(test)]
mod glob_tests;
