use super::*;

#[track_caller]
fn check(text: &str, expect: &[&str]) {
    let source = Source::new("overlay.toml", text);
    let found = overlay(&source).err().unwrap_or_default();
    let shown = |problem: &Diagnostic| format!("{} <- {}", source.slice(problem.span), problem.message);
    assert_eq!(found.iter().map(shown).collect::<Vec<_>>(), expect, "{text}");
}

#[track_caller]
fn check_help(text: &str, expect: &str) {
    let found = overlay(&Source::new("overlay.toml", text)).err().unwrap_or_default();
    assert_eq!(found.iter().filter_map(|problem| problem.help.as_deref()).collect::<Vec<_>>(), [expect], "{text}");
}

const WHOLE: &str = r#"
    [[service]]
    prefix = "shop"
    name = "Our shop"

    [[resource]]
    service = "shop"
    name = "order"
    arns = ["arn:${Partition}:shop:${Region}:${Account}:order/${OrderId}"]
    condition_keys = ["shop:Currency"]

    [[action]]
    name = "shop:PlaceOrder"
    access_levels = ["Write"]
    resources = ["order"]
    condition_keys = ["aws:RequestTag/${TagKey}"]

    [[action]]
    name = "s3:InventOneMore"
    resources = ["bucket"]

    [[condition_key]]
    name = "shop:Currency"
    type = "String"
    multivalued = true
"#;

#[test]
fn what_is_added_is_known() {
    check(WHOLE, &[]);
    let Ok(overlay) = overlay(&Source::new("overlay.toml", WHOLE)) else { panic!("it is valid") };
    let catalog = Catalog::with(&overlay);
    assert_eq!(catalog.date(), Catalog::builtin().date());
    assert!(catalog.action("s3", "GetObject").is_some() && catalog.action("s3", "inventonemore").is_some());
    let key = catalog.condition_key("shop:currency").unwrap();
    assert!(key.is_multivalued() && catalog.action("shop", "PlaceOrder").unwrap().supports_key(key));
}

#[test]
fn what_is_wrong_is_underlined() {
    check("[[service]]\nname = 'x'", &["[[service]] <- `prefix` is missing"]);
    check("[[service]]\nprefix = 'a b'", &["'a b' <- `a b` is not a service prefix"]);
    check("[[services]]\nprefix = 'a'", &["services <- unknown key `services`"]);
    check("service = 'a'", &["'a' <- `service` is a list of tables, not a string"]);
    check("[[action]]\nname = 'GetObject'", &["'GetObject' <- `GetObject` is not an action's name"]);
    check(
        "[[action]]\nname = 's3:X'\nresources = ['bukcet']",
        &["'bukcet' <- the service `s3` has no resource type `bukcet`"],
    );
    check(
        "[[action]]\nname = 's3:X'\ncondition_keys = ['s3:prefx']\naccess_levels = ['Reed']",
        &["'s3:prefx' <- there is no condition key `s3:prefx`", "'Reed' <- `Reed` is not a value of `access_levels`"],
    );
    check("[[condition_key]]\nname = 'prefix'", &["'prefix' <- `prefix` is not a condition key"]);
    check(
        "[[resource]]\nservice = 's3'\nname = 'a'\narns = ['s3:::a']",
        &["'s3:::a' <- `s3:::a` is not the pattern of an ARN"],
    );
}

#[test]
fn what_an_action_needs_is_an_action() {
    let needs = |names: &str| format!("[[action]]\nname = 'shop:PlaceOrder'\ndependents = [{names}]");
    check(&needs("'kms:Decrypt', 'KMS:decrypt', 'shop:placeorder', 'deeplens:GetModel'"), &[]);
    check(
        &needs("'kms:Decrpt', 'foo', 'kms:*', 'nosvc:Zzzz', 'shop:PlaceOrdr'"),
        &[
            "'kms:Decrpt' <- there is no action `kms:Decrpt`",
            "'foo' <- `foo` is not an action's name",
            "'kms:*' <- `kms:*` is not an action's name",
            "'nosvc:Zzzz' <- there is no action `nosvc:Zzzz`",
            "'shop:PlaceOrdr' <- there is no action `shop:PlaceOrdr`",
        ],
    );
    check_help(&needs("'kms:Decrpt'"), "did you mean `kms:Decrypt`? if not, add it as a `[[action]]`");
    check_help(&needs("'shop:PlaceOrdr'"), "did you mean `shop:PlaceOrder`? if not, add it as a `[[action]]`");
    check_help(&needs("'nosvc:Zzzz'"), "add it as a `[[action]]`");
    check_help(&needs("'foo'"), "write it in full, such as `s3:GetObject`");
}

#[test]
fn what_is_added_twice_is_refused() {
    let twice = |what: &str| format!("{what} is added twice, and only the last would count");
    let table = |list: &str, first: &str, second: &str| format!("[[{list}]]\n{first}\n[[{list}]]\n{second}");
    check(
        &table("service", "prefix = 'shop'", "prefix = 'Shop'"),
        &[&format!("'Shop' <- {}", twice("the service `Shop`"))],
    );
    check(
        &table("action", "name = 's3:Dream'", "name = 's3:DREAM'"),
        &[&format!("'s3:DREAM' <- {}", twice("the action `s3:DREAM`"))],
    );
    let resource = "service = 's3'\nname = 'dream'\narns = ['arn:${Partition}:s3:::${Dream}']";
    check(
        &table("resource", resource, resource),
        &[&format!("'dream' <- {}", twice("the resource type `dream` of `s3`"))],
    );
    check(&table("resource", resource, &resource.replace("'s3'", "'sqs'")), &[]);
    check(
        &table("condition_key", "name = 's3:Mood'", "name = 's3:mood'"),
        &[&format!("'s3:mood' <- {}", twice("the condition key `s3:mood`"))],
    );
}

#[test]
fn a_service_that_nobody_knows_is_a_slip() {
    let resource = "[[resource]]\nservice = 'shopp'\nname = 'a'\narns = ['arn:${Partition}:shop:::${Thing}']\n";
    check(resource, &["'shopp' <- there is no service `shopp`"]);
    let meant = "did you mean `shop`? if not, add it as a `[[service]]`";
    check_help(&format!("{resource}[[service]]\nprefix = 'shop'"), meant);
    check_help(&format!("{resource}[[action]]\nname = 'shop:Order'"), meant);
    check_help(&resource.replace("shopp", "lamda"), "did you mean `lambda`? if not, add it as a `[[service]]`");
    check(&format!("{resource}[[action]]\nname = 'shopp:Order'"), &[]);

    let key = |name: &str| format!("[[condition_key]]\nname = '{name}'\n");
    check(&key("nosvc:Key"), &["'nosvc:Key' <- there is no service `nosvc`"]);
    check_help(&key("nosvc:Key"), "add it as a `[[service]]`");
    check(&format!("{}global = true", key("nosvc:Key")), &[]);
    check(&format!("{}[[service]]\nprefix = 'nosvc'", key("nosvc:Key")), &[]);
    for known in
        ["S3:Mood", "aws:Mood", "saml:mood", "oidc.example.com/id/A:mood", "deeplens:Mood", "credentials-iot:Mood"]
    {
        check(&key(known), &[]);
    }
}
