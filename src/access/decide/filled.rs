//! Templates: what is possible whatever their holes are filled with.
//!
//! Of a statement on a resource with holes it is not known which resource that is, and yet that it grants something. So the
//! holes are filled with what nothing else mentions, and everything else that may stand in the way is made to: whatever
//! could be about the same resource, with any filling, is taken to be. A request that is possible then is so with any
//! other filling as well, on the resource with that in it.

use super::ask::Decider;
use super::fill::{self, Filled, Filler};
use super::formula::Formula;
use super::question::{Answer, Question, Witness};
use crate::access::Policies;
use crate::policy::{Element, PartKind, Pattern, Policy, Statement, Text, Truth, Version};

/// What a statement does to the answer if it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It makes it a yes.
    For,
    /// It makes it a no.
    Against,
}

/// A resource with holes, of a statement that may make the answer a yes.
#[derive(Clone, Copy)]
struct Place<'p, 'a> {
    policy: usize,
    /// The statement's place in that policy.
    at: usize,
    item: &'p Text<'a>,
    action: Option<&'p Element<'a>>,
    version: Version,
}

impl Decider<'_> {
    /// How many fillings are tried for one question.
    pub(super) const FILLINGS: usize = 64;

    /// A request for `action` that is possible whatever holes in resources are filled with. `matched` is what the
    /// statements' `Action` makes of it.
    pub(super) fn whatever_is_filled_in(&self, action: &str, matched: &[Truth]) -> Option<Box<Witness>> {
        if matches!(self.formula, Formula::Spared(..) | Formula::Made(_)) {
            return None;
        }
        let statements = self.policies.iter().enumerate().flat_map(|(number, policy)| {
            policy.statements.iter().enumerate().map(move |(at, statement)| (number, at, policy.version, statement))
        });
        let may_do = |(among_all, (number, at, _, statement)): &(usize, (usize, usize, _, &Statement<'_>))| {
            let is_for = self.role(*number, *at, statement) == Role::For;
            is_for && matched[*among_all] == Truth::Yes && !self.twins[*among_all]
        };
        let mut places = statements.enumerate().filter(may_do).flat_map(|(_, (policy, at, version, statement))| {
            let listed = statement.resource.iter().filter(|own| !own.negated).flat_map(|own| &own.items);
            let with_hole = listed.filter(|item| item.has_hole());
            with_hole.map(move |item| Place { policy, at, item, action: statement.action.as_ref(), version })
        });
        places.find_map(|place| self.filled_in(place, action))
    }

    fn filled_in(&self, place: Place<'_, '_>, action: &str) -> Option<Box<Witness>> {
        if !self.asks_about_all(place) {
            return None;
        }
        let filler = Filler::new(self.question.catalog, &self.places, self.texts());
        let is_told = self.tells_places();
        let ways = filler.fill(place.item, action, place.action).into_iter();
        ways.filter(|filled| !filled.is_placed || !is_told).find_map(|filled| {
            self.fillings_left.set(self.fillings_left.get().checked_sub(1)?);
            let policies = self.with_filling(place, &filled);
            // On another resource, it would be another's grant.
            let resources = vec![with_wildcards(&filled.text)];
            let question = Question { actions: vec![action.to_owned()], resources, ..self.question.clone() };
            let asked = Decider::new(self.formula.over(&policies), &question).hasty();
            asked.fillings_left.set(0);
            let Answer::Possible(mut witness) = asked.answer() else { return None };
            witness.request.resource = fill::unfilled(&witness.request.resource, &filled.with);
            let owner = &mut witness.request.owner;
            *owner = owner.take().filter(|owner| filled.with.iter().all(|(_, with)| !with.contains(owner.as_str())));
            Some(witness)
        })
    }

    /// Whether the question is about that resource whatever the filling is.
    fn asks_about_all(&self, place: Place<'_, '_>) -> bool {
        let own = place.pattern(place.item);
        let mut asked = self.question.resources.iter().map(|resource| Pattern::literal(resource));
        let mut others = self.question.other_than.iter().map(|resource| Pattern::literal(resource));
        let is_asked = self.question.resources.is_empty() || asked.any(|asked| asked.covers(&own) == Truth::Yes);
        is_asked && others.all(|other| other.intersects(&own) == Truth::No)
    }

    /// The policies with the holes filled, and whatever may be about the same resource made so.
    fn with_filling<'p>(&'p self, place: Place<'_, '_>, filled: &Filled) -> Vec<Policy<'p>> {
        let element_of = |number: usize, at: usize, statement: &Statement<'p>, element: &Element<'p>| {
            if (number, at) == (place.policy, place.at) {
                Element { items: vec![filled.text.clone()], ..element.clone() }
            } else if self.role(number, at, statement) == Role::For {
                place.kept_of(element, &filled.with)
            } else {
                place.added_to(element)
            }
        };
        let with = |(number, policy): (usize, &&'p Policy<'p>)| {
            let statements = policy.statements.iter().enumerate().map(|(at, statement)| Statement {
                resource: statement.resource.as_ref().map(|element| element_of(number, at, statement, element)),
                ..statement.clone()
            });
            policy.with_statements(statements)
        };
        self.policies.iter().enumerate().map(with).collect()
    }

    /// What the statement at place `at` of policy number `policy` does.
    fn role(&self, policy: usize, at: usize, statement: &Statement<'_>) -> Role {
        let is_for = match &self.formula {
            Formula::Allowed(_) => statement.is_allow(),
            Formula::Added(..) if policy == 0 => statement.is_allow(),
            Formula::Added(..) => statement.is_deny(),
            Formula::Effective(_, own) | Formula::Matches(_, own) | Formula::OnlyBy(_, own) => at == *own,
            Formula::Spared(..) | Formula::Made(_) => false,
        };
        if is_for { Role::For } else { Role::Against }
    }

    /// All that policies and question say of resources, callers and keys.
    fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        let statements = self.statements.iter();
        let of_policies = statements.flat_map(|statement| {
            let resources = statement.resource.iter().flat_map(|element| &element.items);
            let principals = statement.principal.iter().flat_map(|element| &element.items).map(|item| &item.text);
            let values = statement.conditions.iter().flat_map(|one| &one.values).map(|value| &value.text);
            resources.chain(principals).chain(values).map(|text| &*text.text)
        });
        let context = self.question.context.iter().flat_map(|(_, values)| values);
        of_policies.chain(self.question.resources.iter().chain(context).map(String::as_str))
    }

    /// Whether it makes a difference in which region a resource is, or whose it is.
    fn tells_places(&self) -> bool {
        let tells = |key: &str| {
            let key = key.to_ascii_lowercase();
            let of_resource = key.starts_with("aws:resource") && !key.starts_with("aws:resourcetag/");
            of_resource || ["resourceaccount", "region", "viaservice"].iter().any(|word| key.contains(word))
        };
        let conditions = self.statements.iter().flat_map(|statement| &statement.conditions);
        let context = self.question.context.iter().map(|(key, _)| key.as_str());
        let mut keys = conditions.map(|condition| condition.key).chain(context);
        let by_account = matches!(&self.formula, Formula::Allowed(Policies::Account(_)));
        let is_variable = |text: &str| {
            let text = text.to_ascii_lowercase();
            ["${aws:resource", "${aws:requestedregion", "${s3:resource"].iter().any(|start| text.contains(start))
        };
        by_account || keys.any(tells) || self.texts().any(is_variable)
    }
}

impl Place<'_, '_> {
    fn pattern(&self, text: &Text<'_>) -> Pattern {
        Pattern::new(text, self.version == Version::V2012)
    }

    /// What a statement that has to match, too, is about whatever the holes are filled with.
    fn kept_of<'t>(&self, element: &Element<'t>, with: &[(String, String)]) -> Element<'t> {
        let own = self.pattern(self.item);
        let items = match element.negated {
            true if element.items.iter().all(|item| self.pattern(item).intersects(&own) == Truth::No) => {
                return element.clone();
            }
            true => Vec::new(),
            false => {
                let kept = |item: &Text<'t>| match item.has_hole() {
                    true => fill::alike(item, with),
                    false => (self.pattern(item).covers(&own) == Truth::Yes).then(|| item.clone()),
                };
                element.items.iter().filter_map(kept).collect()
            }
        };
        Element { negated: false, items, ..element.clone() }
    }

    /// What a statement that must not match is about with one filling or another.
    fn added_to<'t>(&self, element: &Element<'t>) -> Element<'t> {
        let own = self.pattern(self.item);
        let mut items = element.items.clone();
        if element.negated {
            if items.iter().any(|item| self.pattern(item).covers(&own) == Truth::Yes) {
                items.retain(|item| self.pattern(item).covers(&own) == Truth::Yes);
                return Element { items, ..element.clone() };
            }
            return Element { negated: false, items: vec![Text::literal("*", element.span)], ..element.clone() };
        }
        if items.iter().any(|item| self.pattern(item).intersects(&own) != Truth::No) {
            let widest = with_wildcards(&self.item.filled(|_| "*".to_owned()));
            // A wildcard does not reach from one part of an ARN into another.
            let widest = if widest.starts_with('*') { "*".to_owned() } else { widest };
            items.push(Text::literal(widest, self.item.span));
        }
        Element { items, ..element.clone() }
    }
}

/// The text with `*` in place of policy variables and escapes.
fn with_wildcards(text: &Text<'_>) -> String {
    text.all_parts().map(|(part, kind)| if kind == PartKind::Literal { part } else { "*" }).collect()
}
