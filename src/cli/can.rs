//! `iam-lint can`: whether policies allow a request, and what they allow.

use super::ListFormat;
use super::catalog::OverlayArgs;
use super::check::policy_type;
use super::evidence::{Evidence, arn_span};
use super::outcome::{Failed, Outcome, Verdict};
use super::policies::{self, Files, Named, Role, Taken};
use super::question::QuestionArgs;
use super::terminal::{Results, complain};
use crate::access::decide::{Answer, Callers, Question};
use crate::access::{self, Caller, Policies};
use crate::catalog::Catalog;
use crate::policy::PolicyType;
use crate::render::{self, Color, Reached, printable};
use std::io::Write;

/// Say whether policies allow something, with a request that shows it or the statements that make it impossible.
///
/// A single policy is judged by itself, as AWS's CheckAccessNotGranted does. Several are judged together, each in the
/// part that its type gives it: identity policies grant, a boundary limits, and so on.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  iam-lint can policy.json --action iam:DeactivateMFADevice --without-mfa
  iam-lint can policy.json --what --without-mfa
  iam-lint can role.json --scp root.json --scp ou.json --action s3:PutObject --resource arn:aws:s3:::b/*
  iam-lint can 'template.json#/Resources/Role/Properties/AssumeRolePolicyDocument' --action sts:AssumeRole

Exit code: 0 yes, 1 no, 2 it could not be asked, 3 it cannot be decided. With --what: 0 something is possible.")]
pub(super) struct Args {
    /// Policies: FILE for all that are in it, FILE#/json/pointer for one of them, `-` for standard input
    #[arg(value_name = "POLICY", required_unless_present_any = ["identity", "resource_policy", "boundary", "scp", "rcp",
        "session", "vpc_endpoint"])]
    policies: Vec<String>,

    /// List every action that is possible
    #[arg(long, help_heading = "Question")]
    what: bool,

    #[command(flatten)]
    question: QuestionArgs,

    #[command(flatten)]
    overlay: OverlayArgs,

    /// Take POLICY for this type instead of inferring it
    #[arg(long = "type", value_name = "TYPE", value_parser = policy_type(), help_heading = "Policies")]
    kind: Option<PolicyType>,

    /// An identity policy that takes part; may be repeated, as may the others
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    identity: Vec<String>,

    /// A policy of the resource; a role's trust policy is one
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    resource_policy: Vec<String>,

    /// The caller's permissions boundary, of which there is one
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    boundary: Vec<String>,

    /// A service control policy; each is a level of the organization that has to allow
    ///
    /// Policies in one file are attached side by side, to the same level: one of them has to allow.
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    scp: Vec<String>,

    /// A resource control policy
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    rcp: Vec<String>,

    /// A session policy
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    session: Vec<String>,

    /// The policy of the VPC endpoint that requests go through
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    vpc_endpoint: Vec<String>,

    /// How to write the answer
    #[arg(long, default_value = "text", help_heading = "Output")]
    format: ListFormat,
}

impl Args {
    fn named(&self) -> Vec<Named> {
        let own = self.kind.map_or(Role::Inferred, Role::As);
        let parts: [(&[String], Role); 8] = [
            (&self.policies, own),
            (&self.identity, Role::As(PolicyType::Identity)),
            (&self.resource_policy, Role::OfResource),
            (&self.boundary, Role::As(PolicyType::Boundary)),
            (&self.scp, Role::As(PolicyType::Scp)),
            (&self.rcp, Role::As(PolicyType::Rcp)),
            (&self.session, Role::As(PolicyType::Session)),
            (&self.vpc_endpoint, Role::As(PolicyType::VpcEndpoint)),
        ];
        parts.iter().flat_map(|(names, role)| names.iter().map(|name| Named::new(name, *role))).collect()
    }
}

pub(super) fn run(args: &Args, color: Color, out: &mut Results) -> Result<Outcome, Failed> {
    if args.question.actions.is_empty() && !args.what {
        let message = "say what is asked: `--action ACTION` for whether that is possible, `--what` for all that is";
        return Err(Failed::Usage(message.into()));
    }
    let catalog = args.overlay.catalog(color)?;
    let mut question = args.question.question(&catalog)?;
    let files = Files::read(args.named())?;
    let trees = files.trees()?;
    let taken = files.policies(&trees)?;
    let policies = policies::together(&taken)?;
    QuestionArgs::find_provider(&mut question, &policies);
    let outcome = match args.what {
        true => what(args, &policies, &taken, &question, out)?,
        false => can(args, color, &policies, &taken, &question, out)?,
    };
    out.flush()?;
    Ok(outcome)
}

fn can<'a>(
    args: &Args,
    color: Color,
    policies: &Policies<'a>,
    taken: &'a [Taken<'a>],
    question: &Question<'_>,
    out: &mut Results,
) -> Result<Outcome, Failed> {
    let answer = access::can(policies, question);
    if matches!(answer, Answer::Impossible(_)) {
        args.question.refuse_never_made(policies, question)?;
    }
    let mut explained = Evidence::new(taken).explain(policies, question, &answer);
    explained.reasons.extend(by_itself(taken, question, &answer));
    explained.arn_span = arn_span(&answer, question.semantics, |semantics| {
        access::can(policies, &Question { semantics, ..question.clone() })
    });
    match args.format {
        ListFormat::Json => render::write_can(out, &args.question.asked(), &question.context, &explained)?,
        ListFormat::Text => {
            let subject = args.question.subject();
            let no = format!("{subject} is not possible{}", args.question.circumstances());
            writeln!(out, "{}", explained.headline(&no))?;
            for reason in explained.reasons.iter().chain(&explained.arn_span).chain(&standing(taken)) {
                writeln!(out, "  {}", printable(reason))?;
            }
            render::write_exhibits(out, color, &explained.exhibits)?;
        }
    }
    Ok(outcome(&answer))
}

/// A reminder that AWS looks at more than the one policy that was asked about.
fn by_itself(taken: &[Taken<'_>], question: &Question<'_>, answer: &Answer) -> Option<String> {
    let [one] = taken else { return None };
    let is_named = matches!(question.callers, Callers::Only(_));
    match answer {
        Answer::Possible(witness)
            if one.policy.kind.kind == PolicyType::Identity
                && matches!(witness.request.caller, Caller::FederatedUser { .. }) =>
        {
            let needs = "the policy by itself allows it; a session of `sts:GetFederationToken` may do only what a policy \
                         that is passed along with it allows as well (`--session`)";
            Some(needs.to_owned())
        }
        Answer::Possible(witness) if is_named && one.policy.kind.kind.is_of_resource() => {
            let account = witness.request.caller.account()?;
            let needs = "the policy by itself allows it; unless the resource is of that account, too, an identity policy \
                         of the caller's must allow it as well (`--identity`)";
            Some(format!("the caller is of account {account}: {needs}"))
        }
        Answer::Impossible(_) => {
            let free = question.actions.iter().find(|action| action.eq_ignore_ascii_case("sts:GetCallerIdentity"))?;
            Some(format!("this is what the policy by itself says; AWS answers `{free}` whatever policies say"))
        }
        _ => None,
    }
}

/// A reminder that of some policies an Allow gives nobody anything.
fn standing(taken: &[Taken<'_>]) -> Option<String> {
    let [one] = taken else { return None };
    let kind = one.policy.kind.kind;
    let name = kind.name();
    (!kind.grants()).then(|| format!("of type `{name}`, it grants nothing itself: this is what it leaves standing"))
}

/// How the answer is told to whoever asked. That decider and evaluator disagree is a fault of this program.
pub(super) fn outcome(answer: &Answer) -> Outcome {
    let verdict = match answer {
        Answer::Possible(_) => Verdict::Clean,
        Answer::Impossible(_) => Verdict::Found,
        Answer::Unknown(reason) => {
            if reason.is_internal() {
                complain(format_args!("{reason}; please report it"));
                return Outcome { verdict: Verdict::Undecided, complete: false };
            }
            Verdict::Undecided
        }
    };
    Outcome { verdict, complete: true }
}

/// The name by which the engine stands for all actions that nobody has heard of.
const UNLISTED: &str = "unlisted:Action";

fn what(
    args: &Args,
    policies: &Policies<'_>,
    taken: &[Taken<'_>],
    question: &Question<'_>,
    out: &mut Results,
) -> Result<Outcome, Failed> {
    let reached: Vec<Reached> = access::what(policies, question)
        .into_iter()
        .map(|mut reach| {
            let count = reach.actions.len();
            reach.actions.retain(|action| action != UNLISTED);
            Reached { unlisted: reach.actions.len() < count, actions: reach.actions, answer: reach.answer }
        })
        .collect();
    let any = |wanted: fn(&Answer) -> bool| reached.iter().any(|class| wanted(&class.answer));
    let internal = reached.iter().find(|class| matches!(&class.answer, Answer::Unknown(why) if why.is_internal()));
    match args.format {
        ListFormat::Json => render::write_what(out, &args.question.asked(), &question.context, &reached)?,
        ListFormat::Text => list(args, &reached, taken, question.catalog, out)?,
    }
    if let Some(Reached { answer, .. }) = internal {
        return Ok(outcome(answer));
    }
    let verdict = match () {
        () if any(|answer| matches!(answer, Answer::Possible(_))) => Verdict::Clean,
        () if any(|answer| matches!(answer, Answer::Unknown(_))) => Verdict::Undecided,
        () => Verdict::Found,
    };
    Ok(Outcome { verdict, complete: true })
}

/// Of a service, so many actions are listed by name.
const NAMES: usize = 24;

fn list(
    args: &Args,
    reached: &[Reached],
    taken: &[Taken<'_>],
    catalog: &Catalog,
    out: &mut Results,
) -> std::io::Result<()> {
    let of = |wanted: fn(&Answer) -> bool| {
        let classes = reached.iter().filter(|class| wanted(&class.answer));
        let mut names: Vec<&str> = classes.flat_map(|class| &class.actions).map(String::as_str).collect();
        names.sort_unstable();
        names
    };
    let circumstances = args.question.circumstances();
    let possible = of(|answer| matches!(answer, Answer::Possible(_)));
    let undecided = of(|answer| matches!(answer, Answer::Unknown(_)));
    let counted = match possible.len() {
        0 if !undecided.is_empty() => "no action is known to be".to_owned(),
        0 => "no action is".to_owned(),
        1 => "1 action is".to_owned(),
        count => format!("{count} actions are"),
    };
    writeln!(out, "{}", printable(&format!("{counted} possible{circumstances}")))?;
    if let Some(line) = standing(taken) {
        writeln!(out, "  {line}")?;
    }
    by_service(&possible, catalog, out)?;
    let is_possible = |class: &&Reached| matches!(class.answer, Answer::Possible(_));
    if reached.iter().filter(is_possible).any(|class| class.unlisted) {
        writeln!(out, "\nand whatever actions the catalogue of {} does not know", catalog.date())?;
    }
    if !undecided.is_empty() {
        let reason = reached.iter().find_map(|class| match &class.answer {
            Answer::Unknown(reason) => Some(reason.to_string()),
            _ => None,
        });
        let count = undecided.len();
        writeln!(out, "\nundecided for {count}: {}", printable(&reason.unwrap_or_default()))?;
        by_service(&undecided, catalog, out)?;
    }
    Ok(())
}

/// Lists sorted names: the services that are there whole, then a paragraph for each other.
fn by_service(names: &[&str], catalog: &Catalog, out: &mut Results) -> std::io::Result<()> {
    let service = |name: &str| name.split_once(':').map_or("", |(service, _)| service).to_owned();
    let count_of = |prefix: &str| catalog.service(prefix).map(|service| service.actions().count());
    // A service of one action is worth its name, unless there are too many names anyway.
    let many = names.len() > NAMES;
    let chunks = names.chunk_by(|a, b| service(a) == service(b));
    let (whole, partial): (Vec<_>, Vec<_>) = chunks
        .map(|chunk| (chunk.first().map(|name| service(name)).unwrap_or_default(), chunk))
        .partition(|(prefix, chunk)| (many || chunk.len() > 1) && count_of(prefix) == Some(chunk.len()));
    if !whole.is_empty() {
        let known = catalog.services().filter(|service| service.actions().next().is_some()).count();
        let mut prefixes: Vec<String> = whole.into_iter().map(|(prefix, _)| prefix).collect();
        prefixes.sort_unstable();
        match prefixes.len() {
            all if all == known => writeln!(out, "\nall actions of all {all} services")?,
            1 => writeln!(out, "\nall actions of 1 service:\n  {}", printable(&prefixes.concat()))?,
            several => {
                writeln!(out, "\nall actions of {several} services:")?;
                write_list(&prefixes, out)?;
            }
        }
    }
    for (prefix, chunk) in partial {
        let count = chunk.len();
        let of_all = count_of(&prefix).map_or_else(String::new, |all| format!(" of {all}"));
        writeln!(out, "\n{}: {count}{of_all}", printable(&prefix))?;
        let name = |full: &&str| full.split_once(':').map_or(*full, |(_, name)| name).to_owned();
        let mut listed: Vec<String> = chunk.iter().take(NAMES).map(name).collect();
        if count > NAMES {
            listed.push(format!("and {} more", count - NAMES));
        }
        write_list(&listed, out)?;
    }
    Ok(())
}

fn write_list(words: &[String], out: &mut Results) -> std::io::Result<()> {
    wrapped(words).iter().try_for_each(|line| writeln!(out, "  {}", printable(line)))
}

/// Words with commas between them, in lines of a screen's width.
fn wrapped(words: &[String]) -> Vec<String> {
    const WIDTH: usize = 98;
    let mut lines: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let comma = if at + 1 < words.len() { "," } else { "" };
        match lines.last_mut() {
            Some(line) if line.len() + word.len() + 2 <= WIDTH => {
                line.push(' ');
                line.push_str(word);
                line.push_str(comma);
            }
            _ => lines.push(format!("{word}{comma}")),
        }
    }
    lines
}
