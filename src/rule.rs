//! The contract between the engine and a check.
//!
//! A check looks at one policy and reports. It never filters, sorts, suppresses or colours, and it cannot fail.

use crate::access::Analysis;
use crate::catalog::Catalog;
use crate::diagnostic::{Fix, Safety, Severity};
use crate::policy::Policy;
use crate::syntax::{SyntaxError, Tree};
use crate::text::{Edit, EncodingError, Source, Span};

/// A check of one policy: native Rust behind a rule page.
pub type Check = fn(&Context<'_>, &mut Sink);

/// A check of a whole file, for what is wrong before there is a policy to look at.
pub type FileCheck = fn(&FileContext<'_>, &mut Sink);

/// How a built-in rule decides.
#[derive(Clone, Copy)]
pub enum Decision {
    /// Its page says it: a `select` or a `[forbid]`.
    Page,
    /// Native, policy by policy.
    Policy(Check),
    /// Native, once for each file that holds a policy or was meant to.
    File(FileCheck),
}

/// What a [`FileCheck`] may look at.
pub struct FileContext<'a> {
    /// The file.
    pub source: &'a Source,
    /// Why its bytes are no text, if they are none: then nothing was read from it.
    pub encoding: Option<&'a EncodingError>,
    /// All that was read from it.
    pub tree: &'a Tree<'a>,
    /// What the reader stumbled over, in order.
    pub errors: &'a [SyntaxError],
    /// The policies found in it.
    pub policies: &'a [Policy<'a>],
}

/// What a check may look at.
pub struct Context<'a> {
    /// The file, for the text under a span.
    pub source: &'a Source,
    /// The policy.
    pub policy: &'a Policy<'a>,
    /// What is known about AWS, the user's own additions included.
    pub catalog: &'a Catalog,
    /// Whether the user said that this policy is one that must require MFA.
    pub must_require_mfa: bool,
    /// Questions about requests, answered once for all rules.
    pub analysis: Analysis<'a>,
}

/// Where a check puts what it finds.
#[derive(Debug, Default)]
pub struct Sink {
    findings: Vec<Finding>,
}

impl Sink {
    /// Reports a finding at `span`. What is not said of it is taken from the rule's page.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.findings.push(Finding {
            span,
            message: message.into(),
            severity: None,
            help: None,
            label: String::new(),
            related: Vec::new(),
            fix: None,
        });
        self.findings.last_mut().expect("one was just pushed")
    }

    /// All that was reported, in the order in which it was.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// How many places a finding points at besides its own.
pub const MAX_RELATED: usize = 50;

/// A finding on its way to a [`crate::diagnostic::Diagnostic`].
#[derive(Debug)]
pub struct Finding {
    /// The characters at fault.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// The severity, where it differs from the page's.
    pub severity: Option<Severity>,
    /// The help, where it differs from the page's.
    pub help: Option<String>,
    /// What to write at the span itself.
    pub label: String,
    /// The other places that take part, and what to write there.
    pub related: Vec<(Span, String)>,
    /// A repair.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Overrides the page's severity.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = Some(severity);
        self
    }

    /// Overrides the page's help.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Writes something at the span itself.
    pub fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.label = text.into();
        self
    }

    /// Adds another place that takes part. Past [`MAX_RELATED`] it is let go: nobody reads so many, and where
    /// everything takes part in everything, the report would be the square of the file.
    pub fn related(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        if self.related.len() < MAX_RELATED {
            self.related.push((span, text.into()));
        }
        self
    }

    /// Attaches a repair made of several replacements.
    pub fn fix(&mut self, title: impl Into<String>, safety: Safety, edits: Vec<Edit>) -> &mut Self {
        self.fix = Some(Fix { title: title.into(), safety, edits });
        self
    }
}
