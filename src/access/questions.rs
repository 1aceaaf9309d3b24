//! The questions that people have, in terms of the decider.

use super::decide::{Answer, Callers, Credential, Decider, Formula, Proof, Question, Realism, Unknown, is_unchanged};
use super::{Policies, Semantics};
use crate::policy::{Effect, Policy, Truth};

/// Whether the policies allow a request that is asked about: [`Answer::Possible`] shows one.
pub fn can(policies: &Policies<'_>, question: &Question<'_>) -> Answer {
    Decider::new(Formula::Allowed(policies.clone()), question).answer()
}

/// Whether there are requests such as are asked about, whatever the policies say of them. Where that cannot be found out,
/// there may be.
pub fn may_be_made(policies: &Policies<'_>, question: &Question<'_>) -> bool {
    !matches!(Decider::new(Formula::Made(policies.clone()), question).answer(), Answer::Impossible(_))
}

/// Actions that are all alike, and whether they are possible.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The actions by name.
    pub actions: Vec<String>,
    /// The answer for each of them; a witness has the first.
    pub answer: Answer,
}

/// What the policies allow of what is asked about: every action, in classes of those that are alike.
pub fn what(policies: &Policies<'_>, question: &Question<'_>) -> Vec<Reach> {
    let decider = Decider::new(Formula::Allowed(policies.clone()), question);
    decider.classes().map(|(actions, answer)| Reach { actions, answer }).collect()
}

/// What a change of a policy changes.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Whether something is allowed that was not.
    pub added: Answer,
    /// Whether something is no longer allowed that was.
    pub lost: Answer,
}

/// Compares the requests that two policies allow. In witnesses and proofs, the policy by which something is possible
/// is number 0: the new one for what is added, the old one for what is lost.
pub fn compare(old: &Policy<'_>, new: &Policy<'_>, question: &Question<'_>) -> Comparison {
    Comparison { added: added(old, new, question), lost: added(new, old, question) }
}

/// Whether `new` allows a request that `old` does not. This is AWS's CheckNoNewAccess, with a witness. Holes with the same
/// text are filled in alike.
pub fn added(old: &Policy<'_>, new: &Policy<'_>, question: &Question<'_>) -> Answer {
    if is_unchanged(old, new) {
        return Answer::Impossible(Proof::default());
    }
    Decider::new(Formula::Added(new, old), question).answer()
}

/// Asks `question` and, where it finds nothing on the resources that actions are known to work on, asks about all
/// others, too. AWS's own checks do, and one that is relied on must not miss anything for what the catalogue lacks.
pub fn on_any_resource<'c>(question: &Question<'c>, ask: impl Fn(&Question<'c>) -> Answer) -> Answer {
    match ask(&Question { realism: Realism::Catalogue, ..question.clone() }) {
        possible @ Answer::Possible(_) => possible,
        Answer::Impossible(_) | Answer::Unknown(_) => ask(&Question { realism: Realism::Anything, ..question.clone() }),
    }
}

/// Whether the policy allows a request from outside the `own` accounts, signed or not. With no account of one's own,
/// from anyone at all who is not an AWS service.
pub fn from_outside(policy: &Policy<'_>, own: &[String], semantics: Semantics) -> Answer {
    let question = Question { callers: Callers::Outside(own.to_vec()), semantics, ..Question::default() };
    can(&Policies::Document(policy), &question)
}

/// Whether the Deny number `index` of `policy` by itself stops every request that is asked about.
pub fn stops(policy: &Policy<'_>, index: usize, question: &Question<'_>) -> bool {
    let is_deny = policy.statements.get(index).is_some_and(|statement| statement.effect == Some(Effect::Deny));
    is_deny && matches!(Decider::new(Formula::Spared(policy, index), question).answer(), Answer::Impossible(_))
}

/// Whether statement number `index` of `policy` matches a request that is asked about.
pub fn matches(policy: &Policy<'_>, index: usize, question: &Question<'_>) -> Truth {
    Decider::new(Formula::Matches(policy, index), question).answer().truth()
}

/// What a statement is good for.
#[derive(Debug, Clone)]
pub enum Use {
    /// Some request is decided by it.
    Needed,
    /// No request matches it: its conditions contradict each other, or it names nothing that exists.
    NeverMatches(Proof),
    /// It allows, but the same policy denies all of that.
    AlwaysDenied(Proof),
    /// It allows, but other statements of the policy allow all of that.
    Redundant(Proof),
    /// That could not be found out.
    Unknown(Unknown),
}

/// What the Allow number `index` of `policy` is good for. A Deny is good for something if a request matches it: it
/// guards against other policies, too.
pub fn usefulness(policy: &Policy<'_>, index: usize, semantics: Semantics) -> Use {
    // The catalogue can be behind the times, and a statement is not useless for that.
    let question = Question { semantics, realism: Realism::Anything, ..Question::default() };
    let ask = |formula| Decider::new(formula, &question).answer();
    let is_allow = policy.statements.get(index).is_some_and(|statement| statement.effect == Some(Effect::Allow));
    let only_by = if is_allow { ask(Formula::OnlyBy(policy, index)) } else { ask(Formula::Matches(policy, index)) };
    let redundant = match only_by {
        Answer::Possible(_) => return Use::Needed,
        Answer::Unknown(reason) => return Use::Unknown(reason),
        Answer::Impossible(proof) => proof,
    };
    if !is_allow {
        return Use::NeverMatches(redundant);
    }
    match ask(Formula::Matches(policy, index)) {
        Answer::Impossible(proof) => return Use::NeverMatches(proof),
        Answer::Unknown(reason) => return Use::Unknown(reason),
        Answer::Possible(_) => {}
    }
    match ask(Formula::Effective(policy, index)) {
        Answer::Impossible(proof) => Use::AlwaysDenied(proof),
        Answer::Unknown(reason) => Use::Unknown(reason),
        Answer::Possible(_) => Use::Redundant(redundant),
    }
}

/// The question whether `actions` can be called without MFA.
pub fn without_mfa(actions: &[&str]) -> Question<'static> {
    Question {
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        credentials: Credential::WITHOUT_MFA.to_vec(),
        ..Question::default()
    }
}
