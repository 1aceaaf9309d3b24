//! What the MFA rules find, statement by statement and policy by policy: each row is a policy and the findings that
//! it must give, with the text they underline. Notes are left out unless a row is about them.

use iam_lint::diagnostic::Severity;
use iam_lint::lint::{Options, RuleSet, all_rules, lint};

mod long;
mod narrow;
mod removal;

fn findings(policy: &str, least: Severity, must_require_mfa: bool) -> Vec<String> {
    // A bucket that is open to everyone is one thing, and its MFA conditions are another.
    let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.id != "public-access"));
    let options = Options { must_require_mfa, ..Options::new(&rules) };
    let report = lint("policy.json", policy.as_bytes().to_vec(), &options);
    let chosen = report.diagnostics.iter().filter(|diagnostic| diagnostic.severity >= least);
    chosen.map(|diagnostic| format!("{} {}", diagnostic.rule, report.source.slice(diagnostic.span))).collect()
}

fn policy(statements: &str) -> String {
    format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statements}]}}")
}

/// A Deny, or an Allow, of `ec2:*` under a condition.
#[track_caller]
fn check_condition(effect: &str, condition: &str, expected: &[&str]) {
    let statement = format!(r#"{{"Effect":"{effect}","Action":"ec2:*","Resource":"*","Condition":{{{condition}}}}}"#);
    assert_eq!(findings(&policy(&statement), Severity::Warning, false), expected, "{effect} {condition}");
}

#[track_caller]
fn check(statements: &str, expected: &[&str]) {
    assert_eq!(findings(&policy(statements), Severity::Warning, false), expected, "{statements}");
}

const PRESENT: &str = r#""aws:MultiFactorAuthPresent""#;
const AGE: &str = r#""aws:MultiFactorAuthAge""#;

fn present(operator: &str, value: &str) -> String {
    format!(r#""{operator}":{{{PRESENT}:{value}}}"#)
}

fn age(operator: &str, value: &str) -> String {
    format!(r#""{operator}":{{{AGE}:{value}}}"#)
}

#[test]
fn a_deny_is_right_where_it_stops_both_kinds_without_mfa() {
    for value in [r#""false""#, "false", r#""False""#, r#"["false"]"#, "[false]"] {
        check_condition("Deny", &present("BoolIfExists", value), &[]);
        check_condition("Deny", &present("boolifexists", value), &[]);
        check_condition("Deny", &present("Bool", value), &[r#"mfa-deny-misses-access-keys "Bool""#]);
        check_condition(
            "Deny",
            &present("ForAnyValue:Bool", value),
            &[r#"mfa-deny-misses-access-keys "ForAnyValue:Bool""#],
        );
    }
    check_condition("Deny", r#""BoolIfExists":{"AWS:multifactorauthpresent":"false"}"#, &[]);
    check_condition("Deny", &age("Null", "true"), &[]);
    check_condition("Deny", &age("NumericGreaterThanIfExists", "3600"), &[]);
    check_condition("Deny", &age("NumericGreaterThanEqualsIfExists", r#""3600.5""#), &[]);
    check_condition("Deny", &present("Null", "true"), &[r#"mfa-deny-misses-sessions "Null""#]);
    check_condition(
        "Deny",
        &age("NumericGreaterThan", "3600"),
        &[r#"mfa-deny-misses-access-keys "NumericGreaterThan""#],
    );
    check_condition(
        "Deny",
        &present("ForAllValues:Bool", r#""false""#),
        &[r#"set-operator-on-single-valued-key "ForAllValues:Bool""#],
    );
}

#[test]
fn an_allow_is_right_where_it_refuses_both_kinds_without_mfa() {
    for value in [r#""true""#, "true", r#""TRUE""#, r#"["true"]"#] {
        check_condition("Allow", &present("Bool", value), &[]);
        check_condition("Allow", &present("BoolIfExists", value), &[r#"mfa-allow-admits-access-keys "BoolIfExists""#]);
        check_condition(
            "Allow",
            &present("ForAllValues:Bool", value),
            &[r#"mfa-allow-admits-access-keys "ForAllValues:Bool""#],
        );
    }
    check_condition("Allow", &age("NumericLessThan", "3600"), &[]);
    check_condition("Allow", &age("Null", "false"), &[]);
    check_condition("Allow", &format!("{},{}", present("Bool", "true"), age("NumericLessThan", "3600")), &[]);
    check_condition(
        "Allow",
        &age("NumericLessThanIfExists", "3600"),
        &[r#"mfa-allow-admits-access-keys "NumericLessThanIfExists""#],
    );
    check_condition("Allow", &present("Null", "false"), &[r#"mfa-allow-admits-sessions "Null""#]);
}

#[test]
fn conditions_that_are_turned_round() {
    for (effect, condition) in [
        ("Deny", present("Bool", "true")),
        ("Deny", present("Null", r#""false""#)),
        ("Deny", age("NumericLessThan", "3600")),
        ("Deny", age("NumericLessThanIfExists", "3600")),
        ("Allow", present("Bool", "false")),
        ("Allow", present("BoolIfExists", "false")),
        ("Allow", present("Null", "true")),
        ("Allow", age("NumericGreaterThan", "3600")),
    ] {
        let (operator, rest) = condition.split_once(':').expect("an operator and its block");
        let guilty = if condition.contains(AGE) { operator } else { &rest[1..rest.len() - 1] };
        check_condition(effect, &condition, &[&format!("inverted-mfa-condition {guilty}")]);
    }
}

#[test]
fn conditions_that_make_no_difference() {
    for condition in [
        present("BoolIfExists", r#"["true","false"]"#),
        present("ForAllValues:Bool", r#"["true","false"]"#),
        present("Null", r#"["true","false"]"#),
    ] {
        check_condition("Deny", &condition, &[&format!(r#"ineffective-mfa-condition {PRESENT}:["true","false"]"#)]);
    }
    let (first, second) = (present("Bool", "false"), age("NumericGreaterThan", "60"));
    check_condition("Deny", &format!("{first},{second}"), &[&format!("ineffective-mfa-condition {PRESENT}:false")]);
    let (first, second) = (present("BoolIfExists", "false"), age("NumericGreaterThanIfExists", "60"));
    check_condition("Deny", &format!("{first},{second}"), &[&format!("ineffective-mfa-condition {AGE}:60")]);
    // That the age is there is said again, for the reader.
    let (first, second) = (present("Bool", "true"), age("Null", "false"));
    check_condition("Allow", &format!("{first},{second}"), &[]);
    let (first, second) = (age("NumericLessThan", "60"), age("Null", "false"));
    check_condition("Allow", &format!("{first},{second}"), &[]);
}

#[test]
fn what_is_not_known_is_not_reported() {
    for value in [r#""${require_mfa}""#, r#""<true|false>""#, r#""{{ mfa }}""#, "${mfa}", r#"{"Ref":"Mfa"}"#] {
        check_condition("Allow", &present("Bool", value), &[]);
        check_condition("Deny", &present("BoolIfExists", value), &[]);
        check_condition("Allow", &present("Null", value), &[]);
        check_condition("Deny", &present("Null", value), &[]);
        // Whatever the value turns out to be, these are wrong about a key that is not there.
        check_condition("Allow", &present("BoolIfExists", value), &[r#"mfa-allow-admits-access-keys "BoolIfExists""#]);
        check_condition("Deny", &present("Bool", value), &[r#"mfa-deny-misses-access-keys "Bool""#]);
    }
}

#[test]
fn the_verdict_is_over_the_policy() {
    let deny = |condition: String, resource: &str| {
        format!(r#"{{"Effect":"Deny","Action":"s3:*","Resource":"{resource}","Condition":{{{condition}}}}}"#)
    };
    let old = || age("NumericGreaterThan", "3600");
    check(&format!("{},{}", deny(age("Null", "true"), "*"), deny(old(), "arn:aws:s3:::b/*")), &[]);
    check(
        &format!("{},{}", deny(age("Null", "true"), "arn:aws:s3:::a/*"), deny(old(), "arn:aws:s3:::b/*")),
        &[r#"mfa-deny-misses-access-keys "NumericGreaterThan""#],
    );
    check(&format!("{},{}", deny(present("Null", "true"), "*"), deny(present("Bool", "false"), "*")), &[]);
    check(
        &format!(
            r#"{},{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{{{}}}}}"#,
            deny(present("BoolIfExists", "false"), "*"),
            present("BoolIfExists", "true")
        ),
        &[],
    );
}

#[test]
fn other_conditions_do_not_hide_a_defect() {
    check_condition(
        "Deny",
        &format!(r#"{},"StringEquals":{{"aws:RequestedRegion":"eu-west-1"}}"#, present("Bool", "false")),
        &[r#"mfa-deny-misses-access-keys "Bool""#],
    );
}

#[test]
fn text_is_read_as_the_state_that_it_matches() {
    let (any, not_true) = (present("StringLike", r#""*""#), present("StringNotLike", r#""tr*""#));
    let inverted = |value: &str| format!(r#"inverted-mfa-condition "aws:MultiFactorAuthPresent":{value}"#);
    check_condition("Allow", &any, &[r#"mfa-allow-admits-sessions "StringLike""#]);
    check_condition("Allow", &not_true, &[inverted(r#""tr*""#).as_str()]);
    check_condition("Deny", &any, &[inverted(r#""*""#).as_str()]);
    check_condition("Deny", &not_true, &[r#"mismatched-operator-type "StringNotLike""#]);
}

#[test]
fn near_misses_of_the_key_count_as_the_key() {
    check_condition(
        "Deny",
        r#""Bool":{"aws:MultiFactorAuthPresnt":"false"}"#,
        &[r#"mfa-deny-misses-access-keys "Bool""#, r#"unknown-condition-key "aws:MultiFactorAuthPresnt""#],
    );
    check_condition(
        "Deny",
        r#""BoolIfExists":{"aws:MFAPresent":"false"}"#,
        &[r#"unknown-condition-key "aws:MFAPresent""#],
    );
    check_condition(
        "Deny",
        r#""NumericGreaterThan":{"aws:MultiFactorAge":"3600"}"#,
        &[r#"mfa-deny-misses-access-keys "NumericGreaterThan""#, r#"unknown-condition-key "aws:MultiFactorAge""#],
    );
}

#[test]
fn a_policy_that_must_require_mfa_says_so_or_is_reported() {
    let allow = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#;
    assert_eq!(findings(&policy(allow), Severity::Error, true), [r#"missing-deny-without-mfa "Statement""#]);
    let guarded = format!(
        r#"{allow},{{"Effect":"Deny","NotAction":"iam:*","Resource":"*","Condition":{{{}}}}}"#,
        present("BoolIfExists", "false")
    );
    assert_eq!(findings(&policy(&guarded), Severity::Error, true), [""; 0]);
    let beside = |deny: &str| findings(&policy(&format!("{allow},{deny}")), Severity::Error, true);
    let without = present("BoolIfExists", "false");
    let few = format!(r#"{{"Effect":"Deny","Action":"ec2:StopInstances","Resource":"*","Condition":{{{without}}}}}"#);
    assert_eq!(beside(&few), [""; 0]);
    let devices = few.replace("ec2:StopInstances", "iam:*MFADevice");
    assert_eq!(beside(&devices), [r#"missing-deny-without-mfa "Statement""#]);
    let region = r#"{"Effect":"Deny","Action":"*","Resource":"*",
        "Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}"#;
    assert_eq!(beside(region), [r#"missing-deny-without-mfa "Statement""#]);
}

#[test]
fn a_deny_makes_up_only_for_those_whom_it_names() {
    let check = |allowed: &str, denied: &str, expected: &[&str]| {
        let text = policy(&format!(
            r#"{{"Effect":"Allow","Principal":{allowed},"Action":"s3:PutObject","Resource":"*","Condition":{{{}}}}},
            {{"Effect":"Deny","Principal":{denied},"Action":"s3:*","Resource":"*","Condition":{{{}}}}}"#,
            present("BoolIfExists", "true"),
            present("BoolIfExists", "false")
        ));
        assert_eq!(findings(&text, Severity::Error, false), expected, "{allowed} {denied}");
    };
    let open = [r#"mfa-allow-admits-access-keys "BoolIfExists""#];
    let alice = r#"{"AWS":"arn:aws:iam::123456789012:user/alice"}"#;
    check(alice, r#""*""#, &[]);
    check(alice, alice, &[]);
    check(alice, r#"{"AWS":"123456789012"}"#, &[]);
    check(alice, r#"{"AWS":"arn:aws:iam::123456789012:root"}"#, &[]);
    check(alice, r#"{"AWS":"arn:aws:iam::123456789012:user/bob"}"#, &open);
    check(alice, r#"{"AWS":"111122223333"}"#, &open);
    let about_a_service = r#"mfa-condition-never-met "aws:MultiFactorAuthPresent":false"#;
    check(alice, r#"{"Service":"ec2.amazonaws.com"}"#, &[open[0], about_a_service]);
    check(alice, r#"{"AWS":"${var.user}"}"#, &[]);
    check(r#"{"AWS":"*"}"#, alice, &open);
    check(r#"{"AWS":["arn:aws:iam::123456789012:role/a","123456789012"]}"#, r#"{"AWS":"123456789012"}"#, &[]);
}

/// A policy with which people look after their own devices and passwords; `operator` is that of its Deny.
fn self_service(operator: &str, more: &str) -> String {
    policy(&format!(
        r#"{{"Effect":"Allow","Action":["iam:ListUsers","iam:ListVirtualMFADevices"],"Resource":"*"}},
        {{"Effect":"Allow","Action":["iam:CreateVirtualMFADevice"],"Resource":"arn:aws:iam::*:mfa/*"}},
        {{"Effect":"Allow","Action":["iam:EnableMFADevice","iam:GetMFADevice","iam:ListMFADevices","iam:ResyncMFADevice"],
          "Resource":"arn:aws:iam::*:user/${{aws:username}}"}},
        {{"Effect":"Allow","Action":["iam:DeactivateMFADevice"],"Resource":"arn:aws:iam::*:user/${{aws:username}}",
          "Condition":{{"Bool":{{{PRESENT}:"true"}}}}}},
        {{"Effect":"Allow","Action":["iam:ChangePassword"],"Resource":"arn:aws:iam::*:user/${{aws:username}}"}},
        {{"Effect":"Deny","NotAction":["iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:ListMFADevices",
          "iam:ListUsers","iam:ListVirtualMFADevices","iam:ResyncMFADevice","iam:ChangePassword"],
          "Resource":"*","Condition":{{"{operator}":{{{PRESENT}:"false"}}}}}}{more}"#
    ))
}

#[test]
fn a_policy_that_requires_mfa_lets_no_one_remove_a_device() {
    let all = r#",{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let about_removal = |policy: &str| -> Vec<String> {
        let found = findings(policy, Severity::Note, false).into_iter();
        found
            .filter(|line| line.contains("deactivate") || line.contains("removal") || line.contains("misses"))
            .collect()
    };
    assert_eq!(about_removal(&self_service("BoolIfExists", "")), [""; 0]);
    assert_eq!(about_removal(&self_service("BoolIfExists", all)), [""; 0]);
    assert_eq!(about_removal(&self_service("Bool", all)), [r#"mfa-deny-misses-access-keys "Bool""#]);
}

#[test]
fn a_missed_request_goes_before_an_idle_age() {
    let conditions = format!("{},{}", present("Bool", "false"), age("NumericGreaterThanIfExists", "3600"));
    check_condition("Deny", &conditions, &[r#"mfa-deny-misses-access-keys "Bool""#]);
    check_condition("Deny", &present("Bool", "[]"), &[&format!("ineffective-mfa-condition {PRESENT}:[]")]);
}

#[test]
fn an_age_is_no_date() {
    let dated = age("DateGreaterThan", r#""2020-01-01""#);
    check_condition("Allow", &dated, &[r#"mismatched-operator-type "DateGreaterThan""#]);
}

#[test]
fn those_who_never_carry_mfa_are_told_apart() {
    let trust = |effect: &str, principal: &str, condition: &str| {
        let action = r#""Action":"sts:AssumeRole""#;
        format!(r#"{{"Effect":"{effect}","Principal":{principal},{action},"Condition":{{{condition}}}}}"#)
    };
    const SERVICE: &str = r#"{"Service":"ec2.amazonaws.com"}"#;
    let never_met = |value: &str| format!("mfa-condition-never-met {PRESENT}:{value}");
    for operator in ["Bool", "BoolIfExists"] {
        check(&trust("Allow", SERVICE, &present(operator, "true")), &[&never_met("true")]);
        check(&trust("Deny", SERVICE, &present(operator, "false")), &[&never_met("false")]);
    }
    let both = r#"{"Service":"ec2.amazonaws.com","AWS":"123456789012"}"#;
    check(
        &trust("Allow", both, &present("BoolIfExists", "true")),
        &[r#"mfa-allow-admits-access-keys "BoolIfExists""#, &never_met("true")],
    );
}

#[test]
fn one_cause_is_one_finding() {
    let enroll =
        r#"{"Effect":"Allow","Action":"iam:EnableMFADevice","Resource":"arn:aws:iam::*:user/${aws:username}"}"#;
    let spare = |items: &str, condition: &str| {
        format!(r#"{{"Effect":"Deny","NotAction":[{items}],"Resource":"*"{condition}}}"#)
    };
    let bare = spare(r#""iam:EnableMFADevice","sts:GetSessionToken""#, "");
    check(&format!("{enroll},{bare}"), &[r#"unconditional-mfa-deny "NotAction""#]);
    let without_mfa = format!(r#","Condition":{{{}}}"#, present("BoolIfExists", "false"));
    let remove = r#"{"Effect":"Allow","Action":"iam:DeactivateMFADevice","Resource":"*"}"#;
    let freed = spare(r#""iam:DeactivateMFADevice""#, &without_mfa);
    check(&format!("{remove},{freed}"), &[r#"deactivate-mfa-without-mfa "iam:DeactivateMFADevice""#]);
    let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let office = format!(
        r#","Condition":{{{},"NotIpAddress":{{"aws:SourceIp":"192.0.2.0/24"}}}}"#,
        present("BoolIfExists", "false")
    );
    let narrow = spare(r#""iam:ListMFADevices""#, &office);
    check(&format!("{all},{narrow}"), &[r#"narrow-mfa-deny "aws:SourceIp":"192.0.2.0/24""#]);
}

#[test]
fn what_lacks_an_element_is_judged_by_what_it_has() {
    let element = r#"missing-element "Effect""#;
    // What it grants, nobody knows.
    check(r#"{"Effect":"Allow","Action":"iam:DeactivateMFADevice"}"#, &[element]);
    let deny = |resource: &str, condition: &str| {
        let action = r#""NotAction":["iam:CreateVirtualMFADevice","iam:EnableMFADevice"]"#;
        format!(r#"{{"Effect":"Deny",{action}{resource}{condition}}}"#)
    };
    let when = |operator: &str| format!(r#","Condition":{{{}}}"#, present(operator, "false"));
    let misses = r#"mfa-deny-misses-access-keys "Bool""#;
    check(&deny("", &when("Bool")), &[element, misses]);
    check(&deny(r#","Resources":"*""#, &when("Bool")), &[r#"unknown-element "Resources""#, misses]);
    // What is missing may be what would make it right.
    check(&deny("", ""), &[element]);
    let enroll = r#"{"Effect":"Allow","Action":["iam:CreateVirtualMFADevice","iam:EnableMFADevice"],"Resource":"*"}"#;
    let everything = r#","Resource":"*""#;
    for (deny, finding) in [
        (deny("", &when("BoolIfExists")), element),
        (deny(everything, &when("BoolIfExist")), r#"unknown-condition-operator "BoolIfExist""#),
        (deny(everything, &when("BoolIfExists").replace("Condition", "Conditon")), r#"unknown-element "Conditon""#),
        (deny(everything, &when("BoolIfExists")).replace("NotAction", "NotActoin"), r#"unknown-element "NotActoin""#),
    ] {
        check(&format!("{enroll},{deny}"), &[finding]);
    }
}

#[test]
fn what_is_still_being_typed_is_not_judged() {
    let start =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["iam:EnableMFADevice"],"Resource":"*""#;
    let found = |text: &str| {
        let findings = findings(text, Severity::Warning, false);
        findings.into_iter().filter(|finding| !finding.starts_with("invalid-json")).collect::<Vec<_>>()
    };
    assert_eq!(found(start), [""; 0]);
    let value = format!(r#"{start},"Condition":{{"BoolIfExists":{{{PRESENT}:"fal"#);
    assert_eq!(found(&value), [""; 0]);
}
