//! An ARN as a policy has it: with wildcards, variables and holes.

use super::model::{PartKind, Text};
use super::pattern::has_wildcard;
use crate::catalog::{ArnPattern, arn_parts};
use std::borrow::Cow;
use std::ops::Range;

/// A part of an ARN, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArnPart {
    /// `aws`.
    Partition = 1,
    /// `s3`.
    Service = 2,
    /// `eu-west-1`; often empty.
    Region = 3,
    /// `123456789012`; often empty.
    Account = 4,
    /// All that is left.
    Resource = 5,
}

/// An ARN of six parts.
#[derive(Debug)]
pub struct Arn<'p> {
    /// The text that it is.
    pub text: &'p Text<'p>,
    parts: [Range<usize>; 6],
}

impl<'p> Arn<'p> {
    /// `None` where it does not begin with `arn:`, or has fewer than six parts. Colons of a variable or hole do not
    /// separate.
    pub fn new(text: &'p Text<'p>) -> Option<Self> {
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

    /// A part's bytes within the text.
    pub fn range(&self, part: ArnPart) -> Range<usize> {
        self.parts[part as usize].clone()
    }

    /// A part, as written.
    pub fn part(&self, part: ArnPart) -> &'p str {
        &self.text.text[self.range(part)]
    }

    /// The part, if all of it is known: no wildcard, no variable, no hole.
    pub fn literal(&self, part: ArnPart) -> Option<&'p str> {
        let range = self.range(part);
        let known = !self.text.parts.iter().any(|special| {
            special.kind != PartKind::Literal && special.range.start < range.end && range.start < special.range.end
        });
        Some(self.part(part)).filter(|text| known && !has_wildcard(text))
    }

    /// Whether all parts before it are where they seem to be: a `*` at the end of a part may reach beyond the colon,
    /// and a hole may contain one.
    pub fn is_settled(&self, part: ArnPart) -> bool {
        let before = &self.text.text[..self.range(part).start];
        let hole =
            |special: &super::model::Part| special.kind != PartKind::Literal && special.range.end <= before.len();
        let mut stars = memchr::memchr_iter(b'*', before.as_bytes());
        !stars.any(|at| before.as_bytes().get(at + 1) == Some(&b':')) && !self.text.parts.iter().any(hole)
    }
}

/// What may stand between the colons where an account is due. A word in capitals, or one that says what it stands for
/// (`account-id`), is to be filled in by the reader.
pub fn may_be_account(text: &str) -> bool {
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits || stands_for_account(text) || matches!(text, "" | "aws" | "aws-managed" | "aws-marketplace" | "cloudfront")
}

/// Whether the reader is to put an account in the place of `text`: `ACCOUNT-B-ID`, `account-id-without-hyphens`.
pub(super) fn stands_for_account(text: &str) -> bool {
    let shouts = text.bytes().any(|byte| byte.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'));
    shouts || text.as_bytes().windows(7).any(|word| word.eq_ignore_ascii_case(b"account"))
}

/// The pattern of ARNs that a resource is, where anything may stand in place of its holes and variables. `None` where
/// it cannot be told apart with certainty, so that there is nothing to be said of it.
pub fn arn_pattern(text: &Text<'_>) -> Option<ArnPattern> {
    /// No ARN that AWS gives out is longer.
    const LONGEST: usize = 2048;
    if text.text.len() > LONGEST {
        return None;
    }
    let widen = |(part, kind)| match kind {
        PartKind::Literal => part,
        PartKind::Escape => "?",
        PartKind::Variable | PartKind::Hole => "*",
    };
    let mut widest: Cow<'_, str> = match text.is_literal() {
        true => Cow::Borrowed(&*text.text),
        false => text.all_parts().map(widen).collect(),
    };
    // What ends in a separator was meant as the start of something; AWS's own names may be empty there.
    if widest.ends_with(['/', ':']) {
        widest.to_mut().push('*');
    }
    if !widest.starts_with("arn:") {
        return None;
    }
    let parts = arn_parts(&widest);
    let account = parts[ArnPart::Account as usize].unwrap_or("*");
    let is_settled = !account.contains('/') && (has_wildcard(account) || may_be_account(account));
    ArnPattern::of_parts(parts).filter(|_| is_settled)
}
