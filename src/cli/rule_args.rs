//! The arguments that say which rules, and the reading of the user's own pages.

use super::inputs::utf8;
use super::outcome::Failed;
use crate::catalog::Catalog;
use crate::config::{RuleName, Selection};
use crate::diagnostic::Diagnostic;
use crate::discover::{self, Failure};
use crate::lint;
use crate::page::Page;
use crate::text::Source;
use std::collections::HashSet;
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
    /// Rule pages of your own, below this folder; may be repeated
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    rules: Vec<PathBuf>,
}

/// The user's own pages.
#[derive(Debug, Default)]
pub(super) struct OwnPages {
    /// Those that are valid.
    pub(super) pages: Vec<Page>,
    /// Their texts.
    pub(super) sources: Vec<Source>,
    /// Those that are not, and what is wrong with them.
    pub(super) invalid: Vec<(Source, Vec<Diagnostic>)>,
    /// Those that could not be read.
    pub(super) failures: Vec<Failure>,
}

impl SelectionArgs {
    /// What the user wants, all of it names of rules that exist.
    pub(super) fn resolve(&self, own: &OwnPages) -> Result<Selection, Failed> {
        let selection = Selection { select: self.select.clone(), ignore: self.ignore.clone(), pedantic: self.pedantic };
        // Of most runs nothing is to be checked, and asking a rule for its name may cost a look into its page.
        if !selection.select.is_empty() || !selection.ignore.is_empty() {
            let known: Vec<RuleName<'_>> = lint::all_rules(&own.pages).map(|rule| rule.name()).collect();
            selection.check(&known).map_err(|error| Failed::Usage(error.to_string()))?;
        }
        Ok(selection)
    }
}

impl PageArgs {
    /// Reads and validates the pages, whose names are those of `catalog`.
    pub(super) fn load(&self, catalog: &Catalog) -> Result<OwnPages, Failed> {
        let mut own = OwnPages::default();
        for dir in &self.rules {
            let (paths, failures) = discover::rule_pages(dir);
            own.failures.extend(failures);
            for path in paths {
                own.add(dir, &path, catalog);
            }
        }
        let mut seen: HashSet<&str> = lint::all_rules(&[]).map(|rule| rule.id).collect();
        match own.pages.iter().find(|page| !seen.insert(&page.id)) {
            Some(page) => {
                Err(Failed::Usage(format!("there are two rules `{}`; rename the one that is yours", page.id)))
            }
            None => Ok(own),
        }
    }
}

impl OwnPages {
    fn add(&mut self, dir: &Path, path: &Path, catalog: &Catalog) {
        let source = match discover::read(path).and_then(|bytes| utf8(discover::shown(path), bytes)) {
            Ok(source) => source,
            Err(failure) => return self.failures.push(failure),
        };
        let name = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
        let folder = path.strip_prefix(dir).ok().and_then(Path::parent);
        let group = name(folder.and_then(Path::file_name)).unwrap_or_else(|| OWN_GROUP.to_owned());
        let id = name(path.file_stem()).unwrap_or_default();
        match Page::load(&source, &group, &id, catalog) {
            Ok(page) => {
                self.pages.push(page);
                self.sources.push(source);
            }
            Err(problems) => self.invalid.push((source, problems)),
        }
    }

    /// Whether all of them could be read and are valid.
    pub(super) fn is_complete(&self) -> bool {
        self.invalid.is_empty() && self.failures.is_empty()
    }
}
