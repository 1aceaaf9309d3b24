//! The actions that the catalogue does not list.

use crate::catalog::{Catalog, glob_matches};
use crate::policy::has_wildcard;
use crate::suggest::letters;

/// The name that stands for all that are not known.
const UNLISTED: &str = "unlisted:Action";

/// Those that only the policies or the question name, and one that nobody has heard of. A pattern that nothing of the
/// catalogue matches stands for what it may match.
pub(super) struct Unlisted {
    /// Names and patterns as they are written.
    written: Vec<String>,
    /// A name of each.
    names: Vec<String>,
    /// The letters of each.
    letters: Vec<u32>,
}

impl Unlisted {
    /// Of `texts`, which are names and patterns.
    pub(super) fn new<'a>(catalog: &Catalog, texts: impl Iterator<Item = &'a str>) -> Self {
        let is_unknown = |text: &&str| match text.split_once(':') {
            Some((service, _)) if has_wildcard(service) => false,
            Some((_, name)) if has_wildcard(name) => catalog.expand(text).next().is_none(),
            Some(_) => catalog.action_named(text).is_none(),
            None => false,
        };
        let plain = texts.filter(|text| !text.contains(['$', '<', '{']));
        let mut written: Vec<String> = plain.filter(is_unknown).map(str::to_owned).collect();
        written.push(UNLISTED.to_owned());
        written.sort_by_key(|name| name.to_ascii_lowercase());
        written.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        let names: Vec<String> = written.iter().map(|one| one.replace('*', "Unlisted").replace('?', "x")).collect();
        let letters = names.iter().map(|name| letters(name)).collect();
        Self { written, names, letters }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of the one of that number.
    pub(super) fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or(UNLISTED, String::as_str)
    }

    /// The same as it is written, which may be a pattern.
    pub(super) fn written(&self, at: usize) -> &str {
        self.written.get(at).map_or(UNLISTED, String::as_str)
    }

    /// The numbers of those that `pattern` matches. A policy may have thousands, nearly none of which have its letters.
    pub(super) fn matched_by(&self, pattern: &str) -> impl Iterator<Item = usize> {
        let needed = letters(pattern);
        let may_match = move |at: &usize| needed & !self.letters[*at] == 0;
        let matches = move |at: &usize| glob_matches(pattern.as_bytes(), self.names[*at].as_bytes());
        (0..self.names.len()).filter(may_match).filter(matches)
    }
}
