//! The addresses from which strangers come.

use super::evaluate::Prefix;
use super::public::conditions_on;
use crate::policy::Policy;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address of each version, to be tried first.
const USUAL: &[&str] = &["198.51.100.7", "2001:db8::7"];

/// Ranges that are nobody's on the internet.
const PRIVATE: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::/8",
    "fc00::/7",
    "fe80::/10",
];

/// So many addresses are tried.
const MOST: usize = 16;

/// Addresses of strangers, one for each way in which the policy's wide ranges tell them apart. A range that is not wide
/// is somebody's own, and whoever comes from there is no stranger.
pub(super) fn strange_addresses(policy: &Policy<'_>) -> Vec<String> {
    let values = conditions_on(policy, "aws:SourceIp").flat_map(|condition| &condition.values);
    let ranges = values.filter_map(|value| Prefix::parse(&value.text.text));
    let (wide, mut own): (Vec<Prefix>, Vec<Prefix>) = ranges.partition(|range| is_wide(*range));
    own.extend(PRIVATE.iter().filter_map(|range| Prefix::parse(range)));
    let usual = USUAL.iter().filter_map(|address| address.parse().ok());
    let edges = wide.iter().chain(&own).flat_map(|range| edges(*range));
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for address in usual.chain(edges) {
        let kind: Vec<bool> = wide.iter().map(|range| range.contains(address)).chain([address.is_ipv4()]).collect();
        if !seen.contains(&kind) && !own.iter().any(|range| range.contains(address)) {
            seen.insert(kind);
            found.push(address.to_string());
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// Whether a range is so wide that strangers are in it. Where S3 draws the line when it calls a policy public: ranges of
/// more than a `/8` of IPv4 or a `/32` of IPv6.
fn is_wide(range: Prefix) -> bool {
    range.length() < if range.ends().0.is_ipv4() { 8 } else { 32 }
}

/// Addresses at which a range begins, and what is beyond it.
fn edges(range: Prefix) -> impl Iterator<Item = IpAddr> {
    let (first, last) = range.ends();
    let next = after(last);
    [after(first), Some(first), next.and_then(after), next].into_iter().flatten()
}

fn after(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => Some(Ipv4Addr::from_bits(address.to_bits().checked_add(1)?).into()),
        IpAddr::V6(address) => Some(Ipv6Addr::from_bits(address.to_bits().checked_add(1)?).into()),
    }
}
