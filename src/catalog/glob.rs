//! Globs over names, and templates with placeholders.

/// A pattern of `*`, `?` and literal bytes that is matched without regard to ASCII case.
#[derive(Debug, Clone)]
pub(super) struct Glob {
    /// Folded: what every match starts with.
    prefix: Vec<u8>,
    /// Folded: the rest, from the first wildcard on.
    rest: Vec<u8>,
}

impl Glob {
    pub(super) fn new(pattern: &str) -> Self {
        let mut prefix = pattern.as_bytes().to_ascii_lowercase();
        let wildcard = prefix.iter().position(|byte| matches!(byte, b'*' | b'?')).unwrap_or(prefix.len());
        let mut rest = prefix.split_off(wildcard);
        // A run of stars is one star; fewer of them are fewer places to back up to.
        rest.dedup_by(|next, previous| *next == b'*' && *previous == b'*');
        Self { prefix, rest }
    }

    /// What every match starts with, folded.
    pub(super) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// Whether `name`, which starts with [`Glob::prefix`], matches.
    pub(super) fn matches_after_prefix(&self, name: &[u8]) -> bool {
        match self.rest.as_slice() {
            [] => name.len() == self.prefix.len(),
            [b'*'] => true,
            rest => name.get(self.prefix.len()..).is_some_and(|tail| matches(rest, tail)),
        }
    }
}

/// Whether `glob` matches `name`, ASCII case folded. Names are ASCII, so bytes are characters. Only the last star passed
/// is ever backed up to, so the work is bounded by the product of the lengths.
pub fn matches(glob: &[u8], name: &[u8]) -> bool {
    let (mut at, mut in_name) = (0, 0);
    let mut resume: Option<(usize, usize)> = None;
    while in_name < name.len() {
        match glob.get(at) {
            Some(b'*') => {
                at += 1;
                let Some(start) = next_start(glob.get(at), name, in_name) else { return false };
                resume = Some((at, start));
                in_name = start;
            }
            Some(byte) if *byte == b'?' || byte.eq_ignore_ascii_case(&name[in_name]) => {
                at += 1;
                in_name += 1;
            }
            _ => {
                let Some((after_star, start)) = resume else { return false };
                let Some(start) = next_start(glob.get(after_star), name, start + 1) else { return false };
                resume = Some((after_star, start));
                (at, in_name) = (after_star, start);
            }
        }
    }
    glob[at..].iter().all(|byte| *byte == b'*')
}

/// Where, from `from` on, what follows a star may start: at the byte that it starts with. Most names do not have it,
/// so that a wildcard over all actions is mostly this search.
fn next_start(first: Option<&u8>, name: &[u8], from: usize) -> Option<usize> {
    match first {
        None => Some(name.len()),
        Some(b'?' | b'*') => Some(from),
        Some(byte) => memchr::memchr2(byte.to_ascii_lowercase(), byte.to_ascii_uppercase(), &name[from..])
            .map(|found| from + found),
    }
}

/// Text with placeholders such as `${TagKey}`, each of which stands for at least one character.
#[derive(Debug, Clone, Copy)]
pub(super) struct Template<'t>(pub(super) &'t str);

impl<'t> Template<'t> {
    /// What stands before the first placeholder.
    pub(super) fn prefix(self) -> &'t str {
        split(self.0).0
    }

    /// Whether `name` is an instance of it, or its very text, in whatever case. `${` of the name itself is a policy
    /// variable, which a placeholder takes like any text.
    pub(super) fn matches(self, name: &str) -> bool {
        let (mut literal, mut rest) = split(self.0);
        let mut name = name.as_bytes();
        let Some(tail) = strip_prefix_folded(name, literal.as_bytes()) else { return false };
        name = tail;
        while let Some(after) = rest {
            (literal, rest) = split(after);
            let Some((_, tail)) = name.split_first() else { return false };
            let found = match rest {
                // The last literal is the end of the name.
                None => tail.len().checked_sub(literal.len()),
                Some(_) => Some(0),
            };
            let Some(start) = found else { return false };
            let found = (start..=tail.len()).find_map(|at| strip_prefix_folded(&tail[at..], literal.as_bytes()));
            let Some(tail) = found else { return false };
            name = tail;
        }
        name.is_empty()
    }
}

/// The literal up to the next placeholder, and what follows the placeholder.
fn split(template: &str) -> (&str, Option<&str>) {
    let open = memchr::memchr_iter(b'$', template.as_bytes()).find(|at| template.as_bytes().get(at + 1) == Some(&b'{'));
    let Some(open) = open else { return (template, None) };
    let close = memchr::memchr(b'}', &template.as_bytes()[open..]);
    (&template[..open], Some(close.map_or("", |close| &template[open + close + 1..])))
}

fn strip_prefix_folded<'n>(name: &'n [u8], prefix: &[u8]) -> Option<&'n [u8]> {
    let (head, tail) = name.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, name: &str, expect: bool) {
        assert_eq!(Template(template).matches(name), expect, "{template} {name}");
    }

    #[test]
    fn templates() {
        check("aws:TagKeys", "AWS:tagkeys", true);
        check("aws:TagKeys", "aws:TagKeysX", false);
        check("aws:RequestTag/${TagKey}", "aws:requesttag/a/b", true);
        check("aws:RequestTag/${TagKey}", "aws:RequestTag/${TagKey}", true);
        check("aws:RequestTag/${TagKey}", "aws:RequestTag/", false);
        check("events:Metadata/${K}/Matcher", "events:Metadata/a/matcher", true);
        check("events:Metadata/${K}/Matcher", "events:Metadata//Matcher", false);
        check("events:Metadata/${K}/Matcher", "events:Metadata/a/Matcher/Matcher", true);
        check("a.${D}.com:${E}", "a.b.com:c", true);
        check("a.${D}.com:${E}", "a.b.com:", false);
        check("a.${D", "a.b", true);
        check("a$b", "A$B", true);
    }

    #[test]
    fn capitals_after_a_star_match_small_letters() {
        for glob in ["iam:*EVICE", "IAM:*evice", "iam:**EVICE", "*:*E"] {
            assert!(matches(glob.as_bytes(), b"iam:DeactivateMFADevice"), "{glob}");
        }
        assert!(!matches(b"iam:*EVICES", b"iam:DeactivateMFADevice"));
    }

    #[test]
    fn globs_over_bytes_that_are_no_letters() {
        let matches = |glob: &str, name: &str| Glob::new(glob).matches_after_prefix(name.as_bytes());
        assert!(matches("*-b", "a-b"));
        assert!(matches("*é", "aé"));
        assert!(!matches("*-", "a-b"));
        assert!(matches("*?", "a") && !matches("*?", ""));
        assert!(matches("*a*b*", "xaxbx") && !matches("*a*b*", "b a"));
    }
}
