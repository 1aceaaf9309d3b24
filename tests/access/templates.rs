//! Templates: what is known of them whatever is filled in. In two versions, the same hole is filled in alike, and another
//! is not.

use crate::support::policy;
use iam_lint::access::decide::{Answer, Callers, Question, Realism};
use iam_lint::access::{Layers, Policies, can, compare};
use iam_lint::policy::Truth;

const READ: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${var.b}/*"}"#;
const OF_OTHER: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${var.c}/*"}"#;
const REF: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":{"Ref":"Bucket"}}"#;
const LIST: &str = r#"{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}"#;
const FENCE: &str = r#"{"Effect":"Deny","Action":"sqs:*","Resource":"arn:aws:sqs:*:${account}:*"}"#;
const UNTAGGED: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*",
    "Condition":{"StringEquals":{"aws:PrincipalTag/team":"{{ team }}"}}}"#;

#[test]
fn what_is_not_changed_adds_nothing_whatever_is_filled_in() {
    use Truth::{Maybe, No, Yes};
    fn both<const N: usize>(statements: [&str; N]) -> String {
        statements.join(",")
    }
    let verb =
        |sid: &str| READ.replace("{\"Effect", &format!("{{\"Sid\":\"{sid}\",\"Effect")).replace("${var.b}", "%s");
    for (old, new, added, lost) in [
        (READ.to_owned(), READ.to_owned(), No, No),
        (READ.to_owned(), READ.replace(":\"", ": \""), No, No),
        (READ.to_owned(), OF_OTHER.to_owned(), Maybe, Maybe),
        (REF.to_owned(), REF.to_owned(), No, No),
        (REF.to_owned(), REF.replace("Bucket", "Other"), Maybe, Maybe),
        (UNTAGGED.to_owned(), UNTAGGED.to_owned(), No, No),
        (both([READ, REF]), both([REF, READ]), No, No),
        (READ.to_owned(), both([READ, LIST]), Yes, No),
        (LIST.to_owned(), both([LIST, READ]), Yes, No),
        (both([LIST, FENCE]), both([FENCE, LIST]), No, No),
        (READ.to_owned(), READ.replace(r#""s3:GetObject""#, r#"["s3:PutObject","s3:GetObject"]"#), Yes, No),
        (
            READ.to_owned(),
            READ.replace(r#""arn"#, r#""arn:aws:s3:::b/*","arn"#)
                .replace(r#":"arn"#, r#":["arn"#)
                .replace("*\"}", "*\"]}"),
            Maybe,
            No,
        ),
        (
            UNTAGGED.to_owned(),
            UNTAGGED.replace("StringEquals\":{", "StringEquals\":{\"aws:PrincipalOrgID\":\"o-a\","),
            No,
            Maybe,
        ),
        // Each is another argument.
        (READ.replace("${var.b}", "%s"), READ.replace("${var.b}", "%s"), No, No),
        (both([&verb("a"), &verb("b")]), both([&verb("b"), &verb("a")]), Maybe, Maybe),
        (verb("a"), both([&verb("a"), &verb("a")]), Maybe, Maybe),
        (both([READ, &verb("a")]), both([READ, &verb("a"), LIST]), Yes, Maybe),
        // It may be the same bucket.
        (READ.replace("${var.b}", "prod"), both([READ, LIST]).replace("sqs:SendMessage", "s3:GetObject"), Yes, No),
        (READ.replace("${var.b}", "prod"), READ.to_owned(), Maybe, Maybe),
        (READ.to_owned(), READ.replace("${var.b}", "prod"), Maybe, Maybe),
        (both([LIST, FENCE]), LIST.to_owned(), Yes, No),
        // What an expression that stands by itself or a directive says is not known.
        (both([READ, "${more}"]), both(["${more}", READ]), Maybe, Maybe),
        ("%{ if x }{},%{ endif }".replace("{}", READ) + LIST, both([READ, LIST]), Maybe, Maybe),
    ] {
        let [old, new] = [old, new].map(|one| policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{one}]}}"#)));
        let question = Question { realism: Realism::Anything, ..Question::default() };
        let found = compare(old, new, &question);
        let case = format!("{:?}\n{:?}", old.node, new.node);
        assert_eq!((found.added.truth(), found.lost.truth()), (added, lost), "{case}\n{found:?}");
    }
}

/// Whether `action` is possible, and on what.
fn possible(statements: &str, action: &str, question: Question<'_>) -> (Truth, String) {
    let policy = policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#));
    let question = Question { actions: vec![action.into()], ..question };
    let answer = can(&Policies::Document(policy), &question);
    let on = if let Answer::Possible(witness) = &answer { witness.request.resource.clone() } else { String::new() };
    (answer.truth(), on)
}

#[test]
fn what_is_granted_on_a_resource_to_be_filled_in_is_possible() {
    use Truth::{Maybe, No, Yes};
    let allow =
        |action: &str, resource: &str| format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":{resource}}}"#);
    let deny = |resource: &str| format!(r#",{{"Effect":"Deny","Action":"*","Resource":"{resource}"}}"#);
    let all_but = |resource: &str| format!(r#",{{"Effect":"Deny","Action":"*","NotResource":"{resource}"}}"#);
    let (get, read) = ("s3:GetObject", || allow("s3:GetObject", r#""arn:aws:s3:::${var.b}/*""#));
    let bad_tag =
        r#",{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/a":"x"}}}"#;
    let when = |key: &str, value: &str| {
        let condition = format!(r#","Condition":{{"StringEquals":{{"{key}":"{value}"}}}}}}"#);
        format!("{}{condition}", read().strip_suffix('}').unwrap())
    };
    for (statements, action, expected, on) in [
        (read(), get, Yes, "arn:aws:s3:::${var.b}/"),
        (read(), "s3:PutObject", No, ""),
        (read(), "s3:ListBucket", No, ""),
        (read() + &deny("arn:aws:sqs:*:*:*"), get, Yes, "arn:aws:s3:::${var.b}/"),
        (read() + &deny("arn:aws:s3:::*/secret/*"), get, Maybe, ""),
        (read() + &deny("arn:aws:s3:::prod/*"), get, Maybe, ""),
        (read() + &deny("arn:aws:s3:::${var.c}/*"), get, Maybe, ""),
        (read() + &deny("arn:aws:s3:::${var.b}/*"), get, Maybe, ""),
        // It is another resource, whichever the bucket is.
        (read() + &deny("arn:aws:s3:::${var.b}"), get, Yes, "arn:aws:s3:::${var.b}/"),
        (read() + &deny("arn:aws:s3:::${var.b}-x/*"), get, Yes, "arn:aws:s3:::${var.b}/"),
        (read() + &deny("arn:aws:s3:::${var.c}"), get, Maybe, ""),
        (read() + &all_but("arn:aws:s3:::*"), get, Yes, "arn:aws:s3:::${var.b}/"),
        (read() + &all_but("arn:aws:s3:::prod/*"), get, Maybe, ""),
        (read().replace("${var.b}", "prod-${env}-${env}-x"), get, Yes, "arn:aws:s3:::prod-${env}-${env}-x/"),
        (allow("s3:ListBucket", r#"{"Fn::GetAtt":["B","Arn"]}"#), "s3:ListBucket", Yes, "${B.Arn}"),
        (allow("s3:ListBucket", r#""${aws_s3_bucket.b.arn}""#), "s3:ListBucket", Yes, "${aws_s3_bucket.b.arn}"),
        (allow("sqs:*", r#""${aws_sqs_queue.q.arn}""#), "sqs:SendMessage", Yes, "${aws_sqs_queue.q.arn}"),
        (
            allow(r#"s3:ListBucket","s3:GetObject"#, r#"["${b.arn}","${b.arn}/*"]"#)
                .replace("Action\":", "Action\":[")
                .replace(",\"Resource", "],\"Resource"),
            "s3:ListBucket",
            Yes,
            "${b.arn}",
        ),
        // That may be the ARN of an access point, or of a queue.
        (allow("s3:*", r#""${aws_s3_bucket.b.arn}""#), "s3:ListBucket", Maybe, ""),
        (allow("*", r#""${aws_s3_bucket.b.arn}""#), "sqs:SendMessage", Maybe, ""),
        // No template gives the ARN of an object.
        (allow("s3:GetObject", r#""${aws_s3_bucket.b.arn}""#), get, Maybe, ""),
        (allow("s3:*", r#""${aws_s3_bucket.b.arn}/*""#), get, Yes, "${aws_s3_bucket.b.arn}/"),
        (allow("s3:*", r#""${aws_s3_bucket.b.arn}/*""#), "s3:ListBucket", Maybe, ""),
        (allow("kms:*", r#""${aws_s3_bucket.b.arn}/*""#), "kms:Decrypt", Maybe, ""),
        (
            allow("iam:*", r#""arn:aws:iam::${AWS::AccountId}:user/*""#),
            "iam:DeleteUser",
            Yes,
            "arn:aws:iam::${AWS::AccountId}:user/",
        ),
        (
            allow("sqs:*", r#"{"Fn::Sub":"arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Q}"}"#),
            "sqs:SendMessage",
            Yes,
            "arn:aws:sqs:us-east-1:${AWS::AccountId}:${Q}",
        ),
        (allow("s3:*", r#""arn:aws:${service}:::b/*""#), get, Maybe, ""),
        // A part of a name may be the end of a bucket's, and what is in it as well.
        (allow("s3:*", r#""arn:aws:s3:::b${suffix}""#), "s3:ListBucket", Maybe, ""),
        (allow("s3:*", r#""arn:aws:s3:::*${key}""#), "s3:ListBucket", Maybe, ""),
        (allow("s3:*", r#""arn:aws:s3:::${b}${suffix}""#), "s3:ListBucket", Maybe, ""),
        (when("aws:PrincipalOrgID", "o-a"), get, Yes, "arn:aws:s3:::${var.b}/"),
        (when("s3:ExistingObjectTag/a", "x"), get, Yes, "arn:aws:s3:::${var.b}/"),
        (when("s3:ExistingObjectTag/a", "${tag}"), get, Yes, "arn:aws:s3:::${var.b}/"),
        (when("s3:ExistingObjectTag/a", "${tag}") + bad_tag, get, Maybe, ""),
        (when("aws:PrincipalTag/a", "${var.b}"), get, Yes, "arn:aws:s3:::${var.b}/"),
        (when("aws:PrincipalAccount", "${account}"), get, Maybe, ""),
    ] {
        let (found, where_) = possible(&statements, action, Question::default());
        assert_eq!((found, where_.starts_with(on)), (expected, true), "{action}: {statements}: {where_}");
    }
    // What is filled in twice is the same, in another Allow, too.
    for (allows, denied, action) in [
        (
            ["s3:*\",\"Resource\":\"arn:aws:s3:::${b}", "s3:*\",\"Resource\":\"arn:aws:s3:::${b}/*"],
            "arn:aws:s3:::ledger",
            "s3:ListBucket",
        ),
        (
            [
                "s3:*Object\",\"Resource\":\"arn:aws:s3:::${b}/in/*",
                "s3:GetObject\",\"Resource\":\"arn:aws:s3:::${b}/out/*",
            ],
            "arn:aws:s3:::prod-*",
            get,
        ),
        (
            ["sqs:*\",\"Resource\":\"arn:aws:sqs:*:${a}:q", "sqs:*\",\"Resource\":\"arn:aws:sqs:*:${a}:dlq"],
            "arn:aws:sqs:*:111122223333:*",
            "sqs:SendMessage",
        ),
    ] {
        let [one, other] = allows.map(|own| format!(r#"{{"Effect":"Allow","Action":"{own}"}}"#));
        let statements = format!("{one},{other}{}", deny(denied));
        assert_eq!(possible(&statements, action, Question::default()).0, Maybe, "{statements}");
    }
    let asked = |resource: &str| Question { resources: vec![resource.into()], ..Question::default() };
    for (resource, expected) in
        [("arn:aws:s3:::*", Yes), ("arn:aws:s3:::prod/*", Maybe), ("arn:aws:s3:::*/k", Yes), ("arn:aws:sqs:*", No)]
    {
        assert_eq!(possible(&read(), get, asked(resource)).0, expected, "{resource}");
    }
    // Whose resource it is, is not known.
    let of_account = allow("sqs:SendMessage", r#""arn:aws:sqs:us-east-1:${AWS::AccountId}:q""#);
    let own = of_account.strip_suffix('}').unwrap().to_owned()
        + r#","Condition":{"StringEquals":{"aws:ResourceAccount":"111122223333"}}}"#;
    assert_eq!(possible(&own, "sqs:SendMessage", Question::default()).0, Maybe);
}

#[test]
fn other_policies_have_to_let_every_filling_pass() {
    let document = |statement: &str| policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#));
    for (boundary, expected) in [
        (r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#, Truth::Yes),
        (READ, Truth::Yes),
        (OF_OTHER, Truth::Maybe),
        (r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::prod/*"}"#, Truth::Maybe),
        (r#"{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::prod/*"}"#, Truth::Maybe),
        (r#"{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:sqs:*:*:*"}"#, Truth::Yes),
        (r#"{"Effect":"Allow","Action":"sqs:*","Resource":"*"}"#, Truth::No),
    ] {
        let layers = Layers { identity: vec![document(READ)], boundary: vec![document(boundary)], ..Layers::default() };
        let question = Question { actions: vec!["s3:GetObject".into()], ..Question::default() };
        let answer = can(&Policies::Account(layers), &question);
        assert_eq!(answer.truth(), expected, "{boundary}: {answer:?}");
    }
}

#[test]
fn a_principal_to_be_filled_in_may_be_everyone() {
    use Truth::{Maybe, No, Yes};
    let of = |effect: &str, principal: &str| {
        format!(
            r#"{{"Effect":"{effect}","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}"#
        )
    };
    let anonymous = || Question { callers: Callers::Anonymous, ..Question::default() };
    for (principal, allowed, spared) in [
        (r#""${x}""#, Maybe, Maybe),
        (r#"{"Ref":"P"}"#, Maybe, Maybe),
        (r#""<PRINCIPAL>""#, Maybe, Maybe),
        (r#"{"AWS":"${x}"}"#, Maybe, Maybe),
        (r#"{"AWS":"*${x}"}"#, Maybe, Maybe),
        (r#"{"AWS":"${aws_iam_role.x.arn}"}"#, No, Yes),
        (r#"{"AWS":"arn:aws:iam::${account}:root"}"#, No, Yes),
        (r#""*""#, Yes, No),
    ] {
        let allow = of("Allow", principal);
        assert_eq!(possible(&allow, "s3:GetObject", anonymous()).0, allowed, "{allow}");
        let deny = format!("{},{}", of("Allow", r#""*""#), of("Deny", principal));
        assert_eq!(possible(&deny, "s3:GetObject", anonymous()).0, spared, "{deny}");
    }
}
