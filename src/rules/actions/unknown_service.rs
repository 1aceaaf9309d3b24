//! A service that AWS does not have.

use super::{consequence, is_plain, rename_service, service_span};
use crate::access::named::NamedAction;
use crate::policy::ArnPart;
use crate::rule::{Context, Sink};
use crate::rules::resources::{arns, span};
use crate::suggest::lookalike::Disguise;
use crate::text::{Edit, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Reports each such service once for the policy, however many of its actions are listed, and ARNs with them.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut unknown: BTreeMap<String, Vec<&NamedAction<'_>>> = BTreeMap::new();
    for action in cx.analysis.actions().iter().filter(|action| is_unknown(cx, action)) {
        unknown.entry(action.service.to_ascii_lowercase()).or_default().push(action);
    }
    if unknown.is_empty() {
        return;
    }
    let in_arns = places_in_arns(cx);
    for (service, actions) in &unknown {
        report(cx, sink, actions, in_arns.get(service).map_or(&[], Vec::as_slice));
    }
}

/// Words that stand for a service that the reader is to fill in.
fn is_placeholder(service: &str) -> bool {
    let word = service.trim_end_matches(|end: char| end.is_ascii_digit() || end == '-');
    ["service", "someservice", "some-service", "service-prefix", "service-name"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// The services, folded, of which a finding of this rule says already that there are none.
pub(in crate::rules) fn unknown_services(cx: &Context<'_>) -> BTreeSet<String> {
    let unknown = cx.analysis.actions().iter().filter(|action| is_unknown(cx, action));
    unknown.map(|action| action.service.to_ascii_lowercase()).collect()
}

fn is_unknown(cx: &Context<'_>, action: &NamedAction<'_>) -> bool {
    let service = action.service;
    action.known_service.is_none()
        && is_plain(service)
        && !is_placeholder(service)
        && cx.catalog.retired(service).is_none()
}

/// The places of a service's name in the ARNs of the policy.
fn places_in_arns(cx: &Context<'_>) -> BTreeMap<String, Vec<Span>> {
    let mut places: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for arn in arns(cx).filter(|arn| arn.is_settled(ArnPart::Service)) {
        if let Some(service) = arn.literal(ArnPart::Service) {
            places.entry(service.to_ascii_lowercase()).or_default().push(span(cx, arn, ArnPart::Service));
        }
    }
    places
}

fn report(cx: &Context<'_>, sink: &mut Sink, actions: &[&NamedAction<'_>], in_arns: &[Span]) {
    let Some((first, others)) = actions.split_first() else { return };
    let catalog = cx.catalog;
    let disguise = Disguise::of(first.service);
    let meant = match &disguise {
        Some(disguise) => catalog.service(&disguise.plain),
        None => catalog.nearest_service_with(first.service, actions.iter().map(|action| action.name)),
    };
    let message = match &disguise {
        Some(disguise) if meant.is_some() => {
            format!("`{}` is not `{}`: it contains {}", first.service, disguise.plain, disguise.culprit())
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
    for place in others.iter().map(|other| service_span(cx, other)).chain(in_arns.iter().copied()) {
        finding.related(place, "and here");
    }
    if let Some(service) = meant {
        finding.help(match &disguise {
            Some(disguise) => disguise.remedy(service.prefix()),
            None => format!("did you mean `{service}`?"),
        });
        rename_service(cx, finding, service, actions);
        if let Some(fix) = &mut finding.fix {
            fix.edits.extend(in_arns.iter().map(|span| Edit { span: *span, text: service.prefix().into() }));
        }
    }
}
