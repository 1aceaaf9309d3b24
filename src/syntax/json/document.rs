//! The outermost level: one document, or what stands in its place.

use super::{Reader, SyntaxErrorKind};
use crate::syntax::{Node, Value};

impl<'s> Reader<'s> {
    /// Reads everything.
    pub(super) fn documents(&mut self) -> Vec<Node<'s>> {
        self.find_line_numbers();
        let mut documents = Vec::new();
        let mut comma = None;
        while let Some(byte) = self.token() {
            let start = self.pos;
            match byte {
                b',' if comma.is_none() && !documents.is_empty() => {
                    comma = Some(start);
                    self.pos += 1;
                }
                b':' if matches!(documents.last(), Some(Node { value: Value::String(_), .. })) => {
                    self.bare_members(&mut documents);
                    comma = None;
                }
                b']' | b'}' => self.stray_closes(),
                _ => match self.document(byte) {
                    Some(node) => {
                        comma = None;
                        documents.push(node);
                    }
                    None if documents.iter().all(is_scalar) => return self.embedded_documents(&documents),
                    None => self.stray_text(),
                },
            }
        }
        if let Some(comma) = comma {
            self.error(SyntaxErrorKind::TrailingComma, comma, comma + 1);
        }
        self.judge_number_of(&documents);
        documents
    }

    /// A value. A word or a tag at this level is rather the beginning of a text that is no JSON at all.
    fn document(&mut self, byte: u8) -> Option<Node<'s>> {
        match byte {
            b't' | b'f' | b'n' if self.at_literal() => self.value(byte),
            b'<' if self.at_hole() && self.byte(1) == Some(b'%') => self.value(byte),
            b'-' if !self.byte(1).is_some_and(|next| next.is_ascii_digit()) => None,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'<' => None,
            _ => self.value(byte),
        }
    }

    fn at_literal(&self) -> bool {
        ["true", "false", "null"].iter().any(|word| {
            self.bytes[self.pos..].starts_with(word.as_bytes())
                && !super::bare::continues(self.bytes, self.pos + word.len())
        })
    }

    fn judge_number_of(&mut self, documents: &[Node<'s>]) {
        if documents.is_empty() {
            self.error(SyntaxErrorKind::Empty, 0, 0);
        }
        // A template's tags around a document are none.
        if let Some(second) = documents.iter().filter(|document| document.value != Value::Hole).nth(1) {
            let start = second.span.start as usize;
            let end = match self.bytes[start] {
                b'{' | b'[' => start + 1,
                _ => second.span.end as usize,
            };
            self.error(SyntaxErrorKind::SecondDocument, start, end);
        }
    }

    /// After a string at this level comes a colon: the string is a key, and the braces around it are missing, or
    /// the object before it was closed too early.
    #[cold]
    fn bare_members(&mut self, documents: &mut Vec<Node<'s>>) {
        let Some(key) = documents.pop() else { return };
        let start = key.span.start as usize;
        self.pos = start;
        if let Some(node) = self.reopen(documents) {
            documents.push(node);
            return;
        }
        self.error(SyntaxErrorKind::MissingBraces, start, key.span.end as usize);
        // Without an opening brace there is no closing one to miss.
        self.explained = Some(self.bytes.len());
        documents.push(self.members(start, Vec::new()));
    }

    /// Skips lines up to one that may begin a further document.
    #[cold]
    fn stray_text(&mut self) {
        let start = self.pos;
        let line_end = self.line_end(start);
        let mut at = line_end;
        while at < self.bytes.len() {
            let line = super::after_blanks(self.bytes, at);
            if matches!(self.bytes.get(line), Some(b'{' | b'[' | b'`') | None) {
                at = line;
                break;
            }
            at = self.line_end(line);
        }
        self.pos = at;
        let end = start + self.slice(start, line_end).trim_end().len();
        self.error(SyntaxErrorKind::Unexpected, start, end);
    }
}

/// Whether a document is one that a text of another language may begin with, such as a string or
/// a template's tag.
fn is_scalar(node: &Node<'_>) -> bool {
    !matches!(node.value, Value::Object(_) | Value::Array(_))
}
