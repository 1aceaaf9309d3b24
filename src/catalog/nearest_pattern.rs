//! "Did you mean", for patterns that no action matches.

use super::entry::Service;
use super::lookup::Catalog;
use crate::suggest::{nearest, words};
use std::collections::BTreeSet;

impl Catalog {
    /// The pattern that was meant by one with stars that matches no action of the service: one run of letters of it is
    /// replaced by the words of actions which is nearest, so that the pattern matches (`kms:ReEncrypt*` for
    /// `ReEncryppt*`). `None` for a service that is not known, and where nothing is near.
    pub fn nearest_pattern(&self, service: &str, name: &str) -> Option<String> {
        const LONGEST: usize = 96;
        const MOST_PIECES: usize = 5;
        if name.len() > LONGEST || name.contains('?') {
            return None;
        }
        let service = self.service(service)?;
        let pieces: Vec<&str> = name.split('*').collect();
        if !(2..=MOST_PIECES).contains(&pieces.len()) {
            return None;
        }
        (0..pieces.len()).find_map(|at| mend(service, &pieces, at)).map(|pattern| format!("{service}:{pattern}"))
    }
}

/// The pattern with its piece at `at` exchanged for what was meant by it.
fn mend(service: Service<'_>, pieces: &[&str], at: usize) -> Option<String> {
    const SHORTEST: usize = 3;
    /// No slip is farther.
    const MOST_EDITS: usize = 3;
    let piece = pieces[at];
    if piece.len() < SHORTEST {
        return None;
    }
    let with = |other: &str| {
        let mut pieces = pieces.to_vec();
        pieces[at] = other;
        pieces.join("*")
    };
    let mut candidates = BTreeSet::new();
    for action in service.expand(&with("*")) {
        let words = words(action.name());
        let (first, last) = (at == 0, at + 1 == pieces.len());
        for start in (0..words.len()).take(if first { 1 } else { words.len() }) {
            let ends = if last { words.len()..=words.len() } else { start + 1..=words.len() };
            // Most are of another length, and need not be written out.
            let length = |end: &usize| words[start..*end].iter().map(|word| word.len()).sum::<usize>();
            let is_near = |end: &usize| length(end).abs_diff(piece.len()) <= MOST_EDITS;
            candidates.extend(ends.filter(is_near).map(|end| words[start..end].concat()));
        }
    }
    let meant = nearest(piece, candidates.iter().map(String::as_str))?;
    Some(with(meant)).filter(|pattern| service.expand(pattern).next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(service: &str, name: &str, expect: Option<&str>) {
        assert_eq!(Catalog::builtin().nearest_pattern(service, name).as_deref(), expect, "{service}:{name}");
    }

    #[test]
    fn patterns() {
        check("ec2", "Decribe*", Some("ec2:Describe*"));
        check("kms", "GenerateDaataKey*", Some("kms:GenerateDataKey*"));
        check("kms", "ReEncryppt*", Some("kms:ReEncrypt*"));
        check("s3", "PutObjct*", Some("s3:PutObject*"));
        check("s3", "*Objct", Some("s3:*Object"));
        check("s3", "Get*Objct", Some("s3:Get*Object"));
        check("s3", "Get*Objct*", Some("s3:Get*Object*"));
        check("ec2", "*Instnces", Some("ec2:*Instances"));
        check("dynamodb", "*Itm", Some("dynamodb:*Item"));
        check("iam", "*MAF*", Some("iam:*MFA*"));
        check("iam", "*Zzzzzzzz*", None);
        check("iam", "Ge?Usr*", None);
        check("nosuch", "Get*", None);
        check("iam", &"a*".repeat(60_000), None);
    }
}
