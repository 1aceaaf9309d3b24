//! A statement that could go without a change.

use super::is_right;
use crate::access::covered;
use crate::diagnostic::{Fix, Safety};
use crate::policy::Statement;
use crate::rule::{Context, Sink};
use crate::text::{Edit, Span};

/// Reports each statement that others cover, with those that do.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let statements = &cx.policy.statements;
    let found = covered(&cx.analysis, |statement| is_right(cx, statement));
    let is_gone = |at: usize| found.iter().any(|covered| covered.statement == at);
    for covered in &found {
        let statement = &statements[covered.statement];
        let what = if statement.is_deny() { "refuse" } else { "allow" };
        let (by, label) = match covered.by.len() {
            1 => (format!("another one {what}s"), format!("{what}s all of it")),
            _ => (format!("others together {what}"), format!("{what}s a part of it")),
        };
        let message = format!("this statement changes nothing: all that it {what}s, {by}, too");
        let finding = sink.report(statement.span(), message);
        for span in covered.by.iter().filter_map(|at| statements[*at].effect_span) {
            finding.related(span, label.as_str());
        }
        let leads = (0..=covered.statement).all(is_gone);
        finding.fix = without(cx, covered.statement, leads);
    }
}

/// The repair that takes the statement, and a comma next to it, out of the list. `leads` says that those before it go
/// as well. What else stands there, as a comment, may be about either of the two, so it is left to people.
fn without(cx: &Context<'_>, at: usize, leads: bool) -> Option<Fix> {
    let place = |statement: &Statement<'_>| statement.span();
    let own = place(cx.policy.statements.get(at)?);
    let neighbour = place(cx.policy.statements.get(if leads { at + 1 } else { at.checked_sub(1)? })?);
    let (between, span) = match leads {
        true => (Span { start: own.end, end: neighbour.start }, Span { start: own.start, end: neighbour.start }),
        false => (Span { start: neighbour.end, end: own.start }, Span { start: neighbour.end, end: own.end }),
    };
    let is_comma = between.start <= between.end && cx.source.slice(between).trim() == ",";
    let edits = vec![Edit { span, text: String::new() }];
    is_comma.then(|| Fix { title: "remove the statement".to_owned(), safety: Safety::Safe, edits })
}
