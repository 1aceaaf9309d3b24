//! `iam-lint explain`: a rule's page.

use super::catalog::OverlayArgs;
use super::outcome::{Failed, Outcome};
use super::rule_args::{OwnPages, PageArgs};
use super::terminal::Results;
use crate::catalog;
use crate::config::{RuleName, UnknownRule};
use crate::lint::{self, Rule};
use crate::page::{self, Decides};
use crate::render::{Color, printable};
use std::borrow::Cow;
use std::io::Write;

/// What the built-in pages write for the date of the catalogue, so that they need not change whenever it does.
const CATALOG_DATE: &str = "YYYY-MM-DD";

/// Explain a rule: what is wrong, why it matters, what to do, with examples.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The rule's id, as findings show it in brackets
    #[arg(value_name = "RULE")]
    id: String,

    #[command(flatten)]
    pages: PageArgs,

    #[command(flatten)]
    overlay: OverlayArgs,
}

pub(super) fn run(args: &Args, color: Color, out: &mut Results) -> Result<Outcome, Failed> {
    let own = args.pages.load(&args.overlay.load().catalog)?;
    if let Some(page) = own.invalid_page(&args.id) {
        page.complain(color);
        return Err(Failed::Usage(format!("the page of `{}` is not valid", args.id)));
    }
    let Some(rule) = lint::all_rules(&own.pages).find(|rule| rule.id == args.id) else {
        let of_group = |rule: &Rule<'_>| rule.group == args.id;
        let ids: Vec<&str> = lint::all_rules(&own.pages).filter(of_group).map(|rule| rule.id).collect();
        if !ids.is_empty() {
            return Err(Failed::Usage(format!(
                "`{}` is a group; explain one of its rules: {}",
                args.id,
                ids.join(", ")
            )));
        }
        let known: Vec<RuleName<'_>> = lint::all_rules(&own.pages).map(|rule| rule.name()).collect();
        return Err(Failed::Usage(UnknownRule::new(&args.id, &known).to_string()));
    };
    let body = page::body(text(&rule, &own));
    let body = match rule.builtin_page() {
        Some(_) => Cow::Owned(body.replace(CATALOG_DATE, catalog::date())),
        None => Cow::Borrowed(body),
    };
    for line in body.lines() {
        writeln!(out, "{}", printable(line))?;
    }
    writeln!(out, "\n{}", summary(&rule))?;
    for reference in &rule.page().references {
        writeln!(out, "See {}", printable(reference))?;
    }
    out.flush()?;
    own.complain(color);
    Ok(Outcome { complete: own.is_complete(), ..Outcome::CLEAN })
}

fn text<'a>(rule: &Rule<'a>, own: &'a OwnPages) -> &'a str {
    let own_text = || own.pages.iter().zip(&own.sources).find(|(page, _)| page.id == rule.id);
    rule.builtin_page().or_else(|| own_text().map(|(_, source)| source.text())).unwrap_or_default()
}

/// What the header says, in a sentence.
fn summary(rule: &Rule<'_>) -> String {
    let page = rule.page();
    let default = if page.default_on { "on by default" } else { "off unless selected, or with `--pedantic`" };
    let decides = match &page.decides {
        Decides::Select(_) => ", decided by a query",
        Decides::Forbid(_) => ", decided by proof",
        Decides::Native => "",
    };
    format!("`{}` is of severity {} in group `{}`, {default}{decides}.", rule.id, page.severity.name(), rule.group)
}
