//! Text from files, made safe to print.

use std::borrow::Cow;

/// `text` with every character that a terminal would obey, or that would reorder the line, replaced by a visible
/// one. It has as many characters afterwards as before, so columns stay what they were.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        Cow::Owned(text.chars().map(|c| if is_unsafe(c) { stand_in(c) } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether `c` does something to a terminal rather than being shown by it: the C0 and C1 controls (U+009B alone
/// begins an escape sequence), separators that break a line, and the controls of text direction, with which a
/// line can be made to read as what it is not.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Unicode has a picture for each of the C0 controls and for DEL.
pub(super) fn stand_in(c: char) -> char {
    let picture = match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32),
        '\u{7f}' => Some('\u{2421}'),
        _ => None,
    };
    picture.unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let safe = printable(text);
        assert_eq!(safe, expect);
        assert_eq!(safe.chars().count(), text.chars().count());
    }

    #[test]
    fn what_a_terminal_would_obey_becomes_visible() {
        check("plain é 😀", "plain é 😀");
        check("\x1b[31mred\x07", "␛[31mred␇");
        check("a\r\n\tb\x7f", "a␍␊␉b␡");
        check("\u{9b}2J \u{202e}txet", "\u{fffd}2J \u{fffd}txet");
    }
}
