//! Answers questions about AWS services, actions, resource types and condition keys.

mod global_keys;

pub use global_keys::GLOBAL_KEYS;

/// The type of a condition key's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// Text for some providers, an ARN for others.
    StringOrArn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A date.
    Date,
    /// A date, which may be written as a number of seconds.
    DateOrNumeric,
    /// An address or prefix.
    IpAddress,
    /// Base64.
    Binary,
}

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

/// Whether `prefix` is the prefix of an AWS service's actions, in whatever case.
pub fn is_service(prefix: &str) -> bool {
    const SOME: &[&str] = &["aws", "ec2", "iam", "kms", "lambda", "s3", "saml", "sns", "sqs", "sts"];
    SOME.iter().any(|service| service.eq_ignore_ascii_case(prefix))
}
