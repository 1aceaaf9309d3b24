//! Who is a stranger, and who is not.

use crate::support::policy;
use iam_lint::access::decide::{Answer, Question};
use iam_lint::access::{admits_strangers, on_any_resource};
use iam_lint::policy::Truth;

const IN: bool = true;
const OUT: bool = false;

/// Whether a stranger is let in by an Allow of everyone under this condition.
#[track_caller]
fn check(condition: &str, expected: bool) {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
            "Resource":"arn:aws:s3:::reports/*","Condition":{{{condition}}}}}]}}"#
    );
    match on_any_resource(&Question::default(), |question| admits_strangers(policy(&text), question)) {
        Answer::Possible(witness) => assert!(expected, "{condition}: {witness}"),
        Answer::Impossible(_) => assert!(!expected, "{condition}"),
        Answer::Unknown(reason) => panic!("{condition}: {reason}"),
    }
}

#[track_caller]
fn check_addresses(ranges: &str, expected: bool) {
    check(&format!(r#""IpAddress":{{"aws:SourceIp":[{ranges}]}}"#), expected);
}

#[test]
fn a_stranger_is_of_an_organization_of_its_own() {
    let paths = |values: &str| format!(r#""ForAnyValue:StringLike":{{"aws:PrincipalOrgPaths":[{values}]}}"#);
    check(&paths(r#""o-k3j9x0q2w1/*""#), OUT);
    check(&paths(r#""o-k3j9x0q2w1*""#), OUT);
    check(&paths(r#""o-k3j9x0q2w1/r-p4t7/ou-p4t7-5m2n8b1c/*""#), OUT);
    check(&paths(r#""o-k3j9x0q2w1/r-p4t7/ou-p4t7-5m2n8b1c/ou-p4t7-0a9s8d7f/","o-z8y7x6w5v4/r-q1w2/*""#), OUT);
    check(&paths(r#""o-k3j9x0q2w1/r-????/*""#), OUT);
    check(&paths(r#""*""#), IN);
    check(&paths(r#""o-*""#), IN);
    check(&paths(r#""o-*/r-p4t7/*""#), IN);
    check(&paths(r#""*/r-p4t7/*""#), IN);
    check(&paths(r#""o-k3j9x0q2w1/*","o-*/*""#), IN);
    check(r#""ForAnyValue:StringNotLike":{"aws:PrincipalOrgPaths":"o-k3j9x0q2w1/*"}"#, IN);
    check(r#""ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-k3j9x0q2w1/*"}"#, IN);
    check(r#""StringLike":{"aws:PrincipalOrgID":"o-k3j9x0q2w1*"}"#, OUT);
    check(r#""StringLike":{"aws:PrincipalOrgID":"o-k3*"}"#, IN);
}

#[test]
fn a_stranger_comes_from_a_wide_range() {
    for narrow in ["11.22.33.44", "11.22.33.0/24", "11.0.0.0/8", "66.77.88.99/32", "198.51.100.0/24", "128.0.0.0/8"] {
        check_addresses(&format!(r#""{narrow}""#), OUT);
    }
    for narrow in ["2a05:5f5f::/32", "2001:db8::/32", "2001:db8::7", "2600:1f00::/40"] {
        check_addresses(&format!(r#""{narrow}""#), OUT);
    }
    for wide in ["128.0.0.0/4", "32.0.0.0/4", "96.0.0.0/3", "192.0.0.0/4", "128.0.0.0/7", "0.0.0.0/0", "8.0.0.0/6"] {
        check_addresses(&format!(r#""{wide}""#), IN);
    }
    for wide in ["2600::/12", "2001:db8::/31", "::/0", "::/1", "8000::/1"] {
        check_addresses(&format!(r#""{wide}""#), IN);
    }
    for private in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"] {
        check_addresses(&format!(r#""{private}""#), OUT);
    }
    check_addresses(r#""198.51.100.0/24","64.0.0.0/5""#, IN);
    check(r#""NotIpAddress":{"aws:SourceIp":"11.22.33.0/24"}"#, IN);
    check(r#""NotIpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1","::/1","8000::/1"]}"#, OUT);
    // What is left of a wide range, when that and others are taken out, may be anywhere in it.
    let wide = r#""IpAddress":{"aws:SourceIp":"64.0.0.0/5"}"#;
    check(&format!(r#"{wide},"NotIpAddress":{{"aws:SourceIp":["64.0.0.0/6","68.0.0.0/8","70.0.0.0/7"]}}"#), IN);
    check(&format!(r#"{wide},"NotIpAddress":{{"aws:SourceIp":["64.0.0.0/6","68.0.0.0/6"]}}"#), OUT);
}

#[test]
fn a_stranger_may_be_of_any_sort() {
    let arn = |pattern: &str, expected| check(&format!(r#""ArnLike":{{"aws:PrincipalArn":"{pattern}"}}"#), expected);
    arn("arn:aws:iam::*:root", IN);
    arn("arn:aws:iam::111122223333:root", OUT);
    arn("arn:aws:sts::*:federated-user/*", IN);
    arn("arn:aws:sts::*:federated-user/auditor", IN);
    arn("arn:aws:sts::111122223333:federated-user/*", OUT);
    for kind in ["Account", "FederatedUser", "User", "AssumedRole"] {
        check(&format!(r#""StringEquals":{{"aws:PrincipalType":"{kind}"}}"#), IN);
        let own = r#","StringLike":{"aws:PrincipalAccount":"111122223333"}"#;
        check(&format!(r#""StringEqualsIfExists":{{"aws:PrincipalType":"{kind}"}}{own}"#), OUT);
    }
}

#[test]
fn whoever_does_not_sign_has_a_network_and_no_organization() {
    let network = r#""StringLike":{"aws:SourceVpc":"vpc-*"}"#;
    check(&format!(r#""StringEqualsIfExists":{{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}},{network}"#), IN);
    check(&format!(r#""StringEquals":{{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}},{network}"#), OUT);
}

#[test]
fn a_service_acts_for_strangers() {
    check(r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}"#, IN);
    check(r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:*"}"#, OUT);
    check(r#""StringLike":{"aws:SourceAccount":"*"}"#, IN);
    check(r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#, OUT);
    check(r#""StringEqualsIfExists":{"aws:SourceAccount":"111122223333"}"#, IN);
    // It is of no organization, and it calls from a network of its own.
    let any_source = r#""Null":{"aws:SourceAccount":"false"}"#;
    check(any_source, IN);
    check(&format!(r#"{any_source},"StringLike":{{"aws:PrincipalOrgID":"*"}}"#), OUT);
    check(&format!(r#"{any_source},"StringLike":{{"aws:SourceVpc":"*"}}"#), OUT);
}

#[test]
fn whoever_does_not_sign_has_an_id() {
    check(r#""StringLike":{"aws:userid":"anon*"}"#, IN);
    check(r#""StringNotLike":{"aws:userid":["AIDA*","AROA*"]}"#, IN);
    check(r#""StringNotLike":{"aws:userid":["AIDA*","AROA*","anonymous"]}"#, OUT);
}

#[test]
fn a_stranger_assumes_a_role_with_what_it_has() {
    let check = |principal: &str, action: &str, expected: bool| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"{action}"}}]}}"#
        );
        let answer = admits_strangers(policy(&text), &Question::default());
        assert_eq!(answer.truth(), iam_lint::policy::Truth::from(expected), "{principal} {action}: {answer:?}");
    };
    let web = "sts:AssumeRoleWithWebIdentity";
    for (principal, signed, vouched) in [
        (r#""*""#, IN, IN),
        (r#"{"AWS":"*"}"#, IN, IN),
        (r#"{"Federated":"*"}"#, OUT, IN),
        (r#"{"Federated":"cognito-identity.amazonaws.com"}"#, OUT, OUT),
        (r#"{"Federated":"arn:aws:iam::${account}:oidc-provider/ci.example"}"#, OUT, OUT),
        (r#"{"AWS":"111122223333"}"#, OUT, OUT),
    ] {
        check(principal, "sts:AssumeRole", signed);
        check(principal, web, vouched);
        check(principal, "sts:AssumeRoleWithSAML", vouched);
    }
}

#[test]
fn a_stranger_is_not_the_owner() {
    check(r#""StringEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}"#, OUT);
    check(r#""StringEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}"}"#, OUT);
    check(r#""StringNotEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}"#, IN);
    check(r#""StringNotEquals":{"aws:PrincipalOrgID":"${AWS:ResourceOrgId}"}"#, IN);
    let owned = r#""aws:ResourceAccount":"111122223333","aws:PrincipalAccount":"${aws:ResourceAccount}""#;
    check(&format!(r#""StringEquals":{{{owned}}}"#), OUT);
    check(&format!(r#""StringEquals":{{{}}}"#, owned.replace("PrincipalAccount", "SourceAccount")), OUT);
}

#[test]
fn whom_and_what_a_template_names_is_no_stranger() {
    let admits = |principal: &str, condition: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"sqs:SendMessage",
                "Resource":"*","Condition":{{{condition}}}}}]}}"#
        );
        on_any_resource(&Question::default(), |question| admits_strangers(policy(&text), question)).truth()
    };
    for (principal, expected) in [
        ("\"arn:aws:iam::${AWS::AccountId}:root\"", Truth::No),
        ("\"ACCOUNT-ID\"", Truth::No),
        ("\"${data.aws_caller_identity.current.account_id}\"", Truth::No),
        ("\"${aws_iam_role.app.arn}\"", Truth::No),
        (r#"{"Fn::GetAtt":["Role","Arn"]}"#, Truth::No),
        (r#"["${var.principals}","arn:aws:iam::${account}:root"]"#, Truth::Maybe),
        (r#"{"Ref":"Principal"}"#, Truth::Maybe),
        (r#""*""#, Truth::Yes),
    ] {
        assert_eq!(admits(&format!(r#"{{"AWS":{principal}}}"#), ""), expected, "{principal}");
    }
    for (condition, expected) in [
        (r#""StringEquals":{"aws:PrincipalOrgID":"${var.org}"}"#, Truth::No),
        (r#""StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}"#, Truth::No),
        (r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:${account}:*"}"#, Truth::No),
        (r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:${topic}*"}"#, Truth::Yes),
        (r#""ArnLike":{"aws:SourceArn":"${var.sources}"}"#, Truth::Maybe),
        (r#""StringLike":{"aws:PrincipalOrgID":"${var.org}*"}"#, Truth::Maybe),
        (r#""StringLike":{"aws:SourceVpce":"vpce-${v}*"}"#, Truth::Maybe),
        (r#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"${var.org}/*"}"#, Truth::No),
        (r#""StringNotEquals":{"aws:PrincipalOrgID":"${var.org}"}"#, Truth::Yes),
        (r#""IpAddress":{"aws:SourceIp":"${var.office}"}"#, Truth::Maybe),
    ] {
        assert_eq!(admits(r#""*""#, condition), expected, "{condition}");
    }
}
