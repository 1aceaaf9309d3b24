//! `iam-lint check`: say what is wrong with the policies in files.

use super::catalog::OverlayArgs;
use super::grants::GrantArgs;
use super::inputs::{Input, InputArgs};
use super::outcome::{Failed, Outcome, Verdict};
use super::rule_args::{PageArgs, SelectionArgs};
use super::terminal::{Results, complain_of};
use crate::diagnostic::{Diagnostic, Severity};
use crate::discover;
use crate::lint::{self, RuleSet};
use crate::policy::PolicyType;
use crate::render::{self, Color, Rendered, Totals};
use crate::text::Source;
use clap::ValueEnum;

/// Say what is wrong with the policies in files.
///
/// A folder is searched for files that may hold a policy; a policy is known by its content, at any depth of a file.
/// A file without one is passed over in silence.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit code: 0 nothing at or above --fail-on, 1 something, 2 something could not be read or run,\n\
                  3 nothing, but something that was asked could not be decided."
)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: InputArgs,

    #[command(flatten)]
    selection: SelectionArgs,

    #[command(flatten)]
    pages: PageArgs,

    #[command(flatten)]
    grants: GrantArgs,

    #[command(flatten)]
    overlay: OverlayArgs,

    /// Take every policy for this type instead of inferring it
    #[arg(long = "type", value_name = "TYPE", value_parser = policy_type(), help_heading = "Judgement")]
    kind: Option<PolicyType>,

    /// Policies in files that match must require MFA; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "Judgement")]
    require_mfa: Vec<String>,

    /// Report what is wrong with a file as JSON even where it does not look like a policy
    ///
    /// Without it, a file that is empty, is not UTF-8 or does not parse is passed over, unless what can be read of it
    /// shows that it was meant as a policy.
    #[arg(long, help_heading = "Judgement")]
    strict: bool,

    /// The mildest finding that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "warning", help_heading = "Output")]
    fail_on: FailOn,

    /// How to show findings
    #[arg(long, default_value = "text", help_heading = "Output")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: the lines at fault, underlined
    Text,
    /// One line each: file:line:column: severity[rule] message
    Concise,
    /// One document
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Note,
    Warning,
    Error,
    /// Nothing does
    Never,
}

impl FailOn {
    fn is_met_by(self, severity: Severity) -> bool {
        match self {
            Self::Note => true,
            Self::Warning => severity >= Severity::Warning,
            Self::Error => severity >= Severity::Error,
            Self::Never => false,
        }
    }
}

/// What came of one file.
struct Checked {
    rendered: Rendered,
    policies: usize,
    severities: Vec<Severity>,
    undecided: bool,
}

impl Checked {
    fn new(format: render::Format, source: &Source, policies: usize, diagnostics: &[Diagnostic]) -> Self {
        Self {
            rendered: render::file(format, source, diagnostics),
            policies,
            severities: diagnostics.iter().map(|found| found.severity).collect(),
            undecided: false,
        }
    }
}

pub(super) fn run(args: &Args, color: Color, out: &mut Results) -> Result<Outcome, Failed> {
    let format = match args.format {
        Format::Text => render::Format::Text(color),
        Format::Concise => render::Format::Concise,
        Format::Json => render::Format::Json,
    };
    let must_require_mfa = discover::path_globs(&args.require_mfa).map_err(|error| Failed::Usage(error.to_string()))?;
    let overlay = args.overlay.load();
    args.grants.check(&overlay.catalog)?;
    let own = args.pages.load(&overlay.catalog)?;
    let rules = RuleSet::new(&args.selection.resolve(&own)?, &own.pages);
    let mut judged = args.inputs.judge(|input: Input| {
        let options = lint::Options {
            rules: &rules,
            catalog: &overlay.catalog,
            kind: args.kind,
            must_require_mfa: must_require_mfa.matches(&input.place),
            strict: args.strict,
        };
        let mut report = lint::lint(&input.shown, input.bytes, &options);
        if report.policies.is_empty() {
            return Checked::new(format, &report.source, 0, &report.diagnostics);
        }
        let granted = args.grants.ask(&report.source, args.kind, &overlay.catalog);
        if !granted.diagnostics.is_empty() {
            report.diagnostics.extend(granted.diagnostics);
            report.diagnostics = lint::in_order(report.diagnostics);
        }
        let undecided = granted.undecided;
        Checked { undecided, ..Checked::new(format, &report.source, report.policies.len(), &report.diagnostics) }
    })?;
    let files = judged.results.len();
    // What is wrong with what the user brings along comes before what the rules find.
    let own_pages = own.invalid.iter().map(|page| (&page.source, &page.problems));
    let invalid = own_pages.chain(overlay.invalid.iter().map(|(source, problems)| (source, problems)));
    let pages: Vec<Checked> = invalid.map(|(source, problems)| Checked::new(format, source, 0, problems)).collect();
    let is_valid = pages.is_empty();
    let mut failures = own.failures;
    failures.extend(overlay.failure);
    failures.append(&mut judged.failures);

    let mut totals = Totals { files, ..Totals::default() };
    let mut verdict = Verdict::Clean;
    let mut rendered = Vec::with_capacity(files);
    for checked in pages.into_iter().chain(judged.results) {
        totals.policies += checked.policies;
        if checked.undecided && verdict == Verdict::Clean {
            verdict = Verdict::Undecided;
        }
        for severity in checked.severities {
            totals.count(severity);
            if args.fail_on.is_met_by(severity) {
                verdict = Verdict::Found;
            }
        }
        rendered.push(checked.rendered);
    }
    render::write(out, format, rendered, &totals, &failures)?;
    complain_of(&failures);
    // A rule that cannot be read is one that was not asked.
    Ok(Outcome { verdict, complete: failures.is_empty() && is_valid })
}

/// Reads a policy type by its name.
pub(super) fn policy_type() -> impl clap::builder::TypedValueParser<Value = PolicyType> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(PolicyType::ALL.map(PolicyType::name))
        .try_map(|name| PolicyType::from_name(&name).ok_or("not a policy type"))
}
