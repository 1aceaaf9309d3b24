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
    let errors = Query::compile(query).unwrap_err();
    let [error] = &errors[..] else { panic!("{errors:?}") };
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
    check("$.Statement[*].Action[?match(@.name, '.*')]", &[]);
}

#[test]
fn words_are_sets_that_fold_case() {
    check("$.Statement[*].Action[?in(@.service, 'IAM sts')]", &["iam:PassRole", "sts:AssumeRole"]);
    check("$.Statement[*].Action[?nin(@.service, 'iam')]", &["S3:Get*", "sts:AssumeRole"]);
    check("$.Statement[?any_of(@.Action, 's3:get* iam:x')]", &["1"]);
    check("$.Statement[?none_of(@.Action, 's3:get*')]", &["0"]);
    check("$.Statement[?subset_of(@.Action, 'sts:assumerole s3:get* more')]", &["1"]);
    check("$.Statement[?none_of(@.Resource, 'x')]", &[]);
}

#[test]
fn what_does_not_parse_is_underlined_and_explained() {
    check_error("Statement", Some("Statement"), "from here on", "begins with `$`");
    check_error("$.Statement[?@.a = 'x']", Some("= 'x']"), "from here on", "compare with `==`");
    check_error("$.Statement[", Some(""), "ends too early", "a bracket is not closed");
    check_error("$.Statement[?@.a == 'x'", Some("'x'"), "from here on", "a bracket is not closed");
    check_error("$.Statement[?in(@.a, ['x'])]", Some("['x'])]"), "from here on", "a string of words");
    check_error("$.Statement[?match(@.Sid, '(')]", Some("'('"), "`(` is not a regular expression", "");
    check_error("$.Statement[?match(@.Sid, @.Effect)]", Some("@.Effect"), "in quotes", "");
    check_error("$.Statement[?starts(@.Sid, 'x')]", Some("starts(@.Sid, 'x')]"), "from here on", "functions are");
    check_error("$.Statement[?@.Effect in ['Allow']]", Some("in"), "`in` is no operator", "in(@.service, 'iam sts')");
    check_error("$.Statement[?@.Effect not in ['A']]", Some("not in"), "`not in` is no operator", "");
    check_error("", Some(""), "ends too early", "");
}

#[test]
fn what_would_be_answered_wrongly_is_refused() {
    check_error("$.Statement[?@[?@.a]]", Some("@[?@.a]"), "finds nothing", "filter a member");
    check_error("$.Statement[?count(@.Action) == 0]", Some("count(@.Action)"), "not 0", "length");
    check_error("$.Statement[?length(@.Action)]", Some("length(@.Action)"), "not tests", "compare");
    check_error("$.Statement[?value(@.Action)]", Some("value(@.Action)"), "not tests", "compare");
    check_error("$.Statement[?in(@.Action[*].name, 'a')]", Some("@.Action[*].name"), "may be several", "[?in(@.text");
    check_error("$.Statement[?match(@.Action[*].name, 'a')]", Some("@.Action[*].name"), "may be", "[?match(@.text");
    check_error(
        "$.Statement[?any_of(@.Action[*].name, 'a')]",
        Some("@.Action[*].name"),
        "several nodes",
        "any_of(@.Act",
    );
}

#[test]
fn a_name_that_no_view_has_is_underlined() {
    check_error("$.Statment[0]", Some("Statment"), "the policy has no `Statment`", "did you mean `Statement`?");
    check_error("$.Statement[?@.Efect == 'Allow']", Some("Efect"), "a statement has no `Efect`", "mean `Effect`?");
    check_error("$.Statement[?@['effect'] == 'Allow']", Some("effect"), "a statement has no", "`Effect`?");
    check_error(
        "$.Statement.Effect",
        Some("Effect"),
        "`Statement` is a list, which",
        "a statement has it: `[*].Effect`",
    );
    check_error("$.Effect", Some("Effect"), "the policy has no `Effect`", "a statement has it");
    check_error("$.Statement[?@.Version == 'x']", Some("Version"), "a statement has no", "the policy has it");
    check_error("$.Statement[*].Sid.text", Some("text"), "`Sid` is text, which has no `text`", "");
    check_error("$.Statement[*].Action[*].colour", Some("colour"), "an action has no", "`wildcard`");
    check_error("$..colour", Some("colour"), "nothing here has a member", "iam-lint view");
    check_error("$.Statement[*].Effect[0]", Some("Effect"), "`Effect` is text, which has no items", "");
    check_error("$[0]", Some("$"), "`$` is the policy, which has no items", "");
    check_error(
        "$.Statement[*].Action[*][?@.any == true]",
        Some("any"),
        "nothing here has",
        "a principal, an action, a resource have it",
    );
    check_error("$.Statement[?'any' == @.Action[0].any2]", Some("any2"), "an action has no", "did you mean `any`?");
    check_error("$.Statement[?!@.Conditions]", Some("Conditions"), "a statement has no", "`Condition`?");
    check("$..service", &["iam", "s3", "sts"]);
    check("$.Statement[*].*[?@.service == 's3']", &["S3:Get*"]);
    check("$.Statement[0, 1].Action[0:1]", &["iam:PassRole", "S3:Get*"]);
    check("$['Statement'][?$.Statement[0].Action && @['index'] == 0]", &["0"]);
}

#[test]
fn a_comparison_that_never_holds_is_underlined() {
    let statement = |filter: &str, at: &str, message: &str, help: &str| {
        check_error(&format!("$.Statement[?{filter}]"), Some(at), message, help);
    };
    let action = |filter: &str, at: &str, message: &str, help: &str| {
        check_error(&format!("$.Statement[*].Action[?{filter}]"), Some(at), message, help);
    };
    let whole = "@.Action == 'x'";
    statement(whole, whole, "`@.Action` is a list, which is never equal to text", "`@.Action[?@.text == 'x']`");
    statement("(@.Sid || 'x' != @.Action)", "'x' != @.Action", "a list, which is never equal", "");
    statement(
        "@.Action > 1",
        "@.Action > 1",
        "a list, which is neither more nor less than a number",
        "`length(@.Action)`",
    );
    statement("@.Sid == null", "@.Sid == null", "never equal to null", "`!@.Sid`");
    statement("@.Effect == 'allow'", "'allow'", "`@.Effect` is never `allow`", "did you mean `Allow`?");
    statement("@.Effect != 'x'", "'x'", "is never `x`", "one of `Allow`, `Deny`");
    statement("@.index == '0'", "@.index == '0'", "a number, which", "write `0` without quotes");
    statement("length(@.Action) == '1'", "length(@.Action) == '1'", "a number, which", "");
    statement("length(@.complete) == 1", "@.complete", "true or false, which has no length", "");
    statement("value(@.Action) == 'x'", "value(@.Action) == 'x'", "is a list", "");
    let errors = Query::compile("$.Statement[?value(@.Action[*]) == 'x']").unwrap_err();
    assert_eq!(errors[0].help, None, "a call has no members to ask for");
    action(
        "@ == 's3:*'",
        "@ == 's3:*'",
        "`@` is an action, which is never equal to text",
        "compare what it says: `@.text`",
    );
    action("@.wildcard == 'true'", "@.wildcard == 'true'", "true or false, which", "write `true` without quotes");
    action("@.service == 'S3'", "'S3'", "`@.service` is in lower case, and so never `S3`", "write `s3`");
    action("@.wildcard", "@.wildcard", "always there", "compare it: `@.wildcard == true`");
    action("!@.wildcard", "@.wildcard", "always there", "compare it: `@.wildcard == false`");
    action("!@.text", "@.text", "always there, so this never holds", "");
    check("$.Statement[?!@.Sid && @.index <= 1 && @.index < 0.5]", &["0"]);
    check("$.Statement[?@.Action[0].service == @.Action[0].service]", &["0", "1"]);
    check("$.Statement[?@.Condition[0].key == 'x' || @.Effect == 'Deny']", &["1"]);
    check("$.Statement[?@.Action[*].wildcard]", &["0", "1"]);
}

#[test]
fn a_function_that_always_answers_the_same_is_underlined() {
    let statement = |filter: &str, at: &str, message: &str, help: &str| {
        check_error(&format!("$.Statement[?{filter}]"), Some(at), message, help);
    };
    statement("in(@.Action, 's3:*')", "@.Action", "looks at a text, and `@.Action` is a list", "`any_of(@.Action, …)`");
    statement("nin(@.Action, 's3:*')", "@.Action", "looks at a text", "`none_of(@.Action, …)`");
    statement("search(@.Action, 's3')", "@.Action", "looks at a text", "`[?search(@.text, …)]`");
    statement("in(@, 's3')", "@", "`@` is a statement", "");
    statement("any_of(@.Condition, 's3')", "@.Condition", "no text: a condition", "");
    statement("any_of(@.index, 's3')", "@.index", "`@.index` is a number", "");
    statement("in(@.Sid, 1)", "1", "no set of words", "'iam sts'");
    statement("in(@.Sid, ' ')", "' '", "no set of words", "");
    statement("@.Action[?match(@.lower, 'iam:PassRole')]", "'iam:PassRole'", "in lower case", "`iam:passrole`");
    check("$.Statement[*].Action[?match(@.service, '[A-Za-z]am')]", &["iam:PassRole"]);
    check("$.Statement[*].Action[?in(@, 'IAM:passrole')]", &["iam:PassRole"]);
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let errors = Query::compile("$.Statement[?@.Efect == 'Allow' && @.Action == 'x']").unwrap_err();
    assert_eq!(errors.len(), 2, "{errors:?}");
}

/// What is refused as coming out the same for every policy does so, by the engine's own account.
#[test]
fn what_is_refused_selects_all_or_nothing() {
    const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [
        {"Sid": "1", "Effect": "Allow", "Action": "s3:Get*", "Resource": ["*", "arn:aws:s3:::b"]},
        {"Effect": "Deny", "NotAction": ["iam:PassRole", "*"], "Principal": {"AWS": "123456789012"}, "Resource": "${x}",
         "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": false}, "Odd": {"k": ["a", "B"]}}}]}"#;
    let operands = [
        "@",
        "@.text",
        "@.lower",
        "@.service",
        "@.wildcard",
        "@.any",
        "@.type",
        "@.Effect",
        "@.Sid",
        "@.index",
        "@.Action",
        "@.Action[0]",
        "@.Action[0].text",
        "@.values[0].json",
        "@.key_lower",
        "@.if_exists",
        "@.family",
        "length(@.Action)",
        "length(@.text)",
        "value(@.values)",
        "$.Statement",
        "$.type",
        "$.complete",
        "'Allow'",
        "'s3'",
        "'S3'",
        "'AWS'",
        "''",
        "0",
        "1.5",
        "true",
        "null",
    ];
    let places = ["Statement[?", "Statement[*].Action[?", "Statement[*].Condition[?", "Statement[*].Principal[?"];
    let source = crate::text::Source::new("p.json", POLICY);
    let (mut refused, mut open) = (0, 0);
    crate::lint::with_policies(&source, None, |policies| {
        let view = View::new(&policies[0]);
        let select = |query: &str| js_path_process(&parse_json_path(query).unwrap(), &view).unwrap().len();
        for place in places {
            let all = select(&format!("$.{}]", place.replace("[?", "[*")));
            let pairs = operands.iter().flat_map(|left| operands.iter().map(move |right| (left, right)));
            let compared =
                pairs.flat_map(|(left, right)| ["==", ">="].map(|operator| format!("{left} {operator} {right}")));
            let tested = operands[..16].iter().flat_map(|operand| [(*operand).to_owned(), format!("!{operand}")]);
            for filter in compared.chain(tested) {
                let query = format!("$.{place}{filter}]");
                let Ok(_) = parse_json_path(&query) else { continue };
                let (count, errors) = (select(&query), Query::compile(&query).err().unwrap_or_default());
                // Of a name that is not there the engine says nothing, which may be equal to nothing.
                if errors.iter().any(|error| error.message.contains("has no") || error.message.contains("nothing here"))
                {
                    continue;
                }
                match errors.is_empty() {
                    true => open += 1,
                    false => refused += 1,
                }
                assert!(errors.is_empty() || count == 0 || count == all, "{query}: {count} of {all}, {errors:?}");
            }
        }
    });
    assert!(refused > 1000 && open > 500, "{refused} {open}");
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
            Err(errors) => {
                assert!(!errors.is_empty());
                for error in errors {
                    assert!(error.range.is_none_or(|range| text.get(range).is_some()));
                }
            }
        }
    }
}
