//! The README shows what the program really prints. `UPDATE=1 cargo test --test readme` writes it anew.

use std::path::Path;
use std::process::Command;

/// The places by name, the commands whose output stands there, and their exit codes.
const SHOWN: [(&str, &[&str], i32); 3] = [
    ("output", &["check", "fixtures/mfa/self-service.json"], 1),
    ("can", &["can", "fixtures/access/self-service.json", "--action", "iam:DeactivateMFADevice", "--without-mfa"], 1),
    ("catalog", &["catalog", "action", "iam:DeactivateMFADevice"], 0),
];

#[test]
fn the_readme_shows_real_output() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("README.md");
    let readme = std::fs::read_to_string(&path).expect("there is a README.md");
    let mut written = readme.clone();
    for (name, args, code) in SHOWN {
        let run = Command::new(env!("CARGO_BIN_EXE_iam-lint")).args(args).current_dir(root).output();
        let run = run.expect("the program runs");
        assert_eq!(run.status.code(), Some(code), "{args:?}");
        assert!(readme.contains(&format!("$ cargo run --release --quiet -- {}\n", args.join(" "))), "{args:?}");
        let printed = String::from_utf8(run.stdout).expect("the output is UTF-8");
        let (start, end) = (format!("<!-- {name} -->\n```text\n"), format!("```\n<!-- /{name} -->"));
        let (before, rest) = written.split_once(&start).expect("the README has a place for the output");
        let (_, after) = rest.split_once(&end).expect("the place for the output ends");
        written = format!("{before}{start}{printed}{end}{after}");
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, written).expect("the README can be written");
    } else {
        assert_eq!(readme, written, "run `UPDATE=1 cargo test --test readme`");
    }
}
