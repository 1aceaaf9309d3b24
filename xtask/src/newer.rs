//! Names that the source of record does not have yet: PyPI `cfn-lint`, which is published more often, but has names in
//! lower case, and neither access levels nor actions' condition keys.

use iam_lint::catalog::{ActionFacts, Facts, LinkFacts, ResourceFacts, ServiceFacts, fold};
use serde_json::Value;

use crate::Result;
use crate::archive::Archive;
use crate::json::{members, strings};
use crate::record::key_name;
use crate::sdk::Sdk;

const POLICIES: &str = "cfnlint/data/AdditionalSpecs/Policies.json";

pub fn add(facts: &mut Facts, package: &Archive, sdk: &Sdk) -> Result<()> {
    let policies = package.json(POLICIES)?;
    facts.date = facts.date.clone().max(package.day(POLICIES).to_owned());
    for (prefix, listed) in policies.as_object().into_iter().flatten() {
        let service = facts
            .services
            .entry(fold(prefix))
            .or_insert_with(|| ServiceFacts { prefix: prefix.clone(), ..ServiceFacts::default() });
        add_resources(service, listed);
        for (folded, action) in members(listed, "Actions") {
            add_action(service, folded, action, sdk);
        }
    }
    Ok(())
}

fn add_resources(service: &mut ServiceFacts, listed: &Value) {
    for (name, resource) in members(listed, "Resources") {
        service.resources.entry(fold(name)).or_insert_with(|| ResourceFacts {
            name: name.clone(),
            // Whatever the placeholders were called, they have all become the same regular expression.
            arns: strings(resource, "ARNFormats").map(|arn| arn.replace(".*", "${ResourceId}")).collect(),
            keys: strings(resource, "ConditionKeys").map(key_name).collect(),
        });
    }
}

fn add_action(service: &mut ServiceFacts, folded: &str, listed: &Value, sdk: &Sdk) {
    let cased = sdk.operation(&service.prefix, folded);
    let action = service.actions.entry(fold(folded)).or_insert_with(|| ActionFacts {
        name: cased.unwrap_or(folded).to_owned(),
        folded_only: cased.is_none(),
        ..ActionFacts::default()
    });
    for resource in strings(listed, "Resources").filter_map(|name| service.resources.get(&fold(name))) {
        let link = || LinkFacts { resource: resource.name.clone(), ..LinkFacts::default() };
        action.resources.entry(fold(&resource.name)).or_insert_with(link);
    }
}
