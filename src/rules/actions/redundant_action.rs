//! An action that a pattern of the same list covers.

use super::list::without;
use crate::policy::{Element, Pattern, Text, Truth, has_wildcard};
use crate::rule::{Context, Sink};
use std::cell::Cell;
use std::cmp::Ordering;

/// An item and its place in the list.
type Placed<'p> = (usize, &'p Text<'p>);

/// What may be spent on comparing the patterns of one policy, in pairs of characters: a tenth of a second, which no
/// policy that AWS takes comes near to. What is not compared is not reported.
const EFFORT: usize = 1 << 26;

/// Reports the items that a pattern covers together, each under the first such pattern.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let effort = Cell::new(EFFORT);
    for (at, statement) in cx.policy.statements.iter().enumerate() {
        let Some(element) = statement.action.as_ref().filter(|element| element.items.len() > 1) else { continue };
        let patterns = Patterns::of(cx.analysis.listed().patterns(at).filter(|(_, item)| item.is_literal()));
        if patterns.of_any.is_empty() && patterns.of_service.is_empty() {
            continue;
        }
        let mut covered: Vec<(Placed<'_>, Vec<usize>)> = Vec::new();
        // Actions of one service mostly stand together.
        let mut last: (&str, &[OfService<'_>]) = ("", &[]);
        for (index, item) in literal_items(element) {
            let service = service(item).unwrap_or_default();
            if last.0 != service {
                last = (service, patterns.of_service(service));
            }
            let own = last.1.iter().map(|(_, placed)| placed);
            let covering = patterns.of_any.iter().chain(own).find(|pattern| covers(**pattern, (index, item), &effort));
            let Some(pattern) = covering else { continue };
            match covered.iter_mut().find(|(known, _)| known.0 == pattern.0) {
                Some((_, places)) => places.push(index),
                None => covered.push((*pattern, vec![index])),
            }
        }
        for ((_, pattern), places) in covered {
            report(sink, element, pattern, &places);
        }
    }
}

fn report(sink: &mut Sink, element: &Element<'_>, pattern: &Text<'_>, places: &[usize]) {
    let Some((first, others)) = places.split_first() else { return };
    let item = &element.items[*first];
    let covered = match others.len() {
        0 => format!("`{}` is", item.text),
        count => format!("`{}` and {count} more are", item.text),
    };
    let finding = sink.report(item.span, format!("{covered} covered by `{}`", pattern.text));
    finding.related(pattern.span, "by this");
    for other in others {
        finding.related(element.items[*other].span, "and this");
    }
    finding.fix = without(element, places);
}

fn literal_items<'p>(element: &'p Element<'p>) -> impl Iterator<Item = Placed<'p>> {
    element.items.iter().enumerate().filter(|(_, item)| item.is_literal())
}

/// What stands before the colon.
fn service<'p>(item: &'p Text<'_>) -> Option<&'p str> {
    item.text.bytes().position(|byte| byte == b':').map(|colon| &item.text[..colon])
}

/// A pattern, with the service of whose actions it is.
type OfService<'p> = (&'p str, Placed<'p>);

/// The items with wildcards, by what they can cover: actions of one service, or of any.
#[derive(Default)]
struct Patterns<'p> {
    of_any: Vec<Placed<'p>>,
    /// In order of the services.
    of_service: Vec<OfService<'p>>,
}

impl<'p> Patterns<'p> {
    fn of(items: impl Iterator<Item = Placed<'p>>) -> Self {
        let mut patterns = Self::default();
        for placed in items {
            match service(placed.1).filter(|service| !has_wildcard(service)) {
                Some(service) => patterns.of_service.push((service, placed)),
                None => patterns.of_any.push(placed),
            }
        }
        patterns.of_service.sort_by(|a, b| compare(a.0, b.0));
        patterns
    }

    fn of_service(&self, service: &str) -> &[OfService<'p>] {
        let from = self.of_service.partition_point(|(own, _)| compare(own, service).is_lt());
        let count = self.of_service[from..].partition_point(|(own, _)| compare(own, service).is_eq());
        &self.of_service[from..from + count]
    }
}

fn compare(a: &str, b: &str) -> Ordering {
    let folded = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(folded).cmp(b.bytes().map(folded))
}

/// Whether `outer` makes `inner` needless. Of two that cover each other the later one is; of two that are alike
/// [`super::duplicate_action`] tells.
fn covers((outer_at, outer): Placed<'_>, (inner_at, inner): Placed<'_>, effort: &Cell<usize>) -> bool {
    /// Two patterns for which it takes more are not compared: IAM takes no action as long.
    const MOST_STEPS: usize = 1 << 16;
    if effort.get() == 0 || outer_at == inner_at || !Pattern::may_cover(&outer.text, &inner.text) {
        return false;
    }
    let steps = Pattern::effort(&outer.text, &inner.text);
    effort.set(effort.get().saturating_sub(steps));
    if !has_wildcard(&inner.text) {
        return Pattern::action_matches(outer, &inner.text) == Truth::Yes;
    }
    if steps > MOST_STEPS || outer.text.eq_ignore_ascii_case(&inner.text) {
        return false;
    }
    let (outer, inner) = (Pattern::action(outer), Pattern::action(inner));
    outer.covers(&inner) == Truth::Yes && (outer_at < inner_at || inner.covers(&outer) != Truth::Yes)
}
