//! A resource or a role that is open to everyone.

use crate::access::reach::{is_everything, is_of_usual_size};
use crate::access::{Caller, Granted, public_grant};
use crate::catalog::glob_matches;
use crate::diagnostic::Severity;
use crate::policy::{Element, PolicyType, PrincipalElement, Statement};
use crate::rule::{Context, Sink};
use crate::text::Span;

/// What may well be meant for everyone: web sites, public APIs, published images and layers.
const MEANT_FOR_ALL: &[&str] = &[
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:Describe*",
    "ecr:GetDownloadUrlForLayer",
    "ecr:List*",
    "execute-api:Invoke",
    "lambda:GetLayerVersion",
    "lambda:InvokeFunctionUrl",
    "s3:GetBucketLocation",
    "s3:GetObject*",
    "s3:ListBucket*",
];

/// Keys that tell a call of a function's public address from others.
const OF_FUNCTION_URL: &[&str] = &["lambda:FunctionUrlAuthType", "lambda:InvokedViaFunctionUrl"];

/// More of them are not looked at in one policy.
const MOST: usize = 16;

/// Reports each Allow by which a stranger gets in, at the principal that means everyone.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let kind = cx.policy.kind.kind;
    if !matches!(kind, PolicyType::Resource | PolicyType::Trust) || !is_of_usual_size(cx.policy) {
        return;
    }
    let open = |statement: &&Statement<'_>| {
        statement.is_allow() && !may_be_of_endpoint(statement) && everyone(statement).is_some()
    };
    for allow in cx.policy.statements.iter().filter(open).take(MOST) {
        let Some(span) = everyone(allow) else { continue };
        let Some(granted) = public_grant(cx.policy, allow.index, cx.catalog) else { continue };
        let message = match kind {
            PolicyType::Trust if matches!(granted.witness.request.caller, Caller::Federated { .. }) => {
                "whomever an identity provider vouches for can assume this role".to_owned()
            }
            PolicyType::Trust if matches!(granted.witness.request.caller, Caller::Service { .. }) => {
                "AWS services can assume this role on behalf of anyone".to_owned()
            }
            PolicyType::Trust => "anyone with an AWS account can assume this role".to_owned(),
            _ => format!("{} is allowed `{}` here", who(&granted), granted.witness.request.action),
        };
        let finding = sink.report(span, message).label(format!("for example: {}", granted.witness));
        if is_meant_for_all(granted.statement) {
            finding.severity(Severity::Warning);
        }
        for passed in &granted.passed {
            finding.related(passed.span, passed.reason());
        }
    }
}

/// The principal that means everyone, or the key of a list of exceptions.
pub(super) fn everyone(statement: &Statement<'_>) -> Option<Span> {
    let element: &PrincipalElement<'_> = statement.principal.as_ref()?;
    if element.negated {
        return Some(element.key_span);
    }
    element.items.iter().find(|item| item.text.text == "*").map(|item| item.text.span)
}

/// A policy of a VPC endpoint, or one that AWS Organizations attaches to begin with, lets everyone do everything, and
/// nothing in it says that it is one. No resource has such a policy.
fn may_be_of_endpoint(statement: &Statement<'_>) -> bool {
    let is_all = |element: &Option<Element<'_>>| element.as_ref().is_none_or(is_everything);
    is_all(&statement.action) && is_all(&statement.resource)
}

fn who(granted: &Granted<'_>) -> &'static str {
    match granted.witness.request.caller {
        Caller::Anonymous => "everyone, signed in or not,",
        Caller::Service { .. } => "everyone with an AWS account, by way of an AWS service,",
        _ => "everyone with an AWS account",
    }
}

fn is_meant_for_all(statement: &Statement<'_>) -> bool {
    let is_known = |text: &str| MEANT_FOR_ALL.iter().any(|known| glob_matches(known.as_bytes(), text.as_bytes()));
    let of_function_url = |key: &str| OF_FUNCTION_URL.iter().any(|known| known.eq_ignore_ascii_case(key));
    let by_action = statement.action.as_ref().is_some_and(|element| {
        !element.negated && element.complete && element.items.iter().all(|item| is_known(&item.text))
    });
    by_action || statement.conditions.iter().any(|condition| of_function_url(condition.key))
}
