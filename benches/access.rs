//! What questions cost: on the policy that requires MFA, on managed policies where they are at hand, and on input
//! that was made to be hard.

#![allow(missing_docs, clippy::print_stdout, reason = "a benchmark reports to whoever runs it")]

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

const SELF_SERVICE: &str = r#"{"Version": "2012-10-17", "Statement": [
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
    let Some(policy) = policy(SELF_SERVICE) else { return };
    let policies = Policies::Document(policy);
    criterion.bench_function("seven MFA queries", |bench| {
        bench.iter(|| SEVEN.iter().for_each(|action| drop(black_box(can(&policies, &without_mfa(&[action]))))));
    });
    criterion.bench_function("what is possible without MFA", |bench| {
        bench.iter(|| black_box(what(&policies, &without_mfa(&[]))));
    });
    let question = Question::default();
    criterion.bench_function("compare with itself", |bench| {
        bench.iter(|| black_box(added(policy, policy, &question)));
    });
}

/// Forty Denies with ten keys each, and globs that backtrack.
fn adversarial(criterion: &mut Criterion) {
    let denies: Vec<String> = (0..40)
        .map(|number| {
            let keys: Vec<String> =
                (0..10).map(|key| format!(r#""t:k{}": "v{}""#, (number * 7 + key) % 23, (number + key) % 3)).collect();
            let operator = if number % 2 == 0 { "StringEquals" } else { "StringNotEquals" };
            format!(
                r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"{operator}":{{{}}}}}}}"#,
                keys.join(",")
            )
        })
        .collect();
    let many = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}},{}]}}"#,
        denies.join(",")
    );
    let stars = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*a*a*a*a*a*a*a*a*b"},
        {"Effect":"Deny","Action":"s3:GetObject","Resource":["arn:aws:s3:::*a????????????????????",
         "arn:aws:s3:::*b????????????*", "arn:aws:s3:::*aa*"]}]}"#;
    for (name, text) in [("forty denies of ten keys", many.as_str()), ("globs that backtrack", stars)] {
        let Some(policy) = policy(text) else { continue };
        let policies = Policies::Document(policy);
        let question = Question { actions: vec!["s3:GetObject".into()], ..Question::default() };
        criterion.bench_function(name, |bench| bench.iter(|| black_box(can(&policies, &question))));
    }
}

/// The distribution over real policies, which one figure would hide.
fn managed(_: &mut Criterion) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let places = [root.join("../shared/corpus/managed"), root.join("../../shared/corpus/managed")];
    let Some(directory) = places.iter().find_map(|place| std::fs::read_dir(place).ok()) else {
        return println!("skipped: no managed policies");
    };
    let texts = directory.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    let policies: Vec<_> = texts.filter_map(|text| policy(&text)).collect();
    let forbidden = without_mfa(&["iam:DeactivateMFADevice", "s3:GetObject", "sts:AssumeRole"]);
    let anything = Question::default();
    report("forbid", &policies, |policy| drop(black_box(can(&Policies::Document(policy), &forbidden))));
    report("compare", &policies, |policy| drop(black_box(added(policy, policy, &anything))));
}

fn report(name: &str, policies: &[&'static Policy<'static>], run: impl Fn(&Policy<'static>)) {
    let mut times: Vec<Duration> = policies
        .iter()
        .map(|policy| {
            let start = Instant::now();
            run(policy);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("{name} on {} managed policies: median {:?}, p99 {:?}, most {:?}", times.len(), at(50), at(99), at(100));
}

criterion_group!(benches, require_mfa, adversarial, managed);
criterion_main!(benches);
