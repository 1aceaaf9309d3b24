//! What stands around services and their actions: partitions, and what AWS has given up.

use std::fmt;

use super::blob::{Blob, Table};
use super::entry::handle;

handle! {
    /// An action or a service that AWS no longer has, or has announced the end of.
    Retired
}

handle! {
    /// A partition, such as `aws-cn`.
    Partition
}

impl<'c> Retired<'c> {
    fn field(self, field: usize) -> u32 {
        self.blob.field(Table::Retired, self.record, field)
    }

    /// `service:Action`, or `service` where all of it is gone.
    pub fn name(self) -> &'c str {
        self.blob.text(self.field(0))
    }

    /// The last day on which AWS was seen to have it; `None` where it still has.
    pub fn last_seen(self) -> Option<&'c str> {
        Some(self.blob.text(self.field(1))).filter(|day| !day.is_empty())
    }

    /// What to write instead, where that is known.
    pub fn replacements(self) -> impl Iterator<Item = &'c str> {
        self.blob.list(self.field(2)).map(move |text| self.blob.text(text))
    }
}

impl fmt::Display for Retired<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// In words, that AWS has given `what` up, which was last seen on that day or is still there; `date` is the catalogue's.
pub fn given_up(what: &str, last_seen: Option<&str>, date: &str) -> String {
    match last_seen {
        Some(day) => format!("AWS no longer has {what}, last seen on {day} (as of {date})"),
        None => format!("AWS has ended its support for {what} (as of {date})"),
    }
}

impl<'c> Partition<'c> {
    fn field(self, field: usize) -> u32 {
        self.blob.field(Table::Partitions, self.record, field)
    }

    /// Its name, the second part of its ARNs.
    pub fn name(self) -> &'c str {
        self.blob.text(self.field(0))
    }

    /// What its host names end in: `amazonaws.com`.
    pub fn dns_suffix(self) -> &'c str {
        self.blob.text(self.field(1))
    }

    /// Whether it has the region of that code.
    pub fn has_region(self, region: &str) -> bool {
        self.blob.list(self.field(2)).any(|text| self.blob.text_bytes(text) == region.as_bytes())
    }

    /// Its regions' codes, sorted.
    pub fn regions(self) -> impl Iterator<Item = &'c str> {
        self.blob.list(self.field(2)).map(move |text| self.blob.text(text))
    }
}

impl fmt::Display for Partition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
