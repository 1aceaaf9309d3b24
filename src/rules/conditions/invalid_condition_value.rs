//! A value that the operator cannot read, or that no request ever carries in that key.

use crate::access::evaluate::is_readable;
use crate::catalog::{Catalog, ConditionKey, KeyType};
use crate::diagnostic::{Safety, Severity};
use crate::policy::{Arn, ArnPart, Base, Condition, Family, JsonType, Scalar, has_wildcard};
use crate::rule::{Context, Sink};
use crate::suggest::distance_within;
use crate::syntax::part_span;
use crate::text::Edit;

use super::known_key;
use super::mismatched_operator_type::is_mismatch;

/// Reports each value that its operator cannot read; and, of those compared as text, account ids and service
/// principals that are none.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for condition in cx.policy.statements.iter().flat_map(|statement| &statement.conditions) {
        let Some(operator) = condition.operator else { continue };
        check_arns(cx, sink, condition);
        match operator.base.family() {
            Family::String => check_text(cx, sink, condition),
            // A value of the key's own type is right, and the operator is not, which is a finding of its own.
            family if known_key(cx, condition).is_some_and(|key| is_mismatch(key, family)) => {}
            family => {
                for value in known_values(condition).filter(|value| !reads(family, &value.text.text)) {
                    report_unreadable(sink, condition, family, value);
                }
            }
        }
    }
}

/// The values of which nothing is filled in, by a template or by AWS.
fn known_values<'c>(condition: &'c Condition<'_>) -> impl Iterator<Item = &'c Scalar<'c>> {
    // What is no number of JSON's is a syntax error, and told as such.
    let is_json = |value: &&Scalar<'_>| value.json != JsonType::Number || is_json_number(&value.text.text);
    condition.values.iter().filter(|value| value.text.is_literal() && value.json != JsonType::Hole).filter(is_json)
}

fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let leading_zero = digits.first() == Some(&b'0') && digits.get(1).is_some_and(u8::is_ascii_digit);
    digits.first().is_some_and(u8::is_ascii_digit) && !leading_zero && text.parse::<f64>().is_ok()
}

fn reads(family: Family, text: &str) -> bool {
    match family {
        Family::Arn => may_be_arn(text),
        // Some readers of dates do without a zone, and nobody says whether AWS's does.
        Family::Date => is_readable(family, text) || is_readable(family, &format!("{text}Z")),
        _ => is_readable(family, text),
    }
}

/// Parts that are left out are given the benefit of the doubt where a wildcard may stand for them.
fn may_be_arn(text: &str) -> bool {
    let first = text.split(':').next().unwrap_or_default();
    let begins_as_one = match first.find(['*', '?']) {
        Some(wildcard) => "arn".starts_with(&first[..wildcard]),
        None => first == "arn",
    };
    begins_as_one && (has_wildcard(text) || is_readable(Family::Arn, text))
}

fn report_unreadable(sink: &mut Sink, condition: &Condition<'_>, family: Family, value: &Scalar<'_>) {
    let (what, help) = match family {
        Family::Numeric => ("a number", "write a number such as `3600` or `0.5`, without a unit"),
        Family::Date => ("a date", "write a date such as `2026-01-31T00:00:00Z`, or a number of seconds since 1970"),
        Family::IpAddress => ("an IP address or CIDR block", "write an address, or a block such as `192.0.2.0/24`"),
        Family::Binary => ("base64", "encode the value in base64"),
        Family::Arn => ("an ARN", "write all six parts: `arn:partition:service:region:account:resource`"),
        Family::Bool | Family::Null | Family::String => ("`true` or `false`", "write `true` or `false`"),
    };
    let (text, operator) = (&value.text.text, condition.operator_text);
    let message = format!("`{text}` is not {what}, which is all that `{operator}` knows, so it never matches");
    sink.report(value.text.span, message).help(help);
}

/// Reports, where the key holds ARNs, each in whose account's place is a number that is none, and what is compared as
/// text and is no ARN.
fn check_arns<'c>(cx: &Context<'c>, sink: &mut Sink, condition: &Condition<'c>) {
    let Some(key) = known_key(cx, condition).filter(|key| key.key_type() == KeyType::Arn) else { return };
    for value in known_values(condition) {
        if key.is_global() && compares_text(condition) && is_part_of_arn(&value.text.text) {
            let message = format!("`{}` is no ARN, so `{}` never equals it", value.text.text, condition.key);
            let finding = sink.report(value.text.span, message).severity(Severity::Warning);
            finding.help("write all six parts: `arn:partition:service:region:account:resource`");
            continue;
        }
        let Some(arn) = Arn::new(&value.text).filter(|arn| arn.is_settled(ArnPart::Account)) else { continue };
        let Some(account) = arn.literal(ArnPart::Account).filter(|account| may_be_mistyped(account)) else { continue };
        let span = part_span(cx.source.slice(value.text.span), value.text.span, arn.range(ArnPart::Account));
        let message = format!("`{account}` is no account id, so `{}` never has such an ARN", condition.key);
        let finding = sink.report(span, message).severity(Severity::Warning);
        finding.help(format!("an account id has 12 digits, and this one {}", account.len()));
    }
}

fn compares_text(condition: &Condition<'_>) -> bool {
    condition.operator.is_some_and(|operator| operator.base.family() == Family::String)
}

/// Whether it is an account id, or a resource's type and name (`role/x`), without the rest of its ARN. A lone word is to
/// be filled in by the reader more often than it is a mistake.
fn is_part_of_arn(text: &str) -> bool {
    let is_resource = text.split_once('/').is_some_and(|(kind, _)| {
        !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    });
    is_account(text) || is_resource && !has_wildcard(text)
}

fn may_be_mistyped(account: &str) -> bool {
    !account.is_empty() && account.len() != 12 && account.bytes().all(|byte| byte.is_ascii_digit())
}

fn check_text<'c>(cx: &Context<'c>, sink: &mut Sink, condition: &Condition<'c>) {
    let Some(key) = known_key(cx, condition) else { return };
    let Some(what) = what_it_holds(key) else { return };
    let takes_wildcards =
        condition.operator.is_some_and(|operator| matches!(operator.base, Base::StringLike | Base::StringNotLike));
    for value in known_values(condition) {
        // A wildcard where there is none is another rule's business.
        if value.text.text.contains('*') || (takes_wildcards && value.text.text.contains('?')) {
            continue;
        }
        match what {
            Holds::Account => check_account(sink, condition, value),
            Holds::ServicePrincipal => check_principal(cx.catalog, sink, condition, value),
        }
    }
}

/// What the values of a text key are.
#[derive(Clone, Copy)]
enum Holds {
    Account,
    ServicePrincipal,
}

/// Keys that hold account ids.
pub(super) const ACCOUNT_KEYS: [&str; 6] = [
    "aws:PrincipalAccount",
    "aws:ResourceAccount",
    "aws:SourceAccount",
    "aws:VpceAccount",
    "kms:CallerAccount",
    "s3:ResourceAccount",
];

/// Keys that hold names such as `lambda.amazonaws.com`. Those of `kms:ViaService` have a region in them.
const PRINCIPAL_KEYS: [&str; 7] = [
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "iam:AWSServiceName",
    "iam:PassedToService",
];

fn what_it_holds(key: ConditionKey<'_>) -> Option<Holds> {
    if ACCOUNT_KEYS.contains(&key.name()) {
        return Some(Holds::Account);
    }
    PRINCIPAL_KEYS.contains(&key.name()).then_some(Holds::ServicePrincipal)
}

/// Words are placeholders more often than mistakes; what is made of digits was meant as an account, and an ARN is none.
fn check_account(sink: &mut Sink, condition: &Condition<'_>, value: &Scalar<'_>) {
    let text = &*value.text.text;
    if let Some(arn) = Arn::new(&value.text) {
        let message = format!("`{text}` is an ARN and no account id, so `{}` never equals it", condition.key);
        let finding = sink.report(value.text.span, message);
        match arn.literal(ArnPart::Account).filter(|account| is_account(account)) {
            Some(account) => finding.help(format!("write `{account}`")),
            None => finding.help("an account id has 12 digits"),
        };
        return;
    }
    let is_separator = |byte: u8| b"- ".contains(&byte);
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || is_separator(byte));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !is_number || digits == 0 || is_account(text) {
        return;
    }
    let message = format!("`{text}` is no account id, so `{}` never equals it", condition.key);
    let finding = sink.report(value.text.span, message);
    match value.json {
        JsonType::Number => finding.help("an account id has 12 digits; in quotes it keeps its leading zeros"),
        _ if digits == 12 => finding.help("write the 12 digits without anything between them"),
        _ => finding.help(format!("an account id has 12 digits, and this one {digits}")),
    };
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A principal that is not known may still exist, so only what is a known one but for a slip is reported.
fn check_principal(catalog: &Catalog, sink: &mut Sink, condition: &Condition<'_>, value: &Scalar<'_>) {
    let text = &*value.text.text;
    let Some(meant) = principal_meant(catalog, text) else { return };
    let ignores_case = condition.operator.is_some_and(|operator| {
        matches!(operator.base, Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase)
    });
    if ignores_case && meant.eq_ignore_ascii_case(text) {
        return;
    }
    let message = format!("there is no service principal `{text}`, so `{}` never equals it", condition.key);
    let edit = Edit { span: value.text.span, text: format!("\"{meant}\"") };
    let finding = sink.report(value.text.span, message).severity(Severity::Warning);
    finding.help(format!("did you mean `{meant}`?")).fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
}

const SUFFIX: &str = "amazonaws.com";

/// The service principal that was meant by what is none: in other case, without its suffix, with a wrong one, or with
/// a slip in the service's name.
fn principal_meant(catalog: &Catalog, text: &str) -> Option<String> {
    let folded = text.to_ascii_lowercase();
    if catalog.is_service_principal(&folded) {
        return (folded != text).then_some(folded);
    }
    let (label, rest) = folded.split_once('.').unwrap_or((&folded, ""));
    let with_suffix = format!("{label}.{SUFFIX}");
    if rest == SUFFIX {
        // A short name has too many neighbours, and a service of that name will have its principal.
        let may_be_slip = label.len() >= 5 && catalog.service(label).is_none();
        let near = |known: &&str| distance_within(known, &folded, 1) == Some(1);
        return catalog.service_principals().filter(|_| may_be_slip).find(near).map(str::to_owned);
    }
    let is_host = catalog.partitions().any(|partition| rest.ends_with(partition.dns_suffix()));
    let is_wrong_suffix = rest.is_empty()
        || ["amazon.com", "aws.com", "aws.amazon.com"].contains(&rest)
        || distance_within(rest, SUFFIX, 2).is_some();
    (!is_host && is_wrong_suffix && catalog.is_service_principal(&with_suffix)).then_some(with_suffix)
}
