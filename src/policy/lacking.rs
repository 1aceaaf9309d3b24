//! What a statement lacks of what its policy's type asks for. IAM rejects a policy that lacks it, so what the statement is
//! about is not known: nothing may be concluded from the silence.

use super::model::{Condition, PolicyType, Statement};
use super::recognise::is_misspelt_element;

/// Fills in [`Statement::missing`] and [`Statement::misspelt`]. Statements without a document of some `kind` around them
/// may get what they lack where they are spliced in.
pub(super) fn mark(statements: &mut [Statement<'_>], kind: Option<PolicyType>) {
    for statement in &mut *statements {
        let mut members = statement.node.members().unwrap_or_default().iter();
        let has_no_operator = |condition: &Condition<'_>| condition.operator.is_none();
        statement.misspelt =
            statement.conditions.iter().any(has_no_operator) || members.any(|member| is_misspelt_element(&member.key));
    }
    let Some(kind) = kind else { return };
    let names_principals = needs_principal(statements, kind);
    for statement in statements {
        let lacks = [
            ("Principal", names_principals && statement.principal.is_none()),
            ("Action", statement.action.is_none()),
            ("Resource", statement.resource.is_none() && needs_resource(statement, kind)),
        ];
        statement.missing = lacks.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    }
}

/// Whether each statement of a policy must name principals. Where some do and some do not, the policy may be of another
/// type than it seems, unless most do.
fn needs_principal(statements: &[Statement<'_>], kind: PolicyType) -> bool {
    let named = || statements.iter().filter(|statement| statement.principal.is_some()).count();
    let is_most = |named: usize| named == 0 || named * 2 >= statements.len();
    matches!(kind, PolicyType::Resource | PolicyType::Trust | PolicyType::VpcEndpoint) && is_most(named())
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
