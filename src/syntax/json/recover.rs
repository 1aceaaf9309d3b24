//! Guesses about what was meant, so that one slip of the pen is one error.

use super::{Reader, SyntaxErrorKind, after_blanks, string::plain_run};
use crate::syntax::json::container::Last;
use crate::syntax::{Node, Value};
use crate::text::Span;

/// What a closing bracket of the other kind closes.
pub(super) enum Closing {
    /// The container that is being read: the bracket was mistyped. It has been read.
    This,
    /// A container further out, so that this one lacks its own bracket.
    Outer,
    /// Nothing. It has been read.
    None,
}

impl<'s> Reader<'s> {
    /// Judges the closing bracket here, which is not of the innermost container's kind.
    #[cold]
    pub(super) fn foreign_close(&mut self) -> Closing {
        let at = self.pos;
        let opening = if self.bytes[at] == b'}' { b'{' } else { b'[' };
        let outer = self.open.split_last().map_or(&[][..], |(_, outer)| outer);
        let parent = outer.last().copied();
        let grandparent = outer.iter().rev().nth(1).copied();
        let fits_here = self.may_follow(parent, at + 1);
        if !outer.contains(&opening) {
            if fits_here {
                return self.mistyped_close();
            }
            self.stray_closes();
            return Closing::None;
        }
        if parent == Some(opening) && fits_here && !self.may_follow(grandparent, at + 1) {
            return self.mistyped_close();
        }
        Closing::Outer
    }

    fn mistyped_close(&mut self) -> Closing {
        self.error(SyntaxErrorKind::MismatchedClose, self.pos, self.pos + 1);
        self.pos += 1;
        Closing::This
    }

    /// Whether what stands at `at` may follow an item of `container`; `None` is the outermost level.
    fn may_follow(&self, container: Option<u8>, at: usize) -> bool {
        let at = after_blanks(self.bytes, at);
        match (container, self.bytes.get(at)) {
            (None, None) | (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')) => true,
            (Some(kind), Some(b',')) => (kind == b'{') == self.key_at(after_blanks(self.bytes, at + 1)),
            _ => false,
        }
    }

    /// Whether a string with a colon after it stands at `at`.
    pub(super) fn key_at(&self, at: usize) -> bool {
        if self.bytes.get(at) != Some(&b'"') {
            return false;
        }
        let mut end = plain_run(self.bytes, at + 1, b'"');
        while self.bytes.get(end) == Some(&b'\\') {
            end = plain_run(self.bytes, end + 2, b'"');
        }
        self.bytes.get(end) == Some(&b'"') && self.bytes.get(after_blanks(self.bytes, end + 1)) == Some(&b':')
    }

    /// Reports a bracket that is not closed, unless one further in ended here for the same cause.
    #[cold]
    pub(super) fn unclosed(&mut self, kind: SyntaxErrorKind, start: usize) {
        if self.pos >= self.bytes.len() {
            self.unfinished.push(Span::at(start).start);
        }
        if self.explained != Some(self.pos) {
            self.explained = Some(self.pos);
            self.error(kind, start, start + 1);
        }
    }

    /// Reads closing brackets that close nothing.
    #[cold]
    pub(super) fn stray_closes(&mut self) {
        let start = self.pos;
        let own = self.open.last().map(|open| if *open == b'{' { b'}' } else { b']' });
        while matches!(self.byte(0), Some(b']' | b'}')) && self.byte(0) != own {
            self.pos += 1;
        }
        self.error(SyntaxErrorKind::UnmatchedClose, start, self.pos);
    }

    /// After a string in an array comes a colon. Says whether the array ends here.
    #[cold]
    pub(super) fn colon_in_array(&mut self, start: usize, elements: &mut Vec<Node<'s>>, comma: Option<usize>) -> bool {
        let colon = self.pos;
        let Some(key) = elements.pop_if(|node| matches!(node.value, Value::String(_))) else {
            self.error(SyntaxErrorKind::Unexpected, colon, colon + 1);
            self.pos += 1;
            return false;
        };
        let key_start = key.span.start as usize;
        let in_object = self.open.iter().rev().nth(1) == Some(&b'{');
        let is_outdented = in_object && self.is_outdented(start, key_start);
        if !is_outdented {
            self.pos = key_start;
            if self.lacks_brace(elements.last(), &key, colon) {
                self.error(SyntaxErrorKind::MissingBraces, key_start, key.span.end as usize);
                elements.push(self.members(key_start, Vec::new()));
                return false;
            }
            if let Some(node) = self.reopen(elements) {
                elements.push(node);
                return false;
            }
        }
        if is_outdented || in_object && !elements.is_empty() {
            let end = elements.last().map_or(start, |node| node.span.end as usize);
            self.pos = comma.filter(|comma| *comma >= end).unwrap_or(key_start);
            // What was no element needs no comma before it.
            self.errors.pop_if(|error| error.kind == SyntaxErrorKind::MissingComma && error.span == Span::at(end));
            if self.string_broke(Span::at(end).end) {
                self.explained = Some(self.pos);
            }
            self.unclosed(SyntaxErrorKind::UnclosedArray, start);
            return true;
        }
        self.error(SyntaxErrorKind::Unexpected, colon, colon + 1);
        self.pos = colon + 1;
        elements.push(key);
        false
    }

    /// Goes on with the members of the object that was read last, as its closing brace came too early: a key
    /// stands here.
    pub(super) fn reopen(&mut self, nodes: &mut Vec<Node<'s>>) -> Option<Node<'s>> {
        let node = nodes.pop_if(|node| matches!(node.value, Value::Object(_)))?;
        let end = node.span.end as usize;
        // One that ends without a brace has been reported already.
        if self.bytes[..end].ends_with(b"}") {
            self.error(SyntaxErrorKind::UnmatchedClose, end - 1, end);
        }
        match node.value {
            Value::Object(members) => Some(self.members(node.span.start as usize, members)),
            _ => None,
        }
    }

    /// Whether the key at `key` begins its line no further right than the line with the bracket at `open` begins.
    fn is_outdented(&self, open: usize, key: usize) -> bool {
        /// Lines longer than that have no indentation worth a look.
        const REACH: usize = 400;
        let column = |at: usize| {
            let line = &self.bytes[at.saturating_sub(REACH)..at];
            let start = line.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'))? + 1;
            let indent = line[start..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            Some((indent, start + indent == line.len()))
        };
        match (column(open), column(key)) {
            (Some((outer, _)), Some((inner, true))) => inner <= outer,
            _ => false,
        }
    }

    /// Whether `byte` begins the next element of the array around the object that is being read. If so, goes back
    /// to the comma before it.
    #[cold]
    pub(super) fn next_element_follows(&mut self, byte: u8, last: Last) -> bool {
        let in_array = self.open.iter().rev().nth(1) == Some(&b'[');
        match last {
            Last::Comma(comma) if byte == b'{' && in_array && self.byte(1) != Some(b'{') => {
                self.pos = comma;
                true
            }
            _ => false,
        }
    }

    /// Notes that an error at the end of the text says enough about why brackets are not closed.
    pub(super) fn explain_end(&mut self) {
        if self.pos >= self.bytes.len() {
            self.explained = Some(self.pos);
        }
    }

    /// What the directive that was read last writes.
    #[cold]
    pub(super) fn written_value(&self) -> Node<'s> {
        let span = self.directives.last().copied().unwrap_or_default();
        Node { span, value: Value::Hole }
    }

    /// No value after the colon before `due`.
    #[cold]
    pub(super) fn missing_value(&mut self, due: usize) -> Node<'s> {
        self.error(SyntaxErrorKind::MissingValue, due, due);
        self.explain_end();
        Self::missing(due)
    }

    /// Something in place of a value that is none.
    #[cold]
    pub(super) fn junk_value(&mut self) -> Node<'s> {
        let start = self.pos;
        self.junk();
        Node { span: Span::new(start, self.pos), value: Value::Missing }
    }

    /// The value of a key that has no colon.
    #[cold]
    pub(super) fn value_without_colon(&mut self, key: Span) -> Node<'s> {
        let byte = self.token();
        let key_end = key.end as usize;
        let explained = self.errors.last().is_some_and(|error| match error.kind {
            SyntaxErrorKind::UnterminatedString | SyntaxErrorKind::UnquotedKey => error.span.end == key.end,
            SyntaxErrorKind::ExpectedKey => error.span.start == key.end,
            // `"a" + "b"`: what follows the operator is no key.
            SyntaxErrorKind::Unexpected => after_blanks(self.bytes, error.span.end as usize) == key.start as usize,
            _ => false,
        });
        if byte == Some(b'=') {
            let len = 1 + usize::from(self.byte(1) == Some(b'>'));
            if !explained {
                self.error(SyntaxErrorKind::MissingColon, self.pos, self.pos + len);
            }
            self.pos += len - 1;
            return self.member_value();
        }
        if !explained {
            self.error(SyntaxErrorKind::MissingColon, key_end, key_end);
        }
        self.explain_end();
        match byte {
            Some(byte) if !self.key_at(self.pos) => self.value(byte).unwrap_or_else(|| Self::missing(key_end)),
            _ => Self::missing(key_end),
        }
    }

    /// Skips characters that belong to nothing, at least one.
    #[cold]
    pub(super) fn junk(&mut self) {
        let start = self.pos;
        let rest = self.slice(start, self.bytes.len());
        if is_half_a_tag(rest) {
            self.pos = self.unterminated(start);
            return;
        }
        let stop = |character| matches!(character, ',' | '"' | '{' | '}' | '[' | ']' | '\n' | '\r');
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let run = rest.get(first..).and_then(|rest| rest.find(stop)).map_or(rest.len(), |len| first + len);
        self.pos = start + run;
        let end = start + self.slice(start, self.pos).trim_end().len();
        self.error(SyntaxErrorKind::Unexpected, start, end.max(start + first));
        if matches!(rest, "%" | "<") {
            // What a template fills in begins so.
            self.explain_end();
        }
    }

    /// Skips a container that is nested too deeply, with all that is in it.
    #[cold]
    pub(super) fn skip_too_deep(&mut self) -> Node<'s> {
        let start = self.pos;
        if !self.too_deep {
            self.too_deep = true;
            self.error(SyntaxErrorKind::TooDeep, start, start + 1);
        }
        let mut depth = 0usize;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'"' => {
                    self.string(b'"');
                    continue;
                }
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            self.pos += 1;
            if depth == 0 {
                break;
            }
        }
        if depth > 0 {
            self.explain_end();
        }
        Node { span: Span::new(start, self.pos), value: Value::Missing }
    }

    /// Where a string that is not closed ends: before the comma and the brackets at the end of its line that are
    /// rather the text's than its own, and before the colon of a key with its value's bracket.
    pub(super) fn give_back(&self, inner: usize, end: usize) -> usize {
        let trimmed = |end: usize| {
            let line = &self.bytes[inner..end];
            inner + line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |last| last + 1)
        };
        let mut end = trimmed(end);
        if end > inner && self.bytes[end - 1] == b',' {
            end = trimmed(end - 1);
        }
        if end > inner && matches!(self.bytes[end - 1], b'{' | b'[') {
            let before = trimmed(end - 1);
            if before > inner && self.bytes[before - 1] == b':' {
                return before - 1;
            }
        }
        let count = |wanted: u8| memchr::memchr_iter(wanted, &self.bytes[inner..end]).count();
        let mut braces = count(b'}').saturating_sub(count(b'{'));
        let mut brackets = count(b']').saturating_sub(count(b'['));
        while end > inner {
            let surplus = match self.bytes[end - 1] {
                b'}' => &mut braces,
                b']' => &mut brackets,
                _ => break,
            };
            if *surplus == 0 {
                break;
            }
            *surplus -= 1;
            end = trimmed(end - 1);
        }
        end
    }

    /// Whether a string goes on after the line break at `at`: the next line begins with a word and brings the
    /// closing quote, with what may follow it.
    pub(super) fn continues_on_next_line(&self, at: usize, quote: u8) -> bool {
        let next = after_blanks(self.bytes, at);
        if !self.bytes.get(next).is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            return false;
        }
        let line = &self.bytes[next..self.line_end(next)];
        let Some(close) = memchr::memchr(quote, line) else { return false };
        let after = line[close + 1..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        matches!(after, Some(b',' | b']' | b'}') | None)
    }

    /// The text of a string that lost its closing quote, and seemed to end at the opening quote of the next one:
    /// `"Effect: "Allow"`, `"Condition: { "Bool": …`. Goes back to the separator.
    pub(super) fn cut_at_separator(&mut self, start: usize) -> Option<&'s str> {
        let inner = self.slice(start + 1, self.pos - 1).trim_end();
        let text = inner.trim_end_matches(['{', '[', ' ', '\t']).strip_suffix([':', ','])?.trim_end();
        self.pos = start + 1 + text.len();
        self.error(SyntaxErrorKind::UnterminatedString, start, self.pos);
        Some(text)
    }

    /// The text of a string with quotes inside that should have been escaped: `"a "quoted" word"`. It ends at the
    /// first quote of the line that has something after it that may follow a string.
    pub(super) fn span_inner_quotes(&mut self, start: usize) -> Option<&'s str> {
        if self.wasted > self.bytes.len() {
            return None;
        }
        let inner = self.pos - 1;
        let line = &self.bytes[self.pos..self.line_end(self.pos)];
        let close = memchr::memchr_iter(b'"', line).find(|quote| {
            let after = line[quote + 1..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
            matches!(after, Some(b',' | b']' | b'}' | b':') | None)
        });
        let Some(close) = close.map(|offset| self.pos + offset) else {
            self.wasted += line.len();
            return None;
        };
        self.error(SyntaxErrorKind::UnescapedQuote, inner, inner + 1);
        self.pos = close + 1;
        Some(self.slice(start + 1, close))
    }
}

/// Whether the text ends in the middle of `<% … %>`. What a bracket closes further on was rather written around it.
fn is_half_a_tag(rest: &str) -> bool {
    /// A text of such beginnings shall not be searched to its end for each of them.
    const REACH: usize = 400;
    let line = rest.trim_ascii_end();
    rest.starts_with("<%") && rest.len() <= REACH && !line.ends_with([']', '}']) && !line.contains(['\n', '\r'])
}
