//! Which packages, in which versions, with which digests: `catalog/sources.lock`.

use std::fmt::Write as _;
use std::path::Path;

use crate::Result;

/// What a package is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Record,
    Newer,
    Snapshot,
    Dependents,
    Sdk,
}

const ROLES: [(Role, &str); 5] = [
    (Role::Record, "record"),
    (Role::Newer, "newer"),
    (Role::Snapshot, "snapshot"),
    (Role::Dependents, "dependents"),
    (Role::Sdk, "sdk"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registry {
    Npm,
    Pypi,
}

/// A package, nailed down.
#[derive(Debug, Clone)]
pub struct Pin {
    pub role: Role,
    pub registry: Registry,
    pub package: String,
    pub version: String,
    pub file: String,
    pub sha256: String,
    /// Whether an update moves it. A source that has since lost what it is pinned for stays where it is.
    pub follows: bool,
}

#[derive(Debug, Clone)]
pub struct Lock {
    pub pins: Vec<Pin>,
}

const HEAD: &str = "\
# The packages that the catalogue is made from. A download whose digest is another is refused.
# role\tregistry\tpackage\tversion\tfile\tsha256\tlatest or frozen
";

impl Lock {
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let pins = lines.map(|line| pin(line).ok_or_else(|| format!("{}: `{line}`?", path.display())));
        Ok(Self { pins: pins.collect::<Result<_>>()? })
    }

    pub fn pin(&self, role: Role) -> Result<&Pin> {
        self.pins.iter().find(|pin| pin.role == role).ok_or_else(|| format!("sources.lock pins no {role:?}"))
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        std::fs::write(path, self.render()).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn render(&self) -> String {
        let mut out = HEAD.to_owned();
        for pin in &self.pins {
            let role = ROLES.iter().find(|(role, _)| *role == pin.role).map_or("", |(_, name)| name);
            let registry = if pin.registry == Registry::Npm { "npm" } else { "pypi" };
            let follows = if pin.follows { "latest" } else { "frozen" };
            let Pin { package, version, file, sha256, .. } = pin;
            let _ = writeln!(out, "{role}\t{registry}\t{package}\t{version}\t{file}\t{sha256}\t{follows}");
        }
        out
    }
}

fn pin(line: &str) -> Option<Pin> {
    let [role, registry, package, version, file, sha256, follows] =
        line.split('\t').collect::<Vec<_>>().try_into().ok()?;
    Some(Pin {
        role: ROLES.iter().find(|(_, name)| *name == role)?.0,
        registry: match registry {
            "npm" => Registry::Npm,
            "pypi" => Registry::Pypi,
            _ => return None,
        },
        package: package.to_owned(),
        version: version.to_owned(),
        file: file.to_owned(),
        sha256: sha256.to_owned(),
        follows: match follows {
            "latest" => true,
            "frozen" => false,
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_leads_back_to_itself() {
        let path = crate::root().join("catalog/sources.lock");
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(Lock::read(&path).unwrap().render(), text);
    }
}
