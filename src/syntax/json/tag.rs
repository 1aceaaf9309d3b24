//! Which template tags write something, and which decide what is written.

use super::Reader;

/// Further in than that, nothing tells what a tag is.
const REACH: usize = 400;

impl<'s> Reader<'s> {
    /// Whether a `{{ … }}` here is a statement of Handlebars, Mustache or Go, and not an expression.
    pub(super) fn at_brace_directive(&self) -> bool {
        let inside = self.inside_tag("}}");
        // What these are about follows them. An expression may be called like one of them.
        let has_argument = |word: &&str| inside.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '));
        inside.starts_with(['#', '/', '^', '!', '='])
            || (inside.starts_with('$') && assigns(inside))
            || ["else", "end", "break", "continue"].iter().any(|word| begins_with(inside, word))
            || ["if", "range", "with", "define", "block"].iter().any(has_argument)
    }

    /// Whether a `<% … %>` here is code, and writes nothing.
    ///
    /// `<%-` begins code in ERB and an expression in EJS; what it holds tells.
    pub(super) fn at_code_tag(&self) -> bool {
        match self.byte(2) {
            Some(b'=' | b'~') | None => false,
            Some(b'-') => is_code(self.inside_tag("%>")),
            Some(_) => true,
        }
    }

    /// What the tag here holds, up to `close`, without the marks that trim the white space around it.
    fn inside_tag(&self, close: &str) -> &'s str {
        let start = self.pos + 2;
        let far = (start + REACH).min(self.bytes.len());
        let reach = (start..=far).rev().find_map(|end| self.text.get(start..end)).unwrap_or_default();
        let inside = reach.find(close).map_or(reach, |end| &reach[..end]);
        inside.trim_matches(['-', '~', ' ', '\t', '\n', '\r'])
    }
}

/// Whether a statement of Ruby or JavaScript stands in a tag.
fn is_code(inside: &str) -> bool {
    const KEYWORDS: [&str; 13] =
        ["if", "unless", "else", "elsif", "end", "for", "while", "until", "case", "when", "switch", "begin", "require"];
    KEYWORDS.iter().any(|word| begins_with(inside, word))
        || inside.starts_with(['}', '#'])
        || inside.ends_with(['{', '|', ';'])
        || inside.ends_with(" do")
        || assigns(inside)
}

/// Whether a text begins with a word, and not with a longer one.
fn begins_with(text: &str, word: &str) -> bool {
    let goes_on = |next: char| next.is_alphanumeric() || matches!(next, '_' | '.' | '(');
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(goes_on))
}

/// Whether a text begins with names that something is assigned to: `x = 1`, `$x := .Y`, `const x = 1`.
fn assigns(text: &str) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '@' | '$' | ' ' | ',');
    let rest = text.trim_start_matches(is_name);
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    rest.len() < text.len() && rest.strip_prefix('=').is_some_and(|rest| !rest.starts_with(['=', '>', '~']))
}
