//! What was found, where, how bad, and how to repair it.
//!
//! These types know spans but no lines, and words but no colours; each output format has structs of its own.

use crate::policy::PolicyType;
use crate::text::{Edit, Span};
use std::borrow::Cow;
use std::sync::Arc;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Probably wrong.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Severity; 3] = [Self::Note, Self::Warning, Self::Error];

    /// The name used on the command line, in pages and in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// One finding.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: Cow<'static, str>,
    /// The rule's group.
    pub group: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and why it matters: one line, lower case, no final period.
    pub message: String,
    /// What to do now.
    pub help: Option<String>,
    /// The characters that are at fault.
    pub span: Span,
    /// The places that matter: the first is at [`Diagnostic::span`], the others say what else takes part.
    pub labels: Vec<Label>,
    /// A repair, where the right text is certain.
    pub fix: Option<Fix>,
    /// The policy it was found in; `None` for the file as a whole.
    pub policy: Option<Arc<PolicyRef>>,
}

/// A place in the file and what there is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The characters to underline.
    pub span: Span,
    /// What to write there; may be empty.
    pub text: String,
}

/// A message whose quotations are as long as anyone reads, and visible where they are empty. Where they are from is shown
/// whole beside it.
pub fn readable(message: String) -> String {
    /// An ARN of usual length stays whole.
    const LONGEST: usize = 120;
    const HEAD: usize = 80;
    const TAIL: usize = 20;
    let mut parts = message.split('`');
    if !message.contains("``") && parts.all(|part| part.len() <= LONGEST) {
        return message;
    }
    let shortened = |part: &str| {
        let length = part.chars().count();
        if length <= LONGEST {
            return part.to_owned();
        }
        let (head, tail) = (part.chars().take(HEAD), part.chars().skip(length - TAIL));
        head.chain(['…']).chain(tail).collect()
    };
    let parts = message.split('`').enumerate().map(|(index, part)| match (index % 2, part) {
        (1, "") => "\"\"".to_owned(),
        (1, part) => shortened(part),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<String>>().join("`")
}

/// A repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative: "use `BoolIfExists`".
    pub title: String,
    /// Whether it may be applied without thought.
    pub safety: Safety,
    /// The replacements; they do not overlap.
    pub edits: Vec<Edit>,
}

/// What a [`Fix`] promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// No request changes its decision.
    Safe,
    /// Some request is decided differently; that is what it is for.
    Unsafe,
}

impl Safety {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// Which policy of a file a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRef {
    /// Its type.
    pub kind: PolicyType,
    /// Its JSON pointer; empty at the root.
    pub pointer: String,
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn quotations_are_as_long_as_anyone_reads() {
        #[track_caller]
        fn check(message: &str, expected: &str) {
            assert_eq!(readable(message.to_owned()), expected);
        }
        let long = "é".repeat(200);
        check("`a` is not `b`", "`a` is not `b`");
        check("`` is not an effect", "`\"\"` is not an effect");
        let short = format!("`{}…{}` is unknown", "é".repeat(80), "é".repeat(20));
        check(&format!("`{long}` is unknown"), &short);
        check(&format!("{long} `{}`", "a".repeat(120)), &format!("{long} `{}`", "a".repeat(120)));
    }
}
