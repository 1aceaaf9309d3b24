//! What is kept by hand, under `catalog/curated`, each file naming its sources; and the global keys, which are in the
//! program's own source.

use std::fmt::Write as _;
use std::path::Path;

use iam_lint::catalog::{
    ActionFacts, Facts, GLOBAL_KEYS, KeyFacts, KeyType, LinkFacts, MisnomerFacts, ResourceFacts, RetiredFacts, fold,
};

use crate::Result;
use crate::record::key_name;

pub fn add(facts: &mut Facts, folder: &Path) -> Result<()> {
    for [name] in rows(&folder.join("actions.tsv"))? {
        add_action(facts, &name)?;
    }
    for [prefix, name, arn] in rows(&folder.join("arns.tsv"))? {
        add_arn(facts, &prefix, name, arn)?;
    }
    for [action, resource] in rows(&folder.join("links.tsv"))? {
        link(facts, &action, &resource)?;
    }
    for key in GLOBAL_KEYS {
        let (name, key_type, multivalued) = (key_name(key.name), key.key_type, key.multivalued);
        facts.add_key(KeyFacts { name, key_type, multivalued, global: true });
    }
    for [name, key_type, values, scope] in rows(&folder.join("condition_keys.tsv"))? {
        let key_type = KeyType::parse(&key_type).ok_or_else(|| format!("{name}: unknown type `{key_type}`"))?;
        facts.add_key(KeyFacts { name, key_type, multivalued: values == "many", global: scope == "global" });
    }
    for [name, last_seen, replacements] in rows(&folder.join("retired.tsv"))? {
        let replacements = known(facts, words(&replacements))?;
        let last_seen = last_seen.trim_start_matches('-').to_owned();
        facts.retired.insert(fold(&name), RetiredFacts { name, last_seen, replacements });
    }
    for [name, meant] in rows(&folder.join("misnomers.tsv"))? {
        if is_known(facts, &name) {
            return Err(format!("curated/misnomers.tsv: `{name}` exists"));
        }
        let meant = known(facts, words(&meant))?;
        facts.misnomers.insert(fold(&name), MisnomerFacts { name, meant });
    }
    facts.principals.extend(rows(&folder.join("service_principals.tsv"))?.into_iter().map(|[principal]| principal));
    // What has come back is no longer retired, unless it is listed as being on its way out: then it has no last day.
    let returned = |retired: &RetiredFacts| !retired.last_seen.is_empty() && is_known(facts, &retired.name);
    let gone = facts.retired.values().filter(|retired| !returned(retired));
    facts.retired = gone.map(|retired| (fold(&retired.name), retired.clone())).collect();
    Ok(())
}

/// Adds an action, with its service where that is not known either.
fn add_action(facts: &mut Facts, full_name: &str) -> Result<()> {
    let (prefix, name) = full_name.split_once(':').ok_or_else(|| format!("`{full_name}` has no service"))?;
    if is_known(facts, full_name) {
        return Err(format!("curated/actions.tsv: `{full_name}` has become known, so drop its row"));
    }
    facts.add_action(prefix, ActionFacts { name: name.to_owned(), ..ActionFacts::default() });
    Ok(())
}

/// Adds an ARN to a type of resource, and the type itself where there is none of that name.
fn add_arn(facts: &mut Facts, prefix: &str, name: String, arn: String) -> Result<()> {
    let service = facts.services.get_mut(&fold(prefix)).ok_or_else(|| format!("there is no service `{prefix}`"))?;
    let new = || ResourceFacts { name: name.clone(), ..ResourceFacts::default() };
    let known = &mut service.resources.entry(fold(&name)).or_insert_with(new).arns;
    if known.contains(&arn) {
        return Err(format!("curated/arns.tsv: `{arn}` has become known, so drop its row"));
    }
    known.push(arn);
    Ok(())
}

/// Notes that an action works on a type of resource of its service.
fn link(facts: &mut Facts, full_name: &str, resource: &str) -> Result<()> {
    let unknown = || format!("curated/links.tsv: there is no `{full_name}` or no `{resource}`");
    let (prefix, name) = full_name.split_once(':').ok_or_else(unknown)?;
    let service = facts.services.get_mut(&fold(prefix)).ok_or_else(unknown)?;
    let resource = service.resources.get(&fold(resource)).ok_or_else(unknown)?.name.clone();
    let action = service.actions.get_mut(&fold(name)).ok_or_else(unknown)?;
    let link = LinkFacts { resource: resource.clone(), ..LinkFacts::default() };
    match action.resources.insert(fold(&resource), link) {
        Some(_) => Err(format!("curated/links.tsv: `{full_name}` on `{resource}` has become known, so drop its row")),
        None => Ok(()),
    }
}

/// Adds what an update found gone to the list of the retired.
pub fn retire(path: &Path, names: &[String], day: &str) -> Result<()> {
    let mut text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    for name in names {
        if !text.lines().any(|line| line.split('\t').next() == Some(name)) {
            let _ = writeln!(text, "{name}\t{day}\t-");
        }
    }
    let (comments, mut rows): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
    rows.sort_by_key(|row| fold(row));
    let lines = comments.into_iter().chain(rows).flat_map(|line| [line, "\n"]);
    std::fs::write(path, lines.collect::<String>()).map_err(|error| format!("{}: {error}", path.display()))
}

fn is_known(facts: &Facts, name: &str) -> bool {
    match name.split_once(':') {
        Some((prefix, action)) => {
            facts.services.get(&fold(prefix)).is_some_and(|service| service.actions.contains_key(&fold(action)))
        }
        None => facts.services.contains_key(&fold(name)),
    }
}

/// The names, all of which must exist: a suggestion that is wrong itself is worse than none.
fn known(facts: &Facts, names: Vec<String>) -> Result<Vec<String>> {
    match names.iter().find(|name| !is_known(facts, name)) {
        Some(unknown) => Err(format!("catalog/curated suggests `{unknown}`, which does not exist")),
        None => Ok(names),
    }
}

fn words(column: &str) -> Vec<String> {
    column.split(' ').filter(|word| *word != "-").map(str::to_owned).collect()
}

fn rows<const COLUMNS: usize>(path: &Path) -> Result<Vec<[String; COLUMNS]>> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let row = |line: &str| {
        let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
        columns.try_into().map_err(|_| format!("{}: `{line}` has not {COLUMNS} columns", path.display()))
    };
    lines.map(row).collect()
}
