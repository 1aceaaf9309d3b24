//! Comparisons that come out the same for every policy.

use super::{Fit, Nodes, kind, object};
use crate::policy::ViewShape;
use crate::suggest::nearest;
use jsonpath_rust::parser::model::{
    Comparable, Comparison, Literal, SingularQuery, SingularQuerySegment, TestFunction,
};
use std::ops::Range;

/// One side of a comparison.
struct Side<'q> {
    range: Range<usize>,
    value: Value<'q>,
}

enum Value<'q> {
    Literal(&'q Literal),
    Nodes(Nodes),
}

/// Values of different classes are never equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Flag,
    Number,
    Text,
    List,
    Object,
    Null,
}

impl Side<'_> {
    fn is_always_there(&self) -> bool {
        match &self.value {
            Value::Literal(_) => true,
            Value::Nodes(nodes) => nodes.always,
        }
    }

    fn classes(&self) -> Vec<Class> {
        match &self.value {
            Value::Literal(literal) => vec![class_of(literal)],
            Value::Nodes(nodes) => nodes.shapes.iter().map(|shape| class(shape)).collect(),
        }
    }

    fn kind(&self) -> &'static str {
        match &self.value {
            Value::Literal(literal) => match class_of(literal) {
                Class::Flag => "true or false",
                Class::Number => "a number",
                Class::Null => "null",
                _ => "text",
            },
            Value::Nodes(nodes) => nodes.shapes.first().map_or("", |shape| kind(shape)),
        }
    }
}

fn class(shape: &ViewShape) -> Class {
    match shape {
        ViewShape::Flag => Class::Flag,
        ViewShape::Number => Class::Number,
        ViewShape::Text | ViewShape::Lower | ViewShape::OneOf(_) => Class::Text,
        ViewShape::List(_) => Class::List,
        ViewShape::Object(_) => Class::Object,
    }
}

fn class_of(literal: &Literal) -> Class {
    match literal {
        Literal::Int(_) | Literal::Float(_) => Class::Number,
        Literal::String(_) => Class::Text,
        Literal::Bool(_) => Class::Flag,
        Literal::Null => Class::Null,
    }
}

/// Whether the comparison can hold for some values of these classes and fail for others.
fn is_open(comparison: &Comparison, left: &[Class], right: &[Class]) -> bool {
    let both = |wanted: Class| left.contains(&wanted) && right.contains(&wanted);
    let equal = left.iter().any(|class| right.contains(class));
    let ordered = both(Class::Text) || both(Class::Number);
    match comparison {
        Comparison::Eq(..) | Comparison::Ne(..) => equal,
        Comparison::Gt(..) | Comparison::Lt(..) => ordered,
        Comparison::Gte(..) | Comparison::Lte(..) => equal || ordered,
    }
}

impl Fit<'_> {
    pub(super) fn comparison(&mut self, current: &Nodes, comparison: &Comparison) {
        let (left, right) = comparison.vals();
        let (left, right) = (self.side(current, left), self.side(current, right));
        let (of_left, of_right) = (left.classes(), right.classes());
        if of_left.is_empty() || of_right.is_empty() {
            return;
        }
        // Of two nodes that may both be absent nothing is certain: the one is then equal to the other.
        if !left.is_always_there() && !right.is_always_there() {
            return;
        }
        if is_open(comparison, &of_left, &of_right) {
            if matches!(comparison, Comparison::Eq(..) | Comparison::Ne(..)) {
                self.words(&left, &right);
                self.words(&right, &left);
            }
            return;
        }
        // What is said is said of the side that is not a literal.
        let (subject, other) = match left.value {
            Value::Literal(_) => (&right, &left),
            Value::Nodes(_) => (&left, &right),
        };
        let verb = match comparison {
            Comparison::Eq(..) | Comparison::Ne(..) => "never equal to",
            _ => "neither more nor less than",
        };
        let written = self.cursor.slice(subject.range.clone());
        let message = format!("`{written}` is {}, which is {verb} {}", subject.kind(), other.kind());
        let help = self.instead(subject, other);
        self.report(left.range.start..right.range.end, message, help);
    }

    fn side<'q>(&mut self, current: &Nodes, side: &'q Comparable) -> Side<'q> {
        let range = self.cursor.operand();
        let value = match side {
            Comparable::Literal(literal) => Value::Literal(literal),
            Comparable::Function(TestFunction::Count(_)) => {
                let help = "ask whether there is one (`@.Condition`, `!@.Condition`), or use `length(@.Action)`";
                self.report(range.clone(), "`count` of nothing is not 0 here, but nothing", help);
                Value::Nodes(Nodes::unknown())
            }
            Comparable::Function(call) => Value::Nodes(self.call(current, call, &range)),
            Comparable::SingularQuery(SingularQuery::Current(path)) => {
                Value::Nodes(self.singular(current, &range, path))
            }
            Comparable::SingularQuery(SingularQuery::Root(path)) => {
                Value::Nodes(self.singular(&Nodes::root(), &range, path))
            }
        };
        self.cursor.pass(&range);
        Side { range, value }
    }

    fn singular(&mut self, from: &Nodes, operand: &Range<usize>, path: &[SingularQuerySegment]) -> Nodes {
        let from = Nodes { named: operand.start..operand.start + 1, ..from.clone() };
        path.iter().fold(from, |nodes, segment| match segment {
            SingularQuerySegment::Name(name) => self.member(&nodes, name),
            SingularQuerySegment::Index(_) => self.items(&nodes),
        })
    }

    /// A literal that is none of the words that the nodes can be.
    fn words(&mut self, nodes: &Side<'_>, literal: &Side<'_>) {
        let (Value::Nodes(of), Value::Literal(Literal::String(word))) = (&nodes.value, &literal.value) else { return };
        let written = self.cursor.slice(nodes.range.clone());
        let (message, help) = match of.shapes[..] {
            [ViewShape::Lower] if has_capital(word) => (
                format!("`{written}` is in lower case, and so never `{word}`"),
                format!("write `{}`", word.to_ascii_lowercase()),
            ),
            [ViewShape::OneOf(known)] if !known.contains(&word.as_str()) => {
                let known: Vec<String> = match nearest(word, known.iter().copied()) {
                    Some(meant) => {
                        let message = format!("`{written}` is never `{word}`");
                        return self.report(literal.range.clone(), message, format!("did you mean `{meant}`?"));
                    }
                    None => known.iter().map(|word| format!("`{word}`")).collect(),
                };
                (format!("`{written}` is never `{word}`"), format!("it is one of {}", known.join(", ")))
            }
            _ => return,
        };
        self.report(literal.range.clone(), message, help);
    }

    /// What to write for a comparison of things that are never equal.
    fn instead(&self, subject: &Side<'_>, other: &Side<'_>) -> String {
        let Value::Nodes(nodes) = &subject.value else { return String::new() };
        let (written, with) = (self.cursor.slice(subject.range.clone()), self.cursor.slice(other.range.clone()));
        let with_text = other.classes() == [Class::Text];
        // What a function answers has no members to go on with.
        if !written.starts_with(['@', '$']) {
            return String::new();
        }
        let bare = with.trim_matches(['\'', '"']);
        match nodes.shapes.first() {
            _ if other.classes() == [Class::Null] => {
                format!("what is not known is absent, never null: `!{written}`")
            }
            Some(ViewShape::List(item))
                if with_text && object(item).is_some_and(|item| item.member("text").is_some()) =>
            {
                format!("ask for an item: `{written}[?@.text == {with}]`")
            }
            Some(ViewShape::List(_)) if other.classes() == [Class::Number] => {
                format!("`length({written})` is how many there are")
            }
            Some(ViewShape::Object(object)) if with_text && object.member("text").is_some() => {
                format!("compare what it says: `{written}.text`")
            }
            Some(ViewShape::Flag) if matches!(bare, "true" | "false") && with_text => {
                format!("write `{bare}` without quotes")
            }
            Some(ViewShape::Number) if with_text && bare.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("write `{bare}` without quotes")
            }
            _ => String::new(),
        }
    }
}

pub(super) fn has_capital(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase())
}
