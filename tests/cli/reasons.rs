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
    undecided(
        &when(r#"{"StringEquals": {"aws:SourceVpc": "${var.vpc}"}}"#),
        "it depends on what is filled in for `${var.vpc}`",
    );
    undecided(
        &when(r#"{"StringEquals": {"aws:SourceVpc": {"Ref": "Vpc"}}}"#),
        "it depends on what is filled in for `${Vpc}`",
    );
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
    assert!(!run.stdout.contains("filled in"), "{}", run.stdout);
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

#[test]
fn what_is_of_the_users_own_in_a_key_is_spelled_as_they_do() {
    let key = "aws:PrincipalTag/CostCenter";
    let condition = format!(r#""Condition": {{"StringEquals": {{"{key}": "web"}}}}, "Resource""#);
    let by_condition = ALLOW_ONE.replace(r#""Resource""#, &condition);
    let by_variable = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/CostCenter}/*"}}"#;
    let asked = format!("{key}=web");
    for (policy, more) in [(by_condition.as_str(), None), (by_variable, None), (ALLOW_ONE, Some(asked.as_str()))] {
        let case = Case::new(&[("p.json", policy)]);
        let mut args = vec!["can", "p.json", "--action", "s3:GetObject"];
        args.extend(more.into_iter().flat_map(|pair| ["--context", pair]));
        let run = case.run(&args);
        assert!(run.stdout.contains(&format!("({key} = ")), "{}", run.stdout);
        args.extend(["--format", "json"]);
        let document = case.run(&args).json();
        assert!(document["witness"]["context"][key].is_array(), "{document}");
    }
    let team = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "${aws:PrincipalTag/A}${aws:PrincipalTag/B}"},
        "StringNotEquals": {"aws:PrincipalTag/Team": ["${aws:PrincipalTag/A}x", "value0value1"]}}}}"#;
    let run = Case::new(&[("p.json", team)]).run(&["can", "p.json", "--action", "s3:GetObject"]);
    assert!(!run.stdout.contains("Tag/a}"), "{}", run.stdout);
}

#[test]
fn an_action_that_nobody_knows_has_a_name() {
    let policy = |action: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}}}"#
        )
    };
    let case = Case::new(&[("old.json", &policy("s3:*")), ("new.json", &policy("zz9:Get*"))]);
    let run = case.run(&["compare", "old.json", "new.json"]);
    assert!(run.stdout.starts_with("new access: zz9:GetUnlisted on arn:aws:zz9:"), "{}", run.stdout);
    let run = case.run(&["can", "new.json", "--what"]);
    assert!(run.stdout.contains("zz9: 1\n  Get*\n"), "{}", run.stdout);
}

#[test]
fn of_two_sides_the_one_is_named_that_does_not_allow() {
    let policy = |action: &str, principal: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", {principal} "Action": "{action}",
            "Resource": "arn:aws:sqs:eu-west-1:111122223333:q"}}}}"#
        )
    };
    let user = "arn:aws:iam::444455556666:user/u";
    let principal = format!(r#""Principal": {{"AWS": "{user}"}},"#);
    for (identity, resource, expected) in [
        (
            "sqs:List*",
            "sqs:SendMessage",
            "`r.json` allows it, and an identity policy of the caller's has to as well, and none does",
        ),
        (
            "sqs:SendMessage",
            "sqs:List*",
            "`i.json` allows it, and the policy of the resource has to as well, and does not",
        ),
        ("sqs:List*", "sqs:List*", "no statement allows it"),
    ] {
        let case = Case::new(&[("i.json", &policy(identity, "")), ("r.json", &policy(resource, &principal))]);
        let args = ["can", "--identity", "i.json", "--resource-policy", "r.json", "--action", "sqs:SendMessage"];
        let run = case.run(&[&args[..], &["--principal", user]].concat());
        let said = format!("no: `sqs:SendMessage` is not possible by `{user}`\n  {expected}\n");
        assert_eq!((run.code, run.stdout.as_str()), (1, said.as_str()));
    }
}

#[test]
fn a_template_that_stays_as_it_is_changes_nothing() {
    let statement = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ${jsonencode(buckets)}}"#;
    let policy = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}, ${{more}}]}}"#);
    let other = policy.replace("more", "others");
    let case = Case::new(&[("old.json", &policy), ("new.json", &format!("\n{policy}\n")), ("other.json", &other)]);
    case.run(&["compare", "old.json", "new.json"]).is(0, "new access: none\nlost access: none\n", "");
    assert_eq!(case.run(&["compare", "old.json", "other.json"]).code, 3);
}
