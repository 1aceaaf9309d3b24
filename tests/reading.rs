//! What is said of files whose text is not, or not yet, the JSON of a policy: a program around it, a conflict in it, a
//! word half typed.

use iam_lint::lint::{Options, RuleSet, all_rules, lint};

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObjet", "Resource": "arn:aws:s3:::acme/*"}]
}"#;

/// Findings as `rule underlined: message`.
fn said(path: &str, text: &str) -> Vec<String> {
    let rules = RuleSet::of(all_rules(&[]));
    let report = lint(path, text.as_bytes().to_vec(), &Options::new(&rules));
    let said = report.diagnostics.iter().map(|found| {
        let underlined = report.source.slice(found.span);
        format!("{} {underlined}: {}", found.rule, found.message)
    });
    said.collect()
}

/// Each finding begins with what is expected of it.
#[track_caller]
fn check(path: &str, text: &str, expected: &[&str]) {
    let said = said(path, text);
    let right = said.len() == expected.len() && said.iter().zip(expected).all(|(said, start)| said.starts_with(start));
    assert!(right, "{path}: {text}\nexpected {expected:#?}\nsaid {said:#?}");
}

const TYPO: &str = "unknown-action \"s3:GetObjet\"";

#[test]
fn a_policy_in_a_program_is_judged_and_the_program_is_not() {
    for (path, before, after) in [
        ("a.tf", "policy = ", ""),
        ("a.tf", "resource \"aws_iam_policy\" \"x\" {\n  policy = <<EOF\n", "\nEOF\n}\n"),
        ("a.js", "const p = ", ";\nf({ x: [1, 2] }, function () { return {}; });\n"),
        ("a.js", "\"use strict\";\nexport default ", ";"),
        ("a.js", "(", ")"),
        ("a.py", "\"\"\"Policies.\"\"\"\nimport json\nP = ", "\nprint(P)\n"),
        ("a.sh", "#!/bin/sh\ncat > p.json <<EOF\n", "\nEOF\n"),
        ("a.md", "# Policy\n\n- one\n\n```json\n", "\n```\n"),
        ("a.yaml", "---\n# why\nPolicyDocument: ", "\n"),
        ("a.yaml", "data:\n  policy: |\n    ", "\n"),
        ("a.template", "Policy: ", ""),
    ] {
        check(path, &format!("{before}{POLICY}{after}"), &[TYPO]);
    }
}

#[test]
fn what_a_program_writes_like_a_policy_is_not_judged() {
    let spaced = POLICY.replace("\"Version\"", "Version").replace("\"Statement\"", "Statement");
    check("a.js", &format!("const p = {spaced};"), &[]);
    check("a.py", &format!("p = {}", POLICY.replace("\"s3:GetObjet\"", "actions")), &[]);
    check("a.py", &format!("p = {}", POLICY.replace("[{", "[more(), {")), &[]);
    check("a.tf", &format!("policy = jsonencode({})", POLICY.replace(':', " =")), &[]);
    check("a.js", &format!("const p = {};", POLICY.replace("}]", "},]")), &[TYPO]);
}

#[test]
fn a_file_that_should_be_json_is_told_so_once() {
    for (before, after, underlined) in
        [("policy = ", "", "policy ="), ("(", ")", "("), ("const p = ", ";", "const p =")]
    {
        let expected = format!("invalid-json {underlined}: this is not JSON, though JSON comes after it");
        for path in ["a.json", "<stdin>"] {
            check(path, &format!("{before}{POLICY}{after}"), &[&expected, TYPO]);
        }
    }
    check("a.json", &format!("---\n{POLICY}"), &["invalid-json ---: `---` begins a YAML document", TYPO]);
    check("a.json", "Effect: Allow\nAction: s3:*\n", &["invalid-json Effect: Allow: this is not JSON"]);
    check("a.yaml", "Effect: Allow\nAction: s3:*\n", &[]);
}

#[test]
fn a_policy_in_template_tags_is_judged() {
    for (path, text) in [
        ("a.json.erb", format!("<% if x %>\n{POLICY}\n<% end %>")),
        ("a.json.erb", format!("<%- arns = [] -%>\n{}", POLICY.replace("\"arn:aws:s3:::acme/*\"", "[<%= arns %>]"))),
        ("a.json.ejs", POLICY.replace("acme", "<%= x[\"k\"] %>")),
        ("a.json.mustache", POLICY.replace("\"arn:aws:s3:::acme/*\"", "{{{arn}}}")),
        ("a.json.hbs", POLICY.replace("\"Resource\"", "{{#if x}}\"Resource\"").replace("*\"}", "*\"{{/if}}}")),
        ("a.gotmpl", format!("{{{{- if .X }}}}\n{POLICY}\n{{{{- end }}}}")),
    ] {
        check(path, &text, &[TYPO]);
    }
}

#[test]
fn of_a_conflict_nothing_else_is_said() {
    let conflict = |ours: &str, theirs: &str| format!("<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> main\n");
    let marker = "invalid-json <<<<<<< HEAD: a merge conflict is not resolved";
    check("a.json", &conflict(POLICY, POLICY), &[marker]);
    let inside = POLICY.replace("  \"Statement\": [{", &conflict("\"Statement\": [", "\"Statement\": [{"));
    check("a.json", &inside, &[marker]);
    let base = conflict("\"Action\": \"a:*\",", "||||||| base\n\"Action\": \"b\",");
    check("a.json", &POLICY.replace("\"Action\"", &format!("\n{base}\"Action\"")), &[marker]);
    let two = POLICY.replace("  \"Version\"", &conflict("", "")).replace("}]", &format!("}}]\n{}", conflict("", "")));
    check("a.json", &two, &["invalid-json <<<<<<< HEAD: a merge conflict is not resolved; here and in 1 more place"]);
}

#[test]
fn what_is_half_typed_has_one_finding() {
    let with = |from: &str, to: &str| POLICY.replace("Objet", "Object").replace(from, to);
    for (from, to, expected) in [
        ("\"Allow\"", "Al", "invalid-json Al: the value `Al` needs double quotes"),
        ("\"s3:GetObject\"", "[s3, \"s3:GetObject\"]", "invalid-json s3: "),
        ("}]", "}, St]", "invalid-json St: "),
        ("\"Allow\"", "\"Al\n", "invalid-json \"Al: "),
        ("\"Action\"", "Act, \"Action\"", "invalid-json Act: "),
        ("\"Allow\"", "\"\"\"Allow\"\"\"", "invalid-json \"\"\"Allow\"\"\": JSON knows no triple quotes"),
        ("\"Allow\"", "\"\"", "invalid-effect \"\": `\"\"` is not an effect"),
        ("/*\"}", "/*\", \"Condition\": {\"Bool\": {\"aws:Sec\"}}}", "invalid-json : a colon is missing"),
        ("/*\"}", "/*\", \"Cond\n\"Bool\": {\"aws:SecureTransport\": true}}", "invalid-json \"Cond: "),
        ("\"s3:GetObject\"", "[\"s3:Ge\n", "invalid-json \"s3:Ge: "),
        ("s3:GetObject", "", "malformed-action \"\": `\"\"` is not of the form"),
        ("arn:aws:s3:::acme/*", "", "malformed-arn \"\": `\"\"` is neither"),
        ("Resource\": \"", "Resource: \"", "invalid-json \"Resource: this string is not closed"),
        ("\"}]", "\", \"Condition: {\"Bool\": {\"aws:SecureTransport\": true}}}]", "invalid-json \"Condition: "),
        (
            "\"}]",
            "\", \"Condition\": {\"Bool\": {aws:SecureTransport\": true}}}]",
            "invalid-json aws:SecureTransport\": ",
        ),
    ] {
        check("a.json", &with(from, to), &[expected]);
    }
}

/// Of a policy without a fault, cut off at each byte.
#[test]
fn while_a_policy_is_typed_nothing_is_said_but_that_it_ends_too_early() {
    const WITH_MFA: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": ["iam:ListMFADevices"],
      "Resource": ["*"], "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": ["false"]},
      "StringNotEquals": {"aws:CalledVia": ["athena.amazonaws.com"]}}}]}"#;
    const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
      "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole",
      "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": 3600}}}]}"#;
    const STACK: &str = r#"{"Resources": {"Read": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument":
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["kms:Decrypt", "s3:GetObject"],
      "Resource": [{"Fn::Sub": "arn:aws:kms:eu-west-1:${AWS::AccountId}:key/a"}, {"Ref": "Objects"}]}]}}}}}"#;
    const TEMPLATE: &str = "{\"Version\": \"2012-10-17\", \"Statement\": [\n%{ if keys ~}\n{\"Effect\": \"Allow\", \"Action\": \
      [\"s3:GetObject\", \"s3:ListBucket\"], \"Resource\": [\"arn:aws:s3:::a\", \"arn:aws:s3:::a/*\"]}\n%{ endif ~}\n{{ more }}]}";
    for (path, policy) in [("a.json", WITH_MFA), ("a-trust.json", TRUST), ("a.template", STACK), ("a.tftpl", TEMPLATE)]
    {
        let whole = said(path, policy);
        for end in 0..policy.len() {
            let said = said(path, &policy[..end]);
            let own: Vec<_> = said.iter().filter(|said| !whole.contains(said)).collect();
            let right = own.len() <= 1 && own.iter().all(|said| said.starts_with("invalid-json"));
            assert!(right, "{}\nsaid {said:#?}", &policy[..end]);
        }
    }
}

/// Of a policy without a fault, with a quote left out, or a line broken off at each byte.
#[test]
fn from_what_is_broken_in_the_middle_nothing_is_concluded() {
    const GUARDED: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "iam:DeactivateMFADevice",
      "Resource": "*"
    },
    {
      "Effect": "Deny",
      "NotAction": [
        "iam:ListMFADevices",
        "sts:GetSessionToken"
      ],
      "Resource": "*",
      "Condition": {
        "BoolIfExists": {
          "aws:MultiFactorAuthPresent": "false"
        }
      }
    }
  ]
}"#;
    const TRUST: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::123456789012:root"
      },
      "Action": "sts:AssumeRole",
      "Condition": {
        "Bool": {
          "aws:MultiFactorAuthPresent": "true"
        }
      }
    }
  ]
}"#;
    for (path, policy) in [("a.json", GUARDED), ("a-trust.json", TRUST)] {
        assert_eq!(said(path, policy), [""; 0]);
        for (quote, _) in policy.match_indices('"') {
            check(path, &format!("{}{}", &policy[..quote], &policy[quote + 1..]), &["invalid-json"]);
        }
        let ends = policy.match_indices('\n').map(|(end, _)| end);
        for (start, end) in std::iter::once(0).chain(ends.clone()).zip(ends) {
            let quotes: Vec<usize> = policy[start..end].match_indices('"').map(|(quote, _)| start + quote).collect();
            let (Some(first), Some(last)) = (quotes.first(), quotes.last()) else { continue };
            for cut in first + 1..*last {
                let text = format!("{}{}", &policy[..cut], &policy[end..]);
                let said = said(path, &text);
                let right = !said.is_empty() && said.iter().all(|said| said.starts_with("invalid-json"));
                assert!(right, "{text}\nsaid {said:#?}");
            }
        }
    }
}

#[test]
fn comments_are_allowed_as_the_name_says() {
    let check = |path: &str, comment: &str, expected: &[&str]| {
        check(path, &format!("{comment}\n{}", POLICY.replace("Objet", "Object")), expected);
    };
    check("a.jsonc", "// a\n/* b */", &[]);
    check("a.jsonc", "# a", &["invalid-json # a: JSON with comments knows no `#`"]);
    check("a.json", "# a", &["invalid-json # a: IAM rejects comments"]);
}

/// Only what Markdown says is JSON is held to it, and only where nothing was left out to make it shorter.
#[test]
fn a_slip_in_a_fence_is_reported() {
    let fenced = |policy: &str| format!("# Roles\n\n1. It's\n   ```json\n   {policy}\n   ```\n\n...\n");
    let comma = POLICY.replace("Objet\",", "Objet\"");
    check("a.md", &fenced(&comma), &[TYPO, "invalid-json : a comma is missing"]);
    check("a.py", &format!("def f():\n  '''\n{}'''\n", fenced(&comma)), &[TYPO, "invalid-json : a comma is missing"]);
    check(
        "a.md",
        &fenced(&POLICY.replace("Objet\",", "Object,")),
        &["invalid-json \"s3:GetObject: this string is not"],
    );
    check("a.md", &fenced(&POLICY.replace("Action\":", "Action\"")), &["invalid-json : a colon is missing", TYPO]);
    check("a.md", &fenced(&comma.replace("[{", "[..., {")), &[]);
    check("a.md", &fenced(&comma.replace("Statement", "Rules").replace("Version", "Of")), &[]);
    check("a.md", &fenced(&POLICY.replace("}]", "},]").replace("{\"Eff", "// why\n{\"Eff")), &[TYPO]);
    check("a.md", &fenced(&format!("{comma}\n   {comma}")), &[]);
    let trailing = POLICY.replace("}]", "},]");
    check("a.md", &fenced(&trailing), &[TYPO, "invalid-json ,: IAM rejects a comma after the last item"]);
    for other in ["```jsonc", "```js", "```", "~~~json"] {
        check("a.md", &fenced(&comma).replace("```json", other), &[]);
        check("a.md", &fenced(&trailing).replace("```json", other), &[TYPO]);
    }
    // Other documents' commas and the rest of the text stay unsaid.
    let more = format!("{}\n```js\nf({{\"a\": 1,}});\n```\n{{\"a\" \"b\"}}\n", fenced(&comma));
    check("a.md", &more, &[TYPO, "invalid-json : a comma is missing"]);
}

#[test]
fn a_character_that_is_cut_in_two_is_underlined_within_the_file() {
    let rules = RuleSet::of(all_rules(&[]));
    let cut = POLICY.replace("acme", "é").into_bytes();
    let cut = &cut[..cut.iter().position(|byte| *byte == 0xC3).unwrap() + 1];
    let report = lint("a.json", cut.to_vec(), &Options::new(&rules));
    let spans: Vec<_> =
        report.diagnostics.iter().map(|found| (found.span.range().start, found.span.range().end)).collect();
    assert_eq!(spans, [(cut.len() - 1, cut.len())]);
}

#[test]
fn of_what_surrounds_a_policy_nothing_is_said() {
    let fenced = format!("```json\n{POLICY}\n```\n");
    let line = POLICY.replace('\n', " ");
    for (path, text) in [
        ("README.md", format!("[![Build](https://x/y.svg)](https://x/y)\n\n# Roles\n\n{fenced}\nMore text.\n")),
        ("a.md", format!("# Roles\n\n{fenced}\n")),
        ("a.md", format!("# Roles\n\n1. list\n   {fenced}\n---\n")),
        ("a.md", format!("<<<<<<< x\n\n{fenced}\n")),
        ("a.markdown", format!("{fenced}\n```json\n{{\"Statement\": [...]}}\n```\n")),
        ("a.md", format!("# Roles\n\n{}", fenced.replace("\n{\n", "\n{\n  // who reads\n  // what\n"))),
        ("a.log", format!("$ aws iam get-policy\n{{\"Document\": {POLICY}}}\n$ aws x\n")),
        ("a.ini", format!("[default]\nx = {line}\ny = 1\n")),
        ("a.toml", format!("[iam]\npolicy = '''\n{POLICY}\n'''\n")),
        ("a.yaml", format!("{POLICY}\n---\nfoo: bar\n")),
        ("a.txt", format!("{POLICY}\n\nThis is the policy that I use, is it right?\n")),
        ("a.txt", format!("\"Policy\": see below\n\n{POLICY}\n")),
        ("a.js", format!("{POLICY};\n")),
        ("a.unknown", format!("{POLICY};\n")),
        ("a.nix", format!("{{ pkgs, ... }}:\n{{\n  p = builtins.toJSON {{}};\n  q = {POLICY};\n}}\n")),
        ("a.unknown", format!("{{ pkgs, ... }}:\n{{\n  p = builtins.toJSON {{}};\n  q = {POLICY};\n}}\n")),
        ("a.service.j2", format!("[Unit]\nExecStart=f '{line}'\n")),
        ("a.yaml.j2", format!("{POLICY}\n---\nfoo: {{{{ bar }}}}\n")),
        ("Makefile", format!("x:\n\techo '{line}' > $@\n")),
        (
            "a.md",
            format!("Half of one: {{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": ...\n\n{fenced}\n"),
        ),
        ("a.md", format!("Another: {{\"a\": [{{\"b\": {{\"c\"\nIt's not.\n\n<<<<<<< x\n{fenced}\n")),
        ("a.tf", format!("<<<<<<< x\npolicy = {POLICY}\n=======\n")),
        ("a.yaml", POLICY.to_owned()),
    ] {
        check(path, &text, &[TYPO]);
    }
    // A text that is a policy and nothing else was meant as one, whatever it is called.
    for path in ["a.txt", "policy", "a.json.sample", "a.hbs"] {
        check(path, &POLICY.replace("t\", \"Res", "t\" \"Res"), &[TYPO, "invalid-json : a comma is missing"]);
    }
    // What is pasted into a file of JSON is to be taken out of it.
    check("a.json", &fenced, &["invalid-json ```json: a Markdown fence is left", TYPO]);
}

#[test]
fn the_role_of_a_framework_is_no_document() {
    let role = |members: &str| format!(r#"{{"provider": {{"name": "aws", "iam": {{"role": {{{members}}}}}}}}}"#);
    let statements = r#""statements": [{"Effect": "Allow", "Action": "s3:GetObjet", "Resource": "*"}]"#;
    check("serverless.json", &role(statements), &[TYPO]);
    check("serverless.json", &role(&format!("\"managedPolicies\": [\"a\"], {statements}")), &[TYPO]);
    // Anywhere else the name is a slip.
    let misspelt = format!("{{\"Version\": \"2012-10-17\", {statements}}}");
    check("a.json", &misspelt, &["unknown-element \"statements\"", TYPO]);
}
