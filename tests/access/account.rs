//! Policies of several kinds together: who is let in, and by what.

use crate::support::policy;
use iam_lint::access::decide::{Answer, Callers, Question, Realism};
use iam_lint::access::evaluate::{Context, Reason, decide};
use iam_lint::access::{Caller, Layers, Policies, Request, Semantics, can};
use iam_lint::policy::{Policy, Truth};

const OWN: &str = "123456789012";
const BUCKET: &str = "arn:aws:s3:::example/key";
const ALLOW: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}"#;
const DENY: &str = r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#;
const OTHER: &str = r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*"}"#;

fn document(statements: &str) -> &'static Policy<'static> {
    policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#))
}

fn bucket_policy(principal: &str) -> &'static Policy<'static> {
    document(&ALLOW.replace(r#""Action""#, &format!(r#""Principal":{principal},"Action""#)))
}

fn user(account: &str) -> Caller {
    Caller::User { arn: format!("arn:aws:iam::{account}:user/alice") }
}

fn session(account: &str) -> Caller {
    Caller::from_arn(&format!("arn:aws:iam::{account}:role/worker"))
}

/// Whether the caller may read an object of the bucket.
#[track_caller]
fn check(layers: &Layers<'_>, caller: &Caller, expected: bool) {
    check_call(layers, caller, "s3:GetObject", BUCKET, expected);
}

/// What the evaluator says of one request, which is also what the decider says of all requests of that caller.
#[track_caller]
fn check_call(layers: &Layers<'_>, caller: &Caller, action: &str, resource: &str, expected: bool) {
    let request = Request {
        caller: caller.clone(),
        action: action.into(),
        resource: resource.into(),
        owner: Some(OWN.into()),
        context: Context::new(),
    };
    let policies = Policies::Account(layers.clone());
    let decision = decide(&request, &policies, &Semantics::default());
    assert_eq!(decision.allowed, Truth::from(expected), "{caller:?}: {:?}", decision.reason);
    assert_eq!(possible(layers, caller, action, resource), Truth::from(expected), "{caller:?}: by the decider");
}

/// What the decider says of all requests of that caller.
fn possible(layers: &Layers<'_>, caller: &Caller, action: &str, resource: &str) -> Truth {
    let question = Question {
        actions: vec![action.into()],
        resources: vec![resource.into()],
        callers: Callers::Only(caller.clone()),
        owner: Some(OWN.into()),
        realism: Realism::Anything,
        ..Question::default()
    };
    can(&Policies::Account(layers.clone()), &question).truth()
}

#[test]
fn within_the_account() {
    let allow = document(ALLOW);
    let other = document(OTHER);
    let identity = Layers { identity: vec![allow], ..Layers::default() };
    check(&identity, &user(OWN), true);
    check(&Layers { boundary: vec![other], ..identity.clone() }, &user(OWN), false);
    check(&Layers { boundary: vec![other, allow], ..identity.clone() }, &user(OWN), true);
    check(&Layers { session: vec![other], ..identity.clone() }, &session(OWN), false);
    check(&Layers { scp: vec![vec![allow], vec![other]], ..identity.clone() }, &user(OWN), false);
    check(&Layers { scp: vec![vec![allow], vec![other, allow]], ..identity.clone() }, &user(OWN), true);
    check(&Layers { rcp: vec![document(&bucket_deny())], ..identity.clone() }, &user(OWN), false);
    check(&Layers { vpc_endpoint: vec![other], ..identity.clone() }, &user(OWN), false);
    check(&Layers { identity: vec![document(&format!("{ALLOW},{DENY}"))], ..Layers::default() }, &user(OWN), false);
}

#[test]
fn through_an_endpoint() {
    for (condition, expected) in [
        (r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#, Truth::No),
        (r#""NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#, Truth::Yes),
        (r#""Null":{"aws:SourceVpce":"true"}"#, Truth::No),
        (r#""StringEquals":{"aws:SourceVpce":"vpce-12345678"}"#, Truth::Yes),
    ] {
        let allow = ALLOW.replacen('}', &format!(r#","Condition":{{{condition}}}}}"#), 1);
        let identity = Layers { identity: vec![document(&allow)], ..Layers::default() };
        let through = Layers { vpc_endpoint: vec![document(ALLOW)], ..identity.clone() };
        assert_eq!(possible(&through, &user(OWN), "s3:GetObject", BUCKET), expected, "{condition}");
        assert_eq!(possible(&identity, &user(OWN), "s3:GetObject", BUCKET), Truth::Yes, "{condition}");
        // Nor does a root user answer for its own account, even where the endpoint lets everyone through.
        let everyone = Layers { vpc_endpoint: vec![bucket_policy(r#""*""#)], ..identity };
        let question = Question { actions: vec!["s3:GetObject".into()], ..Question::default() };
        assert_eq!(can(&Policies::Account(everyone), &question).truth(), expected, "{condition}");
    }
}

fn bucket_deny() -> String {
    DENY.replace(r#""Action""#, r#""Principal":"*","Action""#)
}

#[test]
fn by_the_resource_policy() {
    let by = |principal: &str| Layers { resource: vec![bucket_policy(principal)], ..Layers::default() };
    let limited = |principal: &str| Layers { boundary: vec![document(OTHER)], ..by(principal) };
    let named = format!(r#"{{"AWS":"arn:aws:iam::{OWN}:user/alice"}}"#);
    let role = format!(r#"{{"AWS":"arn:aws:iam::{OWN}:role/worker"}}"#);
    let one_session = format!(r#"{{"AWS":"arn:aws:sts::{OWN}:assumed-role/worker/session"}}"#);
    let account = format!(r#"{{"AWS":"{OWN}"}}"#);
    check(&by(&named), &user(OWN), true);
    check(&limited(&named), &user(OWN), true);
    check(&by(&role), &session(OWN), true);
    check(&limited(&role), &session(OWN), false);
    let known = Caller::from_arn(&format!("arn:aws:sts::{OWN}:assumed-role/worker/session"));
    check(&limited(&one_session), &known, true);
    // The role may call in that session.
    assert_eq!(possible(&limited(&one_session), &session(OWN), "s3:GetObject", BUCKET), Truth::Yes);
    let other = Caller::from_arn(&format!("arn:aws:sts::{OWN}:assumed-role/worker/other"));
    check(&limited(&one_session), &other, false);
    check(&limited(r#""*""#), &session(OWN), true);
    check(&by(&account), &user(OWN), false);
    check(&Layers { identity: vec![document(OTHER)], ..by(&account) }, &user(OWN), false);
    check(&Layers { identity: vec![document(ALLOW)], ..by(&account) }, &user(OWN), true);
    check(&by(r#""*""#), &Caller::Anonymous, true);
    check(&by(&named), &Caller::Anonymous, false);
    check(&by(r#"{"Service":"ec2.amazonaws.com"}"#), &Caller::Service { name: "ec2.amazonaws.com".into() }, true);
    check(&by(r#"{"Service":"ec2.amazonaws.com"}"#), &Caller::Service { name: "sns.amazonaws.com".into() }, false);
    let service = Caller::Service { name: "ec2.amazonaws.com".into() };
    for scp in [document(OTHER), document(DENY)] {
        let everyone = Layers { scp: vec![vec![scp]], ..by(r#""*""#) };
        check(&everyone, &Caller::Anonymous, true);
        check(&everyone, &service, true);
        check(&everyone, &user(OWN), false);
    }
}

#[test]
fn across_accounts() {
    let foreign = "111122223333";
    let by = |principal: &str| Layers { resource: vec![bucket_policy(principal)], ..Layers::default() };
    let account = format!(r#"{{"AWS":"arn:aws:iam::{foreign}:root"}}"#);
    let with = |layers: Layers<'static>| Layers { identity: vec![document(ALLOW)], ..layers };
    check(&by(&account), &user(foreign), false);
    check(&with(by(&account)), &user(foreign), true);
    check(&with(Layers::default()), &user(foreign), false);
    check(&with(by(r#"{"AWS":"999999999999"}"#)), &user(foreign), false);
    check(&Layers { boundary: vec![document(OTHER)], ..with(by(r#""*""#)) }, &user(foreign), false);
}

#[test]
fn trust_and_keys_must_let_their_own_account_in() {
    let role = format!("arn:aws:iam::{OWN}:role/worker");
    let key = format!("arn:aws:kms:us-east-1:{OWN}:key/example");
    let identity = document(r#"{"Effect":"Allow","Action":["sts:AssumeRole","kms:Decrypt"],"Resource":"*"}"#);
    let with = |resource| Layers { identity: vec![identity], resource: vec![resource], ..Layers::default() };
    let trust = |principal: &str| {
        let statement = format!(r#"{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}}}"#);
        with(policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)))
    };
    let of_key = |principal: &str| {
        with(document(&format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"kms:*","Resource":"*"}}"#)))
    };
    let bob = Caller::User { arn: format!("arn:aws:iam::{OWN}:user/bob") };
    let only_bob = trust(r#"{"AWS":"arn:aws:iam::123456789012:user/bob"}"#);
    check_call(&only_bob, &user(OWN), "sts:AssumeRole", &role, false);
    check_call(&only_bob, &bob, "sts:AssumeRole", &role, true);
    let (own, other) = (r#"{"AWS":"123456789012"}"#, r#"{"AWS":"999999999999"}"#);
    check_call(&of_key(other), &user(OWN), "kms:Decrypt", &key, false);
    check_call(&of_key(own), &user(OWN), "kms:Decrypt", &key, true);
    // Not even the root user gets past a key's policy, and it cannot assume roles at all.
    let root = Caller::Root { account: OWN.into() };
    check_call(&of_key(other), &root, "kms:Decrypt", &key, false);
    check_call(&of_key(own), &root, "kms:Decrypt", &key, true);
    check_call(&trust(own), &root, "sts:AssumeRole", &role, false);
    check_call(&trust(own), &user(OWN), "sts:AssumeRole", &role, true);
}

#[test]
fn a_boundary_voids_the_exceptions_of_a_deny() {
    let deny = |principal: &str| {
        let statement = DENY.replace(r#""Action""#, &format!(r#""NotPrincipal":{principal},"Action""#));
        Layers { identity: vec![document(ALLOW)], resource: vec![document(&statement)], ..Layers::default() }
    };
    let named = format!(r#"{{"AWS":["arn:aws:iam::{OWN}:user/alice","{OWN}"]}}"#);
    check(&deny(&named), &user(OWN), true);
    check(&Layers { boundary: vec![document(ALLOW)], ..deny(&named) }, &user(OWN), false);
}

#[test]
fn a_resource_control_policy_binds_some_services() {
    let everything = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let nothing = r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#;
    let limited = Layers { identity: vec![document(everything)], rcp: vec![document(nothing)], ..Layers::default() };
    let bound = [
        ("s3:GetObject", BUCKET),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:orders"),
        ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:123456789012:log-group:app:log-stream:a"),
    ];
    for (action, resource) in bound {
        check_call(&limited, &user(OWN), action, resource, false);
        check_call(&Layers { rcp: Vec::new(), ..limited.clone() }, &user(OWN), action, resource, true);
    }
    check_call(&limited, &user(OWN), "ec2:RunInstances", "arn:aws:ec2:eu-west-1:123456789012:instance/i-1", true);
    check_call(&limited, &user(OWN), "lambda:ListFunctions", "*", true);
    let scp = Layers { scp: vec![limited.rcp.clone()], rcp: Vec::new(), ..limited.clone() };
    check_call(&scp, &user(OWN), "lambda:ListFunctions", "*", false);
    // The decider goes through many actions at once.
    let actions = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let ask = |names| {
        let question = Question { actions: actions(names), ..Question::default() };
        can(&Policies::Account(limited.clone()), &question).truth()
    };
    assert_eq!(ask(&["s3:*", "kms:Decrypt*", "sts:AssumeRole*"]), Truth::No);
    assert_eq!(ask(&["s3:*", "ec2:*"]), Truth::Yes);
    // Whoever may retire a grant may do so whatever such a policy says.
    assert_eq!(ask(&["kms:R*Grant"]), Truth::Yes);
    assert_eq!(ask(&["kms:RevokeGrant"]), Truth::No);
}

#[test]
fn a_role_is_assumed_with_what_one_has() {
    let trust = |principal: &str, action: &str| {
        let statement = format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":{action}}}"#);
        Policies::Document(document(&statement))
    };
    let check = |principal: &str, action: &str, asked: &str, expected: bool| {
        let question = Question { actions: vec![asked.to_owned()], ..Question::default() };
        let answer = can(&trust(principal, action), &question);
        assert_eq!(answer.truth(), Truth::from(expected), "{principal} {action} {asked}: {answer:?}");
    };
    let (saml, web) = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity");
    let provider = |sort: &str| format!(r#"{{"Federated":"arn:aws:iam::123456789012:{sort}/ci.example"}}"#);
    let (by_web, by_saml) = (provider("oidc-provider"), provider("saml-provider"));
    let account = r#"{"AWS":"123456789012"}"#;
    let service = r#"{"Service":"ec2.amazonaws.com"}"#;
    let known = [(&*by_web, web), (&by_saml, saml), (account, "sts:AssumeRole"), (service, "sts:AssumeRole")];
    for (principal, own) in known {
        let signed = own == "sts:AssumeRole";
        for action in [r#""sts:*""#, r#""*""#, r#"["sts:AssumeRole*","sts:TagSession"]"#] {
            check(principal, action, "sts:AssumeRole", signed);
            check(principal, action, "sts:assumerole", signed);
            check(principal, action, web, own == web);
            check(principal, action, saml, own == saml);
            check(principal, action, "sts:AssumeRoleWith*", !signed);
            check(principal, action, "sts:AssumeRole*", true);
            check(principal, action, "sts:TagSession", true);
        }
        check(principal, r#""*""#, "sqs:SendMessage", signed);
        check(principal, r#""sts:AssumeRole""#, "sts:*", signed);
        check(principal, &format!("[{saml:?},{web:?}]"), "*", !signed);
    }
    check(r#""*""#, r#""sts:AssumeRole""#, "sts:AssumeRole", true);
    let anyone = trust(r#""*""#, r#""sts:*""#);
    let root = Caller::Root { account: OWN.to_owned() };
    for caller in [Caller::Anonymous, root] {
        for (asked, expected) in [("sts:AssumeRole", false), (web, false), ("sts:TagSession", true)] {
            let callers = Callers::Only(caller.clone());
            let question = Question { actions: vec![asked.to_owned()], callers, ..Question::default() };
            assert_eq!(can(&anyone, &question).truth(), Truth::from(expected), "{caller:?} {asked}");
        }
    }
}

#[test]
fn some_calls_need_no_policy() {
    let deny =
        Layers { identity: vec![document(r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#)], ..Layers::default() };
    check_call(&deny, &user(OWN), "sts:GetCallerIdentity", "*", true);
    check_call(&deny, &session(OWN), "sts:GetCallerIdentity", "*", true);
    check_call(&deny, &user(OWN), "sts:GetSessionToken", "*", true);
    check_call(&deny, &session(OWN), "sts:GetSessionToken", "*", false);
    check_call(&deny, &user(OWN), "sts:GetFederationToken", "*", false);
    // A call that is not signed says nothing of who makes it.
    let open = Layers {
        resource: vec![document(r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}"#)],
        ..Layers::default()
    };
    check_call(&open, &Caller::Anonymous, "sts:GetCallerIdentity", "*", false);
    let request = Request {
        caller: user(OWN),
        action: "sts:GetCallerIdentity".into(),
        resource: "*".into(),
        owner: None,
        context: Context::new(),
    };
    let decision = decide(&request, &Policies::Account(deny), &Semantics::default());
    assert_eq!((decision.reason, decision.statement), (Reason::PolicyFree, None));
}

#[test]
fn who_has_no_key_or_role_has_no_say() {
    let identity = document(r#"{"Effect":"Allow","Action":["kms:*","sts:*"],"Resource":"*"}"#);
    let with = |resource| Layers { identity: vec![identity], resource: vec![resource], ..Layers::default() };
    let role = format!("arn:aws:iam::{OWN}:role/worker");
    let key = format!("arn:aws:kms:us-east-1:{OWN}:key/example");
    let other = document(r#"{"Effect":"Allow","Principal":{"AWS":"999999999999"},"Action":"kms:*","Resource":"*"}"#);
    let deny = document(r#"{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}"#);
    let everyone = document(r#"{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}"#);
    // KMS documents that only identity policies count for what works on no key, whatever its policy says.
    for policy in [other, deny] {
        check_call(&with(policy), &user(OWN), "kms:ListKeys", "*", true);
        check_call(&with(policy), &user(OWN), "KMS:CreateKey", "*", true);
        check_call(&with(policy), &user(OWN), "kms:Decrypt", &key, false);
        check_call(&with(policy), &user(OWN), "kms:EnableKey", &key, false);
    }
    let alone = Layers { resource: vec![everyone], ..Layers::default() };
    check_call(&alone, &user(OWN), "kms:Decrypt", &key, true);
    check_call(&alone, &user(OWN), "kms:ListKeys", "*", false);
    let trust = policy(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"999999999999"}}]}"#,
    );
    check_call(&with(trust), &user(OWN), "sts:DecodeAuthorizationMessage", "*", true);
    check_call(&with(trust), &user(OWN), "sts:TagSession", &role, false);
}

#[test]
fn from_outside() {
    let open = |condition: &str| {
        document(&format!(
            r#"{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"{condition}}}"#
        ))
    };
    let check = |condition: &str, expected: bool| {
        let answer = iam_lint::access::from_outside(open(condition), &[OWN.to_owned()], Semantics::default());
        assert_eq!(matches!(answer, Answer::Possible(_)), expected, "{condition}: {answer:?}");
        assert!(!matches!(answer, Answer::Unknown(_)), "{condition}: {answer:?}");
    };
    check("", true);
    check(r#","Condition":{"StringEquals":{"aws:PrincipalAccount":"123456789012"}}"#, false);
    check(r#","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"123456789012"}}"#, true);
    check(r#","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}}"#, false);
    check(r#","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Deploy"}}"#, true);
    check(r#","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#, true);
}

#[test]
fn an_arn_tells_whose_the_resource_is() {
    let foreign = "111122223333";
    let queue = format!("arn:aws:sqs:eu-west-1:{foreign}:queue");
    let allow = |principal: &str, action: &str, resource: &str| {
        let principal = if principal.is_empty() { String::new() } else { format!(r#""Principal":{principal},"#) };
        document(&format!(r#"{{"Effect":"Allow",{principal}"Action":"{action}","Resource":"{resource}"}}"#))
    };
    let everyone = r#"{"AWS":"*"}"#;
    let own_user = format!(r#"{{"AWS":"arn:aws:iam::{OWN}:user/alice"}}"#);
    let foreign_user = format!(r#"{{"AWS":"arn:aws:iam::{foreign}:user/alice"}}"#);
    let (send, get) = ("sqs:SendMessage", "s3:GetObject");
    let (sends, other) = (allow("", send, &queue), allow("", "s3:*", "*"));
    // Who asks, what the resource's policy says, what the caller's says, and whose the resource is by the witness.
    let cases: [(&str, &Policy<'_>, &Policy<'_>, &str, Option<&str>); 8] = [
        (OWN, allow(&own_user, send, &queue), other, send, None),
        (OWN, allow(&own_user, send, &queue), sends, send, Some(foreign)),
        (OWN, allow(everyone, send, &queue), other, send, None),
        (OWN, allow(everyone, send, "*"), other, send, Some(OWN)),
        (OWN, allow(&foreign_user, send, &queue), sends, send, None),
        (foreign, allow(&foreign_user, send, &queue), other, send, Some(foreign)),
        // A bucket's ARN says nothing of whose it is.
        (OWN, allow(&own_user, get, BUCKET), sends, get, Some(OWN)),
        (foreign, allow(&foreign_user, get, BUCKET), sends, get, Some(foreign)),
    ];
    for (at, (account, resource, identity, action, expected)) in cases.into_iter().enumerate() {
        let layers = Layers { resource: vec![resource], identity: vec![identity], ..Layers::default() };
        let callers = Callers::Only(user(account));
        let question = Question { actions: vec![action.into()], callers, ..Question::default() };
        let owner = match can(&Policies::Account(layers.clone()), &question) {
            Answer::Possible(witness) => witness.request.owner,
            Answer::Impossible(_) => None,
            Answer::Unknown(reason) => panic!("case {at}: {reason}"),
        };
        assert_eq!(owner.as_deref(), expected, "case {at}");
        let said = Question { owner: Some("999999999999".into()), ..question };
        let of_queue = expected == Some(foreign) && action == send;
        let answer = can(&Policies::Account(layers), &said);
        assert!(!of_queue || matches!(answer, Answer::Impossible(_)), "case {at}: the queue is of another account");
    }
}
