//! A resource that is no ARN.

use super::{is_everything, items};
use crate::catalog::arn_parts;
use crate::diagnostic::Severity;
use crate::policy::{ArnPart, PolicyType, Text};
use crate::rule::{Context, Sink};

/// Reports each resource that is neither `*` nor an ARN of six parts.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for item in items(cx.policy).filter(|item| item.is_literal() && !is_everything(&item.text)) {
        let text = &*item.text;
        let Some(what) = fault(item) else { continue };
        let finding = sink.report(item.span, format!("`{text}` {what}"));
        // The other types are checked by their services, which differ in what they let pass.
        if !matches!(cx.policy.kind.kind, PolicyType::Identity | PolicyType::Boundary)
            || text.starts_with("arn:") && text.contains(['*', '?'])
        {
            finding.severity(Severity::Warning);
        }
        if !text.contains(':') && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._/*".contains(&byte)) {
            finding.help(format!("write the ARN, such as `arn:aws:s3:::{text}`, or `*`"));
        }
    }
}

fn fault(item: &Text<'_>) -> Option<&'static str> {
    let text = &*item.text;
    // API Gateway completes what its policies leave out.
    if text.starts_with("execute-api:") {
        return None;
    }
    let literal = &text[..text.find(['*', '?']).unwrap_or(text.len())];
    let begins = literal.starts_with("arn:") || (literal.len() < text.len() && "arn:".starts_with(literal));
    if !begins {
        return Some("is neither an ARN nor `*`");
    }
    let parts = arn_parts(text);
    if parts[ArnPart::Resource as usize].is_some() {
        return None;
    }
    // A wildcard may stand for the parts that are missing, but a slash is in the resource only.
    let misplaced = [ArnPart::Region, ArnPart::Account].iter().filter_map(|part| parts[*part as usize]);
    let has_slash = misplaced.into_iter().any(|part| part.contains('/'));
    (literal.len() == text.len() || has_slash).then_some("is not an ARN: it has fewer than six parts")
}
