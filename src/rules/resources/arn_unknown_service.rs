//! A service that is in no ARN.

use super::{arns, is_of_known_service, span};
use crate::catalog::ArnPattern;
use crate::diagnostic::Safety;
use crate::policy::ArnPart;
use crate::rule::{Context, Sink};
use crate::rules::actions::unknown_service::unknown_services;
use crate::text::Edit;
use std::cell::OnceCell;

/// Reports each service that has neither actions nor resources, save where it is told of actions of that service.
pub fn check(cx: &Context<'_>, sink: &mut Sink) {
    let catalog = cx.catalog;
    let told = OnceCell::new();
    for arn in arns(cx) {
        let Some(service) = arn.literal(ArnPart::Service).filter(|_| arn.is_settled(ArnPart::Service)) else {
            continue;
        };
        // That word is to be filled in by the reader.
        if service == "service"
            || catalog.service(service).is_some()
            || catalog.retired(service).is_some()
            || is_in_arns(cx, service)
            || told.get_or_init(|| unknown_services(cx)).contains(&service.to_ascii_lowercase())
        {
            continue;
        }
        if service.is_empty() {
            sink.report(arn.text.span, format!("`{}` names no service, so it matches nothing", arn.text.text));
            continue;
        }
        let span = span(cx, arn, ArnPart::Service);
        let message = format!("no ARN has the service `{service}` (as of {})", catalog.date());
        let finding = sink.report(span, message);
        if let Some(meant) = catalog.nearest_service(service) {
            let edit = Edit { span, text: meant.prefix().into() };
            finding.help(format!("did you mean `{meant}`?"));
            finding.fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
        }
    }
}

fn is_in_arns(cx: &Context<'_>, service: &str) -> bool {
    let pattern = ArnPattern::parse(&format!("arn:*:{service}:*"));
    pattern.is_some_and(|pattern| is_of_known_service(cx, &pattern))
}
