//! Policy variables where they are literal text.

use crate::diagnostic::Safety;
use crate::policy::{PartKind, Text, Version};
use crate::rule::{Context, Sink};
use crate::syntax::part_span;
use crate::text::{Edit, Span};

/// Reports the policy once: at its version, or, where it has none, at the first variable.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let policy = cx.policy;
    if !matches!(policy.version, Version::V2008 | Version::Absent) {
        return;
    }
    let resources = policy.statements.iter().filter_map(|statement| statement.resource.as_ref());
    let values = policy.statements.iter().flat_map(|statement| &statement.conditions);
    let texts = resources
        .flat_map(|element| &element.items)
        .chain(values.flat_map(|condition| condition.values.iter().map(|value| &value.text)));
    let mut variables = texts.flat_map(|text| variables(cx, text));
    let Some((first, name)) = variables.next() else { return };
    let (span, fix, why) = match policy.version_span {
        Some(span) => (span, Edit { span, text: "\"2012-10-17\"".into() }, "under this version"),
        None => {
            let inside = Span::at(policy.span().start as usize + 1);
            (first, Edit { span: inside, text: "\"Version\": \"2012-10-17\", ".into() }, "without a `Version`")
        }
    };
    let message = format!("`{name}` is literal text {why}, so it matches nothing that it is meant to");
    let finding = sink.report(span, message);
    finding.fix("use version `2012-10-17`", Safety::Unsafe, vec![fix]);
    let others = variables.map(|(span, _)| span);
    for place in std::iter::once(first).chain(others).filter(|place| *place != span) {
        finding.related(place, "literal text");
    }
}

fn variables<'t>(cx: &Context<'_>, text: &'t Text<'_>) -> Vec<(Span, &'t str)> {
    let raw = cx.source.slice(text.span);
    let special = text.parts.iter().filter(|part| matches!(part.kind, PartKind::Variable | PartKind::Escape));
    special.map(|part| (part_span(raw, text.span, part.range.clone()), &text.text[part.range.clone()])).collect()
}
