//! From a page's text to what its header says.

use super::fence::{Fence, fences};
use super::{Decides, Page, SCHEMA, Select};
use crate::catalog::Catalog;
use crate::diagnostic::Severity;
use crate::header::{Fields, Problem, Spanned, Value, parse};
use crate::policy::PolicyType;
use crate::query::QueryError;
use crate::suggest::nearest;
use crate::text::{BYTE_ORDER_MARK, Span};

const SEVERITIES: [&str; 3] = ["note", "warning", "error"];
const POLICY_TYPES: [&str; 8] = ["identity", "resource", "trust", "scp", "rcp", "boundary", "session", "vpc-endpoint"];

/// The block at the page's top, if there is one.
pub(super) fn header(text: &str) -> Option<Fence<'_>> {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let first = fences(text, start).next().filter(|fence| fence.info == "toml")?;
    let before = text.get(start..first.info_span.start as usize)?;
    before.trim().bytes().all(|byte| byte == b'`').then_some(first)
}

/// What the page's header says, in which names are those of `catalog`; what it leaves out, or says wrongly, is as
/// harmless as can be.
pub(super) fn read(text: &str, group: &str, id: &str, catalog: &Catalog) -> (Page, Vec<Problem>) {
    let fence = header(text);
    // What follows a header that is not closed would be read as TOML.
    let closed = fence.as_ref().filter(|fence| fence.closed);
    let (table, mut problems) = closed.map(|fence| parse(fence.text, fence.span.start as usize)).unwrap_or_default();
    if let Some(open) = fence.as_ref().filter(|fence| !fence.closed) {
        let help = "close it with three backticks on a line of their own";
        problems.push(Problem::new(open.info_span, "the header is never closed").with_help(help));
    }
    if fence.is_none() {
        let help = "begin the page with a block that opens with three backticks and `toml`";
        problems.push(Problem::new(Span::at(0), "a rule page begins with its header").with_help(help));
    }
    let mut fields = Fields::new(table);
    let page = Page {
        id: id.to_owned(),
        group: group.to_owned(),
        title: title(text, fence.map_or(0, |fence| fence.end)).to_owned(),
        severity: fields.choice("severity", &SEVERITIES, Severity::from_name).map_or(Severity::Note, |s| s.value),
        default_on: fields.choice("default", &["on", "off"], on_or_off).is_none_or(|default| default.value),
        mentions: list(fields.strings("mentions")).into_iter().map(|word| word.value.to_ascii_lowercase()).collect(),
        message: message(&mut fields),
        help: fields.string("help").map(|help| help.value),
        applies_to: fields
            .choices("applies_to", &POLICY_TYPES, PolicyType::from_name)
            .map(|types| types.value)
            .unwrap_or_default(),
        also_known_as: also_known_as(&mut fields),
        references: list(fields.strings("references")).into_iter().map(|link| link.value).collect(),
        decides: decides(&mut fields, catalog),
    };
    identity(&mut fields, id);
    problems.extend(fields.finish());
    (page, problems)
}

/// The message, which is a line: reports of a line each hold it, and it is all that they say.
fn message(fields: &mut Fields) -> Option<String> {
    let Spanned { value, span } = fields.string("message")?;
    // Three quotes on lines of their own leave a line break behind it.
    let line = value.trim_end();
    if line.is_empty() {
        let help = "say in one line what is wrong with what was found";
        fields.problem(Problem::new(span, "the message says nothing").with_help(help));
    } else if line.contains(['\n', '\r']) {
        let help = "keep what is wrong, and put the rest into `help` or below the header";
        fields.problem(Problem::new(span, "the message is longer than one line").with_help(help));
    }
    Some(line.to_owned())
}

fn on_or_off(word: &str) -> Option<bool> {
    match word {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

fn list<T>(list: Option<Spanned<Vec<T>>>) -> Vec<T> {
    list.map(|list| list.value).unwrap_or_default()
}

fn title(text: &str, after: usize) -> &str {
    let lines = text.get(after..).unwrap_or_default().lines();
    lines
        .map_while(|line| (!line.starts_with("```")).then_some(line))
        .find_map(|line| line.strip_prefix("# "))
        .map_or("", str::trim)
}

/// `schema` and `id`, which say what page this is.
fn identity(fields: &mut Fields, id: &str) {
    match fields.integer("schema") {
        Some(schema) if schema.value != SCHEMA => {
            let message = format!("this program knows pages of `schema = {SCHEMA}`, not {}", schema.value);
            let help = "use a newer version of the program, or write the page for this one";
            fields.problem(Problem::new(schema.span, message).with_help(help));
        }
        _ => {}
    }
    match fields.string("id") {
        Some(written) if written.value != id => {
            let message = format!("the id is `{}`, but the file is called `{id}.md`", written.value);
            fields.problem(Problem::new(written.span, message).with_help("let the two be the same"));
        }
        Some(written) if !is_kebab_case(id) => {
            let message = format!("`{id}` is no id");
            let help = "an id is lower-case words joined by hyphens, as in `no-wildcard-actions`";
            fields.problem(Problem::new(written.span, message).with_help(help));
        }
        _ => {}
    }
}

pub(super) fn is_kebab_case(id: &str) -> bool {
    id.split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

fn also_known_as(fields: &mut Fields) -> Vec<(String, Vec<String>)> {
    let Some(tools) = fields.table("also_known_as") else { return Vec::new() };
    let mut known = Vec::new();
    for tool in tools.value.entries {
        let names = match tool.value.value {
            Value::Array(names) => names,
            _ => {
                let message = format!("`{}` is a list of strings", tool.key.value);
                fields.problem(Problem::new(tool.value.span, message));
                continue;
            }
        };
        let mut ids = Vec::new();
        for name in names {
            match name.value {
                Value::String(id) => ids.push(id),
                _ => fields.problem(Problem::new(name.span, format!("`{}` is a list of strings", tool.key.value))),
            }
        }
        known.push((tool.key.value, ids));
    }
    known
}

fn decides(fields: &mut Fields, catalog: &Catalog) -> Decides {
    let mut select = fields.string("select");
    if let Some(query) = &mut select {
        // Three quotes on lines of their own leave a line break behind the query.
        query.value.truncate(query.value.trim_end().len());
    }
    let forbid = fields.table("forbid");
    match (select, forbid) {
        (Some(select), Some(forbid)) => {
            let message = "a page decides by `select` or by `[forbid]`, not by both";
            let help = "split it into two pages";
            fields.problem(Problem::new(forbid.span, message).with_help(help));
            Decides::Select(Select::new(select))
        }
        (Some(select), None) => Decides::Select(Select::new(select)),
        (None, Some(forbid)) => Decides::Forbid(super::forbid::read(fields, forbid.value, catalog)),
        (None, None) => Decides::Native,
    }
}

/// Checks what only a full look at the page can tell.
pub(super) fn validate(page: &Page, text: &str, native: bool, problems: &mut Vec<Problem>) {
    let Some(fence) = header(text).filter(|fence| fence.closed) else { return };
    let (table, unread) = parse(fence.text, fence.span.start as usize);
    let entry = |key: &str| table.entries.iter().find(|entry| entry.key.value == key);
    let mut required = vec!["schema", "id", "severity"];
    if !matches!(page.decides, Decides::Native) {
        required.push("message");
    }
    // What is missing may be what could not be read.
    let is_read = unread.is_empty();
    for key in required {
        if is_read && entry(key).is_none() {
            problems.push(Problem::new(fence.info_span, format!("the header has no `{key}`")));
        }
    }
    if page.title.is_empty() {
        let help = "follow the header with a heading: `# What is wrong`";
        problems.push(Problem::new(fence.info_span, "the page has no heading").with_help(help));
    }
    // Of a key that is misspelt, or has no such value, that is the finding.
    let means_to = |key: &str| ["select", "forbid"].iter().any(|known| nearest(key, [*known]).is_some());
    let means_to_decide = table.entries.iter().any(|entry| means_to(&entry.key.value));
    if is_read && !(means_to_decide && matches!(page.decides, Decides::Native)) {
        decides_once(page, native, &fence, problems);
    }
    if let Some(message) = entry("message").filter(|_| !matches!(page.decides, Decides::Native)) {
        placeholders(page, message.value.span, problems);
    }
    if let Decides::Select(select) = &page.decides
        && let Err(errors) = select.compiled()
    {
        problems.extend(errors.iter().map(|error| select_problem(select, error, text)));
    }
}

fn decides_once(page: &Page, native: bool, fence: &Fence<'_>, problems: &mut Vec<Problem>) {
    match (&page.decides, native) {
        (Decides::Native, false) => {
            let help = "add `select = \"$.Statement[…]\"`, or a table `[forbid]`";
            problems.push(Problem::new(fence.info_span, "the page does not say what to look for").with_help(help));
        }
        (Decides::Select(_) | Decides::Forbid(_), true) => {
            let message = "a native rule's page decides nothing itself";
            problems.push(Problem::new(fence.info_span, message).with_help("remove `select` or `[forbid]`"));
        }
        (Decides::Native, true) | (Decides::Select(_) | Decides::Forbid(_), false) => {}
    }
}

/// The message of a match may hold `{text}`, and no other word in braces.
fn placeholders(page: &Page, span: Span, problems: &mut Vec<Problem>) {
    let message = page.message.as_deref().unwrap_or_default();
    let known = message.replace("{text}", "");
    let is_word = |rest: &str| {
        let word = rest.split_once('}').map_or("", |(word, _)| word);
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    // What a policy variable encloses is no placeholder: `${aws:username}` has a colon, `${name}` a dollar.
    let unknown = known.match_indices('{').any(|(at, _)| !known[..at].ends_with('$') && is_word(&known[at + 1..]));
    if unknown {
        let help = "only `{text}` is replaced, by the text that was found";
        problems.push(Problem::new(span, "a placeholder that nothing replaces").with_help(help));
    }
}

/// An error in a select, at its place in the page.
fn select_problem(select: &Select, error: &QueryError, text: &str) -> Problem {
    let at = |offset: usize| select.text.place_of(offset, text);
    let within = error.range.as_ref().and_then(|range| Some(Span::new(at(range.start)?, at(range.end)?)));
    let span = within.unwrap_or(select.text.span);
    let problem = Problem::new(span, error.message.clone());
    match &error.help {
        Some(help) => problem.with_help(help.clone()),
        None => problem,
    }
}
