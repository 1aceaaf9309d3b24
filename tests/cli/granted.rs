//! What `check` may never find granted.

use super::Case;
use super::access::{bucket, files};

#[test]
fn check_finds_what_may_not_be_granted() {
    let check = |file: &str, flags: &[&str]| {
        let args = ["check", "--select", "every-action", "--rules", "rules", "--format", "concise", file];
        files().run(&[&args[..], flags].concat())
    };
    check("one.json", &["--not-granted", "iam:PassRole,s3:PutObject"]).is(0, "", "");
    let run = check("one.json", &["--not-granted", "iam:PassRole,s3:GetObject"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    let start = "one.json:1:71: error[access-granted] `s3:GetObject` is granted: s3:GetObject on arn:aws:s3:::b/c by ";
    assert!(run.stdout.starts_with(start) && run.stdout.lines().count() == 1, "{}", run.stdout);
    check("guarded.json", &["--not-granted", "s3:*"]).is(0, "", "");
    check("one.json", &["--not-granted", "s3:GetObject", "--type", "scp"]).is(0, "", "");
    let run = check("hole.json", &["--not-granted", "s3:GetObject"]);
    assert!(run.stdout.contains("[access-granted] "), "{}", run.stdout);
    check("one.json", &["--not-granted", "PassRole"]).is(
        2,
        "",
        "error: `PassRole` is not an action: expected `service:Action`, wildcards allowed after the colon, or `*`, \
         did you mean `iam:PassRole`?\n",
    );
}

/// `--no-public` on a bucket's policy with this principal and condition.
#[track_caller]
fn check_public(principal: &str, condition: &str, public: bool) {
    let case = Case::new(&[("bucket.json", &bucket(principal, condition))]);
    let run = case.run(&["check", "--no-public", "--format", "json", "bucket.json"]);
    let document = run.json();
    let found = document["diagnostics"].as_array().unwrap().iter().any(|one| one["rule"] == "public-access-granted");
    assert_eq!(found, public, "{document}");
}

#[test]
fn check_finds_what_lets_in_the_public() {
    check_public(r#""*""#, "", true);
    check_public(r#"{"AWS": "*"}"#, "", true);
    check_public(r#"{"AWS": "arn:aws:iam::111111111111:root"}"#, "", false);
    check_public(r#"{"Service": "cloudtrail.amazonaws.com"}"#, "", false);
    check_public(r#""*""#, r#""StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}"#, false);
    check_public(r#""*""#, r#""StringLike": {"aws:PrincipalOrgID": "o-*"}"#, true);
    check_public(r#""*""#, r#""StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"}"#, true);
    check_public(r#""*""#, r#""StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}"#, true);
    check_public(r#""*""#, r#""IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#, false);
    check_public(r#""*""#, r#""IpAddress": {"aws:SourceIp": "0.0.0.0/1"}"#, true);
    check_public(r#""*""#, r#""StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}"#, false);
    check_public(r#""*""#, r#""StringEquals": {"aws:PrincipalAccount": "111111111111"}"#, false);
    check_public(r#""*""#, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}"#, true);
    check_public(r#""*""#, r#""Bool": {"aws:SecureTransport": "true"}"#, true);
}
