//! A version of the policy language that does not exist.

use crate::diagnostic::Safety;
use crate::policy::Version;
use crate::rule::{Context, Sink};
use crate::text::Edit;

/// Reports the version.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let Some(span) = cx.policy.version_span.filter(|_| cx.policy.version == Version::Invalid) else { return };
    let written = cx.source.slice(span).trim_matches('"');
    let message = format!("there is no version `{written}` of the policy language, so IAM rejects the policy");
    let edit = Edit { span, text: "\"2012-10-17\"".into() };
    sink.report(span, message).fix("use version `2012-10-17`", Safety::Unsafe, vec![edit]);
}
