//! "Did you mean": the known name that is nearest to an unknown one.

pub mod lookalike;

/// How many characters must be inserted, removed, replaced, or swapped with their neighbour to get from `a` to `b`.
/// Case does not count.
pub fn distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(&a.to_lowercase(), &b.to_lowercase())
}

/// That distance, unless it is more than `limit`, which mostly the letters alone tell.
pub fn distance_within(a: &str, b: &str, limit: usize) -> Option<usize> {
    let lengths = a.chars().count().abs_diff(b.chars().count());
    let differ = || {
        // One edit brings in no more than one letter that was not there, and takes away no more than one.
        let (of_a, of_b) = (letters(a), letters(b));
        (of_a & !of_b).count_ones().max((of_b & !of_a).count_ones()) as usize
    };
    let is_far = lengths > limit || a.is_ascii() && b.is_ascii() && differ() > limit;
    if is_far { None } else { Some(distance(a, b)).filter(|found| *found <= limit) }
}

/// The ASCII letters of a text, in whatever case, as bits.
pub const fn letters(text: &str) -> u32 {
    let (text, mut letters, mut at) = (text.as_bytes(), 0, 0);
    while at < text.len() {
        if text[at].is_ascii_alphabetic() {
            letters |= 1 << (text[at] & 31);
        }
        at += 1;
    }
    letters
}

/// The candidate nearest to `name`, if it is near enough to be what was meant; see [`nearest_of`].
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest_of(name, candidates.into_iter().map(|candidate| (candidate, candidate)))
}

/// What goes with the candidate that is nearest to `name`, the first of several, if it is near enough to be a slip: one
/// edit in three characters, and three at most, the words apart that both begin or end with. Longer names than any real
/// one are not looked at, which bounds the work for hostile input, and nothing is near to no name.
pub fn nearest_of<'c, T>(name: &str, candidates: impl IntoIterator<Item = (&'c str, T)>) -> Option<T> {
    const LONGEST: usize = 96;
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let mut limit = most_edits(name);
    let mut best = None;
    for (candidate, value) in candidates {
        let Some(found) = distance_within(name, candidate, limit) else { continue };
        if is_slip(name, candidate) {
            best = Some(value);
            match found.checked_sub(1) {
                Some(less) => limit = less,
                None => break,
            }
        }
    }
    best
}

/// How many edits of that much text may be a slip.
fn most_edits(text: &str) -> usize {
    (text.chars().count() / 3).clamp(1, 3)
}

/// Whether the words in which two names differ are near each other. Names are made of a few words that many have, so
/// that `ListHapgs` is near `ListTags` as a whole, and has nothing to do with it.
fn is_slip(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    let same = |(left, right): &(&&str, &&str)| left.eq_ignore_ascii_case(right);
    let start = a.iter().zip(&b).take_while(same).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(same).count();
    let (a, b) = (a[start..a.len() - end].concat(), b[start..b.len() - end].concat());
    distance(&a, &b) <= most_edits(if a.len() < b.len() { &b } else { &a })
}

/// `List`, `MFA`, `Devices`; what is no letter or digit is a word of its own.
pub fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let mut end = first.len_utf8();
        let mut last = first;
        for letter in rest[end..].chars() {
            let begins = letter.is_uppercase() && !last.is_uppercase();
            if begins || !letter.is_alphanumeric() || !last.is_alphanumeric() {
                break;
            }
            // In `MFADevice` it is the last of the capitals that begins a word.
            if letter.is_lowercase() && last.is_uppercase() && end > last.len_utf8() {
                end -= last.len_utf8();
                break;
            }
            end += letter.len_utf8();
            last = letter;
        }
        words.push(&rest[..end]);
        rest = &rest[end..];
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{distance, distance_within, nearest, words};

    #[test]
    fn names_are_made_of_words() {
        assert_eq!(words("ListMFADevices"), ["List", "MFA", "Devices"]);
        assert_eq!(words("aws:RequestTag/a-b"), ["aws", ":", "Request", "Tag", "/", "a", "-", "b"]);
        assert_eq!(words("getObjectV2é"), ["get", "Object", "V2é"]);
        assert_eq!(words(""), [""; 0]);
    }

    #[test]
    fn what_names_have_in_common_makes_them_no_nearer() {
        assert_eq!(nearest("ListHapgs", ["ListTags"]), None);
        assert_eq!(nearest("ListTgas", ["ListTags"]), Some("ListTags"));
        assert_eq!(nearest("DescribeImageAttribut", ["DescribeImageAttribute"]), Some("DescribeImageAttribute"));
    }

    #[test]
    fn a_swap_is_one_edit_and_case_is_none() {
        assert_eq!(distance("abcd", "ABDC"), 1);
        assert_eq!(distance("abcd", "abd"), 1);
        assert_eq!(distance("", "ab"), 2);
    }

    #[test]
    fn what_the_letters_tell_agrees_with_the_distance() {
        let texts = ["", "a", "é", "E", "abcd", "abdc", "Kelvin", "\u{212a}elvin", "xabcdx", "zzzz", "abc-d", "ab_cd"];
        for (a, b, limit) in
            texts.iter().flat_map(|a| texts.iter().flat_map(move |b| (0..4).map(move |limit| (a, b, limit))))
        {
            let found = distance(a, b);
            assert_eq!(distance_within(a, b, limit), Some(found).filter(|found| *found <= limit), "{a} {b} {limit}");
        }
    }

    #[test]
    fn the_nearest_is_near() {
        let names = ["StringEquals", "StringLike", "Bool", "Null"];
        assert_eq!(nearest("StringEqual", names), Some("StringEquals"));
        assert_eq!(nearest("stringlike", names), Some("StringLike"));
        assert_eq!(nearest("Boolean", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest("", ["q"]), None);
    }
}
