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

use crate::catalog::Service;
use crate::policy::{Effect, Element, Statement, Text};
use crate::rule::Context;
use crate::syntax::part_span;
use crate::text::Span;

/// An item of `Action` or `NotAction` that is known to the last character, taken apart at its colon.
#[derive(Clone, Copy)]
struct Named<'p> {
    statement: &'p Statement<'p>,
    element: &'p Element<'p>,
    item: &'p Text<'p>,
    service: &'p str,
    name: &'p str,
    /// The service, if there is such a one.
    known: Option<Service<'p>>,
}

impl Named<'_> {
    /// The place of what stands before the colon.
    fn service_span(&self, cx: &Context<'_>) -> Span {
        part_span(cx.source.slice(self.item.span), self.item.span, 0..self.service.len())
    }

    /// What comes of an item that matches no action.
    fn consequence(&self) -> &'static str {
        match (self.element.negated, self.statement.effect) {
            (true, _) => "it excepts nothing",
            (false, Some(Effect::Allow)) => "it allows nothing",
            (false, Some(Effect::Deny)) => "it denies nothing",
            (false, None) => "it matches nothing",
        }
    }
}

/// Every action of the policy whose name is known, whether listed in `Action` or in `NotAction`.
fn named<'p>(cx: &Context<'p>) -> impl Iterator<Item = Named<'p>> + use<'p> {
    let (policy, catalog) = (cx.policy, cx.catalog);
    let lists = policy.statements.iter().filter_map(|statement| Some((statement, statement.action.as_ref()?)));
    let items = lists.flat_map(|(statement, element)| element.items.iter().map(move |item| (statement, element, item)));
    // Actions of one service mostly stand together.
    let mut last: Option<(&str, Option<Service<'p>>)> = None;
    items.filter(|(_, _, item)| item.is_literal()).filter_map(move |(statement, element, item)| {
        let (service, name) = item.text.split_once(':')?;
        let known = match last {
            Some((prefix, known)) if prefix == service => known,
            _ => catalog.service(service),
        };
        last = Some((service, known));
        Some(Named { statement, element, item, service, name, known })
    })
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether it is something a service could be called. What is not is for [`malformed_action`] to tell.
fn is_plain(service: &str) -> bool {
    !service.is_empty() && !has_wildcard(service)
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
