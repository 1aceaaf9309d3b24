//! What witnesses look like, and where there can be none because something is still to be filled in.

use crate::support::policy;
use iam_lint::access::decide::{Answer, Callers, Question, Unknown};
use iam_lint::access::{Caller, Policies, can};

/// The resource of the request that shows that `action` is possible; `None` where it is not.
#[track_caller]
fn resource(statements: &str, action: &str) -> Option<String> {
    let policy = policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#));
    let question = Question { actions: vec![action.into()], ..Question::default() };
    match can(&Policies::Document(policy), &question) {
        Answer::Possible(witness) => Some(witness.request.resource),
        Answer::Impossible(_) => None,
        Answer::Unknown(reason) => panic!("{reason}"),
    }
}

#[test]
fn no_bucket_has_a_slash_in_its_name() {
    let allow = |resource: &str| format!(r#"{{"Effect":"Allow","Action":"s3:*","Resource":"{resource}"}}"#);
    let spare = |resource: &str| format!(r#"{{"Effect":"Deny","Action":"s3:*","NotResource":"{resource}"}}"#);
    let both = |pattern: &str| format!("{},{}", allow("*"), spare(pattern));
    assert_eq!(resource(&allow("*"), "s3:ListBucket").as_deref(), Some("arn:aws:s3:::example"));
    assert_eq!(resource(&allow("arn:aws:s3:::*/logs"), "s3:ListBucket"), None);
    assert_eq!(resource(&both("arn:aws:s3:::*b/?c"), "s3:ListBucket"), None);
    assert_eq!(resource(&both("arn:aws:s3:::*b/?c"), "s3:GetObject").as_deref(), Some("arn:aws:s3:::b/ac"));
    assert_eq!(resource(&allow("arn:aws:s3:::/c"), "s3:GetObject"), None);
}

#[test]
fn an_account_to_be_filled_in_decides_nothing() {
    let check = |principal: &str, condition: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"sts:AssumeRole",
            "Principal":{principal},"Condition":{{"StringEquals":{condition}}}}}}}"#
        );
        let caller = Caller::User { arn: "arn:aws:iam::111122223333:user/alice".into() };
        let question = Question { callers: Callers::Only(caller), ..Question::default() };
        let question = Question { actions: vec!["sts:AssumeRole".into()], ..question };
        can(&Policies::Document(policy(&text)), &question)
    };
    let unsure = |principal: &str, condition: &str| {
        let answer = check(principal, condition);
        assert!(matches!(answer, Answer::Unknown(Unknown::Hole(_))), "{principal} {condition}: {answer:?}");
    };
    unsure(r#"{"AWS":"arn:aws:iam::ACCOUNT-B-ID:root"}"#, "{}");
    unsure(r#"{"AWS":"ACCOUNT-B-ID"}"#, "{}");
    unsure(r#"{"AWS":"your-account-id"}"#, "{}");
    unsure(r#"{"AWS":"*"}"#, r#"{"aws:VpceAccount":"ACCOUNT_ID"}"#);
    let named = check(r#"{"AWS":"111122223333"}"#, "{}");
    assert!(matches!(named, Answer::Possible(_)), "{named:?}");
    let other = check(r#"{"AWS":["999999999999","AIDAACCOUNTEXAMPLE"]}"#, "{}");
    assert!(matches!(other, Answer::Impossible(_)), "{other:?}");
}

#[test]
fn only_users_and_roles_come_with_mfa() {
    let guarded = |principal: &str| {
        policy(&format!(
            r#"{{"Version":"2012-10-17","Statement":[
            {{"Effect":"Allow","Principal":{principal},"Action":"s3:PutObject","Resource":"arn:aws:s3:::logs/*"}},
            {{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*",
              "Condition":{{"BoolIfExists":{{"aws:MultiFactorAuthPresent":"false"}}}}}}]}}"#
        ))
    };
    let check = |principal: &str, expected: bool| {
        let answer = can(&Policies::Document(guarded(principal)), &Question::default());
        assert_eq!(matches!(answer, Answer::Possible(_)), expected, "{principal}: {answer:?}");
        assert!(!matches!(answer, Answer::Unknown(_)), "{principal}: {answer:?}");
    };
    check(r#"{"AWS":"arn:aws:iam::123456789012:user/alice"}"#, true);
    check(r#"{"AWS":"arn:aws:iam::123456789012:role/worker"}"#, true);
    check(r#"{"AWS":"arn:aws:sts::123456789012:federated-user/alice"}"#, false);
    check(r#"{"Service":"cloudtrail.amazonaws.com"}"#, false);
    check(r#"{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#, true);
}

#[test]
fn a_value_looks_as_aws_has_it() {
    let value = |principal: &str, key: &str, condition: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*",
            "Principal":{principal},"Condition":{{{condition}}}}}}}"#
        );
        let question = Question { actions: vec!["s3:ListBucket".into()], ..Question::default() };
        match can(&Policies::Document(policy(&text)), &question) {
            Answer::Possible(witness) => witness.request.context.single(key).unwrap_or_default().to_owned(),
            other => panic!("{condition}: {other:?}"),
        }
    };
    let role = r#"{"AWS":"arn:aws:iam::123456789012:role/worker"}"#;
    let user = r#"{"AWS":"arn:aws:iam::123456789012:user/alice"}"#;
    let service = r#"{"Service":"sns.amazonaws.com"}"#;
    let check = |principal: &str, key: &str, expected: &str| {
        assert_eq!(value(principal, key, &format!(r#""Null":{{"{key}":"false"}}"#)), expected);
    };
    check(user, "aws:userid", "AIDAEXAMPLE");
    check(role, "aws:userid", "AROAEXAMPLE:session");
    check(role, "ec2:RoleDelivery", "2.0");
    check(role, "aws:PrincipalOrgPaths", "o-example/r-ab12/ou-ab12-11111111/");
    check(role, "aws:CalledVia", "cloudformation.amazonaws.com");
    check(role, "aws:SourceVpcArn", "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-12345678");
    check(role, "aws:SignInSessionArn", "arn:aws:a:us-east-1:111111111111:a");
    check(role, "lambda:SourceFunctionArn", "arn:aws:lambda:us-east-1:123456789012:function:example");
    check(role, "s3:max-keys", "1");
    let like = |principal: &str, key: &str, pattern: &str, expected: &str| {
        assert_eq!(value(principal, key, &format!(r#""StringLike":{{"{key}":"{pattern}"}}"#)), expected);
    };
    like(role, "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*", "o-a1b2c3d4e5/r-ffff/");
    like(role, "aws:CalledViaLast", "k*", "k.amazonaws.com");
    like(role, "aws:Ec2InstanceSourceVpc", "vpc-0*", "vpc-01111111");
    like(role, "aws:userid", "*:deploy", "AROAb:deploy");
    like(service, "aws:SourceArn", "arn:aws:sns:*:*:*", "arn:aws:sns:us-east-1:111111111111:b");
    like(service, "aws:SourceArn", "arn:aws:sns:eu-west-1:*", "arn:aws:sns:eu-west-1:111111111111:b");
    let other = r#""StringNotEquals":{"aws:PrincipalOrgID":"o-example"},"Null":{"aws:PrincipalOrgID":"false"}"#;
    assert_eq!(value(role, "aws:PrincipalOrgID", other), "o-aaaaaaaaaa");
    // What does not look so is as good where nothing else will do.
    like(role, "aws:PrincipalOrgPaths", "o-a1b2", "o-a1b2");
    like(role, "aws:CalledViaFirst", "athena", "athena");
    like(service, "aws:SourceArn", "arn:aws:s3:::logs", "arn:aws:s3:::logs");
}

#[test]
fn what_is_to_be_filled_in_may_be_a_condition() {
    for member in [r#""${cond}":{}"#, "${cond}", "{{ cond }}", "<%= cond %>", r#""Fn::Transform":{"Name":"Include"}"#] {
        for (allow, deny) in [("", format!(",{member}")), (&*format!(",{member}"), String::new())] {
            let policy = policy(&format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:*","Resource":"*"{allow}}},
                {{"Effect":"Deny","Action":"s3:PutObject","Resource":"*"{deny}}}]}}"#
            ));
            // Where the Deny is what it seems, it is the Allow that is not known, and it is of no account.
            let ask = |action: &str| {
                let question = Question { actions: vec![action.to_owned()], ..Question::default() };
                can(&Policies::Document(policy), &question)
            };
            let (get, put) = (ask("s3:GetObject"), ask("s3:PutObject"));
            let is_open = |answer: &Answer| matches!(answer, Answer::Unknown(Unknown::Hole(_)));
            assert_eq!(
                (is_open(&get), is_open(&put)),
                (!allow.is_empty(), allow.is_empty()),
                "{member}: {get:?} {put:?}"
            );
        }
    }
}
