//! An effect that is neither `Allow` nor `Deny`.

use crate::diagnostic::Safety;
use crate::rule::{Context, Sink};
use crate::suggest::nearest;
use crate::text::Edit;

use super::{literal, member};

const EFFECTS: [&str; 2] = ["Allow", "Deny"];

/// Reports each such effect. Case matters here, unlike in most of the language.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    for statement in &cx.policy.statements {
        let Some(effect) = member(statement.node, "Effect").map(|member| &member.value) else { continue };
        let Some(text) = literal(effect).filter(|text| !EFFECTS.contains(text)) else { continue };
        let finding = sink.report(effect.span, format!("`{text}` is not an effect, so IAM rejects the policy"));
        if let Some(meant) = nearest(text, EFFECTS) {
            let edit = Edit { span: effect.span, text: format!("\"{meant}\"") };
            finding.help(format!("did you mean `{meant}`?")).fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
        }
    }
}
