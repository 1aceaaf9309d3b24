//! The commands beside `check`, the choice of rules, and help.

use super::{ALLOW_ALL, Case, PAGE, found};

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
    // What is given twice is judged by once.
    run(&["--select", "custom", "--rules", "rules", "--rules", "./rules/"]).is(1, &found("a.json"), "");
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

    for name in ["broken", "every-action,broken"] {
        let run = case.run(&["check", "--rules", "rules", "--select", name, "--format", "concise"]);
        assert_eq!((run.code, run.stderr.as_str()), (2, ""));
        assert!(run.stdout.starts_with("rules/broken.md:"), "{}", run.stdout);
    }
    for args in [&["rules"][..], &["explain", "every-action"]] {
        let run = case.run(&[args, &["--rules", "rules"]].concat());
        assert!(run.code == 2 && !run.stdout.is_empty(), "{}", run.stdout);
        assert!(run.stderr.contains("unknown key `selekt`"), "{}", run.stderr);
    }
    let run = case.run(&["explain", "broken", "--rules", "rules"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("unknown key `selekt`"), "{}", run.stderr);
    assert!(run.stderr.ends_with("error: the page of `broken` is not valid\n"), "{}", run.stderr);

    case.write("rules/broken.md", PAGE.replace("every-action", "broken"));
    case.write("rules/more/every-action.md", PAGE);
    let two = "rules/every-action.md and rules/more/every-action.md";
    case.check(&[]).is(2, "", &format!("error: there are two rules `every-action`, {two}; rename one of them\n"));
    for (id, complaint) in [
        ("mfa", "rules/own/mfa.md: `mfa` is the name of a group of rules, so that it can be no rule's id"),
        ("own", "rules/own/own.md: `own` is the name of a group of rules, so that it can be no rule's id"),
        ("duplicate-key", "there is a rule `duplicate-key` already; rename rules/own/duplicate-key.md"),
    ] {
        let case = Case::new(&[("a.json", ALLOW_ALL)]);
        case.write(&format!("rules/own/{id}.md"), PAGE.replace("every-action", id));
        case.check(&[]).is(2, "", &format!("error: {complaint}\n"));
    }
    let run = case.run(&["check", "--rules", "gone"]);
    assert_eq!((run.code, run.stderr.as_str()), (2, "error: gone: no such file or directory\n"));
}

#[test]
fn where_there_is_no_rule_page_that_is_said() {
    let case = Case::new(&[("a.json", ALLOW_ALL), ("empty/x.txt", ""), ("docs/README.md", "# Our rules\n")]);
    for path in ["empty", "a.json", "docs"] {
        let complaint = format!(
            "error: {path}: no rule page is in it; a rule page is a Markdown file (.md) that begins with a header\n"
        );
        case.check(&["--rules", path]).is(2, &found("a.json"), &complaint);
    }
    let run = case.run(&["check", "--rules", "docs/README.md"]);
    assert_eq!((run.code, run.stdout.contains("a rule page begins with its header")), (2, true));
    case.write("rules/README.md", "# Our rules\n");
    case.check(&[]).is(1, &found("a.json"), "");
}

#[test]
fn a_list_of_rules_may_end_in_a_comma_but_not_be_empty() {
    let case = Case::new(&[("a.json", ALLOW_ALL)]);
    let run =
        |more: &[&str]| case.run(&[&["check", "--rules", "rules", "--format", "concise", "a.json"], more].concat());
    run(&["--select", "every-action,"]).is(1, &found("a.json"), "");
    run(&["--select", " every-action, custom "]).is(1, &found("a.json"), "");
    for empty in ["", ",", " "] {
        let complaint = |name: &str| format!("error: `{name}` names no rule; `iam-lint rules` lists them\n");
        run(&["--select", empty]).is(2, "", &complaint("--select"));
        run(&["--ignore", empty]).is(2, "", &complaint("--ignore"));
    }
}

#[test]
fn pages_that_speak_of_the_catalogue_are_explained_with_its_date() {
    let case = Case::new(&[]);
    let version = case.run(&["--version"]).stdout;
    let date = version.rsplit(' ').next().unwrap().trim_end().trim_end_matches(')');
    let text = case.run(&["explain", "unknown-action"]).stdout;
    assert!(text.contains(date) && !text.contains("YYYY"), "{date}: {text}");
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
fn help_and_version_go_to_standard_output() {
    let case = Case::new(&[]);
    let run = case.run(&["--version"]);
    let version = format!("iam-lint {} (catalogue of {})\n", env!("CARGO_PKG_VERSION"), iam_lint::catalog::date());
    assert_eq!((run.code, run.stdout), (0, version));
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
