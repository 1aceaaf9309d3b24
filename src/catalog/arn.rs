//! Which resource types an ARN, or a pattern of ARNs, may be of.

use super::entry::ResourceType;
use super::lookup::Catalog;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

/// Placeholders whose values never contain a slash, so that a bucket is not taken for an object, nor a table for its
/// index. Others are given the benefit of the doubt.
const WITHOUT_SLASH: [&str; 5] = ["BucketName", "TableName", "Partition", "Region", "Account"];

impl Catalog {
    /// The resource types that some ARN matching `arn` is of. Wildcards are as in a policy; a policy variable stands
    /// for any text. `*` may be everything.
    pub fn resource_types_of_arn<'c>(&'c self, arn: &str) -> impl Iterator<Item = ResourceType<'c>> {
        let wanted = ArnPattern::parse(arn);
        let near = wanted.as_ref().map(|wanted| self.types_of_service_in(wanted));
        near.into_iter().flatten().filter(move |kind| wanted.as_ref().is_some_and(|wanted| wanted.may_be(*kind)))
    }

    /// The resource types among which an ARN of `pattern` must be: those whose ARNs have its service, in order. Where
    /// its service is not plain, all of them.
    pub fn types_of_service_in(&self, pattern: &ArnPattern) -> Vec<ResourceType<'_>> {
        let Some(service) = pattern.plain_service() else { return self.resource_types().collect() };
        let index = self.by_arn_service.get_or_init(|| ByArnService::new(self));
        let own = index.plain.get(&service).map_or(&[][..], Vec::as_slice);
        let mut numbers: Vec<u32> = own.iter().chain(&index.any).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(|record| ResourceType { blob: self.blob(), record }).collect()
    }
}

/// The numbers of resource types by the service in their ARNs, which need not be the one that defines them.
#[derive(Debug, Clone, Default)]
pub(super) struct ByArnService {
    /// By folded name.
    plain: HashMap<String, Vec<u32>>,
    /// Those whose ARNs may have several.
    any: Vec<u32>,
}

impl ByArnService {
    fn new(catalog: &Catalog) -> Self {
        let mut index = Self::default();
        for kind in catalog.resource_types() {
            for known in kind.arn_patterns() {
                match arn_parts(known)[SERVICE].filter(|service| !service.contains(['$', '*', '?'])) {
                    Some(service) => index.plain.entry(service.to_ascii_lowercase()).or_default().push(kind.record),
                    None => index.any.push(kind.record),
                }
            }
        }
        index
    }
}

impl ResourceType<'_> {
    /// Whether some ARN that matches `arn` is of this type. For many types an [`ArnPattern`] is read but once.
    pub fn may_be(self, arn: &str) -> bool {
        ArnPattern::parse(arn).is_some_and(|wanted| wanted.may_be(self))
    }
}

/// An ARN of a policy, perhaps with wildcards and variables, ready to be compared with resource types. Case does not
/// matter: where AWS does distinguish it, its own documents often do not.
#[derive(Debug, Clone)]
pub struct ArnPattern {
    parts: [Vec<Atom>; PARTS],
}

const PARTS: usize = 6;
const SERVICE: usize = 2;
const REGION: usize = 3;
const ACCOUNT: usize = 4;
const RESOURCE: usize = 5;

/// What a pattern begins with whose ARNs may be of any service: a backup's recovery point is of what was backed up.
const ANY_SERVICE: &str = "arn:${Partition}:${";

impl ArnPattern {
    /// `None` where nothing can match: too few parts, and no star at the end to stand for the rest.
    pub fn parse(arn: &str) -> Option<Self> {
        let given = arn_parts(arn);
        let last = given.iter().rposition(Option::is_some)?;
        if last + 1 < PARTS && !given[last].is_some_and(|part| part.ends_with('*')) {
            return None;
        }
        Some(Self { parts: given.map(|part| atoms(part.unwrap_or("*"))) })
    }

    /// The service, folded, where it has neither wildcards nor variables.
    fn plain_service(&self) -> Option<String> {
        let plain = |atom: &Atom| match atom.one {
            One::Byte(byte) if !atom.repeats => Some(char::from(byte.to_ascii_lowercase())),
            _ => None,
        };
        self.parts[SERVICE].iter().map(plain).collect()
    }

    /// Whether some ARN that matches this is of that type.
    pub fn may_be(&self, kind: ResourceType<'_>) -> bool {
        known_arns(kind).iter().any(|known| self.overlaps(known, &[SERVICE, RESOURCE, 1, REGION, ACCOUNT, 0]))
    }

    /// The patterns of the type that it would match, did partition, region and account not matter. Patterns that are
    /// of any service whatever are passed by.
    pub fn near_misses<'c>(&self, kind: ResourceType<'c>) -> impl Iterator<Item = &'c str> {
        let known = kind.arn_patterns().filter(|known| !known.starts_with(ANY_SERVICE));
        known.filter(|known| self.overlaps(&KnownArn::new(known), &[SERVICE, RESOURCE]))
    }

    /// Whether the type's ARNs may have its service. Patterns that are of any service whatever are passed by.
    pub fn may_be_of_service(&self, kind: ResourceType<'_>) -> bool {
        let own = |known: &KnownArn<'_>| !known.text.starts_with(ANY_SERVICE) && self.overlaps(known, &[SERVICE]);
        known_arns(kind).iter().any(own)
    }

    /// With any account where there is a region and no account: AWS publishes documents, parameters and views of its
    /// own so, which no resource type shows.
    pub fn or_owned_by_aws(mut self) -> Self {
        if self.parts[ACCOUNT].is_empty() && !self.parts[REGION].is_empty() {
            self.parts[ACCOUNT] = atoms("*");
        }
        self
    }

    /// Whether the given parts have a text in common. The service should come first: it tells most ARNs apart, and is
    /// plain text in nearly all.
    fn overlaps(&self, known: &KnownArn<'_>, parts: &[usize]) -> bool {
        parts.iter().all(|at| known.parts[*at].is_some_and(|known| overlaps_part(&self.parts[*at], known)))
    }
}

/// The pattern of a resource type's ARNs, taken apart.
#[derive(Debug, Clone)]
struct KnownArn<'c> {
    text: &'c str,
    parts: [Option<KnownPart<'c>>; PARTS],
}

#[derive(Debug, Clone, Copy)]
struct KnownPart<'c> {
    text: &'c str,
    /// What its characters are, where the whole of it is one placeholder.
    placeholder: Option<One>,
}

impl<'c> KnownArn<'c> {
    fn new(text: &'c str) -> Self {
        Self { text, parts: arn_parts(text).map(|part| part.map(KnownPart::new)) }
    }
}

impl<'c> KnownPart<'c> {
    fn new(text: &'c str) -> Self {
        Self { text, placeholder: only_placeholder(text) }
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

/// Whether some text matches both. The walk is the last resort: most pairs can be told at a glance.
fn overlaps_part(own: &[Atom], known: KnownPart<'_>) -> bool {
    if let [Atom { one: One::Any, repeats: true }] = own {
        return true;
    }
    if let Some(one) = known.placeholder {
        let meets = |atom: &Atom| atom.repeats || atom.one.meets(one);
        return !own.is_empty() && own.iter().all(meets);
    }
    if known.text.is_empty() {
        return own.iter().all(|atom| atom.repeats);
    }
    !differ_at_once(own, known.text) && overlap(own, &atoms(known.text))
}

/// What the characters are that stand in the placeholder, where the text is one placeholder and nothing else.
fn only_placeholder(text: &str) -> Option<One> {
    let (name, rest) = text.strip_prefix("${")?.split_once('}')?;
    rest.is_empty().then(|| stands_for(name))
}

/// What each character is that stands in a placeholder of that name.
fn stands_for(name: &str) -> One {
    if WITHOUT_SLASH.contains(&name) { One::NotSlash } else { One::Any }
}

/// Whether the two begin with different plain characters.
fn differ_at_once(pattern: &[Atom], text: &str) -> bool {
    let plain = |atom: &Atom| matches!(atom.one, One::Byte(_)) && !atom.repeats;
    let differ = |(atom, byte): (&Atom, u8)| !atom.one.meets(One::Byte(byte));
    let text = text.bytes().take_while(|byte| !matches!(byte, b'$' | b'*' | b'?'));
    pattern.iter().take_while(|atom| plain(atom)).zip(text).any(differ)
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
            b':' if depth == 0 && at + 1 < PARTS => {
                parts[at] = Some(&arn[start..offset]);
                (start, at) = (offset + 1, at + 1);
            }
            _ => {}
        }
    }
    parts[at] = Some(&arn[start..]);
    parts
}

/// A step of a pattern: what one character may be, and whether there may be any number of them.
#[derive(Debug, Clone, Copy)]
struct Atom {
    one: One,
    repeats: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum One {
    Byte(u8),
    Any,
    NotSlash,
}

impl One {
    fn meets(self, other: One) -> bool {
        match (self, other) {
            (One::Byte(a), One::Byte(b)) => a.eq_ignore_ascii_case(&b),
            (One::Byte(byte), One::NotSlash) | (One::NotSlash, One::Byte(byte)) => byte != b'/',
            _ => true,
        }
    }
}

fn atoms(mut text: &str) -> Vec<Atom> {
    let mut atoms = Vec::with_capacity(text.len());
    while let Some(byte) = text.bytes().next() {
        if let Some((name, rest)) = text.strip_prefix("${").and_then(|inner| inner.split_once('}')) {
            let one = stands_for(name);
            // At least one character.
            atoms.extend([Atom { one, repeats: false }, Atom { one, repeats: true }]);
            text = rest;
            continue;
        }
        let one = if matches!(byte, b'*' | b'?') { One::Any } else { One::Byte(byte) };
        atoms.push(Atom { one, repeats: byte == b'*' });
        // By character, not byte, only where it matters: `?` never meets half a character, as all of AWS's are ASCII.
        text = text.get(1..).unwrap_or_default();
    }
    atoms
}

/// Whether some text matches both: a walk over the pairs of positions that a common text can reach, row by row.
fn overlap(a: &[Atom], b: &[Atom]) -> bool {
    let mut reached = vec![false; b.len() + 1];
    let mut next = reached.clone();
    reached[0] = true;
    for row in 0..=a.len() {
        next.fill(false);
        for column in 0..=b.len() {
            if !reached[column] {
                continue;
            }
            let (left, right) = (a.get(row), b.get(column));
            if right.is_some_and(|atom| atom.repeats) {
                reached[column + 1] = true;
            }
            if left.is_some_and(|atom| atom.repeats) {
                next[column] = true;
            }
            if let (Some(left), Some(right)) = (left, right)
                && left.one.meets(right.one)
            {
                match (left.repeats, right.repeats) {
                    (false, false) => next[column + 1] = true,
                    (true, false) => reached[column + 1] = true,
                    (false, true) => next[column] = true,
                    (true, true) => {}
                }
            }
        }
        if row == a.len() {
            return reached[b.len()];
        }
        std::mem::swap(&mut reached, &mut next);
    }
    false
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
        let near = |arn: &str| ArnPattern::parse(arn).unwrap().near_misses(iam_user).count();
        assert_eq!(near("arn:aws:iam:eu-west-1:123456789012:user/alice"), 1);
        assert_eq!(near("arn:aws:iam:::user/alice"), 1);
        assert_eq!(near("arn:aws:iam:::role/alice"), 0);
        assert_eq!(near("arn:aws:sts:::user/alice"), 0);
    }

    #[test]
    fn a_glance_tells_what_the_walk_tells() {
        let texts =
            ["", "a", "/", "*", "**", "?", "a/b", "a*", "*/", "${BucketName}", "${X}", "${X}/b", "a/${TableName}"];
        for (own, known) in texts.iter().flat_map(|own| texts.iter().map(move |known| (own, known))) {
            let (a, b) = (atoms(own), atoms(known));
            assert_eq!(overlaps_part(&a, KnownPart::new(known)), overlap(&a, &b), "{own} {known}");
        }
    }

    #[test]
    fn overlaps() {
        let meet = |a: &str, b: &str| overlap(&atoms(a), &atoms(b));
        assert!(meet("a*b", "a${X}b"));
        assert!(!meet("ab", "a${X}b"));
        assert!(meet("*a*", "*b*"));
        assert!(!meet("a?", "a"));
        assert!(meet("*", ""));
        assert!(!meet("x/y", "${BucketName}"));
    }
}
