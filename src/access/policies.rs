//! The policies that take part in one decision.

use crate::policy::Policy;
use std::ops::Range;

/// Policies by the part they play.
#[derive(Debug, Clone)]
pub enum Policies<'a> {
    /// One document by itself, whatever its type: a request is allowed if a statement allows it and none denies it.
    Document(&'a Policy<'a>),
    /// All that AWS looks at when a request is made.
    Account(Layers<'a>),
}

/// The policies of each kind. A kind of which there are none takes no part, except that a grant must come from an
/// identity or a resource policy.
#[derive(Debug, Clone, Default)]
pub struct Layers<'a> {
    /// Attached to the caller, or to a group of the caller's.
    pub identity: Vec<&'a Policy<'a>>,
    /// Attached to the resource; the trust policy where the resource is a role.
    pub resource: Vec<&'a Policy<'a>>,
    /// The caller's permissions boundary.
    pub boundary: Vec<&'a Policy<'a>>,
    /// Passed along when the caller's session was made.
    pub session: Vec<&'a Policy<'a>>,
    /// Service control policies, from the root of the organization to the account; each level must allow.
    pub scp: Vec<Vec<&'a Policy<'a>>>,
    /// Resource control policies. AWS attaches one that allows everything, so only their Denies matter.
    pub rcp: Vec<&'a Policy<'a>>,
    /// The policies of the VPC endpoint that the request goes through.
    pub vpc_endpoint: Vec<&'a Policy<'a>>,
}

impl<'a> Policies<'a> {
    /// Every policy, in a fixed order by which [`StatementId::policy`] counts.
    pub fn iter(&self) -> impl Iterator<Item = &'a Policy<'a>> {
        let all: Vec<&'a Policy<'a>> = match self {
            Self::Document(policy) => vec![*policy],
            Self::Account(layers) => layers.groups().into_iter().flatten().copied().collect(),
        };
        all.into_iter()
    }

    /// Other policies, each in the part of the one that is as far along in [`Self::iter`].
    pub(super) fn over<'b>(&self, policies: &'b [Policy<'b>]) -> Policies<'b> {
        let mut left = policies.iter();
        match self {
            Self::Document(_) => Policies::Document(&policies[0]),
            Self::Account(layers) => {
                let mut like = |own: &[&Policy<'a>]| -> Vec<&'b Policy<'b>> { left.by_ref().take(own.len()).collect() };
                Policies::Account(Layers {
                    identity: like(&layers.identity),
                    resource: like(&layers.resource),
                    boundary: like(&layers.boundary),
                    session: like(&layers.session),
                    scp: layers.scp.iter().map(|level| like(level)).collect(),
                    rcp: like(&layers.rcp),
                    vpc_endpoint: like(&layers.vpc_endpoint),
                })
            }
        }
    }

    /// Whether the request goes through a VPC endpoint.
    pub(super) fn has_endpoint(&self) -> bool {
        matches!(self, Self::Account(layers) if !layers.vpc_endpoint.is_empty())
    }

    /// The policies of the resource, where several kinds of policies take part.
    pub(super) fn of_resource(&self) -> &[&'a Policy<'a>] {
        match self {
            Self::Document(_) => &[],
            Self::Account(layers) => &layers.resource,
        }
    }

    /// Which of them, by number, are those of the resource.
    pub(super) fn of_resource_at(&self) -> Range<usize> {
        let Self::Account(layers) = self else { return 0..0 };
        layers.identity.len()..layers.identity.len() + layers.resource.len()
    }

    /// Which of them, by number, are service control policies.
    pub(super) fn scps(&self) -> Range<usize> {
        let Self::Account(layers) = self else { return 0..0 };
        let before = [&layers.identity, &layers.resource, &layers.boundary, &layers.session];
        let before = before.into_iter().map(Vec::len).sum::<usize>();
        before..before + layers.scp.iter().map(Vec::len).sum::<usize>()
    }

    /// Which of them, by number, are resource control policies.
    pub(super) fn rcps(&self) -> Range<usize> {
        let Self::Account(layers) = self else { return 0..0 };
        let before = self.scps().end;
        before..before + layers.rcp.len()
    }
}

impl<'a> Layers<'a> {
    /// The groups in the order of the fields, the levels of the service control policies one by one.
    pub(super) fn groups(&self) -> Vec<&[&'a Policy<'a>]> {
        let mut groups: Vec<&[_]> = vec![&self.identity, &self.resource, &self.boundary, &self.session];
        groups.extend(self.scp.iter().map(Vec::as_slice));
        groups.extend([self.rcp.as_slice(), self.vpc_endpoint.as_slice()]);
        groups
    }
}

/// A statement of one of the [`Policies`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId {
    /// The policy's number, in the order of [`Policies::iter`].
    pub policy: usize,
    /// The statement's number in its policy.
    pub statement: usize,
}
