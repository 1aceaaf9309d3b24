//! Facts to reviewable text and back. Lines are tab-separated, sorted, and end in a line feed; an empty column is `-`.
//!
//! ```text
//! services/PREFIX.tsv      service   PREFIX  NAME
//!                          key       NAME
//!                          resource  NAME  CONDITION-KEYS
//!                          arn       RESOURCE  ARN
//!                          action    NAME  ACCESS-LEVELS  FLAGS  CONDITION-KEYS  DEPENDENT-ACTIONS
//!                          on        ACTION  RESOURCE  required|optional  CONDITION-KEYS
//! condition_keys.tsv       NAME  TYPE  one|many  global|service
//! retired.tsv              NAME  LAST-SEEN  REPLACEMENTS
//! misnomers.tsv            NAME  MEANT
//! partitions.tsv           NAME  DNS-SUFFIX  REGIONS
//! service_principals.tsv   NAME
//! about.tsv                date  DATE
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use iam_lint::catalog::{
    AccessLevel, ActionFacts, Facts, KeyFacts, KeyType, LinkFacts, MisnomerFacts, PartitionFacts, ResourceFacts,
    RetiredFacts, ServiceFacts, fold,
};

use crate::Result;

/// Writes the text; a service that is gone loses its file.
pub fn write(folder: &Path, facts: &Facts) -> Result<()> {
    let services = folder.join("services");
    if services.exists() {
        fs::remove_dir_all(&services).map_err(|error| format!("{}: {error}", services.display()))?;
    }
    fs::create_dir_all(&services).map_err(|error| format!("{}: {error}", services.display()))?;
    for (path, content) in files(facts) {
        fs::write(folder.join(&path), content).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}

/// Every file, by its path in the folder.
pub fn files(facts: &Facts) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for (folded, service) in &facts.services {
        files.insert(format!("services/{folded}.tsv"), service_text(service));
    }
    let mut add = |path: &str, rows: Vec<Vec<String>>| files.insert(path.to_owned(), table(rows));
    add("about.tsv", vec![vec!["date".to_owned(), facts.date.clone()]]);
    add("condition_keys.tsv", facts.keys.values().map(key_row).collect());
    add(
        "retired.tsv",
        facts
            .retired
            .values()
            .map(|retired| vec![retired.name.clone(), retired.last_seen.clone(), retired.replacements.join(" ")])
            .collect(),
    );
    add(
        "misnomers.tsv",
        facts.misnomers.values().map(|misnomer| vec![misnomer.name.clone(), misnomer.meant.join(" ")]).collect(),
    );
    add(
        "partitions.tsv",
        facts
            .partitions
            .values()
            .map(|partition| vec![partition.name.clone(), partition.dns_suffix.clone(), partition.regions.join(" ")])
            .collect(),
    );
    add("service_principals.tsv", facts.principals.iter().map(|principal| vec![principal.clone()]).collect());
    files
}

fn table(rows: Vec<Vec<String>>) -> String {
    let dash = |column: String| if column.is_empty() { "-".to_owned() } else { column };
    let line = |row: Vec<String>| row.into_iter().map(dash).collect::<Vec<_>>().join("\t") + "\n";
    rows.into_iter().map(line).collect()
}

fn key_row(key: &KeyFacts) -> Vec<String> {
    let values = if key.multivalued { "many" } else { "one" };
    let scope = if key.global { "global" } else { "service" };
    [&key.name, key.key_type.name(), values, scope].map(str::to_owned).to_vec()
}

fn service_text(service: &ServiceFacts) -> String {
    let row = |columns: &[&str]| columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>();
    let mut rows = vec![row(&["service", &service.prefix, &service.name])];
    rows.extend(service.keys.iter().map(|key| row(&["key", key])));
    for resource in service.resources.values() {
        rows.push(row(&["resource", &resource.name, &joined(&resource.keys)]));
        rows.extend(resource.arns.iter().map(|arn| row(&["arn", &resource.name, arn])));
    }
    for action in service.actions.values() {
        let flags = [(action.permission_only, "permission-only"), (action.folded_only, "lower-case-only")];
        let flags: Vec<&str> = flags.into_iter().filter(|(set, _)| *set).map(|(_, flag)| flag).collect();
        let (levels, keys, dependents) = (action.levels.to_string(), joined(&action.keys), joined(&action.dependents));
        rows.push(row(&["action", &action.name, &levels, &flags.join(" "), &keys, &dependents]));
        for link in action.resources.values() {
            let required = if link.required { "required" } else { "optional" };
            rows.push(row(&["on", &action.name, &link.resource, required, &joined(&link.keys)]));
        }
    }
    table(rows)
}

fn joined<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Reads the text back.
pub fn read(folder: &Path) -> Result<Facts> {
    let mut facts = Facts::default();
    let services = folder.join("services");
    let entries = fs::read_dir(&services).map_err(|error| format!("{}: {error}", services.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", services.display()))?.path();
        let service = read_service(&path)?;
        facts.services.insert(fold(&service.prefix), service);
    }
    for [name, key_type, values, scope] in read_rows(&folder.join("condition_keys.tsv"))? {
        let key_type = KeyType::parse(&key_type).ok_or_else(|| format!("{name}: unknown type `{key_type}`"))?;
        facts.add_key(KeyFacts { name, key_type, multivalued: values == "many", global: scope == "global" });
    }
    for [name, last_seen, replacements] in read_rows(&folder.join("retired.tsv"))? {
        let replacements = words(&replacements).collect();
        facts.retired.insert(fold(&name), RetiredFacts { name, last_seen, replacements });
    }
    for [name, meant] in read_rows(&folder.join("misnomers.tsv"))? {
        let meant = words(&meant).collect();
        facts.misnomers.insert(fold(&name), MisnomerFacts { name, meant });
    }
    for [name, dns_suffix, regions] in read_rows(&folder.join("partitions.tsv"))? {
        let regions = words(&regions).collect();
        facts.partitions.insert(fold(&name), PartitionFacts { name, dns_suffix, regions });
    }
    facts.principals = read_rows(&folder.join("service_principals.tsv"))?.into_iter().map(|[name]| name).collect();
    for [_, date] in read_rows(&folder.join("about.tsv"))? {
        facts.date = date;
    }
    Ok(facts)
}

fn read_rows<const COLUMNS: usize>(path: &Path) -> Result<Vec<[String; COLUMNS]>> {
    let row = |row: Vec<String>| row.try_into().map_err(|row| format!("{}: {row:?}?", path.display()));
    read_table(path)?.into_iter().map(row).collect()
}

fn read_table(path: &Path) -> Result<Vec<Vec<String>>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let column = |column: &str| if column == "-" { String::new() } else { column.to_owned() };
    Ok(text.lines().map(|line| line.split('\t').map(column).collect()).collect())
}

fn words(column: &str) -> impl Iterator<Item = String> {
    column.split_ascii_whitespace().map(str::to_owned)
}

fn read_service(path: &Path) -> Result<ServiceFacts> {
    let mut service = ServiceFacts::default();
    for row in read_table(path)? {
        let columns: Vec<&str> = row.iter().map(String::as_str).collect();
        read_line(&mut service, &columns).ok_or_else(|| format!("{}: {row:?}?", path.display()))?;
    }
    Ok(service)
}

fn read_line(service: &mut ServiceFacts, columns: &[&str]) -> Option<()> {
    match *columns {
        ["service", prefix, name] => (service.prefix, service.name) = (prefix.to_owned(), name.to_owned()),
        ["key", name] => _ = service.keys.insert(name.to_owned()),
        ["resource", name, keys] => {
            let resource = ResourceFacts { name: name.to_owned(), arns: Vec::new(), keys: words(keys).collect() };
            service.resources.insert(fold(name), resource);
        }
        ["arn", resource, arn] => service.resources.get_mut(&fold(resource))?.arns.push(arn.to_owned()),
        ["action", name, levels, flags, keys, dependents] => {
            let levels = levels.split(", ").filter(|level| !level.is_empty()).map(AccessLevel::parse);
            let action = ActionFacts {
                name: name.to_owned(),
                folded_only: words(flags).any(|flag| flag == "lower-case-only"),
                permission_only: words(flags).any(|flag| flag == "permission-only"),
                levels: levels.collect::<Option<_>>()?,
                keys: words(keys).collect(),
                resources: BTreeMap::new(),
                dependents: words(dependents).collect(),
            };
            service.actions.insert(fold(name), action);
        }
        ["on", action, resource, required, keys] => {
            let required = required == "required";
            let link = LinkFacts { resource: resource.to_owned(), required, keys: words(keys).collect() };
            service.actions.get_mut(&fold(action))?.resources.insert(fold(resource), link);
        }
        _ => return None,
    }
    Some(())
}
