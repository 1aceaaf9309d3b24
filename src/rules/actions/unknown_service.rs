//! A service that AWS does not have.

use super::{consequence, homoglyph, is_plain, service_span};
use crate::access::named::NamedAction;
use crate::catalog::Service;
use crate::diagnostic::Safety;
use crate::policy::has_wildcard;
use crate::rule::{Context, Sink};
use crate::text::Edit;
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
        _ => format!("there is no service `{}` (as of {}), so {}", first.service, catalog.date(), consequence(first)),
    };
    let finding = sink.report(service_span(cx, first), message);
    for other in others {
        finding.related(service_span(cx, other), "and here");
    }
    if let Some(service) = meant {
        finding.help(format!("did you mean `{service}`?"));
        if actions.iter().all(|action| exists(cx, service, action.name)) {
            let edit =
                |action: &&NamedAction<'_>| Edit { span: service_span(cx, action), text: service.prefix().into() };
            finding.fix(format!("use `{service}`"), Safety::Unsafe, actions.iter().map(edit).collect());
        }
    }
}

fn exists(cx: &Context<'_>, service: Service<'_>, name: &str) -> bool {
    if has_wildcard(name) {
        return cx.catalog.expand(&format!("{service}:{name}")).next().is_some();
    }
    service.action(name).is_some()
}
