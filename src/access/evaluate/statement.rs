//! One statement against one request.

use super::condition::{all, any, condition};
use super::glob::{Ends, Glob, Piece, Reading, Variables};
use crate::access::{ArnSpan, Caller, NotPrincipal, Request, Semantics};
use crate::policy::{
    Effect, Element, Principal, PrincipalElement, PrincipalKind, Statement, Text, Truth, Version, has_wildcard,
};

/// What each part of a statement makes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The principals; `Yes` where the statement names none.
    pub principal: Truth,
    /// How the principals were met, where they are.
    pub named: Option<Named>,
    /// The actions.
    pub action: Truth,
    /// The resources; `Yes` where the statement names none.
    pub resource: Truth,
    /// Each condition, in order.
    pub conditions: Vec<Truth>,
    /// All of it.
    pub matches: Truth,
    /// All of it but the principals.
    matches_otherwise: Truth,
}

impl Verdict {
    /// This verdict, if the statement means the caller whatever its principals say.
    pub(super) fn meaning_everyone(self) -> Self {
        let (principal, named) = (Truth::Yes, Some(Named::Everyone));
        Self { principal, named, matches: self.matches_otherwise, ..self }
    }
}

/// By which of the caller's names a statement means the caller, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Named {
    /// The very user, session, service or provider.
    Exactly,
    /// The role of a session, or the user behind a federated session.
    Role,
    /// Everyone.
    Everyone,
    /// The whole account.
    Account,
}

/// Whether `statement` matches `request`, and which parts of it do.
pub fn statement(statement: &Statement<'_>, request: &Request, version: Version, semantics: &Semantics) -> Verdict {
    let (principal, named) = match &statement.principal {
        None => (Truth::Yes, None),
        Some(element) => principals(element, &request.caller, statement.effect, semantics),
    };
    let hidden = if statement.is_settled() { Truth::Yes } else { Truth::Maybe };
    let action = match &statement.action {
        Some(element) => listed(element, |text| action_matches(text, &request.action)),
        None => !hidden,
    };
    let resource = match &statement.resource {
        Some(element) => listed(element, |text| resource_matches(text, request, version, semantics)),
        None => Truth::Yes,
    };
    let conditions: Vec<Truth> =
        statement.conditions.iter().map(|one| condition(one, &request.context, version, semantics)).collect();
    // A directive may hold back a condition that is written down, so not even a No is sure.
    let met = all(conditions.iter().copied());
    let met = if statement.is_settled() { met } else { Truth::Maybe };
    let matches_otherwise = action.and(resource).and(met);
    let matches = principal.and(matches_otherwise);
    Verdict { principal, named, action, resource, conditions, matches, matches_otherwise }
}

/// `Action` and `Resource` match where an item does, `NotAction` and `NotResource` where none does.
fn listed(element: &Element<'_>, item: impl Fn(&Text<'_>) -> Truth) -> Truth {
    let found = any(element.items.iter().map(item));
    let found = if element.complete { found } else { found.or(Truth::Maybe) };
    if element.negated { !found } else { found }
}

/// Service and name are separate, the service has no wildcards, and neither has case.
fn action_matches(text: &Text<'_>, action: &str) -> Truth {
    // Lists of hundreds of names are common, and a name needs no glob.
    if text.parts.is_empty() && !has_wildcard(&text.text) {
        return Truth::from(text.text.eq_ignore_ascii_case(action));
    }
    let (wildcards, variables) = (true, Variables::Literal);
    let Some(mut glob) = Glob::resolve(text, &super::Context::new(), Reading { wildcards, variables }) else {
        return Truth::No;
    };
    glob.fold_case();
    let in_service = |piece: &Piece| matches!(piece, Piece::One(_) | Piece::Many(_));
    let service = glob.pieces.iter().take_while(|piece| **piece != Piece::Char(':'));
    if glob.pieces != Glob::everything().pieces && service.clone().any(in_service) {
        return Truth::No;
    }
    glob.matches(&action.to_ascii_lowercase())
}

fn resource_matches(text: &Text<'_>, request: &Request, version: Version, semantics: &Semantics) -> Truth {
    let (wildcards, variables) = (true, Variables::of(version));
    // A variable without a value makes a pattern that no resource matches.
    let Some(mut glob) = Glob::resolve(text, &request.context, Reading { wildcards, variables }) else {
        return Truth::No;
    };
    if glob.pieces.iter().all(|piece| matches!(piece, Piece::Many(_))) && !glob.pieces.is_empty() {
        return Truth::Yes;
    }
    if request.resource == "*" {
        return if glob.has_unknown() { glob.matches("*") } else { Truth::No };
    }
    // What is not known may hold colons, so it is not known which part a wildcard stands in.
    if glob.has_unknown() || semantics.arn_span == ArnSpan::String {
        return glob.matches(&request.resource);
    }
    let (colons, _) = glob.colons();
    if colons < 5 && matches!(glob.pieces.last(), Some(Piece::Many(_))) {
        for _ in colons..5 {
            glob.pieces.extend([Piece::Char(':'), Glob::everything().pieces[0]]);
        }
    }
    let ends = if semantics.arn_span == ArnSpan::Expand { Ends::Reach } else { Ends::Stop };
    glob.segmented(ends).matches(&request.resource)
}

fn principals(
    element: &PrincipalElement<'_>,
    caller: &Caller,
    effect: Option<Effect>,
    semantics: &Semantics,
) -> (Truth, Option<Named>) {
    let hidden = if element.complete { Truth::No } else { Truth::Maybe };
    let met =
        |name: &(Named, PrincipalKind, String)| any(element.items.iter().map(|item| names(item, name))).or(hidden);
    let everyone = any(element.items.iter().map(|item| is_everyone(item, caller)));
    let own = names_of(caller);
    if element.negated {
        let strict = effect == Some(Effect::Deny) && semantics.not_principal == NotPrincipal::EveryName;
        let spared = if strict && !own.is_empty() {
            // The session alone is not enough: AWS may look at the account or the role first.
            all([Named::Exactly, Named::Role, Named::Account].into_iter().filter_map(|level| {
                let mut names = own.iter().filter(|name| name.0 == level).peekable();
                names.peek()?;
                Some(any(names.map(met)))
            }))
        } else {
            any(own.iter().map(met)).or(hidden)
        };
        return (!spared.or(everyone), Some(Named::Everyone));
    }
    let mut best: Option<(Truth, Named)> = None;
    let mut candidates: Vec<(Truth, Named)> = own.iter().map(|name| (met(name), name.0)).collect();
    candidates.push((everyone, Named::Everyone));
    candidates.sort_by_key(|(_, named)| *named);
    for (truth, named) in candidates {
        if truth > best.map_or(Truth::No, |(truth, _)| truth) {
            best = Some((truth, named));
        }
    }
    best.map_or((hidden, None), |(truth, named)| (truth, Some(named)))
}

/// A wildcard means everyone, or everyone of one sort; as a part of a name it means nothing.
fn is_everyone(item: &Principal<'_>, caller: &Caller) -> Truth {
    let is_of_sort = match item.kind {
        PrincipalKind::Everyone | PrincipalKind::Aws => true,
        PrincipalKind::Service => matches!(caller, Caller::Service { .. }),
        PrincipalKind::Federated => matches!(caller, Caller::Federated { .. }),
        PrincipalKind::CanonicalUser => matches!(caller, Caller::CanonicalUser { .. }),
        PrincipalKind::Unknown => false,
    };
    item.is_everyone().and(Truth::from(is_of_sort))
}

/// The names that a caller goes by.
fn names_of(caller: &Caller) -> Vec<(Named, PrincipalKind, String)> {
    let aws = |named, name: &str| (named, PrincipalKind::Aws, name.to_owned());
    let mut names = match caller {
        Caller::Anonymous => Vec::new(),
        Caller::Root { account } => vec![aws(Named::Exactly, &format!("arn:aws:iam::{account}:root"))],
        Caller::User { arn } => vec![aws(Named::Exactly, arn)],
        Caller::Session { role, session } => vec![aws(Named::Exactly, session), aws(Named::Role, role)],
        Caller::FederatedUser { session, user } => vec![aws(Named::Exactly, session), aws(Named::Role, user)],
        Caller::Service { name } => vec![(Named::Exactly, PrincipalKind::Service, name.clone())],
        Caller::Federated { provider } => vec![(Named::Exactly, PrincipalKind::Federated, provider.clone())],
        Caller::CanonicalUser { id } => vec![(Named::Exactly, PrincipalKind::CanonicalUser, id.clone())],
    };
    if let Some(account) = caller.account() {
        names.push(aws(Named::Account, account));
        let own = caller.partition();
        let all = ["aws", "aws-cn", "aws-us-gov"].into_iter().filter(|_| own.is_none());
        for partition in all.chain(own) {
            names.push(aws(Named::Account, &format!("arn:{partition}:iam::{account}:root")));
        }
    }
    names
}

fn names(item: &Principal<'_>, (_, kind, name): &(Named, PrincipalKind, String)) -> Truth {
    if item.kind != *kind {
        return Truth::No;
    }
    let (wildcards, variables) = (false, Variables::Literal);
    Glob::resolve(&item.text, &super::Context::new(), Reading { wildcards, variables })
        .map_or(Truth::No, |glob| glob.matches(name))
}
