//! An action that no ARN matches.

use super::star::judge;
use crate::access::fit::ActionItem;
use crate::diagnostic::Severity;
use crate::rule::{Context, Sink};

/// Reports the actions of a statement that work on no particular resource, together.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for fit in cx.analysis.fits() {
        let needy = fit.actions.iter().filter(|action| !action.fits && action.needs_star());
        let judged: Vec<(&ActionItem<'_>, Option<Severity>)> =
            needy.map(|action| (action, judge(&action.actions, &fit.resources))).collect();
        for severity in [Severity::Warning, Severity::Note] {
            let found: Vec<&ActionItem<'_>> =
                judged.iter().filter(|(_, judged)| *judged == Some(severity)).map(|(action, _)| *action).collect();
            let Some((first, others)) = found.split_first() else { continue };
            let more = match others.len() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            let names = format!("`{}`{more}", first.item.text);
            let s = if others.is_empty() { "s" } else { "" };
            let (date, span) = (cx.catalog.date(), first.item.span);
            let message = match severity {
                Severity::Note => {
                    format!(
                        "AWS documents `*` as the only resource of {names} (as of {date}), so the ARNs here may not match"
                    )
                }
                _ => format!("{names} work{s} on `*` only (as of {date}), so no ARN here matches"),
            };
            let finding = sink.report(span, message).severity(severity);
            for other in others {
                finding.related(other.item.span, "and this");
            }
        }
    }
}
