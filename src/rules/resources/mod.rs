//! Resources: ARNs that no resource has, and resources that do not fit the actions of their statement.

pub mod action_needs_star;
pub mod action_without_resource;
pub mod arn_account_not_allowed;
pub mod arn_invalid_account;
pub mod arn_missing_account;
pub mod arn_missing_region;
pub mod arn_region_not_allowed;
pub mod arn_unknown_partition;
pub mod arn_unknown_region;
pub mod arn_unknown_service;
pub mod malformed_arn;
pub mod resource_not_supported;

mod arn;
mod fit;
mod shape;
mod star;

use crate::policy::{Policy, Text};
use arn::Arn;

/// Every item of `Resource` and `NotResource`.
fn items<'p>(policy: &'p Policy<'p>) -> impl Iterator<Item = &'p Text<'p>> {
    policy.statements.iter().filter_map(|statement| statement.resource.as_ref()).flat_map(|element| &element.items)
}

/// Every item that is an ARN of six parts.
fn arns<'p>(policy: &'p Policy<'p>) -> impl Iterator<Item = Arn<'p>> {
    items(policy).filter_map(Arn::new)
}

/// Whether it matches every resource.
fn is_everything(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}
