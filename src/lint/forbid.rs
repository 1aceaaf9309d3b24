//! What a page's `[forbid]` finds: the Allows that grant what no policy may, each with a request that shows it.

use crate::access::decide::Question;
use crate::access::{Granted, granted, granting};
use crate::catalog::glob_matches;
use crate::page::{Forbid, Forbidden, Page};
use crate::policy::{Element, Pattern, PolicyType, Text, Truth};
use crate::rule::{Context, Finding, Sink};
use crate::text::Span;

/// Reports each Allow by which a forbidden request is possible. The decider is asked only about Allows that touch the
/// forbidden actions, so that the page costs nothing elsewhere.
pub(super) fn forbidden(page: &Page, forbid: &Forbid, cx: &Context<'_>) -> Vec<Finding> {
    let kind = cx.policy.kind.kind;
    let names_principals = matches!(kind, PolicyType::Resource | PolicyType::Trust);
    if !kind.grants() || (forbid.names_callers && !names_principals) {
        return Vec::new();
    }
    let allows = cx.policy.statements.iter().filter(|statement| statement.is_allow());
    let touched = allows.filter(|statement| statement.action.as_ref().is_some_and(|it| touches(forbid, it)));
    let mut allows: Vec<usize> = touched.map(|statement| statement.index).collect();
    let mut sink = Sink::default();
    if allows.is_empty() {
        return Vec::new();
    }
    for question in &forbid.questions {
        let question = Question { catalog: cx.catalog, ..question.clone() };
        for granted in granted(cx.policy, &allows, &question) {
            allows.retain(|index| *index != granted.statement.index);
            report(page, forbid, &question, &granted, cx, &mut sink);
        }
    }
    sink.into_findings()
}

/// One finding for one Allow: at what grants the witness's action, with whatever else of the statement grants some.
fn report(
    page: &Page,
    forbid: &Forbid,
    question: &Question<'_>,
    granted: &Granted<'_>,
    cx: &Context<'_>,
    sink: &mut Sink,
) {
    let Some(element) = &granted.statement.action else { return };
    let (first, others) = grants(forbid, question, granted, element, cx);
    let text = first.map_or("NotAction", |item| &item.text);
    let message = page.message.as_deref().unwrap_or(&page.title).replace("{text}", text);
    let span = first.map_or(element.key_span, |item| item.span);
    let finding = sink.report(span, message);
    finding.label(format!("for example: {}", granted.witness));
    for span in others {
        finding.related(span, "granted here, too");
    }
    for passed in &granted.passed {
        finding.related(passed.span, passed.reason());
    }
}

/// The item that grants the witness's action, which is none for `NotAction`, and the places of the other items that
/// grant something forbidden.
fn grants<'e, 'a>(
    forbid: &Forbid,
    question: &Question<'_>,
    granted: &Granted<'a>,
    element: &'e Element<'a>,
    cx: &Context<'_>,
) -> (Option<&'e Text<'a>>, Vec<Span>) {
    if element.negated {
        return (None, Vec::new());
    }
    let action = &granted.witness.request.action;
    let is_first = |item: &&Text<'_>| Pattern::action_matches(item, action) == Truth::Yes;
    let first = element.items.iter().find(is_first);
    let is_other = |item: &&Text<'_>| first.is_none_or(|first| first.span != item.span) && touches_item(forbid, item);
    let others: Vec<&Text<'_>> = element.items.iter().filter(is_other).collect();
    if others.is_empty() {
        return (first, Vec::new());
    }
    let others = granting(cx.policy, granted.statement.index, question, others);
    (first, others.into_iter().map(|item| item.span).collect())
}

fn touches(forbid: &Forbid, element: &Element<'_>) -> bool {
    if !element.negated {
        return element.items.iter().any(|item| touches_item(forbid, item));
    }
    let is_spared = |forbidden: &Forbidden| {
        element.items.iter().any(|item| Pattern::action(item).covers(&forbidden.pattern) == Truth::Yes)
    };
    !forbid.actions.iter().all(is_spared)
}

fn touches_item(forbid: &Forbid, item: &Text<'_>) -> bool {
    forbid.actions.iter().any(|forbidden| may_meet(forbidden, item))
}

/// Whether some action may be of both. Most pairs differ in the letters before the first wildcard.
fn may_meet(forbidden: &Forbidden, item: &Text<'_>) -> bool {
    if item.has_hole() {
        return Pattern::action(item).intersects(&forbidden.pattern) != Truth::No;
    }
    let (own, other) = (head(&forbidden.text), head(&item.text));
    let shared = own.len().min(other.len());
    if !own[..shared].eq_ignore_ascii_case(&other[..shared]) {
        return false;
    }
    if other.len() == item.text.len() {
        return glob_matches(forbidden.text.as_bytes(), item.text.as_bytes());
    }
    if own.len() == forbidden.text.len() {
        return glob_matches(item.text.as_bytes(), forbidden.text.as_bytes());
    }
    Pattern::action(item).intersects(&forbidden.pattern) != Truth::No
}

/// What stands before the first wildcard.
fn head(text: &str) -> &[u8] {
    let end = text.find(['*', '?']).unwrap_or(text.len());
    &text.as_bytes()[..end]
}
