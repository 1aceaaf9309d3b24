//! Guesses where an opening bracket is missing.

use super::{Reader, SyntaxErrorKind, container::Last, string::plain_run};
use crate::syntax::{Member, Node, Value};
use crate::text::Span;

impl<'s> Reader<'s> {
    /// Whether the opening brace is missing before a key in an array, after `last`: the brace that closes comes first of all
    /// that closes, or the object before has such a key already.
    pub(super) fn lacks_brace(&mut self, last: Option<&Node<'s>>, key: &Node<'s>, colon: usize) -> bool {
        if let Some(last) = last {
            return key.as_str().is_some_and(|key| last.member(key).is_some());
        }
        let mut depth = 0usize;
        let mut at = colon;
        while let Some(byte) = self.bytes.get(at).filter(|_| self.wasted <= self.bytes.len()) {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return *byte == b'}',
                b'}' | b']' => depth -= 1,
                b'"' => at = plain_run(self.bytes, at + 1, b'"'),
                _ => {}
            }
            at += 1;
            self.wasted += 1;
        }
        false
    }

    /// Reads the objects that come after the one that is the last member's value: they are a list without its brackets,
    /// or at least without the opening one.
    #[cold]
    pub(super) fn list_without_brackets(&mut self, byte: u8, last: Last, members: &mut [Member<'s>]) -> Option<Last> {
        let is_next = byte == b'{' && self.byte(1) != Some(b'{') && matches!(last, Last::Comma(_));
        let list = &mut members.last_mut().filter(|_| is_next)?.value;
        list.members()?;
        let start = list.span.start as usize;
        self.error(SyntaxErrorKind::MissingBrackets, start, start + 1);
        let mut elements = vec![std::mem::replace(list, Self::missing(start))];
        self.open.push(b'[');
        let mut next = Last::Broken;
        loop {
            elements.push(self.object());
            let end = self.pos;
            match self.token() {
                Some(b',') => {
                    self.pos += 1;
                    if self.token() == Some(b'{') && self.byte(1) != Some(b'{') {
                        continue;
                    }
                    self.pos = end;
                }
                Some(b']') => {
                    self.pos += 1;
                    next = Last::Item;
                }
                _ => self.pos = end,
            }
            break;
        }
        self.open.pop();
        *list = Node { span: Span::new(start, self.pos), value: Value::Array(elements) };
        Some(next)
    }
}
