//! Bytes and options in, ordered diagnostics out; pure.
//!
//! A file is read, its policies are recognised and lowered, every rule looks at each, and what they report is filled
//! up from their pages and put in order. Nothing here knows where files come from or how findings are shown.

mod evidence;
mod forbid;
mod rules;
mod spoken;
#[cfg(test)]
mod tests;

pub use rules::{Rule, RuleSet, all as all_rules};

use crate::access::Analysis;
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Fix, Label, PolicyRef, readable};
use crate::page::Decides;
use crate::policy::{self, Policy, PolicyType, TypeGuess, View};
use crate::rule::{Check, Context, Decision, FileContext, Finding, Sink};
use crate::syntax::{self, Tree};
use crate::text::{EncodingError, Source, Span, decode};
use rules::Folded;
use spoken::Unwritten;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

/// How a file is to be judged.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// By these rules.
    pub rules: &'a RuleSet<'a>,
    /// By what is known about AWS.
    pub catalog: &'a Catalog,
    /// As policies of this type, whatever they seem to be.
    pub kind: Option<PolicyType>,
    /// As policies that must require MFA.
    pub must_require_mfa: bool,
    /// As policies, even where nothing in the file suggests it.
    pub strict: bool,
}

impl<'a> Options<'a> {
    /// By these rules, and all else as inferred.
    pub fn new(rules: &'a RuleSet<'a>) -> Self {
        Self { rules, catalog: Catalog::builtin(), kind: None, must_require_mfa: false, strict: false }
    }
}

/// What there is to say of one file.
#[derive(Debug)]
pub struct Report {
    /// Its text, which all spans refer to.
    pub source: Source,
    /// The policies in it, in order.
    pub policies: Vec<Found>,
    /// What is wrong with them, by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// A policy that was found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it stands, as a JSON pointer; empty at the root.
    pub pointer: String,
    /// Its type and the reason to believe it.
    pub kind: TypeGuess,
    /// Its object's place.
    pub span: Span,
}

/// Judges a file. `shown` is the name it is shown by, from which its policies' type may be guessed.
pub fn lint(shown: &str, bytes: Vec<u8>, options: &Options<'_>) -> Report {
    match decode(bytes) {
        Ok(text) => {
            let source = Source::new(shown, text);
            let (policies, diagnostics) = judge(&source, options);
            Report { source, policies, diagnostics }
        }
        Err(error) => {
            let source = Source::new(shown, error.evidence());
            let diagnostics = judge_undecodable(&source, &error, options);
            Report { source, policies: Vec::new(), diagnostics }
        }
    }
}

/// The policies in a file, unjudged; all of type `kind`, if that is given.
pub fn find(shown: &str, bytes: Vec<u8>, kind: Option<PolicyType>) -> Vec<Found> {
    let Ok(text) = decode(bytes) else { return Vec::new() };
    with_policies(&Source::new(shown, text), kind, |policies| policies.iter().map(found).collect())
}

/// Calls `body` with the policies in a file; see [`find`].
pub fn with_policies<T>(source: &Source, kind: Option<PolicyType>, body: impl FnOnce(&[Policy<'_>]) -> T) -> T {
    if !evidence::may_hold_a_policy(source.text()) {
        return body(&[]);
    }
    let (tree, _) = syntax::parse_file(source.path(), source.text());
    body(&policies(&tree, source.path(), kind))
}

fn judge(source: &Source, options: &Options<'_>) -> (Vec<Found>, Vec<Diagnostic>) {
    if !options.strict && !evidence::may_hold_a_policy(source.text()) {
        return (Vec::new(), Vec::new());
    }
    let (tree, errors) = syntax::parse_file(source.path(), source.text());
    let policies = policies(&tree, source.path(), options.kind);
    let errors = spoken::worth_saying(errors, source, &tree, &policies, options.strict);
    let judged = if spoken::has_conflict(&errors) { &[] } else { &*policies };
    let mut diagnostics = Vec::new();
    if options.strict || !policies.is_empty() || evidence::was_meant_as_a_policy(source.text()) {
        let file = FileContext { source, encoding: None, tree: &tree, errors: &errors, policies: judged };
        judge_file(&file, options, &mut diagnostics);
    }
    let unwritten = Unwritten::of(&errors, &tree);
    for policy in judged {
        let mut found = Vec::new();
        judge_policy(source, policy, options, &mut found);
        diagnostics.extend(found.into_iter().filter(|found| !unwritten.covers(found.span)));
    }
    (policies.iter().map(found).collect(), in_order(diagnostics))
}

fn judge_undecodable(source: &Source, error: &EncodingError, options: &Options<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if options.strict || evidence::was_meant_as_a_policy(source.text()) {
        let tree = Tree::default();
        let file = FileContext { source, encoding: Some(error), tree: &tree, errors: &[], policies: &[] };
        judge_file(&file, options, &mut diagnostics);
    }
    in_order(diagnostics)
}

/// Findings of one file in the order in which they are shown, each once.
pub fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| (a.span, &a.rule, &a.message).cmp(&(b.span, &b.rule, &b.message)));
    diagnostics.dedup_by(|a, b| (a.span, &a.rule, &a.message) == (b.span, &b.rule, &b.message));
    diagnostics
}

/// The policies in a tree, of the type that `kind` says or else as inferred.
pub fn policies<'t>(tree: &'t Tree<'t>, path: &str, kind: Option<PolicyType>) -> Vec<Policy<'t>> {
    let mut candidates = policy::recognise(tree, path);
    if let Some(kind) = kind {
        for candidate in &mut candidates {
            candidate.kind = TypeGuess { kind, reason: Cow::Borrowed("as the user says") };
        }
    }
    candidates.into_iter().map(|candidate| policy::lower(candidate, tree)).collect()
}

fn found(policy: &Policy<'_>) -> Found {
    Found { pointer: policy.pointer.clone(), kind: policy.kind.clone(), span: policy.span() }
}

fn judge_file(file: &FileContext<'_>, options: &Options<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for rule in options.rules.iter() {
        if let Decision::File(check) = rule.decision {
            let mut sink = Sink::default();
            check(file, &mut sink);
            let findings = sink.into_findings().into_iter();
            diagnostics.extend(findings.map(|finding| diagnostic(rule, finding, None)));
        }
    }
}

fn judge_policy(source: &Source, policy: &Policy<'_>, options: &Options<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let context = Context {
        source,
        policy,
        catalog: options.catalog,
        must_require_mfa: options.must_require_mfa,
        analysis: Analysis::new(policy, options.catalog),
    };
    let view = OnceCell::new();
    let text = Folded::new(source.slice(policy.span()));
    let mut reference = None;
    for rule in options.rules.iter() {
        let looks = || rule.applies_to(policy.kind.kind) && rule.is_mentioned(&text);
        let findings = match rule.decision {
            Decision::File(_) => continue,
            Decision::Policy(check) => native(check, &context, looks),
            Decision::Page if looks() => decided(rule, &context, || view.get_or_init(|| View::new(policy))),
            Decision::Page => continue,
        };
        for finding in findings {
            let reference = reference
                .get_or_insert_with(|| Arc::new(PolicyRef { kind: policy.kind.kind, pointer: policy.pointer.clone() }));
            diagnostics.push(diagnostic(rule, finding, Some(Arc::clone(reference))));
        }
    }
}

/// A native check costs less than reading its page's header, so that the header is read when the check has something
/// to say; only then is it asked whether the rule looks at such a policy at all.
fn native(check: Check, context: &Context<'_>, looks: impl FnOnce() -> bool) -> Vec<Finding> {
    let mut sink = Sink::default();
    check(context, &mut sink);
    let findings = sink.into_findings();
    if findings.is_empty() || looks() { findings } else { Vec::new() }
}

/// What the page itself decides.
fn decided<'v>(rule: &Rule<'_>, context: &Context<'_>, view: impl FnOnce() -> &'v View<'v>) -> Vec<Finding> {
    let page = rule.page();
    match &page.decides {
        Decides::Select(select) => {
            let mut sink = Sink::default();
            for node in select.matches(view()) {
                sink.report(node.span, page.message_for(node, context.source));
            }
            sink.into_findings()
        }
        Decides::Forbid(forbid) => forbid::forbidden(page, forbid, context),
        Decides::Native => Vec::new(),
    }
}

/// A finding with all that its rule's page says of it.
fn diagnostic(rule: &Rule<'_>, finding: Finding, policy: Option<Arc<PolicyRef>>) -> Diagnostic {
    let page = rule.page();
    let label = |span, text: String| Label { span, text: readable(text) };
    let first = label(finding.span, finding.label);
    let related = finding.related.into_iter().map(|(span, text)| label(span, text));
    Diagnostic {
        rule: Cow::Owned(rule.id.to_owned()),
        group: Cow::Owned(rule.group.to_owned()),
        severity: finding.severity.unwrap_or(page.severity),
        message: readable(finding.message),
        help: finding.help.or_else(|| page.help.clone()),
        span: finding.span,
        labels: std::iter::once(first).chain(related).collect(),
        fix: finding.fix.map(|fix| Fix { title: readable(fix.title), ..fix }),
        policy,
    }
}
