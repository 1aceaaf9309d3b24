//! Policy variables: what they are compared with, and where they stand.

use crate::chance::{Chance, assert_telling, rounds};
use crate::support::policy;
use iam_lint::access::decide::{Answer, Question, Realism, Unknown};
use iam_lint::access::evaluate::{Context, decide};
use iam_lint::access::{Caller, Policies, Request, Semantics, added, what};
use iam_lint::policy::{Policy, Truth};
use serde_json::{Value, json};

const ACTION: &str = "t:Get";

const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:t:::x/${aws:username}",
    "arn:aws:t:::x/${aws:username}/*",
    "arn:aws:t:::x/a${aws:PrincipalTag/v}",
    "arn:aws:t:::x/${aws:PrincipalTag/v}*",
    "arn:aws:t:::x/${aws:PrincipalTag/v}/${aws:username}",
    "arn:aws:t:::x/${aws:PrincipalTag/v}-${aws:PrincipalTag/v}",
    "arn:aws:t:::x/${aws:PrincipalTag/v, 'ab'}",
    "arn:aws:t:::x/*b",
    "arn:aws:t:::x/a*",
    "arn:aws:t:::x/ab",
    "arn:aws:t:::x/??",
    "arn:aws:t:::x/b/*",
];

const VALUES: &[&str] = &["a", "b", "ab", "ba", "aab", "bb", "a/b", "a-b", "b-b", "aB", "ab/ab", "b/a"];

const PATTERNS: &[&str] = &[
    "a*",
    "*b",
    "a?",
    "ab",
    "b",
    "*",
    "??",
    "*-*",
    "${aws:username}",
    "${aws:username}*",
    "*${aws:PrincipalTag/v}",
    "a${aws:PrincipalTag/v}",
    "${aws:PrincipalTag/v}/${aws:username}",
    "${s3:prefix}",
];

fn condition(chance: &mut Chance) -> (String, &'static str, Vec<&'static str>) {
    let key = chance.pick(&["aws:username", "aws:PrincipalTag/v", "aws:PrincipalTag/v", "s3:prefix"]);
    let operator = chance.pick(&["StringLike", "StringLike", "StringNotLike", "StringEquals", "StringNotEquals"]);
    let end = if chance.one_in(4) { "IfExists" } else { "" };
    (format!("{operator}{end}"), key, chance.some(PATTERNS))
}

fn statement(chance: &mut Chance) -> Value {
    let effect = if chance.one_in(3) { "Deny" } else { "Allow" };
    let resource = if chance.one_in(4) { "NotResource" } else { "Resource" };
    let mut conditions = serde_json::Map::new();
    for _ in 0..chance.below(3) {
        let (operator, key, values) = condition(chance);
        conditions.entry(operator).or_insert_with(|| json!({}))[key] = json!(values);
    }
    json!({"Effect": effect, "Action": ACTION, resource: chance.some(RESOURCES), "Condition": conditions})
}

fn document(statements: &[Value]) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// A request whose parts are made of the same few values, so that variables meet them.
fn request(chance: &mut Chance) -> Request {
    let name = chance.pick(&VALUES[..6]);
    let mut context = Context::new().with("aws:username", name);
    let mut parts = vec![name];
    for key in ["aws:PrincipalTag/v", "s3:prefix"] {
        if !chance.one_in(4) {
            let value = if chance.one_in(2) { chance.pick(&parts) } else { chance.pick(VALUES) };
            context.set(key, vec![value.to_owned()]);
            parts.push(value);
        }
    }
    parts.push(chance.pick(VALUES));
    let mut resource = format!("arn:aws:t:::x/{}", if chance.one_in(4) { "a" } else { "" });
    resource.push_str(chance.pick(&parts));
    if chance.one_in(2) {
        resource.push_str(chance.pick(&["/", "-", ""]));
        resource.push_str(chance.pick(&parts));
    }
    let caller = Caller::User { arn: format!("arn:aws:iam::123456789012:user/{name}") };
    Request { caller, action: ACTION.to_owned(), resource, owner: None, context }
}

fn question() -> Question<'static> {
    Question { actions: vec![ACTION.to_owned()], realism: Realism::Anything, ..Question::default() }
}

fn allows(policy: &Policy<'_>, request: &Request) -> Truth {
    decide(request, &Policies::Document(policy), &Semantics::default()).allowed
}

#[test]
fn possible_is_shown_and_impossible_withstands_attack() {
    let (mut possible, mut impossible, mut unknown) = (0, 0, 0);
    for number in 0..rounds(1500) {
        let mut chance = Chance::new(number ^ 0x1111);
        let own: Vec<Value> = (0..1 + chance.below(4)).map(|_| statement(&mut chance)).collect();
        let text = document(&own);
        let parsed = policy(&text);
        for reach in what(&Policies::Document(parsed), &question()) {
            match reach.answer {
                Answer::Possible(witness) => {
                    assert_eq!(allows(parsed, &witness.request), Truth::Yes, "{number}: {text}\n{witness}");
                    possible += 1;
                }
                Answer::Impossible(_) => {
                    for _ in 0..150 {
                        let request = request(&mut chance);
                        assert_ne!(allows(parsed, &request), Truth::Yes, "{number}: {request:?}\n{text}");
                    }
                    impossible += 1;
                }
                Answer::Unknown(reason @ Unknown::Disagreement(_)) => panic!("{number}: {reason:?}\n{text}"),
                Answer::Unknown(reason) => {
                    println!("{number}: {reason}\n{text}");
                    unknown += 1;
                }
            }
        }
    }
    assert_telling(possible, impossible, unknown);
}

#[test]
fn changes_are_shown_or_withstand_attack() {
    let (mut possible, mut impossible, mut unknown) = (0, 0, 0);
    for number in 0..rounds(1000) {
        let mut chance = Chance::new(number ^ 0x2222);
        let own: Vec<Value> = (0..1 + chance.below(3)).map(|_| statement(&mut chance)).collect();
        let mut changed = own.clone();
        let at = chance.below(own.len());
        match chance.below(3) {
            0 => changed.push(statement(&mut chance)),
            1 => changed[at]["Condition"] = statement(&mut chance)["Condition"].clone(),
            _ => {
                changed.remove(at);
            }
        }
        let (old, new) = (document(&own), document(&changed));
        let (before, after) = (policy(&old), policy(&new));
        match added(before, after, &question()) {
            Answer::Possible(witness) => {
                let answers = (allows(before, &witness.request), allows(after, &witness.request));
                assert_eq!(answers, (Truth::No, Truth::Yes), "{number}: {witness}\nold {old}\nnew {new}");
                possible += 1;
            }
            Answer::Impossible(_) => {
                for _ in 0..150 {
                    let request = request(&mut chance);
                    let is_added = allows(after, &request) == Truth::Yes && allows(before, &request) == Truth::No;
                    assert!(!is_added, "{number}: {request:?}\nold {old}\nnew {new}");
                }
                impossible += 1;
            }
            Answer::Unknown(reason @ Unknown::Disagreement(_)) => panic!("{number}: {reason:?}\nold {old}\nnew {new}"),
            Answer::Unknown(reason) => {
                println!("{number}: {reason}\nold {old}\nnew {new}");
                unknown += 1;
            }
        }
    }
    assert_telling(possible, impossible, unknown);
}
