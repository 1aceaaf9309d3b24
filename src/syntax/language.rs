//! What a file's name says of the language of its text.

use super::{Node, SyntaxError, Tree, json};

/// Extensions of languages other than JSON, of which a text may begin as JSON does all the same: with a bracket, as do
/// a section's name and a badge, with a number, or with an object of which more is allowed than in JSON.
const OTHER_LANGUAGES: &[&str] = &[
    "adoc",
    "asciidoc",
    "cfg",
    "cjs",
    "conf",
    "cue",
    "env",
    "hcl",
    "hjson",
    "htm",
    "html",
    "ini",
    "js",
    "json5",
    "jsonnet",
    "libsonnet",
    "log",
    "markdown",
    "md",
    "mdx",
    "mjs",
    "nix",
    "properties",
    "py",
    "rb",
    "rst",
    "tf",
    "toml",
    "ts",
    "yaml",
    "yml",
];

/// Extensions of template engines: whatever language the text has, it may stand in the extension before.
pub const TEMPLATES: &[&str] = &[
    "ejs",
    "erb",
    "gotmpl",
    "handlebars",
    "hbs",
    "j2",
    "jinja",
    "jinja2",
    "liquid",
    "mako",
    "mustache",
    "njk",
    "template",
    "tftpl",
    "tmpl",
    "tpl",
];

/// Extensions of what is to be copied and filled in. They say nothing without the one before.
pub const SAMPLES: &[&str] = &["dist", "example", "in", "sample"];

/// What a name says.
#[derive(Clone, Copy, PartialEq)]
enum Language {
    /// JSON.
    Json,
    /// Whatever a template is of; JSON as a rule.
    Template,
    /// Nothing that is known here.
    Unknown,
    /// Another one.
    Other,
}

/// Reads the text of a file of that name. If that is of another language, by its name or by what it holds beside JSON,
/// what is plain JSON in it is read.
pub fn parse_file<'s>(path: &str, text: &'s str) -> (Tree<'s>, Vec<SyntaxError>) {
    let (tree, errors) = json::parse(text);
    if errors.is_empty() || tree.embedded {
        return (tree, errors);
    }
    let is_json = match Language::of(path) {
        Language::Json => true,
        Language::Template => !tree.documents.iter().any(|document| is_heading(document, text)),
        Language::Unknown => is_one_document(&tree, &errors, text),
        Language::Other => false,
    };
    if is_json { (tree, errors) } else { json::parse_embedded(text) }
}

/// Whether a file of that name holds JSON and nothing else.
pub fn claims_to_be_json(path: &str) -> bool {
    Language::of(path) == Language::Json
}

impl Language {
    fn of(path: &str) -> Self {
        let mut name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        // What has its name from us is no file's: it comes from a program, or from whoever pastes a policy.
        if name.starts_with('<') {
            return Self::Json;
        }
        let mut language = Self::Unknown;
        while let Some((stem, extension)) = name.rsplit_once('.') {
            let is_one_of = |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known));
            if is_one_of(&["json", "jsonc"]) {
                return if language == Self::Unknown { Self::Json } else { Self::Template };
            }
            if is_one_of(OTHER_LANGUAGES) {
                return Self::Other;
            }
            if !is_one_of(TEMPLATES) && !is_one_of(SAMPLES) {
                break;
            }
            language = Self::Template;
            name = stem;
        }
        language
    }
}

/// Whether the text is one document from end to end, though there is something wrong inside.
fn is_one_document(tree: &Tree<'_>, errors: &[SyntaxError], text: &str) -> bool {
    let [document] = &*tree.documents else { return false };
    begins_with_a_word(document, text) == Some(false) && errors.iter().all(|error| document.span.contains(error.span))
}

/// Whether it is rather a section's name or a badge that was taken for a list.
fn is_heading(document: &Node<'_>, text: &str) -> bool {
    document.elements().is_some() && begins_with_a_word(document, text) == Some(true)
}

/// Whether a word without quotes, or a sign, comes first of all in the document's brackets, if it has any.
fn begins_with_a_word(document: &Node<'_>, text: &str) -> Option<bool> {
    let document = text.get(document.span.start as usize..).filter(|text| text.starts_with(['{', '[']))?;
    let first = document.trim_start_matches(['{', '[', ' ', '\t', '\n', '\r']);
    Some(first.starts_with(|first: char| first.is_alphabetic() || matches!(first, '!' | '.' | '_' | '^')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_language() {
        #[track_caller]
        fn check(paths: &[&str], expected: Language) {
            for path in paths {
                assert!(Language::of(path) == expected, "{path}");
            }
        }
        check(&["policy.json", "a.b/POLICY.JSON", "p.jsonc", "<stdin>"], Language::Json);
        check(&["p.json.erb", "p.tpl", "a/p.template", "a.json.dist.j2", "p.v2.tpl"], Language::Template);
        check(&["main.tf", "x.json/p.yaml", "p.yaml.j2", "README.md.in", ".env.example"], Language::Other);
        check(&["policy", "a.tf/policy", "p.txt", "p.json.bak", ""], Language::Unknown);
    }
}
