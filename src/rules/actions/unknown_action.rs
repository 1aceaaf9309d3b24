//! An action that its service does not have.

use super::{Named, enumerate, has_wildcard, homoglyph, named};
use crate::catalog::Action;
use crate::diagnostic::Safety;
use crate::rule::{Context, Sink};
use crate::text::Edit;

/// For how many unknown names of one policy a near one is looked for. It takes a moment for each, and whoever has more
/// has another worry.
const MOST_SUGGESTIONS: usize = 100;

/// Reports each such action. What AWS has given up has a rule of its own.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    let is_unknown = |action: &Named<'_>| {
        let service = action.known.filter(|_| !action.name.is_empty() && !has_wildcard(action.name));
        service.is_some_and(|service| service.action(action.name).is_none())
            && catalog.retired(&action.item.text).is_none()
    };
    for (number, action) in named(cx).filter(is_unknown).enumerate() {
        let nearest = || catalog.nearest_action(action.service, action.name);
        report(cx, sink, &action, (number < MOST_SUGGESTIONS).then(nearest).flatten());
    }
}

fn report(cx: &Context<'_>, sink: &mut Sink, action: &Named<'_>, nearest: Option<Action<'_>>) {
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
    let message = format!("there is no action `{text}` (as of {}), so {}", catalog.date(), action.consequence());
    let finding = sink.report(action.item.span, message);
    let checked_as: Vec<&str> = catalog.meant_by(text).collect();
    if checked_as.len() > 1 {
        finding.help(format!("AWS checks {} instead", enumerate(checked_as)));
    } else if let Some(meant) = nearest {
        let edit = Edit { span: action.item.span, text: format!("\"{meant}\"") };
        finding.help(format!("did you mean `{meant}`?"));
        finding.fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
    }
}
