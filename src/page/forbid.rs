//! A `[forbid]`: requests that no policy may allow, in the words of a header.

use super::possible;
use crate::access::Caller;
use crate::access::decide::{Callers, Credential, Question};
use crate::catalog::Catalog;
use crate::header::{Fields, Problem, Spanned, Table, Value};
use crate::policy::{Pattern, has_wildcard};
use crate::suggest::nearest;
use crate::text::Span;

/// Requests that no policy may allow.
#[derive(Debug, Clone, Default)]
pub struct Forbid {
    /// The actions.
    pub actions: Vec<Forbidden>,
    /// The requests, as questions to the decider: one for each principal that is named.
    pub questions: Vec<Question<'static>>,
    /// Whether it says who makes them; then it is about policies that name principals.
    pub names_callers: bool,
}

/// A pattern of actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forbidden {
    /// As written.
    pub text: String,
    /// What it matches.
    pub pattern: Pattern,
}

/// A set of requests with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Profile {
    NoMfa,
    AccessKey,
    SessionWithoutMfa,
    Anonymous,
    OtherAccount,
    NoTls,
}

const PROFILES: [(&str, Profile); 6] = [
    ("no-mfa", Profile::NoMfa),
    ("access-key", Profile::AccessKey),
    ("session-without-mfa", Profile::SessionWithoutMfa),
    ("anonymous", Profile::Anonymous),
    ("other-account", Profile::OtherAccount),
    ("no-tls", Profile::NoTls),
];

/// Reads the table. What is wrong with it is told to `fields`.
pub(super) fn read(fields: &mut Fields, table: Table, catalog: &Catalog) -> Forbid {
    let mut inner = Fields::new(table);
    let actions = actions(&mut inner, catalog);
    let mut question = Question {
        actions: actions.iter().map(|action| action.text.clone()).collect(),
        resources: resources(&mut inner, "resource", &actions, catalog),
        other_than: resources(&mut inner, "not_resource", &[], catalog),
        ..Question::default()
    };
    let (accounts, accounts_span) = accounts(&mut inner);
    let principals = inner.one_or_more("principal").unwrap_or_default();
    let mut callers = Vec::new();
    for principal in &principals {
        match caller(&principal.value) {
            Some(caller) => callers.push(caller),
            None => {
                let message = format!("`{}` is no principal that can be asked about", principal.value);
                let help = "name a user's or a role's ARN, a service such as `ec2.amazonaws.com`, or `*`";
                inner.problem(Problem::new(principal.span, message).with_help(help));
            }
        }
    }
    if let Some(outsiders) = when(&mut inner, &mut question, accounts, !callers.is_empty()) {
        callers = vec![outsiders];
    }
    let takes_accounts = callers.iter().any(|callers| matches!(callers, Callers::Outside(_)));
    if let Some(span) = accounts_span.filter(|_| !takes_accounts) {
        let help = "add `when = \"other-account\"`, which forbids it to all but these, or leave `accounts` out";
        inner.problem(Problem::new(span, "`accounts` says nothing without `other-account`").with_help(help));
    }
    let (context, places) = context(&mut inner, &question, catalog);
    let first = question.context.len();
    question.context.extend(context);
    let names_callers = !callers.is_empty();
    if !names_callers {
        callers.push(Callers::Anyone);
    }
    let ask = |callers| Question { callers, ..question.clone() };
    let questions: Vec<Question<'static>> = callers.into_iter().map(ask).collect();
    let mut problems = inner.finish();
    if problems.is_empty() {
        problems.extend(possible::never_made(&questions, first, &places, catalog));
    }
    problems.into_iter().for_each(|problem| fields.problem(problem));
    Forbid { actions, questions, names_callers }
}

fn texts(list: Option<Vec<Spanned<String>>>) -> Vec<String> {
    list.unwrap_or_default().into_iter().map(|text| text.value).collect()
}

fn actions(inner: &mut Fields, catalog: &Catalog) -> Vec<Forbidden> {
    let written = inner.one_or_more("action").unwrap_or_default();
    if written.is_empty() {
        let help = "name the actions that no one may be allowed, as in `action = [\"iam:CreateUser\"]`";
        inner.problem(Problem::new(inner.span(), "`[forbid]` needs an `action`").with_help(help));
    }
    let mut actions = Vec::new();
    for action in written {
        let service = action.value.split_once(':').map(|(service, _)| service);
        if action.value != "*" && service.is_none_or(|service| service.is_empty() || has_wildcard(service)) {
            let message = format!("`{}` is no action", action.value);
            let help = "an action is a service and a name, `s3:GetObject` or `s3:Get*`, or it is `*`";
            inner.problem(Problem::new(action.span, message).with_help(help));
        } else if let Some(problem) = unknown_action(&action, catalog) {
            inner.problem(problem);
        }
        let pattern = Pattern::literal(&action.value.to_ascii_lowercase());
        actions.push(Forbidden { text: action.value, pattern });
    }
    actions
}

/// An action that there is not, of which a page would forbid nothing.
fn unknown_action(action: &Spanned<String>, catalog: &Catalog) -> Option<Problem> {
    let text = action.value.as_str();
    let (service, name) = text.split_once(':')?;
    let is_pattern = has_wildcard(name);
    let is_known = match is_pattern {
        true => catalog.expand(text).next().is_some(),
        false => catalog.action_named(text).is_some() || catalog.retired(text).is_some(),
    };
    if is_known {
        return None;
    }
    let (message, meant) = match is_pattern {
        true => {
            let meant = match catalog.service(service) {
                Some(_) => catalog.nearest_pattern(service, name),
                None => {
                    let meant = catalog.nearest_service_with(service, std::iter::once(name));
                    meant.map(|service| format!("{service}:{name}"))
                }
            };
            (format!("no action matches `{text}`"), meant)
        }
        false => (
            format!("there is no action `{text}`"),
            catalog.nearest_action(service, name).map(|meant| meant.to_string()),
        ),
    };
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the catalogue is of {}; add what is newer with `--catalog-overlay`", catalog.date()),
    };
    Some(Problem::new(action.span, message).with_help(help))
}

/// Patterns of resources, which some of `actions` must work on.
fn resources(inner: &mut Fields, key: &'static str, actions: &[Forbidden], catalog: &Catalog) -> Vec<String> {
    let written = inner.one_or_more(key).unwrap_or_default();
    let actions: Vec<&str> = actions.iter().map(|action| action.text.as_str()).collect();
    let problems: Vec<_> = written.iter().filter_map(|text| possible::resource(text, &actions, catalog)).collect();
    problems.into_iter().for_each(|problem| inner.problem(problem));
    texts(Some(written))
}

/// The accounts, and where the first is written.
fn accounts(inner: &mut Fields) -> (Vec<String>, Option<Span>) {
    let written = inner.one_or_more("accounts").unwrap_or_default();
    for account in &written {
        if account.value.len() != 12 || !account.value.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("`{}` is no account", account.value);
            inner.problem(Problem::new(account.span, message).with_help("an account id is twelve digits, in quotes"));
        }
    }
    let first = written.first().map(|account| account.span);
    (texts(Some(written)), first)
}

/// A caller by the name that a policy would use.
fn caller(text: &str) -> Option<Callers> {
    if text == "*" {
        return Some(Callers::Anyone);
    }
    if text.ends_with(".amazonaws.com") && !text.contains(['*', '?', ':']) {
        return Some(Callers::Only(Caller::Service { name: text.to_owned() }));
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", _, "iam", "", account, name] = parts[..] else { return None };
    let is_name = name == "root" || name.starts_with("user/") || name.starts_with("role/");
    let known = account.len() == 12 && is_name && !has_wildcard(text);
    known.then(|| Callers::Only(Caller::from_arn(text)))
}

/// Adds the profiles of `when` to the question; they must all hold. The callers, where a profile chooses them.
fn when(inner: &mut Fields, question: &mut Question<'_>, own: Vec<String>, named: bool) -> Option<Callers> {
    let names = PROFILES.map(|(name, _)| name);
    let mut callers = None;
    for name in inner.one_or_more("when").unwrap_or_default() {
        let from_name = |text: &str| PROFILES.iter().find(|(name, _)| *name == text).map(|(_, profile)| *profile);
        let Some(profile) = inner.choose("when", &names, &name, from_name) else { continue };
        let credentials: &[Credential] = match profile {
            Profile::NoMfa => Credential::WITHOUT_MFA,
            Profile::AccessKey => &[Credential::AccessKey],
            Profile::SessionWithoutMfa => &[Credential::SessionWithoutMfa],
            Profile::NoTls => {
                question.context.push(("aws:SecureTransport".to_owned(), vec!["false".to_owned()]));
                continue;
            }
            Profile::Anonymous | Profile::OtherAccount => {
                if named || callers.is_some() {
                    let help = "say who in one way: a `principal`, `anonymous`, or `other-account`";
                    let message = format!("`{}` beside another word on who makes the request", name.value);
                    inner.problem(Problem::new(name.span, message).with_help(help));
                }
                if profile == Profile::OtherAccount && own.is_empty() {
                    let help = "add `accounts = [\"111122223333\"]`, with the accounts that are your own";
                    let message = "`other-account` does not know your accounts";
                    inner.problem(Problem::new(name.span, message).with_help(help));
                }
                let anonymous = profile == Profile::Anonymous;
                callers = Some(if anonymous { Callers::Anonymous } else { Callers::Outside(own.clone()) });
                continue;
            }
        };
        if !question.credentials.is_empty() {
            let message = format!("`{}` beside another word on how the request is signed", name.value);
            inner.problem(Problem::new(name.span, message).with_help("keep the narrower of the two"));
        }
        question.credentials = credentials.to_vec();
    }
    callers
}

/// Keys with their values; one with an empty list is absent.
type Context = Vec<(String, Vec<String>)>;

/// The keys that are asked for, and the place of each one's values.
fn context(inner: &mut Fields, question: &Question<'_>, catalog: &Catalog) -> (Context, Vec<Span>) {
    let Some(table) = inner.table("context") else { return (Vec::new(), Vec::new()) };
    let (mut context, mut places) = (Context::new(), Vec::new());
    for entry in table.value.entries {
        if let Some(problem) = unknown_key(&entry.key, catalog) {
            inner.problem(problem);
        }
        let values = match &entry.value.value {
            Value::Array(items) => items.iter().map(|item| literal(&item.value)).collect(),
            one => literal(one).map(|text| vec![text]),
        };
        let values: Option<Vec<String>> = values;
        let wrong = values.as_ref().and_then(|values| {
            let wrong = values.iter().find_map(|value| possible::value(&entry.key.value, value, catalog));
            wrong.or_else(|| possible::contradiction(&entry.key.value, values, &context, question))
        });
        if let Some(message) = wrong {
            inner.problem(Problem::new(entry.value.span, message));
        }
        match values {
            Some(values) => {
                context.push((entry.key.value, values));
                places.push(entry.value.span);
            }
            None => {
                let help =
                    "write a string, `true`, `false`, a number, or a list of these; `[]` is a key that is absent";
                let message = format!("no value of `{}`", entry.key.value);
                inner.problem(Problem::new(entry.value.span, message).with_help(help));
            }
        }
    }
    (context, places)
}

fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Boolean(value) => Some(value.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Array(_) | Value::Table(_) | Value::Other | Value::Unread => None,
    }
}

/// A key without a service, or one of `aws:` that does not exist. Services get new keys too often to be strict on them.
fn unknown_key(key: &Spanned<String>, catalog: &Catalog) -> Option<Problem> {
    let global = match key.value.split_once(':') {
        Some((service, _)) => service.eq_ignore_ascii_case("aws"),
        None => true,
    };
    if !global || catalog.condition_key(&key.value).is_some() {
        return None;
    }
    let all = catalog.condition_keys().map(|known| known.name());
    let problem = Problem::new(key.span, format!("there is no condition key `{}`", key.value));
    Some(match nearest(&key.value, all) {
        Some(meant) => problem.with_help(format!("did you mean `{meant}`?")),
        None => problem.with_help("keys are written as in policies, in quotes: `\"aws:SecureTransport\" = \"false\"`"),
    })
}
