//! The condition keys that a request carries.

use std::collections::BTreeMap;

/// The condition keys of one request. Names fold case, as AWS's do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    keys: BTreeMap<String, Vec<String>>,
    absent: Vec<String>,
    partial: bool,
}

/// What a request says of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'a> {
    /// The request does not carry it.
    Absent,
    /// It is not known whether the request carries it, nor with what value; see [`Context::partial`].
    Unknown,
    /// The request carries these values, of which there is at least one.
    Values(&'a [String]),
}

impl Context {
    /// A request that carries nothing. Every key is absent until it is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// A request of which nothing is known. Every key is unknown until it is set or removed, and a condition that
    /// depends on an unknown key comes out as `Maybe`.
    pub fn partial() -> Self {
        Self { partial: true, ..Self::default() }
    }

    /// This request, with one value of `key`.
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.set(key, vec![value.into()]);
        self
    }

    /// This request, with several values of `key`.
    pub fn with_all<V: Into<String>>(mut self, key: &str, values: impl IntoIterator<Item = V>) -> Self {
        self.set(key, values.into_iter().map(Into::into).collect());
        self
    }

    /// This request, without `key`.
    pub fn without(mut self, key: &str) -> Self {
        self.set(key, Vec::new());
        self
    }

    /// Gives `key` these values; none of them makes it absent.
    pub fn set(&mut self, key: &str, values: Vec<String>) {
        let key = fold(key);
        self.absent.retain(|other| *other != key);
        if values.is_empty() {
            self.keys.remove(&key);
            self.absent.push(key);
        } else {
            self.keys.insert(key, values);
        }
    }

    /// What the request says of `key`.
    pub fn get(&self, key: &str) -> Entry<'_> {
        let key = fold(key);
        match self.keys.get(&key) {
            Some(values) => Entry::Values(values),
            None if self.partial && !self.absent.contains(&key) => Entry::Unknown,
            None => Entry::Absent,
        }
    }

    /// The one value of `key`, if it has exactly one.
    pub fn single(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Entry::Values([value]) => Some(value),
            _ => None,
        }
    }

    /// Every key that the request carries, folded and in order, with its values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.keys.iter().map(|(key, values)| (key.as_str(), values.as_slice()))
    }
}

fn fold(key: &str) -> String {
    key.to_lowercase()
}
