//! Requests: who does what to what, and the keys that come with it.

use super::calls::is_of_saml;
use super::evaluate::{Context, Entry};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who makes it.
    pub caller: Caller,
    /// The action: `s3:GetObject`.
    pub action: String,
    /// The resource's ARN; `*` for an action that has none.
    pub resource: String,
    /// The account that owns the resource; the caller's own if it is not known.
    pub owner: Option<String>,
    /// The condition keys.
    pub context: Context,
}

impl Request {
    /// Whether the keys that AWS derives from who the caller is are what they have to be, where they are there.
    pub fn fits_its_caller(&self) -> bool {
        let own = match (&self.caller, self.context.single("aws:PrincipalArn")) {
            // It is of the account, and who of it, the ARN says.
            (Caller::CanonicalUser { .. }, Some(arn)) => Caller::from_arn(arn).keys(),
            _ => self.caller.keys(),
        };
        self.context.iter().all(|(key, values)| match own.get(key) {
            Entry::Values(known) => known == values,
            _ => !CALLER_KEYS.contains(&key),
        })
    }
}

/// Keys, folded, that tell who the caller is, and that nobody has but those to whom [`Caller::keys`] gives them.
pub(super) const CALLER_KEYS: &[&str] = &[
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principaltype",
    "aws:username",
];

/// In place of the name of sessions that stand for all of a role's. No session has a blank in its name.
const ANY_SESSION: &str = "any session";

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// Nobody in particular: the request is not signed.
    Anonymous,
    /// The root user of an account.
    Root {
        /// The account's id.
        account: String,
    },
    /// An IAM user.
    User {
        /// The user's ARN.
        arn: String,
    },
    /// A session of a role.
    Session {
        /// The role's ARN.
        role: String,
        /// The session's ARN.
        session: String,
    },
    /// A session that a user made with `sts:GetFederationToken`.
    FederatedUser {
        /// The session's ARN.
        session: String,
        /// The user's ARN.
        user: String,
    },
    /// An AWS service on its own behalf.
    Service {
        /// Its principal: `ec2.amazonaws.com`.
        name: String,
    },
    /// Someone whom an identity provider vouches for, on the way to a role.
    Federated {
        /// The provider's ARN or host name.
        provider: String,
    },
    /// Someone known to S3 by a canonical user id.
    CanonicalUser {
        /// The id.
        id: String,
    },
}

impl Caller {
    /// The caller whom an ARN stands for, as that of `aws:PrincipalArn` or of a session. What a session's does not tell is
    /// the path of its role; see [`Self::has_role_of_any_path`].
    pub fn from_arn(arn: &str) -> Self {
        let mut parts = arn.splitn(6, ':').skip(1);
        let mut next = || parts.next().unwrap_or("");
        let (partition, service, _, account, name) = (next(), next(), next(), next(), next());
        if name == "root" {
            return Self::Root { account: account.to_owned() };
        }
        let of_account = |name: &str| format!("arn:{partition}:iam::{account}:{name}");
        match (service, name.split_once('/')) {
            ("sts", Some(("assumed-role", rest))) => {
                let role = rest.split('/').next().unwrap_or(rest);
                Self::Session { role: of_account(&format!("role/{role}")), session: arn.to_owned() }
            }
            ("sts", Some(("federated-user", user))) => {
                Self::FederatedUser { session: arn.to_owned(), user: of_account(&format!("user/{user}")) }
            }
            (_, Some(("role", path))) => {
                let role = path.rsplit('/').next().unwrap_or(path);
                let session = format!("arn:{partition}:sts::{account}:assumed-role/{role}/{ANY_SESSION}");
                Self::Session { role: arn.to_owned(), session }
            }
            _ => Self::User { arn: arn.to_owned() },
        }
    }

    /// The account that the caller belongs to. Services, providers and the anonymous have none.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Root { account } => Some(account),
            Self::User { arn } | Self::Session { role: arn, .. } | Self::FederatedUser { user: arn, .. } => {
                arn.split(':').nth(4)
            }
            Self::Anonymous | Self::Service { .. } | Self::Federated { .. } | Self::CanonicalUser { .. } => None,
        }
    }

    /// The partition that a user or a session is of.
    pub(super) fn partition(&self) -> Option<&str> {
        match self {
            Self::User { arn } | Self::Session { role: arn, .. } | Self::FederatedUser { session: arn, .. } => {
                arn.split(':').nth(1)
            }
            _ => None,
        }
    }

    /// The same user or session of another partition.
    pub(super) fn in_partition(&self, partition: &str) -> Self {
        let moved = |arn: &str| {
            let rest = arn.splitn(3, ':').nth(2).unwrap_or("");
            format!("arn:{partition}:{rest}")
        };
        match self {
            Self::User { arn } => Self::User { arn: moved(arn) },
            Self::Session { role, session } => Self::Session { role: moved(role), session: moved(session) },
            Self::FederatedUser { session, user } => Self::FederatedUser { session: moved(session), user: moved(user) },
            other => other.clone(),
        }
    }

    /// The name of a user.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::User { arn } => arn.rsplit('/').next(),
            _ => None,
        }
    }

    /// The name of a role's session, unless it stands for all of the role's.
    pub fn session_name(&self) -> Option<&str> {
        match self {
            Self::Session { session, .. } => session.rsplit('/').next().filter(|name| *name != ANY_SESSION),
            _ => None,
        }
    }

    /// Whether the caller is known by the ARN of a session, which tells the name of its role and not the path.
    pub fn has_role_of_any_path(&self) -> bool {
        let is_bare = |role: &str| role.split_once(":role/").is_some_and(|(_, rest)| !rest.contains('/'));
        matches!(self, Self::Session { role, .. } if is_bare(role) && self.session_name().is_some())
    }

    /// The keys that AWS derives from who the caller is.
    pub fn keys(&self) -> Context {
        let (arn, kind) = match self {
            Self::Anonymous => {
                let keys = Context::new().with("aws:PrincipalAccount", "anonymous");
                return keys.with("aws:PrincipalType", "Anonymous");
            }
            Self::Service { name } => {
                let keys = Context::new().with("aws:PrincipalIsAWSService", "true");
                return keys.with("aws:PrincipalServiceName", name);
            }
            Self::Federated { provider } if is_of_saml(provider) => return Context::new(),
            Self::Federated { provider } => return Context::new().with("aws:FederatedProvider", provider),
            Self::CanonicalUser { .. } => return Context::new(),
            Self::Root { account } => (format!("arn:aws:iam::{account}:root"), "Account"),
            Self::User { arn } => (arn.clone(), "User"),
            Self::Session { role, .. } => (role.clone(), "AssumedRole"),
            Self::FederatedUser { session, .. } => (session.clone(), "FederatedUser"),
        };
        let mut keys = Context::new().with("aws:PrincipalArn", arn).with("aws:PrincipalType", kind);
        keys.set("aws:PrincipalAccount", self.account().map(str::to_owned).into_iter().collect());
        if let Some(name) = self.name() {
            keys.set("aws:username", vec![name.to_owned()]);
        }
        keys.with("aws:PrincipalIsAWSService", "false")
    }
}
