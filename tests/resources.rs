//! What the rules about resources find: each row is the actions and resources of a statement and the findings that
//! they must give, with the text that they underline.

use iam_lint::diagnostic::Severity;
use iam_lint::lint::{Options, RuleSet, all_rules, lint};

fn findings(text: &str, least: Severity) -> Vec<String> {
    let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.group == "resources"));
    let report = lint("policy.json", text.as_bytes().to_vec(), &Options::new(&rules));
    let chosen = report.diagnostics.iter().filter(|diagnostic| diagnostic.severity >= least);
    chosen.map(|diagnostic| format!("{} {}", diagnostic.rule, report.source.slice(diagnostic.span))).collect()
}

fn policy(effect: &str, action: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Action":{action},"Resource":{resource}}}]}}"#
    )
}

#[track_caller]
fn check(action: &str, resource: &str, expected: &[&str]) {
    for effect in ["Allow", "Deny"] {
        let found = findings(&policy(effect, action, resource), Severity::Warning);
        assert_eq!(found, expected, "{effect} {action} {resource}");
    }
}

/// A resource of `s3:GetObject`, or what another service's ARN is with every action of that service.
#[track_caller]
fn check_arn(resource: &str, expected: &[&str]) {
    let service = resource.split(':').nth(2).filter(|service| iam_lint::catalog::is_service(service)).unwrap_or("s3");
    check(&format!("\"{service}:*\""), &format!("\"{resource}\""), expected);
}

#[test]
fn resources_that_fit() {
    check(r#""s3:GetObject""#, r#""arn:aws:s3:::b/*""#, &[]);
    check(r#""s3:GetObject""#, r#""arn:aws:s3:::b*""#, &[]);
    check(r#""s3:*""#, r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#, &[]);
    check(r#"["s3:List*","s3:Get*"]"#, r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#, &[]);
    check(r#""s3:GetObject""#, r#""arn:aws:s3:eu-west-1:123456789012:accesspoint/a/object/*""#, &[]);
    check(r#"["logs:CreateLogStream","logs:PutLogEvents"]"#, r#""arn:aws:logs:*:*:log-group:/aws/lambda/*:*""#, &[]);
    check(r#""sts:AssumeRole""#, r#""arn:aws:iam::123456789012:role/r""#, &[]);
    check(r#""execute-api:Invoke""#, r#""arn:aws:execute-api:eu-west-1:123456789012:abc/*/GET/""#, &[]);
    check(r#""rds-db:connect""#, r#""arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/u""#, &[]);
    check(r#""apigateway:GET""#, r#""arn:aws:apigateway:eu-west-1::/v2/apis""#, &[]);
    check(r#""ssm:GetParameter""#, r#""arn:aws:ssm:eu-west-1::parameter/aws/service/*""#, &[]);
    check(r#""ec2:RunInstances""#, r#""arn:aws:ec2:*::image/ami-*""#, &[]);
}

#[test]
fn parts_that_may_be_left_out() {
    let account = "123456789012";
    for (action, arn) in [
        ("s3:GetObject", format!("s3::{account}:accesspoint/x.mrap/object/*")),
        ("s3:ListBucket", format!("s3::{account}:accesspoint/x.mrap")),
        ("quicksight:CreateReader", format!("quicksight::{account}:user/${{aws:userid}}")),
        ("quicksight:CreateUser", format!("quicksight:eu-west-1:{account}:user/a")),
        ("securityhub:BatchImportFindings", "securityhub:us-east-1::product/prowler/prowler".to_owned()),
        ("swf:*", format!("swf:us-east-1:{account}:/domain/department1")),
        ("swf:*", format!("swf::{account}:/domain/department1")),
    ] {
        check(&format!("\"{action}\""), &format!("\"arn:aws:{arn}\""), &[]);
    }
    let both = r#"["arn:aws:s3::123456789012:accesspoint/x.mrap","arn:aws:s3:::b"]"#;
    assert_eq!(findings(&policy("Allow", r#""s3:ListBucket""#, both), Severity::Note), [""; 0]);
}

#[test]
fn resources_that_do_not_fit() {
    check(r#""s3:GetObject""#, r#""arn:aws:s3:::b""#, &[r#"resource-not-supported "arn:aws:s3:::b""#]);
    check(r#""s3:ListBucket""#, r#""arn:aws:s3:::b/*""#, &[r#"resource-not-supported "arn:aws:s3:::b/*""#]);
    check(r#""iam:*User""#, r#""arn:aws:iam::*:role/r""#, &[r#"resource-not-supported "arn:aws:iam::*:role/r""#]);
    check(
        r#"["s3:GetObject","s3:ListBucket","s3:GetBucketAcl"]"#,
        r#""arn:aws:s3:::b/*""#,
        &[r#"action-without-resource "s3:ListBucket""#],
    );
    // Both are at fault in the same way, so the resource alone is told.
    check(
        r#"["s3:GetObject","sqs:SendMessage"]"#,
        r#""arn:aws:s3:::b""#,
        &[r#"resource-not-supported "arn:aws:s3:::b""#],
    );
}

#[test]
fn a_resource_too_many_is_a_note() {
    let text = policy("Allow", r#""s3:GetObject""#, r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#);
    assert_eq!(findings(&text, Severity::Note), [r#"resource-not-supported "arn:aws:s3:::b""#]);
    assert_eq!(findings(&text, Severity::Warning), [""; 0]);
}

#[test]
fn actions_that_need_a_star() {
    let needs = |action: &str| format!("action-needs-star \"{action}\"");
    for (action, arn) in [
        ("s3:ListAllMyBuckets", "arn:aws:s3:::b"),
        ("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*"),
        ("ecr:GetAuthorizationToken", "arn:aws:ecr:*:*:repository/*"),
        ("sns:ListTopics", "arn:aws:sqs:*:*:q"),
    ] {
        check(&format!("\"{action}\""), &format!("\"{arn}\""), &[&needs(action)]);
        check(&format!("\"{action}\""), "\"*\"", &[]);
        check(&format!("\"{action}\""), &format!("[\"{arn}\",\"*\"]"), &[]);
    }
    // Services that look at an ARN of their own making.
    check(r#""dynamodb:ListTables""#, r#""arn:aws:dynamodb:*:*:table/*""#, &[]);
    check(r#""s3:ListAllMyBuckets""#, r#""arn:aws:s3:::*""#, &[]);
    check(r#""iam:ListUsers""#, r#""arn:aws:iam::*:user/team/*""#, &[]);
    check(r#""s3:List*""#, r#""arn:aws:s3:::b""#, &[]);
}

#[test]
fn an_arn_of_all_resources_of_a_type_may_be_what_the_service_looks_at() {
    for (action, resource) in [
        ("grafana:ListWorkspaces", "grafana:*:*:/workspaces*"),
        ("securityagent:ListAgentSpaces", "securityagent:*:*:agent-space*"),
        ("wafv2:CheckCapacity", "wafv2:*:*:*/webacl/*"),
        ("wafv2:ListLoggingConfigurations", "wafv2:*:*:regional/webacl/*"),
        ("partnercentral:ListPartners", "partnercentral:*:*:catalog/*/partner/*"),
        ("partnercentral:ListOpportunities", "partnercentral:*:*:catalog/*/opportunity/*"),
        ("pricingplanmanager:GetSubscription", "pricingplanmanager::*:subscription:*"),
        ("quicksight:ListVPCConnections", "quicksight:*:*:vpcconnection/*"),
        ("logs:DescribeLogGroups", "logs:*:*:log-group::log-stream:*"),
        ("iam:ListVirtualMFADevices", "iam::*:mfa/"),
    ] {
        let resource = format!("\"arn:aws:{resource}\"");
        let text = policy("Allow", &format!("\"{action}\""), &resource);
        assert_eq!(findings(&text, Severity::Note), [""; 0], "{action} {resource}");
    }
    for (action, resource) in [
        ("grafana:ListWorkspaces", "grafana:*:*:/workspaces/g-1"),
        ("securityagent:ListAgentSpaces", "securityagent:*:*:agent-space/a*"),
        ("wafv2:CheckCapacity", "wafv2:*:*:regional/webacl/mine/*"),
    ] {
        let found = format!("action-needs-star \"{action}\"");
        check(&format!("\"{action}\""), &format!("\"arn:aws:{resource}\""), &[&found]);
    }
}

#[test]
fn services_of_one_family_share_resources() {
    check(r#""ssmmessages:OpenDataChannel""#, r#""arn:aws:ssm:*:*:session/${aws:userid}-*""#, &[]);
    check(r#""ssmmessages:CreateDataChannel""#, r#""arn:aws:ssm:*:*:session/*""#, &[]);
    check(r#""sagemaker-mlflow:GetExperiment""#, r#""arn:aws:sagemaker:*:*:mlflow-app/*""#, &[]);
    check(r#""sagemaker-mlflow:AccessUI""#, r#""arn:aws:sagemaker:*:*:mlflow-app/*""#, &[]);
    check(
        r#"["sqs:ListQueues","ssm:GetCommandInvocation"]"#,
        r#""arn:aws:ssm:*:*:session/a""#,
        &[r#"action-needs-star "sqs:ListQueues""#],
    );
}

#[test]
fn nothing_is_said_of_what_a_service_may_have_made_up() {
    for (actions, resources) in [
        (r#"["iam:ListVirtualMFADevices","iam:GetUser"]"#, r#"["arn:aws:iam::*:mfa/","arn:aws:iam::*:user/u"]"#),
        (r#"["waf:Get*"]"#, r#"["arn:aws:waf::*:changetoken/*","arn:aws:waf::*:rule/*"]"#),
        (r#"["profile:*"]"#, r#"["arn:aws:profile:*:*:/templates*","arn:aws:profile:*:*:domains/d"]"#),
    ] {
        assert_eq!(findings(&policy("Allow", actions, resources), Severity::Note), [""; 0], "{actions} {resources}");
    }
    // Not where it would hide that another action has no resource at all.
    check(
        r#"["dynamodb:ListTables","dynamodb:GetItem"]"#,
        r#""arn:aws:dynamodb:*:*:tables/*""#,
        &[r#"action-needs-star "dynamodb:ListTables""#, r#"resource-not-supported "arn:aws:dynamodb:*:*:tables/*""#],
    );
    // `s3:ListAllMyBuckets` is about no bucket in particular.
    check(
        r#"["s3:ListAllMyBuckets","s3:GetObject"]"#,
        r#""arn:aws:s3:::b""#,
        &[r#"action-needs-star "s3:ListAllMyBuckets""#, r#"resource-not-supported "arn:aws:s3:::b""#],
    );
    check(
        r#"["kms:ListKeys","kms:Decrypt"]"#,
        r#""arn:aws:kms:*:*:alias/*""#,
        &[r#"action-needs-star "kms:ListKeys""#, r#"resource-not-supported "arn:aws:kms:*:*:alias/*""#],
    );
}

#[test]
fn codedeploy_takes_a_slash_for_a_colon() {
    check(r#""codedeploy:GetDeploymentGroup""#, r#""arn:aws:codedeploy:*:*:deploymentgroup/App/Group""#, &[]);
    check(r#""codedeploy:GetOnPremisesInstance""#, r#""arn:aws:codedeploy:*:*:instance/AssetTag*""#, &[]);
    check(r#""s3:CreateAccessGrant""#, r#""arn:aws:s3:*:*:access-grants/default/location/*""#, &[]);
}

#[test]
fn one_cause_is_one_finding() {
    let messages = |action: &str, resource: &str| -> Vec<String> {
        let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.group == "resources"));
        let text = policy("Allow", action, resource);
        let report = lint("policy.json", text.into_bytes(), &Options::new(&rules));
        let date = format!(" (as of {})", iam_lint::catalog::date());
        report
            .diagnostics
            .iter()
            .map(|found| format!("{} {}", found.labels.len(), found.message.replace(&date, "")))
            .collect()
    };
    assert_eq!(
        messages(r#"["s3:GetObject","s3:PutObject"]"#, r#"["arn:aws:s3:::a","arn:aws:s3:::b","arn:aws:s3:::c"]"#),
        ["4 no action of this statement works on `arn:aws:s3:::a`, nor on 2 more"]
    );
    assert_eq!(
        messages(
            r#"["sqs:SendMessage","sns:Publish","kms:Decrypt","s3:GetObject","s3:PutObject","logs:PutLogEvents"]"#,
            r#""arn:aws:sqs:*:*:q""#
        ),
        ["5 `sns:Publish` and 4 more work on 4 sorts of resource of which this statement lists none"]
    );
    assert_eq!(
        messages(r#"["sqs:SendMessage","sns:Publish","kms:Decrypt"]"#, r#""arn:aws:sqs:*:*:q""#),
        [
            "1 `sns:Publish` works on `topic`, and no resource of this statement is one",
            "1 `kms:Decrypt` works on `key`, and no resource of this statement is one"
        ]
    );
}

#[test]
fn the_example_is_what_the_action_is_named_for() {
    let helps = |actions: &str, resource: &str| -> Vec<String> {
        let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.id == "action-without-resource"));
        let text = policy("Allow", actions, &format!("\"{resource}\""));
        let report = lint("policy.json", text.into_bytes(), &Options::new(&rules));
        report.diagnostics.iter().filter_map(|found| found.help.clone()).collect()
    };
    let stack_set = "arn:${Partition}:cloudformation:${Region}:${Account}:stackset/${StackSetName}:${Id}";
    let actions = r#"["cloudformation:UpdateStack","cloudformation:UpdateStackSet"]"#;
    assert_eq!(
        helps(actions, "arn:aws:cloudformation:*:*:stack/a/*"),
        [format!("add a resource such as `{stack_set}`, or remove the action")]
    );
    // One of eight would be a guess.
    let actions = r#"["wafv2:GetWebACL","wafv2:DisassociateWebACL"]"#;
    assert_eq!(helps(actions, "arn:aws:wafv2:*:*:*/webacl/*"), ["add a resource, or remove the action"]);
}

#[test]
fn nothing_is_said_of_what_is_not_known() {
    for (action, resource) in [
        (r#""s3:GetObject""#, r#""${bucket_arn}""#),
        (r#""s3:GetObject""#, r#""${bucket_arn}/*""#),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::${bucket}""#),
        (r#""${action}""#, r#""arn:aws:s3:::b""#),
        (r#"["s3:ListBucket","${more}"]"#, r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#),
        (r#""s3:NewerThanTheCatalogue""#, r#""arn:aws:s3:::b""#),
        (r#""sqs:SendMessage""#, r#""arn:aws:sqs:${region_and_account}:q""#),
        (r#""sqs:SendMessage""#, r#""arn:aws:sqs:${region}:${account}:q""#),
        (r#""sqs:SendMessage""#, r#""arn:aws:sqs:REGION:ACCOUNT_ID:q""#),
        (r#""iam:GetUser""#, r#""arn:aws:iam::account-id:user/u""#),
        (r#""*""#, r#""arn:aws:s3:::b""#),
        (r#""logs:*""#, r#""arn:aws:logs:*:log-group:a:*""#),
    ] {
        check(action, resource, &[]);
    }
    // A hole that cannot help it does not hide it.
    check(r#""s3:ListBucket""#, r#""arn:aws:s3:::${b}/x""#, &[r#"resource-not-supported "arn:aws:s3:::${b}/x""#]);
    check(r#""s3:GetObject""#, r#""arn:aws:s3:::u/${aws:username}/*""#, &[]);
}

#[test]
fn not_forms_are_not_fitted() {
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Deny","NotAction":"s3:GetObject","Resource":"arn:aws:s3:::b"},
        {"Effect":"Deny","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b"},
        {"Effect":"Deny","Action":"s3:GetObject","NotResource":"arn:awss:s3:::b/*"}]}"#;
    assert_eq!(findings(text, Severity::Note), ["arn-unknown-partition awss"]);
}

#[test]
fn arns() {
    check_arn("arn:aws:sqs:eu-west-1:123456789012:q", &[]);
    check_arn("arn:aws-us-gov:sqs:us-gov-west-1:*:q", &[]);
    check_arn("arn:*:sqs:*:*:q", &[]);
    check_arn("arn:aw:sqs:*:*:q", &["arn-unknown-partition aw"]);
    check_arn("arn:aws:sqss:*:*:q", &["arn-unknown-service sqss"]);
    check_arn("arn:aws:sqs:eu-wset-1:*:q", &["arn-unknown-region eu-wset-1"]);
    check_arn("arn:aws:sqs:eu-west-1b:*:q", &["arn-unknown-region eu-west-1b"]);
    check_arn("arn:aws:sqs:us-gov-west-1:*:q", &["arn-unknown-region us-gov-west-1"]);
    check_arn("arn:aws:sqs:eu-west-1:12345:q", &["arn-invalid-account 12345"]);
    check_arn("arn:aws:sqs:*:12345:q", &[]);
    check_arn("arn:aws:iam:eu-west-1:123456789012:user/u", &["arn-region-not-allowed eu-west-1"]);
    check_arn("arn:aws:iam:*:123456789012:user/u", &[]);
    check_arn("arn:aws:s3::123456789012:b", &["arn-account-not-allowed 123456789012"]);
    check_arn("arn:aws:iam:::user/u", &[r#"arn-missing-account "arn:aws:iam:::user/u""#]);
    check_arn("arn:aws:sqs::123456789012:q", &[r#"arn-missing-region "arn:aws:sqs::123456789012:q""#]);
    check_arn("arn:aws:sqs:::q", &[r#"arn-missing-region "arn:aws:sqs:::q""#]);
    check_arn("arn:aws:iam::aws:policy/ReadOnlyAccess", &[]);
}

#[test]
fn an_empty_part_has_no_suggestion() {
    let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.group == "resources"));
    for arn in ["arn:aws::::b/*", "arn::s3:::b/*", "arn:::::", "arn:::eu-wset-1:1:", "arn:aws::eu-west-1::b"] {
        let text = policy("Allow", r#""s3:GetObject""#, &format!("\"{arn}\""));
        let report = lint("policy.json", text.into_bytes(), &Options::new(&rules));
        assert!(!report.diagnostics.is_empty(), "{arn}");
        for found in report.diagnostics.iter().filter(|found| found.rule != "arn-unknown-region") {
            assert!(found.fix.is_none(), "{arn}: {found:?}");
            assert!(!found.help.as_deref().unwrap_or_default().contains("did you mean"), "{arn}: {found:?}");
        }
    }
}

#[test]
fn what_is_no_arn() {
    for broken in ["b/*", "arn:aws:s3::b", "arn:aws:s3::b/*", "", " *", "s3:::b", "arn:aws:sqs"] {
        check(r#""s3:GetObject""#, &format!("\"{broken}\""), &[&format!("malformed-arn \"{broken}\"")]);
    }
    let help = |action: &str, resource: &str| {
        let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.id == "malformed-arn"));
        let text = policy("Allow", &format!("\"{action}\""), &format!("\"{resource}\""));
        let report = lint("policy.json", text.into_bytes(), &Options::new(&rules));
        report.diagnostics.first().and_then(|found| found.help.clone()).unwrap_or_default()
    };
    assert_eq!(help("s3:GetObject", "reports/*"), "write the ARN, such as `arn:aws:s3:::reports/*`, or `*`");
    assert_eq!(help("s3:GetObject", "reports"), "write the ARN, such as `arn:aws:s3:::reports/*`, or `*`");
    assert_eq!(help("s3:ListBucket", "reports"), "write the ARN, such as `arn:aws:s3:::reports`, or `*`");
    assert_eq!(
        help("sqs:SendMessage", "jobs"),
        "write the ARN, such as `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`, or `*`"
    );
    assert_eq!(
        help("ec2:DescribeInstances", "jobs"),
        "write an ARN, `arn:partition:service:region:account:resource`, or `*`"
    );
    assert_eq!(help("sqs:SendMessage", "arn:aws:sqs:*:*:jobs "), "");
    assert_eq!(help("sqs:SendMessage", " arn:aws:sqs:*:*:jobs"), "remove the space");
    for fine in [
        "*",
        "arn:aws:s3:::*",
        "arn:*",
        "a*",
        "*:b/*",
        "execute-api:/stage/*",
        "${x}",
        "$ARN/*",
        "%[1]s",
        "__ARN__",
        "@ARN@/*",
    ] {
        check(r#""s3:*""#, &format!("\"{fine}\""), &[]);
    }
}
