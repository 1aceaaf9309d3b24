//! "Did you mean": the known name that is nearest to an unknown one.

/// How many characters must be inserted, removed, replaced, or swapped with their neighbour to get from `a` to `b`.
/// Case does not count.
pub fn distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(&a.to_lowercase(), &b.to_lowercase())
}

/// The candidate nearest to `name`, if it is near enough to be what was meant; see [`nearest_of`].
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest_of(name, candidates.into_iter().map(|candidate| (candidate, candidate)))
}

/// What goes with the candidate that is nearest to `name`, the first of several, if it is near enough to be a slip: one
/// edit in three characters, and three at most. Longer names than any real one are not looked at, which bounds the
/// work for hostile input.
pub fn nearest_of<'c, T>(name: &str, candidates: impl IntoIterator<Item = (&'c str, T)>) -> Option<T> {
    const LONGEST: usize = 96;
    if name.len() > LONGEST {
        return None;
    }
    let mut limit = (name.chars().count() / 3).clamp(1, 3);
    let mut best = None;
    for (candidate, value) in candidates {
        if candidate.len().abs_diff(name.len()) > limit {
            continue;
        }
        let found = distance(name, candidate);
        if found <= limit {
            best = Some(value);
            match found.checked_sub(1) {
                Some(less) => limit = less,
                None => break,
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn a_swap_is_one_edit_and_case_is_none() {
        assert_eq!(distance("abcd", "ABDC"), 1);
        assert_eq!(distance("abcd", "abd"), 1);
        assert_eq!(distance("", "ab"), 2);
    }

    #[test]
    fn the_nearest_is_near() {
        let names = ["StringEquals", "StringLike", "Bool", "Null"];
        assert_eq!(nearest("StringEqual", names), Some("StringEquals"));
        assert_eq!(nearest("stringlike", names), Some("StringLike"));
        assert_eq!(nearest("Boolean", names), None);
        assert_eq!(nearest("", names), None);
    }
}
