//! Patterns: globs with variables and holes, compared in three-valued logic.
//!
//! An answer of *yes* or *no* holds for every value of the variables and holes; anything else is *maybe*, and a
//! rule that reports on a *maybe* is a bug.

use super::model::{PartKind, Text};
use super::text::variable_key;
use crate::catalog;

/// Yes, no, or: it depends on what is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    No,
    /// It depends on a hole, or on a variable's value.
    Maybe,
    /// It holds.
    Yes,
}

impl Truth {
    /// Both.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either.
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// A step of a [`Pattern`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Atom {
    /// That character.
    Char(char),
    /// Any one character: `?`.
    One,
    /// Any run of characters: `*`.
    Many,
    /// A run of characters that is fixed but not known here: a variable's value (named by its folded key) or a
    /// hole's (named by its text). Equal names are equal runs.
    Unknown(String),
}

/// A glob.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    atoms: Vec<Atom>,
}

impl Pattern {
    /// The glob that `text` is in a resource or a `…Like` condition. Where `variables` do not work (version
    /// 2008-10-17), `${…}` is literal text.
    pub fn new(text: &Text<'_>, variables: bool) -> Self {
        let mut atoms = Vec::with_capacity(text.text.len());
        for (part, kind) in text.all_parts() {
            match kind {
                PartKind::Hole => atoms.push(Atom::Unknown(part.to_owned())),
                PartKind::Variable if variables => atoms.push(Atom::Unknown(variable_key(part).to_ascii_lowercase())),
                PartKind::Escape if variables => atoms.extend(part.chars().rev().nth(1).map(Atom::Char)),
                _ => atoms.extend(part.chars().map(|c| match c {
                    '*' => Atom::Many,
                    '?' => Atom::One,
                    c => Atom::Char(c),
                })),
            }
        }
        Self { atoms }
    }

    /// The glob that `text` is in `Action`, where case does not matter and variables do not work.
    pub fn action(text: &Text<'_>) -> Self {
        let mut pattern = Self::new(text, false);
        for atom in &mut pattern.atoms {
            if let Atom::Char(c) = atom {
                c.make_ascii_lowercase();
            }
        }
        pattern
    }

    /// The glob that `text` is when all of it is known; for actions, fold it first.
    pub fn literal(text: &str) -> Self {
        Self::new(&Text { text: text.into(), span: crate::text::Span::at(0), parts: Box::new([]) }, false)
    }

    /// Its steps.
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// Whether it matches everything: `*`.
    pub fn is_everything(&self) -> bool {
        !self.atoms.is_empty() && self.atoms.iter().all(|atom| *atom == Atom::Many)
    }

    fn is_known(&self) -> bool {
        !self.atoms.iter().any(|atom| matches!(atom, Atom::Unknown(_)))
    }

    /// The widest it can be: every unknown run may be anything.
    fn widest(&self) -> Self {
        let widen = |atom: &Atom| if matches!(atom, Atom::Unknown(_)) { Atom::Many } else { atom.clone() };
        Self { atoms: self.atoms.iter().map(widen).collect() }
    }

    /// Whether `text` is one of the strings it matches.
    pub fn matches(&self, text: &str) -> Truth {
        self.covers(&Self { atoms: text.chars().map(Atom::Char).collect() })
    }

    /// Whether the action pattern `text` matches the action `name`: what [`Pattern::action`] would say, without
    /// building anything where all of the text is known.
    pub fn action_matches(text: &Text<'_>, name: &str) -> Truth {
        if text.has_hole() {
            Self::action(text).matches(&name.to_ascii_lowercase())
        } else {
            catalog::glob_matches(text.text.as_bytes(), name.as_bytes()).into()
        }
    }

    /// Whether every string that `other` matches is matched by this one too.
    pub fn covers(&self, other: &Pattern) -> Truth {
        // An unknown run of `other` is a letter of its own that only `*`, or the same run, can match. What holds
        // for the letter holds for every value that it may stand for.
        if contains(&self.atoms, &other.atoms) {
            Truth::Yes
        } else if other.is_known() && (self.is_known() || !contains(&self.widest().atoms, &other.atoms))
            || !meet(&self.widest().atoms, &other.widest().atoms)
        {
            Truth::No
        } else {
            Truth::Maybe
        }
    }

    /// Whether some string is matched by both.
    pub fn intersects(&self, other: &Pattern) -> Truth {
        if !meet(&self.widest().atoms, &other.widest().atoms) {
            Truth::No
        } else if self.is_known() && other.is_known()
            || contains(&self.atoms, &other.atoms)
            || contains(&other.atoms, &self.atoms)
        {
            Truth::Yes
        } else {
            Truth::Maybe
        }
    }
}

/// Whether the language of `inner` lies within that of `outer`.
fn contains(outer: &[Atom], inner: &[Atom]) -> bool {
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
    const BUDGET: usize = 20_000;
    let mut start = vec![0];
    close(outer, &mut start);
    let mut seen: std::collections::HashSet<(usize, Vec<usize>)> = Default::default();
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
fn meet(a: &[Atom], b: &[Atom]) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::text::Dialect;
    use Truth::{Maybe, No, Yes};

    fn pattern(text: &str) -> Pattern {
        Pattern::new(&Text::new(text.into(), crate::text::Span::at(0), Dialect::Plain), true)
    }

    #[track_caller]
    fn check(a: &str, b: &str, covers: Truth, intersects: Truth) {
        let (p, q) = (pattern(a), pattern(b));
        assert_eq!((p.covers(&q), p.intersects(&q), q.intersects(&p)), (covers, intersects, intersects), "{a} {b}");
    }

    #[test]
    fn relations() {
        check("*", "arn:aws:s3:::b", Yes, Yes);
        check("s3:Get*", "s3:GetObject", Yes, Yes);
        check("s3:GetObject", "s3:Get*", No, Yes);
        check("s3:Get*", "s3:*Object", No, Yes);
        check("ec2:*", "s3:*", No, No);
        check("?*", "*?", Yes, Yes);
        check("?*", "*a", Yes, Yes);
        check("*a*", "a?*", Yes, Yes);
        check("a?c", "a*c", No, Yes);
        check("*x*y", "xxyy*", No, Yes);
        check("", "", Yes, Yes);
        check("", "*", No, Yes);
        check("a", "", No, No);
    }

    #[test]
    fn what_is_not_known_is_maybe() {
        check("*", "${hole}", Yes, Yes);
        check("user/*", "user/${aws:username}", Yes, Yes);
        check("user/?", "user/${aws:username}", Maybe, Maybe);
        check("user/${aws:username}", "user/${aws:UserName}", Yes, Yes);
        check("user/${aws:username}", "user/alice", Maybe, Maybe);
        check("user/${aws:username}", "user/*", Maybe, Yes);
        check("user/${aws:username}", "role/x", No, No);
        check("user/${aws:username}", "mfa/${aws:username}", No, No);
        check("*a${x}", "b", No, No);
    }

    #[test]
    fn many_stars_end() {
        let a = "*a".repeat(40);
        let b = format!("{}b", "*a".repeat(40));
        assert_eq!(pattern(&a).covers(&pattern(&b)), No);
        assert_eq!(pattern(&b).covers(&pattern(&b)), Yes);
    }

    #[test]
    fn every_small_pair_agrees_with_enumeration() {
        let alphabet = ['a', 'b', '*', '?'];
        let words = |letters: &[char], longest: u32| {
            let mut all = vec![String::new()];
            for length in 1..=longest {
                let count = letters.len().pow(length);
                all.extend((0..count).map(|mut n| {
                    (0..length)
                        .map(|_| {
                            let c = letters[n % letters.len()];
                            n /= letters.len();
                            c
                        })
                        .collect()
                }));
            }
            all
        };
        let texts = words(&['a', 'b', 'c'], 5);
        let globs: Vec<Pattern> = words(&alphabet, 3).iter().map(|text| pattern(text)).collect();
        let accepted: Vec<Vec<bool>> =
            globs.iter().map(|glob| texts.iter().map(|text| naive(&glob.atoms, text)).collect()).collect();
        for (p, in_p) in globs.iter().zip(&accepted) {
            for (q, in_q) in globs.iter().zip(&accepted) {
                let covers = in_p.iter().zip(in_q).all(|(p, q)| *p || !q);
                let meets = in_p.iter().zip(in_q).any(|(p, q)| *p && *q);
                assert_eq!(p.covers(q) == Yes, covers, "{p:?} covers {q:?}");
                assert_eq!(p.intersects(q) == Yes, meets, "{p:?} meets {q:?}");
            }
        }
        for (pattern, accepted) in words(&alphabet, 3).iter().zip(&accepted) {
            for (text, expected) in texts.iter().zip(accepted) {
                assert_eq!(catalog::glob_matches(pattern.as_bytes(), text.as_bytes()), *expected, "{pattern} {text}");
            }
        }
    }

    fn naive(atoms: &[Atom], text: &str) -> bool {
        match (atoms.split_first(), text.chars().next()) {
            (None, first) => first.is_none(),
            (Some((Atom::Many, rest)), first) => naive(rest, text) || first.is_some() && naive(atoms, &text[1..]),
            (Some((Atom::One, rest)), Some(_)) => naive(rest, &text[1..]),
            (Some((Atom::Char(c), rest)), Some(first)) => *c == first && naive(rest, &text[1..]),
            _ => false,
        }
    }
}
