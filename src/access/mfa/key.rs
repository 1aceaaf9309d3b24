//! The two condition keys that tell of MFA, in all the ways in which people write them.

use crate::policy::Condition;
use crate::suggest::distance_within;

/// A condition key that tells of MFA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MfaKey {
    /// `aws:MultiFactorAuthPresent`: absent with long-term access keys, else whether MFA was used.
    Present,
    /// `aws:MultiFactorAuthAge`: seconds since MFA was used; absent if it was not.
    Age,
}

impl MfaKey {
    /// The key as AWS writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "aws:MultiFactorAuthPresent",
            Self::Age => "aws:MultiFactorAuthAge",
        }
    }

    /// The key that `text` is, in whatever case.
    pub fn exact(text: &str) -> Option<Self> {
        [Self::Present, Self::Age].into_iter().find(|key| key.name().eq_ignore_ascii_case(text))
    }

    /// The key that `text` is, or was meant to be.
    pub fn meant(text: &str) -> Option<Self> {
        Self::exact(text).or_else(|| misspelt(text))
    }

    /// The key that a condition asks about, or was meant to.
    pub fn of(condition: &Condition<'_>) -> Option<Self> {
        Self::meant(condition.key)
    }
}

/// Names that are too far from the right one to be a slip of the finger, but cannot mean anything else.
const ALIASES: &[(&str, MfaKey)] = &[
    ("mfa", MfaKey::Present),
    ("mfapresent", MfaKey::Present),
    ("mfaauthpresent", MfaKey::Present),
    ("mfaauthenticated", MfaKey::Present),
    ("multifactor", MfaKey::Present),
    ("multifactorpresent", MfaKey::Present),
    ("multifactorauth", MfaKey::Present),
    ("multifactorauthenticated", MfaKey::Present),
    ("multifactorauthentication", MfaKey::Present),
    ("multifactorauthenticationpresent", MfaKey::Present),
    ("mfaage", MfaKey::Age),
    ("multifactorage", MfaKey::Age),
    ("mfaauthage", MfaKey::Age),
    ("multifactorauthenticationage", MfaKey::Age),
];

/// Names that are longer than any of them, with all that may be too much in them, are none.
const LONGEST: usize = 48;

fn misspelt(text: &str) -> Option<MfaKey> {
    // Nearly every key ends here.
    if text.len() > LONGEST || !text.bytes().any(|byte| byte.eq_ignore_ascii_case(&b'm')) {
        return None;
    }
    let folded = text.to_ascii_lowercase();
    let (prefix, name) = folded.split_once(':').unwrap_or(("aws", &folded));
    let name: String = name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
    // Another service's key may well be called `mfa`.
    if !matches!(prefix, "aws" | "iam" | "sts") || !name.contains('m') {
        return None;
    }
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, key)| *key);
    alias.or_else(|| {
        let close = |key: &MfaKey| distance_within(&name, &key.name()["aws:".len()..], 3).is_some();
        [MfaKey::Present, MfaKey::Age].into_iter().find(close)
    })
}

#[cfg(test)]
mod tests {
    use super::MfaKey::{self, Age, Present};

    #[test]
    fn keys_are_known_by_their_misspellings() {
        let check = |text: &str, meant: Option<MfaKey>| assert_eq!(MfaKey::meant(text), meant, "{text}");
        check("aws:MultiFactorAuthPresent", Some(Present));
        check("AWS:multifactorauthpresent", Some(Present));
        check("aws:MultiFactorAuthPresence", Some(Present));
        check("aws:MultifactorAuthenticationPresent", Some(Present));
        check("aws:MFAPresent", Some(Present));
        check("MultiFactorAuthPresent", Some(Present));
        check("iam:MultiFactorAuthAge", Some(Age));
        check("aws:MultiFactorAge", Some(Age));
        check("aws:MultiFactorPresent", Some(Present));
        check("aws:MultiFactorAuthaeg", Some(Age));
        check("aws:PrincipalTag/mfa", None);
        check("aws:SourceIp", None);
        check("aws:username", None);
        check("cognito:mfa", None);
        check("", None);
    }
}
