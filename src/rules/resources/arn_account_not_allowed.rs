//! An account in the ARN of a resource that has none.

use super::arn::Part;
use super::arns;
use super::shape::{Shape, fault};
use crate::rule::{Context, Sink};

/// Reports each such account.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for arn in arns(cx.policy) {
        if let Some((Shape::NotAllowed, known)) = fault(&arn, Part::Account) {
            let message = format!("the ARNs of this resource have no account, so `{}` matches nothing", arn.text.text);
            sink.report(arn.span(cx, Part::Account), message).help(format!("write it as in `{known}`"));
        }
    }
}
