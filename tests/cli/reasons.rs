//! Why an answer is not known, and the words in which one is given.

use super::{ALLOW_ONE, Case};
use serde_json::json;

/// What is said of a policy whose answer is not known.
#[track_caller]
fn undecided(policy: &str, reason: &str) {
    let case = Case::new(&[("p.json", policy)]);
    let run = case.run(&["can", "p.json", "--action", "s3:GetObject"]);
    assert_eq!((run.code, run.stdout.trim_end()), (3, format!("undecided: {reason}").as_str()));
}

#[test]
fn what_cannot_be_read_is_told_from_what_is_filled_in() {
    let statement = |rest: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}},
                {{"Action": "s3:GetObject", "Resource": "*", {rest}}}]}}"#
        )
    };
    let later = "it depends on a value that is filled in later";
    let no_effect = "statement 2 does not say `Allow` or `Deny` as its `Effect`";
    let partly = "it depends on a part of statement 2 that cannot be read";
    undecided(&statement(r#""Sid": "Read""#), no_effect);
    undecided(&statement(r#""Effect": "Permit""#), no_effect);
    undecided(&statement(r#""Effect": "${var.effect}""#), later);
    let when = |value: &str| statement(&format!(r#""Effect": "Allow", "Condition": {value}"#));
    undecided(&when(r#"{"StringEquals": {"aws:SourceVpc": null}}"#), partly);
    undecided(&when(r#"{"StringEquals": {"aws:SourceVpc": "${var.vpc}"}}"#), later);
    undecided(&when(r#"{"StringEquals": {"aws:SourceVpc": {"Ref": "Vpc"}}}"#), later);
    undecided(&statement(r#""Effect": "Allow""#).replace(r#""Resource": "*", "Eff"#, r#""Eff"#), {
        "statement 2 has no `Resource`, so IAM rejects the policy"
    });
    undecided(&statement(r#""Effect": "Allow", "Conditon": {}"#), {
        "statement 2 has a misspelt name in it, so IAM rejects the policy"
    });
    undecided(&when(r#"{"StringEqual": {"aws:SourceVpc": "vpc-1"}}"#), {
        "statement 2 has a misspelt name in it, so IAM rejects the policy"
    });
    let digits = "9".repeat(44);
    let long = format!("`{digits}` has more digits than are compared");
    undecided(&when(&format!(r#"{{"NumericEquals": {{"s3:TlsVersion": "{digits}"}}}}"#)), &long);
    let mut broken = statement(r#""Effect": "Allow""#);
    broken.truncate(broken.rfind(r#""Effect""#).unwrap());
    let case = Case::new(&[("p.json", &broken)]);
    let run = case.run(&["can", "p.json", "--action", "s3:GetObject"]);
    assert_eq!(run.code, 3, "{}", run.stdout);
    assert!(!run.stdout.contains("later"), "{}", run.stdout);
}

#[test]
fn what_holds_no_policy_or_two_sides_of_one_is_not_asked() {
    let conflict = format!("<<<<<<< HEAD\n{ALLOW_ONE}\n=======\n{ALLOW_ONE}\n>>>>>>> main\n");
    let case = Case::new(&[("a.json", ALLOW_ONE)]);
    for (text, reason) in [
        (&*conflict, "a merge conflict is not resolved in it, so that it is not known what it says"),
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("hello", "there is no policy in it"),
        ("{\"a\": 1}", "there is no policy in it"),
    ] {
        case.write("p.json", text);
        let complaint = format!("error: p.json: {reason}\n");
        case.run(&["can", "p.json", "--action", "s3:GetObject"]).is(2, "", &complaint);
        case.run(&["compare", "p.json", "a.json"]).is(2, "", &complaint);
        case.run(&["compare", "a.json", "p.json"]).is(2, "", &complaint);
    }
}

#[test]
fn keys_are_spelled_as_aws_spells_them() {
    let policy = ALLOW_ONE.replace(
        r#""Resource""#,
        r#""Condition": {"StringEquals": {"AWS:principaltag/team": "web", "aws:sourcevpc": "vpc-1"}}, "Resource""#,
    );
    let case = Case::new(&[("p.json", &policy)]);
    let run = case.run(&["can", "p.json", "--action", "s3:GetObject"]);
    assert!(run.stdout.contains("(aws:PrincipalTag/team = web; aws:SourceVpc = vpc-1)"), "{}", run.stdout);
    let document = case.run(&["can", "p.json", "--action", "s3:GetObject", "--format", "json"]).json();
    assert_eq!(document["witness"]["context"]["aws:PrincipalTag/team"], json!(["web"]));
}
