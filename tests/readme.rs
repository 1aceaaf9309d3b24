//! The README shows what the program really prints. `UPDATE=1 cargo test --test readme` writes it anew.

use std::path::Path;
use std::process::Command;

#[test]
fn the_readme_shows_real_output() {
    const START: &str = "<!-- output -->\n```text\n";
    const END: &str = "```\n<!-- /output -->";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = Command::new(env!("CARGO_BIN_EXE_iam-lint"))
        .args(["check", "fixtures/mfa/self-service.json"])
        .current_dir(root)
        .output()
        .expect("the program runs");
    assert_eq!(run.status.code(), Some(1));
    let printed = String::from_utf8(run.stdout).expect("the output is UTF-8");
    let path = root.join("README.md");
    let readme = std::fs::read_to_string(&path).expect("there is a README.md");
    let (before, rest) = readme.split_once(START).expect("the README has a place for the output");
    let (shown, after) = rest.split_once(END).expect("the place for the output ends");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{START}{printed}{END}{after}")).expect("the README can be written");
    } else {
        assert_eq!(shown, printed, "run `UPDATE=1 cargo test --test readme`");
    }
}
