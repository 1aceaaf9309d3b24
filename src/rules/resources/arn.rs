//! An ARN as a policy has it: with wildcards, variables and holes.

use crate::catalog::ArnPattern;
use crate::policy::{PartKind, Text};
use crate::rule::Context;
use crate::syntax::part_span;
use crate::text::Span;
use std::ops::Range;

/// A part of an ARN, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Partition = 1,
    Service = 2,
    Region = 3,
    Account = 4,
    Resource = 5,
}

/// An ARN of six parts.
pub(super) struct Arn<'p> {
    pub(super) text: &'p Text<'p>,
    parts: [Range<usize>; 6],
}

impl<'p> Arn<'p> {
    /// `None` where it does not begin with `arn:`, or has fewer than six parts. Colons of a variable or hole do not
    /// separate.
    pub(super) fn new(text: &'p Text<'p>) -> Option<Self> {
        let whole = &*text.text;
        whole.strip_prefix("arn:")?;
        let is_open =
            |at: usize| !text.parts.iter().any(|part| part.kind != PartKind::Literal && part.range.contains(&at));
        let mut colons = memchr::memchr_iter(b':', whole.as_bytes()).filter(|at| is_open(*at));
        let mut parts: [Range<usize>; 6] = Default::default();
        let mut start = 0;
        for part in parts.iter_mut().take(5) {
            let end = colons.next()?;
            (*part, start) = (start..end, end + 1);
        }
        parts[5] = start..whole.len();
        Some(Self { text, parts })
    }

    pub(super) fn part(&self, part: Part) -> &'p str {
        &self.text.text[self.parts[part as usize].clone()]
    }

    /// The part, if all of it is known: no wildcard, no variable, no hole.
    pub(super) fn literal(&self, part: Part) -> Option<&'p str> {
        let range = &self.parts[part as usize];
        let known = !self.text.parts.iter().any(|special| {
            special.kind != PartKind::Literal && special.range.start < range.end && range.start < special.range.end
        });
        Some(self.part(part)).filter(|text| known && !text.contains(['*', '?']))
    }

    /// Whether all parts before it are where they seem to be: a `*` at the end of a part may reach beyond the colon,
    /// and a hole may contain one.
    pub(super) fn is_settled(&self, part: Part) -> bool {
        let before = &self.text.text[..self.parts[part as usize].start];
        let hole =
            |special: &crate::policy::Part| special.kind != PartKind::Literal && special.range.end <= before.len();
        !before.contains("*:") && !self.text.parts.iter().any(hole)
    }

    /// The place of a part, or of the whole where the part is empty.
    pub(super) fn span(&self, cx: &Context<'_>, part: Part) -> Span {
        let range = self.parts[part as usize].clone();
        if range.is_empty() {
            return self.text.span;
        }
        part_span(cx.source.slice(self.text.span), self.text.span, range)
    }
}

/// What may stand between the colons where an account is due. A word in capitals, or one that says what it stands for
/// (`account-id`), is to be filled in by the reader.
pub(super) fn may_be_account(text: &str) -> bool {
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let placeholder = text.bytes().any(|byte| byte.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'));
    digits
        || placeholder
        || text.to_ascii_lowercase().contains("account")
        || matches!(text, "" | "aws" | "aws-managed" | "aws-marketplace" | "cloudfront")
}

/// The pattern that a text is, where anything may stand in place of its holes and variables. `None` where it cannot
/// be told apart, so that there is nothing to be said of it.
pub(super) fn pattern(text: &Text<'_>) -> Option<ArnPattern> {
    let mut widest = String::with_capacity(text.text.len());
    for (part, kind) in text.all_parts() {
        widest.push_str(match kind {
            PartKind::Literal => part,
            PartKind::Escape => "?",
            PartKind::Variable | PartKind::Hole => "*",
        });
    }
    // What ends in a separator was meant as the start of something; AWS's own names may be empty there.
    if widest.ends_with(['/', ':']) {
        widest.push('*');
    }
    let account = crate::catalog::arn_parts(&widest)[Part::Account as usize].unwrap_or("*");
    let is_settled = !account.contains('/') && (account.contains(['*', '?']) || may_be_account(account));
    ArnPattern::parse(&widest).filter(|_| is_settled && widest.starts_with("arn:"))
}
