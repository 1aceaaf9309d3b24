//! How the engine looks at a view.

use super::functions;
use crate::policy::{View, ViewValue};
use crate::text::Span;
use jsonpath_rust::query::queryable::Queryable;
use std::borrow::Cow;

/// A value that stands nowhere: a query's literal, or a function's answer.
fn computed<'p>(value: ViewValue<'p>) -> View<'p> {
    View { span: Span::default(), value }
}

/// Values are equal wherever they stand.
impl PartialEq for View<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Default for View<'_> {
    fn default() -> Self {
        computed(ViewValue::Null)
    }
}

impl From<&str> for View<'_> {
    fn from(text: &str) -> Self {
        computed(ViewValue::String(Cow::Owned(text.to_owned())))
    }
}

impl From<String> for View<'_> {
    fn from(text: String) -> Self {
        computed(ViewValue::String(Cow::Owned(text)))
    }
}

impl From<bool> for View<'_> {
    fn from(value: bool) -> Self {
        computed(ViewValue::Bool(value))
    }
}

impl From<i64> for View<'_> {
    fn from(value: i64) -> Self {
        computed(ViewValue::Integer(value))
    }
}

impl From<f64> for View<'_> {
    fn from(value: f64) -> Self {
        computed(ViewValue::Float(value))
    }
}

impl<'p> From<Vec<View<'p>>> for View<'p> {
    fn from(items: Vec<View<'p>>) -> Self {
        computed(ViewValue::Array(items))
    }
}

impl Queryable for View<'_> {
    fn get(&self, key: &str) -> Option<&Self> {
        View::get(self, key)
    }

    fn as_array(&self) -> Option<&Vec<Self>> {
        match &self.value {
            ViewValue::Array(items) => Some(items),
            _ => None,
        }
    }

    fn as_object(&self) -> Option<Vec<(&str, &Self)>> {
        match &self.value {
            ViewValue::Object(members) => Some(members.iter().map(|(key, value)| (*key, value)).collect()),
            _ => None,
        }
    }

    fn as_str(&self) -> Option<&str> {
        View::as_str(self)
    }

    fn as_i64(&self) -> Option<i64> {
        match self.value {
            ViewValue::Integer(value) => Some(value),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match self.value {
            ViewValue::Float(value) => Some(value),
            _ => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        match self.value {
            ViewValue::Bool(value) => Some(value),
            _ => None,
        }
    }

    fn null() -> Self {
        Self::default()
    }

    fn extension_custom(name: &str, arguments: Vec<Cow<'_, Self>>) -> Self {
        functions::call(name, &arguments).into()
    }
}
