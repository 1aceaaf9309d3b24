//! Templates: what is possible whatever their holes are filled with.
//!
//! Of a statement on a resource with holes it is not known which resource that is, and yet that it grants something. So the
//! holes are filled with what nothing else mentions, and everything else that may stand in the way is made to: whatever
//! could be about the same resource, with any filling, is taken to be. A request that is possible then is so with any
//! other filling as well, on the resource with that in it. Holes in what a condition asks of a key are filled as well, where
//! nothing else speaks of that key, so that requests may have any value of it.

use super::ask::Decider;
use super::fill::{self, Filled, Filler, Filling};
use super::formula::Formula;
use super::question::{Answer, Question, Witness};
use super::unread::holes;
use crate::access::Policies;
use crate::access::evaluate::Entry;
use crate::policy::{
    Condition, Element, Family, JsonType, PartKind, Pattern, Policy, Quantifier, Statement, Text, Truth, Version,
};

/// What a statement does to the answer if it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It makes it a yes.
    For,
    /// It makes it a no.
    Against,
}

/// A statement that may make the answer a yes.
#[derive(Clone, Copy)]
struct Place<'p, 'a> {
    policy: usize,
    /// Its place in that policy.
    at: usize,
    statement: &'p Statement<'a>,
    version: Version,
}

/// A resource with holes, and what it is with these filled.
struct Target<'p, 'a> {
    item: &'p Text<'a>,
    filled: Filled,
    version: Version,
}

impl Decider<'_> {
    /// How many fillings are tried for one question.
    pub(super) const FILLINGS: usize = 64;

    /// A request for `action` that is possible whatever holes are filled with. `matched` is what the statements' `Action`
    /// makes of it.
    pub(super) fn whatever_is_filled_in(&self, action: &str, matched: &[Truth]) -> Option<Box<Witness>> {
        // Most of what is not decided has no holes, and nothing is to be prepared for it.
        if matches!(self.formula, Formula::Spared(..) | Formula::Made(_)) || holes(self.relevant(matched)).is_empty() {
            return None;
        }
        let places = self.policies.iter().enumerate().flat_map(|(number, policy)| {
            let place = move |(at, statement)| Place { policy: number, at, statement, version: policy.version };
            policy.statements.iter().enumerate().map(place)
        });
        let may_do = |(among_all, place): &(usize, Place<'_, '_>)| {
            let is_for = self.role(place.policy, place.at, place.statement) == Role::For;
            is_for && matched[*among_all] == Truth::Yes && !self.twins[*among_all]
        };
        let filler = Filler::new(self.question.catalog, &self.places, self.texts());
        let told = self.tells_places();
        places.enumerate().filter(may_do).find_map(|(_, place)| {
            let listed = place.statement.resource.iter().filter(|own| !own.negated).flat_map(|own| &own.items);
            let mut targets = listed.filter(|item| item.has_hole()).flat_map(|item| {
                let ways = filler.fill(item, action, place.statement.action.as_ref()).into_iter();
                let is_open = |filled: &Filled| !(filled.is_placed && told.place || filled.is_owned && told.owner);
                let ways = ways.filter(is_open).filter(|filled| self.asks_about_all(place, item, filled));
                ways.map(|filled| Target { item, filled, version: place.version }).collect::<Vec<_>>()
            });
            let on_target = targets.find_map(|target| self.filled_in(place, Some(target), &filler, action));
            on_target.or_else(|| self.filled_in(place, None, &filler, action))
        })
    }

    /// The same by that statement, and on that resource; without one, on what the statement is about without its holes.
    fn filled_in(
        &self,
        place: Place<'_, '_>,
        target: Option<Target<'_, '_>>,
        filler: &Filler<'_>,
        action: &str,
    ) -> Option<Box<Witness>> {
        let mut with = target.as_ref().map_or_else(Vec::new, |target| target.filled.with.clone());
        let of_resource = with.len();
        let conditions = self.conditions_of(place.statement, filler, &mut with);
        if with.is_empty() {
            return None;
        }
        self.fillings_left.set(self.fillings_left.get().checked_sub(1)?);
        let policies = self.with_filling(place, target.as_ref(), &conditions);
        let mut question = Question { actions: vec![action.to_owned()], ..self.question.clone() };
        if let Some(target) = target.as_ref().filter(|_| !self.stands_alone(place)) {
            // On another resource, it would be another's grant.
            question.resources = vec![with_wildcards(&target.filled.text)];
        }
        let asked = Decider::new(self.formula.over(&policies), &question).hasty();
        asked.fillings_left.set(0);
        let Answer::Possible(mut witness) = asked.answer() else { return None };
        let request = &mut witness.request;
        request.resource = fill::unfilled(&request.resource, &with[..of_resource]);
        request.owner = request.owner.take().filter(|owner| with.iter().all(|own| !own.with.contains(owner.as_str())));
        let pairs = place.statement.conditions.iter().zip(&conditions);
        for (Condition { key, .. }, _) in pairs.filter(|(own, filled)| has_hole(own) && !has_hole(filled)) {
            if let Entry::Values(values) = request.context.get(key) {
                let values = values.iter().map(|value| fill::unfilled(value, &with)).collect();
                request.context.set(key, values);
            }
        }
        Some(witness)
    }

    /// Whether no other statement than this one can make the answer a yes once those beside it in its policy are gone.
    fn stands_alone(&self, place: Place<'_, '_>) -> bool {
        place.policy == 0 && (self.policies.len() == 1 || matches!(self.formula, Formula::Added(..)))
    }

    /// Whether what is asked about the resource is the same with any filling. Of names and accounts that nothing else
    /// mentions, only `*` matches one, and then it matches all.
    fn asks_about_all(&self, place: Place<'_, '_>, item: &Text<'_>, filled: &Filled) -> bool {
        let own = pattern(item, place.version);
        let mut asked = self.question.resources.iter().map(|resource| Pattern::literal(resource));
        let mut others = self.question.other_than.iter().map(|resource| Pattern::literal(resource));
        let by_star = !filled.is_placed && !self.question.resources.iter().any(|resource| resource.contains('?'));
        let is_asked = self.question.resources.is_empty()
            || by_star && self.stands_alone(place)
            || asked.any(|asked| asked.covers(&own) == Truth::Yes);
        is_asked && others.all(|other| other.intersects(&own) == Truth::No)
    }

    /// The conditions of the statement with their holes filled, where they may be. What is filled in is added to `with`.
    fn conditions_of<'a>(
        &self,
        statement: &Statement<'a>,
        filler: &Filler<'_>,
        with: &mut Vec<Filling>,
    ) -> Vec<Condition<'a>> {
        let mut filled = |condition: &Condition<'a>| {
            let mut filled = condition.clone();
            if has_hole(condition) && self.is_free(condition) {
                filled.values.iter_mut().for_each(|value| value.text = filler.fill_value(&value.text, with));
            }
            filled
        };
        statement.conditions.iter().map(&mut filled).collect()
    }

    /// Whether requests may have whatever value of its key that the condition asks for: it is a text that whoever makes the
    /// request, or the tags of something, may have, and nothing else speaks of it.
    fn is_free(&self, condition: &Condition<'_>) -> bool {
        const TIED: &[&str] = &["account", "arn", "region", "service", "vpc"];
        let key = condition.key.to_ascii_lowercase();
        let is_tag =
            ["aws:resourcetag/", "aws:requesttag/", "aws:principaltag/"].iter().any(|tag| key.starts_with(tag));
        let is_text = condition.operator.is_some_and(|operator| {
            operator.base.family() == Family::String
                && !operator.base.negated()
                && operator.quantifier != Quantifier::ForAllValues
        });
        let is_text =
            is_text && condition.key_known && condition.values.iter().all(|value| value.json == JsonType::String);
        let is_free = is_tag || !key.starts_with("aws:") && !TIED.iter().any(|word| key.contains(word));
        let all = self.statements.iter().flat_map(|statement| &statement.conditions);
        let times = all.filter(|other| other.key.eq_ignore_ascii_case(&key)).count();
        let asked = self.question.context.iter().any(|(own, _)| own.eq_ignore_ascii_case(&key));
        let variable = format!("${{{key}");
        is_text
            && is_free
            && times == 1
            && !asked
            && !self.texts().any(|text| text.to_ascii_lowercase().contains(&variable))
    }

    /// The policies with the holes filled, and whatever may be about the same resource made so.
    fn with_filling<'p>(
        &'p self,
        place: Place<'_, '_>,
        target: Option<&Target<'_, '_>>,
        conditions: &[Condition<'p>],
    ) -> Vec<Policy<'p>> {
        let alone = self.stands_alone(place);
        let element_of = |number: usize, is_own: bool, role: Role, element: &Element<'p>| match target {
            None => element.clone(),
            Some(target) if is_own => Element { items: vec![target.filled.text.clone()], ..element.clone() },
            Some(_) if alone && role == Role::For && number == place.policy => {
                Element { items: Vec::new(), negated: false, ..element.clone() }
            }
            Some(target) if role == Role::For => target.kept_of(element),
            Some(target) => target.added_to(element),
        };
        let with = |(number, policy): (usize, &&'p Policy<'p>)| {
            let statements = policy.statements.iter().enumerate().map(|(at, statement)| {
                let (is_own, role) = ((number, at) == (place.policy, place.at), self.role(number, at, statement));
                let mut statement = statement.clone();
                statement.resource = statement.resource.map(|element| element_of(number, is_own, role, &element));
                if is_own {
                    statement.conditions = conditions.to_vec();
                }
                statement
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

    /// Whether it makes a difference where resources are, or whose they are.
    fn tells_places(&self) -> Told {
        let texts = || self.texts().filter(|text| text.contains("${")).map(str::to_ascii_lowercase);
        let conditions = || self.statements.iter().flat_map(|statement| &statement.conditions);
        let context = || self.question.context.iter().map(|(key, _)| key.as_str());
        let tells = |words: &[&str], variables: &[&str]| {
            let keys = conditions().map(|condition| condition.key).chain(context()).map(str::to_ascii_lowercase);
            keys.into_iter().any(|key| words.iter().any(|word| key.contains(word)))
                || texts().any(|text| variables.iter().any(|variable| text.contains(variable)))
        };
        let by_account = matches!(&self.formula, Formula::Allowed(Policies::Account(_)));
        Told {
            place: tells(&["region", "viaservice"], &["${aws:requestedregion"]),
            owner: by_account || tells(&["resourceaccount", "aws:resourceorg"], &["${aws:resource", "${s3:resource"]),
        }
    }
}

/// What makes a difference to an answer.
struct Told {
    /// The partition and region of a resource.
    place: bool,
    /// Whose it is.
    owner: bool,
}

impl Target<'_, '_> {
    /// What a statement that has to match, too, is about whatever the holes are filled with.
    fn kept_of<'t>(&self, element: &Element<'t>) -> Element<'t> {
        let own = pattern(self.item, self.version);
        let items = match element.negated {
            true if element.items.iter().all(|item| pattern(item, self.version).intersects(&own) == Truth::No) => {
                return element.clone();
            }
            true => Vec::new(),
            false => {
                let covers = |item: &&Text<'t>| pattern(item, self.version).covers(&own) == Truth::Yes;
                let kept = |item: &Text<'t>| match item.has_hole() {
                    true => fill::alike(item, &self.filled.with),
                    false => Some(item.clone()),
                };
                element.items.iter().filter(covers).filter_map(kept).collect()
            }
        };
        Element { negated: false, items, ..element.clone() }
    }

    /// What a statement that must not match is about with one filling or another.
    fn added_to<'t>(&self, element: &Element<'t>) -> Element<'t> {
        let own = pattern(self.item, self.version);
        let mut items = element.items.clone();
        if element.negated {
            if items.iter().any(|item| pattern(item, self.version).covers(&own) == Truth::Yes) {
                items.retain(|item| pattern(item, self.version).covers(&own) == Truth::Yes);
                return Element { items, ..element.clone() };
            }
            return Element { negated: false, items: vec![Text::literal("*", element.span)], ..element.clone() };
        }
        let is_apart = |item: &Text<'_>| pattern(item, self.version).intersects(&own) == Truth::No;
        // Of what is filled in here as well, it is known what it is.
        for item in items.iter_mut().filter(|item| item.has_hole() && is_apart(item)) {
            if let Some(filled) = fill::alike(item, &self.filled.with) {
                *item = filled;
            }
        }
        if !element.items.iter().all(is_apart) {
            let widest = with_wildcards(&self.item.filled(|_| "*".to_owned()));
            // A wildcard does not reach from one part of an ARN into another.
            let widest = if widest.starts_with('*') { "*".to_owned() } else { widest };
            items.push(Text::literal(widest, self.item.span));
        }
        Element { items, ..element.clone() }
    }
}

fn has_hole(condition: &Condition<'_>) -> bool {
    condition.values.iter().any(|value| value.text.has_hole())
}

fn pattern(text: &Text<'_>, version: Version) -> Pattern {
    Pattern::new(text, version == Version::V2012)
}

/// The text with `*` in place of policy variables and escapes.
fn with_wildcards(text: &Text<'_>) -> String {
    text.all_parts().map(|(part, kind)| if kind == PartKind::Literal { part } else { "*" }).collect()
}
