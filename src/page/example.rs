//! The examples of a page.

use super::fence::{Fence, fences};
use crate::header::{Problem, Spanned};
use crate::policy::PolicyType;
use crate::suggest::nearest;
use crate::text::Span;

/// A policy that shows what a rule says, or that it says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example<'t> {
    /// The policy.
    pub text: &'t str,
    /// Where in the page it stands.
    pub span: Span,
    /// How it is to be read.
    pub setting: Setting,
    /// What it shows.
    pub shows: Shows<'t>,
}

/// What an [`Example`] shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shows<'t> {
    /// The rule reports exactly this.
    Bad {
        /// A line for each finding, and an indented one for each label.
        output: Spanned<&'t str>,
        /// The policy with the findings' fixes applied.
        fixed: Option<Spanned<&'t str>>,
    },
    /// No rule reports anything.
    Good,
}

/// What a fence says after `bad` or `good`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setting {
    /// `type=…`: as if `--type` said so.
    pub policy_type: Option<PolicyType>,
    /// `path=…`: the file's name.
    pub path: Option<String>,
    /// `require-mfa`: as if the user said that this policy must require MFA.
    pub require_mfa: bool,
    /// `encoding=…`: the bytes that the file holds, since a page itself is UTF-8.
    pub encoding: ExampleEncoding,
}

/// How an example's text becomes a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExampleEncoding {
    /// As it is.
    #[default]
    Utf8,
    /// `utf-16`: as UTF-16, little end first, behind a byte order mark.
    Utf16,
    /// `latin-1`: a byte for each character below U+0100.
    Latin1,
}

impl Setting {
    /// The bytes of the file whose text is `text`.
    pub fn encoded(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            ExampleEncoding::Utf8 => text.as_bytes().to_vec(),
            ExampleEncoding::Utf16 => {
                let units = std::iter::once(0xfeff).chain(text.encode_utf16());
                units.flat_map(u16::to_le_bytes).collect()
            }
            ExampleEncoding::Latin1 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        }
    }
}

/// The examples after `offset` in `page`, and what is wrong with them.
pub(super) fn examples(page: &str, offset: usize) -> (Vec<Example<'_>>, Vec<Problem>) {
    let mut reader = Reader { examples: Vec::new(), problems: Vec::new(), pending: None };
    for fence in fences(page, offset) {
        if !fence.closed {
            reader.problems.push(Problem::new(fence.info_span, "this block is never closed"));
            reader.cut_off(&fence);
            break;
        }
        reader.fence(&fence);
    }
    reader.flush();
    (reader.examples, reader.problems)
}

struct Reader<'t> {
    examples: Vec<Example<'t>>,
    problems: Vec<Problem>,
    pending: Option<Pending<'t>>,
}

/// A bad example whose `output` and `fixed` may still come.
struct Pending<'t> {
    fence: Fence<'t>,
    setting: Setting,
    output: Option<Spanned<&'t str>>,
    fixed: Option<Spanned<&'t str>>,
}

impl<'t> Reader<'t> {
    fn fence(&mut self, fence: &Fence<'t>) {
        let mut words = fence.info.split_whitespace();
        let content = Spanned { value: fence.text, span: fence.span };
        match (words.next(), words.next()) {
            (Some("output"), None) => self.attach(fence, content, |pending| &mut pending.output),
            (Some("json"), Some("fixed")) => self.attach(fence, content, |pending| &mut pending.fixed),
            (Some("json"), Some(role @ ("bad" | "good"))) => {
                self.flush();
                let setting = self.setting(fence, words);
                if role == "bad" {
                    self.pending = Some(Pending { fence: fence.clone(), setting, output: None, fixed: None });
                } else {
                    let shows = Shows::Good;
                    self.examples.push(Example { text: fence.text, span: fence.span, setting, shows });
                }
            }
            (Some("json"), Some(other)) => {
                let help = match nearest(other, ["bad", "good", "fixed"]) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "an example is `json bad`, `json good` or `json fixed`; without a word it is none".into(),
                };
                let message = format!("`{other}` says nothing about an example");
                self.problems.push(Problem::new(fence.info_span, message).with_help(help));
            }
            (Some(language), Some("bad" | "good" | "fixed")) => {
                let message = format!("examples are in `json`, not in `{language}`");
                self.problems.push(Problem::new(fence.info_span, message));
            }
            _ => {}
        }
    }

    /// Sees to it that of a block that runs to the end of the page nothing else is said, nor of the bad example whose
    /// output it may be.
    fn cut_off(&mut self, fence: &Fence<'t>) {
        let mut words = fence.info.split_whitespace();
        if let (Some("json"), Some("bad" | "good")) = (words.next(), words.next()) {
            self.flush();
        }
        self.pending = None;
    }

    /// Gives a block to the bad example before it.
    fn attach(
        &mut self,
        fence: &Fence<'t>,
        content: Spanned<&'t str>,
        slot: for<'p> fn(&'p mut Pending<'t>) -> &'p mut Option<Spanned<&'t str>>,
    ) {
        let vacant = self.pending.as_mut().map(slot).filter(|slot| slot.is_none());
        match vacant {
            Some(slot) => *slot = Some(content),
            None => {
                let message = format!("`{}` belongs to no bad example", fence.info);
                let help = "it follows the `json bad` block that it is about, once";
                self.problems.push(Problem::new(fence.info_span, message).with_help(help));
            }
        }
    }

    fn flush(&mut self) {
        let Some(Pending { fence, setting, output, fixed }) = self.pending.take() else { return };
        let Some(output) = output else {
            let help = "let an `output` block follow that says what is reported";
            self.problems.push(Problem::new(fence.info_span, "a bad example without its output").with_help(help));
            return;
        };
        let shows = Shows::Bad { output, fixed };
        self.examples.push(Example { text: fence.text, span: fence.span, setting, shows });
    }

    fn setting<'w>(&mut self, fence: &Fence<'_>, words: impl Iterator<Item = &'w str>) -> Setting {
        let mut setting = Setting::default();
        for word in words {
            match word.split_once('=') {
                Some(("type", name)) if PolicyType::from_name(name).is_some() => {
                    setting.policy_type = PolicyType::from_name(name);
                }
                Some(("path", path)) => setting.path = Some(path.to_owned()),
                Some(("encoding", "utf-16")) => setting.encoding = ExampleEncoding::Utf16,
                Some(("encoding", "latin-1")) => setting.encoding = ExampleEncoding::Latin1,
                None if word == "require-mfa" => setting.require_mfa = true,
                _ => {
                    let message = format!("`{word}` is nothing that an example can say");
                    let help = "it may say `type=identity` (or another type), `path=name.json`, `require-mfa`, \
                                `encoding=utf-16` or `encoding=latin-1`";
                    self.problems.push(Problem::new(fence.info_span, message).with_help(help));
                }
            }
        }
        setting
    }
}
