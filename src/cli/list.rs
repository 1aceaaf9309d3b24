//! `iam-lint list`: the policies in files.

use super::ListFormat;
use super::check::policy_type;
use super::inputs::{Input, InputArgs};
use super::outcome::{Failed, Outcome, Verdict};
use super::terminal::{Results, complain_of};
use crate::lint;
use crate::policy::PolicyType;
use crate::render::{self, Listed, printable};
use std::io::Write;

/// List the policies in files: where they stand, of what type they are taken to be, and why.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: InputArgs,

    /// Take every policy for this type instead of inferring it
    #[arg(long = "type", value_name = "TYPE", value_parser = policy_type())]
    kind: Option<PolicyType>,

    /// How to write the list
    #[arg(long, default_value = "text", help_heading = "Output")]
    format: ListFormat,
}

pub(super) fn run(args: &Args, out: &mut Results) -> Result<Outcome, Failed> {
    let judged = args.inputs.judge(|input| found(input, args.kind))?;
    let files = judged.results.len();
    let found: Vec<Listed> = judged.results.into_iter().flatten().collect();
    match args.format {
        ListFormat::Json => render::write_list(out, files, &found, &judged.failures)?,
        ListFormat::Text => {
            for Listed { file, pointer, kind, reason } in &found {
                let (file, pointer) = (printable(file), printable(pointer));
                let at = if pointer.is_empty() { String::new() } else { format!("#{pointer}") };
                writeln!(out, "{file}{at}: {} ({})", kind.name(), printable(reason))?;
            }
        }
    }
    out.flush()?;
    complain_of(&judged.failures);
    Ok(Outcome { verdict: Verdict::Clean, complete: judged.failures.is_empty() })
}

fn found(input: Input, kind: Option<PolicyType>) -> Vec<Listed> {
    let report = lint::find(&input.shown, input.bytes, kind);
    report
        .into_iter()
        .map(|policy| Listed {
            file: input.shown.clone(),
            pointer: policy.pointer,
            kind: policy.kind.kind,
            reason: policy.kind.reason.into_owned(),
        })
        .collect()
}
