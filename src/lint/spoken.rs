//! Which syntax errors are worth saying, and what is not said beside them.

use crate::policy::Policy;
use crate::syntax::{SyntaxError, SyntaxErrorKind as Kind, Tree, claims_to_be_json, is_in_json_fence};
use crate::text::{Source, Span};

/// The errors to report in a file with this tree and these policies. Of a text of another language, in which nothing needs
/// to be JSON, only slips in a policy are worth saying, and of a conflict that it is not resolved: everything else depends
/// on which side is kept.
pub(super) fn worth_saying(
    mut errors: Vec<SyntaxError>,
    source: &Source,
    tree: &Tree<'_>,
    policies: &[Policy<'_>],
    strict: bool,
) -> Vec<SyntaxError> {
    let is_of_another_language = errors.iter().any(|error| error.kind == Kind::NotJson);
    if is_of_another_language && !strict && !claims_to_be_json(source.path()) {
        let held_to_json = held_to_json(&errors, source, tree);
        let is_slip = |error: &SyntaxError| match error.kind {
            Kind::NotJson | Kind::Comment | Kind::ConflictMarker => false,
            Kind::TrailingComma => held_to_json.iter().any(|document| document.contains(error.span)),
            _ => true,
        };
        let is_in_policy = |span| policies.iter().any(|policy| policy.span().contains(span));
        errors.retain(|error| is_slip(error) && is_in_policy(error.span));
        return errors;
    }
    if has_conflict(&errors) {
        return errors.into_iter().filter(|error| error.kind == Kind::ConflictMarker).collect();
    }
    errors
}

/// The documents with a comma after their last item in Markdown fences that say they are JSON. One that has comments, too,
/// is of another language that is often called so.
fn held_to_json(errors: &[SyntaxError], source: &Source, tree: &Tree<'_>) -> Vec<Span> {
    let has = |document: Span, kind| errors.iter().any(|error| error.kind == kind && document.contains(error.span));
    let documents = tree.documents.iter().map(|document| document.span);
    let fenced = documents.filter(|document| is_in_json_fence(source.text(), document.start as usize));
    fenced.filter(|document| has(*document, Kind::TrailingComma) && !has(*document, Kind::Comment)).collect()
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
