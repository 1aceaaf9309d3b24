//! A statement without an element that it must have.

use crate::policy::{PolicyType, Statement};
use crate::rule::{Context, Sink};

use super::{is_document, is_of_known};

/// Reports each such statement at its first element, with all that it lacks. Statements that are spliced into a document
/// elsewhere may get what they lack there; and one without an effect, or with none that there is, has that for a finding.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let policy = cx.policy;
    if !is_document(cx) {
        return;
    }
    let judged = |statement: &&Statement<'_>| {
        statement.complete && statement.effect.is_some() && is_of_known(cx, statement.node)
    };
    let names_principals = needs_principal(cx);
    for statement in policy.statements.iter().filter(judged) {
        let missing = [
            ("Principal", names_principals && statement.principal.is_none()),
            ("Action", statement.action.is_none()),
            ("Resource", statement.resource.is_none() && needs_resource(statement, policy.kind.kind)),
        ];
        let missing: Vec<String> =
            missing.into_iter().filter(|(_, is)| *is).map(|(name, _)| format!("no `{name}`")).collect();
        let Some(first) = statement.node.members().and_then(<[_]>::first).filter(|_| !missing.is_empty()) else {
            continue;
        };
        let message = format!("this statement has {}, so IAM rejects the policy", missing.join(" and "));
        sink.report(first.key_span, message);
    }
}

/// Whether each statement of the policy must name principals. Where some do and some do not, the policy may be of another
/// type than it seems, unless most do.
fn needs_principal(cx: &Context<'_>) -> bool {
    let statements = &cx.policy.statements;
    let named = statements.iter().filter(|statement| statement.principal.is_some()).count();
    let kind = cx.policy.kind.kind;
    matches!(kind, PolicyType::Resource | PolicyType::Trust | PolicyType::VpcEndpoint)
        && (named == 0 || named * 2 >= statements.len())
}

/// Whether a statement must name resources. A role's trust policy must not; of resources' policies, those of some services
/// mean the resource that they are attached to.
fn needs_resource(statement: &Statement<'_>, kind: PolicyType) -> bool {
    match kind {
        PolicyType::Trust => false,
        PolicyType::Resource => {
            let is_told = |action: &str| ["s3:", "kms:"].iter().any(|service| begins_with(action, service));
            let actions = statement.action.as_ref().filter(|element| !element.items.is_empty());
            actions.is_some_and(|element| element.items.iter().all(|item| is_told(&item.text)))
        }
        _ => true,
    }
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}
