//! MFA device actions on other users, in a policy that is about one's own.

use super::{may_grant, singles_mfa_out};
use crate::policy::{Pattern, Policy, Statement, Text, Truth};
use crate::rule::{Context, Sink};

/// The actions that put a device on a user, take it away, or meddle with it. Those on `mfa/…` are not among them:
/// a virtual device has no owner until it is enabled.
const ON_USERS: &[&str] = &["iam:EnableMFADevice", "iam:DeactivateMFADevice", "iam:ResyncMFADevice"];

/// Reports each resource that reaches beyond the caller.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let policy = cx.policy;
    if !ON_USERS.iter().any(|action| may_grant(cx, action)) || !is_self_service(policy) {
        return;
    }
    let allows = policy.statements.iter().filter(|statement| statement.is_allow() && statement.complete);
    for statement in allows {
        let Some(action) = device_action(statement) else { continue };
        let Some(resource) = statement.resource.as_ref().filter(|resource| !resource.negated) else { continue };
        for item in resource.items.iter().filter(|item| reaches_others(item)) {
            let message = format!("`{}` lets a user call `{}` on other users, too", item.text, action.text);
            sink.report(item.span, message).related(action.span, "allowed here");
        }
    }
}

/// Whether some statement is about the caller's own user.
fn is_self_service(policy: &Policy<'_>) -> bool {
    let resources = policy.statements.iter().filter_map(|statement| statement.resource.as_ref());
    resources.flat_map(|resource| &resource.items).any(|item| own_user(&item.text).is_some())
}

fn device_action<'s, 'a>(statement: &'s Statement<'a>) -> Option<&'s Text<'a>> {
    let element = statement.action.as_ref().filter(|element| !element.negated)?;
    let acts = |item: &&Text<'_>| {
        ON_USERS.iter().any(|action| Pattern::action_matches(item, action) == Truth::Yes) && singles_mfa_out(item)
    };
    element.items.iter().find(acts)
}

/// Where the text names the caller's own user: `${aws:username}`, also as a template escapes it.
fn own_user(text: &str) -> Option<usize> {
    // Most name nobody, and need not be copied to be searched.
    text.contains('{').then(|| text.to_ascii_lowercase().find("{aws:username}")).flatten()
}

/// Whether a resource matches users other than the caller. A wildcard that ends in a slash is a path, and names are
/// unique whatever the path.
fn reaches_others(item: &Text<'_>) -> bool {
    if item.text == "*" {
        return true;
    }
    let Some((_, user)) = item.text.split_once(":user/") else { return false };
    match own_user(user) {
        Some(at) => user[..at].trim_end_matches(['$', '&', '!', '{']).ends_with('*'),
        None => user.contains('*') && !item.has_hole(),
    }
}
