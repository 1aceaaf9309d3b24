//! Cheap looks at a text, before and instead of reading it.

use memchr::memmem;

/// Whether `text` may hold a policy at all. A policy has a statement, and a statement that says something has an
/// effect or an action; escapes may hide the words. Most files of a repository end here.
pub(super) fn may_hold_a_policy(text: &str) -> bool {
    let bytes = text.as_bytes();
    let written = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    // The usual spelling is found fast; only a file without it is searched for the unusual ones.
    written("Statement")
        || written("Effect")
        || written("Action")
        || written("\\u")
        || mentions(text, b'f', "effect", 1)
        || mentions(text, b'm', "statement", 5)
        || mentions(text, b'c', "action", 1)
}

/// Whether a text that holds no policy was meant to be one, so that what is wrong with it as JSON is worth saying.
pub(super) fn was_meant_as_a_policy(text: &str) -> bool {
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let dated = has("2012-10-17") || has("2008-10-17");
    let decides = has("Effect") && (has("Allow") || has("Deny"));
    let about = ["Action", "Resource", "Principal", "Statement"].into_iter().any(has);
    (decides && about) || (dated && has("Statement"))
}

/// Whether `word`, which has the rare letter `letter` at `at`, occurs in `text` in whatever case.
fn mentions(text: &str, letter: u8, word: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(letter, letter.to_ascii_uppercase(), bytes).any(|found| {
        let start = found.checked_sub(at);
        let candidate = start.and_then(|start| bytes.get(start..start + word.len()));
        candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(word.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, may: bool, meant: bool) {
        assert_eq!((may_hold_a_policy(text), was_meant_as_a_policy(text)), (may, meant), "{text}");
    }

    #[test]
    fn what_has_none_of_the_words_is_not_read() {
        check("", false, false);
        check(r#"{"name": "x", "version": "2.0.0", "scripts": {"build": "make stat"}}"#, false, false);
        check(r#"{"statement": []}"#, true, false);
        check(r#"{"EFFECT": []}"#, true, false);
        check(r#"{"notaction": []}"#, true, false);
        check(r#"{"St\u0061tement": []}"#, true, false);
        check("effec", false, false);
        check("m", false, false);
    }

    #[test]
    fn a_broken_policy_was_meant_as_one() {
        check(r#"{"Effect": "Allow", "Action": "#, true, true);
        check(r#"{"Version": "2012-10-17", "Statement""#, true, true);
        check(r#"{"Effect": "fade", "Action": 1,,}"#, true, false);
        check(r#"{"Statement": "of account",,}"#, true, false);
    }
}
