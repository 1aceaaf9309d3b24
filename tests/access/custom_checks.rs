//! Every published verdict of CheckNoNewAccess.

use crate::support::{corpus, policy};
use iam_lint::access::added;
use iam_lint::access::decide::{Answer, Question, Realism};
use serde_json::Value;

#[test]
fn published_verdicts() {
    let Some(directory) = corpus("custom-checks") else { return };
    let question = Question { realism: Realism::Anything, ..Question::default() };
    let (mut checked, mut wrong) = (0, Vec::new());
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|it| it == "json")) {
        let sample: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let old = policy(&sample["referencePolicy"].to_string());
        for candidate in sample["candidates"].as_array().unwrap() {
            let new = policy(&candidate["policy"].to_string());
            let answer = added(old, new, &question);
            let verdict = match &answer {
                Answer::Impossible(_) => "PASS",
                Answer::Possible(_) => "FAIL",
                Answer::Unknown(_) => "UNKNOWN",
            };
            checked += 1;
            let expected = candidate["expected"].as_str().unwrap();
            // Where upstream is in error, nothing may be claimed that the documents as printed do not bear out.
            if verdict != expected && candidate.get("note").is_none_or(Value::is_null) {
                let line = match &answer {
                    Answer::Possible(witness) => witness.to_string(),
                    Answer::Unknown(reason) => reason.to_string(),
                    Answer::Impossible(proof) => format!("{proof:?}"),
                };
                let name = path.file_stem().unwrap().to_string_lossy();
                wrong.push(format!("{name} #{}: {verdict}, published {expected}: {line}", candidate["index"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
    println!("{checked} published verdicts");
}
