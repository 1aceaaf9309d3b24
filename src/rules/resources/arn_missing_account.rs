//! No account in the ARN of a resource that has one.

use super::{faults, span};
use crate::access::resource::Shape;
use crate::policy::ArnPart;
use crate::rule::{Context, Sink};

/// Reports each such ARN.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    // Where the region is missing too, the one finding will do.
    let told: Vec<_> = faults(cx, ArnPart::Region, Shape::Missing).map(|(arn, _)| arn.text.span).collect();
    for (arn, fault) in faults(cx, ArnPart::Account, Shape::Missing) {
        if !told.contains(&arn.text.span) {
            let message = format!("the ARNs of this resource have an account, so `{}` matches nothing", arn.text.text);
            sink.report(span(cx, arn, fault.part), message).help(format!("write it as in `{}`", fault.known));
        }
    }
}
