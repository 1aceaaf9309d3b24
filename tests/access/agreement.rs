//! The same question asked in two ways: of all actions at once and of one; before a statement is added and after.

use crate::chance::{Chance, rounds};
use crate::support::policy;
use iam_lint::access::decide::Question;
use iam_lint::access::{Policies, can, what};
use iam_lint::policy::Truth;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PATTERNS: &[&str] =
    &["*", "iam:*", "s3:*", "iam:ListUsers", "s3:ListAllMyBuckets", "ec2:Describe*", "iam:GetUser", "s3:GetObject"];
/// Some of these work on nothing in particular.
const ACTIONS: &[&str] = &[
    "iam:ListUsers",
    "iam:CreateAccountAlias",
    "s3:ListAllMyBuckets",
    "ec2:DescribeInstances",
    "iam:GetUser",
    "iam:DeleteUser",
    "s3:GetObject",
    "s3:ListBucket",
];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:iam::*:user/*",
    "arn:aws-cn:iam::*:user/x",
    "arn:aws:iam::*:user/${aws:username}",
    "arn:aws-us-gov:iam::*:user/${aws:username}",
    "arn:aws:s3:::b/*",
    "arn:*:s3:::b/*",
    "arn:aws:s3:::${aws:username}/*",
];
const CONDITIONS: &[&str] = &[
    r#"{}"#,
    r#"{}"#,
    r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
    r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#,
    r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws-cn:iam::*:*"}}"#,
    r#"{"StringLike":{"aws:username":"dev-*"}}"#,
];

fn statement(chance: &mut Chance, effect: &str) -> Value {
    let (actions, resources) = (chance.some(PATTERNS), chance.some(RESOURCES));
    let condition: Value = serde_json::from_str(chance.pick(CONDITIONS)).unwrap();
    json!({"Effect": effect, "Action": actions, "Resource": resources, "Condition": condition})
}

/// The answers about [`ACTIONS`], asked all at once.
fn all_at_once(statements: &[Value]) -> (String, BTreeMap<&'static str, Truth>) {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    let actions = ["iam:*", "s3:*", "ec2:Describe*"].map(str::to_owned).into();
    let question = Question { actions, ..Question::default() };
    let reaches = what(&Policies::Document(policy(&text)), &question);
    let of = |action: &'static str| {
        let own = reaches.iter().find(|reach| reach.actions.iter().any(|name| name == action));
        (action, own.map_or(Truth::No, |reach| reach.answer.truth()))
    };
    let answers = ACTIONS.iter().map(|action| of(action)).collect();
    (text, answers)
}

#[test]
fn one_action_is_as_it_is_among_all_and_an_allow_takes_nothing_away() {
    let mut possible = 0;
    for number in 0..rounds(30) {
        let mut chance = Chance::new(number);
        let mut statements = vec![statement(&mut chance, "Allow")];
        for _ in 0..1 + chance.below(3) {
            let effect = chance.pick(&["Allow", "Deny"]);
            statements.push(statement(&mut chance, effect));
        }
        let (text, answers) = all_at_once(&statements);
        for (action, answer) in &answers {
            let question = Question { actions: vec![(*action).into()], ..Question::default() };
            let alone = can(&Policies::Document(policy(&text)), &question).truth();
            let agree = alone == *answer || alone == Truth::Maybe || *answer == Truth::Maybe;
            assert!(agree, "{action}: {alone:?} alone, {answer:?} among all: {text}");
            possible += usize::from(alone == Truth::Yes);
        }
        statements.push(statement(&mut chance, "Allow"));
        let (more, with_more) = all_at_once(&statements);
        for (action, answer) in answers {
            let is_lost = answer == Truth::Yes && with_more[action] == Truth::No;
            assert!(!is_lost, "{action} is possible in {text} and not in {more}");
        }
    }
    assert!(possible > 0);
}
