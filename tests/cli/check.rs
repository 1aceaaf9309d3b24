//! Which files are judged, and what the exit code says.

use super::{ALLOW_ALL, ALLOW_ONE, Case, found};

#[test]
fn the_exit_code_says_what_was_found() {
    let case = Case::new(&[("good.json", ALLOW_ONE), ("bad.json", ALLOW_ALL), ("other.json", "{}")]);
    case.check(&["good.json", "other.json"]).is(0, "", "");
    case.check(&["bad.json"]).is(1, &found("bad.json"), "");
    case.check(&["--fail-on", "note", "bad.json"]).is(1, &found("bad.json"), "");
    case.check(&["--fail-on", "error", "bad.json"]).is(0, &found("bad.json"), "");
    case.check(&["--fail-on", "never", "bad.json"]).is(0, &found("bad.json"), "");
    let gone = "error: gone.json: no such file or directory\n";
    case.check(&["gone.json", "bad.json"]).is(2, &found("bad.json"), gone);
    case.check(&["gone.json"]).is(2, "", gone);
}

#[test]
fn the_current_folder_is_the_default_and_the_order_is_that_of_names() {
    let names: Vec<String> = (0..60).map(|n| format!("p{:02}/{}.json", (n * 37) % 60, n)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), ALLOW_ALL)).collect();
    let case = Case::new(&files);
    let mut sorted = names.clone();
    sorted.sort();
    let expect: String = sorted.iter().map(|name| found(name)).collect();
    case.check(&[]).is(1, &expect, "");
    case.check(&["."]).is(1, &expect, "");
    let reversed: Vec<&str> = names.iter().rev().map(String::as_str).collect();
    case.check(&reversed).is(1, &expect, "");
}

#[test]
fn each_file_is_judged_once() {
    let case = Case::new(&[("d/a.json", ALLOW_ALL)]);
    case.check(&["d/a.json", "d", ".", "./d/a.json"]).is(1, &found("d/a.json"), "");
    case.check(&["d/../d/a.json", "d/a.json", "."]).is(1, &found("d/../d/a.json"), "");
}

#[test]
fn excluded_and_ignored_files_are_left_out() {
    let case = Case::new(&[("a.json", ALLOW_ALL), ("v/b.json", ALLOW_ALL), (".gitignore", "a.json\n")]);
    case.check(&[]).is(1, &found("v/b.json"), "");
    case.check(&["--no-ignore"]).is(1, &(found("a.json") + &found("v/b.json")), "");
    case.check(&["a.json"]).is(1, &found("a.json"), "");
    case.check(&["--exclude", "v"]).is(0, "", "");
    case.check(&["--exclude", "v/*.json", "v/b.json"]).is(0, "", "");
    let absolute = case.dir.path().canonicalize().unwrap().join("v/b.json").to_str().unwrap().to_owned();
    case.check(&["--exclude", "v/*.json", &absolute]).is(0, "", "");
    case.check(&["--exclude", &absolute]).is(0, "", "");
    case.check(&["--exclude", &absolute, "v/b.json", "./v/../v/b.json"]).is(0, "", "");
    for glob in ["./v/b.json", "v/../v", "./v/"] {
        case.check(&["--exclude", glob, "v/b.json"]).is(0, "", "");
    }
    case.check(&["--exclude", "", "v"]).is(2, "", "error: the glob `` is empty, so it matches nothing\n");
    case.check(&["--exclude", "[", "."]).is(
        2,
        "",
        "error: the glob `[` does not parse: unclosed character class; missing ']'\n",
    );
}

#[test]
fn standard_input_is_judged_under_the_name_it_is_given() {
    let case = Case::new(&[("a.json", ALLOW_ALL)]);
    let args = ["check", "--rules", "rules", "--select", "every-action", "--format", "concise", "-"];
    case.stdin(&args, ALLOW_ALL.as_bytes()).is(1, &found("<stdin>"), "");
    case.stdin(&args, b"").is(0, "", "");
    let named = |more: &[&'static str]| [&args[..], more].concat();
    case.stdin(&named(&["--stdin-filename", "x/p.json"]), ALLOW_ALL.as_bytes()).is(1, &found("x/p.json"), "");
    case.stdin(&named(&["--stdin-filename", "x/p.json", "--exclude", "x"]), ALLOW_ALL.as_bytes()).is(0, "", "");
    case.stdin(&named(&["a.json"]), ALLOW_ALL.as_bytes()).is(1, &(found("<stdin>") + &found("a.json")), "");
    let both = named(&["a.json", "--stdin-filename", "a.json"]);
    case.stdin(&both, ALLOW_ONE.as_bytes()).is(0, "", "");
    let both = named(&["rules/../a.json", "--stdin-filename", "./a.json"]);
    case.stdin(&both, ALLOW_ONE.as_bytes()).is(0, "", "");
    let complaint = "error: `--stdin-filename` goes with the path `-`, which was not given\n";
    case.check(&["--stdin-filename", "x.json"]).is(2, "", complaint);
}

#[test]
fn an_empty_file_is_one_finding_with_strict() {
    let case = Case::new(&[("policy.json", ""), ("blank.json", "\n \n")]);
    let args = ["check", "--format", "concise", "policy.json", "blank.json"];
    case.run(&args).is(0, "", "");
    let line = |file: &str| format!("{file}:1:1: error[invalid-json] there is no JSON value in this file\n");
    case.run(&[&args[..], &["--strict"]].concat()).is(1, &(line("blank.json") + &line("policy.json")), "");
}

#[test]
fn the_type_may_be_said() {
    let case = Case::new(&[("a.json", ALLOW_ALL)]);
    let args = ["check", "--rules", "rules", "--select", "every-action", "--format", "json", "--type"];
    for kind in ["identity", "scp", "vpc-endpoint"] {
        let run = case.run(&[&args[..], &[kind]].concat());
        assert_eq!(run.json()["diagnostics"][0]["policy"]["type"], kind);
    }
    let run = case.check(&["--type", "idendity"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("a similar value exists: 'identity'"), "{}", run.stderr);
}
