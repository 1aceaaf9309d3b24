//! Which keys of services the requests for an action never carry.

use super::question::Question;
use crate::catalog::{Action, ConditionKey};
use crate::policy::{PartKind, Statement, variable_key};

/// Services whose few actions stand for many, so that the lists of their keys are not complete.
const INCOMPLETE: &[&str] = &["apigateway", "execute-api"];

/// Keys, folded, that come with credentials and so with requests to every service, wherever AWS lists them.
const OF_CREDENTIALS: &[&str] = &[
    "ec2:roledelivery",
    "ec2:sourceinstancearn",
    "glue:credentialissuingservice",
    "glue:roleassumedby",
    "identitystore:userid",
    "lambda:sourcefunctionarn",
    "ssm:sourceinstancearn",
];

/// Keys, folded, that tell whose the resource is.
const OF_OWNER: &[&str] = &["aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"];

/// The actions whose requests carry none of these, as AWS lists them with each of these keys.
const WITHOUT_OWNER: &[&str] = &[
    "auditmanager:UpdateAssessmentFrameworkShare",
    "detective:AcceptInvitation",
    "ds:AcceptSharedDirectory",
    "ebs:*",
    "ec2:AcceptTransitGatewayPeeringAttachment",
    "ec2:AcceptVpcEndpointConnections",
    "ec2:AcceptVpcPeeringConnection",
    "ec2:CreateTransitGatewayPeeringAttachment",
    "ec2:CreateVpcEndpoint",
    "ec2:CreateVpcPeeringConnection",
    "es:AcceptInboundConnection",
    "guardduty:AcceptAdministratorInvitation",
    "macie2:AcceptInvitation",
    "route53:AssociateVpcWithHostedZone",
    "route53:CreateVPCAssociationAuthorization",
    "securityhub:AcceptAdministratorInvitation",
];

/// The keys that statements ask about and that not all requests carry: those of services, and those of owners.
pub(super) struct ServiceKeys<'c>(Vec<(String, ConditionKey<'c>)>, Vec<String>);

impl<'c> ServiceKeys<'c> {
    /// Those of which AWS tells which actions carry them. What the question says is there, is there.
    pub(super) fn of(statements: &[&Statement<'_>], question: &Question<'c>) -> Self {
        let mut names: Vec<String> = Vec::new();
        for statement in statements {
            let conditions = statement.conditions.iter().filter(|condition| condition.key_known);
            names.extend(conditions.map(|condition| condition.key.to_lowercase()));
            for item in statement.resource.iter().flat_map(|element| &element.items) {
                let variables = item.all_parts().filter(|(_, kind)| *kind == PartKind::Variable);
                names.extend(variables.map(|(written, _)| variable_key(written).to_lowercase()));
            }
        }
        names.sort_unstable();
        names.dedup();
        names.retain(|name| {
            let is_asked = |(key, _): &(String, Vec<String>)| key.eq_ignore_ascii_case(name);
            !OF_CREDENTIALS.contains(&name.as_str()) && !question.context.iter().any(is_asked)
        });
        let of_owner = names.iter().filter(|name| OF_OWNER.contains(&name.as_str())).cloned().collect();
        names.retain(|name| !name.starts_with("aws:"));
        let known = |name: String| {
            let key = question.catalog.condition_key(&name).filter(|key| !key.is_global() && !key.is_template())?;
            let service = question.catalog.service(name.split(':').next()?)?;
            // A key that none of its service's actions carries is a gap in what AWS lists.
            let is_listed =
                !INCOMPLETE.contains(&service.prefix()) && service.actions().any(|action| action.supports_key(key));
            is_listed.then_some((name, key))
        };
        Self(names.into_iter().filter_map(known).collect(), of_owner)
    }

    /// Those that no request for `action` carries. Of some services, AWS lists no keys at all.
    pub(super) fn absent_from<'k>(&'k self, action: Action<'c>) -> impl Iterator<Item = &'k str> + use<'k, 'c> {
        let is_known = !self.0.is_empty() && action.service().condition_keys().next().is_some();
        let keys = if is_known { &self.0[..] } else { &[] };
        let of_service = keys.iter().filter(move |(_, key)| !action.supports_key(*key)).map(|(name, _)| name.as_str());
        let is_without = !self.1.is_empty() && has_no_owner(action);
        of_service.chain(self.1.iter().filter(move |_| is_without).map(String::as_str))
    }

    /// Those that a request for `action` carries only with some of its resource types, with the ARNs of these. EC2 looks
    /// at each of a call's resources by itself, with the keys of its own; of no other service AWS says so.
    pub(super) fn only_with<'k>(
        &'k self,
        action: Action<'c>,
    ) -> impl Iterator<Item = (&'k str, Vec<&'c str>)> + use<'k, 'c> {
        let is_ec2 = action.service().prefix() == "ec2";
        let keys = if is_ec2 { &self.0[..] } else { &[] };
        keys.iter().filter_map(move |(name, key)| {
            let mut carrying = Vec::new();
            let (mut all, is_own) = (true, action.own_condition_keys().any(|own| own == *key));
            for used in action.resources() {
                match used.condition_keys().chain(used.resource_type.condition_keys()).any(|own| own == *key) {
                    true => carrying.extend(used.resource_type.arn_patterns()),
                    false => all = false,
                }
            }
            (!is_own && !all && !carrying.is_empty()).then_some((name.as_str(), carrying))
        })
    }
}

/// Whether requests for the action do not tell whose the resource is.
fn has_no_owner(action: Action<'_>) -> bool {
    WITHOUT_OWNER
        .iter()
        .filter_map(|known| known.split_once(':'))
        .any(|(service, name)| service == action.service().prefix() && (name == "*" || name == action.name()))
}
