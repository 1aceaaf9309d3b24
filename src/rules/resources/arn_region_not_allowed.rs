//! A region in the ARN of a resource that has none.

use super::{faults, span};
use crate::access::resource::Shape;
use crate::policy::ArnPart;
use crate::rule::{Context, Sink};

/// Reports each such region.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for (arn, fault) in faults(cx, ArnPart::Region, Shape::NotAllowed) {
        let message = format!("the ARNs of this resource have no region, so `{}` matches nothing", arn.text.text);
        sink.report(span(cx, arn, fault.part), message).help(format!("write it as in `{}`", fault.known));
    }
}
