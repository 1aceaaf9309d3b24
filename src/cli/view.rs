//! `iam-lint view`: the policies of a file in their canonical form.

use super::inputs::{Input, InputArgs, utf8};
use super::outcome::{Failed, Outcome};
use super::terminal::{Results, complain, complain_of};
use crate::discover::Failure;
use crate::lint;
use crate::policy::View;
use crate::render;
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
    let mut judged = InputArgs::of(&args.file).judge(views)?;
    let mut found = false;
    for views in judged.results {
        match views {
            Ok(views) => {
                found |= !views.is_empty();
                out.write_all(&views)?;
            }
            Err(failure) => judged.failures.push(failure),
        }
    }
    out.flush()?;
    if !found && judged.failures.is_empty() {
        complain(format_args!("{}: there is no policy in it", args.file.display()));
    }
    complain_of(&judged.failures);
    Ok(Outcome { complete: found && judged.failures.is_empty(), ..Outcome::CLEAN })
}

fn views(input: Input) -> Result<Vec<u8>, Failure> {
    let source = utf8(input.shown, input.bytes)?;
    let mut out = Vec::new();
    lint::with_policies(&source, None, |policies| {
        for policy in policies {
            // Writing to memory cannot fail.
            let _ = render::write_view(&mut out, &View::new(policy));
        }
    });
    Ok(out)
}
