//! The search for text against every text there is, up to a length.

use super::glob::{Glob, Language, Reach, Search, Step, shortest};
use super::opened::{self, Value};

/// Every text over a few letters, shortest first.
fn texts() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut from = 0;
    for _ in 0..5 {
        let to = all.len();
        for at in from..to {
            all.extend("aA1:/".chars().map(|c| format!("{}{c}", all[at])).collect::<Vec<_>>());
        }
        from = to;
    }
    all
}

/// A matcher that is as plain as can be.
fn matches(steps: &[Step], folded: bool, text: &[char]) -> bool {
    let reaches = |reach: Reach, c: char| match reach {
        Reach::Anywhere => true,
        Reach::Part => c != ':',
        Reach::Name => ![':', '/'].contains(&c),
    };
    match (steps.split_first(), text.split_first()) {
        (None, _) => text.is_empty(),
        (Some((Step::Many(reach), rest)), Some((c, tail))) if reaches(*reach, *c) => {
            matches(rest, folded, text) || matches(steps, folded, tail)
        }
        (Some((Step::Many(_), rest)), _) => matches(rest, folded, text),
        (Some((Step::Digit, rest)), Some((c, tail))) => c.is_ascii_digit() && matches(rest, folded, tail),
        (Some((Step::One(reach), rest)), Some((c, tail))) => reaches(*reach, *c) && matches(rest, folded, tail),
        (Some((Step::Char(own), rest)), Some((c, tail))) => {
            *own == if folded { c.to_ascii_lowercase() } else { *c } && matches(rest, folded, tail)
        }
        _ => false,
    }
}

fn language(next: &mut impl FnMut(usize) -> usize) -> Language {
    let globs = (0..1 + next(2)).map(|_| {
        let steps = (0..next(6)).map(|_| match next(7) {
            0 | 1 => Step::Many(Reach::Anywhere),
            2 => Step::Many(if next(2) == 0 { Reach::Part } else { Reach::Name }),
            3 => Step::One(if next(2) == 0 { Reach::Part } else { Reach::Anywhere }),
            4 => Step::Char('a'),
            5 if next(2) == 0 => Step::Digit,
            5 => Step::Char(if next(2) == 0 { 'A' } else { '1' }),
            _ => Step::Char(if next(3) == 0 { '/' } else { ':' }),
        });
        let glob = Glob { steps: steps.collect(), folded: false };
        if next(4) == 0 { glob.fold() } else { glob }
    });
    Language { globs: globs.collect() }
}

#[test]
fn the_shortest_text_is_found_if_there_is_one() {
    let texts = texts();
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut next = |limit: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 20) as usize % limit
    };
    let within_plain = |language: &Language, text: &str| {
        let chars: Vec<char> = text.chars().collect();
        language.globs.iter().any(|glob| matches(&glob.steps, glob.folded, &chars))
    };
    for _ in 0..400 {
        let within: Vec<Language> = (0..1 + next(2)).map(|_| language(&mut next)).collect();
        let without: Vec<Language> = (0..next(3)).map(|_| language(&mut next)).collect();
        let fits = |text: &str| {
            within.iter().all(|one| within_plain(one, text)) && !without.iter().any(|one| within_plain(one, text))
        };
        let known = texts.iter().filter(|text| fits(text)).min_by_key(|text| (text.is_empty(), text.chars().count()));
        let mut budget = 10_000;
        match shortest(&within.iter().collect::<Vec<_>>(), &without.iter().collect::<Vec<_>>(), &mut budget) {
            Search::Found(text) => {
                assert!(fits(&text), "{text:?} in {within:?} without {without:?}");
                assert!(within.iter().all(|one| one.contains(&text)));
                if let Some(known) = known.filter(|known| !known.is_empty()) {
                    assert!(text.chars().count() <= known.chars().count(), "{text:?} is longer than {known:?}");
                }
            }
            Search::Nothing => assert_eq!(known, None, "{within:?} without {without:?}"),
            Search::GaveUp => panic!("ten thousand states for {within:?} without {without:?}"),
        }
    }
}

#[test]
fn an_open_variable_is_matched_by_itself_and_by_any_run() {
    let glob = |steps: &[Step]| Language::of(Glob { steps: steps.to_vec(), folded: false });
    let (open, other) = (Step::Open(0), Step::Open(2));
    let covers =
        |wide: &Language, narrow: &Language| opened::text(&[narrow], &[wide], &[], &mut 1000) == Search::Nothing;
    let own = glob(&[Step::Char('x'), open]);
    assert!(covers(&own, &own));
    assert!(covers(&glob(&[Step::Char('x'), Step::Many(Reach::Anywhere)]), &own));
    assert!(!covers(&glob(&[Step::Char('x'), Step::Many(Reach::Part)]), &own));
    assert!(!covers(&glob(&[Step::Char('x'), Step::One(Reach::Anywhere)]), &own));
    assert!(!covers(&glob(&[Step::Char('x'), other]), &own));
    assert!(!covers(&own, &glob(&[Step::Char('x'), Step::Many(Reach::Anywhere)])));
}

#[test]
fn what_is_known_of_an_open_variable_holds_where_it_stands() {
    let wild = |text: &str| Language::of(Glob::wild(text));
    let own = Language::of(Glob { steps: vec![Step::Char('x'), Step::Open(0), Step::Char('y')], folded: false });
    let (begins, ends, asked) = (wild("a*"), wild("*bb"), wild("xa*"));
    let text = |within: &[&Language], known: (&[&Language], &[&Language])| {
        let (known_within, known_without) = (known.0.to_vec(), known.1.to_vec());
        let values = [Value { id: 0, within: known_within, without: known_without }];
        opened::text(&[&[&own], within].concat(), &[], &values, &mut 10_000)
    };
    assert_eq!(text(&[&asked], (&[&ends], &[])), Search::Found("xabby".into()));
    assert_eq!(text(&[&asked], (&[&ends], &[&begins])), Search::Nothing);
    assert_eq!(text(&[&wild("xb*")], (&[&begins], &[])), Search::Nothing);
    assert_eq!(text(&[&wild("x*")], (&[&begins], &[&wild("a"), &wild("aa")])).map(|text| text.len()), Search::Found(4));
}
