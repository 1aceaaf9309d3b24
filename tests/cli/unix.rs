//! What only Unix has: modes, links, names of any bytes, and devices.

use super::{ALLOW_ALL, ALLOW_ONE, Case, Run, found};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

/// Where everything may be read, as by root, nothing is unreadable, and a link to itself stands in.
#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let case = Case::new(&[("a.json", ALLOW_ALL), ("locked.json", ALLOW_ALL), ("z.json", ALLOW_ALL)]);
    let locked = case.dir.path().join("locked.json");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
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
fn a_file_is_judged_under_the_name_that_came_first() {
    let case = Case::new(&[("z.json", ALLOW_ALL)]);
    symlink("z.json", case.dir.path().join("a.json")).unwrap();
    case.check(&["z.json", "a.json"]).is(1, &found("z.json"), "");
    case.check(&["a.json", "z.json"]).is(1, &found("a.json"), "");
    case.check(&["."]).is(1, &found("z.json"), "");
}

/// The shell's name for the current folder may lead through a link, which the system's never does.
#[test]
fn a_glob_from_the_root_may_go_through_a_link() {
    let case = Case::new(&[("[d]/v/a.json", ALLOW_ALL), ("[d]/b.json", ALLOW_ALL)]);
    let elsewhere = tempfile::TempDir::new().unwrap();
    let link = elsewhere.path().join("link");
    symlink(case.dir.path().join("[d]"), &link).unwrap();
    symlink("v", link.join("to-v")).unwrap();
    let (a, b) = (found("[d]/v/a.json"), found("[d]/b.json"));
    for (glob, expected) in [("v", &b), ("v/", &b), ("v/*.json", &b), ("*/a.json", &b), ("to-v", &(b.clone() + &a))] {
        let glob = link.join(glob).display().to_string();
        case.check(&["--exclude", &glob, "."]).is(1, expected, "");
    }
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
