use super::*;
use crate::policy::ViewValue;
use crate::text::Span;

/// A view as a policy's would be: two statements, of one and of two actions.
fn view() -> View<'static> {
    let mut place = 0;
    let mut node = |value| {
        place += 1;
        View { span: Span::at(place), value }
    };
    let mut action = |text: &'static str| {
        let members = vec![
            ("text", node(ViewValue::String(text.into()))),
            ("service", node(ViewValue::String(text.split(':').next().unwrap().to_lowercase().into()))),
            ("wildcard", node(ViewValue::Bool(text.contains('*')))),
        ];
        node(ViewValue::Object(members))
    };
    let lists = [vec![action("iam:PassRole")], vec![action("S3:Get*"), action("sts:AssumeRole")]];
    let statements = lists.into_iter().enumerate().map(|(index, list)| {
        let mut members = vec![("Action", View::from(list)), ("index", View::from(i64::try_from(index).unwrap()))];
        if index == 1 {
            members.push(("Effect", View::from("Deny")));
        }
        View { span: Span::at(100 + index), value: ViewValue::Object(members) }
    });
    let statements = View::from(statements.collect::<Vec<_>>());
    View { span: Span::default(), value: ViewValue::Object(vec![("Statement", statements)]) }
}

/// What a query selects: the texts of actions, the numbers of statements.
#[track_caller]
fn check(query: &str, expect: &[&str]) {
    let query = Query::compile(query).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    let view = view();
    let show = |node: &&View<'_>| match &node.get("index").unwrap_or(node).value {
        ViewValue::Integer(index) => index.to_string(),
        _ => node.as_str().or_else(|| node.get("text")?.as_str()).unwrap().to_owned(),
    };
    assert_eq!(query.select(&view).iter().map(show).collect::<Vec<_>>(), expect);
}

#[track_caller]
fn check_error(query: &str, at: Option<&str>, message: &str, help: &str) {
    let error = Query::compile(query).unwrap_err();
    assert_eq!(error.range.as_ref().map(|range| &query[range.clone()]), at, "{error:?}");
    assert!(error.message.contains(message), "{error:?}");
    assert!(error.help.as_deref().unwrap_or_default().contains(help), "{error:?}");
}

#[test]
fn facts_are_compared() {
    check("$.Statement[*].Action[?@.service == 's3']", &["S3:Get*"]);
    check("$.Statement[*].Action[?@.wildcard == true]", &["S3:Get*"]);
    check("$.Statement[?@.Effect == 'Deny']", &["1"]);
    check("$.Statement[?!@.Effect]", &["0"]);
    check("$.Statement[?!$.Version]", &["0", "1"]);
    check("$.Statement[?@.Action[?@.service == 'sts']]", &["1"]);
    check("$.Statement[?length(@.Action) > 1]", &["1"]);
    check("$.Statement[?@.index >= 1]", &["1"]);
}

#[test]
fn matches_come_in_the_order_of_the_file_and_once() {
    check("$.Statement[*].Action[1, 0, 0]", &["iam:PassRole", "S3:Get*", "sts:AssumeRole"]);
    check("$..text", &["iam:PassRole", "S3:Get*", "sts:AssumeRole"]);
}

#[test]
fn patterns_are_of_the_whole_or_of_a_part() {
    check("$.Statement[*].Action[?match(@.text, 'iam:.*')]", &["iam:PassRole"]);
    check("$.Statement[*].Action[?match(@.text, 'Role')]", &[]);
    check("$.Statement[*].Action[?search(@.text, 'Role|Get')]", &["iam:PassRole", "S3:Get*", "sts:AssumeRole"]);
    check("$.Statement[*].Action[?!search(@.text, '(?i)role')]", &["S3:Get*"]);
    check("$.Statement[*].Action[?match(@.text, 'a|iam') || match(@.text, 'S3.*')]", &["S3:Get*"]);
    check("$.Statement[?@.Action[?search(@.text, 'Pass')]]", &["0"]);
    check("$.Statement[*].Action[?match(@.absent, '.*')]", &[]);
}

#[test]
fn words_are_sets_that_fold_case() {
    check("$.Statement[*].Action[?in(@.service, 'IAM sts')]", &["iam:PassRole", "sts:AssumeRole"]);
    check("$.Statement[*].Action[?nin(@.service, 'iam')]", &["S3:Get*", "sts:AssumeRole"]);
    check("$.Statement[?any_of(@.Action, 's3:get* iam:x')]", &["1"]);
    check("$.Statement[?none_of(@.Action, 's3:get*')]", &["0"]);
    check("$.Statement[?subset_of(@.Action, 'sts:assumerole s3:get* more')]", &["1"]);
    check("$.Statement[?none_of(@.Absent, 'x')]", &[]);
}

#[test]
fn what_does_not_parse_is_underlined_and_explained() {
    check_error("Statement", Some("Statement"), "from here on", "begins with `$`");
    check_error("$.Statement[?@.a = 'x']", Some("= 'x']"), "from here on", "compare with `==`");
    check_error("$.Statement[", Some(""), "ends too early", "a bracket is not closed");
    check_error("$.Statement[?@.a == 'x'", Some("'x'"), "from here on", "a bracket is not closed");
    check_error("$.Statement[?in(@.a, ['x'])]", Some("['x'])]"), "from here on", "a string of words");
    check_error("$.a[?match(@.b, '(')]", None, "`(` is not a regular expression", "");
    check_error("$.a[?match(@.b, @.c)]", None, "in quotes", "");
    check_error("", Some(""), "ends too early", "");
}

#[test]
fn what_would_be_answered_wrongly_is_refused() {
    check_error("$.Statement[?@[?@.a]]", None, "finds nothing", "filter a member");
    check_error("$.Statement[?count(@.Action) == 0]", None, "not 0", "length");
    check_error("$.Statement[?length(@.Action)]", None, "not tests", "compare");
}

/// Texts that are nearly queries.
fn broken_query() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let pieces = [
        "$",
        ".",
        "..",
        "*",
        "[",
        "]",
        "?",
        "@",
        "(",
        ")",
        "Statement",
        "Action",
        "text",
        " == ",
        " && ",
        " || ",
        "!",
        "'é'",
        "\"x\"",
        "0",
        "-1",
        ":",
        ",",
        "match(@.text, 'a|b')",
        "in(@.service, 'iam')",
        "length(",
        "count(",
        "'[a-'",
        "$.Statement[?",
        "@.Action[?",
        "9007199254740993",
        "é",
        " ",
        "[0:9:2]",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..10).prop_map(|list| format!("$.{}", list.concat()))
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_query_or_says_why_not(text in broken_query()) {
        match Query::compile(&text) {
            Ok(query) => {
                let view = view();
                let spans: Vec<Span> = query.select(&view).iter().map(|node| node.span).collect();
                assert!(spans.is_sorted());
            }
            Err(error) => assert!(error.range.is_none_or(|range| text.get(range).is_some())),
        }
    }
}
