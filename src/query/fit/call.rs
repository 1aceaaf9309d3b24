//! Calls of functions that answer the same for every policy.

use super::comparison::has_capital;
use super::{Fit, Nodes, kind, object};
use crate::policy::ViewShape;
use jsonpath_rust::parser::model::{FnArg, Literal, Test, TestFunction};
use std::ops::Range;

/// An argument: where it is written, and what it leads to, if it is a path.
struct Argument {
    range: Range<usize>,
    nodes: Option<Nodes>,
}

impl Fit<'_> {
    /// What the function answers.
    pub(super) fn call(&mut self, current: &Nodes, call: &TestFunction, whole: &Range<usize>) -> Nodes {
        match call {
            TestFunction::Match(subject, pattern) => self.pattern(current, "match", subject, pattern),
            TestFunction::Search(subject, pattern) => self.pattern(current, "search", subject, pattern),
            TestFunction::Custom(name, arguments) => self.set(current, name, arguments, whole),
            TestFunction::Length(subject) => {
                self.cursor.name("length");
                let subject = self.argument(current, subject);
                self.length(&subject);
                let always = subject.nodes.is_none_or(|nodes| nodes.always);
                return Nodes { always, ..Nodes::one(&ViewShape::Number) };
            }
            TestFunction::Value(path) => {
                self.cursor.name("value");
                return self.argument(current, path).nodes.unwrap_or_else(Nodes::unknown);
            }
            TestFunction::Count(path) => {
                self.cursor.name("count");
                self.argument(current, path);
                return Nodes::one(&ViewShape::Number);
            }
        }
        Nodes::one(&ViewShape::Flag)
    }

    fn argument(&mut self, current: &Nodes, argument: &FnArg) -> Argument {
        let range = self.cursor.operand();
        let nodes = match argument {
            FnArg::Literal(_) => None,
            FnArg::Test(test) => {
                let nodes = self.nodes(current, test, &range);
                if let Test::Function(call) = &**test {
                    self.call(current, call, &range);
                }
                nodes
            }
            FnArg::Filter(filter) => {
                self.filter(current, filter);
                None
            }
        };
        self.cursor.pass(&range);
        Argument { range, nodes }
    }

    /// `match` and `search`.
    fn pattern(&mut self, current: &Nodes, function: &str, subject: &FnArg, pattern: &FnArg) {
        self.cursor.name(function);
        let subject = self.argument(current, subject);
        let at = self.argument(current, pattern).range;
        self.one_text(function, &subject);
        let FnArg::Literal(Literal::String(pattern)) = pattern else {
            return self.report(at, "the pattern of `match` and `search` must be a string in quotes", "write it out");
        };
        let is_lower = subject.nodes.as_ref().is_some_and(|nodes| matches!(nodes.shapes[..], [ViewShape::Lower]));
        if is_lower && has_capital(pattern) && regex::escape(pattern) == *pattern {
            let written = self.cursor.slice(subject.range);
            let message = format!("`{written}` is in lower case, and never has `{pattern}` in it");
            self.report(at, message, format!("write `{}`", pattern.to_ascii_lowercase()));
        }
    }

    /// The functions that compare with a set of words.
    fn set(&mut self, current: &Nodes, function: &str, arguments: &[FnArg], whole: &Range<usize>) {
        self.cursor.name(function);
        let [subject, set] = arguments else {
            return self.report(whole.clone(), format!("`{function}` takes a node and a set of words"), "");
        };
        let (subject, at) = (self.argument(current, subject), self.argument(current, set).range);
        match function {
            "in" | "nin" => self.one_text(function, &subject),
            _ => self.one_list(function, &subject),
        }
        if let FnArg::Literal(literal) = set
            && !matches!(literal, Literal::String(words) if !words.trim().is_empty())
        {
            let help = format!("write words with blanks between them: `{function}(…, 'iam sts')`");
            self.report(at, "no set of words", help);
        }
    }

    /// The subject of a function that looks at one text, or at what has one.
    fn one_text(&mut self, function: &str, subject: &Argument) {
        let Some(nodes) = &subject.nodes else { return };
        let (written, at) = (self.cursor.slice(subject.range.clone()), subject.range.clone());
        let is_list = matches!(nodes.shapes.first(), Some(ViewShape::List(_)));
        let help = match function {
            "in" if is_list => format!("`any_of({written}, …)` looks at a list"),
            "nin" if is_list => format!("`none_of({written}, …)` looks at a list"),
            _ => format!("filter the list: `[?{function}(@.text, …)]`"),
        };
        if !nodes.single {
            self.report(at, format!("`{function}` looks at one text, and `{written}` may be several"), help);
        } else if let [first, ..] = nodes.shapes[..]
            && !nodes.shapes.iter().any(|shape| has_text(shape))
        {
            let help = if is_list { help } else { String::new() };
            self.report(at, format!("`{function}` looks at a text, and `{written}` is {}", kind(first)), help);
        }
    }

    /// The subject of a function that looks at a list of texts.
    fn one_list(&mut self, function: &str, subject: &Argument) {
        let Some(nodes) = &subject.nodes else { return };
        let (written, at) = (self.cursor.slice(subject.range.clone()), subject.range.clone());
        let has_texts = |shape: &&'static ViewShape| match shape {
            ViewShape::List(item) => has_text(item),
            other => has_text(other),
        };
        if !nodes.single {
            let help = format!("give it the list: `{function}(@.Action, …)`");
            self.report(at, format!("`{function}` looks at one list, and `{written}` may be several nodes"), help);
        } else if let [first, ..] = nodes.shapes[..]
            && !nodes.shapes.iter().any(has_texts)
        {
            let what = match first {
                ViewShape::List(item) => format!("a list of what is no text: {}", kind(item)),
                other => kind(other).to_owned(),
            };
            self.report(at, format!("`{function}` looks at a list of texts, and `{written}` is {what}"), "");
        }
    }

    fn length(&mut self, subject: &Argument) {
        let Some(nodes) = &subject.nodes else { return };
        let has_none = |shape: &&'static ViewShape| matches!(shape, ViewShape::Flag | ViewShape::Number);
        if let [first, ..] = nodes.shapes[..]
            && nodes.shapes.iter().all(has_none)
        {
            let written = self.cursor.slice(subject.range.clone());
            self.report(subject.range.clone(), format!("`{written}` is {}, which has no length", kind(first)), "");
        }
    }
}

/// Whether the functions find a text in such a node.
fn has_text(shape: &'static ViewShape) -> bool {
    match shape {
        ViewShape::Text | ViewShape::Lower | ViewShape::OneOf(_) => true,
        ViewShape::Object(_) => object(shape).is_some_and(|object| object.member("text").is_some()),
        _ => false,
    }
}
