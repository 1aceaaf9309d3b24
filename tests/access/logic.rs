//! What statements are good for, and what changes change.

use crate::support::policy;
use iam_lint::access::decide::{Answer, Question};
use iam_lint::access::{Semantics, Use, compare, usefulness};
use iam_lint::policy::Policy;

fn document(statements: &str) -> &'static Policy<'static> {
    policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#))
}

fn statement(effect: &str, action: &str, resource: &str, condition: &str) -> String {
    format!(r#"{{"Effect":"{effect}","Action":"{action}","Resource":"{resource}","Condition":{{{condition}}}}}"#)
}

/// What the first of `statements` is good for.
#[track_caller]
fn check(statements: &[String], expected: &str) {
    let policy = document(&statements.join(","));
    let found = match usefulness(policy, 0, Semantics::default()) {
        Use::Needed => "needed",
        Use::NeverMatches(_) => "never matches",
        Use::AlwaysDenied(_) => "always denied",
        Use::Redundant(_) => "redundant",
        Use::Unknown(_) => "unknown",
    };
    assert_eq!(found, expected, "{statements:?}");
}

#[test]
fn usefulness_of_statements() {
    let bucket = "arn:aws:s3:::logs/*";
    let get = || statement("Allow", "s3:GetObject", bucket, "");
    let deny = |condition| statement("Deny", "s3:*", "*", condition);
    check(&[get()], "needed");
    check(&[get(), statement("Allow", "s3:Get*", "arn:aws:s3:::*", "")], "redundant");
    check(&[get(), statement("Allow", "s3:Get*", "arn:aws:s3:::logs/a*", "")], "needed");
    check(&[get(), deny("")], "always denied");
    check(&[get(), deny(r#""Bool":{"aws:SecureTransport":"false"}"#)], "needed");
    check(&[deny(""), get()], "needed");
    let both = r#""StringEquals":{"aws:PrincipalOrgID":"o-a"},"StringNotEquals":{"aws:PrincipalOrgID":"o-a"}"#;
    check(&[statement("Allow", "s3:GetObject", bucket, both)], "never matches");
    check(&[statement("Deny", "s3:GetObject", bucket, both)], "never matches");
    let range = r#""NumericLessThan":{"s3:max-keys":"5"},"NumericGreaterThan":{"s3:max-keys":"7"}"#;
    check(&[statement("Allow", "s3:ListBucket", "*", range)], "never matches");
    let secure = r#""Bool":{"aws:SecureTransport":"true"}"#;
    check(&[statement("Allow", "s3:GetObject", bucket, secure), get()], "redundant");
    check(&[get(), statement("Allow", "s3:GetObject", bucket, secure)], "needed");
    let (true_, false_) = (secure, r#""Bool":{"aws:SecureTransport":"false"}"#);
    let halves =
        [statement("Allow", "s3:GetObject", bucket, true_), statement("Allow", "s3:GetObject", bucket, false_)];
    check(&[get(), halves[0].clone(), halves[1].clone()], "redundant");
    // What the catalogue does not know may exist all the same.
    let unknown = |action: &str| statement("Allow", action, "*", "");
    check(&[unknown("unheardof:*")], "needed");
    check(&[unknown("unheardof:*"), unknown("unheardof:Get*")], "needed");
    check(&[unknown("unheardof:Get*"), unknown("unheardof:*")], "redundant");
    check(&[unknown("unheardof:Get*"), unknown("unheardof:Put*")], "needed");
}

#[test]
fn a_change_is_shown_by_the_request_that_it_lets_in() {
    let old = document(&statement("Allow", "s3:GetObject", "arn:aws:s3:::logs/*", ""));
    let new = document(&statement("Allow", "s3:Get*", "arn:aws:s3:::logs/a*", ""));
    let changes = compare(old, new, &Question::default());
    let Answer::Possible(added) = changes.added else { panic!("nothing is added") };
    assert!(added.request.action.starts_with("s3:Get") && added.request.action != "s3:GetObject", "{added}");
    assert_eq!(added.statement.map(|id| (id.policy, id.statement)), Some((0, 0)));
    let Answer::Possible(lost) = changes.lost else { panic!("nothing is lost") };
    assert_eq!(lost.request.action, "s3:GetObject");
    assert!(!lost.request.resource.starts_with("arn:aws:s3:::logs/a"), "{lost}");
    let same = compare(old, old, &Question::default());
    assert!(matches!((same.added, same.lost), (Answer::Impossible(_), Answer::Impossible(_))));
}
