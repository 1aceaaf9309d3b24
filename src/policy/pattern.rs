//! Patterns: globs with variables and holes, compared in three-valued logic.

use super::model::Text;

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
    /// The value of that variable, whose name is folded to lower case.
    Variable(String),
    /// Some run of characters that is not known here.
    Hole,
}

/// A glob.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// Its steps.
    pub atoms: Vec<Atom>,
}

impl Pattern {
    /// The pattern that `text` is.
    pub fn new(_text: &Text<'_>) -> Self {
        Self { atoms: Vec::new() }
    }
}
