//! Numbers that look random and are the same everywhere.

/// A SplitMix64 generator.
pub struct Random {
    state: u64,
}

impl Random {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    /// A number of the tenth in which chance falls; in the last tenth, up to five times as much.
    pub fn by_tenths(&mut self, tenths: &[u64; 10]) -> u64 {
        let tenth = self.pick(tenths);
        let factor = 1 + self.below(4);
        if tenth == tenths[9] { tenth + self.below(tenth * factor) } else { tenth }
    }
}
