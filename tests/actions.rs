//! What the rules about the names of actions find: each row is a statement and the findings that it must give, with
//! the text that they underline.

use iam_lint::lint::{Options, Report, RuleSet, all_rules, lint};
use iam_lint::text::apply;

fn report(text: &str) -> Report {
    let rules = RuleSet::of(all_rules(&[]).filter(|rule| rule.group == "actions"));
    lint("policy.json", text.as_bytes().to_vec(), &Options::new(&rules))
}

fn policy(statements: &str) -> String {
    format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statements}]}}")
}

/// A statement of `effect` whose `element` is `actions`.
fn statement(effect: &str, element: &str, actions: &str) -> String {
    format!(r#"{{"Effect":"{effect}","{element}":{actions},"Resource":"*"}}"#)
}

#[track_caller]
fn check_text(text: &str, expected: &[&str]) {
    let report = report(text);
    let found: Vec<String> = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.rule != "missing-dependent-action")
        .map(|diagnostic| format!("{} {}", diagnostic.rule, report.source.slice(diagnostic.span)))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[track_caller]
fn check(actions: &str, expected: &[&str]) {
    check_text(&policy(&statement("Allow", "Action", actions)), expected);
}

#[track_caller]
fn check_help(actions: &str, expected: &str) {
    let report = report(&policy(&statement("Allow", "Action", actions)));
    let helps: Vec<&str> = report.diagnostics.iter().filter_map(|diagnostic| diagnostic.help.as_deref()).collect();
    assert_eq!(helps, [expected], "{actions}");
}

#[track_caller]
fn check_fixed(actions: &str, expected: &str) {
    let text = policy(&statement("Allow", "Action", actions));
    let report = report(&text);
    let fix = report.diagnostics.iter().find_map(|diagnostic| diagnostic.fix.as_ref()).expect("a fix");
    assert_eq!(apply(&text, &fix.edits), Some(policy(&statement("Allow", "Action", expected))));
}

#[test]
fn names_that_exist_are_right_in_any_case() {
    for actions in [r#""*""#, r#""*:*""#, r#""s3:*""#, r#""S3:getobject""#, r#"["iam:*MFA*","sts:Get?allerIdentity"]"#]
    {
        check(actions, &[]);
    }
}

#[test]
fn what_is_not_known_in_full_is_not_judged() {
    for actions in [r#""${service}:Nothing""#, r#""s3:${var.action}""#, r#""<SERVICE>:Get*""#, r#""s3:{{ x }}Foo""#] {
        check(actions, &[]);
    }
    for actions in [r#""$SERVICE:Nothing""#, r#""s3:%s""#, r#""__ACTION__""#, r#""s3:@VERB@Foo""#] {
        check(actions, &[]);
    }
    check(r#""service-prefix-1:action-name""#, &[]);
}

#[test]
fn a_name_that_does_not_exist_is_named() {
    check(r#""s3:GetObjekt""#, &[r#"unknown-action "s3:GetObjekt""#]);
    check_help(r#""s3:GetObjekt""#, "did you mean `s3:GetObject`?");
    check_help(r#""s3:ListObjectsV2""#, "did you mean `s3:ListBucket`?");
    check_help(r#""s3:CopyObject""#, "AWS checks `s3:PutObject` and `s3:GetObject` instead");
    check_help(r#""ec2:Decribe*""#, "did you mean `ec2:Describe*`?");
    check_help(r#""kms:GenerateDaataKey*""#, "did you mean `kms:GenerateDataKey*`?");
    check_help(r#""kms:ReEncryppt*""#, "did you mean `kms:ReEncrypt*`?");
    check_help(r#""ec2:*Instnces""#, "did you mean `ec2:*Instances`?");
    check_help(r#""ec2:* ""#, "remove the space");
    check(r#""iam:*Mfa*Nothing""#, &[r#"action-matches-nothing "iam:*Mfa*Nothing""#]);
    check_fixed(r#""s3:GetObjekt""#, r#""s3:GetObject""#);
    check_fixed(
        r#"["elbv2:Describe*","elbv2:SetIpAddressType"]"#,
        r#"["elasticloadbalancing:Describe*","elasticloadbalancing:SetIpAddressType"]"#,
    );
}

#[test]
fn what_merely_shares_words_is_not_meant() {
    let suggestion = |action: &str| {
        let report = report(&policy(&statement("Allow", "Action", &format!("\"{action}\""))));
        report.diagnostics.iter().find_map(|found| found.fix.as_ref().map(|fix| fix.title.clone()))
    };
    assert_eq!(suggestion("cloudhsm:ListHaps"), None, "not `ListTags`");
    assert_eq!(suggestion("s3:put"), None, "not `apigateway:PUT`");
    assert_eq!(suggestion("SNS:Receive"), None, "not `iot:Receive`");
    assert_eq!(suggestion("s3:PassRole"), None, "a namesake of another service is no certain repair");
    check_help(r#""s3:PassRole""#, "did you mean `iam:PassRole`?");
    assert_eq!(suggestion("ec2:DescribeInstance").as_deref(), Some("use `ec2:DescribeInstances`"));
    assert_eq!(suggestion("iam:ListMFADevises").as_deref(), Some("use `iam:ListMFADevices`"));
}

#[test]
fn a_service_is_known_by_its_actions() {
    check_help(r#""mks:Decrypt""#, "did you mean `kms`?");
    check_help(r#"["smm:GetParameter","smm:Put*"]"#, "did you mean `ssm`?");
    check_fixed(r#"["aim:PassRole","aim:*MFA*"]"#, r#"["iam:PassRole","iam:*MFA*"]"#);
}

#[test]
fn a_misspelt_service_is_the_same_in_its_arns() {
    let written = |service: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"{service}:SendMessage","Resource":["arn:aws:{service}:*:*:q","arn:aws:{service}:*:*:r"]}}"#
        )
    };
    let text = policy(&written("sqss"));
    let every = RuleSet::of(all_rules(&[]).filter(|rule| ["actions", "resources"].contains(&rule.group)));
    let report = lint("policy.json", text.clone().into_bytes(), &Options::new(&every));
    assert_eq!(report.diagnostics.len(), 1, "{:?}", report.diagnostics);
    assert_eq!((&*report.diagnostics[0].rule, report.diagnostics[0].labels.len()), ("unknown-service", 3));
    let fix = report.diagnostics[0].fix.as_ref().expect("a fix");
    assert_eq!(apply(&text, &fix.edits), Some(policy(&written("sqs"))));
}

#[test]
fn an_unknown_service_is_one_finding() {
    let fifty: Vec<String> = (0..50).map(|number| format!("\"nosuchthing:Action{number}\"")).collect();
    let text = policy(&statement("Allow", "Action", &format!("[{}]", fifty.join(","))));
    check_text(&text, &["unknown-service nosuchthing"]);
    assert_eq!(report(&text).diagnostics[0].labels.len(), 50);
    check(r#"["nosuch:A","other:B","NoSuch:C"]"#, &["unknown-service nosuch", "unknown-service other"]);
}

#[test]
fn the_message_says_what_comes_of_it_and_how_old_the_data_is() {
    #[track_caller]
    fn check(effect: &str, element: &str, consequence: &str) {
        let report = report(&policy(&statement(effect, element, r#""s3:Nothing""#)));
        let expected = format!(
            "`s3:Nothing` is not in the catalogue of {}; unless it is newer, {consequence}",
            iam_lint::catalog::date()
        );
        assert_eq!(report.diagnostics[0].message, expected);
    }
    check("Allow", "Action", "it allows nothing");
    check("Deny", "Action", "it denies nothing");
    check("Deny", "NotAction", "it excepts nothing");
}

#[test]
fn one_mistake_is_one_finding_however_often_it_is_made() {
    for actions in
        [r#"["s3:GetObjekt","s3:PutObject","s3:GETObjekt"]"#, r#"["s3:*Objekt","s3:PutObject","s3:*objekt"]"#]
    {
        let own = statement("Allow", "Action", actions);
        let report = report(&policy(&format!("{own},{own}")));
        let is_duplicate = |rule: &str| rule == "duplicate-action";
        let found: Vec<_> = report.diagnostics.iter().filter(|found| !is_duplicate(&found.rule)).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].labels.len(), 4, "{found:?}");
        let edits = found[0].fix.as_ref().map_or(4, |fix| fix.edits.len());
        assert_eq!(edits, 4, "all of them are mended");
    }
}

#[test]
fn lookalikes_are_named_as_such() {
    let message =
        |actions: &str| report(&policy(&statement("Allow", "Action", actions))).diagnostics[0].message.clone();
    assert_eq!(message(r#""іam:PassRole""#), "`іam` is not `iam`: it contains `і` (U+0456)");
    for (item, plain, culprit) in [
        ("s3:GetObject\u{a0}", "s3:GetObject", "an invisible U+00A0"),
        ("s3:Getоbject*", "s3:Getobject*", "`о` (U+043E)"),
        ("s3:*Оbject", "s3:*Object", "`О` (U+041E)"),
        ("iam:Dеactivate*", "iam:Deactivate*", "`е` (U+0435)"),
        ("s3：GetObject", "s3:GetObject", "`：` (U+FF1A)"),
        ("s3:GetObject ", "s3:GetObject", "a space"),
        (" s3:GetObject", "s3:GetObject", "a space"),
        ("* ", "*", "a space"),
    ] {
        let expected = match item {
            " s3:GetObject" => "` s3` is not `s3`: it contains a space".to_owned(),
            _ => format!("`{item}` is not `{plain}`: it contains {culprit}"),
        };
        assert_eq!(message(&format!("\"{item}\"")), expected);
    }
    check_help(r#""s3:GetObject ""#, "remove the space");
    check_help(r#""s3:GetObject\n""#, "remove the line break");
    check_help(r#""s3 :GetObject""#, "remove the space");
    check_help(r#""s3：GetObject""#, "write `s3:GetObject`");
    check_fixed(r#""s3 :GetObject""#, r#""s3:GetObject""#);
    check_fixed("\"s3:Getоbject*\"", r#""s3:Getobject*""#);
    check_fixed(r#""\ts3:GetObject""#, r#""s3:GetObject""#);
    assert_eq!(message(r#""iam:PassRоle""#), "`iam:PassRоle` is not `iam:PassRole`: it contains `о` (U+043E)");
    assert_eq!(
        message("\"iam:Pass\u{200b}Role\""),
        "`iam:Pass\u{200b}Role` is not `iam:PassRole`: it contains an invisible U+200B"
    );
}

#[test]
fn what_aws_has_given_up_is_told_apart() {
    check(r#"["deeplens:ListProjects","deeplens:Get*"]"#, &["retired-action deeplens"]);
    check(r#""aws-portal:ViewBilling""#, &[r#"retired-action "aws-portal:ViewBilling""#]);
    check(r#""aws-portal:*""#, &[]);
    check(
        r#"["cloudhsm:ListHapgs","cloudhsm:ListHsms","cloudhsm:DeleteHsm","cloudhsm:GetConfig"]"#,
        &[r#"retired-action "cloudhsm:ListHapgs""#],
    );
    check(r#""zocalo:*""#, &["retired-action zocalo"]);
    check_fixed(r#"["zocalo:*","zocalo:CreateUser"]"#, r#"["workdocs:*","workdocs:CreateUser"]"#);
    check(r#""builderid:ListInvitations""#, &[]);
    check_help(
        r#""aws-portal:ViewAccount""#,
        "use `account:GetAccountInformation`, `account:GetAlternateContact` and `account:GetContactInformation`",
    );
}

#[test]
fn what_iam_rejects() {
    check(r#""*:Get*""#, &["wildcard-in-service-prefix *"]);
    check(r#""s3?:Get*""#, &["wildcard-in-service-prefix s3?"]);
    for broken in [r#""PassRole""#, r#""""#, r#"":GetObject""#, r#""s3:""#, r#""s3*""#] {
        check(broken, &[&format!("malformed-action {broken}")]);
    }
    check_help(r#""PassRole""#, "did you mean `iam:PassRole`?");
    check_help(r#""s3.GetObject""#, "did you mean `s3:GetObject`?");
}

#[test]
fn what_is_said_twice() {
    check(r#"["s3:Get*","S3:GET*"]"#, &[r#"duplicate-action "S3:GET*""#]);
    check(r#"["s3:Get*","s3:GetObject","s3:PutObject"]"#, &[r#"redundant-action "s3:GetObject""#]);
    check(
        r#"["s3:GetObject","s3:Get*","s3:GetBucketAcl","s3:Put*","s3:PutObject"]"#,
        &[r#"redundant-action "s3:GetObject""#, r#"redundant-action "s3:PutObject""#],
    );
    check(r#"["s3:Get*Acl","s3:G*","s3:*t*"]"#, &[r#"redundant-action "s3:Get*Acl""#]);
    check(r#"["s3:**","s3:*"]"#, &[r#"redundant-action "s3:*""#]);
    check(r#"["s3:Get*","s3:${x}","s3:*Acl"]"#, &[]);
    check_fixed(r#"["s3:Get*","s3:GetObject","s3:PutObject"]"#, r#"["s3:Get*","s3:PutObject"]"#);
    check_fixed(
        r#"["s3:GetA","s3:GetB","s3:PutObject","s3:Get*","s3:GetC","s3:GetD"]"#,
        r#"["s3:PutObject","s3:Get*"]"#,
    );
    check_fixed(r#"["s3:GetObject","s3:Get*"]"#, r#"["s3:Get*"]"#);
    check_fixed(
        r#"["s3:PutObject","s3:PUTObject","s3:GetObject","s3:putObject"]"#,
        r#"["s3:PutObject","s3:GetObject"]"#,
    );
    check_fixed(r#"["s3:PutObject","s3:putObject"]"#, r#"["s3:PutObject"]"#);
}

#[test]
fn dependents_are_looked_for_in_every_allow() {
    #[track_caller]
    fn check(other: &str, expected: usize) {
        let own = statement("Allow", "Action", r#""ec2:AssociateIamInstanceProfile""#);
        let found = report(&policy(&format!("{own}{other}"))).diagnostics;
        assert_eq!(found.iter().filter(|found| found.rule == "missing-dependent-action").count(), expected, "{other}");
    }
    let and = |effect: &str, element: &str, actions: &str| format!(",{}", statement(effect, element, actions));
    check("", 1);
    check(&and("Allow", "Action", r#""iam:Pass*""#), 0);
    check(&and("Allow", "NotAction", r#""s3:*""#), 0);
    check(&and("Allow", "Action", r#""${x}""#), 0);
    check(&and("Deny", "Action", r#""iam:PassRole""#), 1);
}
