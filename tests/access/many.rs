//! Policies about all actions, of which each has resources of its own: what holds of thousands is found out once.

use super::support::policy;
use iam_lint::access::decide::{Answer, Question};
use iam_lint::access::{Policies, added, what};
use iam_lint::policy::Truth;

/// Allows of every action on resources of few services, with policy variables; a condition on MFA makes many callers of
/// each.
fn version(more: &str) -> String {
    include_str!("../../fixtures/access/every-action.json").replace("\n]}", &format!("{more}]}}"))
}

/// Grants what only the last of the services has.
const MORE: &str = r#", {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:xray:*:*:group/*",
    "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}"#;

#[test]
fn two_versions_are_told_apart() {
    let (old, new) = (version(""), version(MORE));
    let (old, new) = (policy(&old), policy(&new));
    let question = Question::default();
    let Answer::Possible(witness) = added(old, new, &question) else { panic!("nothing is added") };
    assert!(witness.request.resource.contains(":xray:"), "{witness}");
    assert_eq!(added(new, old, &question).truth(), Truth::No);
}

#[test]
fn no_action_is_left_undecided() {
    let text = version("");
    let reaches = what(&Policies::Document(policy(&text)), &Question::default());
    for reach in &reaches {
        assert_ne!(reach.answer.truth(), Truth::Maybe, "{:?}: {:?}", reach.actions, reach.answer);
    }
    let of = |name: &str| {
        let own = reaches.iter().find(|reach| reach.actions.iter().any(|action| action == name));
        own.map(|reach| reach.answer.truth())
    };
    assert_eq!(of("sqs:SendMessage"), Some(Truth::Yes));
    assert_eq!(of("s3:PutObject"), Some(Truth::Yes));
    assert_eq!(of("xray:GetGroup"), Some(Truth::No));
    assert_eq!(of("dynamodb:PutItem"), Some(Truth::No));
}
