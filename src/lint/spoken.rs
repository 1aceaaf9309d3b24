//! Which syntax errors are worth saying, and what is not said beside them.

use crate::policy::Policy;
use crate::syntax::{SyntaxError, SyntaxErrorKind as Kind, Tree, claims_to_be_json};
use crate::text::Span;

/// The errors to report in a file with these policies. Of a text of another language, in which nothing needs to be JSON,
/// only slips in a policy are worth saying, and of a conflict that it is not resolved: everything else depends on which
/// side is kept.
pub(super) fn worth_saying(
    mut errors: Vec<SyntaxError>,
    path: &str,
    policies: &[Policy<'_>],
    strict: bool,
) -> Vec<SyntaxError> {
    let is_of_another_language = errors.iter().any(|error| error.kind == Kind::NotJson);
    if is_of_another_language && !strict && !claims_to_be_json(path) {
        let is_slip =
            |kind| !matches!(kind, Kind::NotJson | Kind::Comment | Kind::TrailingComma | Kind::ConflictMarker);
        let is_in_policy = |span| policies.iter().any(|policy| policy.span().contains(span));
        errors.retain(|error| is_slip(error.kind) && is_in_policy(error.span));
        return errors;
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
