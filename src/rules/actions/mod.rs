//! Actions: names that AWS does not know, no longer knows, or that say nothing new.
//!
//! What is unknown may only be newer than the catalogue, so these rules warn, and say how old it is.

pub mod action_matches_nothing;
pub mod duplicate_action;
pub mod malformed_action;
pub mod missing_dependent_action;
pub mod redundant_action;
pub mod retired_action;
pub mod unknown_action;
pub mod unknown_service;
pub mod wildcard_in_service_prefix;

mod homoglyph;
mod list;

use crate::access::named::NamedAction;
use crate::catalog::Service;
use crate::diagnostic::Safety;
use crate::policy::{Effect, has_wildcard};
use crate::rule::{Context, Finding};
use crate::syntax::part_span;
use crate::text::{Edit, Span};

/// The place of what stands before the colon.
fn service_span(cx: &Context<'_>, action: &NamedAction<'_>) -> Span {
    part_span(cx.source.slice(action.item.span), action.item.span, 0..action.service.len())
}

/// What comes of an item that matches no action.
fn consequence(action: &NamedAction<'_>) -> &'static str {
    match (action.element.negated, action.statement.effect) {
        (true, _) => "it excepts nothing",
        (false, Some(Effect::Allow)) => "it allows nothing",
        (false, Some(Effect::Deny)) => "it denies nothing",
        (false, None) => "it matches nothing",
    }
}

/// Whether it is something a service could be called. What is not is for [`malformed_action`] to tell.
fn is_plain(service: &str) -> bool {
    !service.is_empty() && !has_wildcard(service)
}

/// Offers to write the prefix of `service` instead, where it has all of these actions.
fn rename_service(cx: &Context<'_>, finding: &mut Finding, service: Service<'_>, actions: &[&NamedAction<'_>]) {
    let exists = |name: &str| match has_wildcard(name) {
        true => cx.catalog.expand(&format!("{service}:{name}")).next().is_some(),
        false => service.action(name).is_some(),
    };
    if actions.iter().all(|action| exists(action.name)) {
        let edit = |action: &&NamedAction<'_>| Edit { span: service_span(cx, action), text: service.prefix().into() };
        finding.fix(format!("use `{service}`"), Safety::Unsafe, actions.iter().map(edit).collect());
    }
}

/// "`a`, `b` and `c`".
fn enumerate<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
