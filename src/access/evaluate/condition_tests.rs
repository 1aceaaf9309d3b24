//! The truth table of conditions, row by row.

use super::{Context, condition};
use crate::access::Semantics;
use crate::policy::{Condition, JsonType, Operator, Part, PartKind, Scalar, Text, Truth, Version};
use crate::text::Span;

/// `${x}` is a variable, `${*}` an escape, `<x>` a hole.
fn text(written: &str) -> Text<'_> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < written.len() {
        let rest = &written[at..];
        let (length, kind) = if rest.starts_with("${") {
            let length = rest.find('}').unwrap() + 1;
            (length, if length == 4 { PartKind::Escape } else { PartKind::Variable })
        } else if rest.starts_with('<') {
            (rest.find('>').unwrap() + 1, PartKind::Hole)
        } else {
            (rest.find("${").into_iter().chain(rest.find('<')).min().unwrap_or(rest.len()), PartKind::Literal)
        };
        parts.push(Part { range: at..at + length, kind });
        at += length;
    }
    let literal = parts.iter().all(|part| part.kind == PartKind::Literal);
    Text { text: written.into(), span: Span::default(), parts: if literal { Box::default() } else { parts.into() } }
}

fn truth(operator: &str, key: &str, values: &[&str], context: &Context, version: Version) -> Truth {
    let scalar = |value: &&'static str| Scalar { text: text(value), json: JsonType::String };
    let values: Vec<&'static str> = values.iter().map(|value| &*value.to_string().leak()).collect();
    let built = Condition {
        operator_text: operator,
        operator_span: Span::default(),
        operator: Operator::parse(operator),
        key,
        key_span: Span::default(),
        key_known: true,
        values: values.iter().map(scalar).collect(),
        values_span: Span::default(),
        complete: true,
    };
    condition(&built, context, version, &Semantics::default())
}

/// What `operator` on `k` makes of the request's values, of which none means that the key is absent.
#[track_caller]
fn check(operator: &str, values: &[&str], request: &[&str], expected: impl Into<Truth>) {
    let context = Context::new().with_all("K", request.iter().copied()).with("aws:username", "al*ce");
    let found = truth(operator, "k", values, &context, Version::V2012);
    assert_eq!(found, expected.into(), "{operator} {values:?} on {request:?}");
}

#[test]
fn forms_and_request_states() {
    // Each form on an absent key, a value that fits, one that does not, two that fit, a mix, none that fit.
    let rows = [
        ("StringEquals", [false, true, false, false, false, false]),
        ("StringNotEquals", [true, false, true, false, false, false]),
        ("StringEqualsIfExists", [true, true, false, false, false, false]),
        ("StringNotEqualsIfExists", [true, false, true, false, false, false]),
        ("ForAllValues:StringEquals", [true, true, false, true, false, false]),
        ("ForAllValues:StringNotEquals", [true, false, true, false, false, true]),
        ("ForAnyValue:StringEquals", [false, true, false, true, true, false]),
        ("ForAnyValue:StringNotEquals", [false, false, true, false, true, true]),
        ("ForAllValues:StringEqualsIfExists", [true, true, false, true, false, false]),
        ("ForAnyValue:StringEqualsIfExists", [true, true, false, true, true, false]),
    ];
    let requests: [&[&str]; 6] = [&[], &["a"], &["x"], &["a", "b"], &["a", "x"], &["x", "y"]];
    for (operator, expected) in rows {
        for (request, expected) in requests.into_iter().zip(expected) {
            check(operator, &["a", "b"], request, expected);
        }
    }
    for request in [&["a"][..], &["a", "b"]] {
        check("Null", &["true"], request, false);
        check("Null", &["false"], request, true);
        check("Null", &["true", "false"], request, true);
    }
    check("Null", &["True"], &[], true);
    check("Null", &["false"], &[], false);
    check("ForAllValues:StringEquals", &["a"], &[""], true);
    check("ForAnyValue:StringEquals", &["", "a"], &[""], false);
    check("StringEqual", &["a"], &["a"], false);
    check("StringEquals", &[], &["a"], false);
    check("StringNotEquals", &[], &["a"], true);
}

#[test]
fn strings() {
    check("StringEquals", &["a*"], &["ab"], false);
    check("StringEquals", &["a*"], &["a*"], true);
    check("stringequals", &["A"], &["a"], false);
    check("StringEqualsIgnoreCase", &["aB"], &["Ab"], true);
    check("StringNotEqualsIgnoreCase", &["aB", "c"], &["Ab"], false);
    check("StringLike", &["a*:?"], &["a/b:c:d"], true);
    check("StringLike", &["a?"], &["a"], false);
    check("StringNotLike", &["a*", "b*"], &["c"], true);
    check("StringNotLike", &["a*", "b*"], &["bc"], false);
}

#[test]
fn variables() {
    check("StringLike", &["${aws:UserName}"], &["al*ce"], true);
    check("StringLike", &["${aws:username}"], &["alice"], false);
    check("StringLike", &["${*}${?}${$}*"], &["*?$x"], true);
    check("StringLike", &["${*}"], &["x"], false);
    check("StringEquals", &["${aws:userid}"], &["x"], false);
    check("StringNotEquals", &["${aws:userid}"], &["x"], true);
    check("StringNotEquals", &["x", "${aws:userid}"], &["x"], false);
    check("StringEquals", &["${aws:userid, 'none'}"], &["none"], true);
    check("StringEquals", &["${aws:username, 'none'}"], &["none"], false);
    check("NumericEquals", &["${aws:username}"], &["1"], false);
    check("ArnLike", &["arn:aws:iam::1:user/${aws:username}"], &["arn:aws:iam::1:user/al*ce"], true);
    let context = Context::new().with("k", "${aws:username}").with("aws:username", "b");
    for (version, expected) in [
        (Version::V2012, Truth::No),
        (Version::V2008, Truth::Yes),
        (Version::Absent, Truth::Yes),
        (Version::Unknown, Truth::Maybe),
    ] {
        assert_eq!(truth("StringEquals", "k", &["${aws:username}"], &context, version), expected, "{version:?}");
    }
}

#[test]
fn holes_are_neither_here_nor_there() {
    check("StringLike", &["a<b>"], &["ax"], Truth::Maybe);
    check("StringLike", &["a<b>"], &["x"], false);
    check("StringNotLike", &["a<b>"], &["ax"], Truth::Maybe);
    check("StringLike", &["a<b>", "ax"], &["ax"], true);
    check("StringNotLike", &["a<b>", "ax"], &["ax"], false);
    check("StringLike", &["<b>"], &[], false);
    check("Bool", &["<b>"], &["true"], Truth::Maybe);
    check("BoolIfExists", &["<b>"], &[], true);
    check("Null", &["<b>"], &[], Truth::Maybe);
    check("ArnLike", &["<arn>/x"], &["arn:aws:iam::1:user/x"], Truth::Maybe);
    check("ArnLike", &["<arn>/x"], &["arn:aws:iam::1:user/y"], false);
    let partial = Context::partial().with("a", "x").without("b");
    for (key, operator, expected) in [
        ("a", "StringEquals", Truth::Yes),
        ("b", "StringEquals", Truth::No),
        ("c", "StringEquals", Truth::Maybe),
        ("c", "Null", Truth::Maybe),
    ] {
        assert_eq!(truth(operator, key, &["x"], &partial, Version::V2012), expected, "{operator} {key}");
    }
}

#[test]
fn arns() {
    let user = "arn:aws:iam::123456789012:user/a/b:c";
    check("ArnEquals", &["arn:aws:iam::*:user/*"], &[user], true);
    check("ArnLike", &["arn:*:user/*"], &[user], false);
    check("ArnLike", &["arn:aws:iam:*:user/a/b:c"], &[user], false);
    check("ArnNotLike", &["arn:aws:iam::*:role/*"], &[user], true);
    check("ArnLike", &["*"], &[user], false);
    check("ArnLike", &["arn:aws:iam::?:user/*"], &[user], false);
    check("ArnNotLike", &[user], &["alice"], false);
    check("ArnLike", &["ARN:aws:iam::*:user/*"], &[user], false);
}

#[test]
fn numbers_and_dates() {
    check("NumericEquals", &["10"], &["10.0"], true);
    check("NumericEquals", &["0.1"], &["0.10000000000000000001"], false);
    check("NumericLessThan", &["9007199254740993"], &["9007199254740992"], true);
    check("NumericLessThan", &["-2"], &["-10"], true);
    check("NumericGreaterThanEquals", &["007"], &["7"], true);
    check("NumericLessThanEquals", &["-0"], &["0"], true);
    check("NumericNotEquals", &["x"], &["1"], false);
    check("NumericNotEquals", &["1"], &["x"], false);
    check("NumericNotEquals", &["1", "2"], &["3"], true);
    check("NumericLessThan", &["1e3"], &["1"], false);
    check("DateEquals", &["2024-01-01"], &["2024-01-01T00:00:00Z"], true);
    check("DateEquals", &["1704067200"], &["2024-01-01T01:00:00.000+01:00"], true);
    check("DateLessThan", &["2024-03-01"], &["2024-02-29T23:59:59.999Z"], true);
    check("DateGreaterThan", &["2023-02-29"], &["2024-01-01"], false);
    check("DateNotEquals", &["2024-01-01"], &["soon"], false);
    check("DateGreaterThan", &["2024-01-01T00:00Z"], &["2024-01-01T00:00:01Z"], true);
}

#[test]
fn booleans_addresses_and_bytes() {
    check("Bool", &["True"], &["true"], true);
    check("Bool", &["true"], &["false"], false);
    check("Bool", &["yes"], &["yes"], false);
    check("BoolIfExists", &["false"], &["false"], true);
    check("IpAddress", &["10.1.2.3/8"], &["10.255.0.1"], true);
    check("IpAddress", &["10.1.2.3"], &["10.1.2.4"], false);
    check("IpAddress", &["0.0.0.0/0"], &["::1"], false);
    check("IpAddress", &["::/0"], &["::1"], true);
    check("NotIpAddress", &["0.0.0.0/0"], &["2001:db8::1"], true);
    check("NotIpAddress", &["10.0.0.0/8"], &["10.0.0.1"], false);
    check("NotIpAddress", &["10.0.0.0/33"], &["10.0.0.1"], false);
    check("NotIpAddress", &["10.0.0.0/8"], &["here"], false);
    check("BinaryEquals", &["QQ=="], &["QQ"], true);
    check("BinaryEquals", &["QQ=="], &["Qg=="], false);
    check("BinaryEquals", &["QQ==="], &["QQ=="], false);
}
