//! The policy that lets people manage their own MFA device and denies the rest without MFA.

use crate::support::policy;
use iam_lint::access::decide::{Answer, Credential, Question};
use iam_lint::access::{Policies, can, what, without_mfa};
use iam_lint::policy::Policy;

/// `operator` is that of the Deny; `more` are further statements.
fn self_service(operator: &str, more: &str) -> &'static Policy<'static> {
    policy(&format!(
        r#"{{"Version": "2012-10-17", "Statement": [
        {{"Sid": "Look", "Effect": "Allow", "Action": ["iam:ListVirtualMFADevices", "iam:ListUsers"], "Resource": "*"}},
        {{"Sid": "Create", "Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "arn:aws:iam::*:mfa/*"}},
        {{"Sid": "Own", "Effect": "Allow", "Resource": "arn:aws:iam::*:user/${{aws:username}}",
          "Action": ["iam:ListMFADevices", "iam:GetMFADevice", "iam:EnableMFADevice", "iam:ResyncMFADevice"]}},
        {{"Sid": "Remove", "Effect": "Allow", "Resource": "arn:aws:iam::*:user/${{aws:username}}",
          "Action": "iam:DeactivateMFADevice", "Condition": {{"Bool": {{"aws:MultiFactorAuthPresent": "true"}}}}}},
        {{"Sid": "Password", "Effect": "Allow", "Resource": "arn:aws:iam::*:user/${{aws:username}}",
          "Action": ["iam:CreateLoginProfile", "iam:ChangePassword"]}},
        {{"Sid": "Guard", "Effect": "Deny", "Resource": "*", "NotAction": [
            "iam:ChangePassword", "iam:CreateLoginProfile", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice",
            "iam:ListMFADevices", "iam:ListUsers", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice"],
          "Condition": {{"{operator}": {{"aws:MultiFactorAuthPresent": "false"}}}}}}{more}]}}"#
    ))
}

const ALLOW_ALL: &str = r#", {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}"#;

const EIGHT: [&str; 8] = [
    "iam:ChangePassword",
    "iam:CreateLoginProfile",
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:ListMFADevices",
    "iam:ListUsers",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
];

/// The actions possible with one of `credentials`, in order; and nothing may be unknown.
fn possible(policy: &Policy<'_>, credentials: &[Credential]) -> Vec<String> {
    let question = Question { credentials: credentials.to_vec(), ..Question::default() };
    let mut found = Vec::new();
    for reach in what(&Policies::Document(policy), &question) {
        match reach.answer {
            Answer::Possible(_) => found.extend(reach.actions),
            Answer::Impossible(_) => {}
            Answer::Unknown(reason) => panic!("{:?}: {reason}", reach.actions),
        }
    }
    found.sort();
    found
}

#[test]
fn exactly_eight_actions_without_mfa() {
    for credentials in [Credential::WITHOUT_MFA, &[Credential::AccessKey], &[Credential::SessionWithoutMfa]] {
        assert_eq!(possible(self_service("BoolIfExists", ""), credentials), EIGHT);
        assert_eq!(possible(self_service("BoolIfExists", ALLOW_ALL), credentials), EIGHT);
    }
}

#[test]
fn bool_lets_access_keys_do_everything() {
    let lax = self_service("Bool", ALLOW_ALL);
    assert!(possible(lax, &[Credential::AccessKey]).len() > 15_000);
    assert_eq!(possible(lax, &[Credential::SessionWithoutMfa]), EIGHT);
    assert!(possible(lax, Credential::WITHOUT_MFA).contains(&"iam:DeactivateMFADevice".to_owned()));
}

#[test]
fn the_proof_names_the_guard() {
    let policy = self_service("BoolIfExists", "");
    let Answer::Impossible(proof) = can(&Policies::Document(policy), &without_mfa(&["iam:DeactivateMFADevice"])) else {
        panic!("it is possible");
    };
    let sids: Vec<_> =
        proof.core.iter().map(|(id, _)| &*policy.statements[id.statement].sid.as_ref().unwrap().text).collect();
    assert!(sids.contains(&"Guard") || sids.contains(&"Remove"), "{sids:?}");
}

#[test]
fn a_witness_is_one_line() {
    let policy = self_service("Bool", ALLOW_ALL);
    let Answer::Possible(witness) = can(&Policies::Document(policy), &without_mfa(&["iam:DeactivateMFADevice"])) else {
        panic!("it is not possible");
    };
    assert_eq!(
        witness.to_string(),
        "iam:DeactivateMFADevice on arn:aws:iam::123456789012:user/alice by a long-term access key \
         (no aws:MultiFactorAuthPresent)"
    );
    let policy = self_service("BoolIfExists", "");
    let Answer::Possible(witness) = can(&Policies::Document(policy), &without_mfa(&["iam:EnableMFADevice"])) else {
        panic!("it is not possible");
    };
    assert_eq!(
        witness.to_string(),
        "iam:EnableMFADevice on arn:aws:iam::123456789012:user/alice by a long-term access key \
         (no aws:MultiFactorAuthPresent; aws:username = alice)"
    );
}

#[test]
fn with_allow_all_it_is_on_anyone() {
    let policy = self_service("BoolIfExists", ALLOW_ALL);
    let mut question = without_mfa(&["iam:CreateLoginProfile"]);
    question.resources = vec!["arn:aws:iam::123456789012:user/bob".into()];
    question.context = vec![("aws:username".into(), vec!["alice".into()])];
    assert!(matches!(can(&Policies::Document(policy), &question), Answer::Possible(_)));
    let alone = self_service("BoolIfExists", "");
    assert!(matches!(can(&Policies::Document(alone), &question), Answer::Impossible(_)));
}
