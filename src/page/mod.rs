//! Parse and validate a rule page.
//!
//! A page is Markdown. A `toml` block at its top is the rule's header; the rest explains the rule, with examples.
//! Built-in pages and users' pages are alike, but for two things. A built-in page may leave the deciding to Rust.
//! And of a built-in page only the header is read when the program runs, when it is first needed; that the whole of
//! it is valid is a test. A user's page is validated when it is loaded.

mod example;
mod fence;
mod forbid;
mod possible;
mod read;
#[cfg(test)]
mod tests;

pub use example::{Example, ExampleEncoding, Setting, Shows};
pub use forbid::{Forbid, Forbidden};

use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Severity};
use crate::header::{Problem, Spanned};
use crate::policy::{PolicyType, View, ViewValue};
use crate::query::{Query, QueryError};
use crate::text::Source;
use std::sync::OnceLock;

/// The rule that reports what is wrong with a page.
pub const INVALID_PAGE: &str = "invalid-page";

/// The group of [`INVALID_PAGE`].
pub const PAGE_GROUP: &str = "page";

/// The version of the header's keys, which a header carries as `schema`.
pub const SCHEMA: i64 = 1;

/// Everything that a rule's header says.
#[derive(Debug)]
pub struct Page {
    /// The rule's id: the file's stem.
    pub id: String,
    /// The rule's group: the folder's name.
    pub group: String,
    /// The severity of its findings.
    pub severity: Severity,
    /// Whether it is on without `--pedantic` and without being selected.
    pub default_on: bool,
    /// The page's first heading, without the `#`.
    pub title: String,
    /// A policy whose text has none of these, in whatever case, is not looked at. Folded; none: every policy is.
    pub mentions: Vec<String>,
    /// The message of its findings.
    pub message: Option<String>,
    /// What to do about them.
    pub help: Option<String>,
    /// The types of policy that it looks at; none: every type.
    pub applies_to: Vec<PolicyType>,
    /// The tools that know the same defect, and its names there.
    pub also_known_as: Vec<(String, Vec<String>)>,
    /// Where to read more.
    pub references: Vec<String>,
    /// How it decides.
    pub decides: Decides,
}

/// How a page decides.
#[derive(Debug)]
pub enum Decides {
    /// By a query: what it selects is a finding.
    Select(Select),
    /// By requests that no policy may allow.
    Forbid(Forbid),
    /// In Rust, elsewhere.
    Native,
}

/// A `select`, which is compiled when it is first asked.
#[derive(Debug)]
pub struct Select {
    text: Spanned<String>,
    compiled: OnceLock<Result<Query, Vec<QueryError>>>,
}

impl Select {
    fn new(text: Spanned<String>) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    fn compiled(&self) -> &Result<Query, Vec<QueryError>> {
        self.compiled.get_or_init(|| Query::compile(&self.text.value))
    }

    /// What it selects, in the order in which it stands in the file.
    pub fn matches<'v, 'p>(&self, view: &'v View<'p>) -> Vec<&'v View<'p>> {
        self.compiled().as_ref().map(|query| query.select(view)).unwrap_or_default()
    }
}

impl Page {
    /// Reads the header of a built-in page. Where it is not valid the page is as harmless as can be; a test sees to
    /// it that all are.
    pub fn builtin(group: &str, id: &str, text: &str) -> Self {
        read::read(text, group, id, Catalog::builtin()).0
    }

    /// Reads and validates the page of a native rule.
    pub fn native(source: &Source, group: &str, id: &str) -> Result<Self, Vec<Diagnostic>> {
        validated(source, group, id, Catalog::builtin(), true)
    }

    /// Reads and validates a page that decides by itself, as every user's page does. The actions and keys that it
    /// names have to be in `catalog`.
    pub fn load(source: &Source, group: &str, id: &str, catalog: &Catalog) -> Result<Self, Vec<Diagnostic>> {
        validated(source, group, id, catalog, false)
    }

    /// The message of a finding at `node`: `{text}` stands for the text that was found.
    pub fn message_for(&self, node: &View<'_>, source: &Source) -> String {
        let message = self.message.as_deref().unwrap_or(&self.title);
        if !message.contains("{text}") {
            return message.to_owned();
        }
        let text = match node.get("text").unwrap_or(node) {
            View { value: ViewValue::String(text), .. } => text,
            other => source.slice(other.span),
        };
        message.replace("{text}", text)
    }
}

/// The examples of a page, and what is wrong with them.
pub fn examples(text: &str) -> (Vec<Example<'_>>, Vec<Problem>) {
    let after_header = read::header(text).map_or(0, |header| header.end);
    example::examples(text, after_header)
}

/// Whether a Markdown file is none of the rule pages that it lies among: it has no header, and its name could be no
/// rule's, or is that of a folder's description.
pub fn is_no_page(id: &str, text: &str) -> bool {
    read::header(text).is_none() && (!read::is_kebab_case(id) || id == "readme")
}

/// What a page says after its header, as `explain` prints it.
pub fn body(text: &str) -> &str {
    let after_header = read::header(text).map_or(0, |header| header.end);
    text.get(after_header..).unwrap_or_default().trim_start()
}

/// What the header says as it stands, its fence left out.
pub fn header_text(text: &str) -> &str {
    read::header(text).map_or("", |header| header.text)
}

fn validated(source: &Source, group: &str, id: &str, catalog: &Catalog, native: bool) -> Result<Page, Vec<Diagnostic>> {
    let (page, mut problems) = read::read(source.text(), group, id, catalog);
    read::validate(&page, source.text(), native, &mut problems);
    problems.extend(examples(source.text()).1);
    if problems.is_empty() {
        return Ok(page);
    }
    problems.sort_by_key(|problem| problem.span);
    Err(problems.into_iter().map(|problem| problem.into_diagnostic(INVALID_PAGE, PAGE_GROUP)).collect())
}
