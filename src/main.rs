//! The `iam-lint` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    iam_lint::cli::main()
}
