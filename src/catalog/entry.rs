//! What the catalogue hands out: small copyable handles, each a place in the blob.

use std::fmt;

use super::around::Retired;
use super::blob::{Blob, List, Table, action_flag, key_flag};
use super::expand::Expand;
use super::glob::Template;
use super::{AccessLevels, KeyType};

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<'c> {
            pub(super) blob: Blob<'c>,
            pub(super) record: u32,
        }

        impl PartialEq for $name<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.record == other.record && self.blob.is(other.blob)
            }
        }

        impl Eq for $name<'_> {}

        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

pub(super) use handle;

handle! {
    /// A service.
    Service
}

handle! {
    /// An action.
    Action
}

handle! {
    /// A resource type of a service.
    ResourceType
}

handle! {
    /// A condition key, or a template of keys such as `aws:RequestTag/${TagKey}`.
    ConditionKey
}

/// The number of an action in its catalogue, from 0 without gaps, in the order of [`super::Catalog::actions`]: an
/// index for bit-sets over all actions. Numbers of different catalogues (of releases, or with different overlays)
/// have nothing to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub u32);

impl ActionId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl<'c> Service<'c> {
    fn field(self, field: usize) -> u32 {
        self.blob.field(Table::Services, self.record, field)
    }

    /// What stands before the colon: `s3`.
    pub fn prefix(self) -> &'c str {
        self.blob.text(self.field(0))
    }

    /// What AWS calls it: `Amazon S3`. It may be empty.
    pub fn name(self) -> &'c str {
        self.blob.text(self.field(1))
    }

    pub(super) fn action_range(self) -> std::ops::Range<u32> {
        let first = self.field(2);
        first..first.saturating_add(self.field(3))
    }

    fn resource_range(self) -> std::ops::Range<u32> {
        let first = self.field(4);
        first..first.saturating_add(self.field(5))
    }

    /// Its actions, sorted by folded name.
    pub fn actions(self) -> impl ExactSizeIterator<Item = Action<'c>> + Clone {
        let range = self.action_range();
        let length = range.len();
        (0..length).map(move |at| Action { blob: self.blob, record: range.start + at as u32 })
    }

    /// The action of that name, in whatever case.
    pub fn action(self, name: &str) -> Option<Action<'c>> {
        let record = self.blob.find_indexed(Table::Actions, self.action_range(), name)?;
        Some(Action { blob: self.blob, record })
    }

    /// Its actions that a pattern of `*` and `?` stands for, sorted by folded name.
    pub fn expand(self, pattern: &str) -> Expand<'c> {
        Expand::of_service(self, pattern)
    }

    /// Its resource types, sorted by folded name.
    pub fn resource_types(self) -> impl Iterator<Item = ResourceType<'c>> + Clone {
        self.resource_range().map(move |record| ResourceType { blob: self.blob, record })
    }

    /// The resource type of that name, in whatever case.
    pub fn resource_type(self, name: &str) -> Option<ResourceType<'c>> {
        let record = self.blob.find(Table::Resources, self.resource_range(), name)?;
        Some(ResourceType { blob: self.blob, record })
    }

    /// The condition keys that AWS lists for it, global ones among them.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey<'c>> {
        keys(self.blob, self.field(6))
    }
}

impl fmt::Display for Service<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())
    }
}

impl<'c> Action<'c> {
    fn field(self, field: usize) -> u32 {
        self.blob.field(Table::Actions, self.record, field)
    }

    /// Its number among all actions.
    pub fn id(self) -> ActionId {
        ActionId(self.record)
    }

    /// What stands after the colon, in AWS's spelling where [`Action::case_is_known`].
    pub fn name(self) -> &'c str {
        self.blob.text(self.field(0))
    }

    /// Its service.
    pub fn service(self) -> Service<'c> {
        Service { blob: self.blob, record: self.field(1) }
    }

    /// Whether [`Action::name`] is AWS's own spelling. Of the newest actions only the lower-case form is known.
    pub fn case_is_known(self) -> bool {
        self.field(2) & action_flag::FOLDED_ONLY == 0
    }

    /// Whether it is no API operation: it is only checked within others. As of 2025; unknown counts as no.
    pub fn is_permission_only(self) -> bool {
        self.field(2) & action_flag::PERMISSION_ONLY != 0
    }

    /// What AWS says of its end, if it has been given up or is about to be, alone or with its whole service.
    pub fn retired(self) -> Option<Retired<'c>> {
        // Few are, and for the others there is nothing to look for.
        if self.field(2) & action_flag::RETIRED == 0 {
            return None;
        }
        let service = self.service().prefix();
        let find = |name: &str| self.blob.find(Table::Retired, 0..self.blob.count(Table::Retired), name);
        let record = find(&format!("{service}:{}", self.name())).or_else(|| find(service))?;
        Some(Retired { blob: self.blob, record })
    }

    /// What it does, as AWS classes it; empty for the newest actions, where that is not known.
    pub fn access_levels(self) -> AccessLevels {
        AccessLevels::from_bits((self.field(2) & 0xff) as u8)
    }

    /// The resource types that it works on. Where there are none, `Resource` must be `*`.
    pub fn resources(self) -> impl Iterator<Item = ResourceUse<'c>> {
        let mut words = self.links();
        std::iter::from_fn(move || {
            let (link, keys) = (words.next()?, words.next()?);
            Some(ResourceUse { resource_type: ResourceType { blob: self.blob, record: link >> 1 }, link, keys })
        })
    }

    /// Whether it works on particular resources, and not on `*` alone.
    pub fn has_resources(self) -> bool {
        self.links().next().is_some()
    }

    fn links(self) -> List<'c> {
        self.blob.list(self.field(5))
    }

    /// The condition keys that belong to the action on whatever resource: the keys that AWS lists in the action's
    /// own row.
    pub fn own_condition_keys(self) -> impl Iterator<Item = ConditionKey<'c>> {
        keys(self.blob, self.field(3))
    }

    /// All condition keys that a request for it may carry, save global ones that AWS does not list: its own, those
    /// of its resource types, and those that it carries on one of them.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey<'c>> {
        keys(self.blob, self.field(4))
    }

    /// Whether a request for it may carry `key`: whether it is among [`Action::condition_keys`], or is a global key.
    ///
    /// Of the global keys those about the tags in the request and on the resource depend on the action, so they
    /// have to be listed.
    pub fn supports_key(self, key: ConditionKey<'_>) -> bool {
        if key.is_global() && !key.depends_on_action() {
            return true;
        }
        if self.blob.is(key.blob) {
            return self.blob.list(self.field(4)).any(|listed| listed == key.record);
        }
        self.condition_keys().any(|listed| listed.name().eq_ignore_ascii_case(key.name()))
    }

    /// Full names of other actions that the caller needs as well. As of early 2026: AWS has since stopped saying.
    pub fn dependents(self) -> impl Iterator<Item = &'c str> {
        self.blob.list(self.field(6)).map(move |text| self.blob.text(text))
    }
}

impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service().prefix(), self.name())
    }
}

/// That an action works on a resource type.
#[derive(Debug, Clone, Copy)]
pub struct ResourceUse<'c> {
    /// The resource type.
    pub resource_type: ResourceType<'c>,
    link: u32,
    keys: u32,
}

impl<'c> ResourceUse<'c> {
    /// Whether AWS stars it. Where several are starred they may be alternatives, so this does not mean that all are
    /// needed at once.
    pub fn is_required(self) -> bool {
        self.link & 1 == 1
    }

    /// The condition keys that the action carries on this resource type only, beyond those of the resource type.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey<'c>> {
        keys(self.resource_type.blob, self.keys)
    }
}

impl<'c> ResourceType<'c> {
    fn field(self, field: usize) -> u32 {
        self.blob.field(Table::Resources, self.record, field)
    }

    /// Its name; it may contain spaces.
    pub fn name(self) -> &'c str {
        self.blob.text(self.field(0))
    }

    /// The service that defines it, which need not be the service in its ARNs.
    pub fn service(self) -> Service<'c> {
        Service { blob: self.blob, record: self.field(1) }
    }

    /// Its ARNs, with placeholders: `arn:${Partition}:iam::${Account}:user/${UserNameWithPath}`.
    pub fn arn_patterns(self) -> impl Iterator<Item = &'c str> {
        self.blob.list(self.field(2)).map(move |text| self.blob.text(text))
    }

    /// The condition keys that every action on it carries.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey<'c>> {
        keys(self.blob, self.field(3))
    }

    /// The actions of its service that work on it.
    pub fn actions(self) -> impl Iterator<Item = Action<'c>> {
        self.service().actions().filter(move |action| action.resources().any(|used| used.resource_type == self))
    }
}

impl fmt::Display for ResourceType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service().prefix(), self.name())
    }
}

fn keys(blob: Blob<'_>, list: u32) -> impl Iterator<Item = ConditionKey<'_>> {
    blob.list(list).map(move |record| ConditionKey { blob, record })
}

impl<'c> ConditionKey<'c> {
    fn flags(self) -> u32 {
        self.blob.field(Table::Keys, self.record, 1)
    }

    /// Its name in AWS's spelling; a template has a placeholder such as `${TagKey}`.
    pub fn name(self) -> &'c str {
        self.blob.text(self.blob.field(Table::Keys, self.record, 0))
    }

    pub(super) fn name_bytes(self) -> &'c [u8] {
        self.blob.text_bytes(self.blob.field(Table::Keys, self.record, 0))
    }

    /// The type of its values.
    pub fn key_type(self) -> KeyType {
        KeyType::from_number((self.flags() & 0xff) as usize)
    }

    /// Whether a request may carry several values, so that it wants a set operator.
    pub fn is_multivalued(self) -> bool {
        self.flags() & key_flag::MULTIVALUED != 0
    }

    /// Whether requests to every service may carry it.
    pub fn is_global(self) -> bool {
        self.flags() & key_flag::GLOBAL != 0
    }

    /// Whether it stands for many keys.
    pub fn is_template(self) -> bool {
        self.name().contains("${")
    }

    /// Whether `name` is this key or one of this template's keys, in whatever case.
    pub fn matches(self, name: &str) -> bool {
        // Nearly all differ before any placeholder.
        let mut start = self.name_bytes().iter().take_while(|byte| **byte != b'$').zip(name.as_bytes());
        start.all(|(known, given)| known.eq_ignore_ascii_case(given)) && Template(self.name()).matches(name)
    }

    /// A global key about the tags in the request or on the resource; whether a request carries it depends on the
    /// action all the same.
    pub fn depends_on_action(self) -> bool {
        ["aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"].contains(&self.name())
    }
}

impl fmt::Display for ConditionKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
