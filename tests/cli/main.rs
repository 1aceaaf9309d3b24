//! The program as its users run it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // A test that panics says where.

mod access;
mod catalog;
mod check;
mod commands;
mod granted;
mod output;
mod reasons;
#[cfg(unix)]
mod unix;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
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
        // One who does not read it is no error.
        let _ = child.stdin.take().unwrap().write_all(input);
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
