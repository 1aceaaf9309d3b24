//! Answers to questions about access, as `docs/access.md` and the schemas describe them.

use super::graphical::Graphics;
use super::json::{LabelEntry, PolicyEntry, TOOL, Tool, VERSION, write_document};
use super::{Color, printable};
use crate::access::decide::{Answer, Credential, Witness};
use crate::access::{Caller, Request};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::policy::Policy;
use crate::text::Source;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The group of findings that answer a question of the user's own, which no rule's page explains.
pub const ACCESS_GROUP: &str = "access";

/// A statement that an answer rests on.
pub struct Exhibit<'a> {
    /// The file that it is in.
    pub source: &'a Source,
    /// The policy that it is in.
    pub policy: &'a Policy<'a>,
    /// Its number there.
    pub statement: usize,
    /// What it does, in a sentence.
    pub message: String,
    /// The parts of it that matter; there is one at least.
    pub labels: Vec<Label>,
}

/// An answer, and all that is worth knowing of it.
pub struct Explained<'a> {
    /// The answer.
    pub answer: Answer,
    /// Reasons that are no statement's.
    pub reasons: Vec<String>,
    /// The statements that it rests on.
    pub exhibits: Vec<Exhibit<'a>>,
    /// How it would be otherwise if wildcards in ARNs were read otherwise, where it would.
    pub arn_span: Option<String>,
}

/// What was asked, as the user put it.
#[derive(Debug, Clone, Serialize)]
pub struct Asked<'a> {
    /// The actions.
    pub actions: &'a [String],
    /// The resources; none for any.
    pub resources: &'a [String],
    /// Who.
    pub principal: Option<&'a str>,
    /// Whether only requests without MFA are asked about.
    pub without_mfa: bool,
    /// How wildcards in ARNs are read.
    pub arn_span: &'static str,
}

/// Actions that are all alike, and the answer for them.
pub struct Reached {
    /// Their names.
    pub actions: Vec<String>,
    /// Whether they stand for those, too, that nobody has heard of.
    pub unlisted: bool,
    /// The answer; a witness has one of them.
    pub answer: Answer,
}

/// What a change of one policy changes.
pub struct Compared<'a> {
    /// The policy before, if there was one: its file and its pointer.
    pub old: Option<(&'a str, &'a str)>,
    /// The policy after, if there is one.
    pub new: Option<(&'a str, &'a str)>,
    /// What is allowed that was not.
    pub added: Explained<'a>,
    /// What was allowed and is not.
    pub lost: Explained<'a>,
}

#[derive(Serialize)]
struct CanDocument<'a> {
    version: u32,
    tool: Tool,
    question: Question<'a>,
    #[serde(flatten)]
    answer: AnswerEntry<'a>,
}

#[derive(Serialize)]
struct Question<'a> {
    #[serde(flatten)]
    asked: &'a Asked<'a>,
    context: BTreeMap<&'a str, &'a [String]>,
}

#[derive(Serialize)]
struct AnswerEntry<'a> {
    answer: &'static str,
    witness: Option<WitnessEntry<'a>>,
    reasons: Vec<Cow<'a, str>>,
    statements: Vec<StatementEntry<'a>>,
    depends_on_arn_span: Option<&'a str>,
}

#[derive(Serialize)]
struct WitnessEntry<'a> {
    text: String,
    action: &'a str,
    resource: &'a str,
    caller: CallerEntry<'a>,
    credential: Option<&'static str>,
    resource_account: Option<&'a str>,
    context: BTreeMap<Cow<'a, str>, &'a [String]>,
}

#[derive(Serialize)]
struct CallerEntry<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct StatementEntry<'a> {
    file: &'a str,
    policy: PolicyEntry,
    index: usize,
    sid: Option<&'a str>,
    message: &'a str,
    labels: Vec<LabelEntry>,
}

#[derive(Serialize)]
struct WhatDocument<'a> {
    version: u32,
    tool: Tool,
    question: Question<'a>,
    actions: Vec<&'a str>,
    unlisted: bool,
    undecided: Vec<&'a str>,
    classes: Vec<ClassEntry<'a>>,
}

#[derive(Serialize)]
struct ClassEntry<'a> {
    answer: &'static str,
    witness: Option<WitnessEntry<'a>>,
    reason: Option<String>,
    actions: &'a [String],
}

#[derive(Serialize)]
struct CompareDocument<'a> {
    version: u32,
    tool: Tool,
    arn_span: &'static str,
    comparisons: Vec<ComparisonEntry<'a>>,
}

#[derive(Serialize)]
struct ComparisonEntry<'a> {
    old: Option<PlaceEntry<'a>>,
    new: Option<PlaceEntry<'a>>,
    added: AnswerEntry<'a>,
    lost: AnswerEntry<'a>,
}

#[derive(Serialize)]
struct PlaceEntry<'a> {
    file: &'a str,
    pointer: &'a str,
}

/// The word for an answer.
fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Possible(_) => "yes",
        Answer::Impossible(_) => "no",
        Answer::Unknown(_) => "undecided",
    }
}

impl<'a> AnswerEntry<'a> {
    fn new(explained: &'a Explained<'_>) -> Self {
        let mut reasons: Vec<Cow<'a, str>> = explained.reasons.iter().map(|one| Cow::Borrowed(one.as_str())).collect();
        if let Answer::Unknown(reason) = &explained.answer {
            reasons.push(Cow::Owned(reason.to_string()));
        }
        Self {
            answer: word(&explained.answer),
            witness: witness_of(&explained.answer),
            reasons,
            statements: explained.exhibits.iter().map(StatementEntry::new).collect(),
            depends_on_arn_span: explained.arn_span.as_deref(),
        }
    }
}

fn witness_of(answer: &Answer) -> Option<WitnessEntry<'_>> {
    match answer {
        Answer::Possible(witness) => Some(WitnessEntry::new(witness)),
        Answer::Impossible(_) | Answer::Unknown(_) => None,
    }
}

impl<'a> WitnessEntry<'a> {
    fn new(witness: &'a Witness) -> Self {
        let Request { caller, action, resource, owner, context } = &witness.request;
        let (kind, name) = match caller {
            Caller::Anonymous => ("anonymous", None),
            Caller::Root { account } => ("root", Some(account.as_str())),
            Caller::User { arn } => ("user", Some(arn.as_str())),
            Caller::Session { role, .. } => ("role", Some(role.as_str())),
            Caller::FederatedUser { session, .. } => ("federated-user", Some(session.as_str())),
            Caller::Service { name } => ("service", Some(name.as_str())),
            Caller::Federated { provider } => ("federated", Some(provider.as_str())),
            Caller::CanonicalUser { id } => ("canonical-user", Some(id.as_str())),
        };
        Self {
            text: witness.to_string(),
            action,
            resource,
            caller: CallerEntry { kind, name },
            credential: witness.credential.map(|credential| match credential {
                Credential::AccessKey => "access-key",
                Credential::SessionWithoutMfa => "session-without-mfa",
                Credential::SessionWithMfa => "session-with-mfa",
                Credential::RoleSession => "role-session",
            }),
            resource_account: owner.as_deref(),
            context: context.iter().map(|(key, values)| (witness.spelled(key), values)).collect(),
        }
    }
}

impl<'a> StatementEntry<'a> {
    fn new(exhibit: &'a Exhibit<'_>) -> Self {
        let Exhibit { source, policy, statement, message, labels } = exhibit;
        let sid = policy.statements.get(*statement).and_then(|statement| statement.sid.as_ref());
        Self {
            file: source.path(),
            policy: PolicyEntry { kind: policy.kind.kind.name(), pointer: policy.pointer.clone() },
            index: *statement,
            sid: sid.map(|sid| &*sid.text),
            message,
            labels: labels.iter().map(|label| LabelEntry::new(source, label)).collect(),
        }
    }
}

impl<'a> Question<'a> {
    fn new(asked: &'a Asked<'a>, context: &'a [(String, Vec<String>)]) -> Self {
        Self { asked, context: context.iter().map(|(key, values)| (key.as_str(), values.as_slice())).collect() }
    }
}

/// Draws statements, one after the other.
pub fn write_exhibits(out: &mut dyn Write, color: Color, exhibits: &[Exhibit<'_>]) -> io::Result<()> {
    let graphics = Graphics::new(color);
    for Exhibit { source, message, labels, .. } in exhibits {
        let Some(first) = labels.first() else { continue };
        let diagnostic = Diagnostic {
            rule: Cow::Borrowed(""),
            group: Cow::Borrowed(ACCESS_GROUP),
            severity: Severity::Note,
            message: message.clone(),
            help: None,
            span: first.span,
            labels: labels.clone(),
            fix: None,
            policy: None,
        };
        let mut drawn = String::new();
        graphics.draw(&mut drawn, source, &diagnostic);
        write!(out, "\n{}", drawn.trim_end_matches('\n').trim_start_matches('\n'))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes the answer of `iam-lint can` as JSON.
pub fn write_can(
    out: &mut dyn Write,
    asked: &Asked<'_>,
    context: &[(String, Vec<String>)],
    explained: &Explained<'_>,
) -> io::Result<()> {
    let question = Question::new(asked, context);
    let answer = AnswerEntry::new(explained);
    write_document(out, serde_json::to_string(&CanDocument { version: VERSION, tool: TOOL, question, answer }))
}

/// Writes the answer of `iam-lint can --what` as JSON: every action by name.
pub fn write_what(
    out: &mut dyn Write,
    asked: &Asked<'_>,
    context: &[(String, Vec<String>)],
    reached: &[Reached],
) -> io::Result<()> {
    let names = |wanted: &str| {
        let classes = reached.iter().filter(|class| word(&class.answer) == wanted);
        let mut names: Vec<&str> = classes.flat_map(|class| &class.actions).map(String::as_str).collect();
        names.sort_unstable();
        names
    };
    let reason = |answer: &Answer| match answer {
        Answer::Unknown(reason) => Some(reason.to_string()),
        Answer::Possible(_) | Answer::Impossible(_) => None,
    };
    let document = WhatDocument {
        version: VERSION,
        tool: TOOL,
        question: Question::new(asked, context),
        actions: names("yes"),
        unlisted: reached.iter().any(|class| class.unlisted && matches!(class.answer, Answer::Possible(_))),
        undecided: names("undecided"),
        classes: reached
            .iter()
            .filter(|one| !matches!(one.answer, Answer::Impossible(_)))
            .map(|one| ClassEntry {
                answer: word(&one.answer),
                witness: witness_of(&one.answer),
                reason: reason(&one.answer),
                actions: &one.actions,
            })
            .collect(),
    };
    write_document(out, serde_json::to_string(&document))
}

/// Writes the answer of `iam-lint compare` as JSON.
pub fn write_comparisons(out: &mut dyn Write, arn_span: &'static str, comparisons: &[Compared<'_>]) -> io::Result<()> {
    fn place<'a>(place: Option<(&'a str, &'a str)>) -> Option<PlaceEntry<'a>> {
        place.map(|(file, pointer)| PlaceEntry { file, pointer })
    }
    let comparisons = comparisons
        .iter()
        .map(|one| ComparisonEntry {
            old: place(one.old),
            new: place(one.new),
            added: AnswerEntry::new(&one.added),
            lost: AnswerEntry::new(&one.lost),
        })
        .collect();
    let document = CompareDocument { version: VERSION, tool: TOOL, arn_span, comparisons };
    write_document(out, serde_json::to_string(&document))
}

impl Explained<'_> {
    /// What the answer says in one line, safe to print; `no` is what to say if the answer is no.
    pub fn headline(&self, no: &str) -> String {
        let line = match &self.answer {
            Answer::Possible(witness) => format!("yes: {witness}"),
            Answer::Impossible(_) => format!("no: {no}"),
            Answer::Unknown(reason) => format!("undecided: {reason}"),
        };
        printable(&line).into_owned()
    }
}
