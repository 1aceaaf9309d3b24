//! A service that is in no ARN.

use super::{arns, is_of_known_service, span};
use crate::catalog::ArnPattern;
use crate::policy::ArnPart;
use crate::rule::{Context, Sink};

/// Reports each service that has neither actions nor resources.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    for arn in arns(cx) {
        let Some(service) = arn.literal(ArnPart::Service).filter(|_| arn.is_settled(ArnPart::Service)) else {
            continue;
        };
        // That word is to be filled in by the reader.
        if service == "service"
            || catalog.service(service).is_some()
            || catalog.retired(service).is_some()
            || is_in_arns(cx, service)
        {
            continue;
        }
        let date = catalog.date();
        let message = if service.is_empty() {
            format!("`{}` names no service, so it matches nothing", arn.text.text)
        } else {
            format!("no ARN is of a service `{service}` (as of {date})")
        };
        let finding = sink.report(span(cx, arn, ArnPart::Service), message);
        if let Some(meant) = catalog.nearest_service(service) {
            finding.help(format!("did you mean `{meant}`?"));
        }
    }
}

fn is_in_arns(cx: &Context<'_>, service: &str) -> bool {
    let pattern = ArnPattern::parse(&format!("arn:*:{service}:*"));
    pattern.is_some_and(|pattern| is_of_known_service(cx, &pattern))
}
