//! What a file's name says of the language of its text.

use super::{SyntaxError, Tree, json};

/// Extensions of languages other than JSON, of which a text may begin like JSON all the same: with a bracket, as do
/// a section's name and a badge, with a number, or with a fence.
const OTHER_LANGUAGES: &[&str] = &[
    "adoc",
    "asciidoc",
    "cfg",
    "conf",
    "env",
    "htm",
    "html",
    "ini",
    "log",
    "markdown",
    "md",
    "mdx",
    "properties",
    "rst",
    "toml",
    "yaml",
    "yml",
];

/// Reads the text of a file of that name. If it is of another language by its name, and no JSON from end to end, what is
/// plain JSON in it is read.
pub fn parse_file<'s>(path: &str, text: &'s str) -> (Tree<'s>, Vec<SyntaxError>) {
    let (tree, errors) = json::parse(text);
    if errors.is_empty() || tree.embedded || !is_of_another_language(path) {
        return (tree, errors);
    }
    json::parse_embedded(text)
}

fn is_of_another_language(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|own| OTHER_LANGUAGES.iter().any(|known| own.eq_ignore_ascii_case(known)))
}
