//! Recall and precision on real repositories, where their files are at hand.

// A test says that it skipped, and which files it disagrees about.
#![allow(clippy::print_stdout)]

use iam_lint::policy::{PolicyType, recognise};
use iam_lint::syntax::parse;
use std::path::{Path, PathBuf};

/// The folder of real files beside the checkout, if it is there.
fn corpus() -> Option<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = manifest.ancestors().skip(1).map(|folder| folder.join("shared/corpus")).find(|path| path.is_dir());
    if found.is_none() {
        println!("skipped: no ../shared/corpus beside {}", manifest.display());
    }
    found
}

fn kinds(path: &str, file: &Path) -> Vec<PolicyType> {
    let bytes = std::fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let (tree, _) = parse(&text);
    recognise(&tree, path).into_iter().map(|one| one.kind.kind).collect()
}

/// A row of the index: the file, what its maker took it for, and whether it holds policies.
struct Row {
    file: String,
    kind: String,
    holds_policies: bool,
}

fn index(folder: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(folder.join("index.csv")).expect("the index is readable");
    let rows = text.lines().skip(1).map(fields).map(|fields| Row {
        holds_policies: fields[3] == "POLICY" || fields[6].parse::<u32>().is_ok_and(|nested| nested > 0),
        kind: fields[3].clone(),
        file: fields[0].clone(),
    });
    rows.collect()
}

/// The fields of a CSV line whose quoted fields hold no quotes.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().expect("there is a first field").push(letter),
        }
    }
    fields
}

#[test]
fn files_of_real_repositories_are_told_apart() {
    let Some(folder) = corpus().map(|corpus| corpus.join("repos")) else { return };
    let (mut right, mut missed, mut extra) = (0, 0, 0);
    for row in index(&folder) {
        let path = folder.join(&row.file);
        let found = !kinds(&row.file, &path).is_empty();
        match &*row.kind {
            "check metadata" => continue,
            // The index's reader gave up on these; a broken policy is a policy all the same.
            "unparseable" => {
                let bytes = std::fs::read(&path).unwrap_or_default();
                let speaks_of_effects = String::from_utf8_lossy(&bytes).contains("\"Effect\"");
                assert_eq!(found, speaks_of_effects, "{}", row.file);
                continue;
            }
            _ => {}
        }
        match (row.holds_policies, found) {
            (true, true) => right += 1,
            (true, false) => {
                missed += 1;
                println!("missed: {} ({})", row.file, row.kind);
            }
            (false, true) => {
                extra += 1;
                println!("extra: {} ({})", row.file, row.kind);
            }
            (false, false) => {}
        }
    }
    println!("right {right}, missed {missed}, extra {extra}");
    assert!(right >= 600, "only {right} files with policies");
    assert!(missed * 200 <= right + missed, "recall below 99.5 %: {missed} missed of {}", right + missed);
    assert!(extra * 200 <= right + extra, "precision below 99.5 %: {extra} extra beside {right}");
}

#[test]
fn every_published_policy_is_found() {
    let Some(corpus) = corpus() else { return };
    for (folder, at_least) in [("managed", 900), ("mfa", 50)] {
        let mut seen = 0;
        for entry in std::fs::read_dir(corpus.join(folder)).expect("the folder is readable").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".json") {
                seen += 1;
                assert_eq!(kinds(&name, &entry.path()).len(), 1, "{folder}/{name}");
            }
        }
        assert!(seen >= at_least, "only {seen} files in {folder}");
    }
}

#[test]
fn policies_of_organizations_are_typed_as_such() {
    let Some(folder) = corpus().map(|corpus| corpus.join("repos")) else { return };
    for (part, kind) in [
        ("/service-control-policies/", PolicyType::Scp),
        ("/AWS SCP Policies/", PolicyType::Scp),
        ("terraform_aws_scp/", PolicyType::Scp),
        ("/resource-control-policies/", PolicyType::Rcp),
        ("resource-control-policy-examples/", PolicyType::Rcp),
        ("/vpc-endpoint-policies/", PolicyType::VpcEndpoint),
        ("/bucket-policies/", PolicyType::Resource),
        ("_trust_policy.json", PolicyType::Trust),
    ] {
        let mut seen = 0;
        for row in index(&folder).iter().filter(|row| row.holds_policies && row.file.contains(part)) {
            seen += 1;
            assert_eq!(kinds(&row.file, &folder.join(&row.file)), [kind], "{}", row.file);
        }
        assert!(seen > 0, "no file is called {part}");
    }
}
