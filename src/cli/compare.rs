//! `iam-lint compare`: what a change of a policy allows that was not allowed, and the reverse.

use super::ListFormat;
use super::can::outcome;
use super::catalog::OverlayArgs;
use super::check::policy_type;
use super::evidence::{Evidence, arn_span};
use super::outcome::{Failed, Outcome, Verdict};
use super::policies::{Files, Named, Role, Taken};
use super::question::{SemanticsArgs, SpanArg};
use super::terminal::Results;
use crate::access::decide::{Answer, Question};
use crate::access::{self, Policies, on_any_resource};
use crate::policy::{Policy, PolicyType};
use crate::render::{self, Color, Compared, Explained, printable};
use std::io::Write;

/// Say whether a changed policy allows what the old one did not, and whether something is lost.
///
/// This is AWS's CheckNoNewAccess, with a request that shows it. Where a file holds several policies, those at the
/// same place are compared with each other.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  iam-lint compare before.json after.json
  git show main:policy.json | iam-lint compare - policy.json

Exit code: 0 no new access, 1 new access, 2 they could not be compared, 3 it cannot be decided.")]
pub(super) struct Args {
    /// The policy as it was: FILE, FILE#/json/pointer, or `-` for standard input
    #[arg(value_name = "OLD")]
    old: String,

    /// The policy as it is to be
    #[arg(value_name = "NEW")]
    new: String,

    /// Take both for this type instead of inferring it
    #[arg(long = "type", value_name = "TYPE", value_parser = policy_type(), help_heading = "Policies")]
    kind: Option<PolicyType>,

    #[command(flatten)]
    semantics: SemanticsArgs,

    #[command(flatten)]
    overlay: OverlayArgs,

    /// How to write the answer
    #[arg(long, default_value = "text", help_heading = "Output")]
    format: ListFormat,
}

pub(super) fn run(args: &Args, color: Color, out: &mut Results) -> Result<Outcome, Failed> {
    let role = args.kind.map_or(Role::Inferred, Role::As);
    let read = |name: &str| Files::read(vec![Named::new(name, role)]);
    if args.old == "-" && args.new == "-" {
        return Err(Failed::Usage("standard input can be read once only, and `-` is named twice".into()));
    }
    let (old_files, new_files) = (read(&args.old)?, read(&args.new)?);
    let (old_trees, new_trees) = (old_files.trees()?, new_files.trees()?);
    let (old, new) = (old_files.policies(&old_trees)?, new_files.policies(&new_trees)?);
    let pairs = pairs(&old, &new);
    if args.kind.is_none() {
        pairs.iter().try_for_each(|pair| comparable(*pair))?;
    }
    let catalog = args.overlay.catalog(color)?;
    let question = Question { semantics: args.semantics.semantics(), catalog: &catalog, ..Question::default() };
    let compared: Vec<Compared<'_>> = pairs
        .into_iter()
        .map(|(was, is)| Compared {
            old: was.map(place),
            new: is.map(place),
            added: gained(was, is, &old, &new, &question),
            lost: gained(is, was, &new, &old, &question),
        })
        .collect();
    match args.format {
        ListFormat::Json => {
            let span = args.semantics.arn_span.unwrap_or(SpanArg::Strict).name();
            render::write_comparisons(out, span, &compared)?;
        }
        ListFormat::Text => {
            for (at, one) in compared.iter().enumerate() {
                if compared.len() > 1 {
                    let gap = if at > 0 { "\n" } else { "" };
                    writeln!(out, "{gap}{}", printable(&title(one)))?;
                }
                write_side(out, color, "new access", &one.added)?;
                write_side(out, color, "lost access", &one.lost)?;
            }
        }
    }
    out.flush()?;
    Ok(verdict(&compared))
}

/// One policy of each file is compared with the other wherever they stand; of several, those at the same place.
fn pairs<'p, 'a>(old: &'p [Taken<'a>], new: &'p [Taken<'a>]) -> Vec<(Option<&'p Taken<'a>>, Option<&'p Taken<'a>>)> {
    if let ([old], [new]) = (old, new) {
        return vec![(Some(old), Some(new))];
    }
    let at = |list: &'p [Taken<'a>], pointer: &str| list.iter().find(|one| one.policy.pointer == pointer);
    let mut pairs: Vec<_> = new.iter().map(|one| (at(old, &one.policy.pointer), Some(one))).collect();
    let gone = old.iter().filter(|one| at(new, &one.policy.pointer).is_none());
    pairs.extend(gone.map(|one| (Some(one), None)));
    pairs
}

/// Refuses to compare what cannot be in each other's place: of two policies only one says whom it is about.
fn comparable((old, new): (Option<&Taken<'_>>, Option<&Taken<'_>>)) -> Result<(), Failed> {
    let (Some(old), Some(new)) = (old, new) else { return Ok(()) };
    let names_principals = |one: &Taken<'_>| {
        let mut statements = one.policy.statements.iter().map(|statement| statement.principal.is_some());
        let first = statements.next()?;
        Some(statements.fold(first, |some, one| some | one))
    };
    match (names_principals(old), names_principals(new)) {
        (Some(was), Some(is)) if was != is => {}
        _ => return Ok(()),
    }
    let name = |one: &Taken<'_>| format!("`{}` (type `{}`)", one.name(), one.policy.kind.kind.name());
    let (old, new) = (name(old), name(new));
    let message = format!(
        "{old} and {new} cannot be compared: one says with `Principal` whom it is about, the other is about whoever it \
         is attached to; if they are of one type nevertheless, say of which with `--type`"
    );
    Err(Failed::Usage(message))
}

fn place<'p>(taken: &'p Taken<'_>) -> (&'p str, &'p str) {
    (taken.source.path(), &taken.policy.pointer)
}

/// What `new` allows that `old` does not.
fn gained<'a>(
    old: Option<&'a Taken<'a>>,
    new: Option<&'a Taken<'a>>,
    all_old: &'a [Taken<'a>],
    all_new: &'a [Taken<'a>],
    question: &Question<'_>,
) -> Explained<'a> {
    let nothing = || Answer::Impossible(access::decide::Proof::default());
    let is_unchanged = old.zip(new).is_some_and(|(old, new)| old.text() == new.text());
    let (old, new) = (old.map(|one| &one.policy), new.map(|one| &one.policy));
    let ask = |semantics| {
        let question = Question { semantics, ..question.clone() };
        new.filter(|_| !is_unchanged)
            .map_or_else(nothing, |new| on_any_resource(&question, |question| added(old, new, question)))
    };
    let answer = ask(question.semantics);
    let mut exhibits = Vec::new();
    if let (Some(new), Answer::Possible(witness)) = (new, &answer) {
        let grant = witness.statement.filter(|id| id.policy == 0);
        let action = &witness.request.action;
        exhibits.extend(grant.and_then(|id| Evidence::new(all_new).grant(new, id.statement, action)));
        exhibits.extend(old.and_then(|old| Evidence::new(all_old).deny(old, witness, &question.semantics)));
    }
    let arn_span = arn_span(&answer, question.semantics, ask);
    Explained { answer, reasons: Vec::new(), exhibits, arn_span }
}

/// Whether `new` allows what `old` does not; where there is no old policy, whether it allows anything.
fn added(old: Option<&Policy<'_>>, new: &Policy<'_>, question: &Question<'_>) -> Answer {
    match old {
        Some(old) => access::added(old, new, question),
        None => access::can(&Policies::Document(new), question),
    }
}

fn title(one: &Compared<'_>) -> String {
    let (file, pointer) = one.new.or(one.old).unwrap_or_default();
    let change = match (one.old, one.new) {
        (None, _) => " (added)",
        (_, None) => " (removed)",
        _ => "",
    };
    if pointer.is_empty() { format!("{file}{change}") } else { format!("{file}#{pointer}{change}") }
}

fn write_side(out: &mut Results, color: Color, what: &str, side: &Explained<'_>) -> std::io::Result<()> {
    let line = match &side.answer {
        Answer::Possible(witness) => witness.to_string(),
        Answer::Impossible(_) => "none".to_owned(),
        Answer::Unknown(reason) => format!("undecided: {reason}"),
    };
    writeln!(out, "{what}: {}", printable(&line))?;
    if let Some(note) = &side.arn_span {
        writeln!(out, "  {}", printable(note))?;
    }
    render::write_exhibits(out, color, &side.exhibits)?;
    if !side.exhibits.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn verdict(compared: &[Compared<'_>]) -> Outcome {
    let mut complete = true;
    let mut verdict = Verdict::Clean;
    for one in compared {
        let own = outcome(&one.added.answer);
        complete &= own.complete;
        // There, the answer yes is what the user hopes for.
        verdict = match (&one.added.answer, verdict) {
            (Answer::Possible(_), _) | (_, Verdict::Found) => Verdict::Found,
            (Answer::Unknown(_), _) | (_, Verdict::Undecided) => Verdict::Undecided,
            (Answer::Impossible(_), Verdict::Clean) => Verdict::Clean,
        };
    }
    Outcome { verdict, complete }
}
