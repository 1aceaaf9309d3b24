//! Policies that are named one by one to take part in a question.

use super::inputs::{Input, InputArgs, utf8};
use super::outcome::Failed;
use super::terminal::warn;
use crate::access::{Layers, Policies};
use crate::lint;
use crate::policy::{Policy, PolicyType};
use crate::syntax::{self, SyntaxErrorKind, Tree};
use crate::text::Source;
use std::path::PathBuf;

/// A policy, or a file of them: `FILE`, `FILE#/json/pointer`, or `-`.
#[derive(Debug, Clone)]
pub(super) struct Named {
    file: PathBuf,
    pointer: Option<String>,
    role: Role,
}

/// As what policies take part.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// As the type that they seem to be.
    Inferred,
    /// As this type.
    As(PolicyType),
    /// As policies of a resource, of which a role's trust policy is one.
    OfResource,
}

/// A policy that takes part.
pub(super) struct Taken<'a> {
    /// The file that it is in.
    pub(super) source: &'a Source,
    /// The policy.
    pub(super) policy: Policy<'a>,
    /// By which of the arguments it was named.
    argument: usize,
}

/// Texts and their trees, which policies refer to.
pub(super) struct Files {
    named: Vec<Named>,
    sources: Vec<Source>,
}

impl Named {
    pub(super) fn new(argument: &str, role: Role) -> Self {
        // A name that has a `#` in it and exists is a name.
        let split = argument.find('#').filter(|_| !PathBuf::from(argument).exists());
        match split {
            Some(at) => Self { file: argument[..at].into(), pointer: Some(argument[at + 1..].to_owned()), role },
            None => Self { file: argument.into(), pointer: None, role },
        }
    }
}

impl Files {
    /// Reads the files. All of them are needed for an answer.
    pub(super) fn read(named: Vec<Named>) -> Result<Self, Failed> {
        if named.iter().filter(|one| one.file.as_os_str() == "-").count() > 1 {
            return Err(Failed::Usage("standard input can be read once only, and `-` is named more than once".into()));
        }
        let mut sources = Vec::with_capacity(named.len());
        for one in &named {
            if one.file.is_dir() {
                let file = one.file.display();
                return Err(Failed::Usage(format!("{file}: it is a folder; name the file of the policy")));
            }
            let mut judged = InputArgs::of(&one.file).judge(|Input { shown, bytes, .. }| utf8(shown, bytes))?;
            match (judged.failures.pop(), judged.results.pop()) {
                (None, Some(Ok(source))) => sources.push(source),
                (Some(failure), _) | (None, Some(Err(failure))) => {
                    return Err(Failed::Usage(format!("{}: {}", failure.file, failure.message)));
                }
                (None, None) => return Err(Failed::Usage(format!("{}: there is no such file", one.file.display()))),
            }
        }
        Ok(Self { named, sources })
    }

    /// Their trees. A file that is not quite JSON is taken as far as it can be read, and the user told so; of a conflict
    /// nobody knows which side is meant.
    pub(super) fn trees(&self) -> Result<Vec<Tree<'_>>, Failed> {
        self.sources.iter().map(parse).collect()
    }

    /// The policies in them, in the order of the arguments.
    pub(super) fn policies<'a>(&'a self, trees: &'a [Tree<'a>]) -> Result<Vec<Taken<'a>>, Failed> {
        let mut taken = Vec::new();
        for (argument, ((named, source), tree)) in self.named.iter().zip(&self.sources).zip(trees).enumerate() {
            let kind = match named.role {
                Role::As(kind) => Some(kind),
                Role::Inferred | Role::OfResource => None,
            };
            let mut found = lint::policies(tree, source.path(), kind);
            if let Some(pointer) = &named.pointer {
                let known: Vec<String> = found.iter().map(|policy| format!("`#{}`", policy.pointer)).collect();
                found.retain(|policy| policy.pointer == *pointer);
                if found.is_empty() && !known.is_empty() {
                    let known = known.join(", ");
                    let file = source.path();
                    return Err(Failed::Usage(format!("{file}: there is no policy at `#{pointer}`, but at {known}")));
                }
            }
            if found.is_empty() {
                let what = if source.text().trim().is_empty() { "it is empty" } else { "there is no policy in it" };
                return Err(Failed::Usage(format!("{}: {what}", source.path())));
            }
            for mut policy in found {
                if matches!(named.role, Role::OfResource) && policy.kind.kind != PolicyType::Trust {
                    policy.kind.kind = PolicyType::Resource;
                }
                taken.push(Taken { source, policy, argument });
            }
        }
        Ok(taken)
    }
}

impl Taken<'_> {
    /// What is written, with all that is filled in later.
    pub(super) fn text(&self) -> &str {
        self.source.slice(self.policy.span())
    }

    /// What it is called: its file, and where in it.
    pub(super) fn name(&self) -> String {
        let pointer = &self.policy.pointer;
        if pointer.is_empty() { self.source.path().to_owned() } else { format!("{}#{pointer}", self.source.path()) }
    }
}

fn parse(source: &Source) -> Result<Tree<'_>, Failed> {
    let (tree, errors) = syntax::parse_file(source.path(), source.text());
    if errors.iter().any(|error| error.kind == SyntaxErrorKind::ConflictMarker) {
        let message = "a merge conflict is not resolved in it, so that it is not known what it says";
        return Err(Failed::Usage(format!("{}: {message}", source.path())));
    }
    // Comments and trailing commas take nothing away, and neither does a text that holds policies among other things.
    let harmless = |kind| match kind {
        SyntaxErrorKind::Comment | SyntaxErrorKind::TrailingComma => true,
        SyntaxErrorKind::NotJson => !syntax::claims_to_be_json(source.path()),
        _ => false,
    };
    if !tree.documents.is_empty() && errors.iter().any(|error| !harmless(error.kind)) {
        let file = source.path();
        warn(format_args!(
            "{file}: it is not quite JSON, and the answer goes by what can be read of it; `iam-lint check` shows where"
        ));
    }
    Ok(tree)
}

/// The policies together: one is judged by itself, several each in its part.
pub(super) fn together<'a>(taken: &'a [Taken<'a>]) -> Result<Policies<'a>, Failed> {
    if let [one] = taken {
        return Ok(Policies::Document(&one.policy));
    }
    if !taken.iter().any(|one| one.policy.kind.kind.grants()) {
        let message = "of these policies none grants anything: they only limit what others grant; name one that does \
                       with `--identity` or `--resource-policy`, or one policy alone to see what it leaves standing";
        return Err(Failed::Usage(message.into()));
    }
    let mut boundaries = taken.iter().filter(|one| one.policy.kind.kind == PolicyType::Boundary);
    if let (Some(one), Some(other)) = (boundaries.next(), boundaries.next()) {
        let (one, other) = (one.name(), other.name());
        let message = format!("a caller has one permissions boundary, and here are two: `{one}` and `{other}`");
        return Err(Failed::Usage(message));
    }
    let mut layers = Layers::default();
    let mut level = None;
    for one in taken {
        let group = match one.policy.kind.kind {
            PolicyType::Identity => &mut layers.identity,
            PolicyType::Resource | PolicyType::Trust => &mut layers.resource,
            PolicyType::Boundary => &mut layers.boundary,
            PolicyType::Session => &mut layers.session,
            PolicyType::Rcp => &mut layers.rcp,
            PolicyType::VpcEndpoint => &mut layers.vpc_endpoint,
            PolicyType::Scp => {
                // Those of one argument are attached side by side.
                if level.replace(one.argument) != Some(one.argument) {
                    layers.scp.push(Vec::new());
                }
                let Some(last) = layers.scp.last_mut() else { continue };
                last
            }
        };
        group.push(&one.policy);
    }
    Ok(Policies::Account(layers))
}

/// The groups of policies each of which has to allow a request, whatever the others grant.
pub(super) fn limits<'p, 'a>(policies: &'p Policies<'a>) -> Vec<&'p [&'a Policy<'a>]> {
    let Policies::Account(layers) = policies else { return Vec::new() };
    let mut groups: Vec<&[_]> = vec![&layers.boundary, &layers.session, &layers.vpc_endpoint];
    groups.extend(layers.scp.iter().map(Vec::as_slice));
    groups.retain(|group| !group.is_empty());
    groups
}
