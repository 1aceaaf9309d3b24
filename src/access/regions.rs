//! In which region a request is made, where AWS settles that.

use crate::catalog::Action;

/// Services that have one endpoint in a whole partition, and the region that it is in. All requests are made there.
///
/// AWS names them as such, with what follows from it for `aws:RequestedRegion`, in "AWS: Denies access to AWS based on
/// the requested Region" (IAM User Guide) and "Global services" (AWS Fault Isolation Boundaries); the regions are those
/// for which the endpoints are signed (`endpoints.json` of the AWS SDKs); those of Global Accelerator and of the
/// registration of domains are in the introductions to their API References. AWS Support, which is named there as well, has had endpoints in other regions
/// since (AWS General Reference), and so has `sts`.
const GLOBAL: &[(&str, &[(&str, &str)])] = &[
    ("account", &[("aws", "us-east-1"), ("aws-cn", "cn-northwest-1")]),
    ("budgets", &[("aws", "us-east-1"), ("aws-cn", "cn-northwest-1")]),
    ("ce", &[("aws", "us-east-1"), ("aws-cn", "cn-northwest-1")]),
    ("cloudfront", &[("aws", "us-east-1"), ("aws-cn", "cn-northwest-1")]),
    ("globalaccelerator", &[("aws", "us-west-2")]),
    ("iam", &[("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")]),
    ("importexport", &[("aws", "us-east-1")]),
    ("organizations", &[("aws", "us-east-1"), ("aws-cn", "cn-northwest-1"), ("aws-us-gov", "us-gov-west-1")]),
    ("route53", &[("aws", "us-east-1"), ("aws-cn", "cn-northwest-1"), ("aws-us-gov", "us-gov-west-1")]),
    ("route53domains", &[("aws", "us-east-1")]),
    ("shield", &[("aws", "us-east-1")]),
    ("waf", &[("aws", "us-east-1")]),
];

/// Services none of whose requests is about a resource in another region than the one that is called, save
/// for those that [`ACROSS`] tells. There is no such thing in general: models are called by way of other regions, trails
/// and backups reach across them.
const REGIONAL: &[&str] = &[
    "autoscaling",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "elasticfilesystem",
    "elasticloadbalancing",
    "firehose",
    "kinesis",
    "kms",
    "lambda",
    "secretsmanager",
    "sns",
    "sqs",
    "states",
];

/// What the names of actions have in common that copy, replicate, connect or move from region to region. A table and its
/// backups may be replicated by the very actions that make and change them.
const ACROSS: &[&str] = &[
    "Backup",
    "Copy",
    "Export",
    "Global",
    "Import",
    "Ipam",
    "Peer",
    "Region",
    "Replic",
    "Restore",
    "Table",
    "TransitGateway",
    "VpcEndpoint",
];

/// Where requests for an action are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) enum Endpoint {
    /// Anywhere, as far as is known.
    #[default]
    Anywhere,
    /// In this region of each partition.
    One(&'static [(&'static str, &'static str)]),
    /// In the region of the resource, where its ARN has one.
    OfResource,
}

impl Endpoint {
    /// That of `action`. What is a permission only is no request of its own: whoever passes a role calls the service to
    /// which it is passed.
    pub(super) fn of(action: Action<'_>) -> Self {
        let service = action.service();
        if action.is_permission_only() {
            return Self::Anywhere;
        }
        if let Some((_, regions)) = GLOBAL.iter().find(|(name, _)| *name == service.prefix()) {
            return Self::One(regions);
        }
        let stays = !ACROSS.iter().any(|word| action.name().contains(word));
        if stays && REGIONAL.contains(&service.prefix()) { Self::OfResource } else { Self::Anywhere }
    }

    /// What tells it from others.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Anywhere => "",
            Self::One(regions) => regions.first().map_or("", |(_, region)| region),
            Self::OfResource => "resource",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn services_and_regions_are_known() {
        let catalog = Catalog::builtin();
        let global = GLOBAL.iter().map(|(service, _)| *service);
        for service in global.chain(REGIONAL.iter().copied()) {
            assert!(catalog.service(service).is_some(), "{service}");
        }
        for (partition, region) in GLOBAL.iter().flat_map(|(_, regions)| *regions) {
            let known = catalog.partition_of_region(region).map(|known| known.name());
            assert_eq!(known, Some(*partition), "{region}");
        }
        assert!(GLOBAL.is_sorted() && REGIONAL.is_sorted() && ACROSS.is_sorted());
    }
}
