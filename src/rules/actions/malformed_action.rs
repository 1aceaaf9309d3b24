//! An action without a service.

use super::report_disguised;
use crate::rule::{Context, Sink};

/// Reports each item that is neither `*` nor `service:Action`.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for item in
        cx.policy.statements.iter().filter_map(|statement| statement.action.as_ref()).flat_map(|list| &list.items)
    {
        let text = &*item.text;
        // A service is short, so that this beats a search made for long texts.
        let colon = text.bytes().position(|byte| byte == b':');
        let complete = colon.is_some_and(|colon| colon > 0 && colon + 1 < text.len());
        let is_stars = !text.is_empty() && text.bytes().all(|byte| byte == b'*');
        if !item.is_literal() || is_stars || complete {
            continue;
        }
        if report_disguised(cx, sink, text, [item.span]) {
            continue;
        }
        let message = format!("`{text}` is not of the form `service:Action`, so IAM rejects the policy");
        let finding = sink.report(item.span, message);
        if let Some(meant) = meant(cx, text) {
            finding.help(format!("did you mean `{meant}`?"));
        }
    }
}

/// The action that is so called in one service only, or that is parted from its service by something else.
fn meant(cx: &Context<'_>, text: &str) -> Option<String> {
    let catalog = cx.catalog;
    if let Some((service, name)) = text.split_once(['.', '/', ';', '-', ' ', '_'])
        && let Some(action) = catalog.action(service, name)
    {
        return Some(action.to_string());
    }
    let mut namesakes = catalog.services().filter_map(|service| service.action(text));
    namesakes.next().filter(|_| namesakes.next().is_none()).map(|action| action.to_string())
}
