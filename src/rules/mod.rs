//! The native checks: a folder per group, a file per rule, and the register of all built-in rules.

pub mod actions;
pub mod conditions;
pub mod logic;
pub mod mfa;
pub mod resources;
pub mod policy;
pub mod syntax;

use crate::rule::{Check, Decision, FileCheck};

/// A built-in rule: its page, and how it decides.
pub struct Builtin {
    /// The page's path below `rules/`, without `.md`: the group and the id.
    pub path: &'static str,
    /// The page.
    pub page: &'static str,
    /// How it decides.
    pub decision: Decision,
}

const fn native(path: &'static str, page: &'static str, check: Check) -> Builtin {
    Builtin { path, page, decision: Decision::Policy(check) }
}

const fn of_file(path: &'static str, page: &'static str, check: FileCheck) -> Builtin {
    Builtin { path, page, decision: Decision::File(check) }
}

/// Every built-in rule, sorted by path.
#[rustfmt::skip] // One rule, one line.
pub static BUILTIN: &[Builtin] = &[
    native("actions/action-matches-nothing", include_str!("../../rules/actions/action-matches-nothing.md"), actions::action_matches_nothing::check),
    native("actions/duplicate-action", include_str!("../../rules/actions/duplicate-action.md"), actions::duplicate_action::check),
    native("actions/malformed-action", include_str!("../../rules/actions/malformed-action.md"), actions::malformed_action::check),
    native("actions/missing-dependent-action", include_str!("../../rules/actions/missing-dependent-action.md"), actions::missing_dependent_action::check),
    native("actions/redundant-action", include_str!("../../rules/actions/redundant-action.md"), actions::redundant_action::check),
    native("actions/retired-action", include_str!("../../rules/actions/retired-action.md"), actions::retired_action::check),
    native("actions/unknown-action", include_str!("../../rules/actions/unknown-action.md"), actions::unknown_action::check),
    native("actions/unknown-service", include_str!("../../rules/actions/unknown-service.md"), actions::unknown_service::check),
    native("actions/wildcard-in-service-prefix", include_str!("../../rules/actions/wildcard-in-service-prefix.md"), actions::wildcard_in_service_prefix::check),
    native("conditions/condition-key-not-supported", include_str!("../../rules/conditions/condition-key-not-supported.md"), conditions::condition_key_not_supported::check),
    native("conditions/invalid-condition-value", include_str!("../../rules/conditions/invalid-condition-value.md"), conditions::invalid_condition_value::check),
    native("conditions/mismatched-operator-type", include_str!("../../rules/conditions/mismatched-operator-type.md"), conditions::mismatched_operator_type::check),
    native("conditions/missing-set-operator", include_str!("../../rules/conditions/missing-set-operator.md"), conditions::missing_set_operator::check),
    native("conditions/set-operator-on-single-valued-key", include_str!("../../rules/conditions/set-operator-on-single-valued-key.md"), conditions::set_operator_on_single_valued_key::check),
    native("conditions/unknown-condition-key", include_str!("../../rules/conditions/unknown-condition-key.md"), conditions::unknown_condition_key::check),
    native("conditions/unknown-condition-operator", include_str!("../../rules/conditions/unknown-condition-operator.md"), conditions::unknown_condition_operator::check),
    native("conditions/variable-in-old-version", include_str!("../../rules/conditions/variable-in-old-version.md"), conditions::variable_in_old_version::check),
    native("conditions/wildcard-without-like", include_str!("../../rules/conditions/wildcard-without-like.md"), conditions::wildcard_without_like::check),
    native("logic/condition-without-effect", include_str!("../../rules/logic/condition-without-effect.md"), logic::condition_without_effect::check),
    native("logic/confused-deputy", include_str!("../../rules/logic/confused-deputy.md"), logic::confused_deputy::check),
    native("logic/contradictory-conditions", include_str!("../../rules/logic/contradictory-conditions.md"), logic::contradictory_conditions::check),
    native("logic/cross-account-access", include_str!("../../rules/logic/cross-account-access.md"), logic::cross_account_access::check),
    native("logic/dead-allow", include_str!("../../rules/logic/dead-allow.md"), logic::dead_allow::check),
    native("logic/public-access", include_str!("../../rules/logic/public-access.md"), logic::public_access::check),
    native("logic/redundant-statement", include_str!("../../rules/logic/redundant-statement.md"), logic::redundant_statement::check),
    native("mfa/deactivate-mfa-without-mfa", include_str!("../../rules/mfa/deactivate-mfa-without-mfa.md"), mfa::deactivate_mfa_without_mfa::check),
    native("mfa/delete-virtual-mfa-without-mfa", include_str!("../../rules/mfa/delete-virtual-mfa-without-mfa.md"), mfa::delete_virtual_mfa_without_mfa::check),
    native("mfa/ineffective-mfa-condition", include_str!("../../rules/mfa/ineffective-mfa-condition.md"), mfa::ineffective_mfa_condition::check),
    native("mfa/inverted-mfa-condition", include_str!("../../rules/mfa/inverted-mfa-condition.md"), mfa::inverted_mfa_condition::check),
    native("mfa/mfa-allow-admits-access-keys", include_str!("../../rules/mfa/mfa-allow-admits-access-keys.md"), mfa::mfa_allow_admits_access_keys::check),
    native("mfa/mfa-allow-admits-sessions", include_str!("../../rules/mfa/mfa-allow-admits-sessions.md"), mfa::mfa_allow_admits_sessions::check),
    native("mfa/mfa-condition-never-met", include_str!("../../rules/mfa/mfa-condition-never-met.md"), mfa::mfa_condition_never_met::check),
    native("mfa/mfa-deny-blocks-enrollment", include_str!("../../rules/mfa/mfa-deny-blocks-enrollment.md"), mfa::mfa_deny_blocks_enrollment::check),
    native("mfa/mfa-deny-exempts-enrollment", include_str!("../../rules/mfa/mfa-deny-exempts-enrollment.md"), mfa::mfa_deny_exempts_enrollment::check),
    native("mfa/mfa-deny-exempts-privileged-action", include_str!("../../rules/mfa/mfa-deny-exempts-privileged-action.md"), mfa::mfa_deny_exempts_privileged_action::check),
    native("mfa/mfa-deny-misses-access-keys", include_str!("../../rules/mfa/mfa-deny-misses-access-keys.md"), mfa::mfa_deny_misses_access_keys::check),
    native("mfa/mfa-deny-misses-sessions", include_str!("../../rules/mfa/mfa-deny-misses-sessions.md"), mfa::mfa_deny_misses_sessions::check),
    native("mfa/mfa-deny-omits-session-token", include_str!("../../rules/mfa/mfa-deny-omits-session-token.md"), mfa::mfa_deny_omits_session_token::check),
    native("mfa/mfa-device-of-others", include_str!("../../rules/mfa/mfa-device-of-others.md"), mfa::mfa_device_of_others::check),
    native("mfa/missing-deny-without-mfa", include_str!("../../rules/mfa/missing-deny-without-mfa.md"), mfa::missing_deny_without_mfa::check),
    native("mfa/narrow-mfa-deny", include_str!("../../rules/mfa/narrow-mfa-deny.md"), mfa::narrow_mfa_deny::check),
    native("mfa/unconditional-mfa-deny", include_str!("../../rules/mfa/unconditional-mfa-deny.md"), mfa::unconditional_mfa_deny::check),
    native("mfa/wildcard-grants-mfa-removal", include_str!("../../rules/mfa/wildcard-grants-mfa-removal.md"), mfa::wildcard_grants_mfa_removal::check),
    native("policy/duplicate-sid", include_str!("../../rules/policy/duplicate-sid.md"), policy::duplicate_sid::check),
    native("policy/empty-list", include_str!("../../rules/policy/empty-list.md"), policy::empty_list::check),
    native("policy/invalid-effect", include_str!("../../rules/policy/invalid-effect.md"), policy::invalid_effect::check),
    native("policy/invalid-version", include_str!("../../rules/policy/invalid-version.md"), policy::invalid_version::check),
    native(
        "policy/mismatched-element-type",
        include_str!("../../rules/policy/mismatched-element-type.md"),
        policy::mismatched_element_type::check,
    ),
    native("policy/missing-effect", include_str!("../../rules/policy/missing-effect.md"), policy::missing_effect::check),
    native("policy/missing-element", include_str!("../../rules/policy/missing-element.md"), policy::missing_element::check),
    native("policy/missing-version", include_str!("../../rules/policy/missing-version.md"), policy::missing_version::check),
    native("policy/unknown-element", include_str!("../../rules/policy/unknown-element.md"), policy::unknown_element::check),
    native("policy/unsupported-element-combination", include_str!("../../rules/policy/unsupported-element-combination.md"), policy::unsupported_element_combination::check),
    native("resources/action-needs-star", include_str!("../../rules/resources/action-needs-star.md"), resources::action_needs_star::check),
    native("resources/action-without-resource", include_str!("../../rules/resources/action-without-resource.md"), resources::action_without_resource::check),
    native("resources/arn-account-not-allowed", include_str!("../../rules/resources/arn-account-not-allowed.md"), resources::arn_account_not_allowed::check),
    native("resources/arn-invalid-account", include_str!("../../rules/resources/arn-invalid-account.md"), resources::arn_invalid_account::check),
    native("resources/arn-missing-account", include_str!("../../rules/resources/arn-missing-account.md"), resources::arn_missing_account::check),
    native("resources/arn-missing-region", include_str!("../../rules/resources/arn-missing-region.md"), resources::arn_missing_region::check),
    native("resources/arn-region-not-allowed", include_str!("../../rules/resources/arn-region-not-allowed.md"), resources::arn_region_not_allowed::check),
    native("resources/arn-unknown-partition", include_str!("../../rules/resources/arn-unknown-partition.md"), resources::arn_unknown_partition::check),
    native("resources/arn-unknown-region", include_str!("../../rules/resources/arn-unknown-region.md"), resources::arn_unknown_region::check),
    native("resources/arn-unknown-service", include_str!("../../rules/resources/arn-unknown-service.md"), resources::arn_unknown_service::check),
    native("resources/malformed-arn", include_str!("../../rules/resources/malformed-arn.md"), resources::malformed_arn::check),
    native("resources/resource-not-supported", include_str!("../../rules/resources/resource-not-supported.md"), resources::resource_not_supported::check),
    of_file("syntax/duplicate-key", include_str!("../../rules/syntax/duplicate-key.md"), syntax::duplicate_key::check),
    of_file("syntax/invalid-json", include_str!("../../rules/syntax/invalid-json.md"), syntax::invalid_json::check),
];
