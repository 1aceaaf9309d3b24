//! What findings look like: the graphics, held by one expected file, and the forms for editors and programs.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // A test that panics says where.

use iam_lint::diagnostic::{Diagnostic, Fix, Label, PolicyRef, Safety, Severity};
use iam_lint::discover::Failure;
use iam_lint::policy::PolicyType;
use iam_lint::render::{self, Color, Format, Totals};
use iam_lint::text::{Edit, Source, Span};
use std::sync::Arc;

const POLICY: &str = r#"{
	"Version": "2012-10-17",
	"Statement": [
		{
			"Sid": "DenyAllWithoutMfa",
			"Effect": "Deny",
			"NotAction": [
				"iam:CreateVirtualMFADevice",
				"iam:EnableMFADevice",
				"iam:ListMFADevices",
				"sts:GetSessionToken"
			],
			"Resource": "*",
			"Condition": { "Bool": { "aws:MultiFactorAuthPresent": "false" } }
		},
		{
			"Effect": "Allow", "Action": "*", "Resource": "*"
		}
	]
}
"#;

/// The place of the `nth` (from 0) occurrence of `needle`.
#[track_caller]
fn span(text: &str, needle: &str, nth: usize) -> Span {
    let (start, _) = text.match_indices(needle).nth(nth).unwrap();
    Span::new(start, start + needle.len())
}

fn label(span: Span, text: &str) -> Label {
    Label { span, text: text.into() }
}

fn finding(severity: Severity, span: Span, message: &str) -> Diagnostic {
    Diagnostic {
        rule: "some-rule".into(),
        group: "mfa".into(),
        severity,
        message: message.into(),
        help: None,
        span,
        labels: vec![label(span, "")],
        fix: None,
        policy: None,
    }
}

fn deny_misses_access_keys(text: &str) -> Diagnostic {
    let operator = span(text, "\"Bool\"", 0);
    Diagnostic {
        help: Some("use `BoolIfExists`, which holds where the key is absent".into()),
        labels: vec![
            label(operator, "does not hold where the key is absent"),
            label(span(text, "\"Deny\"", 0), "so this is not denied to access keys"),
        ],
        fix: Some(Fix {
            title: "use `BoolIfExists`".into(),
            safety: Safety::Unsafe,
            edits: vec![Edit { span: operator, text: "\"BoolIfExists\"".into() }],
        }),
        policy: Some(Arc::new(PolicyRef { kind: PolicyType::Identity, pointer: String::new() })),
        ..finding(Severity::Error, operator, "the Deny misses requests signed with long-term access keys")
    }
}

fn rendered(format: Format, source: &Source, diagnostics: &[Diagnostic], failures: &[Failure]) -> String {
    let mut totals = Totals { files: 1, policies: 1, ..Totals::default() };
    diagnostics.iter().for_each(|found| totals.count(found.severity));
    let mut out = Vec::new();
    let files = vec![render::file(format, source, diagnostics)];
    render::write(&mut out, format, files, &totals, failures).unwrap();
    String::from_utf8(out).unwrap()
}

/// A policy on one line, as minifiers and consoles write it.
fn minified() -> String {
    let bucket =
        |n: usize| format!(r#"{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket-{n}/*"}},"#);
    let many: String = (0..100).map(bucket).collect();
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{many}{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"Bool":{{"aws:MultiFactorAuthPresent":"false"}}}}}}]}}"#
    )
}

fn gallery(color: Color) -> String {
    let source = Source::new("policies/mfa.json", POLICY);
    let whole = span(POLICY, POLICY.trim_end(), 0);
    let list = Span { start: span(POLICY, "[", 1).start, end: span(POLICY, "]", 0).end };
    let far = Diagnostic {
        labels: vec![
            label(span(POLICY, "\"Action\": \"*\"", 0), "granted here"),
            label(span(POLICY, "\"2012-10-17\"", 0), "in a policy of this version"),
        ],
        ..finding(Severity::Warning, span(POLICY, "\"Action\": \"*\"", 0), "labels far apart are shown apart")
    };
    let mut out = rendered(
        Format::Text(color),
        &source,
        &[
            deny_misses_access_keys(POLICY),
            far,
            Diagnostic {
                labels: vec![label(list, "these are spared")],
                ..finding(Severity::Note, list, "a label over some lines is drawn beside them")
            },
            finding(Severity::Note, whole, "a label over many lines is drawn on the first"),
        ],
        &[],
    );
    let text = minified();
    out +=
        &rendered(Format::Text(color), &Source::new("min.json", text.as_str()), &[deny_misses_access_keys(&text)], &[]);
    let text = "{\"Action\": \"\x1b[2J*\u{202e}\",\t\"é😀\": }";
    let hostile = Diagnostic {
        labels: vec![label(span(text, "\"\x1b[2J*\u{202e}\"", 0), "\x1b[1mbold"), label(span(text, " }", 0), "here")],
        ..finding(Severity::Error, span(text, "\"\x1b[2J*\u{202e}\"", 0), "`\x1b[2J*\u{202e}` is no action")
    };
    out += &rendered(Format::Text(color), &Source::new("\x1b[5mbad\n.json", text), &[hostile], &[]);
    let empty = Source::new("empty.json", "");
    out += &rendered(Format::Text(color), &empty, &[finding(Severity::Error, Span::at(0), "it is empty")], &[]);
    out
}

/// The graphics as they are expected; `UPDATE=1 cargo test --test render` writes them anew, to be read.
#[test]
fn the_graphics_are_as_expected() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/render.expected.txt");
    let drawn = gallery(Color::Plain);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &drawn).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    assert!(drawn == expected, "the graphics changed; they are now:\n{drawn}");
}

#[test]
fn colour_adds_escape_sequences_and_nothing_else() {
    let plain = gallery(Color::Plain);
    assert!(!plain.contains(|c: char| c.is_control() && c != '\n'), "a control got through");
    let colored = gallery(Color::Ansi);
    assert!(colored.contains("\x1b["));
    let mut stripped = String::new();
    let mut rest = colored.as_str();
    while let Some(at) = rest.find('\x1b') {
        stripped += &rest[..at];
        rest = &rest[at + rest[at..].find('m').unwrap() + 1..];
    }
    assert_eq!(stripped + rest, plain);
}

/// Every line of a report on one endless line fits a screen, and what is underlined is what the labels say.
#[test]
fn a_label_on_a_long_line_is_shown_with_what_is_around_it() {
    let text = minified();
    assert!(text.len() > 7_000);
    let source = Source::new("min.json", text.as_str());
    let report = rendered(Format::Text(Color::Plain), &source, &[deny_misses_access_keys(&text)], &[]);
    assert!(report.lines().all(|line| line.chars().count() < 300), "{report}");
    assert!(report.contains(r#""Condition":{"Bool":{"aws:Multi"#), "{report}");
    let column = span(&text, "\"Bool\"", 0).start + 1;
    assert!(report.contains(&format!("[min.json:1:{column}]")), "{report}");
}

/// Spans that are empty, at the very ends, out of bounds or within a character are drawn as well as may be.
#[test]
fn any_span_can_be_drawn() {
    let long = "é".repeat(500);
    for text in ["", "\n", "a", "\u{feff}", "\u{feff}a\r\nb\rc", "é😀\n\n\n", "a\x00b\tc", long.as_str()] {
        let source = Source::new("f", text);
        let length = u32::try_from(text.len()).unwrap();
        for start in (0..=length + 2).filter(|at| *at < 12 || at + 4 > length) {
            for end in [start, start + 1, start + 2, length, length + 9, u32::MAX] {
                let span = Span { start, end };
                let related = Label { span: Span::at(0), text: "the start".into() };
                let mut found = finding(Severity::Note, span, "m");
                found.labels.push(related);
                let report = rendered(Format::Text(Color::Plain), &source, &[found], &[]);
                assert!(report.contains("note[some-rule]"), "{text:?} {span:?}");
                assert!(!report.contains("Failed to read"), "{text:?} {span:?}: {report}");
                assert!(report.contains("─[f:") || text.is_empty(), "{text:?} {span:?}: {report}");
            }
        }
    }
}

#[test]
fn concise_is_one_line_each() {
    let text = "\u{feff}{\r\n  \"é\": \"\n\"}";
    let source = Source::new("dir/a b.json", text);
    let at = span(text, "\"\n\"", 0);
    let found = [finding(Severity::Error, Span::at(3), "first"), finding(Severity::Note, at, "with\nan end of line")];
    let expect = "dir/a b.json:1:1: error[some-rule] first\ndir/a b.json:2:8: note[some-rule] with␊an end of line\n";
    assert_eq!(rendered(Format::Concise, &source, &found, &[]), expect);
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = include_str!("../schemas/output.schema.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let source = Source::new("é.json", POLICY);
    let failures = [Failure { file: "gone.json".into(), message: "no such file or directory".into() }];
    let report = rendered(
        Format::Json,
        &source,
        &[deny_misses_access_keys(POLICY), finding(Severity::Note, Span::at(0), "\u{9b}31m\x1b[0m")],
        &failures,
    );
    assert!(!report.trim_end().contains(char::is_control), "a control got through");
    let mut document: serde_json::Value = serde_json::from_str(&report).unwrap();
    let problems: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");

    assert_eq!(document["version"], 1);
    assert_eq!(document["errors"][0]["file"], "gone.json");
    assert_eq!(document["diagnostics"][1]["message"], "\u{9b}31m\x1b[0m");
    assert_eq!(document["diagnostics"][1]["policy"], serde_json::Value::Null);
    let found = &document["diagnostics"][0];
    let offset = span(POLICY, "\"Bool\"", 0).start;
    assert_eq!(found["span"]["start"], serde_json::json!({"line": 14, "column": 19, "offset": offset}));
    assert_eq!(found["span"]["end"], serde_json::json!({"line": 14, "column": 25, "offset": offset + 6}));
    assert_eq!(found["labels"][0]["start"], found["span"]["start"]);
    assert_eq!(found["fix"]["edits"][0]["text"], "\"BoolIfExists\"");

    // The schema is worth something only if it refuses what is otherwise.
    document["diagnostics"][0]["span"]["start"]["line"] = 0.into();
    assert!(!validator.is_valid(&document));
}
