//! Callers by a name that does not tell who they are: a session, an account's canonical user id.

use crate::support::{policy, verdict};
use iam_lint::access::decide::{Answer, Callers, Question, Unknown};
use iam_lint::access::{Caller, Policies, can};
use iam_lint::policy::Truth;

const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/R/S";
const OF_IDENTITY_CENTER: &str = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/bob";
const CANONICAL: &str = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

fn ask(statements: &str, callers: Callers) -> Answer {
    let policy = policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#));
    let question = Question { actions: vec!["s3:GetObject".into()], callers, ..Question::default() };
    can(&Policies::Document(policy), &question)
}

fn read(effect: &str, principal: &str, conditions: &str) -> String {
    format!(
        r#"{{"Effect":"{effect}",{principal}"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*",
        "Condition":{{{conditions}}}}}"#
    )
}

fn arn(operator: &str, pattern: &str) -> String {
    format!(r#""{operator}":{{"aws:PrincipalArn":"arn:aws:iam::111122223333:{pattern}"}}"#)
}

#[test]
fn a_session_leaves_the_path_of_its_role_open() {
    let by_path = |path: &str| read("Allow", "", &arn("ArnLike", path));
    for (session, statements, expected) in [
        (SESSION, by_path("role/team/R"), true),
        (SESSION, by_path("role/team/*"), true),
        (SESSION, by_path("role/R"), true),
        (SESSION, by_path("role/team/Q"), false),
        (SESSION, by_path("role/team/*/Q"), false),
        (SESSION, by_path("user/R"), false),
        (SESSION, by_path("role/team/*").replace(":111122223333:", ":444455556666:"), false),
        (OF_IDENTITY_CENTER, by_path("role/aws-reserved/sso.amazonaws.com/*"), true),
        (OF_IDENTITY_CENTER, by_path("role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_*"), true),
        (OF_IDENTITY_CENTER, by_path("role/AWSReservedSSO_Admin_*"), false),
        (OF_IDENTITY_CENTER, by_path("role/team/*"), false),
        ("arn:aws:sts::111122223333:assumed-role/R/session", by_path("role/team/R"), true),
        // Of a role, the path is told.
        ("arn:aws:iam::111122223333:role/R", by_path("role/team/*"), false),
        ("arn:aws:iam::111122223333:role/team/R", by_path("role/R"), false),
    ] {
        let answer = ask(&statements, Callers::Only(Caller::from_arn(session)));
        verdict(&answer, expected, &format!("{session}: {statements}"));
        if let (Answer::Possible(witness), true) = (answer, session.contains(":sts:")) {
            let Caller::Session { role, session: own } = &witness.request.caller else { panic!("{witness}") };
            assert_eq!(own, session, "{witness}");
            let condition = witness.request.context.single("aws:PrincipalArn");
            assert_eq!(condition, Some(role.as_str()), "{witness}");
        }
    }
}

#[test]
fn a_role_that_is_named_may_be_that_of_a_session() {
    let role = r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/team/R"},"#;
    let bare = role.replace("team/", "");
    let session = &format!(r#""Principal":{{"AWS":"{SESSION}"}},"#);
    let only = || Callers::Only(Caller::from_arn(SESSION));
    for (statements, callers, expected) in [
        (read("Allow", role, ""), only(), true),
        (read("Allow", &role.replace("/R", "/Q"), ""), only(), false),
        (format!("{},{}", read("Allow", session, ""), read("Deny", role, "")), only(), true),
        (format!("{},{}", read("Allow", session, ""), read("Deny", &bare, "")), only(), true),
        (
            format!(
                "{},{},{}",
                read("Allow", session, &arn("ArnLike", "role/team/*")),
                read("Deny", role, ""),
                read("Deny", r#""Principal":"*","#, &arn("ArnLike", "role/team/*/*"))
            ),
            only(),
            false,
        ),
        (read("Allow", session, &arn("ArnEquals", "role/team/R")), Callers::Anyone, true),
        (read("Allow", session, &arn("ArnEquals", "role/team/Q")), Callers::Anyone, false),
        (read("Allow", session, &arn("ArnLike", "role/team/*")), Callers::Of("111122223333".into()), true),
    ] {
        verdict(&ask(&statements, callers), expected, &statements);
    }
}

#[test]
fn a_role_calls_in_its_sessions() {
    let session = &format!(r#""Principal":{{"AWS":"{SESSION}"}},"#);
    let other = &session.replace("/S", "/T");
    let allow = || read("Allow", session, "");
    let with_source = r#""StringEquals":{"sts:RoleSessionName":"S"}"#;
    for (role, statements, expected) in [
        ("role/R", allow(), true),
        ("role/team/R", allow(), true),
        ("role/Q", allow(), false),
        ("role/R", allow().replace(":111122223333:", ":444455556666:"), false),
        ("role/R", format!("{},{}", allow(), read("Deny", session, "")), false),
        ("role/R", format!("{},{}", allow(), read("Deny", other, "")), true),
        ("role/R", format!("{},{}", read("Allow", r#""Principal":"*","#, ""), read("Deny", session, "")), true),
        ("role/R", read("Allow", session, &arn("ArnEquals", "role/team/R")), false),
        ("role/team/R", read("Allow", session, &arn("ArnEquals", "role/team/R")), true),
        ("role/R", read("Allow", session, with_source), false),
    ] {
        let caller = Caller::from_arn(&format!("arn:aws:iam::111122223333:{role}"));
        let answer = ask(&statements, Callers::Only(caller));
        verdict(&answer, expected, &format!("{role}: {statements}"));
        if let (Answer::Possible(witness), true) = (answer, statements == allow()) {
            assert!(witness.to_string().contains(&format!("the session S of arn:aws:iam::111122223333:{role}")));
        }
    }
}

#[test]
fn a_canonical_user_id_is_whoever_of_an_account() {
    let principal = format!(r#""Principal":{{"CanonicalUser":"{CANONICAL}"}},"#);
    let equals = |key: &str, value: &str| format!(r#""StringEquals":{{"{key}":"{value}"}}"#);
    let mfa = r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#.to_owned();
    let account = equals("aws:PrincipalAccount", "111122223333");
    for (conditions, expected) in [
        (account.clone(), true),
        (arn("ArnLike", "role/app"), true),
        (arn("ArnLike", "user/*"), true),
        (arn("ArnLike", "root"), true),
        (arn("ArnLike", "group/*"), false),
        (mfa.clone(), true),
        (format!("{mfa},{}", equals("aws:username", "bob")), true),
        (format!("{},{}", arn("ArnLike", "user/alice"), equals("aws:username", "bob")), false),
        (format!("{account},{}", arn("ArnLike", "*").replace(":111122223333:", ":444455556666:")), false),
        (equals("aws:PrincipalType", "AssumedRole"), true),
        (equals("aws:PrincipalServiceName", "sns.amazonaws.com"), false),
        (r#""Null":{"aws:PrincipalArn":"true"}"#.to_owned(), true),
    ] {
        let statement = read("Allow", &principal, &conditions);
        verdict(&ask(&statement, Callers::Anyone), expected, &statement);
        let only = Callers::Only(Caller::CanonicalUser { id: CANONICAL.into() });
        verdict(&ask(&statement, only), expected, &statement);
    }
}

#[test]
fn those_are_found_who_are_neither_users_nor_roles() {
    let federated = r#""StringEquals":{"aws:PrincipalType":"FederatedUser"}"#;
    let id = |value: &str| format!(r#""StringLike":{{"aws:userid":"{value}"}}"#);
    let bob = r#""ArnLike":{"aws:PrincipalArn":"arn:aws:sts::111122223333:federated-user/bob"}"#;
    let everyone = r#""Principal":"*","#;
    for (principal, conditions, expected) in [
        (r#""Principal":{"AWS":"111122223333"},"#, federated.to_owned(), true),
        (everyone, id("111122223333:*"), true),
        (everyone, id("1*:b?b"), true),
        (everyone, bob.to_owned(), true),
        (everyone, format!("{bob},{}", id("111122223333:bob")), true),
        (everyone, format!("{bob},{}", id("*:alice")), false),
        (everyone, format!("{bob},{}", id("444455556666:*")), false),
        (everyone, format!(r#"{bob},"StringEquals":{{"aws:PrincipalAccount":"444455556666"}}"#), false),
        (everyone, format!(r#"{bob},"Null":{{"aws:username":"false"}}"#), false),
        (r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/R"},"#, federated.to_owned(), false),
        ("", bob.to_owned(), true),
        ("", id("444455556666:*"), true),
        ("", arn("ArnLike", "root"), false),
    ] {
        let statement = read("Allow", principal, &conditions);
        verdict(&ask(&statement, Callers::Anyone), expected, &statement);
    }
}

#[test]
fn what_is_said_of_a_request_tells_who_may_make_it() {
    let allow = read("Allow", "", "");
    for (key, value, expected) in [
        ("aws:PrincipalType", "FederatedUser", true),
        ("aws:PrincipalArn", "arn:aws:sts::111122223333:federated-user/bob", true),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:root", false),
        ("aws:PrincipalType", "Anonymous", false),
    ] {
        let policy = policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{allow}]}}"#));
        let context = vec![(key.to_owned(), vec![value.to_owned()])];
        let question = Question { actions: vec!["s3:GetObject".into()], context, ..Question::default() };
        verdict(&can(&Policies::Document(policy), &question), expected, value);
    }
}

#[test]
fn of_many_who_are_named_none_is_overlooked() {
    let roles: Vec<String> =
        (0..300).map(|number| format!("\"arn:aws:iam::1000000{number:05}:role/r{number}\"")).collect();
    let accounts: Vec<String> = (0..300).map(|number| format!("\"1000000{number:05}\"")).collect();
    let to = |names: &[String]| format!(r#""Principal":{{"AWS":[{}]}},"#, names.join(","));
    let only = |key: &str, value: &str| {
        let condition = format!(r#""StringNotEquals":{{"aws:{key}":{value}}}"#);
        read("Deny", r#""Principal":"*","#, &condition)
    };
    let each = |names: &[String]| {
        let statement = |name: &String| {
            let number = name.trim_matches('"');
            read("Allow", &to(std::slice::from_ref(name)), "").replace("::b/", &format!("::b/{number}/"))
        };
        names.iter().map(statement).collect::<Vec<String>>().join(",")
    };
    let nobody = || read("Deny", r#""Principal":"*","#, "");
    for (statements, expected) in [
        (format!("{},{}", read("Allow", &to(&roles), ""), read("Deny", &to(&roles[..299]), "")), Truth::Yes),
        (format!("{},{}", read("Allow", &to(&roles), ""), read("Deny", &to(&roles), "")), Truth::No),
        (format!("{},{}", read("Allow", &to(&roles), ""), only("PrincipalArn", &roles[299])), Truth::Yes),
        (format!("{},{}", each(&accounts), only("PrincipalAccount", &accounts[299])), Truth::Yes),
        // To go through all of these takes too long.
        (format!("{},{}", each(&accounts), nobody()), Truth::Maybe),
        (format!("{},{}", each(&roles), nobody()), Truth::Maybe),
    ] {
        let answer = ask(&statements, Callers::Anyone);
        assert_eq!(answer.truth(), expected, "{:.300}: {answer:?}", statements.split_once("Deny").unwrap().1);
        if let Answer::Unknown(reason) = answer {
            assert_eq!(reason, Unknown::Callers);
        }
    }
}
