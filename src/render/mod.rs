//! Diagnostics and answers to a stream: text, one line each, JSON.
//!
//! Each file is rendered by itself, by whoever judged it, and its text forgotten: what is kept until all is written
//! is the findings. Only here does a span become a line and a column; only here are miette and serde_json named.

mod access;
mod catalog;
mod excerpt;
mod graphical;
mod json;
mod printable;

use crate::diagnostic::{Diagnostic, Severity};
use crate::discover::Failure;
use crate::text::Source;
use graphical::Graphics;
use std::fmt::Write as _;
use std::io::{self, Write};

pub use access::{
    ACCESS_GROUP, Asked, Compared, Exhibit, Explained, Reached, write_can, write_comparisons, write_exhibits,
    write_what,
};
pub use catalog::{CatalogAnswer, write_catalog_json, write_catalog_text};
pub use json::{Listed, ListedRule, write_list, write_rules, write_view};
pub use printable::printable;

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: the lines, underlined.
    Text(Color),
    /// For editors and `grep`: one line each.
    Concise,
    /// For programs: one document.
    Json,
}

/// Whether escape sequences may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// ANSI colours.
    Ansi,
    /// None.
    Plain,
}

/// The findings of one file, ready to be written.
#[derive(Debug)]
pub struct Rendered(Body);

#[derive(Debug)]
enum Body {
    Text(String),
    Json(Vec<json::Entry>),
}

/// What was counted on the way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Files read.
    pub files: usize,
    /// Policies found in them.
    pub policies: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity note.
    pub notes: usize,
}

impl Totals {
    /// Counts a finding.
    pub fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
    }
}

impl Rendered {
    /// The text, where the format is one of text.
    pub fn text(&self) -> &str {
        match &self.0 {
            Body::Text(text) => text,
            Body::Json(_) => "",
        }
    }
}

/// Renders the findings of one file.
pub fn file(format: Format, source: &Source, diagnostics: &[Diagnostic]) -> Rendered {
    Rendered(match format {
        Format::Json => Body::Json(diagnostics.iter().map(|found| json::Entry::new(source, found)).collect()),
        Format::Concise => Body::Text(concise(source, diagnostics)),
        Format::Text(_) if diagnostics.is_empty() => Body::Text(String::new()),
        Format::Text(color) => {
            let graphics = Graphics::new(color);
            let mut out = String::new();
            for diagnostic in diagnostics {
                graphics.draw(&mut out, source, diagnostic);
            }
            Body::Text(out)
        }
    })
}

/// Writes the report: the files in the order given, then what remains to be said.
pub fn write(
    out: &mut dyn Write,
    format: Format,
    files: Vec<Rendered>,
    totals: &Totals,
    failures: &[Failure],
) -> io::Result<()> {
    let mut entries = Vec::new();
    for Rendered(body) in files {
        match body {
            Body::Text(text) => out.write_all(text.as_bytes())?,
            Body::Json(found) => entries.extend(found),
        }
    }
    match format {
        Format::Json => json::write(out, totals, entries, failures)?,
        Format::Text(_) => writeln!(out, "{}", summary(totals))?,
        Format::Concise => {}
    }
    out.flush()
}

fn concise(source: &Source, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for Diagnostic { rule, severity, message, span, .. } in diagnostics {
        let at = source.position(span.start);
        let (path, rule, message) = (printable(source.path()), printable(rule), printable(message));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{path}:{}:{}: {}[{rule}] {message}", at.line, at.column, severity.name());
    }
    out
}

/// One line: "3 errors, 1 warning in 2 policies (5 files)".
fn summary(totals: &Totals) -> String {
    let counted = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let found: Vec<String> =
        [(totals.errors, "error", "errors"), (totals.warnings, "warning", "warnings"), (totals.notes, "note", "notes")]
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| counted(count, one, many))
            .collect();
    let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
    let policies = counted(totals.policies, "policy", "policies");
    format!("{found} in {policies} ({})", counted(totals.files, "file", "files"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counts: [usize; 5], expect: &str) {
        let [files, policies, errors, warnings, notes] = counts;
        assert_eq!(summary(&Totals { files, policies, errors, warnings, notes }), expect);
    }

    #[test]
    fn the_summary_counts_in_words() {
        check([5, 2, 3, 1, 0], "3 errors, 1 warning in 2 policies (5 files)");
        check([1, 1, 0, 0, 1], "1 note in 1 policy (1 file)");
        check([0, 0, 0, 0, 0], "nothing found in 0 policies (0 files)");
    }
}
