//! Which actions of a statement fit which of its resources.

use crate::catalog::{Action, ArnPattern, Catalog, ResourceType, Service};
use crate::policy::{Arn, ArnPart, Element, Statement, Text, arn_pattern};

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
    pub actions: Vec<Action<'p>>,
    /// Whether it fits some resource, or may.
    pub fits: bool,
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
    pub item: &'p Text<'p>,
    /// Its ARNs; `None` where they are not known.
    pub pattern: Option<ArnPattern>,
    /// Whether it fits some action, or may.
    pub fits: bool,
    /// Whether it may be of the types that were asked for.
    known: Vec<(ResourceType<'p>, bool)>,
}

impl<'p> ResourceItem<'p> {
    /// Only the types that some action works on are compared: a service may have a hundred.
    fn takes(&mut self, actions: &[Action<'p>]) -> bool {
        let Self { pattern: Some(pattern), known, .. } = self else { return true };
        let mut may_be = |kind: ResourceType<'p>| match known.iter().find(|(known, _)| *known == kind) {
            Some((_, answer)) => *answer,
            None => {
                known.push((kind, pattern.may_be(kind)));
                known.last().is_some_and(|(_, answer)| *answer)
            }
        };
        actions.is_empty()
            || actions.iter().flat_map(|action| action.resources()).any(|used| may_be(used.resource_type))
    }
}

impl<'p> Fit<'p> {
    /// `None` where there is nothing to compare: a `Not…` form, a list that is not known in full, `*`, or lists that
    /// no policy of AWS's sizes can hold.
    pub fn of(statement: &'p Statement<'p>, catalog: &'p Catalog) -> Option<Self> {
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
        let mut last = None;
        for item in &action.items {
            let item = action_item(item, catalog, &mut last);
            count += item.actions.len();
            if count > MOST_ACTIONS {
                return None;
            }
            actions.push(item);
        }
        let mut fit = Self { actions, resources: resource.items.iter().map(resource_item).collect() };
        fit.compare();
        Some(fit)
    }

    fn compare(&mut self) {
        for action in &mut self.actions {
            for resource in &mut self.resources {
                let is_settled = action.fits && resource.fits;
                if !is_settled && resource.takes(&action.actions) {
                    (action.fits, resource.fits) = (true, true);
                }
            }
        }
    }
}

/// `last` is the service of the item before: those of one service mostly stand together.
fn action_item<'p>(
    item: &'p Text<'p>,
    catalog: &'p Catalog,
    last: &mut Option<(&'p str, Option<Service<'p>>)>,
) -> ActionItem<'p> {
    let (service, name) = item.text.split_once(':').unwrap_or(("*", "*"));
    let known = item.is_literal() && !service.contains(['*', '?']) && !is_about_tags(name);
    if known && last.is_none_or(|(prefix, _)| prefix != service) {
        *last = Some((service, catalog.service(service)));
    }
    let actions = match last {
        _ if !known => Vec::new(),
        Some((_, Some(service))) if !name.contains(['*', '?']) => service.action(name).into_iter().collect(),
        _ => catalog.expand(&item.text).collect(),
    };
    ActionItem { item, actions, fits: false }
}

/// The actions that tag any resource of a service, or list its tags. The service authorization reference is slow to
/// list new types of resource for them.
fn is_about_tags(name: &str) -> bool {
    const NAMES: &[&str] = &["TagResource", "UntagResource", "ListTagsForResource", "ListTag", "GetTag"];
    let singular = name.strip_suffix(['s', 'S']).unwrap_or(name);
    NAMES.iter().any(|known| singular.eq_ignore_ascii_case(known))
}

fn resource_item<'p>(item: &'p Text<'p>) -> ResourceItem<'p> {
    let is_gap = Arn::new(item).as_ref().is_some_and(is_gap);
    let pattern = if is_gap { None } else { arn_pattern(item).map(ArnPattern::or_owned_by_aws) };
    ResourceItem { item, pattern, fits: false, known: Vec::new() }
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
