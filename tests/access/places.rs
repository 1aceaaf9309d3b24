//! Where requests are made, and what comes only with some of their resources.

use crate::support::{policy, verdict};
use iam_lint::access::decide::{Answer, Callers, Question, Realism};
use iam_lint::access::{Caller, Policies, added, can};
use iam_lint::policy::Truth;

/// The answer to whether `statements` allow `action`.
fn ask(action: &str, statements: &str, context: &[(&str, &str)]) -> Answer {
    let policy = policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#));
    let context = context.iter().map(|(key, value)| ((*key).to_owned(), vec![(*value).to_owned()])).collect();
    can(&Policies::Document(policy), &Question { actions: vec![action.into()], context, ..Question::default() })
}

fn allow(action: &str, resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}","Condition":{{"StringLike":{{{condition}}}}}}}"#
    )
}

#[test]
fn a_service_with_one_endpoint_is_called_there() {
    let (usual, other) = (r#""aws:RequestedRegion":"us-east-1""#, r#""aws:RequestedRegion":"eu-central-1""#);
    for (action, resource, condition, expected) in [
        ("iam:CreateUser", "*", usual, true),
        ("iam:CreateUser", "*", other, false),
        ("iam:CreateUser", "*", r#""aws:RequestedRegion":"us-*""#, true),
        ("iam:CreateUser", "arn:aws-cn:iam::*:user/*", r#""aws:RequestedRegion":"cn-north-1""#, true),
        ("iam:CreateUser", "arn:aws-us-gov:iam::*:user/*", usual, false),
        ("organizations:ListRoots", "*", other, false),
        ("globalaccelerator:ListAccelerators", "*", r#""aws:RequestedRegion":"us-west-2""#, true),
        ("globalaccelerator:ListAccelerators", "*", usual, false),
        ("route53domains:RegisterDomain", "*", usual, true),
        ("route53domains:RegisterDomain", "*", other, false),
        // A role is passed to services of any region, and these have endpoints in several.
        ("iam:PassRole", "*", other, true),
        ("sts:AssumeRole", "*", other, true),
        ("support:CreateCase", "*", other, true),
        ("unheard:Of", "*", other, true),
    ] {
        let case = format!("{action} on {resource} with {condition}");
        verdict(&ask(action, &allow(action, resource, condition), &[]), expected, &case);
    }
    let guarded = r#"{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*",
        "Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-central-1"}}}"#;
    verdict(&ask("iam:CreateUser", guarded, &[]), false, "guarded");
    let absent = r#"{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:*:*",
        "Condition":{"StringEqualsIfExists":{"aws:RequestedRegion":"eu-central-1"}}}"#;
    verdict(&ask("sqs:SendMessage", absent, &[]), false, "every request says which region is called");
    verdict(&ask("iam:CreateUser", guarded, &[("aws:RequestedRegion", "eu-central-1")]), true, "as asked");
}

#[test]
fn a_resource_is_called_in_its_region() {
    let (own, other) = (r#""aws:RequestedRegion":"eu-west-1""#, r#""aws:RequestedRegion":"eu-central-1""#);
    for (action, resource, condition, expected) in [
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:*:*", own, true),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:*:*", other, false),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-*:*:*", r#""aws:RequestedRegion":"eu-central-*""#, false),
        ("sqs:SendMessage", "*", other, true),
        ("s3:GetObject", "arn:aws:s3:::b/*", other, true),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:*:key/*", r#""kms:ViaService":"s3.eu-west-1.amazonaws.com""#, true),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:*:key/*", r#""kms:ViaService":"s3.us-east-1.amazonaws.com""#, false),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:*:key/*", r#""kms:ViaService":"*.us-east-1.amazonaws.com""#, false),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:*:key/*", r#""kms:ViaService":"s3.*.amazonaws.com""#, true),
        ("kms:Decrypt", "*", r#""kms:ViaService":"s3.us-west-2.amazonaws.com""#, true),
        // What crosses regions may be called in either.
        ("ec2:CopySnapshot", "arn:aws:ec2:eu-west-1::snapshot/*", other, true),
        ("kms:ReplicateKey", "arn:aws:kms:eu-west-1:*:key/*", other, true),
        ("bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/*", other, true),
    ] {
        let case = format!("{action} on {resource} with {condition}");
        let answer = ask(action, &allow(action, resource, condition), &[]);
        verdict(&answer, expected, &case);
        if let (Answer::Possible(witness), true) = (&answer, condition.contains("us-west-2")) {
            assert_eq!(witness.request.resource.split(':').nth(3), Some("us-west-2"), "{case}");
        }
        if let (Answer::Possible(witness), "sqs:SendMessage") = (&answer, action) {
            let region = witness.request.context.single("aws:RequestedRegion");
            assert_eq!(witness.request.resource.split(':').nth(3), region, "{case}");
        }
    }
}

#[test]
fn policies_differ_by_what_no_request_does() {
    let document = |condition: &str| {
        let statement = allow("sqs:*", "arn:aws:sqs:eu-west-1:*:*", condition);
        policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#))
    };
    let (old, new) = (document(r#""aws:RequestedRegion":"eu-west-1""#), document(r#""aws:RequestedRegion":"*""#));
    let with = |realism| added(old, new, &Question { realism, ..Question::default() });
    verdict(&with(Realism::Anything), true, "a policy by itself");
    verdict(&with(Realism::Catalogue), false, "a queue is called in its own region");
}

#[test]
fn keys_of_one_resource_do_not_come_with_another() {
    let (kind, zone) = (r#""ec2:InstanceType":"t3.micro""#, r#""ec2:AvailabilityZone":"us-east-1a""#);
    for (resource, condition, expected) in [
        ("arn:aws:ec2:*:*:instance/*", kind, true),
        ("arn:aws:ec2:*:*:subnet/*", kind, false),
        ("arn:aws:ec2:*:*:subnet/*", zone, true),
        ("arn:aws:ec2:*::image/*", zone, false),
        ("arn:aws:ec2:*::image/*", r#""ec2:Region":"us-east-1""#, true),
        ("*", kind, true),
    ] {
        let case = format!("{resource} with {condition}");
        let answer = ask("ec2:RunInstances", &allow("ec2:RunInstances", resource, condition), &[]);
        verdict(&answer, expected, &case);
    }
    let all = r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*"},{"Effect":"Deny","Action":"ec2:RunInstances",
        "Resource":"arn:aws:ec2:*:*:subnet/*","Condition":{"StringNotEquals":{"ec2:InstanceType":"t3.micro"}}},
        {"Effect":"Deny","Action":"ec2:RunInstances","NotResource":"arn:aws:ec2:*:*:subnet/*"}"#;
    verdict(&ask("ec2:RunInstances", all, &[]), false, "a Deny that no subnet escapes");
}

#[test]
fn some_of_what_an_account_uses_is_of_aws() {
    for (action, resource, expected) in [
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/*", true),
        ("iam:GetUser", "arn:aws:iam::aws:user/*", false),
        ("ssm:GetParameter", "arn:aws:ssm:*::parameter/aws/service/*", true),
        ("ssm:SendCommand", "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript", true),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1::orders", false),
    ] {
        let statement = format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}"#);
        verdict(&ask(action, &statement, &[]), expected, resource);
    }
}

#[test]
fn a_region_tells_the_partition() {
    let only_in = |region: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*"}},{{"Effect":"Deny","Action":"*","Resource":"*",
            "Condition":{{"StringNotEquals":{{"aws:RequestedRegion":"{region}"}}}}}}"#
        )
    };
    let in_china = ask("iam:CreateUser", &only_in("cn-north-1"), &[]);
    verdict(&in_china, true, "the region of IAM in China");
    let Answer::Possible(witness) = in_china else { panic!("{in_china:?}") };
    let alice = "arn:aws-cn:iam::123456789012:user/alice".to_owned();
    assert_eq!(witness.request.caller, Caller::User { arn: alice }, "nobody comes from another partition");
    verdict(&ask("iam:CreateUser", &only_in("eu-central-1"), &[]), false, "no region of IAM");
}

#[test]
fn not_every_request_tells_whose_the_resource_is() {
    let guarded = |action: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"{action}","Resource":"*"}},{{"Effect":"Deny","Action":"*","Resource":"*",
            "Condition":{{"StringNotEquals":{{"aws:ResourceAccount":"111122223333"}}}}}}"#
        )
    };
    for (action, expected) in [
        ("ec2:CreateVpcPeeringConnection", false),
        ("ebs:GetSnapshotBlock", false),
        ("ec2:CreateVpc", true),
        ("s3:GetObject", true),
    ] {
        verdict(&ask(action, &guarded(action), &[]), expected, action);
    }
    let absent =
        r#"{"Effect":"Allow","Action":"ebs:*","Resource":"*","Condition":{"Null":{"aws:ResourceOrgID":"true"}}}"#;
    verdict(&ask("ebs:GetSnapshotBlock", absent, &[]), true, "absent");
}

#[test]
fn nobody_reaches_into_another_partition() {
    let arn = |partition: &str| format!("arn:{partition}:iam::111122223333:role/x");
    let by = |partition: &str| format!(r#""aws:PrincipalArn":"arn:{partition}:iam::*:role/*""#);
    for (resource, caller, expected) in [
        ("aws", "aws", true),
        ("aws-cn", "aws-cn", true),
        ("aws-cn", "aws", false),
        ("aws-us-gov", "aws-cn", false),
        ("*", "aws-cn", true),
        ("*", "*", true),
    ] {
        let case = format!("{resource} by {caller}");
        let answer = ask("iam:PassRole", &allow("iam:*", &arn(resource), &by(caller)), &[]);
        verdict(&answer, expected, &case);
        if let Answer::Possible(witness) = answer {
            let own = witness.request.context.single("aws:PrincipalArn").and_then(|arn| arn.split(':').nth(1));
            assert_eq!(witness.request.resource.split(':').nth(1), own, "{witness}");
        }
    }
    let in_china = policy(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws-cn:iam::111122223333:*"}]}"#,
    );
    for (partition, expected) in [("aws", false), ("aws-cn", true)] {
        let caller = Caller::from_arn(&format!("arn:{partition}:iam::111122223333:user/a"));
        let question =
            Question { actions: vec!["iam:GetUser".into()], callers: Callers::Only(caller), ..Question::default() };
        verdict(&can(&Policies::Document(in_china), &question), expected, partition);
    }
    for (resource, region, expected) in [
        ("arn:aws-cn:s3:::b/*", "cn-north-1", true),
        ("arn:aws-cn:s3:::b/*", "us-east-1", false),
        ("arn:aws:s3:::b/*", "cn-north-1", false),
        ("arn:aws:s3:::b/*", "eu-*", true),
        ("*", "cn-north-1", true),
    ] {
        let condition = format!(r#""aws:RequestedRegion":"{region}""#);
        let case = format!("{resource} in {region}");
        verdict(&ask("s3:GetObject", &allow("s3:*", resource, &condition), &[]), expected, &case);
    }
    // Nor is an account of that number there the same account.
    let of = |effect: &str, partition: &str, principal: &str| {
        format!(
            r#"{{"Effect":"{effect}","Principal":{{"AWS":"arn:{partition}:iam::111122223333:{principal}"}},"Action":"s3:GetObject","Resource":"arn:{partition}:s3:::b/*"}}"#
        )
    };
    for (statements, expected) in [
        (of("Allow", "aws-cn", "root"), true),
        (of("Allow", "aws", "user/a") + "," + &of("Deny", "aws-cn", "root"), true),
        (of("Allow", "aws", "user/a") + "," + &of("Deny", "aws", "root"), false),
        (of("Allow", "aws-cn", "user/a") + "," + &of("Deny", "aws-cn", "root"), false),
    ] {
        verdict(&ask("s3:GetObject", &statements, &[]), expected, &statements);
    }
    // What works on nothing in particular is of every partition.
    let mfa = r#","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#;
    let several = r#",{"Effect":"Allow","Action":"iam:GetUser","Resource":["arn:aws:iam::*:user/x","arn:aws-us-gov:iam::*:user/x"]}"#;
    let own = r#",{"Effect":"Deny","Action":"iam:*","Resource":["arn:aws:iam::*:user/${aws:username}","arn:aws-cn:iam::*:user/${aws:username}"]}"#;
    for (statements, action, expected) in [
        (format!(r#"{{"Effect":"Allow","Action":"s3:*","Resource":"*"{mfa}}}{several}"#), "s3:ListAllMyBuckets", true),
        (format!(r#"{{"Effect":"Allow","Action":"iam:*","Resource":"*"}}{own}"#), "iam:CreateAccountAlias", true),
        (format!(r#"{{"Effect":"Allow","Action":"iam:*","Resource":"*"}}{own}"#), "iam:DeleteUser", true),
        (format!(r#"{{"Effect":"Deny","Action":"s3:*","Resource":"*"{mfa}}}{several}"#), "s3:ListAllMyBuckets", false),
    ] {
        verdict(&ask(action, &statements, &[]), expected, &statements);
    }
    // What is filled in need not be what is named.
    let deny = r#",{"Effect":"Deny","Action":"*","Resource":"arn:aws:iam::*:role/*"}"#;
    for statements in [allow("iam:*", &arn("${p}"), "") + deny, allow("iam:*", &arn("aws-${p}"), "")] {
        assert_eq!(ask("iam:PassRole", &statements, &[]).truth(), Truth::Maybe, "{statements}");
    }
}
