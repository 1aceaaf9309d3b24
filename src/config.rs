//! What the user wants, resolved and validated.
//!
//! It knows no file system: what it is given are words, and what is wrong with them it says.

mod overlay;

pub use overlay::{OVERLAY_GROUP, overlay};

use crate::suggest::nearest;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::borrow::Cow;
use std::fmt;
use std::path::{Component, Path, PathBuf};

/// Globs over paths.
///
/// A glob with a slash in it is anchored at the current folder (or at the root, if it begins with one); one without
/// matches a file or folder of that name at any depth. A folder that matches takes along all that is in it. `*` and
/// `?` stop at slashes, `**` does not.
#[derive(Debug, Clone, Default)]
pub struct PathGlobs {
    /// Of paths as seen from the current folder.
    from_here: GlobSet,
    /// Of absolute paths.
    from_root: GlobSet,
    here: PathBuf,
}

impl PathGlobs {
    /// Compiles the globs of a user who is at `here`, an absolute path.
    pub fn new<S: AsRef<str>>(globs: &[S], here: &Path) -> Result<Self, BadGlob> {
        if globs.is_empty() {
            return Ok(Self::default());
        }
        let (mut from_here, mut from_root) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for glob in globs.iter().map(AsRef::as_ref) {
            let refuse = |reason: String| BadGlob { glob: glob.to_owned(), reason };
            let anchored = anchored(glob, here).map_err(|reason| refuse(reason.to_owned()))?;
            let builder = if anchored.starts_with('/') { &mut from_root } else { &mut from_here };
            // What is below what it matches, and what it matches.
            for form in [format!("{}/**", anchored.trim_end_matches('/')), anchored] {
                let compiled = GlobBuilder::new(&form).literal_separator(true).build();
                builder.add(compiled.map_err(|error| refuse(unparsable(&error)))?);
            }
        }
        let refuse = |error: globset::Error| BadGlob {
            glob: error.glob().unwrap_or_default().into(),
            reason: unparsable(&error),
        };
        Ok(Self {
            from_here: from_here.build().map_err(refuse)?,
            from_root: from_root.build().map_err(refuse)?,
            here: here.to_owned(),
        })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.from_here.is_empty() && self.from_root.is_empty()
    }

    /// Whether one of them matches `path` or a folder that it is in.
    pub fn matches(&self, path: &Path) -> bool {
        !self.from_here.is_empty() && self.from_here.is_match(path)
            || !self.from_root.is_empty() && self.from_root.is_match(plain(&self.here.join(path)))
    }
}

/// A path without `.`, and without `..` where it can be told what that leads to.
pub fn plain(path: &Path) -> PathBuf {
    let path = path.strip_prefix(".").unwrap_or(path);
    // To take a path apart and put it together costs more than to see that the same would come of it.
    let bytes = path.as_os_str().as_encoded_bytes();
    let has_dots = || bytes.starts_with(b"..") || bytes.windows(2).any(|two| matches!(two, b"/." | b"//"));
    if cfg!(unix) && !has_dots() && bytes.last() != Some(&b'/') {
        return path.to_owned();
    }
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            Component::ParentDir if plain.has_root() => {}
            part => plain.push(part),
        }
    }
    plain
}

/// A glob without `.` and `..`: of the whole path from here, or, if it begins with a slash, from the root.
fn anchored(glob: &str, here: &Path) -> Result<String, &'static str> {
    if glob.is_empty() {
        return Err("is empty, so it matches nothing");
    }
    let stem = glob.trim_end_matches('/');
    if !stem.contains('/') && !glob.starts_with('/') && !matches!(stem, "." | "..") {
        return Ok(format!("**/{stem}"));
    }
    let mut is_rooted = glob.starts_with('/');
    let mut parts: Vec<Cow<'_, str>> = Vec::new();
    for part in stem.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| last != "**") => {
                parts.pop();
            }
            ".." if parts.is_empty() && !is_rooted => {
                is_rooted = true;
                parts = folders(here);
                parts.pop().ok_or("leads above the root, so it matches nothing")?;
            }
            ".." => return Err("has a `..` that leads nowhere, so it matches nothing"),
            part => parts.push(Cow::Borrowed(part)),
        }
    }
    // All of the current folder.
    if parts.is_empty() && !is_rooted {
        (is_rooted, parts) = (true, folders(here));
    }
    Ok(if is_rooted { format!("/{}", parts.join("/")) } else { parts.join("/") })
}

/// The glob that an absolute path alone matches.
pub fn glob_of(path: &Path) -> String {
    format!("/{}", folders(path).join("/"))
}

/// The folders that lead to `here`, as a glob names them.
fn folders(here: &Path) -> Vec<Cow<'static, str>> {
    let named = here.components().filter(|part| matches!(part, Component::Normal(_) | Component::Prefix(_)));
    named.map(|part| Cow::Owned(globset::escape(&part.as_os_str().to_string_lossy()))).collect()
}

fn unparsable(error: &globset::Error) -> String {
    format!("does not parse: {}", error.kind())
}

/// A glob that does not compile, or that nothing can match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadGlob {
    /// As written.
    pub glob: String,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for BadGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the glob `{}` {}", self.glob, self.reason)
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
        let globs = PathGlobs::new(&[glob], Path::new("/home/[me]/work")).unwrap();
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
    fn a_place_may_be_named_in_several_ways() {
        for glob in ["a/b.json", "./a/b.json", "././a//b.json", "a/./b.json", "c/../a/b.json", "../work/a/b.json"] {
            check_glob(glob, "a/b.json", true);
            check_glob(glob, "a/c.json", false);
            check_glob(glob, "d/a/b.json", false);
        }
        for glob in ["/home/[[]me]/work/a", "/home/*/work/a/*.json", "/**/b.json", "/home/", ".", "./", "..", "/"] {
            check_glob(glob, "a/b.json", true);
        }
        check_glob("/a/b.json", "a/b.json", false);
        check_glob("./b", "a/b/c.json", false);
        check_glob("./b", "b/c.json", true);
        check_glob("../b.json", "../b.json", true);
        check_glob("../b.json", "/home/[me]/b.json", true);
        check_glob("../b.json", "b.json", false);
        check_glob("../../*/x", "/home/you/x", true);
        check_glob(".", "../b.json", false);
        // Of the folders that lead here nothing is said by a name.
        check_glob("home", "a/b.json", false);
    }

    #[test]
    fn a_glob_that_matches_nothing_says_so() {
        let check = |glob: &str, expect: &str| {
            assert_eq!(PathGlobs::new(&[glob], Path::new("/home")).unwrap_err().to_string(), expect);
        };
        check("", "the glob `` is empty, so it matches nothing");
        check("../../x", "the glob `../../x` has a `..` that leads nowhere, so it matches nothing");
        check("/../x", "the glob `/../x` has a `..` that leads nowhere, so it matches nothing");
        check("a/**/../x", "the glob `a/**/../x` has a `..` that leads nowhere, so it matches nothing");
    }

    #[test]
    fn a_plain_path_has_no_detours() {
        let check = |path: &str, expect: &str| assert_eq!(plain(Path::new(path)), Path::new(expect));
        check("./a/./b", "a/b");
        check("a/../b", "b");
        check("../../a/../b", "../../b");
        check("/../a", "/a");
        check(".", "");
    }

    #[test]
    fn a_broken_glob_is_named() {
        let error = PathGlobs::new(&["ok", "a/[z-a"], Path::new("/")).unwrap_err().to_string();
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
