//! What a statement reaches: how the actions, resources and principals of two statements relate.

use crate::catalog::{self, ArnPattern};
use crate::policy::{
    Element, Pattern, Policy, Principal, PrincipalElement, PrincipalKind, Statement, Text, Truth, Version,
};
use std::cell::LazyCell;

/// Whether patterns are actions, which fold case, or resources, in which variables work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of `Action`.
    Action,
    /// Of `Resource`, in a policy of that version.
    Resource(Version),
}

impl Kind {
    fn pattern(self, text: &Text<'_>) -> Pattern {
        match self {
            Self::Action => Pattern::action(text),
            Self::Resource(version) => Pattern::new(text, version == Version::V2012),
        }
    }
}

/// Whether comparing every one of `some` with every one of `others` is work of moments. It is for every policy that
/// IAM accepts; of one that is a thousand times as long, nothing is said that such a comparison would have to prove.
pub fn is_affordable<'s, 'a: 's>(
    some: impl Iterator<Item = &'s Statement<'a>>,
    others: impl Iterator<Item = &'s Statement<'a>>,
) -> bool {
    // Comparing two patterns takes at most as many steps as the product of their lengths.
    const STEPS: usize = 1 << 31;
    let length = |statement: &Statement<'_>| statement.span().len();
    some.map(length).sum::<usize>().saturating_mul(others.map(length).sum()) <= STEPS
}

/// Whether the policy is one that AWS takes, or nearly: its logic is not looked into where a look takes for ever.
pub fn is_of_usual_size(policy: &Policy<'_>) -> bool {
    const STATEMENTS: usize = 256;
    const ITEMS: usize = 4096;
    let listed = |element: &Option<Element<'_>>| element.as_ref().map_or(0, |element| element.items.len());
    let items = |statement: &Statement<'_>| {
        let principals = statement.principal.as_ref().map_or(0, |element| element.items.len());
        let values: usize = statement.conditions.iter().map(|condition| condition.values.len().max(1)).sum();
        listed(&statement.action) + listed(&statement.resource) + principals + values
    };
    policy.statements.len() <= STATEMENTS && policy.statements.iter().map(items).sum::<usize>() <= ITEMS
}

/// Whether `element` names the action `action`.
pub fn names_action(element: &Element<'_>, action: &str) -> Truth {
    let listed = element.items.iter().map(|item| Pattern::action_matches(item, action)).fold(Truth::No, Truth::or);
    let listed = if element.complete { listed } else { listed.or(Truth::Maybe) };
    if element.negated { !listed } else { listed }
}

/// Whether all that `item` matches is reached by `element`.
pub fn reaches_item(element: &Element<'_>, item: &Text<'_>, kind: Kind) -> Truth {
    // Most lists are of things that have nothing to do with each other, as their first letters show.
    let near = |own: &&Text<'_>| {
        let (text, other) = (&*own.text, &*item.text);
        !own.is_literal()
            || !item.is_literal()
            || Pattern::may_cover(text, other)
            || element.negated && Pattern::may_cover(other, text)
    };
    let pattern = LazyCell::new(|| kind.pattern(item));
    let any = |relation: &dyn Fn(&Pattern) -> Truth| {
        let near = element.items.iter().filter(near);
        near.map(|own| relation(&kind.pattern(own))).fold(Truth::No, Truth::or)
    };
    let answer = if element.negated { !any(&|own| own.intersects(&pattern)) } else { any(&|own| own.covers(&pattern)) };
    if element.complete { answer } else { answer.min(Truth::Maybe).max(hidden(element)) }
}

/// What an incomplete list may still hold could reach anything, and could spare anything.
fn hidden(element: &Element<'_>) -> Truth {
    if element.negated { Truth::No } else { Truth::Maybe }
}

/// Whether all that `inner` reaches is reached by `outer` too.
pub fn reaches_element(outer: &Element<'_>, inner: &Element<'_>, kind: Kind) -> Truth {
    if !inner.complete {
        return Truth::Maybe.min(if is_everything(outer) { Truth::Yes } else { Truth::Maybe });
    }
    match (outer.negated, inner.negated) {
        (_, false) => inner.items.iter().map(|item| reaches_item(outer, item, kind)).fold(Truth::Yes, Truth::and),
        // All but a list is reached by all but a part of that list.
        (true, true) => {
            let spared = |item: &Text<'_>| {
                let own = kind.pattern(item);
                inner.items.iter().map(|other| kind.pattern(other).covers(&own)).fold(Truth::No, Truth::or)
            };
            outer.items.iter().map(spared).fold(Truth::Yes, Truth::and)
        }
        (false, true) => Truth::from(is_everything(outer)),
    }
}

/// Whether the action named `action` works on something that `statement` lists: an Allow of `iam:*` on roles does not
/// touch users. What the catalogue does not know, and what a hole hides, counts as yes.
pub fn lists_resource_for(statement: &Statement<'_>, action: &str) -> bool {
    let Some(element) = statement.resource.as_ref().filter(|element| !element.negated && element.complete) else {
        return true;
    };
    let Some(action) = catalog::Catalog::builtin().action_named(action) else { return true };
    let fits = |item: &Text<'_>| {
        let works_on = |arn: ArnPattern| action.resources().any(|used| arn.may_be(used.resource_type));
        item.text == "*" || item.has_hole() || ArnPattern::parse(&item.text).is_some_and(works_on)
    };
    element.items.iter().any(fits)
}

/// Whether the element is `*`.
pub fn is_everything(element: &Element<'_>) -> bool {
    !element.negated && element.items.iter().any(|item| item.text == "*" || item.text == "*:*")
}

/// Whether `outer` applies to every action, resource and principal that `inner` applies to.
pub fn reaches(outer: &Statement<'_>, inner: &Statement<'_>, version: Version) -> Truth {
    let (Some(outer_action), Some(inner_action)) = (&outer.action, &inner.action) else { return Truth::Maybe };
    let action = reaches_element(outer_action, inner_action, Kind::Action);
    action.and(reaches_resources(outer, inner, version)).and(reaches_principals(outer, inner))
}

/// Whether `outer` applies to every resource that `inner` applies to. No resource element is every resource.
pub fn reaches_resources(outer: &Statement<'_>, inner: &Statement<'_>, version: Version) -> Truth {
    match (&outer.resource, &inner.resource) {
        (None, _) => Truth::Yes,
        (Some(outer), _) if is_everything(outer) => Truth::Yes,
        (Some(outer), Some(inner)) => reaches_element(outer, inner, Kind::Resource(version)),
        (Some(_), None) => Truth::No,
    }
}

/// Whether `outer` applies to every principal that `inner` applies to. No principal element is whoever the policy is
/// attached to.
pub fn reaches_principals(outer: &Statement<'_>, inner: &Statement<'_>) -> Truth {
    let (outer, inner) = match (&outer.principal, &inner.principal) {
        (None, None) => return Truth::Yes,
        (Some(outer), _) if is_everyone(outer) => return Truth::Yes,
        (Some(outer), Some(inner)) if !outer.negated && !inner.negated => (outer, inner),
        _ => return Truth::Maybe,
    };
    let named = |item: &Principal<'_>| {
        let any = outer.items.iter().map(|other| reaches_principal(other, item)).fold(Truth::No, Truth::or);
        if outer.complete { any } else { any.or(Truth::Maybe) }
    };
    let all = inner.items.iter().map(named).fold(Truth::Yes, Truth::and);
    if inner.complete { all } else { all.and(Truth::Maybe) }
}

/// Whether `outer` names all whom `inner` names: the same, or the whole account. A role and its sessions go by several
/// names, so nothing is said of those.
fn reaches_principal(outer: &Principal<'_>, inner: &Principal<'_>) -> Truth {
    let (own, other) = (&*outer.text.text, &*inner.text.text);
    match (outer.kind, inner.kind) {
        (PrincipalKind::Unknown, _) | (_, PrincipalKind::Unknown) => return Truth::Maybe,
        (one, another) if one != another => return Truth::No,
        _ if !outer.text.is_literal() || !inner.text.is_literal() => return Truth::Maybe,
        _ if own == other || own == "*" => return Truth::Yes,
        (PrincipalKind::Aws, _) if other != "*" => {}
        _ => return Truth::No,
    }
    let account = |text: &'_ str| text.split(':').nth(4).unwrap_or(text).to_owned();
    let is_user = |text: &str| text.contains(":user/");
    if !own.contains(':') || own.ends_with(":root") || account(own) != account(other) {
        return Truth::from(account(own) == account(other));
    }
    if is_user(own) && is_user(other) { Truth::No } else { Truth::Maybe }
}

/// Whether the principal is everyone.
pub fn is_everyone(principal: &PrincipalElement<'_>) -> bool {
    let everyone = |kind| matches!(kind, PrincipalKind::Everyone | PrincipalKind::Aws);
    !principal.negated && principal.items.iter().any(|item| item.text.text == "*" && everyone(item.kind))
}
