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
        assert!(matches!(answer, Answer::Unknown(Unknown::Hole)), "{principal} {condition}: {answer:?}");
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
    check(r#"{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#, false);
}
