//! Documents in a text of another language: a program, a configuration, a web page.

use super::{Reader, SyntaxErrorKind, after_blanks};
use crate::syntax::Node;

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
        let begins_object =
            |at: usize| self.bytes.get(at) == Some(&b'{') && self.key_at(after_blanks(self.bytes, at + 1));
        let brackets = memchr::memchr2_iter(b'{', b'[', &self.bytes[self.pos..]).map(|offset| self.pos + offset);
        let mut brackets = brackets.filter(|at| match self.bytes[*at] {
            b'[' => begins_object(after_blanks(self.bytes, at + 1)),
            _ => begins_object(*at),
        });
        brackets.next()
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
        self.wasted += self.pos - start;
        if self.wasted <= self.bytes.len() {
            self.pos = start + 1;
        }
        None
    }
}

/// Whether plain JSON may have that error. A comma at the end and comments are allowed in many a language.
pub(super) fn is_plain(kind: SyntaxErrorKind) -> bool {
    matches!(kind, SyntaxErrorKind::Comment | SyntaxErrorKind::TrailingComma)
}
