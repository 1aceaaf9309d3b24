//! Patterns: globs with variables and holes, compared in three-valued logic.
//!
//! An answer of *yes* or *no* holds for every value of the variables and holes; anything else is *maybe*, and a
//! rule that reports on a *maybe* is a bug.

use super::model::{PartKind, Text};
use super::text::{is_named_hole, variable_key};
use relate::{contains, meet};

mod relate;
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

/// Whether there is a wildcard in the text.
pub fn has_wildcard(text: &str) -> bool {
    memchr::memchr2(b'*', b'?', text.as_bytes()).is_some()
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
                PartKind::Hole if is_named_hole(part) => atoms.push(Atom::Unknown(part.to_owned())),
                PartKind::Hole => atoms.push(Atom::Unknown(format!("{part} {}.{}", text.span.start, atoms.len()))),
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
        Self::new(&Text::literal(text, crate::text::Span::at(0)), false)
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
        // The first characters tell nearly all apart.
        if let (Some(own), Some(first)) = (text.text.bytes().next(), name.bytes().next())
            && own.is_ascii_alphabetic()
            && !own.eq_ignore_ascii_case(&first)
            && !text.has_hole()
        {
            return Truth::No;
        }
        if text.has_hole() {
            Self::action(text).matches(&name.to_ascii_lowercase())
        } else {
            catalog::glob_matches(text.text.as_bytes(), name.as_bytes()).into()
        }
    }

    /// What it takes at most to compare the two, in pairs of characters.
    pub fn effort(outer: &str, inner: &str) -> usize {
        let all_ways = outer.contains('?') && has_wildcard(inner);
        outer.len().saturating_mul(inner.len()).saturating_mul(if all_ways { Self::ALL_WAYS } else { 1 })
    }

    /// How much more it takes where a `?` may stand for what a wildcard of the other stands for: all ways to do so are
    /// gone through.
    pub const ALL_WAYS: usize = 32;

    /// A cheap look before [`Pattern::covers`]: whether all that is plain text before the first wildcard of `outer`
    /// stands there in `inner` too, in whatever case. Where there is a hole, nothing is to be made of the answer.
    pub fn may_cover(outer: &str, inner: &str) -> bool {
        let (outer, inner) = (outer.as_bytes(), inner.as_bytes());
        let is_alike = |at: usize| inner.get(at).is_some_and(|own| own.eq_ignore_ascii_case(&outer[at]));
        match (0..outer.len()).find(|at| !is_alike(*at)) {
            // Most differ within a few letters, so that the wildcard is looked for last.
            Some(at) => outer[..=at].iter().any(|byte| matches!(byte, b'*' | b'?')),
            None => outer.len() == inner.len() || outer.iter().any(|byte| matches!(byte, b'*' | b'?')),
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
        // What both begin with is the same text in both, whatever an unknown run in it is.
        let is_same = |(one, other): &(&Atom, &Atom)| one == other && !matches!(one, Atom::One | Atom::Many);
        let common = self.atoms.iter().zip(&other.atoms).take_while(is_same).count();
        let rest = |own: &Self| Self { atoms: own.atoms[common..].to_vec() }.widest().atoms;
        if !meet(&rest(self), &rest(other)) {
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
