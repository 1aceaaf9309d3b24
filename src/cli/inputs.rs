//! The arguments that say which files, and the reading of them.

use super::outcome::Failed;
use crate::discover::{self, Failure, File, IgnoreFiles};
use crate::text::{Source, decode};
use rayon::prelude::*;
use std::io;
use std::path::{Path, PathBuf};

/// The name under which standard input appears.
const STDIN: &str = "<stdin>";

/// With fewer files than this, starting threads costs more than they save.
const WORTH_THREADS: usize = 8;

/// Which files.
#[derive(Debug, clap::Args)]
pub(super) struct InputArgs {
    /// Files and folders; `-` is standard input
    ///
    /// Of a folder, the files are judged that by their name may hold a policy (.json, .tpl, .tftpl, .j2, .template
    /// and the like), but for what .gitignore lists and for folders called .git or .terraform. A file that is named is
    /// judged whatever its name, and a folder that is named is searched whatever its name.
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// Leave out what matches, even where it is named; may be repeated
    ///
    /// A glob without a slash matches files and folders of that name at any depth; one with a slash matches paths
    /// from the current folder, or, if it begins with the slash, from the root. All that is in a folder that matches
    /// is left out.
    #[arg(long, value_name = "GLOB", help_heading = "Files")]
    exclude: Vec<String>,

    /// Do not heed .gitignore and .ignore files
    #[arg(long, help_heading = "Files")]
    no_ignore: bool,

    /// The name of what is read from standard input
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    stdin_filename: Option<PathBuf>,
}

/// The bytes of one file, and what to call it.
pub(super) struct Input {
    /// What it is called in output.
    pub(super) shown: String,
    /// Where it is from here, for globs.
    pub(super) place: PathBuf,
    /// What is in it.
    pub(super) bytes: Vec<u8>,
}

/// The text of a file that is of no use but as UTF-8.
pub(super) fn utf8(shown: String, bytes: Vec<u8>) -> Result<Source, Failure> {
    match decode(bytes) {
        Ok(text) => Ok(Source::new(shown, text)),
        Err(_) => Err(Failure { file: shown, message: "it is not UTF-8".into() }),
    }
}

/// What became of the files.
pub(super) struct Judged<T> {
    /// The results in the order of the files' names.
    pub(super) results: Vec<T>,
    /// What could not be read.
    pub(super) failures: Vec<Failure>,
}

impl InputArgs {
    /// That file alone.
    pub(super) fn of(file: &Path) -> Self {
        Self { paths: vec![file.to_owned()], exclude: Vec::new(), no_ignore: false, stdin_filename: None }
    }

    /// Reads each file and hands it to `judge`: in parallel where there are many, each forgotten before the next.
    pub(super) fn judge<T: Send>(&self, judge: impl Fn(Input) -> T + Sync) -> Result<Judged<T>, Failed> {
        let exclude = discover::path_globs(&self.exclude).map_err(|error| Failed::Usage(error.to_string()))?;
        let (stdin, paths): (Vec<PathBuf>, Vec<PathBuf>) =
            self.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
        if stdin.is_empty() && self.stdin_filename.is_some() {
            return Err(Failed::Usage("`--stdin-filename` goes with the path `-`, which was not given".into()));
        }
        let ignore_files = if self.no_ignore { IgnoreFiles::Disregard } else { IgnoreFiles::Honour };
        let (mut files, mut failures) =
            discover::find(discover::Request { paths: &paths, exclude: &exclude, ignore_files });
        let stdin = (!stdin.is_empty()).then(|| self.stdin()).filter(|file| !exclude.matches(&file.path));
        if let Some(stdin) = &stdin {
            files.retain(|file| discover::from_here(&file.path) != stdin.path);
            files.insert(files.partition_point(|file| file.shown <= stdin.shown), stdin.clone());
        }
        let one = |file: &File| {
            let bytes = if stdin.as_ref() == Some(file) { read_stdin(file)? } else { discover::read(&file.path)? };
            Ok(judge(Input { shown: file.shown.clone(), place: discover::from_here(&file.path), bytes }))
        };
        let outcomes: Vec<Result<T, Failure>> = if files.len() < WORTH_THREADS {
            files.iter().map(one).collect()
        } else {
            files.par_iter().map(one).collect()
        };
        let mut results = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            match outcome {
                Ok(result) => results.push(result),
                Err(failure) => failures.push(failure),
            }
        }
        failures.sort();
        Ok(Judged { results, failures })
    }

    fn stdin(&self) -> File {
        let name = self.stdin_filename.as_deref().unwrap_or(Path::new(STDIN));
        File { shown: discover::shown(name), path: discover::from_here(name) }
    }
}

fn read_stdin(file: &File) -> Result<Vec<u8>, Failure> {
    discover::read_limited(io::stdin().lock(), 0).map_err(|error| Failure::new(&file.path, &error))
}
