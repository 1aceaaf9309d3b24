//! The names of a policy's elements, also where they are misspelt.

use crate::suggest::distance_within;

/// An element of a policy or of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Version,
    Id,
    Statement,
    Sid,
    Effect,
    Principal,
    NotPrincipal,
    Action,
    NotAction,
    Resource,
    NotResource,
    Condition,
}

/// How well a name was written, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spelling {
    /// A letter or two away: `Statements`, `Efect`.
    Near,
    /// In other case.
    Folded,
    /// As AWS writes it.
    Exact,
}

const NAMES: [(&str, Name); 12] = [
    ("Version", Name::Version),
    ("Id", Name::Id),
    ("Statement", Name::Statement),
    ("Sid", Name::Sid),
    ("Effect", Name::Effect),
    ("Principal", Name::Principal),
    ("NotPrincipal", Name::NotPrincipal),
    ("Action", Name::Action),
    ("NotAction", Name::NotAction),
    ("Resource", Name::Resource),
    ("NotResource", Name::NotResource),
    ("Condition", Name::Condition),
];

/// The longest key that can be near a name.
const LONGEST: usize = 14;

/// The element that `key` names, or was meant to name.
///
/// A slip of the pen seldom hits the first letter, and with that letter given most keys of most files are told
/// apart by one comparison.
pub(super) fn name_of(key: &str) -> Option<(Name, Spelling)> {
    let first = key.as_bytes().first()?.to_ascii_lowercase();
    if key.len() > LONGEST {
        return None;
    }
    // Nearly all names are written as AWS writes them.
    if let Some((_, name)) = NAMES.iter().find(|(text, _)| *text == key) {
        return Some((*name, Spelling::Exact));
    }
    let mut near = None;
    for (text, name) in NAMES {
        if text.as_bytes()[0].to_ascii_lowercase() != first {
            continue;
        }
        if text.eq_ignore_ascii_case(key) {
            return Some((name, Spelling::Folded));
        }
        let allowed = match text.len() {
            0..5 => 0,
            5..9 => 1,
            _ => 2,
        };
        if allowed > 0 && near.is_none() && distance_within(text, key, allowed).is_some() {
            near = Some((name, Spelling::Near));
        }
    }
    near
}

/// Whether `key` is `Statement`, or was meant to be.
pub(super) fn is_statement(key: &str) -> bool {
    matches!(name_of(key), Some((Name::Statement, _)))
}

/// Whether `key` is no element, but was meant to be one of those that tell what a statement is about.
pub(in crate::policy) fn is_misspelt_element(key: &str) -> bool {
    let told = |name| !matches!(name, Name::Version | Name::Id | Name::Statement | Name::Sid);
    matches!(name_of(key), Some((name, spelling)) if spelling < Spelling::Exact && told(name))
}

/// Whether `word` is one of `choices` but for case and at most two letters.
pub(super) fn nearly(word: &str, choices: &[&str]) -> bool {
    word.len() <= LONGEST && choices.iter().any(|choice| distance_within(choice, word, 2).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        #[track_caller]
        fn check(key: &str, expected: Option<(Name, Spelling)>) {
            assert_eq!(name_of(key), expected, "{key}");
        }
        check("Statement", Some((Name::Statement, Spelling::Exact)));
        check("statement", Some((Name::Statement, Spelling::Folded)));
        check("Statements", Some((Name::Statement, Spelling::Near)));
        check("Statmenet", Some((Name::Statement, Spelling::Near)));
        check("Efect", Some((Name::Effect, Spelling::Near)));
        check("Notaction", Some((Name::NotAction, Spelling::Folded)));
        check("not_actions", Some((Name::NotAction, Spelling::Near)));
        check("Resources", Some((Name::Resource, Spelling::Near)));
        check("ID", Some((Name::Id, Spelling::Folded)));
        check("State", None);
        check("Sids", None);
        check("scripts", None);
        check("Option", None);
        check("", None);
        check("é", None);
        check("StatementStatement", None);
    }
}
