//! Which resource types an ARN, or a pattern of ARNs, may be of.

use super::blob::Table;
use super::entry::ResourceType;
use super::index::folded_hash;
use super::lookup::Catalog;
use super::overlap::{Atom, overlap, push_atoms};
use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

impl Catalog {
    /// The resource types that some ARN matching `arn` is of. Wildcards are as in a policy; a policy variable stands
    /// for any text. `*` may be everything.
    pub fn resource_types_of_arn<'c>(&'c self, arn: &str) -> impl Iterator<Item = ResourceType<'c>> {
        let wanted = ArnPattern::parse(arn);
        let near = wanted.as_ref().map(|wanted| self.types_of_service_in(wanted));
        near.into_iter().flatten().filter(move |kind| wanted.as_ref().is_some_and(|wanted| wanted.may_be(*kind)))
    }

    /// The resource types among which an ARN of `pattern` must be, in order: those whose ARNs have its service, which
    /// need not be the one that defines them. Where its service is not plain, all of them.
    pub fn types_of_service_in<'c>(&'c self, pattern: &ArnPattern) -> impl Iterator<Item = ResourceType<'c>> + use<'c> {
        let blob = self.blob();
        let list = pattern.plain_service().map(|service| {
            let all = 0..blob.count(Table::ArnServices);
            // The first record has those whose ARNs may be of any service.
            let found = blob.find(Table::ArnServices, all, &service).unwrap_or(0);
            blob.list(blob.field(Table::ArnServices, found, 1))
        });
        let every = if list.is_some() { 0..0 } else { 0..blob.count(Table::Resources) };
        list.into_iter().flatten().chain(every).map(move |record| ResourceType { blob, record })
    }
}

/// An ARN of a policy, perhaps with wildcards and variables, ready to be compared with resource types. Case does not
/// matter: where AWS does distinguish it, its own documents often do not.
#[derive(Debug, Clone)]
pub struct ArnPattern {
    parts: Parts,
}

const PARTS: usize = 6;
const SERVICE: usize = 2;
const REGION: usize = 3;
const ACCOUNT: usize = 4;
const RESOURCE: usize = 5;

/// What a pattern begins with whose ARNs may be of any service: a backup's recovery point is of what was backed up.
const ANY_SERVICE: &str = "arn:${Partition}:${";

/// The six parts of a pattern, one after the other.
#[derive(Debug, Clone)]
struct Parts {
    atoms: Vec<Atom>,
    ends: [usize; PARTS],
    /// The hash of the service, where it is plain.
    service: Option<u64>,
}

impl Parts {
    fn new<'t>(parts: impl IntoIterator<Item = &'t str>, length: usize) -> Self {
        let mut split = Self { atoms: Vec::with_capacity(length), ends: [0; PARTS], service: None };
        for (at, part) in parts.into_iter().enumerate().take(PARTS) {
            push_atoms(part, &mut split.atoms);
            split.ends[at] = split.atoms.len();
            if at == SERVICE && !part.bytes().any(|byte| b"*?$".contains(&byte)) {
                split.service = Some(folded_hash(part));
            }
        }
        split
    }

    fn part(&self, at: usize) -> &[Atom] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.atoms[start..self.ends[at]]
    }

    /// Whether the service and the other given parts have a text in common each.
    fn overlap(&self, other: &Self, parts: &[usize]) -> bool {
        // It tells most ARNs apart, and is plain text in nearly all.
        let service = match (self.service, other.service) {
            (Some(own), Some(other)) => own == other,
            _ => overlap(self.part(SERVICE), other.part(SERVICE)),
        };
        service && parts.iter().all(|at| overlap(self.part(*at), other.part(*at)))
    }
}

impl ArnPattern {
    /// `None` where nothing can match: too few parts, and no star at the end to stand for the rest.
    pub fn parse(arn: &str) -> Option<Self> {
        Self::of_parts(arn_parts(arn))
    }

    /// As [`ArnPattern::parse`], of the parts that [`arn_parts`] gives.
    pub fn of_parts(given: [Option<&str>; PARTS]) -> Option<Self> {
        let last = given.iter().rposition(Option::is_some)?;
        if last + 1 < PARTS && !given[last].is_some_and(|part| part.ends_with('*')) {
            return None;
        }
        let length = given.iter().map(|part| part.map_or(1, str::len)).sum();
        Some(Self { parts: Parts::new(given.map(|part| part.unwrap_or("*")), length) })
    }

    /// The service, where it has neither wildcards nor variables.
    fn plain_service(&self) -> Option<String> {
        self.parts.part(SERVICE).iter().map(|atom| atom.plain().map(char::from)).collect()
    }

    /// Whether some ARN that matches this is of that type.
    pub fn may_be(&self, kind: ResourceType<'_>) -> bool {
        const EVERY: &[usize] = &[RESOURCE, 1, REGION, ACCOUNT, 0];
        known_arns(kind).iter().any(|known| known.parts.as_ref().is_some_and(|parts| self.parts.overlap(parts, EVERY)))
    }

    /// The patterns of the type that it would match, did partition, region and account not matter. Patterns that are
    /// of any service whatever are passed by.
    pub fn near_misses<'c>(&self, kind: ResourceType<'c>) -> Vec<&'c str> {
        let near = |known: &&KnownArn<'c>| self.agrees(known, &[RESOURCE]);
        known_arns(kind).iter().filter(near).map(|known| known.text).collect()
    }

    /// Whether the type's ARNs may have its service. Patterns that are of any service whatever are passed by.
    pub fn may_be_of_service(&self, kind: ResourceType<'_>) -> bool {
        known_arns(kind).iter().any(|known| self.agrees(known, &[]))
    }

    fn agrees(&self, known: &KnownArn<'_>, parts: &[usize]) -> bool {
        !known.text.starts_with(ANY_SERVICE)
            && known.parts.as_ref().is_some_and(|known| self.parts.overlap(known, parts))
    }

    /// With any account where there is a region and no account: AWS publishes documents, parameters and views of its
    /// own so, which no resource type shows.
    pub fn or_owned_by_aws(&self) -> Cow<'_, Self> {
        let part = |at| self.parts.part(at);
        if !part(ACCOUNT).is_empty() || part(REGION).is_empty() {
            return Cow::Borrowed(self);
        }
        let mut parts = self.parts.clone();
        let mut any = Vec::with_capacity(1);
        push_atoms("*", &mut any);
        parts.atoms.splice(parts.ends[REGION]..parts.ends[REGION], any);
        parts.ends[ACCOUNT..].iter_mut().for_each(|end| *end += 1);
        Cow::Owned(Self { parts })
    }
}

/// The pattern of a resource type's ARNs, taken apart.
#[derive(Debug, Clone)]
struct KnownArn<'c> {
    text: &'c str,
    /// `None` where it has fewer than six, so that it is of nothing.
    parts: Option<Parts>,
}

impl<'c> KnownArn<'c> {
    fn new(text: &'c str) -> Self {
        let parts = arn_parts(text);
        let is_whole = parts.iter().all(Option::is_some);
        Self { text, parts: is_whole.then(|| Parts::new(parts.into_iter().flatten(), text.len())) }
    }
}

/// The ARNs of a type. Those of the built-in catalogue are taken apart once, each when it is first asked for: a few are
/// compared thousands of times, and most never.
fn known_arns<'c>(kind: ResourceType<'c>) -> Cow<'c, [KnownArn<'c>]> {
    static BUILTIN: LazyLock<Vec<OnceLock<Vec<KnownArn<'static>>>>> =
        LazyLock::new(|| Catalog::builtin().resource_types().map(|_| OnceLock::new()).collect());
    let own = Catalog::builtin().blob();
    match BUILTIN.get(kind.record as usize).filter(|_| kind.blob.is(own)) {
        Some(known) => Cow::Borrowed(known.get_or_init(|| {
            ResourceType { blob: own, record: kind.record }.arn_patterns().map(KnownArn::new).collect()
        })),
        None => Cow::Owned(kind.arn_patterns().map(KnownArn::new).collect()),
    }
}

/// The service in the ARNs of such a pattern, folded; `None` where they may have several.
pub(super) fn arn_service(pattern: &str) -> Option<String> {
    let service = arn_parts(pattern)[SERVICE].filter(|service| !service.contains(['$', '*', '?']))?;
    Some(service.to_ascii_lowercase())
}

/// The six parts of an ARN; those that are not there are `None`, and the last takes all that is left.
pub fn arn_parts(arn: &str) -> [Option<&str>; 6] {
    // A placeholder or variable may contain colons, which do not separate.
    let mut parts = [None; PARTS];
    let (mut start, mut at, mut depth) = (0, 0, 0usize);
    for (offset, byte) in arn.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => {
                parts[at] = Some(&arn[start..offset]);
                (start, at) = (offset + 1, at + 1);
                if at + 1 == PARTS {
                    break;
                }
            }
            _ => {}
        }
    }
    parts[at] = Some(&arn[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arn: &str, expect: &[&str]) {
        let found: Vec<_> = Catalog::builtin().resource_types_of_arn(arn).map(|kind| kind.to_string()).collect();
        assert_eq!(found, expect, "{arn}");
    }

    #[test]
    fn resource_types_of_arns() {
        check("arn:aws:iam::123456789012:user/alice", &["codestar user", "iam user"]);
        check("arn:aws:iam::*:mfa/${aws:username}", &["iam mfa"]);
        check("arn:aws:sqs:*:*:q", &["sqs queue"]);
        check("arn:aws:iam::123456789012:nothing/alice", &[]);
        check("arn:aws:iam:eu-west-1:123456789012:user/alice", &[]);
        check("arn:aws:nothing:::a", &[]);
        check("arn:aws:iam", &[]);
        check("", &[]);
        check("é", &[]);
    }

    #[test]
    fn a_bucket_is_no_object() {
        let catalog = Catalog::builtin();
        let may_be = |name: &str, arn: &str| {
            let kind = catalog.service("s3").and_then(|s3| s3.resource_type(name)).unwrap();
            ArnPattern::parse(arn).unwrap().may_be(kind)
        };
        assert!(may_be("bucket", "arn:aws:s3:::b"));
        assert!(!may_be("object", "arn:aws:s3:::b"));
        assert!(may_be("object", "arn:aws:s3:::b/*"));
        assert!(!may_be("bucket", "arn:aws:s3:::b/*"));
        assert!(may_be("bucket", "arn:aws:s3:::*") && may_be("object", "arn:aws:s3:::*"));
        assert!(may_be("object", "*"));
    }

    #[test]
    fn near_misses_differ_in_region_or_account() {
        let iam_user = Catalog::builtin().service("iam").and_then(|iam| iam.resource_type("user")).unwrap();
        let near = |arn: &str| ArnPattern::parse(arn).unwrap().near_misses(iam_user).len();
        assert_eq!(near("arn:aws:iam:eu-west-1:123456789012:user/alice"), 1);
        assert_eq!(near("arn:aws:iam:::user/alice"), 1);
        assert_eq!(near("arn:aws:iam:::role/alice"), 0);
        assert_eq!(near("arn:aws:sts:::user/alice"), 0);
    }
}
