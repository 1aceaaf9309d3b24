//! Builds the catalogue of AWS facts that `iam-lint` embeds.
//!
//! ```text
//! cargo xtask catalog             from the pinned packages: the text and the blob under catalog/
//! cargo xtask catalog --update    the same, after moving the pins to the newest published versions
//! cargo xtask catalog --encode    the blob from the committed text, after a change of the blob's layout
//! cargo xtask catalog --check     the blob from the committed text, failing if the committed one differs
//! ```
//!
//! | module | one sentence |
//! |---|---|
//! | [`lock`] | which packages, in which versions, with which digests |
//! | [`fetch`] | the packages, by the registries' ordinary clients |
//! | [`archive`] | the files in a package |
//! | [`json`] | the few ways in which the sources' JSON is read |
//! | [`record`] | the source of record, into facts |
//! | [`newer`] | names that the source of record does not have yet |
//! | [`older`] | what AWS used to say and no longer does |
//! | [`sdk`] | partitions, and what the SDK calls services and operations |
//! | [`curated`] | what is kept by hand |
//! | [`text`] | facts to reviewable text and back |
//! | [`changes`] | what an update changed |

mod archive;
mod changes;
mod curated;
mod fetch;
mod json;
mod lock;
mod newer;
mod older;
mod record;
mod sdk;
mod text;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use iam_lint::catalog::{Facts, encode};

use archive::Archive;
use lock::{Lock, Role};

/// An error is a sentence for the person at the terminal.
type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["catalog"] => build(),
        ["catalog", "--update"] => update(),
        ["catalog", "--encode"] => text::read(&root().join("catalog")).and_then(|facts| write_blob(&facts)),
        ["catalog", "--check"] => check(),
        _ => Err("usage: cargo xtask catalog [--update | --encode | --check]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The checkout that is worked on: not the one where this was compiled, as several may share a target folder.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let start = package.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
    checkout_of(&start).unwrap_or(&start).to_owned()
}

/// The checkout that a folder is in.
fn checkout_of(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join("catalog/sources.lock").is_file())
}

fn build() -> Result<()> {
    let lock = Lock::read(&root().join("catalog/sources.lock"))?;
    let facts = gather(&lock)?;
    write(&facts)
}

fn update() -> Result<()> {
    let path = root().join("catalog/sources.lock");
    let lock = Lock::read(&path)?;
    let before = text::read(&root().join("catalog"))?;
    let moved = fetch::newest(&lock, &root().join("target/catalog"))?;
    let after = gather(&moved)?;
    let gone = changes::print(&before, &after);
    curated::retire(&root().join("catalog/curated/retired.tsv"), &gone, &before.date)?;
    moved.write(&path)?;
    // Once more where something has just been retired, so that it is in the blob as such.
    write(&if gone.is_empty() { after } else { gather(&moved)? })
}

fn check() -> Result<()> {
    let catalog = root().join("catalog");
    let blob = encode(&text::read(&catalog)?);
    let path = catalog.join("catalog.bin");
    let committed = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if blob != committed {
        return Err("catalog/catalog.bin is not what the text gives: run `cargo xtask catalog --encode`".to_owned());
    }
    println!("catalog/catalog.bin is what the text gives: {} bytes", blob.len());
    Ok(())
}

fn write(facts: &Facts) -> Result<()> {
    text::write(&root().join("catalog"), facts)?;
    write_blob(facts)
}

fn write_blob(facts: &Facts) -> Result<()> {
    let blob = encode(facts);
    let path = root().join("catalog/catalog.bin");
    std::fs::write(&path, &blob).map_err(|error| format!("{}: {error}", path.display()))?;
    let actions: usize = facts.services.values().map(|service| service.actions.len()).sum();
    println!(
        "{}: {} services, {actions} actions, {} condition keys, {} bytes",
        facts.date,
        facts.services.len(),
        facts.keys.len(),
        blob.len()
    );
    Ok(())
}

/// Merges the sources. Later ones only add to what the source of record says.
fn gather(lock: &Lock) -> Result<Facts> {
    let downloads = root().join("target/catalog");
    let open = |role: Role| -> Result<Archive> { Archive::open(&fetch::pinned(lock.pin(role)?, &downloads)?) };
    let sdk = sdk::Sdk::read(&open(Role::Sdk)?)?;
    let mut facts = record::read(&open(Role::Record)?)?;
    newer::add(&mut facts, &open(Role::Newer)?, &sdk)?;
    older::add_snapshot(&mut facts, &open(Role::Snapshot)?)?;
    older::add_dependents(&mut facts, &open(Role::Dependents)?)?;
    sdk.add(&mut facts);
    curated::add(&mut facts, &root().join("catalog/curated"))?;
    record::spell_keys_alike(&mut facts);
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_is_found_from_any_folder_in_it() {
        let folder = std::env::current_dir().unwrap();
        let checkout = folder.parent().unwrap();
        assert_eq!(root(), checkout);
        for below in ["", "xtask", "catalog/services", "no/such/folder"] {
            assert_eq!(checkout_of(&checkout.join(below)), Some(checkout), "{below}");
        }
        assert_eq!(checkout_of(Path::new("/")), None);
    }

    #[test]
    fn the_blob_is_what_the_text_gives() {
        check().unwrap();
    }

    #[test]
    fn two_builds_give_the_same_bytes_and_the_same_facts() {
        let facts = text::read(&root().join("catalog")).unwrap();
        let blob = encode(&facts);
        assert_eq!(blob, encode(&facts));
        assert_eq!(iam_lint::catalog::Catalog::builtin().facts(), facts, "every record, decoded");
    }

    #[test]
    fn text_leads_back_to_itself() {
        let facts = text::read(&root().join("catalog")).unwrap();
        for (path, content) in text::files(&facts) {
            let committed = std::fs::read_to_string(root().join("catalog").join(&path)).unwrap();
            assert!(committed == content, "{path} is not as it would be written");
        }
    }
}
