//! Actions: names that AWS does not know, no longer knows, or that say nothing new.
//!
//! What is unknown may only be newer than the catalogue, so these rules warn, and say how old it is.

pub mod action_matches_nothing;
pub mod duplicate_action;
pub mod malformed_action;
pub mod missing_dependent_action;
pub mod redundant_action;
pub mod retired_action;
pub mod unknown_action;
pub mod unknown_service;
pub mod wildcard_in_service_prefix;

mod list;

use crate::access::named::NamedAction;
use crate::catalog::Service;
use crate::diagnostic::Safety;
use crate::policy::{Effect, has_wildcard};
use crate::rule::{Context, Finding, Sink};
use crate::suggest::lookalike::Disguise;
use crate::syntax::part_span;
use crate::text::{Edit, Span};
use std::collections::BTreeMap;

/// The place of what stands before the colon.
fn service_span(cx: &Context<'_>, action: &NamedAction<'_>) -> Span {
    part_span(cx.source.slice(action.item.span), action.item.span, 0..action.service.len())
}

/// What comes of an item that matches no action.
fn consequence(action: &NamedAction<'_>) -> &'static str {
    match (action.element.negated, action.statement.effect) {
        (true, _) => "it excepts nothing",
        (false, Some(Effect::Allow)) => "it allows nothing",
        (false, Some(Effect::Deny)) => "it denies nothing",
        (false, None) => "it matches nothing",
    }
}

/// Whether it is something a service could be called. What is not is for [`malformed_action`] to tell.
fn is_plain(service: &str) -> bool {
    !service.is_empty() && !has_wildcard(service)
}

/// Items of the same text, which is one mistake however often it is made, in order of the texts, of whose case IAM
/// makes nothing.
type Alike<'f, 'p> = BTreeMap<String, Vec<&'f NamedAction<'p>>>;

/// Hands each of these mistakes to `report` once, with the other places where it is made. What is meant is looked for by
/// `nearest`, for `most` of them at the most: that takes its time. One that is but a letter away to the eye is told here.
fn report_alike<'f, 'p: 'f, T>(
    cx: &Context<'_>,
    sink: &mut Sink,
    actions: impl Iterator<Item = &'f NamedAction<'p>>,
    (most, nearest): (usize, impl Fn(&NamedAction<'p>) -> Option<T>),
    report: impl Fn(&Context<'_>, &mut Sink, &NamedAction<'_>, &[&NamedAction<'_>], Option<T>),
) {
    for (number, actions) in alike(actions).values().enumerate() {
        let Some((first, others)) = actions.split_first() else { continue };
        let spans = actions.iter().map(|action| action.item.span);
        if !report_disguised(cx, sink, &first.item.text, spans) {
            report(cx, sink, first, others, (number < most).then(|| nearest(first)).flatten());
        }
    }
}

fn alike<'f, 'p>(actions: impl Iterator<Item = &'f NamedAction<'p>>) -> Alike<'f, 'p> {
    let mut alike = Alike::new();
    for action in actions {
        alike.entry(action.item.text.to_ascii_lowercase()).or_default().push(action);
    }
    alike
}

/// Reports items of that text, if it would be an action, or a pattern of some, but for a character that is not what it
/// looks like.
fn report_disguised(cx: &Context<'_>, sink: &mut Sink, text: &str, spans: impl IntoIterator<Item = Span>) -> bool {
    let Some(disguise) = Disguise::of(text) else { return false };
    let plain = &disguise.plain;
    let meant = match has_wildcard(plain) {
        true => is_pattern_of_some(cx, plain).then(|| plain.clone()),
        false => cx.catalog.action_named(plain).map(|action| action.to_string()),
    };
    let mut spans = spans.into_iter();
    let (Some(meant), Some(first)) = (meant, spans.next()) else { return false };
    let edit = |span| Edit { span, text: format!("\"{meant}\"") };
    let mut edits = vec![edit(first)];
    let finding = sink.report(first, format!("`{text}` is not `{plain}`: it contains {}", disguise.culprit()));
    for span in spans {
        finding.related(span, "and here");
        edits.push(edit(span));
    }
    let remedy = disguise.remedy(&meant);
    finding.help(remedy.clone()).fix(remedy, Safety::Unsafe, edits);
    true
}

fn is_pattern_of_some(cx: &Context<'_>, pattern: &str) -> bool {
    let is_all = pattern.bytes().all(|byte| byte == b'*');
    let matches = |(service, name): (&str, &str)| {
        cx.catalog.service(service).is_some_and(|service| service.expand(name).next().is_some())
    };
    is_all || pattern.split_once(':').is_some_and(matches)
}

/// Offers to write the prefix of `service` instead, where it has all of these actions.
fn rename_service(cx: &Context<'_>, finding: &mut Finding, service: Service<'_>, actions: &[&NamedAction<'_>]) {
    let exists = |name: &str| match has_wildcard(name) {
        true => cx.catalog.expand(&format!("{service}:{name}")).next().is_some(),
        false => service.action(name).is_some(),
    };
    if actions.iter().all(|action| exists(action.name)) {
        let edit = |action: &&NamedAction<'_>| Edit { span: service_span(cx, action), text: service.prefix().into() };
        finding.fix(format!("use `{service}`"), Safety::Unsafe, actions.iter().map(edit).collect());
    }
}

/// "`a`, `b` and `c`".
fn enumerate<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
