//! Policies that no one writes by hand, each of which would be slow by a check that compares everything with
//! everything.

use std::fmt::Write as _;

/// Each with its name, with `count` statements or as much text in another form.
pub(crate) fn all(count: usize) -> Vec<(&'static str, String)> {
    vec![
        (
            "plain",
            policy(count, |index| {
                format!(
                    r#"{{"Sid":"S{index}","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","ec2:Describe*","sqs:SendMessage","sns:Publish","logs:PutLogEvents","kms:Decrypt"],"Resource":["arn:aws:s3:::bucket-{index}/*","arn:aws:s3:::bucket-{index}","arn:aws:sqs:eu-west-1:123456789012:queue-{index}","arn:aws:kms:eu-west-1:123456789012:key/{index}"],"Condition":{{"StringEquals":{{"aws:RequestedRegion":"eu-west-1"}},"ArnLike":{{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/role-{index}"}}}}}}"#
                )
            }),
        ),
        (
            "Allows that admit access keys",
            policy(count, |index| {
                format!(
                    r#"{{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::*:user/u{index}","Condition":{{"BoolIfExists":{{"aws:MultiFactorAuthPresent":"true"}}}}}}"#
                )
            }),
        ),
        (
            "Denies that miss access keys",
            policy(count, |index| {
                format!(
                    r#"{{"Effect":"Deny","Action":"s3:Get*","Resource":"arn:aws:s3:::b{index}/*","Condition":{{"Bool":{{"aws:MultiFactorAuthPresent":"false"}}}}}}"#
                )
            }),
        ),
        (
            "half Allows, half Denies",
            policy(count, |index| {
                if index % 2 == 0 {
                    format!(r#"{{"Effect":"Allow","Action":"*","Resource":"arn:aws:iam::*:user/a{index}*"}}"#)
                } else {
                    format!(
                        r#"{{"Effect":"Deny","Action":"iam:*","Resource":"arn:aws:iam::*:user/*b{index}","Condition":{{"BoolIfExists":{{"aws:MultiFactorAuthPresent":"false"}}}}}}"#
                    )
                }
            }),
        ),
        (
            "enrollment, granted and denied",
            policy(count, |index| {
                if index % 2 == 0 {
                    format!(
                        r#"{{"Effect":"Allow","Action":"iam:EnableMFADevice","Resource":"arn:aws:iam::*:user/a{index}"}}"#
                    )
                } else {
                    r#"{"Effect":"Deny","NotAction":"s3:*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#.to_owned()
                }
            }),
        ),
        ("one list of actions", list("Action", count * 10, |index| format!("s3:GetObject{index}"))),
        ("one list of wildcards", list("Action", count, |index| format!("iam:*{index}*a*b*c"))),
        ("one list of resources", list("Resource", count, |index| format!("arn:aws:s3:::*{index}*/*"))),
        ("one condition of many ages", ages(count)),
        ("one deep heap of brackets", "[".repeat(count * 10)),
        ("one string", format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"{}"}}]}}"#, "*a".repeat(count * 10))),
        ("one policy in each of many members", wrappers(count)),
    ]
}

fn policy(count: usize, statement: impl Fn(usize) -> String) -> String {
    let all: Vec<String> = (0..count).map(statement).collect();
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, all.join(","))
}

fn list(element: &str, count: usize, item: impl Fn(usize) -> String) -> String {
    let items: Vec<String> = (0..count).map(|index| format!("\"{}\"", item(index))).collect();
    let (items, other) = (items.join(","), if element == "Action" { "Resource" } else { "Action" });
    format!(
        r#"{{"Statement":[{{"Effect":"Allow","{element}":[{items}],"{other}":"*"}},{{"Effect":"Deny","{element}":[{items}],"{other}":"*"}}]}}"#
    )
}

fn ages(count: usize) -> String {
    let values: Vec<String> = (0..count).map(|age| format!("\"{}\"", age * 60)).collect();
    let values = values.join(",");
    format!(
        r#"{{"Statement":[{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"NumericGreaterThan":{{"aws:MultiFactorAuthAge":[{values}]}}}}}}]}}"#
    )
}

fn wrappers(count: usize) -> String {
    let mut text = String::from("{");
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            r#"{comma}"role-{index}":{{"PolicyDocument":{{"Statement":[{{"Effect":"Allow","Action":"s3:*","Resource":"*"}}]}}}}"#
        );
    }
    text + "}"
}
