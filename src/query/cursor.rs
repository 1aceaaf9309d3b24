//! Where the parts of a query are written.
//!
//! The engine's syntax tree does not say. But its parts come in the order of the text, so that a cursor that goes
//! along finds each after the one before.

use std::ops::Range;

/// A place in a query's text, before which everything has been found.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    /// The beginning of `text`.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// That part of the text.
    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// Goes past the next `name`, be it a member's or a function's, in quotes or not.
    pub(super) fn name(&mut self, name: &str) -> Range<usize> {
        let mut at = self.at;
        while let Some(token) = token(self.text, at) {
            let inner = match self.text.as_bytes()[token.start] {
                b'"' | b'\'' => token.start + 1..token.end.saturating_sub(1).max(token.start + 1),
                _ => token.clone(),
            };
            if self.slice(inner.clone()) == name {
                self.at = token.end;
                return inner;
            }
            at = token.end;
        }
        // A name that is written with escapes.
        self.at..self.text.len()
    }

    /// Goes into the next filter.
    pub(super) fn filter(&mut self) {
        let mut at = self.at;
        while let Some(token) = token(self.text, at) {
            at = token.end;
            if self.slice(token) == "?" {
                self.at = at;
                return;
            }
        }
    }

    /// Goes to the next operand of a filter: a path, a literal or a call of a function.
    pub(super) fn operand(&mut self) -> Range<usize> {
        let rest = &self.text[self.at..];
        let begins = |c: char| matches!(c, '@' | '$' | '"' | '\'' | '-') || c.is_alphanumeric() || c == '_';
        self.at += rest.find(begins).unwrap_or(rest.len());
        self.at..operand_end(self.text, self.at)
    }

    /// Goes past a part that has been dealt with.
    pub(super) fn pass(&mut self, part: &Range<usize>) {
        self.at = self.at.max(part.end);
    }
}

/// The next word, string or sign from `at` on.
fn token(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let start = at + rest.find(|c: char| !c.is_whitespace())?;
    let mut letters = text[start..].char_indices();
    let (_, first) = letters.next()?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || !c.is_ascii();
    let end = match first {
        '"' | '\'' => string_end(text, start, first),
        _ if is_word(first) => letters.find(|(_, c)| !is_word(*c)).map_or(text.len(), |(offset, _)| start + offset),
        _ => start + first.len_utf8(),
    };
    Some(start..end)
}

/// Just past the string that begins with `quote` at `start`.
fn string_end(text: &str, start: usize, quote: char) -> usize {
    let mut escaped = false;
    let close = text[start + 1..].char_indices().find(|(_, c)| {
        let closes = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    close.map_or(text.len(), |(offset, _)| start + 1 + offset + 1)
}

/// Just past the operand that begins at `start`: at a blank, an operator, or a bracket that closes around it.
fn operand_end(text: &str, start: usize) -> usize {
    let (mut end, mut depth) = (start, 0_usize);
    while let Some(token) = token(text, end) {
        let sign = text[token.clone()].chars().next().unwrap_or(' ');
        let is_over = depth == 0 && (token.start > end || matches!(sign, '=' | '!' | '<' | '>' | '&' | '|' | ','));
        match sign {
            _ if is_over => break,
            '[' | '(' => depth += 1,
            ']' | ')' if depth == 0 => break,
            ']' | ')' => depth -= 1,
            _ => {}
        }
        end = token.end;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_in_order() {
        let text = "$['é'].b[0, 1][?in(@.b, 'b') && !(@.c[?@['b'] == \"x\\\"]\"]) || -1 < $.d[0]]";
        let mut cursor = Cursor::new(text);
        let mut found = Vec::new();
        let mut note = |range: Range<usize>| found.push(&text[range]);
        note(cursor.name("é"));
        note(cursor.name("b"));
        cursor.filter();
        note(cursor.operand());
        note(cursor.name("in"));
        note(cursor.operand());
        note(cursor.name("b"));
        let set = cursor.operand();
        cursor.pass(&set);
        note(set);
        note(cursor.operand());
        cursor.filter();
        note(cursor.operand());
        note(cursor.name("b"));
        let string = cursor.operand();
        cursor.pass(&string);
        note(string);
        let number = cursor.operand();
        cursor.pass(&number);
        note(number);
        note(cursor.operand());
        let expected = [
            "é",
            "b",
            "in(@.b, 'b')",
            "in",
            "@.b",
            "b",
            "'b'",
            "@.c[?@['b'] == \"x\\\"]\"]",
            "@['b']",
            "b",
            "\"x\\\"]\"",
            "-1",
            "$.d[0]",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_not_there_is_the_rest() {
        let mut cursor = Cursor::new("$['\\u0061']");
        assert_eq!(cursor.name("a"), 0..11);
        assert_eq!(cursor.operand(), 0..11);
    }
}
