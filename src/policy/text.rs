//! What the parts of a policy's string are: literal text, policy variables, and holes.

use super::arn::stands_for_account;
use super::model::{Part, PartKind, Text};
use super::placeholder;
use crate::catalog;
use crate::text::Span;
use std::borrow::Cow;
use std::ops::Range;

/// Who will fill in the string before AWS sees it, as far as it changes what `${…}` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// The text as it stands, or some template engine's.
    Plain,
    /// The argument of `Fn::Sub`, where `${!…}` escapes.
    Sub,
}

impl<'t> Text<'t> {
    /// Takes `text`, which stands at `span`, apart.
    pub(super) fn new(text: Cow<'t, str>, span: Span, dialect: Dialect) -> Self {
        let parts = parts(&text, dialect);
        Self { text, span, parts }
    }

    /// A text that stands for itself, wildcards included.
    pub fn literal(text: impl Into<Cow<'t, str>>, span: Span) -> Self {
        Self { text: text.into(), span, parts: Box::new([]) }
    }

    /// A text of which nothing is known.
    pub(super) fn hole(text: impl Into<Cow<'t, str>>, span: Span) -> Self {
        let text = text.into();
        let parts = Box::new([Part { range: 0..text.len(), kind: PartKind::Hole }]);
        Self { text, span, parts }
    }

    /// The parts; a text that is all literal has one.
    pub fn all_parts(&self) -> impl Iterator<Item = (&str, PartKind)> {
        let whole = self.parts.is_empty().then_some((&*self.text, PartKind::Literal));
        let each = self.parts.iter().map(|part| (&self.text[part.range.clone()], part.kind));
        whole.into_iter().chain(each)
    }

    /// The text with something in place of its holes.
    pub fn filled(&self, mut with: impl FnMut(&str) -> String) -> Text<'static> {
        let (mut text, mut parts) = (String::new(), Vec::new());
        for (part, kind) in self.all_parts() {
            let start = text.len();
            let kind = match kind {
                PartKind::Hole => {
                    text.push_str(&with(part));
                    PartKind::Literal
                }
                kind => {
                    text.push_str(part);
                    kind
                }
            };
            parts.push(Part { range: start..text.len(), kind });
        }
        if parts.iter().all(|part| part.kind == PartKind::Literal) {
            parts.clear();
        }
        Text { text: Cow::Owned(text), span: self.span, parts: parts.into() }
    }

    /// Whether the whole of it is known, character by character.
    pub fn is_literal(&self) -> bool {
        self.parts.is_empty()
    }
}

/// Whether holes with this text are filled in alike. All calls of a function are written alike here, and each `%s` of a
/// format string stands for another argument.
pub fn is_named_hole(hole: &str) -> bool {
    let is_positional = hole.len() == 2 && hole.starts_with('%');
    !hole.is_empty() && !is_positional && !hole.starts_with("{Fn")
}

/// The key that a variable stands for, without braces, escapes and default: `aws:username`.
pub fn variable_key(part: &str) -> &str {
    let inner = variable_body(part);
    inner.split_once(',').map_or(inner, |(key, _)| key).trim()
}

/// The default of a variable, `${key, 'default'}`.
pub fn variable_default(part: &str) -> Option<&str> {
    let (_, default) = variable_body(part).split_once(',')?;
    default.trim().strip_prefix('\'')?.strip_suffix('\'')
}

fn variable_body(part: &str) -> &str {
    let inner = part.find('{').map_or(part, |open| &part[open + 1..]);
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    inner.strip_prefix('!').unwrap_or(inner)
}

/// Prefixes that the Serverless Framework resolves itself.
const SERVERLESS_PREFIXES: &[&str] = &["self", "opt", "env", "param", "sls", "cf", "file", "git", "ssm"];

/// The offset of the first byte that every variable and hole has at its beginning, or near it. Most strings have none.
pub(super) fn first_mark(bytes: &[u8]) -> Option<usize> {
    const MARKS: [bool; 256] = {
        let mut marks = [false; 256];
        let (listed, mut at) = (b"{<[$%@_", 0);
        while at < listed.len() {
            marks[listed[at] as usize] = true;
            at += 1;
        }
        marks
    };
    bytes.iter().position(|byte| MARKS[*byte as usize])
}

fn parts(text: &str, dialect: Dialect) -> Box<[Part]> {
    let mut parts: Vec<Part> = Vec::new();
    let mut literal_from = 0;
    let mut at = 0;
    while let Some(offset) = first_mark(&text.as_bytes()[at..]) {
        let open = at + offset;
        let Some((range, kind)) = special(text, open, dialect).filter(|(range, _)| range.start >= literal_from) else {
            at = open + 1;
            continue;
        };
        if literal_from < range.start {
            parts.push(Part { range: literal_from..range.start, kind: PartKind::Literal });
        }
        at = range.end;
        literal_from = range.end;
        parts.push(Part { range, kind });
    }
    if literal_from < text.len() && !parts.is_empty() {
        parts.push(Part { range: literal_from..text.len(), kind: PartKind::Literal });
    }
    if !hide_account(text, &mut parts) && parts.iter().all(|part| part.kind == PartKind::Literal) {
        parts.clear();
    }
    parts.into_boxed_slice()
}

/// Makes a hole of the account of an ARN that has a word such as `ACCOUNT-B-ID` there, and says whether it did.
fn hide_account(text: &str, parts: &mut Vec<Part>) -> bool {
    let end = match parts.first() {
        None => text.len(),
        Some(first) if first.kind == PartKind::Literal => first.range.end,
        Some(_) => return false,
    };
    let known = &text[..end];
    if !known.starts_with("arn:") {
        return false;
    }
    let mut colons = memchr::memchr_iter(b':', known.as_bytes());
    let Some((before, after)) = colons.nth(3).zip(colons.next()) else { return false };
    let account = before + 1..after;
    if !stands_for_account(&known[account.clone()]) {
        return false;
    }
    let pieces = [
        (0..account.start, PartKind::Literal),
        (account.clone(), PartKind::Hole),
        (account.end..end, PartKind::Literal),
    ];
    let first = ..parts.len().min(1);
    parts.splice(first, pieces.into_iter().map(|(range, kind)| Part { range, kind }));
    true
}

/// The variable or hole whose bracket or sign stands at `open`, if there is one.
fn special(text: &str, open: usize, dialect: Dialect) -> Option<(Range<usize>, PartKind)> {
    let bytes = text.as_bytes();
    let before = |count: usize| open.checked_sub(count).map(|at| bytes[at]);
    match bytes[open] {
        sign if placeholder::is_sign(sign) => Some((placeholder::signed(text, open)?, PartKind::Hole)),
        b'<' if bytes.get(open + 1) == Some(&b'%') => doubled(text, open, "<%", "%>"),
        b'<' => {
            let end = text[open..].find(['>', '\n'])? + open;
            let named = bytes[end] == b'>' && text[open + 1..end].contains(|c: char| c.is_ascii_alphanumeric());
            named.then_some((open..end + 1, PartKind::Hole))
        }
        b'[' => doubled(text, open, "[[", "]]").or_else(|| Some((placeholder::bracketed(text, open)?, PartKind::Hole))),
        _ if before(1) == Some(b'$') => {
            let end = closing_brace(text, open)?;
            let body = &text[open + 1..end - 1];
            let kind = dollar(body, before(2) == Some(b'$'), dialect);
            let start = if before(2) == Some(b'$') { open - 2 } else { open - 1 };
            Some((start..end, kind))
        }
        _ if before(1) == Some(b'&') => {
            let end = closing_brace(text, open)?;
            is_variable(&text[open + 1..end - 1]).then_some((open - 1..end, PartKind::Variable))
        }
        _ if matches!(before(1), Some(b'%' | b'#')) => Some((open - 1..closing_brace(text, open)?, PartKind::Hole)),
        _ => doubled(text, open, "{{{", "}}}")
            .or_else(|| doubled(text, open, "{{", "}}"))
            .or_else(|| doubled(text, open, "{%", "%}")),
    }
}

fn doubled(text: &str, open: usize, from: &str, to: &str) -> Option<(Range<usize>, PartKind)> {
    let rest = text[open..].strip_prefix(from)?;
    let end = open + from.len() + rest.find(to)? + to.len();
    Some((open..end, PartKind::Hole))
}

/// What `${body}` is.
fn dollar(body: &str, doubled: bool, dialect: Dialect) -> PartKind {
    let escaped = dialect == Dialect::Sub && body.starts_with('!');
    let body = if escaped { &body[1..] } else { body };
    let ours = dialect == Dialect::Plain || escaped || doubled;
    if matches!(body, "*" | "?" | "$") {
        PartKind::Escape
    } else if ours && is_variable(body) {
        PartKind::Variable
    } else {
        PartKind::Hole
    }
}

/// Whether AWS, and not some template engine, resolves `${body}`: `prefix:name`, perhaps with a default, where the
/// prefix is `aws`, a service's, `saml` or another of which no list is complete, or the host name of an identity
/// provider.
fn is_variable(body: &str) -> bool {
    let key = body.split_once(',').map_or(body, |(key, _)| key).trim();
    let Some((prefix, name)) = key.split_once(':') else { return false };
    let plain = |text: &str| !text.is_empty() && !text.contains(['$', '{', '(', '"', ' ']);
    if name.starts_with(':') || !plain(name) || !plain(prefix) || SERVERLESS_PREFIXES.contains(&prefix) {
        return false;
    }
    prefix.contains('.')
        || prefix.eq_ignore_ascii_case("aws")
        || catalog::OPEN_ENDED_PREFIXES.iter().any(|known| prefix.eq_ignore_ascii_case(known))
        || catalog::is_service(prefix)
}

/// The offset just past the `}` that closes the `{` at `open`. Nested braces count; quoted ones do not matter
/// enough to be told apart.
fn closing_brace(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for at in memchr::memchr2_iter(b'{', b'}', &text.as_bytes()[open..]) {
        if text.as_bytes()[open + at] == b'{' {
            depth += 1;
        } else {
            depth -= 1;
            if depth == 0 {
                return Some(open + at + 1);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(dialect: Dialect, text: &str, expected: &[(&str, char)]) {
        let text = Text::new(Cow::Borrowed(text), Span::at(0), dialect);
        let found: Vec<(&str, char)> = text
            .all_parts()
            .map(|(part, kind)| match kind {
                PartKind::Literal => (part, 'l'),
                PartKind::Variable => (part, 'v'),
                PartKind::Escape => (part, 'e'),
                PartKind::Hole => (part, 'h'),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn strings_come_apart() {
        let plain = |text: &str, expected: &[(&str, char)]| check(Dialect::Plain, text, expected);
        plain("s3:Get*", &[("s3:Get*", 'l')]);
        plain("", &[("", 'l')]);
        plain("user/${aws:username}", &[("user/", 'l'), ("${aws:username}", 'v')]);
        plain("${aws:PrincipalTag/team, 'none'}", &[("${aws:PrincipalTag/team, 'none'}", 'v')]);
        plain("a${*}b", &[("a", 'l'), ("${*}", 'e'), ("b", 'l')]);
        plain("${bucket}/x", &[("${bucket}", 'h'), ("/x", 'l')]);
        plain("${AWS::AccountId}", &[("${AWS::AccountId}", 'h')]);
        plain("${self:custom.x}${opt:stage}", &[("${self:custom.x}", 'h'), ("${opt:stage}", 'h')]);
        plain("$${aws:username}", &[("$${aws:username}", 'v')]);
        plain("&{aws:username}", &[("&{aws:username}", 'v')]);
        plain("R&D {x}", &[("R&D {x}", 'l')]);
        plain("<ACCOUNT_ID>:x", &[("<ACCOUNT_ID>", 'h'), (":x", 'l')]);
        plain("a < b", &[("a < b", 'l')]);
        plain("{{ .X }}%{y}[[z]]", &[("{{ .X }}", 'h'), ("%{y}", 'h'), ("[[z]]", 'h')]);
        plain("{{{ x }}}<%= a > b %>c", &[("{{{ x }}}", 'h'), ("<%= a > b %>", 'h'), ("c", 'l')]);
        plain("[ab]", &[("[ab]", 'l')]);
        plain("x:[MAX_AGE]", &[("x:", 'l'), ("[MAX_AGE]", 'h')]);
        plain("${jsonencode({a = 1})}-", &[("${jsonencode({a = 1})}", 'h'), ("-", 'l')]);
        plain("${accounts.google.com:sub}", &[("${accounts.google.com:sub}", 'v')]);
        plain("${credentials-iot:ThingName}", &[("${credentials-iot:ThingName}", 'v')]);
        plain("${unclosed", &[("${unclosed", 'l')]);
        plain("$BUCKET_ARN/*", &[("$BUCKET_ARN", 'h'), ("/*", 'l')]);
        plain("$OIDC:sub", &[("$OIDC", 'h'), (":sub", 'l')]);
        plain("a/$NS$SA", &[("a/", 'l'), ("$NS", 'h'), ("$SA", 'h')]);
        plain("$(aws sts get (x)):r", &[("$(aws sts get (x))", 'h'), (":r", 'l')]);
        plain("f:$LATEST_ONE", &[("f:", 'l'), ("$LATEST_ONE", 'h')]);
        plain("%s/%[1]s%v", &[("%s", 'h'), ("/", 'l'), ("%[1]s", 'h'), ("%v", 'h')]);
        plain("%(bucket)s-%1$s-%d", &[("%(bucket)s", 'h'), ("-", 'l'), ("%1$s", 'h'), ("-", 'l'), ("%d", 'h')]);
        plain("@BUCKET@/*", &[("@BUCKET@", 'h'), ("/*", 'l')]);
        plain("%BUCKET%-x", &[("%BUCKET%", 'h'), ("-x", 'l')]);
        plain("x-__A_B__-y", &[("x-", 'l'), ("__A_B__", 'h'), ("-y", 'l')]);
        plain("__AB____CD__", &[("__AB__", 'h'), ("__CD__", 'h')]);
        plain("$BUCKET${aws:username}", &[("$BUCKET", 'h'), ("${aws:username}", 'v')]);
        plain("arn:aws:iam::123456789012:root", &[("arn:aws:iam::123456789012:root", 'l')]);
        plain("arn:aws:s3:::ACCOUNT", &[("arn:aws:s3:::ACCOUNT", 'l')]);
        plain("arn:aws:iam::ACCOUNT-B-ID:root", &[("arn:aws:iam::", 'l'), ("ACCOUNT-B-ID", 'h'), (":root", 'l')]);
        plain(
            "arn:aws:iam::your_account:user/${aws:username}",
            &[("arn:aws:iam::", 'l'), ("your_account", 'h'), (":user/", 'l'), ("${aws:username}", 'v')],
        );
        check(Dialect::Sub, "${Bucket}${!aws:username}", &[("${Bucket}", 'h'), ("${!aws:username}", 'v')]);
        check(Dialect::Sub, "${aws:username}", &[("${aws:username}", 'h')]);
    }

    #[test]
    fn what_aws_writes_itself_is_no_placeholder() {
        for text in [
            "f:$LATEST",
            "f:$LATEST.PUBLISHED",
            "b/$DEFAULT",
            "@connections/$connect",
            "$default",
            "topic/$aws/things/*",
            "US$5",
            "$A",
            "$Bucket",
            "$BUCKETs",
            "$(unclosed",
            "a%20b%2Fc",
            "%C3%A9",
            "%20dashboard",
            "a%d0%b0",
            "%AC%20",
            "100%",
            "50% of",
            "%(unclosed",
            "%[1]x",
            "me@EXAMPLE.COM",
            "@A@",
            "@BUCKET",
            "@bucket@",
            "a__b",
            "my__ROLE__x",
            "A__B__C",
            "__init__",
            "__A",
            "__AB_",
        ] {
            check(Dialect::Plain, text, &[(text, 'l')]);
        }
    }

    #[test]
    fn variables_name_a_key_and_perhaps_a_default() {
        assert_eq!(variable_key("${aws:username}"), "aws:username");
        assert_eq!(variable_key("$${aws:PrincipalTag/a, 'b'}"), "aws:PrincipalTag/a");
        assert_eq!(variable_key("${!aws:userid}"), "aws:userid");
        assert_eq!(variable_default("${aws:PrincipalTag/a, 'b c'}"), Some("b c"));
        assert_eq!(variable_default("${aws:username}"), None);
    }
}
