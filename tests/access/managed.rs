//! All managed policies, every class of actions: nothing is unknown beyond budgets, and nothing disagrees.

use crate::support::{corpus, policy};
use iam_lint::access::decide::{Answer, Question, Unknown};
use iam_lint::access::{Policies, what, without_mfa};

#[test]
fn nothing_is_unknown() {
    let Some(directory) = corpus("managed") else { return };
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let step = if std::env::var_os("IAM_LINT_LONG_TESTS").is_some() { 1 } else { 8 };
    let (mut asked, mut budget, mut wrong) = (0, 0, Vec::new());
    for path in files.iter().filter(|path| path.extension().is_some_and(|it| it == "json")).step_by(step) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let policy = policy(&std::fs::read_to_string(path).unwrap());
        for question in [Question::default(), without_mfa(&[])] {
            for reach in what(&Policies::Document(policy), &question) {
                asked += 1;
                match reach.answer {
                    Answer::Unknown(Unknown::Budget) => budget += 1,
                    Answer::Unknown(reason) => wrong.push(format!("{name} {}: {reason:?}", reach.actions[0])),
                    Answer::Possible(_) | Answer::Impossible(_) => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(budget * 1000 <= asked, "{budget} of {asked} beyond the budget");
    println!("{asked} questions, {budget} beyond the budget");
}
