//! Which actions of a statement fit which of its resources.

use super::named::NamedAction;
use super::resource::Resource;
use crate::catalog::{Action, ArnPattern, ResourceType};
use crate::policy::{Arn, ArnPart, Element, Policy, Statement, Text, has_wildcard};
use std::borrow::Cow;
use std::rc::Rc;

/// The actions and resources of a statement, compared.
pub struct Fit<'p> {
    /// Its actions, in order.
    pub actions: Vec<ActionItem<'p>>,
    /// Its resources, in order.
    pub resources: Vec<ResourceItem<'p>>,
}

/// An item of `Action`.
pub struct ActionItem<'p> {
    /// The item.
    pub item: &'p Text<'p>,
    /// What it stands for, all of one service; none where that is not known.
    pub actions: StandsFor<'p>,
    /// Whether it fits some resource, or may.
    pub fits: bool,
}

/// The actions that an item stands for, as a list: nearly all items are names, which need none of their own.
pub enum StandsFor<'p> {
    /// That of a name; none where that is not known.
    Name(Option<Action<'p>>),
    /// Those of a pattern.
    Pattern(Vec<Action<'p>>),
}

impl<'p> std::ops::Deref for StandsFor<'p> {
    type Target = [Action<'p>];

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Name(name) => name.as_slice(),
            Self::Pattern(actions) => actions,
        }
    }
}

impl<'p> ActionItem<'p> {
    /// Whether it works on nothing but `*`.
    pub fn needs_star(&self) -> bool {
        !self.actions.is_empty() && !self.actions.iter().any(|action| action.has_resources())
    }

    /// Whether all that it stands for works on resources.
    pub fn works_on_resources(&self) -> bool {
        !self.actions.is_empty() && self.actions.iter().all(|action| action.has_resources())
    }

    /// The types of resource that it works on, in order.
    pub fn resource_types(&self) -> Vec<ResourceType<'p>> {
        let mut types = Vec::new();
        for used in self.actions.iter().flat_map(|action| action.resources()) {
            if !types.contains(&used.resource_type) {
                types.push(used.resource_type);
            }
        }
        types
    }
}

/// An item of `Resource`.
pub struct ResourceItem<'p> {
    /// The item.
    pub resource: Rc<Resource<'p>>,
    /// Whether its ARNs are such that they can be compared.
    is_comparable: bool,
    /// Whether it fits some action, or may.
    pub fits: bool,
}

impl<'p> ResourceItem<'p> {
    fn new(resource: &Rc<Resource<'p>>) -> Self {
        let is_comparable = !resource.arn.as_ref().is_some_and(is_gap);
        Self { resource: Rc::clone(resource), is_comparable, fits: false }
    }

    /// Its ARNs, with those that AWS owns; `None` where they are not known.
    pub fn pattern(&self) -> Option<Cow<'_, ArnPattern>> {
        self.resource.pattern.as_ref().filter(|_| self.is_comparable).map(ArnPattern::or_owned_by_aws)
    }

    /// Only the types that some action works on are compared: a service may have a hundred. `known` are those that were
    /// before.
    fn takes(&self, actions: &[Action<'p>], known: &mut Vec<(ResourceType<'p>, bool)>) -> bool {
        let Some(pattern) = self.resource.pattern.as_ref().filter(|_| self.is_comparable) else { return true };
        let mut may_be = |kind: ResourceType<'p>| match known.iter().find(|(known, _)| *known == kind) {
            Some((_, answer)) => *answer,
            None => {
                let answer = pattern.or_owned_by_aws().may_be(kind);
                known.push((kind, answer));
                answer
            }
        };
        actions.is_empty()
            || actions.iter().flat_map(|action| action.resources()).any(|used| may_be(used.resource_type))
    }
}

/// The fits of all statements that tell, where `named` and `listed` are the policy's actions and resources in order.
pub(super) fn fits<'p>(
    policy: &'p Policy<'p>,
    mut named: &[NamedAction<'p>],
    mut listed: &[Rc<Resource<'p>>],
) -> Vec<Fit<'p>> {
    let mut fits = Vec::new();
    for statement in &policy.statements {
        let is_own = |other: &Statement<'_>| std::ptr::eq(other, statement);
        let (actions, resources);
        (actions, named) = named.split_at(named.partition_point(|action| is_own(action.statement)));
        (resources, listed) = listed.split_at(listed.partition_point(|resource| is_own(resource.statement)));
        fits.extend(Fit::of(statement, actions, resources));
    }
    fits
}

impl<'p> Fit<'p> {
    /// `None` where there is nothing to compare: a `Not…` form, a list that is not known in full, `*`, or lists that
    /// no policy of AWS's sizes can hold.
    fn of(statement: &'p Statement<'p>, named: &[NamedAction<'p>], listed: &[Rc<Resource<'p>>]) -> Option<Self> {
        const MOST_PAIRS: usize = 1 << 17;
        const MOST_ACTIONS: usize = 1 << 16;
        let known = |element: &&Element<'_>| !element.negated && element.complete;
        let action = statement.action.as_ref().filter(known)?;
        let resource = statement.resource.as_ref().filter(known)?;
        let is_star = |item: &Text<'_>| item.text.contains('*') && item.text.bytes().all(|byte| b"*:".contains(&byte));
        if resource.items.iter().chain(&action.items).any(is_star)
            || action.items.len().saturating_mul(resource.items.len()) > MOST_PAIRS
        {
            return None;
        }
        let mut actions = Vec::with_capacity(action.items.len());
        let mut count = 0;
        let mut named = named.iter().peekable();
        for item in &action.items {
            let named = named.next_if(|named| std::ptr::eq(named.item, item));
            let actions_of_item = named.map_or(StandsFor::Name(None), stands_for);
            count += actions_of_item.len();
            if count > MOST_ACTIONS {
                return None;
            }
            actions.push(ActionItem { item, actions: actions_of_item, fits: false });
        }
        let mut fit = Self { actions, resources: listed.iter().map(ResourceItem::new).collect() };
        fit.compare();
        Some(fit)
    }

    fn compare(&mut self) {
        let mut known = Vec::new();
        for resource in &mut self.resources {
            known.clear();
            for action in &mut self.actions {
                let is_settled = action.fits && resource.fits;
                if !is_settled && resource.takes(&action.actions, &mut known) {
                    (action.fits, resource.fits) = (true, true);
                }
            }
        }
    }
}

/// The actions that an item stands for; none where that is not known.
fn stands_for<'p>(named: &NamedAction<'p>) -> StandsFor<'p> {
    match named.known_service {
        _ if is_about_tags(named.name) => StandsFor::Name(None),
        Some(service) if has_wildcard(named.name) => StandsFor::Pattern(service.expand(named.name).collect()),
        _ => StandsFor::Name(named.known),
    }
}

/// The actions that tag any resource of a service, or list its tags. The service authorization reference is slow to
/// list new types of resource for them.
fn is_about_tags(name: &str) -> bool {
    const NAMES: &[&str] = &["TagResource", "UntagResource", "ListTagsForResource", "ListTag", "GetTag"];
    let singular = name.strip_suffix(['s', 'S']).unwrap_or(name);
    NAMES.iter().any(|known| singular.eq_ignore_ascii_case(known))
}

/// Resources that AWS documents outside of the service authorization reference: the transforms that a change set may
/// use, and the paths of API Gateway, of which the reference lists some.
fn is_gap(arn: &Arn<'_>) -> bool {
    match arn.part(ArnPart::Service) {
        "apigateway" => true,
        "cloudformation" => arn.part(ArnPart::Resource).starts_with("transform/"),
        _ => false,
    }
}
