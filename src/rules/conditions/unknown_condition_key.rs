//! A condition key or policy variable that does not exist.

use crate::access::mfa::MfaKey;
use crate::catalog::{GLOBAL_KEYS, global_key};
use crate::diagnostic::Safety;
use crate::policy::{PartKind, Text, variable_key};
use crate::rule::{Context, Sink};
use crate::suggest::nearest;
use crate::syntax::part_span;
use crate::text::{Edit, Span};

/// Reports each key that begins with `aws:` and is none of AWS's, wherever it stands, and each that can only have
/// been meant as an MFA key.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        for condition in statement.conditions.iter().filter(|condition| condition.key_known) {
            if is_unknown(condition.key) {
                report_key(sink, condition.key, condition.key_span);
            }
            for value in &condition.values {
                check_variables(cx, sink, &value.text);
            }
        }
        for item in statement.resource.iter().flat_map(|element| &element.items) {
            check_variables(cx, sink, item);
        }
    }
}

fn is_unknown(key: &str) -> bool {
    let is_global = key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
    if is_global { global_key(key).is_none() } else { MfaKey::exact(key).is_none() && MfaKey::meant(key).is_some() }
}

fn report_key(sink: &mut Sink, key: &str, span: Span) {
    let finding = sink.report(span, format!("there is no condition key `{key}`, so no request ever carries it"));
    if let Some(meant) = meant(key) {
        finding.help(format!("did you mean `{meant}`?"));
        // A tag key is not ours to invent.
        if !meant.ends_with('/') {
            let edit = Edit { span, text: format!("\"{meant}\"") };
            finding.fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
        }
    }
}

fn check_variables(cx: &Context<'_>, sink: &mut Sink, text: &Text<'_>) {
    for part in text.parts.iter().filter(|part| part.kind == PartKind::Variable) {
        let key = variable_key(&text.text[part.range.clone()]);
        if is_unknown(key) {
            let span = part_span(cx.source.slice(text.span), text.span, part.range.clone());
            let finding = sink.report(span, format!("there is no key `{key}`, so this variable never has a value"));
            if let Some(meant) = meant(key) {
                finding.help(format!("did you mean `{meant}`?"));
            }
        }
    }
}

fn meant(key: &str) -> Option<&'static str> {
    if let Some(key) = MfaKey::meant(key) {
        return Some(key.name());
    }
    // A tag's name may be anything, so a key that takes one is compared without it.
    let folded = key.to_ascii_lowercase();
    let stem = folded.split_once('/').map_or(folded.clone(), |(stem, _)| format!("{stem}/"));
    nearest(&stem, GLOBAL_KEYS.iter().map(|key| key.name))
        .or_else(|| nearest(&format!("{folded}/"), GLOBAL_KEYS.iter().map(|key| key.name)))
}
