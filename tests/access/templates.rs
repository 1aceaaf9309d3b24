//! Two versions of a template: the same hole in both is filled in alike, and another is not.

use crate::support::policy;
use iam_lint::access::compare;
use iam_lint::access::decide::{Question, Realism};
use iam_lint::policy::Truth;

const READ: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${var.b}/*"}"#;
const OF_OTHER: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${var.c}/*"}"#;
const REF: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":{"Ref":"Bucket"}}"#;
const LIST: &str = r#"{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}"#;
const FENCE: &str = r#"{"Effect":"Deny","Action":"sqs:*","Resource":"arn:aws:sqs:*:${account}:*"}"#;
const UNTAGGED: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*",
    "Condition":{"StringEquals":{"aws:PrincipalTag/team":"{{ team }}"}}}"#;

#[test]
fn what_is_not_changed_adds_nothing_whatever_is_filled_in() {
    use Truth::{Maybe, No, Yes};
    let both = |statements: [&str; 2]| statements.join(",");
    for (old, new, added, lost) in [
        (READ.to_owned(), READ.to_owned(), No, No),
        (READ.to_owned(), READ.replace(":\"", ": \""), No, No),
        (READ.to_owned(), OF_OTHER.to_owned(), Maybe, Maybe),
        (REF.to_owned(), REF.to_owned(), No, No),
        (REF.to_owned(), REF.replace("Bucket", "Other"), Maybe, Maybe),
        (UNTAGGED.to_owned(), UNTAGGED.to_owned(), No, No),
        (both([READ, REF]), both([REF, READ]), No, No),
        (READ.to_owned(), both([READ, LIST]), Yes, No),
        (LIST.to_owned(), both([LIST, READ]), Maybe, No),
        (both([LIST, FENCE]), both([FENCE, LIST]), No, No),
        (both([LIST, FENCE]), LIST.to_owned(), Maybe, No),
        // What an expression that stands by itself or a directive says is not known.
        (both([READ, "${more}"]), both(["${more}", READ]), Maybe, Maybe),
        ("%{ if x }{},%{ endif }".replace("{}", READ) + LIST, both([READ, LIST]), Maybe, Maybe),
    ] {
        let [old, new] = [old, new].map(|one| policy(&format!(r#"{{"Version":"2012-10-17","Statement":[{one}]}}"#)));
        let question = Question { realism: Realism::Anything, ..Question::default() };
        let found = compare(old, new, &question);
        let case = format!("{:?}\n{:?}", old.node, new.node);
        assert_eq!((found.added.truth(), found.lost.truth()), (added, lost), "{case}\n{found:?}");
    }
}
