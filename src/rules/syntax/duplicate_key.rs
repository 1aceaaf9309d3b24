//! A key that occurs twice in one object of a policy.

use super::MOST;
use crate::diagnostic::Safety;
use crate::policy::Policy;
use crate::rule::{FileContext, Sink};
use crate::syntax::{Member, Node, SyntaxError, SyntaxErrorKind, Value};
use crate::text::{Edit, Span};
use std::collections::HashMap;
use std::hash::Hash;

/// Reports each key that was there before, outermost objects first.
pub fn check(cx: &FileContext<'_>, sink: &mut Sink) {
    let mut found = Vec::new();
    let mut done = Span::default();
    for policy in cx.policies {
        // A policy inside another one has been looked at with it.
        if done.is_empty() || !done.contains(policy.span()) {
            done = policy.span();
            collect(policy.node, &mut found);
        }
        collect_by_case(policy, &mut found);
    }
    // A key that is not there has no namesake, and one that is half typed may yet become another.
    found.retain(|duplicate| {
        let key = duplicate.second().key_span;
        let is_open =
            |error: &SyntaxError| error.kind == SyntaxErrorKind::UnterminatedString && error.span.contains(key);
        !key.is_empty() && !may_be_alternatives(cx, duplicate) && !cx.errors.iter().any(is_open)
    });
    for duplicate in found.iter().take(MOST) {
        report(cx, duplicate, sink);
    }
    if let Some(next) = found.get(MOST) {
        sink.report(next.second().key_span, format!("and {} more duplicate keys", found.len() - MOST));
    }
}

/// Two members of one object with the same key.
struct Duplicate<'t> {
    members: &'t [Member<'t>],
    first: usize,
    second: usize,
}

impl<'t> Duplicate<'t> {
    fn first(&self) -> &'t Member<'t> {
        &self.members[self.first]
    }

    fn second(&self) -> &'t Member<'t> {
        &self.members[self.second]
    }
}

fn collect<'t>(node: &'t Node<'t>, found: &mut Vec<Duplicate<'t>>) {
    // Nearly all that lists and objects hold is text.
    let holds_others = |node: &&Node<'_>| matches!(node.value, Value::Array(_) | Value::Object(_));
    match &node.value {
        Value::Array(elements) => {
            elements.iter().filter(holds_others).for_each(|element| collect(element, found));
        }
        Value::Object(members) => {
            collect_in(members, found, |member| &*member.key);
            members.iter().map(|member| &member.value).filter(holds_others).for_each(|value| collect(value, found));
        }
        _ => {}
    }
}

/// Condition keys ignore case, so that within one operator two may be the same that look different.
fn collect_by_case<'t>(policy: &Policy<'t>, found: &mut Vec<Duplicate<'t>>) {
    let conditions = policy.statements.iter().filter_map(|statement| statement.node.get("Condition")?.members());
    for operator in conditions.flatten() {
        let Some(keys) = operator.value.members() else { continue };
        let from = found.len();
        collect_in(keys, found, |member| member.key.to_ascii_lowercase());
        let mut at = 0;
        found.retain(|duplicate| {
            at += 1;
            at <= from || duplicate.first().key != duplicate.second().key
        });
    }
}

fn collect_in<'t, K: Eq + Hash>(
    members: &'t [Member<'t>],
    found: &mut Vec<Duplicate<'t>>,
    name: impl Fn(&'t Member<'t>) -> K,
) {
    /// So few are sooner compared with one another than put into a table.
    const FEW: usize = 8;
    if members.len() <= FEW {
        for (second, member) in members.iter().enumerate() {
            if let Some(first) = members[..second].iter().position(|earlier| name(earlier) == name(member)) {
                found.push(Duplicate { members, first, second });
            }
        }
        return;
    }
    let mut first_of = HashMap::with_capacity(members.len());
    for (second, member) in members.iter().enumerate() {
        let first = *first_of.entry(name(member)).or_insert(second);
        if first != second {
            found.push(Duplicate { members, first, second });
        }
    }
}

/// Whether perhaps only one of the two is ever there: a template chooses between them, or writes the key.
fn may_be_alternatives(cx: &FileContext<'_>, duplicate: &Duplicate<'_>) -> bool {
    let between = Span { start: duplicate.first().key_span.end, end: duplicate.second().key_span.start };
    let written_by_template = !cx.source.slice(duplicate.second().key_span).starts_with(['"', '\'', '“']);
    written_by_template && duplicate.second().value.value == Value::Hole
        || cx.tree.directives.iter().any(|directive| between.contains(*directive))
}

fn report(cx: &FileContext<'_>, duplicate: &Duplicate<'_>, sink: &mut Sink) {
    let (first, second) = (duplicate.first(), duplicate.second());
    if first.key != second.key {
        let message = format!("`{}` is the condition key `{}` again: case makes no difference", second.key, first.key);
        sink.report(second.key_span, message)
            .help("keep one spelling, with all values in one list; IAM Access Analyzer calls this an error")
            .related(first.key_span, "the same condition key");
        return;
    }
    let same = same_value(&first.value, &second.value);
    let message = format!("duplicate key `{}`: IAM rejects it, and most parsers keep only the last", second.key);
    let finding = sink.report(second.key_span, message);
    finding.related(first.key_span, if same { "first here, with the same value" } else { "lost in most parsers" });
    let before = &duplicate.members[duplicate.second - 1];
    let whole = Span { start: before.value.span.end, end: second.value.span.end };
    let broken = cx.errors.iter().any(|error| whole.start <= error.span.end && error.span.start <= whole.end);
    if same && !broken {
        let title = format!("remove the second `{}`", second.key);
        finding.fix(title, Safety::Safe, vec![Edit { span: whole, text: String::new() }]);
    }
}

/// Whether the two are written alike, white space aside. What is not known is like nothing.
fn same_value(a: &Node<'_>, b: &Node<'_>) -> bool {
    match (&a.value, &b.value) {
        (Value::Missing | Value::Hole, _) => false,
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && same_value(&a.value, &b.value))
        }
        (a, b) => a == b,
    }
}
