//! A made-up repository: a thousand policies, and among them the JSON that is no policy.
//!
//! It is the same on every machine. Sizes, depths and shares are those of real repositories: half of the policies
//! have one or two statements and one in a hundred has fifty, two statements in five have a condition, and for ten
//! files with a policy there are six without. So is the rate of findings, which the bench checks: writing them takes
//! longer than finding none.

pub(crate) mod large;
mod random;

use iam_lint::catalog::{Action, Catalog, ResourceType, Service};
use random::Random;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// How many files hold a policy.
pub(crate) const POLICIES: usize = 1_000;

/// How many do not.
const OTHERS: usize = 600;

/// How many statements a policy has, by tenths of all policies; the last tenth has up to five times as many.
const STATEMENTS: [u64; 10] = [1, 1, 1, 1, 1, 2, 2, 4, 8, 13];

/// How many actions a statement has, likewise.
const ACTIONS: [u64; 10] = [1, 1, 1, 1, 2, 2, 3, 5, 8, 14];

/// A file of the repository: its path and its text.
pub(crate) struct File {
    /// Below the top.
    pub(crate) path: String,
    /// All that is in it.
    pub(crate) text: String,
}

/// Every file, in no particular order.
pub(crate) fn files() -> Vec<File> {
    let mut random = Random::new(1);
    let catalog = Catalog::builtin();
    let actions: Vec<Action<'_>> = catalog.actions().collect();
    let policies = (0..POLICIES).map(|index| {
        let text = Writer::new(&mut random, &actions).policy();
        File { path: format!("teams/{}/service-{}/policy-{index}.json", index % 7, index % 60), text }
    });
    let mut files: Vec<File> = policies.collect();
    files.extend((0..OTHERS).map(|index| {
        let (name, text) = other(&mut random, index);
        File { path: format!("packages/{}/part-{index}/{name}", index % 20), text }
    }));
    files
}

/// Writes the files below `top`.
pub(crate) fn write(files: &[File], top: &Path) -> io::Result<()> {
    for file in files {
        let path = top.join(&file.path);
        fs::create_dir_all(path.parent().unwrap_or(top))?;
        fs::write(path, &file.text)?;
    }
    Ok(())
}

struct Writer<'r, 'a> {
    random: &'r mut Random,
    actions: &'a [Action<'a>],
    out: String,
    indent: usize,
}

impl<'r, 'a> Writer<'r, 'a> {
    fn new(random: &'r mut Random, actions: &'a [Action<'a>]) -> Self {
        let indent = if random.one_in(2) { 2 } else { 4 };
        Self { random, actions, out: String::new(), indent }
    }

    fn policy(mut self) -> String {
        self.line(0, r#"{"#);
        self.line(1, r#""Version": "2012-10-17","#);
        self.line(1, r#""Statement": ["#);
        let count = by_tenths(self.random, &STATEMENTS);
        for index in 0..count {
            self.statement(index);
            self.line(2, if index + 1 < count { "}," } else { "}" });
        }
        self.line(1, "]");
        self.line(0, "}");
        self.out
    }

    fn statement(&mut self, index: u64) {
        self.line(2, "{");
        if self.random.one_in(2) {
            self.line(3, &format!(r#""Sid": "Statement{index}","#));
        }
        let deny = self.random.one_in(8);
        self.line(3, if deny { r#""Effect": "Deny","# } else { r#""Effect": "Allow","# });
        let first = self.random.pick(self.actions);
        let kinds: Vec<ResourceType<'_>> = first.resources().map(|used| used.resource_type).collect();
        let kind = if kinds.is_empty() || self.random.one_in(3) { None } else { Some(self.random.pick(&kinds)) };
        let names = self.names(first.service(), kind);
        let negated = deny && self.random.one_in(4);
        self.list(if negated { "NotAction" } else { "Action" }, &names, ",");
        let resources = self.resources(kind);
        // Who denies all but a few actions does so on a condition, or nothing else in the policy would count.
        let with_condition = negated || self.random.one_in(5) || self.random.one_in(4);
        self.list("Resource", &resources, if with_condition { "," } else { "" });
        if with_condition {
            self.condition(deny);
        }
    }

    /// The items of the list: nearly always such as work on `kind`, if there is one.
    fn names(&mut self, service: Service<'_>, kind: Option<ResourceType<'_>>) -> Vec<String> {
        let kind = kind.filter(|_| !self.random.one_in(20));
        let own: Vec<Action<'_>> = match kind {
            Some(kind) => kind.actions().collect(),
            None => service.actions().collect(),
        };
        let count = by_tenths(self.random, &ACTIONS);
        let mut named: Vec<Action<'_>> = (0..count).map(|_| self.random.pick(&own)).collect();
        named.sort_unstable_by_key(|action| action.id());
        named.dedup();
        let mut names: Vec<String> = named.iter().map(|action| action.name().to_owned()).collect();
        if self.random.one_in(4) {
            // A pattern takes the place of those that it covers.
            let name = named[0].name();
            let verb = name[..name.len().min(4)].to_owned();
            names.retain(|name| !name.starts_with(&verb) || self.random.one_in(100));
            names.insert(0, verb + "*");
        }
        names.iter().map(|name| format!("{service}:{name}")).collect()
    }

    /// `*`, or mostly resources of that type: a linter that finds a fault in every statement would be timed at writing
    /// findings.
    fn resources(&mut self, kind: Option<ResourceType<'_>>) -> Vec<String> {
        let known: Vec<&str> = kind.into_iter().flat_map(ResourceType::arn_patterns).collect();
        if known.is_empty() {
            return vec!["*".into()];
        }
        let count = 1 + self.random.below(3);
        (0..count)
            .map(|index| match self.random.below(80) {
                0 => format!("arn:aws:s3:::bucket-of-team-{index}/*"),
                1 => "arn:aws:iam::*:user/${aws:username}".into(),
                _ => {
                    let pattern = self.random.pick(&known);
                    self.filled(pattern)
                }
            })
            .collect()
    }

    /// An ARN of that pattern.
    fn filled(&mut self, pattern: &str) -> String {
        let mut arn = String::new();
        let mut pieces = pattern.split("${");
        arn.extend(pieces.next());
        for piece in pieces {
            let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
            match name {
                "Partition" => arn.push_str("aws"),
                "Region" => arn.push_str(if self.random.one_in(2) { "eu-west-1" } else { "*" }),
                "Account" => arn.push_str(if self.random.one_in(2) { "123456789012" } else { "*" }),
                _ if self.random.one_in(2) => arn.push('*'),
                _ => {
                    let _ = write!(arn, "name-{}", self.random.below(100));
                }
            }
            arn.push_str(rest);
        }
        arn
    }

    fn condition(&mut self, deny: bool) {
        let (operator, key, value) = match self.random.below(8) {
            0 if deny => ("BoolIfExists", "aws:MultiFactorAuthPresent", "false"),
            0 => ("Bool", "aws:MultiFactorAuthPresent", "true"),
            1 => ("StringNotEquals", "aws:RequestedRegion", "eu-west-1"),
            2 => ("Bool", "aws:SecureTransport", "false"),
            3 => ("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/service-role/*"),
            4 => ("StringEquals", "aws:ResourceTag/team", "blue"),
            5 => ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:123456789012:*"),
            _ => ("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
        };
        self.line(3, r#""Condition": {"#);
        self.line(4, &format!(r#""{operator}": {{"#));
        self.line(5, &format!(r#""{key}": "{value}""#));
        self.line(4, "}");
        self.line(3, "}");
    }

    fn list(&mut self, key: &str, items: &[String], comma: &str) {
        if let [item] = items {
            return self.line(3, &format!(r#""{key}": "{item}"{comma}"#));
        }
        self.line(3, &format!(r#""{key}": ["#));
        for (index, item) in items.iter().enumerate() {
            let comma = if index + 1 < items.len() { "," } else { "" };
            self.line(4, &format!(r#""{item}"{comma}"#));
        }
        self.line(3, &format!("]{comma}"));
    }

    fn line(&mut self, depth: usize, text: &str) {
        let width = depth * self.indent;
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{:width$}{text}", "");
    }
}

/// A number of the tenth in which chance falls; in the last tenth, up to five times as much.
fn by_tenths(random: &mut Random, tenths: &[u64; 10]) -> u64 {
    let tenth = random.pick(tenths);
    let factor = 1 + random.below(4);
    if tenth == tenths[9] { tenth + random.below(tenth * factor) } else { tenth }
}

/// A file such as a repository has beside its policies.
fn other(random: &mut Random, index: usize) -> (&'static str, String) {
    let pairs = |random: &mut Random, count: u64| -> String {
        let pair = |n: u64| format!("    \"package-{n}\": \"^{}.{}.0\"", n % 9, n % 31);
        let first = random.below(1_000);
        (0..count).map(|n| pair(first + n)).collect::<Vec<_>>().join(",\n")
    };
    match index % 5 {
        0 | 1 => {
            let (run, develop) = (1 + random.below(20), 1 + random.below(30));
            let (run, develop) = (pairs(random, run), pairs(random, develop));
            let text = format!(
                "{{\n  \"name\": \"part-{index}\",\n  \"version\": \"1.0.{index}\",\n  \"scripts\": {{\n    \
                 \"build\": \"tsc --build\",\n    \"test\": \"jest --coverage\"\n  }},\n  \"dependencies\": {{\n{run}\n  \
                 }},\n  \"devDependencies\": {{\n{develop}\n  }}\n}}\n"
            );
            ("package.json", text)
        }
        2 => (
            "tsconfig.json",
            "{\n  \"compilerOptions\": {\n    \"target\": \"ES2022\",\n    \"strict\": true,\n    \"outDir\": \"dist\"\n  \
             },\n  \"exclude\": [\"node_modules\"]\n}\n"
                .to_owned(),
        ),
        3 => {
            let count = 10 + random.below(80);
            let rule = |n| format!("    {{\"selector\": \"/app/{n}\", \"match\": [{n}, {n}, null], \"on\": true}}");
            let rules: Vec<String> = (0..count).map(rule).collect();
            ("settings.json", format!("{{\n  \"rules\": [\n{}\n  ]\n}}\n", rules.join(",\n")))
        }
        _ => {
            let event = format!(
                "{{\n  \"Records\": [\n    {{\n      \"eventSource\": \"aws:sqs\",\n      \"body\": \"order {index}\",\n      \
                 \"attributes\": {{\"SentTimestamp\": \"{}\"}},\n      \"action\": \"created\"\n    }}\n  ]\n}}\n",
                random.below(1 << 40)
            );
            ("event.json", event)
        }
    }
}
