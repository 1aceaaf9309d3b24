//! What a template's holes are filled with, so that something can be said of a policy whatever they will be filled with.

use super::domain::ACCOUNT;
use super::places::{self, Place};
use crate::catalog::Catalog;
use crate::policy::{Part, PartKind, Text};
use std::borrow::Cow;

/// A resource with something in place of its holes.
pub(super) struct Filled {
    /// It.
    pub(super) text: Text<'static>,
    /// Each hole, in order, and what is in its place.
    pub(super) with: Vec<(String, String)>,
    /// Whether that says in which region or account the resource is.
    pub(super) is_placed: bool,
}

/// Where the holes of a question are.
pub(super) struct Filler<'q> {
    pub(super) catalog: &'q Catalog,
    /// The place of examples.
    pub(super) place: Place,
    /// An account that nothing mentions.
    pub(super) account: String,
    /// A name that nothing mentions, to which a digit is added.
    pub(super) name: String,
}

impl<'q> Filler<'q> {
    /// One that fills in what none of `texts` has.
    pub(super) fn new<'t>(
        catalog: &'q Catalog,
        places: &[Place],
        texts: impl Iterator<Item = &'t str> + Clone,
    ) -> Self {
        let is_free = |own: &str| texts.clone().all(|text| !text.contains(own));
        let accounts = std::iter::once(ACCOUNT.to_owned());
        let mut accounts = accounts.chain((1..=1000u64).map(|number| format!("{:012}", 210_987_654_321 + number)));
        let account = accounts.find(|account| is_free(account)).unwrap_or_default();
        let mut name = "filled".to_owned();
        while !is_free(&name) {
            name.push('x');
        }
        Self { catalog, place: places::first(places), account, name }
    }

    /// Ways to fill in the holes of `resource`, such that what `action` may do with the outcome it may do with any. None where
    /// that cannot be told: as where the service is not known.
    pub(super) fn fill(&self, resource: &Text<'_>, action: &str) -> Vec<Filled> {
        if resource.all_parts().any(|(part, kind)| kind == PartKind::Hole && part.is_empty()) {
            return Vec::new();
        }
        match parts(resource).next() {
            Some((_, PartKind::Hole)) => self.whole(resource, action),
            _ => self.fields(resource).into_iter().collect(),
        }
    }

    /// Fills holes that stand for parts of an ARN.
    fn fields(&self, resource: &Text<'_>) -> Option<Filled> {
        let mut filled = Builder::default();
        let mut parts = parts(resource).peekable();
        let mut field = 0;
        while let Some((part, kind)) = parts.next() {
            if kind != PartKind::Hole {
                field += part.matches(':').count();
                filled.keep(part, kind);
                continue;
            }
            let is_all = filled.text.ends_with(':') && parts.peek().is_some_and(|(next, _)| next.starts_with(':'));
            let with = match field {
                1 if is_all => self.place.partition.clone(),
                3 if is_all => self.place.regions.first()?.clone(),
                4 if is_all => self.account.clone(),
                5.. => self.name_of(filled.with.len()),
                _ => return None,
            };
            filled.is_placed |= matches!(field, 3 | 4);
            filled.fill(part, with);
        }
        filled.text.starts_with("arn:").then(|| filled.finish(resource))
    }

    /// Fills a hole that stands for all of an ARN, or for its beginning. Where nothing follows, it is of a type that the
    /// action works on, but not of one that lies in another, as objects do in buckets: templates have no such ARNs. Where
    /// a path follows, it is of that in which something lies.
    fn whole(&self, resource: &Text<'_>, action: &str) -> Vec<Filled> {
        let Some(action) = self.catalog.action_named(action) else { return Vec::new() };
        let mut own: Vec<&str> = action.resources().flat_map(|used| used.resource_type.arn_patterns()).collect();
        match parts(resource).nth(1) {
            None => {
                let all: Vec<&str> = action.service().resource_types().flat_map(|kind| kind.arn_patterns()).collect();
                own.retain(|pattern| all.iter().all(|outer| !outers(pattern).any(|prefix| prefix == *outer)));
            }
            Some((rest, _)) if rest.starts_with('/') => own = own.into_iter().flat_map(outers).collect(),
            Some(_) => {}
        }
        // The plainest first: a bucket before its access points.
        own.sort_unstable_by_key(|pattern| (pattern.len(), *pattern));
        own.dedup();
        let fill = |pattern: &&str| {
            let mut filled = Builder::default();
            for (part, kind) in resource.all_parts() {
                match kind {
                    PartKind::Hole if filled.with.is_empty() => {
                        let name = self.name_of(0);
                        let arn = places::filled(&self.place, pattern, &self.account, |_| &name);
                        filled.fill(part, arn);
                    }
                    PartKind::Hole => filled.fill(part, self.name_of(filled.with.len())),
                    _ => filled.keep(part, kind),
                }
            }
            filled.is_placed = pattern.contains("${Region}") || pattern.contains("${Account}");
            filled.finish(resource)
        };
        own.iter().map(fill).collect()
    }

    fn name_of(&self, number: usize) -> String {
        format!("{}{number}", self.name)
    }
}

/// The beginnings of a pattern of ARNs up to where a name ends and something in it, or a version of it, begins.
fn outers(pattern: &str) -> impl Iterator<Item = &str> {
    let name_from = pattern.match_indices(':').nth(4).map_or(pattern.len(), |(at, _)| at);
    let ends = pattern.match_indices('}').map(|(at, _)| at + 1).filter(move |end| *end > name_from);
    ends.filter(|end| pattern[*end..].starts_with(['/', ':'])).map(|end| &pattern[..end])
}

/// The parts that are not empty.
fn parts<'t>(text: &'t Text<'_>) -> impl Iterator<Item = (&'t str, PartKind)> {
    text.all_parts().filter(|(part, _)| !part.is_empty())
}

/// The text with `*` in place of its holes.
pub(super) fn widest(text: &Text<'_>) -> Text<'static> {
    let mut widest = Builder::default();
    for (part, kind) in text.all_parts() {
        match kind {
            PartKind::Hole => widest.keep("*", PartKind::Literal),
            _ => widest.keep(part, kind),
        }
    }
    widest.finish(text).text
}

/// The text with the same in place of its holes as elsewhere; `None` if there is another hole in it.
pub(super) fn alike(text: &Text<'_>, with: &[(String, String)]) -> Option<Text<'static>> {
    let mut filled = Builder::default();
    for (part, kind) in text.all_parts() {
        match kind {
            // All calls of a function are written alike.
            PartKind::Hole if part.starts_with("{Fn") => return None,
            PartKind::Hole => filled.keep(&with.iter().find(|(hole, _)| hole == part)?.1, PartKind::Literal),
            PartKind::Literal if part.contains('?') => return None,
            _ => filled.keep(part, kind),
        }
    }
    Some(filled.finish(text).text)
}

/// `text` with the holes again in place of what they were filled with.
pub(super) fn unfilled(text: &str, with: &[(String, String)]) -> String {
    let (mut done, mut rest) = (String::new(), text);
    for (hole, filling) in with {
        if let Some((before, after)) = rest.split_once(filling.as_str()) {
            done.push_str(before);
            done.push_str(hole);
            rest = after;
        }
    }
    done + rest
}

#[derive(Default)]
struct Builder {
    text: String,
    parts: Vec<Part>,
    with: Vec<(String, String)>,
    is_placed: bool,
}

impl Builder {
    fn keep(&mut self, part: &str, kind: PartKind) {
        let start = self.text.len();
        self.text.push_str(part);
        self.parts.push(Part { range: start..self.text.len(), kind });
    }

    fn fill(&mut self, hole: &str, with: String) {
        self.keep(&with, PartKind::Literal);
        self.with.push((hole.to_owned(), with));
    }

    fn finish(mut self, like: &Text<'_>) -> Filled {
        if self.parts.iter().all(|part| part.kind == PartKind::Literal) {
            self.parts.clear();
        }
        let text = Text { text: Cow::Owned(self.text), span: like.span, parts: self.parts.into() };
        Filled { text, with: self.with, is_placed: self.is_placed }
    }
}
