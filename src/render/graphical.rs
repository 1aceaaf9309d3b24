//! The report for people: miette's graphics over our own excerpts.
//!
//! The only file that names miette. Its own sources search the file from byte 0 for each label, and show whole
//! lines and whole gaps; an [`Excerpt`] is short, so each look into it is cheap and fits the screen.

use super::access::ACCESS_GROUP;
use super::excerpt::{CONTEXT_LINES, Excerpt};
use super::printable;
use crate::config::OVERLAY_GROUP;
use crate::diagnostic::{Diagnostic, Severity};
use crate::page::PAGE_GROUP;
use crate::text::Source;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};
use std::fmt;

/// Draws reports.
pub(super) struct Graphics {
    handler: GraphicalReportHandler,
}

impl Graphics {
    /// In colour or without; always with Unicode's lines.
    pub(super) fn new(color: super::Color) -> Self {
        let theme = match color {
            super::Color::Ansi => GraphicalTheme::unicode(),
            super::Color::Plain => GraphicalTheme::unicode_nocolor(),
        };
        // Unwrapped, since wrapping would break rule ids at their hyphens.
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_context_lines(CONTEXT_LINES)
            .with_urls(false)
            .with_wrap_lines(false);
        Self { handler }
    }

    /// Appends the report of one finding to `out`.
    pub(super) fn draw(&self, out: &mut String, source: &Source, diagnostic: &Diagnostic) {
        let report = Report::new(source, diagnostic);
        let drawn = self.handler.render_report(out, &report);
        debug_assert!(drawn.is_ok(), "a string takes everything, and every label lies within the excerpt");
        out.push('\n');
    }
}

/// A finding as miette wants it.
#[derive(Debug)]
struct Report {
    code: String,
    message: String,
    help: String,
    severity: miette::Severity,
    source: Excerpts,
}

#[derive(Debug)]
struct Excerpts {
    path: String,
    excerpt: Excerpt,
}

impl Report {
    fn new(source: &Source, diagnostic: &Diagnostic) -> Self {
        // What is wrong with a rule's page, or with an overlay, is explained by no page; nor is the answer to the
        // user's own question.
        let explained = ![PAGE_GROUP, OVERLAY_GROUP, ACCESS_GROUP].contains(&&*diagnostic.group);
        let explain = explained.then(|| format!("for more, run `iam-lint explain {}`", diagnostic.rule));
        let help: Vec<_> = diagnostic.help.iter().chain(&explain).map(|line| printable(line)).collect();
        Self {
            code: match &*diagnostic.rule {
                "" => String::new(),
                rule => format!("{}[{}]", diagnostic.severity.name(), printable(rule)),
            },
            message: printable(&diagnostic.message).into_owned(),
            help: help.join("\n"),
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Note => miette::Severity::Advice,
            },
            source: Excerpts { path: printable(source.path()).into_owned(), excerpt: Excerpt::new(source, diagnostic) },
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.source.excerpt.marks.iter().enumerate().map(|(index, mark)| {
            let text = (!mark.text.is_empty()).then(|| mark.text.clone());
            let span = SourceSpan::new(mark.range.start.into(), mark.range.len());
            if index == 0 {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })))
    }
}

impl SourceCode for Excerpts {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        let window = self.excerpt.window(range, lines_before, lines_after).ok_or(MietteError::OutOfBounds)?;
        let mut place = (window.first_line, 0);
        // Without context it is asked for the place to name above the lines: the label's own.
        if lines_before == 0
            && let Some(mark) = self.excerpt.marks.iter().find(|mark| mark.range.start == span.offset())
        {
            place = (mark.position.line as usize - 1, mark.position.column as usize - 1);
        }
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            self.excerpt.text.get(window.range.clone()).unwrap_or_default().as_bytes(),
            SourceSpan::new(window.range.start.into(), window.range.len()),
            place.0,
            place.1,
            window.line_count,
        )))
    }
}
