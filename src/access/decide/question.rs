//! What can be asked, and what the answers are.

use super::actions::Realism;
use super::callers::Credential;
use super::problem::Part;
use super::unread::Unread;
use crate::access::evaluate::Entry;
use crate::access::{Caller, Request, Semantics, StatementId};
use crate::catalog::Catalog;
use crate::policy::Truth;
use std::borrow::Cow;
use std::fmt;

/// Which requests are asked about.
#[derive(Debug, Clone)]
pub struct Question<'c> {
    /// Patterns of actions; none means all.
    pub actions: Vec<String>,
    /// Patterns of actions that are not asked about.
    pub actions_other_than: Vec<String>,
    /// Patterns of resources; none means all.
    pub resources: Vec<String>,
    /// Patterns of resources that are not asked about.
    pub other_than: Vec<String>,
    /// Who makes the request.
    pub callers: Callers,
    /// The credentials with which it may be made; none means that it does not matter.
    pub credentials: Vec<Credential>,
    /// The account that owns the resource; if it is not said, the one in its ARN, and where that has none, any.
    pub owner: Option<String>,
    /// Keys that have these values; without values, keys that are absent.
    pub context: Vec<(String, Vec<String>)>,
    /// What resources an action is believed to work on.
    pub realism: Realism,
    /// How what is contested is read.
    pub semantics: Semantics,
    /// What is known of actions and what they work on.
    pub catalog: &'c Catalog,
}

impl Default for Question<'_> {
    /// Whether anything at all is allowed.
    fn default() -> Self {
        Self {
            actions: Vec::new(),
            actions_other_than: Vec::new(),
            resources: Vec::new(),
            other_than: Vec::new(),
            callers: Callers::default(),
            credentials: Vec::new(),
            owner: None,
            context: Vec::new(),
            realism: Realism::default(),
            semantics: Semantics::default(),
            catalog: Catalog::builtin(),
        }
    }
}

/// Who makes the requests that are asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Callers {
    /// Anyone.
    #[default]
    Anyone,
    /// This one.
    Only(Caller),
    /// Any user or role of this account, whatever its name.
    Of(String),
    /// Whoever does not sign.
    Anonymous,
    /// Anyone outside these accounts.
    Outside(Vec<String>),
}

/// The answer to the question whether there is such a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// There is: this one.
    Possible(Box<Witness>),
    /// There is none.
    Impossible(Proof),
    /// That could not be found out.
    Unknown(Unknown),
}

impl Answer {
    /// Whether there is such a request.
    pub fn truth(&self) -> Truth {
        match self {
            Self::Possible(_) => Truth::Yes,
            Self::Impossible(_) => Truth::No,
            Self::Unknown(_) => Truth::Maybe,
        }
    }
}

/// A request that shows that something is possible. It has been put to the evaluator, which agreed.
#[derive(Debug, Clone)]
pub struct Witness {
    /// The request.
    pub request: Request,
    /// The credential, where it matters.
    pub credential: Option<Credential>,
    /// The statement that allows it.
    pub statement: Option<StatementId>,
    /// The keys, folded, without which it would not do.
    pub keys: Vec<String>,
    /// The keys with something of the user's own in them, as they are written where they are asked about.
    pub written: Vec<String>,
}

impl Witness {
    /// A key of the request as AWS spells it, with what is of the user's own in it as the user does.
    pub fn spelled<'k>(&'k self, key: &'k str) -> Cow<'k, str> {
        let written = self.written.iter().find(|written| written.eq_ignore_ascii_case(key));
        spelling(written.map_or(key, String::as_str))
    }
}

/// What makes something impossible.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// The statements, and the parts of them, that were needed to rule everything out. None where no statement
    /// grants anything of the kind to begin with.
    pub core: Vec<(StatementId, Part)>,
}

/// Why something could not be found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// It depends on what a template will put in place of these holes, or of something that has no name.
    Hole(Vec<String>),
    /// It depends on what cannot be read.
    Unread(Unread),
    /// It depends on the value of these policy variables.
    Variables(Vec<String>),
    /// The search was too long.
    Budget,
    /// The policies name too many to go through them one by one.
    Callers,
    /// The evaluator does not agree with the decider about this request: one of them is wrong.
    Disagreement(Box<Request>),
}

impl Unknown {
    /// Whether it is an error of this program.
    pub fn is_internal(&self) -> bool {
        matches!(self, Self::Disagreement(_))
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hole(holes) => {
                let (named, others) = holes.split_at(holes.len().min(3));
                let named: Vec<String> = named.iter().map(|hole| format!("`{hole}`")).collect();
                match (&named[..], others.len()) {
                    ([], _) => f.write_str("it depends on a value that is filled in later"),
                    (_, 0) => write!(f, "it depends on what is filled in for {}", named.join(", ")),
                    (_, more) => write!(f, "it depends on what is filled in for {} and {more} more", named.join(", ")),
                }
            }
            Self::Unread(what) => what.fmt(f),
            Self::Variables(keys) => {
                let keys: Vec<String> = keys.iter().map(|key| format!("`${{{}}}`", spelling(key))).collect();
                write!(f, "it depends on the value of {}", keys.join(", "))
            }
            Self::Budget => f.write_str("there is too much to go through"),
            Self::Callers => f.write_str("too many principals are named to go through all of them"),
            Self::Disagreement(request) => {
                write!(
                    f,
                    "internal error: decider and evaluator disagree about {} on {}",
                    request.action, request.resource
                )
            }
        }
    }
}

impl fmt::Display for Witness {
    /// One line that a person reads: action, resource, caller, and the keys that matter.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request { action, resource, caller, context, .. } = &self.request;
        write!(f, "{action} on {resource} by ")?;
        match (self.credential, caller) {
            (Some(Credential::RoleSession) | None, Caller::Session { role, .. }) => match caller.session_name() {
                Some(name) => write!(f, "the session {name} of {role}")?,
                None => write!(f, "a session of {role}")?,
            },
            (Some(credential), Caller::CanonicalUser { id }) => {
                write!(f, "{} of the canonical user {id}", credential.describe())?;
            }
            (Some(credential), _) => f.write_str(credential.describe())?,
            (None, Caller::Anonymous) => f.write_str("anyone, unsigned")?,
            (None, Caller::Root { account }) => write!(f, "the root user of {account}")?,
            (None, Caller::User { arn }) => f.write_str(arn)?,
            (None, Caller::FederatedUser { session, .. }) => f.write_str(session)?,
            (None, Caller::Service { name }) => write!(f, "the service {name}")?,
            (None, Caller::Federated { provider }) => write!(f, "someone vouched for by {provider}")?,
            (None, Caller::CanonicalUser { id }) => write!(f, "the canonical user {id}")?,
        }
        let mut notes = Vec::new();
        if self.credential.is_some() && context.get("aws:MultiFactorAuthPresent") == Entry::Absent {
            notes.push("no aws:MultiFactorAuthPresent".to_owned());
        }
        for (key, values) in context.iter().filter(|(key, _)| self.keys.iter().any(|own| own == key)) {
            notes.push(format!("{} = {}", self.spelled(key), values.join(", ")));
        }
        if notes.is_empty() { Ok(()) } else { write!(f, " ({})", notes.join("; ")) }
    }
}

/// A folded key as AWS spells it; what is of the user's own in it, as the name of a tag, stays as it is.
fn spelling(key: &str) -> Cow<'_, str> {
    let Some(known) = crate::catalog::condition_key(key) else { return key.into() };
    let name = known.name();
    let fixed = if known.is_template() { name.find('$').unwrap_or(0) } else { name.len() };
    let is_same = key.get(..fixed).is_some_and(|start| start.eq_ignore_ascii_case(&name[..fixed]));
    if is_same { format!("{}{}", &name[..fixed], &key[fixed..]).into() } else { key.into() }
}
