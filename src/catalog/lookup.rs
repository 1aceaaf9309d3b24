//! The catalogue and its look-ups.

use std::borrow::Cow;

use super::around::{Partition, Retired};
use super::blob::{Blob, Table};
use super::entry::{Action, ActionId, ConditionKey, ResourceType, Service};
use super::expand::Expand;
use super::facts::Overlay;
use super::glob::Template;

/// What is known about AWS: the built-in facts, perhaps with a user's own on top.
#[derive(Debug, Clone)]
pub struct Catalog {
    bytes: Cow<'static, [u8]>,
}

static BUILTIN: Catalog = Catalog { bytes: Cow::Borrowed(include_bytes!("../../catalog/catalog.bin")) };

impl Catalog {
    /// The facts that come with the program. It costs nothing.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The built-in facts and those of `overlay`, which win. It costs some milliseconds.
    pub fn with(overlay: &Overlay) -> Self {
        let mut facts = BUILTIN.facts();
        facts.merge(overlay);
        Self { bytes: Cow::Owned(super::encode(&facts)) }
    }

    pub(super) fn blob(&self) -> Blob<'_> {
        Blob::new(&self.bytes)
    }

    /// The day, as `2026-10-20`, up to which names are known.
    pub fn date(&self) -> &str {
        let blob = self.blob();
        blob.text(blob.field(Table::About, 0, 0))
    }

    /// Every service, sorted by prefix.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> + Clone {
        let blob = self.blob();
        (0..blob.count(Table::Services)).map(move |record| Service { blob, record })
    }

    /// The service of that prefix.
    pub fn service(&self, prefix: &str) -> Option<Service<'_>> {
        let blob = self.blob();
        let record = blob.find_indexed(Table::Services, 0..blob.count(Table::Services), prefix)?;
        Some(Service { blob, record })
    }

    /// How many actions there are; every [`ActionId`] is below.
    pub fn action_count(&self) -> usize {
        self.blob().count(Table::Actions) as usize
    }

    /// Every action, by [`ActionId`].
    pub fn actions(&self) -> impl Iterator<Item = Action<'_>> + Clone {
        let blob = self.blob();
        (0..blob.count(Table::Actions)).map(move |record| Action { blob, record })
    }

    /// The action of that name: `catalog.action("iam", "PassRole")`.
    pub fn action(&self, service: &str, name: &str) -> Option<Action<'_>> {
        self.service(service)?.action(name)
    }

    /// The action of that full name: `iam:PassRole`.
    pub fn action_named(&self, full_name: &str) -> Option<Action<'_>> {
        let (service, name) = full_name.split_once(':')?;
        self.action(service, name)
    }

    /// The action of that number.
    pub fn action_by_id(&self, id: ActionId) -> Option<Action<'_>> {
        let blob = self.blob();
        (id.0 < blob.count(Table::Actions)).then_some(Action { blob, record: id.0 })
    }

    /// The actions that a pattern of `*` and `?` stands for: `iam:*MFA*`, or `*` for all.
    ///
    /// Wildcards before the colon work here as they do after it. IAM refuses them there, so whoever wants to know
    /// what a policy does has to look at that first.
    pub fn expand(&self, pattern: &str) -> Expand<'_> {
        Expand::new(self.blob(), pattern)
    }

    /// Every resource type, sorted by service and name.
    pub fn resource_types(&self) -> impl Iterator<Item = ResourceType<'_>> + Clone {
        let blob = self.blob();
        (0..blob.count(Table::Resources)).map(move |record| ResourceType { blob, record })
    }

    /// Every condition key and template, sorted by name.
    pub fn condition_keys(&self) -> impl Iterator<Item = ConditionKey<'_>> + Clone {
        let blob = self.blob();
        (0..blob.count(Table::Keys)).map(move |record| ConditionKey { blob, record })
    }

    /// The key of that name, or the template that it is an instance of: `aws:RequestTag/${TagKey}` for
    /// `aws:requesttag/team`.
    ///
    /// Identity providers name claims of their own (`oidc.example.com:sub`), and only those of a few are known: see
    /// [`super::is_provider_key`].
    pub fn condition_key(&self, name: &str) -> Option<ConditionKey<'_>> {
        let blob = self.blob();
        if let Some(record) = blob.find_indexed(Table::Keys, 0..blob.count(Table::Keys), name) {
            return Some(ConditionKey { blob, record });
        }
        let first = name.bytes().next()?.to_ascii_lowercase();
        let template = |record| ConditionKey { blob, record: blob.field(Table::Templates, record, 0) };
        let initial = |key: ConditionKey<'_>| key.name_bytes().first().map(u8::to_ascii_lowercase);
        let all = 0..blob.count(Table::Templates);
        let start = blob.partition_point(all.clone(), |record| initial(template(record)) < Some(first));
        (start..all.end)
            .map(template)
            .take_while(|key| initial(*key) == Some(first))
            .filter(|key| key.matches(name))
            // The longest literal start is the most particular template.
            .max_by_key(|key| Template(key.name()).prefix().len())
    }

    /// Everything that AWS has given up, sorted by name.
    pub fn all_retired(&self) -> impl Iterator<Item = Retired<'_>> {
        let blob = self.blob();
        (0..blob.count(Table::Retired)).map(move |record| Retired { blob, record })
    }

    /// Whether `service:Action`, or its whole service, has been given up, or is about to be; or `service` alone.
    pub fn retired(&self, name: &str) -> Option<Retired<'_>> {
        let blob = self.blob();
        let find = |name: &str| blob.find(Table::Retired, 0..blob.count(Table::Retired), name);
        let record = find(name).or_else(|| find(name.split_once(':')?.0))?;
        Some(Retired { blob, record })
    }

    /// What is meant by a name that is often written and wrong: `s3:ListBucket` for `s3:ListObjects`,
    /// `elasticloadbalancing` for `elbv2`. Several where several are needed; none where nothing is known.
    pub fn meant_by(&self, name: &str) -> impl Iterator<Item = &str> {
        let blob = self.blob();
        let found = blob.find(Table::Misnomers, 0..blob.count(Table::Misnomers), name);
        let list = found.map_or(0, |record| blob.field(Table::Misnomers, record, 1));
        blob.list(list).map(move |text| blob.text(text))
    }

    pub(super) fn misnomers(&self) -> impl Iterator<Item = &str> {
        let blob = self.blob();
        (0..blob.count(Table::Misnomers)).map(move |record| blob.text(blob.field(Table::Misnomers, record, 0)))
    }

    /// Every partition, sorted by name.
    pub fn partitions(&self) -> impl Iterator<Item = Partition<'_>> {
        let blob = self.blob();
        (0..blob.count(Table::Partitions)).map(move |record| Partition { blob, record })
    }

    /// The partition of that name.
    pub fn partition(&self, name: &str) -> Option<Partition<'_>> {
        self.partitions().find(|partition| partition.name() == name)
    }

    /// The partition that has the region of that code.
    pub fn partition_of_region(&self, region: &str) -> Option<Partition<'_>> {
        self.partitions().find(|partition| partition.has_region(region))
    }

    /// Service principals that are known, sorted. Others exist: this is for suggestions, not for refusing.
    pub fn service_principals(&self) -> impl Iterator<Item = &str> {
        let blob = self.blob();
        (0..blob.count(Table::Principals)).map(move |record| blob.text(blob.field(Table::Principals, record, 0)))
    }

    /// Whether `principal` is a service principal that is known.
    pub fn is_service_principal(&self, principal: &str) -> bool {
        let blob = self.blob();
        blob.find(Table::Principals, 0..blob.count(Table::Principals), principal).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_in_whatever_case() {
        for service in BUILTIN.services() {
            assert_eq!(BUILTIN.service(&service.prefix().to_ascii_uppercase()), Some(service));
            for action in service.actions() {
                assert_eq!(service.action(&action.name().to_ascii_uppercase()), Some(action), "{action}");
                let (own, named) = (action.retired(), BUILTIN.retired(&action.to_string()));
                assert_eq!(own.map(Retired::name), named.map(Retired::name), "{action}");
            }
        }
        for key in BUILTIN.condition_keys() {
            assert_eq!(BUILTIN.condition_key(&key.name().to_ascii_lowercase()), Some(key), "{key}");
        }
    }

    #[test]
    fn a_damaged_blob_gives_wrong_answers_and_no_panic() {
        let whole = BUILTIN.bytes.len();
        for cut in [0, 3, 9, 60, 105, whole / 3, whole / 2, whole - 1] {
            let catalog = Catalog { bytes: Cow::Owned(BUILTIN.bytes[..cut].to_vec()) };
            let found = catalog.action("iam", "PassRole").into_iter().flat_map(Action::condition_keys).count();
            let expanded = catalog.expand("iam:*MFA*").count();
            let template = catalog.condition_key("aws:RequestTag/team");
            assert!(cut > 105 || (found, expanded, template) == (0, 0, None), "cut at {cut}");
            catalog.nearest_action("iam", "PasRole");
            catalog.nearest_key("aws:SourcIp");
            catalog.resource_types_of_arn("arn:aws:s3:::b").for_each(drop);
        }
    }
}
