//! An account that is no account id.

use super::{arns, span};
use crate::policy::{ArnPart, may_be_account};
use crate::rule::{Context, Sink};

/// Reports each part in the place of an account that is neither empty nor twelve digits.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for arn in arns(cx) {
        let Some(account) = arn.literal(ArnPart::Account).filter(|_| arn.is_settled(ArnPart::Account)) else {
            continue;
        };
        if may_be_account(account) {
            continue;
        }
        let is_number = account.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let what = if is_number {
            let digits = account.bytes().filter(u8::is_ascii_digit).count();
            let hyphens = if account.contains('-') { ", with hyphens" } else { "" };
            format!("has {digits} digits{hyphens}")
        } else {
            "is no number".into()
        };
        let message = format!("`{account}` stands where the account is due, and {what}");
        sink.report(span(cx, arn, ArnPart::Account), message);
    }
}
