//! Whether a pattern of a policy and a pattern of AWS's documents have a text in common.

/// Placeholders whose values never contain a slash, so that a bucket is not taken for an object, nor a table for its
/// index. Others are given the benefit of the doubt.
const WITHOUT_SLASH: [&str; 5] = ["BucketName", "TableName", "Partition", "Region", "Account"];

/// A step of a pattern: what one character may be, and whether there may be any number of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Atom {
    one: One,
    repeats: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum One {
    Byte(u8),
    Any,
    NotSlash,
}

impl Atom {
    const ANYTHING: Self = Self { one: One::Any, repeats: true };

    /// Whether the two are one placeholder: a character, and any number of its like.
    fn is_one_of_many(self, more: Self) -> bool {
        self.one == more.one && !self.repeats && more.repeats && !matches!(self.one, One::Byte(_))
    }

    /// The character, where it can be but one, and that one once.
    pub(super) fn plain(self) -> Option<u8> {
        match self.one {
            One::Byte(byte) if !self.repeats => Some(byte),
            _ => None,
        }
    }
}

impl One {
    fn meets(self, other: One) -> bool {
        match (self, other) {
            (One::Byte(a), One::Byte(b)) => a.eq_ignore_ascii_case(&b),
            (One::Byte(byte), One::NotSlash) | (One::NotSlash, One::Byte(byte)) => byte != b'/',
            _ => true,
        }
    }
}

/// Adds the steps of a text with wildcards and placeholders.
pub(super) fn push_atoms(text: &str, atoms: &mut Vec<Atom>) {
    // By character, not byte, only where it matters: `?` never meets half a character, as all of AWS's are ASCII.
    let plain = |byte: &u8| Atom { one: One::Byte(*byte), repeats: false };
    let mut rest = text;
    while let Some(special) = rest.bytes().position(|byte| matches!(byte, b'*' | b'?' | b'$')) {
        atoms.extend(rest.as_bytes()[..special].iter().map(plain));
        rest = &rest[special..];
        if let Some((name, after)) = rest.strip_prefix("${").and_then(|inner| inner.split_once('}')) {
            let one = if WITHOUT_SLASH.contains(&name) { One::NotSlash } else { One::Any };
            // At least one character.
            atoms.extend([Atom { one, repeats: false }, Atom { one, repeats: true }]);
            rest = after;
            continue;
        }
        let byte = rest.as_bytes()[0];
        let one = if byte == b'$' { One::Byte(byte) } else { One::Any };
        atoms.push(Atom { one, repeats: byte == b'*' });
        rest = &rest[1..];
    }
    atoms.extend(rest.as_bytes().iter().map(plain));
}

/// Whether some text matches both. The walk is the last resort: most pairs are told apart by their first characters,
/// and what both begin with need not be walked.
pub(super) fn overlap(a: &[Atom], b: &[Atom]) -> bool {
    let plain = a.iter().zip(b).map_while(|(left, right)| Some((left.plain()?, right.plain()?)));
    let mut common = 0;
    for (left, right) in plain {
        if !left.eq_ignore_ascii_case(&right) {
            return false;
        }
        common += 1;
    }
    let (a, b) = (&a[common..], &b[common..]);
    if a == [Atom::ANYTHING] || b == [Atom::ANYTHING] {
        return true;
    }
    if a.is_empty() || b.is_empty() {
        return a.iter().chain(b).all(|atom| atom.repeats);
    }
    match (a, b) {
        (own, [first, more]) | ([first, more], own) if first.is_one_of_many(*more) => {
            own.iter().all(|atom| atom.one.meets(first.one))
        }
        _ => walk(a, b),
    }
}

/// A walk over the pairs of positions that a common text can reach, row by row.
fn walk(a: &[Atom], b: &[Atom]) -> bool {
    /// Rows of up to this many positions, which nearly all are, need no memory of their own.
    const SHORT: usize = 64;
    if b.len() < SHORT {
        walk_in(a, b, &mut [false; SHORT], &mut [false; SHORT])
    } else {
        walk_in(a, b, &mut vec![false; b.len() + 1], &mut vec![false; b.len() + 1])
    }
}

fn walk_in<'r>(a: &[Atom], b: &[Atom], mut reached: &'r mut [bool], mut next: &'r mut [bool]) -> bool {
    let repeats = |atom: Option<&Atom>| atom.is_some_and(|atom| atom.repeats);
    reached[0] = true;
    // Outside of these columns nothing of the row is reached, and nothing at all of the next one.
    let mut columns = 0..1;
    for row in 0..=a.len() {
        let (mut first, mut end) = (usize::MAX, 0);
        while let Some(column) = columns.next() {
            if !std::mem::take(&mut reached[column]) {
                continue;
            }
            if (row, column) == (a.len(), b.len()) {
                return true;
            }
            let (left, right) = (a.get(row), b.get(column));
            let meet = left.zip(right).is_some_and(|(left, right)| left.one.meets(right.one));
            if repeats(right) || meet && repeats(left) {
                reached[column + 1] = true;
                columns.end = columns.end.max(column + 2);
            }
            let mut reach_below = |column: usize| {
                next[column] = true;
                (first, end) = (first.min(column), end.max(column + 1));
            };
            if repeats(left) || meet && repeats(right) {
                reach_below(column);
            }
            if meet && !repeats(left) && !repeats(right) {
                reach_below(column + 1);
            }
        }
        columns = first..end;
        std::mem::swap(&mut reached, &mut next);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atoms(text: &str) -> Vec<Atom> {
        let mut atoms = Vec::new();
        push_atoms(text, &mut atoms);
        atoms
    }

    #[test]
    fn a_glance_tells_what_the_walk_tells() {
        let texts = [
            "",
            "a",
            "/",
            "*",
            "**",
            "?",
            "a/b",
            "a*",
            "*/",
            "ab?",
            "aB*c",
            "${BucketName}",
            "${X}",
            "${X}/b",
            "a/${TableName}",
        ];
        for (own, known) in texts.iter().flat_map(|own| texts.iter().map(move |known| (own, known))) {
            let (a, b) = (atoms(own), atoms(known));
            assert_eq!(overlap(&a, &b), walk(&a, &b), "{own} {known}");
        }
    }

    #[test]
    fn overlaps() {
        let meet = |a: &str, b: &str| overlap(&atoms(a), &atoms(b));
        assert!(meet("a*b", "a${X}b"));
        assert!(!meet("ab", "a${X}b"));
        assert!(meet("*a*", "*b*"));
        assert!(!meet("a?", "a"));
        assert!(meet("*", ""));
        assert!(!meet("x/y", "${BucketName}"));
        assert!(meet(&"x".repeat(200), &format!("{}${{Y}}", "x".repeat(90))));
    }
}
