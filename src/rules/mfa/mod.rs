//! MFA: whether a policy that seems to require it does.

pub mod deactivate_mfa_without_mfa;
pub mod delete_virtual_mfa_without_mfa;
pub mod ineffective_mfa_condition;
pub mod inverted_mfa_condition;
pub mod mfa_allow_admits_access_keys;
pub mod mfa_allow_admits_sessions;
pub mod mfa_condition_never_met;
pub mod mfa_deny_blocks_enrollment;
pub mod mfa_deny_exempts_enrollment;
pub mod mfa_deny_exempts_privileged_action;
pub mod mfa_deny_misses_access_keys;
pub mod mfa_deny_misses_sessions;
pub mod mfa_deny_omits_session_token;
pub mod mfa_device_of_others;
pub mod missing_deny_without_mfa;
pub mod narrow_mfa_deny;
pub mod unconditional_mfa_deny;
pub mod wildcard_grants_mfa_removal;

mod fixes;

use crate::access::decide::{Credential, Question};
use crate::access::mfa::{Grant, Judged, Mfa, MfaKey, State, Verdict};
use crate::access::reach::is_everything;
use crate::access::{Granted, granted, without_mfa};
use crate::policy::{
    Condition, Effect, Element, Pattern, Policy, PolicyType, Principal, PrincipalKind, Statement, Text, Truth,
};
use crate::rule::Context;

/// The action that takes a device away from its user.
const DEACTIVATE: &str = "iam:DeactivateMFADevice";

/// The actions with which a user gets a first MFA device.
const ENROLLMENT: [&str; 2] = ["iam:EnableMFADevice", "iam:CreateVirtualMFADevice"];

/// What a user does, besides enrolling, before there is a device to sign in with: look around, and set a first
/// password. AWS's sample policies leave these open.
const BEFORE_MFA: &[&str] = &[
    "iam:ResyncMFADevice",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:GetMFADevice",
    "iam:DeleteVirtualMFADevice",
    "iam:GetUser",
    "iam:ListUsers",
    "iam:ListAccountAliases",
    "iam:GetAccountSummary",
    "iam:GetAccountPasswordPolicy",
    "iam:ChangePassword",
    "iam:CreateLoginProfile",
    "sts:GetSessionToken",
    "sts:GetCallerIdentity",
];

/// Actions that have nothing to do with MFA; a pattern that matches one of them does not single MFA out.
const OTHER_ACTIONS: &[&str] = &[
    "iam:ActivateUser",
    "iam:AddUserToGroup",
    "iam:ChangePassword",
    "iam:CreateAccessKey",
    "iam:CreateRole",
    "iam:CreateUser",
    "iam:DeleteRole",
    "iam:DeleteUser",
    "iam:DeleteAccessKey",
    "iam:DetachUserPolicy",
    "iam:EnableOrganizationsRootSessions",
    "iam:GetUser",
    "iam:ListUsers",
    "iam:PassRole",
    "iam:UpdateUser",
    "s3:GetObject",
];

/// The statements of that effect that, by their own fault, are not what they are for in some states without MFA, and these.
fn defective<'a>(cx: &'a Context<'_>, effect: Effect) -> impl Iterator<Item = (&'a Judged<'a>, &'a [State])> {
    let mfa = cx.analysis.mfa();
    let of_effect = move |judged: &&Judged<'_>| match judged.verdict {
        Verdict::Misses(_) => effect == Effect::Deny,
        Verdict::Admits(_) => effect == Effect::Allow,
        _ => false,
    };
    let judged = mfa.judged.iter().filter(of_effect).map(|judged| (judged, mfa.defects(judged)));
    judged.filter(|(judged, states)| !states.is_empty() && !is_only_for_those_without_mfa(judged.statement))
}

/// Whether `item` is about MFA and nothing else: `iam:DeactivateMFADevice`, `iam:*MFA*`.
fn singles_mfa_out(item: &Text<'_>) -> bool {
    OTHER_ACTIONS.iter().all(|other| Pattern::action_matches(item, other) == Truth::No)
}

/// Whether `item` has an action on MFA devices. Another service has none.
fn is_about_mfa(item: &Text<'_>) -> bool {
    const ON_DEVICES: &[&str] = &[
        "iam:DeleteVirtualMFADevice",
        "iam:GetMFADevice",
        "iam:ListMFADevices",
        "iam:ListVirtualMFADevices",
        "iam:ResyncMFADevice",
    ];
    let mut on_devices = ENROLLMENT.iter().chain(ON_DEVICES).chain([&DEACTIVATE]);
    on_devices.any(|action| Pattern::action_matches(item, action) != Truth::No)
}

/// Whether a grant names the action, or a pattern about MFA; the others are broad wildcards.
fn is_singled_out(grant: &Grant<'_>) -> bool {
    match (grant.item, &grant.statement.action) {
        (Some(item), _) => singles_mfa_out(item),
        (None, Some(element)) => element.items.iter().any(|item| singles_mfa_out(item) && is_about_mfa(item)),
        (None, None) => false,
    }
}

/// Whether what lets a grant through is a fault in an MFA condition, which has a finding of its own.
fn is_reported_elsewhere(grant: &Grant<'_>, mfa: &Mfa<'_>) -> bool {
    let is_faulty =
        |statement: &Statement<'_>| mfa.of(statement).is_some_and(|judged| judged.verdict != Verdict::Right);
    is_faulty(grant.statement) || grant.bypassed.is_some_and(is_faulty)
}

/// How many questions about statements of the policy a rule puts to the decider. Each of them looks at all statements,
/// so that with one for every statement a policy would take time as its length squared. Of a policy that IAM accepts
/// they are more than it has statements.
fn questions(policy: &Policy<'_>) -> usize {
    const STATEMENTS: usize = 1 << 15;
    (STATEMENTS / policy.statements.len().max(1)).max(1)
}

/// What the decider, which takes all statements together, makes of a grant that was read off them one by one: a request that
/// shows it, if there is one for certain.
fn proof<'a>(cx: &Context<'a>, grant: &Grant<'a>, action: &str) -> Option<Granted<'a>> {
    let mut question = Question { catalog: cx.catalog, ..without_mfa(&[action]) };
    question.credentials.retain(|credential| match credential {
        Credential::AccessKey => grant.states.contains(&State::AccessKey),
        Credential::SessionWithoutMfa => grant.states.contains(&State::Session),
        Credential::RoleSession | Credential::SessionWithMfa => true,
    });
    granted(cx.policy, &[grant.statement.index], &question).pop()
}

/// The items of an Allow with which the policy lets users without MFA enroll a device of their own.
fn enrollment_grants<'a>(policy: &'a Policy<'a>) -> impl Iterator<Item = (&'a Statement<'a>, &'a Text<'a>)> {
    let allows = policy.statements.iter().filter(|statement| statement.is_allow() && statement.complete);
    allows.flat_map(|statement| {
        let element = statement.action.as_ref().filter(|element| !element.negated);
        let items = element.map_or(&[][..], |element| &element.items);
        items.iter().filter(|item| is_enrollment(item)).map(move |item| (statement, item))
    })
}

fn is_enrollment(item: &Text<'_>) -> bool {
    ENROLLMENT.iter().any(|action| Pattern::action_matches(item, action) == Truth::Yes) && singles_mfa_out(item)
}

/// Whether a Deny is meant to stop everything but what comes before MFA: `NotAction`, or every action.
fn is_general(statement: &Statement<'_>) -> bool {
    statement.action.as_ref().is_some_and(|element| element.negated || is_everything(element))
}

/// Whether `NotAction` of a Deny lists what is needed to get a first MFA device.
fn spares_enrollment(element: &Element<'_>) -> bool {
    element.negated && element.items.iter().any(is_enrollment)
}

/// The principals of a statement that never carry MFA: AWS services, and whoever an identity provider vouches for.
fn never_carry_mfa<'a>(statement: &'a Statement<'a>) -> Vec<&'a Principal<'a>> {
    let element = statement.principal.as_ref().filter(|element| !element.negated);
    let items = element.map_or(&[][..], |element| &element.items);
    items.iter().filter(|item| matches!(item.kind, PrincipalKind::Service | PrincipalKind::Federated)).collect()
}

/// Whether all that a statement names never carry MFA, so that its MFA conditions are about nothing.
fn is_only_for_those_without_mfa(statement: &Statement<'_>) -> bool {
    let element = statement.principal.as_ref();
    element.is_some_and(|element| {
        element.complete && !element.items.is_empty() && never_carry_mfa(statement).len() == element.items.len()
    })
}

/// What the key of a condition is in a session without MFA.
fn without_mfa_says(condition: &Condition<'_>) -> &'static str {
    if MfaKey::of(condition) == Some(MfaKey::Age) { "absent" } else { "`false`" }
}

/// Whether the policy's Allows may grant `action`, which is one of IAM's: a cheap look before the others.
fn may_grant(cx: &Context<'_>, action: &str) -> bool {
    cx.policy.kind.kind == PolicyType::Identity && !cx.analysis.listed().holders(action).is_empty()
}

fn grants_enrollment(cx: &Context<'_>) -> bool {
    ENROLLMENT.iter().any(|action| may_grant(cx, action))
}
