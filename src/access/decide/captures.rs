//! What policy variables can be on a resource that is known.

use super::domain;
use crate::policy::{Element, PartKind, Text, variable_key};
use std::collections::BTreeMap;

/// Values of variables, by folded key.
pub(super) type Values = BTreeMap<String, String>;

/// With more than this, they are not gone through.
const MOST: usize = 64;

/// The values with which the text of some item is `resource`; `None` where there are too many, or something that
/// stands in an item is not known.
pub(super) fn of_elements<'e>(elements: impl Iterator<Item = &'e Element<'e>>, resource: &str) -> Option<Vec<Values>> {
    of_texts(elements.flat_map(|element| &element.items), resource)
}

/// The same of some texts.
pub(super) fn of_texts<'t>(texts: impl Iterator<Item = &'t Text<'t>>, whole: &str) -> Option<Vec<Values>> {
    let mut found: Vec<Values> = Vec::new();
    for text in texts.filter(|text| text.has_variable()) {
        if text.has_hole() {
            return None;
        }
        walk(&pieces(text), whole, &mut Values::new(), &mut found)?;
    }
    found.sort();
    found.dedup();
    Some(found)
}

enum Piece {
    Char(char),
    One,
    Many,
    Variable(String),
}

fn pieces(item: &Text<'_>) -> Vec<Piece> {
    let mut found = Vec::new();
    for (written, kind) in item.all_parts() {
        match kind {
            PartKind::Variable => found.push(Piece::Variable(variable_key(written).to_lowercase())),
            PartKind::Escape => found.extend(written.chars().rev().nth(1).map(Piece::Char)),
            _ => found.extend(written.chars().map(|c| match c {
                '*' => Piece::Many,
                '?' => Piece::One,
                other => Piece::Char(other),
            })),
        }
    }
    found
}

/// Every way in which `pieces` make up `rest`. Wildcards may reach further here than they do, which finds too much and
/// so no harm.
fn walk(pieces: &[Piece], rest: &str, values: &mut Values, found: &mut Vec<Values>) -> Option<()> {
    let Some((piece, later)) = pieces.split_first() else {
        if rest.is_empty() {
            found.push(values.clone());
        }
        return (found.len() <= MOST).then_some(());
    };
    let cuts = || rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    match piece {
        Piece::Char(_) | Piece::One => {
            let Some(first) = rest.chars().next() else { return Some(()) };
            let fits = matches!(piece, Piece::One) || matches!(piece, Piece::Char(own) if *own == first);
            if fits { walk(later, &rest[first.len_utf8()..], values, found) } else { Some(()) }
        }
        Piece::Many if later.is_empty() => walk(later, "", values, found),
        Piece::Many => cuts().try_for_each(|at| walk(later, &rest[at..], values, found)),
        Piece::Variable(key) => {
            if let Some(known) = values.get(key).cloned() {
                return rest.strip_prefix(&*known).map_or(Some(()), |rest| walk(later, rest, values, found));
            }
            for at in cuts() {
                let (value, tail) = rest.split_at(at);
                if domain::of_key(key, false).shape.is_some_and(|shape| !shape.contains(value)) {
                    continue;
                }
                values.insert(key.clone(), value.to_owned());
                walk(later, tail, values, found)?;
                values.remove(key);
            }
            Some(())
        }
    }
}
