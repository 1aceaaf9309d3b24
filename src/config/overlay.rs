//! A user's own additions to the catalogue: services, actions, resource types and condition keys that are too new for
//! it, or nobody else's.

use crate::catalog::{AccessLevel, ActionFacts, Catalog, KeyFacts, KeyType, LinkFacts, Overlay, ResourceFacts, fold};
use crate::diagnostic::Diagnostic;
use crate::header::{self, Fields, Problem, Spanned};
use crate::text::Source;

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
}

fn service(fields: &mut Fields, read: &mut Read) {
    let prefix = required(fields, "prefix");
    let name = fields.string("name").map(|name| name.value).unwrap_or_default();
    let Some(prefix) = prefix else { return };
    if is_prefix(&prefix.value) {
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
    let dependents = fields.strings("dependents").map(|list| values(list.value)).unwrap_or_default();
    let permission_only = fields.boolean("permission_only").is_some_and(|value| value.value);
    let Some(full_name) = full_name else { return };
    let split = full_name.value.split_once(':').filter(|(prefix, name)| {
        is_prefix(prefix) && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let Some((prefix, name)) = split else {
        let message = format!("`{}` is not an action's name", full_name.value);
        fields.problem(Problem::new(full_name.span, message).with_help("write it in full, such as `s3:GetObject`"));
        return;
    };
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
    if name.value.split_once(':').is_none_or(|(prefix, rest)| prefix.is_empty() || rest.is_empty()) {
        let message = format!("`{}` is not a condition key", name.value);
        fields.problem(Problem::new(name.span, message).with_help("write it with its prefix, such as `s3:prefix`"));
        return;
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
    /// Names of resource types and condition keys that neither the overlay nor the catalogue knows: slips, which would
    /// otherwise be believed.
    fn dangling(&self) -> Vec<Problem> {
        let catalog = Catalog::builtin();
        let mut problems = Vec::new();
        for Spanned { value: name, span } in &self.keys {
            if self.overlay.keys.contains_key(&fold(name)) || catalog.condition_key(name).is_some() {
                continue;
            }
            let help = match catalog.nearest_key(name) {
                Some(meant) => format!("did you mean `{meant}`? if not, add it as a `[[condition_key]]`"),
                None => "add it as a `[[condition_key]]`".to_owned(),
            };
            problems.push(Problem::new(*span, format!("there is no condition key `{name}`")).with_help(help));
        }
        for (prefix, Spanned { value: name, span }) in &self.resources {
            let own = self.overlay.services.get(&fold(prefix));
            let is_own = own.is_some_and(|service| service.resources.contains_key(&fold(name)));
            let is_built_in = catalog.service(prefix).is_some_and(|service| service.resource_type(name).is_some());
            if !is_own && !is_built_in {
                let message = format!("the service `{prefix}` has no resource type `{name}`");
                problems.push(Problem::new(*span, message).with_help("add it as a `[[resource]]`"));
            }
        }
        problems
    }
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

fn values(list: Vec<Spanned<String>>) -> Vec<String> {
    list.into_iter().map(|item| item.value).collect()
}

fn is_prefix(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let source = Source::new("overlay.toml", text);
        let found = overlay(&source).err().unwrap_or_default();
        let shown = |problem: &Diagnostic| format!("{} <- {}", source.slice(problem.span), problem.message);
        assert_eq!(found.iter().map(shown).collect::<Vec<_>>(), expect, "{text}");
    }

    const WHOLE: &str = r#"
        [[service]]
        prefix = "shop"
        name = "Our shop"

        [[resource]]
        service = "shop"
        name = "order"
        arns = ["arn:${Partition}:shop:${Region}:${Account}:order/${OrderId}"]
        condition_keys = ["shop:Currency"]

        [[action]]
        name = "shop:PlaceOrder"
        access_levels = ["Write"]
        resources = ["order"]
        condition_keys = ["aws:RequestTag/${TagKey}"]

        [[action]]
        name = "s3:InventOneMore"
        resources = ["bucket"]

        [[condition_key]]
        name = "shop:Currency"
        type = "String"
        multivalued = true
    "#;

    #[test]
    fn what_is_added_is_known() {
        check(WHOLE, &[]);
        let Ok(overlay) = overlay(&Source::new("overlay.toml", WHOLE)) else { panic!("it is valid") };
        let catalog = Catalog::with(&overlay);
        assert_eq!(catalog.date(), Catalog::builtin().date());
        assert!(catalog.action("s3", "GetObject").is_some() && catalog.action("s3", "inventonemore").is_some());
        let key = catalog.condition_key("shop:currency").unwrap();
        assert!(key.is_multivalued() && catalog.action("shop", "PlaceOrder").unwrap().supports_key(key));
    }

    #[test]
    fn what_is_wrong_is_underlined() {
        check("[[service]]\nname = 'x'", &["[[service]] <- `prefix` is missing"]);
        check("[[service]]\nprefix = 'a b'", &["'a b' <- `a b` is not a service prefix"]);
        check("[[services]]\nprefix = 'a'", &["services <- unknown key `services`"]);
        check("service = 'a'", &["'a' <- `service` is a list of tables, not a string"]);
        check("[[action]]\nname = 'GetObject'", &["'GetObject' <- `GetObject` is not an action's name"]);
        check(
            "[[action]]\nname = 's3:X'\nresources = ['bukcet']",
            &["'bukcet' <- the service `s3` has no resource type `bukcet`"],
        );
        check(
            "[[action]]\nname = 's3:X'\ncondition_keys = ['s3:prefx']\naccess_levels = ['Reed']",
            &[
                "'s3:prefx' <- there is no condition key `s3:prefx`",
                "'Reed' <- `Reed` is not a value of `access_levels`",
            ],
        );
        check("[[condition_key]]\nname = 'prefix'", &["'prefix' <- `prefix` is not a condition key"]);
        check(
            "[[resource]]\nservice = 's3'\nname = 'a'\narns = ['s3:::a']",
            &["'s3:::a' <- `s3:::a` is not the pattern of an ARN"],
        );
    }
}
