use super::*;
use crate::catalog::Catalog;

const HEADER: &str = "schema = 1\nid = \"no-star\"\nseverity = \"error\"\nmessage = \"`{text}` is too much\"\n";
const SELECT: &str = "select = \"$.Statement[*].Action[?@.any == true]\"\n";

fn page(header: &str, body: &str) -> String {
    format!("```toml\n{header}```\n\n# No star\n\n{body}")
}

/// What is wrong with a user's page: the underlined text, the message and the help of each problem.
#[track_caller]
fn check(text: &str, expect: &[(&str, &str, &str)]) {
    let source = Source::new("rules/mine/no-star.md", text);
    let found = match Page::load(&source, "mine", "no-star", Catalog::builtin()) {
        Ok(_) => Vec::new(),
        Err(diagnostics) => diagnostics,
    };
    let found: Vec<(&str, String, String)> = found
        .into_iter()
        .map(|found| (source.slice(found.span), found.message, found.help.unwrap_or_default()))
        .collect();
    assert_eq!(found.len(), expect.len(), "{found:#?}");
    for ((text, message, help), (expect_text, expect_message, expect_help)) in found.iter().zip(expect) {
        assert_eq!(text, expect_text, "{found:#?}");
        assert!(message.contains(expect_message), "{message}");
        assert!(help.contains(expect_help), "{help}");
    }
}

#[test]
fn a_valid_page_says_what_its_header_says() {
    let header = format!(
        "{HEADER}{SELECT}default = \"off\"\nmentions = [\"IAM:\"]\nhelp = \"h\"\napplies_to = [\"trust\"]\n\
         also_known_as = {{ parliament = [\"A\", \"B\"] }}\nreferences = [\"https://example.com\"]\n"
    );
    let source = Source::new("no-star.md", page(&header, ""));
    let page = Page::load(&source, "mine", "no-star", Catalog::builtin()).unwrap();
    assert_eq!((page.id.as_str(), page.group.as_str(), page.title.as_str()), ("no-star", "mine", "No star"));
    assert_eq!((page.severity, page.default_on), (Severity::Error, false));
    assert_eq!((page.mentions, page.applies_to), (vec!["iam:".to_owned()], vec![PolicyType::Trust]));
    assert_eq!(page.help.as_deref(), Some("h"));
    assert_eq!(page.also_known_as, [("parliament".to_owned(), vec!["A".to_owned(), "B".to_owned()])]);
    assert_eq!(page.references, ["https://example.com"]);
    assert!(matches!(page.decides, Decides::Select(_)));
}

#[test]
fn each_fault_is_underlined_in_the_page() {
    let with = |more: &str| page(&format!("{HEADER}{SELECT}{more}"), "");
    check(&with(""), &[]);
    check(&with("colour = \"red\"\n"), &[("colour", "unknown key `colour`", "known keys")]);
    check(&with("mention = []\n"), &[("mention", "unknown key", "did you mean `mentions`?")]);
    check(&with("mentions = 1\n"), &[("1", "a list of strings, not an integer", "")]);
    check(&with("applies_to = [\"trusts\"]\n"), &[("\"trusts\"", "not a value", "did you mean `trust`?")]);
    check(&with("default = \"maybe\"\n"), &[("\"maybe\"", "not a value", "`on`, `off`")]);
    check(&with("also_known_as = { p = 1 }\n"), &[("1", "`p` is a list", "")]);
    check(&with("[forbid]\naction = [\"a:b\"]\n"), &[("[forbid]", "not by both", "two pages")]);
    let replaced = |from: &str, to: &str| page(&format!("{HEADER}{SELECT}").replace(from, to), "");
    check(&replaced("\"error\"", "\"fatal\""), &[("\"fatal\"", "not a value", "`note`, `warning`, `error`")]);
    check(&replaced("\"error\"", "= \"error\""), &[("=", "not valid TOML", "")]);
    check(&replaced("severity =", "severity"), &[("", "not valid TOML", "")]);
    let message = |written: &str| replaced("\"`{text}` is too much\"", written);
    check(&message("\"\""), &[("\"\"", "the message says nothing", "in one line")]);
    check(&message("\" \""), &[("\" \"", "the message says nothing", "in one line")]);
    check(&message("\"a\\nb\""), &[("\"a\\nb\"", "longer than one line", "`help`")]);
    check(&message("\"\"\"\na\n\"\"\""), &[]);
    check(&replaced("no-star", "no-moon"), &[("\"no-moon\"", "the file is called `no-star.md`", "")]);
    check(&replaced("schema = 1", "schema = 2"), &[("2", "`schema = 1`, not 2", "newer")]);
    check(&replaced("schema = 1\n", ""), &[("toml", "no `schema`", "")]);
    check(&replaced("{text}", "{name}"), &[("\"`{name}` is too much\"", "nothing replaces", "{text}")]);
    check(&replaced("{text}", "${aws:username}"), &[]);
    check(&replaced("@.any == true", "@.any = true"), &[("= true]", "from here on", "`==`")]);
    check(&replaced("*].Action", "*].Acton"), &[("Acton", "no `Acton`", "did you mean `Action`?")]);
    let quoted = replaced("@.any == true", "@.text != \\\"\\u00e9\\\" && @.Text == 'x'");
    check(&quoted, &[("Text", "no `Text`", "did you mean `text`?")]);
    check(&replaced("\"$.", "'''$.").replace("true]\"", "tru]'''"), &[("tru]", "from here on", "")]);
    let on_lines = replaced("\"$.", "\"\"\"\n$.").replace("true]\"", "true]\n\"\"\"");
    check(&on_lines, &[]);
    check(&on_lines.replace("true]", "tru]"), &[("tru]", "from here on", "")]);
}

#[test]
fn a_page_must_decide_and_have_a_heading() {
    check(&page(HEADER, ""), &[("toml", "does not say what to look for", "select")]);
    let with = |line: &str| page(&format!("{HEADER}{line}\n"), "");
    check(&with("select = 5"), &[("5", "`select` is a string, not an integer", "")]);
    check(&with("select = [\"a\"]"), &[("[\"a\"]", "`select` is a string, not a list", "")]);
    check(&with("forbid = true"), &[("true", "`forbid` is a table, not a boolean", "")]);
    check(&with("selekt = \"$\""), &[("selekt", "unknown key `selekt`", "did you mean `select`?")]);
    check(&page(HEADER, "").replace("# No star", ""), &[("toml", "no heading", ""), ("toml", "does not say", "")]);
    check(&page(&format!("{HEADER}{SELECT}"), "").replace('\n', "\r\n"), &[]);
    check(&format!("\u{feff}\n{}", page(&format!("{HEADER}{SELECT}"), "")), &[]);
    check(&format!("text\n{}", page(&format!("{HEADER}{SELECT}"), "")), &[("", "begins with its header", "toml")]);
    let open = page(&format!("{HEADER}{SELECT}"), "").replacen("```\n\n", "\n", 1);
    check(&open, &[("toml", "the header is never closed", "three backticks")]);
    check("```toml", &[("toml", "the header is never closed", "three backticks")]);
    check("# No star\n", &[("", "begins with its header", "toml")]);
    check("", &[("", "begins with its header", "toml")]);
}

#[test]
fn what_could_be_no_page_is_known() {
    let a_page = page(&format!("{HEADER}{SELECT}"), "");
    for id in ["README", "readme", "CHANGELOG", "_index"] {
        assert!(is_no_page(id, "# Our rules\n"), "{id}");
        assert!(!is_no_page(id, &a_page), "{id}");
    }
    assert!(!is_no_page("no-star", "# No star\n"));
}

#[test]
fn a_forbid_is_validated_in_the_page() {
    let with = |table: &str| page(&format!("{HEADER}[forbid]\n{table}\n"), "");
    let all = |more: &str| with(&format!("action = \"s3:*\"\n{more}"));
    check(&with("action = [\"iam:*\"]\nwhen = \"no-mfa\""), &[]);
    check(&all("when = [\"no-tls\", \"access-key\"]\nresource = \"arn:aws:s3:::b/*\""), &[]);
    check(&all("when = \"other-account\"\naccounts = \"111122223333\""), &[]);
    check(&all("principal = [\"arn:aws:iam::111122223333:role/ci\", \"ec2.amazonaws.com\", \"*\"]"), &[]);
    check(&all("[forbid.context]\n\"aws:SecureTransport\" = false\n\"aws:PrincipalTag/team\" = []"), &[]);
    check(
        &with("actions = []"),
        &[("[forbid]", "needs an `action`", ""), ("actions", "unknown key", "did you mean `action`?")],
    );
    check(
        &with("action = [\"*:Get*\", \"iam\"]"),
        &[("\"*:Get*\"", "no action", ""), ("\"iam\"", "no action", "s3:Get*")],
    );
    check(
        &with("action = [\"iam:DeactivteMFADevice\", \"iam:Deactivte*\", \"ima:*\", \"opsworks:CreateApp\"]"),
        &[
            ("\"iam:DeactivteMFADevice\"", "there is no action", "did you mean `iam:DeactivateMFADevice`?"),
            ("\"iam:Deactivte*\"", "no action matches", "did you mean `iam:Deactivate*`?"),
            ("\"ima:*\"", "no action matches", "did you mean `iam:*`?"),
        ],
    );
    check(&all("when = \"no-mfaa\""), &[("\"no-mfaa\"", "not a value of `when`", "did you mean `no-mfa`?")]);
    check(&all("when = 1"), &[("1", "`when` is a list of strings", "")]);
    check(&all("when = \"other-account\""), &[("\"other-account\"", "does not know your accounts", "accounts = ")]);
    check(&all("when = \"other-account\"\naccounts = \"1\""), &[("\"1\"", "no account", "twelve digits")]);
    check(&all("when = [\"no-mfa\", \"access-key\"]"), &[("\"access-key\"", "how the request is signed", "narrower")]);
    check(
        &all("principal = \"ec2.amazonaws.com\"\nwhen = \"anonymous\""),
        &[("\"anonymous\"", "who makes the request", "one way")],
    );
    check(&all("principal = \"alice\""), &[("\"alice\"", "no principal", "a role's ARN")]);
    check(
        &all("[forbid.context]\n\"aws:SecureTransprt\" = \"false\""),
        &[("\"aws:SecureTransprt\"", "no condition key", "did you mean `aws:SecureTransport`?")],
    );
    check(&all("[forbid.context]\n\"aws:SourceIp\" = 1.5"), &[("1.5", "no value of `aws:SourceIp`", "`[]`")]);
    never_happens(all);
    let unfilled = all("").replace("{text}", "{name}");
    check(&unfilled, &[("\"`{name}` is too much\"", "nothing replaces", "{text}")]);
}

/// Requests that never happen, so that a page which forbids them forbids nothing.
#[track_caller]
fn never_happens(all: impl Fn(&str) -> String) {
    let check = |more: &str, expect: &[(&str, &str, &str)]| check(&all(more), expect);
    check("resource = \"reports/*\"", &[("\"reports/*\"", "`reports/*` is no resource", "six parts")]);
    check("not_resource = [\"*\", \"s3:::b\"]", &[("\"s3:::b\"", "no resource", "six parts")]);
    check("resource = [\"*\", \"arn:aws:s3*\", \"arn:*:s3:::b\", \"*/secret\"]", &[]);
    check(
        "resource = [\"arn:aws:s3:::b/*\", \"arn:aws:iam::*:user/*\"]",
        &[("\"arn:aws:iam::*:user/*\"", "`s3:*` does not work on `arn:aws:iam::*:user/*`", "leave `resource` out")],
    );
    check("accounts = [\"111122223333\", \"444455556666\"]", &[("\"111122223333\"", "without `other-account`", "add")]);
    check(
        "when = \"anonymous\"\naccounts = \"111122223333\"",
        &[("\"111122223333\"", "without `other-account`", "`when = \"other-account\"`")],
    );
    let context = |entries: &str, expect: &[(&str, &str, &str)]| check(&format!("[forbid.context]\n{entries}"), expect);
    context("\"aws:SourceIp\" = \"here\"", &[("\"here\"", "never the value of `aws:SourceIp`", "")]);
    context("\"aws:SourceIp\" = \"10.0.0.0/8\"", &[("\"10.0.0.0/8\"", "an address, not a range", "")]);
    context("\"aws:SourceIp\" = \"2001:db8::1\"", &[]);
    context("\"aws:SecureTransport\" = \"no\"", &[("\"no\"", "`true` or `false`", "")]);
    context("\"aws:MultiFactorAuthAge\" = \"old\"", &[("\"old\"", "a number", "")]);
    context("\"aws:CurrentTime\" = \"soon\"", &[("\"soon\"", "a date", "")]);
    context("\"aws:PrincipalArn\" = \"role/ci\"", &[("\"role/ci\"", "an ARN", "")]);
    context("\"aws:SourceVpc\" = \"vpc-1\"\n\"aws:sourcevpc\" = \"vpc-2\"", &[("\"vpc-2\"", "twice", "")]);
    let with = |when: &str, entry: &str, expect: &[(&str, &str, &str)]| {
        check(&format!("when = \"{when}\"\n[forbid.context]\n{entry}"), expect);
    };
    with("no-tls", "\"aws:securetransport\" = true", &[("true", "`no-tls` says", "")]);
    with("no-tls", "\"aws:SecureTransport\" = false", &[]);
    with("no-mfa", "\"aws:MultiFactorAuthPresent\" = true", &[("true", "without MFA", "")]);
    with("session-without-mfa", "\"aws:MultiFactorAuthPresent\" = false", &[]);
    with("access-key", "\"aws:MultiFactorAuthPresent\" = false", &[("false", "without MFA", "")]);
    with("no-mfa", "\"aws:MultiFactorAuthAge\" = 10", &[("10", "without MFA", "")]);
    let mfa = |present: &str| format!("\"aws:MultiFactorAuthAge\" = 90000\n\"aws:MultiFactorAuthPresent\" = {present}");
    context(&mfa("false"), &[("false", "no request carries `aws:MultiFactorAuthPresent` as `false`", "")]);
    context(&mfa("true"), &[]);
    context(&mfa("[]"), &[("[]", "no request is without `aws:MultiFactorAuthPresent`", "")]);
    context("\"aws:SourceAccount\" = \"111122223333\"", &[]);
    context("\"aws:PrincipalType\" = \"User\"", &[]);
    with("anonymous", "\"aws:PrincipalType\" = \"User\"", &[("\"User\"", "given what else is said of it", "")]);
}

#[test]
fn examples_are_read_with_their_settings() {
    let text = page(
        &format!("{HEADER}{SELECT}"),
        "```json bad type=trust path=a.json\n{1}\n```\n```output\nout\n```\n```json fixed\n{2}\n```\n\
         ```json good require-mfa\n{3}\n```\n```json\n{4}\n```\n",
    );
    let (examples, problems) = examples(&text);
    assert_eq!(problems, []);
    let texts: Vec<&str> = examples.iter().map(|example| example.text).collect();
    assert_eq!(texts, ["{1}\n", "{3}\n"]);
    assert_eq!(examples[0].setting.policy_type, Some(PolicyType::Trust));
    assert_eq!(examples[0].setting.path.as_deref(), Some("a.json"));
    assert!(examples[1].setting.require_mfa);
    let Shows::Bad { output, fixed: Some(fixed) } = &examples[0].shows else { panic!("{:?}", examples[0]) };
    assert_eq!((output.value, fixed.value), ("out\n", "{2}\n"));
    check(&text, &[]);
}

#[test]
fn examples_that_say_nothing_are_faults() {
    let with = |body: &str| page(&format!("{HEADER}{SELECT}"), body);
    check(&with("```json bad\n{}\n```\n"), &[("json bad", "without its output", "output")]);
    check(&with("```output\n```\n"), &[("output", "belongs to no bad example", "")]);
    check(&with("```json good\n```\n```json fixed\n```\n"), &[("json fixed", "belongs to no bad", "")]);
    check(&with("```json goid\n```\n"), &[("json goid", "says nothing", "did you mean `good`?")]);
    check(&with("```yaml good\n```\n"), &[("yaml good", "examples are in `json`", "")]);
    check(&with("```json good type=odd\n```\n"), &[("json good type=odd", "`type=odd`", "type=identity")]);
    check(&with("```json good\n{}\n"), &[("json good", "never closed", "")]);
    check(&with("```json bad\n{}\n"), &[("json bad", "never closed", "")]);
    check(&with("```json bad\n{}\n```\n```output\nx\n"), &[("output", "never closed", "")]);
    check(
        &with("```json bad\n{}\n```\n```json good\n{}\n"),
        &[("json bad", "without its output", "an `output` block"), ("json good", "never closed", "")],
    );
}

#[test]
fn the_docs_are_what_follows_the_header() {
    let text = page(HEADER, "Why.\n");
    assert_eq!(body(&text), "# No star\n\nWhy.\n");
    assert_eq!(header_text(&text), HEADER);
}

/// Pages that are nearly right: pieces of one, in any order, cut anywhere.
fn broken_page() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let whole = page(&format!("{HEADER}{SELECT}"), "```json bad\n{}\n```\n```output\né\n```\n");
    let pieces = [
        "```toml\n",
        "```",
        "````md\n",
        "\n",
        "\r\n",
        "\u{feff}",
        "id = ",
        "select = '''$.é[?",
        "[forbid]\n",
        "'''\n",
        "{ a = [1, \"é\"] }\n",
        "```json bad type=x\n",
        "```output\n",
        "# é\n",
        "severity = \"é\"\n",
        "\\u0000",
        "\u{0}",
    ];
    let cut = (0..whole.len(), 0..whole.len()).prop_map(move |(start, end)| {
        let kept = |at: usize| (at..).find(|at| whole.is_char_boundary(*at)).unwrap_or(whole.len());
        format!("{}{}", &whole[..kept(start)], &whole[kept(end)..])
    });
    let mixed = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12).prop_map(|list| list.concat());
    (cut, mixed).prop_map(|(cut, mixed)| format!("{cut}{mixed}"))
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_page_or_says_why_not(text in broken_page()) {
        let source = Source::new("no-star.md", text.as_str());
        match Page::load(&source, "mine", "no-star", Catalog::builtin()) {
            Ok(page) => assert_eq!(page.id, "no-star"),
            Err(problems) => {
                assert!(!problems.is_empty());
                for problem in problems {
                    assert!(text.get(problem.span.range()).is_some(), "{problem:?}");
                }
            }
        }
        let _ = (body(&text), header_text(&text));
    }
}
