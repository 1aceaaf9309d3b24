//! What a run costs, against the least that any linter must do: walk, read and parse the same files.

mod corpus;

use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use iam_lint::config::{PathGlobs, Selection};
use iam_lint::discover::{self, IgnoreFiles, Request};
use iam_lint::lint::{self, Options, RuleSet};
use iam_lint::policy;
use iam_lint::render::{self, Format, Totals};
use iam_lint::syntax;
use std::hint::black_box;
use std::path::{Path, PathBuf};

/// All that `iam-lint check` does with a folder, on one thread: the threads of a real run share this work.
fn check(top: &Path, rules: &RuleSet<'_>) -> Totals {
    let (paths, exclude) = ([PathBuf::from(top)], PathGlobs::default());
    let request = Request { paths: &paths, exclude: &exclude, ignore_files: IgnoreFiles::Honour };
    let (files, failures) = discover::find(request);
    let mut totals = Totals { files: files.len(), ..Totals::default() };
    let mut rendered = Vec::with_capacity(files.len());
    for file in &files {
        let Ok(bytes) = discover::read(&file.path) else { continue };
        let report = lint::lint(&file.shown, bytes, &Options::new(rules));
        for diagnostic in &report.diagnostics {
            totals.count(diagnostic.severity);
        }
        rendered.push(render::file(Format::Concise, &report.source, &report.diagnostics));
    }
    let mut out = Vec::new();
    let _ = render::write(&mut out, Format::Concise, rendered, &totals, &failures);
    black_box(out);
    totals
}

/// The same files, walked, read and parsed by `serde_json`.
fn baseline(top: &Path) -> usize {
    let files = walkdir::WalkDir::new(top).into_iter().filter_map(Result::ok);
    let read = files.filter(|entry| entry.file_type().is_file()).filter_map(|entry| std::fs::read(entry.path()).ok());
    read.filter_map(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok()).map(black_box).count()
}

fn whole(criterion: &mut Criterion) {
    let files = corpus::files();
    let top = tempfile::tempdir().expect("a temporary folder");
    corpus::write(&files, top.path()).expect("room for the corpus");
    let rules = RuleSet::new(&Selection::default(), &[]);
    let found = check(top.path(), &rules);
    // AWS's managed policies and those of public repositories have some 35 and 40 in a hundred.
    let rate = 100 * (found.errors + found.warnings + found.notes) / corpus::POLICIES;
    assert!((30..60).contains(&rate), "{rate} findings in a hundred policies are not what real ones have");
    let mut group = criterion.benchmark_group("a repository");
    group.sample_size(30).throughput(Throughput::Elements(files.len() as u64));
    group.bench_function("walk, read, serde_json", |bencher| bencher.iter(|| baseline(top.path())));
    group.bench_function("walk, read, lint, write", |bencher| bencher.iter(|| check(top.path(), &rules)));
    group.finish();
}

/// The same files in memory, step by step; each step includes those before it.
fn steps(criterion: &mut Criterion) {
    let files = corpus::files();
    let rules = RuleSet::new(&Selection::default(), &[]);
    let mut group = criterion.benchmark_group("steps");
    group.sample_size(30).throughput(Throughput::Bytes(files.iter().map(|file| file.text.len() as u64).sum()));
    group.bench_function("serde_json", |bencher| {
        bencher.iter(|| {
            files.iter().filter_map(|file| serde_json::from_str::<serde_json::Value>(&file.text).ok()).count()
        });
    });
    group.bench_function("parse", |bencher| {
        bencher.iter(|| files.iter().map(|file| black_box(syntax::parse(&file.text)).1.len()).sum::<usize>());
    });
    group.bench_function("lower", |bencher| {
        bencher.iter(|| files.iter().map(lower).sum::<usize>());
    });
    group.bench_function("lint", |bencher| {
        let texts = || files.iter().map(|file| file.text.clone().into_bytes()).collect::<Vec<_>>();
        bencher.iter_batched(
            texts,
            |texts| {
                let linted = files.iter().zip(texts).map(|(file, text)| lint_bytes(&file.path, text, &rules));
                linted.sum::<usize>()
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn lower(file: &corpus::File) -> usize {
    let (tree, _) = syntax::parse(&file.text);
    let candidates = policy::recognise(&tree, &file.path);
    candidates.into_iter().map(|candidate| policy::lower(candidate, &tree).statements.len()).sum()
}

fn lint_bytes(path: &str, bytes: Vec<u8>, rules: &RuleSet<'_>) -> usize {
    lint::lint(path, bytes, &Options::new(rules)).diagnostics.len()
}

/// Policies that no one writes by hand: the cost must grow with their length, not with its square.
fn large(criterion: &mut Criterion) {
    let rules = RuleSet::new(&Selection::default(), &[]);
    let mut group = criterion.benchmark_group("10,000 statements");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (name, text) in corpus::large::all(10_000) {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            let bytes = || text.clone().into_bytes();
            bencher.iter_batched(bytes, |bytes| lint_bytes("p.json", bytes, &rules), BatchSize::LargeInput);
        });
    }
    group.finish();
}

criterion_group!(benches, whole, steps, large);
criterion_main!(benches);
