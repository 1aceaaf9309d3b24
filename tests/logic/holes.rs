//! Statements that a hole, or a function, may add something to: a condition above all.

use crate::{IDENTITY, findings};
use iam_lint::policy::PolicyType;

/// What may stand in place of members.
const MEMBERS: &[&str] = &[
    r#""${cond}":{}"#,
    r#""{{ cond }}":"""#,
    r#""<CONDITION>":null"#,
    r#""<%= cond %>":{}"#,
    "${cond}",
    "{{ cond }}",
    "<%= cond %>",
    r#""Fn::Transform":{"Name":"AWS::Include"}"#,
    r#""Fn::If":["c",{},{}]"#,
];

/// A policy with `HERE` where members may be added, and a rule that has something to say as long as none are.
const POLICIES: &[(PolicyType, &str, &str)] = &[
    (
        PolicyType::Identity,
        "dead-allow",
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"HERE}"#,
    ),
    (
        PolicyType::Identity,
        "dead-allow",
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:*"HERE,"Resource":"*"}"#,
    ),
    (
        PolicyType::Identity,
        "redundant-statement",
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Allow","Action":"s3:*","Resource":"*"HERE}"#,
    ),
    (
        PolicyType::Identity,
        "redundant-statement",
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"HERE},{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
    ),
    (
        PolicyType::Identity,
        "deactivate-mfa-without-mfa",
        r#"{"Effect":"Allow","Action":"iam:DeactivateMFADevice","Resource":"*"HERE}"#,
    ),
    (
        PolicyType::Identity,
        "unconditional-mfa-deny",
        r#"{"Effect":"Deny","NotAction":["iam:CreateVirtualMFADevice","iam:EnableMFADevice","sts:GetSessionToken"],"Resource":"*"HERE}"#,
    ),
    (
        PolicyType::Resource,
        "public-access",
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"HERE}"#,
    ),
    (
        PolicyType::Resource,
        "confused-deputy",
        r#"{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"HERE}"#,
    ),
    (PolicyType::Identity, "missing-element", r#"{"Effect":"Allow","Action":"s3:GetObject"HERE}"#),
    (PolicyType::Identity, "missing-effect", r#"{"Action":"s3:GetObject","Resource":"*"HERE}"#),
];

fn found(kind: PolicyType, rule: &str, statements: &str) -> Vec<String> {
    findings(kind, statements, |_, id| id == rule)
}

#[test]
fn nothing_rests_on_what_a_hole_may_hold() {
    for (kind, rule, statements) in POLICIES {
        let whole = statements.replace("HERE", "");
        assert!(!found(*kind, rule, &whole).is_empty(), "{rule} has nothing to say of {whole}");
        let members = MEMBERS.iter().map(|member| (*member).to_owned());
        let in_condition = MEMBERS.iter().map(|member| format!(r#""Condition":{{{member}}}"#));
        let in_operator = [
            r#""${key}":{}"#,
            r#""${key}":"v""#,
            r#""<KEY>":["v"]"#,
            "${key}",
            "{{ key }}",
            r#""Fn::Transform":{"Name":"AWS::Include"}"#,
        ];
        let in_operator = in_operator.iter().map(|member| {
            // The operator holds for every request, so that only what is hidden can make a difference.
            format!(r#""Condition":{{"StringLike":{{"aws:PrincipalArn":"*",{member}}}}}"#)
        });
        for member in members.chain(in_condition).chain(in_operator) {
            let hidden = statements.replace("HERE", &format!(",{member}"));
            assert_eq!(found(*kind, rule, &hidden), [""; 0], "{hidden}");
        }
    }
}

#[test]
fn a_name_that_is_filled_in_elsewhere_hides_nothing() {
    for statements in [
        r#"{"Effect":"Allow","Action":"iam:DeactivateMFADevice","Resource":"arn:aws:iam::${account}:user/*"}"#,
        r#"{"Sid":"${sid}","Effect":"Allow","Action":"iam:DeactivateMFADevice","Resource":{"Fn::Sub":"${r}"}}"#,
    ] {
        assert_eq!(found(IDENTITY, "deactivate-mfa-without-mfa", statements).len(), 1, "{statements}");
    }
}
