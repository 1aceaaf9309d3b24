//! The search for text: all globs are walked at once.
//!
//! A state is the set of places at which the globs can stand, as bits; a breadth-first walk over states makes the first
//! text found the shortest. This is exact: no text is found if and only if there is none, unless the budget ends first.

use super::glob::{Language, Reach, Search, Step};
use std::collections::{HashMap, VecDeque};

/// A letter of the texts that are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    Char(char),
    Open(u32),
}

/// All globs of all languages, side by side. Places are numbered through; each glob has one more than it has steps,
/// and the last one accepts.
pub(super) struct Machine {
    steps: Vec<Option<Step>>,
    folded: Vec<bool>,
    within: Vec<Group>,
    without: Vec<Group>,
    starts: Vec<usize>,
    /// A character that occurs in no glob and so stands for all others.
    other: char,
}

/// The places of one language, as bits.
struct Group {
    all: State,
    /// Those that accept.
    ends: State,
    /// Those before a run that nothing stops and that ends its glob: whatever follows is accepted.
    stuck: State,
}

type State = Box<[u64]>;

impl Machine {
    pub(super) fn new(within: &[&Language], without: &[&Language]) -> Self {
        let mut machine = Self {
            steps: Vec::new(),
            folded: Vec::new(),
            within: Vec::new(),
            without: Vec::new(),
            starts: Vec::new(),
            other: 'a',
        };
        machine.within = within.iter().map(|language| machine.group(language)).collect();
        machine.without = without.iter().map(|language| machine.group(language)).collect();
        let occurs = |c: char| {
            let same = |step: &Option<Step>| matches!(step, Some(Step::Char(own)) if own.eq_ignore_ascii_case(&c));
            machine.steps.iter().any(same)
        };
        let mut others = ('a'..='z').chain('0'..='9').chain('\u{e0}'..='\u{2fff}');
        machine.other = others.find(|c| !occurs(*c)).unwrap_or('\u{fffd}');
        machine
    }

    fn group(&mut self, language: &Language) -> Group {
        let size =
            (self.steps.len() + language.globs.iter().map(|glob| glob.steps.len() + 1).sum::<usize>()).div_ceil(64);
        let none = || -> State { vec![0; size].into() };
        let mut group = Group { all: none(), ends: none(), stuck: none() };
        for glob in &language.globs {
            self.starts.push(self.steps.len());
            for step in &glob.steps {
                set(&mut group.all, self.steps.len());
                self.steps.push(Some(*step));
            }
            set(&mut group.all, self.steps.len());
            set(&mut group.ends, self.steps.len());
            if glob.steps.last() == Some(&Step::Many(Reach::Anywhere)) {
                set(&mut group.stuck, self.steps.len() - 1);
            }
            self.steps.push(None);
            self.folded.resize(self.steps.len(), glob.folded);
        }
        group
    }

    fn start(&self) -> State {
        let mut state: State = vec![0; self.steps.len().div_ceil(64)].into();
        for start in &self.starts {
            self.enter(&mut state, *start);
        }
        state
    }

    /// Stands at `place`, and, as a run may be empty, behind the runs that begin there.
    fn enter(&self, state: &mut State, mut place: usize) {
        set(state, place);
        while let Some(Step::Many(_)) = self.steps[place] {
            place += 1;
            set(state, place);
        }
    }

    fn step(&self, state: &State, letter: Letter) -> State {
        let mut next: State = vec![0; state.len()].into();
        for place in places(state) {
            let passes = |reach: Reach| match letter {
                Letter::Char(c) => reach.passes(c),
                Letter::Open(_) => reach == Reach::Anywhere,
            };
            match (self.steps[place], letter) {
                (Some(Step::Char(own)), Letter::Char(c)) if own == self.folded_at(place, c) => {
                    self.enter(&mut next, place + 1);
                }
                (Some(Step::Open(own)), Letter::Open(id)) if own == id => self.enter(&mut next, place + 1),
                (Some(Step::One(reach)), Letter::Char(_)) if passes(reach) => self.enter(&mut next, place + 1),
                (Some(Step::Many(reach)), _) if passes(reach) => self.enter(&mut next, place),
                _ => {}
            }
        }
        next
    }

    /// What `c` is where case may not matter.
    fn folded_at(&self, place: usize, c: char) -> char {
        if self.folded[place] { c.to_ascii_lowercase() } else { c }
    }

    fn accepts(&self, state: &State) -> bool {
        let ended = |group: &Group| meets(state, &group.ends);
        self.within.iter().all(ended) && !self.without.iter().any(ended)
    }

    /// Whether no text that passes through `state` is wanted: a language to be in is lost, or one to be out of
    /// accepts whatever follows.
    fn is_dead(&self, state: &State) -> bool {
        self.within.iter().any(|group| !meets(state, &group.all))
            || self.without.iter().any(|group| meets(state, &group.stuck))
    }

    /// The letters that lead to different states from here; `other` stands for the rest.
    fn letters(&self, state: &State, letters: &mut Vec<Letter>) {
        letters.clear();
        letters.push(Letter::Char(self.other));
        for place in places(state) {
            match self.steps[place] {
                Some(Step::Char(c)) => {
                    letters.push(Letter::Char(c));
                    // Elsewhere, its capital may matter.
                    if self.folded[place] && c.is_ascii_lowercase() {
                        letters.push(Letter::Char(c.to_ascii_uppercase()));
                    }
                }
                Some(Step::Open(id)) => letters.push(Letter::Open(id)),
                Some(Step::One(reach) | Step::Many(reach)) => {
                    letters.extend([':', '/'].into_iter().filter(|c| !reach.passes(*c)).map(Letter::Char));
                }
                _ => {}
            }
        }
        let rank = |letter: &Letter| match letter {
            Letter::Char(c) => (!c.is_ascii_alphanumeric(), *c as u32),
            Letter::Open(id) => (true, *id),
        };
        letters[1..].sort_by_key(rank);
        letters.dedup();
    }

    pub(super) fn walk(&self, budget: &mut usize) -> Search<String> {
        let start = self.start();
        if self.is_dead(&start) {
            return Search::Nothing;
        }
        let empty = self.accepts(&start);
        let mut came: Vec<(usize, Letter)> = vec![(usize::MAX, Letter::Char(self.other))];
        let mut seen: HashMap<State, ()> = HashMap::from([(start.clone(), ())]);
        let mut queue = VecDeque::from([(0, start)]);
        let mut letters = Vec::new();
        while let Some((from, state)) = queue.pop_front() {
            self.letters(&state, &mut letters);
            for letter in &letters {
                let next = self.step(&state, *letter);
                if self.is_dead(&next) {
                    continue;
                }
                let accepts = self.accepts(&next);
                // Only the start may be accepted and seen before it is looked at.
                if !accepts && seen.contains_key(&next) {
                    continue;
                }
                came.push((from, *letter));
                if accepts {
                    return Search::Found(spell(&came));
                }
                if *budget == 0 {
                    return Search::GaveUp;
                }
                *budget -= 1;
                seen.insert(next.clone(), ());
                queue.push_back((came.len() - 1, next));
            }
        }
        if empty { Search::Found(String::new()) } else { Search::Nothing }
    }
}

/// The text that leads to the last of `came`. An open variable is spelled as nothing: such a text is no witness,
/// and only that it exists matters.
fn spell(came: &[(usize, Letter)]) -> String {
    let mut text = Vec::new();
    let mut at = came.len() - 1;
    while at != 0 {
        let (from, letter) = came[at];
        if let Letter::Char(c) = letter {
            text.push(c);
        }
        at = from;
    }
    text.iter().rev().collect()
}

fn set(state: &mut State, place: usize) {
    state[place / 64] |= 1 << (place % 64);
}

/// Whether the two have a place in common. A group's bits end where its places do.
fn meets(state: &State, group: &State) -> bool {
    state.iter().zip(group).any(|(own, other)| own & other != 0)
}

fn places(state: &State) -> impl Iterator<Item = usize> + '_ {
    state.iter().enumerate().flat_map(|(word, bits)| {
        let mut bits = *bits;
        std::iter::from_fn(move || {
            let bit = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
            bits &= bits - 1;
            Some(word * 64 + bit)
        })
    })
}
