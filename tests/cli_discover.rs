//! Which files are judged.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // A test that panics says where.

use iam_lint::config::PathGlobs;
use iam_lint::discover::{self, Failure, IgnoreFiles, Request};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with these files, each empty but the ignore files, which hold what follows the `=`.
fn tree(files: &[&str]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for file in files {
        let (name, text) = file.split_once('=').unwrap_or((file, ""));
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn find(dir: &Path, paths: &[&str], exclude: &[&str], ignore_files: IgnoreFiles) -> (Vec<String>, Vec<Failure>) {
    let paths: Vec<PathBuf> = paths.iter().map(|path| dir.join(path)).collect();
    let exclude: Vec<String> = exclude
        .iter()
        .map(|glob| if glob.contains('/') { format!("{}/{glob}", dir.display()) } else { (*glob).to_owned() })
        .collect();
    let exclude = PathGlobs::new(&exclude, dir).unwrap();
    let (files, failures) = discover::find(Request { paths: &paths, exclude: &exclude, ignore_files });
    let below = |name: &str| Path::new(name).strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
    (files.iter().map(|file| below(&file.shown)).collect(), failures)
}

#[track_caller]
fn check(files: &[&str], paths: &[&str], exclude: &[&str], expect: &[&str]) {
    let dir = tree(files);
    let (found, failures) = find(dir.path(), paths, exclude, IgnoreFiles::Honour);
    assert_eq!(found, expect);
    assert_eq!(failures, []);
}

#[test]
fn a_folder_is_walked_for_what_may_hold_a_policy() {
    check(
        &["b.json", "a.json", "c.tf", "d/e.tftpl", ".github/p.json", ".hidden.json", "README.md"],
        &[""],
        &[],
        &[".github/p.json", ".hidden.json", "a.json", "b.json", "d/e.tftpl"],
    );
    check(
        &["a.json", ".git/b.json", "c/.terraform/d.json", "c/.git/e.json", ".terraform.json"],
        &[""],
        &[],
        &[".terraform.json", "a.json"],
    );
}

#[test]
fn the_order_is_that_of_the_names_as_shown() {
    check(&["a/b.json", "a-b.json", "a.json", "B.json"], &[""], &[], &["B.json", "a-b.json", "a.json", "a/b.json"]);
}

#[test]
fn a_named_file_is_taken_whatever_its_name_and_whatever_ignores_it() {
    check(&["a.txt", "b.txt", ".gitignore=a.txt"], &["a.txt"], &[], &["a.txt"]);
    check(&[".terraform/a.json"], &[".terraform"], &[], &[".terraform/a.json"]);
    check(&["a.txt", ".git/b"], &["a.txt", ".git/b"], &[], &[".git/b", "a.txt"]);
}

#[test]
fn each_file_is_found_once() {
    check(&["d/a.json", "d/b.json"], &["", "d", "d/a.json", "d/../d/a.json"], &[], &["d/a.json", "d/b.json"]);
    check(&["d/a.json", "d/b.json"], &["d/../d/a.json", "d/a.json", ""], &[], &["d/../d/a.json", "d/b.json"]);
    check(&["d/a.json"], &["d/a.json", "d/a.json"], &[], &["d/a.json"]);
}

#[test]
fn excludes_hold_for_named_files_too() {
    check(&["a.json", "v/b.json", "w/v/c.json"], &["", "v/b.json"], &["v"], &["a.json"]);
    check(&["a.json", "v/b.json", "w/v/c.json"], &["", "v/b.json"], &["v/*"], &["a.json", "w/v/c.json"]);
    check(&["a.json", "b.tpl"], &["a.json", "b.tpl"], &["*.json"], &["b.tpl"]);
}

#[test]
fn ignore_files_are_honoured_without_a_repository_too() {
    let files = ["a.json", "b.json", "c/d.json", "c/e.json", ".gitignore=a.json\nd.json", "c/.ignore=e.json"];
    check(&files, &[""], &[], &["b.json"]);
    check(&files, &["c"], &[], &[]);
    let dir = tree(&files);
    let (found, _) = find(dir.path(), &[""], &[], IgnoreFiles::Disregard);
    assert_eq!(found, ["a.json", "b.json", "c/d.json", "c/e.json"]);
}

/// A home folder kept in git often ignores everything below it.
#[test]
fn what_lies_above_a_repository_does_not_ignore_its_files() {
    check(&[".gitignore=*", "r/.git/HEAD", "r/a.json"], &["r"], &[], &["r/a.json"]);
}

#[test]
fn what_is_not_there_is_said_and_the_rest_is_found() {
    let dir = tree(&["a.json"]);
    let (found, failures) = find(dir.path(), &["gone.json", "a.json"], &[], IgnoreFiles::Honour);
    assert_eq!(found, ["a.json"]);
    let file = dir.path().join("gone.json").display().to_string();
    assert_eq!(failures, [Failure { file, message: "no such file or directory".into() }]);
}

#[test]
fn a_file_too_large_is_not_read() {
    let dir = tree(&["a.json"]);
    let path = dir.path().join("a.json");
    // Sparse: no disk is filled.
    fs::File::options().write(true).open(&path).unwrap().set_len(discover::MAX_FILE_SIZE + 1).unwrap();
    let failure = discover::read(&path).unwrap_err();
    assert_eq!(failure, Failure { file: path.display().to_string(), message: "it is larger than 64 MB".into() });
}

#[test]
fn rule_pages_are_found_even_where_they_are_ignored() {
    let dir = tree(&[".gitignore=*", "b.md", "a/.c.md", "a/d.txt"]);
    let (pages, failures) = discover::rule_pages(dir.path());
    assert_eq!(pages, [dir.path().join("a/.c.md"), dir.path().join("b.md")]);
    assert_eq!(failures, []);
    let (pages, failures) = discover::rule_pages(&dir.path().join("gone"));
    assert_eq!((pages.len(), failures.len()), (0, 1));
}

/// pre-commit is to hand over the files that a walk would find.
#[test]
fn the_hook_and_the_walk_agree_on_names() {
    let hooks = include_str!("../.pre-commit-hooks.yaml");
    let pattern = hooks.lines().find_map(|line| line.trim().strip_prefix("files: '")?.strip_suffix('\'')).unwrap();
    let pattern = regex::Regex::new(pattern).unwrap();
    let mut names: Vec<String> =
        ["a.jsonl", "a.json5", "json", "a.tf", "a.yaml", "a.json.bak", "a.ajson", "a.erb", "A.JSON"]
            .map(str::to_owned)
            .into();
    let endings = pattern.as_str().split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| part.len() > 1);
    for ending in endings.chain(["jinja", "json"]) {
        names.extend([
            format!("b.{ending}"),
            format!("b.json.{ending}"),
            format!("b.{ending}.x"),
            format!("b{ending}"),
        ]);
    }
    names.sort();
    names.dedup();
    let dir = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let (found, _) = find(dir.path(), &[""], &[], IgnoreFiles::Honour);
    let expect: Vec<&String> = names.iter().filter(|name| pattern.is_match(name)).collect();
    assert!(expect.len() > 20 && expect.len() < names.len());
    assert_eq!(found.iter().collect::<Vec<_>>(), expect);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_lead_neither_out_nor_in_a_circle() {
        let outside = tree(&["secret.json"]);
        let dir = tree(&["a.json", "d/b.json"]);
        symlink(outside.path(), dir.path().join("out")).unwrap();
        symlink(outside.path().join("secret.json"), dir.path().join("out.json")).unwrap();
        symlink(dir.path(), dir.path().join("d/circle")).unwrap();
        symlink("dangling", dir.path().join("dangling.json")).unwrap();
        let (found, failures) = find(dir.path(), &[""], &[], IgnoreFiles::Honour);
        assert_eq!(found, ["a.json", "d/b.json"]);
        assert_eq!(failures, []);
    }

    #[test]
    fn a_link_that_is_named_is_followed() {
        let dir = tree(&["d/b.json", "a.json"]);
        symlink("d", dir.path().join("to-dir")).unwrap();
        symlink("a.json", dir.path().join("to-file")).unwrap();
        let (found, failures) = find(dir.path(), &["to-dir", "to-file"], &[], IgnoreFiles::Honour);
        assert_eq!(found, ["to-dir/b.json", "to-file"]);
        assert_eq!(failures, []);
        let (found, _) = find(dir.path(), &["d", "to-dir"], &[], IgnoreFiles::Honour);
        assert_eq!(found, ["d/b.json"], "two names of one file");
    }

    #[test]
    fn a_name_need_not_be_unicode() {
        let dir = tree(&[]);
        let name = std::ffi::OsStr::from_bytes(b"\xff.json");
        fs::write(dir.path().join(name), "{}").unwrap();
        let (found, failures) = find(dir.path(), &[""], &["*.tpl"], IgnoreFiles::Honour);
        assert_eq!((found, failures), (vec!["\u{fffd}.json".to_owned()], vec![]));
    }
}
