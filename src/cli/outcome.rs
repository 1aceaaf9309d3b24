//! How a command ends, and the exit code that says so.

use std::fmt;
use std::io;

/// How a command ended that could run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    /// What it came to.
    pub(super) verdict: Verdict,
    /// Whether all that was asked for could be read.
    pub(super) complete: bool,
}

/// What a command came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing to worry about.
    Clean,
    /// Something that the user asked to be told of; of a question, that the answer is no.
    Found,
    /// Nothing of the kind for certain, but something that could not be decided.
    Undecided,
}

/// Why a command could not run.
#[derive(Debug)]
pub(super) enum Failed {
    /// The user asked for what cannot be.
    Usage(String),
    /// The results could not be written.
    Output(io::Error),
}

impl Outcome {
    /// All went well.
    pub(super) const CLEAN: Self = Self { verdict: Verdict::Clean, complete: true };
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Output(error) => write!(f, "the results could not be written: {error}"),
        }
    }
}

/// The exit code. That something could not be read weighs more than what was found elsewhere: a caller who goes by
/// the findings must not take them for all there are.
pub(super) fn exit_code(result: &Result<Outcome, Failed>) -> u8 {
    match result {
        Err(_) | Ok(Outcome { complete: false, .. }) => 2,
        Ok(Outcome { verdict: Verdict::Found, .. }) => 1,
        Ok(Outcome { verdict: Verdict::Undecided, .. }) => 3,
        Ok(Outcome { verdict: Verdict::Clean, .. }) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_read_weighs_more_than_what_was_found() {
        let code = |verdict, complete| exit_code(&Ok(Outcome { verdict, complete }));
        assert_eq!(code(Verdict::Clean, true), 0);
        assert_eq!(code(Verdict::Found, true), 1);
        assert_eq!(code(Verdict::Undecided, true), 3);
        assert_eq!(code(Verdict::Clean, false), 2);
        assert_eq!(code(Verdict::Undecided, false), 2);
        assert_eq!(code(Verdict::Found, false), 2);
        assert_eq!(exit_code(&Err(Failed::Usage(String::new()))), 2);
        assert_eq!(exit_code(&Err(Failed::Output(io::ErrorKind::StorageFull.into()))), 2);
    }
}
