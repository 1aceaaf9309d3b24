//! Letters that look like ASCII letters and are not.

/// Pairs of a letter and the ASCII letter that it is drawn like in most fonts, from the Cyrillic and Greek rows of
/// Unicode's table of confusables. Full-width forms are told by their number.
#[rustfmt::skip] // Rows of a table.
const LOOKALIKES: &[(char, char)] = &[
    ('а', 'a'), ('с', 'c'), ('ԁ', 'd'), ('е', 'e'), ('һ', 'h'), ('і', 'i'), ('ј', 'j'), ('ӏ', 'l'), ('ո', 'n'),
    ('о', 'o'), ('р', 'p'), ('ԛ', 'q'), ('ѕ', 's'), ('ս', 'u'), ('ѵ', 'v'), ('ԝ', 'w'), ('х', 'x'), ('у', 'y'),
    ('А', 'A'), ('В', 'B'), ('С', 'C'), ('Е', 'E'), ('Н', 'H'), ('І', 'I'), ('Ј', 'J'), ('К', 'K'), ('М', 'M'),
    ('О', 'O'), ('Р', 'P'), ('Ѕ', 'S'), ('Т', 'T'), ('Х', 'X'), ('У', 'Y'), ('ο', 'o'), ('ν', 'v'), ('ρ', 'p'),
    ('α', 'a'), ('ι', 'i'), ('Α', 'A'), ('Β', 'B'), ('Ε', 'E'), ('Ζ', 'Z'), ('Η', 'H'), ('Ι', 'I'), ('Κ', 'K'),
    ('Μ', 'M'), ('Ν', 'N'), ('Ο', 'O'), ('Ρ', 'P'), ('Τ', 'T'), ('Υ', 'Y'), ('Χ', 'X'), ('ı', 'i'), ('‐', '-'),
    ('‑', '-'), ('–', '-'), ('：', ':'), ('＊', '*'),
];

/// The text in ASCII and the first letter that only looks it, if there is one.
pub(super) fn unmask(text: &str) -> Option<(String, char)> {
    let first = text.chars().find(|letter| ascii(*letter) != Some(*letter))?;
    // A letter without width, such as a zero-width space, is left out.
    Some((text.chars().filter_map(ascii).collect(), first))
}

/// The ASCII letter that it looks like; `None` where it looks like nothing.
fn ascii(letter: char) -> Option<char> {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        _ => Some(LOOKALIKES.iter().find(|(odd, _)| *odd == letter).map_or(letter, |(_, plain)| *plain)),
    }
}

/// "`і` (U+0456)".
pub(super) fn describe(letter: char) -> String {
    if ascii(letter).is_none() {
        return format!("an invisible U+{:04X}", u32::from(letter));
    }
    format!("`{letter}` (U+{:04X})", u32::from(letter))
}

#[cfg(test)]
mod tests {
    use super::unmask;

    #[test]
    fn only_what_is_disguised() {
        assert_eq!(unmask("iam:PassRole"), None);
        assert_eq!(unmask("іam:PassRole"), Some(("iam:PassRole".into(), 'і')));
        assert_eq!(unmask("iam:Pass\u{200b}Role"), Some(("iam:PassRole".into(), '\u{200b}')));
        assert_eq!(unmask("ｓ３"), Some(("s3".into(), 'ｓ')));
        assert_eq!(unmask("é"), None, "a letter of its own");
    }
}
