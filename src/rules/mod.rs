//! The native checks: a folder per group, a file per rule, and the register of all built-in rules.

use crate::rule::Decision;

/// A built-in rule: its page, and how it decides.
pub struct Builtin {
    /// The page's path below `rules/`, without `.md`: the group and the id.
    pub path: &'static str,
    /// The page.
    pub page: &'static str,
    /// How it decides.
    pub decision: Decision,
}

/// Every built-in rule, sorted by path.
pub static BUILTIN: &[Builtin] = &[];
