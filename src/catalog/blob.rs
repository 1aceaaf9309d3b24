//! The blob: how the catalogue lies in memory, and how a number or a text is read from it.
//!
//! ```text
//! "IAMCAT02"
//! for each Table: u32 offset, u32 count        (of bytes for Text, of words for Lists, else of records)
//! Text    u16 length and that many bytes of UTF-8, again and again; a text is named by its offset
//! Lists   u32 length and that many words, again and again; a list is named by its offset in words, 0 is empty
//! Index   words that say where a name is; see [`Blob::find_indexed`]
//! tables  records of Table::width words, sorted by folded name, actions and resource types by service first
//! ```
//!
//! All numbers are little-endian, every word is a `u32`. Reading never fails: out of bounds there is a 0 or the
//! empty text, so that a damaged blob gives wrong answers and never a panic.

use super::index;

/// The parts of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Text,
    Lists,
    /// A hash table of the names of services, actions and keys: it spares the dozen comparisons of a search.
    Index,
    /// Prefix, name, first action, number of actions, first resource type, number of them, list of keys.
    Services,
    /// Name, service, flags, list of own keys, list of all keys, list of links, list of dependents' names.
    Actions,
    /// Name, service, list of ARNs, list of keys.
    Resources,
    /// Name, flags.
    Keys,
    /// Service in ARNs, list of the resource types whose ARNs may have it. The first has no name, and those whose ARNs
    /// may have any.
    ArnServices,
    /// Key. Those whose name has a placeholder.
    Templates,
    /// Name, last seen, list of replacements.
    Retired,
    /// Name, list of what is meant.
    Misnomers,
    /// Name, DNS suffix, list of regions.
    Partitions,
    /// Name.
    Principals,
    /// Date. One record.
    About,
}

impl Table {
    pub(super) const COUNT: usize = 14;

    /// Words in a record.
    pub(super) const fn width(self) -> usize {
        match self {
            Self::Text | Self::Lists | Self::Index | Self::Templates | Self::Principals | Self::About => 1,
            Self::Keys | Self::Misnomers | Self::ArnServices => 2,
            Self::Retired | Self::Partitions => 3,
            Self::Resources => 4,
            Self::Services | Self::Actions => 7,
        }
    }
}

pub(super) const MAGIC: &[u8; 8] = b"IAMCAT02";

/// Bits of an action's flags; the access levels are the lowest five.
pub(super) mod action_flag {
    pub(in super::super) const FOLDED_ONLY: u32 = 1 << 8;
    pub(in super::super) const PERMISSION_ONLY: u32 = 1 << 9;
    pub(in super::super) const RETIRED: u32 = 1 << 10;
}

/// Bits of a key's flags; its type is the lowest byte.
pub(super) mod key_flag {
    pub(in super::super) const MULTIVALUED: u32 = 1 << 8;
    pub(in super::super) const GLOBAL: u32 = 1 << 9;
}

/// Reads from the bytes of a blob.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blob<'c> {
    bytes: &'c [u8],
}

impl<'c> Blob<'c> {
    pub(super) const fn new(bytes: &'c [u8]) -> Self {
        Self { bytes }
    }

    /// Whether both are the very same bytes.
    pub(super) fn is(self, other: Blob<'_>) -> bool {
        std::ptr::eq(self.bytes, other.bytes)
    }

    fn word(self, at: usize) -> u32 {
        let four = self.bytes.get(at..).and_then(<[u8]>::first_chunk);
        four.map_or(0, |four| u32::from_le_bytes(*four))
    }

    fn offset(self, table: Table) -> usize {
        self.word(MAGIC.len() + 8 * table as usize) as usize
    }

    /// How many records the table has.
    pub(super) fn count(self, table: Table) -> u32 {
        self.word(MAGIC.len() + 8 * table as usize + 4)
    }

    /// A word of a record.
    pub(super) fn field(self, table: Table, record: u32, field: usize) -> u32 {
        self.word(self.offset(table) + 4 * (record as usize * table.width() + field))
    }

    /// The bytes of a text. Enough to compare, where `str` would have to be validated.
    pub(super) fn text_bytes(self, text: u32) -> &'c [u8] {
        let rest = self.bytes.get(self.offset(Table::Text) + text as usize..).unwrap_or_default();
        let Some((length, rest)) = rest.split_first_chunk() else { return &[] };
        rest.get(..usize::from(u16::from_le_bytes(*length))).unwrap_or_default()
    }

    /// A text.
    pub(super) fn text(self, text: u32) -> &'c str {
        std::str::from_utf8(self.text_bytes(text)).unwrap_or_default()
    }

    /// The members of a list.
    pub(super) fn list(self, list: u32) -> List<'c> {
        let at = self.offset(Table::Lists) + 4 * list as usize;
        let length = self.word(at) as usize;
        List { words: self.bytes.get(at + 4..at + 4 + 4 * length).unwrap_or_default() }
    }

    /// The record of a sorted table, within `range`, whose first field is a text that folds to the same as `name`.
    pub(super) fn find(self, table: Table, range: std::ops::Range<u32>, name: &str) -> Option<u32> {
        let at = self.partition_point(range.clone(), |record| {
            compare_folded(self.text_bytes(self.field(table, record, 0)), name.as_bytes()).is_lt()
        });
        let found = at < range.end && self.text_bytes(self.field(table, at, 0)).eq_ignore_ascii_case(name.as_bytes());
        found.then_some(at)
    }

    /// The same by the index, for tables that are in it.
    pub(super) fn find_indexed(self, table: Table, range: std::ops::Range<u32>, name: &str) -> Option<u32> {
        let slots = self.count(Table::Index);
        if slots == 0 {
            return self.find(table, range, name);
        }
        let hash = index::hash(table, range.start, name.as_bytes());
        for slot in index::slots(hash, slots) {
            let word = self.field(Table::Index, slot, 0);
            if word == index::EMPTY {
                return None;
            }
            // The record may be of another table or service, whose hash is the same; then this one has another name.
            let Some(record) = index::record(word, hash).filter(|record| range.contains(record)) else { continue };
            let own = self.text_bytes(self.field(table, record, 0));
            // Most names are written as AWS writes them.
            if own == name.as_bytes() || own.eq_ignore_ascii_case(name.as_bytes()) {
                return Some(record);
            }
        }
        None
    }

    /// The first number of `range` that is not `before`, where those that are come first.
    pub(super) fn partition_point(self, range: std::ops::Range<u32>, before: impl Fn(u32) -> bool) -> u32 {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// The words of a list.
#[derive(Debug, Clone)]
pub(super) struct List<'c> {
    words: &'c [u8],
}

impl Iterator for List<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (word, rest) = self.words.split_first_chunk()?;
        self.words = rest;
        Some(u32::from_le_bytes(*word))
    }
}

/// Order without regard to ASCII case. Bytes are mostly equal as they are, so that folding is the exception.
pub(super) fn compare_folded(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    for (left, right) in a.iter().zip(b) {
        if left != right {
            let order = left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase());
            if order.is_ne() {
                return order;
            }
        }
    }
    a.len().cmp(&b.len())
}
