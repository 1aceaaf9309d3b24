//! The typed model: what a policy means, with the place of every part of it.

use super::condition::Operator;
use super::pattern::Truth;
use crate::syntax::Node;
use crate::text::Span;
use std::borrow::Cow;

/// One policy document.
#[derive(Debug)]
pub struct Policy<'t> {
    /// The object it was read from.
    pub node: &'t Node<'t>,
    /// Where in the file it stands, as a JSON pointer (RFC 6901); empty at the root.
    pub pointer: String,
    /// What sort of policy it is, and how we know.
    pub kind: TypeGuess,
    /// The language version it asks for.
    pub version: Version,
    /// The version's value, where there is one.
    pub version_span: Option<Span>,
    /// Its statements, in order. One statement without a list is a list of one.
    pub statements: Vec<Statement<'t>>,
    /// False where a hole or a template directive may hide, add or remove statements, or where a member was unreadable.
    pub complete: bool,
}

impl<'t> Policy<'t> {
    /// The object's place.
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// The policy with these statements instead of its own.
    pub fn with_statements(&self, statements: impl Iterator<Item = Statement<'t>>) -> Self {
        Self {
            node: self.node,
            pointer: self.pointer.clone(),
            kind: self.kind.clone(),
            version: self.version,
            version_span: self.version_span,
            statements: statements.collect(),
            complete: self.complete,
        }
    }
}

/// The kinds of policy. They differ in which elements they may have and in what an Allow means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyType {
    /// Attached to a user, group or role.
    Identity,
    /// Attached to a resource; it names principals.
    Resource,
    /// A role's trust policy.
    Trust,
    /// A service control policy of AWS Organizations.
    Scp,
    /// A resource control policy of AWS Organizations.
    Rcp,
    /// A permissions boundary.
    Boundary,
    /// Passed along when a session is made.
    Session,
    /// Attached to a VPC endpoint.
    VpcEndpoint,
}

impl PolicyType {
    /// Every type, in the order in which help lists them.
    pub const ALL: [PolicyType; 8] = [
        Self::Identity,
        Self::Resource,
        Self::Trust,
        Self::Scp,
        Self::Rcp,
        Self::Boundary,
        Self::Session,
        Self::VpcEndpoint,
    ];

    /// The name used on the command line, in pages and in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Resource => "resource",
            Self::Trust => "trust",
            Self::Scp => "scp",
            Self::Rcp => "rcp",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::VpcEndpoint => "vpc-endpoint",
        }
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is attached to a resource, of which a role is one, and says whom it lets in.
    pub fn is_of_resource(self) -> bool {
        matches!(self, Self::Resource | Self::Trust)
    }

    /// Whether an Allow in it gives anyone access. In the others it only leaves access standing.
    pub fn grants(self) -> bool {
        matches!(self, Self::Identity | Self::Resource | Self::Trust)
    }
}

/// A policy's type and the reason to believe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeGuess {
    /// The type.
    pub kind: PolicyType,
    /// What it was inferred from, as a phrase: "the key `AssumeRolePolicyDocument`".
    pub reason: Cow<'static, str>,
}

/// The policy language's version. It decides whether `${…}` is a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `2012-10-17`: variables work.
    V2012,
    /// `2008-10-17`: `${…}` is literal text.
    V2008,
    /// No `Version`, which means `2008-10-17`.
    Absent,
    /// A version that does not exist; IAM refuses the policy.
    Invalid,
    /// Written as a hole.
    Unknown,
}

/// Allow or Deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The statement grants.
    Allow,
    /// The statement refuses, whatever else is granted.
    Deny,
}

/// One statement.
#[derive(Debug, Clone)]
pub struct Statement<'t> {
    /// The object it was read from.
    pub node: &'t Node<'t>,
    /// Its number in the policy, from 0.
    pub index: usize,
    /// Its `Sid`.
    pub sid: Option<Text<'t>>,
    /// Its effect; `None` where it is absent, unreadable or a hole.
    pub effect: Option<Effect>,
    /// The effect's value, where there is one.
    pub effect_span: Option<Span>,
    /// `Principal` or `NotPrincipal`.
    pub principal: Option<PrincipalElement<'t>>,
    /// `Action` or `NotAction`.
    pub action: Option<Element<'t>>,
    /// `Resource` or `NotResource`.
    pub resource: Option<Element<'t>>,
    /// Every condition: an operator on a key with its values, in order.
    pub conditions: Vec<Condition<'t>>,
    /// False where a hole or a template directive may hide elements or conditions, or where one was unreadable.
    pub complete: bool,
    /// Whether the text ends in the middle of it, so that anything may still be to come.
    pub unfinished: bool,
    /// The elements that its policy's type asks for and that it does not have. An effect is not among them.
    pub missing: Vec<&'static str>,
    /// Whether a member's name is nearly that of an element, or a condition's operator is none. What is meant is read
    /// where it is plain, but not by IAM.
    pub misspelt: bool,
}

impl Statement<'_> {
    /// The object's place.
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// Whether it is an Allow.
    pub fn is_allow(&self) -> bool {
        self.effect == Some(Effect::Allow)
    }

    /// Whether it is a Deny.
    pub fn is_deny(&self) -> bool {
        self.effect == Some(Effect::Deny)
    }

    /// Whether it is known what it is about: no part of that is hidden, missing or misspelt.
    pub fn is_settled(&self) -> bool {
        self.complete && self.missing.is_empty() && !self.misspelt
    }

    /// Whether two of its conditions ask about the same key.
    pub fn has_key_twice(&self) -> bool {
        let is_again = |at: usize| self.conditions[..at].iter().any(|other| other.has_key_of(&self.conditions[at]));
        (1..self.conditions.len()).any(is_again)
    }
}

/// `Action`, `NotAction`, `Resource` or `NotResource`.
#[derive(Debug, Clone)]
pub struct Element<'t> {
    /// The key, with its quotes.
    pub key_span: Span,
    /// The value, brackets included.
    pub span: Span,
    /// Whether it is the `Not…` form.
    pub negated: bool,
    /// What it lists.
    pub items: Vec<Text<'t>>,
    /// False where an item is unreadable or may be hidden by a hole.
    pub complete: bool,
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone)]
pub struct PrincipalElement<'t> {
    /// The key, with its quotes.
    pub key_span: Span,
    /// The value.
    pub span: Span,
    /// Whether it is `NotPrincipal`.
    pub negated: bool,
    /// Whom it names.
    pub items: Vec<Principal<'t>>,
    /// False where an item is unreadable or may be hidden by a hole.
    pub complete: bool,
}

/// One principal.
#[derive(Debug, Clone)]
pub struct Principal<'t> {
    /// Which sort.
    pub kind: PrincipalKind,
    /// Its name; `*` for everyone.
    pub text: Text<'t>,
}

impl Principal<'_> {
    /// Whether it is everyone of its sort.
    pub fn is_everyone(&self) -> Truth {
        let is_star = |(part, kind): (&str, PartKind)| kind == PartKind::Hole || part.is_empty() || part == "*";
        match () {
            () if self.text.text == "*" => Truth::Yes,
            () if self.text.has_hole() && !self.names_one() && self.text.all_parts().all(is_star) => Truth::Maybe,
            () => Truth::No,
        }
    }

    /// Whether a principal with a hole is one account, user or role all the same: the rest of its ARN or the hole's name
    /// says so, or it is an attribute of another resource of the template. Another parameter may be `*`.
    pub fn names_one(&self) -> bool {
        let first = self.text.all_parts().find(|(part, _)| !part.is_empty());
        self.kind == PrincipalKind::Aws
            && self.text.has_hole()
            && first.is_some_and(|(part, kind)| match kind {
                PartKind::Hole => {
                    let name = part.to_ascii_lowercase();
                    name.contains("account") || name.ends_with(".arn}")
                }
                _ => part.starts_with("arn:"),
            })
    }
}

/// The sorts of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// The bare string `"*"`.
    Everyone,
    /// An account, user, role, session, or `*`.
    Aws,
    /// An AWS service.
    Service,
    /// An identity provider.
    Federated,
    /// An S3 canonical user.
    CanonicalUser,
    /// A key that is none of these.
    Unknown,
}

/// One operator on one key, with its values.
#[derive(Debug, Clone)]
pub struct Condition<'t> {
    /// The operator as written.
    pub operator_text: &'t str,
    /// The operator's key, with its quotes.
    pub operator_span: Span,
    /// The operator, if it is one.
    pub operator: Option<Operator>,
    /// The condition key as written.
    pub key: &'t str,
    /// The condition key, with its quotes.
    pub key_span: Span,
    /// False where a part of the key is a hole, so that it may be any key.
    pub key_known: bool,
    /// The values.
    pub values: Vec<Scalar<'t>>,
    /// The value or list of values, brackets included.
    pub values_span: Span,
    /// False where a value is unreadable or may be hidden by a hole.
    pub complete: bool,
}

impl Condition<'_> {
    /// The key and its values: `"aws:SourceIp": "192.0.2.0/24"`.
    pub fn comparison_span(&self) -> Span {
        self.key_span.cover(self.values_span)
    }

    /// Whether both ask about the same key. What follows a slash may be the key of a tag, where letters of another case
    /// may be another key's.
    pub fn has_key_of(&self, other: &Condition<'_>) -> bool {
        self.key == other.key || !self.key.contains('/') && self.key.eq_ignore_ascii_case(other.key)
    }
}

/// A condition's value.
#[derive(Debug, Clone)]
pub struct Scalar<'t> {
    /// The value as text; a JSON `false` is `false`.
    pub text: Text<'t>,
    /// How it was written.
    pub json: JsonType,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// In quotes, or by an intrinsic function that yields a string.
    String,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A bare hole.
    Hole,
}

/// A string of a policy: literal text, policy variables, and holes whose value is not known here.
#[derive(Debug, Clone)]
pub struct Text<'t> {
    /// The text, escapes decoded, holes and variables as written.
    pub text: Cow<'t, str>,
    /// Where it stands, with its quotes.
    pub span: Span,
    /// Its parts, in order and without gaps. Empty when the whole of it is literal.
    pub parts: Box<[Part]>,
}

impl Text<'_> {
    /// Whether any part of it is unknown.
    pub fn has_hole(&self) -> bool {
        self.parts.iter().any(|part| part.kind == PartKind::Hole)
    }

    /// Whether any part of it is a policy variable.
    pub fn has_variable(&self) -> bool {
        self.parts.iter().any(|part| matches!(part.kind, PartKind::Variable | PartKind::Escape))
    }
}

/// A part of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its bytes within [`Text::text`].
    pub range: std::ops::Range<usize>,
    /// What it is.
    pub kind: PartKind,
}

/// What a part of a [`Text`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// Text that stands for itself, wildcards included.
    Literal,
    /// `${key}` or `${key, 'default'}`: AWS puts the request's value there.
    Variable,
    /// `${*}`, `${?}`, `${$}`: the character itself.
    Escape,
    /// Not known here.
    Hole,
}
