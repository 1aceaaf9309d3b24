//! Which statements list an action: an index, since comparing all actions with all would cost more than whatever else
//! is done with a policy.

use super::cover::Effort;
use crate::catalog::folded_hash;
use crate::policy::{Pattern, Statement, Text, Truth, has_wildcard};

/// The actions of all statements, by name.
pub(super) struct Index<'s, 'a> {
    /// Every name without a wildcard, with its hash and the number of its statement, in order of both.
    names: Vec<(u64, usize, &'s Text<'a>)>,
    /// Every other item, with the number of its statement, in order.
    patterns: Vec<(usize, &'s Text<'a>)>,
    /// The statements with `NotAction`.
    negated: Vec<usize>,
}

impl<'s, 'a> Index<'s, 'a> {
    pub(super) fn of(statements: &'s [Statement<'a>]) -> Self {
        let mut index = Self { names: Vec::new(), patterns: Vec::new(), negated: Vec::new() };
        for statement in statements {
            let Some(element) = &statement.action else { continue };
            if element.negated {
                index.negated.push(statement.index);
            }
            for item in &element.items {
                match has_wildcard(&item.text) || item.has_hole() {
                    true => index.patterns.push((statement.index, item)),
                    false => index.names.push((folded_hash(&item.text), statement.index, item)),
                }
            }
        }
        index.names.sort_unstable_by_key(|(hash, statement, _)| (*hash, *statement));
        index
    }

    /// Whether another statement may have the first action of `statement`.
    pub(super) fn may_have(&self, statement: &Statement<'_>) -> bool {
        let Some(element) = &statement.action else { return false };
        let is_other = |at: usize| at != statement.index;
        let has_first = |first: &Text<'_>| {
            let hash = folded_hash(&first.text);
            let from = self.names.partition_point(|(other, ..)| *other < hash);
            let mut alike = self.names[from..].iter().take_while(|(other, ..)| *other == hash);
            let in_pattern = |(at, item): &(usize, &Text<'_>)| is_other(*at) && may_cover(&item.text, &first.text);
            alike.any(|(_, at, _)| is_other(*at)) || self.patterns.iter().any(in_pattern)
        };
        element.negated || self.negated.iter().any(|at| is_other(*at)) || element.items.first().is_some_and(has_first)
    }

    /// Whether all actions of `item` are among those of `statement`.
    pub(super) fn lists(&self, statement: &Statement<'_>, item: &Text<'_>, effort: &Effort) -> bool {
        let Some(element) = &statement.action else { return false };
        let is_name = !has_wildcard(&item.text);
        if element.negated {
            let meets = |own: &Text<'_>| match is_name {
                _ if own.has_hole() => true,
                _ if !may_cover(&own.text, &item.text) && !may_cover(&item.text, &own.text) => false,
                _ if !effort.spend(own.text.len() * item.text.len()) => true,
                true => Pattern::action_matches(own, &item.text) != Truth::No,
                false => Pattern::action(own).intersects(&Pattern::action(item)) != Truth::No,
            };
            let meets_any = match is_name {
                true => self.names_in(statement.index, item) || self.patterns_of(statement.index).any(meets),
                false => element.items.iter().any(meets),
            };
            return element.complete && !meets_any;
        }
        let covers = |own: &Text<'_>| match is_name {
            _ if own.has_hole() || !may_cover(&own.text, &item.text) => false,
            _ if !effort.spend(own.text.len() * item.text.len()) => false,
            true => Pattern::action_matches(own, &item.text) == Truth::Yes,
            false => Pattern::action(own).covers(&Pattern::action(item)) == Truth::Yes,
        };
        is_name && self.names_in(statement.index, item) || self.patterns_of(statement.index).any(covers)
    }

    fn names_in(&self, statement: usize, item: &Text<'_>) -> bool {
        let hash = folded_hash(&item.text);
        let from = self.names.partition_point(|(other, at, _)| (*other, *at) < (hash, statement));
        let mut alike = self.names[from..].iter().take_while(|(other, at, _)| (*other, *at) == (hash, statement));
        !item.has_hole() && alike.any(|(.., own)| own.text.eq_ignore_ascii_case(&item.text))
    }

    fn patterns_of(&self, statement: usize) -> impl Iterator<Item = &'s Text<'a>> {
        let from = self.patterns.partition_point(|(at, _)| *at < statement);
        let own = self.patterns[from..].iter().take_while(move |(at, _)| *at == statement);
        own.map(|(_, item)| *item)
    }
}

/// Whether the pattern `outer` may match all that `inner` does, as far as what stands before its first wildcard tells.
pub(super) fn may_cover(outer: &str, inner: &str) -> bool {
    let (outer, inner) = (outer.as_bytes(), inner.as_bytes());
    let is_alike = |at: usize| inner.get(at).is_some_and(|own| own.eq_ignore_ascii_case(&outer[at]));
    match (0..outer.len()).find(|at| !is_alike(*at)) {
        // Most differ within a few letters, so that the wildcard is looked for last.
        Some(at) => outer[..=at].iter().any(|byte| matches!(byte, b'*' | b'?')),
        None => outer.len() == inner.len() || outer.ends_with(b"*"),
    }
}
