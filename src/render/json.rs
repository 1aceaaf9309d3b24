//! The report for programs, as `docs/output.md` and `schemas/output.schema.json` describe it.

use super::Totals;
use super::printable::is_unsafe;
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::discover::Failure;
use crate::policy::{PolicyType, View, ViewValue};
use crate::text::{Position, Source, Span};
use serde::Serialize;
use std::io::{self, Write};

/// The version of the report's shape; it changes when a reader of the old shape would be misled.
pub(super) const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    catalog: Dated<'a>,
    files: usize,
    policies: usize,
    diagnostics: Vec<Entry>,
    errors: Vec<Error<'a>>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

pub(super) const TOOL: Tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

/// The catalogue that was asked.
#[derive(Serialize)]
pub(super) struct Dated<'a> {
    /// The day up to which names are known.
    pub(super) date: &'a str,
}

#[derive(Serialize)]
struct Error<'a> {
    file: &'a str,
    message: &'a str,
}

/// One finding, its places resolved: nothing of the file is needed any more.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    rule: String,
    group: String,
    severity: &'static str,
    message: String,
    help: Option<String>,
    url: Option<String>,
    file: String,
    policy: Option<PolicyEntry>,
    span: Range,
    labels: Vec<LabelEntry>,
    fix: Option<FixEntry>,
}

#[derive(Debug, Serialize)]
pub(super) struct PolicyEntry {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) pointer: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Range {
    start: Place,
    end: Place,
}

#[derive(Debug, Serialize)]
struct Place {
    line: u32,
    column: u32,
    offset: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct LabelEntry {
    #[serde(flatten)]
    range: Range,
    text: String,
}

#[derive(Debug, Serialize)]
struct FixEntry {
    title: String,
    safety: &'static str,
    edits: Vec<EditEntry>,
}

#[derive(Debug, Serialize)]
struct EditEntry {
    #[serde(flatten)]
    range: Range,
    text: String,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self { line: position.line, column: position.column, offset: position.offset }
    }
}

impl LabelEntry {
    pub(super) fn new(source: &Source, label: &Label) -> Self {
        Self { range: Range::new(source, label.span), text: label.text.clone() }
    }
}

impl Range {
    fn new(source: &Source, span: Span) -> Self {
        Self { start: source.position(span.start).into(), end: source.position(span.end).into() }
    }
}

impl Entry {
    pub(super) fn new(source: &Source, diagnostic: &Diagnostic) -> Self {
        Self {
            rule: diagnostic.rule.to_string(),
            group: diagnostic.group.to_string(),
            severity: diagnostic.severity.name(),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            // The pages are not published anywhere yet.
            url: None,
            file: source.path().to_owned(),
            policy: diagnostic
                .policy
                .as_deref()
                .map(|policy| PolicyEntry { kind: policy.kind.name(), pointer: policy.pointer.clone() }),
            span: Range::new(source, diagnostic.span),
            labels: diagnostic.labels.iter().map(|label| LabelEntry::new(source, label)).collect(),
            fix: diagnostic.fix.as_ref().map(|fix| FixEntry::new(source, fix)),
        }
    }
}

impl FixEntry {
    fn new(source: &Source, fix: &Fix) -> Self {
        let edit =
            |edit: &crate::text::Edit| EditEntry { range: Range::new(source, edit.span), text: edit.text.clone() };
        Self { title: fix.title.clone(), safety: fix.safety.name(), edits: fix.edits.iter().map(edit).collect() }
    }
}

/// Writes the whole document.
pub(super) fn write(
    out: &mut dyn Write,
    totals: &Totals,
    diagnostics: Vec<Entry>,
    errors: &[Failure],
) -> io::Result<()> {
    let errors = errors.iter().map(|error| Error { file: &error.file, message: &error.message }).collect();
    let (files, policies) = (totals.files, totals.policies);
    let catalog = Dated { date: crate::catalog::date() };
    let document = Document { version: VERSION, tool: TOOL, catalog, files, policies, diagnostics, errors };
    write_document(out, serde_json::to_string(&document))
}

/// A policy that was found, for `iam-lint list`.
pub struct Listed {
    /// The file.
    pub file: String,
    /// Where in it, as a JSON pointer.
    pub pointer: String,
    /// The policy's type.
    pub kind: PolicyType,
    /// Why it is taken for that type.
    pub reason: String,
}

#[derive(Serialize)]
struct ListedEntry<'a> {
    file: &'a str,
    pointer: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    reason: &'a str,
}

#[derive(Serialize)]
struct ListDocument<'a> {
    version: u32,
    tool: Tool,
    files: usize,
    policies: Vec<ListedEntry<'a>>,
    errors: Vec<Error<'a>>,
}

/// Writes what `iam-lint list` found.
pub fn write_list(out: &mut dyn Write, files: usize, found: &[Listed], errors: &[Failure]) -> io::Result<()> {
    let policies = found
        .iter()
        .map(|Listed { file, pointer, kind, reason }| ListedEntry { file, pointer, kind: kind.name(), reason })
        .collect();
    let errors = errors.iter().map(|error| Error { file: &error.file, message: &error.message }).collect();
    let document = ListDocument { version: VERSION, tool: TOOL, files, policies, errors };
    write_document(out, serde_json::to_string(&document))
}

/// A rule, for `iam-lint rules`.
pub struct ListedRule<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its group.
    pub group: &'a str,
    /// The severity of its findings.
    pub severity: Severity,
    /// Whether it takes part when nothing is said of it.
    pub on_by_default: bool,
    /// Its page's heading.
    pub title: &'a str,
}

#[derive(Serialize)]
struct RuleEntry<'a> {
    id: &'a str,
    group: &'a str,
    severity: &'static str,
    default: &'static str,
    title: &'a str,
}

#[derive(Serialize)]
struct RulesDocument<'a> {
    version: u32,
    tool: Tool,
    rules: Vec<RuleEntry<'a>>,
}

/// Writes the rules there are.
pub fn write_rules(out: &mut dyn Write, rules: &[ListedRule<'_>]) -> io::Result<()> {
    fn entry<'a>(rule: &ListedRule<'a>) -> RuleEntry<'a> {
        let ListedRule { id, group, title, .. } = *rule;
        let default = if rule.on_by_default { "on" } else { "off" };
        RuleEntry { id, group, severity: rule.severity.name(), default, title }
    }
    let document = RulesDocument { version: VERSION, tool: TOOL, rules: rules.iter().map(entry).collect() };
    write_document(out, serde_json::to_string(&document))
}

/// Writes a document. JSON leaves the controls above ASCII as they are, and a terminal would obey some of them; they
/// can only stand in strings, so they are escaped here. The line ends of an indented document are nobody's text.
pub(super) fn write_document(out: &mut dyn Write, document: serde_json::Result<String>) -> io::Result<()> {
    let document = document?;
    let mut rest = document.as_str();
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unsafe(*c) && *c != '\n') {
        write!(out, "{}\\u{:04x}", &rest[..at], u32::from(c))?;
        rest = &rest[at + c.len_utf8()..];
    }
    writeln!(out, "{rest}")
}

/// Writes a policy's canonical form, indented, for people to write queries against.
pub fn write_view(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    write_document(out, serde_json::to_string_pretty(&ViewEntry(view)))
}

struct ViewEntry<'a>(&'a View<'a>);

impl Serialize for ViewEntry<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.value {
            ViewValue::Null => serializer.serialize_unit(),
            ViewValue::Bool(value) => serializer.serialize_bool(*value),
            ViewValue::Integer(value) => serializer.serialize_i64(*value),
            ViewValue::Float(value) => serializer.serialize_f64(*value),
            ViewValue::String(text) => serializer.serialize_str(text),
            ViewValue::Array(items) => serializer.collect_seq(items.iter().map(ViewEntry)),
            ViewValue::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, ViewEntry(value))))
            }
        }
    }
}
