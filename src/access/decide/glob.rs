//! Languages of text: unions of globs, and the shortest text that is in some of them and not in others.

use super::machine::Machine;

/// A step of a [`Glob`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Step {
    /// That character.
    Char(char),
    /// Any one character, or any but a colon.
    One(Reach),
    /// Any run of characters, or any without a colon.
    Many(Reach),
    /// Any one digit.
    Digit,
    /// A policy variable whose value is left open; see [`super::opened`]. Odd numbers are of values without their case.
    Open(u32),
    /// Here the value of an open variable begins: a mark in the text that is searched, and no character.
    Begin(u32),
    /// Here it ends.
    End(u32),
}

/// How far a wildcard reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Across everything.
    Anywhere,
    /// To the next colon, at which a part of an ARN ends.
    Part,
    /// To the next colon or slash, which names such as a bucket's do not have.
    Name,
}

impl Reach {
    /// Whether a wildcard that reaches so far matches `c`.
    pub(super) fn passes(self, c: char) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Part => c != ':',
            Self::Name => c != ':' && c != '/',
        }
    }
}

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Glob {
    pub(super) steps: Vec<Step>,
    /// Whether ASCII case does not matter. The characters of `steps` are in lower case then.
    pub(super) folded: bool,
}

/// The texts that at least one of several globs matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub(super) struct Language {
    pub(super) globs: Vec<Glob>,
}

/// What came of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Search<T> {
    /// This is one.
    Found(T),
    /// There is none.
    Nothing,
    /// The budget ended first.
    GaveUp,
}

impl Glob {
    /// The glob that `text` is, `*` and `?` being wildcards.
    pub(super) fn wild(text: &str) -> Self {
        let step = |c| match c {
            '*' => Step::Many(Reach::Anywhere),
            '?' => Step::One(Reach::Anywhere),
            other => Step::Char(other),
        };
        Self { steps: text.chars().map(step).collect(), folded: false }
    }

    /// The glob that matches `text` alone.
    pub(super) fn literal(text: &str) -> Self {
        Self { steps: text.chars().map(Step::Char).collect(), folded: false }
    }

    /// This glob, without regard to case.
    pub(super) fn fold(mut self) -> Self {
        self.folded = true;
        for step in &mut self.steps {
            match step {
                Step::Char(c) => c.make_ascii_lowercase(),
                // A value and the same value without its case are two things.
                Step::Open(id) => *id |= 1,
                Step::One(_) | Step::Many(_) | Step::Digit | Step::Begin(_) | Step::End(_) => {}
            }
        }
        self
    }

    /// This glob with the wildcards of an ARN's first five parts held to their part. With `ends`, those that end
    /// their part are not.
    pub(super) fn hold_to_parts(mut self, ends: bool) -> Self {
        let mut part = 0;
        let steps = self.steps.clone();
        for (at, step) in self.steps.iter_mut().enumerate() {
            let last = steps.get(at + 1).is_none_or(|next| *next == Step::Char(':'));
            match step {
                Step::Char(':') => part += 1,
                Step::Many(_) if ends && last => {}
                Step::Many(reach) | Step::One(reach) if part < 5 => *reach = Reach::Part,
                _ => {}
            }
        }
        self
    }

    /// Whether it takes too long to compare it with texts: no ARN and no value of a key is as long, but those that stand
    /// in a policy as they are.
    fn is_too_long(&self) -> bool {
        self.steps.len() > 2048 && self.steps.iter().any(|step| !matches!(step, Step::Char(_)))
    }

    /// Whether `text` is what it spells.
    pub(super) fn spells(&self, text: &str) -> bool {
        self.steps.iter().copied().eq(text.chars().map(Step::Char))
    }

    /// Whether it matches more than one text.
    pub(super) fn is_wild(&self) -> bool {
        self.folded || self.steps.iter().any(|step| !matches!(step, Step::Char(_) | Step::Open(_)))
    }

    pub(super) fn colons(&self) -> usize {
        self.steps.iter().filter(|step| **step == Step::Char(':')).count()
    }

    /// Whether an open variable stands before an ARN's last part, where a colon in its value would change which part
    /// the rest is. Those whose values never have a colon have odd halves; see [`super::assign`].
    pub(super) fn shifts_parts(&self) -> bool {
        let before_last = |at: usize| self.steps[..at].iter().filter(|step| **step == Step::Char(':')).count() < 5;
        let may_shift = |step: &Step| matches!(step, Step::Open(id) if id / 2 % 2 == 0);
        self.steps.iter().enumerate().any(|(at, step)| may_shift(step) && before_last(at))
    }

    pub(super) fn is_open(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Open(_)))
    }

    /// Whether the plain text with which this glob begins, and that with which the other does, can be of one text; and the
    /// same of each part of an ARN, as long as no wildcard before it can be of another part.
    fn may_begin_as(&self, other: &Self) -> bool {
        let plain = |pair: &(&Step, &Step)| matches!(pair, (Step::Char(_), Step::Char(_)));
        let begin_alike =
            |(own, other): (&[Step], &[Step])| own.iter().zip(other).take_while(plain).all(|(own, other)| own == other);
        self.folded || other.folded || self.parts().zip(other.parts()).all(begin_alike)
    }

    /// What begins the glob, and what begins behind each colon for as long as each of its steps is of a known part.
    fn parts(&self) -> impl Iterator<Item = &[Step]> {
        let is_settled = |step: &Step| match step {
            Step::Char(_) | Step::Digit => true,
            Step::One(reach) | Step::Many(reach) => !reach.passes(':'),
            Step::Open(_) | Step::Begin(_) | Step::End(_) => false,
        };
        let mut rest = Some(&self.steps[..]);
        std::iter::from_fn(move || {
            let part = rest?;
            let end = part.iter().position(|step| !is_settled(step) || *step == Step::Char(':'));
            rest = end.filter(|end| part[*end] == Step::Char(':')).map(|end| &part[end + 1..]);
            Some(part)
        })
    }

    /// Whether it is seen, step by step, to match all that `other` does.
    fn covers(&self, other: &Self) -> bool {
        if self.folded || other.folded {
            return false;
        }
        let reaches = |reach: Reach, step: &Step| match step {
            Step::Char(c) => reach.passes(*c),
            Step::Digit => true,
            Step::One(own) | Step::Many(own) => [':', '/'].into_iter().all(|c| reach.passes(c) || !own.passes(c)),
            Step::Open(_) | Step::Begin(_) | Step::End(_) => false,
        };
        let end = self.steps.len();
        let runs = |mut place: usize, reached: &mut Vec<bool>| {
            reached[place] = true;
            while let Some(Step::Many(_)) = self.steps.get(place) {
                place += 1;
                reached[place] = true;
            }
        };
        let (mut reached, mut next) = (vec![false; end + 1], vec![false; end + 1]);
        runs(0, &mut reached);
        for step in &other.steps {
            for (place, own) in self.steps.iter().enumerate().filter(|(place, _)| reached[*place]) {
                match own {
                    Step::Many(reach) if reaches(*reach, step) => runs(place, &mut next),
                    Step::One(reach) if !matches!(step, Step::Many(_)) && reaches(*reach, step) => {
                        runs(place + 1, &mut next);
                    }
                    Step::Char(_) | Step::Digit if own == step => runs(place + 1, &mut next),
                    Step::Digit if matches!(step, Step::Char(c) if c.is_ascii_digit()) => runs(place + 1, &mut next),
                    _ => {}
                }
            }
            if !next.contains(&true) {
                return false;
            }
            std::mem::swap(&mut reached, &mut next);
            next.fill(false);
        }
        reached[end]
    }

    fn matches(&self, text: &str) -> bool {
        let mut steps = &self.steps[..];
        let mut chars = text.chars();
        let fold = |c: char| if self.folded { c.to_ascii_lowercase() } else { c };
        // Most begin with plain text, and most texts are not it.
        while let Some((Step::Char(own), rest)) = steps.split_first() {
            if chars.next().map(fold) != Some(*own) {
                return false;
            }
            steps = rest;
        }
        let runs = |mut place: usize, reached: &mut Vec<bool>| {
            reached[place] = true;
            while let Some(Step::Many(_)) = steps.get(place) {
                place += 1;
                reached[place] = true;
            }
        };
        let mut reached = vec![false; steps.len() + 1];
        runs(0, &mut reached);
        let mut next = vec![false; steps.len() + 1];
        for c in chars {
            for (place, step) in steps.iter().enumerate().filter(|(place, _)| reached[*place]) {
                match step {
                    Step::Char(own) if *own == fold(c) => runs(place + 1, &mut next),
                    Step::One(reach) if reach.passes(c) => runs(place + 1, &mut next),
                    Step::Many(reach) if reach.passes(c) => runs(place, &mut next),
                    Step::Digit if c.is_ascii_digit() => runs(place + 1, &mut next),
                    _ => {}
                }
            }
            std::mem::swap(&mut reached, &mut next);
            next.fill(false);
        }
        reached[steps.len()]
    }

    /// The shortest text that it matches, a wildcard for one character being an `a`; `None` with an open variable.
    fn least(&self) -> Option<String> {
        let spell = |step: &Step| match step {
            Step::Char(c) => Some(Some(*c)),
            Step::One(_) => Some(Some('a')),
            Step::Digit => Some(Some('1')),
            Step::Many(_) => Some(None),
            Step::Open(_) | Step::Begin(_) | Step::End(_) => None,
        };
        let text: Option<Vec<Option<char>>> = self.steps.iter().map(spell).collect();
        Some(text?.into_iter().flatten().collect())
    }

    /// The one text that it matches, if that is so.
    fn only(&self) -> Option<String> {
        if self.folded && self.steps.iter().any(|step| matches!(step, Step::Char(c) if c.is_ascii_alphabetic())) {
            return None;
        }
        self.steps.iter().map(|step| if let Step::Char(c) = step { Some(*c) } else { None }).collect()
    }
}

impl Language {
    pub(super) fn of(glob: Glob) -> Self {
        Self { globs: vec![glob] }
    }

    /// All text.
    pub(super) fn everything() -> Self {
        Self::of(Glob::wild("*"))
    }

    /// Whether `text` is in it.
    pub(super) fn contains(&self, text: &str) -> bool {
        self.globs.iter().any(|glob| glob.matches(text))
    }

    /// The texts in it, where they are few enough to list.
    pub(super) fn list(&self) -> Option<Vec<String>> {
        self.globs.iter().map(Glob::only).collect()
    }

    /// Those of its globs that can match a text of all the `others`, as far as plain beginnings tell: most of a long list
    /// begin with something else.
    fn beginning_as(&self, others: &[&Self]) -> Vec<&Glob> {
        let begins = |glob: &&Glob| others.iter().all(|other| other.globs.iter().any(|own| own.may_begin_as(glob)));
        self.globs.iter().filter(begins).collect()
    }

    /// Whether a glob of each can match one text, as far as their plain beginnings tell.
    pub(super) fn may_begin_as(&self, other: &Self) -> bool {
        self.globs.iter().any(|glob| other.globs.iter().any(|own| own.may_begin_as(glob)))
    }

    pub(super) fn is_everything(&self) -> bool {
        self.globs
            .iter()
            .any(|glob| !glob.steps.is_empty() && glob.steps.iter().all(|s| *s == Step::Many(Reach::Anywhere)))
    }
}

/// How many steps of globs it takes as long to read as to look at one state.
const STEPS_A_STATE: usize = 32;

/// How many globs it takes as long to see the beginning of.
const GLOBS_A_STATE: usize = 8;

/// The shortest text, an empty one last, that is in every language of `within` and in none of `without`.
/// `budget` counts down the states that are looked at.
pub(super) fn shortest<'l>(within: &[&'l Language], without: &[&'l Language], budget: &mut usize) -> Search<String> {
    let within: Vec<&'l Language> = within.iter().copied().filter(|language| !language.is_everything()).collect();
    if without.iter().any(|language| language.is_everything()) {
        return Search::Nothing;
    }
    let globs = || within.iter().chain(without).flat_map(|language| &language.globs);
    if globs().any(Glob::is_too_long) || !spend(globs().count() / GLOBS_A_STATE, budget) {
        *budget = 0;
        return Search::GaveUp;
    }
    // Only a walk takes notice of marks.
    let has_marks = globs().any(|glob| glob.steps.iter().any(|step| matches!(step, Step::Begin(_))));
    if has_marks {
        return walk(&within, without, budget);
    }
    if let Some(listed) = within.iter().find_map(|language| language.list()) {
        let fits = |text: &String| {
            within.iter().all(|language| language.contains(text)) && !without.iter().any(|other| other.contains(text))
        };
        return match listed.into_iter().filter(fits).min_by_key(|text| (text.is_empty(), text.len())) {
            Some(text) => Search::Found(text),
            None => Search::Nothing,
        };
    }
    // What is shortest in one of the languages is shortest of all, if it is in the others.
    let least = |language: &&Language| {
        let texts: Option<Vec<String>> = language.globs.iter().map(Glob::least).collect();
        texts?.into_iter().min_by_key(|text| text.chars().count()).filter(|text| !text.is_empty())
    };
    let fits = |text: &String| {
        within.iter().all(|language| language.contains(text)) && !without.iter().any(|other| other.contains(text))
    };
    if let Some(text) = within.iter().filter_map(least).find(fits) {
        return Search::Found(text);
    }
    walk(&within, without, budget)
}

/// Takes so many states from what is left, if there are.
fn spend(states: usize, budget: &mut usize) -> bool {
    let left = budget.checked_sub(states);
    *budget = left.unwrap_or(0);
    left.is_some()
}

fn walk<'l>(within: &[&'l Language], without: &[&'l Language], budget: &mut usize) -> Search<String> {
    let kept = |language: &&'l Language| language.beginning_as(within);
    let mut lists: Vec<Vec<&Glob>> = within.iter().map(kept).collect();
    let without: Vec<Vec<&Glob>> = without.iter().map(kept).collect();
    let is_left = |glob: &&Glob| !without.iter().flatten().any(|other| other.covers(glob));
    lists.iter_mut().for_each(|list| list.retain(is_left));
    if lists.iter().any(Vec::is_empty) {
        return Search::Nothing;
    }
    let steps = lists.iter().chain(&without).flatten().map(|glob| glob.steps.len());
    if !spend(steps.sum::<usize>() / STEPS_A_STATE, budget) {
        return Search::GaveUp;
    }
    Machine::new(&lists, &without).walk(budget)
}
