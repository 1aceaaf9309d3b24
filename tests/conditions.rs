//! What the rules about conditions find: each row is a statement's condition and the findings that it must give, with
//! the text they underline. Rules of other groups are left out.

use found::found;
use iam_lint::catalog::{Catalog, KeyFacts, KeyType, Overlay};
use iam_lint::lint::{Options, RuleSet, all_rules, lint};
use iam_lint::text::apply;

mod found;

fn findings(statement: &str, catalog: &Catalog) -> Vec<String> {
    let policy = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statement}]}}");
    let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.group == "conditions"));
    let options = Options { catalog, ..Options::new(&rules) };
    found(&policy, &options, 1)
}

fn statement(effect: &str, action: &str, condition: &str) -> String {
    format!(r#"{{"Effect":"{effect}","Action":{action},"Resource":"*","Condition":{{{condition}}}}}"#)
}

/// A condition on an Allow of `s3:*` and `iam:*`, which carry most of the keys that are asked about.
#[track_caller]
fn check(condition: &str, expected: &[&str]) {
    let statement = statement("Allow", r#"["s3:*","iam:*","ec2:*","kms:*"]"#, condition);
    assert_eq!(findings(&statement, Catalog::builtin()), expected, "{condition}");
}

#[track_caller]
fn check_action(effect: &str, action: &str, condition: &str, expected: &[&str]) {
    let statement = statement(effect, action, condition);
    assert_eq!(findings(&statement, Catalog::builtin()), expected, "{action} {condition}");
}

#[test]
fn unknown_keys() {
    check(r#""StringEquals":{"aws:PrincipalOrgId":"o-a","AWS:sourcevpc":"vpc-1"}"#, &[]);
    check(r#""StringEquals":{"aws:PrincipalOrg":"o-a"}"#, &[r#"E unknown-condition-key "aws:PrincipalOrg""#]);
    check(r#""IpAddress":{"SourceIp":"192.0.2.0/24"}"#, &[r#"E unknown-condition-key "SourceIp""#]);
    check(r#""StringEquals":{"s3:prefics":"a"}"#, &[r#"W unknown-condition-key "s3:prefics""#]);
    check(r#""StringEquals":{"S3:Prefix":"a"}"#, &[]);
    check(r#""StringEquals":{"nosuchservice:a":"a"}"#, &[r#"W unknown-condition-key "nosuchservice:a""#]);
    check(r#""StringEquals":{"s3:ExistingObjectTag":"a"}"#, &[r#"W unknown-condition-key "s3:ExistingObjectTag""#]);
    check(r#""StringEquals":{"s3:ExistingObjectTag/a":"a"}"#, &[]);
    for providers in [
        "accounts.google.com",
        "accounts.google.com:aud",
        "graph.facebook.com:app_id",
        "token.actions.githubusercontent.com:sub",
        "oidc.eks.eu-west-1.amazonaws.com/id/0123:sub",
        "saml:aud",
        "saml:somethingnew",
        "iot:Connection.Thing.IsAttached",
    ] {
        check(&format!(r#""StringEquals":{{"{providers}":"a"}}"#), &[]);
    }
    for hole in ["${prefix}:key", "s3:{{ key }}", "aws:<KEY>", "$PROVIDER:sub", "%s:sub"] {
        check(&format!(r#""StringEquals":{{"{hole}":"a"}}"#), &[]);
    }
    for (wrong, severity) in [
        ("SAML:audd", "W"),
        ("token.actions.githubusercontent.com:audd", "W"),
        ("accounts.google.com:audd", "W"),
        ("iot:ClietnMode", "W"),
        ("kms:EncryptonContext:aws:s3:arn", "W"),
        ("aws.SourceIp", "E"),
        ("s3.prefix", "E"),
        ("aws：SourceIp", "E"),
        ("аws:SourceIp", "E"),
        ("aws:SourceIр", "E"),
        ("aws:Source\u{200b}Ip", "E"),
        ("s3:prefix\u{a0}", "E"),
        ("s3:prefix ", "E"),
    ] {
        let found = format!(r#"{severity} unknown-condition-key "{wrong}""#);
        check(&format!(r#""StringEquals":{{"{wrong}":"a"}}"#), &[&found]);
    }
    // What an unknown key is compared with is not judged on top of it.
    check(r#""Bool":{"aws:SecureTransports":"true"}"#, &[r#"E unknown-condition-key "aws:SecureTransports""#]);
}

#[test]
fn a_users_own_keys_are_known() {
    let key = |name: &str| KeyFacts { name: name.into(), key_type: KeyType::Bool, multivalued: false, global: true };
    let mut overlay = Overlay::default();
    overlay.add_service("shop", "");
    overlay.add_key(key("shop:Open"));
    let catalog = Catalog::with(&overlay);
    let of = |condition: &str| findings(&statement("Allow", r#""s3:*""#, condition), &catalog);
    assert_eq!(of(r#""Bool":{"shop:open":"true"}"#), [""; 0]);
    assert_eq!(of(r#""StringEquals":{"shop:Open":"true"}"#), [r#"W mismatched-operator-type "StringEquals""#]);
    assert_eq!(of(r#""Bool":{"shop:Opens":"true"}"#), [r#"W unknown-condition-key "shop:Opens""#]);
}

#[test]
fn keys_that_no_action_carries() {
    const PREFIX: &str = r#""StringLike":{"s3:prefix":"a/*"}"#;
    const FOUND: &[&str] = &[r#"W condition-key-not-supported "s3:prefix""#];
    check_action("Allow", r#""s3:GetObject""#, PREFIX, FOUND);
    check_action("Deny", r#"["s3:GetObject","s3:PutObject"]"#, PREFIX, FOUND);
    check_action("Allow", r#""s3:GetObject*""#, PREFIX, FOUND);
    check_action("Allow", r#""s3:ListBucket""#, PREFIX, &[]);
    check_action("Allow", r#"["s3:GetObject","s3:List*"]"#, PREFIX, &[]);
    check_action("Allow", r#""*""#, PREFIX, &[]);
    // Not where an action is not known, or may be any.
    check_action("Allow", r#"["s3:GetObject","s3:NotYetKnown"]"#, PREFIX, &[]);
    check_action("Allow", r#"["s3:GetObject","s3:NotYetKnown*"]"#, PREFIX, &[]);
    check_action("Allow", r#"["s3:GetObject","${action}"]"#, PREFIX, &[]);
    let not_action =
        format!(r#"{{"Effect":"Deny","NotAction":"s3:ListBucket","Resource":"*","Condition":{{{PREFIX}}}}}"#);
    assert_eq!(findings(&not_action, Catalog::builtin()), [""; 0]);
    // Global keys go with every request, an identity provider's with its sessions.
    check_action("Allow", r#""s3:GetObject""#, r#""StringEquals":{"aws:PrincipalTag/a":"b"}"#, &[]);
    check_action("Allow", r#""s3:GetObject""#, r#""StringEquals":{"cognito-identity.amazonaws.com:sub":"b"}"#, &[]);
    // A key under two operators is one mistake.
    check_action("Allow", r#""s3:GetObject""#, &format!(r#"{PREFIX},"Null":{{"s3:prefix":"false"}}"#), FOUND);
    // Where AWS lists no keys at all for an action, it is not known which it carries.
    check_action(
        "Allow",
        r#""aws-marketplace:Subscribe""#,
        r#""ForAnyValue:StringEquals":{"aws-marketplace:ProductId":"a"}"#,
        &[],
    );
    // That does not matter where the service has nothing to do with the key.
    let foreign = r#""StringEquals":{"s3:prefix":"a"}"#;
    for action in [r#""sqs:*""#, r#""sqs:Send*""#, r#"["sqs:*","dynamodb:*"]"#] {
        check_action("Allow", action, foreign, &[r#"W condition-key-not-supported "s3:prefix""#]);
    }
    for action in [r#""s3:*""#, r#"["sqs:*","s3:*"]"#, r#""*""#] {
        check_action("Allow", action, foreign, &[]);
    }
    // Those about tags do not.
    check_action(
        "Allow",
        r#""iam:ListUsers""#,
        r#""StringEquals":{"aws:RequestTag/a":"b"}"#,
        &[r#"W condition-key-not-supported "aws:RequestTag/a""#],
    );
}

#[test]
fn a_key_that_no_action_carries_holds_or_not_by_its_operator() {
    #[track_caller]
    fn check(effect: &str, operator: &str, value: &str, expected: &str) {
        let statement = statement(effect, r#""s3:GetObject""#, &format!(r#""{operator}":{{"s3:prefix":"{value}"}}"#));
        let policy = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statement}]}}");
        let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.id == "condition-key-not-supported"));
        let report = lint("policy.json", policy.into_bytes(), &Options::new(&rules));
        let messages: Vec<&str> = report.diagnostics.iter().map(|found| found.message.as_str()).collect();
        let found = messages.first().and_then(|message| message.split_once(", so ")).map_or("", |(_, so)| so);
        assert_eq!(found, expected, "{effect} {operator} {value}: {messages:?}");
    }
    check("Allow", "StringLike", "a", "this Allow never grants anything");
    check("Deny", "StringLike", "a", "this Deny never refuses anything");
    check("Deny", "ForAnyValue:StringLike", "a", "this Deny never refuses anything");
    check("Deny", "Null", "false", "this Deny never refuses anything");
    for operator in ["StringNotLike", "StringLikeIfExists", "StringNotEqualsIfExists", "ForAllValues:StringLike"] {
        check("Allow", operator, "a", "this condition always holds");
        check("Deny", operator, "a", "this condition always holds");
    }
    check("Allow", "Null", "true", "this condition always holds");
    check("Allow", "Null", "${value}", "");
    check("Allow", "ForAnyValue:StringLikeIfExists", "a", "");
}

#[test]
fn operators_of_another_type() {
    check(r#""StringEquals":{"accounts.google.com:google/organization_number":"12"}"#, &[]);
    check(r#""StringEquals":{"s3:max-keys":"10"}"#, &[r#"W mismatched-operator-type "StringEquals""#]);
    check(r#""IpAddress":{"s3:max-keys":"10"}"#, &[r#"W mismatched-operator-type "IpAddress""#]);
    check(r#""NumericLessThan":{"s3:max-keys":"10"},"Null":{"s3:prefix":"true"}"#, &[]);
    check(r#""ArnLike":{"iam:PolicyARN":"arn:aws:iam::*:policy/a"},"StringLike":{"iam:PolicyARN":"*a"}"#, &[]);
}

#[test]
fn text_that_is_known_to_be_nothing_else() {
    let found = |severity: &str, operator: &str| format!(r#"{severity} mismatched-operator-type "{operator}""#);
    for (operator, key, value, severity) in [
        ("ArnLike", "aws:PrincipalAccount", "arn:aws:iam::123456789012:root", "E"),
        ("ArnLike", "s3:ResourceAccount", "arn:aws:iam::123456789012:root", "W"),
        ("ArnEquals", "aws:SourceVpc", "vpc-1", "E"),
        ("Bool", "aws:username", "true", "W"),
        ("DateLessThan", "aws:username", "2026-01-31", "W"),
        ("NumericEquals", "aws:username", "7", "W"),
        ("BinaryEquals", "aws:username", "YQ==", "W"),
    ] {
        check(&format!(r#""{operator}":{{"{key}":"{value}"}}"#), &[&found(severity, operator)]);
    }
    for (operator, key, value) in [
        ("NumericEquals", "aws:SourceAccount", "123456789012"),
        ("Null", "aws:username", "true"),
        ("ArnLike", "aws:FederatedProvider", "arn:aws:iam::123456789012:saml-provider/a"),
        ("NumericLessThan", "aws:PrincipalTag/level", "3"),
        ("Bool", "aws:UserAgent", "true"),
    ] {
        check(&format!(r#""{operator}":{{"{key}":"{value}"}}"#), &[]);
    }
}

#[test]
fn an_account_is_no_arn_and_an_arn_no_account() {
    let found = |severity: &str, value: &str| format!(r#"{severity} invalid-condition-value "{value}""#);
    for (operator, key, value, severity) in [
        ("StringEquals", "aws:SourceAccount", "arn:aws:iam::123456789012:root", "E"),
        ("StringNotEquals", "aws:PrincipalAccount", "arn:aws:iam::123456789012:root", "E"),
        ("StringEquals", "aws:SourceAccount", "123456789012 ", "E"),
        ("StringEquals", "aws:PrincipalArn", "role/x", "W"),
        ("StringEquals", "aws:PrincipalArn", "123456789012", "W"),
    ] {
        check(&format!(r#""{operator}":{{"{key}":"{value}"}}"#), &[&found(severity, value)]);
    }
    for (operator, key, value) in [
        ("StringEquals", "aws:PrincipalArn", "ROLE_ARN"),
        ("StringEquals", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/x"),
        ("StringLike", "aws:PrincipalArn", "*role/x"),
        ("StringLike", "aws:PrincipalArn", "${arn}/x"),
        ("StringLike", "aws:SourceAccount", "arn:aws:iam::*:root"),
    ] {
        check(&format!(r#""{operator}":{{"{key}":"{value}"}}"#), &[]);
    }
}

#[test]
fn keys_that_are_not_what_they_look_like() {
    #[track_caller]
    fn check(key: &str, message: &str, help: &str) {
        let statement = statement("Allow", r#""s3:*""#, &format!(r#""StringEquals":{{"{key}":"a"}}"#));
        let policy = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statement}]}}");
        let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.id == "unknown-condition-key"));
        let report = lint("policy.json", policy.clone().into_bytes(), &Options::new(&rules));
        let [found] = report.diagnostics.as_slice() else { panic!("{key}: {:?}", report.diagnostics) };
        assert_eq!((found.message.as_str(), found.help.as_deref()), (message, Some(help)), "{key}");
        let fixed = found.fix.as_ref().and_then(|fix| apply(&policy, &fix.edits)).unwrap_or_default();
        let again = lint("policy.json", fixed.into_bytes(), &Options::new(&rules));
        assert!(again.diagnostics.is_empty(), "{key}: {:?}", again.diagnostics);
    }
    check("аws:SourceIp", "`аws:SourceIp` is not `aws:SourceIp`: it contains `а` (U+0430)", "write `aws:SourceIp`");
    check("aws：SourceIp", "`aws：SourceIp` is not `aws:SourceIp`: it contains `：` (U+FF1A)", "write `aws:SourceIp`");
    check(
        "aws:Source\u{200b}Ip",
        "`aws:Source\u{200b}Ip` is not `aws:SourceIp`: it contains an invisible U+200B",
        "write `aws:SourceIp`",
    );
    check("s3:prefix ", "`s3:prefix ` is not `s3:prefix`: it contains a space", "remove the space");
    check(
        "SAML:audd",
        &format!(
            "`SAML:audd` is not in the catalogue of {}; unless the provider has it, no request carries it",
            iam_lint::catalog::date()
        ),
        "did you mean `saml:aud`?",
    );
}

#[test]
fn set_operators() {
    const SINGLE: &str = "set-operator-on-single-valued-key";
    check(r#""ForAllValues:StringEquals":{"s3:prefix":"a"}"#, &[&format!(r#"W {SINGLE} "ForAllValues:StringEquals""#)]);
    // A plain negated operator holds on an absent key just the same.
    for operator in ["ForAllValues:StringNotLike", "ForAllValues:StringEqualsIfExists"] {
        check(&format!(r#""{operator}":{{"aws:PrincipalArn":"a"}}"#), &[&format!(r#"N {SINGLE} "{operator}""#)]);
    }
    check(r#""ForAnyValue:StringEquals":{"s3:prefix":"a"}"#, &[&format!(r#"N {SINGLE} "ForAnyValue:StringEquals""#)]);
    check(r#""ForAllValues:StringEquals":{"aws:TagKeys":"a"}"#, &[]);
    check(r#""StringEquals":{"aws:TagKeys":"a"}"#, &[r#"W missing-set-operator "StringEquals""#]);
    check(r#""StringNotLikeIfExists":{"aws:TagKeys":"a"}"#, &[r#"W missing-set-operator "StringNotLikeIfExists""#]);
    check(r#""Null":{"aws:TagKeys":"false"}"#, &[]);
    check(r#""StringEquals":{"${which}":"a"}"#, &[]);
}

#[test]
fn values_that_cannot_be_read() {
    #[track_caller]
    fn value(operator: &str, key: &str, value: &str, valid: bool) {
        let quoted = format!("\"{value}\"");
        let found = format!("E invalid-condition-value {quoted}");
        let expected: &[&str] = if valid { &[] } else { &[&found] };
        check(&format!(r#""{operator}":{{"{key}":{quoted}}}"#), expected);
    }
    for (text, valid) in [("192.0.2.0/24", true), ("2001:db8::/32", true), ("192.0.2.7", true), ("0.0.0.0/0", true)] {
        value("IpAddress", "aws:SourceIp", text, valid);
    }
    for text in ["192.0.2.0/33", "192.0.2.*", "192.0.2.256", "localhost", "192.0.2.1-192.0.2.9"] {
        value("NotIpAddress", "aws:SourceIp", text, false);
    }
    for text in ["2026-01-31T00:00:00Z", "2026-01-31", "1769817600", "2026-01-31T00:00:00"] {
        value("DateLessThan", "aws:CurrentTime", text, true);
    }
    for text in ["31/01/2026", "2026-02-30T00:00:00Z", "tomorrow", "2026-01-*"] {
        value("DateLessThan", "aws:CurrentTime", text, false);
    }
    for text in ["10", "1.5", "-3"] {
        value("NumericEquals", "s3:max-keys", text, true);
    }
    for text in ["ten", "10s", ""] {
        value("NumericEquals", "s3:max-keys", text, false);
    }
    for text in ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::*", "*", "arn:*:iam::*:role/*"] {
        value("ArnLike", "aws:PrincipalArn", text, true);
    }
    for text in ["123456789012", "arn:aws:iam::123456789012", "role/*"] {
        value("ArnNotLike", "aws:PrincipalArn", text, false);
    }
    value("Bool", "aws:SecureTransport", "yes", false);
    value("Null", "aws:SourceIp", "TRUE", true);
    for hole in ["${cidr}", "<CIDR>", "{{ cidr }}/16", "192.0.2.%{host}", "$CIDR", "@CIDR@", "%s/16"] {
        value("IpAddress", "aws:SourceIp", hole, true);
    }
}

#[test]
fn accounts_in_arns() {
    const FOUND: &str = "W invalid-condition-value 123456786";
    for (arn, expected) in [
        ("arn:aws:sns:us-east-1:123456786:MyTopic", &[FOUND][..]),
        ("arn:aws:sns:us-east-1:123456789012:MyTopic", &[]),
        ("arn:aws:sns:us-east-1:123456786*:MyTopic", &[]),
        ("arn:aws:sns:*:123456786:MyTopic", &[]),
        ("arn:aws:s3:::bucket", &[]),
        ("arn:aws:cloudfront::ACCOUNT:distribution/a", &[]),
        ("arn:aws:sns:us-east-1:${account}:MyTopic", &[]),
    ] {
        check(&format!(r#""ArnLike":{{"aws:SourceArn":"{arn}"}}"#), expected);
        check(&format!(r#""StringLike":{{"aws:SourceArn":["{arn}"]}}"#), expected);
    }
    check(r#""StringLike":{"s3:prefix":"arn:aws:sns:us-east-1:123456786:MyTopic"}"#, &[]);
}

#[test]
fn accounts_and_service_principals() {
    const FOUND: &str = "invalid-condition-value";
    check(r#""StringEquals":{"aws:SourceAccount":"123456789012","aws:PrincipalAccount":"anonymous"}"#, &[]);
    check(r#""StringEquals":{"aws:SourceAccount":["${account}","ACCOUNT_ID","${aws:PrincipalAccount}"]}"#, &[]);
    check(r#""StringEquals":{"aws:SourceAccount":123456789012}"#, &[]);
    check(r#""StringEquals":{"aws:SourceAccount":12345678901}"#, &[&format!("E {FOUND} 12345678901")]);
    check(r#""StringEquals":{"s3:ResourceAccount":"1234-5678-9012"}"#, &[&format!(r#"E {FOUND} "1234-5678-9012""#)]);
    check(r#""StringLike":{"aws:PrincipalAccount":"1234*"}"#, &[]);
    for right in [
        "lambda.amazonaws.com",
        "ec2.amazonaws.com.cn",
        "notknown.amazonaws.com",
        "tenant.example.com",
        "SERVICE",
        "logs.eu-west-1.amazonaws.com",
    ] {
        check(&format!(r#""StringEquals":{{"iam:PassedToService":"{right}"}}"#), &[]);
    }
    for wrong in ["lambda", "Lambda.amazonaws.com", "lambda.amazon.com", "lambda.amazonaws.co", "lamdba.amazonaws.com"]
    {
        let found = format!(r#"W {FOUND} "{wrong}""#);
        check(&format!(r#""StringEquals":{{"iam:PassedToService":"{wrong}"}}"#), &[&found]);
        check(&format!(r#""ForAnyValue:StringEquals":{{"aws:CalledVia":"{wrong}"}}"#), &[&found]);
    }
    check(r#""StringEqualsIgnoreCase":{"iam:PassedToService":"Lambda.amazonaws.com"}"#, &[]);
}

#[test]
fn wildcards() {
    const FOUND: &str = "W wildcard-without-like";
    check(r#""StringEquals":{"s3:prefix":["a","b/*","c/*"]}"#, &[&format!(r#"{FOUND} "b/*""#)]);
    check(r#""StringNotEqualsIfExists":{"aws:PrincipalTag/a":"*"}"#, &[&format!(r#"{FOUND} "*""#)]);
    check(r#""StringEqualsIgnoreCase":{"aws:PrincipalTag/a":"x*"}"#, &[&format!(r#"{FOUND} "x*""#)]);
    check(r#""StringEquals":{"repo.example.com:sub":"repo:a/*"}"#, &[&format!(r#"{FOUND} "repo:a/*""#)]);
    check(r#""StringEquals":{"aws:UserAgent":"a?b","s3:prefix":"${*}"}"#, &[]);
    check(r#""StringLike":{"s3:prefix":"*"},"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}"#, &[]);
    check(r#""StringEquals":{"s3:prefix":"${join(\"*\", x)}"}"#, &[]);
}
