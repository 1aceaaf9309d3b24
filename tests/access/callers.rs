//! Callers and the keys that come with them: nobody is without a key that AWS gives them, nor with one that it does not.

use crate::chance::{Chance, assert_telling, rounds};
use crate::support::{policy, verdict};
use iam_lint::access::decide::{Answer, Callers, Question, Realism, Unknown};
use iam_lint::access::evaluate::{Context, Entry, decide};
use iam_lint::access::{Caller, Layers, Policies, Request, Semantics, can, what};
use iam_lint::policy::{Policy, Truth};
use serde_json::{Value, json};

fn document(statements: &str) -> &'static Policy<'static> {
    policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#))
}

/// A read of a bucket by `principal`, under `conditions`.
fn read(effect: &str, principal: &str, conditions: &str) -> String {
    format!(
        r#"{{"Effect":"{effect}","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/*",
        "Condition":{{{conditions}}}}}"#
    )
}

/// Whether `statements` allow `action` to `callers`; what shows it must be a request that can be.
#[track_caller]
fn check(statements: &str, action: &str, callers: Callers, expected: bool) {
    let question = Question { actions: vec![action.to_owned()], callers, ..Question::default() };
    verdict(&can(&Policies::Document(document(statements)), &question), expected, statements);
}

fn service(name: &str) -> Callers {
    Callers::Only(Caller::Service { name: name.to_owned() })
}

#[test]
fn a_key_of_users_and_roles_hides_no_one_else() {
    let arn = r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:user/mallory"}"#;
    let account = r#""StringEquals":{"aws:PrincipalAccount":"123456789012"}"#;
    let kind = r#""StringEquals":{"aws:PrincipalType":"User"}"#;
    for key in [arn, account, kind] {
        let open = format!("{},{}", read("Allow", r#""*""#, ""), read("Deny", r#""*""#, key));
        check(&open, "s3:GetObject", Callers::Anonymous, true);
        check(&open, "s3:GetObject", service("athena.amazonaws.com"), true);
        let logs = read("Allow", r#"{"Service":"cloudtrail.amazonaws.com"}"#, "");
        check(&format!("{logs},{}", read("Deny", r#""*""#, key)), "s3:GetObject", Callers::Anyone, true);
        let known = r#"{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#;
        let known = format!("{},{}", read("Allow", known, ""), read("Deny", r#""*""#, key));
        check(&known, "s3:GetObject", Callers::Anyone, true);
    }
    let provider = r#"{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}"#;
    let trust = format!(
        r#"{{"Effect":"Allow","Principal":{provider},"Action":"sts:AssumeRoleWithWebIdentity"}},
        {{"Effect":"Deny","Principal":"*","Action":"sts:*","Condition":{{{arn}}}}}"#
    );
    check(&trust, "sts:AssumeRoleWithWebIdentity", Callers::Anyone, true);
    let if_exists = read("Allow", r#""*""#, &arn.replace("ArnLike", "ArnLikeIfExists"));
    check(&if_exists, "s3:GetObject", Callers::Anonymous, true);
}

#[test]
fn what_aws_says_of_the_unsigned() {
    let unsigned = |condition: &str, expected: bool| {
        check(&read("Allow", r#""*""#, condition), "s3:GetObject", Callers::Anonymous, expected);
    };
    unsigned(r#""StringEquals":{"aws:PrincipalAccount":"anonymous"}"#, true);
    unsigned(r#""StringEquals":{"aws:PrincipalType":"Anonymous"}"#, true);
    unsigned(r#""Null":{"aws:PrincipalArn":"true"}"#, true);
    unsigned(r#""StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}"#, false);
    unsigned(r#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-aaaaaaaaaa/*"}"#, false);
    unsigned(r#""StringEquals":{"aws:PrincipalTag/team":"red"}"#, false);
    unsigned(r#""StringLike":{"aws:userid":"AROAEXAMPLE:*"}"#, false);
    unsigned(r#""StringEquals":{"kms:CallerAccount":"123456789012"}"#, false);
    unsigned(r#""StringNotEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}"#, true);
}

#[test]
fn services_have_no_organization() {
    let service = r#"{"Service":"sns.amazonaws.com"}"#;
    let org = r#""StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}"#;
    check(&read("Allow", service, org), "s3:GetObject", Callers::Anyone, false);
    let source = org.replace("Principal", "Source");
    check(&read("Allow", service, &source), "s3:GetObject", Callers::Anyone, true);
    let fence = org.replace("StringEquals", "StringNotEqualsIfExists");
    let public = document(&read("Allow", r#""*""#, ""));
    let rcp = document(&read("Deny", r#""*""#, &fence));
    let layers = Layers { resource: vec![public], rcp: vec![rcp], ..Layers::default() };
    let question =
        Question { actions: vec!["s3:GetObject".into()], callers: Callers::Anonymous, ..Question::default() };
    verdict(&can(&Policies::Account(layers), &question), false, "a perimeter of identities");
}

#[test]
fn a_key_knows_the_account_of_its_caller() {
    let key = r#"{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*",
        "Condition":{"StringEquals":{"kms:CallerAccount":"123456789012"}}}"#;
    let user = |account: &str| Callers::Only(Caller::User { arn: format!("arn:aws:iam::{account}:user/alice") });
    check(key, "kms:Decrypt", user("444455556666"), false);
    check(key, "kms:Decrypt", user("123456789012"), true);
    check(key, "kms:Decrypt", Callers::Anonymous, false);
    let outside = Callers::Outside(vec!["123456789012".to_owned()]);
    check(key, "kms:Decrypt", outside, false);
}

/// Whether an Allow under these conditions, without principals, allows anything.
#[track_caller]
fn check_identity(conditions: &str, expected: bool) {
    let allow = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":"#;
    check(&format!("{allow}{{{conditions}}}}}"), "s3:GetObject", Callers::Anyone, expected);
}

#[test]
fn arn_account_and_name_are_of_one_caller() {
    let arn = |pattern: &str| format!(r#""ArnLike":{{"aws:PrincipalArn":"{pattern}"}}"#);
    let equals = |key: &str, value: &str| format!(r#""StringEquals":{{"aws:{key}":"{value}"}}"#);
    let both = |one: &str, other: &str, expected: bool| check_identity(&format!("{one},{other}"), expected);
    let first = equals("PrincipalAccount", "111111111111");
    both(&first, &arn("arn:aws:iam::222222222222:*"), false);
    both(&first, &arn("arn:aws:iam::1*:role/deploy"), true);
    let bob = equals("username", "bob");
    both(&bob, &arn("arn:aws:iam::*:user/alice"), false);
    both(&bob, &arn("arn:aws:iam::*:user/team/bob"), true);
    both(&bob, &arn("arn:aws:iam::*:user/bob/*"), true);
    both(&bob, &arn("arn:aws:iam::*:role/*"), false);
    check_identity(&equals("username", "a/b"), false);
    both(&equals("userid", "AIDAEXAMPLE"), &arn("arn:aws:iam::*:role/*"), false);
    both(&equals("userid", "AROAEXAMPLE:deploy"), &arn("arn:aws:iam::*:role/*"), true);
    check_identity(r#""StringNotEquals":{"aws:PrincipalAccount":"123456789012"}"#, true);
    let digits: Vec<String> = (0..10).map(|digit| format!("\"{digit}*\"")).collect();
    check_identity(&format!(r#""StringNotLike":{{"aws:PrincipalAccount":[{}]}}"#, digits.join(",")), false);
    both(r#""StringLike":{"aws:username":"?*"}"#, r#""StringNotLike":{"aws:username":["b*","*x"]}"#, true);
}

#[test]
fn nobody_is_of_a_partition_or_an_account_that_is_not() {
    let all_but = |action: &str, resource: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"{action}","Resource":"*"}},
            {{"Effect":"Deny","Action":"{action}","Resource":"{resource}"}}"#
        )
    };
    let check = |action: &str, resource: &str, expected: bool| {
        check(&all_but(action, resource), action, Callers::Anyone, expected);
    };
    check("sqs:SendMessage", "arn:aws:sqs:*:*:*", false);
    check("sqs:SendMessage", "arn:aws-cn:sqs:*:*:*", false);
    check("sqs:SendMessage", "arn:*:sqs:*:*:*", false);
    check("sqs:SendMessage", "arn:aws:sqs:*-*-*:*:*", false);
    check("sqs:SendMessage", "arn:aws:sqs:us-*:*:*", true);
    check("sqs:SendMessage", "arn:aws:sqs:*:1*:*", true);
    check("iam:DeactivateMFADevice", "arn:aws:iam::*:user/*", false);
    let deny = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},
        {"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::*:*","arn:aws:sts::*:*"]}}}"#;
    self::check(deny, "s3:GetObject", Callers::Anyone, false);
}

#[test]
fn sessions_made_for_others_have_the_policies_of_their_user() {
    let only = |condition: &str| {
        format!(r#"{{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{{{condition}}}}}"#)
    };
    let check = |condition: &str| self::check(&only(condition), "s3:GetObject", Callers::Anyone, true);
    check(r#""StringEquals":{"aws:PrincipalType":"FederatedUser"}"#);
    check(r#""StringLike":{"aws:userid":"123456789012:*"}"#);
    check(r#""ArnLike":{"aws:PrincipalArn":"arn:aws:sts::*:federated-user/*"}"#);
}

#[test]
fn an_example_is_where_there_are_regions() {
    let resource = |pattern: &str| {
        let allow = format!(r#"{{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"{pattern}"}}"#);
        let question = Question { actions: vec!["sqs:SendMessage".into()], ..Question::default() };
        match can(&Policies::Document(document(&allow)), &question) {
            Answer::Possible(witness) => witness.request.resource,
            other => panic!("{pattern}: {other:?}"),
        }
    };
    assert_eq!(resource("arn:aws:sqs:eu-west-1:*:orders-*"), "arn:aws:sqs:eu-west-1:111111111111:orders-");
    let european = resource("arn:aws:sqs:eu-*:*:orders");
    assert!(european.starts_with("arn:aws:sqs:eu-") && european.matches('-').count() == 2, "{european}");
    assert!(resource("arn:aws-cn:sqs:*:*:*").starts_with("arn:aws-cn:sqs:cn-"));
    assert!(resource("arn:aws:sqs:mars-north-1:*:*").starts_with("arn:aws:sqs:mars-north-1:"));
}

const ACCOUNTS: &[&str] = &["123456789012", "444455556666"];
const PROVIDER: &str = "arn:aws:iam::123456789012:oidc-provider/idp.example.com";
const CANONICAL: &str = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

fn principal(chance: &mut Chance) -> Value {
    match chance.below(7) {
        0 | 1 => json!("*"),
        2 => json!({"AWS": chance.pick(ACCOUNTS)}),
        3 => json!({"AWS": ["arn:aws:iam::123456789012:user/team/alice", "arn:aws:iam::444455556666:role/worker"]}),
        4 => json!({"Service": chance.pick(&["sns.amazonaws.com", "s3.amazonaws.com"])}),
        5 => json!({"Federated": PROVIDER, "AWS": "arn:aws:sts::123456789012:federated-user/bob"}),
        _ => json!({"CanonicalUser": CANONICAL}),
    }
}

fn condition(chance: &mut Chance) -> (String, &'static str, Value) {
    const ARNS: &[&str] = &[
        "arn:aws:iam::123456789012:user/*",
        "arn:aws:iam::*:role/worker",
        "arn:aws:iam::444455556666:*",
        "arn:aws:iam::*:user/*alice",
    ];
    const KEYS: &[(&str, &[&str])] = &[
        ("aws:PrincipalAccount", &["123456789012", "1*", "anonymous", "444455556666", "*"]),
        ("aws:username", &["alice", "b*", "team/alice", "*e", "bob"]),
        ("aws:PrincipalType", &["User", "A*", "Anonymous", "Account"]),
        ("aws:PrincipalOrgID", &["o-a", "o-?", "x"]),
        ("aws:PrincipalTag/v", &["a", "*", "b"]),
        ("aws:PrincipalIsAWSService", &["true", "false"]),
        ("aws:PrincipalServiceName", &["sns.amazonaws.com", "*"]),
        ("aws:FederatedProvider", &[PROVIDER, "x"]),
        ("aws:userid", &["AIDAEXAMPLE", "AROAEXAMPLE:*", "anonymous", "444455556666", "*:bob"]),
        ("aws:SourceIdentity", &["alice", "a*"]),
        ("aws:SourceAccount", &["123456789012", "*"]),
        ("aws:ViaAWSService", &["true", "false"]),
        ("idp.example.com:sub", &["x", "*"]),
    ];
    let end = if chance.one_in(3) { "IfExists" } else { "" };
    let (key, values) = KEYS[chance.below(KEYS.len())];
    match chance.below(8) {
        0..=2 => {
            let operator = chance.pick(&["ArnLike", "ArnNotLike", "StringLike", "StringNotLike"]);
            (format!("{operator}{end}"), "aws:PrincipalArn", json!(chance.some(ARNS)))
        }
        3 => ("Null".to_owned(), key, json!(chance.pick(&["true", "false"]))),
        _ => {
            let operators =
                ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"];
            (format!("{}{end}", chance.pick(&operators)), key, json!(chance.some(values)))
        }
    }
}

fn resource_policy(chance: &mut Chance, action: &str) -> String {
    let mut statements = Vec::new();
    for number in 0..1 + chance.below(4) {
        let effect = if number > 0 && chance.one_in(2) { "Deny" } else { "Allow" };
        let element = if effect == "Deny" && chance.one_in(6) { "NotPrincipal" } else { "Principal" };
        let mut conditions = serde_json::Map::new();
        for _ in 0..chance.below(4) {
            let (operator, key, values) = condition(chance);
            conditions.entry(operator).or_insert_with(|| json!({}))[key] = values;
        }
        statements.push(json!({
            "Effect": effect, element: principal(chance), "Action": action, "Resource": "*", "Condition": conditions,
        }));
    }
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// Callers of every sort; those that only a name makes known, where `text` names them.
fn callers(text: &str) -> Vec<Caller> {
    let mut callers = vec![Caller::Anonymous];
    callers.extend(["sns.amazonaws.com", "ec2.amazonaws.com"].map(|name| Caller::Service { name: name.into() }));
    callers.extend([PROVIDER, "other.example.com"].map(|provider| Caller::Federated { provider: provider.into() }));
    for account in ACCOUNTS {
        for name in ["user/alice", "user/team/alice", "user/bob", "role/worker", "role/team/x", "root"] {
            callers.push(Caller::from_arn(&format!("arn:aws:iam::{account}:{name}")));
        }
    }
    if text.contains("CanonicalUser") {
        callers.push(Caller::CanonicalUser { id: CANONICAL.into() });
    }
    if text.contains("federated-user") {
        let user = "arn:aws:iam::123456789012:user/bob".to_owned();
        callers.push(Caller::FederatedUser { session: "arn:aws:sts::123456789012:federated-user/bob".into(), user });
    }
    callers
}

/// Keys of which a request of `caller` has one of these values, or none where there is an empty one.
fn keys(caller: &Caller) -> Vec<(&'static str, Vec<&'static str>)> {
    let is_signed = caller.account().is_some() || matches!(caller, Caller::CanonicalUser { .. });
    let mut keys = vec![("aws:ViaAWSService", if is_signed { vec!["true", "false"] } else { vec!["false"] })];
    if is_signed {
        keys.push(("aws:PrincipalOrgID", vec!["", "o-a", "x"]));
    }
    if is_signed && !matches!(caller, Caller::Root { .. }) {
        keys.push(("aws:PrincipalTag/v", vec!["", "a", "b"]));
    }
    keys.extend(match caller {
        Caller::Anonymous => vec![("aws:userid", vec!["anonymous"])],
        Caller::Root { account } if account == "444455556666" => vec![("aws:userid", vec!["444455556666"])],
        Caller::Root { .. } => vec![("aws:userid", vec!["123456789012"])],
        Caller::User { .. } => vec![("aws:userid", vec!["AIDAEXAMPLE", "AIDAOTHER"])],
        Caller::Session { .. } => vec![
            ("aws:userid", vec!["AROAEXAMPLE:bob", "AROAOTHER:eve"]),
            ("aws:SourceIdentity", vec!["", "alice"]),
            ("aws:FederatedProvider", vec!["", PROVIDER]),
        ],
        Caller::FederatedUser { .. } => vec![("aws:userid", vec!["123456789012:bob"])],
        Caller::Service { .. } => vec![("aws:SourceAccount", vec!["", "123456789012"])],
        Caller::Federated { provider } if provider == PROVIDER => vec![("idp.example.com:sub", vec!["", "x"])],
        Caller::Federated { .. } | Caller::CanonicalUser { .. } => Vec::new(),
    });
    keys
}

/// The requests of `caller`: with all that AWS derives, and with and without what it may have besides.
fn requests(caller: &Caller, action: &str) -> Vec<Request> {
    let mut contexts = vec![caller.keys()];
    for (key, values) in keys(caller) {
        let with = |context: &Context, value: &str| match value {
            "" => context.clone(),
            value => context.clone().with(key, value),
        };
        contexts = contexts.iter().flat_map(|context| values.iter().map(|value| with(context, value))).collect();
    }
    let resource = "arn:aws:t:us-east-1:123456789012:x".to_owned();
    let of = |context| Request {
        caller: caller.clone(),
        action: action.to_owned(),
        resource: resource.clone(),
        owner: None,
        context,
    };
    contexts.into_iter().map(of).collect()
}

#[test]
fn no_caller_is_overlooked() {
    let semantics = Semantics::default();
    let (mut possible, mut impossible, mut unknown) = (0, 0, 0);
    for number in 0..rounds(250) {
        // Whom a provider vouches for calls little else.
        let action = if number % 3 == 0 { "sts:TagSession" } else { "t:Get" };
        let text = resource_policy(&mut Chance::new(number ^ 0xca11), action);
        let question = Question { actions: vec![action.into()], realism: Realism::Anything, ..Question::default() };
        let is_taken = |caller: &Caller| number % 3 == 0 || !matches!(caller, Caller::Federated { .. });
        let parsed = policy(&text);
        let policies = Policies::Document(parsed);
        let mut reach = vec![(None, what(&policies, &question).pop().unwrap().answer)];
        for caller in callers(&text) {
            let asked = Question { callers: Callers::Only(caller.clone()), ..question.clone() };
            reach.push((Some(caller), can(&policies, &asked)));
        }
        for (only, answer) in reach {
            match answer {
                Answer::Possible(witness) => {
                    let request = &witness.request;
                    assert_eq!(
                        decide(request, &policies, &semantics).allowed,
                        Truth::Yes,
                        "{number}: {text}\n{witness}"
                    );
                    assert!(request.fits_its_caller(), "{number}: {request:?}\n{text}");
                    assert!(only.is_none_or(|only| only == request.caller), "{number}: {request:?}");
                    let is_stranger = matches!(request.caller, Caller::Anonymous | Caller::Service { .. });
                    let has_org = request.context.get("aws:PrincipalOrgID") != Entry::Absent;
                    assert!(!(is_stranger && has_org), "{number}: {request:?}");
                    assert!(is_taken(&request.caller), "{number}: {request:?}");
                    possible += 1;
                }
                Answer::Impossible(_) => {
                    let meant = only.map_or_else(|| callers(&text), |caller| vec![caller]);
                    for request in meant.iter().filter(|one| is_taken(one)).flat_map(|one| requests(one, action)) {
                        let allowed = decide(&request, &policies, &semantics).allowed;
                        assert_ne!(allowed, Truth::Yes, "{number}: not impossible: {request:?}\n{text}");
                    }
                    impossible += 1;
                }
                Answer::Unknown(reason @ Unknown::Disagreement(_)) => panic!("{number}: {reason:?}\n{text}"),
                Answer::Unknown(_) => unknown += 1,
            }
        }
    }
    assert_telling(possible, impossible, unknown);
}

#[test]
fn the_last_of_many_accounts_counts() {
    let accounts: Vec<String> = (0..40).map(|number| format!("2000000000{number:02}")).collect();
    let listed = |accounts: &[String]| json!({ "AWS": accounts }).to_string();
    let allow = read("Allow", &listed(&accounts), "");
    let but = |spared: usize| format!("{allow},{}", read("Deny", &listed(&accounts[..accounts.len() - spared]), ""));
    let outside = || Callers::Outside(accounts[..39].to_vec());
    check(&but(1), "s3:GetObject", Callers::Anyone, true);
    check(&but(0), "s3:GetObject", Callers::Anyone, false);
    check(&allow, "s3:GetObject", outside(), true);
    let by_key = |accounts: &[String]| json!({ "StringEquals": { "aws:PrincipalAccount": accounts } }).to_string();
    let condition = by_key(&accounts[..39]);
    let deny = read("Deny", r#""*""#, &condition[1..condition.len() - 1]);
    check(&format!("{allow},{deny}"), "s3:GetObject", Callers::Anyone, true);
}

#[test]
fn whom_a_policy_names_is_of_its_account() {
    let of = |account: &str| Callers::Of(account.to_owned());
    let role = r#"{"AWS":"arn:aws:iam::111122223333:role/reader"}"#;
    let session = r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/reader/s"}"#;
    for principal in [role, session] {
        check(&read("Allow", principal, ""), "s3:GetObject", of("111122223333"), true);
        check(&read("Allow", principal, ""), "s3:GetObject", of("444455556666"), false);
    }
    let example = r#"{"AWS":"arn:aws:iam::111122223333:user/example"}"#;
    let others = format!("{},{}", read("Allow", r#""*""#, ""), read("Deny", example, ""));
    check(&others, "s3:GetObject", of("111122223333"), true);
}
