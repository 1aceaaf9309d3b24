//! What speaks for and against an object being a statement.

use super::super::placeholder::{is_sign, signed};
use super::super::text::first_mark;
use super::names::{Name, Spelling, name_of, nearly};
use crate::syntax::{Node, Value};

/// How a value fits the place it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Fit {
    /// There is no such member.
    #[default]
    Absent,
    /// Nothing else has it so.
    Fits,
    /// It is empty, half typed, or not known here.
    Open,
    /// It belongs to something else.
    Contrary,
}

/// What was seen in one object.
#[derive(Debug, Default)]
pub(super) struct Traits {
    /// `Effect`: `Allow` or `Deny`.
    pub(super) effect: Fit,
    /// `Action` or `NotAction`: a list of `service:Name`.
    pub(super) action: Fit,
    /// `Effect` and `Action` are both written as AWS writes them.
    pub(super) exact: bool,
    /// An action is written as AWS writes it (`s3:GetObject`), or a resource or principal is an ARN.
    pub(super) aws: bool,
    /// A resource or principal is an ARN.
    pub(super) arn: bool,
    /// A resource or action is of another system with the same grammar.
    pub(super) foreign: bool,
    /// It has Terraform's `actions` or `not_actions` in place of `Action`.
    pub(super) terraform: bool,
    /// An element's name begins as AWS writes it, with a capital.
    pub(super) capitalized: bool,
    /// How many elements it has, near misses left out.
    names: usize,
    /// It has an element whose name is seldom used for anything else.
    distinctive: bool,
    /// It has members at all.
    members: bool,
}

impl Traits {
    /// Reads the members of one object.
    pub(super) fn of(node: &Node<'_>) -> Self {
        let mut traits = Self::default();
        let (mut effect_exact, mut action_exact) = (false, false);
        for member in node.members().unwrap_or_default() {
            traits.members = true;
            traits.terraform |= matches!(&*member.key, "actions" | "not_actions");
            let Some((name, spelling)) = name_of(&member.key) else { continue };
            traits.capitalized |= member.key.starts_with(|first: char| first.is_ascii_uppercase());
            let well_spelt = spelling > Spelling::Near;
            traits.names += usize::from(well_spelt);
            traits.distinctive |= well_spelt
                && matches!(name, Name::Sid | Name::Effect | Name::NotAction | Name::NotResource | Name::NotPrincipal);
            match name {
                Name::Effect => {
                    traits.effect = effect_fit(&member.value);
                    effect_exact = spelling == Spelling::Exact;
                }
                Name::Action | Name::NotAction => {
                    traits.see_actions(&member.value);
                    action_exact = spelling == Spelling::Exact;
                }
                Name::Resource | Name::NotResource | Name::Principal | Name::NotPrincipal => {
                    traits.see_names_of_things(&member.value, 2);
                }
                _ => {}
            }
        }
        traits.exact = effect_exact && action_exact;
        traits
    }

    /// An effect and actions: a statement, and next to nothing else.
    pub(super) fn strong(&self) -> bool {
        self.effect == Fit::Fits && self.action == Fit::Fits
    }

    /// May be a statement that is being typed.
    pub(super) fn weak(&self) -> bool {
        !self.contrary() && (self.distinctive || self.names >= 2)
    }

    /// Cannot be a statement: it has members, and they say something else.
    pub(super) fn alien(&self) -> bool {
        self.contrary() || (self.members && self.names == 0 && self.effect == Fit::Absent)
    }

    /// A statement also where no document says that it is one.
    pub(super) fn stands_alone(&self) -> bool {
        let effect = self.effect == Fit::Fits || (self.exact && self.effect == Fit::Open && self.names >= 3);
        effect && self.action == Fit::Fits && self.aws && !self.terraform
    }

    /// May be a statement of its own that is being typed.
    pub(super) fn begins_alone(&self) -> bool {
        self.exact && !self.contrary() && (self.effect == Fit::Fits || self.action == Fit::Fits)
    }

    fn contrary(&self) -> bool {
        self.effect == Fit::Contrary || (self.action == Fit::Contrary && self.effect != Fit::Fits)
    }

    fn see_actions(&mut self, value: &Node<'_>) {
        let mut fit = Fit::Open;
        let mut stack_policy = false;
        let is_of_stack = |text: &str| {
            text.starts_with(['U', 'u']) && text.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("Update:"))
        };
        let mut see = |node: &Node<'_>| match &node.value {
            // A list may be long, and more of the same tells nothing new.
            Value::String(text) if fit == Fit::Fits && self.aws => stack_policy |= is_of_stack(text),
            Value::String(text) if service_action(text) => {
                fit = Fit::Fits;
                self.aws |= written_as_aws_does(text);
                stack_policy |= is_of_stack(text);
            }
            Value::String(text) if fit != Fit::Fits && !text.is_empty() => {
                // Half an action while typing, or another system's verb: `s3`, `read`.
                fit = Fit::Contrary;
            }
            Value::Object(members) if fit != Fit::Fits && !members.is_empty() && !is_intrinsic(node) => {
                fit = Fit::Contrary;
            }
            Value::Bool(_) | Value::Number(_) if fit != Fit::Fits => fit = Fit::Contrary,
            _ => {}
        };
        match value.elements() {
            Some(elements) => elements.iter().for_each(&mut see),
            None => see(value),
        }
        if self.action != Fit::Fits {
            self.action = fit;
        }
        // CloudFormation's stack policies use IAM's grammar for updates of a stack. IAM knows no service `Update`.
        self.foreign |= stack_policy;
    }

    /// `levels` is how deep lists and objects may hold names: a principal's object holds lists.
    fn see_names_of_things(&mut self, value: &Node<'_>, levels: usize) {
        match &value.value {
            Value::String(text) => {
                self.arn |= text.starts_with("arn:");
                self.aws |= self.arn;
                self.foreign |= FOREIGN_PREFIXES.iter().any(|prefix| text.starts_with(prefix));
            }
            Value::Array(elements) if levels > 0 => {
                elements.iter().for_each(|element| self.see_names_of_things(element, levels - 1));
            }
            Value::Object(members) if levels > 0 && !is_intrinsic(value) => {
                members.iter().for_each(|member| self.see_names_of_things(&member.value, levels - 1));
            }
            _ => {}
        }
    }
}

/// How other clouds that took over the grammar begin their resource names: Alibaba, Tencent, Volcengine, IBM,
/// Outscale, Huawei, Yandex.
const FOREIGN_PREFIXES: [&str; 7] = ["acs:", "qcs:", "trn:", "crn:", "orn:", "hrn:", "yrn:"];

fn effect_fit(value: &Node<'_>) -> Fit {
    match &value.value {
        Value::String(text) => {
            let is = |word: &str| text.eq_ignore_ascii_case(word);
            let begins = |word: &str| word.get(..text.len()).is_some_and(is);
            let misspelt = || text.len() > 3 && nearly(text, &["Allow", "Deny"]);
            if is("Allow") || is("Deny") {
                Fit::Fits
            } else if begins("Allow") || begins("Deny") || has_hole(text) || misspelt() {
                Fit::Open
            } else {
                Fit::Contrary
            }
        }
        Value::Missing | Value::Hole | Value::Null => Fit::Open,
        Value::Object(members) if members.is_empty() || is_intrinsic(value) => Fit::Open,
        _ => Fit::Contrary,
    }
}

/// `*`, `service:Name`, or text with a hole.
fn service_action(text: &str) -> bool {
    if text == "*" || has_hole(text) {
        return true;
    }
    text.split_once(':').is_some_and(|(service, name)| {
        let service_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*' | b'?');
        let name_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'?' | b'_' | b'-');
        !service.is_empty() && !name.is_empty() && service.bytes().all(service_byte) && name.bytes().all(name_byte)
    })
}

/// AWS writes services in lower case and actions with a capital; `posts:read` is somebody else's.
fn written_as_aws_does(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, name)| {
        !service.bytes().any(|byte| byte.is_ascii_uppercase())
            && name.starts_with(|first: char| first.is_ascii_uppercase() || matches!(first, '*' | '?'))
    })
}

/// Whether a string looks like a template's.
pub(super) fn has_hole(text: &str) -> bool {
    let bytes = text.as_bytes();
    first_mark(bytes).is_some_and(|first| {
        ["${", "{{", "%{", "<", "[["].iter().any(|open| text.contains(open))
            || (first..bytes.len()).any(|at| is_sign(bytes[at]) && signed(text, at).is_some())
    })
}

/// A CloudFormation function in place of a value.
pub(super) fn is_intrinsic(node: &Node<'_>) -> bool {
    matches!(node.members(), Some([member]) if member.key == "Ref" || member.key.starts_with("Fn::"))
}
