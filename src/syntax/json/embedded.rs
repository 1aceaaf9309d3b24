//! Documents in a text of another language: a program, a configuration, a web page.

use super::{Reader, SyntaxErrorKind, after_blanks};
use crate::syntax::Node;
use memchr::memmem;

impl<'s> Reader<'s> {
    /// Reads the documents in a text that is none itself. That is its one error; it begins with `before`, if that is
    /// anything, or here. What is no plain JSON is of the other language, and nothing is said of it.
    #[cold]
    pub(super) fn embedded_documents(&mut self, before: &[Node<'s>]) -> Vec<Node<'s>> {
        self.embedded = true;
        let start = before.first().map_or(self.pos, |node| node.span.start as usize);
        // Comments and the like in front of it are the other language's.
        self.errors.retain(|error| error.kind == SyntaxErrorKind::ConflictMarker);
        let line_end = self.line_end(start);
        // Where a document comes first of all, that it is not all there is begins with its bracket.
        let end = self.next_embedded().map_or(line_end, |first| first.clamp(start + 1, line_end.max(start + 1)));
        let end = start + self.slice(start, end).trim_end().len();
        self.error(SyntaxErrorKind::NotJson, start, end);
        let mut documents = Vec::new();
        while let Some(start) = self.next_embedded() {
            self.pos = start;
            documents.extend(self.embedded_document());
        }
        documents
    }

    /// The offset of the next bracket that may begin a document: an object with a key in quotes, or a list of such.
    fn next_embedded(&self) -> Option<usize> {
        let begins_object = |at: usize| self.bytes.get(at) == Some(&b'{') && self.key_at(self.after_comments(at + 1));
        let brackets = memchr::memchr2_iter(b'{', b'[', &self.bytes[self.pos..]).map(|offset| self.pos + offset);
        let mut brackets = brackets.filter(|at| match self.bytes[*at] {
            b'[' => begins_object(after_blanks(self.bytes, at + 1)),
            _ => begins_object(*at),
        });
        brackets.next()
    }

    /// The offset of what comes after the blanks at `at`, and after a few lines of comments.
    fn after_comments(&self, at: usize) -> usize {
        /// More lines, or longer ones, are rather the program's than a policy's.
        const LINES: usize = 3;
        const REACH: usize = 400;
        let mut at = after_blanks(self.bytes, at);
        for _ in 0..LINES {
            if !self.bytes[at..].starts_with(b"//") {
                break;
            }
            let line = &self.bytes[at..self.bytes.len().min(at + REACH)];
            let Some(end) = memchr::memchr(b'\n', line) else { break };
            at = after_blanks(self.bytes, at + end);
        }
        at
    }

    /// Reads the document that begins here, if it is plain JSON. Other languages write objects that begin alike; within
    /// them there may be JSON.
    fn embedded_document(&mut self) -> Option<Node<'s>> {
        let start = self.pos;
        let (errors, directives, unfinished) = (self.errors.len(), self.directives.len(), self.unfinished.len());
        self.explained = None;
        self.given_up = false;
        let node = self.value(self.bytes[start]);
        if !self.given_up {
            return node;
        }
        self.errors.truncate(errors);
        self.directives.truncate(directives);
        self.unfinished.truncate(unfinished);
        self.too_deep = false;
        if let Some(node) = self.fenced_document(start) {
            return Some(node);
        }
        self.wasted += self.pos - start;
        if self.wasted <= self.bytes.len() {
            self.pos = start + 1;
        }
        None
    }

    /// Reads the document at `start` if it is all that stands in a Markdown fence that calls it JSON, and what is wrong with
    /// it is a slip of the pen. No other language lies behind that, and nothing was left out to make it shorter.
    fn fenced_document(&mut self, start: usize) -> Option<Node<'s>> {
        if !is_in_json_fence(self.text, start) {
            return None;
        }
        let len = memmem::find(&self.bytes[start..], b"```")?;
        let mut alone = Self::new(self.text.get(..start + len)?);
        alone.pos = start;
        let node = alone.value(self.bytes[start])?;
        if alone.token().is_some() || !alone.errors.iter().all(|error| is_slip(error.kind) || is_plain(error.kind)) {
            return None;
        }
        self.pos = alone.pos;
        self.errors.extend(alone.errors.iter().filter(|error| is_slip(error.kind)));
        self.directives.extend(alone.directives);
        Some(node)
    }
}

/// Whether a Markdown fence that calls what is in it JSON opens just before `start`.
pub(crate) fn is_in_json_fence(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let fence = before.trim_end_matches([' ', '\t']).trim_end_matches(['\n', '\r']);
    let opening = fence.rsplit(['\n', '\r']).next().unwrap_or_default().trim();
    opening.strip_prefix("```").is_some_and(|named| named.trim().eq_ignore_ascii_case("json"))
}

/// Whether plain JSON may have that error. A comma at the end and comments are allowed in many a language.
pub(super) fn is_plain(kind: SyntaxErrorKind) -> bool {
    matches!(kind, SyntaxErrorKind::Comment | SyntaxErrorKind::TrailingComma)
}

/// Whether that happens to whoever writes JSON, and means nothing in documentation.
fn is_slip(kind: SyntaxErrorKind) -> bool {
    use SyntaxErrorKind::{ExtraComma, MismatchedClose, MissingColon, MissingComma, UnterminatedString};
    matches!(kind, MissingComma | ExtraComma | MissingColon | UnterminatedString | MismatchedClose)
}
