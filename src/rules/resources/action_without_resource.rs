//! An action for which its statement lists no resource.

use super::{example, is_told, names};
use crate::access::fit::{ActionItem, Fit};
use crate::catalog::ResourceType;
use crate::rule::{Context, Sink};

/// For how many sorts of resource that are missing from a statement there is a finding each. Where more are, they were
/// all forgotten for one reason.
const MOST_CAUSES: usize = 3;

/// Actions that work on the same types of resource, and the types.
type Cause<'f, 'p> = (Vec<ResourceType<'p>>, Vec<&'f ActionItem<'p>>);

/// Reports the actions that work on the same types of resource together. Where no resource fits any action, the
/// resources are at fault, and another rule says so.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for fit in cx.analysis.fits() {
        let no_resource_fits = fit.resources.iter().all(|resource| !resource.fits);
        if no_resource_fits || !fit.actions.iter().any(is_dead) {
            continue;
        }
        if fit.resources.iter().any(|resource| !resource.fits && is_told(cx, resource)) {
            continue;
        }
        let causes = causes(fit);
        if causes.len() > MOST_CAUSES {
            report_all(cx, sink, fit, causes.len());
        } else {
            causes.iter().for_each(|cause| report(cx, sink, cause));
        }
    }
}

fn is_dead(action: &ActionItem<'_>) -> bool {
    !action.fits && action.works_on_resources()
}

fn causes<'f, 'p>(fit: &'f Fit<'p>) -> Vec<Cause<'f, 'p>> {
    let mut causes: Vec<Cause<'f, 'p>> = Vec::new();
    for action in fit.actions.iter().filter(|action| is_dead(action)) {
        let types = action.resource_types();
        match causes.iter_mut().find(|(known, _)| *known == types) {
            Some((_, actions)) => actions.push(action),
            None => causes.push((types, vec![action])),
        }
    }
    causes
}

fn report(cx: &Context<'_>, sink: &mut Sink, (types, actions): &Cause<'_, '_>) {
    let what = format!("{}, and no resource of this statement is one", names(types));
    report_actions(cx, sink, actions, &what);
}

fn report_all(cx: &Context<'_>, sink: &mut Sink, fit: &Fit<'_>, causes: usize) {
    let actions: Vec<&ActionItem<'_>> = fit.actions.iter().filter(|action| is_dead(action)).collect();
    let what = format!("{causes} sorts of resource of which this statement lists none");
    report_actions(cx, sink, &actions, &what);
}

fn report_actions(cx: &Context<'_>, sink: &mut Sink, actions: &[&ActionItem<'_>], what: &str) {
    let Some((first, others)) = actions.split_first() else { return };
    let (more, verb) = match others.len() {
        0 => (String::new(), "works"),
        count => (format!(" and {count} more"), "work"),
    };
    let message = format!("`{}`{more} {verb} on {what} (as of {})", first.item.text, cx.catalog.date());
    let finding = sink.report(first.item.span, message);
    for other in others {
        finding.related(other.item.span, "and this");
    }
    if let Some(example) = example(&first.item.text, &first.resource_types()) {
        let action = if others.is_empty() { "the action" } else { "the actions" };
        finding.help(format!("add a resource such as `{example}`, or remove {action}"));
    }
}
