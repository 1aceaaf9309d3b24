//! The resources that a policy lists, each read once for all who ask.

use crate::catalog::{ArnPattern, Catalog, ResourceType, arn_parts};
use crate::policy::{Arn, ArnPart, Policy, Statement, Text, arn_pattern};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

/// An item of `Resource` or `NotResource`.
#[derive(Debug)]
pub struct Resource<'p> {
    /// The statement it is of.
    pub statement: &'p Statement<'p>,
    /// The item.
    pub item: &'p Text<'p>,
    /// Its six parts, if it has them.
    pub arn: Option<Arn<'p>>,
    /// Its ARNs; `None` where they are not known.
    pub pattern: Option<ArnPattern>,
    faults: OnceCell<[Option<ArnFault<'p>>; 2]>,
    /// The type that a resource of this policy was last found to be of: the next one is mostly of the same.
    last_type: Rc<Cell<Option<ResourceType<'p>>>>,
}

/// What is wrong with the region or the account of an ARN.
#[derive(Debug, Clone, Copy)]
pub struct ArnFault<'p> {
    /// Which of the two it is.
    pub part: ArnPart,
    /// What is wrong with it.
    pub shape: Shape,
    /// The pattern of a resource's ARNs that shows it.
    pub known: &'p str,
}

/// How a part of an ARN differs from what AWS has there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// There is none, and there must be one.
    Missing,
    /// There is one, and there must be none.
    NotAllowed,
}

/// Every resource of the policy, in order.
pub fn resources<'p>(policy: &'p Policy<'p>) -> Vec<Rc<Resource<'p>>> {
    let lists = policy.statements.iter().filter_map(|statement| Some((statement, statement.resource.as_ref()?)));
    let items = lists.flat_map(|(statement, element)| element.items.iter().map(move |item| (statement, item)));
    let last_type = Rc::default();
    let resource = |(statement, item): (_, &'p Text<'p>)| Resource {
        statement,
        item,
        arn: Arn::new(item),
        pattern: arn_pattern(item),
        faults: OnceCell::new(),
        last_type: Rc::clone(&last_type),
    };
    items.map(|item| Rc::new(resource(item))).collect()
}

impl<'p> Resource<'p> {
    /// What is wrong with its region and its account. Nothing where the resource is not known.
    pub fn faults(&self, catalog: &'p Catalog) -> impl Iterator<Item = ArnFault<'p>> {
        let faults = self.faults.get_or_init(|| self.find_faults(catalog).unwrap_or_default());
        faults.iter().flatten().copied()
    }

    fn find_faults(&self, catalog: &'p Catalog) -> Option<[Option<ArnFault<'p>>; 2]> {
        let (arn, pattern) = (self.arn.as_ref()?, self.pattern.as_ref()?);
        let shapes = [ArnPart::Region, ArnPart::Account].map(|part| Some((part, shape(arn, part)?)));
        if shapes.iter().all(Option::is_none) {
            return None;
        }
        if self.last_type.get().is_some_and(|kind| pattern.may_be(kind)) {
            return None;
        }
        let own = catalog.service(arn.part(ArnPart::Service));
        let mut types = own.into_iter().flat_map(|service| service.resource_types());
        if let Some(kind) = types.find(|kind| pattern.may_be(*kind)) {
            self.last_type.set(Some(kind));
            return None;
        }
        let mut near = Vec::new();
        for kind in catalog.types_of_service_in(pattern) {
            let known = pattern.near_misses(kind);
            if !known.is_empty() && pattern.may_be(kind) {
                return None;
            }
            near.extend(known);
        }
        let differs = |part: ArnPart, shape, known: &str| {
            (arn_parts(known)[part as usize] == Some("")) == (shape == Shape::NotAllowed)
        };
        Some(shapes.map(|shape| {
            let (part, shape) = shape?;
            let known = *near.first().filter(|_| near.iter().all(|known| differs(part, shape, known)))?;
            Some(ArnFault { part, shape, known })
        }))
    }
}

/// What would be wrong with that part, were the resource one whose ARNs have something else there.
fn shape(arn: &Arn<'_>, part: ArnPart) -> Option<Shape> {
    let written = arn.literal(part).filter(|_| arn.is_settled(part))?;
    // AWS publishes documents and parameters of its own without an account, or in place of one.
    let is_of_aws = matches!(written, "aws" | "aws-managed")
        || (written.is_empty() && arn.literal(ArnPart::Service) == Some("ssm"));
    let shape = if written.is_empty() { Shape::Missing } else { Shape::NotAllowed };
    (!is_of_aws).then_some(shape)
}
