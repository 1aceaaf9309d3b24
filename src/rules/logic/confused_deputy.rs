//! A service that is let in on behalf of anyone.

use crate::access::granted_on_behalf_of_strangers;
use crate::access::reach::is_of_usual_size;
use crate::policy::{Pattern, PolicyType, Principal, PrincipalKind, Statement, Truth};
use crate::rule::{Context, Sink};

/// Services that act for whoever tells them to, and what they are let in for. Of each of these AWS documents that it says
/// in `aws:SourceArn` or `aws:SourceAccount` for whom it acts; of what is not listed, it may be that it does not.
const DEPUTIES: &[(&str, &[&str])] = &[
    ("apigateway.amazonaws.com", &["lambda:InvokeFunction"]),
    ("appstream.amazonaws.com", &["s3:GetObject"]),
    ("bcm-data-exports.amazonaws.com", &["s3:PutObject"]),
    ("billingreports.amazonaws.com", &["s3:PutObject"]),
    ("budgets.amazonaws.com", &["sns:Publish"]),
    ("cloudfront.amazonaws.com", &["lambda:InvokeFunctionUrl", "s3:GetObject"]),
    ("cloudtrail.amazonaws.com", &["s3:PutObject", "sns:Publish"]),
    ("cloudwatch.amazonaws.com", &["sns:Publish"]),
    ("codestar-notifications.amazonaws.com", &["sns:Publish"]),
    ("cognito-idp.amazonaws.com", &["lambda:InvokeFunction"]),
    ("config.amazonaws.com", &["lambda:InvokeFunction", "s3:PutObject", "sns:Publish"]),
    ("delivery.logs.amazonaws.com", &["s3:PutObject"]),
    ("events.amazonaws.com", &["lambda:InvokeFunction", "sqs:SendMessage"]),
    ("guardduty.amazonaws.com", &["s3:PutObject"]),
    ("iot.amazonaws.com", &["lambda:InvokeFunction"]),
    ("logging.s3.amazonaws.com", &["s3:PutObject"]),
    ("s3.amazonaws.com", &["lambda:InvokeFunction", "s3:PutObject", "sns:Publish", "sqs:SendMessage"]),
    ("secretsmanager.amazonaws.com", &["lambda:InvokeFunction"]),
    ("ses.amazonaws.com", &["lambda:InvokeFunction", "s3:PutObject", "sns:Publish"]),
    ("sns.amazonaws.com", &["lambda:InvokeFunction", "sqs:SendMessage"]),
];

/// Keys that say nothing of whom a service acts for, besides those that do. A condition on another key may name
/// something that only its owner has.
const BESIDE_THE_POINT: &[&str] = &[
    "aws:PrincipalIsAWSService",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
];

/// More services are not asked about in one policy.
const MOST: usize = 32;

/// Reports, once for each Allow, the services in it of which no statement asks for whom they act.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    if cx.policy.kind.kind != PolicyType::Resource || !is_of_usual_size(cx.policy) {
        return;
    }
    let mut left = MOST;
    for statement in cx.policy.statements.iter().filter(|statement| statement.is_allow() && statement.is_settled()) {
        let is_beside = |key: &str| BESIDE_THE_POINT.iter().any(|known| known.eq_ignore_ascii_case(key));
        if !statement.conditions.iter().all(|condition| is_beside(condition.key)) {
            continue;
        }
        let granted = |(principal, actions): (&'_ Principal<'_>, Vec<&str>)| {
            let service = &principal.text.text;
            let granted = granted_on_behalf_of_strangers(cx.policy, statement.index, service, &actions)?;
            Some((principal.text.span, service.to_string(), granted))
        };
        let mut found = deputies(statement).take(left).inspect(|_| left -= 1).filter_map(granted);
        let Some((span, service, granted)) = found.next() else { continue };
        let action = &granted.witness.request.action;
        let message = format!("`{service}` may call `{action}` here for any AWS account that tells it to");
        let finding = sink.report(span, message);
        for (span, ..) in found {
            finding.related(span, "and so may this");
        }
        for passed in &granted.passed {
            finding.related(passed.span, passed.reason());
        }
    }
}

/// The services of a statement that act for others, with those of the actions that it may list.
fn deputies<'s, 'a>(statement: &'s Statement<'a>) -> impl Iterator<Item = (&'s Principal<'a>, Vec<&'static str>)> {
    let named = statement.principal.iter().filter(|element| !element.negated).flat_map(|element| &element.items);
    let services = named.filter(|principal| principal.kind == PrincipalKind::Service && principal.text.is_literal());
    services.filter_map(|principal| {
        let (_, actions) = DEPUTIES.iter().find(|(service, _)| *service == principal.text.text)?;
        let element = statement.action.as_ref().filter(|element| !element.negated)?;
        let lists = |action: &&&str| element.items.iter().any(|it| Pattern::action_matches(it, action) == Truth::Yes);
        let actions: Vec<&'static str> = actions.iter().filter(lists).copied().collect();
        (!actions.is_empty()).then_some((principal, actions))
    })
}
