//! Values of keys that read well in an example. What is possible does not depend on them.

use super::domain::ACCOUNT;
use super::glob::{Glob, Language, Reach, Step};
use crate::catalog::KeyType;
use std::sync::OnceLock;

/// Values to try first of a key whose values are of this type, if that is known.
pub(super) fn usual(key: &str, kind: Option<KeyType>) -> &'static [&'static str] {
    match key {
        "aws:username" | "aws:sourceidentity" => &["alice"],
        "aws:principalarn" => &["arn:aws:iam::123456789012:user/alice", "arn:aws:iam::123456789012:role/example"],
        "aws:principalaccount"
        | "aws:resourceaccount"
        | "aws:sourceaccount"
        | "aws:sourceowner"
        | "aws:vpceaccount"
        | "kms:calleraccount" => &[ACCOUNT, "111122223333"],
        "aws:principalorgid" | "aws:resourceorgid" | "aws:sourceorgid" | "aws:vpceorgid" => &["o-example"],
        "aws:principalorgpaths" | "aws:resourceorgpaths" | "aws:sourceorgpaths" | "aws:vpceorgpaths" => {
            &["o-example/r-ab12/ou-ab12-11111111/"]
        }
        "aws:principaltype" => &["User", "AssumedRole", "Account", "FederatedUser", "Anonymous"],
        "aws:requestedregion" => &["us-east-1", "eu-west-1"],
        "aws:userid" => &["AIDAEXAMPLE", "AROAEXAMPLE:session"],
        "aws:federatedprovider" => &["cognito-identity.amazonaws.com"],
        "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => {
            &["cloudformation.amazonaws.com", "athena.amazonaws.com", "dynamodb.amazonaws.com"]
        }
        "aws:chatbotsourcearn" => &["arn:aws:chatbot::123456789012:chat-configuration/slack-channel/example"],
        "aws:sourcevpc" | "aws:ec2instancesourcevpc" => &["vpc-12345678"],
        "aws:sourcevpcarn" => &["arn:aws:ec2:us-east-1:123456789012:vpc/vpc-12345678"],
        "aws:sourcevpce" => &["vpce-12345678"],
        "aws:vpcsourceip" | "aws:ec2instancesourceprivateipv4" => &["10.0.0.7"],
        "aws:sourcearn" => &["arn:aws:s3:::example"],
        "aws:useragent" => &["aws-cli/2"],
        "ec2:roledelivery" => &["2.0", "1.0"],
        "ec2:sourceinstancearn" => &["arn:aws:ec2:us-east-1:123456789012:instance/i-1234567890abcdef0"],
        "glue:credentialissuingservice" | "glue:roleassumedby" => &["glue.amazonaws.com"],
        "s3:tlsversion" => &["1.2", "1.3"],
        "lambda:sourcefunctionarn" => &["arn:aws:lambda:us-east-1:123456789012:function:example"],
        _ if key.starts_with("aws:") => &[],
        _ => match kind {
            Some(KeyType::Bool) => &["true", "false"],
            Some(KeyType::Numeric) => &["1"],
            Some(KeyType::Date) => &["2024-01-01T00:00:00Z"],
            Some(KeyType::IpAddress) => &["203.0.113.7"],
            _ => &[],
        },
    }
}

/// What values look like that AWS documents the look of, the best first.
pub(super) fn forms(key: &str, kind: Option<KeyType>) -> &'static [Language] {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    let forms = FORMS.get_or_init(Forms::new);
    match key {
        "aws:principalarn" => &forms.caller,
        "aws:principalorgid" | "aws:resourceorgid" | "aws:sourceorgid" | "aws:vpceorgid" => &forms.organization,
        "aws:principalorgpaths" | "aws:resourceorgpaths" | "aws:sourceorgpaths" | "aws:vpceorgpaths" => &forms.path,
        "aws:userid" => &forms.id,
        "aws:calledvia" | "aws:calledviaawsmcp" | "aws:calledviafirst" | "aws:calledvialast" => &forms.service,
        "aws:sourcevpc" | "aws:ec2instancesourcevpc" => &forms.network,
        "aws:sourcevpce" => &forms.endpoint,
        "aws:sourcevpcarn" => &forms.network_arn,
        "lambda:sourcefunctionarn" => &forms.function_arn,
        _ if kind == Some(KeyType::Arn) => &forms.arn,
        _ => &[],
    }
}

/// In the notation of [`glob`].
struct Forms {
    caller: Vec<Language>,
    organization: Vec<Language>,
    path: Vec<Language>,
    id: Vec<Language>,
    service: Vec<Language>,
    network: Vec<Language>,
    endpoint: Vec<Language>,
    network_arn: Vec<Language>,
    function_arn: Vec<Language>,
    arn: Vec<Language>,
}

impl Forms {
    fn new() -> Self {
        let one = |pattern: &str| vec![Language::of(glob(pattern))];
        let either = |patterns: &[&str]| Language { globs: patterns.iter().map(|pattern| glob(pattern)).collect() };
        let arns = ["arn:aws:+:us-east-1:############:>", "arn:+:+:@:############:>", "arn:+:+:@:@:>"];
        Self {
            caller: vec![either(&["arn:+:iam::123456789012:>", "arn:+:sts::123456789012:>"])],
            organization: one("o-!!!!!!!!!+"),
            path: vec![
                either(&["o-!!!!!!!!!+/r-!!!+/", "o-!!!!!!!!!+/r-!!!+/>/"]),
                either(&["o-+/r-+/", "o-+/r-+/>/"]),
                either(&["o-+/", "o-+/>/"]),
            ],
            id: vec![either(&["AIDA+", "AROA+:+"])],
            service: one("+.amazonaws.com"),
            network: one("vpc-########"),
            endpoint: one("vpce-########"),
            network_arn: ["us-east-1", "@"]
                .map(|region| Language::of(glob(&format!("arn:+:ec2:{region}:############:vpc/vpc-########"))))
                .into(),
            function_arn: ["us-east-1", "@"]
                .map(|region| Language::of(glob(&format!("arn:+:lambda:{region}:############:function:+"))))
                .into(),
            arn: arns.map(|pattern| Language::of(glob(pattern))).into(),
        }
    }
}

/// `#` is a digit, `!` a character of a name, `+` a name, `@` a part of an ARN, or none, and `>` anything at all but
/// nothing.
fn glob(pattern: &str) -> Glob {
    let steps = pattern.chars().flat_map(|c| match c {
        '#' => vec![Step::Digit],
        '!' => vec![Step::One(Reach::Name)],
        '+' => vec![Step::One(Reach::Name), Step::Many(Reach::Name)],
        '@' => vec![Step::Many(Reach::Part)],
        '>' => vec![Step::One(Reach::Anywhere), Step::Many(Reach::Anywhere)],
        other => vec![Step::Char(other)],
    });
    Glob { steps: steps.collect(), folded: false }
}
