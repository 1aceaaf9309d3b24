//! A condition key or policy variable that does not exist.

use crate::access::mfa::MfaKey;
use crate::catalog::{Catalog, OPEN_ENDED_PREFIXES};
use crate::diagnostic::{Safety, Severity};
use crate::policy::{PartKind, Text, variable_key};
use crate::rule::{Context, Sink};
use crate::suggest::lookalike::Disguise;
use crate::suggest::nearest;
use crate::syntax::part_span;
use crate::text::{Edit, Span};

/// How sure it is that a key does not exist.
#[derive(Clone, Copy, PartialEq)]
enum Unknown {
    /// It begins with `aws:`, and those are a closed set; or it can only have been meant as a key of that set.
    Surely,
    /// It is a service's, and services get new ones.
    AsFarAsIsKnown,
}

/// Reports each key that is none of AWS's, and each variable that begins with `aws:` and is none.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        for condition in statement.conditions.iter().filter(|condition| condition.key_known) {
            if cx.analysis.condition_key(condition.key).is_none()
                && let Some(unknown) = unknown(cx.catalog, condition.key)
            {
                report_key(cx.catalog, sink, condition.key, condition.key_span, unknown);
            }
            for value in &condition.values {
                check_variables(cx, sink, &value.text);
            }
        }
        for item in statement.resource.iter().flat_map(|element| &element.items) {
            check_variables(cx, sink, item);
        }
    }
}

fn unknown(catalog: &Catalog, key: &str) -> Option<Unknown> {
    if catalog.condition_key(key).is_some() {
        return None;
    }
    if MfaKey::meant(key).is_some() || disguise(catalog, key).is_some() {
        return Some(Unknown::Surely);
    }
    let Some((prefix, name)) = key.split_once(':') else {
        let is_name = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        // The name of a host may stand for all of a provider's claims, as in AWS's own samples.
        let is_parted = || catalog.condition_key(&key.replacen(['.', '/', ';'], ":", 1)).is_some();
        return (is_name || is_parted()).then_some(Unknown::Surely);
    };
    if prefix.eq_ignore_ascii_case("aws") {
        return Some(Unknown::Surely);
    }
    // Others than those that are known may exist, so that only a slip of a known one is told.
    if is_providers(key) {
        return catalog.nearest_of_prefix(key).map(|_| Unknown::AsFarAsIsKnown);
    }
    // A second colon makes a template's function of it: `Fn::If`.
    let is_other = prefix.is_empty() || name.is_empty() || name.starts_with(':');
    // What AWS has given up is a finding about the actions.
    let is_retired = || catalog.service(prefix).is_none() && catalog.retired(prefix).is_some();
    (!is_other && !is_retired()).then_some(Unknown::AsFarAsIsKnown)
}

/// Whether it is one of those of which no list is complete: a claim of an identity provider, such as
/// `token.actions.githubusercontent.com:sub`, which has its own, or one of [`OPEN_ENDED_PREFIXES`].
fn is_providers(key: &str) -> bool {
    key.split_once(':').is_some_and(|(prefix, _)| {
        prefix.contains(['.', '/']) || OPEN_ENDED_PREFIXES.iter().any(|known| prefix.eq_ignore_ascii_case(known))
    })
}

/// A key that is one of AWS's but for a letter that is not what it looks like.
fn disguise(catalog: &Catalog, key: &str) -> Option<Disguise> {
    Disguise::of(key).filter(|disguise| catalog.condition_key(&disguise.plain).is_some())
}

fn report_key(catalog: &Catalog, sink: &mut Sink, key: &str, span: Span, unknown: Unknown) {
    let write = |meant: &str| vec![Edit { span, text: format!("\"{meant}\"") }];
    if let Some(disguise) = disguise(catalog, key) {
        let plain = &disguise.plain;
        let finding = sink.report(span, format!("`{key}` is not `{plain}`: it contains {}", disguise.culprit()));
        let remedy = disguise.remedy(plain);
        finding.help(remedy.clone()).fix(remedy, Safety::Unsafe, write(plain));
        return;
    }
    let finding = match unknown {
        Unknown::Surely => {
            sink.report(span, format!("there is no condition key `{key}`, so no request ever carries it"))
        }
        Unknown::AsFarAsIsKnown => {
            let (date, prefix) = (catalog.date(), key.split_once(':').map_or(key, |(prefix, _)| prefix));
            let message = match catalog.service(prefix) {
                Some(_) => {
                    format!("`{key}` is not in the catalogue of {date}; unless it is newer, no request carries it")
                }
                None if is_providers(key) => {
                    format!(
                        "`{key}` is not in the catalogue of {date}; unless the provider has it, no request carries it"
                    )
                }
                None => format!(
                    "`{key}` is of no service in the catalogue of {date}; unless it is newer, no request carries it"
                ),
            };
            sink.report(span, message).severity(Severity::Warning)
        }
    };
    if let Some(meant) = meant(catalog, key) {
        // A tag key is not ours to invent.
        if meant.ends_with('/') {
            finding.help(format!("did you mean `{meant}…`, with a tag key?"));
        } else {
            finding.help(format!("did you mean `{meant}`?"));
            finding.fix(format!("use `{meant}`"), Safety::Unsafe, write(&meant));
        }
    }
}

fn check_variables(cx: &Context<'_>, sink: &mut Sink, text: &Text<'_>) {
    for part in text.parts.iter().filter(|part| part.kind == PartKind::Variable) {
        let key = variable_key(&text.text[part.range.clone()]);
        // What begins with a service's name may be meant for a template engine.
        if unknown(cx.catalog, key) == Some(Unknown::Surely) {
            let span = part_span(cx.source.slice(text.span), text.span, part.range.clone());
            let finding = sink.report(span, format!("there is no key `{key}`, so this variable never has a value"));
            if let Some(meant) = meant(cx.catalog, key) {
                finding.help(format!("did you mean `{meant}`?"));
            }
        }
    }
}

/// The key that was meant; it ends in a slash where a tag key is missing.
fn meant(catalog: &Catalog, key: &str) -> Option<String> {
    if let Some(key) = MfaKey::meant(key) {
        return Some(key.name().to_owned());
    }
    if is_providers(key) {
        return catalog.nearest_of_prefix(key).map(|key| key.name().to_owned());
    }
    let stem = |name: &str| name.split_once("${").map_or(String::new(), |(stem, _)| stem.to_owned());
    let without_tag = catalog.condition_key(&format!("{key}/x")).map(|template| stem(template.name()));
    if let Some(stem) = without_tag.filter(|stem| stem.ends_with('/')) {
        return Some(stem);
    }
    let prefix = key.split_once(':').map(|(prefix, _)| prefix.to_ascii_lowercase());
    let is_global = |name: &str| name.starts_with("aws:");
    if prefix.as_deref() == Some("aws") {
        // Keys of services, which are many, are no candidates.
        let globals = || catalog.condition_keys().map(|key| key.name()).filter(|name| is_global(name));
        let (head, tail) = key.split_once('/').map_or((key, None), |(head, tail)| (head, Some(tail)));
        let stems: Vec<String> = globals().map(stem).filter(|stem| stem.ends_with('/')).collect();
        let plain = || nearest(key, globals().filter(|name| !name.contains("${"))).map(str::to_owned);
        let tagged = || nearest(&format!("{head}/"), stems.iter().map(String::as_str)).map(str::to_owned);
        return match tail {
            Some(tail) => tagged().map(|stem| format!("{stem}{tail}")),
            None => plain().or_else(tagged),
        };
    }
    let same_service = |name: &str| name.split_once(':').map(|(prefix, _)| prefix.to_ascii_lowercase()) == prefix;
    let no_service = prefix.as_deref().is_none_or(|prefix| catalog.service(prefix).is_none());
    catalog.nearest_key(key).filter(|name| is_global(name) || no_service || same_service(name))
}
