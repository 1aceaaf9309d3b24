//! A wildcard that stands for no action.

use super::{consequence, report_alike};
use crate::access::named::NamedAction;
use crate::policy::has_wildcard;
use crate::rule::{Context, Sink};

/// For how many patterns of one policy a near one is looked for, which takes longer than it does for a name.
const MOST_SUGGESTIONS: usize = 20;

/// Reports each such item of a service that exists, once for the policy, however often it is listed.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let matches_nothing = |action: &&NamedAction<'_>| {
        let is_all = action.name.bytes().all(|byte| byte == b'*');
        let service = action.known_service.filter(|_| action.known.is_none() && !is_all && has_wildcard(action.name));
        service.is_some_and(|service| service.expand(action.name).next().is_none())
    };
    let nearest = |action: &NamedAction<'_>| cx.catalog.nearest_pattern(action.service, action.name);
    let found = cx.analysis.actions().iter().filter(matches_nothing);
    report_alike(cx, sink, found, (MOST_SUGGESTIONS, nearest), report);
}

fn report(
    cx: &Context<'_>,
    sink: &mut Sink,
    first: &NamedAction<'_>,
    others: &[&NamedAction<'_>],
    nearest: Option<String>,
) {
    let (text, service, date) = (&first.item.text, first.service, cx.catalog.date());
    let message = format!("`{text}` matches no action of `{service}` (as of {date}), so {}", consequence(first));
    let finding = sink.report(first.item.span, message);
    for other in others {
        finding.related(other.item.span, "and here");
    }
    if let Some(meant) = nearest {
        finding.help(format!("did you mean `{meant}`?"));
    }
}
