//! Template expressions and directives that stand outside of strings.

use super::bare::Place;
use super::{Reader, SyntaxErrorKind};
use crate::syntax::{Node, Value};
use crate::text::Span;
use memchr::memmem;
use std::borrow::Cow;

/// The closing marks that no longer occur. Without this, a text full of opening ones would be searched to its end
/// for each of them.
#[derive(Default)]
pub(super) struct Exhausted {
    braces: bool,
    percent: bool,
    hash: bool,
    tag: bool,
    quotes: bool,
}

impl<'s> Reader<'s> {
    /// Whether a bare expression, and not a directive, begins here.
    pub(super) fn at_hole(&self) -> bool {
        match (self.byte(0), self.byte(1)) {
            (Some(b'$'), Some(b'{')) => true,
            (Some(b'{'), Some(b'{')) => !self.at_brace_directive(),
            (Some(b'$'), Some(b'$')) => self.byte(2) == Some(b'{'),
            (Some(b'%'), Some(b'{')) => !self.at_terraform_directive(),
            (Some(b'<'), Some(b'%')) => !self.at_code_tag() && self.tag_end().is_some(),
            (Some(b'<'), Some(_)) => self.tag_end().is_some(),
            _ => false,
        }
    }

    /// Reads the expression here, and all that is glued to it.
    pub(super) fn hole(&mut self, place: Place) {
        loop {
            if self.at_hole() {
                self.expression();
                continue;
            }
            match self.byte(0) {
                Some(b'"') => drop(self.string(b'"')),
                Some(b':') if place == Place::Key => return,
                Some(b',' | b']' | b'}' | b'[' | b'{' | b' ' | b'\t' | b'\n' | b'\r' | b'#') | None => return,
                Some(b'%') if self.at_terraform_directive() => return,
                Some(_) => self.pos += 1,
            }
        }
    }

    /// Reads one expression.
    fn expression(&mut self) {
        let start = self.pos;
        let end = match self.bytes[start] {
            b'{' => self.find_braces(),
            b'<' => self.tag_end(),
            _ => {
                let brace = memchr::memchr(b'{', &self.bytes[start..]).map_or(start, |offset| start + offset);
                self.expression_end(brace)
            }
        };
        self.pos = end.unwrap_or_else(|| self.unterminated(start));
    }

    /// The end of the line, where an expression ends that is never closed.
    #[cold]
    pub(super) fn unterminated(&mut self, start: usize) -> usize {
        let end = self.line_end(start);
        self.error(SyntaxErrorKind::UnterminatedTemplate, start, end);
        if super::after_blanks(self.bytes, end) == self.bytes.len() {
            // It takes along the brackets that come after it.
            self.explained = Some(self.bytes.len());
        }
        end
    }

    fn find_braces(&mut self) -> Option<usize> {
        let end = find(self.bytes, self.pos + 2, b"}}", &mut self.exhausted.braces)?;
        // `{{{ … }}}` writes without escaping.
        let is_triple = self.byte(2) == Some(b'{') && self.bytes.get(end) == Some(&b'}');
        Some(end + usize::from(is_triple))
    }

    /// The end of `<…>`, or of `<% … %>`. The first stays on its line and holds no further bracket or quote, and
    /// does not look like markup.
    fn tag_end(&self) -> Option<usize> {
        /// A tag is a name or a phrase.
        const REACH: usize = 400;
        let start = self.pos + 1;
        let reach = &self.bytes[start..self.bytes.len().min(start + REACH)];
        let first = *reach.first()?;
        if first == b'%' {
            return memmem::find(reach, b"%>").map(|offset| start + offset + 2);
        }
        if !(first.is_ascii_alphanumeric() || matches!(first, b'_' | b'$' | b' ')) {
            return None;
        }
        let len = reach.iter().position(|byte| matches!(byte, b'>' | b'<' | b'"' | b'\n' | b'\r'))?;
        (reach[len] == b'>').then_some(start + len + 1)
    }

    /// The end of an expression whose opening brace is at `brace`. Braces nest, and quotes hide them. Once more
    /// has been searched in vain than the text is long, the search keeps to the line.
    fn expression_end(&mut self, brace: usize) -> Option<usize> {
        let to_line_end = self.wasted > self.bytes.len();
        let mut depth = 0usize;
        let mut at = brace;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'{' => depth += 1,
                b'}' if depth <= 1 => return Some(at + 1),
                b'}' => depth -= 1,
                b'"' => at = self.end_of_quotes(at),
                b'\n' if to_line_end => break,
                _ => {}
            }
            at += 1;
        }
        self.wasted += at - brace;
        None
    }

    /// The closing quote of the string that opens at `at`, or the opening one if there is none on the line.
    fn end_of_quotes(&self, at: usize) -> usize {
        let mut end = at + 1;
        while let Some(byte) = self.bytes.get(end) {
            match byte {
                b'"' => return end,
                b'\\' => end += 2,
                b'\n' | b'\r' => return end,
                _ => end += 1,
            }
        }
        end
    }

    fn at_terraform_directive(&self) -> bool {
        let inside = self.slice(self.pos + 2, self.bytes.len()).trim_start_matches(['~', ' ', '\t', '\n', '\r']);
        ["if", "for", "else", "endif", "endfor"].iter().any(|keyword| {
            inside.strip_prefix(keyword).is_some_and(|rest| {
                !rest.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '.' | '-'))
            })
        })
    }

    /// Reads the directive that begins here, if one does.
    #[cold]
    pub(super) fn directive(&mut self) -> bool {
        let start = self.pos;
        let end = match (self.byte(0), self.byte(1)) {
            (Some(b'{'), Some(b'%')) => find(self.bytes, start + 2, b"%}", &mut self.exhausted.percent),
            (Some(b'{'), Some(b'#')) => find(self.bytes, start + 2, b"#}", &mut self.exhausted.hash),
            (Some(b'{'), Some(b'{')) if self.at_brace_directive() => self.find_braces(),
            (Some(b'<'), Some(b'%')) if self.at_code_tag() => {
                match find(self.bytes, start + 2, b"%>", &mut self.exhausted.tag) {
                    None => return false,
                    end => end,
                }
            }
            (Some(b'%'), Some(b'{')) if self.at_terraform_directive() => self.expression_end(start + 1),
            _ => return false,
        };
        self.pos = end.unwrap_or_else(|| self.unterminated(start));
        self.directives.push(Span::new(start, self.pos));
        true
    }

    /// Reads the values that other branches of a directive have in place of `node`. Which one stands is not known.
    #[cold]
    pub(super) fn other_branches(&mut self, mut node: Node<'s>) -> Node<'s> {
        loop {
            let seen = self.directives.len();
            let Some(byte) = self.token() else { return node };
            if self.directives.len() == seen || self.key_at(self.pos) {
                return node;
            }
            let Some(other) = self.value(byte) else { return node };
            node = Node { span: node.span.cover(other.span), value: Value::Hole };
        }
    }

    /// A string, with something right after its closing quote.
    #[cold]
    pub(super) fn glued_string(&mut self, start: usize, text: Cow<'s, str>) -> Value<'s> {
        if text.is_empty() && self.byte(0) == Some(b'"') {
            return Value::String(self.triple_quoted(start).map_or(text, Cow::Borrowed));
        }
        if self.at_hole() {
            self.hole(if self.open.last() == Some(&b'{') { Place::Key } else { Place::Value });
            return Value::Hole;
        }
        let word = self.byte(0).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'*'));
        if self.string_broke(Span::at(self.pos).end) {
            return Value::String(text);
        }
        let argument = may_quote_next(&text);
        if let Some(end) = (word || argument).then(|| self.quotes_in_expression(start)).flatten() {
            self.pos = end;
            return Value::Hole;
        }
        let repaired = match self.byte(0) {
            _ if word => self.cut_at_separator(start).or_else(|| self.span_inner_quotes(start)),
            // What comes next is the empty string.
            Some(b'"') => self.cut_at_separator(start),
            _ => None,
        };
        Value::String(repaired.map_or(text, Cow::Borrowed))
    }

    /// The text between three quotes, as Python and HCL have them.
    fn triple_quoted(&mut self, start: usize) -> Option<&'s str> {
        let inner = self.pos + 1;
        let close = find(self.bytes, inner, b"\"\"\"", &mut self.exhausted.quotes)?;
        // On several lines it begins after a line break; else the quotes further on are others.
        let read = &self.bytes[inner..close];
        if !matches!(read[0], b'\n' | b'\r') && memchr::memchr2(b'\n', b'\r', read).is_some() {
            return None;
        }
        self.pos = close;
        self.error(SyntaxErrorKind::TripleQuotes, start, close);
        Some(self.slice(inner, close - 3))
    }

    /// The end of the string that begins at `start`, if the quote where it seemed to end belongs to a template
    /// expression inside it, on the same line: `"${map["key"]}"`.
    fn quotes_in_expression(&mut self, start: usize) -> Option<usize> {
        if self.wasted > self.bytes.len() {
            return None;
        }
        let read = &self.bytes[start..self.pos];
        if let Some(tag) = memmem::rfind(read, b"<%").filter(|tag| memmem::find(&read[*tag..], b"%>").is_none()) {
            return self.quotes_in_tag(start + tag);
        }
        let brace = start + memchr::memrchr(b'{', read)?;
        let opens = matches!(self.bytes[brace - 1], b'$' | b'%' | b'{');
        if !opens || memchr::memchr(b'}', &self.bytes[brace..self.pos]).is_some() {
            return None;
        }
        let after = self.expression_end(brace)?;
        if memchr::memchr(b'\n', &self.bytes[brace..after]).is_some() {
            self.wasted += after - brace;
            return None;
        }
        self.end_of_string(after)
    }

    /// The same of `"<%= map["key"] %>"`, whose tag begins at `tag`.
    fn quotes_in_tag(&mut self, tag: usize) -> Option<usize> {
        let line = &self.bytes[tag..self.line_end(tag)];
        let Some(offset) = memmem::find(line, b"%>") else {
            self.wasted += line.len();
            return None;
        };
        self.end_of_string(tag + offset + 2)
    }

    /// The offset after the quote that closes a string of which nothing but plain text is left at `from`.
    fn end_of_string(&self, from: usize) -> Option<usize> {
        let close = super::string::plain_run(self.bytes, from, b'"');
        (self.bytes.get(close) == Some(&b'"')).then_some(close + 1)
    }
}

/// Whether a text ends where an expression goes on with a string of its own: `${join(`, `{{ x | join('`, `${x == `. A
/// string that stops there is hardly ever meant to.
pub(super) fn may_quote_next(text: &str) -> bool {
    let called = text.strip_suffix("('").or_else(|| text.strip_suffix(['(', '[']));
    let is_named = |before: &str| before.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_');
    (called.is_some_and(is_named) || text.ends_with("== ") || text.ends_with("!= "))
        && ["${", "{{", "<%"].iter().any(|open| text.contains(open))
}

/// The offset after the first `mark` from `from` on.
fn find(bytes: &[u8], from: usize, mark: &[u8], exhausted: &mut bool) -> Option<usize> {
    if *exhausted {
        return None;
    }
    let found = bytes.get(from..).and_then(|rest| memmem::find(rest, mark)).map(|offset| from + offset + mark.len());
    *exhausted = found.is_none();
    found
}
