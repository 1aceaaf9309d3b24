//! A catalogue's records as owned facts: the inverse of [`super::encode`].

use super::entry::{Action, ConditionKey, ResourceType, Service};
use super::facts::{
    ActionFacts, Facts, KeyFacts, LinkFacts, MisnomerFacts, PartitionFacts, ResourceFacts, RetiredFacts, ServiceFacts,
    fold,
};
use super::lookup::Catalog;

impl Catalog {
    /// Everything in it.
    pub fn facts(&self) -> Facts {
        let mut facts = Facts {
            date: self.date().to_owned(),
            principals: self.service_principals().map(str::to_owned).collect(),
            ..Facts::default()
        };
        for service in self.services() {
            facts.services.insert(fold(service.prefix()), service_facts(service));
        }
        for key in self.condition_keys() {
            facts.add_key(key_facts(key));
        }
        for retired in self.all_retired() {
            let (name, last_seen) = (retired.name().to_owned(), retired.last_seen().unwrap_or_default().to_owned());
            let replacements = retired.replacements().map(str::to_owned).collect();
            facts.retired.insert(fold(&name), RetiredFacts { name, last_seen, replacements });
        }
        for name in self.misnomers() {
            let meant = self.meant_by(name).map(str::to_owned).collect();
            facts.misnomers.insert(fold(name), MisnomerFacts { name: name.to_owned(), meant });
        }
        for partition in self.partitions() {
            let (name, dns_suffix) = (partition.name().to_owned(), partition.dns_suffix().to_owned());
            let regions = partition.regions().map(str::to_owned).collect();
            facts.partitions.insert(fold(&name), PartitionFacts { name, dns_suffix, regions });
        }
        facts
    }
}

fn service_facts(service: Service<'_>) -> ServiceFacts {
    ServiceFacts {
        prefix: service.prefix().to_owned(),
        name: service.name().to_owned(),
        actions: service.actions().map(|action| (fold(action.name()), action_facts(action))).collect(),
        resources: service.resource_types().map(|kind| (fold(kind.name()), resource_facts(kind))).collect(),
        keys: names(service.condition_keys()),
    }
}

fn action_facts(action: Action<'_>) -> ActionFacts {
    let links = action.resources().map(|used| {
        let (resource, required) = (used.resource_type.name().to_owned(), used.is_required());
        (fold(&resource), LinkFacts { resource, required, keys: names(used.condition_keys()) })
    });
    ActionFacts {
        name: action.name().to_owned(),
        folded_only: !action.case_is_known(),
        permission_only: action.is_permission_only(),
        levels: action.access_levels(),
        keys: names(action.own_condition_keys()),
        resources: links.collect(),
        dependents: action.dependents().map(str::to_owned).collect(),
    }
}

fn resource_facts(kind: ResourceType<'_>) -> ResourceFacts {
    let arns = kind.arn_patterns().map(str::to_owned).collect();
    ResourceFacts { name: kind.name().to_owned(), arns, keys: names(kind.condition_keys()) }
}

fn key_facts(key: ConditionKey<'_>) -> KeyFacts {
    KeyFacts {
        name: key.name().to_owned(),
        key_type: key.key_type(),
        multivalued: key.is_multivalued(),
        global: key.is_global(),
    }
}

fn names<'c>(keys: impl Iterator<Item = ConditionKey<'c>>) -> std::collections::BTreeSet<String> {
    keys.map(|key| key.name().to_owned()).collect()
}
