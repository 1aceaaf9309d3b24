//! The two streams to the user: results go to the one, everything else to the other.

use crate::discover::Failure;
use crate::render::{Color, printable};
use clap::ValueEnum;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorChoice {
    /// What that comes to here.
    pub(super) fn resolve(self) -> Color {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        match self {
            Self::Always => Color::Ansi,
            Self::Auto if !set("NO_COLOR") && !dumb() && io::stdout().is_terminal() => Color::Ansi,
            Self::Auto | Self::Never => Color::Plain,
        }
    }
}

/// Standard output, buffered. A reader who has seen enough and closes the pipe is no error: what is written after
/// that goes nowhere.
pub(super) struct Results {
    stream: BufWriter<Pipe>,
}

impl Results {
    pub(super) fn new() -> Self {
        Self { stream: BufWriter::with_capacity(64 * 1024, Pipe(io::stdout().lock())) }
    }
}

impl Write for Results {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

struct Pipe(StdoutLock<'static>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

/// Tells the user what went wrong. Where that cannot be told there is nobody to tell it to.
pub(super) fn complain(what: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "error: {}", printable(&what.to_string()));
}

/// Tells the user what could not be read.
pub(super) fn complain_of(failures: &[Failure]) {
    for Failure { file, message } in failures {
        complain(format_args!("{file}: {message}"));
    }
}

/// Tells the user what may not be as meant, without letting it stop anything.
pub(super) fn warn(what: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "warning: {}", printable(&what.to_string()));
}
