//! A partition that AWS does not have.

use super::{arns, span};
use crate::diagnostic::Safety;
use crate::policy::ArnPart;
use crate::rule::{Context, Sink};
use crate::suggest::nearest;
use crate::text::Edit;

/// Reports each such partition.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    for arn in arns(cx) {
        let Some(partition) = arn.literal(ArnPart::Partition).filter(|name| is_unknown(cx, name)) else {
            continue;
        };
        let date = catalog.date();
        if partition.is_empty() {
            sink.report(arn.text.span, format!("`{}` has no partition, so it matches nothing", arn.text.text));
            continue;
        }
        let span = span(cx, arn, ArnPart::Partition);
        let finding = sink.report(span, format!("there is no partition `{partition}` (as of {date})"));
        if let Some(meant) = nearest(partition, catalog.partitions().map(|known| known.name())) {
            finding.help(format!("did you mean `{meant}`?"));
            finding.fix(format!("use `{meant}`"), Safety::Unsafe, vec![Edit { span, text: meant.into() }]);
        }
    }
}

/// `partition` and words in capitals are to be filled in by the reader.
fn is_unknown(cx: &Context<'_>, name: &str) -> bool {
    let is_placeholder = name.contains("partition") || (!name.is_empty() && !name.contains(|c: char| c.is_lowercase()));
    !is_placeholder && cx.catalog.partition(name).is_none()
}
