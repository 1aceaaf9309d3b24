//! Statements that change nothing, and what is allowed in vain.

use crate::{
    BUCKET, IDENTITY, ORG, QUEUE, allow, check, check_silent, check_statements_told_elsewhere, check_told_elsewhere,
    deny, of_resource,
};
use iam_lint::policy::PolicyType;

/// The statement numbered `redundant` is, because of those numbered `by`.
#[track_caller]
fn check_redundant(kind: PolicyType, statements: &[String], redundant: usize, by: usize) {
    let effect = if statements[redundant].contains("Deny") { " | \"Deny\"" } else { " | \"Allow\"" };
    let expected = format!("N redundant-statement {}{}", statements[redundant], effect.repeat(by));
    check(kind, &statements.iter().map(String::as_str).collect::<Vec<_>>(), &[&expected]);
}

#[test]
fn redundant_statements() {
    let get = || allow(r#""s3:GetObject""#, BUCKET, "");
    check_redundant(IDENTITY, &[get(), get()], 1, 1);
    check_redundant(IDENTITY, &[get(), allow(r#""s3:Get*""#, "*", "")], 0, 1);
    check_redundant(IDENTITY, &[allow(r#""s3:Get*""#, "*", ""), get()], 1, 1);
    check_redundant(IDENTITY, &[get(), allow(r#""S3:getobject""#, BUCKET, ORG)], 1, 1);
    check_redundant(IDENTITY, &[deny(r#""s3:*""#, "*", ""), deny(r#""s3:GetObject""#, BUCKET, "")], 1, 1);
    check_redundant(PolicyType::Scp, &[allow(r#""*""#, "*", ""), get()], 1, 1);
    // By two together: one has the one action, one the other.
    let both = allow(r#"["s3:GetObject","s3:PutObject"]"#, "arn:aws:s3:::b/a/*", "");
    check_redundant(IDENTITY, &[get(), allow(r#""s3:PutObject""#, BUCKET, ""), both], 2, 2);
    // Of three that are the same, two.
    let again = format!("N redundant-statement {} | \"Allow\"", get());
    check(IDENTITY, &[&get(), &get(), &get()], &[&again, &again]);
    // The values of its condition are among those of the other.
    let in_regions =
        |regions: &str| allow(r#""ec2:*""#, "*", &format!(r#""StringEquals":{{"aws:RequestedRegion":{regions}}}"#));
    check_redundant(IDENTITY, &[in_regions(r#"["eu-west-1","eu-west-2"]"#), in_regions(r#""eu-west-1""#)], 1, 1);
    let of_user = |resource: &str| {
        allow(r#""s3:GetObject""#, resource, r#""StringEquals":{"aws:ResourceTag/a":"${aws:username}"}"#)
    };
    check_redundant(IDENTITY, &[of_user("arn:aws:s3:::b/${aws:username}/*"), of_user(BUCKET)], 0, 1);
    let all_but = |actions: &str| format!(r#"{{"Effect":"Allow","NotAction":{actions},"Resource":"*"}}"#);
    check_redundant(IDENTITY, &[all_but(r#""iam:*""#), all_but(r#"["iam:*","sts:*"]"#)], 1, 1);
    check_redundant(IDENTITY, &[all_but(r#""iam:*""#), get()], 1, 1);
}

#[test]
fn statements_that_are_needed() {
    let get = || allow(r#""s3:GetObject""#, BUCKET, "");
    check_silent(IDENTITY, &[get(), allow(r#""s3:GetObject""#, "arn:aws:s3:::b*", ORG)]);
    check_silent(IDENTITY, &[get(), allow(r#"["s3:GetObject","s3:PutObject"]"#, "arn:aws:s3:::b/a/*", "")]);
    check_silent(IDENTITY, &[get(), allow(r#""s3:GetObject""#, "*", ORG)]);
    // Refusals of what is not allowed guard against other policies.
    check_silent(IDENTITY, &[get(), deny(r#""iam:*""#, "*", "")]);
    check_silent(IDENTITY, &[get(), deny(r#""s3:GetObject""#, "arn:aws:s3:::b/secret/*", "")]);
    // There may be more tomorrow than the catalogue lists.
    let listed = r#"["sts:GetAccessKeyInfo","sts:GetCallerIdentity","sts:GetDelegatedAccessToken","sts:GetFederationToken","sts:GetServiceBearerToken","sts:GetSessionToken","sts:GetWebIdentityToken"]"#;
    check_silent(IDENTITY, &[allow(listed, "*", ""), allow(r#""sts:Get*""#, "*", r#""Null":{"aws:userid":"false"}"#)]);
    // Whether a wildcard reaches across colons is contested.
    check_silent(
        IDENTITY,
        &[
            allow(r#""iam:GetRole""#, "arn:*:role/*", ""),
            allow(r#""iam:GetRole""#, "arn:aws:iam::123456789012:role/a", ""),
        ],
    );
    // What a template fills in may be anything, and what it leaves out as well.
    let hole = || allow(r#""s3:GetObject""#, "arn:aws:s3:::{{ bucket }}/*", "");
    check_silent(IDENTITY, &[hole(), get()]);
    check_silent(IDENTITY, &[allow(r#""s3:*""#, "*", ""), "{{ more }}".to_owned(), get()]);
}

#[test]
fn principals_of_redundant_statements() {
    let of = |principal: &str, action: &str| {
        format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Resource":"arn:aws:sqs:eu-west-1:111122223333:q"}}"#
        )
    };
    let resource = PolicyType::Resource;
    let (role, account) = (r#"{"AWS":"arn:aws:iam::111122223333:role/r"}"#, r#"{"AWS":"111122223333"}"#);
    check_redundant(resource, &[of(role, "sqs:*"), of(role, "sqs:SendMessage")], 1, 1);
    // The account is left to decide whom of its own to let in; the role needs no such leave.
    check_silent(resource, &[of(account, "sqs:*"), of(role, "sqs:SendMessage")]);
    check_silent(resource, &[of(role, "sqs:*"), of(account, "sqs:SendMessage")]);
    let accounts = r#"{"AWS":["111122223333","444455556666"]}"#;
    let bucket = |principal: &str, action: &str| {
        of(principal, action).replace("arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:s3:::b/*")
    };
    check_redundant(resource, &[bucket(accounts, "s3:Get*"), bucket(account, "s3:GetObject")], 1, 1);
    check_silent(resource, &[bucket(account, "s3:Get*"), bucket(accounts, "s3:GetObject")]);
    check_silent(resource, &[bucket(accounts, "s3:Get*"), bucket(role, "s3:GetObject")]);
    let role_and_account = r#"{"AWS":["111122223333","arn:aws:iam::111122223333:role/r"]}"#;
    check_silent(resource, &[bucket(accounts, "s3:Get*"), bucket(role_and_account, "s3:GetObject")]);
    let service = r#"{"Service":"ec2.amazonaws.com"}"#;
    check_silent(resource, &[of(service, "sqs:*"), of(role, "sqs:SendMessage")]);
}

#[test]
fn statements_that_cover_another_together() {
    let tls = |value: &str| format!(r#""Bool":{{"aws:SecureTransport":"{value}"}}"#);
    let get = r#""s3:GetObject""#;
    let both = |statement: &str| {
        let of = |value: &str| allow(r#""s3:*""#, "*", &tls(value));
        [of("true"), of("false"), statement.to_owned()]
    };
    let narrow = allow(get, BUCKET, "");
    let expected = format!("N redundant-statement {narrow} | \"Allow\" | \"Allow\"");
    let statements = both(&narrow);
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    check(IDENTITY, &statements, &[&expected]);
    check_silent(IDENTITY, &both(&allow(r#""sqs:*""#, "*", "")));
    let mfa = |value: &str| allow(r#""s3:*""#, "*", &format!(r#""Bool":{{"aws:MultiFactorAuthPresent":"{value}"}}"#));
    check_silent(IDENTITY, &[mfa("true"), mfa("false"), allow(get, BUCKET, "")]);
    let team = |team: &str| allow(r#""s3:*""#, "*", &format!(r#""StringEquals":{{"aws:PrincipalTag/team":"{team}"}}"#));
    check_silent(IDENTITY, &[team("a"), team("b"), allow(get, BUCKET, "")]);
}

#[test]
fn allowed_in_vain() {
    let get = r#"["s3:GetObject","s3:GetObjectAcl"]"#;
    let dead = |statements: &[String], labels: &str| {
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        check(IDENTITY, &statements, &[&format!("W dead-allow {labels}")]);
    };
    let acl = r#""s3:GetObjectAcl""#;
    dead(&[allow(get, BUCKET, ""), deny(acl, "*", "")], r#""s3:GetObjectAcl" | "s3:GetObjectAcl""#);
    dead(&[deny(r#""s3:*Acl""#, "*", ""), allow(get, BUCKET, ORG)], r#""s3:GetObjectAcl" | "s3:*Acl""#);
    dead(
        &[allow(get, BUCKET, ""), deny(r#"["ec2:*","s3:*"]"#, "*", "")],
        r#""s3:GetObject" | "s3:GetObjectAcl" | "s3:*""#,
    );
    dead(&[allow(get, BUCKET, ORG), deny(acl, "*", ORG)], r#""s3:GetObjectAcl" | "s3:GetObjectAcl""#);
    dead(
        &[allow(get, BUCKET, ""), r#"{"Effect":"Deny","NotAction":"s3:GetObject","Resource":"*"}"#.to_owned()],
        r#""s3:GetObjectAcl" | "NotAction""#,
    );
    dead(
        &[r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#.to_owned(), deny(r#""*""#, "*", "")],
        r#""NotAction" | "*""#,
    );
    // One of a bucket, one of another.
    let two =
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::a/*","arn:aws:s3:::b/*"]}"#.to_owned();
    let (a, b) = (deny(r#""s3:Get*""#, "arn:aws:s3:::a/*", ""), deny(r#""s3:GetO*""#, "arn:aws:s3:::b/*", ""));
    dead(&[two, a, b], r#""s3:GetObject" | "s3:Get*" | "s3:GetO*""#);
    // One over TLS, one without.
    let tls = |value: &str| deny(r#""s3:*""#, "*", &format!(r#""Bool":{{"aws:SecureTransport":"{value}"}}"#));
    dead(
        &[allow(get, BUCKET, ""), tls("true"), tls("false")],
        r#""s3:GetObject" | "s3:GetObjectAcl" | "s3:*" | "s3:*""#,
    );
    // What lists all buckets works on none of them.
    let others = |spared: &str| format!(r#"{{"Effect":"Deny","Action":"s3:*","NotResource":[{spared}]}}"#);
    dead(
        &[
            allow(r#"["s3:GetObject","s3:ListAllMyBuckets"]"#, "*", ""),
            others(r#""arn:aws:s3:::a","arn:aws:s3:::a/*""#),
        ],
        r#""s3:ListAllMyBuckets" | "s3:*""#,
    );
    let to =
        |effect: &str, principal: &str, condition: &str| of_resource(effect, principal, r#""sqs:*""#, QUEUE, condition);
    let role = r#"{"AWS":"arn:aws:iam::111122223333:role/worker"}"#;
    let but = |key: &str, value: &str| to("Deny", r#""*""#, &format!(r#""StringNotEquals":{{"{key}":"{value}"}}"#));
    check(
        PolicyType::Resource,
        &[&to("Allow", role, ""), &but("aws:PrincipalAccount", "444455556666")],
        &[r#"W dead-allow "sqs:*" | "sqs:*""#],
    );
}

#[test]
fn what_always_holds_spares_nobody() {
    let get = || allow(r#""s3:GetObject""#, BUCKET, "");
    let told = |condition: &str, label: &str| {
        let dead = r#"W dead-allow "s3:GetObject" | "s3:Get*""#;
        let idle = format!("W condition-without-effect {label}");
        check(IDENTITY, &[&get(), &deny(r#""s3:Get*""#, "*", condition)], &[dead, &idle]);
    };
    told(r#""Bool":{"aws:SecureTransport":["false","true"]}"#, r#""aws:SecureTransport":["false","true"]"#);
    told(r#""StringLike":{"aws:PrincipalArn":"*"}"#, r#""aws:PrincipalArn":"*""#);
    told(r#""StringLikeIfExists":{"aws:SourceVpc":"*"}"#, r#""aws:SourceVpc":"*""#);
    // Who is not signed has no such key.
    let everyone = |statement: String| statement.replacen(r#""Action""#, r#""Principal":"*","Action""#, 1);
    let always = r#""Bool":{"aws:PrincipalIsAWSService":["false","true"]}"#;
    let public = r#"W public-access "*" | "aws:PrincipalIsAWSService":["false","true"]"#;
    let statements = [everyone(get()), everyone(deny(r#""s3:Get*""#, "*", always))];
    check(PolicyType::Resource, &[&statements[0], &statements[1]], &[public]);
}

#[test]
fn allowed_not_in_vain() {
    let get = || allow(r#"["s3:GetObject","s3:GetObjectAcl"]"#, BUCKET, "");
    check_silent(IDENTITY, &[get(), deny(r#""s3:GetObject""#, "arn:aws:s3:::b/secret/*", "")]);
    check_silent(IDENTITY, &[get(), deny(r#""s3:GetObject""#, "*", ORG)]);
    check_silent(IDENTITY, &[allow(r#""s3:Get*""#, BUCKET, ""), deny(r#""s3:GetObject""#, "*", "")]);
    check_silent(IDENTITY, &[get(), deny(r#""s3:GetObject""#, "arn:aws:s3:::{{ bucket }}/*", "")]);
    check_silent(IDENTITY, &[get(), deny(r#""*""#, "*", r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#)]);
    // Each lets pass what the other may refuse, and both a request that says nothing of it.
    let mfa = |value: &str| deny(r#""s3:*""#, "*", &format!(r#""Bool":{{"aws:MultiFactorAuthPresent":"{value}"}}"#));
    check_silent(IDENTITY, &[get(), mfa("true"), mfa("false")]);
    let region =
        |region: &str| deny(r#""s3:*""#, "*", &format!(r#""StringEquals":{{"aws:RequestedRegion":"{region}"}}"#));
    check_silent(IDENTITY, &[get(), region("us-east-1"), region("us-east-2")]);
    let others = |spared: &str| format!(r#"{{"Effect":"Deny","Action":"s3:*","NotResource":[{spared}]}}"#);
    check_silent(IDENTITY, &[allow(r#""s3:ListAllMyBuckets""#, "*", ""), others(r#""*""#)]);
    check_silent(IDENTITY, &[allow(r#""s3:GetObject""#, "*", ""), others(r#""arn:aws:s3:::a/*""#)]);
    let own = r#""StringNotEquals":{"aws:PrincipalAccount":"111122223333"}"#;
    let (allowed, denied) = (
        of_resource("Allow", r#"{"AWS":"111122223333"}"#, r#""sqs:*""#, QUEUE, ""),
        of_resource("Deny", r#""*""#, r#""sqs:*""#, QUEUE, own),
    );
    check_silent(PolicyType::Resource, &[allowed, denied]);
    // AWS lets everyone call it.
    check_silent(IDENTITY, &[allow(r#""sts:GetCallerIdentity""#, "*", ""), deny(r#""sts:*""#, "*", "")]);
    let to = |effect: &str, principal: &str| {
        format!(
            r#"{{"Effect":"{effect}","Principal":{principal},"Action":"sqs:*","Resource":"arn:aws:sqs:eu-west-1:111122223333:q"}}"#
        )
    };
    let (alice, bob) =
        (r#"{"AWS":"arn:aws:iam::111122223333:user/alice"}"#, r#"{"AWS":"arn:aws:iam::111122223333:user/bob"}"#);
    check_silent(PolicyType::Resource, &[to("Allow", alice), to("Deny", bob)]);
    let not_bob = to("Deny", bob).replace("Principal", "NotPrincipal");
    check(PolicyType::Resource, &[&to("Allow", alice), &not_bob], &[r#"W dead-allow "sqs:*" | "sqs:*""#]);
    check(PolicyType::Resource, &[&to("Allow", alice), &to("Deny", r#""*""#)], &[r#"W dead-allow "sqs:*" | "sqs:*""#]);
}

#[test]
fn what_other_rules_tell_of_statements_is_told_once() {
    // The Deny locks out everyone, which is the one cause.
    let enrol = r#"{"Effect":"Deny","NotAction":["iam:EnableMFADevice","iam:CreateVirtualMFADevice"],"Resource":"*"}"#;
    let statements = [allow(r#""s3:GetObject""#, "*", ""), enrol.to_owned()].join(",");
    check_statements_told_elsewhere(&statements, "unconditional-mfa-deny");
    // The Deny hits those with MFA, too.
    let always = deny(r#""s3:*""#, "*", r#""Null":{"aws:MultiFactorAuthPresent":["true","false"]}"#);
    let statements = [allow(r#""s3:GetObject""#, "*", ""), always].join(",");
    check_statements_told_elsewhere(&statements, "ineffective-mfa-condition");
    // What a statement is about that lacks an element, or misspells one, is not known.
    let read = allow(r#""s3:GetObject""#, "arn:aws:s3:::a/*", "");
    for effect in ["Allow", "Deny"] {
        let with = |rest: &str| format!(r#"{read},{{"Effect":"{effect}","Action":"s3:GetObject"{rest}}}"#);
        check_statements_told_elsewhere(&with(""), "missing-element");
        check_statements_told_elsewhere(&with(r#","Resources":"*""#), "unknown-element");
        check_statements_told_elsewhere(&with(r#","Resorce":"*""#), "unknown-element");
        check_statements_told_elsewhere(&with(r#","Resource":"*","Conditon":{}"#), "unknown-element");
    }
    check_told_elsewhere(ORG, "wildcard-grants-mfa-removal");
    // Actions of one list are no statements.
    check_statements_told_elsewhere(&allow(r#"["s3:Get*","s3:GetObject"]"#, "*", ""), "redundant-action");
}
