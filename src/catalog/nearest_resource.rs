//! "Did you mean" for ARNs that are of no resource type.

use super::arn::{ArnPattern, arn_parts};
use super::lookup::Catalog;
use crate::suggest::{nearest, nearest_of};

const SERVICE: usize = 2;
const RESOURCE: usize = 5;

impl Catalog {
    /// What was meant by an ARN that is of no resource type: the pattern of a type that differs in region or account
    /// only, or in the word that its resources begin with; or the ARN of the service that is nearly so called.
    pub fn nearest_resource(&self, arn: &str) -> Option<String> {
        let wanted = ArnPattern::parse(arn).filter(|_| arn.starts_with("arn:"))?;
        if let Some(known) =
            self.types_of_service_in(&wanted).find_map(|kind| wanted.near_misses(kind).first().copied())
        {
            return Some(known.to_owned());
        }
        let parts = arn_parts(arn);
        let (service, resource) = (parts[SERVICE]?, parts[RESOURCE]?);
        let known =
            || self.resource_types().flat_map(|kind| kind.arn_patterns()).map(|known| (known, arn_parts(known)));
        let of_service = |(_, parts): &(&str, [Option<&str>; 6])| parts[SERVICE] == Some(service);
        let heads = known().filter(of_service).filter_map(|(known, parts)| Some((head(parts[RESOURCE]?)?, known)));
        if known().any(|one| of_service(&one)) {
            return nearest_of(head(resource)?, heads).map(str::to_owned);
        }
        let services = known().filter_map(|(_, parts)| parts[SERVICE].filter(|service| !service.contains('$')));
        let meant = arn.replacen(&format!(":{service}:"), &format!(":{}:", nearest(service, services)?), 1);
        let is_known = self.resource_types_of_arn(&meant).next().is_some();
        is_known.then_some(meant)
    }
}

/// The word that the resources of a type begin with; none where they begin with a name.
fn head(resource: &str) -> Option<&str> {
    let head = resource.split(['/', ':']).next()?;
    (head.len() < resource.len() && !head.is_empty() && !head.contains(['$', '*', '?'])).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_by_an_arn() {
        #[track_caller]
        fn check(arn: &str, expect: Option<&str>) {
            assert_eq!(Catalog::builtin().nearest_resource(arn).as_deref(), expect, "{arn}");
        }
        let role = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}";
        check("arn:aws:iam::123456789012:rol/x", Some(role));
        check("arn:aws:iam:us-east-1:123456789012:role/x", Some(role));
        check("arn:aws:sqss:eu-west-1:123456789012:orders", Some("arn:aws:sqs:eu-west-1:123456789012:orders"));
        check("arn:aws:iam::123456789012:nothing-like-it/x", None);
        check("arn:aws:nothing-like-it:::x", None);
        check("rol/x", None);
        check("", None);
    }
}
