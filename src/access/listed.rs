//! The actions that a policy lists, in an index: comparing all of them with all others would cost more than whatever
//! else is done with a policy.

use super::cover::Effort;
use crate::catalog::folded_hash;
use crate::policy::{Pattern, Policy, Statement, Text, Truth, has_wildcard};

/// The items of `Action` and `NotAction` of all statements of a policy, each by its place: the number of its statement
/// and its own in the list.
pub struct Listed<'p> {
    statements: &'p [Statement<'p>],
    /// Those that are known to the last character, with their hashes, in order of those and then of place.
    items: Vec<(u64, usize, usize)>,
    /// Those with wildcards, and those that are not known, in order of place.
    patterns: Vec<(usize, usize)>,
    /// The statements with `NotAction`.
    negated: Vec<usize>,
}

impl<'p> Listed<'p> {
    pub(super) fn of(policy: &'p Policy<'p>) -> Self {
        let statements = &policy.statements;
        let mut listed = Self { statements, items: Vec::new(), patterns: Vec::new(), negated: Vec::new() };
        for (at, statement) in statements.iter().enumerate() {
            let Some(element) = &statement.action else { continue };
            if element.negated {
                listed.negated.push(at);
            }
            listed.items.reserve(element.items.len());
            for (place, item) in element.items.iter().enumerate() {
                if item.is_literal() {
                    listed.items.push((folded_hash(&item.text), at, place));
                }
                if !item.is_literal() || has_wildcard(&item.text) {
                    listed.patterns.push((at, place));
                }
            }
        }
        listed.items.sort_unstable();
        listed
    }

    fn item(&self, statement: usize, place: usize) -> Option<&'p Text<'p>> {
        self.statements.get(statement)?.action.as_ref()?.items.get(place)
    }

    /// The items that are listed more than once by the same statement, whatever their case: its number, and the numbers
    /// of two or more items, in order.
    pub fn repeated(&self) -> Vec<(usize, Vec<usize>)> {
        let runs = self.items.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|run| run.len() > 1);
        let mut repeated: Vec<(usize, Vec<usize>)> = Vec::new();
        for run in runs {
            let is_first = |(_, at, place): &(u64, usize, usize)| {
                let (own, first) = (self.item(*at, *place), self.item(run[0].1, run[0].2));
                own.zip(first).is_some_and(|(own, first)| own.text.eq_ignore_ascii_case(&first.text))
            };
            let places: Vec<usize> = run.iter().filter(|own| is_first(own)).map(|own| own.2).collect();
            if places.len() > 1 {
                repeated.push((run[0].1, places));
            }
        }
        repeated.sort_unstable();
        repeated
    }

    /// The items of a statement that have wildcards or are not known, each with its number, in order.
    pub fn patterns(&self, statement: usize) -> impl Iterator<Item = (usize, &'p Text<'p>)> {
        let from = self.patterns.partition_point(|(at, _)| *at < statement);
        let own = self.patterns[from..].iter().take_while(move |(at, _)| *at == statement);
        own.filter_map(|(at, place)| Some((*place, self.item(*at, *place)?)))
    }

    /// The statements that may have `action`, in order, by their numbers: a look at every pattern, and not at
    /// every name.
    pub fn holders(&self, action: &str) -> Vec<usize> {
        let hash = folded_hash(action);
        let from = self.items.partition_point(|(other, ..)| *other < hash);
        let alike = self.items[from..].iter().take_while(|(other, ..)| *other == hash).map(|(_, at, _)| *at);
        let may_cover = |(at, place): &&(usize, usize)| {
            self.item(*at, *place).is_some_and(|own| own.has_hole() || Pattern::may_cover(&own.text, action))
        };
        let mut holders: Vec<usize> = alike.collect();
        holders.extend(self.patterns.iter().filter(may_cover).map(|(at, _)| *at));
        holders.extend_from_slice(&self.negated);
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    /// Whether all actions of `item` are among those of `statement`.
    pub(super) fn has(&self, statement: &Statement<'_>, item: &Text<'_>, effort: &Effort) -> bool {
        let Some(element) = &statement.action else { return false };
        let is_name = !has_wildcard(&item.text);
        if element.negated {
            let meets = |own: &Text<'_>| match is_name {
                _ if own.has_hole() => true,
                _ if !Pattern::may_cover(&own.text, &item.text) && !Pattern::may_cover(&item.text, &own.text) => false,
                _ if !effort.spend(Pattern::effort(&own.text, &item.text)) => true,
                true => Pattern::action_matches(own, &item.text) != Truth::No,
                false => Pattern::action(own).intersects(&Pattern::action(item)) != Truth::No,
            };
            let meets_any = match is_name {
                true => self.names(statement.index, item) || self.patterns(statement.index).any(|(_, own)| meets(own)),
                false => element.items.iter().any(meets),
            };
            return element.complete && !meets_any;
        }
        let covers = |own: &Text<'_>| match is_name {
            _ if own.has_hole() || !Pattern::may_cover(&own.text, &item.text) => false,
            _ if !effort.spend(Pattern::effort(&own.text, &item.text)) => false,
            true => Pattern::action_matches(own, &item.text) == Truth::Yes,
            false => Pattern::action(own).covers(&Pattern::action(item)) == Truth::Yes,
        };
        is_name && self.names(statement.index, item) || self.patterns(statement.index).any(|(_, own)| covers(own))
    }

    /// Whether the statement lists that very text.
    fn names(&self, statement: usize, item: &Text<'_>) -> bool {
        let hash = folded_hash(&item.text);
        let from = self.items.partition_point(|(other, at, _)| (*other, *at) < (hash, statement));
        let mut alike = self.items[from..].iter().take_while(|(other, at, _)| (*other, *at) == (hash, statement));
        let is_same = |own: &Text<'_>| own.text.eq_ignore_ascii_case(&item.text);
        item.is_literal() && alike.any(|(_, at, place)| self.item(*at, *place).is_some_and(is_same))
    }
}
