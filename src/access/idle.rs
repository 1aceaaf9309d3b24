//! What of a policy does nothing: statements that others cover, and what is allowed in vain.
//!
//! The decider is asked only about what may be so by the look of it, which is little.

use super::cover::{Cover, is_plain};
use super::decide::{Answer, Decider, Formula, Question, Realism};
use super::reach::{is_everyone, is_of_usual_size, names_action, reaches_principals};
use super::together::{asking_together, may_ask_together};
use super::{Analysis, Semantics};
use crate::policy::{
    Condition, Effect, Element, Policy, PrincipalElement, PrincipalKind, Statement, Text, Truth, has_wildcard,
};

/// More proofs than this are not attempted for one policy, and no more failures are put up with.
const MOST_PROOFS: usize = 32;
const MOST_FAILURES: usize = 3;

/// A statement without which nothing would change.
#[derive(Debug)]
pub struct Covered {
    /// Its number.
    pub statement: usize,
    /// The statements, of the same effect, that cover it.
    pub by: Vec<usize>,
}

/// What an Allow grants in vain.
#[derive(Debug)]
pub struct Refused {
    /// The number of the Allow.
    pub statement: usize,
    /// The numbers of the items of its `Action`; none for `NotAction`.
    pub items: Vec<usize>,
    /// The Denies that refuse it.
    pub by: Vec<usize>,
}

/// The statements that could go, all of them together, without a request being decided otherwise, in this policy or
/// next to others. Of two that cover each other it is the later one. Statements that are not `judged` are neither
/// among them nor what covers them.
pub fn covered(analysis: &Analysis<'_>, judged: impl Fn(&Statement<'_>) -> bool) -> Vec<Covered> {
    let policy = analysis.policy();
    if policy.statements.len() < 2 || !policy.complete || !is_of_usual_size(policy) {
        return Vec::new();
    }
    let is_judged = |statement: &&Statement<'_>| statement.is_settled() && judged(statement);
    let mut left: Vec<&Statement<'_>> = policy.statements.iter().filter(is_judged).collect();
    let cover = Cover::new(policy, analysis.listed());
    let asking = may_ask_together(&cover, &left);
    let (mut found, mut failures): (Vec<Covered>, usize) = (Vec::new(), 0);
    for at in (0..left.len()).rev() {
        let statement = left[at];
        if found.len() == MOST_PROOFS || failures == MOST_FAILURES {
            break;
        }
        let items = 0..statement.action.as_ref().map_or(0, |element| element.items.len());
        let may = |other: &Statement<'_>| may_stand_in(other, statement);
        let together = || {
            let is_left = |other: &&Statement<'_>| left.iter().any(|one| one.index == other.index);
            let others = asking.iter().copied().filter(|other| is_left(other) && may(other));
            asking_together(&cover, statement, others, |_| false)
        };
        let Some(by) = cover.covering(statement, items, &left, may).or_else(together) else { continue };
        if !is_known(statement) {
            continue;
        }
        if is_covered(policy, statement, &by) {
            found.push(Covered { statement: statement.index, by: by.iter().map(|other| other.index).collect() });
            left.remove(at);
        } else {
            failures += 1;
        }
    }
    found
}

/// What Allows grant that Denies always refuse. Denies that are not `judged` are taken for absent.
pub fn refused(analysis: &Analysis<'_>, judged: impl Fn(&Statement<'_>) -> bool) -> Vec<Refused> {
    let policy = analysis.policy();
    let is_sure = |one: &&Statement<'_>| one.is_deny() && one.is_settled() && judged(one);
    let denies: Vec<&Statement<'_>> = policy.statements.iter().filter(is_sure).collect();
    if denies.is_empty() || !policy.complete || !is_of_usual_size(policy) {
        return Vec::new();
    }
    let allows = policy
        .statements
        .iter()
        .filter(|statement| statement.is_allow() && statement.is_settled() && is_known(statement));
    let cover = Cover::new(policy, analysis.listed());
    let asking = may_ask_together(&cover, &denies);
    let refused = |allow: &Statement<'_>| {
        refused_of(&cover, allow, &denies)
            .or_else(|| refused_together(&cover, allow, if names_some(allow) { &denies } else { &asking }))
            .or_else(|| refused_without_resource(analysis, allow, &denies))
    };
    allows.filter_map(refused).take(MOST_PROOFS).collect()
}

/// Whether it is proven that no request that `statement` of `policy` is about meets both of these conditions of it, which
/// are on different keys.
pub fn none_meets_both(policy: &Policy<'_>, statement: &Statement<'_>, both: [&Condition<'_>; 2]) -> bool {
    let taken = statement.conditions.iter().filter(|own| both.iter().any(|one| std::ptr::eq(*one, *own)));
    let narrowed = Statement { conditions: taken.cloned().collect(), ..statement.clone() };
    let small = with_statements(policy, &[&narrowed], |_| true);
    let questions = Semantics::readings().map(|semantics| question(actions_of(policy, statement), semantics));
    let mut decider = Decider::new(Formula::Matches(&small, 0), &questions[0]).hasty();
    is_known(statement)
        && questions.iter().all(|question| {
            decider.read_as(question);
            matches!(decider.answer(), Answer::Impossible(_))
        })
}

/// Whether it is known what the statement does.
fn is_known(statement: &Statement<'_>) -> bool {
    let is_plain = |element: &Element<'_>| {
        // A wildcard in place of a service matches nothing.
        let names_service = |item: &Text<'_>| match item.text.bytes().position(|byte| byte == b':') {
            Some(colon) => !has_wildcard(&item.text[..colon]),
            None => item.text == "*",
        };
        element.complete
            && !element.items.is_empty()
            && element.items.iter().all(|it| it.is_literal() && names_service(it))
    };
    statement.complete && statement.effect.is_some() && statement.action.as_ref().is_some_and(is_plain)
}

/// Whether `other` can do for principals of `statement` what that does. That an account is named does not do for one of
/// its roles: the former leaves it to the account whom to let in.
fn may_stand_in(other: &Statement<'_>, statement: &Statement<'_>) -> bool {
    if other.effect != statement.effect {
        return false;
    }
    let (other, own) = match (&other.principal, &statement.principal) {
        (None, None) => return true,
        (Some(other), Some(own)) if !other.negated && !own.negated && own.complete => (other, own),
        _ => return false,
    };
    if is_everyone(other) {
        return own.items.iter().all(|item| matches!(item.kind, PrincipalKind::Aws | PrincipalKind::Everyone));
    }
    let has = |element: &PrincipalElement<'_>, kind, text: &str| {
        element.items.iter().any(|item| item.kind == kind && item.text.text == text)
    };
    let is_account = |text: &str| text.ends_with(":root") || text.bytes().all(|byte| byte.is_ascii_digit());
    let mut named = own.items.iter().map(|item| has(other, item.kind, &item.text.text));
    if !own.items.is_empty() && named.clone().all(|is_named| is_named) {
        return true;
    }
    named.any(|is_named| is_named)
        && other.items.iter().all(|item| !is_account(&item.text.text) || has(own, item.kind, &item.text.text))
}

/// The proof, under every reading, that `others` grant all that `statement` grants, which is something. A Deny is taken
/// for an Allow, whose place nobody else disputes.
fn is_covered(policy: &Policy<'_>, statement: &Statement<'_>, others: &[&Statement<'_>]) -> bool {
    let denies = policy.statements.iter().filter(|one| statement.is_allow() && one.is_deny());
    let is_plain = is_plain(statement, others);
    // Conditions on different keys do not get into each other's way.
    if is_plain && !statement.has_key_twice() && denies.clone().next().is_none() {
        return true;
    }
    let taken: Vec<&Statement<'_>> = std::iter::once(statement).chain(others.iter().copied()).chain(denies).collect();
    let small = with_statements(policy, &taken, |at| at <= others.len());
    let by_it_alone = (!is_plain).then_some(Formula::OnlyBy(&small, 0));
    is_never_but_for(by_it_alone, Formula::Effective(&small, 0), actions_of(policy, statement))
}

fn refused_of<'s>(cover: &Cover<'s>, allow: &Statement<'_>, denies: &[&'s Statement<'s>]) -> Option<Refused> {
    let policy = cover.policy();
    let element = allow.action.as_ref()?;
    let places = if element.negated { 0..1 } else { 0..element.items.len() };
    let denies: Vec<&Statement<'_>> = denies.iter().copied().filter(|deny| !cover.asks_more(deny, allow)).collect();
    if denies.is_empty() {
        return None;
    }
    let mut suspects: Vec<(usize, Vec<&Statement<'_>>)> = Vec::new();
    for at in places {
        let is_free = element.items.get(at).is_some_and(|item| is_beyond_policies(&item.text));
        if let Some(near) = cover.covering(allow, at..at + 1, &denies, |_| true).filter(|_| !is_free) {
            suspects.push((at, near));
        }
    }
    // Mostly what seems so is so, and is proven all at once.
    let is_proven = |suspects: &[(usize, Vec<&Statement<'_>>)]| {
        let actions = suspects.iter().flat_map(|(at, _)| match element.negated {
            true => actions_of(policy, allow),
            false => actions_of_item(policy, &element.items[*at]),
        });
        let mut near: Vec<&Statement<'_>> = suspects.iter().flat_map(|(_, near)| near.iter().copied()).collect();
        near.sort_by_key(|deny| deny.index);
        near.dedup_by_key(|deny| deny.index);
        is_refused(policy, allow, &near, &actions.collect::<Vec<_>>())
    };
    if !suspects.is_empty() && !is_proven(&suspects) {
        suspects.truncate(if suspects.len() > 1 { MOST_PROOFS } else { 0 });
        suspects.retain(|one| is_proven(std::slice::from_ref(one)));
    }
    let mut by: Vec<usize> = suspects.iter().flat_map(|(_, near)| near.iter().map(|deny| deny.index)).collect();
    by.sort_unstable();
    by.dedup();
    let items = suspects.iter().map(|(at, _)| *at).filter(|_| !element.negated).collect();
    (!suspects.is_empty()).then_some(Refused { statement: allow.index, items, by })
}

/// Whether the statement is about principals that it names.
fn names_some(statement: &Statement<'_>) -> bool {
    statement.principal.as_ref().is_some_and(|own| !own.negated && !is_everyone(own))
}

/// Keys that tell who calls, of which a principal says something as well.
const OF_CALLER: &[&str] = &["aws:PrincipalAccount", "aws:PrincipalArn"];

/// What `allow` grants in vain as Denies with conditions refuse it together: one refuses what another lets pass, or they
/// let pass only whom the Allow does not name.
fn refused_together<'s>(cover: &Cover<'s>, allow: &Statement<'_>, denies: &[&'s Statement<'s>]) -> Option<Refused> {
    let policy = cover.policy();
    let element = allow.action.as_ref()?;
    let on_caller = |condition: &Condition<'_>| {
        names_some(allow) && OF_CALLER.iter().any(|key| key.eq_ignore_ascii_case(condition.key))
    };
    let near = asking_together(cover, allow, denies.iter().copied(), on_caller)?;
    let is_free = element.items.iter().any(|item| is_beyond_policies(&item.text));
    (!is_free && is_refused(policy, allow, &near, &actions_of(policy, allow))).then(|| Refused {
        statement: allow.index,
        items: if element.negated { Vec::new() } else { (0..element.items.len()).collect() },
        by: near.iter().map(|deny| deny.index).collect(),
    })
}

/// What `allow` grants in vain as it works on no resource in particular: a Deny of all but some resources refuses that.
fn refused_without_resource(
    analysis: &Analysis<'_>,
    allow: &Statement<'_>,
    denies: &[&Statement<'_>],
) -> Option<Refused> {
    let element = allow.action.as_ref().filter(|element| !element.negated)?;
    let has_star = |own: &Element<'_>| own.items.iter().any(|item| item.has_hole() || item.text.starts_with('*'));
    let spares = |deny: &&Statement<'_>| {
        let element = deny.resource.as_ref().filter(|own| own.negated && own.complete);
        deny.conditions.is_empty() && element.is_some_and(|own| !has_star(own))
    };
    let sparing: Vec<&Statement<'_>> = denies.iter().copied().filter(spares).collect();
    if sparing.is_empty() {
        return None;
    }
    let works_on_none = |item: &Text<'_>| {
        let action = analysis.catalog.action_named(&item.text);
        action.is_some_and(|action| action.resources().next().is_none()) && !is_beyond_policies(&item.text)
    };
    let refuses = |deny: &Statement<'_>, item: &Text<'_>| {
        let names = deny.action.as_ref().map(|own| names_action(own, &item.text));
        names == Some(Truth::Yes) && reaches_principals(deny, allow) == Truth::Yes
    };
    let refused_by = |item: &Text<'_>| sparing.iter().find(|deny| refuses(deny, item) && works_on_none(item));
    let found = element.items.iter().enumerate().filter_map(|(at, item)| Some((at, refused_by(item)?.index)));
    let (items, mut by): (Vec<usize>, Vec<usize>) = found.unzip();
    by.sort_unstable();
    by.dedup();
    (!items.is_empty()).then_some(Refused { statement: allow.index, items, by })
}

/// Actions that AWS lets everyone call, whatever policies say of them.
fn is_beyond_policies(action: &str) -> bool {
    ["sts:GetCallerIdentity", "sts:GetSessionToken"].iter().any(|known| known.eq_ignore_ascii_case(action))
}

/// The proof, under every reading, that `denies` refuse all requests for `actions` that `allow` matches, of which there
/// are some.
fn is_refused(policy: &Policy<'_>, allow: &Statement<'_>, denies: &[&Statement<'_>], actions: &[String]) -> bool {
    let is_plain = is_plain(allow, denies);
    if is_plain && !allow.has_key_twice() {
        return true;
    }
    let taken: Vec<&Statement<'_>> = std::iter::once(allow).chain(denies.iter().copied()).collect();
    let small = with_statements(policy, &taken, |at| at == 0);
    let never = (!is_plain).then_some(Formula::Effective(&small, 0));
    is_never_but_for(never, Formula::Matches(&small, 0), actions.to_vec())
}

/// Whether, under every reading, no request is as `never` says, though some are as `but` says.
fn is_never_but_for(never: Option<Formula<'_>>, but: Formula<'_>, actions: Vec<String>) -> bool {
    let questions = Semantics::readings().map(|semantics| question(actions.clone(), semantics));
    let mut decider = Decider::new(but, &questions[0]).hasty();
    if !matches!(decider.answer(), Answer::Possible(_)) {
        return false;
    }
    let Some(never) = never else { return true };
    decider.turn_to(never);
    questions.iter().all(|question| {
        decider.read_as(question);
        matches!(decider.answer(), Answer::Impossible(_))
    })
}

fn question(actions: Vec<String>, semantics: Semantics) -> Question<'static> {
    // The catalogue can be behind the times, and nothing is needless for that.
    Question { actions, semantics, realism: Realism::Anything, ..Question::default() }
}

/// The policy with these statements only, each an Allow or a Deny as `allow` says of its place.
fn with_statements<'a>(policy: &Policy<'a>, taken: &[&Statement<'a>], allow: impl Fn(usize) -> bool) -> Policy<'a> {
    policy.with_statements(taken.iter().enumerate().map(|(at, statement)| {
        let effect = if allow(at) { Effect::Allow } else { Effect::Deny };
        Statement { effect: Some(effect), ..(*statement).clone() }
    }))
}

/// All that a statement's `Action` stands for, and what AWS may yet add to it.
fn actions_of(policy: &Policy<'_>, statement: &Statement<'_>) -> Vec<String> {
    match statement.action.as_ref() {
        Some(element) if !element.negated => {
            element.items.iter().flat_map(|item| actions_of_item(policy, item)).collect()
        }
        _ => everything(policy),
    }
}

fn actions_of_item(policy: &Policy<'_>, item: &Text<'_>) -> Vec<String> {
    if item.text == "*" {
        return everything(policy);
    }
    let mut actions = vec![item.text.to_string()];
    if has_wildcard(&item.text) {
        // An action of that pattern that is in no catalogue, so that listing all there are today does not cover it.
        actions.push(item.text.replace('*', "Unlisted").replace('?', "u"));
    }
    actions
}

fn everything(policy: &Policy<'_>) -> Vec<String> {
    let elements = policy.statements.iter().filter_map(|statement| statement.action.as_ref());
    let items = elements.flat_map(|element| &element.items).filter_map(|item| item.text.split_once(':'));
    let services = items.map(|(service, _)| service).filter(|service| !service.contains(['*', '?', '$']));
    let mut actions: Vec<String> =
        services.map(|service| format!("{}:Unlisted", service.to_ascii_lowercase())).collect();
    actions.sort();
    actions.dedup();
    actions.push("*".to_owned());
    actions
}
