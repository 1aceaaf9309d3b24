//! Resources: ARNs that no resource has, and resources that do not fit the actions of their statement.

pub mod action_needs_star;
pub mod action_without_resource;
pub mod arn_account_not_allowed;
pub mod arn_invalid_account;
pub mod arn_missing_account;
pub mod arn_missing_region;
pub mod arn_region_not_allowed;
pub mod arn_unknown_partition;
pub mod arn_unknown_region;
pub mod arn_unknown_service;
pub mod malformed_arn;
pub mod resource_not_supported;

mod shape;
mod star;

use crate::access::fit::ResourceItem;
use crate::catalog::{ArnPattern, ResourceType};
use crate::policy::{Arn, ArnPart, Policy, Text};
use crate::rule::Context;
use crate::syntax::part_span;
use crate::text::Span;

/// Every item of `Resource` and `NotResource`.
fn items<'p>(policy: &'p Policy<'p>) -> impl Iterator<Item = &'p Text<'p>> {
    policy.statements.iter().filter_map(|statement| statement.resource.as_ref()).flat_map(|element| &element.items)
}

/// Every item that is an ARN of six parts.
fn arns<'p>(policy: &'p Policy<'p>) -> impl Iterator<Item = Arn<'p>> {
    items(policy).filter_map(Arn::new)
}

/// Whether it matches every resource.
fn is_everything(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

/// The place of a part, or of the whole where the part is empty.
fn span(cx: &Context<'_>, arn: &Arn<'_>, part: ArnPart) -> Span {
    let range = arn.range(part);
    if range.is_empty() {
        return arn.text.span;
    }
    part_span(cx.source.slice(arn.text.span), arn.text.span, range)
}

/// Whether a finding about the ARN itself says already why it fits nothing.
fn is_told(cx: &Context<'_>, resource: &ResourceItem<'_>) -> bool {
    let knows = |pattern: &ArnPattern| {
        cx.catalog.types_of_service_in(pattern).into_iter().any(|kind| pattern.may_be_of_service(kind))
    };
    let is_faulty = |arn: &Arn<'_>| {
        [ArnPart::Region, ArnPart::Account].into_iter().any(|part| shape::fault(cx, arn, part).is_some())
    };
    Arn::new(resource.item).as_ref().is_some_and(is_faulty) || !resource.pattern.as_ref().is_some_and(knows)
}

/// "bucket or object", and how an ARN of one of them looks.
fn describe<'c>(types: &[ResourceType<'c>]) -> (String, Option<&'c str>) {
    let names: Vec<&str> = types.iter().map(|kind| kind.name()).collect();
    let words = match names.as_slice() {
        [first, second, third, _, ..] => format!("{first}, {second}, {third} and others"),
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        names => names.concat(),
    };
    // The shortest is the plainest: a bucket rather than an access point.
    (words, types.iter().flat_map(|kind| kind.arn_patterns()).min_by_key(|known| known.len()))
}
