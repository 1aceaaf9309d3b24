//! How sure it is that no ARN matches an action without resources.

use crate::access::fit::{Fit, ResourceItem};
use crate::catalog::{AccessLevel, Action, ArnPattern, Service, arn_parts, glob_matches};
use crate::diagnostic::Severity;

/// Services whose requests of this sort are about `*` and nothing else. Others put an ARN of their own making there
/// (`table/*` for `dynamodb:ListTables`), so that ARNs may match after all.
const STRICT: &[&str] = &["ec2", "ecr", "kms", "lambda"];

/// Services that make such an ARN of a parameter of the request, such as the path of `iam:ListUsers`.
const FROM_THE_REQUEST: &[&str] = &["iam", "logs"];

/// How sure it is that none of the resources matches a request for one of the actions, which are of one service and
/// work on no resource; `None` where it is too uncertain to speak of.
pub(super) fn judge(actions: &[Action<'_>], resources: &[ResourceItem<'_>]) -> Option<Severity> {
    let service = actions.first()?.service();
    if STRICT.contains(&service.prefix()) {
        return Some(Severity::Warning);
    }
    let mut is_own = false;
    for resource in resources {
        let is_of_it = is_of(service, resource);
        let text = &*resource.resource.item.text;
        if is_sibling(service.prefix(), service_in(text)) || is_of_it && is_whole_type(service, text) {
            return None;
        }
        is_own |= is_of_it;
    }
    if is_own && FROM_THE_REQUEST.contains(&service.prefix()) {
        return Some(Severity::Note);
    }
    let levels = |level| actions.iter().all(|known| known.access_levels().contains(level));
    let looks_only = levels(AccessLevel::List) || levels(AccessLevel::Read);
    Some(if looks_only || !is_own { Severity::Warning } else { Severity::Note })
}

/// Whether the resource, which is none that an action of the statement works on, may be an ARN of a service's own
/// making for one that works on `*` only by what AWS lists. `is_of_known_type` says whether AWS lists such ARNs at all.
pub(super) fn may_be_made_up(fit: &Fit<'_>, resource: &ResourceItem<'_>, is_of_known_type: bool) -> bool {
    let mut star_only =
        fit.actions.iter().flat_map(|item| item.actions.iter()).filter(|action| !action.has_resources());
    star_only.any(|action| {
        let service = action.service();
        let may_make_up = !is_of_known_type && !STRICT.contains(&service.prefix()) && is_of(service, resource);
        may_make_up || judge(std::slice::from_ref(action), std::slice::from_ref(resource)) != Some(Severity::Warning)
    })
}

/// Whether the ARN is one of those that the service's requests are about, or may be.
fn is_of(service: Service<'_>, resource: &ResourceItem<'_>) -> bool {
    let named = service_in(&resource.resource.item.text);
    let may_be = |pattern: &ArnPattern| service.resource_types().any(|kind| pattern.may_be_of_service(kind));
    named == service.prefix() || named == "*" || resource.pattern().is_none_or(|pattern| may_be(pattern.as_ref()))
}

fn service_in(arn: &str) -> &str {
    arn_parts(arn)[2].unwrap_or("*")
}

/// Whether the ARNs of one service may be what the actions of the other are about, whatever AWS lists: data channels
/// of `ssmmessages` are opened for sessions of `ssm`.
fn is_sibling(prefix: &str, other: &str) -> bool {
    prefix != other && !other.is_empty() && (prefix.starts_with(other) || other.starts_with(prefix))
}

/// Whether the ARN is of every resource of the service, of every resource of a type (`table/*`, `*/webacl/*`), or of
/// the collection that they are in (`mfa/`, `log-group::log-stream:*`). Services differ in how they separate the parts
/// of such an ARN and in how they write them, so neither separators nor case are told apart.
fn is_whole_type(service: Service<'_>, arn: &str) -> bool {
    let alike = |text: &str| text.replace(':', "/");
    let Some(resource) = arn_parts(arn)[5].map(alike) else { return true };
    if resource.trim_end_matches(['*', '/']).is_empty() {
        return true;
    }
    let covers = |known: &str| {
        let collection = alike(&in_place_of_names(known, ""));
        [&*alike(&in_place_of_names(known, ANY_NAME)), &*collection, collection.trim_end_matches('/')]
            .iter()
            .any(|known| !known.is_empty() && glob_matches(resource.as_bytes(), known.as_bytes()))
    };
    let covers_of_scope = |known: &str| {
        let Some(known) = arn_parts(known)[5].filter(|known| may_begin_alike(&resource, known)) else { return false };
        let has_scope = known.contains(SCOPE);
        covers(known) || has_scope && SCOPES.iter().any(|scope| covers(&known.replace(SCOPE, scope)))
    };
    service.resource_types().any(|kind| kind.arn_patterns().any(covers_of_scope))
}

/// Whether a resource and a pattern of AWS's may begin alike: most do not, and need not be looked at further.
fn may_begin_alike(resource: &str, known: &str) -> bool {
    let alike = |(own, other): (u8, u8)| own == b'/' || own.eq_ignore_ascii_case(&other);
    let literal = resource.bytes().zip(known.bytes()).take_while(|(own, other)| !b"*?".contains(own) && *other != b'$');
    literal.into_iter().all(alike)
}

/// A placeholder that stands for one of two words; all resources of a scope are as good as all.
const SCOPE: &str = "${Scope}";
const SCOPES: [&str; 2] = ["regional", "global"];

/// A name of which nothing is known, so that wildcards alone match it; of two characters, so that `?` does not.
const ANY_NAME: &str = "\u{1}\u{1}";

/// The pattern with `name` in place of each placeholder.
fn in_place_of_names(mut pattern: &str, name: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    while let Some((before, rest)) = pattern.split_once("${") {
        let Some((_, after)) = rest.split_once('}') else { break };
        text.extend([before, name]);
        pattern = after;
    }
    text + pattern
}
