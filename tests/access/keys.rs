//! Keys of a request: which of them an action carries, and which of them go together.

use crate::support::{policy, verdict};
use iam_lint::access::decide::{Answer, Callers, Question, Realism};
use iam_lint::access::evaluate::Entry;
use iam_lint::access::{Caller, Policies, can, what};
use iam_lint::policy::Policy;

fn allow(action: &str, resource: &str, conditions: &str) -> &'static Policy<'static> {
    policy(&format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"{action}","Resource":"{resource}",
        "Condition":{{{conditions}}}}}}}"#
    ))
}

/// Whether `action` is possible on `resource` under `conditions`.
#[track_caller]
fn check(action: &str, resource: &str, conditions: &str, expected: bool) {
    let question = Question { actions: vec![action.to_owned()], ..Question::default() };
    verdict(&can(&Policies::Document(allow(action, resource, conditions)), &question), expected, conditions);
}

#[test]
fn an_action_carries_the_keys_of_its_own_and_of_its_resources() {
    let equals = |key: &str, value: &str| format!(r#""StringEquals":{{"{key}":"{value}"}}"#);
    check("s3:GetObject", "*", &equals("ec2:InstanceType", "t3.micro"), false);
    check("s3:GetObject", "*", &equals("s3:prefix", "logs/"), false);
    check("s3:ListBucket", "*", &equals("s3:prefix", "logs/"), true);
    check("iam:CreateUser", "*", &equals("iam:PassedToService", "ec2.amazonaws.com"), false);
    check("iam:PassRole", "*", &equals("iam:PassedToService", "ec2.amazonaws.com"), true);
    check("s3:GetObject", "*", &equals("iam:PassedToService", "x").replace("Equals", "EqualsIfExists"), true);
    // Of these, nobody can tell, or they come with every request.
    check("s3:GetObject", "*", &equals("unheard:Of", "x"), true);
    check("unheard:Of", "*", &equals("iam:PassedToService", "x"), true);
    check("s3:GetObject", "*", &equals("s3:ExistingObjectTag/team", "red"), true);
    check("s3:GetObject", "*", &equals("aws:PrincipalTag/team", "red"), true);
    check("s3:GetObject", "*", &equals("ec2:SourceInstanceARN", "arn:aws:ec2:*:*:instance/i-1"), true);
}

#[test]
fn only_what_carries_the_key_is_granted() {
    let passed = r#""StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}"#;
    let own = allow("iam:*", "*", passed);
    let possible = |question: &Question<'_>| -> Vec<String> {
        let reach = what(&Policies::Document(own), question);
        reach.into_iter().filter(|one| matches!(one.answer, Answer::Possible(_))).flat_map(|one| one.actions).collect()
    };
    assert_eq!(possible(&Question::default()), ["iam:PassRole"]);
    let anything = Question { realism: Realism::Anything, ..Question::default() };
    assert!(possible(&anything).len() > 100);
    // What the question says is there, is there.
    let context = vec![("iam:PassedToService".to_owned(), vec!["ec2.amazonaws.com".to_owned()])];
    assert!(possible(&Question { context, ..Question::default() }).len() > 100);
}

#[test]
fn the_owner_of_a_resource_is_the_account_that_its_key_tells() {
    let policy = allow("s3:*", "*", r#""StringEquals":{"aws:ResourceAccount":"111122223333"}"#);
    let question = |owner: &str| Question {
        actions: vec!["s3:GetObject".into()],
        owner: Some(owner.to_owned()),
        ..Question::default()
    };
    verdict(&can(&Policies::Document(policy), &question("444455556666")), false, "another account's");
    verdict(&can(&Policies::Document(policy), &question("111122223333")), true, "that account's");
}

#[test]
fn keys_of_one_request_agree() {
    let account = |value: &str| format!(r#""StringEquals":{{"aws:ResourceAccount":"{value}"}}"#);
    let queue = "arn:aws:sqs:*:111111111111:*";
    check("sqs:SendMessage", queue, &account("222222222222"), false);
    check("sqs:SendMessage", queue, &account("111111111111"), true);
    check("sqs:SendMessage", queue, &account("1*").replace("Equals", "Like"), true);
    check("sqs:SendMessage", queue, &account("2*").replace("Equals", "Like"), false);
    check("sqs:SendMessage", "*", &account("222222222222"), true);
    check("s3:GetObject", "arn:aws:s3:::logs/*", &account("222222222222"), true);
    check("sqs:SendMessage", "arn:aws:sqs:*:*:*", &account("${aws:PrincipalAccount}"), true);
    let address = r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#;
    let endpoint = r#""StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"}"#;
    check("s3:GetObject", "*", &format!("{address},{endpoint}"), false);
    check("s3:GetObject", "*", &format!("{address},{endpoint}").replace("Equals", "EqualsIfExists"), true);
    let by_way = r#""ForAnyValue:StringEquals":{"aws:CalledVia":"athena.amazonaws.com"}"#;
    check("s3:GetObject", "*", &format!(r#"{by_way},"Bool":{{"aws:ViaAWSService":"false"}}"#), false);
    check("s3:GetObject", "*", &format!(r#"{by_way},"Bool":{{"aws:ViaAWSService":"true"}}"#), true);
}

#[test]
fn a_request_has_one_time() {
    let between = |from: &str, until: &str| {
        format!(r#""DateGreaterThan":{{"aws:CurrentTime":"{from}"}},"NumericLessThan":{{"aws:EpochTime":"{until}"}}"#)
    };
    check("s3:GetObject", "*", &between("2024-01-01T00:00:00Z", "1600000000"), false);
    let conditions = between("2020-01-01T00:00:00Z", "1600000000");
    check("s3:GetObject", "*", &conditions, true);
    let question = Question { actions: vec!["s3:GetObject".into()], ..Question::default() };
    let Answer::Possible(witness) = can(&Policies::Document(allow("s3:GetObject", "*", &conditions)), &question) else {
        panic!("there is time enough");
    };
    let seconds = witness.request.context.single("aws:EpochTime").unwrap();
    assert!(seconds.bytes().all(|byte| byte.is_ascii_digit()), "{seconds}");
}

/// Whether reading a bucket is possible; it is `resource` that is read, if one is given.
#[track_caller]
fn check_read(statements: &str, resource: &str, expected: bool) {
    let policy = policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#));
    let resources = if resource.is_empty() { Vec::new() } else { vec![resource.to_owned()] };
    let question = Question { actions: vec!["s3:GetObject".into()], resources, ..Question::default() };
    let case = format!("{statements} {resource}");
    verdict(&can(&Policies::Document(policy), &question), expected, &case);
}

#[test]
fn a_variable_may_be_pinned() {
    let statement = |effect: &str, resource: &str, conditions: &str| {
        format!(
            r#"{{"Effect":"{effect}","Action":"s3:GetObject","Resource":"{resource}","Condition":{{{conditions}}}}}"#
        )
    };
    let (home, bob) = ("arn:aws:s3:::b/${aws:username}/*", r#""StringEquals":{"aws:username":"bob"}"#);
    let of_bob = statement("Allow", home, bob);
    check_read(&format!("{of_bob},{}", statement("Deny", "arn:aws:s3:::b/bob/*", "")), "", false);
    check_read(&format!("{of_bob},{}", statement("Deny", "arn:aws:s3:::b/eve/*", "")), "", true);
    let tag = r#"{"aws:PrincipalTag/team":"ab"}"#;
    let tagged = |other: &str| format!(r#""StringLike":{{"aws:RequestTag/team":"{other}"}}"#);
    let same = format!(r#""StringEquals":{tag},{}"#, tagged("${aws:PrincipalTag/team}*"));
    let allow = statement("Allow", "*", &same);
    check_read(&format!("{allow},{}", statement("Deny", "*", &tagged("a*"))), "", false);
    check_read(&format!("{allow},{}", statement("Deny", "*", &tagged("b*"))), "", true);
}

#[test]
fn a_known_resource_tells_what_variables_are() {
    let check = |pattern: &str, resource: &str, expected: bool| {
        let allow = format!(r#"{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/{pattern}"}}"#);
        check_read(&allow, &format!("arn:aws:s3:::b/{resource}"), expected);
    };
    let name = "${aws:username}";
    check(&format!("{name}/{name}"), "x/y", false);
    check(&format!("{name}/{name}"), "x/x", true);
    check(&format!("{name}${{aws:PrincipalTag/x}}"), "xy", true);
    check(name, "x/y", false);
    check(&format!("{name}/*"), "x/y/z", true);
    check("${aws:PrincipalTag/x}", "x/y", true);
    check("${aws:PrincipalTag/x, 'none'}/z", "none/z", true);
    let deny = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},
        {"Effect":"Deny","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/${aws:username}"}"#;
    check_read(deny, "arn:aws:s3:::b/alice", true);
    check_read(deny, "arn:aws:s3:::b/x/y", false);
}

#[test]
fn what_is_there_is_listed() {
    let tag = r#""StringEquals":{"aws:RequestTag/Team":"red"}"#;
    let only = |names: &str| format!(r#"{tag},"ForAllValues:StringEquals":{{"aws:TagKeys":[{names}]}}"#);
    check("ec2:CreateTags", "*", &only(r#""stage""#), false);
    check("ec2:CreateTags", "*", &only(r#""Team""#), true);
    check("ec2:CreateTags", "*", &only(r#""team","stage""#), true);
    check("ec2:CreateTags", "*", &format!(r#"{tag},"Null":{{"aws:TagKeys":"true"}}"#), false);
    check("ec2:CreateTags", "*", &format!(r#"{tag},"StringEquals":{{"aws:RequestTag/stage":"x"}}"#), true);
    // To take a tag off, it is listed without a value.
    let listed = r#""ForAnyValue:StringEquals":{"aws:TagKeys":"Team"},"Null":{"aws:RequestTag/Team":"true"}"#;
    check("ec2:DeleteTags", "*", listed, true);
    let pair = r#""StringEquals":{"kms:EncryptionContext:App":"x"}"#;
    let names = |operator: &str, name: &str| format!(r#""{operator}":{{"kms:EncryptionContextKeys":["{name}"]}}"#);
    check("kms:Decrypt", "*", &format!("{pair},{}", names("ForAllValues:StringEquals", "other")), false);
    check("kms:Decrypt", "*", &format!("{pair},{}", names("ForAnyValue:StringEquals", "other")), true);
    let without =
        format!(r#"{},"Null":{{"kms:EncryptionContext:App":"true"}}"#, names("ForAnyValue:StringEquals", "App"));
    check("kms:Decrypt", "*", &without, false);
    let (first, second) = (pair, r#""StringLike":{"kms:EncryptionContext:Stage":"*"}"#);
    check("kms:Decrypt", "*", &format!("{first},{second},{}", names("ForAnyValue:StringEquals", "other")), true);
    // What the question says of keys is taken at its word.
    let context = ["aws:RequestTag/Team", "aws:TagKeys"].map(|key| (key.to_owned(), vec!["red".to_owned()]));
    let policy = allow("ec2:CreateTags", "*", &only(r#""red""#));
    let question = Question { actions: vec!["ec2:CreateTags".into()], context: context.into(), ..Question::default() };
    verdict(&can(&Policies::Document(policy), &question), true, "as asked");
}

#[test]
fn an_account_is_of_one_organization() {
    let id = |operator: &str, of: &str, value: &str| format!(r#""{operator}":{{"aws:{of}OrgID":"{value}"}}"#);
    let path = |value: &str| format!(r#""ForAnyValue:StringLike":{{"aws:PrincipalOrgPaths":"{value}"}}"#);
    let own = id("StringEquals", "Principal", "o-a1b2c3d4e5");
    check("s3:GetObject", "*", &format!("{own},{}", path("o-f6g7h8i9j0/*")), false);
    check("s3:GetObject", "*", &format!("{own},{}", path("o-a1b2c3d4e5/*")), true);
    check("s3:GetObject", "*", &format!("{own},{}", path("*/ou-ab12-11111111/*")), true);
    check("s3:GetObject", "*", &format!(r#"{own},"Null":{{"aws:PrincipalOrgPaths":"true"}}"#), false);
    let other = id("StringNotLike", "Principal", "o-a*");
    check("s3:GetObject", "*", &format!("{other},{}", path("o-a1b2c3d4e5/*")), false);
    let wide = format!("{},{}", id("StringLike", "Principal", "o-*"), path("o-f6g7*"));
    let question = Question { actions: vec!["s3:GetObject".into()], ..Question::default() };
    let Answer::Possible(witness) = can(&Policies::Document(allow("s3:GetObject", "*", &wide)), &question) else {
        panic!("{wide}");
    };
    let context = &witness.request.context;
    let (id_of, path_of) = (context.single("aws:PrincipalOrgID"), context.single("aws:PrincipalOrgPaths"));
    assert_eq!(id_of, path_of.and_then(|path| path.split('/').next()), "{witness}");
}

#[test]
fn whoever_is_of_the_owner_s_account_is_of_its_organization() {
    let differ = r#""StringNotEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}"},
        "Null":{"aws:PrincipalOrgID":"false","aws:ResourceOrgID":"false"}"#;
    let apart = r#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5","aws:ResourceOrgID":"o-f6g7h8i9j0"}"#;
    let same = r#""StringEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}"}"#;
    let (queue, other) = ("arn:aws:sqs:*:123456789012:*", "arn:aws:sqs:*:111122223333:*");
    let callers = Callers::Only(Caller::User { arn: "arn:aws:iam::123456789012:user/alice".into() });
    let send = Question { actions: vec!["sqs:SendMessage".into()], callers: callers.clone(), ..Question::default() };
    let get = Question { actions: vec!["s3:GetObject".into()], callers, ..Question::default() };
    let owned = |owner: &str| Question { owner: Some(owner.into()), ..get.clone() };
    for (question, resource, conditions, expected) in [
        (&send, queue, differ, false),
        (&send, other, differ, true),
        (&send, queue, apart, false),
        (&send, other, apart, true),
        (&send, queue, same, true),
        // Whose a bucket is, its ARN does not say.
        (&get, "*", differ, true),
        (&owned("123456789012"), "*", differ, false),
        (&owned("111122223333"), "*", differ, true),
    ] {
        let policies = Policies::Document(allow("*", resource, conditions));
        verdict(&can(&policies, question), expected, &format!("{resource} {conditions}"));
    }
}

#[test]
fn bytes_are_equal_however_they_are_spelled() {
    const KEY: &str = "aws:RequestTag/x";
    let binary = |value: &str| format!(r#""BinaryEquals":{{"{KEY}":"{value}"}}"#);
    let with = |first: &str, text: &str| format!(r#"{},"StringEquals":{{"{KEY}":"{text}"}}"#, binary(first));
    check("ec2:CreateTags", "*", &binary("YQ=="), true);
    check("ec2:CreateTags", "*", &binary("YWJj"), true);
    check("ec2:CreateTags", "*", &binary("no base64"), false);
    check("ec2:CreateTags", "*", &binary("YQ==="), false);
    check("ec2:CreateTags", "*", &binary("YWJjZ"), false);
    for (text, expected) in
        [("YQ==", true), ("YQ", true), ("YR==", true), ("Yf=", true), ("Yg==", false), ("YQ*", false)]
    {
        check("ec2:CreateTags", "*", &with("YQ==", text), expected);
    }
    for (text, expected) in [("YWI=", true), ("YWL", true), ("YWM=", false)] {
        check("ec2:CreateTags", "*", &with("YWI=", text), expected);
    }
    let other = binary("YR==").replace("BinaryEquals", "BinaryEqualsIfExists");
    check("ec2:CreateTags", "*", &format!("{},{other}", binary("YQ==")), true);
    check("ec2:CreateTags", "*", &format!("{},{}", binary("YQ=="), other.replace("YR", "Yg")), false);
}

#[test]
fn a_variable_may_be_the_id_of_the_caller() {
    let policy = allow("s3:GetObject", "arn:aws:s3:::b/${aws:userid}/*", "");
    let root = "arn:aws:iam::123456789012:root";
    for (caller, start) in [
        (Caller::User { arn: "arn:aws:iam::123456789012:user/alice".into() }, "arn:aws:s3:::b/AIDA"),
        (Caller::from_arn("arn:aws:iam::123456789012:role/worker"), "arn:aws:s3:::b/AROAEXAMPLE:session/"),
        (Caller::from_arn(root), "arn:aws:s3:::b/123456789012/"),
    ] {
        let callers = Callers::Only(caller);
        let question = Question { actions: vec!["s3:GetObject".into()], callers, ..Question::default() };
        match can(&Policies::Document(policy), &question) {
            Answer::Possible(witness) => assert!(witness.request.resource.starts_with(start), "{witness}"),
            answer => panic!("{answer:?}"),
        }
    }
}

#[test]
fn keys_that_go_together() {
    let mine = r#""StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}"#;
    let orgs = |own: &str, other: &str| {
        format!(
            r#""StringEqualsIfExists":{{"aws:PrincipalOrgID":"o-{own}"}},"StringLike":{{"aws:ResourceOrgID":"o-{other}"}},
            "Null":{{"aws:PrincipalOrgID":"false"}}"#
        )
    };
    let owner = |own: &str, other: &str| {
        format!(
            r#""StringEquals":{{"s3:ResourceAccount":"{own}"}},
            "StringLike":{{"aws:ResourceAccount":"{other}"}}"#
        )
    };
    let chain = |conditions: &str| format!(r#""StringEquals":{{"aws:CalledViaFirst":"a.amazonaws.com"}},{conditions}"#);
    let all_by =
        |service: &str| format!(r#""ForAllValues:StringEquals":{{"aws:CalledVia":"{service}.amazonaws.com"}}"#);
    let by = |service: &str| all_by(service).replace("ForAllValues", "ForAnyValue");
    for (conditions, expected) in [
        (format!("{mine},{}", orgs("aaaaaaaaaa", "bbbbbbbbbb")), false),
        (format!("{mine},{}", orgs("aaaaaaaaaa", "a*")), true),
        (orgs("aaaaaaaaaa", "bbbbbbbbbb"), true),
        (
            r#""StringLike":{"aws:PrincipalAccount":"1*","aws:ResourceOrgID":"o-a"},
                "StringEquals":{"aws:ResourceAccount":"111122223333","aws:PrincipalAccount":"111122223333"},
                "StringEqualsIfExists":{"aws:PrincipalOrgID":"o-b"},"Null":{"aws:PrincipalOrgID":"false"}"#
                .to_owned(),
            false,
        ),
        (owner("111122223333", "444455556666"), false),
        (owner("111122223333", "1*"), true),
        (owner("111122223333", "4*"), false),
        (r#""StringEquals":{"s3:ResourceAccount":"111122223333"},"Null":{"aws:ResourceAccount":"true"}"#.into(), false),
        (chain(r#""Null":{"aws:CalledVia":"true"}"#), false),
        (chain(&all_by("a")), true),
        (chain(&all_by("b")), false),
        (chain(&by("b")), true),
        (chain(&format!(r#"{},"StringNotEquals":{{"aws:CalledViaLast":"b.amazonaws.com"}}"#, by("b"))), true),
        (chain(r#""Null":{"aws:CalledViaLast":"true"}"#), false),
        (chain(&format!(r#"{},"StringLike":{{"aws:CalledViaLast":"c*"}}"#, all_by("a"))), false),
        (chain(r#""Bool":{"aws:ViaAWSService":"false"}"#), false),
        (r#""IpAddress":{"aws:SourceIp":"1.2.3.4","aws:VpcSourceIp":"10.0.0.1"}"#.into(), false),
        (r#""StringEquals":{"aws:SourceVpce":"vpce-1"},"IpAddress":{"aws:VpcSourceIp":"10.0.0.1"}"#.into(), true),
        (r#""StringEquals":{"aws:SourceVpce":"vpce-1"},"Null":{"aws:SourceVpc":"true"}"#.into(), false),
        (r#""StringEquals":{"aws:SourceVpc":"vpc-1"},"Null":{"aws:VpcSourceIp":"true"}"#.into(), false),
        (r#""StringEquals":{"aws:SourceVpc":"vpc-1"},"Null":{"aws:VpceAccount":"true"}"#.into(), true),
        (r#""NumericEquals":{"s3:TlsVersion":"1.2"},"Bool":{"aws:SecureTransport":"false"}"#.into(), false),
        (r#""Null":{"aws:RequestedRegion":"true"}"#.into(), false),
    ] {
        let question = Question { actions: vec!["s3:GetObject".into()], ..Question::default() };
        let answer = can(&Policies::Document(allow("s3:GetObject", "*", &conditions)), &question);
        verdict(&answer, expected, &conditions);
        let Answer::Possible(witness) = answer else { continue };
        if let Entry::Values(chain) = witness.request.context.get("aws:CalledVia") {
            let end = |key: &str| witness.request.context.single(key).map(str::to_owned);
            assert_eq!(end("aws:CalledViaFirst"), chain.first().cloned(), "{witness}");
            assert!(end("aws:CalledViaLast").is_none_or(|last| Some(&last) == chain.last()), "{witness}");
        }
    }
}
