//! No account in the ARN of a resource that has one.

use super::shape::{Shape, fault};
use super::{arns, span};
use crate::policy::ArnPart;
use crate::rule::{Context, Sink};

/// Reports each such ARN.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for arn in arns(cx.policy) {
        // Where the region is missing too, the one finding will do.
        let has_region = || !matches!(fault(cx, &arn, ArnPart::Region), Some((Shape::Missing, _)));
        if let Some((Shape::Missing, known)) = fault(cx, &arn, ArnPart::Account).filter(|_| has_region()) {
            let message = format!("the ARNs of this resource have an account, so `{}` matches nothing", arn.text.text);
            sink.report(span(cx, &arn, ArnPart::Account), message).help(format!("write it as in `{known}`"));
        }
    }
}
