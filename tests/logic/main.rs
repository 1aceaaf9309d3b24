//! What the rules about logic find: each row is a policy and the findings that it must give, with the text they
//! underline. Rules of other groups are left out, but where it is shown that one cause is one finding.

mod conditions;
#[path = "../found/mod.rs"]
mod found;
mod grants;
mod holes;
mod statements;

use found::found;
use iam_lint::lint::{Options, RuleSet, all_rules};
use iam_lint::policy::PolicyType;

const IDENTITY: PolicyType = PolicyType::Identity;

fn findings(kind: PolicyType, statements: &str, wanted: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let policy = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statements}]}}");
    let rules = RuleSet::of(all_rules(&[]).filter(|rule| wanted(rule.group, rule.id)));
    let options = Options { kind: Some(kind), ..Options::new(&rules) };
    found(&policy, &options, usize::MAX)
}

#[track_caller]
fn check(kind: PolicyType, statements: &[&str], expected: &[&str]) {
    let statements = statements.join(",");
    assert_eq!(findings(kind, &statements, |group, _| group == "logic"), expected, "{statements}");
}

fn with_condition(effect: &str, condition: &str) -> String {
    format!(r#"{{"Effect":"{effect}","Action":["s3:*","ec2:*","iam:*"],"Resource":"*","Condition":{{{condition}}}}}"#)
}

#[track_caller]
fn check_condition(effect: &str, condition: &str, expected: &[&str]) {
    check(IDENTITY, &[&with_condition(effect, condition)], expected);
}

/// There is a finding of another rule, and none of this group.
#[track_caller]
fn check_told_elsewhere(condition: &str, rule: &str) {
    check_statements_told_elsewhere(&with_condition("Allow", condition), rule);
}

#[track_caller]
fn check_statements_told_elsewhere(statements: &str, rule: &str) {
    let found = findings(IDENTITY, statements, |_, _| true);
    let is_told = found.iter().any(|found| found.split(' ').nth(1) == Some(rule));
    assert!(is_told, "{statements}: {found:?}");
    check(IDENTITY, &[statements], &[]);
}

fn allow(action: &str, resource: &str, condition: &str) -> String {
    statement("Allow", action, resource, condition)
}

fn deny(action: &str, resource: &str, condition: &str) -> String {
    statement("Deny", action, resource, condition)
}

fn statement(effect: &str, action: &str, resource: &str, condition: &str) -> String {
    let condition = if condition.is_empty() { String::new() } else { format!(r#","Condition":{{{condition}}}"#) };
    format!(r#"{{"Effect":"{effect}","Action":{action},"Resource":"{resource}"{condition}}}"#)
}

#[track_caller]
fn check_silent(kind: PolicyType, statements: &[String]) {
    check(kind, &statements.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
}

const BUCKET: &str = "arn:aws:s3:::b/*";
const ORG: &str = r#""StringEquals":{"aws:PrincipalOrgID":"o-a"}"#;

fn of_resource(effect: &str, principal: &str, action: &str, resource: &str, condition: &str) -> String {
    let statement = statement(effect, action, resource, condition);
    statement.replacen('{', &format!(r#"{{"Principal":{principal},"#), 1)
}

const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:q";

#[test]
fn hostile_policies_end_soon() {
    let nasty = allow(r#"["s3:GetObject*","s3:*a*a*a*b"]"#, "arn:aws:s3:::b*a*a*a*a*/*a*b*c", "");
    let alike = vec![nasty.as_str(); 60].join(",");
    let conditions = with_condition(
        "Allow",
        r#""StringLike":{"aws:userid":["*a*b*a*c","*b*a*c*d"]},"StringNotLike":{"aws:userid":["*a*a*b*","*c*c*d*"]}"#,
    );
    let conditions = vec![conditions.as_str(); 30].join(",");
    let open = of_resource("Allow", r#""*""#, r#""sqs:*""#, QUEUE, r#""StringLike":{"aws:PrincipalOrgID":"o-*a*b"}"#);
    let open = vec![open.as_str(); 60].join(",");
    let many = vec![allow(r#""s3:GetObject""#, BUCKET, ""); 5000].join(",");
    for (kind, statements) in
        [(IDENTITY, alike), (IDENTITY, conditions), (PolicyType::Resource, open), (IDENTITY, many)]
    {
        let start = std::time::Instant::now();
        findings(kind, &statements, |group, _| group == "logic");
        // Not optimized, next to other tests.
        assert!(start.elapsed().as_secs() < 20, "{:?}: {:.200}", start.elapsed(), statements);
    }
}
