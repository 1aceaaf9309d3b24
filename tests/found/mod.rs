//! Findings as the tables of tests write them: severity, rule and the text of labels, the first of which is underlined.

use iam_lint::diagnostic::Severity;
use iam_lint::lint::{Options, lint};

/// What there is to say of a policy, each finding with that many of its labels.
pub(crate) fn found(policy: &str, options: &Options<'_>, labels: usize) -> Vec<String> {
    let report = lint("policy.json", policy.as_bytes().to_vec(), options);
    let shown = report.diagnostics.iter().map(|found| {
        let severity = match found.severity {
            Severity::Error => "E",
            Severity::Warning => "W",
            Severity::Note => "N",
        };
        let labels: Vec<&str> = found.labels.iter().take(labels).map(|label| report.source.slice(label.span)).collect();
        format!("{severity} {} {}", found.rule, labels.join(" | "))
    });
    shown.collect()
}
