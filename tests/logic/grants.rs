//! Resources that are open to everyone, to another account, or to a service on behalf of anyone.

use crate::{BUCKET, ORG, QUEUE, check, check_silent, of_resource};
use iam_lint::policy::PolicyType;

#[test]
fn open_to_whomever_a_provider_vouches_for() {
    let trust = r#"{"Effect":"Allow","Principal":{"Federated":"*"},"Action":"sts:AssumeRoleWithWebIdentity"}"#;
    check(PolicyType::Trust, &[trust], &[r#"E public-access "*""#]);
}

#[test]
fn open_to_everyone() {
    let open = |principal: &str, action: &str, condition: &str, expected: &str| {
        let statement = of_resource("Allow", principal, action, "*", condition);
        let expected: Vec<String> =
            Some(expected).filter(|text| !text.is_empty()).map(str::to_owned).into_iter().collect();
        check(PolicyType::Resource, &[&statement], &expected.iter().map(String::as_str).collect::<Vec<_>>());
    };
    const ERROR: &str = r#"E public-access "*""#;
    open(r#""*""#, r#""sqs:SendMessage""#, "", ERROR);
    open(r#"{"AWS":"*"}"#, r#""secretsmanager:GetSecretValue""#, "", ERROR);
    open(r#"{"AWS":["111122223333","*"]}"#, r#""sqs:*""#, "", ERROR);
    // What web sites do.
    open(r#""*""#, r#"["s3:GetObject","s3:ListBucket"]"#, "", r#"W public-access "*""#);
    open(r#""*""#, r#"["s3:GetObject","s3:PutObject"]"#, "", ERROR);
    open(
        r#""*""#,
        r#""lambda:InvokeFunctionUrl""#,
        r#""StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}"#,
        r#"W public-access "*""#,
    );
    // What anyone can bring along, or nearly.
    open(r#""*""#, r#""sqs:SendMessage""#, r#""Bool":{"aws:SecureTransport":"true"}"#, ERROR);
    open(r#""*""#, r#""sqs:SendMessage""#, r#""StringLike":{"aws:Referer":"https://example.com/*"}"#, ERROR);
    open(r#""*""#, r#""sqs:SendMessage""#, r#""IpAddress":{"aws:SourceIp":["0.0.0.0/0"]}"#, ERROR);
    open(r#""*""#, r#""sqs:SendMessage""#, r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}"#, ERROR);
    open(r#""*""#, r#""sqs:SendMessage""#, r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a"}"#, ERROR);
    open(r#""*""#, r#""sqs:SendMessage""#, r#""StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}"#, ERROR);
    // What they cannot.
    for condition in [
        ORG,
        r#""StringEquals":{"AWS:SourceOwner":"111122223333"}"#,
        r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#,
        r#""StringEquals":{"aws:PrincipalAccount":["111122223333","444455556666"]}"#,
        r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}"#,
        r#""StringEquals":{"kms:CallerAccount":"111122223333"}"#,
        r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#,
        r#""StringEquals":{"aws:SourceVpce":"vpce-1"}"#,
        r#""ArnEquals":{"aws:SourceArn":"arn:aws:sns:eu-west-1:111122223333:t"}"#,
        r#""StringEquals":{"aws:PrincipalOrgID":"${org}"}"#,
        r#""Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}"#,
    ] {
        open(r#"{"AWS":"*"}"#, r#"["sqs:SendMessage","elasticfilesystem:ClientMount","kms:Decrypt"]"#, condition, "");
    }
    open(r#"{"AWS":"111122223333"}"#, r#""sqs:SendMessage""#, "", "");
    open(r#"{"Service":"sns.amazonaws.com"}"#, r#""sqs:ListQueues""#, "", "");
    // As a VPC endpoint has it.
    open(r#""*""#, r#""*""#, "", "");
}

#[test]
fn what_keeps_everyone_out() {
    let resource = PolicyType::Resource;
    let open = of_resource("Allow", r#""*""#, r#""sqs:*""#, QUEUE, "");
    let deny = |condition: &str| of_resource("Deny", r#""*""#, r#""sqs:*""#, QUEUE, condition);
    check_silent(resource, &[open.clone(), deny(r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a"}"#)]);
    check_silent(resource, &[open.clone(), deny(r#""NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#)]);
    let secure = r#""Bool":{"aws:SecureTransport":"false"}"#;
    let expected = r#"E public-access "*" | "aws:SecureTransport":"false""#;
    check(resource, &[&open, &deny(secure)], &[expected]);
    // Each Allow that is open, and no other.
    let own = of_resource("Allow", r#""*""#, r#""sqs:SendMessage""#, "arn:aws:sqs:eu-west-1:111122223333:other", ORG);
    let second =
        of_resource("Allow", r#"{"AWS":"*"}"#, r#""sqs:SendMessage""#, "arn:aws:sqs:eu-west-1:111122223333:third", "");
    check(resource, &[&open, &own, &second], &[r#"E public-access "*""#, r#"E public-access "*""#]);
    let not = of_resource("Allow", r#"{"AWS":"arn:aws:iam::111122223333:user/mallory"}"#, r#""sqs:*""#, QUEUE, "");
    check(resource, &[&not.replace("Principal", "NotPrincipal")], &[r#"E public-access "NotPrincipal""#]);
    // Who has such a policy attached is known, and an endpoint is for those in the network.
    check_silent(PolicyType::VpcEndpoint, std::slice::from_ref(&open));
    check_silent(PolicyType::Rcp, &[open]);
    let trust = |condition: &str| {
        let condition = format!(r#""Condition":{{{condition}}}"#);
        format!(r#"{{"Effect":"Allow","Principal":{{"AWS":"*"}},"Action":"sts:AssumeRole",{condition}}}"#)
    };
    let external_id = trust(r#""StringEquals":{"sts:ExternalId":"x"}"#);
    check(PolicyType::Trust, &[&external_id], &[r#"E public-access "*""#]);
    check_silent(PolicyType::Trust, &[trust(ORG)]);
}

#[test]
fn other_accounts() {
    let resource = PolicyType::Resource;
    let send = r#""sqs:SendMessage""#;
    let to = |principal: &str, condition: &str| of_resource("Allow", principal, send, QUEUE, condition);
    let (role, root) = ("arn:aws:iam::444455556666:role/r", "arn:aws:iam::444455556666:root");
    check(resource, &[&to(&format!(r#"{{"AWS":"{role}"}}"#), "")], &[&format!("N cross-account-access \"{role}\"")]);
    check(
        resource,
        &[&to(&format!(r#"{{"AWS":["111122223333","{root}","777788889999"]}}"#), "")],
        &[&format!("N cross-account-access \"{root}\" | \"777788889999\"")],
    );
    check_silent(resource, &[to(r#"{"AWS":"arn:aws:iam::111122223333:role/r"}"#, "")]);
    check_silent(resource, &[to(&format!(r#"{{"AWS":"{role}"}}"#), ORG.replace("o-a", "${org}").as_str())]);
    // Everyone, but for a condition.
    let held = |condition: &str| to(r#""*""#, condition);
    check(
        resource,
        &[&held(r#""StringEquals":{"aws:PrincipalAccount":["111122223333","444455556666"]}"#)],
        &[r#"N cross-account-access "444455556666""#],
    );
    check(
        resource,
        &[&held(&format!(r#""ArnLike":{{"aws:PrincipalArn":"{role}"}}"#))],
        &[&format!("N cross-account-access \"{role}\"")],
    );
    check_silent(resource, &[held(r#""StringEquals":{"aws:PrincipalAccount":"111122223333"}"#)]);
    check_silent(resource, &[held(r#""StringEquals":{"aws:SourceAccount":"444455556666"}"#)]);
    // Whose a bucket is, nobody says, nor where there are several.
    check_silent(resource, &[of_resource("Allow", &format!(r#"{{"AWS":"{root}"}}"#), r#""s3:GetObject""#, BUCKET, "")]);
    let deny =
        of_resource("Deny", r#""*""#, send, QUEUE, r#""StringNotEquals":{"aws:PrincipalAccount":"111122223333"}"#);
    let refused = to(&format!(r#"{{"AWS":"{root}"}}"#), "");
    check(resource, &[&refused, &deny], &[r#"W dead-allow "sqs:SendMessage" | "sqs:SendMessage""#]);
}

#[test]
fn deputies() {
    let resource = PolicyType::Resource;
    let to = |service: &str, action: &str, condition: &str| {
        of_resource("Allow", &format!(r#"{{"Service":{service}}}"#), action, QUEUE, condition)
    };
    let sns = r#""sns.amazonaws.com""#;
    let found = &[r#"W confused-deputy "sns.amazonaws.com""#];
    check(resource, &[&to(sns, r#""sqs:SendMessage""#, "")], found);
    check(resource, &[&to(sns, r#""sqs:*""#, r#""Bool":{"aws:SecureTransport":"true"}"#)], found);
    check(resource, &[&to(sns, r#""sqs:SendMessage""#, r#""StringEqualsIfExists":{"aws:SourceAccount":"*"}"#)], &[]);
    check(resource, &[&to(sns, r#""sqs:SendMessage""#, r#""StringLike":{"aws:SourceAccount":"*"}"#)], found);
    for source in ["arn:aws:sns:*:*:*", "arn:aws:sns:us-east-1:*:alerts"] {
        let like = format!(r#""ArnLike":{{"aws:SourceArn":"{source}"}}"#);
        check(resource, &[&to(sns, r#""sqs:SendMessage""#, &like)], found);
    }
    // Whose a bucket is, its ARN does not say.
    let bucket = r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}"#;
    let of_bucket = to(r#""s3.amazonaws.com""#, r#""sqs:SendMessage""#, bucket);
    check(resource, &[&of_bucket], &[r#"W confused-deputy "s3.amazonaws.com""#]);
    check_silent(resource, &[of_bucket.replace(":::*", ":::b")]);
    let several = to(r#"["s3.amazonaws.com","sns.amazonaws.com","unknown.amazonaws.com"]"#, r#""sqs:SendMessage""#, "");
    check(resource, &[&several], &[r#"W confused-deputy "s3.amazonaws.com" | "sns.amazonaws.com""#]);
    for condition in [
        r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#,
        r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:*"}"#,
        r#""StringEquals":{"AWS:sourceorgid":"o-a"}"#,
        r#""StringEquals":{"aws:SourceAccount":"${account}"}"#,
        // It may be that only the owner has it.
        r#""StringEquals":{"aws:Referer":"111122223333"}"#,
    ] {
        check_silent(resource, &[to(sns, r#""sqs:SendMessage""#, condition)]);
    }
    let deny = of_resource(
        "Deny",
        r#""*""#,
        r#""sqs:*""#,
        QUEUE,
        r#""StringNotEquals":{"aws:SourceAccount":"111122223333"},"Bool":{"aws:PrincipalIsAWSService":"true"}"#,
    );
    check_silent(resource, &[to(sns, r#""sqs:SendMessage""#, ""), deny]);
    // Of these, nobody documents it.
    check_silent(resource, &[to(r#""events.amazonaws.com""#, r#""sns:Publish""#, "")]);
    check_silent(resource, &[to(r#""ec2.amazonaws.com""#, r#""sqs:SendMessage""#, "")]);
    check_silent(
        PolicyType::Trust,
        &[r#"{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sts:AssumeRole"}"#.to_owned()],
    );
}
