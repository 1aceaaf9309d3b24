//! A region that AWS does not have, or that is of another partition.

use super::{arns, span};
use crate::policy::{Arn, ArnPart};
use crate::rule::{Context, Sink};
use crate::suggest::nearest;
use crate::text::Span;

/// Reports each such region.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    // A policy is mostly about one region.
    let mut last = ("", None);
    for arn in arns(cx) {
        let Some(region) = arn.literal(ArnPart::Region).filter(|_| arn.is_settled(ArnPart::Region)) else { continue };
        // A few services have a region of that name; capitals, and `region`, are to be filled in by the reader.
        if matches!(region, "" | "global" | "aws-global")
            || region.contains("region")
            || region.bytes().all(|byte| !byte.is_ascii_lowercase())
        {
            continue;
        }
        let span = span(cx, arn, ArnPart::Region);
        if last.0 != region {
            last = (region, catalog.partition_of_region(region).map(|partition| partition.name()));
        }
        match last.1 {
            None => report_unknown(cx, sink, span, region),
            Some(home) => {
                let elsewhere = written_partition(cx, arn).filter(|partition| *partition != home);
                if let Some(partition) = elsewhere {
                    let message = format!("`{region}` is a region of `{home}`, not of `{partition}`");
                    sink.report(span, message).help(format!("write `arn:{home}:…`, or a region of `{partition}`"));
                }
            }
        }
    }
}

/// The partition, if there is such a one.
fn written_partition<'p>(cx: &Context<'_>, arn: &Arn<'p>) -> Option<&'p str> {
    arn.literal(ArnPart::Partition).filter(|name| cx.catalog.partition(name).is_some())
}

fn report_unknown(cx: &Context<'_>, sink: &mut Sink, span: Span, region: &str) {
    let catalog = cx.catalog;
    let zone = region.strip_suffix(|letter: char| letter.is_ascii_lowercase());
    if let Some(known) = zone.filter(|known| catalog.partition_of_region(known).is_some()) {
        let message = format!("`{region}` is an availability zone, and ARNs have regions");
        sink.report(span, message).help(format!("write `{known}`"));
        return;
    }
    let finding = sink.report(span, format!("there is no region `{region}` (as of {})", catalog.date()));
    if let Some(meant) = nearest(region, catalog.partitions().flat_map(|partition| partition.regions())) {
        finding.help(format!("did you mean `{meant}`?"));
    }
}
