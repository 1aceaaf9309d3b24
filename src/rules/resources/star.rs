//! How sure it is that no ARN matches an action without resources.

use crate::access::fit::{ActionItem, Fit};
use crate::catalog::{AccessLevel, ArnPattern, Service, arn_parts};
use crate::diagnostic::Severity;

/// Services whose requests of this sort are about `*` and nothing else. Others put an ARN of their own making there
/// (`table/*` for `dynamodb:ListTables`), so that ARNs may match after all.
const STRICT: &[&str] = &["ec2", "ecr", "kms", "lambda"];

/// Services that make such an ARN of a parameter of the request, such as the path of `iam:ListUsers`.
const FROM_THE_REQUEST: &[&str] = &["iam", "logs"];

/// How sure it is that none of the resources matches; `None` where it is too uncertain to speak of.
pub(super) fn judge(action: &ActionItem<'_>, fit: &Fit<'_>) -> Option<Severity> {
    let service = action.actions.first()?.service();
    if STRICT.contains(&service.prefix()) {
        return Some(Severity::Warning);
    }
    let mut own = fit.resources.iter().filter(|resource| {
        let names_it =
            arn_parts(&resource.resource.item.text)[2].is_some_and(|part| part == service.prefix() || part == "*");
        let may_be = |pattern: &ArnPattern| service.resource_types().any(|kind| pattern.may_be_of_service(kind));
        names_it || resource.pattern().is_none_or(|pattern| may_be(&pattern))
    });
    let Some(first) = own.next() else { return Some(Severity::Warning) };
    if std::iter::once(first).chain(own).any(|resource| is_broad(service, &resource.resource.item.text)) {
        return None;
    }
    if FROM_THE_REQUEST.contains(&service.prefix()) {
        return Some(Severity::Note);
    }
    let levels = |level| action.actions.iter().all(|known| known.access_levels().contains(level));
    let looks_only = levels(AccessLevel::List) || levels(AccessLevel::Read);
    Some(if looks_only { Severity::Warning } else { Severity::Note })
}

/// Whether the ARN is of every resource, or of every resource of a type: `*`, `table/*`, `log-group::log-stream:*`.
fn is_broad(service: Service<'_>, arn: &str) -> bool {
    let Some(resource) = arn_parts(arn)[5] else { return true };
    let word = resource.trim_end_matches(['*', '/', ':']);
    if word.is_empty() || resource.contains("::") {
        return true;
    }
    let Some(separator) = resource[word.len()..].chars().next().filter(|next| matches!(next, '/' | ':')) else {
        return false;
    };
    let start = format!("{word}{separator}");
    let is_type = |known: &str| arn_parts(known)[5].is_some_and(|known| known.starts_with(&start));
    service.resource_types().any(|kind| kind.arn_patterns().any(is_type))
}
