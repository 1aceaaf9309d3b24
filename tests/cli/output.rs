//! What the findings look like, whatever is in the files and whoever reads.

use super::{ALLOW_ALL, ALLOW_ONE, Case, PAGE, Run, found};
use std::io::Read;
use std::process::Stdio;

#[test]
fn text_sums_up_and_shows_how_to_learn_more() {
    let case = Case::new(&[("a.json", ALLOW_ALL), ("b.json", ALLOW_ONE), ("c.json", "{}")]);
    let args = ["check", "--rules", "rules", "--select", "every-action"];
    let run = case.run(&args);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    assert!(run.stdout.ends_with("\n\n1 warning in 2 policies (3 files)\n"), "{}", run.stdout);
    assert!(run.stdout.contains("─[a.json:1:71]"), "{}", run.stdout);
    assert!(run.stdout.contains("run `iam-lint explain every-action`"), "{}", run.stdout);
    assert!(!run.stdout.contains('\x1b'), "a pipe is no terminal");
    let run = case.run(&[&args[..], &["--color", "always"]].concat());
    assert!(run.stdout.contains('\x1b'));
    let output = case.command(&[&args[..], &["--color", "always"]].concat()).env("NO_COLOR", "1").output().unwrap();
    assert!(Run::from(output).stdout.contains('\x1b'), "what is said for this run goes before what is said for all");
    case.run(&[&args[..], &["c.json"]].concat()).is(0, "nothing found in 0 policies (1 file)\n", "");
}

#[test]
fn json_is_one_document_as_its_schema_says() {
    let schema = serde_json::from_str(include_str!("../../schemas/output.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let case = Case::new(&[("a.json", ALLOW_ALL), ("b.json", "{}")]);
    let args = ["check", "--rules", "rules", "--select", "every-action", "--format", "json", "gone.json", "."];
    let run = case.run(&args);
    let document = run.json();
    let problems: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!((run.code, run.stderr.as_str()), (2, "error: gone.json: no such file or directory\n"));
    assert_eq!((&document["files"], &document["policies"]), (&2.into(), &1.into()));
    let finding = &document["diagnostics"][0];
    assert_eq!(finding["policy"], serde_json::json!({"type": "identity", "pointer": ""}));
    assert_eq!(finding["help"], "name the actions");
    assert_eq!(document["errors"][0], serde_json::json!({"file": "gone.json", "message": "no such file or directory"}));
}

#[test]
fn a_byte_order_mark_is_an_offset_but_no_column() {
    let case = Case::new(&[("a.json", &format!("\u{feff}{ALLOW_ALL}"))]);
    case.check(&[]).is(1, &found("a.json"), "");
    let run = case.run(&["check", "--rules", "rules", "--select", "every-action", "--format", "json"]);
    let start = &run.json()["diagnostics"][0]["span"]["start"];
    assert_eq!(*start, serde_json::json!({"line": 1, "column": 71, "offset": 73}));
}

#[test]
fn escape_sequences_do_not_reach_the_terminal() {
    let hostile = ALLOW_ALL.replace('*', "*\\u001b[2J\u{9b}31m").replace("s3", "*");
    let case = Case::new(&[("\x1b[1mx.json", &hostile)]);
    case.write("rules/every-action.md", PAGE.replace("@.any == true", "@.wildcard == true"));
    for format in ["text", "concise", "json"] {
        let run = case.run(&["check", "--rules", "rules", "--format", format, "."]);
        assert!(run.stdout.contains("every-action"), "{}", run.stdout);
        assert!(!run.stdout.contains(|c: char| c.is_control() && c != '\n'), "{:?}", run.stdout);
    }
    let run = case.run(&["check", "\x1b[1mgone"]);
    assert_eq!(run.stderr, "error: ␛[1mgone: no such file or directory\n");
}

/// More than a pipe holds is written to one whose reader left after the first byte.
#[test]
fn a_closed_pipe_is_no_error() {
    let many = format!("[{}]", vec![ALLOW_ALL; 2_000].join(",\n"));
    let case = Case::new(&[("a.json", &many)]);
    for format in ["text", "concise", "json"] {
        let args = ["check", "--rules", "rules", "--select", "every-action", "--format", format];
        let mut child = case.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        drop(stdout);
        Run::from(child.wait_with_output().unwrap()).is(1, "", "");
    }
}
