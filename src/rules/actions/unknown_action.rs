//! An action that its service does not have.

use super::{consequence, enumerate, report_alike};
use crate::access::named::NamedAction;
use crate::catalog::Action;
use crate::diagnostic::Safety;
use crate::policy::has_wildcard;
use crate::rule::{Context, Sink};
use crate::text::Edit;

/// For how many unknown names of one policy a near one is looked for. It takes a moment for each, and whoever has more
/// has another worry.
const MOST_SUGGESTIONS: usize = 100;

/// Reports each such action once for the policy, however often it is listed. What AWS has given up has a rule of its
/// own.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    let is_unknown = |action: &&NamedAction<'_>| {
        let is_unknown = action.known_service.is_some() && action.known.is_none();
        is_unknown
            && !action.name.is_empty()
            && !has_wildcard(action.name)
            && catalog.retired(&action.item.text).is_none()
    };
    let nearest = |action: &NamedAction<'_>| catalog.nearest_action(action.service, action.name);
    let found = cx.analysis.actions().iter().filter(is_unknown);
    report_alike(cx, sink, found, (MOST_SUGGESTIONS, nearest), report);
}

fn report(
    cx: &Context<'_>,
    sink: &mut Sink,
    first: &NamedAction<'_>,
    others: &[&NamedAction<'_>],
    nearest: Option<Action<'_>>,
) {
    let catalog = cx.catalog;
    let text = &*first.item.text;
    let checked_as: Vec<&str> = catalog.meant_by(text).collect();
    let (date, consequence) = (catalog.date(), consequence(first));
    let message = match checked_as.as_slice() {
        [] => format!("`{text}` is not in the catalogue of {date}; unless it is newer, {consequence}"),
        _ => format!("there is no action `{text}`, so {consequence}"),
    };
    let finding = sink.report(first.item.span, message);
    for other in others {
        finding.related(other.item.span, "and here");
    }
    if checked_as.len() > 1 {
        finding.help(format!("AWS checks {} instead", enumerate(checked_as)));
    } else if let Some(meant) = nearest {
        finding.help(format!("did you mean `{meant}`?"));
        // A namesake of another service is a guess.
        if !checked_as.is_empty() || Some(meant.service()) == first.known_service {
            let edit = |action: &&NamedAction<'_>| Edit { span: action.item.span, text: format!("\"{meant}\"") };
            let edits = std::iter::once(&first).chain(others).map(edit).collect();
            finding.fix(format!("use `{meant}`"), Safety::Unsafe, edits);
        }
    }
}
