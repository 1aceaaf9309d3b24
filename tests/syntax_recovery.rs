//! What the reader makes of text that is broken in the ways in which policies are: one error for one cause, at the
//! characters at fault, and all around it kept.

use iam_lint::syntax::SyntaxErrorKind::{self, *};
use iam_lint::syntax::{Node, Value, parse, part_span};
use iam_lint::text::Span;

/// The tree in short: holes are `?`, missing values `!`, strings without quotes.
fn shape(node: &Node<'_>) -> String {
    fn write(node: &Node<'_>, out: &mut String) {
        match &node.value {
            Value::Missing => out.push('!'),
            Value::Hole => out.push('?'),
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(text) => out.push_str(text),
            Value::String(text) => out.push_str(text),
            Value::Array(elements) => {
                out.push('[');
                for (at, element) in elements.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { " " });
                    write(element, out);
                }
                out.push(']');
            }
            Value::Object(members) => {
                out.push('{');
                for (at, member) in members.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { " " });
                    out.push_str(&member.key);
                    out.push(':');
                    write(&member.value, out);
                }
                out.push('}');
            }
        }
    }
    let mut out = String::new();
    write(node, &mut out);
    out
}

/// `errors` are the kinds and the underlined text; where that is empty, the text before it.
#[track_caller]
fn check(text: &str, errors: &[(SyntaxErrorKind, &str)], expected: &str) {
    let (tree, found) = parse(text);
    let described: Vec<(SyntaxErrorKind, &str)> = found
        .iter()
        .map(|error| match error.span.is_empty() {
            true => (error.kind, &text[..error.span.range().start]),
            false => (error.kind, &text[error.span.range()]),
        })
        .collect();
    let matches = described.len() == errors.len()
        && found.iter().zip(&described).zip(errors).all(|((error, described), expected)| {
            described.0 == expected.0
                && if error.span.is_empty() { described.1.ends_with(expected.1) } else { described.1 == expected.1 }
        });
    assert!(matches, "{text}\nexpected {errors:?}\nfound {described:?}");
    let shapes: Vec<String> = tree.documents.iter().map(shape).collect();
    assert_eq!(shapes.join(" ; "), expected, "{text}");
}

#[test]
fn half_typed_members() {
    check(r#"{"Effect" "Allow", "b": 1}"#, &[(MissingColon, "\"Effect\"")], "{Effect:Allow b:1}");
    check(r#"{"a" {"b": 1}, "c": 2}"#, &[(MissingColon, "\"a\"")], "{a:{b:1} c:2}");
    check(r#"{"Effect", "b": 1}"#, &[(MissingColon, "\"Effect\"")], "{Effect:! b:1}");
    check("{\"Effect\"\n \"b\": 1}", &[(MissingColon, "\"Effect\"")], "{Effect:! b:1}");
    check(r#"{"Effect": , "b": 1}"#, &[(MissingValue, "\"Effect\":")], "{Effect:! b:1}");
    check("{\"Effect\":\n \"b\": 1}", &[(MissingValue, "\"Effect\":")], "{Effect:! b:1}");
    check(r#"{"a": {"b":}, "c": 1}"#, &[(MissingValue, "\"b\":")], "{a:{b:!} c:1}");
    check("{\"Eff\n \"b\": 1}", &[(UnterminatedString, "\"Eff")], "{Eff:! b:1}");
    check("{\"a\": [\"x\n \"b\": 1}", &[(UnterminatedString, "\"x")], "{a:[x] b:1}");
    check("{\"a\": [\"x\", \"y\"\n \"b\": 1}", &[(UnclosedArray, "[")], "{a:[x y] b:1}");
    check("{\n \"a\": [\n \"b\": 1}", &[(UnclosedArray, "[")], "{a:[] b:1}");
    check("{\"Effect\": \"All\n \"b\": 1}", &[(UnterminatedString, "\"All")], "{Effect:All b:1}");
    check("{\"Effect\": \"All,\n \"b\": 1}", &[(UnterminatedString, "\"All")], "{Effect:All b:1}");
    check(r#"{"Effect: "Allow", "b": 1}"#, &[(UnterminatedString, "\"Effect")], "{Effect:Allow b:1}");
    check(r#"{"a": ["x, "y"], "b": 1}"#, &[(UnterminatedString, "\"x")], "{a:[x y] b:1}");
    check(r#"{Effect": "Allow", "b": 1}"#, &[(UnquotedKey, "Effect\"")], "{Effect:Allow b:1}");
    check(r#"{"a": "b"c", "d": 1}"#, &[(UnescapedQuote, "\"")], "{a:b\"c d:1}");
    check(r#"{"Effect" = "Allow", "b": 1}"#, &[(MissingColon, "=")], "{Effect:Allow b:1}");
    check(r#"{aws:A": "x", "b": 1}"#, &[(UnquotedKey, "aws:A\"")], "{aws:A:x b:1}");
    check(r#"{"Effect: "*", "b": 1}"#, &[(UnterminatedString, "\"Effect")], "{Effect:* b:1}");
    check(r#"{"Sid : "", "b": 1}"#, &[(UnterminatedString, "\"Sid")], "{Sid: b:1}");
    check(r#"{Fn::Join": 1, "b": 1}"#, &[(UnquotedKey, "Fn::Join\"")], "{Fn::Join:1 b:1}");
    check(r#"{"a": 12", "b": 1}"#, &[(BadLiteral, "12\"")], "{a:12 b:1}");
    check(r#"{"a": [true"]}"#, &[(BadLiteral, "true\"")], "{a:[true]}");
    check(r#"{"a: {"b": 1}}"#, &[(UnterminatedString, "\"a")], "{a:{b:1}}");
    check("{\"a: [\n \"b\"], \"c\": 1}", &[(UnterminatedString, "\"a")], "{a:[b] c:1}");
    check("{\n a = \"x\"\n b = 1\n}", &[(UnquotedKey, "a"), (UnquotedKey, "b")], "{a:x b:1}");
    check(r#"{"a": 1, {"b": 2}, "c": 3}"#, &[(ExpectedKey, "{")], "{a:1 :{b:2} c:3}");
    check("{\"a\": \"x\n  y z\", \"b\": 2}", &[(ControlCharacter, "\n")], "{a:x\n  y z b:2}");
}

#[test]
fn the_text_ends_too_early() {
    check("", &[(Empty, "")], "");
    check(" \n", &[(Empty, "")], "");
    check(r#"{"a": [{"b": "#, &[(MissingValue, "\"b\":")], "{a:[{b:!}]}");
    check(r#"{"a": [{"b""#, &[(MissingColon, "\"b\"")], "{a:[{b:!}]}");
    check(r#"{"a": [{"#, &[(UnclosedObject, "{")], "{a:[{}]}");
    check(r#"{"a": ["x","#, &[(UnclosedArray, "[")], "{a:[x]}");
    check(r#"{"a": "b"#, &[(UnterminatedString, "\"b")], "{a:b}");
    check(r#"{"a": "b}"#, &[(UnterminatedString, "\"b")], "{a:b}");
    check(r#"{"a": tr"#, &[(BadLiteral, "tr")], "{a:tr}");
    for half in [r#""b\"#, r#""b\u"#, r#""b\u00"#, r#""b\ud83d"#] {
        let (_, errors) = parse(half);
        assert_eq!(errors.iter().map(|error| error.kind).collect::<Vec<_>>(), [UnterminatedString], "{half}");
    }
}

#[test]
fn commas() {
    check("[1,]", &[(TrailingComma, ",")], "[1]");
    check(r#"{"a": 1,}"#, &[(TrailingComma, ",")], "{a:1}");
    check(r#"{"a": 1,, "b": 2}"#, &[(ExtraComma, ",")], "{a:1 b:2}");
    check("[1,,]", &[(ExtraComma, ",")], "[1]");
    check("[,1]", &[(ExtraComma, ",")], "[1]");
    check("[1 2]", &[(MissingComma, "[1")], "[1 2]");
    check("{\"a\": 1\n\"b\": 2}", &[(MissingComma, "1")], "{a:1 b:2}");
    check(r#"{"a": 1; "b": 2}"#, &[(Unexpected, ";")], "{a:1 b:2}");
    check(r#"{"a": 1},"#, &[(TrailingComma, ",")], "{a:1}");
}

#[test]
fn brackets() {
    check(r#"{"a": ["x", "y"}, "b": 2}"#, &[(MismatchedClose, "}")], "{a:[x y] b:2}");
    check(r#"[{"a": "x"], {"b": 2}]"#, &[(MismatchedClose, "]")], "[{a:x} {b:2}]");
    check("{\"S\": {\"a\": [\"x\"\n }, \"b\": 2}", &[(UnclosedArray, "[")], "{S:{a:[x]} b:2}");
    check(r#"{"a": ["x", "y", "b": 2}"#, &[(UnclosedArray, "[")], "{a:[x y] b:2}");
    check(r#"{"S": [{"a": 1, {"b": 2}]}"#, &[(UnclosedObject, "{")], "{S:[{a:1} {b:2}]}");
    check(r#"{"S": [{"C": {"k": "v"}, {"a": 2}]}"#, &[(UnclosedObject, "{")], "{S:[{C:{k:v}} {a:2}]}");
    check(r#"{"S": [{"a": 1 ]}"#, &[(UnclosedObject, "{")], "{S:[{a:1}]}");
    check(r#"{"S": [{"C": {}}, "R": 1}, {}], "V": 2}"#, &[(UnmatchedClose, "}")], "{S:[{C:{} R:1} {}] V:2}");
    check("{\n \"S\": [\n  {},\n \"V\": 2\n}", &[(UnclosedArray, "[")], "{S:[{}] V:2}");
    check(r#"{"V": {}}, "S": [1]}"#, &[(UnmatchedClose, "}")], "{V:{} S:[1]}");
    check(r#"{"a": 1}}"#, &[(UnmatchedClose, "}")], "{a:1}");
    check(r#"{"S": {"a": 1}, {"a": 2}, {"a": 3}], "b": 4}"#, &[(MissingBrackets, "{")], "{S:[{a:1} {a:2} {a:3}] b:4}");
    check(r#"{"S": {"a": 1}, {"a": 2}, "b": 4}"#, &[(MissingBrackets, "{")], "{S:[{a:1} {a:2}] b:4}");
    check(r#"{"S": ["a": 1, "b": 2}, {"a": 3}]}"#, &[(MissingBraces, "\"a\"")], "{S:[{a:1 b:2} {a:3}]}");
    check(r#"{"S": [{"a": 1}, "a": 2, "b": 2}]}"#, &[(MissingBraces, "\"a\"")], "{S:[{a:1} {a:2 b:2}]}");
    check(r#"{"P": ["AWS": "*"], "b": 2}"#, &[(Unexpected, ":")], "{P:[AWS *] b:2}");
    check(r#""V": "x", "S": [1]"#, &[(MissingBraces, "\"V\"")], "{V:x S:[1]}");
}

#[test]
fn what_is_not_json() {
    check("[1, // x\n2 /* y */, # z\n3]", &[(Comment, "// x"), (Comment, "/* y */"), (Comment, "# z")], "[1 2 3]");
    check("[1 /* x", &[(UnterminatedComment, "/*")], "[1]");
    check("{'a': 'x'}", &[(SingleQuoted, "'a'"), (SingleQuoted, "'x'")], "{a:x}");
    check("{“a”: 1}", &[(TypographicQuotes, "“a”")], "{a:1}");
    check("{a: 1, aws:SourceIp: 2}", &[(UnquotedKey, "a"), (UnquotedKey, "aws:SourceIp")], "{a:1 aws:SourceIp:2}");
    check("[True, None]", &[(BadLiteral, "True"), (BadLiteral, "None")], "[true null]");
    check(r#"{"a": s3:Get*, "b": 1}"#, &[(BadLiteral, "s3:Get*")], "{a:s3:Get* b:1}");
    check("[007, +1, 0x1F, NaN]", &["007", "+1", "0x1F", "NaN"].map(|word| (BadNumber, word)), "[007 +1 0x1F NaN]");
    check("[\"\\q\", \"\\u12G\"]", &[(BadEscape, "\\q"), (BadEscape, "\\u12")], "[\\q \\u12G]");
    check("[\"\\ud83d\"]", &[(LoneSurrogate, "\\ud83d")], "[\u{fffd}]");
    check("[\"a\tb\"]", &[(ControlCharacter, "\t")], "[a\tb]");
    check("[\u{a0}1]", &[(StrayWhitespace, "\u{a0}")], "[1]");
    check("\u{feff}[1]", &[], "[1]");
    check("{} {} {}", &[(SecondDocument, "{")], "{} ; {} ; {}");
    check(r#"["${join("\",\"", x)}", "{{ x | join('","') }}", "${x == "}" ? "a" : "b"}"]"#, &[], "[? ? ?]");
    check("{{ if x }}{}{{ end }}", &[], "{}");
    check("{{ header }}{}<%= footer %>", &[], "? ; {} ; ?");
    check(r#"["""a"b""", """"]"#, &[(TripleQuotes, r#""""a"b""""#), (MissingComma, "\"\"")], "[a\"b  ]");
    check("```json\n{}\n```\n", &[(MarkdownFence, "```json")], "{}");
    check("1. {\n2.  \"a\": 1\n3. }\n", &[(LineNumber, "1.")], "{a:1}");
    check("a: 1\nb: 2\n", &[(NotJson, "a: 1")], "");
    check("---\n- 1\n", &[(NotJson, "---")], "");
    check("<html></html>", &[(NotJson, "<html></html>")], "");
    let conflict = "{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> x\n}";
    check(conflict, &[(ConflictMarker, "<<<<<<< HEAD")], "{a:1 a:2}");
}

#[test]
fn json_in_another_language() {
    check("Policy:\n{\"a\": 1}\n{\"b\": 2}", &[(NotJson, "Policy:")], "{a:1} ; {b:2}");
    check("const p = {\n\"a\": [1]};\nf({ x: 1 }, []);", &[(NotJson, "const p =")], "{a:[1]}");
    check("([{\"a\": 1}])", &[(NotJson, "(")], "[{a:1}]");
    check("# why\nx <<EOF\n{\"a\": \"${b}\"}\nEOF\n} ] :", &[(NotJson, "x <<EOF")], "{a:${b}}");
    check("\"use strict\";\np = {\"a\": 1}", &[(NotJson, "\"use strict\";")], "{a:1}");
    // What other languages write like JSON is theirs, and so are commas at the end and comments.
    check("p = {\"a\": x, \"b\": {\"c\": 1}}", &[(NotJson, "p =")], "{c:1}");
    check("p = {a: 1}", &[(NotJson, "p = {a: 1}")], "");
    check(
        "p = {\"a\": [1,], // x\n}",
        &[(NotJson, "p ="), (TrailingComma, ","), (TrailingComma, ","), (Comment, "// x")],
        "{a:[1]}",
    );
    check("p = {\"a\": [1", &[(NotJson, "p =")], "");
    check("{}\nEOF\n", &[(Unexpected, "EOF")], "{}");
}

#[test]
fn template_tags() {
    check(r#"{<% if x %>"a": 1<% end %>, <%# why %>"b": <%= y["k"] %>}"#, &[], "{a:1 b:?}");
    check(r#"["<%= y["k"] %>/*", <%- JSON.stringify(y) %>, "<%= f("x") %>"]"#, &[], "[? ? ?]");
    check("<% if (x) { %>[1 <%- end -%> 2,]<% } %>", &[], "[1 2]");
    check("<%- y = [1] -%>\n[<% y.each do |z| %>\n\"<%= z %>\",\n<% end %>]", &[], "[<%= z %>]");
    check(r#"{"a": {{{x}}}, "b": "{{{y}}}", "c": {{y}}}"#, &[], "{a:? b:{{{y}}} c:?}");
    check(r#"{"a": {{#if x}}"y"{{else}}"z"{{/if}}, {{!-- why --}}"b": 1}"#, &[], "{a:? b:1}");
    check(r#"{"a": {{ if .X }} "y" {{ else }} "z" {{ end }}, "b": 1}"#, &[], "{a:? b:1}");
    check("[{{- range $i, $x := .Y }}{{ if $i }},{{ end }}\n{\"a\": 1} {{- end }}]", &[], "[{a:1}]");
    check("[{{ end_date }}, {{ range }}, {{ if_any(x) }}, {{ $x }}, {{ $x := 1 }} 1]", &[], "[? ? ? ? 1]");
    check(r#"{"a": "b"{{#if x}}, "c": 1{{/if}}}"#, &[], "{a:b c:1}");
    check(r#"{"a": {% include "x" %}, "b": <% x() %>}"#, &[], "{a:? b:?}");
    check("[<% x]", &[(Unexpected, "<% x")], "[]");
}

#[test]
fn templates() {
    let holes = r#"{"a": ${x}_y, "b": "x"${y}, ${m}, {{ n }}: 1, <K>: 2, %{z}, "c": [<A B>, {{b}}, %{c}, a-<b>]}"#;
    check(holes, &[], "{a:? b:? ${m}:? {{ n }}:1 <K>:2 %{z}:? c:[? ? ? ?]}");
    check(r#"{"a": ${merge({"x": 1}, {"y": "}"})}, "b": {{x}}}"#, &[], "{a:? b:?}");
    check(r#"{"a": "${x["k"]}/*", "b": 1}"#, &[], "{a:? b:1}");
    check(r#"["${x}", "<a>", "{{b}}", "[[c]]"]"#, &[], "[${x} <a> {{b}} [[c]]]");
    check("[1 ${x} 2]", &[], "[1 ? 2]");
    check("[ %{ for x in y ~}\n {\"a\": 1},\n %{~ endfor }\n ]", &[], "[{a:1}]");
    check("{% if a %}[1 {# b #}{% endif %}]", &[], "[1]");
    check(r#"{"a": %{ if x }"Allow"%{ else }"Deny"%{ endif }, "b": 1}"#, &[], "{a:? b:1}");
    check("{\"a\": {{ x,\n\"b\": 1}", &[(UnterminatedTemplate, "{{ x,")], "{a:? b:1}");
    // What is never closed takes along what comes after it.
    for open in ["%{ if x", "%{ i", "%{", "${x", "{% if x", "{{ x", "<% if x", "<%= x(\"a"] {
        check(
            &format!("[1, {open}"),
            &[(UnterminatedTemplate, open)],
            if open.contains(['f', '=']) { "[1]" } else { "[1 ?]" },
        );
    }
    check("[1, %", &[(Unexpected, "%")], "[1]");
    check("[1, <", &[(Unexpected, "<")], "[1]");
    check("[1, %{ if x\n2, 3", &[(UnclosedArray, "["), (UnterminatedTemplate, "%{ if x")], "[1 2 3]");
    let (tree, _) = parse("[ %{ if x } 1 %{ endif } ]");
    assert_eq!(tree.directives, [Span::new(2, 11), Span::new(14, 24)]);
}

#[test]
fn parts_of_strings_are_found_in_the_source() {
    let check = |raw: &str, part: std::ops::Range<usize>, expected: &str| {
        let source = format!("[{raw}]");
        let span = part_span(raw, Span::new(1, 1 + raw.len()), part);
        assert_eq!(&source[span.range()], expected, "{raw}");
    };
    check("\"iam:Get*\"", 4..7, "Get");
    check("\"iam:Get*\"", 0..8, "iam:Get*");
    check("\"a\\u003ab\"", 0..1, "a");
    check("\"a\\u003ab\"", 1..2, "\\u003a");
    check("\"a\\u003ab\"", 2..3, "b");
    check("\"\\ud83d\\ude00x\"", 0..4, "\\ud83d\\ude00");
    check("\"\\ud83d\\ude00x\"", 1..5, "\\ud83d\\ude00x");
    check("\"\\qx\"", 2..3, "x");
    check("bare", 1..3, "ar");
    check("\"\"\"bare\"\"\"", 1..3, "ar");
    check("“q”", 0..1, "q");
    check("\"short\"", 3..99, "rt\"");
}
