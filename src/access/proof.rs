//! What a statement grants of what is asked about, shown by a request, and why no Deny stops that request.

use super::decide::{Answer, Decider, Formula, Part, Question, Witness, says_same};
use super::evaluate::statement;
use crate::policy::{Condition, Effect, Policy, Statement, Text, Truth};
use crate::text::Span;

/// An Allow that grants something of what is asked about.
#[derive(Debug)]
pub struct Granted<'a> {
    /// The Allow.
    pub statement: &'a Statement<'a>,
    /// A request that it allows and that no Deny of the policy stops.
    pub witness: Box<Witness>,
    /// The Denies that name the action and still let that request pass.
    pub passed: Vec<Passed<'a>>,
}

/// A Deny that names the action of a request but does not stop it.
#[derive(Debug)]
pub struct Passed<'a> {
    /// The Deny.
    pub statement: &'a Statement<'a>,
    /// The first part of it that the request does not meet.
    pub part: Part,
    /// Where that part stands.
    pub span: Span,
}

/// Which of the Allows numbered `allows` grant something of what `question` asks about. Where that cannot be found out,
/// an Allow is left out.
pub fn granted<'a>(policy: &'a Policy<'a>, allows: &[usize], question: &Question<'_>) -> Vec<Granted<'a>> {
    let Some(first) = allows.first() else { return Vec::new() };
    let mut decider = Decider::new(Formula::Effective(policy, *first), question);
    let mut found = Vec::new();
    for index in allows {
        decider.turn_to(Formula::Effective(policy, *index));
        if let (Answer::Possible(witness), Some(statement)) = (decider.answer(), policy.statements.get(*index)) {
            let passed = passed(policy, &witness, question);
            found.push(Granted { statement, witness, passed });
        }
    }
    found
}

/// Which of `items`, all of its `Action`, grant something by which the Allow number `allow` grants what `question` asks
/// about.
pub fn granting<'e>(
    policy: &Policy<'_>,
    allow: usize,
    question: &Question<'_>,
    items: Vec<&'e Text<'e>>,
) -> Vec<&'e Text<'e>> {
    Decider::new(Formula::Effective(policy, allow), question).possible_by(items)
}

/// Asks of the Denies of a policy, one after another, what escapes all of them.
#[derive(Debug)]
pub struct Escapes<'a> {
    /// Its Denies alone. While one is asked about, what it is meant for stands before them.
    policy: Policy<'a>,
    /// What has been asked already.
    known: Vec<(Statement<'a>, Answer)>,
    /// What is left of [`Self::STEPS`].
    steps_left: usize,
}

impl<'a> Escapes<'a> {
    /// How many steps all answers for a policy may take together, which is half a second: enough for every Deny of a
    /// policy of the 20 KB that a bucket's may have and that lists ARNs.
    const STEPS: usize = 1 << 26;

    /// Nothing is asked yet.
    pub fn new(policy: &Policy<'a>) -> Self {
        let denies = policy.statements.iter().filter(|statement| statement.effect != Some(Effect::Allow)).cloned();
        let policy = policy.with_statements(denies);
        Self { policy, known: Vec::new(), steps_left: Self::STEPS }
    }

    /// Whether requests escape every Deny which `deny` would stop if it had only those of its conditions that `kept`
    /// keeps, and, unless `held_to_resources`, were about every resource. `question` may depend on the actions of the
    /// Deny, and on nothing else of it. `None` where to find that out takes too long after all that was asked before.
    pub fn of(
        &mut self,
        deny: &Statement<'a>,
        kept: impl Fn(&Condition<'_>) -> bool,
        held_to_resources: bool,
        question: &Question<'_>,
    ) -> Option<Answer> {
        // As an Allow, what the Deny is meant for is all that there is to grant.
        let mut meant = deny.clone();
        meant.effect = Some(Effect::Allow);
        meant.conditions.retain(|condition| kept(condition));
        if !held_to_resources {
            meant.resource = None;
        }
        // Denies that differ in nothing but their resources are meant for the same.
        if let Some((_, answer)) = self.known.iter().find(|(known, _)| says_same(known, &meant)) {
            return Some(answer.clone());
        }
        self.steps_left = self.steps_left.checked_sub(self.steps())?;
        self.policy.statements.insert(0, meant);
        let answer = Decider::new(Formula::Effective(&self.policy, 0), question).answer();
        let meant = self.policy.statements.remove(0);
        self.known.push((meant, answer.clone()));
        Some(answer)
    }

    /// How long one answer takes, about: each test is looked at together with all others.
    fn steps(&self) -> usize {
        let tests = |statement: &Statement<'_>| {
            let resources = statement.resource.as_ref().map_or(0, |element| element.items.len());
            let values: usize = statement.conditions.iter().map(|condition| condition.values.len()).sum();
            (resources + values).max(1)
        };
        let tests: usize = self.policy.statements.iter().map(tests).sum();
        tests.saturating_mul(tests)
    }
}

/// The Denies that name the action of `witness` and let it pass, in order.
fn passed<'a>(policy: &'a Policy<'a>, witness: &Witness, question: &Question<'_>) -> Vec<Passed<'a>> {
    let denies = policy.statements.iter().filter(|statement| statement.effect == Some(Effect::Deny));
    let let_pass = |deny: &'a Statement<'a>| {
        let verdict = statement(deny, &witness.request, policy.version, &question.semantics);
        if verdict.action != Truth::Yes {
            return None;
        }
        let principal = deny.principal.as_ref().filter(|_| verdict.principal == Truth::No).map(|one| one.span);
        let resource = deny.resource.as_ref().filter(|_| verdict.resource == Truth::No).map(|one| one.span);
        let unmet = verdict.conditions.iter().position(|truth| *truth == Truth::No);
        let condition = unmet.map(|at| (Part::Condition(at), deny.conditions[at].comparison_span()));
        let part = principal.map(|span| (Part::Whole, span)).or(resource.map(|span| (Part::Resource, span)));
        let (part, span) = part.or(condition)?;
        Some(Passed { statement: deny, part, span })
    };
    denies.filter_map(let_pass).collect()
}

impl Passed<'_> {
    /// Why the request passes, as the text of a label at [`Passed::span`].
    pub fn reason(&self) -> &'static str {
        match self.part {
            Part::Condition(_) => "this Deny does not stop it: the condition does not hold for it",
            Part::Resource => "this Deny does not stop it: it is about other resources",
            Part::Whole | Part::Question => "this Deny does not stop it: it is about other principals",
        }
    }
}
