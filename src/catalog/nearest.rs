//! "Did you mean": the nearest known name, by known misnomers first, then by edit distance.

use super::blob::Table;
use super::entry::{Action, ConditionKey, Service};
use super::glob::Template;
use super::lookup::Catalog;
use crate::suggest::{distance, distance_within, nearest_of, words};
use std::cmp::Reverse;

impl Catalog {
    /// The service that was meant by an unknown prefix.
    pub fn nearest_service(&self, prefix: &str) -> Option<Service<'_>> {
        if let Some(service) = self.meant_by(prefix).find_map(|meant| self.service(meant)) {
            return Some(service);
        }
        nearest_of(prefix, self.services().map(|service| (service.prefix(), service)))
    }

    /// The service that was meant by an unknown prefix, of which all these actions, or patterns of actions, are
    /// wanted: `mks` is as near to `eks` as to `kms`, and only `kms` has `Decrypt`.
    pub fn nearest_service_with<'n>(
        &self,
        prefix: &str,
        names: impl Iterator<Item = &'n str> + Clone,
    ) -> Option<Service<'_>> {
        /// More tell no more.
        const MOST_NAMES: usize = 20;
        const LONGEST: usize = 40;
        if prefix.is_empty() || prefix.len() > LONGEST || self.meant_by(prefix).next().is_some() {
            return self.nearest_service(prefix);
        }
        let farthest = if prefix.len() > 3 { 2 } else { 1 };
        let has = |service: Service<'_>, name: &str| match name.contains(['*', '?']) {
            true => name.bytes().any(|byte| byte != b'*') && service.expand(name).next().is_some(),
            false => service.action(name).is_some(),
        };
        let near = self.services().filter_map(|service| {
            let known = service.prefix();
            let edits = distance_within(known, prefix, farthest)?;
            let count = names.clone().take(MOST_NAMES).filter(|name| has(service, name)).count();
            // Of short names, that many are near to, the longer one.
            let rank = (Reverse(count), edits, !are_swapped(known, prefix), Reverse(known.len()));
            (count > 0).then_some((rank, service))
        });
        let best = near.min_by_key(|(rank, _)| *rank).map(|(_, service)| service);
        best.or_else(|| self.nearest_service(prefix))
    }

    /// The action that was meant by an unknown one: of the same service where there is one near; else one of
    /// exactly this name, if a single service has it and it is no name that any service might have; else one of the
    /// service that was probably meant.
    pub fn nearest_action(&self, service: &str, name: &str) -> Option<Action<'_>> {
        let full_name = format!("{service}:{name}");
        if let Some(action) = self.meant_by(&full_name).find_map(|meant| self.action_named(meant)) {
            return Some(action);
        }
        let within = |service: Service<'_>| -> Option<u32> {
            let exact = service.action(name);
            let near = || nearest_of(name, service.actions().map(|action| (action.name(), action)));
            exact.or_else(near).map(|action| action.record)
        };
        let elsewhere = || {
            let mut namesakes = self.services().filter_map(|service| service.action(name));
            let only = namesakes.next().filter(|_| namesakes.next().is_none());
            only.filter(|action| is_distinctive(action.name())).map(|action| action.record)
        };
        let known = self.service(service);
        let record = match known {
            Some(service) => within(service).or_else(elsewhere),
            None => self.nearest_service_with(service, std::iter::once(name)).and_then(within).or_else(elsewhere),
        };
        record.map(|record| Action { blob: self.blob(), record })
    }

    /// The condition key that was meant by an unknown one, as it is to be written: a template comes back with the
    /// part of `name` that stands in the placeholder.
    pub fn nearest_key(&self, name: &str) -> Option<String> {
        // A global key without its prefix, or with a service's.
        let local = name.split_once(':').map_or(name, |(_, local)| local);
        if let Some(key) = self.condition_key(&format!("aws:{local}")).filter(|key| key.is_global()) {
            return Some(instance(key, local));
        }
        if let Some(instance) = self.nearest_instance(name) {
            return Some(instance);
        }
        let plain = self.condition_keys().filter(|key| !key.is_template());
        nearest_of(name, plain.map(|key| (key.name(), key))).map(|key| key.name().to_owned())
    }

    /// The key that was meant by an unknown one of the same prefix, such as a claim of one of the identity providers
    /// whose claims are known.
    pub fn nearest_of_prefix(&self, name: &str) -> Option<ConditionKey<'_>> {
        let (prefix, own) = name.rsplit_once(':').filter(|(prefix, own)| !prefix.is_empty() && !own.is_empty())?;
        let folded = format!("{}:", prefix.to_ascii_lowercase());
        let start_of = |key: ConditionKey<'_>| {
            let bytes = key.name_bytes();
            bytes[..bytes.len().min(folded.len())].to_ascii_lowercase()
        };
        let blob = self.blob();
        let all = 0..blob.count(Table::Keys);
        let key = |record| ConditionKey { blob, record };
        let first = blob.partition_point(all.clone(), |record| start_of(key(record)).as_slice() < folded.as_bytes());
        let same = (first..all.end).map(key).take_while(|key| start_of(*key) == folded.as_bytes());
        let candidates = same.filter(|key| !key.is_template()).map(|key| (&key.name()[folded.len()..], key));
        nearest_of(own, candidates)
    }

    /// The instance of a template that was meant by a name with a slip before the placeholder.
    fn nearest_instance(&self, name: &str) -> Option<String> {
        let mut best: Option<(usize, String)> = None;
        for key in self.condition_keys().filter(|key| key.is_template()) {
            let known = Template(key.name()).prefix();
            let Some(separator) = known.chars().last().filter(char::is_ascii_punctuation) else { continue };
            // The part that is to be compared ends where the template's does: at the second colon, the first slash.
            let count = known.matches(separator).count();
            let Some((end, _)) = name.match_indices(separator).nth(count - 1) else { continue };
            let (head, tail) = name.split_at(end + 1);
            if nearest_of(head, [(known, ())]).is_none() {
                continue;
            }
            let (edits, instance) = (distance(head, known), format!("{known}{tail}"));
            if key.matches(&instance) && best.as_ref().is_none_or(|(fewest, _)| edits < *fewest) {
                best = Some((edits, instance));
            }
        }
        best.map(|(_, instance)| instance)
    }
}

/// Whether a name says enough to be recognised in another service: `PassRole` does, `Put` and `Receive` do not.
fn is_distinctive(name: &str) -> bool {
    const SHORTEST: usize = 8;
    name.len() >= SHORTEST && words(name).len() > 1
}

/// Whether two texts are of the same letters, which is how fingers slip.
fn are_swapped(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut bytes = text.to_ascii_lowercase().into_bytes();
        bytes.sort_unstable();
        bytes
    };
    sorted(a) == sorted(b)
}

/// The key as it is to be written: with what follows the slash of `name` in place of a template's placeholder.
fn instance(key: ConditionKey<'_>, name: &str) -> String {
    match name.split_once('/') {
        Some((_, tail)) if key.is_template() => format!("{}{tail}", Template(key.name()).prefix()),
        _ => key.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_action(service: &str, name: &str, expect: Option<&str>) {
        let found = Catalog::builtin().nearest_action(service, name).map(|action| action.to_string());
        assert_eq!(found.as_deref(), expect, "{service}:{name}");
    }

    #[test]
    fn actions() {
        check_action("iam", "DeactivateMfaDevise", Some("iam:DeactivateMFADevice"));
        check_action("iam", "DeactviateMFADevice", Some("iam:DeactivateMFADevice"));
        check_action("s3", "PassRole", Some("iam:PassRole"));
        check_action("s3", "ListObjects", Some("s3:ListBucket"));
        check_action("s3", "put", None);
        check_action("sns", "Receive", None);
        check_action("s3s", "GetObject", Some("s3:GetObject"));
        check_action("iam", "Zzzzzzzzzzzz", None);
        check_action("iam", &"a".repeat(100_000), None);
    }

    #[track_caller]
    fn check_key(name: &str, expect: Option<&str>) {
        assert_eq!(Catalog::builtin().nearest_key(name).as_deref(), expect, "{name}");
    }

    #[test]
    fn keys() {
        check_key("aws:MultiFactorAuthPresnt", Some("aws:MultiFactorAuthPresent"));
        check_key("MultiFactorAuthPresent", Some("aws:MultiFactorAuthPresent"));
        check_key("s3:SourceIp", Some("aws:SourceIp"));
        check_key("aws:RequestTags/team", Some("aws:RequestTag/team"));
        check_key("aws:PrincpalTag/a/b", Some("aws:PrincipalTag/a/b"));
        check_key("iam:PassedToServices", Some("iam:PassedToService"));
        check_key("zzz:Nothing", None);
        check_key("kms:EncryptonContext:aws:s3:arn", Some("kms:EncryptionContext:aws:s3:arn"));
        check_key("codebuild:secondarySurces/foo.location", Some("codebuild:secondarySources/foo.location"));
        check_key("aws.SourceIp", Some("aws:SourceIp"));
    }

    #[track_caller]
    fn check_of_prefix(name: &str, expect: Option<&str>) {
        let found = Catalog::builtin().nearest_of_prefix(name).map(|key| key.name());
        assert_eq!(found, expect, "{name}");
    }

    #[test]
    fn claims_of_known_providers() {
        check_of_prefix("SAML:audd", Some("saml:aud"));
        check_of_prefix("saml:edupersonogdn", Some("saml:edupersonorgdn"));
        check_of_prefix("token.actions.githubusercontent.com:audd", Some("token.actions.githubusercontent.com:aud"));
        check_of_prefix("cognito-identity.amazonaws.com:audd", Some("cognito-identity.amazonaws.com:aud"));
        check_of_prefix("iot:ClietnMode", Some("iot:ClientMode"));
        for other in ["repository_owner", "ref_type", "sha", "iss", "jti", "run_id", "workflow_ref", "job_workflow_sha"]
        {
            check_of_prefix(&format!("token.actions.githubusercontent.com:{other}"), None);
        }
        check_of_prefix("oidc.example.com:audd", None);
        check_of_prefix("saml:somethingnew", None);
        check_of_prefix(":", None);
        check_of_prefix("", None);
    }

    #[track_caller]
    fn check_service(prefix: &str, expect: Option<&str>) {
        assert_eq!(Catalog::builtin().nearest_service(prefix).map(Service::prefix), expect, "{prefix}");
    }

    #[test]
    fn services() {
        check_service("lamda", Some("lambda"));
        check_service("elbv2", Some("elasticloadbalancing"));
        check_service("stepfunctions", Some("states"));
        check_service("nothingatall", None);
        check_service("", None);
    }

    #[track_caller]
    fn check_service_with(prefix: &str, names: &[&str], expect: Option<&str>) {
        let found = Catalog::builtin().nearest_service_with(prefix, names.iter().copied());
        assert_eq!(found.map(Service::prefix), expect, "{prefix} {names:?}");
    }

    #[test]
    fn a_service_is_known_by_its_actions() {
        check_service_with("mks", &["Decrypt"], Some("kms"));
        check_service_with("mks", &["ReEncrypt*", "*"], Some("kms"));
        check_service_with("aim", &["PassRole"], Some("iam"));
        check_service_with("am", &["GetUser"], Some("iam"));
        check_service_with("ce2", &["RunInstances"], Some("ec2"));
        check_service_with("st", &["AssumeRole"], Some("sts"));
        check_service_with("smm", &["GetParameter"], Some("ssm"));
        check_service_with("sq", &["SendMessage"], Some("sqs"));
        check_service_with("3", &["GetObject"], Some("s3"));
        check_service_with("dynmaodb", &["Nothing"], Some("dynamodb"));
        check_service_with("elbv2", &["Nothing"], Some("elasticloadbalancing"));
        check_service_with("zz", &["ListTags"], None);
        check_service_with("", &["GetObject"], None);
    }
}
