//! What the rules about elements find: each row is a policy and the findings that it must give, with the text they
//! underline. Rules of other groups are left out.

use found::found;
use iam_lint::lint::{Options, RuleSet, all_rules};

mod found;

#[track_caller]
fn check(policy: &str, expected: &[&str]) {
    let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.group == "policy"));
    assert_eq!(found(policy, &Options::new(&rules), 1), expected, "{policy}");
}

#[track_caller]
fn check_statement(elements: &str, expected: &[&str]) {
    check(&format!(r#"{{"Version":"2012-10-17","Statement":[{{{elements}}}]}}"#), expected);
}

#[test]
fn effects() {
    for right in ["Allow", "Deny", "${effect}", "{{ effect }}", "<EFFECT>", "$EFFECT", "%s"] {
        check_statement(&format!(r#""Effect":"{right}","Action":"s3:*","Resource":"*""#), &[]);
    }
    for wrong in ["allow", "DENY", "Permit", ""] {
        let found = format!(r#"E invalid-effect "{wrong}""#);
        check_statement(&format!(r#""Effect":"{wrong}","Action":"s3:*","Resource":"*""#), &[&found]);
    }
    check_statement(r#""Action":"s3:*","Resource":"*""#, &[r#"E missing-effect "Action""#]);
    // The name is at fault, not that there is none.
    check_statement(r#""Efect":"Allow","Action":"s3:*","Resource":"*""#, &[r#"E unknown-element "Efect""#]);
    check_statement(r#"${effect},"Action":"s3:*","Resource":"*""#, &[]);
}

#[test]
fn what_is_missing() {
    let missing = |first: &str| format!("E missing-element \"{first}\"");
    check_statement(r#""Effect":"Allow""#, &[&missing("Effect")]);
    check_statement(r#""Sid":"A","Effect":"Deny","Action":"s3:*""#, &[&missing("Sid")]);
    check_statement(r#""Effect":"Allow","NotResource":"*""#, &[&missing("Effect")]);
    // One finding, that of the effect, the name or the text.
    check_statement(r#""Sid":"A""#, &[r#"E missing-effect "Sid""#]);
    check_statement(r#""Effect":"Allow","Action":"s3:*","Resorce":"*""#, &[r#"E unknown-element "Resorce""#]);
    check_statement(r#""Effect":"Al""#, &[r#"E invalid-effect "Al""#]);
    check_statement(r#""Eff":"","Action":"s3:*","Resource":"*""#, &[r#"E unknown-element "Eff""#]);
    for unfinished in [
        r#""Action":"s3:*","Res""#,
        r#""Action":"s3:*","#,
        r#""Action":"s3:*",${resource}"#,
        r#""Action":"s3:*",{{#if x}}{{/if}}"#,
    ] {
        check_statement(&format!(r#""Effect":"Allow",{unfinished}"#), &[]);
    }
    check(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*""#, &[]);
    check_statement("", &["E missing-element {}"]);
    check(r#"{"Version":"2012-10-17","Statement":{ }}"#, &["E missing-element { }"]);
    check_statement("{{#if x}}{{/if}}", &[]);
    check(r#"{"Version":"2012-10-17","Statement":[{"#, &[]);
    check(r#"[{"Effect":"Allow","Action":"s3:*"}]"#, &[]);
    // A role's trust policy, and policies of resources.
    let trust = r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#;
    check_statement(trust, &[]);
    check_statement(&format!(r#"{trust}}},{{"Effect":"Allow","Action":"sts:TagSession""#), &[&missing("Effect")]);
    check_statement(r#""Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage""#, &[]);
    check_statement(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject""#, &[&missing("Effect")]);
    let stray = r#""Principal":"*","Effect":"Allow","Action":"s3:*","Resource":"*""#;
    let others = r#"},{"Effect":"Allow","Action":"s3:*","Resource":"*""#.repeat(2);
    check_statement(&format!("{stray}{others}"), &[]);
    let role = |statement: &str| format!(r#"{{"AssumeRolePolicyDocument":{{"Statement":[{{{statement}}}]}}}}"#);
    check(
        &role(r#""Effect":"Allow","Action":"sts:AssumeRole""#),
        &[r#"N missing-version "Statement""#, &missing("Effect")],
    );
}

#[test]
fn types_of_values() {
    let wrong = |text: &str| format!("E mismatched-element-type {text}");
    check_statement(
        r#""Effect":["Allow"],"Action":["s3:Get*",["s3:List*"]],"Resource":5"#,
        &[&wrong(r#"["Allow"]"#), &wrong(r#"["s3:List*"]"#), &wrong(r#"5"#)],
    );
    let rest = r#""Effect":"Deny","Action":"s3:*","Resource":"*""#;
    for condition in ["[]", r#""x""#, "null"] {
        let found = wrong(condition);
        check_statement(&format!(r#"{rest},"Condition":{condition}"#), &[&found]);
    }
    for open in
        ["${condition}", r#"{"Fn::If":["a",{},{}]}"#, r#"{"Bool":${bool}}"#, r#"{"Bool":{"aws:SecureTransport":true}}"#]
    {
        check_statement(&format!(r#"{rest},"Condition":{open}"#), &[]);
    }
    for value in [r#"{"a":1}"#, "null", r#"[["x"]]"#, r#"["x",null]"#] {
        let culprit = if value.starts_with('[') { &value[value.len() - 6..value.len() - 1] } else { value };
        let found = wrong(culprit.trim_start_matches(','));
        check_statement(&format!(r#"{rest},"Condition":{{"StringLike":{{"aws:userid":{value}}}}}"#), &[&found]);
    }
    for open in [r#""a":{"Ref":"A"}"#, r#""{{key}}":{"a":1}"#, r#""a":${value}"#, r#""a":[true,1,"x"]"#, r#""a":"#] {
        check_statement(&format!(r#"{rest},"Condition":{{"StringLike":{{{open}}}}}"#), &[]);
    }
    let bucket = r#""Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a/*""#;
    for text in ["AWS", "arn:aws:iam::111122223333:root", "ec2.amazonaws.com"] {
        let found = wrong(&format!("{text:?}"));
        check_statement(&format!(r#"{bucket},"Principal":"{text}""#), &[&found]);
        check_statement(&format!(r#"{bucket},"NotPrincipal":"{text}""#), &[&found]);
    }
    for open in [r#""*""#, r#""${principal}""#, r#""<ROLE>""#, "${principal}", r#"{"Ref":"A"}"#, r#""AW"#] {
        check_statement(&format!(r#"{bucket},"Principal":{open}"#), &[]);
    }
    // Also of the policy itself, which is one all the same.
    for head in [r#""Version":2012"#, r#""Version":true"#, r#""Version":"2012-10-17","Id":5"#] {
        let found = wrong(head.rsplit(':').next().unwrap_or_default());
        check(&format!(r#"{{{head},"Statement":[{{"Effect":"Allow","Action":"s3:*","Resource":"*"}}]}}"#), &[&found]);
    }
    check(r#"{"Version":1,"Statement":[{"Effect":"Allow","Action":"ecs:Get*","Resource":"*"}]}"#, &[]);
    // And of a statement by itself.
    check(r#"{"Effect":"Allow","Action":["s3:Get*",[]],"Resource":"*"}"#, &[&wrong(r#"[]"#)]);
    check(r#"{"Version":"2012-10-17","Statement":null}"#, &[&wrong("null")]);
}

#[test]
fn versions() {
    let policy = |start: &str, resource: &str| {
        format!(r#"{{{start}"Statement":[{{"Effect":"Allow","Action":"s3:*","Resource":"{resource}"}}]}}"#)
    };
    check(&policy(r#""Version":"2008-10-17","#, "*"), &[]);
    check(&policy(r#""Version":"${version}","#, "*"), &[]);
    check(&policy(r#""Version":"2012-10-18","#, "*"), &[r#"E invalid-version "2012-10-18""#]);
    check(&policy("", "*"), &[r#"N missing-version "Statement""#]);
    // Its variables do not work, which is another rule's finding.
    check(&policy("", "arn:aws:s3:::a/${aws:username}"), &[]);
    // Statements without a document around them get their version elsewhere.
    check(r#"[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]"#, &[]);
}

#[test]
fn elements() {
    check_statement(
        r#""effect":"Allow","Actions":"s3:*","Resource":"*""#,
        &[r#"E unknown-element "effect""#, r#"E unknown-element "Actions""#],
    );
    check_statement(
        r#""Effect":"Allow","Action":"s3:*","Resource":"*","ForAnyValue:StringLike":{"aws:TagKeys":"a"}"#,
        &[r#"E unknown-element "ForAnyValue:StringLike""#],
    );
    check_statement(r#""Effect":"Allow","Action":"s3:*","Resource":"*","Note":"a""#, &[r#"E unknown-element "Note""#]);
    check_statement(r#""Effect":"Allow","Action":"s3:*","Resource":"*","${key}":"a""#, &[]);
    check(
        r#"{"version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#,
        &[r#"E unknown-element "version""#],
    );
    check(
        r#"{"Version":"2012-10-17","Stmt":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#,
        &[r#"E unknown-element "Stmt""#],
    );
    // Tools keep things of their own beside the statements.
    check(
        r#"{"Version":"2012-10-17","Name":"a","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#,
        &[],
    );
    check_statement(
        r#""Effect":"Allow","Action":"s3:*","NotAction":"s3:Get*","Resource":"*""#,
        &[r#"E unsupported-element-combination "NotAction""#],
    );
}

#[test]
fn lists() {
    check_statement(r#""Effect":"Allow","Action":[],"Resource":"*""#, &["W empty-list []"]);
    check_statement(r#""Effect":"Allow","NotAction":"s3:*","Resource":[]"#, &["W empty-list []"]);
    check_statement(
        r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"s3:prefix":[]}}"#,
        &["W empty-list []"],
    );
    check_statement(r#""Effect":"Allow","Action":["${actions}"],"Resource":"*""#, &[]);
    check(r#"{"Version":"2012-10-17","Statement":["#, &[]);
}

#[test]
fn sids() {
    let policy = |first: &str, second: &str, principal: &str| {
        let statement = |sid: &str| {
            format!(r#"{{"Sid":"{sid}","Effect":"Allow",{principal}"Action":"s3:GetObject","Resource":"*"}}"#)
        };
        format!(r#"{{"Version":"2012-10-17","Statement":[{},{}]}}"#, statement(first), statement(second))
    };
    check(&policy("A", "A", ""), &[r#"E duplicate-sid "A""#]);
    check(&policy("A", "A", r#""Principal":"*","#), &[r#"W duplicate-sid "A""#]);
    check(&policy("A", "a", ""), &[]);
    check(&policy("", "", ""), &[]);
    check(&policy("${sid}", "${sid}", ""), &[]);
}
