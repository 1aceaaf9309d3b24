//! Whether the ARNs of a resource have a region and an account.

use crate::catalog::arn_parts;
use crate::policy::{Arn, ArnPart, arn_pattern};
use crate::rule::Context;

/// What is wrong with the region or the account of an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// There is none, and there must be one.
    Missing,
    /// There is one, and there must be none.
    NotAllowed,
}

/// What is wrong with that part of the ARN, and the pattern that shows it. `None` where all is well, and where the
/// resource is not known.
pub(super) fn fault<'c>(cx: &Context<'c>, arn: &Arn<'_>, part: ArnPart) -> Option<(Shape, &'c str)> {
    let written = arn.literal(part).filter(|_| arn.is_settled(part))?;
    // AWS publishes documents and parameters of its own without an account, or in place of one.
    if matches!(written, "aws" | "aws-managed") || (written.is_empty() && arn.literal(ArnPart::Service) == Some("ssm"))
    {
        return None;
    }
    let shape = if written.is_empty() { Shape::Missing } else { Shape::NotAllowed };
    let pattern = arn_pattern(arn.text)?;
    let catalog = cx.catalog;
    let own = catalog.service(arn.part(ArnPart::Service));
    if own.into_iter().flat_map(|service| service.resource_types()).any(|kind| pattern.may_be(kind)) {
        return None;
    }
    let mut example = None;
    for kind in catalog.types_of_service_in(&pattern) {
        for known in pattern.near_misses(kind) {
            let is_empty = arn_parts(known)[part as usize] == Some("");
            if pattern.may_be(kind) || is_empty == (shape == Shape::Missing) {
                return None;
            }
            example = example.or(Some(known));
        }
    }
    example.map(|known| (shape, known))
}
