//! `iam-lint rules`: the rules there are.

use super::ListFormat;
use super::catalog::OverlayArgs;
use super::outcome::{Failed, Outcome};
use super::rule_args::PageArgs;
use super::terminal::Results;
use crate::lint;
use crate::render::{self, Color, ListedRule, printable};
use std::io::Write;

/// List the rules, by group.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pages: PageArgs,

    #[command(flatten)]
    overlay: OverlayArgs,

    /// How to write the list
    #[arg(long, default_value = "text", help_heading = "Output")]
    format: ListFormat,
}

pub(super) fn run(args: &Args, color: Color, out: &mut Results) -> Result<Outcome, Failed> {
    let own = args.pages.load(&args.overlay.load().catalog)?;
    let mut rules: Vec<ListedRule<'_>> = lint::all_rules(&own.pages)
        .map(|rule| {
            let page = rule.page();
            ListedRule {
                id: rule.id,
                group: rule.group,
                severity: page.severity,
                on_by_default: page.default_on,
                title: &page.title,
            }
        })
        .collect();
    rules.sort_by_key(|rule| (rule.group, rule.id));
    match args.format {
        ListFormat::Json => render::write_rules(out, &rules)?,
        ListFormat::Text => write_text(out, &rules)?,
    }
    out.flush()?;
    own.complain(color);
    Ok(Outcome { complete: own.is_complete(), ..Outcome::CLEAN })
}

fn write_text(out: &mut Results, rules: &[ListedRule<'_>]) -> std::io::Result<()> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut group = None;
    for rule in rules {
        if group != Some(rule.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            writeln!(out, "{gap}{}", printable(rule.group))?;
            group = Some(rule.group);
        }
        let default = if rule.on_by_default { "" } else { " (off by default)" };
        let (id, title) = (printable(rule.id), printable(rule.title));
        writeln!(out, "  {id:width$}  {:7}  {title}{default}", rule.severity.name())?;
    }
    Ok(())
}
