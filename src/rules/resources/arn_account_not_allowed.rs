//! An account in the ARN of a resource that has none.

use super::{faults, span};
use crate::access::resource::Shape;
use crate::policy::ArnPart;
use crate::rule::{Context, Sink};

/// Reports each such account.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for (arn, fault) in faults(cx, ArnPart::Account, Shape::NotAllowed) {
        let message = format!("the ARNs of this resource have no account, so `{}` matches nothing", arn.text.text);
        sink.report(span(cx, arn, fault.part), message).help(format!("write it as in `{}`", fault.known));
    }
}
