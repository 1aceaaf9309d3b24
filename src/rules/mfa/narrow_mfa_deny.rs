//! A Deny without MFA that is weakened by another condition or a narrow resource.

use super::{is_general, spares_enrollment};
use crate::access::decide::{Answer, Credential};
use crate::access::mfa::{Judged, is_companion, other_conditions};
use crate::access::reach::is_everything;
use crate::access::{Escapes, without_mfa};
use crate::policy::{Condition, Element, Statement};
use crate::rule::{Context, Sink};

/// Reports each such Deny: what the other condition lets go, or how little the resource covers. Where other Denies stop
/// all of that, nothing is wrong.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut asked = None;
    for judged in cx.analysis.mfa().guards() {
        let deny = judged.statement;
        let weakening: Vec<&Condition<'_>> =
            other_conditions(deny).filter(|condition| weakens(condition, deny)).collect();
        if let Some((first, others)) = weakening.split_first() {
            let is_kept = |condition: &Condition<'_>| !weakening.iter().any(|own| own.key_span == condition.key_span);
            let Some(example) = example(asked.get_or_insert_with(|| Escapes::new(cx.policy)), judged, is_kept, true)
            else {
                continue;
            };
            let message = format!(
                "this Deny applies only where the condition on `{}` holds, too; all others go without MFA",
                first.key
            );
            let finding = sink.report(first.comparison_span(), message).label(example);
            for other in others {
                finding.related(other.comparison_span(), "and where this does");
            }
            continue;
        }
        if let Some(resource) = narrow_resource(deny) {
            let Some(example) = example(asked.get_or_insert_with(|| Escapes::new(cx.policy)), judged, |_| true, false)
            else {
                continue;
            };
            let message = "this Deny covers only these resources; everything else can be reached without MFA";
            let help = "deny on `*`, with a `NotAction` for what must stay possible";
            sink.report(resource.span, message).label(example).help(help);
        }
    }
}

/// Whether another condition or its resource makes the Deny cover less than it is meant to.
pub(super) fn is_narrow(deny: &Statement<'_>) -> bool {
    other_conditions(deny).any(|condition| weakens(condition, deny)) || narrow_resource(deny).is_some()
}

/// The resource of a Deny of nearly everything, where it is less than everything.
fn narrow_resource<'s, 'a>(deny: &'s Statement<'a>) -> Option<&'s Element<'a>> {
    let resource = deny.resource.as_ref().filter(|resource| resource.complete)?;
    let narrow = is_general(deny) && !resource.negated && !is_everything(resource);
    (narrow && !resource.items.iter().any(|item| item.has_hole())).then_some(resource)
}

/// A request without MFA that the Deny would stop if it were as wide as it is meant to be, in words; `None` where the
/// Denies together stop them all, or where there are too many to find out, and no words where that cannot be told.
fn example<'a>(
    escapes: &mut Escapes<'a>,
    judged: &Judged<'a>,
    kept: impl Fn(&Condition<'_>) -> bool,
    held_to_resources: bool,
) -> Option<String> {
    // To go through all actions takes long. For a Deny of nearly all, these are as good as any to show a gap.
    let samples = ["s3:GetObject", "iam:DeactivateMFADevice", "ec2:TerminateInstances"];
    let deny = judged.statement;
    let items = deny.action.iter().flat_map(|element| &element.items).map(|item| &*item.text);
    let mut question = without_mfa(&if is_general(deny) { samples.to_vec() } else { items.collect() });
    question.credentials.retain(|credential| *credential != Credential::RoleSession);
    match escapes.of(deny, kept, held_to_resources, &question)? {
        Answer::Possible(witness) => Some(format!("for example: {witness}")),
        Answer::Unknown(_) => Some(String::new()),
        Answer::Impossible(_) => None,
    }
}

/// Whether the condition spares callers who could have used MFA. On a Deny of a few actions a condition may well
/// choose what it is about; only one on where the caller is, or when, is sure to weaken it.
fn weakens(condition: &Condition<'_>, deny: &Statement<'_>) -> bool {
    const CALLER: &[&str] = &[
        "aws:SourceIp",
        "aws:VpcSourceIp",
        "aws:SourceVpc",
        "aws:SourceVpce",
        "aws:UserAgent",
        "aws:Referer",
        "aws:CurrentTime",
        "aws:EpochTime",
    ];
    let about_caller = CALLER.iter().any(|key| key.eq_ignore_ascii_case(condition.key));
    !is_companion(condition) && condition.key_known && (about_caller || spares_or_all(deny))
}

fn spares_or_all(deny: &Statement<'_>) -> bool {
    is_general(deny) && deny.action.as_ref().is_some_and(|element| is_everything(element) || spares_enrollment(element))
}
