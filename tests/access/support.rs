//! Policies from text.

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
