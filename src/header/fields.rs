//! A table taken apart key by key.

use super::{Entry, Problem, Spanned, Table, Value};
use crate::suggest::nearest;
use crate::text::Span;

/// A table being taken apart. Each key is asked for by name and type; [`Fields::finish`] says what was wrong.
#[derive(Debug)]
pub struct Fields {
    table: Table,
    taken: Vec<bool>,
    asked: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl Fields {
    /// Nothing is taken yet.
    pub fn new(table: Table) -> Self {
        Self { taken: vec![false; table.entries.len()], table, asked: Vec::new(), problems: Vec::new() }
    }

    /// Where the table stands.
    pub fn span(&self) -> Span {
        self.table.span
    }

    /// Adds a problem that the caller found in a value.
    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The key's place and value, whatever its type.
    pub fn entry(&mut self, key: &'static str) -> Option<Entry> {
        self.asked.push(key);
        let at = self.table.entries.iter().position(|entry| entry.key.value == key)?;
        self.taken[at] = true;
        Some(self.table.entries[at].clone())
    }

    /// A string.
    pub fn string(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.typed(key, "a string", |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str) -> Option<Spanned<i64>> {
        self.typed(key, "an integer", |value| match value {
            Value::Integer(number) => Some(number),
            _ => None,
        })
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        self.typed(key, "a boolean", |value| match value {
            Value::Boolean(value) => Some(value),
            _ => None,
        })
    }

    /// A table.
    pub fn table(&mut self, key: &'static str) -> Option<Spanned<Table>> {
        self.typed(key, "a table", |value| match value {
            Value::Table(table) => Some(table),
            _ => None,
        })
    }

    /// A list of tables, which TOML writes as `[[key]]`. None is an empty list.
    pub fn tables(&mut self, key: &'static str) -> Vec<Table> {
        let list = self.typed(key, "a list of tables", |value| match value {
            Value::Array(items) => Some(items),
            _ => None,
        });
        let mut tables = Vec::new();
        for item in list.map(|list| list.value).unwrap_or_default() {
            match item.value {
                Value::Table(table) => tables.push(table),
                other => self.problems.push(wrong_type(item.span, key, "a list of tables", &other)),
            }
        }
        tables
    }

    /// A list of strings.
    pub fn strings(&mut self, key: &'static str) -> Option<Spanned<Vec<Spanned<String>>>> {
        let list = self.typed(key, "a list of strings", |value| match value {
            Value::Array(items) => Some(items),
            _ => None,
        })?;
        let mut strings = Vec::with_capacity(list.value.len());
        for item in list.value {
            match item.value {
                Value::String(value) => strings.push(Spanned { value, span: item.span }),
                other => self.problems.push(wrong_type(item.span, key, "a list of strings", &other)),
            }
        }
        Some(Spanned { value: strings, span: list.span })
    }

    /// A string, or a list of strings.
    pub fn one_or_more(&mut self, key: &'static str) -> Option<Vec<Spanned<String>>> {
        let is_one =
            self.table.entries.iter().any(|own| own.key.value == key && matches!(own.value.value, Value::String(_)));
        if is_one { self.string(key).map(|one| vec![one]) } else { self.strings(key).map(|list| list.value) }
    }

    /// One of a few words; the error names them all.
    pub fn choice<T>(
        &mut self,
        key: &'static str,
        names: &[&'static str],
        from_name: impl Fn(&str) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let name = self.string(key)?;
        self.choose(key, names, &name, from_name).map(|value| Spanned { value, span: name.span })
    }

    /// Any of a few words; the error names them all.
    pub fn choices<T>(
        &mut self,
        key: &'static str,
        names: &[&'static str],
        from_name: impl Fn(&str) -> Option<T>,
    ) -> Option<Spanned<Vec<T>>> {
        let list = self.strings(key)?;
        let chosen = list.value.iter().filter_map(|name| self.choose(key, names, name, &from_name)).collect();
        Some(Spanned { value: chosen, span: list.span })
    }

    /// What `name`, a value of `key`, stands for; if it is none of `names`, that is a problem.
    pub fn choose<T>(
        &mut self,
        key: &str,
        names: &[&'static str],
        name: &Spanned<String>,
        from_name: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let chosen = from_name(&name.value);
        if chosen.is_none() {
            let known = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let help = match nearest(&name.value, names.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`? known values: {known}"),
                None => format!("known values: {known}"),
            };
            let message = format!("`{}` is not a value of `{key}`", name.value);
            self.problems.push(Problem::new(name.span, message).with_help(help));
        }
        chosen
    }

    fn typed<T>(&mut self, key: &'static str, expected: &str, get: impl Fn(Value) -> Option<T>) -> Option<Spanned<T>> {
        let Spanned { value, span } = self.entry(key)?.value;
        let is_told = value == Value::Unread;
        let complaint = wrong_type(span, key, expected, &value);
        let value = get(value);
        if value.is_none() && !is_told {
            self.problems.push(complaint);
        }
        value.map(|value| Spanned { value, span })
    }

    /// All that was wrong, in order of place: what was met on the way, and the keys that nobody asked for.
    pub fn finish(mut self) -> Vec<Problem> {
        for (entry, taken) in self.table.entries.iter().zip(&self.taken) {
            if !taken && entry.value.value != Value::Unread {
                self.problems.push(unknown_key(&entry.key, &self.asked));
            }
        }
        self.problems.sort_by_key(|problem| problem.span);
        self.problems
    }
}

fn wrong_type(span: Span, key: &str, expected: &str, found: &Value) -> Problem {
    Problem::new(span, format!("`{key}` is {expected}, not {}", found.name()))
}

fn unknown_key(key: &Spanned<String>, known: &[&'static str]) -> Problem {
    let help = match nearest(&key.value, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            let known = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            format!("known keys: {known}")
        }
    };
    Problem::new(key.span, format!("unknown key `{}`", key.value)).with_help(help)
}
