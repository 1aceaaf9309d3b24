//! The hash table of names: open addressing with linear probing.
//!
//! A word is the upper bits of a name's hash and, below, one more than the number of its record.

use super::blob::Table;

pub(super) const EMPTY: u32 = 0;

/// Bits of a word that hold the record. A catalogue with more of anything has no index.
const RECORD_BITS: u32 = 20;

/// The hash of a name. `start` is the number of the first record among which the name is looked for.
pub(super) fn hash(table: Table, start: u32, name: &[u8]) -> u64 {
    hash_from(u64::from(start) << 8 | table as u64, name)
}

/// A hash that is the same for texts that differ in nothing but ASCII case, and hardly ever for others. It is no defence
/// against those who look for such others.
pub fn folded_hash(text: &str) -> u64 {
    hash_from(0, text.as_bytes())
}

fn hash_from(seed: u64, text: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    const FOLD: u64 = 0x2020_2020_2020_2020;
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    let hash = text.chunks(8).fold(mix(seed, text.len() as u64), |hash, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mix(hash, u64::from_le_bytes(word) | FOLD)
    });
    hash ^ hash >> 29
}

/// The word for a record; `None` where there is no room for its number.
pub(super) fn word(hash: u64, record: u32) -> Option<u32> {
    let number = record.checked_add(1).filter(|number| number >> RECORD_BITS == 0)?;
    Some(tag(hash) | number)
}

/// The record in a word, if its name may have that hash.
pub(super) fn record(word: u32, hash: u64) -> Option<u32> {
    let number = word & ((1 << RECORD_BITS) - 1);
    (word - number == tag(hash)).then(|| number.checked_sub(1)).flatten()
}

fn tag(hash: u64) -> u32 {
    ((hash >> 32) as u32) >> RECORD_BITS << RECORD_BITS
}

/// The places where a name may be, the likeliest first; `slots` is a power of two.
pub(super) fn slots(hash: u64, slots: u32) -> impl Iterator<Item = u32> {
    (0..slots).map(move |step| (hash as u32).wrapping_add(step) & (slots - 1))
}
