//! A resource that no action of its statement works on.

use super::{describe, is_told};
use crate::access::fit::{ActionItem, ResourceItem};
use crate::diagnostic::Severity;
use crate::rule::{Context, Sink};

/// Reports each such resource: only as a note where every action has another one, so that nothing is lost.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for fit in cx.analysis.fits() {
        let all_need_star = fit.actions.iter().all(ActionItem::needs_star);
        let is_superfluous = fit.actions.iter().all(|action| action.fits || action.needs_star());
        let unsupported = fit.resources.iter().filter(|resource| !resource.fits && !all_need_star);
        for resource in unsupported.filter(|resource| !is_told(cx, resource)) {
            let date = cx.catalog.date();
            let message = format!(
                "no action of this statement works on `{}`{} (as of {date})",
                resource.resource.item.text,
                kind(cx, resource)
            );
            let finding = sink.report(resource.resource.item.span, message);
            if is_superfluous {
                finding.severity(Severity::Note).help("remove it, or add the actions that were meant for it");
                continue;
            }
            let Some(action) = fit.actions.iter().find(|action| !action.fits && !action.needs_star()) else { continue };
            let (words, example) = describe(&action.resource_types());
            finding.related(action.item.span, format!("this works on {words}"));
            if let Some(example) = example {
                finding.help(format!("`{}` works on {words}, such as `{example}`", action.item.text));
            }
        }
    }
}

/// ", a bucket".
fn kind(cx: &Context<'_>, resource: &ResourceItem<'_>) -> String {
    let Some(pattern) = resource.pattern() else { return String::new() };
    let mut kinds = cx.catalog.types_of_service_in(&pattern).filter(|kind| !pattern.near_misses(*kind).is_empty());
    match (kinds.next(), kinds.next()) {
        (Some(only), None) => format!(", which is a resource `{only}`"),
        _ => String::new(),
    }
}
