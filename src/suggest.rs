//! "Did you mean": the known name that is nearest to an unknown one.

/// How many characters must be inserted, removed, replaced, or swapped with their neighbour to get from `a` to `b`.
/// Case does not count.
pub fn distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(&a.to_lowercase(), &b.to_lowercase())
}

/// The candidate nearest to `name`, if it is near enough to be what was meant: a third of its letters may differ.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (name.chars().count() / 3).clamp(1, 6);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= limit * 2)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_is_near() {
        let names = ["StringEquals", "StringLike", "Bool", "Null"];
        assert_eq!(nearest("StringEqual", names), Some("StringEquals"));
        assert_eq!(nearest("stringlike", names), Some("StringLike"));
        assert_eq!(nearest("Boolean", names), None);
        assert_eq!(nearest("", names), None);
    }
}
