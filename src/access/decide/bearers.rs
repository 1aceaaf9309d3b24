//! Which callers carry which keys. AWS documents of many keys that they come with one sort of caller only: with the
//! session of a role that an instance or a function has, with an AWS service that calls by itself, with what an
//! identity provider says.

use crate::access::Caller;
use crate::access::calls::is_of_saml;

/// Sorts of callers, as far as keys tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bearer {
    Anonymous,
    Root,
    User,
    Session,
    FederatedUser,
    Service,
    /// Vouched for by a provider of OpenID Connect, or one of its kind.
    Web,
    /// Vouched for by a provider of SAML.
    Saml,
    /// Known by a canonical user id: anyone of an account.
    Canonical,
}

/// What is known of a key in the requests of a caller.
pub(super) enum Carried {
    /// Nothing: it may be there or not, with any value.
    Freely,
    /// It is not there.
    Never,
    /// It is there, with this value.
    As(String),
    /// It is not there, or is `false`.
    FalseIfAtAll,
    /// It may be there or not, but never with this value.
    AnythingBut(&'static str),
}

use Bearer::{Anonymous, Canonical, FederatedUser, Root, Saml, Service, Session, User, Web};

/// Whoever has credentials of an account.
const SIGNED: &[Bearer] = &[Root, User, Session, FederatedUser, Canonical];

const TAGGED_BY_CERTIFICATE: &[Bearer] = &[User, Session, FederatedUser, Service, Canonical];

/// Keys, folded, with those who carry them: nobody else does. One that ends in `/` or `:` is the beginning of many; the
/// first that fits counts.
const BEARERS: &[(&str, &[Bearer])] = &[
    ("aws:assumedroot", &[Root, Session, Canonical]),
    ("aws:calledvia", SIGNED),
    ("aws:calledviaawsmcp", SIGNED),
    ("aws:calledviafirst", SIGNED),
    ("aws:calledvialast", SIGNED),
    ("aws:chatbotsourcearn", &[Session, Canonical]),
    ("aws:ec2instancesourceprivateipv4", &[Session, Canonical]),
    ("aws:ec2instancesourcevpc", &[Session, Canonical]),
    ("aws:federatedprovider", &[Session, Web, Canonical]),
    ("aws:multifactorauthpresent", &[Root, User, Session, FederatedUser, Service, Web, Saml, Canonical]),
    ("aws:principalorgid", SIGNED),
    ("aws:principalorgpaths", SIGNED),
    ("aws:principalservicenameslist", &[Service]),
    // IAM Roles Anywhere tells by tags what is in the certificate for which it assumes a role.
    ("aws:principaltag/x509issuer/", TAGGED_BY_CERTIFICATE),
    ("aws:principaltag/x509san/", TAGGED_BY_CERTIFICATE),
    ("aws:principaltag/x509subject/", TAGGED_BY_CERTIFICATE),
    ("aws:principaltag/", &[User, Session, FederatedUser, Canonical]),
    ("aws:signinsessionarn", SIGNED),
    ("aws:sourceaccount", &[Service]),
    ("aws:sourcearn", &[Service]),
    ("aws:sourceidentity", &[Session, Canonical]),
    ("aws:sourceorgid", &[Service]),
    ("aws:sourceorgpaths", &[Service]),
    // Older than the account of the source, and of a caller that is none.
    ("aws:sourceowner", &[Root, User, Session, FederatedUser, Service, Canonical]),
    ("aws:tokenissuetime", &[Root, User, Session, FederatedUser, Service, Canonical]),
    ("aws:userid", &[Anonymous, Root, User, Session, FederatedUser, Canonical]),
    ("codebuild:buildarn", &[Session, Canonical]),
    ("codebuild:projectarn", &[Session, Canonical]),
    ("ec2:roledelivery", &[Session, Canonical]),
    ("ec2:sourceinstancearn", &[Session, Canonical]),
    ("glue:credentialissuingservice", &[Session, Canonical]),
    ("glue:roleassumedby", &[Session, Canonical]),
    ("identitystore:userid", &[Session, Canonical]),
    ("kms:calleraccount", &[Root, User, Session, FederatedUser, Service, Web, Saml, Canonical]),
    ("lambda:sourcefunctionarn", &[Session, Canonical]),
    ("saml:", &[Session, Saml, Canonical]),
    ("ssm:sourceinstancearn", &[Session, Canonical]),
];

/// Keys of what providers of OpenID Connect say begin with the provider's host.
const OF_PROVIDERS: &[Bearer] = &[Session, Web, Canonical];

/// What is known of `key`, folded, in the requests of `caller`.
pub(super) fn carried(caller: &Caller, key: &str) -> Carried {
    let own = Bearer::of(caller);
    match (key, caller) {
        // Only on behalf of someone with credentials does a service call by way of another.
        ("aws:viaawsservice", _) if !SIGNED.contains(&own) => Carried::As("false".to_owned()),
        ("aws:viaawsmcpservice", _) if !SIGNED.contains(&own) => Carried::FalseIfAtAll,
        ("aws:userid", Caller::Anonymous) => Carried::As("anonymous".to_owned()),
        ("aws:userid", Caller::Root { account }) => Carried::As(account.clone()),
        ("aws:userid", Caller::FederatedUser { session, user }) => {
            let (account, name) = (user.split(':').nth(4), session.split_once(":federated-user/"));
            Carried::As(format!("{}:{}", account.unwrap_or_default(), name.map_or("", |(_, name)| name)))
        }
        ("aws:federatedprovider", Caller::Federated { provider }) if own == Web => Carried::As(provider.clone()),
        (key, Caller::Federated { provider }) if own == Web && provider_of(key).is_some_and(|it| !is(provider, it)) => {
            Carried::Never
        }
        // A function's URL with this sort of authorization takes only what is signed.
        ("lambda:functionurlauthtype", Caller::Anonymous) => Carried::AnythingBut("AWS_IAM"),
        _ if bearers(key).is_some_and(|bearers| !bearers.contains(&own)) => Carried::Never,
        ("kms:calleraccount" | "aws:sourceowner", _) => {
            caller.account().map_or(Carried::Freely, |own| Carried::As(own.to_owned()))
        }
        _ => Carried::Freely,
    }
}

/// Whether users and roles, or callers of one sort, differ in what is known of `key`, in whatever case.
pub(super) fn differ(key: &str) -> bool {
    let by_name = key.eq_ignore_ascii_case("aws:userid") || provider_of(key).is_some();
    by_name || bearers(key).is_some_and(|bearers| bearers.contains(&User) != bearers.contains(&Session))
}

/// The host, and perhaps the path, of the identity provider of whose words `key` is one.
pub(super) fn provider_of(key: &str) -> Option<&str> {
    key.split_once(':').map(|(provider, _)| provider).filter(|provider| provider.contains('.'))
}

/// Whether `provider`, by its ARN or host name, is the one whose keys begin so.
fn is(provider: &str, keys: &str) -> bool {
    let own = provider.split_once(":oidc-provider/").map_or(provider, |(_, own)| own);
    own.trim_end_matches('/').eq_ignore_ascii_case(keys.trim_end_matches('/'))
}

fn bearers(key: &str) -> Option<&'static [Bearer]> {
    if provider_of(key).is_some() {
        return Some(OF_PROVIDERS);
    }
    let is_meant = |name: &str| match name.ends_with(['/', ':']) {
        true => key.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)),
        false => key.eq_ignore_ascii_case(name),
    };
    BEARERS.iter().find(|(name, _)| is_meant(name)).map(|(_, bearers)| *bearers)
}

impl Bearer {
    fn of(caller: &Caller) -> Self {
        match caller {
            Caller::Anonymous => Anonymous,
            Caller::Root { .. } => Root,
            Caller::User { .. } => User,
            Caller::Session { .. } => Session,
            Caller::FederatedUser { .. } => FederatedUser,
            Caller::Service { .. } => Service,
            Caller::Federated { provider } if is_of_saml(provider) => Saml,
            Caller::Federated { .. } => Web,
            Caller::CanonicalUser { .. } => Canonical,
        }
    }
}
