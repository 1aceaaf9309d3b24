//! The arguments that say which rules, and the reading of the user's own pages.

use super::inputs::utf8;
use super::outcome::Failed;
use super::terminal::complain_of;
use crate::catalog::Catalog;
use crate::config::{RuleName, Selection};
use crate::diagnostic::Diagnostic;
use crate::discover::{self, Failure};
use crate::lint;
use crate::page::{self, Page};
use crate::render::{self, Color, Format};
use crate::text::Source;
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The group of the user's pages that lie in no folder of their own below the one that is named.
const OWN_GROUP: &str = "custom";

/// Which rules.
#[derive(Debug, clap::Args)]
pub(super) struct SelectionArgs {
    /// Only these rules or groups; comma-separated, may be repeated
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    select: Vec<String>,

    /// Not these rules or groups; comma-separated, may be repeated
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    ignore: Vec<String>,

    /// Those rules too that are off by default
    #[arg(long, help_heading = "Rules")]
    pedantic: bool,
}

/// Rule pages of the user's own.
#[derive(Debug, clap::Args)]
pub(super) struct PageArgs {
    /// Rule pages of your own: a page, or those below a folder; may be repeated
    #[arg(long, value_name = "PATH", help_heading = "Rules")]
    rules: Vec<PathBuf>,
}

/// The user's own pages.
#[derive(Debug, Default)]
pub(super) struct OwnPages {
    /// Those that are valid.
    pub(super) pages: Vec<Page>,
    /// Their texts.
    pub(super) sources: Vec<Source>,
    /// Those that are not.
    pub(super) invalid: Vec<InvalidPage>,
    /// Those that could not be read.
    pub(super) failures: Vec<Failure>,
}

/// A page of the user's own that is not valid.
#[derive(Debug)]
pub(super) struct InvalidPage {
    id: String,
    group: String,
    /// Its text.
    pub(super) source: Source,
    /// What is wrong with it.
    pub(super) problems: Vec<Diagnostic>,
}

impl SelectionArgs {
    /// What the user wants, all of it names of rules that exist.
    pub(super) fn resolve(&self, own: &OwnPages) -> Result<Selection, Failed> {
        let selection = Selection {
            select: names("--select", &self.select)?,
            ignore: names("--ignore", &self.ignore)?,
            pedantic: self.pedantic,
        };
        // Of most runs nothing is to be checked, and asking a rule for its name may cost a look into its page.
        if !selection.select.is_empty() || !selection.ignore.is_empty() {
            // A page that is not valid is there all the same, and says itself what is wrong with it.
            let invalid =
                own.invalid.iter().map(|page| RuleName { id: &page.id, group: &page.group, on_by_default: false });
            let known: Vec<RuleName<'_>> = lint::all_rules(&own.pages).map(|rule| rule.name()).chain(invalid).collect();
            selection.check(&known).map_err(|error| Failed::Usage(error.to_string()))?;
        }
        Ok(selection)
    }
}

/// The names in a list, which may have blanks around them and end in a comma. A list of nothing is a slip, as of a
/// variable that is not set: taken as written, it would select no rule, or all.
fn names(argument: &str, written: &[String]) -> Result<Vec<String>, Failed> {
    let names: Vec<String> =
        written.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if names.is_empty() && !written.is_empty() {
        return Err(Failed::Usage(format!("`{argument}` names no rule; `iam-lint rules` lists them")));
    }
    Ok(names)
}

impl PageArgs {
    /// Reads and validates the pages, whose names are those of `catalog`.
    pub(super) fn load(&self, catalog: &Catalog) -> Result<OwnPages, Failed> {
        let mut own = OwnPages::default();
        // A page that is reached twice is one page.
        let mut reached: HashSet<PathBuf> = HashSet::new();
        for dir in &self.rules {
            let (paths, failures) = discover::rule_pages(dir);
            let mut is_empty = failures.is_empty();
            own.failures.extend(failures);
            for path in paths {
                let is_new = reached.insert(discover::real(&path));
                is_empty &= is_new && !own.add(dir, &path, catalog);
            }
            if is_empty {
                let message = "no rule page is in it; a rule page is a Markdown file (.md) that begins with a header";
                own.failures.push(Failure { file: discover::shown(dir), message: message.into() });
            }
        }
        match own.ambiguous_name() {
            Some(message) => Err(Failed::Usage(message)),
            None => Ok(own),
        }
    }
}

impl InvalidPage {
    /// Tells the user what is wrong with it.
    pub(super) fn complain(&self, color: Color) {
        let rendered = render::file(Format::Text(color), &self.source, &self.problems);
        // Where that cannot be told there is nobody to tell it to.
        let _ = std::io::stderr().write_all(rendered.text().as_bytes());
    }
}

impl OwnPages {
    /// Reads a file, and says whether it is a page, valid or not.
    fn add(&mut self, dir: &Path, path: &Path, catalog: &Catalog) -> bool {
        let source = match discover::read(path).and_then(|bytes| utf8(discover::shown(path), bytes)) {
            Ok(source) => source,
            Err(failure) => {
                self.failures.push(failure);
                return true;
            }
        };
        let name = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
        let folder = path.strip_prefix(dir).ok().and_then(Path::parent);
        let group = name(folder.and_then(Path::file_name)).unwrap_or_else(|| OWN_GROUP.to_owned());
        let id = name(path.file_stem()).unwrap_or_default();
        // A folder of pages may have a README. What is named is meant.
        if path != dir && page::is_no_page(&id, source.text()) {
            return false;
        }
        match Page::load(&source, &group, &id, catalog) {
            Ok(page) => {
                self.pages.push(page);
                self.sources.push(source);
            }
            Err(problems) => self.invalid.push(InvalidPage { id, group, source, problems }),
        }
        true
    }

    /// What is wrong with the first page of which it could not be told whether its name is meant or another's.
    fn ambiguous_name(&self) -> Option<String> {
        let mut files: HashMap<&str, Option<&str>> = lint::all_rules(&[]).map(|rule| (rule.id, None)).collect();
        let groups: HashSet<&str> = lint::all_rules(&self.pages).map(|rule| rule.group).collect();
        for (Page { id, .. }, file) in self.pages.iter().zip(self.sources.iter().map(Source::path)) {
            if groups.contains(id.as_str()) {
                return Some(format!("{file}: `{id}` is the name of a group of rules, so that it can be no rule's id"));
            }
            match files.insert(id, Some(file)) {
                Some(Some(other)) => {
                    return Some(format!("there are two rules `{id}`, {other} and {file}; rename one of them"));
                }
                Some(None) => return Some(format!("there is a rule `{id}` already; rename {file}")),
                None => {}
            }
        }
        None
    }

    /// The page of that id, if there is one that is not valid.
    pub(super) fn invalid_page(&self, id: &str) -> Option<&InvalidPage> {
        self.invalid.iter().find(|page| page.id == id)
    }

    /// Tells the user what is wrong with the pages, where the results are no place for that.
    pub(super) fn complain(&self, color: Color) {
        for page in &self.invalid {
            page.complain(color);
        }
        complain_of(&self.failures);
    }

    /// Whether all of them could be read and are valid.
    pub(super) fn is_complete(&self) -> bool {
        self.invalid.is_empty() && self.failures.is_empty()
    }
}
