//! Facts into the bytes of a blob.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::KeyType;
use super::arn::arn_service;
use super::blob::{MAGIC, Table, action_flag, key_flag};
use super::facts::{ActionFacts, Facts, KeyFacts, ServiceFacts, fold};
use super::index;

/// The blob of these facts; the same facts give the same bytes.
///
/// A condition key that is named without being described counts as a string with one value; a link to a resource
/// type that its service does not have is left out.
pub fn encode(facts: &Facts) -> Vec<u8> {
    let facts = with_all_keys(facts);
    let mut encoder = Encoder::default();
    encoder.list(&[]);
    for (id, folded) in facts.keys.keys().enumerate() {
        encoder.keys.insert(folded.clone(), word(id));
    }
    for key in facts.keys.values() {
        encoder.key(key);
    }
    for service in facts.services.values() {
        encoder.service(service, &facts);
    }
    encoder.arn_services(&facts);
    encoder.hints(&facts);
    encoder.index(&facts);
    encoder.finish()
}

fn with_all_keys(facts: &Facts) -> Cow<'_, Facts> {
    let named: HashSet<&str> = facts.named_keys().collect();
    let mut undescribed: Vec<&str> = named.into_iter().filter(|name| !facts.keys.contains_key(&fold(name))).collect();
    if undescribed.is_empty() {
        return Cow::Borrowed(facts);
    }
    // Of two spellings the same one has to win every time.
    undescribed.sort_unstable();
    let mut whole = facts.clone();
    for name in undescribed {
        let (key_type, multivalued, global) = (KeyType::String, false, false);
        whole.add_key(KeyFacts { name: name.to_owned(), key_type, multivalued, global });
    }
    Cow::Owned(whole)
}

/// The catalogue is a few megabytes at most, so nothing in it is ever counted beyond 32 bits.
fn word(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whether the action or its whole service has been given up, or is about to be.
fn is_retired(service: &ServiceFacts, action: &ActionFacts, facts: &Facts) -> bool {
    let prefix = fold(&service.prefix);
    facts.retired.contains_key(&format!("{prefix}:{}", fold(&action.name))) || facts.retired.contains_key(&prefix)
}

#[derive(Default)]
struct Encoder {
    text: Vec<u8>,
    texts: HashMap<String, u32>,
    lists: HashMap<Vec<u32>, u32>,
    /// Words of every table but `Text`.
    words: [Vec<u32>; Table::COUNT],
    /// Numbers of keys, by folded name and by every spelling that has been met.
    keys: HashMap<String, u32>,
}

impl Encoder {
    fn text(&mut self, text: &str) -> u32 {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        let at = word(self.text.len());
        // Cut at a character where an overlay's text is absurdly long.
        let text = &text[..text.floor_char_boundary(usize::from(u16::MAX))];
        let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
        self.text.extend(length.to_le_bytes());
        self.text.extend(text.as_bytes());
        self.texts.insert(text.to_owned(), at);
        at
    }

    fn list(&mut self, members: &[u32]) -> u32 {
        if let Some(known) = self.lists.get(members) {
            return *known;
        }
        let lists = &mut self.words[Table::Lists as usize];
        let at = word(lists.len());
        lists.push(word(members.len()));
        lists.extend(members);
        self.lists.insert(members.to_owned(), at);
        at
    }

    fn text_list<'a>(&mut self, texts: impl IntoIterator<Item = &'a String>) -> u32 {
        let members: Vec<u32> = texts.into_iter().map(|text| self.text(text)).collect();
        self.list(&members)
    }

    fn key_number(&mut self, name: &str) -> Option<u32> {
        if let Some(known) = self.keys.get(name) {
            return Some(*known);
        }
        // Another spelling of it; remembered, as folding is what takes the time.
        let number = *self.keys.get(&fold(name))?;
        self.keys.insert(name.to_owned(), number);
        Some(number)
    }

    /// A list of keys is sorted by number, so that it can be searched.
    fn key_list<'a>(&mut self, names: impl IntoIterator<Item = &'a String>) -> u32 {
        let mut members: Vec<u32> = names.into_iter().filter_map(|name| self.key_number(name)).collect();
        members.sort_unstable();
        members.dedup();
        self.list(&members)
    }

    fn record(&mut self, table: Table, fields: &[u32]) {
        debug_assert_eq!(fields.len(), table.width());
        self.words[table as usize].extend(fields);
    }

    fn count(&self, table: Table) -> u32 {
        word(self.words[table as usize].len() / table.width())
    }

    fn key(&mut self, key: &KeyFacts) {
        if key.name.contains("${") {
            let id = self.count(Table::Keys);
            self.record(Table::Templates, &[id]);
        }
        let multivalued = if key.multivalued { key_flag::MULTIVALUED } else { 0 };
        let global = if key.global { key_flag::GLOBAL } else { 0 };
        let name = self.text(&key.name);
        self.record(Table::Keys, &[name, word(key.key_type.number()) | multivalued | global]);
    }

    fn service(&mut self, service: &ServiceFacts, facts: &Facts) {
        let (id, first_action, first_resource) =
            (self.count(Table::Services), self.count(Table::Actions), self.count(Table::Resources));
        for resource in service.resources.values() {
            let fields = [self.text(&resource.name), id, self.text_list(&resource.arns), self.key_list(&resource.keys)];
            self.record(Table::Resources, &fields);
        }
        for action in service.actions.values() {
            let is_retired = is_retired(service, action, facts);
            self.action(action, service, (id, first_resource), is_retired);
        }
        let fields = [
            self.text(&service.prefix),
            self.text(&service.name),
            first_action,
            self.count(Table::Actions) - first_action,
            first_resource,
            self.count(Table::Resources) - first_resource,
            self.key_list(&service.keys),
        ];
        self.record(Table::Services, &fields);
    }

    fn arn_services(&mut self, facts: &Facts) {
        let kinds = facts.services.values().flat_map(|service| service.resources.values());
        let mut by_service: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut of_any = Vec::new();
        for (id, arn) in kinds.enumerate().flat_map(|(id, kind)| kind.arns.iter().map(move |arn| (id, arn))) {
            match arn_service(arn) {
                Some(service) => by_service.entry(service).or_default().push(word(id)),
                None => of_any.push(word(id)),
            }
        }
        by_service.insert(String::new(), Vec::new());
        for (service, mut kinds) in by_service {
            kinds.extend(&of_any);
            kinds.sort_unstable();
            kinds.dedup();
            let fields = [self.text(&service), self.list(&kinds)];
            self.record(Table::ArnServices, &fields);
        }
    }

    fn action(
        &mut self,
        action: &ActionFacts,
        service: &ServiceFacts,
        (service_id, first_resource): (u32, u32),
        is_retired: bool,
    ) {
        let mut links = Vec::new();
        let mut all_keys: Vec<&String> = action.keys.iter().collect();
        for (position, (folded, resource)) in service.resources.iter().enumerate() {
            let Some(link) = action.resources.get(folded) else { continue };
            all_keys.extend(link.keys.iter().chain(&resource.keys));
            let keys = self.key_list(&link.keys);
            links.extend([(first_resource + word(position)) << 1 | u32::from(link.required), keys]);
        }
        let folded_only = if action.folded_only { action_flag::FOLDED_ONLY } else { 0 };
        let retired = if is_retired { action_flag::RETIRED } else { 0 };
        let permission_only = if action.permission_only { action_flag::PERMISSION_ONLY } else { 0 };
        let fields = [
            self.text(&action.name),
            service_id,
            u32::from(action.levels.bits()) | folded_only | permission_only | retired,
            self.key_list(&action.keys),
            self.key_list(all_keys),
            self.list(&links),
            self.text_list(&action.dependents),
        ];
        self.record(Table::Actions, &fields);
    }

    fn hints(&mut self, facts: &Facts) {
        for retired in facts.retired.values() {
            let fields =
                [self.text(&retired.name), self.text(&retired.last_seen), self.text_list(&retired.replacements)];
            self.record(Table::Retired, &fields);
        }
        for misnomer in facts.misnomers.values() {
            let fields = [self.text(&misnomer.name), self.text_list(&misnomer.meant)];
            self.record(Table::Misnomers, &fields);
        }
        for partition in facts.partitions.values() {
            let fields =
                [self.text(&partition.name), self.text(&partition.dns_suffix), self.text_list(&partition.regions)];
            self.record(Table::Partitions, &fields);
        }
        for principal in &facts.principals {
            let name = self.text(principal);
            self.record(Table::Principals, &[name]);
        }
        let date = self.text(&facts.date);
        self.record(Table::About, &[date]);
    }

    /// None at all where some record has a number too great for it.
    fn index(&mut self, facts: &Facts) {
        let mut entries = Vec::new();
        let mut add = |table, start, names: &mut dyn Iterator<Item = &str>| {
            entries.extend(names.zip(start..).map(|(name, record)| {
                let hash = index::hash(table, start, name.as_bytes());
                Some((hash, index::word(hash, record)?))
            }));
        };
        add(Table::Keys, 0, &mut facts.keys.values().map(|key| key.name.as_str()));
        add(Table::Services, 0, &mut facts.services.values().map(|service| service.prefix.as_str()));
        let mut first = 0;
        for service in facts.services.values() {
            add(Table::Actions, first, &mut service.actions.values().map(|action| action.name.as_str()));
            first += word(service.actions.len());
        }
        let Some(entries) = entries.into_iter().collect::<Option<Vec<_>>>() else { return };
        // A third more slots than names, at the least.
        let slots = word((entries.len() + entries.len() / 3 + 1).next_power_of_two());
        let mut table = vec![index::EMPTY; slots as usize];
        for (hash, entry) in entries {
            if let Some(slot) = index::slots(hash, slots).find(|slot| table[*slot as usize] == index::EMPTY) {
                table[slot as usize] = entry;
            }
        }
        self.words[Table::Index as usize] = table;
    }

    fn finish(self) -> Vec<u8> {
        let header = MAGIC.len() + 8 * Table::COUNT;
        let mut out = MAGIC.to_vec();
        let mut at = header + self.text.len();
        out.extend(word(header).to_le_bytes());
        out.extend(word(self.text.len()).to_le_bytes());
        for table in TABLES {
            let words = &self.words[table as usize];
            out.extend(word(at).to_le_bytes());
            out.extend(word(words.len() / table.width()).to_le_bytes());
            at += 4 * words.len();
        }
        out.extend(&self.text);
        for table in TABLES {
            out.extend(self.words[table as usize].iter().flat_map(|word| word.to_le_bytes()));
        }
        out
    }
}

/// Every table of words, in the order in which they lie.
const TABLES: [Table; Table::COUNT - 1] = [
    Table::Lists,
    Table::Index,
    Table::Services,
    Table::Actions,
    Table::Resources,
    Table::Keys,
    Table::ArnServices,
    Table::Templates,
    Table::Retired,
    Table::Misnomers,
    Table::Partitions,
    Table::Principals,
    Table::About,
];
