//! Which syntax errors are worth saying, and what is not said beside them.

use crate::syntax::{SyntaxError, SyntaxErrorKind as Kind, Tree, claims_to_be_json};
use crate::text::Span;

/// The errors to report. Of a text of another language nothing is worth saying but where it should be JSON, and of a
/// conflict that it is not resolved: everything else depends on which side is kept.
pub(super) fn worth_saying(errors: Vec<SyntaxError>, path: &str, strict: bool) -> Vec<SyntaxError> {
    let is_of_another_language = errors.iter().any(|error| error.kind == Kind::NotJson);
    if is_of_another_language && !strict && !claims_to_be_json(path) {
        return Vec::new();
    }
    if has_conflict(&errors) {
        return errors.into_iter().filter(|error| error.kind == Kind::ConflictMarker).collect();
    }
    errors
}

/// Whether the text holds an unresolved conflict, so that nothing in it can be judged.
pub(super) fn has_conflict(errors: &[SyntaxError]) -> bool {
    errors.iter().any(|error| error.kind == Kind::ConflictMarker)
}

/// The places whose text is not all there: what else there is to say of them waits until it is.
pub(super) struct Unwritten<'e> {
    /// Words without quotes, and strings that are not closed.
    words: Vec<Span>,
    /// Where keys end that have no colon yet.
    key_ends: Vec<u32>,
    /// Where the objects and lists begin that the text ends in the middle of.
    unfinished: &'e [u32],
}

impl<'e> Unwritten<'e> {
    pub(super) fn of(errors: &[SyntaxError], tree: &'e Tree<'_>) -> Self {
        let is_word = |kind| matches!(kind, Kind::BadLiteral | Kind::BadNumber | Kind::UnterminatedString);
        let is_key = |error: &&SyntaxError| error.kind == Kind::MissingColon && error.span.is_empty();
        Self {
            words: errors.iter().filter(|error| is_word(error.kind)).map(|error| error.span).collect(),
            key_ends: errors.iter().filter(is_key).map(|error| error.span.start).collect(),
            unfinished: &tree.unfinished,
        }
    }

    /// Whether a finding there is about such a place.
    pub(super) fn covers(&self, span: Span) -> bool {
        self.words.iter().any(|word| word.contains(span))
            || self.key_ends.contains(&span.end)
            || self.unfinished.binary_search(&span.start).is_ok()
    }
}
