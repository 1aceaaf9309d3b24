//! What stands between tokens and is no JSON white space.

use super::{Reader, SyntaxErrorKind};
use memchr::{memchr2, memmem};

/// How many characters of a kind make a conflict marker.
const MARKER: usize = 7;

impl Reader<'_> {
    /// Skips what begins here with `byte`, if it is nothing that a value or a key may be.
    #[cold]
    pub(super) fn trivia(&mut self, byte: u8) -> bool {
        match byte {
            b'/' | b'#' => self.comment(),
            b'{' | b'%' => self.directive(),
            b'<' => self.conflict_marker(byte) || self.directive(),
            b'=' | b'>' | b'|' => self.conflict_marker(byte),
            b'`' => self.fence(),
            b'0'..=b'9' => self.line_number(),
            0x0B | 0x0C | 0x80.. => self.stray_whitespace(),
            _ => false,
        }
    }

    fn comment(&mut self) -> bool {
        let start = self.pos;
        match (self.byte(0), self.byte(1)) {
            (Some(b'/'), Some(b'*')) => match memmem::find(&self.bytes[start + 2..], b"*/") {
                Some(offset) => self.pos = start + 2 + offset + 2,
                None => {
                    self.pos = self.bytes.len();
                    self.explained = Some(self.pos);
                    self.error(SyntaxErrorKind::UnterminatedComment, start, start + 2);
                    return true;
                }
            },
            (Some(b'/'), Some(b'/')) | (Some(b'#'), _) => self.pos = self.line_end(start),
            _ => return false,
        }
        let end = start + self.slice(start, self.pos).trim_end().len();
        self.error(SyntaxErrorKind::Comment, start, end);
        true
    }

    /// Both sides of a conflict are read; the first marker is the error.
    fn conflict_marker(&mut self, byte: u8) -> bool {
        let start = self.pos;
        let first_column = start == 0 || matches!(self.bytes[start - 1], b'\n' | b'\r');
        let run = self.bytes[start..].iter().take(MARKER + 1).take_while(|next| **next == byte).count();
        if !first_column || run != MARKER {
            return false;
        }
        self.pos = self.line_end(start);
        if !self.in_conflict {
            let end = start + self.slice(start, self.pos).trim_end().len();
            self.error(SyntaxErrorKind::ConflictMarker, start, end);
        }
        self.conflicts = true;
        self.in_conflict = byte != b'>';
        true
    }

    fn fence(&mut self) -> bool {
        let start = self.pos;
        if !self.bytes[start..].starts_with(b"```") {
            return false;
        }
        self.pos = self.line_end(start);
        if !self.fenced {
            let end = start + self.slice(start, self.pos).trim_end().len();
            self.error(SyntaxErrorKind::MarkdownFence, start, end);
        }
        self.fenced = !self.fenced;
        true
    }

    /// Finds out whether the text begins with a line number.
    pub(super) fn find_line_numbers(&mut self) {
        let start = super::after_blanks(self.bytes, self.pos);
        let Some(end) = self.line_number_end(start) else { return };
        // `1: ` alone might be a key that lost its quotes; a second line that goes on counting is no accident.
        let next = super::after_blanks(self.bytes, self.line_end(end));
        if self.line_number_end(next).is_some() {
            self.numbered = true;
            self.error(SyntaxErrorKind::LineNumber, start, end);
        }
    }

    fn line_number(&mut self) -> bool {
        let before = &self.bytes[self.pos.saturating_sub(8)..self.pos];
        let indent = before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
        if !matches!(indent, Some(b'\n' | b'\r') | None) {
            return false;
        }
        match self.line_number_end(self.pos) {
            Some(end) => self.pos = end,
            None => return false,
        }
        true
    }

    /// The end of a line number (`12.`, `12:`, `12)`, `12|`) that begins at `start`.
    fn line_number_end(&self, start: usize) -> Option<usize> {
        let digits = self.bytes.get(start..)?.iter().take(7).take_while(|byte| byte.is_ascii_digit()).count();
        let end = start + digits + 1;
        let mark = matches!(self.bytes.get(end - 1), Some(b'.' | b':' | b')' | b'|'));
        let blank = matches!(self.bytes.get(end), Some(b' ' | b'\t' | b'\n' | b'\r') | None);
        (digits > 0 && mark && blank).then_some(end)
    }

    fn stray_whitespace(&mut self) -> bool {
        let start = self.pos;
        let rest = self.slice(start, self.bytes.len());
        let end = start + rest.find(|character| !is_stray_whitespace(character)).unwrap_or(rest.len());
        if end == start {
            return false;
        }
        self.error(SyntaxErrorKind::StrayWhitespace, start, end);
        self.pos = end;
        true
    }

    /// The offset of the line break at or after `from`, or the end of the text.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let from = from.min(self.bytes.len());
        memchr2(b'\n', b'\r', &self.bytes[from..]).map_or(self.bytes.len(), |offset| from + offset)
    }
}

/// Characters that look like a space, or like nothing, and that JSON does not allow between tokens.
fn is_stray_whitespace(character: char) -> bool {
    match character {
        ' ' | '\t' | '\n' | '\r' => false,
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => true,
        _ => character.is_whitespace(),
    }
}
