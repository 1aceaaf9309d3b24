//! Answers for people, as plain owned data that any output can show.

use super::AccessLevel;
use super::entry::{Action, ConditionKey, ResourceType, Service};
use super::lookup::Catalog;
use crate::suggest::lookalike::Disguise;
use std::collections::BTreeSet;

/// What there is, or what may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    /// It is known.
    Known(T),
    /// It is not known; perhaps this was meant.
    Unknown(Option<String>),
    /// It is not known any more.
    Retired(RetiredInfo),
}

/// An action or a service that AWS has given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredInfo {
    /// `service:Action`, or `service` where all of it is gone.
    pub name: String,
    /// The last day on which AWS was seen to have it; `None` where it still has.
    pub last_seen: Option<String>,
    /// What has taken its place: actions, or a service.
    pub replacements: Vec<String>,
    /// The action of that service that was asked for, if it is there.
    pub meant: Option<String>,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionInfo {
    /// `iam:PassRole`.
    pub name: String,
    /// What it does, as AWS classes it; empty where that is not known.
    pub access_levels: Vec<AccessLevel>,
    /// Whether it is no API operation.
    pub permission_only: bool,
    /// What it works on; empty where `Resource` must be `*`.
    pub resources: Vec<ResourceUseInfo>,
    /// All condition keys that a request for it may carry, global ones that AWS does not list left out.
    pub condition_keys: Vec<String>,
    /// What else the caller needs.
    pub dependents: Vec<String>,
    /// What to write instead, if it has been given up, or is about to be.
    pub replacements: Vec<String>,
}

/// A resource type that an action works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceUseInfo {
    /// Its name.
    pub name: String,
    /// Whether AWS stars it.
    pub required: bool,
    /// Its ARNs, with placeholders.
    pub arns: Vec<String>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceInfo {
    /// What stands before the colon.
    pub prefix: String,
    /// What AWS calls it.
    pub name: String,
    /// Its actions' names, without the prefix.
    pub actions: Vec<String>,
    /// Its resource types.
    pub resources: Vec<ResourceInfo>,
    /// Its condition keys.
    pub condition_keys: Vec<String>,
}

/// A resource type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceInfo {
    /// The prefix of its service.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Its ARNs, with placeholders.
    pub arns: Vec<String>,
    /// The condition keys of every action on it.
    pub condition_keys: Vec<String>,
    /// The full names of the actions that work on it.
    pub actions: Vec<String>,
}

/// A condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// In AWS's spelling, with a placeholder where it stands for many.
    pub name: String,
    /// The type of its values, in AWS's words.
    pub key_type: &'static str,
    /// Whether a request may carry several values.
    pub multivalued: bool,
    /// Whether requests to every service may carry it.
    pub global: bool,
    /// How many actions list it.
    pub action_count: usize,
    /// The prefixes of the services with such an action.
    pub services: Vec<String>,
}

impl Catalog {
    /// What the actions are that a name or pattern stands for.
    pub fn describe_actions(&self, pattern: &str) -> Answer<Vec<ActionInfo>> {
        let found: Vec<ActionInfo> = self.expand(pattern).map(|action| self.action_info(action)).collect();
        if !found.is_empty() {
            return Answer::Known(found);
        }
        let plain = Disguise::of(pattern).map(|disguise| disguise.plain);
        let seen = plain.as_deref().and_then(|plain| Some((plain, self.expand(plain).next()?)));
        if let Some((plain, first)) = seen {
            let is_pattern = plain.contains(['*', '?']);
            return Answer::Unknown(Some(if is_pattern { plain.to_owned() } else { first.to_string() }));
        }
        if let Some(retired) = self.retired_info(pattern) {
            return Answer::Retired(retired);
        }
        let meant = pattern.split_once(':').and_then(|(service, name)| {
            if name.contains(['*', '?']) {
                if self.service(service).is_some() {
                    return self.nearest_pattern(service, name);
                }
                let service = self.nearest_service_with(service, std::iter::once(name))?;
                return Some(format!("{service}:{name}"));
            }
            self.nearest_action(service, name).map(|action| action.to_string())
        });
        Answer::Unknown(meant)
    }

    /// What a service is.
    pub fn describe_service(&self, prefix: &str) -> Answer<ServiceInfo> {
        if let Some(service) = self.service(prefix) {
            return Answer::Known(self.service_info(service));
        }
        match self.retired_info(prefix) {
            Some(retired) => Answer::Retired(retired),
            None => Answer::Unknown(self.nearest_service(prefix).map(|service| service.to_string())),
        }
    }

    /// What a condition key is.
    pub fn describe_key(&self, name: &str) -> Answer<KeyInfo> {
        if let Some(key) = self.condition_key(name) {
            return Answer::Known(self.key_info(key));
        }
        let plain = Disguise::of(name).map_or(name.into(), |seen| seen.plain);
        let exact = self.template_with_tag(&format!("{plain}/x"));
        let near =
            || self.nearest_key(&plain).or_else(|| self.template_with_tag(&self.nearest_key(&format!("{plain}/x"))?));
        Answer::Unknown(exact.or_else(near))
    }

    /// The template that a key with a tag key in it is of: what was meant by a key whose tag key is left out.
    fn template_with_tag(&self, key: &str) -> Option<String> {
        let template = self.condition_key(key).filter(|key| key.name().contains("/${"))?;
        Some(template.name().to_owned())
    }

    /// What resource types an ARN, or a pattern of ARNs, may be of.
    pub fn describe_resources(&self, arn: &str) -> Answer<Vec<ResourceInfo>> {
        let found: Vec<ResourceInfo> = self.resource_types_of_arn(arn).map(resource_info).collect();
        match found.is_empty() {
            true => Answer::Unknown(self.nearest_resource(arn)),
            false => Answer::Known(found),
        }
    }

    /// What AWS says of the end of an action, or of its service, or of a service alone.
    fn retired_info(&self, name: &str) -> Option<RetiredInfo> {
        let retired = self.retired(name)?;
        let action = name.split_once(':').map(|(_, action)| action);
        let meant = action.and_then(|action| {
            let mut heirs = retired.replacements().filter_map(|heir| self.service(heir));
            heirs.find(|heir| heir.expand(action).next().is_some()).map(|heir| format!("{heir}:{action}"))
        });
        Some(RetiredInfo {
            name: retired.name().to_owned(),
            last_seen: retired.last_seen().map(str::to_owned),
            replacements: owned(retired.replacements()),
            meant,
        })
    }

    fn action_info(&self, action: Action<'_>) -> ActionInfo {
        let name = action.to_string();
        let retired = self.retired(&name);
        ActionInfo {
            access_levels: action.access_levels().iter().collect(),
            permission_only: action.is_permission_only(),
            resources: action
                .resources()
                .map(|used| {
                    let kind = used.resource_type;
                    ResourceUseInfo {
                        name: kind.name().to_owned(),
                        required: used.is_required(),
                        arns: owned(kind.arn_patterns()),
                    }
                })
                .collect(),
            condition_keys: names(action.condition_keys()),
            dependents: owned(action.dependents()),
            replacements: retired.map(|retired| owned(retired.replacements())).unwrap_or_default(),
            name,
        }
    }

    fn service_info(&self, service: Service<'_>) -> ServiceInfo {
        // AWS lists a service's keys once more by themselves; an overlay does not.
        let listed = service.condition_keys().chain(service.actions().flat_map(Action::condition_keys));
        let listed = listed.chain(service.resource_types().flat_map(ResourceType::condition_keys));
        let listed: BTreeSet<&str> = listed.map(ConditionKey::name).collect();
        let is_own = |key: ConditionKey<'_>| {
            let prefix = key.name().split_once(':').map(|(prefix, _)| prefix);
            prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(service.prefix()))
        };
        let is_its = |key: &ConditionKey<'_>| is_own(*key) || listed.contains(key.name());
        ServiceInfo {
            prefix: service.prefix().to_owned(),
            name: service.name().to_owned(),
            actions: owned(service.actions().map(Action::name)),
            resources: service.resource_types().map(resource_info).collect(),
            condition_keys: names(self.condition_keys().filter(is_its)),
        }
    }

    fn key_info(&self, key: ConditionKey<'_>) -> KeyInfo {
        let mut services: Vec<String> = Vec::new();
        let mut action_count = 0;
        for action in self.actions().filter(|action| action.condition_keys().any(|listed| listed == key)) {
            action_count += 1;
            let prefix = action.service().prefix();
            if services.last().is_none_or(|last| last != prefix) {
                services.push(prefix.to_owned());
            }
        }
        KeyInfo {
            name: key.name().to_owned(),
            key_type: key.key_type().name(),
            multivalued: key.is_multivalued(),
            global: key.is_global(),
            action_count,
            services,
        }
    }
}

fn resource_info(kind: ResourceType<'_>) -> ResourceInfo {
    ResourceInfo {
        service: kind.service().to_string(),
        name: kind.name().to_owned(),
        arns: owned(kind.arn_patterns()),
        condition_keys: names(kind.condition_keys()),
        actions: kind.actions().map(|action| action.to_string()).collect(),
    }
}

fn names<'c>(keys: impl Iterator<Item = ConditionKey<'c>>) -> Vec<String> {
    owned(keys.map(ConditionKey::name))
}

fn owned<'c>(texts: impl Iterator<Item = &'c str>) -> Vec<String> {
    texts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_all_keys_that_are_listed_for_it() {
        let catalog = Catalog::builtin();
        for service in catalog.services() {
            let Answer::Known(info) = catalog.describe_service(service.prefix()) else { panic!("it is known") };
            let listed = names(service.condition_keys());
            let missing = listed.iter().find(|key| !info.condition_keys.contains(key));
            assert_eq!(missing, None, "{service}");
            if ["iam", "kms", "s3", "sts"].contains(&service.prefix()) {
                assert_eq!(info.condition_keys, listed, "{service}");
            }
        }
    }
}
