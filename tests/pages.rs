//! Every rule page is a test: its bad examples fire as they say, its good ones do not, its fixes fix.
//!
//! `UPDATE=1 cargo test --test pages` writes into the pages what the rules report. Read what it wrote.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that panics says where.

use iam_lint::catalog::Catalog;
use iam_lint::config::Selection;
use iam_lint::diagnostic::{Diagnostic, Severity};
use iam_lint::lint::{self, Options, Report, Rule, RuleSet};
use iam_lint::page::{self, Example, Page, Setting, Shows};
use iam_lint::query::Query;
use iam_lint::rule::Decision;
use iam_lint::syntax;
use iam_lint::text::{Edit, Source, Span, apply};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[test]
fn every_built_in_page_does_as_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages: Vec<Tested<'_>> = lint::all_rules(&[])
        .map(|rule| Tested {
            file: root.join("rules").join(rule.group).join(format!("{}.md", rule.id)),
            rule,
            user: &[],
        })
        .collect();
    assert!(!pages.is_empty());
    check_all(&pages);
}

#[test]
fn the_users_pages_do_as_they_say() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 4, "{files:?}");
    let load = |file: &PathBuf| {
        let (name, id) = (file.file_name().unwrap(), file.file_stem().unwrap());
        let source = Source::new(name.to_string_lossy(), std::fs::read_to_string(file).unwrap());
        Page::load(&source, "mine", &id.to_string_lossy(), Catalog::builtin()).unwrap()
    };
    let user: Vec<Page> = files.iter().map(load).collect();
    let rules = lint::all_rules(&user).filter(|rule| rule.group == "mine");
    let tested = files.into_iter().zip(rules).map(|(file, rule)| Tested { file, rule, user: &user });
    check_all(&tested.collect::<Vec<_>>());
}

#[test]
fn a_page_that_lies_is_noticed() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/no-tagging-by-wildcard.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let source = Source::new("no-tagging-by-wildcard.md", text.as_str());
    let user = [Page::load(&source, "mine", "no-tagging-by-wildcard", Catalog::builtin()).unwrap()];
    let tested = Tested { file, rule: lint::all_rules(&user).last().unwrap(), user: &user };
    let complaints = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let (_, complaints) = tested.judge(&text.replace(from, to));
        complaints.join("\n")
    };
    assert_eq!(complaints("# ", "# "), "");
    assert!(complaints("6:17", "6:18").contains("the output is not what is reported"));
    assert!(complaints("\"ec2:CreateTags\"", "\"ec2:*Tags\"").contains("a good example is not clean"));
    assert!(complaints("\"ec2:*Tags\"", "\"ec2:CreateTags\"").contains("a bad example does not fire"));
    assert!(complaints("```json good", "```json").contains("no good example"));
}

#[test]
fn the_documented_page_and_queries_are_valid() {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rule-pages.md")).unwrap();
    let (_, rest) = docs.split_once("````markdown\n").unwrap();
    let (example, _) = rest.split_once("````\n").unwrap();
    Page::load(
        &Source::new("no-tagging-by-wildcard.md", example),
        "mine",
        "no-tagging-by-wildcard",
        Catalog::builtin(),
    )
    .unwrap();
    let code = docs.split('`').skip(1).step_by(2);
    let queries: Vec<&str> = code.filter(|code| code.starts_with("$.")).collect();
    assert!(queries.len() >= 3, "{queries:?}");
    for query in queries {
        Query::compile(query).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    }
}

/// What stands in an `output` for the catalogue's date, so that pages do not go stale with every update of it.
const CATALOG_DATE: &str = "YYYY-MM-DD";

/// A page and the rule that it is about.
struct Tested<'a> {
    file: PathBuf,
    rule: Rule<'a>,
    /// The users' pages that take part.
    user: &'a [Page],
}

/// A replacement of a block's content.
type Update = (Span, String);

fn check_all(pages: &[Tested<'_>]) {
    let mut complaints = Vec::new();
    for tested in pages {
        let mut text = std::fs::read_to_string(&tested.file).unwrap_or_default();
        if std::env::var_os("UPDATE").is_some() {
            text = with_outputs(&text);
            let (updates, _) = tested.judge(&text);
            let edits: Vec<Edit> = updates.into_iter().map(|(span, text)| Edit { span, text }).collect();
            text = apply(&text, &edits).unwrap();
            std::fs::write(&tested.file, &text).unwrap();
        }
        let file = tested.file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&tested.file).display();
        complaints.extend(tested.judge(&text).1.into_iter().map(|complaint| format!("{file}: {complaint}")));
    }
    assert!(complaints.is_empty(), "\n\n{}\n\nUPDATE=1 writes outputs and fixes anew\n", complaints.join("\n\n"));
}

/// The page with an empty `output` after each bad example that has none.
fn with_outputs(text: &str) -> String {
    let mut edits = Vec::new();
    for problem in page::examples(text).1 {
        let opened = problem.span.end as usize;
        if let Some(closed) = text[opened..].find("\n```\n")
            && problem.message.contains("without its output")
        {
            let at = Span::at(opened + closed + "\n```\n".len());
            edits.push(Edit { span: at, text: "\n```output\n```\n".into() });
        }
    }
    apply(text, &edits).unwrap()
}

impl Tested<'_> {
    /// What must be written into the page, and what is wrong with it as it is.
    fn judge(&self, text: &str) -> (Vec<Update>, Vec<String>) {
        let mut updates = Vec::new();
        let mut complaints = self.invalid(text);
        let (examples, _) = page::examples(text);
        for wanted in ["bad", "good"] {
            if !examples.iter().any(|example| matches!(example.shows, Shows::Good) == (wanted == "good")) {
                complaints.push(format!("no {wanted} example"));
            }
        }
        for example in &examples {
            let line = Source::new("", text).position(example.span.start).line;
            let mut complain = |what: String| complaints.push(format!("line {line}: {what}"));
            match &example.shows {
                Shows::Good => self.judge_good(example, &mut complain),
                Shows::Bad { output, fixed } => {
                    let report = self.run(example.text, &example.setting);
                    if report.diagnostics.is_empty() {
                        complain("a bad example does not fire".into());
                    }
                    let found = output_of(&report);
                    if found != output.value {
                        complain(format!("the output is not what is reported:\n{found}"));
                        updates.push((output.span, found));
                    }
                    let fix = fixed_text(example.text, &report);
                    match (&fix, fixed) {
                        (None, None) => {}
                        (Some(fix), Some(fixed)) if *fix == fixed.value => self.judge_fix(fix, example, &mut complain),
                        (Some(fix), Some(fixed)) => {
                            complain(format!("the fix is not as shown:\n{fix}"));
                            updates.push((fixed.span, fix.clone()));
                        }
                        (Some(fix), None) => {
                            complain(format!("there is a fix that is not shown:\n{fix}"));
                            let after = Span::at(output.span.end as usize + "```\n".len());
                            updates.push((after, format!("\n```json fixed\n{fix}```\n")));
                        }
                        (None, Some(_)) => complain("`json fixed` is shown, but there is no fix".into()),
                    }
                }
            }
        }
        (updates, complaints)
    }

    fn invalid(&self, text: &str) -> Vec<String> {
        let source = Source::new("page", text);
        let page = match self.rule.decision {
            Decision::Page => Page::load(&source, self.rule.group, self.rule.id, Catalog::builtin()),
            Decision::Policy(_) | Decision::File(_) => Page::native(&source, self.rule.group, self.rule.id),
        };
        let show = |found: Diagnostic| {
            let at = source.position(found.span.start);
            let help = found.help.map(|help| format!(" ({help})")).unwrap_or_default();
            format!("line {}:{}: {}{help}", at.line, at.column, found.message)
        };
        page.err().into_iter().flatten().map(show).collect()
    }

    /// What this rule alone reports.
    fn run(&self, text: &str, setting: &Setting) -> Report {
        run(text, setting, &RuleSet::of([self.rule]))
    }

    fn judge_good(&self, example: &Example<'_>, complain: &mut impl FnMut(String)) {
        let every = Selection { pedantic: true, ..Selection::default() };
        let report = run(example.text, &example.setting, &RuleSet::new(&every, self.user));
        if report.policies.is_empty() {
            complain("a good example holds no policy".into());
        }
        for found in &report.diagnostics {
            if found.severity > Severity::Note || found.rule == self.rule.id {
                complain(format!("a good example is not clean:\n{}", line_of(&report.source, found)));
            }
        }
    }

    fn judge_fix(&self, fix: &str, example: &Example<'_>, complain: &mut impl FnMut(String)) {
        let (_, errors) = syntax::parse(fix);
        if !errors.is_empty() {
            complain(format!("the fixed policy does not parse: {errors:?}"));
        }
        let report = self.run(fix, &example.setting);
        if !report.diagnostics.is_empty() {
            complain(format!("the fixed policy still fires:\n{}", output_of(&report)));
        }
        if fixed_text(fix, &report).is_some_and(|again| again != fix) {
            complain("fixing the fixed policy changes it again".into());
        }
    }
}

fn run(text: &str, setting: &Setting, rules: &RuleSet<'_>) -> Report {
    let mut options = Options::new(rules);
    options.kind = setting.policy_type;
    options.must_require_mfa = setting.require_mfa;
    let path = setting.path.as_deref().unwrap_or("example.json");
    lint::lint(path, setting.encoded(text), &options)
}

/// The text with all fixes of the report applied; `None` where there is none.
fn fixed_text(text: &str, report: &Report) -> Option<String> {
    let fixes = report.diagnostics.iter().filter_map(|found| found.fix.as_ref());
    let mut edits: Vec<Edit> = fixes.flat_map(|fix| fix.edits.iter().cloned()).collect();
    edits.sort_by_key(|edit| (edit.span, edit.text.clone()));
    edits.dedup();
    (!edits.is_empty()).then(|| apply(text, &edits).unwrap_or_else(|| panic!("fixes overlap: {edits:?}")))
}

/// A line for each finding, and an indented one for each label with the text that it underlines; the same whatever day
/// the catalogue is of.
fn output_of(report: &Report) -> String {
    let mut out = String::new();
    for found in &report.diagnostics {
        out.push_str(&line_of(&report.source, found));
        for label in &found.labels {
            let text = underlined(report.source.slice(label.span));
            let said = if label.text.is_empty() { String::new() } else { format!(" ({})", label.text) };
            writeln!(out, "  {} {text}{said}", place(&report.source, label.span)).unwrap();
        }
    }
    out.replace(Catalog::builtin().date(), CATALOG_DATE)
}

fn line_of(source: &Source, found: &Diagnostic) -> String {
    format!("{}[{}] {} {}\n", found.severity.name(), found.rule, place(source, found.span), found.message)
}

fn place(source: &Source, span: Span) -> String {
    let (start, end) = (source.position(span.start), source.position(span.end));
    format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
}

/// The text as it is on one line, blanks folded, and its middle left out where it is long.
fn underlined(text: &str) -> String {
    const ENDS: usize = 40;
    let line: Vec<char> = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    if line.len() <= 2 * ENDS {
        return line.into_iter().collect();
    }
    let head: String = line[..ENDS].iter().collect();
    let tail: String = line[line.len() - ENDS..].iter().collect();
    format!("{head} … {tail}")
}
