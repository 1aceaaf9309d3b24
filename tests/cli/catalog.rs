//! `iam-lint catalog`, and additions to the catalogue.

use super::Case;

const OVERLAY: &str = r#"
[[service]]
prefix = "shop"

[[condition_key]]
name = "shop:Currency"

[[action]]
name = "shop:PlaceOrder"
access_levels = ["Write"]
condition_keys = ["shop:Currency"]
"#;

/// What the action works on, to follow [`OVERLAY`].
const ORDERS: &str = r#"
resources = ["order"]

[[resource]]
service = "shop"
name = "order"
arns = ["arn:${Partition}:shop:${Region}:${Account}:order/${OrderId}"]
"#;

#[test]
fn what_is_known_is_told_to_people() {
    let case = Case::new(&[]);
    case.run(&["catalog", "expand", "s3:Get*ObjectAcl"]).is(0, "s3:GetObjectAcl\n", "");
    case.run(&["catalog", "action", "iam:deactivatemfadevice"]).is(
        0,
        "iam:DeactivateMFADevice (Write)\n  \
         resource: user (required) arn:${Partition}:iam::${Account}:user/${UserNameWithPath}\n  \
         condition keys: aws:ResourceTag/${TagKey}, iam:ResourceTag/${TagKey}\n",
        "",
    );
    let run = case.run(&["catalog", "key", "aws:TagKeys"]);
    assert!(run.stdout.starts_with("aws:TagKeys (String, perhaps several values)\n  global:"), "{}", run.stdout);
    let run = case.run(&["catalog", "service", "sts"]);
    assert!(run.stdout.contains("\n  actions: AssumeRole, "), "{}", run.stdout);
    let run = case.run(&["catalog", "resource", "arn:aws:sqs:*:*:q"]);
    assert!(run.stdout.starts_with("queue of sqs\n  arn:${Partition}:sqs:"), "{}", run.stdout);
}

#[test]
fn what_is_known_is_told_to_programs() {
    let case = Case::new(&[]);
    let json = |query: &[&'static str]| {
        let document = case.run(&[&["catalog", "--format", "json"], query].concat()).json();
        assert_eq!(document["catalog"]["date"], iam_lint::catalog::date(), "{document}");
        assert_eq!(document["tool"]["name"], "iam-lint");
        document
    };
    assert_eq!(json(&["action", "iam:DeactivateMFADevice"])["actions"][0]["resources"][0]["required"], true);
    assert_eq!(json(&["expand", "s3:Get*ObjectAcl"])["names"], serde_json::json!(["s3:GetObjectAcl"]));
    assert_eq!(json(&["service", "S3"])["service"]["prefix"], "s3");
    assert_eq!(json(&["key", "aws:sourceip"])["condition_key"]["type"], "IPAddress");
    assert_eq!(json(&["resource", "arn:aws:sqs:*:*:q"])["resources"][0]["name"], "queue");
}

#[test]
fn what_is_not_known_is_met_with_the_nearest() {
    let case = Case::new(&[]);
    #[track_caller]
    fn check(case: &Case, query: &[&'static str], said: &str) {
        let date = iam_lint::catalog::date();
        let message = format!("error: no {}\n", said.replace("DATE", date));
        case.run(&[&["catalog"], query].concat()).is(2, "", &message);
    }
    check(&case, &["action", "iam:PassRol"], "action `iam:PassRol` was known on DATE; did you mean `iam:PassRole`?");
    check(&case, &["service", "lamda"], "service `lamda` was known on DATE; did you mean `lambda`?");
    check(
        &case,
        &["key", "aws:SourcIp"],
        "condition key `aws:SourcIp` was known on DATE; did you mean `aws:SourceIp`?",
    );
    check(&case, &["expand", "s3:Gett*"], "action `s3:Gett*` was known on DATE; did you mean `s3:Get*`?");
    for (key, meant) in [
        ("aws:PrincipalTag", "aws:PrincipalTag/${TagKey}"),
        ("aws:PrincipalTag/", "aws:PrincipalTag/${TagKey}"),
        ("aws:PrincpalTag", "aws:PrincipalTag/${TagKey}"),
        ("aws:PrincpalTag/team", "aws:PrincipalTag/team"),
        ("iam:ResourceTag", "iam:ResourceTag/${TagKey}"),
    ] {
        check(&case, &["key", key], &format!("condition key `{key}` was known on DATE; did you mean `{meant}`?"));
    }
    check(&case, &["key", "zzz:Nothing"], "condition key `zzz:Nothing` was known on DATE");
    check(&case, &["resource", "arn:aws:none:::a"], "resource type for `arn:aws:none:::a` was known on DATE");
}

#[test]
fn what_aws_has_given_up_is_told_as_such() {
    #[track_caller]
    fn check(query: &[&'static str], said: &str) {
        let message = format!("error: {}\n", said.replace("DATE", iam_lint::catalog::date()));
        Case::new(&[]).run(&[&["catalog"], query].concat()).is(2, "", &message);
    }
    let service = "AWS no longer has the service `deeplens`, last seen on 2025-04-25 (as of DATE)";
    check(&["service", "DeepLens"], service);
    check(&["action", "deeplens:Foo"], service);
    check(&["expand", "deeplens:*"], service);
    check(
        &["action", "deeplens:getmodel"],
        "AWS no longer has the action `deeplens:GetModel`, last seen on 2025-04-25 (as of DATE)",
    );
    let renamed = "the service `zocalo` has become `workdocs`";
    check(&["service", "zocalo"], renamed);
    check(&["action", "zocalo:Foo"], renamed);
    check(&["action", "zocalo:CreateFolder"], &format!("{renamed}; did you mean `workdocs:CreateFolder`?"));
    check(&["expand", "zocalo:Create*"], &format!("{renamed}; did you mean `workdocs:Create*`?"));
}

#[test]
fn additions_are_known_and_their_errors_stand_in_their_file() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "shop:PlaceOrder",
        "Resource": "*", "Condition": {"StringEquals": {"shop:Currency": "EUR"}}}]}"#;
    let case = Case::new(&[("a.json", policy), ("own.toml", OVERLAY)]);
    let check = ["check", "--select", "conditions", "--format", "concise", "a.json"];
    let run = case.run(&check);
    assert!(run.code == 1 && run.stdout.contains("[unknown-condition-key] `shop:Currency`"), "{}", run.stdout);
    case.run(&[&check[..], &["--catalog-overlay", "own.toml"]].concat()).is(0, "", "");
    case.run(&["catalog", "expand", "shop:*", "--catalog-overlay", "own.toml"]).is(0, "shop:PlaceOrder\n", "");
    let service = "shop\n  actions: PlaceOrder\n  condition keys: shop:Currency\n";
    case.run(&["catalog", "service", "shop", "--catalog-overlay", "own.toml"]).is(0, service, "");

    case.write("own.toml", OVERLAY.replace("[\"Write\"]", "[\"Wriet\"]"));
    let run = case.run(&[&check[..], &["--catalog-overlay", "own.toml"]].concat());
    assert_eq!(run.code, 2);
    let first = "own.toml:10:18: error[invalid-catalog-overlay] `Wriet` is not a value of `access_levels`\n";
    assert!(run.stdout.starts_with(first), "{}", run.stdout);
    case.run(&[&check[..], &["--catalog-overlay", "gone.toml"]].concat());
    let run = case.run(&["catalog", "service", "s3", "--catalog-overlay", "gone.toml"]);
    run.is(2, "", "error: gone.toml: no such file or directory\n");
}

#[test]
fn additions_take_part_in_questions() {
    let policy =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "shop:*", "Resource": "*"}]}"#;
    let page = "```toml\nschema = 1\nid = \"no-orders\"\nseverity = \"error\"\nmessage = \"no\"\n\n[forbid]\n\
                action = [\"shop:PlaceOrder\"]\n```\n\n# No orders\n\nBecause.\n";
    let none = policy.replace("shop:*", "s3:GetObject");
    let overlay = format!("{OVERLAY}{ORDERS}");
    let files =
        [("a.json", policy), ("old.json", none.as_str()), ("own.toml", overlay.as_str()), ("rules/no-orders.md", page)];
    let case = Case::new(&files);
    let overlay = ["--catalog-overlay", "own.toml"];
    let can = ["can", "a.json", "--action", "shop:PlaceOrder"];
    let unknown = case.run(&can);
    assert!(unknown.stderr.contains("`shop:PlaceOrder` is no action in the catalogue"), "{}", unknown.stderr);
    let order = "shop:PlaceOrder on arn:aws:shop:us-east-1:123456789012:order/example";
    let known = case.run(&[&can[..], &overlay].concat());
    assert!(known.code == 0 && known.stderr.is_empty() && known.stdout.contains(order), "{}", known.stdout);
    let change = case.run(&[&["compare", "old.json", "a.json"], &overlay[..]].concat());
    assert!(change.code == 1 && change.stdout.contains(order), "{}", change.stdout);
    let check = ["check", "--rules", "rules", "--select", "no-orders", "--format", "concise", "a.json"];
    let invalid = case.run(&["check", "--rules", "rules", "--format", "concise", "a.json"]);
    assert!(invalid.code == 2 && invalid.stdout.contains("there is no action `shop:PlaceOrder`"), "{}", invalid.stdout);
    let found = case.run(&[&check[..], &overlay].concat());
    assert_eq!((found.code, found.stdout.as_str()), (1, "a.json:1:71: error[no-orders] no\n"), "{}", found.stderr);
    let explained = case.run(&[&["explain", "no-orders", "--rules", "rules"], &overlay[..]].concat());
    assert!(explained.code == 0 && explained.stdout.contains("# No orders"), "{}", explained.stdout);
}
