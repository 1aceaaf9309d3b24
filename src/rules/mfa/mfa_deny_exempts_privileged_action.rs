//! A Deny without MFA whose `NotAction` frees what it is there to protect.

use super::{DEACTIVATE, is_singled_out};
use crate::policy::{Element, Pattern, Text, Truth};
use crate::rule::{Context, Sink};
use std::cell::LazyCell;

/// Actions that change credentials or permissions, move to another identity, or remove MFA. Whoever may call one of
/// them without MFA need not stop there.
const PRIVILEGED: &[&str] = &[
    "iam:DeactivateMFADevice",
    "iam:CreateAccessKey",
    "iam:UpdateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UploadSSHPublicKey",
    "iam:UploadSigningCertificate",
    "iam:AttachUserPolicy",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:DetachUserPolicy",
    "iam:DetachGroupPolicy",
    "iam:DetachRolePolicy",
    "iam:PutUserPolicy",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:DeleteUserPolicy",
    "iam:DeleteGroupPolicy",
    "iam:DeleteRolePolicy",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:AddUserToGroup",
    "iam:RemoveUserFromGroup",
    "iam:UpdateAssumeRolePolicy",
    "iam:CreateUser",
    "iam:CreateRole",
    "iam:PassRole",
    "iam:PutUserPermissionsBoundary",
    "iam:PutRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:DeleteRolePermissionsBoundary",
    "iam:CreateSAMLProvider",
    "iam:UpdateSAMLProvider",
    "iam:CreateOpenIDConnectProvider",
    "sts:AssumeRole",
    "sts:AssumeRoot",
    "sts:GetFederationToken",
    "sso:AttachManagedPolicyToPermissionSet",
    "sso:CreateAccountAssignment",
    "sso:PutInlinePolicyToPermissionSet",
];

/// Reports each such list once, with every culprit in it.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    // Where the policy grants the removal of a device by name, that grant is the finding.
    let removal_is_told = LazyCell::new(|| cx.analysis.mfa().grants_without_mfa(DEACTIVATE).iter().any(is_singled_out));
    for judged in cx.analysis.mfa().guards() {
        let Some(element) = judged.statement.action.as_ref().filter(|element| element.negated) else { continue };
        let is_told = |action: &str| action == DEACTIVATE && *removal_is_told;
        let culprits: Vec<_> = privileged(element).filter(|(_, action)| !is_told(action)).collect();
        let Some(((first, action), others)) = culprits.split_first() else { continue };
        let finding = sink.report(first.span, message(first, action, others.len())).label(freed(first, action));
        for (other, action) in others {
            finding.related(other.span, freed(other, action));
        }
    }
}

/// The items of a list that match a privileged action, each with the first that it matches.
pub(super) fn privileged<'e, 'a>(element: &'e Element<'a>) -> impl Iterator<Item = (&'e Text<'a>, &'static str)> {
    element.items.iter().filter_map(|item| {
        let freed = PRIVILEGED.iter().find(|action| Pattern::action_matches(item, action) == Truth::Yes)?;
        Some((item, *freed))
    })
}

fn message(item: &Text<'_>, action: &str, others: usize) -> String {
    match others {
        0 => format!("this Deny spares {}, so it can be called without MFA", named(item, action)),
        count => format!(
            "this Deny spares {}, and {count} more like it, so they can be called without MFA",
            named(item, action)
        ),
    }
}

fn freed(item: &Text<'_>, action: &str) -> String {
    if item.text.eq_ignore_ascii_case(action) { "free without MFA".into() } else { format!("frees `{action}`") }
}

fn named(item: &Text<'_>, action: &str) -> String {
    if item.text.eq_ignore_ascii_case(action) {
        format!("`{action}`")
    } else {
        format!("`{}`, which includes `{action}`", item.text)
    }
}
