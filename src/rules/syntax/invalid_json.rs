//! Text that is not JSON, or not in UTF-8.

use super::MOST;
use crate::diagnostic::Safety;
use crate::rule::{FileContext, Sink};
use crate::syntax::{MAX_DEPTH, SyntaxError, SyntaxErrorKind as Kind};
use crate::text::{Edit, Encoding, EncodingError, Span};

/// Reports each error, but what is one habit throughout the file once, and never more than anyone reads.
pub fn check(cx: &FileContext<'_>, sink: &mut Sink) {
    if let Some(error) = cx.encoding {
        return report_encoding(error, sink);
    }
    let errors = cx.errors.iter().filter(|error| !is_allowed(cx, error));
    let mut reported = 0;
    let mut more = Vec::new();
    let mut habits: Vec<Kind> = Vec::new();
    for error in errors {
        let is_habit = is_habit(error.kind);
        if is_habit && habits.contains(&error.kind) {
            continue;
        }
        if is_habit {
            habits.push(error.kind);
        }
        if reported == MOST {
            more.push(error.span);
            continue;
        }
        reported += 1;
        report(cx, error, sink);
    }
    if let Some(next) = more.first() {
        sink.report(*next, format!("and {} more syntax errors", more.len()));
    }
}

/// One finding: at the first bad byte, or at the start where the whole is in another encoding.
fn report_encoding(error: &EncodingError, sink: &mut Sink) {
    let span = match error.encoding {
        Encoding::Unknown => Span::new(error.offset as usize, error.offset as usize + 1),
        _ => Span::default(),
    };
    let (message, help) = match error.encoding {
        Encoding::Unknown => (
            "this is not UTF-8, in which JSON must be; nothing in this file is judged".to_owned(),
            "save the file as UTF-8",
        ),
        wide => (
            format!("the file is in {}, but JSON must be in UTF-8; nothing in it is judged", wide.name()),
            "save it as UTF-8; in PowerShell 5, write with `Out-File -Encoding utf8`",
        ),
    };
    sink.report(span, message).help(help);
}

/// Whether it is a comment of a file that may have comments.
fn is_allowed(cx: &FileContext<'_>, error: &SyntaxError) -> bool {
    error.kind == Kind::Comment && allows_comments(cx) && !cx.source.slice(error.span).starts_with('#')
}

fn allows_comments(cx: &FileContext<'_>) -> bool {
    cx.source.path().ends_with(".jsonc")
}

/// Whether the error is a matter of how the text was written or pasted: where there is one, there are dozens, and
/// one remedy for all.
fn is_habit(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::SingleQuoted
            | Kind::TypographicQuotes
            | Kind::TripleQuotes
            | Kind::StrayWhitespace
            | Kind::UnquotedKey
            | Kind::ConflictMarker
    )
}

fn report(cx: &FileContext<'_>, error: &SyntaxError, sink: &mut Sink) {
    let text = cx.source.slice(error.span);
    let (mut message, help) = match error.kind {
        Kind::Comment if allows_comments(cx) => {
            ("JSON with comments knows no `#`".into(), "write `//` before the comment".into())
        }
        Kind::NotJson if text == "---" => ("`---` begins a YAML document, not JSON".into(), "remove it".into()),
        Kind::NotJson if !cx.tree.documents.is_empty() => {
            let help = "keep the JSON alone: whatever reads this file as JSON does not get past this";
            ("this is not JSON, though JSON comes after it".into(), help.into())
        }
        kind => (message(kind, text), help(kind, text)),
    };
    let count = cx.errors.iter().filter(|other| other.kind == error.kind).count();
    if is_habit(error.kind) && count > 1 {
        let places = if count == 2 { "place" } else { "places" };
        message += &format!("; here and in {} more {places}", count - 1);
    }
    let finding = sink.report(error.span, message);
    finding.help(help);
    match error.kind {
        Kind::TrailingComma | Kind::ExtraComma => {
            let edits = vec![Edit { span: error.span, text: String::new() }];
            finding.fix("remove the comma", Safety::Safe, edits);
        }
        Kind::MissingComma => {
            finding.fix("add the comma", Safety::Safe, vec![Edit { span: error.span, text: ",".into() }]);
        }
        _ => {}
    }
}

/// What is wrong. `text` is what the error covers.
fn message(kind: Kind, text: &str) -> String {
    let shown = shortened(text);
    match kind {
        Kind::Empty => "there is no JSON value in this file".into(),
        Kind::NotJson => "this is not JSON".into(),
        Kind::Comment => "IAM rejects comments".into(),
        Kind::UnterminatedComment => "this comment is never closed, so that all after it is lost".into(),
        Kind::TrailingComma => "IAM rejects a comma after the last item".into(),
        Kind::ExtraComma => "nothing stands before this comma".into(),
        Kind::MissingComma => "a comma is missing here".into(),
        Kind::MissingColon if text.is_empty() => "a colon is missing after this key".into(),
        Kind::MissingColon => format!("`{shown}` stands where a colon is due"),
        Kind::MissingValue => "a value is missing here".into(),
        Kind::ExpectedKey => "a key is missing here".into(),
        Kind::SingleQuoted => "JSON knows no single quotes".into(),
        Kind::TypographicQuotes => "JSON knows no typographic quotes".into(),
        Kind::TripleQuotes => "JSON knows no triple quotes".into(),
        Kind::UnquotedKey => format!("the key `{shown}` needs double quotes"),
        Kind::UnterminatedString => "this string is not closed on its line".into(),
        Kind::UnescapedQuote => "this quote ends the string before its end".into(),
        Kind::BadEscape => format!("`{shown}` is no escape that JSON knows"),
        Kind::LoneSurrogate => format!("`{shown}` is only half of a character"),
        Kind::ControlCharacter if text.starts_with(['\n', '\r']) => "this string goes on in the next line".into(),
        Kind::ControlCharacter => format!("the control character {} must not stand in a string", code_point(text)),
        Kind::BadNumber => format!("`{shown}` is no JSON number"),
        Kind::BadLiteral if meant_literal(text).is_some() => format!("`{shown}` is no JSON value"),
        Kind::BadLiteral => format!("the value `{shown}` needs double quotes"),
        Kind::Unexpected => format!("`{shown}` does not belong here"),
        Kind::StrayWhitespace => format!("JSON does not take {} for white space", code_point(text)),
        Kind::ConflictMarker => "a merge conflict is not resolved".into(),
        Kind::MarkdownFence => "a Markdown fence is left around the JSON".into(),
        Kind::LineNumber => "line numbers are left in the text".into(),
        Kind::UnterminatedTemplate => "this template expression is never closed".into(),
        Kind::UnclosedArray | Kind::UnclosedObject => format!("this `{shown}` is never closed"),
        Kind::UnmatchedClose => format!("`{shown}` closes nothing that is open"),
        Kind::MismatchedClose => format!("`{shown}` stands where `{}` is due", other_bracket(text)),
        Kind::MissingBraces => "the braces of an object are missing around this".into(),
        Kind::MissingBrackets => "the brackets of a list are missing around this and what follows".into(),
        Kind::TooDeep => format!("nested deeper than {MAX_DEPTH} levels: what is inside is not judged"),
        Kind::SecondDocument => "a second JSON document begins here, but a policy is one".into(),
    }
}

/// What to do about it.
fn help(kind: Kind, text: &str) -> String {
    let fixed = match kind {
        Kind::BadLiteral => match meant_literal(text) {
            Some(literal) => return format!("did you mean `{literal}`?"),
            None => return format!("write `\"{}\"`", shortened(text)),
        },
        Kind::UnquotedKey => return format!("write `\"{}\"`", shortened(text.trim_end_matches('"'))),
        Kind::ControlCharacter if text.starts_with(['\n', '\r']) => "join the lines, or write `\\n` for the line break",
        Kind::ControlCharacter if text.starts_with('\t') => "write `\\t`",
        Kind::Empty | Kind::NotJson => {
            "a policy is a JSON object: `{ \"Version\": \"2012-10-17\", \"Statement\": [ … ] }`"
        }
        Kind::Comment => "remove it; a `Sid` may say what a statement is for",
        Kind::UnterminatedComment => "remove it: IAM rejects comments",
        Kind::TrailingComma | Kind::ExtraComma => "remove the comma",
        Kind::MissingComma => "write a comma after the item",
        Kind::MissingColon => "write `\"key\": value`; several values of one key stand in brackets",
        Kind::MissingValue => "write the value, or remove the key",
        Kind::ExpectedKey => "write `\"key\": ` before the value, or close the object before it",
        Kind::SingleQuoted | Kind::TypographicQuotes | Kind::TripleQuotes => "write `\"` around keys and strings",
        Kind::UnterminatedString => "write `\"` at its end",
        Kind::UnescapedQuote => "write `\\\"` for a quote inside a string",
        Kind::BadEscape => "write `\\\\` for a backslash",
        Kind::LoneSurrogate => "write the character itself, or both halves: `\\ud83d\\ude00`",
        Kind::ControlCharacter => "remove it, or write it as `\\u` and four hexadecimal digits",
        Kind::BadNumber => "write a decimal number without leading zeros; an account id is a string, in double quotes",
        Kind::Unexpected => "remove it",
        Kind::StrayWhitespace => "use spaces; such characters come along with text from web pages and chats",
        Kind::ConflictMarker => "keep one side and remove the markers; until then nothing in this file is judged",
        Kind::MarkdownFence => "remove the lines with the fence",
        Kind::LineNumber => "remove the number at the start of each line",
        Kind::UnterminatedTemplate => "close it on the same line",
        Kind::UnclosedArray => "write `]` where the list ends",
        Kind::UnclosedObject => "write `}` where the object ends",
        Kind::UnmatchedClose => "remove it, or open what it should close",
        Kind::MismatchedClose => "use the bracket that matches the opening one",
        Kind::MissingBraces => "begin with `{` and end with `}`",
        Kind::MissingBrackets => "begin with `[` and end with `]`",
        Kind::TooDeep => "no policy needs this; look for a mistake in what wrote it",
        Kind::SecondDocument => "put each policy into a file of its own",
    };
    fixed.to_owned()
}

fn meant_literal(word: &str) -> Option<&'static str> {
    match word {
        "True" | "TRUE" => Some("true"),
        "False" | "FALSE" => Some("false"),
        "None" | "NULL" | "Null" | "nil" | "undefined" => Some("null"),
        _ => None,
    }
}

fn other_bracket(bracket: &str) -> &'static str {
    if bracket == "}" { "]" } else { "}" }
}

fn code_point(text: &str) -> String {
    text.chars().next().map_or_else(String::new, |character| format!("U+{:04X}", u32::from(character)))
}

/// Enough of a text to know it by.
fn shortened(text: &str) -> String {
    const ENOUGH: usize = 40;
    match text.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
