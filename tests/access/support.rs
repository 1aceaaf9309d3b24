//! Policies from text, and answers held against what was expected.

use iam_lint::access::decide::Answer;
use iam_lint::policy::{Policy, lower, recognise};
use iam_lint::syntax;
use std::path::PathBuf;

/// The first policy in `text`, which lives as long as the test.
#[track_caller]
pub(crate) fn policy(text: &str) -> &'static Policy<'static> {
    let text: &'static str = text.to_owned().leak();
    let tree = Box::leak(Box::new(syntax::parse(text).0));
    let candidate = recognise(tree, "policy.json").into_iter().next().expect("a policy");
    Box::leak(Box::new(lower(candidate, tree)))
}

/// A directory of test data outside the repository; `None`, with a word, where it is absent.
pub(crate) fn corpus(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(name);
    let path = if path.exists() {
        path
    } else {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus").join(name)
    };
    if !path.exists() {
        println!("skipped: no {}", path.display());
        return None;
    }
    Some(path)
}

/// Whether an answer is the one that was expected; what shows that something is possible must be a request that can be.
#[track_caller]
pub(crate) fn verdict(answer: &Answer, expected: bool, case: &str) {
    match answer {
        Answer::Possible(witness) => {
            assert!(expected, "{case}: {witness}");
            assert!(witness.request.fits_its_caller(), "{case}: {:?}", witness.request);
        }
        Answer::Impossible(_) => assert!(!expected, "{case}"),
        Answer::Unknown(reason) => panic!("{case}: {reason}"),
    }
}
