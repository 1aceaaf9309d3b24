//! `iam-lint view`: the policies of a file in their canonical form.

use super::inputs::{Input, InputArgs};
use super::outcome::{Failed, Outcome};
use super::terminal::{Results, complain, complain_of};
use crate::lint;
use crate::policy::View;
use crate::render;
use crate::text::Source;
use std::io::Write;
use std::path::PathBuf;

/// Print the policies of a file as rule pages see them, which is what a `select` is a query over.
///
/// Each policy is one JSON document.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn run(args: &Args, out: &mut Results) -> Result<Outcome, Failed> {
    let judged = InputArgs::of(&args.file).judge(views)?;
    let found = judged.results.iter().any(|views| !views.is_empty());
    for views in judged.results {
        out.write_all(&views)?;
    }
    out.flush()?;
    complain_of(&judged.failures);
    if !found && judged.failures.is_empty() {
        complain(format_args!("{}: there is no policy in it", args.file.display()));
    }
    Ok(Outcome { complete: found && judged.failures.is_empty(), ..Outcome::CLEAN })
}

fn views(input: Input) -> Vec<u8> {
    let source = Source::decode(input.shown, input.bytes);
    let mut out = Vec::new();
    lint::with_policies(&source, |policies| {
        for policy in policies {
            // Writing to memory cannot fail.
            let _ = render::write_view(&mut out, &View::new(policy));
        }
    });
    out
}
