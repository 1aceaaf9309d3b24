//! What questions cost, each against its goal: on the policy that requires MFA, on a thousand made-up policies of real
//! shape and on managed policies where they are at hand, and on input that was made to be hard.

#![allow(missing_docs, clippy::print_stdout, reason = "a benchmark reports to whoever runs it")]

#[allow(dead_code, reason = "another benchmark uses the rest")]
mod corpus;

use criterion::{Criterion, criterion_group, criterion_main};
use iam_lint::access::decide::Question;
use iam_lint::access::{Policies, added, can, what, without_mfa};
use iam_lint::policy::{Policy, lower, recognise};
use iam_lint::syntax;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn policy(text: &str) -> Option<&'static Policy<'static>> {
    let text: &'static str = text.to_owned().leak();
    let tree = Box::leak(Box::new(syntax::parse(text).0));
    let candidate = recognise(tree, "policy.json").into_iter().next()?;
    Some(Box::leak(Box::new(lower(candidate, tree))))
}

/// The usual policy that requires MFA.
const REQUIRE_MFA: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["iam:ListUsers", "iam:ListVirtualMFADevices"], "Resource": "*"},
    {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "arn:aws:iam::*:mfa/*"},
    {"Effect": "Allow", "Action": ["iam:EnableMFADevice", "iam:GetMFADevice", "iam:ResyncMFADevice"],
     "Resource": "arn:aws:iam::*:user/${aws:username}"},
    {"Effect": "Allow", "Action": "iam:DeactivateMFADevice", "Resource": "arn:aws:iam::*:user/${aws:username}",
     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
    {"Effect": "Deny", "Resource": "*", "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice",
        "iam:ListUsers", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice"],
     "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#;

const SEVEN: [&str; 7] = [
    "iam:CreateVirtualMFADevice",
    "iam:DeactivateMFADevice",
    "iam:EnableMFADevice",
    "iam:GetMFADevice",
    "iam:ListUsers",
    "iam:ResyncMFADevice",
    "s3:GetObject",
];

fn require_mfa(criterion: &mut Criterion) {
    let Some(policy) = policy(REQUIRE_MFA) else { return };
    let policies = Policies::Document(policy);
    let seven = || SEVEN.iter().for_each(|action| drop(black_box(can(&policies, &without_mfa(&[action])))));
    criterion.bench_function("seven MFA queries", |bench| bench.iter(seven));
    criterion.bench_function("what is possible without MFA", |bench| {
        bench.iter(|| black_box(what(&policies, &without_mfa(&[]))));
    });
    Times::of((0..1000).map(|_| timed(seven))).report("seven MFA queries", 50, Duration::from_micros(200));
}

/// Forty Denies with ten keys each, and globs that backtrack: an answer, or that there is none, is due in good time.
fn adversarial(criterion: &mut Criterion) {
    let key = |number: usize, key: usize| format!(r#""t:k{}": "v{}""#, (number * 7 + key) % 23, (number + key) % 3);
    let deny = |number: usize| {
        let keys: Vec<String> = (0..10).map(|at| key(number, at)).collect();
        let operator = if number.is_multiple_of(2) { "StringEquals" } else { "StringNotEquals" };
        let condition = format!(r#"{{"{operator}":{{{}}}}}"#, keys.join(","));
        format!(r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{condition}}}"#)
    };
    // None of these leaves anything out: of every combination of keys, one is denied.
    let every = |number: usize| {
        let keys: Vec<String> = (0..10).map(|at| format!(r#""t:k{at}": "{}""#, number >> (at % 6) & 1)).collect();
        format!(
            r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"StringNotEquals":{{{}}}}}}}"#,
            keys.join(",")
        )
    };
    let with = |denies: Vec<String>| {
        let allow = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#;
        format!(r#"{{"Version":"2012-10-17","Statement":[{allow},{}]}}"#, denies.join(","))
    };
    let stars = |allowed: &str, denied: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[
            {{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::{allowed}"}},
            {{"Effect":"Deny","Action":"s3:GetObject","Resource":[{denied}]}}]}}"#
        )
    };
    let backtracking = r#""arn:aws:s3:::*a????????????????????","arn:aws:s3:::*b????????????*","arn:aws:s3:::*aa*""#;
    let many: Vec<String> = (0..40).map(|at| format!(r#""arn:aws:s3:::*{at}*a*a*{}*b""#, at * 7 % 10)).collect();
    for (name, text) in [
        ("forty denies of ten keys", with((0..40).map(deny).collect())),
        ("forty denies that leave nothing", with((0..40).map(every).collect())),
        ("globs that backtrack", stars("*a*a*a*a*a*a*a*a*b", backtracking)),
        ("forty globs at once", stars("*a*a*a*b", &many.join(","))),
    ] {
        let Some(policy) = policy(&text) else { continue };
        let policies = Policies::Document(policy);
        let question = Question { actions: vec!["s3:GetObject".into()], ..Question::default() };
        criterion.bench_function(name, |bench| bench.iter(|| black_box(can(&policies, &question))));
        let ask = || drop(black_box(can(&policies, &question)));
        Times::of((0..20).map(|_| timed(ask))).report(name, 100, Duration::from_millis(50));
    }
}

/// Policies about every action there is, with policy variables and conditions on who calls: what most policies cost no
/// time at all for takes longest here.
fn tail(_: &mut Criterion) {
    let version =
        |more: &str| include_str!("../fixtures/access/every-action.json").replace("\n]}", &format!("{more}]}}"));
    let narrow = r#", {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:xray:*:*:group/*",
        "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}"#;
    let wide = r#", {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ann"}, "Resource": "*",
        "NotAction": "s3:*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}}"#;
    let question = Question::default();
    for (name, more) in [("one service more", narrow), ("one user more", wide)] {
        let (Some(old), Some(new)) = (policy(&version("")), policy(&version(more))) else { continue };
        let both = || drop(black_box((added(old, new, &question), added(new, old, &question))));
        Times::of((0..5).map(|_| timed(both))).report(name, 100, Duration::from_millis(300));
        let all = || drop(black_box(what(&Policies::Document(new), &question)));
        Times::of((0..5).map(|_| timed(all))).show(&format!("all that is possible with {name}"), 100);
    }
}

/// The distribution over many policies, which one figure would hide.
fn many(_: &mut Criterion) {
    let made_up: Vec<(String, String)> =
        corpus::files().into_iter().take(corpus::POLICIES).map(|file| (changed(&file.text), file.text)).collect();
    distribution("made-up policies", &made_up);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let places = [root.join("../shared/corpus/managed"), root.join("../../shared/corpus/managed")];
    let Some(directory) = places.iter().find_map(|place| std::fs::read_dir(place).ok()) else {
        return println!("skipped: no managed policies");
    };
    let texts = directory.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    let managed: Vec<(String, String)> = texts.map(|text| (changed(&text), text)).collect();
    distribution("managed policies", &managed);
}

/// The next version of a policy: it grants one thing more, and denies another.
fn changed(text: &str) -> String {
    let more = r#""Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::one-more/*"},
        {"Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*",
         "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}},"#;
    let statements = text.find("\"Statement\"").and_then(|at| Some((at, at + text[at..].find('[')? + 1)));
    statements.map_or_else(|| text.to_owned(), |(from, to)| format!("{}{more}{}", &text[..from], &text[to..]))
}

fn distribution(of: &str, texts: &[(String, String)]) {
    let both = texts.iter().filter_map(|(new, old)| Some((policy(new)?, policy(old)?)));
    let versions: Vec<(&'static Policy<'static>, &'static Policy<'static>)> = both.collect();
    let forbidden = without_mfa(&["iam:DeactivateMFADevice", "s3:GetObject", "sts:AssumeRole"]);
    let anything = Question::default();
    let forbid = |policy: &'static Policy<'static>| drop(black_box(can(&Policies::Document(policy), &forbidden)));
    let compare = |new, old| drop(black_box((added(old, new, &anything), added(new, old, &anything))));
    let forbids = Times::of(versions.iter().map(|(_, old)| timed(|| forbid(old))));
    forbids.report(&format!("a forbidden request, {of}"), 50, Duration::from_micros(100));
    forbids.report(&format!("a forbidden request, {of}"), 99, Duration::from_millis(5));
    let compares = Times::of(versions.iter().map(|(new, old)| timed(|| compare(new, old))));
    compares.report(&format!("two versions both ways, {of}"), 50, Duration::from_millis(1));
    compares.show(&format!("two versions both ways, {of}"), 99);
    compares.show(&format!("two versions both ways, {of}"), 100);
    let same = Times::of(versions.iter().map(|(_, old)| timed(|| compare(old, old))));
    same.show(&format!("a policy with itself, {of}"), 50);
    same.show(&format!("a policy with itself, {of}"), 99);
    let everything =
        Times::of(versions.iter().map(|(_, old)| timed(|| drop(black_box(what(&Policies::Document(old), &anything))))));
    everything.show(&format!("all that is possible, {of}"), 50);
    everything.show(&format!("all that is possible, {of}"), 99);
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Times in order.
struct Times(Vec<Duration>);

impl Times {
    fn of(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<Duration> = times.collect();
        times.sort_unstable();
        Self(times)
    }

    /// The time that so many of a hundred stay within.
    fn at(&self, share: usize) -> Duration {
        self.0[(self.0.len() * share / 100).min(self.0.len() - 1)]
    }

    fn report(&self, name: &str, share: usize, goal: Duration) {
        let (time, verdict) = (self.at(share), if self.at(share) <= goal { "met" } else { "MISSED" });
        println!("{name}: p{share} {time:?} of {goal:?}, {verdict}");
    }

    fn show(&self, name: &str, share: usize) {
        println!("{name}: p{share} {:?}", self.at(share));
    }
}

criterion_group!(benches, require_mfa, adversarial, tail, many);
criterion_main!(benches);
