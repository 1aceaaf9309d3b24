//! `iam-lint catalog`: what is known about AWS.

use super::ListFormat;
use super::outcome::{Failed, Outcome};
use super::terminal::{Results, complain};
use crate::catalog::{ActionInfo, Answer, Catalog, RetiredInfo, given_up};
use crate::config;
use crate::diagnostic::Diagnostic;
use crate::discover::{self, Failure};
use crate::render::{self, CatalogAnswer};
use crate::suggest::lookalike::Disguise;
use crate::text::Source;
use clap::Subcommand;
use std::borrow::Cow;
use std::io::Write;
use std::path::PathBuf;

/// Ask what is known about AWS: actions, services, resource types, condition keys.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    query: Query,

    #[command(flatten)]
    overlay: OverlayArgs,

    /// How to write the answer
    #[arg(long, default_value = "text", global = true, help_heading = "Output")]
    format: ListFormat,
}

#[derive(Debug, Subcommand)]
enum Query {
    /// Say what an action is, or those that a pattern stands for: its access level, resources, condition keys
    Action {
        /// Such as `iam:PassRole` or `iam:*MFA*`
        #[arg(value_name = "ACTION")]
        name: String,
    },
    /// List the actions that a pattern stands for
    Expand {
        /// Such as `s3:Get*Acl`
        #[arg(value_name = "PATTERN")]
        pattern: String,
    },
    /// Say what a service has: actions, resource types, condition keys
    Service {
        /// What stands before the colon, such as `s3`
        #[arg(value_name = "PREFIX")]
        prefix: String,
    },
    /// Say what a condition key is: its type, and which services carry it
    Key {
        /// Such as `aws:SourceIp`
        #[arg(value_name = "KEY")]
        name: String,
    },
    /// Say what resource types an ARN may be of, and which actions work on them
    Resource {
        /// Such as `arn:aws:s3:::bucket/*`
        #[arg(value_name = "ARN")]
        arn: String,
    },
}

/// A user's additions to the catalogue.
#[derive(Debug, clap::Args)]
pub(super) struct OverlayArgs {
    /// Services, actions and condition keys of your own, or too new for the catalogue (TOML)
    #[arg(long, value_name = "FILE", global = true, help_heading = "Judgement")]
    catalog_overlay: Option<PathBuf>,
}

/// What became of them.
pub(super) struct Loaded {
    /// The catalogue with them, or as it is where there are none, or none that are valid.
    pub(super) catalog: Cow<'static, Catalog>,
    /// What is wrong with them.
    pub(super) invalid: Option<(Source, Vec<Diagnostic>)>,
    /// That they could not be read.
    pub(super) failure: Option<Failure>,
}

impl OverlayArgs {
    /// Reads and validates the additions.
    pub(super) fn load(&self) -> Loaded {
        let mut loaded = Loaded { catalog: Cow::Borrowed(Catalog::builtin()), invalid: None, failure: None };
        let Some(path) = &self.catalog_overlay else { return loaded };
        let source = discover::read(path).and_then(|bytes| super::inputs::utf8(discover::shown(path), bytes));
        match source {
            Err(failure) => loaded.failure = Some(failure),
            Ok(source) => match config::overlay(&source) {
                Ok(overlay) => loaded.catalog = Cow::Owned(Catalog::with(&overlay)),
                Err(problems) => loaded.invalid = Some((source, problems)),
            },
        }
        loaded
    }

    /// The catalogue with the additions, for an answer that would be worth nothing without them.
    pub(super) fn catalog(&self, color: render::Color) -> Result<Cow<'static, Catalog>, Failed> {
        let loaded = self.load();
        if let Some(failure) = loaded.failure {
            return Err(Failed::Usage(format!("{}: {}", failure.file, failure.message)));
        }
        if let Some((source, problems)) = loaded.invalid {
            let rendered = render::file(render::Format::Text(color), &source, &problems);
            // The answer is what the results are for; it must not be mistaken for one.
            std::io::stderr().write_all(rendered.text().as_bytes())?;
            return Err(Failed::Usage(format!("{}: it is not a valid overlay", source.path())));
        }
        Ok(loaded.catalog)
    }
}

pub(super) fn run(args: &Args, color: render::Color, out: &mut Results) -> Result<Outcome, Failed> {
    let catalog = args.overlay.catalog(color)?;
    let answer = match answer(&catalog, &args.query) {
        Ok(answer) => answer,
        Err(unknown) => {
            complain(unknown);
            return Ok(Outcome { complete: false, ..Outcome::CLEAN });
        }
    };
    match args.format {
        ListFormat::Text => render::write_catalog_text(out, &answer)?,
        ListFormat::Json => render::write_catalog_json(out, catalog.date(), &answer)?,
    }
    out.flush()?;
    Ok(Outcome::CLEAN)
}

fn answer(catalog: &Catalog, query: &Query) -> Result<CatalogAnswer, String> {
    let names = |found: Vec<ActionInfo>| CatalogAnswer::Names(found.into_iter().map(|action| action.name).collect());
    let date = catalog.date();
    match query {
        Query::Action { name } => known(catalog.describe_actions(name), ("action", name, date), CatalogAnswer::Actions),
        Query::Expand { pattern } => known(catalog.describe_actions(pattern), ("action", pattern, date), names),
        Query::Service { prefix } => {
            known(catalog.describe_service(prefix), ("service", prefix, date), CatalogAnswer::Service)
        }
        Query::Key { name } => known(catalog.describe_key(name), ("condition key", name, date), CatalogAnswer::Key),
        Query::Resource { arn } => {
            known(catalog.describe_resources(arn), ("resource type for", arn, date), CatalogAnswer::Resources)
        }
    }
}

/// What is known, or that nothing is; `date` is that of the catalogue.
fn known<T>(
    answer: Answer<T>,
    (what, name, date): (&str, &str, &str),
    shown: impl Fn(T) -> CatalogAnswer,
) -> Result<CatalogAnswer, String> {
    let did_you_mean = |meant: Option<String>| meant.map(|meant| format!("did you mean `{meant}`?"));
    let (said, advice) = match answer {
        Answer::Known(found) => return Ok(shown(found)),
        Answer::Unknown(meant) => {
            let advice = did_you_mean(meant).map(|advice| match Disguise::of(name) {
                Some(disguise) => format!("it contains {}, {advice}", disguise.culprit()),
                None => advice,
            });
            (format!("no {what} `{name}` was known on {date}"), advice)
        }
        Answer::Retired(retired) => (end_of(&retired, date), did_you_mean(retired.meant)),
    };
    Err(match advice {
        Some(advice) => format!("{said}; {advice}"),
        None => said,
    })
}

fn end_of(retired: &RetiredInfo, date: &str) -> String {
    let heirs: Vec<String> = retired.replacements.iter().map(|heir| format!("`{heir}`")).collect();
    let (heirs, is_service) = (heirs.join(", "), !retired.name.contains(':'));
    let what = format!("the {} `{}`", if is_service { "service" } else { "action" }, retired.name);
    if is_service && !heirs.is_empty() {
        return format!("{what} has become {heirs}");
    }
    let instead = if heirs.is_empty() { heirs } else { format!("; use {heirs}") };
    given_up(&what, retired.last_seen.as_deref(), date) + &instead
}
