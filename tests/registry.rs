//! The register of rules, the pages below `rules/`, the checks below `src/rules/` and the README agree.
//!
//! `UPDATE=1 cargo test --test registry` writes the README's table of rules anew.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that panics says where.

use iam_lint::lint;
use iam_lint::rule::Decision;
use iam_lint::rules::BUILTIN;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `dir` with that extension, as `folder/stem`.
fn stems(dir: &str, extension: &str) -> BTreeSet<String> {
    let files = walkdir::WalkDir::new(root().join(dir)).into_iter().map(|entry| entry.unwrap().into_path());
    let stem = |path: PathBuf| {
        let relative = path.strip_prefix(root().join(dir)).unwrap().with_extension("");
        relative.to_str().unwrap().replace('\\', "/")
    };
    files.filter(|path| path.extension().is_some_and(|found| found == extension)).map(stem).collect()
}

#[test]
fn the_register_is_sorted_and_each_id_is_there_once() {
    for pair in BUILTIN.windows(2) {
        assert!(pair[0].path < pair[1].path, "in BUILTIN, `{}` belongs before `{}`", pair[1].path, pair[0].path);
    }
    let mut ids = BTreeSet::new();
    for rule in lint::all_rules(&[]) {
        assert!(ids.insert(rule.id), "two rules have the id `{}`", rule.id);
        assert!(!ids.contains(rule.group), "`{}` is a rule and a group", rule.group);
    }
}

#[test]
fn each_page_is_registered_and_each_registered_page_is_there() {
    let pages = stems("rules", "md");
    let registered: BTreeSet<String> = BUILTIN.iter().map(|rule| rule.path.to_owned()).collect();
    if let Some(page) = pages.difference(&registered).next() {
        let (group, id) = page.split_once('/').unwrap_or_else(|| panic!("rules/{page}.md is in no group's folder"));
        let module = id.replace('-', "_");
        panic!(
            "BUILTIN in src/rules/mod.rs lacks this line:\n    native(\"{page}\", \
             include_str!(\"../../rules/{page}.md\"), {group}::{module}::check),"
        );
    }
    if let Some(page) = registered.difference(&pages).next() {
        panic!("rules/{page}.md is registered in src/rules/mod.rs, but it is not there");
    }
    for rule in BUILTIN {
        let text = std::fs::read_to_string(root().join("rules").join(format!("{}.md", rule.path))).unwrap();
        assert_eq!(text, rule.page, "`{}` is registered with another page's text", rule.path);
    }
}

#[test]
fn each_native_rule_has_its_file_and_the_others_have_none() {
    let files = stems("src/rules", "rs");
    for rule in BUILTIN {
        let file = rule.path.replace('-', "_");
        let native = !matches!(rule.decision, Decision::Page);
        let expected = if native { "is missing" } else { "is there, though the page decides" };
        assert_eq!(files.contains(&file), native, "src/rules/{file}.rs {expected}");
    }
}

#[test]
fn the_readme_lists_the_rules() {
    const START: &str = "<!-- rules -->\n";
    const END: &str = "<!-- /rules -->";
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).expect("there is a README.md");
    let start = readme.find(START).map(|at| at + START.len());
    let end = readme.find(END);
    let (Some(start), Some(end)) = (start, end) else {
        panic!("README.md lacks the lines `{}` and `{END}`, between which the table of rules stands", START.trim());
    };
    let table = table_of_rules();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{}{table}{}", &readme[..start], &readme[end..])).unwrap();
        return;
    }
    assert_eq!(&readme[start..end], table, "README.md's table of rules is old: UPDATE=1 cargo test --test registry");
}

fn table_of_rules() -> String {
    let mut table = String::from("| rule | group | severity | what it finds |\n|---|---|---|---|\n");
    for rule in lint::all_rules(&[]) {
        let page = rule.page();
        let (group, id) = (rule.group, rule.id);
        let off = if page.default_on { "" } else { ", off by default" };
        let severity = page.severity.name();
        table.push_str(&format!("| [`{id}`](rules/{group}/{id}.md) | {group} | {severity}{off} | {} |\n", page.title));
    }
    table
}
