//! Which actions of a statement fit which of its resources.

use super::arn::{Arn, Part, pattern};
use super::{is_everything, shape};
use crate::catalog::{Action, ArnPattern, Catalog, ResourceType, Service};
use crate::policy::{Statement, Text};

/// The actions and resources of a statement, compared.
pub(super) struct Fit<'p> {
    pub(super) actions: Vec<ActionItem<'p>>,
    pub(super) resources: Vec<ResourceItem<'p>>,
}

/// An item of `Action`.
pub(super) struct ActionItem<'p> {
    pub(super) item: &'p Text<'p>,
    /// What it stands for; none where that is not known.
    pub(super) actions: Vec<Action<'static>>,
    /// Whether it fits some resource, or may.
    pub(super) fits: bool,
}

impl ActionItem<'_> {
    /// Whether it works on nothing but `*`.
    pub(super) fn needs_star(&self) -> bool {
        !self.actions.is_empty() && !self.actions.iter().any(|action| action.has_resources())
    }

    /// Whether all that it stands for works on resources.
    pub(super) fn works_on_resources(&self) -> bool {
        !self.actions.is_empty() && self.actions.iter().all(|action| action.has_resources())
    }

    /// The types of resource that it works on, in order.
    pub(super) fn resource_types(&self) -> Vec<ResourceType<'static>> {
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
pub(super) struct ResourceItem<'p> {
    pub(super) item: &'p Text<'p>,
    /// Whether it fits some action, or may.
    pub(super) fits: bool,
    pub(super) pattern: Option<ArnPattern>,
    /// The types that it may be of, for each service that was asked for.
    types: Vec<(Service<'static>, Vec<ResourceType<'static>>)>,
}

impl ResourceItem<'_> {
    /// Whether a finding about the ARN itself says already why it fits nothing.
    pub(super) fn is_told(&self) -> bool {
        let knows =
            |pattern: &ArnPattern| Catalog::builtin().resource_types().any(|kind| pattern.may_be_of_service(kind));
        let is_faulty =
            |arn: &Arn<'_>| [Part::Region, Part::Account].into_iter().any(|part| shape::fault(arn, part).is_some());
        Arn::new(self.item).as_ref().is_some_and(is_faulty) || !self.pattern.as_ref().is_some_and(knows)
    }

    fn types_of(&mut self, pattern: &ArnPattern, service: Service<'static>) -> &[ResourceType<'static>] {
        let at = self.types.iter().position(|(known, _)| *known == service).unwrap_or_else(|| {
            let types = service.resource_types().filter(|kind| pattern.may_be(*kind)).collect();
            self.types.push((service, types));
            self.types.len() - 1
        });
        &self.types[at].1
    }

    fn takes(&mut self, actions: &[Action<'static>]) -> bool {
        let Some(pattern) = self.pattern.take() else { return true };
        let taken = actions.iter().any(|action| {
            let types = self.types_of(&pattern, action.service());
            !types.is_empty() && action.resources().any(|used| types.contains(&used.resource_type))
        });
        self.pattern = Some(pattern);
        taken
    }
}

impl<'p> Fit<'p> {
    /// `None` where there is nothing to compare: a `Not…` form, a list that is not known in full, or `*`.
    pub(super) fn of(statement: &'p Statement<'p>) -> Option<Self> {
        let known = |element: &&crate::policy::Element<'_>| !element.negated && element.complete;
        let action = statement.action.as_ref().filter(known)?;
        let resource = statement.resource.as_ref().filter(known)?;
        let is_star = |item: &Text<'_>| is_everything(&item.text) || is_everything(&item.text.replacen(':', "", 1));
        if resource.items.iter().chain(&action.items).any(is_star) {
            return None;
        }
        let mut fit = Self {
            actions: action.items.iter().map(action_item).collect(),
            resources: resource.items.iter().map(resource_item).collect(),
        };
        for action in &mut fit.actions {
            for resource in &mut fit.resources {
                let is_settled = action.fits && resource.fits;
                if !is_settled && (action.actions.is_empty() || resource.takes(&action.actions)) {
                    (action.fits, resource.fits) = (true, true);
                }
            }
        }
        Some(fit)
    }
}

fn action_item<'p>(item: &'p Text<'p>) -> ActionItem<'p> {
    let (service, name) = item.text.split_once(':').unwrap_or(("*", "*"));
    let known = item.is_literal() && !service.contains(['*', '?']) && !is_about_tags(name);
    let actions = if known { Catalog::builtin().expand(&item.text).collect() } else { Vec::new() };
    ActionItem { item, actions, fits: false }
}

/// The actions that tag any resource of a service, or list its tags. The service authorization reference is slow to
/// list new types of resource for them.
fn is_about_tags(name: &str) -> bool {
    const NAMES: &[&str] = &["TagResource", "UntagResource", "ListTagsForResource", "ListTags", "GetTags"];
    NAMES.iter().any(|known| name.trim_end_matches('s').eq_ignore_ascii_case(known.trim_end_matches('s')))
}

fn resource_item<'p>(item: &'p Text<'p>) -> ResourceItem<'p> {
    let is_gap = Arn::new(item).as_ref().is_some_and(is_gap);
    let pattern = if is_gap { None } else { pattern(item).map(ArnPattern::or_owned_by_aws) };
    ResourceItem { item, fits: false, pattern, types: Vec::new() }
}

/// Resources that AWS documents outside of the service authorization reference: the transforms that a change set may
/// use, and the paths of API Gateway, of which the reference lists some.
fn is_gap(arn: &Arn<'_>) -> bool {
    match arn.part(Part::Service) {
        "apigateway" => true,
        "cloudformation" => arn.part(Part::Resource).starts_with("transform/"),
        _ => false,
    }
}

/// "bucket or object", and how an ARN of one of them looks.
pub(super) fn describe(types: &[ResourceType<'static>]) -> (String, Option<&'static str>) {
    let names: Vec<&str> = types.iter().map(|kind| kind.name()).collect();
    let words = match names.as_slice() {
        [first, second, third, _, ..] => format!("{first}, {second}, {third} and others"),
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        names => names.concat(),
    };
    // The shortest is the plainest: a bucket rather than an access point.
    (words, types.iter().flat_map(|kind| kind.arn_patterns()).min_by_key(|known| known.len()))
}
