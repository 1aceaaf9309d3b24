//! An action that its service does not have.

use super::{consequence, enumerate, homoglyph};
use crate::access::named::NamedAction;
use crate::catalog::Action;
use crate::diagnostic::Safety;
use crate::policy::has_wildcard;
use crate::rule::{Context, Sink};
use crate::text::Edit;

/// For how many unknown names of one policy a near one is looked for. It takes a moment for each, and whoever has more
/// has another worry.
const MOST_SUGGESTIONS: usize = 100;

/// Reports each such action. What AWS has given up has a rule of its own.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    let is_unknown = |action: &NamedAction<'_>| {
        let is_unknown = action.known_service.is_some() && action.known.is_none();
        is_unknown
            && !action.name.is_empty()
            && !has_wildcard(action.name)
            && catalog.retired(&action.item.text).is_none()
    };
    for (number, action) in cx.analysis.actions().iter().filter(|action| is_unknown(action)).enumerate() {
        let nearest = || catalog.nearest_action(action.service, action.name);
        report(cx, sink, action, (number < MOST_SUGGESTIONS).then(nearest).flatten());
    }
}

fn report(cx: &Context<'_>, sink: &mut Sink, action: &NamedAction<'_>, nearest: Option<Action<'_>>) {
    let catalog = cx.catalog;
    let text = &*action.item.text;
    if let Some((plain, letter)) = homoglyph::unmask(text)
        && let Some(meant) = catalog.action_named(&plain).map(|meant| meant.to_string())
    {
        let message = format!("`{text}` is not `{plain}`: it contains {}", homoglyph::describe(letter));
        let edit = Edit { span: action.item.span, text: format!("\"{meant}\"") };
        let finding = sink.report(action.item.span, message);
        finding.help(format!("write `{meant}`")).fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
        return;
    }
    let checked_as: Vec<&str> = catalog.meant_by(text).collect();
    let (date, consequence) = (catalog.date(), consequence(action));
    let message = match checked_as.as_slice() {
        [] => format!("`{text}` is not in the catalogue of {date}; unless it is newer, {consequence}"),
        _ => format!("there is no action `{text}`, so {consequence}"),
    };
    let finding = sink.report(action.item.span, message);
    if checked_as.len() > 1 {
        finding.help(format!("AWS checks {} instead", enumerate(checked_as)));
    } else if let Some(meant) = nearest {
        let edit = Edit { span: action.item.span, text: format!("\"{meant}\"") };
        finding.help(format!("did you mean `{meant}`?"));
        finding.fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
    }
}
