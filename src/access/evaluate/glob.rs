//! A policy's text as it stands against one request: variables substituted, wildcards told from characters.

use super::context::{Context, Entry};
use crate::policy::{PartKind, Text, Truth, Version, variable_default, variable_key};

/// A step of a resolved text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// That character.
    Char(char),
    /// Any one character.
    One(Reach),
    /// Any run of characters.
    Many(Reach),
    /// Something that is not known here. It may hold wildcards, so it matches whatever could stand there.
    Unknown,
}

/// What a wildcard may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Anything.
    Anything,
    /// Anything but a colon.
    Segment,
}

/// A resolved text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob {
    pub(super) pieces: Vec<Piece>,
}

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// Whether `*` and `?` are wildcards.
    pub(super) wildcards: bool,
    /// Whether `${…}` is a variable.
    pub(super) variables: Variables,
}

/// What becomes of `${…}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variables {
    /// The request's value stands there.
    Substituted,
    /// It is text like any other.
    Literal,
    /// The policy's version, which decides, is not known.
    Unknown,
}

impl Variables {
    pub(super) fn of(version: Version) -> Self {
        match version {
            Version::V2012 => Self::Substituted,
            Version::V2008 | Version::Absent => Self::Literal,
            Version::Unknown | Version::Invalid => Self::Unknown,
        }
    }
}

impl Glob {
    /// Resolves `text` against `context`. `None` where a variable in it has no value.
    pub(super) fn resolve(text: &Text<'_>, context: &Context, reading: Reading) -> Option<Self> {
        let mut glob = Self { pieces: Vec::with_capacity(text.text.len()) };
        for (written, kind) in text.all_parts() {
            match (kind, reading.variables) {
                (PartKind::Hole, _) | (PartKind::Variable | PartKind::Escape, Variables::Unknown) => {
                    glob.pieces.push(Piece::Unknown);
                }
                (PartKind::Literal, _) | (PartKind::Variable | PartKind::Escape, Variables::Literal) => {
                    glob.push_text(written, reading.wildcards);
                }
                (PartKind::Escape, Variables::Substituted) => glob.push_text(escaped(written), false),
                (PartKind::Variable, Variables::Substituted) => glob.push_variable(written, context)?,
            }
        }
        Some(glob)
    }

    fn push_text(&mut self, text: &str, wildcards: bool) {
        self.pieces.extend(text.chars().map(|c| match c {
            '*' if wildcards => Piece::Many(Reach::Anything),
            '?' if wildcards => Piece::One(Reach::Anything),
            other => Piece::Char(other),
        }));
    }

    /// Wildcards in a substituted value stand for themselves. A key with several values has no value here.
    fn push_variable(&mut self, written: &str, context: &Context) -> Option<()> {
        match context.get(variable_key(written)) {
            Entry::Unknown => self.pieces.push(Piece::Unknown),
            Entry::Values([value]) => self.push_text(value, false),
            Entry::Values(_) | Entry::Absent => self.push_text(variable_default(written)?, false),
        }
        Some(())
    }

    /// The glob `*`.
    pub(super) fn everything() -> Self {
        Self { pieces: vec![Piece::Many(Reach::Anything)] }
    }

    /// Folds ASCII letters to lower case.
    pub(super) fn fold_case(&mut self) {
        for piece in &mut self.pieces {
            if let Piece::Char(c) = piece {
                c.make_ascii_lowercase();
            }
        }
    }

    /// Keeps the wildcards of the first five parts of an ARN from matching a colon. With `Ends::Reach`, a `*` that
    /// ends its part still does.
    pub(super) fn segmented(mut self, ends: Ends) -> Self {
        let mut colons = 0;
        for at in 0..self.pieces.len() {
            let ends_part = matches!(self.pieces.get(at + 1), None | Some(Piece::Char(':')));
            match &mut self.pieces[at] {
                Piece::Char(':') => colons += 1,
                Piece::Many(_) if ends == Ends::Reach && ends_part => {}
                Piece::One(reach) | Piece::Many(reach) if colons < 5 => *reach = Reach::Segment,
                _ => {}
            }
        }
        self
    }

    /// The number of colons in it, and whether that number is sure.
    pub(super) fn colons(&self) -> (usize, Truth) {
        let count = self.pieces.iter().filter(|piece| **piece == Piece::Char(':')).count();
        (count, if self.has_unknown() { Truth::Maybe } else { Truth::Yes })
    }

    pub(super) fn has_unknown(&self) -> bool {
        self.pieces.contains(&Piece::Unknown)
    }

    /// The text, where it is all known and no wildcard is in it.
    pub(super) fn literal(&self) -> Option<String> {
        self.pieces.iter().map(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None }).collect()
    }

    /// Whether it matches `value`, all of it.
    pub(super) fn matches(&self, value: &str) -> Truth {
        // Most begin or end with plain text, and most values do not.
        let (mut pieces, mut value) = (&self.pieces[..], value.chars());
        while let [Piece::Char(own), rest @ ..] = pieces {
            if value.next() != Some(*own) {
                return Truth::No;
            }
            pieces = rest;
        }
        while let [rest @ .., Piece::Char(own)] = pieces {
            if value.next_back() != Some(*own) {
                return Truth::No;
            }
            pieces = rest;
        }
        let end = pieces.len();
        let (mut at, mut next) = (vec![false; end + 1], vec![false; end + 1]);
        at[0] = true;
        skip_runs(pieces, &mut at);
        for c in value {
            next.fill(false);
            for (position, piece) in pieces.iter().enumerate().filter(|(position, _)| at[*position]) {
                let fits = |reach: Reach| reach == Reach::Anything || c != ':';
                match *piece {
                    Piece::Char(own) => next[position + 1] |= own == c,
                    Piece::One(reach) => next[position + 1] |= fits(reach),
                    Piece::Many(reach) => next[position] |= fits(reach),
                    Piece::Unknown => next[position] = true,
                }
            }
            std::mem::swap(&mut at, &mut next);
            skip_runs(pieces, &mut at);
        }
        match (at[end], self.has_unknown()) {
            (false, _) => Truth::No,
            (true, true) => Truth::Maybe,
            (true, false) => Truth::Yes,
        }
    }
}

/// A run may be empty, so whoever stands before it also stands behind it.
fn skip_runs(pieces: &[Piece], at: &mut [bool]) {
    for (position, piece) in pieces.iter().enumerate() {
        if matches!(piece, Piece::Many(_) | Piece::Unknown) {
            at[position + 1] |= at[position];
        }
    }
}

/// Whether a `*` at the end of an ARN's part reaches beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// It does.
    Reach,
    /// It does not.
    Stop,
}

/// The character that `${*}`, `${?}` or `${$}` stands for.
fn escaped(written: &str) -> &str {
    written.split_once('{').and_then(|(_, rest)| rest.get(..1)).unwrap_or(written)
}
