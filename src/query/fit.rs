//! Whether a query fits the view: whether what it names is there, and can be what it is compared with.
//!
//! A member that no view has, or a comparison that comes out the same for every policy, is a slip of whoever wrote the
//! query. The view's shape is fixed, so that this can be told without a policy. What may match some policy passes.

mod call;
mod comparison;

use super::QueryError;
use super::cursor::Cursor;
use crate::policy::{VIEW_SHAPE, ViewObject, ViewShape};
use crate::suggest::nearest;
use jsonpath_rust::parser::model::{Filter, FilterAtom, JpQuery, Segment, Selector, Test, TestFunction};
use std::ops::Range;

/// What in a query cannot be meant, and what the engine is known to answer wrongly.
pub(super) fn misfits(path: &JpQuery, text: &str) -> Vec<QueryError> {
    let mut fit = Fit { cursor: Cursor::new(text), found: Vec::new() };
    fit.path(&Nodes::root(), 0..text.len().min(1), &path.segments);
    fit.found
}

/// The nodes that a part of a query leads to.
#[derive(Debug, Clone)]
struct Nodes {
    /// What they can be; none where that is not known, or what is wrong has been said.
    shapes: Vec<&'static ViewShape>,
    /// Whether it is one node at most.
    single: bool,
    /// Whether it is one at least, in every policy.
    always: bool,
    /// Where the query last named them.
    named: Range<usize>,
}

impl Nodes {
    fn root() -> Self {
        Self::one(&VIEW_SHAPE)
    }

    fn one(shape: &'static ViewShape) -> Self {
        Self { shapes: vec![shape], single: true, always: true, named: 0..0 }
    }

    fn unknown() -> Self {
        Self { shapes: Vec::new(), ..Self::one(&VIEW_SHAPE) }
    }

    /// One of them, as a filter looks at each.
    fn each(&self) -> Self {
        Self { single: true, always: true, ..self.clone() }
    }

    fn add(&mut self, shape: &'static ViewShape) {
        if !self.shapes.iter().any(|known| std::ptr::eq(*known, shape)) {
            self.shapes.push(shape);
        }
    }

    /// Several of these shapes.
    fn many(&self, shapes: impl IntoIterator<Item = &'static ViewShape>) -> Self {
        let mut many = Self { shapes: Vec::new(), single: false, always: false, named: self.named.clone() };
        shapes.into_iter().for_each(|shape| many.add(shape));
        many
    }

    /// They and all below them.
    fn and_below(&self) -> Self {
        let mut all = self.many(self.shapes.iter().copied());
        let mut at = 0;
        while let Some(shape) = all.shapes.get(at) {
            children(shape).into_iter().for_each(|child| all.add(child));
            at += 1;
        }
        all
    }

    fn objects(&self) -> impl Iterator<Item = &'static ViewObject> {
        self.shapes.iter().filter_map(|shape| object(shape))
    }
}

fn object(shape: &'static ViewShape) -> Option<&'static ViewObject> {
    match shape {
        ViewShape::Object(object) => Some(object),
        _ => None,
    }
}

fn children(shape: &'static ViewShape) -> Vec<&'static ViewShape> {
    match shape {
        ViewShape::List(item) => vec![item],
        ViewShape::Object(object) => object.members().map(|member| member.shape).collect(),
        _ => Vec::new(),
    }
}

/// What nodes of that shape are called.
fn kind(shape: &ViewShape) -> &'static str {
    match shape {
        ViewShape::Flag => "true or false",
        ViewShape::Number => "a number",
        ViewShape::Text | ViewShape::Lower | ViewShape::OneOf(_) => "text",
        ViewShape::List(_) => "a list",
        ViewShape::Object(object) => object.name,
    }
}

struct Fit<'t> {
    cursor: Cursor<'t>,
    found: Vec<QueryError>,
}

impl Fit<'_> {
    fn report(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let help = Some(help.into()).filter(|help| !help.is_empty());
        self.found.push(QueryError { range: Some(range), message: message.into(), help });
    }

    fn path(&mut self, from: &Nodes, named: Range<usize>, segments: &[Segment]) -> Nodes {
        let from = Nodes { named, ..from.clone() };
        segments.iter().fold(from, |nodes, segment| self.segment(&nodes, segment))
    }

    fn segment(&mut self, nodes: &Nodes, segment: &Segment) -> Nodes {
        match segment {
            Segment::Descendant(inner) => self.segment(&nodes.and_below(), inner),
            Segment::Selector(selector) => self.selector(nodes, selector),
            Segment::Selectors(list) => {
                let each: Vec<Nodes> = list.iter().map(|selector| self.selector(nodes, selector)).collect();
                nodes.many(each.into_iter().flat_map(|nodes| nodes.shapes))
            }
        }
    }

    fn selector(&mut self, nodes: &Nodes, selector: &Selector) -> Nodes {
        match selector {
            Selector::Name(name) => self.member(nodes, name),
            Selector::Index(_) => Nodes { single: nodes.single, ..self.items(nodes) },
            Selector::Slice(..) => self.items(nodes),
            Selector::Wildcard => self.below(nodes),
            Selector::Filter(filter) => {
                self.cursor.filter();
                let below = self.below(nodes);
                self.filter(&below.each(), filter);
                below
            }
        }
    }

    fn member(&mut self, nodes: &Nodes, name: &str) -> Nodes {
        if let Some((first, operator)) = name.split_once(char::is_whitespace) {
            return self.operator(first, operator.trim());
        }
        let named = self.cursor.name(name);
        let mut members = Nodes { shapes: Vec::new(), named: named.clone(), ..nodes.clone() };
        for shape in &nodes.shapes {
            match object(shape).and_then(|object| object.member(name)) {
                Some(member) => {
                    members.add(member.shape);
                    members.always &= member.always;
                }
                None => members.always = false,
            }
        }
        if members.shapes.is_empty() {
            self.no_member(nodes, name, named);
        }
        members
    }

    /// A word after a member's name, which the engine takes for a part of the name.
    fn operator(&mut self, first: &str, operator: &str) -> Nodes {
        self.cursor.name(first);
        let words: Vec<Range<usize>> = operator.split_whitespace().map(|word| self.cursor.name(word)).collect();
        if let (Some(start), Some(end)) = (words.first(), words.last()) {
            let help = "compare with `==`, `!=`, `<`, `>`, or ask for one of a set: `in(@.service, 'iam sts')`";
            self.report(start.start..end.end, format!("`{operator}` is no operator"), help);
        }
        Nodes::unknown()
    }

    fn items(&mut self, nodes: &Nodes) -> Nodes {
        let is_list = |shape: &&&'static ViewShape| matches!(shape, ViewShape::List(_));
        let items = nodes.many(nodes.shapes.iter().filter(is_list).flat_map(|list| children(list)));
        if items.shapes.is_empty() {
            self.no_children(nodes, "items");
        }
        items
    }

    fn below(&mut self, nodes: &Nodes) -> Nodes {
        let below = nodes.many(nodes.shapes.iter().flat_map(|shape| children(shape)));
        if below.shapes.is_empty() {
            self.no_children(nodes, "items or members");
        }
        below
    }

    fn no_children(&mut self, nodes: &Nodes, what: &str) {
        if let [first, ..] = nodes.shapes[..] {
            let message =
                format!("`{}` is {}, which has no {what}", self.cursor.slice(nodes.named.clone()), kind(first));
            self.report(nodes.named.clone(), message, "");
        }
    }

    fn no_member(&mut self, nodes: &Nodes, name: &str, range: Range<usize>) {
        let Some(first) = nodes.shapes.first() else { return };
        let named = self.cursor.slice(nodes.named.clone());
        let message = match (first, &nodes.shapes[..]) {
            (ViewShape::Object(object), [_]) => format!("{} has no `{name}`", object.name),
            (other, [_]) => format!("`{named}` is {}, which has no `{name}`", kind(other)),
            _ => format!("nothing here has a member `{name}`"),
        };
        let item = match first {
            ViewShape::List(item) => object(item),
            _ => None,
        };
        let help = if let Some(item) = item.filter(|item| item.member(name).is_some()) {
            format!("{} has it: `[*].{name}`, or `[?…].{name}`", item.name)
        } else if let Some(meant) = nearest(name, nodes.objects().chain(item).flat_map(names)) {
            format!("did you mean `{meant}`?")
        } else if let Some(owners) = owners_of(name) {
            owners
        } else if let (Some(object), [_]) = (nodes.objects().next(), &nodes.shapes[..]) {
            let names: Vec<String> = names(object).map(|name| format!("`{name}`")).collect();
            format!("it has {}", names.join(", "))
        } else {
            "`iam-lint view FILE` shows what there is".to_owned()
        };
        self.report(range, message, help);
    }

    fn filter(&mut self, current: &Nodes, filter: &Filter) {
        match filter {
            Filter::Or(list) | Filter::And(list) => list.iter().for_each(|item| self.filter(current, item)),
            Filter::Atom(FilterAtom::Filter { expr, .. }) => self.filter(current, expr),
            Filter::Atom(FilterAtom::Test { expr, not }) => {
                let operand = self.cursor.operand();
                self.test(current, expr, *not, &operand);
                self.cursor.pass(&operand);
            }
            Filter::Atom(FilterAtom::Comparison(comparison)) => self.comparison(current, comparison),
        }
    }

    fn test(&mut self, current: &Nodes, test: &Test, not: bool, operand: &Range<usize>) {
        match test {
            Test::Function(call) => match &**call {
                TestFunction::Length(_) | TestFunction::Value(_) | TestFunction::Count(_) => {
                    let message = "`length`, `value` and `count` are not tests";
                    self.report(operand.clone(), message, "compare the result: `length(@.Action) > 1`");
                }
                call => {
                    self.call(current, call, operand);
                }
            },
            path => {
                if let Some(nodes) = self.nodes(current, path, operand) {
                    self.existence(&nodes, not, operand);
                }
            }
        }
    }

    /// What a path within a filter leads to; nothing where it is no path.
    fn nodes(&mut self, current: &Nodes, path: &Test, operand: &Range<usize>) -> Option<Nodes> {
        let named = operand.start..operand.start + 1;
        match path {
            Test::RelQuery(segments) => {
                if matches!(segments.first(), Some(Segment::Selector(Selector::Filter(_)))) {
                    let help = "filter a member: `@.Action[?…]`";
                    self.report(operand.clone(), "a filter on `@` itself finds nothing", help);
                    return None;
                }
                Some(self.path(current, named, segments))
            }
            Test::AbsQuery(path) => Some(self.path(&Nodes::root(), named, &path.segments)),
            Test::Function(_) => None,
        }
    }

    /// A test whether there is something of which there is always one.
    fn existence(&mut self, nodes: &Nodes, not: bool, operand: &Range<usize>) {
        let is_flag = !nodes.shapes.is_empty() && nodes.shapes.iter().all(|shape| matches!(shape, ViewShape::Flag));
        if nodes.shapes.is_empty() || !nodes.always || !(not || is_flag) {
            return;
        }
        let written = self.cursor.slice(operand.clone());
        let (message, help) = match is_flag {
            true => {
                let message = format!("`{written}` is always there, be it true or false");
                (message, format!("compare it: `{written} == {}`", !not))
            }
            false => (format!("`{written}` is always there, so this never holds"), String::new()),
        };
        self.report(operand.clone(), message, help);
    }
}

fn names(object: &'static ViewObject) -> impl Iterator<Item = &'static str> {
    object.members().map(|member| member.name)
}

/// Which nodes have a member of that name, if any do.
fn owners_of(name: &str) -> Option<String> {
    let everything = Nodes::root().and_below();
    let owners: Vec<&str> =
        everything.objects().filter(|object| object.member(name).is_some()).map(|object| object.name).collect();
    match owners[..] {
        [] => None,
        [one] => Some(format!("{one} has it")),
        _ => Some(format!("{} have it", owners.join(", "))),
    }
}
