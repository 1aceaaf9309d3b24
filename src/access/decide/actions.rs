//! Actions. They are finite in number, so they are gone through and not searched: all that the same statements match
//! and that work on the same resources are one class, of which one stands for all.

use super::action_set::ActionSet;
use super::carried::ServiceKeys;
use super::domain::ACCOUNT;
use super::glob::Language;
use super::places::{self, Place};
use super::resources::{Resources, Shape};
use super::unlisted::Unlisted;
use crate::access::regions::Endpoint;
use crate::catalog::{Action, ActionId, Catalog, glob_matches};
use crate::policy::{Element, Statement, Text, Truth, has_wildcard};
use std::collections::HashMap;
use std::rc::Rc;

/// Every action there is: those of the catalogue, and those that it does not list.
pub(super) struct Universe<'c> {
    catalog: &'c Catalog,
    listed: usize,
    unlisted: Unlisted,
    places: Rc<[Place]>,
    keys: ServiceKeys<'c>,
    about_region: bool,
}

/// Actions that are all alike.
#[derive(Clone)]
pub(super) struct Class {
    /// Which they are.
    pub(super) members: ActionSet,
    /// The name of the first.
    pub(super) first: String,
    /// What each statement's `Action` makes of them.
    pub(super) matched: Vec<Truth>,
    /// What they work on.
    pub(super) resources: Resources,
    /// Keys that no request for them carries.
    pub(super) absent: Vec<String>,
    /// Keys that a request carries only with these resources.
    pub(super) bound: Vec<(String, Language)>,
    /// Where requests for them are made.
    pub(super) endpoint: Endpoint,
    /// Whether it stands for all that the same statements match, whatever they work on.
    pub(super) is_any: bool,
}

/// What the catalogue knows of an action that a search needs.
#[derive(Default)]
struct Traits<'t> {
    /// All of it, to be compared.
    signature: Vec<&'t str>,
    /// How many patterns of ARNs it begins with.
    types: usize,
    /// Whether `*` will do for the resource.
    star: bool,
    endpoint: Endpoint,
    /// Keys that come only with some resources, and the patterns of their ARNs.
    bound: Vec<(&'t str, Vec<&'t str>)>,
    absent: Vec<&'t str>,
}

/// How much the catalogue is trusted with the resources of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Realism {
    /// An action works on the resource types that the catalogue lists for it, and on nothing else.
    #[default]
    Catalogue,
    /// An action works on anything, as for AWS's own CheckNoNewAccess.
    Anything,
}

impl<'c> Universe<'c> {
    pub(super) fn new<'a>(
        catalog: &'c Catalog,
        texts: impl Iterator<Item = &'a str>,
        places: Rc<[Place]>,
        keys: ServiceKeys<'c>,
        about_region: bool,
    ) -> Self {
        let unlisted = Unlisted::new(catalog, texts);
        Self { catalog, listed: catalog.action_count(), unlisted, places, keys, about_region }
    }

    fn empty(&self) -> ActionSet {
        ActionSet(vec![0; (self.listed + self.unlisted.len()).div_ceil(64)].into())
    }

    fn all(&self) -> ActionSet {
        let mut set = self.empty();
        let count = self.listed + self.unlisted.len();
        set.0.fill(u64::MAX);
        if let (Some(last), rest @ 1..) = (set.0.last_mut(), count % 64) {
            *last >>= 64 - rest;
        }
        set
    }

    /// Adds the actions that `pattern` matches.
    pub(super) fn expand(&self, pattern: &str, set: &mut ActionSet) {
        if !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*') {
            return *set = self.all();
        }
        let Some((service, _)) = pattern.split_once(':') else { return };
        if has_wildcard(service) {
            return;
        }
        if has_wildcard(pattern) {
            self.catalog.expand(pattern).for_each(|action| set.insert(action.id().index()));
        } else if let Some(action) = self.catalog.action_named(pattern) {
            return set.insert(action.id().index());
        }
        self.unlisted.matched_by(pattern).for_each(|at| set.insert(self.listed + at));
    }

    /// The actions of a small set by name; none of a large one.
    fn few(&self, set: &ActionSet) -> Vec<(usize, String)> {
        const FEW: usize = 4;
        let found: Vec<usize> = set.iter().take(FEW + 1).collect();
        let few = found.len() <= FEW;
        if few { found.iter().map(|at| (*at, self.name(*at))).collect() } else { Vec::new() }
    }

    /// Which of `wanted` an `Action` or `NotAction` matches for certain, and which it might.
    fn of_element(&self, element: &Element<'_>, wanted: &ActionSet) -> (ActionSet, ActionSet) {
        let (mut sure, mut might) = (self.empty(), self.empty());
        for item in &element.items {
            if item.has_hole() {
                self.expand(&hidden(item), &mut might);
            } else {
                self.expand(&item.text, &mut sure);
            }
        }
        if !element.complete {
            might = wanted.clone();
        }
        might.join(&sure);
        if !element.negated {
            return (sure, might);
        }
        (wanted.minus(&might), wanted.minus(&sure))
    }

    /// The classes of `wanted`, told apart by what `statements` make of them.
    pub(super) fn classes(&self, wanted: &ActionSet, statements: &[&Statement<'_>]) -> Vec<Class> {
        let few = self.few(wanted);
        if !few.is_empty() {
            return self.classes_of_few(few, statements);
        }
        let of_element = |element: &Element<'_>| self.of_element(element, wanted);
        let elements: Vec<_> = statements.iter().map(|one| one.action.as_ref().map(of_element)).collect();
        let mut parts = vec![wanted.clone()];
        for (sure, might) in elements.iter().flatten() {
            for cut in [sure, might] {
                parts = parts.into_iter().flat_map(|part| [part.meet(cut), part.minus(cut)]).collect();
                parts.retain(|part| !part.is_empty());
            }
        }
        let mut classes = Vec::new();
        for part in parts {
            let first = part.iter().next().unwrap_or(0);
            let matched = |(element, statement): (&Option<(ActionSet, ActionSet)>, &&Statement<'_>)| match element {
                Some((sure, _)) if sure.contains(first) => Truth::Yes,
                Some((_, might)) if might.contains(first) => Truth::Maybe,
                Some(_) => Truth::No,
                None if statement.is_settled() => Truth::No,
                None => Truth::Maybe,
            };
            let matched: Vec<Truth> = elements.iter().zip(statements).map(matched).collect();
            classes.push(self.class(part, self.name(first), matched));
        }
        classes
    }

    /// A class of which nothing is known but what its statements make of it.
    fn class(&self, members: ActionSet, first: String, matched: Vec<Truth>) -> Class {
        let resources = anything("", &self.places);
        let endpoint = Endpoint::default();
        Class { members, first, matched, resources, absent: Vec::new(), bound: Vec::new(), endpoint, is_any: false }
    }

    /// The classes of a few actions, each looked at by itself, which is faster than to expand patterns.
    fn classes_of_few(&self, few: Vec<(usize, String)>, statements: &[&Statement<'_>]) -> Vec<Class> {
        let mut classes: Vec<Class> = Vec::new();
        for (at, first) in few {
            let matched: Vec<Truth> = statements.iter().map(|statement| matches(statement, &first)).collect();
            if let Some(class) = classes.iter_mut().find(|class| class.matched == matched) {
                class.members.insert(at);
                continue;
            }
            let mut members = self.empty();
            members.insert(at);
            classes.push(self.class(members, first, matched));
        }
        // As above, those that the first statements match come first.
        classes.sort_by(|one, other| other.matched.cmp(&one.matched));
        classes
    }

    /// Splits a class, of which nothing is said of resources yet, by the resource types of its actions. What is known of
    /// each part is put together when it is asked for: mostly one of the first is the answer.
    pub(super) fn by_resources<'s>(&'s self, class: &'s Class, realism: Realism) -> impl Iterator<Item = Class> {
        let mut parts: Vec<(ActionSet, Traits<'s>)> = Vec::new();
        let mut known: HashMap<Vec<&str>, usize> = HashMap::new();
        for at in class.members.iter() {
            let traits = match (self.listed(at), realism) {
                (Some(action), Realism::Catalogue) => self.traits(action),
                (action, _) => Traits {
                    signature: vec![action.map_or("unlisted", |it| it.service().prefix())],
                    ..Traits::default()
                },
            };
            if let Some(own) = known.get(&traits.signature) {
                parts[*own].0.insert(at);
                continue;
            }
            let mut members = self.empty();
            members.insert(at);
            known.insert(traits.signature.clone(), parts.len());
            parts.push((members, traits));
        }
        parts.into_iter().map(move |(members, traits)| self.part(class, realism, members, traits))
    }

    /// The part of a class whose members have those traits.
    fn part(&self, class: &Class, realism: Realism, members: ActionSet, traits: Traits<'_>) -> Class {
        let first = members.iter().next().unwrap_or(0);
        let name = self.name(first);
        let resources = match realism {
            Realism::Catalogue if self.listed(first).is_some() => {
                of_patterns(&traits.signature[..traits.types], traits.star, &self.places)
            }
            _ => anything(name.split(':').next().unwrap_or(""), &self.places),
        };
        let of_arns = |arns: &[&str]| Language {
            globs: arns.iter().flat_map(|arn| places::anywhere(&self.places, arn).globs).collect(),
        };
        Class {
            members,
            first: name,
            matched: class.matched.clone(),
            resources,
            absent: traits.absent.into_iter().map(str::to_owned).collect(),
            bound: traits.bound.iter().map(|(key, arns)| ((*key).to_owned(), of_arns(arns))).collect(),
            endpoint: traits.endpoint,
            is_any: false,
        }
    }

    /// The action of that number, if it is one of the catalogue's.
    fn listed(&self, at: usize) -> Option<Action<'c>> {
        self.catalog.action_by_id(ActionId(at as u32)).filter(|_| at < self.listed)
    }

    /// What sets an action apart from others that the same statements match.
    fn traits(&self, action: Action<'c>) -> Traits<'_> {
        let mut traits = Traits::default();
        let signature = &mut traits.signature;
        signature.extend(action.resources().flat_map(|used| used.resource_type.arn_patterns()));
        // The plainest first, of which a witness is made: a bucket before its access points.
        signature.sort_unstable_by_key(|pattern| (pattern.len(), *pattern));
        signature.dedup();
        traits.types = signature.len();
        // A required type first makes no difference to the set, but whether `*` will do as well does.
        traits.star = !action.resources().any(|used| used.is_required());
        signature.extend([if traits.star { "*" } else { "" }, apart(action)]);
        if self.about_region {
            traits.endpoint = Endpoint::of(action);
            signature.push(traits.endpoint.name());
        }
        traits.bound.extend(self.keys.only_with(action));
        signature.extend(traits.bound.iter().flat_map(|(key, arns)| std::iter::once(*key).chain(arns.iter().copied())));
        traits.absent.extend(self.keys.absent_from(action));
        signature.extend(&traits.absent);
        traits
    }

    /// Splits a class so that each part is within each of `sets` or outside of it.
    pub(super) fn split(&self, class: Class, sets: &[ActionSet]) -> Vec<Class> {
        if sets.is_empty() {
            return vec![class];
        }
        let mut parts = vec![class.members.clone()];
        for set in sets {
            parts = parts.into_iter().flat_map(|part| [part.meet(set), part.minus(set)]).collect();
            parts.retain(|part| !part.is_empty());
        }
        let first = |members: &ActionSet| members.iter().next().map_or_else(|| class.first.clone(), |at| self.name(at));
        parts.into_iter().map(|members| Class { first: first(&members), members, ..class.clone() }).collect()
    }

    /// The names of a class, in order. Of what only a pattern stands for, that is the pattern.
    pub(super) fn names(&self, class: &Class) -> Vec<String> {
        let written = |at: usize| at.checked_sub(self.listed).map(|at| self.unlisted.written(at).to_owned());
        class.members.iter().map(|at| written(at).unwrap_or_else(|| self.name(at))).collect()
    }

    fn name(&self, at: usize) -> String {
        match self.listed(at) {
            Some(action) => action.to_string(),
            None => self.unlisted.name(at - self.listed).to_owned(),
        }
    }

    /// The set that patterns stand for.
    pub(super) fn set<'t>(&self, patterns: impl Iterator<Item = &'t str>) -> ActionSet {
        let mut set = self.empty();
        patterns.for_each(|pattern| self.expand(pattern, &mut set));
        set
    }
}

/// Whether the action of that name is one of a statement's.
fn matches(statement: &Statement<'_>, name: &str) -> Truth {
    let Some(element) = &statement.action else {
        return if statement.is_settled() { Truth::No } else { Truth::Maybe };
    };
    let is_match = |pattern: &str| {
        let known = pattern.split_once(':').is_some_and(|(service, _)| !has_wildcard(service));
        let all = !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*');
        all || known && glob_matches(pattern.as_bytes(), name.as_bytes())
    };
    let listed = element.items.iter().map(|item| match item.has_hole() {
        true => Truth::from(is_match(&hidden(item))).and(Truth::Maybe),
        false => Truth::from(is_match(&item.text)),
    });
    let listed = listed.fold(if element.complete { Truth::No } else { Truth::Maybe }, Truth::or);
    if element.negated { !listed } else { listed }
}

/// A text with any run of characters in place of each hole; all of it, if its service is not known.
fn hidden(text: &Text<'_>) -> String {
    let mut pattern = String::new();
    for (written, kind) in text.all_parts() {
        match kind {
            crate::policy::PartKind::Hole => pattern.push('*'),
            _ => pattern.push_str(written),
        }
    }
    let known = pattern.split_once(':').is_some_and(|(service, _)| !service.contains('*'));
    if known { pattern } else { "*".to_owned() }
}

/// What tells an action from all others: keys and roles decide for themselves who is let in, and some actions need no
/// policy.
fn apart<'c>(action: Action<'c>) -> &'c str {
    match (action.service().prefix(), action.name()) {
        ("sts", name @ ("AssumeRole" | "GetCallerIdentity" | "GetSessionToken")) => name,
        (service @ ("kms" | "sts"), _) => service,
        _ => "",
    }
}

fn of_patterns(patterns: &[&str], optional: bool, places: &Rc<[Place]>) -> Resources {
    let own = places::first(places);
    let usual = patterns.iter().map(|pattern| places::example_of(&own, pattern)).collect();
    let regional = |pattern: &&str| pattern.contains("${Region}").then(|| (*pattern).to_owned());
    let usually =
        patterns.iter().map(|pattern| Shape { language: places::like_example(&own, pattern), regional: None });
    let all = patterns
        .iter()
        .map(|pattern| Shape { language: places::anywhere(places, pattern), regional: regional(pattern) });
    Resources {
        star: optional,
        arns: !patterns.is_empty(),
        usual,
        shapes: usually.chain(all).collect(),
        places: Rc::clone(places),
    }
}

fn anything(service: &str, places: &Rc<[Place]>) -> Resources {
    let partition = places.first().map_or("aws", |place| &place.partition);
    let usual = vec![format!("arn:{partition}:{}:us-east-1:{ACCOUNT}:example", service.to_ascii_lowercase())];
    Resources { usual, shapes: Vec::new(), star: true, arns: true, places: Rc::clone(places) }
}

impl Class {
    /// These actions, none of which is known to work on anything in particular.
    pub(super) fn of_any_resource(self) -> Self {
        let resources = anything(self.first.split(':').next().unwrap_or(""), &self.resources.places);
        Self { resources, ..self }
    }

    /// These actions, and all that are like them but for what they work on: what is impossible for it is so for each.
    pub(super) fn of_whatever(self) -> Self {
        Self { bound: Vec::new(), is_any: true, ..self.of_any_resource() }
    }
}
