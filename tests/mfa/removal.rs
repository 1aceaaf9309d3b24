//! Who may remove an MFA device without MFA.

use super::*;

#[test]
fn removal_of_a_device() {
    const OWN: &str = "arn:aws:iam::*:user/${aws:username}";
    let allow = |action: &str| format!(r#"{{"Effect":"Allow","Action":["{action}"],"Resource":"{OWN}"}}"#);
    for action in ["iam:DeactivateMFADevice", "IAM:deactivatemfadevice", "iam:Deactivate*", "iam:*MFADevice"] {
        let missing = |rest: &str| {
            let found = findings(&policy(&format!("{}{rest}", allow(action))), Severity::Error, false);
            found == [format!(r#"deactivate-mfa-without-mfa "{action}""#)]
        };
        assert!(missing(""), "{action}");
        let deny = |what: &str, resource: &str, condition: &str| {
            format!(r#",{{"Effect":"Deny",{what},"Resource":"{resource}","Condition":{{{condition}}}}}"#)
        };
        let without_mfa = present("BoolIfExists", "false");
        assert!(!missing(&deny(r#""Action":"iam:*""#, "*", &without_mfa)));
        assert!(!missing(&deny(r#""NotAction":"iam:ListMFADevices""#, "*", &without_mfa)));
        assert!(missing(&deny(r#""NotAction":"iam:*MFADevice""#, "*", &without_mfa)));
        assert!(!missing(&deny(r#""Action":"iam:*""#, "arn:aws:iam::*:user/alice", &without_mfa)), "may be alice");
        assert!(missing(&deny(r#""Action":"s3:*""#, "*", &without_mfa)));
        let office = format!(r#"{without_mfa},"IpAddress":{{"aws:SourceIp":"192.0.2.0/24"}}"#);
        assert!(missing(&deny(r#""Action":"iam:*""#, "*", &office)));
    }
    let conditional = format!(
        r#"{{"Effect":"Allow","Action":"iam:DeactivateMFADevice","Resource":"*","Condition":{{{}}}}}"#,
        present("Bool", "true")
    );
    assert_eq!(findings(&policy(&conditional), Severity::Error, false), [""; 0]);
}

#[test]
fn a_device_is_removed_from_users_only() {
    let allow = |resource: &str| format!(r#"{{"Effect":"Allow","Action":"iam:*","Resource":{resource}}}"#);
    let found = |resource: &str| findings(&policy(&allow(resource)), Severity::Note, false);
    let note = [r#"wildcard-grants-mfa-removal "iam:*""#];
    assert_eq!(found(r#""*""#), note);
    assert_eq!(found(r#"["arn:aws:iam::*:role/*","arn:aws:iam::*:user/*"]"#), note);
    assert_eq!(found(r#""arn:aws:iam::123456789012:role/app-*""#), [""; 0]);
}

#[test]
fn the_decider_has_the_last_word_on_removal() {
    let allow = |account: &str, condition: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"iam:DeactivateMFADevice","Resource":"arn:aws:iam::{account}:user/*"{condition}}}"#
        )
    };
    let removes = |statements: &str| {
        let found = findings(&policy(statements), Severity::Error, false);
        found.iter().any(|line| line.starts_with("deactivate-mfa-without-mfa"))
    };
    assert!(removes(&allow("*", "")));
    // What is not known of the resource makes no difference.
    assert!(removes(&allow("${AccountId}", "")));
    assert!(removes(&allow("account-id-without-hyphens", "")));
    let office = r#","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#;
    assert!(removes(&allow("*", office)));
    let deny = |condition: &str| {
        format!(
            r#",{{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{{{},{condition}}}}}"#,
            present("BoolIfExists", "false")
        )
    };
    let outside = deny(r#""NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}"#);
    let inside = deny(r#""IpAddress":{"aws:SourceIp":"192.0.2.0/24"}"#);
    assert!(removes(&format!("{}{outside}", allow("*", ""))));
    assert!(!removes(&format!("{}{outside}{inside}", allow("*", ""))));
    assert!(!removes(&format!("{}{inside}", allow("*", office))));
    let nobody =
        r#","Condition":{"StringEquals":{"aws:RequestedRegion":"a"},"StringNotEquals":{"aws:RequestedRegion":"a"}}"#;
    assert!(!removes(&allow("*", nobody)));
    // IAM is called in one region of each partition.
    for (region, expected) in [("us-east-1", true), ("eu-west-1", false), ("us-gov-west-1", false), ("us-*", true)] {
        let in_region = format!(r#","Condition":{{"StringLike":{{"aws:RequestedRegion":"{region}"}}}}"#);
        for account in ["*", "123456789012", "account-id-without-hyphens"] {
            assert_eq!(removes(&allow(account, &in_region)), expected, "{region} in {account}");
        }
    }
    // A statement may be a Deny where it cannot be read whether it is.
    for effect in ["${effect}", "$EFFECT"] {
        let guard = format!(r#",{{"Effect":"{effect}","Action":"iam:*","Resource":"*"}}"#);
        assert!(!removes(&format!("{}{guard}", allow("*", ""))));
    }
}

#[test]
fn a_list_of_what_is_left_out_singles_mfa_out_only_where_it_is_about_mfa() {
    let found = |list: &str| {
        let allow = format!(r#"{{"Effect":"Allow","NotAction":{list},"Resource":"*"}}"#);
        findings(&policy(&allow), Severity::Note, false)
    };
    for list in [r#""ec2:*""#, r#"["s3:*","sts:*"]"#, r#""ec2:RunInstances""#, r#""iam:PassRole""#, r#"["iam:Get*"]"#] {
        assert_eq!(found(list), [r#"wildcard-grants-mfa-removal "NotAction""#], "{list}");
    }
    for list in [r#"["iam:EnableMFADevice","s3:*"]"#, r#""iam:*VirtualMFADevice""#] {
        assert_eq!(found(list), [r#"deactivate-mfa-without-mfa "NotAction""#], "{list}");
    }
}

#[test]
fn a_deny_beside_a_companion_protects_only_where_that_spares_few() {
    let removes = |condition: &str| {
        let deny = format!(
            r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{{},{condition}}}}}"#,
            present("BoolIfExists", "false")
        );
        let allow = r#"{"Effect":"Allow","Action":"iam:DeactivateMFADevice","Resource":"*"}"#;
        let found = findings(&policy(&format!("{allow},{deny}")), Severity::Error, false);
        found == [r#"deactivate-mfa-without-mfa "iam:DeactivateMFADevice""#]
    };
    for spares_few in [
        r#""Bool":{"aws:ViaAWSService":"false"}"#,
        r#""BoolIfExists":{"aws:PrincipalIsAWSService":"false"}"#,
        r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}"#,
        r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/*"}"#,
        r#""StringNotEquals":{"aws:PrincipalTag/team":"ops"}"#,
        r#""StringEquals":{"aws:PrincipalType":"User"}"#,
        r#""ForAllValues:StringNotEquals":{"aws:CalledVia":"cloudformation.amazonaws.com"}"#,
        r#""StringEquals":{"aws:PrincipalArn":"${who}"}"#,
    ] {
        assert!(!removes(spares_few), "{spares_few}");
    }
    for spares_most in [
        r#""Bool":{"aws:ViaAWSService":"true"}"#,
        r#""StringEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/alice"}"#,
        r#""StringEquals":{"aws:PrincipalTag/team":"ops"}"#,
        r#""StringEquals":{"aws:PrincipalType":"AssumedRole"}"#,
        r#""ForAnyValue:StringEquals":{"aws:CalledVia":"cloudformation.amazonaws.com"}"#,
    ] {
        assert!(removes(spares_most), "{spares_most}");
    }
}
