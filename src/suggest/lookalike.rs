//! Letters that look like ASCII letters and are not, and characters that are not seen at all.

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

/// A name that is not what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disguise {
    /// What it looks like: in ASCII, and without what is not seen.
    pub plain: String,
    /// The first letter that is to blame.
    pub letter: char,
}

impl Disguise {
    /// `None` where `text` is what it looks like, as nearly every name is.
    pub fn of(text: &str) -> Option<Self> {
        let is_usual = |byte: u8| byte.is_ascii_graphic();
        if text.bytes().all(is_usual) {
            return None;
        }
        let letter = text.chars().find(|letter| ascii(*letter) != Some(*letter))?;
        Some(Self { plain: text.chars().filter_map(ascii).collect(), letter })
    }

    /// What is to blame: "`і` (U+0456)", "an invisible U+200B", "a space".
    pub fn culprit(&self) -> String {
        let number = u32::from(self.letter);
        match self.letter {
            ' ' => "a space".into(),
            '\t' => "a tab".into(),
            '\n' | '\r' => "a line break".into(),
            letter if ascii(letter).is_none() => format!("an invisible U+{number:04X}"),
            letter => format!("`{letter}` (U+{number:04X})"),
        }
    }

    /// What to do about it, where `known` is the name that was meant.
    pub fn remedy(&self, known: &str) -> String {
        match self.letter {
            ' ' => "remove the space".into(),
            '\t' => "remove the tab".into(),
            '\n' | '\r' => "remove the line break".into(),
            _ => format!("write `{known}`"),
        }
    }
}

/// The ASCII letter that it looks like; `None` where it looks like nothing, such as spaces of whatever width.
fn ascii(letter: char) -> Option<char> {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => None,
        letter if letter.is_whitespace() => None,
        _ => Some(LOOKALIKES.iter().find(|(odd, _)| *odd == letter).map_or(letter, |(_, plain)| *plain)),
    }
}

#[cfg(test)]
mod tests {
    use super::Disguise;

    #[track_caller]
    fn check(text: &str, expect: Option<(&str, &str)>) {
        let found = Disguise::of(text);
        let found = found.as_ref().map(|found| (found.plain.as_str(), found.culprit()));
        assert_eq!(found, expect.map(|(plain, culprit)| (plain, culprit.to_owned())), "{text:?}");
    }

    #[test]
    fn only_what_is_disguised() {
        check("iam:PassRole", None);
        check("іam:PassRole", Some(("iam:PassRole", "`і` (U+0456)")));
        check("iam:Pass\u{200b}Role", Some(("iam:PassRole", "an invisible U+200B")));
        check("iam:PassRole\u{a0}", Some(("iam:PassRole", "an invisible U+00A0")));
        check(" iam:PassRole", Some(("iam:PassRole", "a space")));
        check("iam:PassRole\t", Some(("iam:PassRole", "a tab")));
        check("iam:PassRole\r\n", Some(("iam:PassRole", "a line break")));
        check("ｓ３：Get＊", Some(("s3:Get*", "`ｓ` (U+FF53)")));
        check("é", None);
        check("", None);
    }
}
