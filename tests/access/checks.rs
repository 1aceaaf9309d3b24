//! AWS's three checks, by cases whose verdict its documentation leaves no doubt about.

use crate::support::policy;
use iam_lint::access::decide::{Answer, Question};
use iam_lint::access::{Policies, added, admits_strangers, can, on_any_resource};
use iam_lint::policy::Policy;

const FAIL: bool = true;
const PASS: bool = false;

fn document(statements: &str) -> &'static Policy<'static> {
    policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#))
}

#[track_caller]
fn verdict(answer: &Answer, expected: bool, case: &str) {
    match answer {
        Answer::Possible(witness) => assert!(expected, "{case}: FAIL, {witness}"),
        Answer::Impossible(_) => assert!(!expected, "{case}: PASS"),
        Answer::Unknown(reason) => panic!("{case}: {reason}"),
    }
}

/// An Allow of everything, or of what `more` says.
fn allow(more: &str) -> String {
    let missing = |key: &str, default: &str| if more.contains(key) { String::new() } else { default.to_owned() };
    let (action, resource) = (missing("Action\"", r#","Action":"*""#), missing("Resource\"", r#","Resource":"*""#));
    format!(r#"{{"Effect":"Allow"{action}{resource}{}{more}}}"#, if more.is_empty() { "" } else { "," })
}

fn deny(more: &str) -> String {
    allow(more).replace("Allow", "Deny")
}

/// CheckNoNewAccess: what each candidate comes to against the reference.
#[track_caller]
fn against(reference: &str, candidates: &[(String, bool)]) {
    let old = document(reference);
    for (candidate, expected) in candidates {
        let new = document(candidate);
        let answer = on_any_resource(&Question::default(), |question| added(old, new, question));
        verdict(&answer, *expected, candidate);
    }
}

#[test]
fn no_new_access_to_actions_and_resources() {
    let bucket = |resource: &str| allow(&format!(r#""Action":"s3:DeleteBucket","Resource":"{resource}""#));
    let guard = deny(r#""Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::prod-*""#);
    against(
        &format!("{},{guard}", allow("")),
        &[
            (bucket("arn:aws:s3:::dev-logs"), PASS),
            (bucket("*"), FAIL),
            (bucket("arn:aws:s3:::pro*"), FAIL),
            (allow(r#""Action":"s3:*""#), FAIL),
            (format!("{},{guard}", allow(r#""Action":"s3:*""#)), PASS),
            (allow(r#""NotAction":"s3:*""#), PASS),
            (allow(r#""NotAction":"iam:*""#), FAIL),
            (allow(r#""Action":"s3:*","NotResource":"arn:aws:s3:::prod-*""#), PASS),
            (allow(r#""Action":"S3:deletebucket","Resource":"arn:aws:s3:::prod-1""#), FAIL),
        ],
    );
    let role = |resource: &str| allow(&format!(r#""Action":"iam:PassRole","Resource":"{resource}""#));
    against(
        &format!(
            "{},{}",
            allow(""),
            deny(r#""Action":"iam:PassRole","NotResource":"arn:aws:iam::111122223333:role/app/*""#)
        ),
        &[
            (role("arn:aws:iam::111122223333:role/app/web"), PASS),
            (role("arn:aws:iam::111122223333:role/app/*"), PASS),
            (role("arn:aws:iam::111122223333:role/app-web"), FAIL),
            (role("arn:aws:iam::111122223333:role/*"), FAIL),
            (role("arn:aws:iam::*:role/app/*"), FAIL),
            (role("arn:aws:iam::111122223333:role/app/?"), PASS),
        ],
    );
}

#[test]
fn no_new_access_under_conditions() {
    let with = |condition: &str| allow(&format!(r#""Condition":{{{condition}}}"#));
    let region = |operator: &str, value: &str| with(&format!(r#""{operator}":{{"aws:RequestedRegion":"{value}"}}"#));
    against(
        &with(r#""StringEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]}"#),
        &[
            (allow(r#""Action":"ec2:*""#), FAIL),
            (region("StringEquals", "eu-west-1"), PASS),
            (region("StringLike", "eu-*"), FAIL),
            (region("StringLike", "eu-west-1"), PASS),
            (region("StringEqualsIfExists", "eu-west-1"), FAIL),
            (region("ForAnyValue:StringEquals", "eu-west-1"), PASS),
            (region("ForAllValues:StringEquals", "eu-west-1"), FAIL),
            (with(r#""StringNotEquals":{"aws:RequestedRegion":"us-east-1"}"#), FAIL),
        ],
    );
    let tag = |operator: &str, key: &str, value: &str| {
        allow(&format!(r#""Action":"ec2:StopInstances","Condition":{{"{operator}":{{"{key}":"{value}"}}}}"#))
    };
    let untagged = r#""Action":"ec2:StopInstances","Condition":{"StringNotEquals":{"ec2:ResourceTag/env":"dev"}}"#;
    against(
        &format!("{},{}", allow(""), deny(untagged)),
        &[
            (tag("StringEquals", "ec2:ResourceTag/env", "dev"), PASS),
            (tag("StringEquals", "ec2:ResourceTag/ENV", "dev"), PASS),
            (tag("StringEquals", "aws:ResourceTag/env", "dev"), FAIL),
            (tag("StringLike", "ec2:ResourceTag/env", "d*"), FAIL),
            (tag("StringEqualsIgnoreCase", "ec2:ResourceTag/env", "dev"), FAIL),
            (tag("Null", "ec2:ResourceTag/env", "false"), FAIL),
        ],
    );
    let address = |operator: &str, range: &str| with(&format!(r#""{operator}":{{"aws:SourceIp":"{range}"}}"#));
    against(
        &address("IpAddress", "203.0.113.0/24"),
        &[
            (address("IpAddress", "203.0.113.128/25"), PASS),
            (address("IpAddress", "203.0.113.7"), PASS),
            (address("IpAddress", "203.0.0.0/16"), FAIL),
            (address("IpAddressIfExists", "203.0.113.0/24"), FAIL),
            (address("NotIpAddress", "10.0.0.0/8"), FAIL),
        ],
    );
    let date = |operator: &str, value: &str| with(&format!(r#""{operator}":{{"aws:CurrentTime":"{value}"}}"#));
    against(
        &date("DateLessThan", "2030-01-01T00:00:00Z"),
        &[
            (date("DateLessThan", "2029-06-01"), PASS),
            (date("DateLessThanEquals", "2030-01-01T00:00:00Z"), FAIL),
            (date("DateLessThan", "2030-01-01T01:00:00+01:00"), PASS),
        ],
    );
    against(
        &format!("{},{}", allow(""), deny(r#""Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#)),
        &[
            (with(r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#), PASS),
            (with(r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}"#), FAIL),
            (allow(r#""Action":"sts:GetSessionToken""#), FAIL),
        ],
    );
}

#[test]
fn no_new_access_for_principals() {
    let read = |principal: &str, more: &str| {
        allow(&format!(r#""Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"{more}"#))
    };
    let under = |condition: &str| read(r#""*""#, &format!(r#","Condition":{{{condition}}}"#));
    against(
        &read(r#"{"AWS":["111122223333","arn:aws:iam::444455556666:role/ci"]}"#, ""),
        &[
            (read(r#"{"AWS":"arn:aws:iam::111122223333:role/web"}"#, ""), PASS),
            (read(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, ""), PASS),
            (read(r#"{"AWS":"arn:aws:iam::444455556666:role/ci"}"#, ""), PASS),
            (read(r#"{"AWS":"arn:aws:iam::444455556666:role/other"}"#, ""), FAIL),
            (read(r#"{"AWS":"444455556666"}"#, ""), FAIL),
            (read(r#""*""#, ""), FAIL),
            (read(r#"{"Service":"cloudfront.amazonaws.com"}"#, ""), FAIL),
        ],
    );
    against(
        &under(r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/team/*"}"#),
        &[
            (under(r#""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/team/web"}"#), PASS),
            (under(r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/team/*"}"#), FAIL),
            (read(r#"{"AWS":"arn:aws:iam::111122223333:role/team/web"}"#, ""), PASS),
            (read(r#"{"AWS":"arn:aws:iam::111122223333:role/web"}"#, ""), FAIL),
        ],
    );
    against(
        &under(r#""StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}"#),
        &[
            (under(r#""StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa","aws:PrincipalTag/team":"a"}"#), PASS),
            (under(r#""StringEquals":{"aws:PrincipalOrgID":"o-bbbbbbbbbb"}"#), FAIL),
            (under(r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}"#), FAIL),
            (read(r#"{"AWS":"111122223333"}"#, ""), FAIL),
        ],
    );
}

#[test]
fn no_new_access_to_roles() {
    let trust = |principal: &str, action: &str, condition: &str| {
        format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Condition":{{{condition}}}}}"#)
    };
    let github = r#"{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#;
    let (audience, subject) = ("token.actions.githubusercontent.com:aud", "token.actions.githubusercontent.com:sub");
    let from = |sub: &str| {
        let condition =
            format!(r#""StringEquals":{{"{audience}":"sts.amazonaws.com"}},"StringLike":{{"{subject}":"{sub}"}}"#);
        trust(github, "sts:AssumeRoleWithWebIdentity", &condition)
    };
    let anyone = trust(
        github,
        "sts:AssumeRoleWithWebIdentity",
        &format!(r#""StringEquals":{{"{audience}":"sts.amazonaws.com"}}"#),
    );
    against(
        &from("repo:org/*"),
        &[
            (from("repo:org/app:ref:refs/heads/main"), PASS),
            (from("repo:org*"), FAIL),
            (from("repo:other/*"), FAIL),
            (anyone, FAIL),
            (from("repo:org/*").replace("111122223333", "444455556666"), FAIL),
        ],
    );
    let service =
        |names: &str, condition: &str| trust(&format!(r#"{{"Service":{names}}}"#), "sts:AssumeRole", condition);
    against(
        &service(r#"["ec2.amazonaws.com","lambda.amazonaws.com"]"#, ""),
        &[
            (service(r#""ec2.amazonaws.com""#, ""), PASS),
            (service(r#""ecs-tasks.amazonaws.com""#, ""), FAIL),
            (service(r#""lambda.amazonaws.com""#, r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#), PASS),
            (trust(r#"{"AWS":"*"}"#, "sts:AssumeRole", ""), FAIL),
        ],
    );
    against(
        &service(r#""sns.amazonaws.com""#, r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#),
        &[
            (service(r#""sns.amazonaws.com""#, ""), FAIL),
            (service(r#""sns.amazonaws.com""#, r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:*"}"#), FAIL),
        ],
    );
}

#[test]
fn access_not_granted() {
    let check = |statements: &str, actions: &[&str], expected: bool| {
        let policy = document(statements);
        let actions = actions.iter().map(|action| (*action).to_owned()).collect();
        let question = Question { actions, ..Question::default() };
        let answer = on_any_resource(&question, |question| can(&Policies::Document(policy), question));
        verdict(&answer, expected, statements);
    };
    let get = allow(r#""Action":"s3:Get*""#);
    check(&get, &["s3:GetObject"], FAIL);
    check(&get, &["s3:PutObject"], PASS);
    check(&get, &["s3:PutObject", "s3:GetBucketAcl"], FAIL);
    check(&get, &["s3:*"], FAIL);
    let all_but = format!("{},{}", allow(""), deny(r#""Action":"s3:DeleteBucket""#));
    check(&all_but, &["s3:DeleteBucket"], PASS);
    check(&all_but, &["s3:Delete*"], FAIL);
    let sometimes = deny(r#""Action":"s3:DeleteBucket","Condition":{"Bool":{"aws:SecureTransport":"false"}}"#);
    check(&format!("{},{sometimes}", allow("")), &["s3:DeleteBucket"], FAIL);
    check(
        &allow(r#""Action":"iam:PassRole","Condition":{"StringEquals":{"iam:PassedToService":"a"}}"#),
        &["iam:PassRole"],
        FAIL,
    );
    check(&allow(r#""NotAction":["iam:*","sts:*"]"#), &["iam:PassRole", "sts:AssumeRole"], PASS);
    check(&allow(r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket""#), &["s3:GetObject"], FAIL);
    check(&allow(r#""Action":"newservice:Do""#), &["newservice:Do"], FAIL);
}

#[test]
fn no_public_access() {
    let check = |principal: &str, condition: &str, more: &str, expected: bool| {
        let read = format!(r#""Principal":{principal},"Action":"s3:GetObject","Condition":{{{condition}}}"#);
        let policy = document(&format!("{}{more}", allow(&read)));
        let answer = on_any_resource(&Question::default(), |question| admits_strangers(policy, question));
        verdict(&answer, expected, &format!("{principal} {condition} {more}"));
    };
    let all = |condition: &str, expected: bool| check(r#""*""#, condition, "", expected);
    all("", FAIL);
    check(r#"{"AWS":"*"}"#, "", "", FAIL);
    check(r#"{"AWS":"111122223333"}"#, "", "", PASS);
    check(r#"{"Service":"cloudtrail.amazonaws.com"}"#, "", "", PASS);
    all(r#""StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}"#, PASS);
    all(r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}"#, FAIL);
    all(r#""StringNotEquals":{"aws:PrincipalAccount":"111122223333"}"#, FAIL);
    all(r#""StringEquals":{"aws:PrincipalAccount":"111122223333"}"#, PASS);
    all(r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:*"}"#, PASS);
    all(r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ci"}"#, FAIL);
    all(r#""StringLike":{"aws:userid":"AROAEXAMPLEID:*"}"#, PASS);
    all(r#""StringLike":{"aws:userid":"*"}"#, FAIL);
    all(r#""StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"}"#, PASS);
    all(r#""StringLike":{"aws:SourceVpce":"vpce-*"}"#, FAIL);
    all(r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#, PASS);
    all(r#""IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}"#, FAIL);
    all(r#""NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#, FAIL);
    all(r#""Bool":{"aws:SecureTransport":"true"}"#, FAIL);
    all(r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#, PASS);
    all(r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:*"}"#, FAIL);
    all(r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:::invoices"}"#, PASS);
    all(r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:::invoices-*"}"#, FAIL);
    all(r#""ArnLike":{"aws:SourceArn":"arn:aws:sqs:*:111122223333:*"}"#, PASS);
    all(r#""StringLike":{"aws:userid":"*:deployer"}"#, FAIL);
    let fence = deny(r#""Principal":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}}"#);
    check(r#""*""#, "", &format!(",{fence}"), PASS);
    let gap = fence
        .replace("StringNotEquals", "StringNotEqualsIfExists")
        .replace("\"*\",\"Condition", "{\"AWS\":\"111122223333\"},\"Condition");
    check(r#""*""#, "", &format!(",{gap}"), FAIL);
}
