//! A region in the ARN of a resource that has none.

use super::shape::{Shape, fault};
use super::{arns, span};
use crate::policy::ArnPart;
use crate::rule::{Context, Sink};

/// Reports each such region.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for arn in arns(cx.policy) {
        if let Some((Shape::NotAllowed, known)) = fault(cx, &arn, ArnPart::Region) {
            let message = format!("the ARNs of this resource have no region, so `{}` matches nothing", arn.text.text);
            sink.report(span(cx, &arn, ArnPart::Region), message).help(format!("write it as in `{known}`"));
        }
    }
}
