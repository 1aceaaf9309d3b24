//! How the languages of two globs lie to each other.

use super::Atom;
use std::collections::HashSet;

/// Whether the language of `inner` lies within that of `outer`.
pub(super) fn contains(outer: &[Atom], inner: &[Atom]) -> bool {
    // A wildcard of `inner` may stand for a character that `outer` does not name, and unless `outer` has a `?`, only
    // its `*` can match that. So the wildcard is a letter like others.
    let is_letters = !outer.contains(&Atom::One) || !inner.iter().any(|atom| matches!(atom, Atom::Many | Atom::One));
    if is_letters { matches_letters(outer, inner) } else { contains_all_ways(outer, inner) }
}

/// Whether the glob matches a text of the atoms `text`, each of which is a letter of its own.
fn matches_letters(glob: &[Atom], text: &[Atom]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut resume: Option<(usize, usize)> = None;
    while let Some(letter) = text.get(from) {
        match glob.get(at) {
            Some(Atom::Many) => {
                resume = Some((at + 1, from));
                at += 1;
            }
            Some(Atom::One) if matches!(letter, Atom::Char(_)) => (at, from) = (at + 1, from + 1),
            Some(atom) if atom == letter => (at, from) = (at + 1, from + 1),
            _ => {
                let Some((after_star, start)) = resume else { return false };
                resume = Some((after_star, start + 1));
                (at, from) = (after_star, start + 1);
            }
        }
    }
    glob[at..].iter().all(|atom| *atom == Atom::Many)
}

/// The same for all globs: `outer` is run as a set of positions over all the ways through `inner`; a pair of a
/// position in `inner` and a set is visited once. Past the budget the answer is a safe no.
fn contains_all_ways(outer: &[Atom], inner: &[Atom]) -> bool {
    const BUDGET: usize = 1_000;
    let mut start = vec![0];
    close(outer, &mut start);
    let mut seen: HashSet<(usize, Vec<usize>)> = Default::default();
    let mut todo = vec![(0usize, start)];
    while let Some((at, set)) = todo.pop() {
        if accepts_all(outer, &set) || !seen.insert((at, set.clone())) {
            continue;
        }
        if set.is_empty() || seen.len() > BUDGET {
            return false;
        }
        match inner.get(at) {
            None if set.contains(&outer.len()) => {}
            None => return false,
            Some(Atom::Many) => {
                todo.push((at + 1, set.clone()));
                todo.extend(letters(outer).into_iter().map(|letter| (at, step(outer, &set, letter))));
            }
            Some(Atom::One) => {
                todo.extend(letters(outer).into_iter().map(|letter| (at + 1, step(outer, &set, letter))));
            }
            Some(letter) => todo.push((at + 1, step(outer, &set, Some(letter)))),
        }
    }
    true
}

/// The characters that `outer` tells apart, and `None` for all others.
fn letters(outer: &[Atom]) -> Vec<Option<&Atom>> {
    let mut letters: Vec<Option<&Atom>> = vec![None];
    for atom in outer {
        if matches!(atom, Atom::Char(_)) && !letters.contains(&Some(atom)) {
            letters.push(Some(atom));
        }
    }
    letters
}

/// The positions of `outer` after one letter; `None` is a character that it does not name.
fn step(outer: &[Atom], set: &[usize], letter: Option<&Atom>) -> Vec<usize> {
    let unknown = matches!(letter, Some(Atom::Unknown(_)));
    let mut next = Vec::with_capacity(set.len() + 1);
    for &at in set {
        match outer.get(at) {
            Some(Atom::Many) => next.push(at),
            Some(Atom::One) if !unknown => next.push(at + 1),
            Some(atom) if Some(atom) == letter => next.push(at + 1),
            _ => {}
        }
    }
    close(outer, &mut next);
    next
}

/// Adds the positions that are reached by matching nothing with a `*`.
fn close(outer: &[Atom], set: &mut Vec<usize>) {
    let mut index = 0;
    while let Some(&at) = set.get(index) {
        if outer.get(at) == Some(&Atom::Many) {
            set.push(at + 1);
        }
        index += 1;
    }
    set.sort_unstable();
    set.dedup();
}

fn accepts_all(outer: &[Atom], set: &[usize]) -> bool {
    set.iter().any(|&at| at + 1 == outer.len() && outer[at] == Atom::Many)
}

/// Whether two globs without unknown runs have a string in common.
pub(super) fn meet(a: &[Atom], b: &[Atom]) -> bool {
    // Most pairs part at their first characters, or at their last.
    let parts = |(a, b): (&Atom, &Atom)| matches!((a, b), (Atom::Char(a), Atom::Char(b)) if a != b);
    let fixed = |(a, b): &(&Atom, &Atom)| **a != Atom::Many && **b != Atom::Many;
    let ends_apart = || a.iter().rev().zip(b.iter().rev()).take_while(fixed).any(parts);
    if a.iter().zip(b).take_while(fixed).any(parts) || ends_apart() {
        return false;
    }
    meet_somewhere(a, b)
}

/// The same row by row, each cell once.
fn meet_somewhere(a: &[Atom], b: &[Atom]) -> bool {
    let star = |atoms: &[Atom], at: usize| atoms.get(at) == Some(&Atom::Many);
    let mut below = vec![false; b.len() + 1];
    for i in (0..=a.len()).rev() {
        let mut row = vec![false; b.len() + 1];
        for j in (0..=b.len()).rev() {
            let skip = (star(a, i) && below[j]) || (star(b, j) && row[j + 1]);
            let both = i < a.len() && j < b.len();
            let consume = both
                && match (&a[i], &b[j]) {
                    (Atom::Many, Atom::Many) => false,
                    (Atom::Many, _) => row[j + 1],
                    (_, Atom::Many) => below[j],
                    (x, y) => (x == y || *x == Atom::One || *y == Atom::One) && below[j + 1],
                };
            row[j] = (i == a.len() && j == b.len()) || skip || consume;
        }
        below = row;
    }
    below[0]
}
