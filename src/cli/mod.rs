//! Arguments to calls. The only module that names clap; the exit code is decided in one function.
//!
//! A command is a file here: its arguments, as a clap struct, and a `run` that returns an `Outcome`. It takes a
//! line in `Command` and one in `run`.

mod can;
mod catalog;
mod check;
mod compare;
mod evidence;
mod explain;
mod grants;
mod inputs;
mod list;
mod outcome;
mod policies;
mod question;
mod rule_args;
mod rules;
mod terminal;
mod view;

use clap::{Parser, Subcommand, ValueEnum};
use outcome::{Failed, Outcome};
use std::process::ExitCode;
use std::sync::LazyLock;
use terminal::{ColorChoice, Results};

/// Finds the AWS IAM policies among your files and says what is wrong with them.
///
/// Nothing leaves this machine: no network, no AWS account.
#[derive(Debug, Parser)]
#[command(name = "iam-lint", version = version(), propagate_version = false)]
#[command(after_help = "Examples:
  iam-lint check                      the policies below the current folder
  iam-lint check a.json infra/        a file and a folder
  iam-lint check - --stdin-filename a.json < a.json
  iam-lint explain RULE               what a rule is about, with examples
  iam-lint can a.json --action iam:PassRole
  iam-lint compare before.json after.json

Exit code: 0 nothing found, 1 something found, 2 something could not be read or run,\n\
3 something could not be decided. The help of `can` and `compare` says what theirs mean.")]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// When to use colour; NO_COLOR is heeded
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

/// Each command's own arguments say what it does.
#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    List(list::Args),
    View(view::Args),
    Explain(explain::Args),
    Rules(rules::Args),
    Can(Box<can::Args>),
    Compare(compare::Args),
    /// Ask what is known about AWS
    Catalog(catalog::Args),
}

/// How listings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// The program's version and its catalogue's date: what is newer than that cannot be judged.
fn version() -> &'static str {
    static VERSION: LazyLock<String> =
        LazyLock::new(|| format!("{} (catalogue of {})", env!("CARGO_PKG_VERSION"), crate::catalog::date()));
    &VERSION
}

/// The whole program.
pub fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => {
            let result = run(&cli);
            if let Err(failed) = &result {
                terminal::complain(failed);
            }
            ExitCode::from(outcome::exit_code(&result))
        }
        Err(error) => {
            // Help and the version are such errors too. Nobody listening is no reason to fail.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

fn run(cli: &Cli) -> Result<Outcome, Failed> {
    let mut out = Results::new();
    match &cli.command {
        Command::Check(args) => check::run(args, cli.color.resolve(), &mut out),
        Command::List(args) => list::run(args, &mut out),
        Command::View(args) => view::run(args, &mut out),
        Command::Explain(args) => explain::run(args, cli.color.resolve(), &mut out),
        Command::Rules(args) => rules::run(args, cli.color.resolve(), &mut out),
        Command::Can(args) => can::run(args, cli.color.resolve(), &mut out),
        Command::Compare(args) => compare::run(args, cli.color.resolve(), &mut out),
        Command::Catalog(args) => catalog::run(args, cli.color.resolve(), &mut out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
