//! PyPI `botocore`: partitions and regions, what the SDK calls services, and how operations are spelt.

use std::collections::BTreeMap;

use iam_lint::catalog::{Facts, MisnomerFacts, PartitionFacts, fold};

use crate::Result;
use crate::archive::Archive;
use crate::json::{items, members, string};

pub struct Sdk {
    /// By the name of the client, what requests are signed for, which is usually the prefix of the actions.
    clients: BTreeMap<String, String>,
    /// By that prefix and the folded name.
    operations: BTreeMap<(String, String), String>,
    partitions: Vec<PartitionFacts>,
}

impl Sdk {
    pub fn read(package: &Archive) -> Result<Self> {
        let mut sdk = Self { clients: BTreeMap::new(), operations: BTreeMap::new(), partitions: partitions(package)? };
        // `botocore/data/CLIENT/VERSION/service-2.json.gz`
        for path in package.paths("botocore/data/", "/service-2.json.gz") {
            let Some(client) = path.split('/').nth(2) else { continue };
            let model = package.json(path)?;
            let about = model.get("metadata").cloned().unwrap_or_default();
            let signed = [string(&about, "signingName"), string(&about, "endpointPrefix")];
            let prefix = signed.into_iter().find(|name| !name.is_empty()).unwrap_or(client);
            sdk.clients.insert(client.to_owned(), prefix.to_owned());
            for (operation, _) in members(&model, "operations") {
                sdk.operations.insert((fold(prefix), fold(operation)), operation.clone());
            }
        }
        Ok(sdk)
    }

    /// AWS's spelling of an operation of the service whose actions have that prefix.
    pub fn operation(&self, prefix: &str, folded: &str) -> Option<&str> {
        self.operations.get(&(fold(prefix), fold(folded))).map(String::as_str)
    }

    /// Adds the partitions, and for every client whose name is no prefix of actions the prefix that is meant by it.
    pub fn add(&self, facts: &mut Facts) {
        for partition in &self.partitions {
            facts.partitions.insert(fold(&partition.name), partition.clone());
        }
        for (client, prefix) in &self.clients {
            if let Some(service) = facts.services.get(&fold(prefix))
                && !facts.services.contains_key(&fold(client))
            {
                let meant = vec![service.prefix.clone()];
                facts.misnomers.insert(fold(client), MisnomerFacts { name: client.clone(), meant });
            }
        }
    }
}

fn partitions(package: &Archive) -> Result<Vec<PartitionFacts>> {
    let listed = package.json("botocore/data/partitions.json")?;
    let partition = |partition| {
        let name = string(partition, "id");
        // A pseudo-region such as `aws-global` stands for none, and in no ARN.
        let pseudo = format!("{name}-global");
        let regions = members(partition, "regions").map(|(code, _)| code.clone()).filter(|code| *code != pseudo);
        let outputs = partition.get("outputs").cloned().unwrap_or_default();
        let dns_suffix = string(&outputs, "dnsSuffix").to_owned();
        PartitionFacts { name: name.to_owned(), dns_suffix, regions: regions.collect() }
    };
    Ok(items(&listed, "partitions").map(partition).collect())
}
