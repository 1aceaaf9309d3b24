//! As much of Rust's syntax as it takes to see which names a file uses.

/// The text without comments, the contents of literals, and unit tests.
pub(crate) fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = literal_or_comment(rest);
        match skipped {
            0 => {
                code.push(first);
                rest = &rest[first.len_utf8()..];
            }
            len => {
                code.push(' ');
                rest = &rest[len..];
            }
        }
    }
    match code.find("#[cfg(test)]\nmod tests {") {
        Some(at) => code[..at].to_owned(),
        None => code,
    }
}

/// How long the literal or comment is that `rest` begins with; 0 if it begins with none.
fn literal_or_comment(rest: &str) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(rest.len(), |at| at + 2);
    }
    if let Some(hashes) = raw_string(rest) {
        let opening = 2 + hashes;
        let closing = format!("\"{}", "#".repeat(hashes));
        return rest[opening..].find(&closing).map_or(rest.len(), |at| opening + at + closing.len());
    }
    if rest.starts_with('"') {
        return quoted(rest, '"');
    }
    // A quote that no other follows after one character is a lifetime's.
    let mut chars = rest.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('\''), Some('\\'), _) => quoted(rest, '\''),
        (Some('\''), Some(inner), Some('\'')) => 2 + inner.len_utf8(),
        _ => 0,
    }
}

/// The number of hashes, if a raw string begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word(rest: &str) -> &str {
    &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())]
}

/// Whether something that may be part of a longer name stands before `at`.
fn continues(code: &str, at: usize) -> bool {
    code[..at].chars().next_back().is_some_and(|c| is_word(c) || c == ':' || c == '$')
}

/// The names that follow `prefix`: one, or those of a group in braces.
pub(crate) fn names_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        if continues(code, at) {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            None => names.push(word(rest).to_owned()),
            Some(group) => names.extend(group_names(group)),
        }
    }
    names
}

/// The first name of each member of a group, whose opening brace is behind us.
fn group_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 1;
    let mut member = String::new();
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            names.push(word(member.trim()).to_owned());
            member.clear();
        } else {
            member.push(c);
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The first name of each path with more than one.
pub(crate) fn paths(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices("::").filter_map(|(at, _)| {
        let start = at - code[..at].chars().rev().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
        // `::name` at the very beginning of a path names a crate as well.
        let before = code[..start].strip_suffix("::").map_or(start, |before| before.len());
        let inside = before < start && code[..before].ends_with(|c| is_word(c) || c == '>');
        (start < at && !inside).then_some(&code[start..at])
    })
}

/// Whether that macro is called.
pub(crate) fn calls(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| !continues(code, at))
}
