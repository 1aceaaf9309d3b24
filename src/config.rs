//! What the user wants, resolved and validated.
//!
//! It knows no file system: what it is given are words, and what is wrong with them it says.

mod overlay;

pub use overlay::{OVERLAY_GROUP, overlay};

use crate::suggest::nearest;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::fmt;
use std::path::Path;

/// Globs over paths relative to the current directory.
///
/// A glob with a slash in it is anchored there (or at the root, if it begins with one); one without matches a file
/// or folder of that name at any depth. A folder that matches takes along all that is in it. `*` and `?` stop at
/// slashes, `**` does not.
#[derive(Debug, Clone, Default)]
pub struct PathGlobs {
    set: GlobSet,
}

impl PathGlobs {
    /// Compiles the globs.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Result<Self, BadGlob> {
        if globs.is_empty() {
            return Ok(Self::default());
        }
        let mut builder = GlobSetBuilder::new();
        for glob in globs.iter().map(AsRef::as_ref) {
            let refuse = |error: globset::Error| BadGlob { glob: glob.to_owned(), reason: error.kind().to_string() };
            for form in forms(glob) {
                builder.add(GlobBuilder::new(&form).literal_separator(true).build().map_err(refuse)?);
            }
        }
        let refuse = |error: globset::Error| BadGlob {
            glob: error.glob().unwrap_or_default().to_owned(),
            reason: error.kind().to_string(),
        };
        Ok(Self { set: builder.build().map_err(refuse)? })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Whether one of them matches `path` or a folder that it is in.
    pub fn matches(&self, path: &Path) -> bool {
        !self.set.is_empty() && self.set.is_match(path)
    }
}

/// A glob, and the glob of what is below what it matches.
fn forms(glob: &str) -> [String; 2] {
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    let stem = glob.strip_suffix('/').unwrap_or(glob);
    let anchored = if stem.contains('/') { stem.to_owned() } else { format!("**/{stem}") };
    [format!("{anchored}/**"), anchored]
}

/// A glob that does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadGlob {
    /// As written.
    pub glob: String,
    /// Why not.
    pub reason: String,
}

impl fmt::Display for BadGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the glob `{}` does not parse: {}", self.glob, self.reason)
    }
}

impl std::error::Error for BadGlob {}

/// A rule, as far as choosing among rules goes.
#[derive(Debug, Clone, Copy)]
pub struct RuleName<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its group.
    pub group: &'a str,
    /// Whether it takes part when nothing is said of it.
    pub on_by_default: bool,
}

/// Which rules the user wants: ids and groups.
///
/// An id says more than a group; of two that say as much, `ignore` wins.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// These only; empty for the default.
    pub select: Vec<String>,
    /// But not these.
    pub ignore: Vec<String>,
    /// Those too that are off by default.
    pub pedantic: bool,
}

impl Selection {
    /// Whether the user wants that rule.
    pub fn wants(&self, rule: RuleName<'_>) -> bool {
        let lists = |list: &[String], name: &str| list.iter().any(|entry| entry == name);
        if lists(&self.ignore, rule.id) {
            false
        } else if lists(&self.select, rule.id) {
            true
        } else if lists(&self.ignore, rule.group) {
            false
        } else if lists(&self.select, rule.group) {
            true
        } else {
            self.select.is_empty() && (rule.on_by_default || self.pedantic)
        }
    }

    /// The first name that is neither a rule's nor a group's.
    pub fn check(&self, known: &[RuleName<'_>]) -> Result<(), UnknownRule> {
        let is_known = |name: &str| known.iter().any(|rule| rule.id == name || rule.group == name);
        match self.select.iter().chain(&self.ignore).find(|name| !is_known(name)) {
            Some(name) => Err(UnknownRule::new(name, known)),
            None => Ok(()),
        }
    }
}

/// A name that is no rule's and no group's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    /// As written.
    pub name: String,
    /// What was probably meant.
    pub meant: Option<String>,
}

impl UnknownRule {
    /// Says that `name` is unknown, with the nearest known name if there is one near.
    pub fn new(name: &str, known: &[RuleName<'_>]) -> Self {
        let meant = nearest(name, known.iter().flat_map(|rule| [rule.id, rule.group]));
        Self { name: name.to_owned(), meant: meant.map(str::to_owned) }
    }
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no rule or group `{}`", self.name)?;
        match &self.meant {
            Some(meant) => write!(f, ", did you mean `{meant}`?"),
            None => f.write_str("; `iam-lint rules` lists them"),
        }
    }
}

impl std::error::Error for UnknownRule {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_glob(glob: &str, path: &str, expect: bool) {
        let globs = PathGlobs::new(&[glob]).unwrap();
        assert_eq!(globs.matches(Path::new(path)), expect, "{glob} on {path}");
    }

    #[test]
    fn globs_match_names_anywhere_and_paths_from_here() {
        check_glob("vendor", "vendor/a.json", true);
        check_glob("vendor", "a/vendor/b/c.json", true);
        check_glob("vendor/", "a/vendor/b/c.json", true);
        check_glob("vendor", "vendors/a.json", false);
        check_glob("*.tpl", "a/b.tpl", true);
        check_glob("a/*.tpl", "a/b.tpl", true);
        check_glob("./a/*.tpl", "a/b.tpl", true);
        check_glob("a/*.tpl", "c/a/b.tpl", false);
        check_glob("a/*.tpl", "a/c/b.tpl", false);
        check_glob("a/**/*.tpl", "a/c/b.tpl", true);
        check_glob("**/b.tpl", "a/c/b.tpl", true);
        check_glob("a/c", "a/c/b.tpl", true);
        check_glob("/tmp/a", "/tmp/a/b.json", true);
        check_glob("*.{json,tpl}", "a/b.tpl", true);
    }

    #[test]
    fn a_broken_glob_is_named() {
        let error = PathGlobs::new(&["ok", "a/[z-a"]).unwrap_err().to_string();
        assert!(error.starts_with("the glob `a/[z-a` does not parse: "), "{error}");
    }

    const KNOWN: [RuleName<'static>; 3] = [
        RuleName { id: "mfa-inverted", group: "mfa", on_by_default: true },
        RuleName { id: "mfa-pedantry", group: "mfa", on_by_default: false },
        RuleName { id: "trailing-comma", group: "syntax", on_by_default: true },
    ];

    #[track_caller]
    fn check_selection(select: &[&str], ignore: &[&str], pedantic: bool, expect: &[&str]) {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let selection = Selection { select: own(select), ignore: own(ignore), pedantic };
        assert_eq!(selection.check(&KNOWN), Ok(()));
        let wanted: Vec<&str> = KNOWN.iter().filter(|rule| selection.wants(**rule)).map(|rule| rule.id).collect();
        assert_eq!(wanted, expect);
    }

    #[test]
    fn an_id_says_more_than_a_group_and_ignore_wins() {
        check_selection(&[], &[], false, &["mfa-inverted", "trailing-comma"]);
        check_selection(&[], &[], true, &["mfa-inverted", "mfa-pedantry", "trailing-comma"]);
        check_selection(&["mfa"], &[], false, &["mfa-inverted", "mfa-pedantry"]);
        check_selection(&["mfa"], &["mfa-inverted"], false, &["mfa-pedantry"]);
        check_selection(&["mfa-inverted"], &["mfa"], false, &["mfa-inverted"]);
        check_selection(&["mfa"], &["mfa"], false, &[]);
        check_selection(&["syntax"], &[], true, &["trailing-comma"]);
        check_selection(&[], &["syntax", "mfa-inverted"], false, &[]);
    }

    #[track_caller]
    fn check_unknown(name: &str, expect: &str) {
        let selection = Selection { ignore: vec![name.to_owned()], ..Selection::default() };
        assert_eq!(selection.check(&KNOWN).unwrap_err().to_string(), expect);
    }

    #[test]
    fn an_unknown_name_is_met_with_the_nearest() {
        check_unknown("trailing-coma", "there is no rule or group `trailing-coma`, did you mean `trailing-comma`?");
        check_unknown("mfa-invetred", "there is no rule or group `mfa-invetred`, did you mean `mfa-inverted`?");
        check_unknown("mfaa", "there is no rule or group `mfaa`, did you mean `mfa`?");
        check_unknown("é", "there is no rule or group `é`; `iam-lint rules` lists them");
    }
}
