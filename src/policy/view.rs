//! The canonical form of a policy that JSONPath queries look at.
//!
//! A policy may say one thing in many ways; its view says it in one. `Statement`, `Action`, `Resource`, `Principal`
//! and their like are always lists; an item of one is not a string but an object of *facts*: the text as written,
//! and what a query would otherwise need functions for. A fact that is not known is absent, never `null`, so that
//! `[?@.service]` asks whether there is one. Flags are always there. Every node has the span of what it was made
//! from. `schemas/view.schema.json` describes the shape, and [`VIEW_VERSION`] counts its incompatible changes.

use super::condition::{Family, Quantifier};
use super::model::*;
use super::pattern::has_wildcard;
use crate::syntax::Value;
use crate::text::Span;
use std::borrow::Cow;

/// The version of the view's shape, which the view carries as `view`.
pub const VIEW_VERSION: i64 = 1;

/// A part of a policy's canonical form.
#[derive(Debug, Clone)]
pub struct View<'p> {
    /// Where what it was made from stands.
    pub span: Span,
    /// What it is.
    pub value: ViewValue<'p>,
}

/// The kinds of [`View`].
#[derive(Debug, Clone, PartialEq)]
pub enum ViewValue<'p> {
    /// `null`; it is what a query's function answers when it has no answer, and not in any view.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any number, for the literals of a query; not in any view.
    Float(f64),
    /// Text.
    String(Cow<'p, str>),
    /// A list.
    Array(Vec<View<'p>>),
    /// Members, each name once.
    Object(Vec<(&'static str, View<'p>)>),
}

impl<'p> View<'p> {
    /// The canonical form of `policy`.
    pub fn new(policy: &'p Policy<'_>) -> Self {
        let mut root = Members::new(policy.span());
        root.integer("view", VIEW_VERSION);
        root.string("type", policy.kind.kind.name());
        for name in ["Version", "Id"] {
            if let Some(node) = policy.node.get(name)
                && let Value::String(text) = &node.value
            {
                root.put(name, View::string(node.span, text));
            }
        }
        root.list("Statement", policy.span(), policy.statements.iter().map(statement));
        root.bool("complete", policy.complete);
        root.view()
    }

    /// The member of that name.
    pub fn get(&self, name: &str) -> Option<&View<'p>> {
        match &self.value {
            ViewValue::Object(members) => members.iter().find(|(key, _)| *key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            ViewValue::String(text) => Some(text),
            _ => None,
        }
    }

    fn string(span: Span, text: &'p str) -> Self {
        View { span, value: ViewValue::String(Cow::Borrowed(text)) }
    }
}

/// An object under construction. A fact has the span of the whole that it is a fact of, unless it has a place of
/// its own.
struct Members<'p> {
    span: Span,
    members: Vec<(&'static str, View<'p>)>,
}

impl<'p> Members<'p> {
    fn new(span: Span) -> Self {
        Self { span, members: Vec::with_capacity(10) }
    }

    fn put(&mut self, name: &'static str, value: View<'p>) {
        self.members.push((name, value));
    }

    fn fact(&mut self, name: &'static str, value: ViewValue<'p>) {
        self.put(name, View { span: self.span, value });
    }

    fn string(&mut self, name: &'static str, text: &'p str) {
        self.fact(name, ViewValue::String(Cow::Borrowed(text)));
    }

    fn folded(&mut self, name: &'static str, text: &str) {
        self.fact(name, ViewValue::String(Cow::Owned(text.to_ascii_lowercase())));
    }

    fn bool(&mut self, name: &'static str, value: bool) {
        self.fact(name, ViewValue::Bool(value));
    }

    fn integer(&mut self, name: &'static str, value: i64) {
        self.fact(name, ViewValue::Integer(value));
    }

    fn list(&mut self, name: &'static str, span: Span, items: impl Iterator<Item = View<'p>>) {
        self.put(name, View { span, value: ViewValue::Array(items.collect()) });
    }

    /// The facts that every text has.
    fn text(&mut self, text: &'p Text<'_>) {
        self.string("text", &text.text);
        self.folded("lower", &text.text);
        let wildcard = |(part, kind): (&str, PartKind)| kind == PartKind::Literal && has_wildcard(part);
        self.bool("wildcard", text.all_parts().any(wildcard));
        self.bool("hole", text.has_hole());
        self.bool("variable", text.has_variable());
    }

    fn view(self) -> View<'p> {
        View { span: self.span, value: ViewValue::Object(self.members) }
    }
}

fn statement<'p>(statement: &'p Statement<'_>) -> View<'p> {
    let mut object = Members::new(statement.span());
    object.integer("index", i64::try_from(statement.index).unwrap_or(i64::MAX));
    if let Some(sid) = &statement.sid {
        object.put("Sid", View::string(sid.span, &sid.text));
    }
    if let (Some(effect), Some(span)) = (statement.effect, statement.effect_span) {
        let name = match effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        object.put("Effect", View::string(span, name));
    }
    if let Some(principal) = &statement.principal {
        let name = if principal.negated { "NotPrincipal" } else { "Principal" };
        object.list(name, principal.span, principal.items.iter().map(principal_facts));
    }
    if let Some(action) = &statement.action {
        let name = if action.negated { "NotAction" } else { "Action" };
        object.list(name, action.span, action.items.iter().map(action_facts));
    }
    if let Some(resource) = &statement.resource {
        let name = if resource.negated { "NotResource" } else { "Resource" };
        object.list(name, resource.span, resource.items.iter().map(resource_facts));
    }
    if let Some(node) = statement.node.get("Condition") {
        object.list("Condition", node.span, statement.conditions.iter().map(condition_facts));
    }
    object.bool("complete", statement.complete);
    object.view()
}

fn action_facts<'p>(text: &'p Text<'_>) -> View<'p> {
    let mut object = Members::new(text.span);
    object.text(text);
    let any = is_stars(&text.text) || text.text.split_once(':').is_some_and(|(a, b)| is_stars(a) && is_stars(b));
    object.bool("any", any);
    if let Some((service, name)) = text.text.split_once(':') {
        object.folded("service", service);
        object.folded("name", name);
    }
    object.view()
}

fn resource_facts<'p>(text: &'p Text<'_>) -> View<'p> {
    let mut object = Members::new(text.span);
    object.text(text);
    object.bool("any", is_stars(&text.text));
    arn_facts(&mut object, &text.text);
    object.view()
}

fn principal_facts<'p>(principal: &'p Principal<'_>) -> View<'p> {
    let text = &principal.text;
    let mut object = Members::new(text.span);
    object.string(
        "type",
        match principal.kind {
            PrincipalKind::Everyone => "*",
            PrincipalKind::Aws => "AWS",
            PrincipalKind::Service => "Service",
            PrincipalKind::Federated => "Federated",
            PrincipalKind::CanonicalUser => "CanonicalUser",
            PrincipalKind::Unknown => "unknown",
        },
    );
    object.text(text);
    object.bool("any", is_stars(&text.text));
    let is_account = text.text.len() == 12 && text.text.bytes().all(|byte| byte.is_ascii_digit());
    if is_account {
        object.string("account", &text.text);
    } else {
        arn_facts(&mut object, &text.text);
    }
    object.view()
}

/// The parts of `arn:partition:service:region:account:resource`; a part that is empty is absent.
fn arn_facts<'p>(object: &mut Members<'p>, text: &'p str) {
    let mut parts = text.splitn(6, ':');
    if !parts.next().is_some_and(|head| head.eq_ignore_ascii_case("arn")) {
        return;
    }
    for name in ["partition", "service", "region", "account", "resource"] {
        match parts.next() {
            Some("") | None => {}
            Some(part) => object.string(name, part),
        }
    }
}

fn condition_facts<'p>(condition: &'p Condition<'_>) -> View<'p> {
    let mut object = Members::new(condition.key_span.cover(condition.values_span));
    let place = |text: &'p str| View::string(condition.operator_span, text);
    object.put("operator", place(condition.operator_text));
    object.bool("known", condition.operator.is_some());
    if let Some(operator) = condition.operator {
        object.put("base", place(operator.base.name()));
        object.put("family", place(family_name(operator.base.family())));
        match operator.quantifier {
            Quantifier::One => {}
            Quantifier::ForAllValues => object.put("quantifier", place("ForAllValues")),
            Quantifier::ForAnyValue => object.put("quantifier", place("ForAnyValue")),
        }
    }
    object.bool("if_exists", condition.operator.is_some_and(|operator| operator.if_exists));
    object.bool("negated", condition.operator.is_some_and(|operator| operator.base.negated()));
    object.put("key", View::string(condition.key_span, condition.key));
    object.folded("key_lower", condition.key);
    object.bool("key_hole", !condition.key_known);
    object.list("values", condition.values_span, condition.values.iter().map(value_facts));
    object.view()
}

fn value_facts<'p>(scalar: &'p Scalar<'_>) -> View<'p> {
    let mut object = Members::new(scalar.text.span);
    object.string(
        "json",
        match scalar.json {
            JsonType::String => "string",
            JsonType::Bool => "boolean",
            JsonType::Number => "number",
            JsonType::Hole => "hole",
        },
    );
    object.text(&scalar.text);
    object.view()
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::String => "String",
        Family::Numeric => "Numeric",
        Family::Date => "Date",
        Family::Bool => "Bool",
        Family::Binary => "Binary",
        Family::IpAddress => "IpAddress",
        Family::Arn => "Arn",
        Family::Null => "Null",
    }
}

fn is_stars(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}
