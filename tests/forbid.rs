//! What `[forbid]` finds: each row is the table of a page, a policy, and the findings with their labels.

#![allow(clippy::unwrap_used)] // A test that panics says where.

use iam_lint::catalog::Catalog;
use iam_lint::lint::{Options, RuleSet, all_rules, lint};
use iam_lint::page::Page;
use iam_lint::policy::PolicyType;
use iam_lint::text::Source;

/// Each finding as the text that it underlines, then each label as its text and what it underlines.
fn findings(table: &str, statements: &str, kind: PolicyType) -> Vec<String> {
    let page = format!(
        "```toml\nschema = 1\nid = \"guard\"\nseverity = \"error\"\nmessage = \"`{{text}}`\"\n[forbid]\n{table}\n```\n# A\n"
    );
    let user = [Page::load(&Source::new("guard.md", page), "mine", "guard", Catalog::builtin()).unwrap()];
    let rules = RuleSet::of(all_rules(&user).filter(|rule| rule.id == "guard"));
    let options = Options { kind: Some(kind), ..Options::new(&rules) };
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let report = lint("policy.json", policy.into_bytes(), &options);
    let mut found = Vec::new();
    for diagnostic in &report.diagnostics {
        let labels = diagnostic.labels.iter().map(|label| (report.source.slice(label.span), &label.text));
        found.extend(labels.map(|(span, text)| format!("{span} {text}")));
    }
    found
}

#[track_caller]
fn check(table: &str, statements: &str, expect: &[&str]) {
    assert_eq!(findings(table, statements, PolicyType::Identity), expect, "{table} {statements}");
}

#[track_caller]
fn check_resource(table: &str, statements: &str, expect: &[&str]) {
    assert_eq!(findings(table, statements, PolicyType::Resource), expect, "{table} {statements}");
}

#[test]
fn what_the_actions_do_not_meet_is_not_reported() {
    let table = "action = [\"s3:Put*\", \"iam:PassRole\"]";
    for item in ["s3:Get*", "s3:*Get*Acl", "iam:PassRol", "iam:?", "sqs:*", "kms:Decrypt", "iam:G*"] {
        check(table, &format!(r#"{{"Effect":"Allow","Action":"{item}","Resource":"*"}}"#), &[]);
    }
    check(table, r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#, &[]);
    check(table, r#"{"Effect":"Allow","NotAction":["s3:*","iam:Pass*"],"Resource":"*"}"#, &[]);
    for (item, witness) in [
        ("iam:PassRole", "iam:PassRole on arn:aws:iam::123456789012:role/example"),
        ("IAM:pass*", "iam:PassRole on arn:aws:iam::123456789012:role/example"),
        ("s3:*BucketPol?cy", "s3:PutBucketPolicy on arn:aws:s3:::example"),
    ] {
        check(
            table,
            &format!(r#"{{"Effect":"Allow","Action":"{item}","Resource":"*"}}"#),
            &[&format!("\"{item}\" for example: {witness} by arn:aws:iam::123456789012:user/alice")],
        );
    }
}

#[test]
fn one_finding_for_one_statement_with_all_that_it_grants() {
    check(
        "action = \"s3:*\"\nresource = \"arn:aws:s3:::ledger/*\"",
        r#"{"Effect":"Allow","Action":["s3:GetObject","sqs:*","s3:PutObject","s3:DeleteObject"],"Resource":"*"},
           {"Effect":"Deny","Action":"s3:Put*","Resource":"*"}"#,
        &[
            "\"s3:DeleteObject\" for example: s3:DeleteObject on arn:aws:s3:::ledger/b by \
             arn:aws:iam::123456789012:user/alice",
            "\"s3:GetObject\" granted here, too",
        ],
    );
}

#[test]
fn denies_count_and_say_why_they_did_not_help() {
    let (table, allow) = ("action = \"kms:ScheduleKeyDeletion\"\nwhen = \"no-mfa\"", "\"kms:ScheduleKeyDeletion\"");
    let grant = r#"{"Effect":"Allow","Action":"kms:ScheduleKeyDeletion","Resource":"*"}"#;
    let deny = |more: &str| format!(r#"{grant},{{"Effect":"Deny","Action":"kms:*",{more}}}"#);
    let on = "kms:ScheduleKeyDeletion on arn:aws:kms:us-east-1:123456789012:key/example by a long-term access key";
    let sure = r#""Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#;
    check(table, &deny(sure), &[]);
    check(
        table,
        &deny(r#""Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#),
        &[
            &format!("{allow} for example: {on} (no aws:MultiFactorAuthPresent)"),
            "\"aws:MultiFactorAuthPresent\":\"false\" this Deny does not stop it: the condition does not hold for it",
        ],
    );
    check(
        table,
        &deny(r#""Resource":"arn:aws:kms:*:*:key/0""#),
        &[
            &format!("{allow} for example: {on} (no aws:MultiFactorAuthPresent)"),
            "\"arn:aws:kms:*:*:key/0\" this Deny does not stop it: it is about other resources",
        ],
    );
    check("action = \"kms:*\"\nwhen = \"session-without-mfa\"", &deny(&sure.replace("IfExists", "")), &[]);
}

#[test]
fn what_is_not_known_is_not_reported() {
    let table = "action = \"kms:Decrypt\"\nresource = \"arn:aws:kms:*:*:key/secret\"";
    check(table, r#"{"Effect":"Allow","Action":"kms:*","Resource":"arn:aws:kms:*:*:key/${Key}"}"#, &[]);
    check(
        table,
        r#"{"Effect":"Allow","Action":"kms:*","Resource":"*"},{"Effect":"Deny","Action":"kms:*","Resource":"${Key}"}"#,
        &[],
    );
    check(table, r#"{"Effect":"Allow","Action":"${Action}","Resource":"*"}"#, &[]);
}

#[test]
fn who_asks_matters_where_a_policy_names_principals() {
    let bucket = |principal: &str, more: &str| {
        format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"{more}}}"#
        )
    };
    let anonymous = "action = \"s3:*\"\nwhen = \"anonymous\"";
    let on = "\"s3:GetObject\" for example: s3:GetObject on arn:aws:s3:::b/c by";
    check_resource(anonymous, &bucket(r#""*""#, ""), &[&format!("{on} anyone, unsigned")]);
    check_resource(anonymous, &bucket(r#"{"AWS":"111122223333"}"#, ""), &[]);
    check(anonymous, r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#, &[]);
    let others = "action = \"s3:*\"\nwhen = \"other-account\"\naccounts = \"111122223333\"";
    check_resource(others, &bucket(r#"{"AWS":"111122223333"}"#, ""), &[]);
    check_resource(others, &bucket(r#"{"Service":"cloudtrail.amazonaws.com"}"#, ""), &[]);
    let partner = r#"{"AWS":"arn:aws:iam::444455556666:role/partner"}"#;
    check_resource(
        others,
        &bucket(partner, ""),
        &[&format!("{on} a session of arn:aws:iam::444455556666:role/partner")],
    );
    let service = "action = \"s3:*\"\nprincipal = \"cloudtrail.amazonaws.com\"";
    let trail = r#"{"Service":"cloudtrail.amazonaws.com"}"#;
    check_resource(service, &bucket(trail, ""), &[&format!("{on} the service cloudtrail.amazonaws.com")]);
    check_resource(service, &bucket(partner, ""), &[]);
    let plain = "action = \"s3:*\"\nwhen = \"no-tls\"";
    let tls = r#","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#;
    check_resource(plain, &bucket(partner, tls), &[]);
    assert_eq!(findings(plain, &bucket(partner, ""), PolicyType::Resource).len(), 1);
}

#[test]
fn keys_have_the_values_of_the_context() {
    let allow = r#"{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*",
        "Condition":{"StringEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]}}}"#;
    let table = |region: &str| format!("action = \"ec2:*\"\n[forbid.context]\n\"aws:RequestedRegion\" = {region}");
    check(&table("\"us-east-1\""), allow, &[]);
    check(&table("[]"), allow, &[]);
    assert_eq!(findings(&table("\"eu-west-1\""), allow, PolicyType::Identity).len(), 1);
}

#[test]
fn only_policies_that_grant_are_looked_at() {
    let allow = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    for kind in PolicyType::ALL {
        let expect = usize::from(kind == PolicyType::Identity);
        let is_other = matches!(kind, PolicyType::Resource | PolicyType::Trust);
        assert!(is_other || findings("action = \"s3:GetObject\"", allow, kind).len() == expect, "{kind:?}");
    }
}
