//! A user's own additions to the catalogue: services, actions, resource types and condition keys that are too new for
//! it, or nobody else's.

use crate::catalog::{
    AccessLevel, ActionFacts, Catalog, KeyFacts, KeyType, LinkFacts, OPEN_ENDED_PREFIXES, Overlay, ResourceFacts, fold,
    is_provider_key,
};
use crate::diagnostic::Diagnostic;
use crate::header::{self, Fields, Problem, Spanned};
use crate::suggest::nearest;
use crate::text::{Source, Span};
use std::collections::{BTreeMap, BTreeSet};

/// What a problem in an overlay is reported as.
const INVALID: &str = "invalid-catalog-overlay";
/// The group of what is wrong with an overlay. No page explains it.
pub const OVERLAY_GROUP: &str = "configuration";

/// Reads an overlay: TOML with the lists `[[service]]`, `[[action]]`, `[[resource]]` and `[[condition_key]]`. All that
/// is wrong with it is reported, in order of place.
pub fn overlay(source: &Source) -> Result<Overlay, Vec<Diagnostic>> {
    let (table, mut problems) = header::parse(source.text(), 0);
    let mut read = Read::default();
    let mut fields = Fields::new(table);
    type Reader = fn(&mut Fields, &mut Read);
    let readers: [(&'static str, Reader); 4] =
        [("service", service), ("action", action), ("resource", resource), ("condition_key", condition_key)];
    for (key, reader) in readers {
        for table in fields.tables(key) {
            let mut entry = Fields::new(table);
            reader(&mut entry, &mut read);
            problems.extend(entry.finish());
        }
    }
    problems.extend(fields.finish());
    problems.extend(read.dangling());
    if problems.is_empty() {
        return Ok(read.overlay);
    }
    problems.sort_by_key(|problem| problem.span);
    Err(problems.into_iter().map(|problem| problem.into_diagnostic(INVALID, OVERLAY_GROUP)).collect())
}

/// What was read so far.
#[derive(Default)]
struct Read {
    overlay: Overlay,
    /// The condition keys that were named in passing.
    keys: Vec<Spanned<String>>,
    /// The resource types that were named in passing, each with its service's prefix.
    resources: Vec<(String, Spanned<String>)>,
    /// The actions that were named in passing.
    dependents: Vec<Spanned<String>>,
    /// The services of resource types and condition keys that were added.
    services: Vec<Spanned<String>>,
    /// The services that are added by themselves or with an action, as they are spelled, by folded prefix.
    own_services: BTreeMap<String, String>,
    /// All that was added, in folded words.
    added: BTreeSet<String>,
}

fn service(fields: &mut Fields, read: &mut Read) {
    let prefix = required(fields, "prefix");
    let name = fields.string("name").map(|name| name.value).unwrap_or_default();
    let Some(prefix) = prefix else { return };
    if is_prefix(&prefix.value) {
        read.add(fields, format!("the service `{}`", prefix.value), prefix.span);
        read.own_services.insert(fold(&prefix.value), prefix.value.clone());
        read.overlay.add_service(&prefix.value, &name);
    } else {
        fields.problem(Problem::new(prefix.span, format!("`{}` is not a service prefix", prefix.value)));
    }
}

fn action(fields: &mut Fields, read: &mut Read) {
    let full_name = required(fields, "name");
    let names: Vec<&'static str> = AccessLevel::ALL.iter().map(|level| level.name()).collect();
    let levels = fields.choices("access_levels", &names, AccessLevel::parse);
    let resources = fields.strings("resources").map(|list| list.value).unwrap_or_default();
    let keys = keys(fields, read);
    let dependents = dependents(fields, read);
    let permission_only = fields.boolean("permission_only").is_some_and(|value| value.value);
    let Some(full_name) = full_name else { return };
    let Some((prefix, name)) = action_parts(&full_name.value) else {
        fields.problem(no_action_name(&full_name));
        return;
    };
    read.add(fields, format!("the action `{}`", full_name.value), full_name.span);
    read.own_services.entry(fold(prefix)).or_insert_with(|| prefix.to_owned());
    read.resources.extend(resources.iter().map(|resource| (prefix.to_owned(), resource.clone())));
    let link = |resource: Spanned<String>| {
        (fold(&resource.value), LinkFacts { resource: resource.value, ..LinkFacts::default() })
    };
    let facts = ActionFacts {
        name: name.to_owned(),
        folded_only: false,
        permission_only,
        levels: levels.map(|levels| levels.value.into_iter().collect()).unwrap_or_default(),
        keys: keys.into_iter().collect(),
        resources: resources.into_iter().map(link).collect(),
        dependents: dependents.into_iter().collect(),
    };
    read.overlay.add_action(prefix, facts);
}

fn resource(fields: &mut Fields, read: &mut Read) {
    let (prefix, name) = (required(fields, "service"), required(fields, "name"));
    let arns = fields.strings("arns");
    let keys = keys(fields, read);
    for arn in arns.iter().flat_map(|arns| &arns.value) {
        if !arn.value.starts_with("arn:") || arn.value.split(':').count() < 6 {
            let message = format!("`{}` is not the pattern of an ARN", arn.value);
            let help = "write all six parts: `arn:${Partition}:service:${Region}:${Account}:thing/${ThingName}`";
            fields.problem(Problem::new(arn.span, message).with_help(help));
        }
    }
    if arns.is_none() {
        fields.problem(Problem::new(fields.span(), "`arns` is missing"));
    }
    if let (Some(prefix), Some(name)) = (&prefix, &name) {
        read.add(fields, format!("the resource type `{}` of `{}`", name.value, prefix.value), name.span);
    }
    read.services.extend(prefix.clone());
    if let (Some(prefix), Some(name), Some(arns)) = (prefix, name, arns) {
        let arns = arns.value.into_iter().map(|arn| arn.value).collect();
        read.overlay
            .add_resource(&prefix.value, ResourceFacts { name: name.value, arns, keys: keys.into_iter().collect() });
    }
}

fn condition_key(fields: &mut Fields, read: &mut Read) {
    let name = required(fields, "name");
    let types: Vec<&'static str> = TYPES.iter().map(|key_type| key_type.name()).collect();
    let key_type = fields.choice("type", &types, KeyType::parse).map_or(KeyType::String, |chosen| chosen.value);
    let multivalued = fields.boolean("multivalued").is_some_and(|value| value.value);
    let global = fields.boolean("global").is_some_and(|value| value.value);
    let Some(name) = name else { return };
    let split = name.value.split_once(':').filter(|(prefix, rest)| !prefix.is_empty() && !rest.is_empty());
    let Some((prefix, _)) = split else {
        let message = format!("`{}` is not a condition key", name.value);
        fields.problem(Problem::new(name.span, message).with_help("write it with its prefix, such as `s3:prefix`"));
        return;
    };
    read.add(fields, format!("the condition key `{}`", name.value), name.span);
    // Requests to every service may carry a global key, and anyone may run an identity provider.
    if !global && !is_provider_key(&name.value) {
        read.services.push(Spanned { value: prefix.to_owned(), span: name.span });
    }
    read.overlay.add_key(KeyFacts { name: name.value, key_type, multivalued, global });
}

const TYPES: [KeyType; 7] = [
    KeyType::String,
    KeyType::Arn,
    KeyType::Bool,
    KeyType::Numeric,
    KeyType::Date,
    KeyType::IpAddress,
    KeyType::Binary,
];

impl Read {
    /// Notes that `what` is added. Where it is for the second time, nobody can tell which is meant.
    fn add(&mut self, fields: &mut Fields, what: String, span: Span) {
        if !self.added.insert(fold(&what)) {
            let message = format!("{what} is added twice, and only the last would count");
            fields.problem(Problem::new(span, message).with_help("keep one of them"));
        }
    }

    /// Names that neither the overlay nor the catalogue knows: slips, which would otherwise be believed.
    fn dangling(&self) -> Vec<Problem> {
        let keys = self.keys.iter().filter_map(|name| self.unknown_key(name));
        let resources = self.resources.iter().filter_map(|(prefix, name)| self.unknown_resource(prefix, name));
        let services = self.services.iter().filter_map(|prefix| self.unknown_service(prefix));
        keys.chain(resources).chain(services).chain(self.unknown_dependents()).collect()
    }

    fn unknown_key(&self, Spanned { value: name, span }: &Spanned<String>) -> Option<Problem> {
        let catalog = Catalog::builtin();
        if self.overlay.keys.contains_key(&fold(name)) || catalog.condition_key(name).is_some() {
            return None;
        }
        let help = or_add(catalog.nearest_key(name), "condition_key");
        Some(Problem::new(*span, format!("there is no condition key `{name}`")).with_help(help))
    }

    fn unknown_resource(&self, prefix: &str, Spanned { value: name, span }: &Spanned<String>) -> Option<Problem> {
        let own = self.overlay.services.get(&fold(prefix));
        let is_own = own.is_some_and(|service| service.resources.contains_key(&fold(name)));
        let built_in = Catalog::builtin().service(prefix);
        if is_own || built_in.is_some_and(|service| service.resource_type(name).is_some()) {
            return None;
        }
        let message = format!("the service `{prefix}` has no resource type `{name}`");
        Some(Problem::new(*span, message).with_help("add it as a `[[resource]]`"))
    }

    fn unknown_service(&self, Spanned { value: prefix, span }: &Spanned<String>) -> Option<Problem> {
        let catalog = Catalog::builtin();
        // Some prefixes are no services and have keys all the same, `aws` before all.
        let has_keys = || {
            let prefixes = catalog.condition_keys().filter_map(|key| key.name().split_once(':'));
            let mut all = prefixes.map(|(known, _)| known).chain(OPEN_ENDED_PREFIXES);
            all.any(|known| known.eq_ignore_ascii_case(prefix))
        };
        let is_own = self.own_services.contains_key(&fold(prefix));
        if is_own || catalog.service(prefix).is_some() || catalog.retired(prefix).is_some() || has_keys() {
            return None;
        }
        let own = nearest(prefix, self.own_services.values().map(String::as_str)).map(str::to_owned);
        let meant = own.or_else(|| catalog.nearest_service(prefix).map(|service| service.to_string()));
        let message = format!("there is no service `{prefix}`");
        Some(Problem::new(*span, message).with_help(or_add(meant, "service")))
    }

    fn unknown_dependents(&self) -> Vec<Problem> {
        let catalog = Catalog::builtin();
        let is_own = |prefix: &str, name: &str| {
            let own = self.overlay.services.get(&fold(prefix));
            own.is_some_and(|service| service.actions.contains_key(&fold(name)))
        };
        let is_known = |dependent: &&Spanned<String>| {
            let is_own = action_parts(&dependent.value).is_some_and(|(prefix, name)| is_own(prefix, name));
            is_own || catalog.action_named(&dependent.value).is_some() || catalog.retired(&dependent.value).is_some()
        };
        let unknown: Vec<_> = self.dependents.iter().filter(|dependent| !is_known(dependent)).collect();
        if unknown.is_empty() {
            return Vec::new();
        }
        // One's own actions are near as well as AWS's.
        let whole = Catalog::with(&self.overlay);
        let problem = |dependent: &Spanned<String>| {
            let Some((prefix, name)) = action_parts(&dependent.value) else { return no_action_name(dependent) };
            let help = or_add(whole.nearest_action(prefix, name).map(|meant| meant.to_string()), "action");
            Problem::new(dependent.span, format!("there is no action `{}`", dependent.value)).with_help(help)
        };
        unknown.into_iter().map(problem).collect()
    }
}

/// What may have been meant by a name that nobody knows, and in which list to add it if it was not.
fn or_add(meant: Option<String>, list: &str) -> String {
    match meant {
        Some(meant) => format!("did you mean `{meant}`? if not, add it as a `[[{list}]]`"),
        None => format!("add it as a `[[{list}]]`"),
    }
}

/// The prefix and the name of an action that is written in full, without wildcards.
fn action_parts(full_name: &str) -> Option<(&str, &str)> {
    full_name.split_once(':').filter(|(prefix, name)| {
        is_prefix(prefix) && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn no_action_name(text: &Spanned<String>) -> Problem {
    let message = format!("`{}` is not an action's name", text.value);
    Problem::new(text.span, message).with_help("write it in full, such as `s3:GetObject`")
}

fn required(fields: &mut Fields, key: &'static str) -> Option<Spanned<String>> {
    let value = fields.string(key);
    if value.is_none() {
        fields.problem(Problem::new(fields.span(), format!("`{key}` is missing")));
    }
    value
}

fn keys(fields: &mut Fields, read: &mut Read) -> Vec<String> {
    let keys = fields.strings("condition_keys").map(|list| list.value).unwrap_or_default();
    read.keys.extend(keys.iter().cloned());
    values(keys)
}

fn dependents(fields: &mut Fields, read: &mut Read) -> Vec<String> {
    let dependents = fields.strings("dependents").map(|list| list.value).unwrap_or_default();
    read.dependents.extend(dependents.iter().cloned());
    values(dependents)
}

fn values(list: Vec<Spanned<String>>) -> Vec<String> {
    list.into_iter().map(|item| item.value).collect()
}

fn is_prefix(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests;
