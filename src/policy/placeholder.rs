//! Names that scripts, format strings and readers put something in the place of: `$NAME`, `%s`, `@NAME@`, `[NAME]`.

use std::ops::Range;

/// `[ACCOUNT_ID]` at `open`: capitals in brackets, which no name of AWS's has, are to be filled in by the reader.
pub(super) fn bracketed(text: &str, open: usize) -> Option<Range<usize>> {
    let end = open + text[open..].find(']')?;
    let name = &text[open + 1..end];
    let shouts = name.len() > 2 && name.starts_with(|c: char| c.is_ascii_uppercase());
    let is_name = name.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, b'_' | b'-' | b' '));
    (shouts && is_name).then_some(open..end + 1)
}

/// Whether such a placeholder as [`signed`] finds may begin with the byte.
pub(super) fn is_sign(byte: u8) -> bool {
    matches!(byte, b'$' | b'%' | b'@' | b'_')
}

/// The placeholder whose `$`, `%`, `@` or `_` stands at `at`, if there is one.
pub(super) fn signed(text: &str, at: usize) -> Option<Range<usize>> {
    /// None is longer. A text of such beginnings shall not be searched to its end for each of them.
    const REACH: usize = 400;
    let rest = &text.as_bytes()[at + 1..];
    let rest = &rest[..rest.len().min(REACH)];
    let length = match text.as_bytes()[at] {
        b'$' => shell(rest),
        b'%' => verb(rest).or_else(|| closed(rest, b"%").filter(|length| !is_hex(&rest[*length..]))),
        b'@' => closed(rest, b"@"),
        _ => {
            let is_part_of_name = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
            let length = 1 + closed(rest.strip_prefix(b"_")?, b"__")?;
            let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
            (!is_part_of_name(before) && !is_part_of_name(rest.get(length))).then_some(length)
        }
    }?;
    Some(at..at + 1 + length)
}

/// What follows the `$` of `$NAME` and `$(command)`. What AWS itself writes with one is in lower case (`$default`,
/// `$aws/things`), save for two names of versions.
fn shell(rest: &[u8]) -> Option<usize> {
    if rest.first() == Some(&b'(') {
        return closing_parenthesis(rest);
    }
    let name = name(rest)?;
    (!matches!(name, b"LATEST" | b"DEFAULT") && !rest.get(name.len()).is_some_and(u8::is_ascii_lowercase))
        .then_some(name.len())
}

/// What follows the `%` of `%s`, `%[1]s` (Go), `%1$s` (Java) and `%(name)s` (Python). `%d0` is an encoded character.
fn verb(rest: &[u8]) -> Option<usize> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let chosen = match rest.get(digits)? {
        b'$' if digits > 0 => digits + 1,
        b'[' => memchr::memchr(b']', rest)? + 1,
        b'(' => closing_parenthesis(rest)?,
        _ => 0,
    };
    let is_verb = matches!(rest.get(chosen)?, b's' | b'd' | b'v' | b'q');
    (is_verb && !is_hex(&rest[chosen..])).then_some(chosen + 1)
}

/// The length of a name and of `end`, which closes it.
fn closed(rest: &[u8], end: &[u8]) -> Option<usize> {
    let name = name(rest)?;
    // A name may have such a character in it, but does not end in one.
    let length = memchr::memmem::find(rest, end).map_or(name.len(), |found| found.min(name.len()));
    (length >= 2 && rest[length..].starts_with(end)).then_some(length + end.len())
}

/// The capitals, digits and underscores at the beginning: two or more, and a capital first.
fn name(rest: &[u8]) -> Option<&[u8]> {
    let is_of_name = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let length = rest.iter().take_while(|byte| is_of_name(byte)).count();
    (length >= 2 && rest[0].is_ascii_uppercase()).then(|| &rest[..length])
}

/// The offset just past the parenthesis that closes the first one.
fn closing_parenthesis(rest: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    for at in memchr::memchr2_iter(b'(', b')', rest) {
        depth = if rest[at] == b'(' { depth + 1 } else { depth - 1 };
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// Whether two hexadecimal digits come first.
fn is_hex(rest: &[u8]) -> bool {
    rest.len() >= 2 && rest[..2].iter().all(u8::is_ascii_hexdigit)
}
