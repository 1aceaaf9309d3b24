//! What the catalogue answers, for people and for programs.

use super::json::{Dated, TOOL, Tool, VERSION, write_document};
use crate::catalog::{ActionInfo, KeyInfo, ResourceInfo, ServiceInfo};
use serde::Serialize;
use std::io::{self, Write};

/// An answer of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogAnswer {
    /// Actions and all about them.
    Actions(Vec<ActionInfo>),
    /// Names of actions.
    Names(Vec<String>),
    /// A service.
    Service(ServiceInfo),
    /// A condition key.
    Key(KeyInfo),
    /// Resource types.
    Resources(Vec<ResourceInfo>),
}

/// Writes an answer for people: a line for what it is, and one for each thing to know of it.
pub fn write_catalog_text(out: &mut dyn Write, answer: &CatalogAnswer) -> io::Result<()> {
    match answer {
        CatalogAnswer::Names(names) => names.iter().try_for_each(|name| writeln!(out, "{name}")),
        CatalogAnswer::Actions(actions) => apart(out, actions, write_action),
        CatalogAnswer::Resources(resources) => apart(out, resources, write_resource),
        CatalogAnswer::Service(service) => write_service(out, service),
        CatalogAnswer::Key(key) => write_key(out, key),
    }
}

fn apart<T>(out: &mut dyn Write, items: &[T], write: impl Fn(&mut dyn Write, &T) -> io::Result<()>) -> io::Result<()> {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        write(out, item)?;
    }
    Ok(())
}

fn write_action(out: &mut dyn Write, action: &ActionInfo) -> io::Result<()> {
    let levels: Vec<&str> = action.access_levels.iter().map(|level| level.name()).collect();
    let levels = if levels.is_empty() { "access level not known".to_owned() } else { levels.join(", ") };
    let only = if action.permission_only { ", no API operation" } else { "" };
    writeln!(out, "{} ({levels}{only})", action.name)?;
    if action.resources.is_empty() {
        writeln!(out, "  resource: `*` only")?;
    }
    for used in &action.resources {
        let required = if used.required { " (required)" } else { "" };
        writeln!(out, "  resource: {}{required} {}", used.name, used.arns.join(" "))?;
    }
    list(out, "condition keys", &action.condition_keys)?;
    list(out, "also needs", &action.dependents)?;
    list(out, "given up, use instead", &action.replacements)
}

fn write_resource(out: &mut dyn Write, resource: &ResourceInfo) -> io::Result<()> {
    writeln!(out, "{} of {}", resource.name, resource.service)?;
    for arn in &resource.arns {
        writeln!(out, "  {arn}")?;
    }
    list(out, "condition keys", &resource.condition_keys)?;
    list(out, "actions", &resource.actions)
}

fn write_service(out: &mut dyn Write, service: &ServiceInfo) -> io::Result<()> {
    let name = if service.name.is_empty() { String::new() } else { format!(" ({})", service.name) };
    writeln!(out, "{}{name}", service.prefix)?;
    let resources: Vec<String> = service.resources.iter().map(|resource| resource.name.clone()).collect();
    list(out, "actions", &service.actions)?;
    list(out, "resource types", &resources)?;
    list(out, "condition keys", &service.condition_keys)
}

fn write_key(out: &mut dyn Write, key: &KeyInfo) -> io::Result<()> {
    let values = if key.multivalued { "perhaps several values" } else { "one value" };
    writeln!(out, "{} ({}, {values})", key.name, key.key_type)?;
    if key.global {
        writeln!(out, "  global: requests to every service may carry it")?;
    }
    if key.action_count > 0 {
        writeln!(out, "  listed for {} actions of: {}", key.action_count, key.services.join(", "))?;
    }
    Ok(())
}

fn list(out: &mut dyn Write, title: &str, items: &[String]) -> io::Result<()> {
    if items.is_empty() { Ok(()) } else { writeln!(out, "  {title}: {}", items.join(", ")) }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    catalog: Dated<'a>,
    #[serde(flatten)]
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Body<'a> {
    Actions(Vec<ActionEntry<'a>>),
    Names(&'a [String]),
    Service(ServiceEntry<'a>),
    ConditionKey(KeyEntry<'a>),
    Resources(Vec<ResourceEntry<'a>>),
}

#[derive(Serialize)]
struct ActionEntry<'a> {
    name: &'a str,
    access_levels: Vec<&'static str>,
    permission_only: bool,
    resources: Vec<UseEntry<'a>>,
    condition_keys: &'a [String],
    dependents: &'a [String],
    replacements: &'a [String],
}

#[derive(Serialize)]
struct UseEntry<'a> {
    name: &'a str,
    required: bool,
    arns: &'a [String],
}

#[derive(Serialize)]
struct ServiceEntry<'a> {
    prefix: &'a str,
    name: &'a str,
    actions: &'a [String],
    resources: Vec<ResourceEntry<'a>>,
    condition_keys: &'a [String],
}

#[derive(Serialize)]
struct ResourceEntry<'a> {
    service: &'a str,
    name: &'a str,
    arns: &'a [String],
    condition_keys: &'a [String],
    actions: &'a [String],
}

#[derive(Serialize)]
struct KeyEntry<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    key_type: &'a str,
    multivalued: bool,
    global: bool,
    action_count: usize,
    services: &'a [String],
}

/// Writes an answer for programs. `date` is that of the catalogue.
pub fn write_catalog_json(out: &mut dyn Write, date: &str, answer: &CatalogAnswer) -> io::Result<()> {
    let body = match answer {
        CatalogAnswer::Actions(actions) => Body::Actions(actions.iter().map(action_entry).collect()),
        CatalogAnswer::Names(names) => Body::Names(names),
        CatalogAnswer::Service(service) => Body::Service(ServiceEntry {
            prefix: &service.prefix,
            name: &service.name,
            actions: &service.actions,
            resources: service.resources.iter().map(resource_entry).collect(),
            condition_keys: &service.condition_keys,
        }),
        CatalogAnswer::Key(key) => Body::ConditionKey(KeyEntry {
            name: &key.name,
            key_type: key.key_type,
            multivalued: key.multivalued,
            global: key.global,
            action_count: key.action_count,
            services: &key.services,
        }),
        CatalogAnswer::Resources(resources) => Body::Resources(resources.iter().map(resource_entry).collect()),
    };
    let document = Document { version: VERSION, tool: TOOL, catalog: Dated { date }, body };
    write_document(out, serde_json::to_string(&document))
}

fn action_entry(action: &ActionInfo) -> ActionEntry<'_> {
    ActionEntry {
        name: &action.name,
        access_levels: action.access_levels.iter().map(|level| level.name()).collect(),
        permission_only: action.permission_only,
        resources: action
            .resources
            .iter()
            .map(|used| UseEntry { name: &used.name, required: used.required, arns: &used.arns })
            .collect(),
        condition_keys: &action.condition_keys,
        dependents: &action.dependents,
        replacements: &action.replacements,
    }
}

fn resource_entry(resource: &ResourceInfo) -> ResourceEntry<'_> {
    ResourceEntry {
        service: &resource.service,
        name: &resource.name,
        arns: &resource.arns,
        condition_keys: &resource.condition_keys,
        actions: &resource.actions,
    }
}
