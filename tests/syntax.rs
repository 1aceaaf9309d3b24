//! The reader against serde_json, against mutations, and against files of the wild.

use iam_lint::syntax::{self, MAX_DEPTH, Node, SyntaxError, SyntaxErrorKind, Tree, Value};
use iam_lint::text::Span;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// What serde_json would make of the node; `None` where it would refuse it.
fn to_serde(node: &Node<'_>) -> Option<serde_json::Value> {
    use serde_json::Value as Json;
    Some(match &node.value {
        Value::Missing | Value::Hole => return None,
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => serde_json::from_str(text).ok()?,
        Value::String(text) => Json::String(text.to_string()),
        Value::Array(elements) => Json::Array(elements.iter().map(to_serde).collect::<Option<_>>()?),
        Value::Object(members) => Json::Object(
            members
                .iter()
                .map(|member| Some((member.key.to_string(), to_serde(&member.value)?)))
                .collect::<Option<_>>()?,
        ),
    })
}

fn has_holes(node: &Node<'_>, text: &str) -> bool {
    match &node.value {
        Value::Hole => true,
        Value::String(_) => has_quotes(&text[node.span.range()]),
        Value::Array(elements) => elements.iter().any(|element| has_holes(element, text)),
        Value::Object(members) => {
            let in_key = |span: Span| has_quotes(&text[span.range()]);
            members.iter().any(|member| in_key(member.key_span) || has_holes(&member.value, text))
        }
        _ => false,
    }
}

/// Whether there are quotes within a string as only a template's expression has them: `"${upper("a")}"`.
fn has_quotes(string: &str) -> bool {
    let inner = string.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(string);
    let mut escaped = false;
    inner.bytes().any(|byte| {
        let is_quote = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_quote
    })
}

/// Accepts if and only if serde_json accepts, with equal values; what the two are meant to differ in is left out.
fn agrees_with_serde(text: &str) -> Result<(), String> {
    let (tree, errors) = syntax::parse(text);
    let differs = text.starts_with('\u{feff}')
        || !tree.directives.is_empty()
        || tree.documents.iter().any(|document| has_holes(document, text))
        || errors.iter().any(|error| error.kind == SyntaxErrorKind::LoneSurrogate);
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) if !errors.is_empty() => Err(format!("serde_json accepts, we say {errors:?}: {text}")),
        Ok(value) => {
            let ours = tree.documents.first().and_then(to_serde);
            if ours.as_ref() == Some(&value) { Ok(()) } else { Err(format!("{ours:?} is not {value:?}: {text}")) }
        }
        Err(error) if errors.is_empty() && !differs && !error.to_string().contains("out of range") => {
            Err(format!("serde_json says {error}, we accept: {text}"))
        }
        Err(_) => Ok(()),
    }
}

/// Spans are nested, in order and on character boundaries, and errors lie inside the text.
fn assert_sound(text: &str, tree: &Tree<'_>, errors: &[SyntaxError]) {
    let whole = Span::new(0, text.len());
    let check = |span: Span, outer: Span| {
        assert!(span.start <= span.end && outer.contains(span), "{span:?} is not within {outer:?}: {text}");
        assert!(text.get(span.range()).is_some(), "{span:?} splits a character: {text}");
    };
    let mut nodes: Vec<&Node<'_>> = tree.documents.iter().collect();
    let mut last = 0;
    for node in &nodes {
        check(node.span, whole);
        assert!(last <= node.span.start, "documents overlap: {text}");
        last = node.span.end;
    }
    while let Some(node) = nodes.pop() {
        let mut last = node.span.start;
        let mut next = |span: Span| {
            check(span, node.span);
            assert!(last <= span.start, "{span:?} overlaps what is before it: {text}");
            last = span.end;
        };
        match &node.value {
            Value::Array(elements) => {
                elements.iter().for_each(|element| next(element.span));
                nodes.extend(elements);
            }
            Value::Object(members) => {
                for member in members {
                    next(member.key_span);
                    if !(member.value.value == Value::Hole && member.value.span == member.key_span) {
                        next(member.value.span);
                    }
                    nodes.push(&member.value);
                }
            }
            _ => {}
        }
    }
    let mut last = 0;
    for error in errors {
        check(error.span, whole);
        assert!(last <= error.span.start, "errors are out of order: {text}");
        last = error.span.start;
    }
    tree.directives.iter().for_each(|span| check(*span, whole));
}

/// JSON texts, valid but for what may be sprinkled in.
fn json_text() -> impl Strategy<Value = String> {
    let blank = prop::sample::select(vec!["", "", " ", "\n", "\r\n  ", "\t", "          "]);
    let number = prop::string::string_regex("-?(0|[1-9][0-9]{0,6})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?")
        .expect("a regular expression");
    let string = prop::collection::vec(
        prop::sample::select(vec![
            "a",
            "s3:Get*",
            "é",
            "😀",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u0041",
            "\\u00e9",
            "\\ud83d\\ude00",
            "${x}",
            "${",
            "}",
            "{{",
            "<",
            ">",
            "%{",
            "#",
            "//",
            ",",
            ":",
            "'",
            " ",
            "\u{7f}",
            "0123456789",
        ]),
        0..6,
    )
    .prop_map(|parts| format!("\"{}\"", parts.concat()));
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned),
        number,
        string.clone(),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        let blank = blank.clone();
        let array = prop::collection::vec((blank.clone(), inner.clone()), 0..5).prop_map(|items| {
            let items: Vec<String> = items.iter().map(|(blank, item)| format!("{blank}{item}{blank}")).collect();
            format!("[{}]", items.join(","))
        });
        let object = prop::collection::vec((blank, string.clone(), inner), 0..5).prop_map(|members| {
            let members: Vec<String> = members
                .iter()
                .map(|(blank, key, value)| format!("{blank}{key}{blank}:{blank}{value}{blank}"))
                .collect();
            format!("{{{}}}", members.join(","))
        });
        prop_oneof![array, object]
    })
}

/// Tokens in any order: nearly all of it broken, with a valid text now and then.
fn token_soup() -> impl Strategy<Value = String> {
    let tokens = vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"Effect\"",
        "\"",
        "\\",
        "1",
        "-",
        "0",
        ".5",
        "1e",
        "true",
        "nul",
        "null",
        " ",
        "\n",
        "\r",
        "\t",
        "'",
        "//",
        "/*",
        "*/",
        "#",
        "${",
        "$",
        "<",
        ">",
        "%{",
        "{{",
        "}}",
        "{%",
        "%}",
        "<<<<<<< a",
        "\n=======\n",
        "```",
        "é",
        "\u{a0}",
        "“",
        "”",
        "\0",
        "\\u12",
        "\\ud800",
        "x",
        "=",
        "%{ if x }",
        "\"\"\"",
        "<%",
        "<%= y %>",
        "%>",
        "{{#if x}}",
        "{{ end }}",
        "{{{z}}}",
    ];
    prop::collection::vec(prop::sample::select(tokens), 0..24).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_texts_read_as_serde_json_reads_them(text in json_text()) {
        let (tree, errors) = syntax::parse(&text);
        prop_assert!(errors.is_empty(), "{errors:?}: {text}");
        assert_sound(&text, &tree, &errors);
        agrees_with_serde(&text).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn a_broken_text_is_refused_as_serde_json_refuses_it(
        text in json_text(), at in any::<prop::sample::Index>(), cut in 0..3usize, insert in "[{}\\[\\],:\"0a \\-\\.\\\\/\n]{0,2}",
    ) {
        let mut text = text;
        let at = (0..=at.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let end = (at + cut..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
        text.replace_range(at..end.max(at), &insert);
        let (tree, errors) = syntax::parse(&text);
        assert_sound(&text, &tree, &errors);
        agrees_with_serde(&text).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn token_soup_is_read_soundly(text in token_soup()) {
        let (tree, errors) = syntax::parse(&text);
        assert_sound(&text, &tree, &errors);
        agrees_with_serde(&text).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_text_is_read_soundly(text in ".{0,40}") {
        let (tree, errors) = syntax::parse(&text);
        assert_sound(&text, &tree, &errors);
        agrees_with_serde(&text).map_err(TestCaseError::fail)?;
    }
}

/// `IAM_LINT_CASES=1000000` makes for a longer run.
fn cases() -> u32 {
    std::env::var("IAM_LINT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2000)
}

const POLICIES: &[&str] = &[
    r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Öffnen", "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "arn:aws:s3:::${bucket}/*"},
    {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*",
     "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": false}, "NumericLessThan": {"x:y": 3.5e2}}}
  ]
}
"#,
    "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},\"Action\":\"sts:\\u0041ssumeRole\"}}",
    r#"{ "Statement": [
  %{ for name in names ~}
  { "Effect": "Allow", "Action": <ACTIONS>, "Resource": ${arn}, {{ extra }} },
  %{ endfor ~}
  {% if deny %}{"Effect": 'Deny', // why
   Action: “*”,}{% endif %}
] }"#,
];

#[test]
fn mutated_policies_are_read_soundly() {
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % limit.max(1) as u64) as usize
    };
    let pieces =
        ["\"", "{", "}", "[", "]", ",", ":", "\\", "\n", "${", "}}", "{{", "%}", "'", "é", "#", "/*", "=", "<", "\0"];
    for round in 0..cases() as usize * 10 {
        let mut text: Vec<char> = POLICIES[round % POLICIES.len()].chars().collect();
        for _ in 0..=below(4) {
            let at = below(text.len() + 1);
            let end = (at + below(4) * below(3)).min(text.len());
            let piece = if below(2) == 0 { "" } else { pieces[below(pieces.len())] };
            text.splice(at..end, piece.chars());
        }
        let text: String = text.into_iter().take(if below(8) == 0 { below(300) } else { usize::MAX }).collect();
        let (tree, errors) = syntax::parse(&text);
        assert_sound(&text, &tree, &errors);
        agrees_with_serde(&text).unwrap();
    }
}

#[test]
fn nesting_is_accepted_exactly_as_deep_as_serde_json_does() {
    for depth in [1, MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 1000, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let inner = if open == "[" { "" } else { "1" };
            let text = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
            let (_, errors) = syntax::parse(&text);
            let accepted = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            assert_eq!(errors.is_empty(), accepted, "{depth} of {open}");
            assert!(accepted || errors.len() == 1 && errors[0].kind == SyntaxErrorKind::TooDeep, "{errors:?}");
        }
    }
}

/// Every file below a folder of the corpus that lies beside the project, where there is one.
#[expect(clippy::print_stdout, reason = "a test that skips says so")]
fn corpus(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(folder);
    if !root.is_dir() {
        println!("skipped: {} is not here", root.display());
        return Vec::new();
    }
    let files = walkdir::WalkDir::new(root).into_iter().filter_map(Result::ok);
    files.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path()).collect()
}

#[test]
fn broken_files_are_read_soundly() {
    for path in corpus("broken") {
        if let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) {
            let (tree, errors) = syntax::parse(&text);
            assert_sound(&text, &tree, &errors);
        }
    }
}

#[test]
fn real_files_read_as_serde_json_reads_them() {
    let files = corpus("repos").into_iter().chain(corpus("managed"));
    for path in files {
        if let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) {
            let (tree, errors) = syntax::parse(&text);
            assert_sound(&text, &tree, &errors);
            agrees_with_serde(&text).unwrap_or_else(|error| panic!("{}: {:.400}", path.display(), error));
        }
    }
}
