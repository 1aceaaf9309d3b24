//! Where resources are: the partitions that a question is about, and their regions.

use super::domain::ACCOUNT;
use super::glob::{Glob, Language, Reach, Step};
use super::question::{Callers, Question};
use crate::access::Caller;
use crate::policy::{Policy, has_wildcard};
use std::collections::BTreeSet;
use std::rc::Rc;

/// A partition and the regions in it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) partition: String,
    /// The one of examples first.
    pub(super) regions: Vec<String>,
}

/// The partitions that the policies and the question name. Nothing crosses from one to another, so a policy that
/// names one is about no other; one that names none is about the usual one.
pub(super) fn places(policies: &[&Policy<'_>], question: &Question<'_>) -> Rc<[Place]> {
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut regions: BTreeSet<String> = BTreeSet::new();
    let mut by_region: BTreeSet<String> = BTreeSet::new();
    let (mut is_open, mut is_elsewhere) = (false, false);
    let mut note = |text: &str| {
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            by_region.extend(question.catalog.partition_of_region(text).map(|known| known.name().to_owned()));
            return;
        }
        let partition = parts.next().unwrap_or("");
        if partition.starts_with("aws-") && has_mark(partition) {
            is_elsewhere = true;
        } else if has_mark(partition) {
            is_open = true;
        }
        named.insert(partition.to_owned());
        let region = parts.nth(1).filter(|region| region.contains('-') && !has_wildcard(region));
        regions.extend(region.filter(|region| !region.contains(['$', '<', '{'])).map(str::to_owned));
    };
    for statement in policies.iter().flat_map(|policy| &policy.statements) {
        let resources = statement.resource.iter().flat_map(|element| &element.items);
        let values = statement.conditions.iter().flat_map(|one| &one.values).map(|value| &value.text);
        let principals = statement.principal.iter().flat_map(|element| &element.items).map(|item| &item.text);
        resources.chain(values).chain(principals).for_each(|text| note(&text.text));
    }
    question.resources.iter().chain(question.context.iter().flat_map(|(_, values)| values)).for_each(|text| note(text));
    if let Callers::Only(Caller::User { arn: own } | Caller::Session { role: own, .. }) = &question.callers {
        note(own);
    }
    // What names no partition, but a region, is about its partition.
    let mut named = if named.is_empty() { by_region } else { named };
    // Where one is to be filled in beside those that are named, it may be another.
    let is_known = |named: &BTreeSet<String>| question.catalog.partitions().any(|known| named.contains(known.name()));
    if is_elsewhere || is_open && is_known(&named) {
        let others = ["aws", "aws-cn", "aws-us-gov"].into_iter().filter(|other| !named.contains(*other));
        let others: Vec<&str> = others.skip_while(|other| is_elsewhere && *other == "aws").take(1).collect();
        named.extend(others.into_iter().map(str::to_owned));
    }
    let known = question.catalog.partitions().filter(|known| named.contains(known.name()));
    let mut places: Vec<Place> = known.map(|known| place(known.name(), known.regions())).collect();
    if places.is_empty() {
        let usual = question.catalog.partition("aws");
        places.push(place("aws", usual.into_iter().flat_map(|known| known.regions())));
    }
    // A region that is written down may be newer than the catalogue.
    for region in regions.into_iter().filter(|region| question.catalog.partition_of_region(region).is_none()) {
        places.iter_mut().for_each(|place| place.regions.push(region.clone()));
    }
    places.into()
}

/// Whether something is filled into the name of a partition, or matched by it.
fn has_mark(partition: &str) -> bool {
    partition.contains(['$', '{', '<', '%', '[', '*', '?'])
}

fn place<'c>(partition: &str, regions: impl Iterator<Item = &'c str>) -> Place {
    let mut regions: Vec<String> = regions.map(str::to_owned).collect();
    regions.sort_by_key(|region| region != "us-east-1");
    if regions.is_empty() {
        regions.push("us-east-1".to_owned());
    }
    Place { partition: partition.to_owned(), regions }
}

/// The place of examples.
pub(super) fn first(places: &[Place]) -> Place {
    let (partition, region) = match places.first() {
        Some(Place { partition, regions }) => (partition.as_str(), regions.first().map_or("us-east-1", String::as_str)),
        None => ("aws", "us-east-1"),
    };
    Place { partition: partition.to_owned(), regions: vec![region.to_owned()] }
}

/// Whether the region of `arn` is one.
pub(super) fn exists(places: &[Place], arn: &str) -> bool {
    let mut parts = arn.splitn(6, ':').skip(1);
    let (partition, region) = (parts.next().unwrap_or(""), parts.nth(1).unwrap_or(""));
    let is_there = |place: &Place| place.partition == partition && place.regions.iter().any(|own| own == region);
    places.iter().any(is_there)
}

/// An ARN of the type with this pattern.
pub(super) fn example_of(place: &Place, pattern: &str) -> String {
    filled(place, pattern, ACCOUNT, |name| if name.starts_with("UserName") { "alice" } else { "example" })
}

/// The same, in that account; `named` says what the other placeholders of the pattern stand for.
pub(super) fn filled<'n>(place: &Place, pattern: &str, account: &str, named: impl Fn(&str) -> &'n str) -> String {
    let mut text = String::new();
    for piece in pieces(pattern) {
        text.push_str(match piece {
            Piece::Literal(literal) => literal,
            Piece::Placeholder("Partition") => &place.partition,
            Piece::Placeholder("Region") => place.regions.first().map_or("us-east-1", String::as_str),
            Piece::Placeholder("Account") => account,
            Piece::Placeholder(name) => named(name),
        });
    }
    text
}

/// The ARNs in the partition, region and account of the example.
pub(super) fn like_example(place: &Place, pattern: &str) -> Language {
    let region = place.regions.first().map_or("us-east-1", String::as_str);
    Language::of(template(pattern, &place.partition, Some(region), Some(ACCOUNT)))
}

/// Types of which AWS itself owns some resources, by the beginnings of their patterns after the partition; and what stands
/// in place of the account there, as AWS's user guides to the services have it.
const OF_AWS: &[(&str, &str)] = &[
    ("cloudformation:${Region}:${Account}:transform/", "aws"),
    ("cloudfront::${Account}:cache-policy/", "aws"),
    ("cloudfront::${Account}:origin-request-policy/", "aws"),
    ("cloudfront::${Account}:response-headers-policy/", "aws"),
    ("elasticbeanstalk:${Region}:${Account}:platform/", ""),
    ("elasticbeanstalk:${Region}:${Account}:solutionstack/", ""),
    ("iam::${Account}:policy/", "aws"),
    ("imagebuilder:${Region}:${Account}:component/", "aws"),
    ("imagebuilder:${Region}:${Account}:image/", "aws"),
    ("imagebuilder:${Region}:${Account}:workflow/", "aws"),
    ("organizations::${Account}:policy/", "aws"),
    ("ssm:${Region}:${Account}:automation-definition/", ""),
    ("ssm:${Region}:${Account}:document/", ""),
    ("ssm:${Region}:${Account}:parameter/", ""),
];

/// Whose the resources of the type with this pattern are: somebody's, whose account is open, and perhaps AWS's.
fn owners(pattern: &str) -> impl Iterator<Item = Option<&'static str>> + Clone {
    let of_aws = pattern
        .strip_prefix("arn:${Partition}:")
        .and_then(|rest| OF_AWS.iter().find(|(start, _)| rest.starts_with(start)).map(|(_, owner)| *owner));
    std::iter::once(None).chain(of_aws.map(Some))
}

/// The ARNs of the type, and those that would be with other regions.
pub(super) fn anywhere(places: &[Place], pattern: &str) -> Language {
    let all = places.iter().flat_map(|place| owners(pattern).map(move |owner| (&place.partition, owner)));
    Language { globs: all.map(|(partition, owner)| template(pattern, partition, None, owner)).collect() }
}

/// The ARNs of the type, region by region.
pub(super) fn listed<'p>(places: &'p [Place], pattern: &'p str) -> impl Iterator<Item = Language> + 'p {
    let all = places.iter().flat_map(|place| place.regions.iter().map(move |region| (&place.partition, region)));
    all.map(move |(partition, region)| {
        let globs = owners(pattern).map(|owner| template(pattern, partition, Some(region), owner));
        Language { globs: globs.collect() }
    })
}

fn template(pattern: &str, partition: &str, region: Option<&str>, account: Option<&str>) -> Glob {
    let (mut steps, mut part) = (Vec::new(), 0);
    for piece in pieces(pattern) {
        let (name, fixed) = match piece {
            Piece::Literal(literal) => {
                let step = |c| if c == '*' { Step::Many(Reach::Anywhere) } else { Step::Char(c) };
                steps.extend(literal.chars().map(step));
                part += literal.matches(':').count();
                continue;
            }
            Piece::Placeholder(name @ "Partition") => (name, Some(partition)),
            Piece::Placeholder(name @ "Region") => (name, region),
            Piece::Placeholder(name @ "Account") => (name, account),
            Piece::Placeholder(name) => (name, None),
        };
        let reach = match name {
            _ if part < 5 => Reach::Part,
            "BucketName" => Reach::Name,
            _ => Reach::Anywhere,
        };
        match fixed {
            Some(fixed) => steps.extend(fixed.chars().map(Step::Char)),
            None if name == "Account" => steps.extend([Step::Digit; 12]),
            None => steps.extend([Step::One(reach), Step::Many(reach)]),
        }
    }
    Glob { steps, folded: false }
}

/// What a pattern of the catalogue consists of.
enum Piece<'t> {
    Literal(&'t str),
    Placeholder(&'t str),
}

fn pieces(pattern: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = pattern;
    std::iter::from_fn(move || {
        if let Some((name, tail)) = rest.strip_prefix("${").and_then(|tail| tail.split_once('}')) {
            rest = tail;
            return Some(Piece::Placeholder(name));
        }
        // What breaks off in a placeholder ends there.
        let end = rest.find("${").unwrap_or(rest.len());
        let (literal, tail) = rest.split_at(end);
        rest = tail;
        (!literal.is_empty()).then_some(Piece::Literal(literal))
    })
}
