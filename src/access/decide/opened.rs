//! Text in which policy variables stand whose values are left open.
//!
//! The value of a variable is the same text wherever the variable stands. So the text of one pattern is searched with
//! the ends of each value marked in it, as two letters that are no characters: another pattern with the same variable
//! matches what stands between its marks, whatever it is; one without variables takes no notice of marks; and what is
//! known of the value itself has to hold between them. Of several patterns with variables that a text must match, one
//! is taken after the other, with the variables of the others standing for anything. So there may be no text where one
//! is found, but there is none where none is.

use super::glob::{Glob, Language, Reach, Search, Step, shortest};

/// What is known of the value of a variable that is left open.
#[derive(Debug, Default)]
pub(super) struct Value<'a> {
    /// Its number, as in [`Step::Open`].
    pub(super) id: u32,
    /// Languages that it is in.
    pub(super) within: Vec<&'a Language>,
    /// Languages that it is not in.
    pub(super) without: Vec<&'a Language>,
}

/// A text that is in every language of `within` and in none of `without`, as far as that can be told; that there is
/// none is certain.
pub(super) fn text(
    within: &[&Language],
    without: &[&Language],
    values: &[Value<'_>],
    budget: &mut usize,
) -> Search<String> {
    let widened: Vec<Language> = within.iter().map(|language| language.widened()).collect();
    let mut found: Option<Search<String>> = None;
    for (at, host) in within.iter().enumerate().filter(|(_, language)| language.is_open()) {
        let others = widened.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, language)| language);
        match hosted(host, &others.collect::<Vec<_>>(), without, values, budget) {
            Search::Nothing => return Search::Nothing,
            other if !matches!(found, Some(Search::Found(_))) => found = Some(other),
            _ => {}
        }
    }
    found.unwrap_or_else(|| closed(within, without, budget))
}

/// A text that one of the patterns of `host` matches.
fn hosted(
    host: &Language,
    others: &[&Language],
    without: &[&Language],
    values: &[Value<'_>],
    budget: &mut usize,
) -> Search<String> {
    let (open, plain): (Vec<&Glob>, Vec<&Glob>) = host.globs.iter().partition(|glob| glob.is_open());
    let plain = Language { globs: plain.into_iter().cloned().collect() };
    let mut found = match plain.globs.is_empty() {
        true => Search::Nothing,
        false => closed(&[&[&plain], others].concat(), without, budget),
    };
    for glob in open {
        if matches!(found, Search::Found(_)) {
            break;
        }
        match marked(glob, others, without, values, budget) {
            Search::Nothing => {}
            other => found = other,
        }
    }
    found
}

/// Where no value is marked, no pattern with a variable need match.
fn closed(within: &[&Language], without: &[&Language], budget: &mut usize) -> Search<String> {
    let without: Vec<Language> = without.iter().map(|language| language.closed()).collect();
    shortest(within, &without.iter().collect::<Vec<_>>(), budget)
}

fn marked(
    host: &Glob,
    others: &[&Language],
    without: &[&Language],
    values: &[Value<'_>],
    budget: &mut usize,
) -> Search<String> {
    let is_here = |id: u32| host.steps.contains(&Step::Open(id));
    let mut without: Vec<Language> = without.iter().map(|language| language.with_marks()).collect();
    let mut within = Vec::new();
    for value in values {
        // Of a value without its case, less is known.
        let (whole, folded) = (is_here(value.id), is_here(value.id | 1));
        let around = |id: u32, glob: &Glob| {
            let steps = [&[Step::Many(Reach::Anywhere), Step::Begin(id)], &glob.steps[..]].concat();
            let steps = [&steps[..], &[Step::End(id), Step::Many(Reach::Anywhere)]].concat();
            Glob { steps, folded: glob.folded }
        };
        for language in &value.within {
            let globs = || language.globs.iter().map(Glob::widened);
            within.extend(whole.then(|| Language { globs: globs().map(|glob| around(value.id, &glob)).collect() }));
            let fold = |glob: Glob| around(value.id | 1, &glob.fold());
            within.extend(folded.then(|| Language { globs: globs().map(fold).collect() }));
        }
        let refused = value.without.iter().filter(|_| whole).map(|language| language.closed());
        without
            .extend(refused.map(|language| Language {
                globs: language.globs.iter().map(|glob| around(value.id, glob)).collect(),
            }));
    }
    let host = Language::of(host.with_marks());
    let within: Vec<&Language> = std::iter::once(&host).chain(others.iter().copied()).chain(&within).collect();
    shortest(&within, &without.iter().collect::<Vec<_>>(), budget)
}

impl Glob {
    /// This glob with any run of characters in place of each open variable.
    fn widened(&self) -> Self {
        let widen = |step: &Step| if let Step::Open(_) = step { Step::Many(Reach::Anywhere) } else { *step };
        Self { steps: self.steps.iter().map(widen).collect(), folded: self.folded }
    }

    /// This glob with any run of characters, and marks around it, in place of each open variable.
    fn with_marks(&self) -> Self {
        let steps = self.steps.iter().flat_map(|step| match step {
            Step::Open(id) => vec![Step::Begin(*id), Step::Many(Reach::Anywhere), Step::End(*id)],
            other => vec![*other],
        });
        Self { steps: steps.collect(), folded: self.folded }
    }
}

impl Language {
    pub(super) fn is_open(&self) -> bool {
        self.globs.iter().any(Glob::is_open)
    }

    fn widened(&self) -> Self {
        Self { globs: self.globs.iter().map(Glob::widened).collect() }
    }

    fn with_marks(&self) -> Self {
        Self { globs: self.globs.iter().map(Glob::with_marks).collect() }
    }

    /// The same for texts that are the value of this variable: a pattern that has more in it than the variable is longer
    /// than its value, and one that has only wildcards besides matches whatever that is.
    pub(super) fn of_own_value(&self, id: u32) -> Self {
        let is_own = |step: &&Step| matches!(step, Step::Open(own) if own / 2 == id / 2);
        let own = |glob: &Glob| {
            let (own, others): (Vec<&Step>, Vec<&Step>) = glob.steps.iter().partition(is_own);
            let is_free = |step: &&&Step| matches!(step, Step::Many(_) | Step::Open(_));
            match own.len() {
                0 => Some(glob.clone()),
                _ if !others.iter().all(|step| is_free(&step)) => None,
                1 if others.iter().all(|step| **step == Step::Many(Reach::Anywhere)) => Some(Glob::wild("*")),
                _ => Some(glob.clone()),
            }
        };
        Self { globs: self.globs.iter().filter_map(own).collect() }
    }

    /// Those of its globs that have no open variable.
    fn closed(&self) -> Self {
        Self { globs: self.globs.iter().filter(|glob| !glob.is_open()).cloned().collect() }
    }
}
