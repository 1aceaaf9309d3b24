//! The arguments that say which requests a question is about.

use super::outcome::Failed;
use super::terminal::warn;
use crate::access::decide::{Callers, Credential, Question};
use crate::access::{self, ArnSpan, Caller, Policies, Semantics};
use crate::catalog::Catalog;
use crate::policy::{has_hole, has_wildcard};
use clap::ValueEnum;

/// Which requests.
#[derive(Debug, clap::Args)]
pub(super) struct QuestionArgs {
    /// The action, wildcards allowed: `iam:PassRole`, `s3:Get*`; comma-separated, may be repeated
    #[arg(long = "action", value_name = "ACTION", value_delimiter = ',', help_heading = "Question")]
    pub(super) actions: Vec<String>,

    /// The resource's ARN, wildcards allowed; any if it is not given; may be repeated
    #[arg(long = "resource", value_name = "ARN", help_heading = "Question")]
    resources: Vec<String>,

    /// Only requests made without MFA: with an access key, a session without MFA, or a role's session
    #[arg(long, help_heading = "Question")]
    without_mfa: bool,

    /// A condition key and its value; repeat it with the same key for several values
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Question")]
    context: Vec<String>,

    /// A condition key that the request does not carry; may be repeated
    #[arg(long, value_name = "KEY", help_heading = "Question")]
    without_key: Vec<String>,

    /// Who makes the request: an ARN, `anonymous`, a service (`ec2.amazonaws.com`), or an identity provider
    #[arg(long, value_name = "PRINCIPAL", help_heading = "Question")]
    principal: Option<String>,

    /// The account that owns the resource, where a resource policy takes part
    #[arg(long, value_name = "ACCOUNT", help_heading = "Question")]
    resource_account: Option<String>,

    #[command(flatten)]
    pub(super) semantics: SemanticsArgs,
}

/// How what AWS leaves open is read.
#[derive(Debug, clap::Args)]
pub(super) struct SemanticsArgs {
    /// How far a `*` in a resource reaches within the first five parts of an ARN [default: strict]
    #[arg(long, value_name = "READING", help_heading = "Semantics")]
    pub(super) arn_span: Option<SpanArg>,
}

/// See [`ArnSpan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SpanArg {
    /// To the next colon
    Strict,
    /// Across colons, if it ends its part
    Expand,
    /// Across everything
    String,
}

impl SpanArg {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Expand => "expand",
            Self::String => "string",
        }
    }
}

impl SemanticsArgs {
    pub(super) fn semantics(&self) -> Semantics {
        let arn_span = match self.arn_span.unwrap_or(SpanArg::Strict) {
            SpanArg::Strict => ArnSpan::Strict,
            SpanArg::Expand => ArnSpan::Expand,
            SpanArg::String => ArnSpan::String,
        };
        Semantics { arn_span, ..Semantics::default() }
    }
}

impl QuestionArgs {
    /// The question, all of whose words are such as can be asked. Names that the catalogue does not know may be newer
    /// than it: they are asked about, with a warning.
    pub(super) fn question<'c>(&self, catalog: &'c Catalog) -> Result<Question<'c>, Failed> {
        for action in &self.actions {
            check_action(action, catalog)?;
        }
        for resource in &self.resources {
            check_resource(resource)?;
        }
        if let Some(account) = self.resource_account.as_deref().filter(|account| !is_account(account)) {
            return Err(malformed("--resource-account", account, "an account's id of twelve digits"));
        }
        let callers = self.principal.as_deref().map_or(Ok(Callers::Anyone), callers)?;
        Ok(Question {
            actions: self.actions.clone(),
            resources: self.resources.clone(),
            owner: self.resource_account.clone(),
            callers,
            credentials: if self.without_mfa { Credential::WITHOUT_MFA.to_vec() } else { Vec::new() },
            context: self.context(catalog)?,
            semantics: self.semantics.semantics(),
            catalog,
            ..Question::default()
        })
    }

    /// Whom a caller given by an identity provider's host name is: policies that let in providers of OpenID Connect name
    /// them by ARN.
    pub(super) fn find_provider(question: &mut Question<'_>, policies: &Policies<'_>) {
        let Callers::Only(Caller::Federated { provider }) = &mut question.callers else { return };
        let statements = policies.iter().flat_map(|policy| &policy.statements);
        let named = statements.filter_map(|statement| statement.principal.as_ref()).flat_map(|element| &element.items);
        let is_meant =
            |text: &&str| text.split_once(":oidc-provider/").is_some_and(|(_, host)| host == provider.as_str());
        let arn = named.map(|item| &*item.text.text).find(is_meant).map(str::to_owned);
        if let Some(arn) = arn {
            *provider = arn;
        }
    }

    fn context(&self, catalog: &Catalog) -> Result<Vec<(String, Vec<String>)>, Failed> {
        let mut context: Vec<(String, Vec<String>)> = Vec::new();
        for pair in &self.context {
            let parsed = pair.split_once('=').filter(|(key, _)| is_key(key));
            let Some((key, value)) = parsed else {
                return Err(malformed("--context", pair, "KEY=VALUE, as in `aws:SourceIp=192.0.2.1`"));
            };
            match context.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(key)) {
                Some((_, values)) => values.push(value.to_owned()),
                None => context.push((key.to_owned(), vec![value.to_owned()])),
            }
        }
        for key in &self.without_key {
            if !is_key(key) {
                return Err(malformed("--without-key", key, "a condition key, as in `aws:SourceVpce`"));
            }
            if context.iter().any(|(known, _)| known.eq_ignore_ascii_case(key)) {
                let message = format!("`{key}` cannot both have a value (`--context`) and be absent (`--without-key`)");
                return Err(Failed::Usage(message));
            }
            context.push((key.clone(), Vec::new()));
        }
        for (key, _) in &context {
            warn_of_key(key, catalog);
        }
        Ok(context)
    }

    /// Refuses a key, or its absence, for which no request is made that is otherwise as asked: the answer would be no, and
    /// would say nothing of the policies.
    pub(super) fn refuse_never_made(&self, policies: &Policies<'_>, question: &Question<'_>) -> Result<(), Failed> {
        if question.context.is_empty() || access::may_be_made(policies, question) {
            return Ok(());
        }
        let without = |at: usize| {
            let mut fewer = question.clone();
            fewer.context.remove(at);
            access::may_be_made(policies, &fewer)
        };
        let culprit = (0..question.context.len()).rev().find(|at| without(*at)).map(|at| &question.context[at]);
        let Some((key, values)) = culprit else { return Ok(()) };
        let said = match values.as_slice() {
            [] => format!("without the key `{key}`"),
            values => format!("with `{key}` = {}", list(values, "and")),
        };
        let rest = "this action, this caller and what else is said of it";
        Err(Failed::Usage(format!("no request is made {said}, given {rest}")))
    }

    /// The question in words, without its subject: "on `R` by `P` without MFA".
    pub(super) fn circumstances(&self) -> String {
        let mut words = String::new();
        let mut add = |more: String| {
            words.push(' ');
            words.push_str(&more);
        };
        if !self.resources.is_empty() {
            add(format!("on {}", list(&self.resources, "or")));
        }
        if let Some(principal) = &self.principal {
            add(format!("by `{principal}`"));
        }
        if self.without_mfa {
            add("without MFA".to_owned());
        }
        if !self.context.is_empty() {
            add(format!("with {}", list(&self.context, "and")));
        }
        if !self.without_key.is_empty() {
            add(format!("without the key {}", list(&self.without_key, "and")));
        }
        words
    }

    /// The actions in words.
    pub(super) fn subject(&self) -> String {
        list(&self.actions, "or")
    }

    pub(super) fn asked(&self) -> crate::render::Asked<'_> {
        crate::render::Asked {
            actions: &self.actions,
            resources: &self.resources,
            principal: self.principal.as_deref(),
            without_mfa: self.without_mfa,
            arn_span: self.semantics.arn_span.unwrap_or(SpanArg::Strict).name(),
        }
    }
}

/// "`a`, `b` or `c`".
fn list(items: &[String], last: &str) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    match quoted.split_last() {
        Some((end, start)) if !start.is_empty() => format!("{} {last} {end}", start.join(", ")),
        _ => quoted.concat(),
    }
}

fn malformed(flag: &str, value: &str, expected: &str) -> Failed {
    Failed::Usage(format!("`{value}` does not do for `{flag}`; expected {expected}"))
}

/// Refuses what is no pattern of actions, and warns of one that stands for no action that is known.
pub(super) fn check_action(action: &str, catalog: &Catalog) -> Result<(), Failed> {
    if action == "*" {
        return Ok(());
    }
    let refuse = |why: &str| {
        let namesake = || {
            let mut same = catalog.services().filter_map(|service| service.action(action));
            same.next().filter(|_| same.next().is_none())
        };
        let meant = namesake().map_or_else(String::new, |action| format!(", did you mean `{action}`?"));
        Err(Failed::Usage(format!("`{action}` is not an action: {why}{meant}")))
    };
    if action.contains(char::is_whitespace) {
        return refuse("there is a space in it, and no action has one");
    }
    let (service, name) = match action.split_once(':') {
        Some((service, name)) if !service.is_empty() && !name.is_empty() => (service, name),
        _ => return refuse("expected `service:Action`, wildcards allowed after the colon, or `*`"),
    };
    if has_wildcard(service) {
        return refuse("AWS allows no wildcard before the colon");
    }
    let is_known = if has_wildcard(name) {
        catalog.expand(action).next().is_some()
    } else {
        catalog.action_named(action).is_some()
    };
    if !is_known {
        let meant = catalog.nearest_action(service, name).filter(|_| !has_wildcard(name));
        let meant = meant.map_or_else(String::new, |meant| format!(", did you mean `{meant}`?"));
        let date = catalog.date();
        let what = if has_wildcard(name) { "matches no action" } else { "is no action" };
        warn(format_args!("`{action}` {what} in the catalogue of {date}{meant}"));
    }
    Ok(())
}

fn check_resource(resource: &str) -> Result<(), Failed> {
    if has_hole(resource) {
        return Err(malformed("--resource", resource, "the ARN as it will be, with nothing left to be filled in"));
    }
    let is_arn = resource.starts_with("arn:") && resource.split(':').count() >= 6;
    if is_arn || resource == "*" {
        return Ok(());
    }
    Err(malformed("--resource", resource, "an ARN of six parts, as in `arn:aws:s3:::bucket/key`, or `*`"))
}

fn warn_of_key(key: &str, catalog: &Catalog) {
    if catalog.condition_key(key).is_none() {
        let meant = catalog.nearest_key(key);
        let meant = meant.map_or_else(String::new, |meant| format!(", did you mean `{meant}`?"));
        let date = catalog.date();
        warn(format_args!("`{key}` is no condition key in the catalogue of {date}{meant}"));
    }
}

fn is_key(key: &str) -> bool {
    let parts = key.split_once(':').filter(|(service, name)| !service.is_empty() && !name.is_empty());
    parts.is_some() && !key.contains(char::is_whitespace)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn callers(text: &str) -> Result<Callers, Failed> {
    if text == "anonymous" {
        return Ok(Callers::Anonymous);
    }
    let caller = caller(text);
    caller.map(Callers::Only).ok_or_else(|| {
        let hint = if is_account(text) {
            format!("; of an account only a user, a role or `arn:aws:iam::{text}:root` makes requests")
        } else {
            String::new()
        };
        let expected = "the ARN of a user, role, session or identity provider, `anonymous`, a service such as \
                        `ec2.amazonaws.com`, or a provider's host name";
        malformed("--principal", text, &format!("{expected}{hint}"))
    })
}

/// Host names under Amazon's domain that vouch for people and are not services.
const PROVIDERS: &[&str] = &["cognito-identity.amazonaws.com", "www.amazon.com"];

fn caller(text: &str) -> Option<Caller> {
    if !text.starts_with("arn:") {
        let is_host = text.contains('.') && !text.contains([':', '*', '?']) && !text.contains(char::is_whitespace);
        let is_service =
            (text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn")) && !PROVIDERS.contains(&text);
        return match () {
            () if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                Some(Caller::CanonicalUser { id: text.to_owned() })
            }
            () if is_host && is_service => Some(Caller::Service { name: text.to_owned() }),
            () if is_host => Some(Caller::Federated { provider: text.to_owned() }),
            () => None,
        };
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [_, _, service, "", account, name] = parts[..] else { return None };
    if !is_account(account) || has_wildcard(text) {
        return None;
    }
    let (sort, rest) = name.split_once('/').unwrap_or((name, ""));
    match (service, sort) {
        ("iam", "root") if rest.is_empty() => Some(Caller::from_arn(text)),
        ("iam", "user" | "role") | ("sts", "federated-user") if !rest.is_empty() => Some(Caller::from_arn(text)),
        ("iam", "saml-provider" | "oidc-provider") => Some(Caller::Federated { provider: text.to_owned() }),
        ("sts", "assumed-role") => {
            let (role, session) = rest.split_once('/')?;
            (!role.is_empty() && !session.is_empty()).then(|| Caller::from_arn(text))
        }
        _ => None,
    }
}
