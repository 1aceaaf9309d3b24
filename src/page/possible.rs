//! Whether the requests of a `[forbid]` can be made at all. A page whose requests never happen forbids nothing.

use crate::access::decide::{Credential, Question};
use crate::access::evaluate::is_readable;
use crate::access::{Policies, may_be_made};
use crate::catalog::{ArnPattern, Catalog, KeyType};
use crate::header::{Problem, Spanned};
use crate::policy::{Family, has_wildcard, lower, recognise};
use crate::syntax;
use crate::text::Span;
use std::net::IpAddr;

/// What is wrong with a resource: that it is no pattern of ARNs, or of such as none of the `actions` work on.
pub(super) fn resource(text: &Spanned<String>, actions: &[&str], catalog: &Catalog) -> Option<Problem> {
    let written = text.value.as_str();
    let parts = written.split(':').count();
    let is_arn = written.starts_with('*') || written.starts_with("arn:") && (parts >= 6 || has_wildcard(written));
    if !is_arn {
        let help = "write an ARN of six parts, as in `arn:aws:s3:::bucket/*`, or `*`";
        return Some(Problem::new(text.span, format!("`{written}` is no resource")).with_help(help));
    }
    let pattern = ArnPattern::parse(written).filter(|_| parts >= 6)?;
    let works_on = |action: &str| {
        let mut types = catalog.expand(action).flat_map(|action| action.resources()).peekable();
        // Of actions that are not known to work on anything, nothing is said.
        types.peek().is_none() || types.any(|used| pattern.may_be(used.resource_type))
    };
    if actions.is_empty() || actions.iter().any(|action| *action == "*" || works_on(action)) {
        return None;
    }
    let which = match actions {
        [one] => format!("`{one}` does not work"),
        _ => "none of the actions works".to_owned(),
    };
    let help = "name the resources that the action works on, or leave `resource` out for all of them";
    Some(Problem::new(text.span, format!("{which} on `{written}`")).with_help(help))
}

/// What is wrong with a value of a key: that it is not of the key's type, so that no request carries it.
pub(super) fn value(key: &str, value: &str, catalog: &Catalog) -> Option<String> {
    let (what, can_be) = match catalog.condition_key(key)?.key_type() {
        KeyType::Bool => ("`true` or `false`", is_readable(Family::Bool, value)),
        KeyType::Numeric => ("a number", is_readable(Family::Numeric, value)),
        KeyType::Date | KeyType::DateOrNumeric => ("a date", is_readable(Family::Date, value)),
        KeyType::IpAddress if key.to_ascii_lowercase().starts_with("aws:") => {
            ("an address, not a range of them", value.parse::<IpAddr>().is_ok())
        }
        KeyType::Arn => ("an ARN", value.starts_with("arn:") && is_readable(Family::Arn, value)),
        _ => return None,
    };
    (!can_be).then(|| format!("`{value}` is never the value of `{key}`, which is {what}"))
}

/// What is wrong with the keys of a question from number `first` on, whose values are at `places`: that no request carries
/// all of them, whoever makes it.
pub(super) fn never_made(
    questions: &[Question<'_>],
    first: usize,
    places: &[Span],
    catalog: &Catalog,
) -> Option<Problem> {
    let question = questions.first().filter(|_| !places.is_empty())?;
    let is_made = |left_out: Option<usize>| {
        questions.iter().any(|question| {
            let mut question = Question { catalog, ..question.clone() };
            left_out.map(|at| question.context.remove(at));
            is_ever_made(&question)
        })
    };
    if is_made(None) {
        return None;
    }
    let at = (first..question.context.len()).rev().find(|at| is_made(Some(*at))).unwrap_or(first);
    let (key, values) = question.context.get(at)?;
    let said = match values.as_slice() {
        [] => format!("is without `{key}`"),
        [value] => format!("carries `{key}` as `{value}`"),
        _ => format!("carries `{key}` so"),
    };
    let message = format!("no request {said}, given what else is said of it: none is forbidden");
    Some(Problem::new(*places.get(at - first)?, message))
}

/// Whether there are such requests of those whom a policy may let in that names everyone, or be attached to.
fn is_ever_made(question: &Question<'_>) -> bool {
    const ATTACHED: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    [ATTACHED, &ATTACHED.replace(r#""Action""#, r#""Principal":"*","Action""#)].iter().any(|text| {
        let tree = syntax::parse(text).0;
        let candidates = recognise(&tree, "policy.json").into_iter();
        candidates.map(|one| lower(one, &tree)).any(|policy| may_be_made(&Policies::Document(&policy), question))
    })
}

/// Why no request has these values of `key` together with what else is said of it: by keys that are written before it,
/// or by the profiles of `question`.
pub(super) fn contradiction(
    key: &str,
    values: &[String],
    earlier: &[(String, Vec<String>)],
    question: &Question<'_>,
) -> Option<String> {
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    if let Some((_, other)) = question.context.iter().find(|(known, _)| is(known)).filter(|(_, own)| own != values) {
        let other = other.first().map_or("", String::as_str);
        return Some(format!("`no-tls` says that `{key}` is `{other}`: no request is forbidden"));
    }
    if earlier.iter().any(|(known, _)| is(known)) {
        return Some(format!("`{key}` is there twice: keys are the same in whatever case"));
    }
    let tells_of_mfa = match () {
        () if question.credentials.is_empty() => false,
        () if is("aws:MultiFactorAuthAge") => !values.is_empty(),
        () if is("aws:MultiFactorAuthPresent") && question.credentials == [Credential::AccessKey] => !values.is_empty(),
        () => is("aws:MultiFactorAuthPresent") && values.iter().any(|value| value.eq_ignore_ascii_case("true")),
    };
    tells_of_mfa.then(|| format!("`when` is about requests made without MFA, which never carry `{key}` so"))
}
