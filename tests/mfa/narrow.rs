//! Denies that cover less than they are meant to, and those that together cover all of it.

use super::*;

#[test]
fn two_narrow_denies_may_cover_everything() {
    let deny = |office: &str| {
        format!(
            r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{{},"{office}":{{"aws:SourceIp":"192.0.2.0/24"}}}}}}"#,
            present("BoolIfExists", "false")
        )
    };
    let narrow = |statements: &str| {
        let found = findings(&policy(statements), Severity::Warning, false);
        found.iter().filter(|line| line.starts_with("narrow-mfa-deny")).count()
    };
    assert_eq!(narrow(&deny("NotIpAddress")), 1);
    assert_eq!(narrow(&format!("{},{}", deny("NotIpAddress"), deny("IpAddress"))), 0);
}

/// Denies of nearly everything on a bucket each, all with `rest` in their conditions.
fn denies_by_bucket(count: usize, rest: impl Fn(usize) -> String) -> String {
    let deny = |number: usize| {
        let (mfa, rest) = (present("BoolIfExists", "false"), rest(number));
        format!(
            r#"{{"Effect":"Deny","NotAction":"iam:ChangePassword","Resource":"arn:aws:s3:::b{number}/*","Condition":{{{mfa}{rest}}}}}"#
        )
    };
    (0..count).map(deny).collect::<Vec<_>>().join(",")
}

#[test]
fn each_of_many_narrow_denies_is_found() {
    let found = findings(&policy(&denies_by_bucket(800, |_| String::new())), Severity::Warning, false);
    assert_eq!(found.iter().filter(|line| line.starts_with("narrow-mfa-deny")).count(), 800);
    // Here each is a question of its own, and with so many there is no time for all.
    let tag = |number| format!(r#","StringLike":{{"aws:PrincipalTag/t":"a{number}*"}}"#);
    let found = findings(&policy(&denies_by_bucket(900, tag)), Severity::Warning, false);
    let narrow = found.iter().filter(|line| line.starts_with("narrow-mfa-deny")).count();
    assert!((1..900).contains(&narrow), "{narrow}");
}

#[test]
fn narrow_denies_are_one_question_only_where_they_are_meant_for_the_same() {
    let deny = |spared: &str, bucket: &str| {
        let mfa = present("BoolIfExists", "false");
        format!(
            r#"{{"Effect":"Deny","NotAction":{spared},"Resource":"arn:aws:s3:::{bucket}/*","Condition":{{{mfa}}}}}"#
        )
    };
    let (few, nearly_all) = (r#""iam:ChangePassword""#, r#"["s3:*","ec2:*","iam:Dea*","iam:Get*"]"#);
    let statements = [deny(few, "a"), deny(nearly_all, "b"), deny(few, "c")].join(",");
    let found = findings(&policy(&statements), Severity::Warning, false);
    let narrow: Vec<&String> = found.iter().filter(|line| line.starts_with("narrow-mfa-deny")).collect();
    assert_eq!(narrow, [r#"narrow-mfa-deny "arn:aws:s3:::a/*""#, r#"narrow-mfa-deny "arn:aws:s3:::c/*""#]);
}
