//! What a template's holes are filled with, so that something can be said of a policy whatever they will be filled with.

use super::domain::ACCOUNT;
use super::places::{self, Place};
use crate::catalog::{Action, Catalog};
use crate::policy::{Element, PartKind, Text, is_named_hole};

/// A resource with something in place of its holes.
pub(super) struct Filled {
    /// It.
    pub(super) text: Text<'static>,
    /// What is in place of each hole, in order.
    pub(super) with: Vec<Filling>,
    /// Whether that says in which partition or region the resource is, of which there are few.
    pub(super) is_placed: bool,
    /// Whether it says whose the resource is.
    pub(super) is_owned: bool,
}

/// A hole and what is in its place.
#[derive(Debug, Clone)]
pub(super) struct Filling {
    hole: String,
    pub(super) with: String,
    /// Whether that is the usual partition or region, of which there are few, and not something made up.
    is_usual: bool,
}

/// Where the holes of a question are.
pub(super) struct Filler<'q> {
    catalog: &'q Catalog,
    /// The place of examples.
    place: Place,
    /// An account that nothing mentions.
    account: String,
    /// A name that nothing mentions, to which a digit is added.
    name: String,
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

    /// Ways to fill in the holes of `resource`, such that what `action` may do with the outcome it may do with any. None
    /// where that cannot be told. `listed` is the `Action` of the statement, which says what a whole ARN may be of.
    pub(super) fn fill(&self, resource: &Text<'_>, action: &str, listed: Option<&Element<'_>>) -> Vec<Filled> {
        if holes(resource).any(str::is_empty) {
            return Vec::new();
        }
        match parts(resource).next() {
            Some((_, PartKind::Hole)) => listed.map_or_else(Vec::new, |listed| self.whole(resource, action, listed)),
            _ => self.fields(resource).into_iter().collect(),
        }
    }

    /// Fills holes that stand for parts of an ARN.
    fn fields(&self, resource: &Text<'_>) -> Option<Filled> {
        let mut parts = parts(resource).peekable();
        let (mut before, mut is_placed, mut is_owned) = (String::new(), false, false);
        let (mut seen, mut with): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
        while let Some((part, kind)) = parts.next() {
            before.push_str(if kind == PartKind::Hole { "?" } else { part });
            if kind != PartKind::Hole {
                continue;
            }
            let is_all = before.ends_with(":?") && parts.peek().is_some_and(|(next, _)| next.starts_with(':'));
            let field = before.matches(':').count();
            // Behind a wildcard or in the middle of a word, it may be the end of one name and the beginning of another.
            let begins = before[..before.len() - 1].ends_with([':', '/', '-', '_', '.', '$']);
            with.push(match field {
                1 if is_all => self.place.partition.clone(),
                3 if is_all => self.place.regions.first()?.clone(),
                4 if is_all => self.account.clone(),
                5.. if !begins => return None,
                5.. => match seen.iter().position(|other| *other == part && is_named_hole(part)) {
                    Some(at) => with[at].clone(),
                    None => self.name_of(with.len()),
                },
                _ => return None,
            });
            seen.push(part);
            is_placed |= matches!(field, 1 | 3);
            is_owned |= field == 4;
        }
        let is_usual =
            |with: &str| with == self.place.partition || self.place.regions.first().is_some_and(|own| own == with);
        before.starts_with("arn:").then(|| Filled::new(resource, with, is_usual, is_placed, is_owned))
    }

    /// Fills a hole that stands for all of an ARN, or for its beginning. Where a path follows, it is of that in which the
    /// action finds what it works on, as objects are in buckets. Else it is of a type that all actions of the statement work
    /// on, or in; and of none that lies in another itself: templates have no such ARNs.
    fn whole(&self, resource: &Text<'_>, action: &str, listed: &Element<'_>) -> Vec<Filled> {
        let Some(action) = self.catalog.action_named(action).filter(|_| !listed.negated) else { return Vec::new() };
        let service = action.service();
        let is_of_service = |item: &Text<'_>| {
            let prefix = item.text.split_once(':').map(|(prefix, _)| prefix);
            item.is_literal() && prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(service.prefix()))
        };
        if !listed.items.iter().all(is_of_service) {
            return Vec::new();
        }
        let mut own: Vec<&str> = patterns(action).collect();
        if parts(resource).nth(1).is_some_and(|(rest, _)| rest.starts_with('/')) {
            own = own.into_iter().flat_map(outers).collect();
        } else {
            let all: Vec<&str> = service.resource_types().flat_map(|kind| kind.arn_patterns()).collect();
            let lies_in = |inner: &str, outer: &str| outers(inner).any(|prefix| prefix == outer);
            let works_on = |action: Action<'_>, pattern: &str| {
                !action.has_resources() || patterns(action).any(|own| own == pattern || lies_in(own, pattern))
            };
            own.retain(|pattern| {
                let mut actions = listed.items.iter().flat_map(|item| self.catalog.expand(&item.text));
                !all.iter().any(|outer| lies_in(pattern, outer)) && actions.all(|action| works_on(action, pattern))
            });
        }
        // The plainest first: a bucket before its access points.
        own.sort_unstable_by_key(|pattern| (pattern.len(), *pattern));
        own.dedup();
        let fill = |pattern: &&str| {
            let name = self.name_of(0);
            let arn = places::filled(&self.place, pattern, &self.account, |_| &name);
            let names = (1..holes(resource).count()).map(|number| self.name_of(number));
            let (with, is_owned) = (std::iter::once(arn).chain(names).collect(), pattern.contains("${Account}"));
            Filled::new(resource, with, |_| false, true, is_owned)
        };
        own.iter().map(fill).collect()
    }

    /// A value of a condition with names in place of its holes; what is in place of a hole already, as `with` says, stays.
    pub(super) fn fill_value(&self, value: &Text<'_>, with: &mut Vec<Filling>) -> Text<'static> {
        value.filled(|hole| {
            let known = with.iter().find(|own| own.hole == hole && is_named_hole(hole)).map(|own| own.with.clone());
            known.unwrap_or_else(|| {
                let name = self.name_of(with.len());
                with.push(Filling { hole: hole.to_owned(), with: name.clone(), is_usual: false });
                name
            })
        })
    }

    fn name_of(&self, number: usize) -> String {
        format!("{}{number}", self.name)
    }
}

/// What the ARNs of that look like on which the action works.
fn patterns<'c>(action: Action<'c>) -> impl Iterator<Item = &'c str> {
    action.resources().flat_map(|used| used.resource_type.arn_patterns())
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

impl Filled {
    /// `resource` with these in place of its holes, one after another.
    fn new(
        resource: &Text<'_>,
        with: Vec<String>,
        is_usual: impl Fn(&str) -> bool,
        is_placed: bool,
        is_owned: bool,
    ) -> Self {
        let mut next = with.iter();
        let text = resource.filled(|_| next.next().cloned().unwrap_or_default());
        let filling = |(hole, with): (&str, String)| Filling { hole: hole.to_owned(), is_usual: is_usual(&with), with };
        Self { text, with: holes(resource).zip(with).map(filling).collect(), is_placed, is_owned }
    }
}

fn holes<'t>(text: &'t Text<'_>) -> impl Iterator<Item = &'t str> {
    text.all_parts().filter(|(_, kind)| *kind == PartKind::Hole).map(|(part, _)| part)
}

/// The text with the same in place of its holes as elsewhere; `None` if there is another hole in it, or a wildcard that may
/// stand for just as many characters as there are in that.
pub(super) fn alike(text: &Text<'_>, with: &[Filling]) -> Option<Text<'static>> {
    let known = |hole: &str| with.iter().find(|own| own.hole == hole).map(|own| own.with.clone());
    let is_known = holes(text).all(|hole| known(hole).is_some() && is_named_hole(hole));
    let mut others = text.all_parts().filter(|(_, kind)| *kind == PartKind::Literal);
    (is_known && !others.any(|(part, _)| part.contains('?')))
        .then(|| text.filled(|hole| known(hole).unwrap_or_default()))
}

/// `text` with the holes again in place of what was made up for them.
pub(super) fn unfilled(text: &str, with: &[Filling]) -> String {
    // The tenth name begins as the first.
    let made_up = with.iter().rev().filter(|own| !own.is_usual);
    made_up.fold(text.to_owned(), |text, own| text.replace(&own.with, &own.hole))
}
