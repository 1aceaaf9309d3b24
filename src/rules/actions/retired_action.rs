//! An action, or a whole service, that AWS has given up.

use super::{consequence, enumerate, is_plain, rename_service, service_span};
use crate::access::named::NamedAction;
use crate::catalog::{Retired, given_up};
use crate::policy::has_wildcard;
use crate::rule::{Context, Sink};
use std::collections::BTreeMap;

/// Reports each such action that something else is to be written for; the others of a service together, and each such
/// service once for the policy.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    let mut services: BTreeMap<&str, Vec<&NamedAction<'_>>> = BTreeMap::new();
    let mut without_heir: BTreeMap<(String, Option<&str>), Vec<&NamedAction<'_>>> = BTreeMap::new();
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
        let Some(retired) = retired else { continue };
        let instead: Vec<&str> = retired.replacements().collect();
        if instead.is_empty() {
            let group = (action.service.to_ascii_lowercase(), retired.last_seen());
            without_heir.entry(group).or_default().push(action);
        } else {
            let what = format!("the action `{}`", action.item.text);
            let finding = sink.report(action.item.span, message(cx, &what, retired.last_seen()));
            finding.help(format!("use {}", enumerate(instead)));
        }
    }
    for ((_, last_seen), actions) in without_heir {
        report_actions(cx, sink, &actions, last_seen);
    }
    for (name, actions) in services {
        if let Some(retired) = catalog.retired(name) {
            report_service(cx, sink, &actions, retired);
        }
    }
}

fn report_actions(cx: &Context<'_>, sink: &mut Sink, actions: &[&NamedAction<'_>], last_seen: Option<&str>) {
    let Some((first, others)) = actions.split_first() else { return };
    let what = match others.len() {
        0 => format!("the action `{}`", first.item.text),
        count => format!("the actions `{}` and {count} more", first.item.text),
    };
    let finding = sink.report(first.item.span, message(cx, &what, last_seen));
    for other in others {
        finding.related(other.item.span, "and this");
    }
    if !others.is_empty() {
        finding.help("remove them");
    }
}

fn report_service(cx: &Context<'_>, sink: &mut Sink, actions: &[&NamedAction<'_>], retired: Retired<'_>) {
    let Some((first, others)) = actions.split_first() else { return };
    let heir = retired.replacements().find_map(|name| cx.catalog.service(name));
    let message = match heir {
        Some(heir) => format!("the service `{}` has become `{heir}`, so {}", first.service, consequence(first)),
        None => message(cx, &format!("the service `{}`", first.service), retired.last_seen()),
    };
    let finding = sink.report(service_span(cx, first), message);
    for other in others {
        finding.related(service_span(cx, other), "and here");
    }
    if let Some(heir) = heir {
        rename_service(cx, finding.help(format!("use `{heir}`")), heir, actions);
    }
}

fn message(cx: &Context<'_>, what: &str, last_seen: Option<&str>) -> String {
    given_up(what, last_seen, cx.catalog.date())
}
