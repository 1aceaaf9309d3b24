//! Whether a node is a policy.
//!
//! The grammar of IAM has been taken over by others (Alibaba's RAM, Tencent's CAM, CloudFormation's stack policies,
//! Terraform's plan of an `aws_iam_policy_document`), and each of its words is common (`Statement` in AWS WAF, `effect`
//! in Cedar and Kubernetes). No single word decides; what stands beside it does.

use super::names::{Name, Spelling, is_statement, name_of};
use super::place::{Place, Step};
use super::statement::{Traits, has_hole, is_intrinsic};
use crate::syntax::{Member, Node, Value};

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A policy document.
    Document,
    /// Statements without a document.
    Statements,
    /// A policy of another system. What is in it is not looked at.
    Foreign,
    /// Neither; a part of it may be.
    Nothing,
}

/// The member of a document that holds its statements: `Statement`, perhaps misspelt, or the one list or object that
/// stands beside the version, whatever it is called.
pub fn statement_list<'t>(members: &'t [Member<'t>]) -> Option<&'t Member<'t>> {
    let other = || {
        let is_head = |member: &&Member<'_>| matches!(name_of(&member.key), Some((Name::Version | Name::Id, _)));
        let mut others = members.iter().filter(|member| !is_head(member));
        let only = others.next().filter(|_| others.next().is_none())?;
        let is_list = matches!(only.value.value, Value::Array(_) | Value::Object(_));
        let has_version = || members.iter().any(|member| member.key == "Version");
        (is_list && has_version()).then_some(only)
    };
    members.iter().find(|member| is_statement(&member.key)).or_else(other)
}

/// What the node at `place` is.
pub(super) fn judge(place: &Place<'_, '_>) -> Verdict {
    match &place.node.value {
        Value::Object(members) => judge_object(place, members),
        Value::Array(elements) => judge_array(place, elements),
        _ => Verdict::Nothing,
    }
}

fn judge_object(place: &Place<'_, '_>, members: &[Member<'_>]) -> Verdict {
    let (mut statement, mut version, mut effect) = (None, None, false);
    for member in members {
        match name_of(&member.key) {
            Some((Name::Statement, spelling)) if statement.is_none_or(|(_, best)| best < spelling) => {
                statement = Some((member, spelling));
            }
            Some((Name::Version, spelling)) if version.is_none_or(|(_, best)| best < spelling) => {
                version = Some((member, spelling));
            }
            Some((Name::Effect, _)) => effect = true,
            _ => {}
        }
    }
    let language = version.map_or(Language::Absent, |(member, _)| Language::of(&member.value));
    if let Some((member, spelling)) = statement.filter(|(_, spelling)| !is_serverless_role(place, *spelling)) {
        let is_capital = |named: &Member<'_>| named.key.starts_with(|first: char| first.is_ascii_uppercase());
        let capitalized = is_capital(member) || version.is_some_and(|(version, _)| is_capital(version));
        let mut tally = Tally { capitalized, ..Tally::default() };
        tally.add(&member.value);
        return judge_document(place, members, &tally, spelling, language);
    }
    if effect {
        let traits = Traits::of(place.node);
        if traits.foreign && !traits.arn {
            return Verdict::Foreign;
        }
        let is_of_aws = traits.capitalized || is_awaited(place);
        if (is_of_aws && traits.stands_alone()) || (at_top(place) && traits.begins_alone()) {
            return Verdict::Statements;
        }
    }
    let versioned = language == Language::Aws && version.is_some_and(|(_, spelling)| spelling == Spelling::Exact);
    let begun = || members.iter().all(|member| begins_document(&member.key));
    if versioned && (begun() || statement_list(members).is_some_and(|list| holds_statements(&list.value))) {
        Verdict::Document
    } else {
        Verdict::Nothing
    }
}

/// Whether it is the role of the Serverless Framework's `provider.iam`. Its `statements` are statements of IAM, of which
/// the framework makes a document with the names that IAM has.
fn is_serverless_role(place: &Place<'_, '_>, spelling: Spelling) -> bool {
    let mut steps = place.outward().map(|place| place.step);
    spelling != Spelling::Exact
        && matches!((steps.next(), steps.next()), (Some(Step::Key("role")), Some(Step::Key("iam"))))
}

/// Whether statements of AWS stand there, and nothing else.
fn holds_statements(list: &Node<'_>) -> bool {
    let mut tally = Tally::default();
    tally.add(list);
    tally.strong > 0 && tally.aws && tally.alien == 0 && !tally.foreign && !tally.terraform
}

fn judge_document(
    place: &Place<'_, '_>,
    members: &[Member<'_>],
    tally: &Tally,
    spelling: Spelling,
    language: Language,
) -> Verdict {
    // Terraform's own form of a statement, as plans and `.tf.json` have it, is no policy: it has other elements.
    let is_lower_case = !tally.empty() && !tally.capitalized;
    if tally.terraform && (spelling == Spelling::Folded || is_lower_case) {
        return Verdict::Nothing;
    }
    let of_another = (tally.foreign || language == Language::Other) && !tally.arn;
    if of_another || (is_lower_case && !is_awaited(place)) {
        return if tally.strong > 0 { Verdict::Foreign } else { Verdict::Nothing };
    }
    let versioned = matches!(language, Language::Aws | Language::Dated);
    let document = match spelling {
        Spelling::Exact => {
            tally.strong > 0
                || tally.weak > 0
                || (versioned && tally.alien == 0)
                || language == Language::Aws
                || (tally.empty()
                    && members.iter().all(|member| begins_document(&member.key))
                    && (at_top(place) || under_policy_key(place)))
        }
        Spelling::Folded => (tally.strong > 0 && tally.aws) || (versioned && tally.alien == 0),
        Spelling::Near => (tally.strong > 0 && tally.aws) || (language == Language::Aws && tally.alien == 0),
    };
    if document { Verdict::Document } else { Verdict::Nothing }
}

fn judge_array(place: &Place<'_, '_>, elements: &[Node<'_>]) -> Verdict {
    // The elements of most arrays are no objects with an effect; the first one tells.
    let effect = |node: &Node<'_>| {
        let members = node.members().unwrap_or_default();
        members.iter().any(|member| matches!(name_of(&member.key), Some((Name::Effect | Name::Sid, _))))
    };
    if !elements.iter().find(|node| matches!(node.value, Value::Object(_))).is_some_and(effect) {
        return Verdict::Nothing;
    }
    let is_awaited = is_awaited(place);
    let (mut statements, mut foreign) = (0, false);
    for element in elements {
        match &element.value {
            Value::Object(_) if is_intrinsic(element) => {}
            Value::Object(_) => {
                let traits = Traits::of(element);
                if traits.alien() || traits.terraform {
                    return Verdict::Nothing;
                }
                foreign |= traits.foreign && !traits.arn;
                let is_of_aws = traits.capitalized || is_awaited;
                statements +=
                    usize::from((is_of_aws && traits.stands_alone()) || (at_top(place) && traits.begins_alone()));
            }
            Value::Missing | Value::Hole | Value::Null => {}
            Value::String(text) if text.is_empty() || has_hole(text) => {}
            _ => return Verdict::Nothing,
        }
    }
    match (statements, foreign) {
        (_, true) => Verdict::Foreign,
        (0, _) => Verdict::Nothing,
        _ => Verdict::Statements,
    }
}

/// What `Version` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Absent,
    /// One of the two that exist.
    Aws,
    /// Some other date, or its beginning.
    Dated,
    /// Empty, or not known here.
    Open,
    /// No date: another system's, unless its resources are AWS's.
    Other,
}

impl Language {
    fn of(value: &Node<'_>) -> Self {
        match &value.value {
            Value::String(text) => match text.trim() {
                "2012-10-17" | "2008-10-17" => Self::Aws,
                "" => Self::Open,
                text if has_hole(text) => Self::Open,
                text if begins_with_year(text) => Self::Dated,
                _ => Self::Other,
            },
            // Other systems count their versions, too, but none answers yes or no.
            Value::Missing | Value::Hole | Value::Null | Value::Bool(_) => Self::Open,
            Value::Object(_) if is_intrinsic(value) => Self::Open,
            Value::Number(text) if begins_with_year(text) => Self::Dated,
            _ => Self::Other,
        }
    }
}

fn begins_with_year(text: &str) -> bool {
    text.len() >= 4 && text.bytes().take(4).all(|byte| byte.is_ascii_digit())
}

/// What a `Statement` holds, all of its elements together.
#[derive(Debug, Default)]
struct Tally {
    strong: usize,
    weak: usize,
    alien: usize,
    aws: bool,
    arn: bool,
    foreign: bool,
    terraform: bool,
    /// A name begins with a capital.
    capitalized: bool,
}

impl Tally {
    fn empty(&self) -> bool {
        self.strong + self.weak + self.alien == 0
    }

    /// Lists, and the branches of CloudFormation's functions, are looked into.
    fn add(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Array(elements) => elements.iter().for_each(|element| self.add(element)),
            Value::Object(members) if is_intrinsic(node) => {
                for branch in members.iter().filter_map(|member| member.value.elements()).flatten() {
                    if matches!(branch.value, Value::Object(_) | Value::Array(_)) {
                        self.add(branch);
                    }
                }
            }
            Value::Object(_) => {
                let traits = Traits::of(node);
                self.strong += usize::from(traits.strong());
                self.weak += usize::from(traits.weak());
                self.alien += usize::from(traits.alien());
                self.aws |= traits.aws;
                self.arn |= traits.arn;
                self.foreign |= traits.foreign;
                self.terraform |= traits.terraform;
                self.capitalized |= traits.capitalized;
            }
            Value::String(text) if !text.is_empty() && !has_hole(text) => self.alien += 1,
            Value::Bool(_) | Value::Number(_) => self.alien += 1,
            _ => {}
        }
    }
}

/// A document's root, or an element of the list that is the root.
fn at_top(place: &Place<'_, '_>) -> bool {
    place.outward().all(|place| !matches!(place.step, Step::Key(_)))
}

/// Whether a policy may be meant there though every name in it is in lower case. Elsewhere that is how tools write the
/// policies that they make, and the names that IAM has are theirs to put in.
fn is_awaited(place: &Place<'_, '_>) -> bool {
    let is_key_of_aws = || place.key().is_some_and(|key| key.starts_with(|first: char| first.is_ascii_uppercase()));
    at_top(place) || (under_policy_key(place) && is_key_of_aws())
}

/// The keys under which AWS's own formats keep a document.
fn under_policy_key(place: &Place<'_, '_>) -> bool {
    place.key().is_some_and(|key| key.ends_with("PolicyDocument") || key.ends_with("Policy"))
}

/// Whether a key may stand in a document of which little is typed yet.
fn begins_document(key: &str) -> bool {
    matches!(name_of(key), Some((Name::Version | Name::Id | Name::Statement, _)))
        || "Statement".get(..key.len()).is_some_and(|head| head.eq_ignore_ascii_case(key))
}
