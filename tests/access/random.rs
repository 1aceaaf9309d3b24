//! Chance: small random policies, and every answer about them attacked.
//!
//! `IAM_LINT_RANDOM=20000` asks about so many policies in place of some thousand; `IAM_LINT_SEED` varies them.

use crate::chance::{Chance, assert_telling, rounds};
use crate::support::policy;
use iam_lint::access::decide::{Answer, Question, Realism, Unknown};
use iam_lint::access::decide::{STATES, no_entry};
use iam_lint::access::evaluate;
use iam_lint::access::evaluate::{Context, decide};
use iam_lint::access::{Analysis, Caller, Policies, Request, Semantics, added, covered, refused, what};
use iam_lint::catalog::Catalog;
use iam_lint::policy::{Condition, Policy, Truth};
use serde_json::{Value, json};
use std::cell::Cell;

const ACTIONS: &[&str] = &["t:GetA", "t:GetB", "t:PutA", "u:Do"];
const ACTION_PATTERNS: &[&str] = &["t:GetA", "T:getb", "t:Get*", "t:?etA", "t:*A", "u:Do", "*", "t:*", "*:Do"];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:t:us-east-1:123456789012:x/a",
    "arn:aws:t:us-east-1:123456789012:x/a:b",
    "arn:aws:t:us-east-1:123456789012:x/b",
    "arn:aws:t::123456789012:y/ab",
    "arn:aws:u:us-east-1::x/a*",
    "arn:aws:t:::",
];
const RESOURCE_PATTERNS: &[&str] = &[
    "*",
    "arn:aws:t:*:*:x/*",
    "arn:aws:t:*:x/a",
    "arn:aws:*:*:*:x/a",
    "arn:aws:t:us-east-1:123456789012:x/a",
    "arn:aws:t*",
    "arn:aws:t::*:y/?b",
    "arn:aws:t:*:*:*b*",
    "arn:aws:t:*:*:x/${aws:PrincipalTag/v}",
    "arn:aws:t:*:*:x/${aws:PrincipalTag/v, 'a'}",
    "arn:aws:u:us-east-1::x/a${*}",
];
const TEXTS: &[&str] = &["a", "b", "ab", "A", "a*", "true", "arn:aws:t:us-east-1:1:x", "5"];
const TEXT_PATTERNS: &[&str] =
    &["a", "b", "a*", "*b", "?", "A?", "*", "a${*}", "${aws:PrincipalTag/v}", "x${aws:PrincipalTag/v, 'b'}", "TRUE"];
const NUMBERS: &[&str] = &["1", "5", "5.0", "5.5", "10", "-3", "x"];
const DATES: &[&str] = &["2024-01-01", "2024-01-01T00:00:00Z", "1704067201", "2025-06-01T12:00:00+02:00", "soon"];
const ADDRESSES: &[&str] = &["10.1.2.3", "10.1.2.4", "192.168.0.1", "2001:db8::1"];
const PREFIXES: &[&str] =
    &["10.0.0.0/8", "10.1.2.3", "10.1.0.0/16", "0.0.0.0/0", "::/0", "2001:db8::/32", "10.0.0.0/33"];
const ARNS: &[&str] = &["arn:aws:t:*:1:x", "arn:*:t:*:*:*", "arn:aws:t:us-east-1:1:?", "*", "arn:aws:t:*:x"];

const COMPARE_TEXT: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
];
const COMPARE_NUMBERS: &[&str] = &[
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];

fn condition(chance: &mut Chance) -> (String, Value, Value) {
    let (operator, key, values): (&str, &str, Vec<&str>) = match chance.below(10) {
        0..=2 => (chance.pick(COMPARE_TEXT), "t:s", chance.some(TEXT_PATTERNS)),
        3 => (chance.pick(COMPARE_NUMBERS), "t:n", chance.some(NUMBERS)),
        4 => {
            let operator = chance.pick(COMPARE_NUMBERS).replace("Numeric", "Date");
            return (operator, json!("t:d"), json!(chance.some(DATES)));
        }
        5 => ("Bool", "t:s", chance.some(&["true", "false", "a"])),
        6 => (chance.pick(&["IpAddress", "NotIpAddress"]), "aws:SourceIp", chance.some(PREFIXES)),
        7 => (chance.pick(&["ArnLike", "ArnNotLike", "ArnEquals"]), "t:s", chance.some(ARNS)),
        8 => {
            let key = chance.pick(&["t:s", "t:m", "t:n", "aws:PrincipalTag/v"]);
            return ("Null".to_owned(), json!(key), json!([chance.pick(&["true", "false"])]));
        }
        _ => {
            let set = chance.pick(&["ForAllValues:", "ForAnyValue:"]);
            let end = if chance.one_in(4) { "IfExists" } else { "" };
            let operator = format!("{set}{}{end}", chance.pick(COMPARE_TEXT));
            return (operator, json!("t:m"), json!(chance.some(TEXT_PATTERNS)));
        }
    };
    let end = if chance.one_in(4) { "IfExists" } else { "" };
    (format!("{operator}{end}"), json!(key), json!(values))
}

fn statement(chance: &mut Chance, effect: Option<&str>) -> Value {
    let effect = effect.unwrap_or(if chance.one_in(3) { "Deny" } else { "Allow" });
    let action = if chance.one_in(5) { "NotAction" } else { "Action" };
    let resource = if chance.one_in(6) { "NotResource" } else { "Resource" };
    let mut conditions = serde_json::Map::new();
    for _ in 0..chance.below(4) {
        let (operator, key, values) = condition(chance);
        let keys = conditions.entry(operator).or_insert_with(|| json!({}));
        keys[key.as_str().unwrap()] = values;
    }
    json!({
        "Effect": effect,
        action: chance.some(ACTION_PATTERNS),
        resource: chance.some(RESOURCE_PATTERNS),
        "Condition": conditions,
    })
}

fn statements(chance: &mut Chance) -> Vec<Value> {
    (0..1 + chance.below(4)).map(|_| statement(chance, None)).collect()
}

fn document(chance: &mut Chance, statements: &[Value]) -> String {
    let version = if chance.one_in(8) { "2008-10-17" } else { "2012-10-17" };
    json!({"Version": version, "Statement": statements}).to_string()
}

fn request(chance: &mut Chance, action: &str, several: bool) -> Request {
    let mut context = Context::new();
    let put = |chance: &mut Chance, context: &mut Context, key: &str, values: &[&str], most: usize| {
        if !chance.one_in(3) {
            let count = 1 + chance.below(most);
            context.set(key, (0..count).map(|_| chance.pick(values).to_owned()).collect());
        }
    };
    put(chance, &mut context, "t:s", TEXTS, 1);
    put(chance, &mut context, "t:n", NUMBERS, 1);
    put(chance, &mut context, "t:d", DATES, 1);
    put(chance, &mut context, "t:m", TEXTS, if several { 3 } else { 1 });
    put(chance, &mut context, "aws:SourceIp", ADDRESSES, 1);
    put(chance, &mut context, "aws:PrincipalTag/v", TEXTS, 1);
    Request {
        caller: Caller::User { arn: "arn:aws:iam::123456789012:user/alice".into() },
        action: action.to_owned(),
        resource: chance.pick(RESOURCES).to_owned(),
        owner: None,
        context,
    }
}

fn question() -> Question<'static> {
    let actions = ACTIONS.iter().map(|action| (*action).to_owned()).collect();
    Question { actions, realism: Realism::Anything, ..Question::default() }
}

fn allows(policy: &Policy<'_>, request: &Request) -> Truth {
    decide(request, &Policies::Document(policy), &Semantics::default()).allowed
}

#[test]
fn possible_is_shown_and_impossible_withstands_attack() {
    let (mut possible, mut impossible, mut unknown) = (0, 0, 0);
    let question = question();
    for number in 0..rounds(2500) {
        let mut chance = Chance::new(number);
        let own = statements(&mut chance);
        let text = document(&mut chance, &own);
        let parsed = policy(&text);
        for reach in what(&Policies::Document(parsed), &question) {
            match reach.answer {
                Answer::Possible(witness) => {
                    assert_eq!(allows(parsed, &witness.request), Truth::Yes, "{number}: {text}\n{witness}");
                    possible += 1;
                }
                Answer::Impossible(_) => {
                    for action in &reach.actions {
                        for _ in 0..60 {
                            let request = request(&mut chance, action, text.contains("ForA"));
                            let allowed = allows(parsed, &request);
                            assert_ne!(allowed, Truth::Yes, "{number}: not impossible: {request:?}\n{text}");
                        }
                    }
                    impossible += 1;
                }
                Answer::Unknown(reason @ Unknown::Disagreement(_)) => panic!("{number}: {reason:?}\n{text}"),
                Answer::Unknown(_) => unknown += 1,
            }
        }
    }
    assert_telling(possible, impossible, unknown);
}

/// Whether `new` allows nothing that `old` does not; a comparison that is not decided does not count against it.
#[track_caller]
fn check_none_added(number: u64, old: &str, new: &str) -> bool {
    match added(policy(old), policy(new), &question()) {
        Answer::Impossible(_) => true,
        Answer::Possible(witness) => panic!("{number}: {witness}\nold {old}\nnew {new}"),
        Answer::Unknown(reason @ Unknown::Disagreement(_)) => panic!("{number}: {reason:?}\nold {old}\nnew {new}"),
        Answer::Unknown(reason) => {
            println!("{number}: {reason}\nold {old}\nnew {new}");
            false
        }
    }
}

/// The same statement, with every action listed twice.
fn reword(statement: &Value) -> Value {
    let mut reworded = statement.clone();
    for key in ["Action", "NotAction"] {
        if let Some(items) = reworded.get_mut(key) {
            let list = items.as_array().cloned().unwrap_or_else(|| vec![items.clone()]);
            *items = Value::Array([list.clone(), list].concat());
        }
    }
    reworded
}

#[test]
fn laws() {
    let (mut held, mut asked) = (0, 0);
    for number in 0..rounds(600) {
        let mut chance = Chance::new(number ^ 0x5555);
        let own = statements(&mut chance);
        let version = chance.0;
        let text = |statements: &[Value]| document(&mut Chance(version), statements);
        let plain = text(&own);
        let with = |effect| {
            let mut more = own.clone();
            let at = Chance(version ^ 77).below(more.len() + 1);
            more.insert(at, statement(&mut Chance(version ^ 99), Some(effect)));
            text(&more)
        };
        let mut turned = own.clone();
        turned.reverse();
        // What stands there word for word needs no proof; what is said in other words does.
        let reworded = text(&own.iter().map(reword).collect::<Vec<_>>());
        for (old, new) in [
            (plain.clone(), plain.clone()),
            (plain.clone(), reworded.clone()),
            (with("Allow"), reworded),
            (plain.clone(), with("Deny")),
            (text(&own.iter().map(reword).collect::<Vec<_>>()), with("Deny")),
            (plain.clone(), text(&turned)),
        ] {
            asked += 1;
            held += usize::from(check_none_added(number, &old, &new));
        }
    }
    println!("{held} of {asked} proved");
    assert!(held * 50 >= asked * 48, "{held} of {asked}");
}

#[test]
fn names_do_not_matter() {
    for number in 0..rounds(600) {
        let mut chance = Chance::new(number ^ 0xaaaa);
        let own = statements(&mut chance);
        let text = document(&mut chance, &own);
        let renamed = text.replace("t:s", "t:other").replace("123456789012", "210987654321");
        let answers = |text: &str| -> Vec<(Vec<String>, bool)> {
            let reach = what(&Policies::Document(policy(text)), &question());
            reach.into_iter().map(|one| (one.actions, matches!(one.answer, Answer::Possible(_)))).collect()
        };
        assert_eq!(answers(&text), answers(&renamed), "{number}: {text}");
    }
}

/// Whether an Allow matches, and whether a Deny does: what a policy decides next to others, too.
fn decisions(policy: &Policy<'_>, request: &Request) -> (Truth, Truth) {
    let of = |is_deny: bool| {
        let statements = policy.statements.iter().filter(|statement| statement.is_deny() == is_deny);
        let matches =
            statements.map(|one| evaluate::statement(one, request, policy.version, &Semantics::default()).matches);
        matches.fold(Truth::No, Truth::or)
    };
    (of(false), of(true))
}

#[test]
fn what_does_nothing_may_go() {
    let (mut redundant, mut vain) = (0, 0);
    for number in 0..rounds(200) {
        let mut chance = Chance::new(number ^ 0x3333);
        let mut own = statements(&mut chance);
        // Something like another statement, and mostly narrower.
        let mut alike = own[chance.below(own.len())].clone();
        match chance.below(4) {
            0 => alike["Resource"] = json!(chance.some(RESOURCE_PATTERNS)),
            1 => alike["Effect"] = json!("Allow"),
            2 => alike["Action"] = json!(chance.some(ACTION_PATTERNS)),
            _ => alike["Condition"]["StringEquals"]["t:s"] = json!("a"),
        }
        own.push(alike);
        let version = chance.0;
        let of = |statements: &[Value]| document(&mut Chance(version), statements);
        let text = of(&own);
        let whole = policy(&text);
        let analysis = Analysis::new(whole, Catalog::builtin());
        let gone: Vec<usize> = covered(&analysis, |_| true).iter().map(|covered| covered.statement).collect();
        let is_left = |(at, _): &(usize, &Value)| !gone.contains(at);
        let left: Vec<Value> = own.iter().enumerate().filter(is_left).map(|(_, one)| one.clone()).collect();
        let rest = policy(&of(&left));
        let vain_here = refused(&analysis, |_| true);
        for _ in 0..200 {
            let action = chance.pick(ACTIONS);
            let request = request(&mut chance, action, text.contains("ForA"));
            let (before, after) = (decisions(whole, &request), decisions(rest, &request));
            let is_denied = before.1 == Truth::Yes;
            assert!(
                before.1 == after.1 && (is_denied || before.0 == after.0),
                "{number}: {gone:?} {request:?}\n{text}"
            );
            for found in &vain_here {
                let allow = &whole.statements[found.statement];
                let items = &allow.action.as_ref().unwrap().items;
                let is_meant = found.items.is_empty()
                    || found
                        .items
                        .iter()
                        .any(|at| iam_lint::catalog::glob_matches(items[*at].text.as_bytes(), action.as_bytes()));
                let matches = evaluate::statement(allow, &request, whole.version, &Semantics::default()).matches;
                assert!(!is_meant || matches != Truth::Yes || is_denied, "{number}: {found:?} {request:?}\n{text}");
            }
        }
        redundant += gone.len();
        vain += vain_here.len();
    }
    println!("{redundant} redundant, {vain} in vain");
    assert!(redundant > 50 && vain > 8, "{redundant} redundant, {vain} in vain");
}

#[test]
fn no_entry_withstands_attack() {
    let mut proven = 0;
    for number in 0..rounds(400) {
        let mut chance = Chance::new(number ^ 0x7777);
        let conditions: Vec<(String, Value, Value)> = (0..6).map(|_| condition(&mut chance)).collect();
        let statement = |(operator, key, values): &(String, Value, Value)| {
            let key = key.as_str().unwrap();
            json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {key: values}}})
        };
        let text = document(&mut chance, &conditions.iter().map(statement).collect::<Vec<_>>());
        let parsed = policy(&text);
        let all = || parsed.statements.iter().flat_map(|statement| &statement.conditions);
        for one in all() {
            let met: Vec<&Condition<'_>> =
                all().filter(|other| other.key == one.key && other.key_span != one.key_span).collect();
            for (met, unmet) in [(&met[..], &[one][..]), (&[one], &[]), (&[], &[one]), (&[], &met)] {
                if met.len() + unmet.len() == 0 || !no_entry(met, unmet, parsed.version, false, &Cell::new(STATES)) {
                    continue;
                }
                proven += 1;
                for _ in 0..100 {
                    let request = request(&mut chance, "t:GetA", text.contains("ForA"));
                    let holds = |one: &Condition<'_>| {
                        evaluate::condition(one, &request.context, parsed.version, &Semantics::default()) == Truth::Yes
                    };
                    let is_entry = met.iter().all(|one| holds(one)) && !unmet.iter().any(|one| holds(one));
                    assert!(!is_entry, "{number}: {met:?} {unmet:?} {request:?}");
                }
            }
        }
    }
    println!("{proven} proven");
    assert!(proven > 100, "{proven}");
}
