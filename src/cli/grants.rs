//! What `iam-lint check` is asked never to find granted: some actions, or anything to the public.

use super::evidence::action_span;
use super::outcome::Failed;
use super::question::check_action;
use crate::access::decide::{Answer, Question};
use crate::access::{Policies, admits_strangers, can, on_any_resource};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Label, PolicyRef, Severity};
use crate::lint;
use crate::policy::{Policy, PolicyType};
use crate::render::ACCESS_GROUP;
use crate::syntax;
use crate::text::{Source, Span};
use std::borrow::Cow;
use std::sync::Arc;

/// What no policy may grant.
#[derive(Debug, clap::Args)]
pub(super) struct GrantArgs {
    /// No policy may grant these actions, wildcards allowed; comma-separated, may be repeated
    ///
    /// Each policy is judged by itself, its Denies included, as by AWS's CheckAccessNotGranted. Findings are called
    /// `access-granted`.
    #[arg(long, value_name = "ACTION", value_delimiter = ',', help_heading = "Judgement")]
    not_granted: Vec<String>,

    /// No policy of a resource or a role may let in the public
    ///
    /// As AWS's CheckNoPublicAccess: nobody who is unsigned, or of an account, an organization and a network that the
    /// policy does not name. Findings are called `public-access-granted`.
    #[arg(long, help_heading = "Judgement")]
    no_public: bool,
}

/// What came of asking about the policies of one file.
#[derive(Default)]
pub(super) struct Granted {
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether something could not be decided.
    pub(super) undecided: bool,
}

impl GrantArgs {
    /// Refuses what cannot be asked.
    pub(super) fn check(&self, catalog: &Catalog) -> Result<(), Failed> {
        self.not_granted.iter().try_for_each(|action| check_action(action, catalog))
    }

    /// Asks about each policy of a file that grants at all.
    pub(super) fn ask(&self, source: &Source, kind: Option<PolicyType>, catalog: &Catalog) -> Granted {
        let mut granted = Granted::default();
        if self.not_granted.is_empty() && !self.no_public {
            return granted;
        }
        let (tree, _) = syntax::parse_file(source.path(), source.text());
        for policy in lint::policies(&tree, source.path(), kind).iter().filter(|policy| policy.kind.kind.grants()) {
            for action in &self.not_granted {
                let question = Question { actions: vec![action.clone()], catalog, ..Question::default() };
                let answer = on_any_resource(&question, |question| can(&Policies::Document(policy), question));
                granted.add(policy, &answer, Asked::Action(action));
            }
            if self.no_public && policy.kind.kind != PolicyType::Identity {
                let question = Question { catalog, ..Question::default() };
                let answer = on_any_resource(&question, |question| admits_strangers(policy, question));
                granted.add(policy, &answer, Asked::Public);
            }
        }
        granted
    }
}

/// What was asked about a policy.
#[derive(Clone, Copy)]
enum Asked<'a> {
    Action(&'a str),
    Public,
}

impl Granted {
    fn add(&mut self, policy: &Policy<'_>, answer: &Answer, asked: Asked<'_>) {
        let (rule, granted, help) = match asked {
            Asked::Action(action) => (
                "access-granted",
                format!("`{action}` is granted"),
                "take it out of the Allow, or deny it where it must not be possible".to_owned(),
            ),
            Asked::Public => (
                "public-access-granted",
                "the public is let in".to_owned(),
                "name whom to let in, or hold them to fixed values of `aws:PrincipalOrgID`, `aws:SourceVpce` or the like"
                    .to_owned(),
            ),
        };
        let finding = |severity, message, span, label: &str, help| Diagnostic {
            rule: Cow::Borrowed(rule),
            group: Cow::Borrowed(ACCESS_GROUP),
            severity,
            message,
            help,
            span,
            labels: vec![Label { span, text: label.to_owned() }],
            fix: None,
            policy: Some(Arc::new(PolicyRef { kind: policy.kind.kind, pointer: policy.pointer.clone() })),
        };
        match answer {
            Answer::Impossible(_) => {}
            Answer::Possible(witness) => {
                let statement = witness.statement.and_then(|id| policy.statements.get(id.statement));
                let span = statement.map_or(policy.span(), |one| match (asked, &one.principal) {
                    (Asked::Public, Some(principal)) => principal.span,
                    _ => action_span(one, &witness.request.action),
                });
                let message = format!("{granted}: {witness}");
                self.diagnostics.push(finding(Severity::Error, message, span, "granted here", Some(help)));
            }
            Answer::Unknown(reason) => {
                self.undecided = true;
                let message = format!("whether {granted} cannot be decided: {reason}");
                let start = policy.span().start;
                let span = Span { start, end: start + 1 };
                self.diagnostics.push(finding(Severity::Note, message, span, "", None));
            }
        }
    }
}
