//! What the statements of a policy say of its type.

use crate::policy::model::PolicyType;
use crate::policy::recognise::names::{Name, Spelling, name_of};
use crate::policy::recognise::statement::is_intrinsic;
use crate::policy::recognise::titles::Title;
use crate::policy::recognise::{Shape, statement_list};
use crate::syntax::{Node, Value};

/// All statements of a policy together.
pub(super) struct Content {
    /// One has `Principal` or `NotPrincipal`.
    pub(super) principal: bool,
    /// All deny, or allow all resources on no condition, as most policies of an organization do.
    sweeping: bool,
    /// One allows.
    pub(super) allow: bool,
    /// No action is other than to assume a role.
    assumes: bool,
    /// All name principals, and let them assume a role and nothing else; a trust policy.
    pub(super) trusts: bool,
    /// All deny, and one of them root users by name. No policy of an account reaches those.
    pub(super) restrains_root: bool,
    /// One denies everyone on everything.
    denies_everyone: bool,
    /// All deny everyone on everything, and not in one service alone; what a resource's own policy cannot say.
    pub(super) guards_organization: bool,
}

impl Content {
    pub(super) fn of(policy: &Node<'_>, shape: Shape) -> Self {
        let mut statements = Vec::new();
        match shape {
            Shape::Document => {
                for member in policy.members().unwrap_or_default() {
                    if matches!(name_of(&member.key), Some((Name::Statement, _))) {
                        collect(&member.value, &mut statements);
                    }
                }
                if statements.is_empty()
                    && let Some(list) = policy.members().and_then(statement_list)
                {
                    collect(&list.value, &mut statements);
                }
            }
            Shape::Statements => collect(policy, &mut statements),
        }
        let all = |holds: fn(&Statement<'_>) -> bool| !statements.is_empty() && statements.iter().all(holds);
        let any = |holds: fn(&Statement<'_>) -> bool| statements.iter().any(holds);
        let deny_only = all(|statement| statement.effect_is("Deny"));
        let principal = any(|statement| statement.principal.is_some());
        Self {
            principal,
            sweeping: all(|statement| statement.sweeps()),
            assumes: all(|statement| statement.action.is_none_or(only_assumes)),
            allow: any(|statement| statement.effect_is("Allow")),
            trusts: all(|statement| statement.trusts()),
            restrains_root: deny_only && !principal && any(|statement| statement.names_root()),
            denies_everyone: any(|statement| statement.effect_is("Deny") && statement.guards_everything()),
            guards_organization: deny_only
                && all(|statement| statement.guards_everything())
                && spans_services(&statements),
        }
    }

    /// The type that `title` stands for, if the statements can be of that type.
    pub(super) fn allows(&self, title: Title) -> Option<PolicyType> {
        let (kind, possible) = match title {
            Title::Scp => (PolicyType::Scp, true),
            Title::Rcp => (PolicyType::Rcp, true),
            Title::Guardrail => (PolicyType::Scp, !self.principal && !self.allow),
            Title::Boundary => (PolicyType::Boundary, !self.principal),
            Title::Session => (PolicyType::Session, !self.principal),
            Title::Endpoint => (PolicyType::VpcEndpoint, self.principal),
            Title::Trust => (PolicyType::Trust, self.principal && self.assumes),
            Title::Resource => (PolicyType::Resource, self.principal),
            Title::Identity => (PolicyType::Identity, !self.principal && self.allow),
        };
        possible.then_some(kind)
    }
}

impl Content {
    /// Whether the statements are what `title` makes one expect, and not just allowed under it.
    pub(super) fn looks_like(&self, title: Title) -> bool {
        match title {
            Title::Scp => self.sweeping && !self.principal,
            Title::Rcp => self.principal && (self.sweeping || self.denies_everyone),
            _ => true,
        }
    }
}

/// The elements of one statement that tell types apart.
#[derive(Default)]
struct Statement<'t> {
    effect: Option<&'t str>,
    principal: Option<&'t Node<'t>>,
    negated: bool,
    action: Option<&'t Node<'t>>,
    resource: Option<&'t Node<'t>>,
    condition: Option<&'t Node<'t>>,
}

/// Lists and the branches of CloudFormation's functions are looked into.
fn collect<'t>(node: &'t Node<'t>, statements: &mut Vec<Statement<'t>>) {
    match &node.value {
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, statements)),
        Value::Object(members) if is_intrinsic(node) => {
            for branch in members.iter().filter_map(|member| member.value.elements()).flatten() {
                collect(branch, statements);
            }
        }
        Value::Object(members) if !members.is_empty() => statements.push(Statement::of(node)),
        _ => {}
    }
}

impl<'t> Statement<'t> {
    fn of(node: &'t Node<'t>) -> Self {
        let mut statement = Self::default();
        for member in node.members().unwrap_or_default() {
            let Some((name, spelling)) = name_of(&member.key) else { continue };
            let slot = match name {
                Name::Effect => {
                    statement.effect = member.value.as_str();
                    continue;
                }
                Name::Principal | Name::NotPrincipal => &mut statement.principal,
                Name::Action | Name::NotAction => &mut statement.action,
                Name::Resource | Name::NotResource => &mut statement.resource,
                Name::Condition => &mut statement.condition,
                _ => continue,
            };
            if spelling > Spelling::Near || slot.is_none() {
                *slot = Some(&member.value);
                statement.negated |= matches!(name, Name::NotPrincipal | Name::NotAction | Name::NotResource);
            }
        }
        statement
    }

    fn effect_is(&self, effect: &str) -> bool {
        self.effect.is_some_and(|text| text.eq_ignore_ascii_case(effect))
    }

    /// A service or an identity provider assumes a role and nothing else, so that a stray `Resource` does not count
    /// there; other principals may be allowed to assume by a resource or endpoint policy too.
    fn trusts(&self) -> bool {
        let provider = |node: &Node<'_>| {
            node.members()
                .is_some_and(|members| members.iter().any(|member| matches!(&*member.key, "Service" | "Federated")))
        };
        let assumes = self.action.is_some_and(only_assumes);
        let stray = || self.effect_is("Allow") && self.principal.is_some_and(provider);
        self.principal.is_some() && assumes && (self.resource.is_none() || stray())
    }

    fn sweeps(&self) -> bool {
        let everything = |node: &Node<'_>| every_text(node, &mut |text| text == "*");
        let unconditional = self.condition.is_none() && self.resource.is_none_or(everything);
        self.effect_is("Deny") || (self.effect_is("Allow") && unconditional)
    }

    fn names_root(&self) -> bool {
        let Some(operators) = self.condition.and_then(Node::members) else { return false };
        // `StringNotLike` restrains everyone else, as the policies of centrally managed root access do.
        let operators = operators.iter().filter(|operator| !operator.key.contains("Not"));
        let keys = operators.filter_map(|operator| operator.value.members()).flatten();
        let values = keys.filter(|key| key.key.eq_ignore_ascii_case("aws:PrincipalArn")).map(|key| &key.value);
        let mut found = false;
        for value in values {
            every_text(value, &mut |text| {
                found |= text.starts_with("arn:") && text.ends_with(":root");
                true
            });
        }
        found
    }

    fn guards_everything(&self) -> bool {
        let everyone = |node: &Node<'_>| {
            node.as_str() == Some("*") || node.get("AWS").is_some_and(|aws| aws.as_str() == Some("*"))
        };
        let everything = |node: &Node<'_>| every_text(node, &mut |text| text == "*");
        !self.negated && self.principal.is_some_and(everyone) && self.resource.is_some_and(everything)
    }
}

/// Whether the actions are of more than one service, or of one whose resources' own policies name the resource.
///
/// Policies of keys, secrets, repositories and vaults say `*` and mean the thing they are attached to.
fn spans_services(statements: &[Statement<'_>]) -> bool {
    let mut services: Vec<&str> = Vec::new();
    for action in statements.iter().filter_map(|statement| statement.action) {
        each_action(action, &mut services);
    }
    services.sort_unstable();
    services.dedup();
    services.len() > 1 || services.iter().any(|service| matches!(*service, "s3" | "sts" | "*"))
}

fn each_action<'t>(node: &'t Node<'t>, services: &mut Vec<&'t str>) {
    match &node.value {
        Value::String(text) => services.push(text.split(':').next().unwrap_or_default()),
        Value::Array(elements) => elements.iter().for_each(|element| each_action(element, services)),
        _ => {}
    }
}

/// Whether `holds` is true of a string, or of all strings of a list.
fn every_text(node: &Node<'_>, holds: &mut dyn FnMut(&str) -> bool) -> bool {
    match &node.value {
        Value::String(text) => holds(text),
        Value::Array(elements) => elements.iter().all(|element| every_text(element, holds)),
        _ => false,
    }
}

fn only_assumes(action: &Node<'_>) -> bool {
    let mut some = false;
    let only = every_text(action, &mut |text| {
        some = true;
        assumes_role(text)
    });
    only && some
}

/// The actions of trust policies.
fn assumes_role(action: &str) -> bool {
    let Some((service, name)) = action.split_once(':') else { return false };
    let is = |text: &str| name.eq_ignore_ascii_case(text);
    let assume = name.get(..10).is_some_and(|head| head.eq_ignore_ascii_case("AssumeRole"));
    service.eq_ignore_ascii_case("sts") && (assume || is("TagSession") || is("SetSourceIdentity") || is("SetContext"))
}
