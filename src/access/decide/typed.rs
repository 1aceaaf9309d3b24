//! Numbers, dates and addresses as intervals, and the few values that decide every combination of them.

use crate::access::Epoch;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Numbers are kept as multiples of 10^-10. A policy's have nine digits at most, so that there is room between any
/// two of them.
const UNIT: i128 = 10_000_000_000;

/// The types of value that have an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Scale {
    /// Decimal numbers.
    Number,
    /// Points in time.
    Date,
    /// IPv4 and IPv6 addresses, the former below the latter.
    Address,
}

/// A set of values: all from `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Interval {
    pub(super) low: i128,
    pub(super) high: i128,
}

impl Interval {
    pub(super) const ALL: Self = Self { low: i128::MIN, high: i128::MAX };

    pub(super) fn contains(self, value: i128) -> bool {
        self.low <= value && value <= self.high
    }
}

impl Scale {
    /// The place of a value; `None` if it is not of this type, or finer or larger than is kept.
    pub(super) fn read(self, text: &str, epoch: Epoch) -> Option<i128> {
        let text = text.trim();
        match self {
            Self::Number => number(text),
            Self::Date => date(text, epoch),
            Self::Address => text.parse::<IpAddr>().ok().map(place),
        }
    }

    /// The interval of an address prefix; `None` if it is not one, or covers a part of what IPv6 addresses have in
    /// common with IPv4 here (see [`V4_END`]).
    pub(super) fn read_prefix(text: &str) -> Option<Interval> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) if bits.bytes().all(|b| b.is_ascii_digit()) => (address, Some(bits)),
            Some(_) => return None,
            None => (text.trim(), None),
        };
        let address = address.parse::<IpAddr>().ok()?;
        let width: u32 = if address.is_ipv4() { 32 } else { 128 };
        let free = width.checked_sub(bits.map_or(Some(width), |bits| bits.parse().ok())?)?;
        let mask = 1u128.checked_shl(free).map_or(u128::MAX, |bit| bit - 1);
        match address {
            IpAddr::V4(address) => {
                let base = u128::from(address.to_bits());
                Some(Interval { low: v4(base & !mask), high: v4(base | mask) })
            }
            IpAddr::V6(address) => {
                let (low, high) = (address.to_bits() & !mask, address.to_bits() | mask);
                let whole = low >= 1 << 32 || low == 0 && high >= (1 << 32) - 1;
                whole.then(|| Interval { low: v6(low), high: v6(high) })
            }
        }
    }

    /// Whether a policy's value leaves room beside it.
    pub(super) fn is_coarse(self, place: i128) -> bool {
        self == Self::Address || place % 10 == 0
    }

    /// Whether a text that was not read is of this type all the same, but beyond what is kept.
    pub(super) fn is_beyond(self, text: &str) -> bool {
        let text = text.trim();
        match self {
            Self::Number => {
                let digits = text.trim_start_matches(['-', '+']).replacen('.', "", 1);
                !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
            }
            Self::Date => text.contains(['T', 't']) && text.contains('.'),
            Self::Address => {
                let (address, bits) = text.split_once('/').unwrap_or((text, "128"));
                let bits = bits.parse::<u32>().ok().filter(|_| bits.bytes().all(|b| b.is_ascii_digit()));
                bits.is_some_and(|bits| bits <= 128) && address.parse::<Ipv6Addr>().is_ok()
            }
        }
    }

    /// A value written out.
    pub(super) fn write(self, place: i128) -> String {
        match self {
            Self::Number => write_number(place),
            Self::Date => write_date(place),
            Self::Address if place < V4_END => Ipv4Addr::from_bits(place.wrapping_sub(i128::MIN) as u32).to_string(),
            Self::Address => Ipv6Addr::from_bits(place.wrapping_sub(i128::MIN) as u128).to_string(),
        }
    }

    /// Values among which there is one of every kind that `intervals` can tell apart, the plainest first.
    pub(super) fn candidates(self, intervals: &[Interval]) -> Vec<i128> {
        let step = if self == Self::Address { 1 } else { UNIT };
        let mut ends: Vec<i128> = intervals.iter().flat_map(|one| [one.low, one.high]).collect();
        ends.retain(|end| *end != i128::MIN && *end != i128::MAX);
        ends.sort_unstable();
        ends.dedup();
        let mut found: Vec<i128> = match self {
            Self::Number => vec![0, UNIT],
            Self::Date => vec![DEFAULT_DATE],
            Self::Address => ["203.0.113.7", "2001:db8::7", "0.0.0.0", "::"]
                .iter()
                .filter_map(|text| text.parse().ok().map(place))
                .collect(),
        };
        let usual = found.len();
        for (at, end) in ends.iter().enumerate() {
            found.extend([*end, end.saturating_sub(step), end.saturating_add(step)]);
            found.extend([end.saturating_sub(1), end.saturating_add(1)]);
            if self != Self::Address {
                let whole = end.div_euclid(UNIT) * UNIT;
                found.extend([whole, whole.saturating_add(UNIT)]);
            }
            if let Some(next) = ends.get(at + 1) {
                found.push(end + (next.abs_diff(*end) / 2) as i128);
            }
        }
        let plain = |value: &i128| (*value < 0 && self == Self::Number, value % UNIT != 0, value.unsigned_abs());
        if self != Self::Address {
            found[usual..].sort_by_key(plain);
        }
        found
    }
}

/// Below this, places are IPv4 addresses. IPv6 has the 2^32 lowest of its own, `::/96`, in common with them, which
/// is not routed and of which no policy speaks; [`place`] keeps the two apart by giving IPv4 that part.
const V4_END: i128 = i128::MIN + (1 << 32);

fn v4(bits: u128) -> i128 {
    i128::MIN + bits as i128
}

fn v6(bits: u128) -> i128 {
    i128::MIN.wrapping_add(bits.max(1 << 32) as i128)
}

fn place(address: IpAddr) -> i128 {
    match address {
        IpAddr::V4(address) => v4(address.to_bits().into()),
        IpAddr::V6(address) => v6(address.to_bits()),
    }
}

fn number(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    if (whole.len() + fraction.len() == 0 && !digits.contains('0')) || whole.len() > 24 || fraction.len() > 10 {
        return None;
    }
    let joined = format!("{whole}{fraction:0<10}");
    let value = joined.bytes().all(|b| b.is_ascii_digit()).then(|| joined.parse::<i128>().ok())??;
    Some(if negative { -value } else { value })
}

fn write_number(place: i128) -> String {
    let sign = if place < 0 { "-" } else { "" };
    let (whole, fraction) = (place.unsigned_abs() / 10_000_000_000, place.unsigned_abs() % 10_000_000_000);
    let text = format!("{sign}{whole}.{fraction:010}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// 2024-01-01T00:00:00Z, when nothing asks for another date.
const DEFAULT_DATE: i128 = 1_704_067_200 * UNIT;

fn date(text: &str, epoch: Epoch) -> Option<i128> {
    if text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) && text.len() <= 18 {
        let unit = if epoch == Epoch::Seconds { UNIT } else { UNIT / 1000 };
        return text.parse::<i128>().ok()?.checked_mul(unit);
    }
    let digits = |range: std::ops::Range<usize>| -> Option<i128> {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let mark = |at: usize, wanted: u8| text.as_bytes().get(at) == Some(&wanted);
    let (day_end, year) = (text.find(['T', 't']).unwrap_or(text.len()), digits(0..4)?);
    let (month, day) = match day_end {
        4 => (1, 1),
        7 if mark(4, b'-') => (digits(5..7)?, 1),
        10 if mark(4, b'-') && mark(7, b'-') => (digits(5..7)?, digits(8..10)?),
        _ => return None,
    };
    if !(1..=12).contains(&month) || day < 1 || day_of(year, month, day) >= day_of(year, month + 1, 1) {
        return None;
    }
    let midnight = day_of(year, month, day) * 86_400 * UNIT;
    if day_end == text.len() {
        return Some(midnight);
    }
    let (hour, minute) = (digits(day_end + 1..day_end + 3)?, digits(day_end + 4..day_end + 6)?);
    let rest = text.get(day_end + 6..)?;
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (seconds, zone) = rest.split_at(zone_at);
    let seconds = match seconds.strip_prefix(':') {
        Some(seconds) if seconds.find('.').unwrap_or(seconds.len()) == 2 && !seconds.ends_with('.') => number(seconds)?,
        Some(_) => return None,
        None if seconds.is_empty() => 0,
        None => return None,
    };
    if !mark(day_end + 3, b':') || hour > 23 || minute > 59 || seconds > 60 * UNIT + UNIT - 1 {
        return None;
    }
    Some(midnight + (hour * 60 + minute - offset(zone)?) * 60 * UNIT + seconds)
}

/// Minutes east of Greenwich.
fn offset(zone: &str) -> Option<i128> {
    if zone.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let digits: String = zone.get(1..)?.chars().filter(|c| *c != ':').collect();
    let shape = zone.len() == 5 || zone.len() == 6 && zone.as_bytes()[3] == b':';
    if !shape || digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i128, i128) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}

/// Days since 1970; a month may be 13, the January after.
fn day_of(year: i128, month: i128, day: i128) -> i128 {
    let (year, month) = if month > 12 { (year + 1, month - 12) } else { (year, month) };
    let before = year - 1;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162;
    let months = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    days + months[(month - 1) as usize] + i128::from(leap && month > 2) + day - 1
}

fn write_date(place: i128) -> String {
    let (seconds, rest) = (place.div_euclid(UNIT), place.rem_euclid(UNIT));
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let mut year = 1970 + days.div_euclid(366);
    while day_of(year + 1, 1, 1) <= days {
        year += 1;
    }
    if !(0..=9999).contains(&year) {
        return seconds.to_string();
    }
    let month = (1..=12).rev().find(|month| day_of(year, *month, 1) <= days).unwrap_or(1);
    let day = days - day_of(year, month, 1) + 1;
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:010}") };
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}
