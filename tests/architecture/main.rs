//! The map in `src/lib.rs` is true: who uses whom, who names which crate, who does I/O.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that panics says where.

mod code;

use code::{code_of, names_after, paths};
use std::path::Path;

/// A file of the crate: its path below `src/`, and its text.
type File = (String, String);

/// The crates, and the modules that may name them; none: all may.
const DOORS: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("globset", &["config"]),
    ("ignore", &["discover"]),
    ("jsonpath_rust", &["query"]),
    ("memchr", &[]),
    ("miette", &["render"]),
    ("rayon", &["cli"]),
    ("regex", &["query"]),
    ("serde", &["render"]),
    ("serde_json", &["render"]),
    ("strsim", &["suggest"]),
    ("toml", &["header"]),
    ("walkdir", &["discover"]),
];

/// The last module that does no I/O; all before it do none either.
const LAST_PURE: &str = "lint";

/// `std::net` is not among them: policies are about addresses.
const IO_MODULES: &[&str] = &["fs", "env", "io", "process", "time"];
const IO_MACROS: &[&str] = &["println!", "print!", "eprintln!", "eprint!", "dbg!"];

#[test]
fn the_map_is_true() {
    let found = violations(&crate_files(), &dependencies());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_table_in_the_doc_comment_lists_the_modules_in_order() {
    let lib = std::fs::read_to_string(src().join("lib.rs")).unwrap();
    let listed = lib.lines().filter_map(|line| line.strip_prefix("//! | [`")?.split_once('`'));
    let listed: Vec<&str> = listed.map(|(name, _)| name).collect();
    assert_eq!(listed, modules(&lib));
}

#[track_caller]
fn check(path: &str, text: &str, expect: &[&str]) {
    let lib = "//! Doc.\npub mod text;\npub mod syntax;\npub mod query;\npub mod lint;\npub mod cli;\n";
    let files = [("lib.rs".to_owned(), lib.to_owned()), (path.to_owned(), text.to_owned())];
    let crates = ["memchr".to_owned(), "regex".to_owned()];
    assert_eq!(violations(&files, &crates), expect);
}

#[test]
fn a_module_that_looks_down_is_noticed() {
    check("syntax/mod.rs", "use crate::text::Span;", &[]);
    check("syntax/mod.rs", "use crate::lint;", &["syntax/mod.rs: `syntax` uses `lint`, which comes after it"]);
    check("syntax/a.rs", "fn f() { crate::query::g() }", &["syntax/a.rs: `syntax` uses `query`, which comes after it"]);
    check(
        "text.rs",
        "use crate::{cli::{a, b}, lint};",
        &["text.rs: `text` uses `cli`, which comes after it", "text.rs: `text` uses `lint`, which comes after it"],
    );
    check("syntax/a.rs", "use super::super::lint::x;", &["syntax/a.rs: `syntax` uses `lint`, which comes after it"]);
    check("syntax/a.rs", "use super::lint::x;", &[]);
    check("syntax/a.rs", "use crate::odd;", &["syntax/a.rs: `syntax` uses `odd`, which is not in the map"]);
    check("odd.rs", "", &["odd.rs: `odd` is not in the map"]);
    check("syntax/a.rs", "// crate::lint\n/* crate::lint */ const A: &str = \"crate::lint\";", &[]);
    check(
        "syntax/a.rs",
        "const A: &str = r#\"\"crate::lint\"#; const B: char = '\"'; const C: &'static str = \"'\";",
        &[],
    );
    check("syntax/a.rs", "#[cfg(test)]\nmod tests {\n    use crate::lint;\n}", &[]);
    check("syntax/tests.rs", "use crate::lint;", &[]);
}

#[test]
fn a_crate_behind_the_wrong_door_is_noticed() {
    check("query/a.rs", "use regex::Regex;", &[]);
    check("lint.rs", "use regex::Regex;", &["lint.rs: `regex` is named outside of `query`"]);
    check("lint.rs", "fn f(a: ::regex::Regex) {}", &["lint.rs: `regex` is named outside of `query`"]);
    check("lint.rs", "fn f() { crate::text::regex::x(); memchr::memchr(1, b) }", &[]);
    let found = violations(&[("lib.rs".to_owned(), String::new())], &["left_pad".to_owned()]);
    assert_eq!(found, ["Cargo.toml: DOORS in tests/architecture/main.rs does not say who may name `left_pad`"]);
}

#[test]
fn input_and_output_in_a_pure_module_are_noticed() {
    check("lint.rs", "use std::fs::File;", &["lint.rs: `lint` does no I/O, but uses `std::fs`"]);
    check("lint.rs", "use std::{borrow::Cow, env};", &["lint.rs: `lint` does no I/O, but uses `std::env`"]);
    check("text.rs", "fn f() { println!(\"x\") }", &["text.rs: `text` does no I/O, but calls `println!`"]);
    check("cli/a.rs", "fn f() { std::fs::read(\"x\"); println!(\"x\") }", &[]);
    check("text.rs", "use std::collections::HashMap; // std::fs", &[]);
}

fn src() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn crate_files() -> Vec<File> {
    let entries = walkdir::WalkDir::new(src()).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    let rust = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let relative = |path: &Path| path.strip_prefix(src()).unwrap().to_str().unwrap().replace('\\', "/");
    rust.map(|path| (relative(&path), std::fs::read_to_string(&path).unwrap())).collect()
}

/// The names of the crates that `Cargo.toml` lists, as code names them.
fn dependencies() -> Vec<String> {
    let manifest = std::fs::read_to_string(src().with_file_name("Cargo.toml")).unwrap();
    let (table, problems) = iam_lint::header::parse(&manifest, 0);
    assert_eq!(problems, []);
    let mut fields = iam_lint::header::Fields::new(table);
    let entries = fields.table("dependencies").unwrap().value.entries;
    entries.into_iter().map(|entry| entry.key.value.replace('-', "_")).collect()
}

/// The modules that `lib.rs` declares, in order.
fn modules(lib: &str) -> Vec<&str> {
    lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect()
}

/// Whatever contradicts the map.
fn violations(files: &[File], crates: &[String]) -> Vec<String> {
    let lib = files.iter().find(|(path, _)| path == "lib.rs").map_or("", |(_, text)| text);
    let modules = modules(lib);
    let mut found = Vec::new();
    for name in crates {
        if !DOORS.iter().any(|(known, _)| known == name) {
            let place = "DOORS in tests/architecture/main.rs";
            found.push(format!("Cargo.toml: {place} does not say who may name `{name}`"));
        }
    }
    for (path, text) in files {
        let is_test = path.ends_with("tests.rs");
        if is_test || path == "lib.rs" || path == "main.rs" {
            continue;
        }
        let module = path.split('/').next().unwrap_or(path).trim_end_matches(".rs");
        match modules.iter().position(|known| *known == module) {
            Some(rank) => file_violations(path, &code_of(text), &modules, rank, &mut found),
            None => found.push(format!("{path}: `{module}` is not in the map")),
        }
    }
    found
}

fn file_violations(path: &str, code: &str, modules: &[&str], rank: usize, found: &mut Vec<String>) {
    let module = modules[rank];
    let mut complain = |what: String| {
        let line = format!("{path}: {what}");
        if !found.contains(&line) {
            found.push(line);
        }
    };
    for used in used_modules(path, code) {
        match modules.iter().position(|known| *known == used) {
            Some(other) if other > rank => complain(format!("`{module}` uses `{used}`, which comes after it")),
            Some(_) => {}
            None => complain(format!("`{module}` uses `{used}`, which is not in the map")),
        }
    }
    for (name, doors) in DOORS {
        if !doors.is_empty() && !doors.contains(&module) && paths(code).any(|first| first == *name) {
            complain(format!("`{name}` is named outside of `{}`", doors.join("`, `")));
        }
    }
    if rank <= modules.iter().position(|known| *known == LAST_PURE).unwrap_or(0) {
        for name in names_after(code, "std::").iter().filter(|name| IO_MODULES.contains(&name.as_str())) {
            complain(format!("`{module}` does no I/O, but uses `std::{name}`"));
        }
        for name in IO_MACROS.iter().filter(|name| code::calls(code, name)) {
            complain(format!("`{module}` does no I/O, but calls `{name}`"));
        }
    }
}

/// The modules of the crate that the code names, by `crate::` or by as many `super::` as lead there.
fn used_modules(path: &str, code: &str) -> Vec<String> {
    let mut used = names_after(code, "crate::");
    let depth = path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').count();
    used.extend(names_after(code, &"super::".repeat(depth)).into_iter().filter(|name| !name.is_empty() && depth > 1));
    used
}
