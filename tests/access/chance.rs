//! Chance that can be repeated.
//!
//! `IAM_LINT_SEED` varies it, and `IAM_LINT_RANDOM` says how often it is tried.

/// A small generator, so that a failure can be repeated anywhere.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn new(number: u64) -> Self {
        let seed = std::env::var("IAM_LINT_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1u64);
        Self((seed << 32 | number).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    pub(crate) fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    pub(crate) fn some<'a>(&mut self, items: &[&'a str]) -> Vec<&'a str> {
        (0..1 + self.below(3)).map(|_| self.pick(items)).collect()
    }
}

/// How many policies to make.
pub(crate) fn rounds(usual: u64) -> u64 {
    std::env::var("IAM_LINT_RANDOM").ok().and_then(|it| it.parse().ok()).unwrap_or(usual)
}

/// That an attack met enough of both answers to mean something, and hardly anything that was not decided.
pub(crate) fn assert_telling(possible: usize, impossible: usize, unknown: usize) {
    println!("{possible} possible, {impossible} impossible, {unknown} unknown");
    assert!(possible > impossible / 10 && impossible > possible / 20, "{possible}, {impossible}");
    assert!(unknown * 50 < possible + impossible, "{unknown} unknown");
}
