//! Arrays and objects.

use super::{MAX_DEPTH, Reader, SyntaxErrorKind, recover::Closing};
use crate::syntax::{Member, Node, Value};
use crate::text::Span;
use std::borrow::Cow;

/// What was read last inside a container.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Last {
    /// Its opening bracket, or a comma too many.
    Nothing,
    /// A comma, at this offset.
    Comma(usize),
    /// A member or an element: a comma is due.
    Item,
    /// Something with an error or a hole at its end: a comma may or may not be due.
    Broken,
}

impl<'s> Reader<'s> {
    /// Reads an array, from its bracket on.
    pub(super) fn array(&mut self) -> Node<'s> {
        let start = self.pos;
        if self.open.len() >= MAX_DEPTH {
            return self.skip_too_deep();
        }
        self.pos += 1;
        self.open.push(b'[');
        let mut elements = self.spare_elements.pop().unwrap_or_default();
        let mut last = Last::Nothing;
        let mut comma = None;
        loop {
            match self.token_inside() {
                Some(b',') => {
                    comma = Some(self.pos);
                    last = self.comma(last);
                }
                Some(b']') => {
                    self.close(last);
                    break;
                }
                Some(b'}') => match self.foreign_close() {
                    Closing::This => break,
                    Closing::Outer => {
                        self.unclosed(SyntaxErrorKind::UnclosedArray, start);
                        break;
                    }
                    Closing::None => {}
                },
                Some(b':') => {
                    if self.colon_in_array(start, &mut elements, comma) {
                        break;
                    }
                    last = Last::Broken;
                }
                Some(byte) => last = self.element(byte, last, &mut elements),
                None => {
                    self.unclosed(SyntaxErrorKind::UnclosedArray, start);
                    break;
                }
            }
        }
        self.open.pop();
        #[allow(clippy::drain_collect, reason = "the room is kept for the next list")]
        let value = Value::Array(elements.drain(..).collect());
        self.spare_elements.push(elements);
        Node { span: Span::new(start, self.pos), value }
    }

    #[inline]
    fn element(&mut self, byte: u8, last: Last, elements: &mut Vec<Node<'s>>) -> Last {
        let Some(node) = self.value(byte) else {
            self.junk();
            return Last::Broken;
        };
        if last == Last::Item && !matches!(node.value, Value::Hole) {
            let end = elements.last().map_or(self.pos, |node| node.span.end as usize);
            self.error(SyntaxErrorKind::MissingComma, end, end);
        }
        let next = self.after(&node);
        elements.push(node);
        next
    }

    /// Reads an object, from its brace on.
    pub(super) fn object(&mut self) -> Node<'s> {
        if self.open.len() >= MAX_DEPTH {
            return self.skip_too_deep();
        }
        let start = self.pos;
        self.pos += 1;
        let members = self.spare_members.pop().unwrap_or_default();
        self.members(start, members)
    }

    /// Reads members up to the closing brace, and adds them to those of an object that was closed too early.
    pub(super) fn members(&mut self, start: usize, mut members: Vec<Member<'s>>) -> Node<'s> {
        self.open.push(b'{');
        let mut last = if members.is_empty() { Last::Nothing } else { Last::Broken };
        loop {
            match self.token_inside() {
                Some(b'"') => last = self.member(b'"', last, &mut members),
                Some(b',') => last = self.comma(last),
                Some(b'}') => {
                    self.close(last);
                    break;
                }
                Some(b']') => match self.foreign_close() {
                    Closing::This => break,
                    Closing::Outer => {
                        self.unclosed(SyntaxErrorKind::UnclosedObject, start);
                        break;
                    }
                    Closing::None => {}
                },
                Some(byte) => {
                    if self.next_element_follows(byte, last) {
                        self.unclosed(SyntaxErrorKind::UnclosedObject, start);
                        break;
                    }
                    last = match self.list_without_brackets(byte, last, &mut members) {
                        Some(last) => last,
                        None => self.member(byte, last, &mut members),
                    };
                }
                None => {
                    self.unclosed(SyntaxErrorKind::UnclosedObject, start);
                    break;
                }
            }
        }
        self.open.pop();
        #[allow(clippy::drain_collect, reason = "the room is kept for the next list")]
        let value = Value::Object(members.drain(..).collect());
        self.spare_members.push(members);
        Node { span: Span::new(start, self.pos), value }
    }

    #[inline]
    fn member(&mut self, byte: u8, last: Last, members: &mut Vec<Member<'s>>) -> Last {
        let start = self.pos;
        let Some(key) = self.key(byte) else {
            self.junk();
            return Last::Broken;
        };
        let key_span = Span::new(start, self.pos);
        let (key, value, next) = match (key, self.token()) {
            (Key::Text(key), Some(b':')) => {
                if last == Last::Item {
                    let end = members.last().map_or(start, |member| member.value.span.end as usize);
                    self.error(SyntaxErrorKind::MissingComma, end, end);
                }
                let value = self.member_value();
                let next = self.after(&value);
                (key, value, next)
            }
            (Key::Hole(key), Some(b':')) => (key, self.member_value(), Last::Item),
            (Key::Hole(key), _) => (key, Node { span: key_span, value: Value::Hole }, Last::Broken),
            (Key::Text(key), _) => (key, self.value_without_colon(key_span), Last::Broken),
        };
        members.push(Member { key, key_span, value });
        next
    }

    #[inline]
    fn key(&mut self, byte: u8) -> Option<Key<'s>> {
        if byte != b'"' {
            return self.unusual_key(byte);
        }
        let start = self.pos;
        Some(match self.string_value() {
            Value::String(text) => Key::Text(text),
            _ => Key::Hole(Cow::Borrowed(self.slice(start, self.pos))),
        })
    }

    /// Reads a colon and the value after it.
    #[inline]
    pub(super) fn member_value(&mut self) -> Node<'s> {
        self.pos += 1;
        let (due, seen) = (self.pos, self.directives.len());
        let node = match self.token() {
            // A directive may write the value: `{% include "actions.json" %}`.
            Some(b',' | b'}' | b']') if self.directives.len() > seen => return self.written_value(),
            Some(b',' | b'}' | b']' | b':') | None => return self.missing_value(due),
            Some(byte) => match self.value(byte) {
                Some(node) => node,
                None => return self.junk_value(),
            },
        };
        let node = if self.directives.is_empty() { node } else { self.other_branches(node) };
        if self.may_be_key(&node) && self.token() == Some(b':') {
            // What looked like the value is the next key.
            self.pos = node.span.start as usize;
            self.error(SyntaxErrorKind::MissingValue, due, due);
            return Self::missing(due);
        }
        node
    }

    /// Whether a value could as well be a key. A bare word with colons in it is none: read again as a key it would
    /// end at the first of them, and each colon would be the end of the rest of the text.
    #[inline]
    fn may_be_key(&self, node: &Node<'s>) -> bool {
        let Value::String(text) = &node.value else { return false };
        matches!(self.bytes[node.span.start as usize], b'"' | b'\'') || !text.contains(':')
    }

    /// Reads a comma.
    #[inline]
    fn comma(&mut self, last: Last) -> Last {
        let at = self.pos;
        self.pos += 1;
        match last {
            Last::Item | Last::Broken => Last::Comma(at),
            Last::Nothing | Last::Comma(_) => {
                self.error(SyntaxErrorKind::ExtraComma, at, at + 1);
                Last::Nothing
            }
        }
    }

    /// Reads the closing bracket.
    #[inline]
    fn close(&mut self, last: Last) {
        if let Last::Comma(at) = last {
            self.error(SyntaxErrorKind::TrailingComma, at, at + 1);
        }
        self.pos += 1;
    }

    /// Whether a comma is due after `node`.
    #[inline]
    fn after(&self, node: &Node<'s>) -> Last {
        match node.value {
            Value::Missing | Value::Hole => Last::Broken,
            Value::Array(_) if self.bytes[..node.span.end as usize].last() != Some(&b']') => Last::Broken,
            Value::String(_) if !self.errors.is_empty() && self.string_broke(node.span.end) => Last::Broken,
            _ => Last::Item,
        }
    }
}

/// What a member begins with.
pub(super) enum Key<'s> {
    /// A name.
    Text(Cow<'s, str>),
    /// A bare template expression, which may be a name or the whole member.
    Hole(Cow<'s, str>),
}
