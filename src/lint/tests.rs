use super::rules::Origin;
use super::*;
use crate::catalog::Catalog;
use crate::config::Selection;
use crate::page::Page;

const PAGE: &str = "```toml\nschema = 1\nid = \"own\"\nseverity = \"warning\"\nmentions = [\"IAM:\"]\n\
                    message = \"`{text}` found\"\nhelp = \"the page's help\"\napplies_to = [\"identity\"]\n\
                    select = \"$.Statement[*].Action[?@.service == 'iam']\"\n```\n# Own\n";

fn own_page() -> Page {
    Page::load(&Source::new("own.md", PAGE), "mine", "own", Catalog::builtin()).unwrap()
}

/// What the rules say of a text, as `rule: underlined text: message`.
fn judged(rules: &RuleSet<'_>, text: &str, adjust: impl FnOnce(&mut Options<'_>)) -> Vec<String> {
    let mut options = Options::new(rules);
    adjust(&mut options);
    let report = lint("policy.json", text.as_bytes().to_vec(), &options);
    let show = |found: &Diagnostic| format!("{}: {}: {}", found.rule, report.source.slice(found.span), found.message);
    report.diagnostics.iter().map(show).collect()
}

/// A native rule of `own`'s page.
fn native(page: &Page, decision: Decision) -> Rule<'_> {
    Rule { id: &page.id, group: &page.group, decision, page: Origin::User(page) }
}

fn complain_of_the_file(file: &FileContext<'_>, sink: &mut Sink) {
    sink.report(Span::at(0), format!("{} errors, {} policies", file.errors.len(), file.policies.len()));
    if let Some(error) = file.encoding {
        sink.report(Span::at(0), error.encoding.name());
    }
}

fn complain_twice_out_of_order(context: &Context<'_>, sink: &mut Sink) {
    let span = context.policy.span();
    sink.report(Span::at(span.end as usize), "last").severity(crate::diagnostic::Severity::Note).help("its own");
    sink.report(span, "first").related(span, "there");
    sink.report(span, "first");
}

const IAM: &str = r#"{"Statement": {"Effect": "Allow", "Action": ["s3:x", "IAM:y", "iam:z"], "Resource": "*"}}"#;

#[test]
fn a_select_reports_each_match_at_its_place() {
    let pages = [own_page()];
    let rules = RuleSet::of(all_rules(&pages).filter(|rule| rule.id == "own"));
    let both = ["own: \"IAM:y\": `IAM:y` found", "own: \"iam:z\": `iam:z` found"];
    assert_eq!(judged(&rules, IAM, |_| {}), both);
    assert_eq!(judged(&rules, IAM, |options| options.kind = Some(PolicyType::Identity)), both);
    assert_eq!(judged(&rules, IAM, |options| options.kind = Some(PolicyType::Scp)), [""; 0], "applies_to");
    assert_eq!(judged(&rules, &IAM.replace("iam:", "\\u0069am:"), |_| {}).len(), 2, "an escape hides no mention");
}

#[test]
fn what_a_finding_does_not_say_its_page_says() {
    let page = own_page();
    let rules = RuleSet::of([native(&page, Decision::Policy(complain_twice_out_of_order))]);
    let report = lint("p", IAM.as_bytes().to_vec(), &Options::new(&rules));
    let said: Vec<_> = report
        .diagnostics
        .iter()
        .map(|found| (found.message.as_str(), found.severity.name(), found.help.as_deref(), found.labels.len()))
        .collect();
    let expected = [("first", "warning", Some("the page's help"), 2), ("last", "note", Some("its own"), 1)];
    assert_eq!(said, expected, "in order, once each");
    let policy = report.diagnostics[0].policy.as_deref().unwrap();
    assert_eq!((policy.kind, policy.pointer.as_str()), (PolicyType::Identity, ""));
    assert_eq!((report.diagnostics[0].group.as_ref(), report.policies.len()), ("mine", 1));
}

#[test]
fn a_native_rule_is_silent_where_its_page_does_not_look() {
    let page = own_page();
    let rules = RuleSet::of([native(&page, Decision::Policy(complain_twice_out_of_order))]);
    let without = IAM.replace("IAM:y", "s3:y").replace("iam:z", "s3:z");
    assert_eq!(judged(&rules, &without, |_| {}), [""; 0]);
    assert_eq!(judged(&rules, IAM, |options| options.kind = Some(PolicyType::Trust)), [""; 0]);
}

#[test]
fn a_file_is_judged_if_it_holds_a_policy_or_was_meant_to() {
    let page = own_page();
    let rules = RuleSet::of([native(&page, Decision::File(complain_of_the_file))]);
    let check = |text: &str, normal: &[&str], strict: &[&str]| {
        let said = |found: Vec<String>| -> Vec<String> {
            found.into_iter().map(|line| line.rsplit(": ").next().unwrap().to_owned()).collect()
        };
        assert_eq!(said(judged(&rules, text, |_| {})), normal, "{text}");
        assert_eq!(said(judged(&rules, text, |options| options.strict = true)), strict, "{text}");
    };
    check(IAM, &["0 errors, 1 policies"], &["0 errors, 1 policies"]);
    check(r#"{"a": 1,}"#, &[], &["1 errors, 0 policies"]);
    check("", &[], &["1 errors, 0 policies"]);
    check(&IAM.replace("\"*\"}}", "\"*\",}}"), &["1 errors, 1 policies"], &["1 errors, 1 policies"]);
}

#[test]
fn bytes_that_are_no_text_are_judged_by_what_can_be_read_of_them() {
    let page = own_page();
    let rules = RuleSet::of([native(&page, Decision::File(complain_of_the_file))]);
    let check = |bytes: Vec<u8>, expect: &[&str]| {
        let report = lint("p", bytes, &Options::new(&rules));
        let said: Vec<&str> = report.diagnostics.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(said, expect);
    };
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    check(utf16(IAM), &["0 errors, 0 policies", "UTF-16LE"]);
    check(utf16("{\"name\": 1}"), &[]);
    check(vec![0xff, 0xfe, 0xfd], &[]);
    check([IAM.as_bytes(), &[0xff]].concat(), &["0 errors, 0 policies", "not UTF-8"]);
}

#[test]
fn policies_are_found_with_their_types() {
    let found = find("p.json", format!("{{\"a\": [{IAM}, {IAM}]}}").into_bytes(), None);
    let pointers: Vec<&str> = found.iter().map(|policy| policy.pointer.as_str()).collect();
    assert_eq!(pointers, ["/a/0", "/a/1"]);
    let rules = RuleSet::of([]);
    let mut options = Options::new(&rules);
    options.kind = Some(PolicyType::Rcp);
    let report = lint("p.json", IAM.as_bytes().to_vec(), &options);
    assert_eq!(report.policies[0].kind, TypeGuess { kind: PolicyType::Rcp, reason: "as the user says".into() });
}

#[test]
fn a_selection_chooses_among_all_rules() {
    let pages = [own_page()];
    let ids = |select: &[&str], pedantic: bool| -> Vec<String> {
        let select = select.iter().map(|name| (*name).to_owned()).collect();
        let selection = Selection { select, pedantic, ..Selection::default() };
        RuleSet::new(&selection, &pages).iter().map(|rule| rule.id.to_owned()).collect()
    };
    assert_eq!(ids(&["own"], false), ["own"]);
    assert_eq!(ids(&["mine"], false), ["own"]);
    assert_eq!(ids(&[], true).len(), crate::rules::BUILTIN.len() + 1);
    let off: Vec<String> = ids(&[], true).into_iter().filter(|id| !ids(&[], false).contains(id)).collect();
    let said: Vec<String> =
        all_rules(&pages).filter(|rule| !rule.page().default_on).map(|rule| rule.id.to_owned()).collect();
    assert_eq!(off, said);
}
