//! The actions that a policy names, each looked up once for all who ask.

use crate::catalog::{Action, Catalog, Service};
use crate::policy::{Element, Policy, Statement, Text, has_wildcard};

/// An item of `Action` or `NotAction` that is known to the last character, taken apart at its colon.
#[derive(Debug, Clone, Copy)]
pub struct NamedAction<'p> {
    /// The statement it is of.
    pub statement: &'p Statement<'p>,
    /// The list it is of.
    pub element: &'p Element<'p>,
    /// The item.
    pub item: &'p Text<'p>,
    /// What stands before the colon.
    pub service: &'p str,
    /// What stands after it.
    pub name: &'p str,
    /// The service, if there is such a one.
    pub known_service: Option<Service<'p>>,
    /// The action, if there is such a one; a name with wildcards is none.
    pub known: Option<Action<'p>>,
}

/// Every such action of the policy, in order.
pub fn named_actions<'p>(policy: &'p Policy<'p>, catalog: &'p Catalog) -> Vec<NamedAction<'p>> {
    let lists = || policy.statements.iter().filter_map(|statement| Some((statement, statement.action.as_ref()?)));
    let mut named = Vec::with_capacity(lists().map(|(_, element)| element.items.len()).sum());
    // Actions of one service mostly stand together.
    let mut last: Option<(&str, Option<Service<'p>>)> = None;
    for (statement, element) in lists() {
        for item in element.items.iter().filter(|item| item.is_literal()) {
            // A service is short, so that this beats a search made for long texts.
            let Some(colon) = item.text.bytes().position(|byte| byte == b':') else { continue };
            let (service, name) = (&item.text[..colon], &item.text[colon + 1..]);
            let known_service = match last {
                Some((prefix, known)) if prefix == service => known,
                _ => catalog.service(service),
            };
            last = Some((service, known_service));
            let known = known_service.filter(|_| !has_wildcard(name)).and_then(|service| service.action(name));
            named.push(NamedAction { statement, element, item, service, name, known_service, known });
        }
    }
    named
}
