//! The rules there are, and those that the user wants.

use crate::config::{RuleName, Selection};
use crate::page::Page;
use crate::policy::PolicyType;
use crate::rule::Decision;
use crate::rules::{BUILTIN, Builtin};
use std::sync::{LazyLock, OnceLock};

/// A rule, built in or a user's.
#[derive(Clone, Copy)]
pub struct Rule<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its group.
    pub group: &'a str,
    /// How it decides.
    pub decision: Decision,
    pub(super) page: Origin<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// At that place in the register; its header is read when it is first asked for.
    Builtin(usize),
    User(&'a Page),
}

/// The headers of the built-in pages. Reading one takes microseconds, which adds up: a run that finds nothing asks
/// for few of them.
static HEADERS: LazyLock<Vec<OnceLock<Page>>> = LazyLock::new(|| BUILTIN.iter().map(|_| OnceLock::new()).collect());

impl<'a> Rule<'a> {
    /// What its page's header says.
    pub fn page(&self) -> &'a Page {
        match self.page {
            Origin::Builtin(index) => HEADERS[index].get_or_init(|| {
                let Builtin { page, .. } = &BUILTIN[index];
                Page::builtin(self.group, self.id, page)
            }),
            Origin::User(page) => page,
        }
    }

    /// The page itself, for a built-in rule.
    pub fn builtin_page(&self) -> Option<&'static str> {
        match self.page {
            Origin::Builtin(index) => Some(BUILTIN[index].page),
            Origin::User(_) => None,
        }
    }

    /// Its name, for a selection to choose by.
    pub fn name(&self) -> RuleName<'a> {
        RuleName { id: self.id, group: self.group, on_by_default: self.on_by_default() }
    }

    /// Whether its page leaves it on. The words are looked for before the header is read, since most pages do.
    fn on_by_default(&self) -> bool {
        match self.page {
            Origin::Builtin(index) => {
                !crate::page::header_text(BUILTIN[index].page).contains("\"off\"") || self.page().default_on
            }
            Origin::User(page) => page.default_on,
        }
    }

    /// Whether it looks at policies of that type.
    pub(super) fn applies_to(&self, kind: PolicyType) -> bool {
        let types = &self.page().applies_to;
        types.is_empty() || types.contains(&kind)
    }

    /// Whether it looks at a policy of that text.
    pub(super) fn is_mentioned(&self, text: &Folded<'_>) -> bool {
        let mentions = &self.page().mentions;
        mentions.is_empty() || text.mentions_any(mentions)
    }
}

/// A policy's text in lower case, made when the first rule asks.
pub(super) struct Folded<'t> {
    text: &'t str,
    folded: OnceLock<String>,
}

impl<'t> Folded<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, folded: OnceLock::new() }
    }

    fn mentions_any(&self, words: &[String]) -> bool {
        let folded = self.folded.get_or_init(|| self.text.to_ascii_lowercase());
        let has = |word: &str| memchr::memmem::find(folded.as_bytes(), word.as_bytes()).is_some();
        // What is escaped is not seen here.
        words.iter().any(|word| has(word)) || has("\\u")
    }
}

/// Every rule: the built-in ones, sorted by group and id, then the user's in the order given.
pub fn all(user: &[Page]) -> impl Iterator<Item = Rule<'_>> {
    let builtin = BUILTIN.iter().enumerate().map(|(index, rule)| {
        let (group, id) = rule.path.split_once('/').unwrap_or(("", rule.path));
        Rule { id, group, decision: rule.decision, page: Origin::Builtin(index) }
    });
    let user = user.iter().map(|page| Rule {
        id: &page.id,
        group: &page.group,
        decision: Decision::Page,
        page: Origin::User(page),
    });
    builtin.chain(user)
}

/// The rules that a user wants. It is made once and shared.
#[derive(Clone)]
pub struct RuleSet<'a> {
    pub(super) rules: Vec<Rule<'a>>,
}

impl<'a> RuleSet<'a> {
    /// Those of all rules that `selection` chooses.
    pub fn new(selection: &Selection, user: &'a [Page]) -> Self {
        Self { rules: all(user).filter(|rule| selection.wants(rule.name())).collect() }
    }

    /// Exactly these.
    pub fn of(rules: impl IntoIterator<Item = Rule<'a>>) -> Self {
        Self { rules: rules.into_iter().collect() }
    }

    /// They, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Rule<'a>> {
        self.rules.iter()
    }
}
