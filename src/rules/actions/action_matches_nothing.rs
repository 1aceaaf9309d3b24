//! A wildcard that stands for no action.

use super::consequence;
use crate::access::named::NamedAction;
use crate::catalog::Service;
use crate::policy::has_wildcard;
use crate::rule::{Context, Sink};
use crate::suggest::nearest;

/// Reports each such item of a service that exists.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for action in cx.analysis.actions().iter().filter(|action| action.known.is_none() && has_wildcard(action.name)) {
        let is_all = action.name.bytes().all(|byte| byte == b'*');
        let Some(service) = action.known_service.filter(|_| !is_all) else { continue };
        if service.expand(action.name).next().is_none() {
            report(cx, sink, action, service);
        }
    }
}

fn report(cx: &Context<'_>, sink: &mut Sink, action: &NamedAction<'_>, service: Service<'_>) {
    let (text, date) = (&action.item.text, cx.catalog.date());
    let message = format!("`{text}` matches no action of `{service}` (as of {date}), so {}", consequence(action));
    let finding = sink.report(action.item.span, message);
    if action.name.trim() != action.name {
        finding.help("remove the space");
    } else if let Some(meant) = meant(service, action.name) {
        finding.help(format!("did you mean `{service}:{meant}*`?"));
    }
}

/// The verb that was meant by an unknown one: `Describe` by `Decribe*`.
fn meant<'c>(service: Service<'c>, name: &str) -> Option<&'c str> {
    let stem = name.strip_suffix('*').filter(|stem| stem.len() > 2 && !has_wildcard(stem))?;
    let verbs = service.actions().map(|action| first_word(action.name()));
    nearest(stem, verbs).filter(|verb| !verb.eq_ignore_ascii_case(stem))
}

fn first_word(name: &str) -> &str {
    let end = name.char_indices().skip(1).find(|(_, letter)| !letter.is_ascii_lowercase());
    end.map_or(name, |(at, _)| &name[..at])
}
