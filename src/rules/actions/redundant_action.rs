//! An action that a pattern of the same list covers.

use super::has_wildcard;
use super::list::without;
use crate::policy::{Pattern, Text, Truth};
use crate::rule::{Context, Sink};

/// Reports each such item with the first pattern that covers it.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for element in cx.policy.statements.iter().filter_map(|statement| statement.action.as_ref()) {
        let wildcards: Vec<(usize, &Text<'_>)> = element
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.is_literal() && has_wildcard(&item.text))
            .collect();
        if wildcards.is_empty() || element.items.len() < 2 {
            continue;
        }
        for (index, item) in element.items.iter().enumerate().filter(|(_, item)| item.is_literal()) {
            let covering =
                wildcards.iter().find(|(at, pattern)| *at != index && covers((*at, *pattern), (index, item)));
            if let Some((_, pattern)) = covering {
                let finding = sink.report(item.span, format!("`{}` is covered by `{}`", item.text, pattern.text));
                finding.related(pattern.span, "by this");
                finding.fix = without(element, index);
            }
        }
    }
}

/// Whether `outer` makes `inner` needless. Of two that cover each other the later one is; of two that are alike
/// [`super::duplicate_action`] tells.
fn covers(outer: (usize, &Text<'_>), inner: (usize, &Text<'_>)) -> bool {
    let ((outer_at, outer), (inner_at, inner)) = (outer, inner);
    if !has_wildcard(&inner.text) {
        return Pattern::action_matches(outer, &inner.text) == Truth::Yes;
    }
    if !may_cover(&outer.text, &inner.text) || outer.text.eq_ignore_ascii_case(&inner.text) {
        return false;
    }
    let (outer, inner) = (Pattern::action(outer), Pattern::action(inner));
    outer.covers(&inner) == Truth::Yes && (outer_at < inner_at || inner.covers(&outer) != Truth::Yes)
}

/// A cheap look before the costly one: what `outer` begins with, up to its first wildcard, `inner` begins with too.
fn may_cover(outer: &str, inner: &str) -> bool {
    let literal = &outer.as_bytes()[..outer.find(['*', '?']).unwrap_or(outer.len())];
    inner.as_bytes().get(..literal.len()).is_some_and(|head| head.eq_ignore_ascii_case(literal))
}
