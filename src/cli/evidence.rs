//! What an answer rests on: the statements that grant, deny, or do not reach, with their parts that matter.

use super::policies::{Taken, limits};
use crate::access::decide::{Answer, Part, Proof, Question, Realism, Witness};
use crate::access::reach::names_action;
use crate::access::{ArnSpan, Policies, Semantics, StatementId, assumes_role, can, evaluate, stops};
use crate::catalog::glob_matches;
use crate::diagnostic::Label;
use crate::policy::{Effect, Element, Policy, PolicyType, Statement, Truth};
use crate::render::{Exhibit, Explained};
use crate::text::Span;
use std::collections::BTreeMap;

/// A reader who has seen so many statements that deny is convinced.
const MOST: usize = 6;

/// How much a Deny does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// It stops every request that is asked about.
    Alone,
    /// It takes part in stopping them.
    WithOthers,
}

/// Finds the file of a policy that took part.
pub(super) struct Evidence<'a> {
    taken: &'a [Taken<'a>],
}

impl<'a> Evidence<'a> {
    pub(super) fn new(taken: &'a [Taken<'a>]) -> Self {
        Self { taken }
    }

    fn exhibit(
        &self,
        policy: &Policy<'_>,
        statement: usize,
        message: String,
        labels: Vec<Label>,
    ) -> Option<Exhibit<'a>> {
        let taken = self.taken.iter().find(|taken| std::ptr::eq(&taken.policy, policy))?;
        Some(Exhibit { source: taken.source, policy: &taken.policy, statement, message, labels })
    }

    /// The statement by which a request is possible.
    pub(super) fn grant(&self, policy: &Policy<'_>, at: usize, action: &str) -> Option<Exhibit<'a>> {
        let statement = policy.statements.get(at)?;
        let labels = vec![Label { span: action_span(statement, action), text: "allowed here".to_owned() }];
        self.exhibit(policy, at, format!("{} allows it", name(statement)), labels)
    }

    /// The statements by which `witness` is allowed: one of the caller's policies, one of the resource's, as far as
    /// they count for such a caller.
    fn grants(&self, policies: &Policies<'a>, witness: &Witness, semantics: &Semantics) -> Vec<Exhibit<'a>> {
        let decision = evaluate::decide(&witness.request, policies, semantics);
        let numbered: Vec<&Policy<'_>> = policies.iter().collect();
        let has_identity = witness.request.caller.account().is_some();
        let first = |counts: &dyn Fn(&Policy<'_>) -> bool| {
            decision.verdicts.iter().find_map(|(id, verdict)| {
                let policy = numbered.get(id.policy).filter(|policy| counts(policy))?;
                // Of a request on a resource with a hole it is not seen again which statement matches.
                let matches = verdict.matches == Truth::Yes || witness.statement == Some(*id);
                let allows = policy.statements.get(id.statement)?.is_allow() && matches;
                allows.then(|| self.grant(policy, id.statement, &witness.request.action)).flatten()
            })
        };
        if numbered.len() == 1 {
            return first(&|_| true).into_iter().collect();
        }
        let is_identity = |policy: &Policy<'_>| policy.kind.kind == PolicyType::Identity;
        let of_caller = if has_identity { first(&is_identity) } else { None };
        let of_resource = first(&|policy: &Policy<'_>| policy.kind.kind.grants() && !is_identity(policy));
        of_caller.into_iter().chain(of_resource).collect()
    }

    /// The statement that denies `witness` under `policy`, if one does.
    pub(super) fn deny(&self, policy: &Policy<'_>, witness: &Witness, semantics: &Semantics) -> Option<Exhibit<'a>> {
        let decision = evaluate::decide(&witness.request, &Policies::Document(policy), semantics);
        if decision.reason != evaluate::Reason::ExplicitDeny {
            return None;
        }
        let at = decision.statement?.statement;
        let statement = policy.statements.get(at)?;
        let labels =
            vec![Label { span: action_span(statement, &witness.request.action), text: "denied here".to_owned() }];
        self.exhibit(policy, at, format!("{} denies it", name(statement)), labels)
    }

    /// Everything that is worth showing of the answer to `question`.
    pub(super) fn explain(&self, policies: &Policies<'a>, question: &Question<'_>, answer: &Answer) -> Explained<'a> {
        let numbered: Vec<&Policy<'_>> = policies.iter().collect();
        let (mut exhibits, mut reasons) = (Vec::new(), Vec::new());
        match answer {
            Answer::Possible(witness) => {
                exhibits = self.grants(policies, witness, &question.semantics);
                if exhibits.is_empty() {
                    reasons.push("no statement is needed for it: AWS allows it whatever the policies say".to_owned());
                }
            }
            Answer::Impossible(proof) => {
                exhibits = self.refutation(&numbered, question, proof);
                // A Deny says it all.
                let is_denied = exhibits.iter().any(|own| own.policy.statements[own.statement].is_deny());
                let one_sided = if is_denied { None } else { self.one_sided(policies, question) };
                if one_sided.is_some() {
                    (exhibits, reasons) = (Vec::new(), one_sided.into_iter().collect());
                } else if exhibits.is_empty() {
                    reasons = self.missing(policies, question, proof);
                }
            }
            Answer::Unknown(_) => {}
        }
        Explained { answer: answer.clone(), reasons, exhibits, arn_span: None }
    }

    /// The statements that make it impossible, those that deny first.
    fn refutation(&self, policies: &[&Policy<'_>], question: &Question<'_>, proof: &Proof) -> Vec<Exhibit<'a>> {
        let mut parts: BTreeMap<StatementId, Vec<Part>> = BTreeMap::new();
        for (id, part) in &proof.core {
            parts.entry(*id).or_default().push(*part);
        }
        // Where nothing would be granted anyway, it does not matter who denies it.
        if parts.is_empty() {
            return Vec::new();
        }
        let (mut alone, mut denies, mut shortfalls) = (Vec::new(), Vec::new(), Vec::new());
        for (number, policy) in policies.iter().enumerate() {
            for (at, statement) in policy.statements.iter().enumerate() {
                let own = parts.get(&StatementId { policy: number, statement: at });
                if statement.is_deny() && stops(policy, at, question) {
                    alone.extend(self.denial(policy, at, question, Reach::Alone));
                } else if statement.is_deny() && own.is_some() {
                    denies.extend(self.denial(policy, at, question, Reach::WithOthers));
                } else if let Some(own) = own.filter(|_| statement.is_allow()) {
                    shortfalls.extend(self.shortfall(policy, at, own));
                }
            }
        }
        // One Deny that suffices is the shortest proof.
        let mut shown = if alone.is_empty() { denies.into_iter().chain(shortfalls).collect() } else { alone };
        shown.truncate(MOST);
        shown
    }

    fn denial(&self, policy: &Policy<'_>, at: usize, question: &Question<'_>, reach: Reach) -> Option<Exhibit<'a>> {
        let statement = policy.statements.get(at)?;
        let action = question.actions.first().map_or("*", String::as_str);
        let mut labels = vec![Label { span: action_span(statement, action), text: "denied here".to_owned() }];
        let holds = "holds for every such request";
        labels.extend(
            statement
                .conditions
                .iter()
                .filter(|_| reach == Reach::Alone)
                .map(|condition| Label { span: condition.comparison_span(), text: holds.to_owned() }),
        );
        let whole = match reach {
            Reach::Alone => "denies every such request",
            Reach::WithOthers => "denies those requests that are allowed otherwise",
        };
        self.exhibit(policy, at, format!("{} {whole}", name(statement)), labels)
    }

    /// An Allow that is about the action, but whose conditions or resources leave out what is asked about.
    fn shortfall(&self, policy: &Policy<'_>, at: usize, parts: &[Part]) -> Option<Exhibit<'a>> {
        let statement = policy.statements.get(at)?;
        let spans: Vec<(Span, &str)> = parts
            .iter()
            .filter_map(|part| {
                Some(match part {
                    Part::Condition(index) => {
                        (statement.conditions.get(*index)?.comparison_span(), "does not hold for such a request")
                    }
                    Part::Resource => (statement.resource.as_ref()?.span, "does not match such a request"),
                    Part::Whole | Part::Question => return None,
                })
            })
            .collect();
        let text =
            |own: &str| if spans.len() == 1 { own.to_owned() } else { "this or that keeps such requests out".into() };
        let labels: Vec<Label> = spans.iter().map(|(span, own)| Label { span: *span, text: text(own) }).collect();
        if labels.is_empty() {
            return None;
        }
        self.exhibit(policy, at, format!("{} does not allow it", name(statement)), labels)
    }

    /// Which of two sides that both have to allow it does not, where the other does: the caller's or the resource's.
    fn one_sided(&self, policies: &Policies<'a>, question: &Question<'_>) -> Option<String> {
        let Policies::Account(layers) = policies else { return None };
        let by = |side: &[&'a Policy<'a>]| {
            let allows = |policy: &&&Policy<'_>| can(&Policies::Document(policy), question).truth() == Truth::Yes;
            side.iter().find(allows).and_then(|policy| self.taken.iter().find(|one| std::ptr::eq(&one.policy, *policy)))
        };
        if layers.resource.is_empty() || limits(policies).iter().any(|group| by(group).is_none()) {
            return None;
        }
        match (by(&layers.identity), by(&layers.resource)) {
            (Some(identity), None) => {
                let own = identity.name();
                Some(format!("`{own}` allows it, and the policy of the resource has to as well, and does not"))
            }
            (None, Some(resource)) => {
                let own = resource.name();
                Some(format!("`{own}` allows it, and an identity policy of the caller's has to as well, and none does"))
            }
            _ => None,
        }
    }

    /// What is not there that would have to be.
    fn missing(&self, policies: &Policies<'a>, question: &Question<'_>, proof: &Proof) -> Vec<String> {
        let impossible = |policy: &Policy<'_>, question: &Question<'_>| {
            matches!(can(&Policies::Document(policy), question), Answer::Impossible(_))
        };
        let mut reasons = Vec::new();
        for group in limits(policies) {
            if group.iter().all(|policy| impossible(policy, question)) {
                let names: Vec<String> = self
                    .taken
                    .iter()
                    .filter(|taken| group.iter().any(|own| std::ptr::eq(*own, &taken.policy)))
                    .map(|taken| format!("`{}`", taken.name()))
                    .collect();
                let kind = group[0].kind.kind.name();
                reasons.push(format!("the {kind} {} has to allow it, and does not", names.join(", ")));
            }
        }
        let is_granted = proof.core.iter().any(|(_, part)| *part != Part::Question);
        if reasons.is_empty() && !is_granted {
            let anything = Question { realism: Realism::Anything, ..question.clone() };
            let elsewhere = !question.resources.is_empty() && matches!(can(policies, &anything), Answer::Possible(_));
            reasons.push(match elsewhere {
                true => "by the catalogue, the action does not work on such a resource".to_owned(),
                false if lists_assuming(policies, question) => "no statement allows it to anyone who can call it: \
                    those whom an identity provider vouches for call `sts:AssumeRoleWithSAML` or \
                    `sts:AssumeRoleWithWebIdentity`, users, roles and services call `sts:AssumeRole`"
                    .to_owned(),
                false => "no statement allows it".to_owned(),
            });
        }
        reasons
    }
}

/// Says so where the answer depends on how far a wildcard of a resource reaches, which AWS's own texts disagree on.
pub(super) fn arn_span(answer: &Answer, semantics: Semantics, ask: impl Fn(Semantics) -> Answer) -> Option<String> {
    let (other, flag) = match semantics.arn_span {
        ArnSpan::Strict => (ArnSpan::Expand, "expand"),
        ArnSpan::Expand | ArnSpan::String => (ArnSpan::Strict, "strict"),
    };
    let is = |answer: &Answer| std::mem::discriminant(answer);
    let otherwise = ask(Semantics { arn_span: other, ..semantics });
    if is(&otherwise) == is(answer) {
        return None;
    }
    let what = match &otherwise {
        Answer::Possible(witness) => format!("possible: {witness}"),
        Answer::Impossible(_) => "impossible".to_owned(),
        Answer::Unknown(_) => "undecided".to_owned(),
    };
    Some(format!("this depends on how far a `*` reaches in an ARN: with `--arn-span {flag}` it is {what}"))
}

/// "statement `Sid`", or its number.
fn name(statement: &Statement<'_>) -> String {
    match &statement.sid {
        Some(sid) if !sid.text.is_empty() => format!("statement `{}`", sid.text),
        _ => format!("statement {}", statement.index + 1),
    }
}

/// The item by which a statement is about `action`; of a list of exceptions, its key.
pub(super) fn action_span(statement: &Statement<'_>, action: &str) -> Span {
    let of = |element: &Element<'_>| {
        let covers = |item: &&crate::policy::Text<'_>| {
            let (item, action) = (item.text.as_bytes(), action.as_bytes());
            glob_matches(item, action) || glob_matches(action, item)
        };
        match element.items.iter().find(covers).filter(|_| !element.negated) {
            Some(item) => item.span,
            None => element.key_span,
        }
    };
    statement.action.as_ref().map(of).or(statement.effect_span).unwrap_or(statement.span())
}

/// Whether an Allow lists one of the actions asked about, all of which assume a role.
fn lists_assuming(policies: &Policies<'_>, question: &Question<'_>) -> bool {
    let lists =
        |element: &Element<'_>| question.actions.iter().any(|action| names_action(element, action) == Truth::Yes);
    let statements = policies.iter().flat_map(|policy| &policy.statements);
    let mut allows = statements.filter(|statement| statement.effect == Some(Effect::Allow));
    question.actions.iter().all(|action| assumes_role(action))
        && allows.any(|statement| statement.action.as_ref().is_some_and(lists))
}
