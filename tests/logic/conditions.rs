//! Conditions that contradict each other or change nothing.

use crate::{BUCKET, check, check_condition, check_statements_told_elsewhere, check_told_elsewhere, of_resource};
use iam_lint::policy::PolicyType;

const GET: &str = r#""s3:GetObject""#;

#[test]
fn contradictory_conditions() {
    let check = |condition: &str, labels: &str| {
        let found = |severity: &str| format!("{severity} contradictory-conditions {labels}");
        check_condition("Allow", condition, &[&found("W")]);
        check_condition("Deny", condition, &[&found("E")]);
    };
    check(
        r#""StringEquals":{"aws:PrincipalOrgID":"o-a"},"StringNotEquals":{"aws:PrincipalOrgID":["o-b","o-a"]}"#,
        r#""aws:PrincipalOrgID":["o-b","o-a"] | "aws:PrincipalOrgID":"o-a""#,
    );
    check(
        r#""StringEquals":{"aws:PrincipalTag/a":"x"},"Null":{"aws:PrincipalTag/a":true}"#,
        r#""aws:PrincipalTag/a":true | "aws:PrincipalTag/a":"x""#,
    );
    // Whatever the variable stands for.
    check(
        r#""StringEquals":{"aws:ResourceTag/a":"${aws:PrincipalTag/a}"},"StringNotEquals":{"aws:ResourceTag/a":["x","${aws:PrincipalTag/a}"]}"#,
        r#""aws:ResourceTag/a":["x","${aws:PrincipalTag/a}"] | "aws:ResourceTag/a":"${aws:PrincipalTag/a}""#,
    );
    check(
        r#""StringLike":{"aws:userid":"AROA*"},"StringLikeIfExists":{"aws:UserId":"AIDA*"},"Null":{"aws:userid":false}"#,
        r#""aws:UserId":"AIDA*" | "aws:userid":"AROA*""#,
    );
    check(
        r#""DateGreaterThan":{"aws:CurrentTime":"2026-02-01T00:00:00Z"},"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}"#,
        r#""aws:CurrentTime":"2026-01-01T00:00:00Z" | "aws:CurrentTime":"2026-02-01T00:00:00Z""#,
    );
    check(
        r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"NotIpAddress":{"aws:SourceIp":"203.0.0.0/16"}"#,
        r#""aws:SourceIp":"203.0.0.0/16" | "aws:SourceIp":"203.0.113.0/24""#,
    );
    check(
        r#""ForAllValues:StringEquals":{"aws:TagKeys":["a"]},"ForAnyValue:StringEquals":{"aws:TagKeys":["b"]}"#,
        r#""aws:TagKeys":["b"] | "aws:TagKeys":["a"]"#,
    );
    // No two of the three contradict each other.
    check(
        r#""StringLike":{"aws:userid":["a*","b*"]},"StringNotLike":{"aws:userid":"a*"},"StringNotEqualsIgnoreCase":{"aws:userid":"x"},"StringEqualsIgnoreCase":{"aws:userid":["ac","Ad"]}"#,
        r#""aws:userid":["ac","Ad"] | "aws:userid":["a*","b*"] | "aws:userid":"a*" | "aws:userid":"x""#,
    );
    check(
        r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringEquals":{"aws:SourceVpc":"vpc-1"}"#,
        r#""aws:SourceVpc":"vpc-1" | "aws:SourceIp":"203.0.113.0/24""#,
    );
    check(
        r#""IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8","aws:SourceIp":"203.0.113.0/24"}"#,
        r#""aws:VpcSourceIp":"10.0.0.0/8" | "aws:SourceIp":"203.0.113.0/24""#,
    );
}

#[test]
fn callers_who_are_two() {
    let check = |condition: &str, labels: &str| {
        check_condition("Allow", condition, &[&format!("W contradictory-conditions {labels}")]);
        check_condition("Deny", condition, &[&format!("E contradictory-conditions {labels}")]);
    };
    check(
        r#""StringEquals":{"aws:PrincipalAccount":"111122223333"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:*"}"#,
        r#""aws:PrincipalArn":"arn:aws:iam::444455556666:*" | "aws:PrincipalAccount":"111122223333""#,
    );
    // Roles have no user's name.
    check(
        r#""StringLike":{"aws:username":"x*"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}"#,
        r#""aws:PrincipalArn":"arn:aws:iam::*:role/*" | "aws:username":"x*""#,
    );
}

#[test]
fn conditions_that_can_be_met() {
    for condition in [
        r#""StringEquals":{"aws:PrincipalAccount":"111122223333"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}"#,
        r#""StringEquals":{"aws:PrincipalAccount":"111122223333"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:*"}"#,
        r#""StringEquals":{"aws:PrincipalAccount":"${account}"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:*"}"#,
        r#""StringEquals":{"aws:PrincipalType":["Account","User"]},"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::*:root","arn:aws:iam::*:role/a"]}"#,
        r#""StringLike":{"aws:userid":"111122223333:*"},"ArnLike":{"aws:PrincipalArn":"arn:aws:sts::111122223333:federated-user/*"}"#,
        r#""StringLike":{"aws:userid":"AROA*:*"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}"#,
        r#""StringLike":{"aws:username":"x*"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"}"#,
        r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a"},"StringNotLike":{"aws:PrincipalOrgID":"o-b*"}"#,
        r#""NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringNotEquals":{"aws:SourceVpc":"vpc-1"}"#,
        r#""IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"},"StringEquals":{"aws:SourceVpc":"vpc-1"}"#,
        r#""StringEqualsIfExists":{"aws:PrincipalTag/a":"x"},"StringNotEquals":{"aws:PrincipalTag/a":"x"}"#,
        // Tags of two names.
        r#""StringEquals":{"aws:ResourceTag/a":"x"},"StringNotEquals":{"aws:ResourceTag/A":"x"}"#,
        // Several values can be of both.
        r#""ForAnyValue:StringEquals":{"aws:TagKeys":"a"},"ForAnyValue:StringLike":{"aws:TagKeys":"b*"}"#,
        // What a template fills in may be anything, and so may a variable.
        r#""StringEquals":{"aws:ResourceTag/a":"${aws:PrincipalTag/a}"},"StringNotEquals":{"aws:ResourceTag/a":"${aws:PrincipalTag/b}"}"#,
        r#""StringEqualsIfExists":{"aws:ResourceTag/a":"${aws:PrincipalTag/a}"},"StringNotEquals":{"aws:ResourceTag/a":"${aws:PrincipalTag/a}"}"#,
        r#""StringEquals":{"aws:PrincipalOrgID":"${org}"},"StringNotEquals":{"aws:PrincipalOrgID":"o-a"}"#,
        r#""StringEquals":{"aws:ResourceTag/a":"${aws:username}"},"StringNotEquals":{"aws:ResourceTag/a":"x"}"#,
    ] {
        check_condition("Deny", condition, &[]);
    }
}

#[test]
fn principals_who_never_meet_a_condition() {
    let of = |effect: &str, principal: &str, condition: &str| of_resource(effect, principal, GET, BUCKET, condition);
    let missed = |principal: &str, condition: &str, labels: &str| {
        for (effect, severity) in [("Allow", "W"), ("Deny", "E")] {
            let expected = format!("{severity} contradictory-conditions {labels}");
            check(PolicyType::Resource, &[&of(effect, principal, condition)], &[&expected]);
        }
    };
    let (one, other) = ("arn:aws:iam::111122223333:role/one", "arn:aws:iam::111122223333:role/other");
    missed(
        r#"{"AWS":"111122223333"}"#,
        r#""StringEquals":{"aws:PrincipalAccount":"444455556666"}"#,
        r#""aws:PrincipalAccount":"444455556666" | "111122223333""#,
    );
    missed(
        &format!(r#"{{"AWS":"{one}"}}"#),
        &format!(r#""ArnEquals":{{"aws:PrincipalArn":["{other}","arn:aws:iam::444455556666:*"]}}"#),
        &format!(r#""aws:PrincipalArn":["{other}","arn:aws:iam::444455556666:*"] | "{one}""#),
    );
    let met = |principal: &str, condition: &str| {
        check(PolicyType::Resource, &[&of("Deny", principal, condition)], &[]);
    };
    let is = |value: &str| format!(r#""ArnLike":{{"aws:PrincipalArn":"{value}"}}"#);
    met(r#"{"AWS":"111122223333"}"#, &is(other));
    met(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, &is("arn:aws:sts::111122223333:federated-user/a"));
    met(&format!(r#"{{"AWS":["{one}","{other}"]}}"#), &is(other));
    met(&format!(r#"{{"AWS":"{one}"}}"#), &is("arn:aws:iam::111122223333:role/o*"));
    met(&format!(r#"{{"AWS":"{one}"}}"#), &is("arn:aws:iam::*:role/one"));
    met(&format!(r#"{{"AWS":"{one}"}}"#), &is("arn:aws:iam::${account}:role/other"));
    met(&format!(r#"{{"AWS":"{one}"}}"#), &is(other).replace("ArnLike", "ArnLikeIfExists"));
    met(&format!(r#"{{"AWS":"{one}"}}"#), &is(other).replace("ArnLike", "ArnNotLike"));
    met(r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/other/session"}"#, &is(other));
    met(&format!(r#"{{"AWS":"{one}","CanonicalUser":"{}"}}"#, "a".repeat(64)), &is(other));
    met(r#""*""#, &is(other));
}

#[test]
fn what_other_rules_tell_of_conditions_is_told_once() {
    check_told_elsewhere(
        r#""Bool":{"aws:MultiFactorAuthPresent":"true"},"Null":{"aws:MultiFactorAuthPresent":"true"}"#,
        "ineffective-mfa-condition",
    );
    check_told_elsewhere(
        r#""NumericEquals":{"s3:max-keys":"few"},"NumericLessThan":{"s3:max-keys":"5"}"#,
        "invalid-condition-value",
    );
    check_told_elsewhere(
        r#""StringEquals":{"aws:TagKeys":"a"},"StringLike":{"aws:TagKeys":"b"}"#,
        "missing-set-operator",
    );
    check_told_elsewhere(
        r#""ForAllValues:StringLike":{"aws:PrincipalTag/a":"*"}"#,
        "set-operator-on-single-valued-key",
    );
    check_told_elsewhere(
        r#""StringEquals":{"aws:userid":"a*"},"StringLike":{"aws:userid":"a*"}"#,
        "wildcard-without-like",
    );
    check_told_elsewhere(
        r#""StringNotEquals":{"aws:SecureTransport":"no"},"Null":{"aws:SecureTransport":"false"}"#,
        "mismatched-operator-type",
    );
    check_told_elsewhere(
        r#""StringEquals":{"aws:PrincipalOrg":"o-a"},"StringNotEquals":{"aws:PrincipalOrg":"o-a"}"#,
        "unknown-condition-key",
    );
    let statement = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLikeIfExists":{"s3:prefix":"*"}}}"#;
    check_statements_told_elsewhere(statement, "condition-key-not-supported");
}

#[test]
fn conditions_without_effect() {
    let always = |condition: &str, label: &str| {
        for effect in ["Allow", "Deny"] {
            check_condition(effect, condition, &[&format!("W condition-without-effect {label}")]);
        }
    };
    always(r#""StringLikeIfExists":{"aws:PrincipalTag/a":"*"}"#, r#""aws:PrincipalTag/a":"*""#);
    always(r#""StringLikeIfExists":{"aws:PrincipalTag/a":["x","*"]}"#, r#""aws:PrincipalTag/a":["x","*"]"#);
    always(r#""ForAllValues:StringLike":{"aws:TagKeys":"*"}"#, r#""aws:TagKeys":"*""#);
    always(r#""BoolIfExists":{"aws:ViaAWSService":["true","false"]}"#, r#""aws:ViaAWSService":["true","false"]"#);
    always(r#""Null":{"aws:PrincipalTag/a":["true","false"]}"#, r#""aws:PrincipalTag/a":["true","false"]"#);
    always(r#""StringLike":{"aws:PrincipalArn":"*"}"#, r#""aws:PrincipalArn":"*""#);
    always(r#""IpAddressIfExists":{"aws:SourceIp":["0.0.0.0/0","::/0"]}"#, r#""aws:SourceIp":["0.0.0.0/0","::/0"]"#);
    let implied = |condition: &str, labels: &str| {
        check_condition("Allow", condition, &[&format!("N condition-without-effect {labels}")]);
    };
    implied(
        r#""StringEquals":{"aws:PrincipalTag/a":"x"},"StringLike":{"aws:PrincipalTag/a":"*"}"#,
        r#""aws:PrincipalTag/a":"*" | "aws:PrincipalTag/a":"x""#,
    );
    implied(
        r#""Null":{"aws:PrincipalTag/a":"false"},"StringEquals":{"aws:PrincipalTag/a":"x"}"#,
        r#""aws:PrincipalTag/a":"false" | "aws:PrincipalTag/a":"x""#,
    );
    // Of two that say the same, the later one.
    implied(
        r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:a"},"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:*:a"}"#,
        r#""aws:SourceArn":"arn:aws:sns:*:*:a" | "aws:SourceArn":"arn:aws:sns:*:*:a""#,
    );
    implied(
        r#""StringNotLike":{"aws:userid":"a*"},"StringNotEquals":{"aws:userid":"ab"}"#,
        r#""aws:userid":"ab" | "aws:userid":"a*""#,
    );
}

#[test]
fn conditions_with_effect() {
    for condition in [
        // The key must be there.
        r#""StringLike":{"aws:PrincipalTag/a":"*"}"#,
        r#""StringLike":{"aws:username":"*"}"#,
        r#""StringNotEquals":{"aws:PrincipalTag/a":"x"},"Null":{"aws:PrincipalTag/a":"false"}"#,
        r#""ForAllValues:StringEquals":{"aws:TagKeys":"a"},"Null":{"aws:TagKeys":"false"}"#,
        r#""Bool":{"aws:PrincipalIsAWSService":["true","false"]}"#,
        // Or must not.
        r#""StringNotLike":{"aws:PrincipalTag/a":"*"}"#,
        // Addresses of version 6 are not of it.
        r#""IpAddressIfExists":{"aws:SourceIp":"0.0.0.0/0"}"#,
        r#""StringLike":{"aws:userid":"a*"},"StringNotEquals":{"aws:userid":"ab"}"#,
        r#""StringEquals":{"aws:userid":"${a}"},"StringLike":{"aws:userid":"a*"}"#,
        r#""StringLikeIfExists":{"aws:PrincipalTag/a":"?*"}"#,
    ] {
        check_condition("Allow", condition, &[]);
    }
    // The anonymous have no ARN.
    check(
        PolicyType::Resource,
        &[
            r#"{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*"}}}"#,
        ],
        &[],
    );
}
