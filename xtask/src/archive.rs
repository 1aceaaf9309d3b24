//! The files in a package: a gzipped tar from npm, a zip from PyPI.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::Result;

/// A package's data, unpacked in memory.
pub struct Archive {
    name: String,
    files: BTreeMap<String, Vec<u8>>,
    /// The newest day on which a file in it was last changed, as `2026-10-20`; empty where it does not say.
    days: BTreeMap<String, String>,
}

impl Archive {
    pub fn open(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| format!("{name}: {error}"))?;
        let mut archive = Self { name, files: BTreeMap::new(), days: BTreeMap::new() };
        let read = if archive.name.ends_with(".tgz") { archive.read_tar(file) } else { archive.read_zip(file) };
        read.map_err(|error| format!("{}: {error}", archive.name))?;
        Ok(archive)
    }

    fn read_tar(&mut self, file: File) -> std::io::Result<()> {
        for entry in tar::Archive::new(flate2::read::GzDecoder::new(file)).entries()? {
            let mut entry = entry?;
            let path = entry.path()?.to_string_lossy().into_owned();
            if holds_data(&path) {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                self.files.insert(path, bytes);
            }
        }
        Ok(())
    }

    fn read_zip(&mut self, file: File) -> std::io::Result<()> {
        let mut zip = zip::ZipArchive::new(file)?;
        for at in 0..zip.len() {
            let mut entry = zip.by_index(at)?;
            let path = entry.name()?.into_owned();
            if holds_data(&path) {
                if let Some(day) = entry.last_modified() {
                    self.days.insert(path.clone(), format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()));
                }
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                self.files.insert(path, bytes);
            }
        }
        Ok(())
    }

    /// The JSON in the file at `path`, which may be gzipped.
    pub fn json(&self, path: &str) -> Result<Value> {
        let bytes = self.files.get(path).ok_or_else(|| format!("{}: no {path}", self.name))?;
        let parsed = if path.ends_with(".gz") {
            serde_json::from_reader(flate2::read::GzDecoder::new(bytes.as_slice()))
        } else {
            serde_json::from_slice(bytes)
        };
        parsed.map_err(|error| format!("{}: {path}: {error}", self.name))
    }

    /// The day on which the file was last changed.
    pub fn day(&self, path: &str) -> &str {
        self.days.get(path).map_or("", String::as_str)
    }

    /// The paths that begin and end so.
    pub fn paths<'a>(&'a self, prefix: &'a str, suffix: &'a str) -> impl Iterator<Item = &'a str> {
        self.files.keys().map(String::as_str).filter(move |path| path.starts_with(prefix) && path.ends_with(suffix))
    }
}

fn holds_data(path: &str) -> bool {
    path.ends_with(".json") || path.ends_with("/service-2.json.gz")
}
