//! Which parts of a file are policies, and of what type.

use iam_lint::policy::{Candidate, PolicyType, Shape, recognise};
use iam_lint::syntax::parse;
use std::path::{Path, PathBuf};

/// What is expected of one policy: its pointer and its type's name.
type Expected<'a> = (&'a str, &'a str);

#[track_caller]
fn check(json: &str, expected: &[Expected<'_>]) {
    check_at("a.json", json, expected);
}

#[track_caller]
fn check_at(path: &str, json: &str, expected: &[Expected<'_>]) {
    let (tree, _) = parse(json);
    let found = recognise(&tree, path);
    let found: Vec<_> = found.iter().map(|one| (one.pointer.as_str(), one.kind.kind.name())).collect();
    assert_eq!(found, expected, "in {path}: {json}");
}

#[track_caller]
fn check_reason(path: &str, json: &str, kind: PolicyType, reason: &str) {
    let (tree, _) = parse(json);
    let found = recognise(&tree, path);
    let found: Vec<_> = found.iter().map(|one| (one.kind.kind, &*one.kind.reason)).collect();
    assert_eq!(found, [(kind, reason)], "in {path}: {json}");
}

const ALLOW: &str = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*"}"#;
const PUBLIC: &str =
    r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}"#;
const TRUST: &str = r#"{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}"#;
const DENY: &str = r#"{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}"#;
const DENY_ALL: &str = r#"{"Effect": "Deny", "Principal": "*", "Action": ["s3:*", "sqs:*"], "Resource": "*"}"#;

fn policy(statement: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#)
}

#[test]
fn a_policy_is_found_wherever_it_stands() {
    let allow = policy(ALLOW);
    check(&allow, &[("", "identity")]);
    check(&format!(r#"{{"Statement": {ALLOW}}}"#), &[("", "identity")]);
    check(&format!("[{allow}, 1, {allow}]"), &[("/0", "identity"), ("/2", "identity")]);
    check(&format!(r#"{{"a/b": {{"c~d": {allow}}}}}"#), &[("/a~1b/c~0d", "identity")]);
    check(&format!(r#"{{"": {allow}}}"#), &[("/", "identity")]);
    check(&allow.replace("Statement", "Stmt"), &[("", "identity")]);
    check(&policy(TRUST).replace("Statement", "Rules"), &[("", "trust")]);
    check(&policy(r#"{"a": 1}"#).replace("Statement", "Rules"), &[]);
    let two = format!(r#"{{"Version": "2012-10-17", "Read": [{ALLOW}], "Deny": [{DENY}]}}"#);
    check(&two, &[("/Read", "identity"), ("/Deny", "identity")]);
    check(&format!(r#"{{"PolicyVersion": {{"Document": {allow}}}}}"#), &[("/PolicyVersion/Document", "identity")]);
    check(&format!(r#"{{"Statement": "see below", "policy": {allow}}}"#), &[("/policy", "identity")]);
}

#[test]
fn several_documents_share_their_pointers() {
    let text = format!("{}\n{}", policy(ALLOW), policy(TRUST));
    let (tree, _) = parse(&text);
    let found = recognise(&tree, "a.json");
    let found: Vec<_> =
        found.iter().map(|one| (one.pointer.as_str(), one.kind.kind, one.node.span.start > 0)).collect();
    assert_eq!(found, [("", PolicyType::Identity, false), ("", PolicyType::Trust, true)]);
}

#[test]
fn statements_are_found_without_a_document() {
    #[track_caller]
    fn check_shape(json: &str, pointer: &str, shape: Shape) {
        let (tree, _) = parse(json);
        let found = recognise(&tree, "a.json");
        let found: Vec<_> = found.iter().map(|Candidate { pointer, shape, .. }| (pointer.as_str(), *shape)).collect();
        assert_eq!(found, [(pointer, shape)], "{json}");
    }
    check_shape(&format!("[{ALLOW}, {DENY}]"), "", Shape::Statements);
    check_shape(ALLOW, "", Shape::Statements);
    check_shape(&format!(r#"{{"read": {ALLOW}}}"#), "/read", Shape::Statements);
    check_shape(&format!("[{ALLOW}, 1]"), "/0", Shape::Statements);
    check_shape(&policy(ALLOW), "", Shape::Document);
    check(&format!(r#"{{"iamRoleStatements": ["${{file(a)}}", {ALLOW}]}}"#), &[("/iamRoleStatements", "identity")]);
    check(&format!("[{TRUST}]"), &[("", "trust")]);
    check(r#"[{"effect": "Allow", "action": "posts:read", "resource": "posts"}]"#, &[]);
    check(r#"{"effect": "allow", "action": "*", "resource": "*"}"#, &[]);
}

#[test]
fn a_policy_is_found_while_it_is_typed() {
    for begun in [
        r#"{"Version": "2012-10-17"}"#,
        r#"{"Version": "2012-10-17", "Stat"#,
        r#"{"Version": "2012-10-17", "Statement": }"#,
        r#"{"Version": "2012-10-17", "Statement": []}"#,
        r#"{"Version": "2012-10-17", "Statement": [{}]}"#,
        r#"{"Version": "2012-10-17", "Statement": "Allow"}"#,
        r#"{"Version": "2012-10-17", "Statement": null}"#,
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3"#,
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", ]"#,
        r#"{"Version": "", "Statement": []}"#,
        r#"{"Statement": []}"#,
        r#"{"Statement": [{"Sid": "A"}]}"#,
        r#"{"Statement": [{"Effect": "Al"}]}"#,
        r#"{"Statement": [{"Effect": , "Action": "s3:GetObject"}]}"#,
        r#"{"Statement": [{"Action": "s3:GetObject", "Resource": "*"}]}"#,
        r#"{"Effect": "Allow", "Action": }"#,
        r#"[{"Effect": "Allow", "Action": []}]"#,
    ] {
        check(begun, &[("", "identity")]);
    }
    check(r#"{"PolicyDocument": {"Statement": []}}"#, &[("/PolicyDocument", "identity")]);
    check(r#"{"Rule": {"Statement": []}}"#, &[]);
    check(r#"{"Version": "2012-10-17", "Rules": []}"#, &[]);
    check("{}", &[]);
    check("[]", &[]);
    check("", &[]);
}

#[test]
fn misspelt_names_are_understood() {
    for wrong in [
        r#"{"Version": "2012-10-17", "statement": [{"effect": "Deny", "action": "*", "resource": "*"}]}"#,
        r#"{"version": "2012-10-17", "statement": []}"#,
        r#"{"Version": "2012-10-17", "Statements": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}"#,
        r#"{"Statements": [{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}]}"#,
        r#"{"Version": "2012-10-17", "Statment": [{"Efect": "Allow", "Action": "s3:*"}]}"#,
        r#"{"Version": "2012-10-17", "Statement": [{"effect": "Allow", "actions": ["s3:*"], "resources": ["*"]}]}"#,
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Alow", "Action": "s3:*", "Resource": "*"}]}"#,
        r#"{"Version": "2023-01-01", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
        r#"{"Version": "1.0", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::a"}]}"#,
    ] {
        check(wrong, &[("", "identity")]);
    }
}

#[test]
fn what_a_script_fills_in_speaks_against_nothing() {
    for (version, effect, action) in
        [("$VERSION", "$EFFECT", "$ACTION"), ("%s", "%s", "%s"), ("@VERSION@", "__EFFECT__", "s3:*")]
    {
        let statement = format!(r#"{{"Effect": "{effect}", "Action": "{action}", "Resource": "*"}}"#);
        check(&format!(r#"{{"Version": "{version}", "Statement": [{statement}]}}"#), &[("", "identity")]);
    }
}

/// Tools have forms of their own for the policies that they make, with names in lower case throughout.
#[test]
fn names_in_lower_case_are_a_policys_only_where_one_is_awaited() {
    let statement = r#"{"effect": "Allow", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme/*"}"#;
    for wrapped in [
        format!(r#"{{"statements": [{statement}]}}"#),
        format!(r#"{{"statement": {statement}}}"#),
        format!(r#"{{"name": "x", "version": "2012-10-17", "statement": [{statement}]}}"#),
        format!("[{statement}]"),
        statement.to_owned(),
    ] {
        check(&format!(r#"{{"inlinePolicies": [{wrapped}]}}"#), &[]);
        check(&format!(r#"{{"x": {wrapped}}}"#), &[]);
    }
    check(r#"{"version": "2012-10-17", "statements": [{"effect": "Allow", "actions": ["s3:GetObject"]}]}"#, &[]);
    for (policy, pointer) in [
        (format!(r#"{{"x": {{"Version": "2012-10-17", "statement": [{statement}]}}}}"#), "/x"),
        (format!(r#"{{"x": {{"Statements": [{statement}]}}}}"#), "/x"),
        (format!(r#"{{"x": {{"statements": [{ALLOW}]}}}}"#), "/x"),
        (format!(r#"{{"x": {{"statements": [{}]}}}}"#, statement.replace("effect", "Effect")), "/x"),
        (format!(r#"{{"PolicyDocument": {{"statement": [{statement}]}}}}"#), "/PolicyDocument"),
        (format!(r#"{{"statement": [{statement}]}}"#), ""),
        (format!("[{statement}]"), ""),
    ] {
        check(&policy, &[(pointer, "identity")]);
    }
    // What is none of these is looked into.
    check(&format!(r#"{{"x": {{"statement": {{"a": {}}}}}}}"#, policy(ALLOW)), &[("/x/statement/a", "identity")]);
}

#[test]
fn templates_are_understood() {
    check(r#"{"Version": "2012-10-17", "Statement": ["${statements}"]}"#, &[("", "identity")]);
    check(r#"{"Version": "2012-10-17", "Statement": ${jsonencode(s)}}"#, &[("", "identity")]);
    check(
        r#"{"Statement": [{"Effect": "${effect}", "Action": "${service}:*", "Resource": "*"}]}"#,
        &[("", "identity")],
    );
    check(r#"{"Version": "{{ v }}", "Statement": [{"Effect": "Allow", "Action": <ACTIONS>}]}"#, &[("", "identity")]);
    check(
        &format!(r#"{{"Statement": {{"Fn::If": ["Prod", [{TRUST}], {{"Ref": "AWS::NoValue"}}]}}}}"#),
        &[("", "trust")],
    );
    check(
        r#"{"Version": "2012-10-17", "Statement": [{"Fn::Transform": {"Name": "AWS::Include"}}]}"#,
        &[("", "identity")],
    );
}

#[test]
fn a_cloudformation_type_tells_before_the_statements_do() {
    for (resource, property, kind) in [
        ("AWS::IAM::ManagedPolicy", "PolicyDocument", "identity"),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument", "trust"),
        ("AWS::S3::BucketPolicy", "PolicyDocument", "resource"),
        ("AWS::KMS::Key", "KeyPolicy", "resource"),
        ("AWS::OpenSearchService::Domain", "AccessPolicies", "resource"),
        ("AWS::EC2::VPCEndpoint", "PolicyDocument", "vpc-endpoint"),
        ("AWS::SSO::PermissionSet", "InlinePolicy", "identity"),
        ("AWS::Transfer::User", "Policy", "session"),
        ("AWS::Organizations::Policy", "Content", "scp"),
        ("AWS::CloudFormation::CustomResource", "Policy", "identity"),
    ] {
        let (allow, pointer) = (policy(ALLOW), format!("/R/Properties/{property}"));
        let json = format!(r#"{{"R": {{"Type": "{resource}", "Properties": {{"{property}": {allow}}}}}}}"#);
        check(&json, &[(&pointer, kind)]);
    }
}

#[test]
fn an_organizations_policy_says_its_type() {
    let organization = |kind: &str| {
        let properties = format!(r#"{{"Type": "{kind}", "Content": {}}}"#, policy(DENY));
        format!(r#"{{"R": {{"Type": "AWS::Organizations::Policy", "Properties": {properties}}}}}"#)
    };
    check(&organization("SERVICE_CONTROL_POLICY"), &[("/R/Properties/Content", "scp")]);
    check(&organization("RESOURCE_CONTROL_POLICY"), &[("/R/Properties/Content", "rcp")]);
    check(&organization("${kind}"), &[("/R/Properties/Content", "scp")]);
    check(&organization("CHATBOT_POLICY"), &[]);
}

#[test]
fn a_key_or_a_neighbour_tells_before_the_statements_do() {
    let allow = policy(ALLOW);
    for (key, kind) in [
        ("assume_role_policy", "trust"),
        ("TrustRelationship", "trust"),
        ("PermissionsBoundary", "boundary"),
        ("key-policy", "resource"),
        ("RolePolicyList", "identity"),
        ("sessionPolicy", "session"),
        ("service_control_policies", "scp"),
        ("PolicyDocument", "identity"),
    ] {
        check(&format!(r#"{{"{key}": [{allow}]}}"#), &[(&format!("/{key}/0"), kind)]);
    }
    check(&format!(r#"{{"policyType": "RESOURCE_POLICY", "p": {allow}}}"#), &[("/p", "resource")]);
    check(&format!(r#"{{"policyType": "RESOURCE_POLICY", "p": {}}}"#, policy(TRUST)), &[("/p", "trust")]);
    check(&format!(r#"{{"PolicyType": "Identity", "p": {allow}}}"#), &[("/p", "identity")]);
    let boundary = format!(
        r#"{{"B": {{"Type": "AWS::IAM::ManagedPolicy", "Properties":
            {{"ManagedPolicyName": {{"Fn::Sub": "${{Stage}}-permissions-boundary"}}, "PolicyDocument": {allow}}}}}}}"#
    );
    check(&boundary, &[("/B/Properties/PolicyDocument", "boundary")]);
}

#[test]
fn names_choose_among_what_the_statements_allow() {
    for (path, statement, kind) in [
        ("org/service-control-policies/leave.json", DENY, "scp"),
        ("org/iam-policies/leave.json", DENY, "identity"),
        ("scp/iam-policies/leave.json", DENY, "scp"),
        ("scp/iam-policies/read.json", ALLOW, "identity"),
        ("AWS SCP Policies/x.json", DENY, "scp"),
        ("denyRootSCP.json", DENY, "scp"),
        ("guardrails/x.json", DENY, "scp"),
        ("guardrails/x.json", ALLOW, "identity"),
        ("resource-control-policies/key-policy-required.json", DENY_ALL, "rcp"),
        ("resource-policies/x.json", DENY_ALL, "resource"),
        ("x.json", DENY_ALL, "rcp"),
        ("permissions-boundary.json", ALLOW, "boundary"),
        ("boundary.json", PUBLIC, "resource"),
        ("vpc-endpoint-policies/s3.json", PUBLIC, "vpc-endpoint"),
        ("vpc-endpoint.json", ALLOW, "identity"),
        ("bucket-policy.json", ALLOW, "identity"),
        ("bucket-policy.json", PUBLIC, "resource"),
        ("trust.json", PUBLIC, "resource"),
        ("trust.json", ALLOW, "identity"),
        ("x.json", TRUST, "trust"),
        ("session-policy.json", ALLOW, "session"),
        (r"C:\org\scps\x.json", DENY, "scp"),
        ("terraform-scp/modules/x.json", DENY, "scp"),
        ("terraform-scp/modules/x.json", ALLOW, "identity"),
        ("terraform-scp/modules/x.json", PUBLIC, "resource"),
        ("rcp-examples/s3/x.json", DENY_ALL, "rcp"),
    ] {
        check_at(path, &policy(statement), &[("", kind)]);
    }
    check(&format!(r#"{{"deny-leave-scp": {}}}"#, policy(DENY)), &[("/deny-leave-scp", "scp")]);
}

#[test]
fn trust_is_read_from_the_actions() {
    let statement = |principal: &str, rest: &str| {
        let action = r#""Action": ["sts:AssumeRole", "sts:TagSession"]"#;
        policy(&format!(r#"{{"Effect": "Allow", "Principal": {principal}, {action}{rest}}}"#))
    };
    let service = r#"{"Service": "lambda.amazonaws.com"}"#;
    let account = r#"{"AWS": "111122223333"}"#;
    check(&statement(account, ""), &[("", "trust")]);
    check(&statement(service, r#", "Resource": "*""#), &[("", "trust")]);
    check(&statement(account, r#", "Resource": "*""#), &[("", "resource")]);
    check_at("trust-policy.json", &statement(account, r#", "Resource": "*""#), &[("", "trust")]);
}

#[test]
fn the_reason_is_kept() {
    check_reason("a.json", &policy(ALLOW), PolicyType::Identity, "no `Principal`, and no sign of another type");
    check_reason("a.json", &policy(PUBLIC), PolicyType::Resource, "its `Principal` element");
    check_reason("scp/a.json", &policy(DENY), PolicyType::Scp, "the folder `scp`");
    check_reason("a-scp.json", &policy(DENY), PolicyType::Scp, "the file name `a-scp.json`");
    let wrapped = format!(r#"{{"AssumeRolePolicyDocument": {}}}"#, policy(ALLOW));
    check_reason("a.json", &wrapped, PolicyType::Trust, "the key `AssumeRolePolicyDocument`");
    let root = r#"{"Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}}"#;
    let reason = "it denies root users, which only an organization can";
    check_reason("a.json", &policy(root), PolicyType::Scp, reason);
    check(&policy(&root.replace("StringLike", "StringNotLike")), &[("", "identity")]);
}

#[test]
fn look_alikes_are_no_policies() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/look-alikes");
    let files = files(&folder);
    assert!(files.len() > 20, "the look-alikes are gone from {}", folder.display());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a fixture is readable");
        assert_eq!(parse(&text).1, [], "{} is itself broken", file.display());
        check_at(&file.to_string_lossy(), &text, &[]);
    }
}

/// Every file of `fixtures/wild`, with what is in it.
const WILD: &[(&str, &[Expected<'_>])] = &[
    (
        "exports/authorization-details.json",
        &[
            ("/UserDetailList/0/UserPolicyList/0/PolicyDocument", "identity"),
            ("/RoleDetailList/0/AssumeRolePolicyDocument", "trust"),
            ("/Policies/0/PolicyVersionList/0/Document", "identity"),
        ],
    ),
    ("iam/ci-role.trust.json", &[("", "trust")]),
    ("iam/read-only.json.tftpl", &[("", "identity")]),
    ("iam/statements.json", &[("", "identity")]),
    ("org/permission-boundaries/developer.json", &[("", "boundary")]),
    ("org/resource-control-policies/confused-deputy.json", &[("", "rcp")]),
    ("org/service-control-policies/region-lock.json", &[("", "scp")]),
    ("s3/bucket-policy.json", &[("", "resource")]),
    (
        "templates/service.template.json",
        &[
            ("/Resources/Role/Properties/AssumeRolePolicyDocument", "trust"),
            ("/Resources/Role/Properties/Policies/0/PolicyDocument", "identity"),
            ("/Resources/DeveloperBoundary/Properties/PolicyDocument", "boundary"),
            ("/Resources/QueuePolicy/Properties/PolicyDocument/Fn::If/1", "resource"),
            ("/Resources/Endpoint/Properties/PolicyDocument", "vpc-endpoint"),
        ],
    ),
    ("vpc-endpoint-policies/dynamodb.json", &[("", "vpc-endpoint")]),
];

#[test]
fn policies_in_the_wild_are_found_and_typed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wild");
    for (file, expected) in WILD {
        let text = std::fs::read_to_string(folder.join(file)).expect("a fixture is readable");
        check_at(file, &text, expected);
    }
    let listed: Vec<_> = WILD.iter().map(|(file, _)| folder.join(file)).collect();
    assert_eq!(files(&folder), listed, "the table lists every file, in order");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    walk.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}
