//! What is said of random templates, held against what their holes may be filled with.

use crate::chance::{Chance, assert_telling, rounds};
use crate::support::policy;
use iam_lint::access::decide::{Answer, Question, Realism};
use iam_lint::access::{Layers, Policies, added, can};
use iam_lint::policy::Truth;
use serde_json::{Value, json};

const ACTIONS: &[&str] = &["s3:GetObject", "s3:ListBucket", "s3:*", "*", "sqs:*"];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::*/k",
    "arn:aws:s3:::?/*",
    "arn:aws:s3:::prod",
    "arn:aws:s3:::prod/*",
    "arn:aws:s3:::x-*",
    "arn:aws:s3:::${b}",
    "arn:aws:s3:::${b}/*",
    "arn:aws:s3:::${b}/${p}*",
    "arn:aws:s3:::x-${b}/*",
    "arn:aws:s3:::${b}-${b}/k",
    "arn:aws:s3:::${b}/${aws:username}",
    "arn:aws:sqs:us-east-1:${account}:q",
    "arn:aws:sqs:*:*:*",
    "${arn}",
    "${arn}/*",
];
const CONDITIONS: &[&str] = &[
    r#"{}"#,
    r#"{}"#,
    r#"{"StringEquals":{"aws:ResourceTag/a":"b"}}"#,
    r#"{"StringNotEquals":{"aws:ResourceTag/a":["b","c"]}}"#,
    r#"{"StringEquals":{"aws:ResourceAccount":"111122223333"}}"#,
    r#"{"StringEquals":{"aws:ResourceTag/a":"${p}"}}"#,
    r#"{"StringLike":{"aws:PrincipalTag/t":["${b}*","x"]}}"#,
    r#"{"StringEquals":{"aws:PrincipalTag/u":"${b}"}}"#,
    r#"{"StringNotEquals":{"aws:PrincipalTag/u":"${p}"}}"#,
];
const NAMES: &[&str] = &["prod", "x-1", "a", "dev", "filled0", "k"];

fn document(chance: &mut Chance) -> String {
    let mut statement = || -> Value {
        let resource = if chance.one_in(6) { "NotResource" } else { "Resource" };
        let (actions, mut resources) = (chance.some(ACTIONS), chance.some(RESOURCES));
        if actions.iter().all(|action| action.starts_with("sqs:")) {
            // A template that takes a bucket for a queue is beyond what is looked at here.
            resources.iter_mut().filter(|own| own.starts_with("${arn}")).for_each(|own| *own = "*");
        }
        json!({
            "Effect": if chance.one_in(3) { "Deny" } else { "Allow" },
            "Action": actions,
            resource: resources,
            "Condition": serde_json::from_str::<Value>(chance.pick(CONDITIONS)).unwrap(),
        })
    };
    let statements: Vec<Value> = (0..3).map(|_| statement()).collect();
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// Puts the same in place of the same hole of each.
fn fill(chance: &mut Chance, templates: &[String]) -> Vec<String> {
    let bucket = chance.pick(NAMES);
    let with = [
        ("${arn}", format!("arn:aws:s3:::{bucket}")),
        ("${b}", chance.pick(NAMES).to_owned()),
        ("${p}", chance.pick(&["k", "home/", "a/b"]).to_owned()),
        ("${account}", chance.pick(&["111122223333", "123456789012"]).to_owned()),
    ];
    let filled = |text: &String| with.iter().fold(text.clone(), |text, (hole, with)| text.replace(hole, with));
    templates.iter().map(filled).collect()
}

/// Holds an answer about templates against those about what they become.
fn attack(chance: &mut Chance, templates: &[String], ask: impl Fn(&[String]) -> Answer) -> Truth {
    let answer = ask(templates);
    for _ in 0..6 {
        let filled = fill(chance, templates);
        let found = ask(&filled);
        match (&answer, &found) {
            (Answer::Possible(witness), Answer::Impossible(_)) => panic!("{templates:?}\n{witness}\n{filled:?}"),
            (Answer::Impossible(_), Answer::Possible(witness)) => panic!("{templates:?}\n{filled:?}\n{witness}"),
            _ => {}
        }
    }
    answer.truth()
}

#[test]
fn what_is_said_of_a_template_is_true_of_what_it_becomes() {
    let mut count = [0usize; 3];
    for number in 0..rounds(200) {
        let mut chance = Chance::new(number);
        let templates = [document(&mut chance), document(&mut chance)];
        let action = chance.pick(&["s3:GetObject", "s3:ListBucket", "sqs:SendMessage"]);
        let realism = if chance.one_in(3) { Realism::Anything } else { Realism::Catalogue };
        let question = Question { actions: vec![action.into()], realism, ..Question::default() };
        let read = |texts: &[String]| [policy(&texts[0]), policy(&texts[1])];
        let one = |texts: &[String]| can(&Policies::Document(read(texts)[0]), &question);
        let both = |texts: &[String]| {
            let [identity, boundary] = read(texts).map(|policy| vec![policy]);
            can(&Policies::Account(Layers { identity, boundary, ..Layers::default() }), &question)
        };
        let change = |texts: &[String]| {
            let [old, new] = read(texts);
            added(old, new, &question)
        };
        let answers = [
            attack(&mut chance, &templates, one),
            attack(&mut chance, &templates, both),
            attack(&mut chance, &templates, change),
        ];
        answers.into_iter().for_each(|answer| count[answer as usize] += 1);
    }
    let [impossible, unknown, possible] = count;
    println!("{unknown} depend on what is filled in");
    assert_telling(possible, impossible, 0);
}
