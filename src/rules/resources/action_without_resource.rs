//! An action for which its statement lists no resource.

use super::{describe, is_told};
use crate::access::fit::ActionItem;
use crate::rule::{Context, Sink};

/// Reports the actions that work on the same types of resource together. Where no resource fits any action, the
/// resources are at fault, and another rule says so.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for fit in cx.analysis.fits() {
        let is_dead = |action: &&ActionItem<'_>| !action.fits && action.works_on_resources();
        let no_resource_fits = fit.resources.iter().all(|resource| !resource.fits);
        if no_resource_fits || !fit.actions.iter().any(|action| is_dead(&action)) {
            continue;
        }
        if fit.resources.iter().any(|resource| !resource.fits && is_told(cx, resource)) {
            continue;
        }
        let mut causes: Vec<(Vec<_>, Vec<&ActionItem<'_>>)> = Vec::new();
        for action in fit.actions.iter().filter(is_dead) {
            let types = action.resource_types();
            match causes.iter_mut().find(|(known, _)| *known == types) {
                Some((_, actions)) => actions.push(action),
                None => causes.push((types, vec![action])),
            }
        }
        for (types, actions) in &causes {
            let Some((first, others)) = actions.split_first() else { continue };
            let (words, example) = describe(types);
            let (more, verb) = match others.len() {
                0 => (String::new(), "works"),
                count => (format!(" and {count} more"), "work"),
            };
            let message = format!(
                "`{}`{more} {verb} on {words}, and no resource of this statement is one (as of {})",
                first.item.text,
                cx.catalog.date()
            );
            let finding = sink.report(first.item.span, message);
            for other in others {
                finding.related(other.item.span, "and this");
            }
            if let Some(example) = example {
                finding.help(format!("add a resource such as `{example}`, or remove the action"));
            }
        }
    }
}
