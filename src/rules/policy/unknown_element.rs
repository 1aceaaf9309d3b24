//! An element that the policy language does not have.

use crate::diagnostic::Safety;
use crate::policy::{Operator, statement_list};
use crate::rule::{Context, Sink};
use crate::suggest::nearest;
use crate::syntax::{Member, Node, Value};
use crate::text::Edit;

use super::{OF_POLICY, OF_STATEMENT, is_document, is_literal};

/// Reports each such element. Beside `Statement` only what is a slip: tools keep things of their own there.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if is_document(cx) {
        let list = cx.policy.node.members().and_then(statement_list);
        for member in unknown(cx.policy.node, &OF_POLICY) {
            let is_list = list.is_some_and(|list| std::ptr::eq(list, member));
            let meant = if is_list { Some("Statement") } else { meant(cx.policy.node, member, &OF_POLICY) };
            if meant.is_some() {
                report(sink, member, meant);
            }
        }
    }
    for statement in &cx.policy.statements {
        // What stands beside an element that is broken off may be where it belongs, in that element's value.
        let is_broken = statement.node.members().is_some_and(|all| all.iter().any(Member::is_broken));
        for member in unknown(statement.node, &OF_STATEMENT) {
            let is_operator = Operator::parse(&member.key).is_some();
            match meant(statement.node, member, &OF_STATEMENT).filter(|_| !is_operator) {
                None if is_broken => {}
                None if is_operator => report_operator(sink, member),
                meant => report(sink, member, meant),
            }
        }
    }
}

fn unknown<'t>(node: &'t Node<'t>, known: &'static [&'static str]) -> impl Iterator<Item = &'t Member<'t>> {
    let members = node.members().unwrap_or_default().iter();
    members.filter(|member| {
        let is_template = || !is_literal(&member.key) || member.key.starts_with("Fn::");
        let is_unfinished = || member.key.is_empty() || matches!(member.value.value, Value::Missing | Value::Hole);
        !known.contains(&&*member.key) && !is_template() && !is_unfinished()
    })
}

/// The element that was meant, if it is not there as well.
fn meant(node: &Node<'_>, member: &Member<'_>, known: &[&'static str]) -> Option<&'static str> {
    let meant = nearest(&member.key, known.iter().copied())?;
    let name = known.iter().copied().find(|name| *name == meant)?;
    node.member(name).is_none().then_some(name)
}

fn report_operator(sink: &mut Sink, member: &Member<'_>) {
    let message = format!("`{}` is a condition operator outside of `Condition`, so IAM rejects the policy", member.key);
    sink.report(member.key_span, message).help("put it into `Condition`");
}

fn report(sink: &mut Sink, member: &Member<'_>, meant: Option<&'static str>) {
    let message = format!("there is no element `{}`, so IAM rejects the policy", member.key);
    let finding = sink.report(member.key_span, message);
    if let Some(meant) = meant {
        let edit = Edit { span: member.key_span, text: format!("\"{meant}\"") };
        let help = if meant.eq_ignore_ascii_case(&member.key) { "case matters here: write" } else { "did you mean" };
        let end = if help.starts_with("did") { "?" } else { "" };
        finding.help(format!("{help} `{meant}`{end}")).fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
    }
}
