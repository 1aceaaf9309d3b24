//! Which files, and their bytes.
//!
//! The user's repository is walked with ignore files honoured; folders of rule pages are walked without. What is
//! found does not depend on the order of the arguments or of the directory entries; what a file is called that has
//! several names does, on that of the arguments.

use crate::config::{BadGlob, PathGlobs, glob_of, plain as plain_path};
use crate::syntax::{SAMPLES, TEMPLATES};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

/// A longer file is not read.
pub const MAX_FILE_SIZE: u64 = 64 * 1024 * 1024;

/// Folders that hold copies of what stands elsewhere.
const NEVER_WALKED: [&str; 2] = [".git", ".terraform"];

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Files and folders, as the user named them.
    pub paths: &'a [PathBuf],
    /// What to leave out, even where it is named.
    pub exclude: &'a PathGlobs,
    /// What to do with `.gitignore` and the like.
    pub ignore_files: IgnoreFiles,
}

/// What to do with `.gitignore`, `.ignore` and git's own lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IgnoreFiles {
    /// Leave out what they list.
    Honour,
    /// Pay no heed.
    Disregard,
}

/// A file to judge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// What it is called in output.
    pub shown: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The file, as shown.
    pub file: String,
    /// Why not.
    pub message: String,
}

impl Failure {
    /// That `path` could not be read because of `error`.
    pub fn new(path: &Path, error: &io::Error) -> Self {
        Self { file: shown(path), message: reason(error) }
    }
}

/// The files to judge, each once and in the order of their names, and what could not be looked into.
pub fn find(request: Request<'_>) -> (Vec<File>, Vec<Failure>) {
    let mut search = Search { request, files: Vec::new(), failures: Vec::new() };
    for root in request.paths {
        search.root(root);
    }
    let Search { mut files, mut failures, .. } = search;
    if request.paths.len() > 1 {
        let mut seen = HashSet::new();
        files.retain(|found| seen.insert(found.identity.clone()));
    }
    files.sort();
    failures.sort();
    failures.dedup();
    (files.into_iter().map(|found| found.file).collect(), failures)
}

/// Reads a file, if it is no longer than [`MAX_FILE_SIZE`].
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let fail = |error: io::Error| Failure::new(path, &error);
    let file = fs::File::open(path).map_err(fail)?;
    let size = file.metadata().map_err(fail)?.len();
    // The check of the size saves the reading; the limit holds where the size is not known or grows.
    if size > MAX_FILE_SIZE {
        return Err(fail(too_large()));
    }
    read_limited(file, usize::try_from(size).unwrap_or(0)).map_err(fail)
}

/// Reads a stream, if it is no longer than [`MAX_FILE_SIZE`].
pub fn read_limited(stream: impl Read, expected: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(expected + 1);
    stream.take(MAX_FILE_SIZE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_SIZE { Err(too_large()) } else { Ok(bytes) }
}

/// Every Markdown file below `dir`, or `dir` itself if it is one, ordered by name. No file is ignored here.
pub fn rule_pages(dir: &Path) -> (Vec<PathBuf>, Vec<Failure>) {
    let (mut pages, mut failures) = (Vec::new(), Vec::new());
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.path().extension() == Some(OsStr::new("md")) => pages.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => {
                let file = shown(error.path().unwrap_or(dir));
                // The error's own words repeat the path; only a circle of links has no cause in the system.
                let message = error.io_error().map_or_else(|| error.to_string(), reason);
                failures.push(Failure { file, message });
            }
        }
    }
    (pages, failures)
}

/// Where a path is from the current directory, if it is below it; else the path as it is.
///
/// This is what globs are matched against.
pub fn from_here(path: &Path) -> PathBuf {
    let plain = plain_path(path);
    if plain.is_relative() && !plain.starts_with("..") {
        return plain;
    }
    let whole = if plain.is_absolute() { plain.clone() } else { plain_path(&here().join(&plain)) };
    match whole.strip_prefix(here()) {
        Ok(below) => below.to_owned(),
        Err(_) => plain,
    }
}

/// The globs of a user who is here. One from the root may go through a link, as the name does by which the shell knows
/// the current directory: it is taken as it is written, and as where it leads.
pub fn path_globs(globs: &[String]) -> Result<PathGlobs, BadGlob> {
    let real = globs.iter().filter_map(|glob| real_glob(glob));
    PathGlobs::new(&globs.iter().cloned().chain(real).collect::<Vec<_>>(), here())
}

/// The same glob, where the folders in it that are named in full are reached by another way.
fn real_glob(glob: &str) -> Option<String> {
    if !glob.starts_with('/') {
        return None;
    }
    let named = match glob.find(['*', '?', '[', '{', '\\']) {
        Some(end) => &glob[..end],
        // What the last name stands for may be a link itself, which is left out without what it leads to.
        None => glob.trim_end_matches('/'),
    };
    let folder = &named[..named.rfind('/')?];
    let real = fs::canonicalize(folder).ok().filter(|real| real != Path::new(folder))?;
    Some(glob_of(&real) + &glob[folder.len()..])
}

/// The current directory.
pub fn here() -> &'static Path {
    // The program never changes it, and asking the system for every file is not free.
    static HERE: LazyLock<PathBuf> = LazyLock::new(|| std::env::current_dir().unwrap_or_default());
    &HERE
}

/// What a path is called in output: without `./`, and with what is no Unicode replaced.
pub fn shown(path: &Path) -> String {
    let stripped = path.strip_prefix(".").unwrap_or(path);
    let path = if stripped.as_os_str().is_empty() { path } else { stripped };
    path.to_string_lossy().into_owned()
}

fn too_large() -> io::Error {
    io::Error::other(format!("it is larger than {} MB", MAX_FILE_SIZE / 1024 / 1024))
}

/// What the system says, in the manner of our own messages: `permission denied`, not `… (os error 13)`.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What the system says, where a library has put words of its own around it.
fn cause_of(error: &io::Error) -> String {
    let system = error.get_ref().and_then(|inner| inner.source()).and_then(|source| source.downcast_ref::<io::Error>());
    reason(system.unwrap_or(error))
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    file: File,
    /// The same for two ways to name one file. Empty where there is one argument only, and so no second way.
    identity: PathBuf,
}

struct Search<'a> {
    request: Request<'a>,
    files: Vec<Found>,
    failures: Vec<Failure>,
}

impl Search<'_> {
    fn root(&mut self, root: &Path) {
        let metadata = match fs::metadata(root) {
            Ok(metadata) => metadata,
            Err(error) => return self.failures.push(Failure::new(root, &error)),
        };
        if !self.request.exclude.is_empty() && self.request.exclude.matches(&from_here(root)) {
            return;
        }
        // Only the argument itself may be a link, since none is followed below it: what is resolved once for the
        // argument holds for all that is found there.
        let real = if self.request.paths.len() > 1 { real(root) } else { PathBuf::new() };
        if metadata.is_dir() {
            self.walk(root, &real);
        } else {
            self.add(root.to_owned(), real);
        }
    }

    fn add(&mut self, path: PathBuf, identity: PathBuf) {
        self.files.push(Found { file: File { shown: shown(&path), path }, identity });
    }

    fn walk(&mut self, root: &Path, real: &Path) {
        let honour = self.request.ignore_files == IgnoreFiles::Honour;
        let exclude = self.request.exclude.clone();
        let mut walk = WalkBuilder::new(root);
        walk.standard_filters(honour)
            .hidden(false)
            // Git's lists count outside of a repository too. Within one they must not be sought above its top, where
            // they are none of its business, and that is what this setting means for the crate as well.
            .require_git(honour && is_in_repository(root))
            .filter_entry(move |entry| is_walked(entry, &exclude))
            // Of the crate's two walkers this one sees in a folder's own entries whether it has ignore files, where the
            // other asks the system four times a folder. One thread, as the time goes into what is done with the files.
            .threads(1);
        let found = Mutex::new(self);
        walk.build_parallel().run(|| {
            Box::new(|entry| {
                // Poisoned only by a panic, which ends the program.
                if let Ok(mut search) = found.lock() {
                    search.see(root, real, entry);
                }
                WalkState::Continue
            })
        });
    }

    fn see(&mut self, root: &Path, real: &Path, entry: Result<DirEntry, ignore::Error>) {
        match entry {
            Ok(entry) => {
                if entry.file_type().is_some_and(|kind| kind.is_file()) && may_hold_policy(entry.file_name()) {
                    let below = || entry.path().strip_prefix(root).unwrap_or(entry.path());
                    let identity = if real.as_os_str().is_empty() { PathBuf::new() } else { real.join(below()) };
                    self.add(entry.into_path(), identity);
                }
            }
            Err(error) => self.failures.push(walk_failure(root, error)),
        }
    }
}

/// The one name of a file that can be reached by several.
pub fn real(path: &Path) -> PathBuf {
    // What leads to a pipe, such as `/dev/fd/63`, has no other name.
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn is_walked(entry: &DirEntry, exclude: &PathGlobs) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
    let never = is_dir && NEVER_WALKED.iter().any(|name| entry.file_name() == *name);
    !never && (exclude.is_empty() || !exclude.matches(&from_here(entry.path())))
}

/// Whether a file of that name may hold a policy: it is JSON, a template, or a sample of JSON.
fn may_hold_policy(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let Some(dot) = name.iter().rposition(|byte| *byte == b'.') else { return false };
    let (stem, extension) = (&name[..dot], &name[dot + 1..]);
    let is_one_of = |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known.as_bytes()));
    let is_of_json = || stem.len() >= 5 && stem[stem.len() - 5..].eq_ignore_ascii_case(b".json");
    is_one_of(&["json", "jsonc"]) || is_one_of(TEMPLATES) || (is_one_of(SAMPLES) && is_of_json())
}

fn is_in_repository(path: &Path) -> bool {
    fs::canonicalize(path).is_ok_and(|path| path.ancestors().any(|folder| folder.join(".git").exists()))
}

/// Takes the walker's error apart: it wraps the path and the cause, in no order to rely on.
fn walk_failure(root: &Path, error: ignore::Error) -> Failure {
    let mut path = root.to_owned();
    let mut cause = &error;
    loop {
        cause = match cause {
            ignore::Error::WithPath { path: at, err } => {
                path.clone_from(at);
                err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => err,
            ignore::Error::Loop { child, .. } => {
                path.clone_from(child);
                break;
            }
            _ => break,
        };
    }
    match cause {
        // Of a folder it wraps the system's own error.
        ignore::Error::Io(error) => Failure { file: shown(&path), message: cause_of(error) },
        other => Failure { file: shown(&path), message: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expect: bool) {
        assert_eq!(may_hold_policy(OsStr::new(name)), expect, "{name}");
    }

    #[test]
    fn names_that_may_hold_a_policy() {
        for name in
            ["a.json", "A.JSON", "a.json.tpl", "a.tftpl", "a.json.j2", "a.template", "a.erb", ".json", "a.json.in"]
        {
            check(name, true);
        }
        for name in ["json", "a.json.bak", "a.in", "a.tf", "a.jsonl", ""] {
            check(name, false);
        }
    }

    #[test]
    fn what_is_shown_has_no_dot_before_it() {
        assert_eq!(shown(Path::new("./a/b.json")), "a/b.json");
        assert_eq!(shown(Path::new("../b.json")), "../b.json");
        assert_eq!(shown(Path::new(".")), ".");
        assert_eq!(reason(&io::Error::from_raw_os_error(13)), "permission denied");
    }

    #[test]
    fn a_stream_without_end_is_cut_off() {
        assert_eq!(read_limited(&b"abc"[..], 0).unwrap(), b"abc");
        let error = read_limited(io::repeat(b' '), 0).unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 64 MB");
    }
}
