//! A service that AWS does not have.

use super::{consequence, homoglyph, is_plain, rename_service, service_span};
use crate::access::named::NamedAction;
use crate::rule::{Context, Sink};
use std::collections::BTreeMap;

/// Reports each such service once for the policy, however many of its actions are listed.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    let mut unknown: BTreeMap<String, Vec<&NamedAction<'_>>> = BTreeMap::new();
    for action in cx.analysis.actions().iter().filter(|action| action.known_service.is_none()) {
        if is_plain(action.service) && !is_placeholder(action.service) && catalog.retired(action.service).is_none() {
            unknown.entry(action.service.to_ascii_lowercase()).or_default().push(action);
        }
    }
    for actions in unknown.values() {
        report(cx, sink, actions);
    }
}

/// Words that stand for a service that the reader is to fill in.
fn is_placeholder(service: &str) -> bool {
    let word = service.trim_end_matches(|end: char| end.is_ascii_digit() || end == '-');
    ["service", "someservice", "some-service", "service-prefix", "service-name"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

fn report(cx: &Context<'_>, sink: &mut Sink, actions: &[&NamedAction<'_>]) {
    let Some((first, others)) = actions.split_first() else { return };
    let catalog = cx.catalog;
    let unmasked = homoglyph::unmask(first.service);
    let meant = match &unmasked {
        Some((plain, _)) => catalog.service(plain),
        None => catalog.nearest_service(first.service),
    };
    let message = match &unmasked {
        Some((plain, letter)) if meant.is_some() => {
            format!("`{}` is not `{plain}`: it contains {}", first.service, homoglyph::describe(*letter))
        }
        _ if catalog.meant_by(first.service).next().is_some() => {
            format!("there is no service `{}`, so {}", first.service, consequence(first))
        }
        _ => {
            let (service, date) = (first.service, catalog.date());
            format!("`{service}` is no service in the catalogue of {date}; unless it is newer, {}", consequence(first))
        }
    };
    let finding = sink.report(service_span(cx, first), message);
    for other in others {
        finding.related(service_span(cx, other), "and here");
    }
    if let Some(service) = meant {
        finding.help(format!("did you mean `{service}`?"));
        rename_service(cx, finding, service, actions);
    }
}
