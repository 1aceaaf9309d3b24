//! The native checks: a folder per group, a file per rule, and the register of all built-in rules.

use crate::rule::Check;

/// A built-in rule: its page, and the check behind it unless the page decides by itself.
pub struct Builtin {
    /// The page's path below `rules/`, without `.md`: the group and the id.
    pub path: &'static str,
    /// The page.
    pub page: &'static str,
    /// The native check.
    pub check: Option<Check>,
}

/// Every built-in rule, sorted by path.
pub static BUILTIN: &[Builtin] = &[];
