//! The `iam-lint` program.

fn main() {}
