//! A resource that is no ARN.

use super::{example, is_everything};
use crate::access::resource::Resource;
use crate::catalog::arn_parts;
use crate::diagnostic::{Safety, Severity};
use crate::policy::{ArnPart, PolicyType, has_wildcard};
use crate::rule::{Context, Sink};
use crate::text::Edit;

/// Reports each resource that is neither `*` nor an ARN of six parts.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for resource in cx.analysis.resources() {
        let item = resource.item;
        if resource.arn.is_some() || !item.is_literal() || is_everything(&item.text) {
            continue;
        }
        let text = &*item.text;
        let Some(what) = fault(text) else { continue };
        let finding = sink.report(item.span, format!("`{text}` {what}"));
        // The other types are checked by their services, which differ in what they let pass.
        if !matches!(cx.policy.kind.kind, PolicyType::Identity | PolicyType::Boundary)
            || text.starts_with("arn:") && has_wildcard(text)
        {
            finding.severity(Severity::Warning);
        }
        let trimmed = text.trim();
        if trimmed.len() < text.len() && (is_everything(trimmed) || fault(trimmed).is_none()) {
            finding.help("remove the space");
            if !trimmed.contains(['"', '\\']) {
                let edit = Edit { span: item.span, text: format!("\"{trimmed}\"") };
                finding.fix("remove the space", Safety::Unsafe, vec![edit]);
            }
        } else if let Some(example) = example_for(cx, resource) {
            finding.help(format!("write the ARN, such as `{example}`, or `*`"));
        }
    }
}

/// How an ARN of the first action of the statement that works on any looks.
fn example_for(cx: &Context<'_>, resource: &Resource<'_>) -> Option<String> {
    let mut actions = cx.analysis.actions().iter().filter(|action| std::ptr::eq(action.statement, resource.statement));
    let action = actions.find_map(|action| action.known.filter(|known| known.has_resources()))?;
    let types: Vec<_> = action.resources().map(|used| used.resource_type).collect();
    let known = example(action.name(), &types)?;
    let text = &*resource.item.text;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._/*".contains(&byte));
    // The ARN of a bucket has nothing but its name, so that it can be written out.
    if action.service().prefix() != "s3" || text.is_empty() || !is_plain {
        return Some(known.to_owned());
    }
    let objects = if known.contains('/') && !text.contains('/') { "/*" } else { "" };
    Some(format!("arn:aws:s3:::{text}{objects}"))
}

fn fault(text: &str) -> Option<&'static str> {
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
