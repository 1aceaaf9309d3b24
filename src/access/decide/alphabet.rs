//! The letters of the texts that are searched: of all characters, only those that matter.

use super::glob::{Glob, Reach, Step};

/// A letter of the texts that are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letter {
    Char(char),
    /// The mark with which the value of an open variable begins.
    Begin(u32),
    /// The mark with which it ends.
    End(u32),
}

/// The letters that `globs` tell apart: first one for all others, then plain ones before the rest.
pub(super) fn letters<'g>(globs: impl Iterator<Item = &'g Glob>) -> Vec<Letter> {
    let mut found: Vec<Letter> = Vec::new();
    let (mut stops, mut digits, mut ascii) = (false, false, 0_u128);
    let mut add = |c: char| {
        let is_new = !c.is_ascii() || ascii >> c as u32 & 1 == 0;
        ascii |= if c.is_ascii() { 1 << c as u32 } else { 0 };
        is_new.then_some(Letter::Char(c))
    };
    for glob in globs {
        for step in &glob.steps {
            match *step {
                Step::Char(c) => {
                    found.extend(add(c));
                    // Elsewhere, its capital may matter.
                    if glob.folded && c.is_ascii_lowercase() {
                        found.extend(add(c.to_ascii_uppercase()));
                    }
                }
                Step::Begin(id) => found.push(Letter::Begin(id)),
                Step::End(id) => found.push(Letter::End(id)),
                Step::Open(_) => {}
                Step::One(reach) | Step::Many(reach) => stops |= reach != Reach::Anywhere,
                Step::Digit => digits = true,
            }
        }
    }
    if stops {
        found.extend([Letter::Char(':'), Letter::Char('/')]);
    }
    if digits {
        found.extend(('0'..='9').map(Letter::Char));
    }
    found.sort_unstable_by_key(rank);
    found.dedup();
    let occurs = |c: char| found.iter().any(|own| matches!(own, Letter::Char(own) if own.eq_ignore_ascii_case(&c)));
    let mut others = ('a'..='z').chain('0'..='9').chain('\u{e0}'..='\u{2fff}');
    let other = others.find(|c| !occurs(*c)).unwrap_or('\u{fffd}');
    found.insert(0, Letter::Char(other));
    found
}

/// The order of letters: plain ones first.
pub(super) fn rank(letter: &Letter) -> (u8, u32) {
    match letter {
        Letter::Char(c) => (u8::from(!c.is_ascii_alphanumeric()), *c as u32),
        Letter::Begin(id) => (2, *id),
        Letter::End(id) => (3, *id),
    }
}
