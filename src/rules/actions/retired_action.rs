//! An action, or a whole service, that AWS has given up.

use super::{enumerate, is_plain, service_span};
use crate::access::named::NamedAction;
use crate::catalog::Retired;
use crate::policy::has_wildcard;
use crate::rule::{Context, Sink};
use std::collections::BTreeMap;

/// Reports each such action, and each such service once for the policy.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    let mut services: BTreeMap<&str, Vec<&NamedAction<'_>>> = BTreeMap::new();
    for action in cx.analysis.actions() {
        let retired = match (action.known, action.known_service) {
            (Some(known), _) => known.retired(),
            (None, Some(_)) if has_wildcard(action.name) => None,
            (None, Some(_)) => catalog.retired(&action.item.text),
            (None, None) if !is_plain(action.service) => None,
            (None, None) => {
                if let Some(retired) = catalog.retired(action.service) {
                    services.entry(retired.name()).or_default().push(action);
                }
                None
            }
        };
        if let Some(retired) = retired {
            let finding = sink.report(action.item.span, message(cx, retired, action.item.text.as_ref()));
            let instead: Vec<&str> = retired.replacements().collect();
            if !instead.is_empty() {
                finding.help(format!("use {}", enumerate(instead)));
            }
        }
    }
    for (name, actions) in services {
        let (Some((first, others)), Some(retired)) = (actions.split_first(), catalog.retired(name)) else { continue };
        let finding = sink.report(service_span(cx, first), message(cx, retired, first.service));
        for other in others {
            finding.related(service_span(cx, other), "and here");
        }
    }
}

fn message(cx: &Context<'_>, retired: Retired<'_>, text: &str) -> String {
    let (what, date) = (if text.contains(':') { "the action" } else { "the service" }, cx.catalog.date());
    match retired.last_seen() {
        Some(day) => format!("AWS no longer has {what} `{text}`: it was last seen on {day} (as of {date})"),
        None => format!("AWS has ended its support for {what} `{text}` (as of {date})"),
    }
}
