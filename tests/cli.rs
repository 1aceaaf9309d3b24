//! The program as its users run it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // A test that panics says where.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const ALLOW_ALL: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
const ALLOW_ONE: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;

/// A rule of the user's own, so that these tests hold whatever the built-in rules come to be.
const PAGE: &str = r#"```toml
schema = 1
id = "every-action"
severity = "warning"
message = "`{text}` allows every action"
help = "name the actions"
select = "$.Statement[?@.Effect == 'Allow'].Action[?@.any == true]"
```

# Every action

Name the actions.
"#;

/// A folder to run in, with `rules/every-action.md` and these files.
struct Case {
    dir: TempDir,
}

impl Case {
    fn new(files: &[(&str, &str)]) -> Self {
        let case = Self { dir: TempDir::new().unwrap() };
        case.write("rules/every-action.md", PAGE);
        for (name, text) in files {
            case.write(name, text);
        }
        case
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn command(&self, args: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_iam-lint"));
        command.args(args).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env_remove("NO_COLOR").env("TERM", "xterm");
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        self.command(args).output().unwrap().into()
    }

    /// `check` with the one rule and one line for each finding.
    fn check(&self, args: &[&str]) -> Run {
        let mut all = vec!["check", "--rules", "rules", "--select", "every-action", "--format", "concise"];
        all.extend(args);
        self.run(&all)
    }

    fn stdin(&self, args: &[&str], input: &[u8]) -> Run {
        let mut child =
            self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap().into()
    }
}

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    #[track_caller]
    fn is(&self, code: i32, stdout: &str, stderr: &str) {
        assert_eq!((self.stdout.as_str(), self.stderr.as_str(), self.code), (stdout, stderr, code));
    }

    #[track_caller]
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

fn found(file: &str) -> String {
    format!("{file}:1:71: warning[every-action] `*` allows every action\n")
}

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
    let complaint = "error: `--stdin-filename` goes with the path `-`, which was not given\n";
    case.check(&["--stdin-filename", "x.json"]).is(2, "", complaint);
}

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
    let schema = serde_json::from_str(include_str!("../schemas/output.schema.json")).unwrap();
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

#[test]
fn an_unknown_rule_is_met_with_the_nearest() {
    let case = Case::new(&[]);
    let rules = ["check", "--rules", "rules"];
    let run = |more: &[&'static str]| case.run(&[&rules[..], more].concat());
    let meant = "error: there is no rule or group `evry-action`, did you mean `every-action`?\n";
    run(&["--select", "evry-action"]).is(2, "", meant);
    run(&["--ignore", "custom,evry-action"]).is(2, "", meant);
    run(&["--ignore", "zzzzzzzzzz"]).is(
        2,
        "",
        "error: there is no rule or group `zzzzzzzzzz`; `iam-lint rules` lists them\n",
    );
    case.run(&["explain", "evry-action", "--rules", "rules"]).is(2, "", meant);
}

#[test]
fn rules_are_chosen_by_id_and_by_group() {
    let case = Case::new(&[("a.json", ALLOW_ALL)]);
    let rules = ["check", "--rules", "rules", "--format", "concise", "a.json"];
    let run = |more: &[&'static str]| case.run(&[&rules[..], more].concat());
    run(&["--select", "custom"]).is(1, &found("a.json"), "");
    run(&["--select", "custom", "--ignore", "every-action"]).is(0, "", "");
    assert!(run(&[]).stdout.contains("every-action"));
    assert!(!run(&["--ignore", "custom"]).stdout.contains("every-action"));
}

#[test]
fn a_page_that_is_not_valid_is_reported_at_its_place_and_the_rest_is_judged() {
    let case = Case::new(&[("a.json", ALLOW_ALL)]);
    case.write("rules/broken.md", PAGE.replace("every-action", "broken").replace("select", "selekt"));
    let run = case.check(&[]);
    assert_eq!((run.code, run.stderr.as_str()), (2, ""));
    assert!(run.stdout.starts_with("rules/broken.md:"), "{}", run.stdout);
    assert!(run.stdout.contains("selekt"), "{}", run.stdout);
    assert!(run.stdout.ends_with(&found("a.json")), "{}", run.stdout);

    case.write("rules/broken.md", PAGE.replace("every-action", "broken"));
    case.write("rules/more/every-action.md", PAGE);
    case.check(&[]).is(2, "", "error: there are two rules `every-action`; rename the one that is yours\n");
    let run = case.run(&["check", "--rules", "gone"]);
    assert_eq!((run.code, run.stderr.as_str()), (2, "error: gone: no such file or directory\n"));
}

#[test]
fn policies_are_listed_with_their_place_and_type() {
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;
    let wrapped = format!(r#"{{"Roles": [{{"AssumeRolePolicyDocument": {trust}}}]}}"#);
    let case = Case::new(&[("a.json", ALLOW_ALL), ("w.json", &wrapped), ("n.json", "[]")]);
    let run = case.run(&["list"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("a.json: identity ("), "{lines:?}");
    assert!(lines[1].starts_with("w.json#/Roles/0/AssumeRolePolicyDocument: trust ("), "{lines:?}");
    let document = case.run(&["list", "--format", "json", "."]).json();
    assert_eq!(document["files"], 3);
    assert_eq!(document["policies"][1]["pointer"], "/Roles/0/AssumeRolePolicyDocument");
    assert_eq!(document["policies"][1]["type"], "trust");
    assert!(document["policies"][1]["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    assert_eq!(case.run(&["list", "gone.json"]).code, 2);
}

#[test]
fn a_policy_is_viewed_as_queries_see_it() {
    let case = Case::new(&[("a.json", ALLOW_ALL), ("n.json", "{}")]);
    let view = case.run(&["view", "a.json"]).json();
    assert_eq!(view["Statement"][0]["Action"][0]["text"], "*");
    assert_eq!(view["Statement"][0]["Action"][0]["any"], true);
    assert_eq!(case.stdin(&["view", "-"], ALLOW_ALL.as_bytes()).json(), view);
    case.run(&["view", "n.json"]).is(2, "", "error: n.json: there is no policy in it\n");
    case.write("latin1.json", b"{\"\xe9\": 1}");
    case.run(&["view", "latin1.json"]).is(2, "", "error: latin1.json: it is not UTF-8\n");
    case.run(&["view", "gone.json"]).is(2, "", "error: gone.json: no such file or directory\n");
}

#[test]
fn a_rule_is_explained_and_all_are_listed() {
    let case = Case::new(&[]);
    let run = case.run(&["explain", "every-action", "--rules", "rules"]);
    assert!(run.stdout.starts_with("# Every action\n\nName the actions.\n"), "{}", run.stdout);
    assert!(!run.stdout.contains("select ="), "{}", run.stdout);
    let rules = case.run(&["rules", "--rules", "rules", "--format", "json"]).json();
    let own = serde_json::json!({
        "id": "every-action", "group": "custom", "severity": "warning", "default": "on", "title": "Every action"
    });
    assert!(rules["rules"].as_array().unwrap().contains(&own), "{rules}");
    let text = case.run(&["rules", "--rules", "rules"]).stdout;
    assert!(text.lines().any(|line| line.starts_with("  every-action ") && line.ends_with("Every action")), "{text}");
    for rule in rules["rules"].as_array().unwrap() {
        let id = rule["id"].as_str().unwrap();
        assert_eq!(case.run(&["explain", id, "--rules", "rules"]).code, 0, "{id}");
    }
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

#[test]
fn help_and_version_go_to_standard_output() {
    let case = Case::new(&[]);
    let run = case.run(&["--version"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, concat!("iam-lint ", env!("CARGO_PKG_VERSION"), "\n")));
    for args in [&["--help"][..], &["check", "--help"], &["help", "list"], &["-h"]] {
        let run = case.run(args);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        assert!(run.stdout.contains("Usage: iam-lint"), "{}", run.stdout);
    }
    for args in [&[][..], &["--no-such-flag"], &["check", "--format", "xml"], &["no-such-command"]] {
        let run = case.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}");
        assert!(run.stderr.contains("Usage: iam-lint") || run.stderr.contains("possible values"), "{}", run.stderr);
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// Where everything may be read, as by root, nothing is unreadable, and a link to itself stands in.
    #[test]
    fn a_file_that_cannot_be_read_does_not_stop_the_others() {
        let case = Case::new(&[("a.json", ALLOW_ALL), ("locked.json", ALLOW_ALL), ("z.json", ALLOW_ALL)]);
        let locked = case.dir.path().join("locked.json");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0)).unwrap();
        let expect = found("a.json") + &found("z.json");
        if fs::read(&locked).is_err() {
            case.check(&[]).is(2, &expect, "error: locked.json: permission denied\n");
        }
        fs::remove_file(&locked).unwrap();
        symlink("locked.json", &locked).unwrap();
        let run = case.check(&["locked.json", "."]);
        assert_eq!((run.code, run.stdout.as_str()), (2, expect.as_str()));
        assert!(run.stderr.starts_with("error: locked.json: too many levels of symbolic links"), "{}", run.stderr);
    }

    #[test]
    fn a_name_that_is_no_unicode_is_shown_as_well_as_may_be() {
        let case = Case::new(&[]);
        let name = OsStr::from_bytes(b"\xff.json");
        fs::write(case.dir.path().join(name), ALLOW_ALL).unwrap();
        case.check(&[]).is(1, &found("\u{fffd}.json"), "");
        let args = ["check", "--rules", "rules", "--select", "every-action", "--format", "concise"].map(OsStr::new);
        let output = case.command(&[&args[..], &[name]].concat()).output().unwrap();
        Run::from(output).is(1, &found("\u{fffd}.json"), "");
    }

    #[test]
    fn a_named_pipe_can_be_read() {
        let case = Case::new(&[("a.json", ALLOW_ALL)]);
        let a = fs::File::open(case.dir.path().join("a.json")).unwrap();
        let args = ["check", "--rules", "rules", "--select", "every-action", "--format", "concise", "/dev/stdin"];
        let run: Run = case.command(&args).stdin(a).output().unwrap().into();
        run.is(1, &found("/dev/stdin"), "");
    }

    /// A full disk must not pass for a clean run.
    #[test]
    fn results_that_cannot_be_written_are_an_error() {
        let Ok(full) = fs::File::options().write(true).open(Path::new("/dev/full")) else {
            return println!("skipped: this system has no /dev/full");
        };
        let case = Case::new(&[("a.json", ALLOW_ONE)]);
        let run: Run = case.command(&["check"]).stdout(full).output().unwrap().into();
        assert_eq!(run.code, 2);
        assert!(run.stderr.starts_with("error: the results could not be written: "), "{}", run.stderr);
    }
}
