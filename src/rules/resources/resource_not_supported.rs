//! A resource that no action of its statement works on.

use super::star::may_be_made_up;
use super::{example, is_told, names};
use crate::access::fit::{ActionItem, Fit, ResourceItem};
use crate::catalog::ResourceType;
use crate::diagnostic::Severity;
use crate::rule::{Context, Finding, Sink};

/// Reports such resources: together where no resource of the statement fits, which is one mistake; and each as a note
/// where every action has another one, so that nothing is lost.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for fit in cx.analysis.fits() {
        if fit.resources.iter().all(|resource| resource.fits) || fit.actions.iter().all(ActionItem::needs_star) {
            continue;
        }
        let at_fault = fit.resources.iter().filter(|resource| !resource.fits && !is_told(cx, resource));
        if fit.resources.iter().any(|resource| resource.fits) {
            let is_made_up = |resource: &_| may_be_made_up(fit, resource, !kinds(cx, resource).is_empty());
            at_fault.filter(|resource| !is_made_up(resource)).for_each(|resource| report(cx, sink, fit, &[resource]));
        } else {
            report(cx, sink, fit, &at_fault.collect::<Vec<_>>());
        }
    }
}

fn report<'p>(cx: &Context<'p>, sink: &mut Sink, fit: &Fit<'p>, at_fault: &[&ResourceItem<'p>]) {
    let Some((first, others)) = at_fault.split_first() else { return };
    let more = match others.len() {
        0 => String::new(),
        count => format!(", nor on {count} more"),
    };
    let (item, kind, date) = (first.resource.item, kind(cx, first), cx.catalog.date());
    let message = format!("no action of this statement works on `{}`{kind}{more} (as of {date})", item.text);
    let finding = sink.report(item.span, message);
    match fit.actions.iter().find(|action| !action.fits && !action.needs_star()) {
        None => _ = finding.severity(Severity::Note).help("remove it, or add the actions that were meant for it"),
        Some(action) => explain(finding, action),
    }
    for other in others {
        finding.related(other.resource.item.span, "nor on this");
    }
}

fn explain(finding: &mut Finding, action: &ActionItem<'_>) {
    let types = action.resource_types();
    let names = names(&types);
    finding.related(action.item.span, format!("this works on {names}"));
    if let Some(example) = example(&action.item.text, &types) {
        finding.help(format!("`{}` works on {names}, such as `{example}`", action.item.text));
    }
}

/// ", which is of type `bucket`".
fn kind<'p>(cx: &Context<'p>, resource: &ResourceItem<'p>) -> String {
    match kinds(cx, resource).as_slice() {
        [only] => format!(", which is of type `{}`", only.name()),
        _ => String::new(),
    }
}

/// The types of resource that it is of, whatever its region and account.
fn kinds<'p>(cx: &Context<'p>, resource: &ResourceItem<'p>) -> Vec<ResourceType<'p>> {
    let Some(pattern) = resource.pattern() else { return Vec::new() };
    cx.catalog.types_of_service_in(&pattern).filter(|kind| !pattern.near_misses(*kind).is_empty()).collect()
}
