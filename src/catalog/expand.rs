//! Which actions a pattern stands for.

use std::ops::Range;

use super::blob::{Blob, Table, compare_folded};
use super::entry::{Action, Service};
use super::glob::Glob;

/// The actions that match a pattern, sorted by service and name. Made by [`super::Catalog::expand`].
#[derive(Debug, Clone)]
pub struct Expand<'c> {
    blob: Blob<'c>,
    service: Glob,
    action: Glob,
    services: Range<u32>,
    actions: Range<u32>,
}

impl<'c> Expand<'c> {
    pub(super) fn new(blob: Blob<'c>, pattern: &str) -> Self {
        // Without a colon only a star means anything: every action of every service.
        let everything = !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*');
        let split = if everything { Some(("*", "*")) } else { pattern.split_once(':') };
        let (service, action) = split.unwrap_or_default();
        let (service, action) = (Glob::new(service), Glob::new(action));
        let all = if split.is_some() { 0..blob.count(Table::Services) } else { 0..0 };
        let services = with_prefix(blob, Table::Services, all, service.prefix());
        Self { blob, service, action, services, actions: 0..0 }
    }

    /// Those of one service whose names match a pattern.
    pub(super) fn of_service(service: Service<'c>, name: &str) -> Self {
        let (blob, action) = (service.blob, Glob::new(name));
        let actions = with_prefix(blob, Table::Actions, service.action_range(), action.prefix());
        Self { blob, service: Glob::new(""), action, services: 0..0, actions }
    }

    fn name(&self, table: Table, record: u32) -> &'c [u8] {
        self.blob.text_bytes(self.blob.field(table, record, 0))
    }
}

impl<'c> Iterator for Expand<'c> {
    type Item = Action<'c>;

    fn next(&mut self) -> Option<Action<'c>> {
        loop {
            while let Some(record) = self.actions.next() {
                if self.action.matches_after_prefix(self.name(Table::Actions, record)) {
                    return Some(Action { blob: self.blob, record });
                }
            }
            let record = self.services.next()?;
            if self.service.matches_after_prefix(self.name(Table::Services, record)) {
                let all = Service { blob: self.blob, record }.action_range();
                self.actions = with_prefix(self.blob, Table::Actions, all, self.action.prefix());
            }
        }
    }
}

/// The records within `range`, which is sorted by folded name, whose name starts with `prefix`, which is folded.
fn with_prefix(blob: Blob<'_>, table: Table, range: Range<u32>, prefix: &[u8]) -> Range<u32> {
    if prefix.is_empty() {
        return range;
    }
    let head = |record| {
        let name = blob.text_bytes(blob.field(table, record, 0));
        compare_folded(&name[..prefix.len().min(name.len())], prefix)
    };
    let start = blob.partition_point(range.clone(), |record| head(record).is_lt());
    let end = blob.partition_point(start..range.end, |record| head(record).is_le());
    start..end
}
