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

mod star;

use crate::access::fit::ResourceItem;
use crate::access::resource::{ArnFault, Shape};
use crate::catalog::{ArnPattern, ResourceType};
use crate::policy::{Arn, ArnPart};
use crate::rule::Context;
use crate::syntax::part_span;
use crate::text::Span;

/// Every item that is an ARN of six parts.
pub(super) fn arns<'c, 'p>(cx: &'c Context<'p>) -> impl Iterator<Item = &'c Arn<'p>> {
    cx.analysis.resources().iter().filter_map(|resource| resource.arn.as_ref())
}

/// Every ARN whose `part` is at fault in that way.
fn faults<'c, 'p>(
    cx: &'c Context<'p>,
    part: ArnPart,
    shape: Shape,
) -> impl Iterator<Item = (&'c Arn<'p>, ArnFault<'p>)> {
    let arns = cx.analysis.resources().iter().filter_map(|resource| Some((resource, resource.arn.as_ref()?)));
    let faults = arns.flat_map(|(resource, arn)| resource.faults(cx.catalog).map(move |fault| (arn, fault)));
    faults.filter(move |(_, fault)| fault.part == part && fault.shape == shape)
}

/// Whether it matches every resource.
fn is_everything(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

/// The place of a part, or of the whole where the part is empty.
pub(super) fn span(cx: &Context<'_>, arn: &Arn<'_>, part: ArnPart) -> Span {
    let range = arn.range(part);
    if range.is_empty() {
        return arn.text.span;
    }
    part_span(cx.source.slice(arn.text.span), arn.text.span, range)
}

/// Whether a finding about the ARN itself says already why it fits nothing.
fn is_told<'p>(cx: &Context<'p>, resource: &ResourceItem<'p>) -> bool {
    resource.resource.faults(cx.catalog).next().is_some()
        || !resource.pattern().is_some_and(|pattern| is_of_known_service(cx, &pattern))
}

/// Whether there are ARNs of its service.
fn is_of_known_service(cx: &Context<'_>, pattern: &ArnPattern) -> bool {
    cx.catalog.types_of_service_in(pattern).any(|kind| pattern.may_be_of_service(kind))
}

/// How many types of resource a message names.
const MOST_NAMED: usize = 3;

/// "`bucket` or `object`".
fn names(types: &[ResourceType<'_>]) -> String {
    let names: Vec<String> = types.iter().map(|kind| format!("`{}`", kind.name())).collect();
    match names.as_slice() {
        [first, second, third, _, ..] => format!("{first}, {second}, {third} and others"),
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        names => names.concat(),
    }
}

/// How an ARN of these types of resource looks, on which the action of that name works.
fn example<'c>(action: &str, types: &[ResourceType<'c>]) -> Option<&'c str> {
    let letters = |name: &str| name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "").to_ascii_lowercase();
    let name = letters(action);
    // A stack set for `UpdateStackSet`.
    let namesake =
        types.iter().filter(|kind| name.contains(&letters(kind.name()))).max_by_key(|kind| kind.name().len());
    let likely = match namesake {
        Some(kind) => std::slice::from_ref(kind),
        // One of many would be a guess.
        None if types.len() > MOST_NAMED => return None,
        None => types,
    };
    // The shortest is the plainest: a bucket rather than an access point.
    likely.iter().flat_map(|kind| kind.arn_patterns()).min_by_key(|known| known.len())
}
