//! What the names of files, folders and keys say of the policies in them.

use crate::suggest::letters;

/// A kind of policy, as people name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Title {
    Scp,
    Rcp,
    /// What many call an SCP, and others other things.
    Guardrail,
    Boundary,
    Session,
    Endpoint,
    Trust,
    Resource,
    Identity,
}

/// Phrases of whole words; a `*` stands for the rest of a word. The more telling come first, since one name may hold
/// several: the SCPs in `service-control-policies-iam-policies` are SCPs.
const PHRASES: [(&[&str], Title); 33] = [
    (&["service", "control", "polic*"], Title::Scp),
    (&["servicecontrolpolic*"], Title::Scp),
    (&["scp"], Title::Scp),
    (&["scps"], Title::Scp),
    (&["resource", "control", "polic*"], Title::Rcp),
    (&["resourcecontrolpolic*"], Title::Rcp),
    (&["rcp"], Title::Rcp),
    (&["rcps"], Title::Rcp),
    (&["full", "aws", "access"], Title::Scp),
    (&["permission*", "boundar*"], Title::Boundary),
    (&["permissionsboundar*"], Title::Boundary),
    (&["permissionboundar*"], Title::Boundary),
    (&["boundary"], Title::Boundary),
    (&["session", "polic*"], Title::Session),
    (&["vpce"], Title::Endpoint),
    (&["vpc", "endpoint*"], Title::Endpoint),
    (&["endpoint*", "polic*"], Title::Endpoint),
    (&["trust"], Title::Trust),
    (&["trustpolic*"], Title::Trust),
    (&["trustrelationship*"], Title::Trust),
    (&["assume", "role*"], Title::Trust),
    (&["assumerole*"], Title::Trust),
    (&["resource", "polic*"], Title::Resource),
    (&["resource", "based"], Title::Resource),
    (&["bucket", "polic*"], Title::Resource),
    (&["key", "polic*"], Title::Resource),
    (&["guardrail"], Title::Guardrail),
    (&["guardrails"], Title::Guardrail),
    (&["organization*", "polic*"], Title::Guardrail),
    (&["identity", "polic*"], Title::Identity),
    (&["identity", "based"], Title::Identity),
    (&["iam", "polic*"], Title::Identity),
    (&["permission", "set*"], Title::Identity),
];

/// The letters of each phrase.
const LETTERS: [u32; PHRASES.len()] = {
    let mut needed = [0; PHRASES.len()];
    let mut at = 0;
    while at < needed.len() {
        let mut word = 0;
        while word < PHRASES[at].0.len() {
            needed[at] |= letters(PHRASES[at].0[word]);
            word += 1;
        }
        at += 1;
    }
    needed
};

/// What `name` says, the most telling first.
pub(super) fn of(name: &str) -> impl Iterator<Item = Title> {
    let letters = letters(name);
    // Of most names no phrase can be made, and then they need not be taken apart.
    let may_hold = move |of_phrase: &u32| of_phrase & !letters == 0;
    let words = if LETTERS.iter().any(may_hold) { words(name) } else { Vec::new() };
    let phrases = PHRASES.iter().zip(&LETTERS).filter(move |(_, letters)| may_hold(letters));
    phrases.filter(move |((phrase, _), _)| contains(&words, phrase)).map(|((_, title), _)| *title)
}

fn contains(words: &[&str], phrase: &[&str]) -> bool {
    words.windows(phrase.len()).any(|window| window.iter().zip(phrase).all(|(word, pattern)| fits(word, pattern)))
}

fn fits(word: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => word.get(..stem.len()).is_some_and(|head| head.eq_ignore_ascii_case(stem)),
        None => word.eq_ignore_ascii_case(pattern),
    }
}

/// The words of `deny_rootUser`, `SCPFullAccess` or `vpc-endpoint`.
fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for run in name.split(|letter: char| !letter.is_ascii_alphabetic()) {
        let bytes = run.as_bytes();
        let mut start = 0;
        for at in 1..bytes.len() {
            let (before, here) = (bytes[at - 1], bytes[at]);
            let ends_acronym = before.is_ascii_uppercase() && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            // A plural acronym stays whole: `SCPs`.
            let plural = bytes.get(at + 1) == Some(&b's') && bytes.get(at + 2).is_none_or(u8::is_ascii_uppercase);
            if here.is_ascii_uppercase() && (before.is_ascii_lowercase() || (ends_acronym && !plural)) {
                words.push(&run[start..at]);
                start = at;
            }
        }
        words.push(&run[start..]);
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_and_read() {
        #[track_caller]
        fn check(name: &str, expected: Option<Title>) {
            assert_eq!(of(name).next(), expected, "{name}: {:?}", words(name));
        }
        check("terraform_aws_scp", Some(Title::Scp));
        check("AWS SCPs", Some(Title::Scp));
        check("MySCPs", Some(Title::Scp));
        check("SCPDenyRoot.json", Some(Title::Scp));
        check("denyRootSCP.json", Some(Title::Scp));
        check("aws-service-control-policies__iam-policies", Some(Title::Scp));
        check("FullAWSAccess.json", Some(Title::Scp));
        check("RCPFullAWSAccess.json", Some(Title::Rcp));
        check("aws-organizations-policies", Some(Title::Guardrail));
        check("scpy", None);
        check("resource-control-policy-examples", Some(Title::Rcp));
        check("PermissionsBoundary2", Some(Title::Boundary));
        check("organization-boundaries", None);
        check("TrustedAdvisor", None);
        check("ec2-trust.json", Some(Title::Trust));
        check("AssumeRolePolicy", Some(Title::Trust));
        check("SharedVPCEndpointPolicy", Some(Title::Endpoint));
        check("iam-policies", Some(Title::Identity));
        check("", None);
    }
}
