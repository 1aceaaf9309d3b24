//! Damaged policies: whatever is done to one, it is judged, and what is said of it stands within it.
//!
//! The damage is random but the same in every run. `HOSTILE_ROUNDS=1000000 cargo test --release --test hostile` goes
//! on for longer, and `HOSTILE_SEED` begins elsewhere.

#[path = "../benches/corpus/random.rs"]
mod random;

use iam_lint::lint::{self, Options, Report, RuleSet};
use iam_lint::page;
use iam_lint::policy::PolicyType;
use iam_lint::render::{self, Color, Format};
use iam_lint::text::{Span, apply};
use random::Random;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// How many damaged files are judged, unless `HOSTILE_ROUNDS` says otherwise.
const ROUNDS: u64 = 3_000;

/// A longer file is left out: the damage does not depend on length, and time does.
const MAX_LENGTH: usize = 6_000;

/// What is put into files: what structure hangs on, what opens holes and comments, and what rules look at.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\n",
    "\r",
    "\t",
    " ",
    "\0",
    "\u{feff}",
    "é",
    "😀",
    "\u{202e}",
    "//",
    "/*",
    "*/",
    "#",
    "${",
    "${aws:username}",
    "${aws:usrname, 'x'}",
    "${*}",
    "<",
    "<ACCOUNT>",
    "{{",
    "}}",
    "{{ x }}",
    "%{",
    "%{ if x }",
    "%{ endif }",
    "{% for %}",
    "[[",
    "]]",
    "$$",
    "\\u0041",
    "\\ud800",
    "\\udc00",
    "\\x",
    "null",
    "true",
    "-",
    "1e999",
    "0x1",
    "*",
    "?",
    "***",
    "\"*\"",
    "\"Statement\":",
    "\"statement\":",
    "\"Effect\":\"Deny\",",
    "\"Effect\":\"allow\",",
    "\"Action\":",
    "\"NotAction\":[",
    "\"iam:*\"",
    "\"s3:GetObject\",",
    "\"Resource\":\"*\",",
    "\"Principal\":\"*\",",
    "\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},",
    "\"Condition\":{",
    "\"Bool\":{",
    "\"BoolIfExists\":{",
    "\"ForAllValues:StringLike\":{",
    "\"Null\":{",
    "\"NumericLessThan\":{",
    "\"aws:MultiFactorAuthPresent\":\"false\"",
    "\"aws:MultiFactorAuthAge\":\"3600\"",
    "\"aws:mfa\":true",
    "\"Version\":\"2012-10-17\",",
    "\"Fn::Sub\":",
    "{\"Ref\":\"X\"}",
    "\"arn:aws:iam::*:user/${aws:username}\"",
    "\"Type\":\"AWS::IAM::Policy\",",
    "\"AssumeRolePolicyDocument\":",
];

#[test]
fn no_damage_confuses_the_linter() {
    let number = |name: &str, default| std::env::var(name).ok().map_or(default, |text| text.parse().unwrap());
    let seeds = seeds();
    assert!(seeds.len() > 50, "{} files to damage", seeds.len());
    let rules = RuleSet::of(lint::all_rules(&[]));
    let mut random = Random::new(number("HOSTILE_SEED", 1));
    for round in 0..number("HOSTILE_ROUNDS", ROUNDS) {
        let bytes = damaged(&mut random, &seeds);
        let mut options = Options::new(&rules);
        options.strict = random.one_in(4);
        options.must_require_mfa = random.one_in(4);
        options.kind = random.one_in(2).then(|| random.pick(&PolicyType::ALL));
        let judged = catch_unwind(AssertUnwindSafe(|| check(&bytes, &options)));
        assert!(judged.is_ok(), "round {round}: {}", String::from_utf8_lossy(&bytes));
    }
}

/// Judges a file and looks at what is said of it.
#[track_caller]
fn check(bytes: &[u8], options: &Options<'_>) {
    let report = lint::lint("policy.json", bytes.to_vec(), options);
    let again = lint::lint("policy.json", bytes.to_vec(), options);
    assert_eq!(format!("{:?}", report.diagnostics), format!("{:?}", again.diagnostics));
    assert_eq!(report.policies, again.policies);
    if options.kind.is_none() && !options.strict {
        assert_eq!(lint::find("policy.json", bytes.to_vec(), None), report.policies);
    }
    assert!(report.policies.iter().all(|found| is_within(&report, found.span)));
    assert!(report.diagnostics.is_sorted_by_key(|diagnostic| diagnostic.span.start));
    for diagnostic in &report.diagnostics {
        assert!(is_within(&report, diagnostic.span), "{diagnostic:?}");
        assert!(diagnostic.labels.iter().all(|label| is_within(&report, label.span)), "{diagnostic:?}");
        assert!(!diagnostic.message.is_empty(), "{diagnostic:?}");
        if let Some(fix) = &diagnostic.fix {
            assert!(apply(report.source.text(), &fix.edits).is_some(), "{diagnostic:?}");
        }
    }
    for format in [Format::Concise, Format::Json, Format::Text(Color::Plain)] {
        render::file(format, &report.source, &report.diagnostics);
    }
}

fn is_within(report: &Report, span: Span) -> bool {
    span.start <= span.end && report.source.text().get(span.range()).is_some()
}

/// Our own policies and what else there is beside them, and the examples of the rules' pages.
fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = walkdir::WalkDir::new(root.join("fixtures")).sort_by_file_name().into_iter();
    let files =
        entries.map(|entry| entry.expect("the fixtures can be walked")).filter(|entry| entry.file_type().is_file());
    let mut seeds: Vec<Vec<u8>> =
        files.map(|entry| std::fs::read(entry.path()).expect("a fixture can be read")).collect();
    for page in lint::all_rules(&[]).filter_map(|rule| rule.builtin_page()) {
        let (examples, _) = page::examples(page);
        seeds.extend(examples.iter().map(|example| example.setting.encoded(example.text)));
    }
    seeds.retain(|seed| seed.len() <= MAX_LENGTH);
    seeds
}

fn damaged(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len() as u64) as usize].clone();
    for _ in 0..=random.below(5) {
        damage(random, &mut bytes, seeds);
    }
    bytes
}

fn damage(random: &mut Random, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let at = random.below(bytes.len() as u64 + 1) as usize;
    let end = (at + random.below(40) as usize).min(bytes.len());
    match random.below(10) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
        2 => {
            let copy = bytes[at..end].to_vec();
            let to = random.below(bytes.len() as u64 + 1) as usize;
            bytes.splice(to..to, copy);
        }
        3 => {
            let other = &seeds[random.below(seeds.len() as u64) as usize];
            let from = random.below(other.len() as u64 + 1) as usize;
            bytes.splice(at..end, other[from..].iter().take(200).copied());
        }
        4 => bytes[at..end].iter_mut().take(1).for_each(|byte| *byte = random.below(256) as u8),
        5 => {
            let piece = random.pick(PIECES).repeat(1 + random.below(200) as usize);
            bytes.splice(at..at, piece.into_bytes());
        }
        6 => bytes[at..end].reverse(),
        _ => drop(bytes.splice(at..at, random.pick(PIECES).bytes())),
    }
}
