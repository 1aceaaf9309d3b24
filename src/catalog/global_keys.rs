//! The global condition keys, from the IAM User Guide's page "AWS global condition context keys".
//!
//! The catalogue's own list is made from this one, so that there is a single truth about them.

use super::KeyType::{self, *};

/// A global condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalKey {
    /// The key in AWS's spelling; it ends in `/` where a tag key follows.
    pub name: &'static str,
    /// The type of its values.
    pub key_type: KeyType,
    /// Whether a request may carry several values, so that it wants a set operator.
    pub multivalued: bool,
}

/// The global key of that name, in whatever case.
pub fn global_key(name: &str) -> Option<&'static GlobalKey> {
    GLOBAL_KEYS.iter().find(|key| {
        if key.name.ends_with('/') {
            name.len() > key.name.len()
                && name.get(..key.name.len()).is_some_and(|head| head.eq_ignore_ascii_case(key.name))
        } else {
            key.name.eq_ignore_ascii_case(name)
        }
    })
}

const fn key(name: &'static str, key_type: KeyType, multivalued: bool) -> GlobalKey {
    GlobalKey { name, key_type, multivalued }
}

/// Every key that begins with `aws:`, sorted by folded name. A name that ends in `/` is completed by a tag key.
pub static GLOBAL_KEYS: &[GlobalKey] = &[
    key("aws:ARN", Arn, false),
    key("aws:AssumedRoot", Bool, false),
    key("aws:CalledVia", String, true),
    key("aws:CalledViaAWSMCP", String, false),
    key("aws:CalledViaFirst", String, false),
    key("aws:CalledViaLast", String, false),
    key("aws:ChatbotSourceArn", Arn, false),
    key("aws:CurrentTime", Date, false),
    key("aws:Ec2InstanceSourcePrivateIPv4", IpAddress, false),
    key("aws:Ec2InstanceSourceVpc", String, false),
    key("aws:EpochTime", DateOrNumeric, false),
    key("aws:FederatedProvider", StringOrArn, false),
    key("aws:IsMcpServiceAction", Bool, false),
    key("aws:MultiFactorAuthAge", Numeric, false),
    key("aws:MultiFactorAuthPresent", Bool, false),
    key("aws:PrincipalAccount", String, false),
    key("aws:PrincipalArn", Arn, false),
    key("aws:PrincipalIsAWSService", Bool, false),
    key("aws:PrincipalOrgID", String, false),
    key("aws:PrincipalOrgPaths", String, true),
    key("aws:PrincipalServiceName", String, false),
    key("aws:PrincipalServiceNamesList", String, true),
    key("aws:PrincipalTag/", String, false),
    key("aws:PrincipalType", String, false),
    key("aws:referer", String, false),
    key("aws:RequestedRegion", String, false),
    key("aws:RequestTag/", String, false),
    key("aws:ResourceAccount", String, false),
    key("aws:ResourceOrgID", String, false),
    key("aws:ResourceOrgPaths", String, true),
    key("aws:ResourceTag/", String, false),
    key("aws:SecureTransport", Bool, false),
    key("aws:SignInSessionArn", Arn, false),
    key("aws:SourceAccount", String, false),
    key("aws:SourceArn", Arn, false),
    key("aws:SourceIdentity", String, false),
    key("aws:SourceIp", IpAddress, false),
    key("aws:SourceOrgID", String, false),
    key("aws:SourceOrgPaths", String, true),
    key("aws:SourceVpc", String, false),
    key("aws:SourceVpcArn", Arn, false),
    key("aws:SourceVpce", String, false),
    key("aws:TagKeys", String, true),
    key("aws:TokenIssueTime", Date, false),
    key("aws:UserAgent", String, false),
    key("aws:userid", String, false),
    key("aws:username", String, false),
    key("aws:ViaAWSMCPService", Bool, false),
    key("aws:ViaAWSService", Bool, false),
    key("aws:VpceAccount", String, false),
    key("aws:VpceOrgID", String, false),
    key("aws:VpceOrgPaths", String, true),
    key("aws:VpcSourceIp", IpAddress, false),
];
