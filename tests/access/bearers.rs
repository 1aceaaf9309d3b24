//! Which callers come with which keys, and with what values.

use crate::support::policy;
use iam_lint::access::decide::{Answer, Callers, Question, Unknown};
use iam_lint::access::{Caller, Policies, can, granted};
use iam_lint::policy::{Policy, Truth};

const OIDC: &str = "arn:aws:iam::123456789012:oidc-provider/idp.example.com/id/1";

/// An Allow of everyone under `condition`.
fn everyone(action: &str, condition: &str) -> &'static Policy<'static> {
    statement(&format!(r#""Principal":"*","Action":"{action}","Condition":{{{condition}}}"#))
}

fn statement(rest: &str) -> &'static Policy<'static> {
    policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{rest}}}]}}"#))
}

fn ask(policy: &'static Policy<'static>, action: &str, callers: Callers) -> Answer {
    let question = Question { actions: vec![action.to_owned()], callers, ..Question::default() };
    can(&Policies::Document(policy), &question)
}

/// One caller of each sort, by a short name, with what it can call.
fn callers() -> Vec<(&'static str, Caller, &'static str)> {
    let federated = |provider: &str| Caller::Federated { provider: provider.to_owned() };
    let session = "arn:aws:sts::123456789012:federated-user/bob".to_owned();
    let send = "sqs:SendMessage";
    vec![
        ("anonymous", Caller::Anonymous, send),
        ("root", Caller::Root { account: "123456789012".into() }, send),
        ("user", Caller::User { arn: "arn:aws:iam::123456789012:user/alice".into() }, send),
        ("role", Caller::from_arn("arn:aws:iam::123456789012:role/worker"), send),
        ("federated", Caller::FederatedUser { session, user: "arn:aws:iam::123456789012:user/bob".into() }, send),
        ("service", Caller::Service { name: "sns.amazonaws.com".into() }, send),
        ("web", federated(OIDC), "sts:AssumeRoleWithWebIdentity"),
        ("saml", federated("arn:aws:iam::123456789012:saml-provider/corp"), "sts:AssumeRoleWithSAML"),
    ]
}

/// That of all callers only `expected` can meet `condition`.
#[track_caller]
fn check(condition: &str, expected: &[&str]) {
    for (name, caller, action) in callers() {
        let answer = ask(everyone(action, condition), action, Callers::Only(caller));
        assert_eq!(answer.truth(), Truth::from(expected.contains(&name)), "{name}: {condition}: {answer:?}");
    }
}

#[test]
fn a_key_comes_with_those_whom_aws_names() {
    let signed = ["root", "user", "role", "federated"];
    let role = ["role"];
    let present: &[(&str, &[&str])] = &[
        ("aws:AssumedRoot", &["root", "role"]),
        ("aws:CalledVia", &signed),
        ("aws:CalledViaFirst", &signed),
        ("aws:CalledViaLast", &signed),
        ("aws:ChatbotSourceArn", &role),
        ("aws:Ec2InstanceSourcePrivateIPv4", &role),
        ("aws:Ec2InstanceSourceVpc", &role),
        ("aws:FederatedProvider", &["role", "web"]),
        ("aws:PrincipalTag/team", &["user", "role", "federated"]),
        ("aws:SignInSessionArn", &signed),
        ("aws:SourceAccount", &["service"]),
        ("aws:SourceArn", &["service"]),
        ("aws:SourceIdentity", &role),
        ("aws:SourceOrgID", &["service"]),
        ("aws:SourceOrgPaths", &["service"]),
        ("aws:TokenIssueTime", &["root", "user", "role", "federated", "service"]),
        ("aws:userid", &["anonymous", "root", "user", "role", "federated"]),
        ("codebuild:BuildArn", &role),
        ("ec2:RoleDelivery", &role),
        ("ec2:SourceInstanceARN", &role),
        ("idp.example.com/id/1:sub", &["role", "web"]),
        ("idp.example.com/id/2:sub", &role),
        ("lambda:SourceFunctionArn", &role),
        ("saml:sub", &["role", "saml"]),
        ("aws:UserAgent", &["anonymous", "root", "user", "role", "federated", "service", "web", "saml"]),
    ];
    for (key, expected) in present {
        check(&format!(r#""Null":{{"{key}":"false"}}"#), expected);
    }
    check(r#""Bool":{"aws:ViaAWSService":"true"}"#, &signed);
    check(r#""Bool":{"aws:ViaAWSMCPService":"true"}"#, &signed);
    check(r#""StringEquals":{"aws:FederatedProvider":"idp.example.com/id/1"}"#, &role);
    check(&format!(r#""StringEquals":{{"aws:FederatedProvider":"{OIDC}"}}"#), &["role", "web"]);
    check(
        r#""Bool":{"aws:MultiFactorAuthPresent":"false"}"#,
        &["root", "user", "role", "federated", "service", "web", "saml"],
    );
    // The owner of a source that is a caller is the caller's account.
    check(r#""StringEquals":{"aws:SourceOwner":"123456789012"}"#, &["root", "user", "role", "federated", "service"]);
    check(r#""StringEquals":{"aws:SourceOwner":"111122223333"}"#, &["service"]);
    // All of these are there always.
    check(r#""Null":{"aws:userid":"true"}"#, &["service", "web", "saml"]);
}

#[test]
fn an_id_is_of_its_caller() {
    let equals = |value: &str| format!(r#""StringEquals":{{"aws:userid":"{value}"}}"#);
    check(&equals("anonymous"), &["anonymous"]);
    check(&equals("123456789012"), &["root"]);
    check(&equals("123456789012:bob"), &["federated"]);
    check(&equals("x:bob"), &["role"]);
    check(&equals("AROAEXAMPLE:bob"), &["role"]);
    check(&equals("AIDAEXAMPLE:bob"), &[]);
    check(&equals("AIDAEXAMPLE"), &["user"]);
    check(&equals("AROAEXAMPLE"), &[]);
    let session = "arn:aws:sts::123456789012:assumed-role/worker/bob".to_owned();
    let session = Caller::Session { role: "arn:aws:iam::123456789012:role/worker".into(), session };
    for (id, expected) in [("AROAEXAMPLE:bob", Truth::Yes), ("AROAEXAMPLE:eve", Truth::No)] {
        let answer = ask(everyone("sqs:SendMessage", &equals(id)), "sqs:SendMessage", Callers::Only(session.clone()));
        assert_eq!(answer.truth(), expected, "{id}: {answer:?}");
    }
}

#[test]
fn whoever_has_a_policy_attached_may_be_a_role() {
    for (key, value) in [("ec2:RoleDelivery", "2.0"), ("aws:SourceIdentity", "alice"), ("idp.example.com:sub", "x")] {
        let condition = format!(r#"{{"StringEquals":{{"{key}":"{value}"}}}}"#);
        let own = statement(&format!(r#""Action":"s3:GetObject","Resource":"*","Condition":{condition}"#));
        let answer = ask(own, "s3:GetObject", Callers::Anyone);
        let Answer::Possible(witness) = answer else { panic!("{key}: {answer:?}") };
        assert!(matches!(witness.request.caller, Caller::Session { .. }), "{witness}");
    }
}

#[test]
fn a_principal_to_be_filled_in_may_be_anyone() {
    let web = "sts:AssumeRoleWithWebIdentity";
    let of_key = r#","Condition":{"StringEquals":{"idp.example.com:aud":"x"}}"#;
    for (principal, action, rest) in [
        (r#"{"AWS":"arn:aws:iam::${account}:user/bob"}"#, "sqs:SendMessage", ""),
        (r#"{"AWS":"arn:${partition}:iam::${account}:role/${role}"}"#, "sqs:SendMessage", ""),
        (r#"{"Service":"${service}.amazonaws.com"}"#, "sqs:SendMessage", ""),
        (r#"{"Federated":"arn:aws:iam::${account}:oidc-provider/idp.example.com"}"#, web, ""),
        (r#"{"Federated":"arn:aws:iam::${account}:oidc-provider/${provider}"}"#, web, of_key),
        (r#"{"Federated":"${provider}"}"#, web, of_key),
        (r#"{"Federated":"${provider}"}"#, "sts:AssumeRoleWithSAML", ""),
    ] {
        let filled = statement(&format!(r#""Principal":{principal},"Action":"{action}"{rest}"#));
        let answer = ask(filled, action, Callers::Anyone);
        assert!(matches!(answer, Answer::Unknown(Unknown::Hole(_))), "{principal}: {answer:?}");
    }
}

#[test]
fn who_shows_what_is_granted_can_call_it() {
    let provider = r#""StringEquals":{"aws:FederatedProvider":"cognito-identity.amazonaws.com"}"#;
    let token = r#""StringEquals":{"cognito-identity.amazonaws.com:aud":"pool"}"#;
    for condition in [provider, token] {
        let open = everyone("sqs:SendMessage", condition);
        let found = granted(open, &[0], &Question { actions: vec!["sqs:SendMessage".into()], ..Question::default() });
        let [one] = &found[..] else { panic!("{condition}: {found:?}") };
        assert!(matches!(one.witness.request.caller, Caller::Session { .. }), "{}", one.witness);
    }
}

#[test]
fn a_url_that_wants_signatures_takes_nothing_unsigned() {
    let only = |kind: &str| {
        let key = format!(r#""StringEquals":{{"lambda:FunctionUrlAuthType":"{kind}"}}"#);
        ask(everyone("lambda:InvokeFunctionUrl", &key), "lambda:InvokeFunctionUrl", Callers::Anonymous).truth()
    };
    assert_eq!((only("NONE"), only("AWS_IAM")), (Truth::Yes, Truth::No));
}
