//! A wildcard before the colon.

use super::service_span;
use crate::policy::has_wildcard;
use crate::rule::{Context, Sink};

/// Reports each such item, save `*:*`, which IAM takes for `*`.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let is_stars = |text: &str| text.bytes().all(|byte| byte == b'*');
    for action in
        cx.analysis.actions().iter().filter(|action| action.known_service.is_none() && has_wildcard(action.service))
    {
        if !(is_stars(action.service) && is_stars(action.name)) {
            let message = format!("IAM knows no wildcard in a service prefix, and refuses `{}`", action.item.text);
            sink.report(service_span(cx, action), message);
        }
    }
}
