//! Policy variables: what they are compared with, and where they stand.

use crate::chance::{Chance, assert_telling, rounds};
use crate::support::{policy, verdict};
use iam_lint::access::decide::{Answer, Question, Realism, Unknown};
use iam_lint::access::evaluate::{Context, decide};
use iam_lint::access::{Caller, Policies, Request, Semantics, added, can, what};
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

const USER: &str = "arn:aws:iam::*:user/${aws:username}";
const TEAM: &str = "arn:aws:s3:::data-${aws:PrincipalTag/team}/*";
const BOTH: &str = "arn:aws:s3:::${aws:PrincipalTag/team}-x/${aws:username}/*";
const DEV: &str = r#""StringLike":{"aws:username":"dev-*"}"#;
const NO_DEV: &str = r#""StringNotLike":{"aws:username":"dev-*"}"#;
const A: &str = r#""StringLike":{"aws:PrincipalTag/team":"a*"}"#;

fn rule(effect: &str, resource: &str, conditions: &str) -> String {
    let (element, resource) = match resource.strip_prefix('!') {
        Some(resource) => ("NotResource", resource),
        None => ("Resource", resource),
    };
    format!(r#"{{"Effect":"{effect}","Action":"*","{element}":"{resource}","Condition":{{{conditions}}}}}"#)
}

fn allow(resource: &str, conditions: &str) -> String {
    rule("Allow", resource, conditions)
}

fn deny(resource: &str, conditions: &str) -> String {
    rule("Deny", resource, conditions)
}

fn of(statements: &[String]) -> &'static Policy<'static> {
    policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(",")))
}

#[track_caller]
fn check(statements: &[String], action: &str, resource: &str, context: &[(&str, &str)], expected: bool) {
    let context = context.iter().map(|(key, value)| ((*key).to_owned(), vec![(*value).to_owned()])).collect();
    let (actions, resources) = (vec![action.to_owned()], vec![resource.to_owned()]);
    let question = Question { actions, resources, context, ..Question::default() };
    verdict(&can(&Policies::Document(of(statements)), &question), expected, &statements.join("\n"));
}

#[test]
fn the_name_of_the_user_meets_patterns() {
    let admin = "arn:aws:iam::123456789012:user/admin*";
    let check = |statements: &[String], resource: &str, expected: bool| {
        check(statements, "iam:CreateAccessKey", resource, &[], expected);
    };
    check(&[allow(USER, DEV)], "*", true);
    check(&[allow(USER, "")], admin, true);
    check(&[allow(USER, DEV)], admin, false);
    check(&[allow(USER, ""), deny("*", NO_DEV)], "*", true);
    check(&[allow(USER, ""), deny("*", NO_DEV)], admin, false);
    check(&[allow("*", ""), deny(&format!("!{USER}"), "")], admin, true);
    check(&[allow("*", DEV), deny(&format!("!{USER}"), "")], admin, false);
    check(&[allow("arn:aws:iam::*:user/dev-*", ""), deny(&format!("!{USER}"), ""), deny("*", DEV)], "*", false);
    check(&[allow(USER, r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/dev-*"}"#)], "*", true);
    // No user has such a name.
    check(&[allow("*", r#""StringNotLike":{"aws:username":"*"},"Null":{"aws:username":"false"}"#)], "*", false);
}

#[test]
fn what_a_tag_is_meets_patterns() {
    let check = |statements: &[String], resource: &str, expected: bool| {
        check(statements, "s3:GetObject", resource, &[], expected);
    };
    check(&[allow(TEAM, A)], "*", true);
    check(&[allow(TEAM, A)], "arn:aws:s3:::data-ab*/x", true);
    check(&[allow(TEAM, A)], "arn:aws:s3:::data-b*/x", false);
    check(&[allow(TEAM, A), deny("arn:aws:s3:::data-a*", "")], "*", false);
    check(&[allow(TEAM, &A.replace(r#""a*""#, r#"["a*","b*"]"#)), deny("arn:aws:s3:::data-a*", "")], "*", true);
    let narrow = format!(r#"{A},"StringNotLike":{{"aws:PrincipalTag/team":"ab*"}}"#);
    check(&[allow(TEAM, &narrow)], "arn:aws:s3:::data-ab*/x", false);
    let or_none = TEAM.replace("team", "team, 'none'");
    let if_there = A.replace("Like", "LikeIfExists");
    check(&[allow(&or_none, &if_there)], "arn:aws:s3:::data-none/*", true);
    check(&[allow(&or_none, &if_there)], "arn:aws:s3:::data-b*", false);
    let both = r#""StringLike":{"aws:PrincipalTag/team":"a*","aws:username":"dev-*"}"#;
    check(&[allow(BOTH, both)], "arn:aws:s3:::ab*/dev-x*", true);
    check(&[allow(BOTH, both)], "arn:aws:s3:::b*", false);
    let twice = BOTH.replace("username", "PrincipalTag/team");
    check(&[allow(&twice, A)], "arn:aws:s3:::ab*/ab*", true);
    let id = r#""StringLike":{"aws:userid":"AROA*:dev-*"}"#;
    check(&[allow("arn:aws:s3:::b/${aws:userid}/*", id)], "*", true);
    check(&[allow("arn:aws:s3:::b/${aws:userid}/*", id)], "arn:aws:s3:::b/AIDA*", false);
    // A variable in a test of its own key.
    check(&[allow("*", r#""StringLike":{"aws:PrincipalTag/team":"a${aws:PrincipalTag/team}"}"#)], "*", false);
}

#[test]
fn a_value_with_a_variable_meets_what_is_asked() {
    let home = r#""StringLike":{"s3:prefix":"home/${aws:username}/*"}"#;
    let of_dev = r#""StringLike":{"s3:prefix":"home/${aws:username}/*","aws:username":"dev-*"}"#;
    let (bucket, dev) = ("arn:aws:s3:::b-${aws:username}", [("s3:prefix", "home/dev-x/y")]);
    let check = |statements: &[String], resource: &str, context: &[(&str, &str)], expected: bool| {
        check(statements, "s3:ListBucket", resource, context, expected);
    };
    check(&[allow("*", home)], "*", &[("s3:prefix", "home/admin-x/y")], true);
    check(&[allow("*", of_dev)], "*", &[("s3:prefix", "home/admin-x/y")], false);
    check(&[allow("*", of_dev)], "*", &[], true);
    check(&[allow(bucket, home)], "arn:aws:s3:::b-dev*", &dev, true);
    check(&[allow(bucket, home)], "arn:aws:s3:::b-adm*", &dev, false);
    let region = r#""StringEquals":{"aws:RequestedRegion":"${aws:PrincipalTag/Region}"}"#;
    self::check(&[allow("*", region)], "ec2:CreateSecurityGroup", "*", &[], true);
}

#[test]
fn a_change_of_what_a_variable_may_be_is_seen() {
    #[track_caller]
    fn check(old: &[String], new: &[String], gained: bool, lost: bool) {
        let question = Question { actions: vec!["iam:*".to_owned()], ..Question::default() };
        let case = format!("{old:?}\n{new:?}");
        verdict(&added(of(old), of(new), &question), gained, &case);
        verdict(&added(of(new), of(old), &question), lost, &case);
    }
    let named = "arn:aws:iam::*:user/dev-*";
    check(&[allow(USER, "")], &[allow(USER, ""), deny("*", NO_DEV)], false, true);
    check(&[allow(USER, DEV)], &[allow(USER, &DEV.replace("dev-", "dev-a"))], false, true);
    check(&[allow(USER, DEV)], &[allow(named, "")], true, false);
    check(&[allow(named, "")], &[allow(named, ""), deny(&format!("!{USER}"), "")], false, true);
}
