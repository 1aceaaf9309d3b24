//! Callers by a name that does not tell who they are: a session, whose ARN has the name of its role but not the path; a
//! role, which calls in its sessions; and an account, whose canonical user id stands for all that are of it.

use super::callers::Candidate;
use super::domain::ACCOUNT;
use super::glob::{Glob, Language, Reach, Step};
use crate::access::Caller;
use std::collections::BTreeSet;

/// The candidates that `caller` stands for; `named` are the callers that the policies name.
pub(super) fn meant_by(caller: &Caller, named: &BTreeSet<Caller>) -> Vec<Candidate> {
    match caller {
        Caller::Session { role, session } if caller.has_role_of_any_path() => of_session(role, session, named),
        Caller::Session { role, .. } if caller.session_name().is_none() => of_role(caller, role, named),
        Caller::CanonicalUser { id } => of_account(id),
        _ => vec![Candidate::Named(caller.clone())],
    }
}

/// A session of each role that it may be of and that a policy names, and of any other.
fn of_session(role: &str, session: &str, named: &BTreeSet<Caller>) -> Vec<Candidate> {
    let roles = in_any_path(role);
    let of = |role: &str| Caller::Session { role: role.to_owned(), session: session.to_owned() };
    let told = named.iter().filter_map(|known| match known {
        Caller::Session { role, .. } if !known.has_role_of_any_path() && roles.contains(role) => Some(role.as_str()),
        _ => None,
    });
    let told: BTreeSet<&str> = told.collect();
    let (start, name) = role.split_once(":role/").unwrap_or((role, ""));
    let (mut other, mut path) = (usual(start, name), "example/".to_owned());
    while told.contains(other.as_str()) {
        other = format!("{start}:role/{}{path}{name}", fixed_path(name));
        path.insert(0, 'x');
    }
    told.iter().map(|role| Candidate::Named(of(role))).chain([Candidate::OfSomePath(of(&other))]).collect()
}

/// Any session of the role, and each that a policy names. Of whom a policy names only by a session's ARN, the path of the
/// role may be this one's.
fn of_role(caller: &Caller, role: &str, named: &BTreeSet<Caller>) -> Vec<Candidate> {
    let is_own = |known: &str| known == role || in_any_path(known).contains(role);
    let own = named.iter().filter_map(|known| match known {
        Caller::Session { role: of, session } if known.session_name().is_some() && is_own(of) => Some(session.clone()),
        _ => None,
    });
    let own: BTreeSet<String> = own.collect();
    let with = |session| Candidate::Named(Caller::Session { role: role.to_owned(), session });
    [Candidate::Named(caller.clone())].into_iter().chain(own.into_iter().map(with)).collect()
}

/// Some user, some role or the root user of the account; what is of no account, as an origin access identity, comes last.
fn of_account(id: &str) -> Vec<Candidate> {
    let like = |name: &str| Caller::from_arn(&format!("arn:aws:iam::{ACCOUNT}:{name}"));
    let signers = ["user/alice", "role/example", "root"].map(like);
    let canonical = |like| Candidate::Canonical { id: id.to_owned(), like };
    let bare = Candidate::Named(Caller::CanonicalUser { id: id.to_owned() });
    signers.into_iter().map(canonical).chain([bare]).collect()
}

/// Where IAM Identity Center keeps the roles that it makes, as its user guide says; there may be a region behind it.
const OF_IDENTITY_CENTER: (&str, &str) = ("AWSReservedSSO_", "aws-reserved/sso.amazonaws.com/");

/// The path, or its beginning, of all roles of such a name.
fn fixed_path(name: &str) -> &'static str {
    let (start, path) = OF_IDENTITY_CENTER;
    if name.starts_with(start) { path } else { "" }
}

fn usual(start: &str, name: &str) -> String {
    format!("{start}:role/{}{name}", fixed_path(name))
}

/// The ARNs of the roles that have the name of this one.
pub(super) fn in_any_path(role: &str) -> Language {
    let (start, rest) = role.split_once(":role/").unwrap_or((role, ""));
    let name = rest.rsplit('/').next().unwrap_or(rest);
    let fixed = fixed_path(name);
    let reach = if fixed.is_empty() { Reach::Anywhere } else { Reach::Name };
    let plain = |text: &str| text.chars().map(Step::Char).collect::<Vec<Step>>();
    let mut steps = plain(&format!("{start}:role/{fixed}"));
    steps.extend([Step::One(reach), Step::Many(reach)]);
    steps.extend(plain(&format!("/{name}")));
    Language { globs: vec![Glob::literal(&usual(start, name)), Glob { steps, folded: false }] }
}
