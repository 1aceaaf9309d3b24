//! What is known of a request's keys and resources before any policy speaks of them.

use super::examples;
use super::glob::{Glob, Language, Reach, Step};
use super::predicate::{Domain, arn_shape};
use super::typed::Scale;
use crate::catalog::{self, KeyType};

/// The account of witnesses, as AWS's documentation has it.
pub(super) const ACCOUNT: &str = "123456789012";

/// The domain of a key. `quantified` says that a policy expects several values.
pub(super) fn of_key(key: &str, quantified: bool) -> Domain {
    let known = catalog::global_key(key);
    let global = known.map(|known| known.key_type);
    // What AWS lists as the type of a service's key is good enough for examples, and for no more.
    let listed = || catalog::condition_key(key).map(|known| known.key_type());
    let kind = if key.starts_with("aws:") { global } else { listed() };
    let mut domain = Domain {
        usual: examples::usual(key, kind).iter().map(|value| (*value).to_owned()).collect(),
        forms: examples::forms(key, kind),
        several: known.map_or(quantified, |known| known.multivalued),
        always: ALWAYS.contains(&key),
        signed: SIGNED.contains(&key),
        ..Domain::default()
    };
    match global {
        Some(KeyType::Bool) => {
            domain.usual = vec!["true".into(), "false".into()];
            domain.closed = true;
        }
        Some(KeyType::Arn) => domain.shape = Some(arn_shape().clone()),
        Some(KeyType::Numeric) => domain.scale = Some(Scale::Number),
        Some(KeyType::Date) => domain.scale = Some(Scale::Date),
        Some(KeyType::IpAddress) => domain.scale = Some(Scale::Address),
        _ => {}
    }
    if is_account(key) {
        domain.shape = Some(account_shape(key));
    }
    if key == "aws:username" {
        domain.shape =
            Some(Language::of(Glob { steps: vec![Step::One(Reach::Name), Step::Many(Reach::Name)], folded: false }));
    }
    domain
}

/// Keys that every request carries.
const ALWAYS: &[&str] = &["aws:currenttime", "aws:epochtime", "aws:securetransport", "aws:viaawsservice"];

/// Keys that the requests of users and roles carry besides. Which of them others have, [`super::facts`] knows.
const SIGNED: &[&str] = &["aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:userid"];

/// Whether the requests of all users and roles carry `key`, in whatever case.
pub fn is_in_all_signed_requests(key: &str) -> bool {
    ALWAYS.iter().chain(SIGNED).any(|known| known.eq_ignore_ascii_case(key))
}

/// Twelve digits; AWS says so of whoever does not sign that they are of the account `anonymous`.
fn account_shape(key: &str) -> Language {
    let mut shape = Language::of(Glob { steps: vec![Step::Digit; 12], folded: false });
    if key == "aws:principalaccount" {
        shape.globs.push(Glob::literal("anonymous"));
    }
    shape
}

fn is_account(key: &str) -> bool {
    const KEYS: &[&str] = &[
        "aws:principalaccount",
        "aws:resourceaccount",
        "aws:sourceaccount",
        "aws:sourceowner",
        "aws:vpceaccount",
        "kms:calleraccount",
    ];
    KEYS.contains(&key)
}

/// Whether the key's values never have a colon.
pub(super) fn has_no_colon(key: &str) -> bool {
    is_account(key) || ["aws:username", "aws:requestedregion", "aws:principalorgid"].contains(&key)
}
