//! What the catalogue costs: a look-up, wildcards, suggestions, an overlay.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use iam_lint::catalog::{Catalog, Overlay};

fn look_ups(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    let mut bench = |name: &str, look_up: &dyn Fn() -> usize| {
        criterion.bench_function(name, |bencher| bencher.iter(|| black_box(look_up())));
    };
    bench("action", &|| usize::from(catalog.action(black_box("iam"), black_box("EnableMFADevice")).is_some()));
    bench("action, all its keys", &|| {
        catalog.action(black_box("iam"), "EnableMFADevice").map_or(0, |action| action.condition_keys().count())
    });
    bench("service", &|| usize::from(catalog.service(black_box("s3")).is_some()));
    bench("condition key", &|| usize::from(catalog.condition_key(black_box("aws:SourceIp")).is_some()));
    bench("condition key of a template", &|| {
        usize::from(catalog.condition_key(black_box("aws:RequestTag/team")).is_some())
    });
    bench("unknown condition key", &|| usize::from(catalog.condition_key(black_box("aws:SourceIpp")).is_some()));
}

fn wildcards(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    for pattern in ["iam:*MFA*", "s3:*", "*:Get*", "*:*MFA*", "*"] {
        let name = format!("expand {pattern}");
        criterion.bench_function(&name, |bencher| bencher.iter(|| catalog.expand(black_box(pattern)).count()));
    }
    let arn = "arn:aws:s3:::bucket/*";
    criterion.bench_function("resource types of an ARN", |bencher| {
        bencher.iter(|| catalog.resource_types_of_arn(black_box(arn)).count());
    });
}

fn suggestions(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    criterion.bench_function("nearest action", |bencher| {
        bencher.iter(|| catalog.nearest_action(black_box("ec2"), black_box("DescribeInstancs")).is_some());
    });
    criterion.bench_function("nearest action, of an unknown service", |bencher| {
        bencher.iter(|| catalog.nearest_action(black_box("ecc2"), black_box("DescribeInstancs")).is_some());
    });
    criterion.bench_function("nearest key", |bencher| {
        bencher.iter(|| catalog.nearest_key(black_box("aws:SourcIp")).is_some());
    });
}

fn overlay(criterion: &mut Criterion) {
    let mut overlay = Overlay::default();
    overlay.add_service("mine", "My service");
    criterion.bench_function("overlay", |bencher| bencher.iter(|| Catalog::with(black_box(&overlay)).action_count()));
}

criterion_group!(benches, look_ups, wildcards, suggestions, overlay);
criterion_main!(benches);
