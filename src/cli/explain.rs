//! `iam-lint explain`: a rule's page.

use super::catalog::OverlayArgs;
use super::outcome::{Failed, Outcome};
use super::rule_args::{OwnPages, PageArgs};
use super::terminal::{self, Results};
use crate::config::{RuleName, UnknownRule};
use crate::lint::{self, Rule};
use crate::page::{self, Decides};
use crate::render::printable;
use std::io::Write;

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

pub(super) fn run(args: &Args, out: &mut Results) -> Result<Outcome, Failed> {
    let own = args.pages.load(&args.overlay.load().catalog)?;
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
    for line in page::body(text(&rule, &own)).lines() {
        writeln!(out, "{}", printable(line))?;
    }
    writeln!(out, "\n{}", summary(&rule))?;
    for reference in &rule.page().references {
        writeln!(out, "See {}", printable(reference))?;
    }
    out.flush()?;
    terminal::complain_of(&own.failures);
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
