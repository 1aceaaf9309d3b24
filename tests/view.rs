//! The view that queries look at: its shape is what its schema says, and its parts stand where they came from.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // A test that panics says where.

use iam_lint::lint;
use iam_lint::policy::{VIEW_SHAPE, VIEW_VERSION, View, ViewShape, ViewValue};
use iam_lint::render;
use iam_lint::text::Source;
use serde_json::{Value, json};
use std::path::Path;

/// The view of the first policy in `text`, as JSON.
#[track_caller]
fn view(text: &str) -> Value {
    let source = Source::new("policy.json", text);
    lint::with_policies(&source, None, |policies| {
        let mut out = Vec::new();
        render::write_view(&mut out, &View::new(policies.first().expect("a policy"))).unwrap();
        serde_json::from_slice(&out).unwrap()
    })
}

/// The part of a policy's view at `pointer`.
#[track_caller]
fn check(statement: &str, pointer: &str, expect: Value) {
    let view = view(&format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#));
    assert_eq!(view.pointer(pointer), Some(&expect), "{view:#}");
}

fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/view.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

#[track_caller]
fn check_schema(schema: &jsonschema::Validator, view: &Value) {
    let errors: Vec<String> =
        schema.iter_errors(view).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{view:#}");
}

const EVERYTHING: &str = r#"{
  "Version": "2012-10-17",
  "Id": "all",
  "Statement": [
    {
      "Sid": "One",
      "Effect": "Allow",
      "Principal": { "AWS": ["123456789012", "arn:aws:iam::123456789012:role/x"], "Service": "s3.amazonaws.com" },
      "Action": ["s3:Get*", "*", "iam:PassRole", "${action}"],
      "Resource": ["arn:aws:s3:::b/${aws:username}", "arn:aws:ec2:eu-west-1:123456789012:instance/*", "*"],
      "Condition": {
        "ForAnyValue:StringLikeIfExists": { "aws:TagKeys": ["a*", "${owner}"] },
        "Bool": { "aws:SecureTransport": false },
        "Odd": { "x": 1 }
      }
    },
    { "Effect": "Deny", "NotPrincipal": "*", "NotAction": "sts:*", "NotResource": "arn:aws:s3:::c" }
  ]
}"#;

#[test]
fn one_and_many_look_alike() {
    let action = json!([{
        "text": "S3:Get*", "lower": "s3:get*", "wildcard": true, "hole": false, "variable": false,
        "any": false, "service": "s3", "name": "get*"
    }]);
    for statement in [
        r#"{"Effect": "Allow", "Action": "S3:Get*", "Resource": "*"}"#,
        r#"[{"Effect": "Allow", "Action": ["S3:Get*"], "Resource": "*"}]"#,
    ] {
        check(statement, "/Statement/0/Action", action.clone());
        check(statement, "/Statement/0/Effect", json!("Allow"));
        check(statement, "/Statement/0/Resource/0/any", json!(true));
    }
}

#[test]
fn conditions_are_taken_apart() {
    let statement =
        |condition: &str| format!(r#"{{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {condition}}}"#);
    check(
        &statement(r#"{"ForAllValues:StringNotLikeIfExists": {"aws:TagKeys": "a*"}}"#),
        "/Statement/0/Condition",
        json!([{
            "operator": "ForAllValues:StringNotLikeIfExists", "known": true, "base": "StringNotLike",
            "family": "String", "quantifier": "ForAllValues", "if_exists": true, "negated": true,
            "key": "aws:TagKeys", "key_lower": "aws:tagkeys", "key_hole": false,
            "values": [{ "json": "string", "text": "a*", "lower": "a*", "wildcard": true, "hole": false, "variable": false }]
        }]),
    );
    check(&statement(r#"{"Bool": {"k": true}}"#), "/Statement/0/Condition/0/values/0/json", json!("boolean"));
    check(&statement(r#"{"Odd": {"k": 1}}"#), "/Statement/0/Condition/0/known", json!(false));
}

#[test]
fn arns_are_taken_apart() {
    let statement = r#"{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::bucket/a:b"}"#;
    check(statement, "/Statement/0/Resource/0/resource", json!("bucket/a:b"));
    check(statement, "/Statement/0/Resource/0/service", json!("s3"));
    let principal = r#"{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "123456789012"}}"#;
    check(principal, "/Statement/0/Principal/0/account", json!("123456789012"));
    check(principal, "/Statement/0/Principal/0/type", json!("AWS"));
}

#[test]
fn every_view_is_as_the_schema_says() {
    let schema = schema();
    let everything = view(EVERYTHING);
    assert_eq!(everything["view"], json!(VIEW_VERSION));
    check_schema(&schema, &everything);
    for statement in ["[]", "{}", r#"{"Effect": "Maybe", "Action": [], "Condition": {}}"#] {
        check_schema(&schema, &view(&format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#)));
    }
    let mut wrong = everything;
    wrong["Statement"][0]["Action"][0]["colour"] = json!("red");
    assert!(!schema.is_valid(&wrong), "a fact that the schema does not know is noticed");
}

/// A part of the schema with all that it refers to in place, and without words that say nothing of the shape.
fn resolved(schema: &Value, part: &Value) -> Value {
    let mut whole = match part.get("$ref").and_then(Value::as_str) {
        Some(target) => resolved(schema, schema.pointer(target.trim_start_matches('#')).unwrap()),
        None => json!({}),
    };
    for (key, value) in part.as_object().unwrap() {
        match key.as_str() {
            "type" | "enum" => whole[key] = value.clone(),
            "const" => whole["type"] = json!("integer"),
            "items" => whole["items"] = resolved(schema, value),
            "properties" => {
                for (name, member) in value.as_object().unwrap() {
                    whole["properties"][name] = resolved(schema, member);
                }
            }
            "required" => {
                let mut names: Vec<Value> = whole["required"].as_array().cloned().unwrap_or_default();
                names.extend(value.as_array().unwrap().iter().cloned());
                names.sort_by_key(Value::to_string);
                whole["required"] = Value::Array(names);
            }
            _ => {}
        }
    }
    whole
}

/// The same, of the shape that queries are checked against.
fn as_schema(shape: &ViewShape) -> Value {
    match shape {
        ViewShape::Flag => json!({ "type": "boolean" }),
        ViewShape::Number => json!({ "type": "integer" }),
        ViewShape::Text | ViewShape::Lower => json!({ "type": "string" }),
        ViewShape::OneOf(words) => json!({ "enum": words }),
        ViewShape::List(item) => json!({ "type": "array", "items": as_schema(item) }),
        ViewShape::Object(object) => {
            let mut required: Vec<&str> = object.members().filter(|member| member.always).map(|m| m.name).collect();
            required.sort_unstable();
            let mut whole = json!({ "type": "object", "required": required, "properties": {} });
            for member in object.members() {
                whole["properties"][member.name] = as_schema(member.shape);
            }
            whole
        }
    }
}

#[test]
fn queries_are_checked_against_what_the_schema_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/view.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(as_schema(&VIEW_SHAPE), resolved(&schema, &schema));
}

/// What the shape says to be in lower case is.
#[test]
fn what_is_in_lower_case_is() {
    fn walk(view: &View<'_>, shape: &ViewShape) {
        match (&view.value, shape) {
            (ViewValue::String(text), ViewShape::Lower) => assert_eq!(text, &text.to_lowercase()),
            (ViewValue::Array(items), ViewShape::List(shape)) => items.iter().for_each(|item| walk(item, shape)),
            (ViewValue::Object(members), ViewShape::Object(object)) => {
                members.iter().for_each(|(name, part)| walk(part, object.member(name).unwrap().shape));
            }
            _ => {}
        }
    }
    let source = Source::new("policy.json", EVERYTHING);
    lint::with_policies(&source, None, |policies| walk(&View::new(&policies[0]), &VIEW_SHAPE));
}

/// Skips, and says so, where there is no corpus.
#[test]
fn every_view_of_the_corpus_is_as_the_schema_says() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/managed");
    if !corpus.is_dir() {
        println!("skipped: there is no {}", corpus.display());
        return;
    }
    let schema = schema();
    let mut seen = 0;
    // Debug builds of the validator are slow; one file in eight has every shape.
    for entry in walkdir::WalkDir::new(corpus).sort_by_file_name().into_iter().step_by(8) {
        let path = entry.unwrap().into_path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let source = Source::new("p.json", std::fs::read_to_string(&path).unwrap());
            lint::with_policies(&source, None, |policies| {
                for policy in policies {
                    let mut out = Vec::new();
                    render::write_view(&mut out, &View::new(policy)).unwrap();
                    check_schema(&schema, &serde_json::from_slice(&out).unwrap());
                    seen += 1;
                }
            });
        }
    }
    assert!(seen > 0);
}

#[test]
fn what_cannot_be_read_is_not_complete() {
    let statement = |end: &str| format!(r#"[{{"Effect": "Deny", "Action": "*", {end}}}]"#);
    for (end, complete) in [
        (r#""Resource": "*""#, true),
        ("Resource: \"*\"", true),
        ("\"Con\n", false),
        ("Con", false),
        (r#""Condition""#, false),
        (r#""Condition":"#, false),
        ("\"Condition\": {\"Bool\": {\"aws:Mult\n}}", false),
        (r#""Condition": {"Bool": {aws:Mult}}"#, false),
        (r#""Condition": {"Bool": {"aws:SecureTransport":}}"#, false),
        (r#""Condition": {"Bool": {"aws:SecureTransport": "true"}}"#, true),
        (r#""Resource": "*", : {"Bool": {"aws:SecureTransport": "true"}}"#, false),
    ] {
        check(&statement(end), "/Statement/0/complete", json!(complete));
    }
    for (value, hole) in [("\"arn:\"", false), ("\"arn:\n", true), ("arn", true)] {
        check(&statement(&format!("\"Resource\": {value}")), "/Statement/0/Resource/0/hole", json!(hole));
    }
}

#[test]
fn each_part_stands_where_it_came_from() {
    fn walk(source: &Source, view: &View<'_>, name: &str, within: iam_lint::text::Span) {
        // An operator stands before the pair of key and values that it judges.
        let is_operator = matches!(name, "operator" | "base" | "family" | "quantifier");
        assert!(is_operator || within.contains(view.span), "{name} at {:?} is not within {within:?}", view.span);
        match &view.value {
            ViewValue::Object(members) => members.iter().for_each(|(name, part)| walk(source, part, name, view.span)),
            ViewValue::Array(items) => items.iter().for_each(|item| walk(source, item, name, view.span)),
            ViewValue::String(text) if matches!(name, "text" | "key" | "operator" | "Sid" | "Effect") => {
                let written = source.slice(view.span).trim_matches('"');
                assert_eq!(written, text, "{name}");
            }
            _ => {}
        }
    }
    let source = Source::new("policy.json", EVERYTHING);
    lint::with_policies(&source, None, |policies| {
        let view = View::new(&policies[0]);
        walk(&source, &view, "", view.span);
    });
}
