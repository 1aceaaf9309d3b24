//! What a template fixes, although it does not say to what: principals that it names, and values that it compares keys
//! with. A stranger is, by what the word means, none of those.

use crate::policy::{
    Base, Condition, Family, PartKind, Policy, Principal, PrincipalElement, Scalar, Statement, has_wildcard,
};

/// What holes are taken to be: nothing of a stranger's.
const FIXED: &str = "0fixed0";

/// The policy as it is for strangers; `None` if it fixes nothing that is not known.
pub(super) fn for_strangers<'t>(policy: &Policy<'t>) -> Option<Policy<'t>> {
    let fixes_value = |condition: &Condition<'_>| condition.values.iter().any(|value| is_fixed(condition, value));
    let fixes = |statement: &Statement<'_>| {
        let mut principals = statement.principal.iter().flat_map(|element| &element.items);
        principals.any(Principal::names_one) || statement.conditions.iter().any(fixes_value)
    };
    policy.statements.iter().any(fixes).then(|| {
        policy.with_statements(policy.statements.iter().map(|statement| {
            let mut statement = statement.clone();
            if let Some(PrincipalElement { items, .. }) = &mut statement.principal {
                items.retain(|item| !item.names_one());
            }
            for condition in &mut statement.conditions {
                let fixed: Vec<bool> = condition.values.iter().map(|value| is_fixed(condition, value)).collect();
                for (value, _) in condition.values.iter_mut().zip(fixed).filter(|(_, is_fixed)| *is_fixed) {
                    value.text = value.text.filled(|_| FIXED.to_owned());
                }
            }
            statement
        }))
    })
}

/// Whether a value with a hole is one all the same: it is compared as it is, or has no wildcard in what it begins with, up
/// to a slash.
fn is_fixed(condition: &Condition<'_>, value: &Scalar<'_>) -> bool {
    let Some(base) = condition.operator.map(|operator| operator.base) else { return false };
    let compares_literally = matches!(
        base,
        Base::StringEquals | Base::StringNotEquals | Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase
    );
    let known: String = value.text.filled(|_| FIXED.to_owned()).text.into_owned();
    let is_partly_known = value.text.all_parts().any(|(part, kind)| kind != PartKind::Hole && !part.is_empty());
    let is_plain_start = || {
        // Which ARNs with wildcards are a stranger's, their accounts say.
        let start = known.split('/').next().filter(|_| is_partly_known);
        start.is_some_and(|start| known.starts_with("arn:") || !has_wildcard(start))
    };
    let is_text = matches!(base.family(), Family::String | Family::Arn);
    is_text && value.text.has_hole() && (compares_literally || is_plain_start())
}
