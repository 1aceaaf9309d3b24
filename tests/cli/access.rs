//! `can` and `compare`.

use super::{ALLOW_ALL, ALLOW_ONE, Case, Run};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Guards everything but one action by MFA; the guard is on its fourth line.
const GUARDED: &str = r#"{"Version": "2012-10-17", "Statement": [
{"Sid": "Devices", "Effect": "Allow", "Action": "iam:*MFADevice*", "Resource": "*"},
{"Sid": "Guard", "Effect": "Deny",
 "NotAction": ["iam:EnableMFADevice", "iam:ListMFADevices"],
 "Resource": "*",
 "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#;

const PUBLIC: &str = r#"{"Version": "2012-10-17", "Statement": [
{"Sid": "Read", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;

/// A bucket's policy with this principal and these conditions.
pub(super) fn bucket(principal: &str, condition: &str) -> String {
    let read = r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#;
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{{read}, "Principal": {principal}, "Condition": {{{condition}}}}}]}}"#
    )
}

pub(super) fn files() -> Case {
    let scp = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Sid": "Keep", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}]}"#;
    let two = format!(r#"{{"A": {ALLOW_ONE}, "B": {GUARDED}}}"#);
    let hole = ALLOW_ONE.replace("arn:aws:s3:::b/*", "arn:aws:s3:::${var.bucket}/*");
    Case::new(&[
        ("all.json", ALLOW_ALL),
        ("one.json", ALLOW_ONE),
        ("guarded.json", GUARDED),
        ("public.json", PUBLIC),
        ("scp.json", scp),
        ("two.json", &two),
        ("hole.json", &hole),
        ("none.json", "{}"),
    ])
}

/// `can` with these arguments, and what begins its answer.
#[track_caller]
fn check(args: &str, code: i32, start: &str) -> Run {
    let args: Vec<&str> = std::iter::once("can").chain(args.split_whitespace()).collect();
    let run = files().run(&args);
    assert_eq!((run.code, run.stderr.as_str()), (code, ""), "{}", run.stdout);
    assert!(run.stdout.starts_with(start), "{}", run.stdout);
    run
}

/// A command that cannot be run, and what is said of it.
#[track_caller]
fn refuse(args: &str, complaint: &str) {
    let args: Vec<&str> = args.split_whitespace().collect();
    let run = files().run(&args);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains(complaint), "{}", run.stderr);
}

#[track_caller]
fn valid(schema: &str, document: &Value) {
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let problems: Vec<String> = validator.iter_errors(document).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}\n{document}");
}

const CAN: &str = include_str!("../../schemas/can.schema.json");
const COMPARE: &str = include_str!("../../schemas/compare.schema.json");

#[test]
fn no_shows_the_statement_that_denies() {
    let run = check(
        "guarded.json --action iam:DeactivateMFADevice --without-mfa",
        1,
        "no: `iam:DeactivateMFADevice` is not possible without MFA\n\n  ☞ statement `Guard` denies every such request\n",
    );
    assert!(run.stdout.contains("[guarded.json:4:2]"), "{}", run.stdout);
    assert!(run.stdout.contains("holds for every such request"), "{}", run.stdout);
}

#[test]
fn yes_shows_a_request_and_the_statement_that_allows_it() {
    let run = check(
        "guarded.json --action iam:EnableMFADevice --without-mfa",
        0,
        "yes: iam:EnableMFADevice on arn:aws:iam::123456789012:user/alice by a long-term access key \
         (no aws:MultiFactorAuthPresent)\n\n  ☞ statement `Devices` allows it\n",
    );
    assert!(run.stdout.contains("[guarded.json:2:49]"), "{}", run.stdout);
    check("guarded.json --action iam:DeactivateMFADevice", 0, "yes: iam:DeactivateMFADevice on ");
    check("one.json --action s3:PutObject", 1, "no: `s3:PutObject` is not possible\n  no statement allows it\n");
    check(
        "hole.json --action s3:GetObject --resource arn:aws:s3:::x/y",
        3,
        "undecided: it depends on what is filled in",
    );
}

#[test]
fn the_question_narrows_the_requests() {
    let on = |resource: &str| format!("one.json --action s3:GetObject --resource {resource}");
    check(&on("arn:aws:s3:::b/k"), 0, "yes: s3:GetObject on arn:aws:s3:::b/k by ");
    check(&on("arn:aws:s3:::c/*"), 1, "no: `s3:GetObject` is not possible on `arn:aws:s3:::c/*`\n");
    check(
        "all.json --action s3:ListBucket --resource arn:aws:iam::123456789012:user/u",
        1,
        "no: `s3:ListBucket` is not",
    );
    let mfa = "guarded.json --action iam:DeactivateMFADevice --context aws:MultiFactorAuthPresent=";
    check(&format!("{mfa}true"), 0, "yes: ");
    check(&format!("{mfa}false"), 1, "no: ");
    let absent = "guarded.json --action iam:DeactivateMFADevice --without-key aws:MultiFactorAuthPresent";
    check(absent, 1, "no: ");
    let by = "public.json --action s3:GetObject --principal";
    check(&format!("{by} anonymous"), 0, "yes: s3:GetObject on arn:aws:s3:::b/c by anyone, unsigned");
    let role = "arn:aws:iam::111111111111:role/r";
    check(&format!("{by} {role}"), 0, &format!("yes: s3:GetObject on arn:aws:s3:::b/c by a session of {role}"));
}

#[test]
fn several_policies_each_play_their_part() {
    let get = "--action s3:GetObject --resource arn:aws:s3:::b/k";
    check(&format!("all.json --boundary one.json {get}"), 0, "yes: ");
    let run = check("all.json --boundary one.json --action iam:PassRole", 1, "no: `iam:PassRole` is not possible\n");
    assert!(run.stdout.contains("the boundary `one.json` has to allow it, and does not"), "{}", run.stdout);
    check(
        "all.json --scp scp.json --action s3:DeleteObject",
        1,
        "no: `s3:DeleteObject` is not possible\n\n  ☞ statement `Keep`",
    );
    check(&format!("all.json --scp all.json --scp one.json {get}"), 0, "yes: ");
    check("all.json --scp all.json --scp one.json --action s3:PutObject", 1, "no: ");
    let anonymous = check(&format!("all.json --resource-policy public.json {get} --principal anonymous"), 0, "yes: ");
    assert!(anonymous.stdout.contains("statement `Read` allows it"), "{}", anonymous.stdout);
    assert!(!anonymous.stdout.contains("all.json"), "{}", anonymous.stdout);
    let other = "--principal arn:aws:iam::111111111111:user/u --resource-account 222222222222";
    check(&format!("all.json --resource-policy public.json {get} {other}"), 0, "yes: ");
    check(&format!("all.json --resource-policy public.json --action s3:PutObject {other}"), 1, "no: ");
    check(&format!("public.json {get} --type scp"), 0, "yes: ");
    let two = format!("can all.json --boundary one.json --boundary scp.json {get}");
    refuse(&two, "a caller has one permissions boundary, and here are two: `one.json` and `scp.json`");
    let alone =
        check(&format!("--resource-policy public.json {get} --principal arn:aws:iam::111111111111:user/u"), 0, "");
    assert!(alone.stdout.contains("of account 111111111111: the policy by itself allows it"), "{}", alone.stdout);
    let federated = "all.json --action s3:GetObject --principal arn:aws:sts::111111111111:federated-user/u";
    let alone = check(federated, 0, "yes: ");
    assert!(alone.stdout.contains("may do only what a policy that is passed along"), "{}", alone.stdout);
    check(&format!("{federated} --session all.json"), 0, "yes: ");
    check(&format!("{federated} --boundary all.json"), 1, "no: ");
    let own = check("one.json --action sts:GetCallerIdentity", 1, "no: ");
    assert!(own.stdout.contains("AWS answers `sts:GetCallerIdentity` whatever policies say"), "{}", own.stdout);
    refuse("compare all.json public.json", "one says with `Principal` whom it is about");
    refuse("compare public.json all.json", "cannot be compared");
    refuse("can scp.json one.json --type scp --action s3:GetObject", "of these policies none grants anything");
}

#[test]
fn of_a_file_with_several_policies_all_take_part_or_the_one_that_is_named() {
    check("two.json --action s3:GetObject", 0, "yes: ");
    check("two.json --action iam:EnableMFADevice", 0, "yes: ");
    check("two.json#/B --action s3:GetObject", 1, "no: ");
    check("two.json#/A --action s3:GetObject", 0, "yes: ");
    refuse("can two.json#/C --action s3:GetObject", "there is no policy at `#/C`, but at `#/A`, `#/B`");
    let run = files().stdin(&["can", "-", "--action", "s3:GetObject"], ALLOW_ONE.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn what_is_possible_is_listed() {
    let run = check("guarded.json --what --without-mfa", 0, "2 actions are possible without MFA\n\niam: 2 of ");
    assert!(run.stdout.ends_with("\n  EnableMFADevice, ListMFADevices\n"), "{}", run.stdout);
    check("guarded.json --what --action s3:*", 1, "no action is possible\n");
    let run = check("all.json --what", 0, "");
    let lines: Vec<&str> = run.stdout.lines().filter(|line| !line.is_empty()).collect();
    assert!(lines.len() == 3 && lines[1].starts_with("all actions of all "), "{}", run.stdout);
    let run = check("all.json --what --action s3:*,sqs:*,iam:Pass*", 0, "");
    assert!(run.stdout.contains("\nall actions of 2 services:\n  s3, sqs\n\niam: 1 of "), "{}", run.stdout);
    let document = check("guarded.json --what --without-mfa --format json", 0, "{").json();
    valid(CAN, &document);
    assert_eq!(document["actions"], json!(["iam:EnableMFADevice", "iam:ListMFADevices"]));
    assert_eq!((&document["unlisted"], &document["undecided"]), (&json!(false), &json!([])));
    let run = check(
        "hole.json --what --resource arn:aws:s3:::x/y",
        3,
        "no action is known to be possible on `arn:aws:s3:::x/y`\n\nundecided for 1: it depends on what is filled in for `${var.bucket}`",
    );
    assert!(run.stdout.ends_with("\n  GetObject\n"), "{}", run.stdout);
    let document = check("hole.json --what --resource arn:aws:s3:::x/y --format json", 3, "{").json();
    valid(CAN, &document);
    assert_eq!(document["undecided"], json!(["s3:GetObject"]));
    let document = check("all.json --what --format json", 0, "{").json();
    assert!(document["actions"].as_array().unwrap().len() > 15_000);
    assert_eq!(document["unlisted"], true);
}

#[test]
fn the_answer_as_json_is_as_its_schema_says() {
    let yes = check("guarded.json --action iam:EnableMFADevice --without-mfa --format json", 0, "{").json();
    valid(CAN, &yes);
    assert_eq!((&yes["answer"], &yes["witness"]["action"]), (&json!("yes"), &json!("iam:EnableMFADevice")));
    assert_eq!(yes["statements"][0]["sid"], "Devices");
    let no = check("guarded.json --action iam:DeactivateMFADevice --without-mfa --format json", 1, "{").json();
    valid(CAN, &no);
    assert_eq!((&no["answer"], &no["witness"]), (&json!("no"), &Value::Null));
    assert_eq!(no["statements"][0]["labels"][0]["start"]["line"], 4);
    valid(CAN, &check("hole.json --action s3:GetObject --resource arn:aws:s3:::x/y --format json", 3, "{").json());
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_is_expected() {
    refuse("can all.json --action PassRole", "`PassRole` is not an action");
    refuse("can all.json --action PassRole", "did you mean `iam:PassRole`?");
    refuse("can all.json --action *:Get*", "AWS allows no wildcard before the colon");
    let run = files().run(&["can", "all.json", "--action", "s3:Get Object"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stderr.contains("`s3:Get Object` is not an action: there is a space in it"), "{}", run.stderr);
    refuse("can all.json --action s3:GetObject --resource b/k", "an ARN of six parts");
    refuse("can all.json --action s3:GetObject --context aws:SourceIp", "expected KEY=VALUE");
    refuse("can all.json --action s3:GetObject --principal 123456789012", "or `arn:aws:iam::123456789012:root`");
    refuse("can all.json --action s3:GetObject --resource arn:aws:s3:::${b}/x", "expected the ARN as it will be");
    refuse("can all.json --action s3:GetObject --principal alice", "expected the ARN of a user");
    refuse("can all.json --action s3:GetObject --resource-account 1", "an account's id of twelve digits");
    refuse("can all.json", "say what is asked: `--action ACTION`");
    refuse("can none.json --action s3:GetObject", "error: none.json: there is no policy in it\n");
    refuse("can gone.json --action s3:GetObject", "error: gone.json: no such file or directory\n");
    refuse("can . --action s3:GetObject", "it is a folder");
    refuse("compare - -", "standard input can be read once only");
}

#[test]
fn a_question_about_requests_that_are_never_made_is_refused() {
    let ask = |rest: &str, culprit: &str| refuse(&format!("can all.json --action s3:GetObject {rest}"), culprit);
    ask("--without-mfa --context aws:MultiFactorAuthPresent=true", "with `aws:MultiFactorAuthPresent` = `true`");
    ask(
        "--context aws:SourceIp=10.0.0.1 --context aws:SecureTransport=perhaps",
        "with `aws:SecureTransport` = `perhaps`",
    );
    ask("--without-key aws:SecureTransport", "without the key `aws:SecureTransport`");
    let other = "arn:aws:iam::123456789012:user/b";
    let caller = format!("--principal arn:aws:iam::123456789012:user/a --context aws:PrincipalArn={other}");
    ask(&caller, &format!("with `aws:PrincipalArn` = `{other}`"));
    // That the policy never grants it is an answer.
    check("guarded.json --action s3:GetObject --context aws:SecureTransport=false", 1, "no");
    let asked = "yes: s3:GetObject on arn:aws:s3:::b/c by arn:aws:iam::123456789012:user/alice";
    check("one.json --action s3:GetObject --context aws:SecureTransport=false", 0, asked);
}

#[test]
fn what_is_asked_of_a_request_is_told_of_the_one_that_shows_it() {
    let run = check("one.json --action s3:GetObject --context aws:SourceIp=192.0.2.1", 0, "yes");
    assert!(run.stdout.contains("(aws:SourceIp = 192.0.2.1)"), "{}", run.stdout);
}

#[test]
fn a_name_that_is_not_known_is_asked_about_with_a_warning() {
    let run = files().run(&["can", "all.json", "--action", "iam:PassRol"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stderr.ends_with("did you mean `iam:PassRole`?\n"), "{}", run.stderr);
    let run = files().run(&["can", "all.json", "--action", "iam:PassRole", "--context", "aws:SourceIP2=1"]);
    assert!(run.stderr.starts_with("warning: `aws:SourceIP2` is no condition key in the catalogue"), "{}", run.stderr);
}

#[test]
fn a_change_is_told_by_what_it_brings_and_takes() {
    let compare = |old: &str, new: &str| files().run(&["compare", old, new]);
    compare("one.json", "one.json").is(0, "new access: none\nlost access: none\n", "");
    let run = compare("one.json", "all.json");
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{}", run.stdout);
    assert!(run.stdout.starts_with("new access: ") && run.stdout.ends_with("lost access: none\n"), "{}", run.stdout);
    assert!(run.stdout.contains("[all.json:1:71]"), "{}", run.stdout);
    let run = compare("all.json", "scp.json");
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.starts_with("new access: none\nlost access: s3:Delete"), "{}", run.stdout);
    assert!(run.stdout.contains("statement `Keep` denies it"), "{}", run.stdout);
    assert_eq!(compare("one.json", "hole.json").code, 3);
    let run = files().run(&["compare", "two.json", "two.json"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains("two.json#/A\nnew access: none"), "{}", run.stdout);
    let run = files().run(&["compare", "two.json#/A", "two.json", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    let document = run.json();
    valid(COMPARE, &document);
    assert_eq!(document["comparisons"][1]["old"], Value::Null);
    assert_eq!(document["comparisons"][1]["added"]["answer"], "yes");
}

/// Whether the ARN of one stack can look like that of another hangs on what a `*` in it may stand for.
#[test]
fn what_depends_on_how_wildcards_are_read_says_so() {
    let statement = |effect: &str, resource: &str| {
        format!(r#"{{"Effect": "{effect}", "Action": "cloudformation:UpdateStack", "Resource": "{resource}"}}"#)
    };
    let policy =
        |statements: &[String]| format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
    let sensitive = statement("Deny", "arn:aws:cloudformation:*:*:stack/a/*");
    let case = Case::new(&[
        ("old.json", &policy(&[statement("Allow", "*"), sensitive])),
        ("new.json", &policy(&[statement("Allow", "arn:aws:cloudformation:us-east-1:*:stack/b/*")])),
    ]);
    let run = case.run(&["compare", "old.json", "new.json"]);
    let other = case.run(&["compare", "old.json", "new.json", "--arn-span", "expand"]);
    assert_eq!((run.code, other.code), (0, 1), "{}{}", run.stdout, other.stdout);
    assert!(run.stdout.contains("with `--arn-span expand` it is possible: cloudformation:"), "{}", run.stdout);
    assert!(other.stdout.contains("with `--arn-span strict` it is impossible"), "{}", other.stdout);

    let guarded = |guard: &str| {
        let deny = format!(r#"{{"Effect": "Deny", "Action": "*", "Resource": "{guard}"}}"#);
        let allow = r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:open"}"#;
        format!(r#"{{"Version": "2012-10-17", "Statement": [{allow}, {deny}]}}"#)
    };
    let case = Case::new(&[("p.json", &guarded("arn:aws:sqs:*:open"))]);
    let ask = |more: &[&str]| case.run(&[&["can", "p.json", "--action", "sqs:SendMessage"], more].concat());
    let (strict, expand) = (ask(&[]), ask(&["--arn-span", "expand"]));
    assert_eq!((strict.code, expand.code), (0, 1), "{}{}", strict.stdout, expand.stdout);
    assert!(strict.stdout.contains("with `--arn-span expand` it is impossible"), "{}", strict.stdout);
    assert!(expand.stdout.contains("with `--arn-span strict` it is possible: sqs:SendMessage on"), "{}", expand.stdout);
}

/// A file of test data outside the repository; `None`, with a word, where it is absent.
fn corpus(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared/corpus", "../../shared/corpus"].map(|folder| root.join(folder).join(name));
    let found = found.into_iter().find(|path| path.exists());
    if found.is_none() {
        println!("skipped: there is no ../shared/corpus/{name}");
    }
    found
}

/// Every published verdict of CheckNoNewAccess. Where a sample says that upstream is in error, nothing is expected.
#[test]
fn compare_gives_the_published_verdicts() {
    let Some(folder) = corpus("custom-checks") else { return };
    let case = Case::new(&[]);
    let (mut compared, mut wrong) = (0, Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let sample: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        case.write("old.json", sample["referencePolicy"].to_string());
        for candidate in sample["candidates"].as_array().unwrap() {
            case.write("new.json", candidate["policy"].to_string());
            let run = case.run(&["compare", "old.json", "new.json"]);
            let expected = if candidate["expected"] == "PASS" { 0 } else { 1 };
            compared += 1;
            if run.code != expected && candidate.get("note").is_none_or(Value::is_null) {
                wrong.push(format!("{} {}: {}", path.display(), candidate["index"], run.stdout));
            }
        }
    }
    assert!(compared > 50 && wrong.is_empty(), "of {compared}: {wrong:#?}");
}

#[test]
fn without_mfa_eight_actions_are_possible() {
    let Some(path) = corpus("require-mfa.json") else { return };
    let path = path.to_str().unwrap();
    let run = Case::new(&[]).run(&["can", path, "--what", "--without-mfa", "--format", "json"]);
    let eight = [
        "ChangePassword",
        "CreateLoginProfile",
        "CreateVirtualMFADevice",
        "EnableMFADevice",
        "ListMFADevices",
        "ListUsers",
        "ListVirtualMFADevices",
        "ResyncMFADevice",
    ];
    assert_eq!(run.json()["actions"], json!(eight.map(|name| format!("iam:{name}"))));
    let run = Case::new(&[]).run(&["can", path, "--action", "iam:DeactivateMFADevice", "--without-mfa"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stdout.contains("statement `BlockMostAccessUnlessSignedInWithMFA` denies every such request"));
}
