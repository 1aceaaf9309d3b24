//! The catalogue as plain owned data: what the blob is made from, and what a user's overlay adds to it.
//!
//! Every map is keyed by the name folded to lower case, because IAM compares these names without regard to case.
//! That makes the order that of the blob, and merging a matter of keys.

use std::collections::{BTreeMap, BTreeSet};

use super::KeyType;
use super::level::AccessLevels;

/// All that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The day, as `2026-10-20`, up to which the names are known.
    pub date: String,
    /// By folded prefix.
    pub services: BTreeMap<String, ServiceFacts>,
    /// By folded name.
    pub keys: BTreeMap<String, KeyFacts>,
    /// What was an action (`service:Name`) or a service (`service`) once, by folded name.
    pub retired: BTreeMap<String, RetiredFacts>,
    /// What people write for something else, by folded name: `s3:ListObjects`, or the service `elbv2`.
    pub misnomers: BTreeMap<String, MisnomerFacts>,
    /// By folded name.
    pub partitions: BTreeMap<String, PartitionFacts>,
    /// Service principals that are known, in no way all of them.
    pub principals: BTreeSet<String>,
}

/// A service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceFacts {
    /// What stands before the colon: `s3`.
    pub prefix: String,
    /// What AWS calls it: `Amazon S3`.
    pub name: String,
    /// By folded name.
    pub actions: BTreeMap<String, ActionFacts>,
    /// By folded name.
    pub resources: BTreeMap<String, ResourceFacts>,
    /// The names of the condition keys listed for it, global ones among them.
    pub keys: BTreeSet<String>,
}

/// An action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActionFacts {
    /// What stands after the colon, in AWS's spelling.
    pub name: String,
    /// Whether only the lower-case form of the name is known, and AWS's spelling is not.
    pub folded_only: bool,
    /// Whether it is no API operation: it is only checked within others.
    pub permission_only: bool,
    /// None where they are not known.
    pub levels: AccessLevels,
    /// The condition keys of the action itself.
    pub keys: BTreeSet<String>,
    /// The resource types it works on, by folded name.
    pub resources: BTreeMap<String, LinkFacts>,
    /// Full names of the actions that it needs as well.
    pub dependents: BTreeSet<String>,
}

/// That an action works on a resource type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkFacts {
    /// The name of the resource type.
    pub resource: String,
    /// Whether AWS stars it. It does not mean that all starred ones are needed at once.
    pub required: bool,
    /// The condition keys that this action carries on this resource type.
    pub keys: BTreeSet<String>,
}

/// A resource type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceFacts {
    /// Its name, which may contain spaces.
    pub name: String,
    /// Its ARNs, with placeholders such as `${Partition}`.
    pub arns: Vec<String>,
    /// The condition keys of every action on it.
    pub keys: BTreeSet<String>,
}

/// A condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// In AWS's spelling; placeholders are written `${TagKey}`.
    pub name: String,
    /// The type of its values.
    pub key_type: KeyType,
    /// Whether a request may carry several values.
    pub multivalued: bool,
    /// Whether requests to every service may carry it.
    pub global: bool,
}

/// What AWS no longer has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetiredFacts {
    /// `service:Action` or `service`.
    pub name: String,
    /// The last day on which it was seen, or the empty string.
    pub last_seen: String,
    /// What to write instead, where that is known.
    pub replacements: Vec<String>,
}

/// A name that is none, and what is meant by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MisnomerFacts {
    /// `service:Action` or `service`.
    pub name: String,
    /// What is meant.
    pub meant: Vec<String>,
}

/// A partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartitionFacts {
    /// `aws-cn`.
    pub name: String,
    /// `amazonaws.com.cn`.
    pub dns_suffix: String,
    /// Its regions' codes, sorted.
    pub regions: Vec<String>,
}

/// What a user's overlay adds: facts that win over the built-in ones of the same name.
pub type Overlay = Facts;

/// The form in which names are compared.
pub fn fold(name: &str) -> String {
    name.to_ascii_lowercase()
}

impl Facts {
    /// Adds a service, or renames it.
    pub fn add_service(&mut self, prefix: &str, name: &str) -> &mut ServiceFacts {
        let service = self.service_mut(prefix);
        service.name = name.to_owned();
        service
    }

    /// Adds or replaces an action; its service comes into being with it.
    pub fn add_action(&mut self, prefix: &str, action: ActionFacts) {
        self.service_mut(prefix).actions.insert(fold(&action.name), action);
    }

    /// Adds or replaces a resource type; its service comes into being with it.
    pub fn add_resource(&mut self, prefix: &str, resource: ResourceFacts) {
        self.service_mut(prefix).resources.insert(fold(&resource.name), resource);
    }

    /// Adds or replaces a condition key.
    pub fn add_key(&mut self, key: KeyFacts) {
        self.keys.insert(fold(&key.name), key);
    }

    fn service_mut(&mut self, prefix: &str) -> &mut ServiceFacts {
        self.services
            .entry(fold(prefix))
            .or_insert_with(|| ServiceFacts { prefix: prefix.to_owned(), ..ServiceFacts::default() })
    }

    /// Takes over everything in `other`, which wins where both know a name. A service's members are merged, not
    /// replaced.
    pub fn merge(&mut self, other: &Facts) {
        if !other.date.is_empty() {
            self.date.clone_from(&other.date);
        }
        for (folded, theirs) in &other.services {
            let ours = self
                .services
                .entry(folded.clone())
                .or_insert_with(|| ServiceFacts { prefix: theirs.prefix.clone(), ..ServiceFacts::default() });
            if !theirs.name.is_empty() {
                ours.name.clone_from(&theirs.name);
            }
            ours.actions.extend(theirs.actions.clone());
            ours.resources.extend(theirs.resources.clone());
            ours.keys.extend(theirs.keys.iter().cloned());
        }
        self.keys.extend(other.keys.clone());
        self.retired.extend(other.retired.clone());
        self.misnomers.extend(other.misnomers.clone());
        self.partitions.extend(other.partitions.clone());
        self.principals.extend(other.principals.iter().cloned());
    }

    /// Every condition key that an action or a resource type names, or that a service lists.
    pub fn named_keys(&self) -> impl Iterator<Item = &str> {
        self.services.values().flat_map(|service| {
            let of_actions = service.actions.values().flat_map(|action| {
                action.keys.iter().chain(action.resources.values().flat_map(|link| link.keys.iter()))
            });
            let of_resources = service.resources.values().flat_map(|resource| resource.keys.iter());
            of_actions.chain(of_resources).chain(&service.keys).map(String::as_str)
        })
    }
}
