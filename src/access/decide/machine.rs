//! The search for text: all globs are walked at once.
//!
//! A state is the set of places at which the globs can stand, as bits; a breadth-first walk over states makes the first
//! text found the shortest. This is exact: no text is found if and only if there is none, unless the budget ends first.

use super::alphabet::{Letter, letters, rank};
use super::glob::{Glob, Reach, Search, Step};
use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

/// All globs of all languages, side by side. Places are numbered through; each glob has one more than it has steps,
/// and the last one accepts.
pub(super) struct Machine {
    /// How many words a state has.
    words: usize,
    /// All letters that matter. The first is a character that occurs in no glob and so stands for all others.
    letters: Vec<Letter>,
    /// For each letter, the places from which it leads on to the next.
    onward: Vec<u64>,
    /// For each letter, the places at which it leaves those that stand there.
    staying: Vec<u64>,
    /// For each place, the letters that do not do there what the first one does. There are two at most.
    telling: Vec<[usize; 2]>,
    /// The places before a run, which may be empty.
    runs: State,
    /// The places before a digit.
    digits: State,
    /// The letters that are digits. All of them are there if any place is before a digit.
    of_digits: Vec<usize>,
    start: State,
    within: Vec<Group>,
    without: Vec<Group>,
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

/// No letter, in [`Machine::telling`].
const NONE: usize = usize::MAX;

/// What wildcards do, whatever the letter.
struct Wildcards {
    one: State,
    many: State,
    /// The places that a colon does not pass.
    to_colon: State,
    /// The places that a slash does not pass.
    to_slash: State,
    /// The places that take no notice of where a value begins: all but those of the first language, which says where
    /// marks are.
    past_begin: State,
    /// The places that take no notice of where a value ends: the same but those that are within one.
    past_end: State,
}

impl Machine {
    /// For texts that one glob of each list of `within` matches, and no glob of those of `without`.
    pub(super) fn new(within: &[Vec<&Glob>], without: &[Vec<&Glob>]) -> Self {
        let globs = || within.iter().chain(without).flatten().copied();
        let places: usize = globs().map(|glob| glob.steps.len() + 1).sum();
        let words = places.div_ceil(64);
        let letters = letters(globs());
        let none = || -> State { vec![0; words].into() };
        let masks = || vec![0; words * letters.len()];
        let mut wildcards = Wildcards {
            one: none(),
            many: none(),
            to_colon: none(),
            to_slash: none(),
            past_begin: none(),
            past_end: none(),
        };
        let mut machine = Self {
            words,
            onward: masks(),
            staying: masks(),
            telling: Vec::with_capacity(places),
            runs: none(),
            digits: none(),
            of_digits: Vec::new(),
            start: none(),
            within: Vec::new(),
            without: Vec::new(),
            letters,
        };
        let digits = ('1'..='9').chain(['0']).map(|digit| machine.number(Letter::Char(digit)));
        machine.of_digits = digits.filter(|digit| *digit != NONE).collect();
        machine.within = within.iter().map(|globs| machine.group(globs, &mut wildcards)).collect();
        machine.without = without.iter().map(|globs| machine.group(globs, &mut wildcards)).collect();
        machine.add(&wildcards);
        let mut start = std::mem::take(&mut machine.start);
        machine.skip_runs(&mut start);
        machine.start = start;
        machine
    }

    fn group(&mut self, globs: &[&Glob], wildcards: &mut Wildcards) -> Group {
        let is_first = self.telling.is_empty();
        let none = || -> State { vec![0; self.words].into() };
        let mut group = Group { all: none(), ends: none(), stuck: none() };
        for glob in globs {
            set(&mut self.start, self.telling.len());
            let mut in_value = false;
            for step in &glob.steps {
                set(&mut group.all, self.telling.len());
                self.pass_marks(is_first, in_value, wildcards);
                in_value = matches!(step, Step::Begin(_)) || in_value && !matches!(step, Step::End(_));
                self.step_at(*step, glob.folded, wildcards);
            }
            let end = self.telling.len();
            self.pass_marks(is_first, in_value, wildcards);
            if glob.steps.last() == Some(&Step::Many(Reach::Anywhere)) {
                set(&mut group.stuck, end - 1);
            }
            set(&mut group.all, end);
            set(&mut group.ends, end);
            self.telling.push([NONE; 2]);
        }
        group
    }

    /// Notes what marks do at the next place, beside what its step says.
    fn pass_marks(&self, is_first: bool, in_value: bool, wildcards: &mut Wildcards) {
        if !is_first {
            set(&mut wildcards.past_begin, self.telling.len());
        }
        if !is_first && !in_value {
            set(&mut wildcards.past_end, self.telling.len());
        }
    }

    /// Notes what letters do at the next place.
    fn step_at(&mut self, step: Step, folded: bool, wildcards: &mut Wildcards) {
        let place = self.telling.len();
        let telling = match step {
            Step::Char(c) => {
                let capital = Some(c.to_ascii_uppercase()).filter(|capital| folded && *capital != c);
                [self.number(Letter::Char(c)), capital.map_or(NONE, |capital| self.number(Letter::Char(capital)))]
            }
            Step::Begin(id) => [self.number(Letter::Begin(id)), NONE],
            Step::End(id) => [self.number(Letter::End(id)), NONE],
            // Nothing is it; see [`super::opened`], which leaves none.
            Step::Open(_) => [NONE; 2],
            // These letters are ten; see `letters_at`.
            Step::Digit => [NONE; 2],
            Step::One(reach) | Step::Many(reach) => {
                let stops = |c: char| if reach.passes(c) { NONE } else { self.number(Letter::Char(c)) };
                [stops(':'), stops('/')]
            }
        };
        match step {
            Step::Char(_) | Step::Open(_) | Step::Begin(_) | Step::End(_) => {
                for letter in telling.into_iter().filter(|letter| *letter != NONE) {
                    set(&mut self.onward[letter * self.words..][..self.words], place);
                }
            }
            Step::Digit => {
                set(&mut self.digits, place);
                for letter in &self.of_digits {
                    set(&mut self.onward[letter * self.words..][..self.words], place);
                }
            }
            Step::One(reach) | Step::Many(reach) => {
                let is_run = matches!(step, Step::Many(_));
                set(if is_run { &mut wildcards.many } else { &mut wildcards.one }, place);
                if is_run {
                    set(&mut self.runs, place);
                }
                if !reach.passes(':') {
                    set(&mut wildcards.to_colon, place);
                }
                if !reach.passes('/') {
                    set(&mut wildcards.to_slash, place);
                }
            }
        }
        self.telling.push(telling);
    }

    fn number(&self, letter: Letter) -> usize {
        // The first stands for all others and is out of order.
        self.letters[1..].binary_search_by_key(&rank(&letter), rank).map_or(NONE, |at| at + 1)
    }

    /// Lets every letter pass the wildcards that it passes.
    fn add(&mut self, wildcards: &Wildcards) {
        for (at, letter) in self.letters.iter().enumerate() {
            let masks = at * self.words..(at + 1) * self.words;
            let masks = self.onward[masks.clone()].iter_mut().zip(&mut self.staying[masks]);
            for (word, (onward, staying)) in masks.enumerate() {
                let (passing, stopped) = match letter {
                    Letter::Begin(_) => (&wildcards.past_begin, 0),
                    Letter::End(_) => (&wildcards.past_end, 0),
                    Letter::Char(':') => (&wildcards.many, wildcards.to_colon[word]),
                    Letter::Char('/') => (&wildcards.many, wildcards.to_slash[word]),
                    Letter::Char(_) => (&wildcards.many, 0),
                };
                *staying |= passing[word] & !stopped;
                if let Letter::Char(_) = letter {
                    *onward |= wildcards.one[word] & !stopped;
                }
            }
        }
    }

    /// As a run may be empty, whoever stands before it also stands behind it.
    fn skip_runs(&self, state: &mut [u64]) {
        loop {
            let (mut carry, mut grown) = (0, false);
            for (word, runs) in state.iter_mut().zip(&self.runs) {
                let before = *word & runs;
                let more = (before << 1 | carry) & !*word;
                carry = before >> 63;
                *word |= more;
                grown |= more != 0;
            }
            if !grown {
                return;
            }
        }
    }

    fn step(&self, state: &[u64], letter: usize, next: &mut State) {
        let masks = letter * self.words..(letter + 1) * self.words;
        let mut carry = 0;
        let masks = self.onward[masks.clone()].iter().zip(&self.staying[masks]);
        for ((next, word), (onward, staying)) in next.iter_mut().zip(state).zip(masks) {
            let moved = word & onward;
            *next = moved << 1 | carry | (word & staying);
            carry = moved >> 63;
        }
        self.skip_runs(next);
    }

    fn accepts(&self, state: &[u64]) -> bool {
        let ended = |group: &Group| meets(state, &group.ends);
        self.within.iter().all(ended) && !self.without.iter().any(ended)
    }

    /// Whether no text that passes through `state` is wanted: a language to be in is lost, or one to be out of
    /// accepts whatever follows.
    fn is_dead(&self, state: &[u64]) -> bool {
        self.within.iter().any(|group| !meets(state, &group.all))
            || self.without.iter().any(|group| meets(state, &group.stuck))
    }

    /// Marks the letters that lead to different states from here; the first stands for the rest.
    fn letters_at(&self, state: &[u64], marked: &mut [u64]) {
        marked.fill(0);
        set(marked, 0);
        for letter in places(state).flat_map(|place| self.telling[place]).filter(|letter| *letter != NONE) {
            set(marked, letter);
        }
        if meets(state, &self.digits) {
            // Those that no place tells from others are alike, and one of them will do.
            let spare = self.of_digits.iter().find(|digit| marked[**digit / 64] >> (**digit % 64) & 1 == 0);
            spare.into_iter().for_each(|digit| set(marked, *digit));
        }
    }

    pub(super) fn walk(&self, budget: &mut usize) -> Search<String> {
        if self.is_dead(&self.start) {
            return Search::Nothing;
        }
        let empty = self.accepts(&self.start);
        let mut came: Vec<(usize, usize)> = vec![(usize::MAX, 0)];
        let mut seen: HashSet<State, BuildHasherDefault<Words>> = HashSet::default();
        seen.insert(self.start.clone());
        let mut queue = VecDeque::from([(0, self.start.clone())]);
        let mut next = self.start.clone();
        let mut letters = vec![0; self.letters.len().div_ceil(64)];
        // Of a few words each, all states cost about the same.
        let cost = 1 + self.words / 8;
        while let Some((from, state)) = queue.pop_front() {
            self.letters_at(&state, &mut letters);
            for letter in places(&letters) {
                self.step(&state, letter, &mut next);
                if self.is_dead(&next) {
                    continue;
                }
                let accepts = self.accepts(&next);
                // Only the start may be accepted and seen before it is looked at.
                if !accepts && seen.contains(&next) {
                    continue;
                }
                came.push((from, letter));
                if accepts {
                    return Search::Found(self.spell(&came));
                }
                if *budget < cost {
                    *budget = 0;
                    return Search::GaveUp;
                }
                *budget -= cost;
                seen.insert(next.clone());
                queue.push_back((came.len() - 1, next.clone()));
            }
        }
        if empty { Search::Found(String::new()) } else { Search::Nothing }
    }

    /// The text that leads to the last of `came`, without the marks.
    fn spell(&self, came: &[(usize, usize)]) -> String {
        let mut text = Vec::new();
        let mut at = came.len() - 1;
        while at != 0 {
            let (from, letter) = came[at];
            if let Letter::Char(c) = self.letters[letter] {
                text.push(c);
            }
            at = from;
        }
        text.iter().rev().collect()
    }
}

/// A hash of a state, which is quicker than one that withstands whoever picks the states.
#[derive(Default)]
struct Words(u64);

impl Hasher for Words {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

fn places(state: &[u64]) -> impl Iterator<Item = usize> + '_ {
    state.iter().enumerate().flat_map(|(word, bits)| {
        let mut bits = *bits;
        std::iter::from_fn(move || {
            let bit = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
            bits &= bits - 1;
            Some(word * 64 + bit)
        })
    })
}

fn set(state: &mut [u64], place: usize) {
    state[place / 64] |= 1 << (place % 64);
}

/// Whether the two have a place in common.
fn meets(state: &[u64], other: &[u64]) -> bool {
    state.iter().zip(other).any(|(own, other)| own & other != 0)
}
