//! Answers questions about AWS services, actions, resource types and condition keys.
//!
//! The facts are in a blob that is part of the program; a [`Catalog`] reads it in place, so there is nothing to load,
//! and every answer is a small handle ([`Service`], [`Action`], [`ResourceType`], [`ConditionKey`]). Names are
//! compared without regard to ASCII case, as IAM does. What is not known is `None`, which never means that it does
//! not exist: AWS adds some ten actions a day, and [`Catalog::date`] says how old the data is.
//!
//! The functions of this module ask the built-in catalogue. A [`Catalog`] made [`Catalog::with`] an [`Overlay`]
//! answers the same questions from both.

mod arn;
mod around;
mod blob;
mod describe;
mod encode;
mod entry;
mod expand;
mod facts;
mod facts_of;
mod glob;
mod global_keys;
mod index;
mod key_type;
mod level;
mod lookup;
mod nearest;
mod nearest_pattern;
mod nearest_resource;
mod overlap;

pub use arn::{ArnPattern, arn_parts};
pub use around::{Partition, Retired, given_up};
pub use describe::{ActionInfo, Answer, KeyInfo, ResourceInfo, ResourceUseInfo, RetiredInfo, ServiceInfo};
pub use encode::encode;
pub use entry::{Action, ActionId, ConditionKey, ResourceType, ResourceUse, Service};
pub use expand::Expand;
pub use facts::{
    ActionFacts, Facts, KeyFacts, LinkFacts, MisnomerFacts, Overlay, PartitionFacts, ResourceFacts, RetiredFacts,
    ServiceFacts, fold,
};
pub use glob::matches as glob_matches;
pub use global_keys::{GLOBAL_KEYS, GlobalKey, global_key};
pub use index::folded_hash;
pub use key_type::KeyType;
pub use level::{AccessLevel, AccessLevels};
pub use lookup::Catalog;

/// [`Catalog::date`] of the built-in catalogue.
pub fn date() -> &'static str {
    Catalog::builtin().date()
}

/// [`Catalog::service`] of the built-in catalogue.
pub fn service(prefix: &str) -> Option<Service<'static>> {
    Catalog::builtin().service(prefix)
}

/// [`Catalog::action`] of the built-in catalogue.
pub fn action(service: &str, name: &str) -> Option<Action<'static>> {
    Catalog::builtin().action(service, name)
}

/// [`Catalog::expand`] of the built-in catalogue.
pub fn expand(pattern: &str) -> Expand<'static> {
    Catalog::builtin().expand(pattern)
}

/// [`Catalog::condition_key`] of the built-in catalogue.
pub fn condition_key(name: &str) -> Option<ConditionKey<'static>> {
    Catalog::builtin().condition_key(name)
}

/// [`Catalog::retired`] of the built-in catalogue.
pub fn retired(name: &str) -> Option<Retired<'static>> {
    Catalog::builtin().retired(name)
}

/// Whether `prefix` is the prefix of an AWS service's actions, in whatever case.
pub fn is_service(prefix: &str) -> bool {
    service(prefix).is_some()
}

/// Whether a condition key is a claim of an identity provider: its prefix is a host name, perhaps with a path
/// (`oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub`). Anyone may run one, so that the catalogue can have them all no more
/// than it can have all hosts.
pub fn is_provider_key(name: &str) -> bool {
    name.rsplit_once(':').is_some_and(|(host, claim)| !claim.is_empty() && host.contains('.'))
}

/// Prefixes of keys that no list of AWS's is complete for: SAML's, and those of devices and their certificates, which
/// AWS IoT has policies of its own for, in the same language.
pub const OPEN_ENDED_PREFIXES: [&str; 3] = ["saml", "iot", "credentials-iot"];
