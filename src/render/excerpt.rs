//! The lines of a file that a diagnostic shows.
//!
//! An [`Excerpt`] is a short text of its own: the lines under the labels and their neighbours, each cut to what
//! fits a screen, controls made visible. The labels are carried over to it. It costs as much as what is shown,
//! however long the file or its lines are.

use super::printable::{is_unsafe, stand_in};
use crate::diagnostic::{Diagnostic, Label};
use crate::text::{BYTE_ORDER_MARK, Position, Source, Span};
use std::ops::Range;

/// How many lines are shown before and after each label.
pub(super) const CONTEXT_LINES: usize = 1;

/// A label over more lines than this is drawn on its first line only.
const MAX_LABEL_LINES: usize = 12;

/// A line of more bytes than this is cut.
const MAX_LINE: usize = 160;

/// What is kept of a cut line before and after a label, in bytes.
const MARGIN: usize = 48;

/// What is kept of a label itself on a cut line, in bytes.
const MAX_LABEL: usize = 80;

/// What stands for text that was cut.
const ELLIPSIS: char = '…';

/// The lines to show, and what to underline in them.
#[derive(Debug)]
pub(super) struct Excerpt {
    /// The lines, each ending in `\n`.
    pub(super) text: String,
    /// What to underline, in the order of the diagnostic's labels.
    pub(super) marks: Vec<Mark>,
    lines: Vec<Line>,
}

/// A label's place in the excerpt.
#[derive(Debug)]
pub(super) struct Mark {
    /// The bytes of [`Excerpt::text`] to underline.
    pub(super) range: Range<usize>,
    /// What to write there; may be empty.
    pub(super) text: String,
    /// Where it stands in the file.
    pub(super) position: Position,
}

/// A line of the excerpt: where it begins there, and its number, from 0, in the file.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    number: usize,
}

/// A run of bytes that was copied as it is, or one character that was replaced.
struct Piece {
    from: usize,
    to: usize,
    len: usize,
}

/// A stretch of the excerpt, whole lines that are neighbours in the file too.
pub(super) struct Window {
    /// Its bytes in [`Excerpt::text`].
    pub(super) range: Range<usize>,
    /// Its first line's number in the file, from 0.
    pub(super) first_line: usize,
    /// How many lines it has.
    pub(super) line_count: usize,
}

impl Excerpt {
    /// What there is to show of `diagnostic`.
    pub(super) fn new(source: &Source, diagnostic: &Diagnostic) -> Self {
        let own = Label { span: diagnostic.span, text: String::new() };
        let labels = if diagnostic.labels.is_empty() { std::slice::from_ref(&own) } else { &diagnostic.labels[..] };
        let spans: Vec<Span> = labels.iter().map(|label| drawn(source, label.span)).collect();
        let mut copy = Copy { source, text: String::new(), pieces: Vec::new(), lines: Vec::new() };
        for number in shown_lines(source, &spans) {
            copy.line(number, &spans);
        }
        let marks = labels.iter().zip(&spans).map(|(label, span)| copy.mark(label, *span)).collect();
        Self { text: copy.text, marks, lines: copy.lines }
    }

    /// The lines under `range`, with up to `before` and `after` more. `None` where lines in between are not shown.
    pub(super) fn window(&self, range: Range<usize>, before: usize, after: usize) -> Option<Window> {
        let line_at = |offset| self.lines.partition_point(|line| line.start <= offset).saturating_sub(1);
        let (mut first, mut last) = (line_at(range.start), line_at(range.end.max(range.start + 1) - 1));
        let adjacent = |a: usize, b: usize| {
            self.lines.get(a).zip(self.lines.get(b)).is_some_and(|(a, b)| b.number - a.number == 1)
        };
        if !(first..last).all(|line| adjacent(line, line + 1)) {
            return None;
        }
        for _ in 0..before {
            first -= usize::from(first > 0 && adjacent(first - 1, first));
        }
        for _ in 0..after {
            last += usize::from(adjacent(last, last + 1));
        }
        let end = self.lines.get(last + 1).map_or(self.text.len(), |line| line.start);
        let Line { start, number } = *self.lines.get(first)?;
        Some(Window { range: start..end, first_line: number, line_count: last + 1 - first })
    }
}

/// What is drawn of a label: its first line, if it runs over too many.
fn drawn(source: &Source, span: Span) -> Span {
    let first = line_of(source, span.start);
    let last = line_of(source, span.end.max(span.start + 1) - 1);
    if last - first < MAX_LABEL_LINES {
        return span;
    }
    let end = Span::at(content(source, first).end).end;
    Span { start: span.start, end: end.max(span.start) }
}

/// The numbers, from 0, of the lines to show.
fn shown_lines(source: &Source, spans: &[Span]) -> Vec<usize> {
    let count = source.line_starts().len();
    let mut numbers: Vec<usize> = spans
        .iter()
        .flat_map(|span| {
            let first = line_of(source, span.start).saturating_sub(CONTEXT_LINES);
            let last = line_of(source, span.end.max(span.start + 1) - 1) + CONTEXT_LINES;
            first..(last + 1).min(count)
        })
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn line_of(source: &Source, offset: u32) -> usize {
    source.line_starts().partition_point(|start| *start <= offset).saturating_sub(1)
}

/// The bytes of a line, without its end and without a byte order mark.
fn content(source: &Source, number: usize) -> Range<usize> {
    let starts = source.line_starts();
    let start = starts[number] as usize;
    let end = starts.get(number + 1).map_or(source.text().len(), |next| *next as usize);
    let line = &source.text()[start..end];
    let end = start + line.trim_end_matches(['\r', '\n']).len();
    let start = if number == 0 && line.starts_with(BYTE_ORDER_MARK) { start + BYTE_ORDER_MARK.len() } else { start };
    start..end
}

/// The parts of a line that are kept, in order and apart.
fn kept(source: &Source, line: Range<usize>, spans: &[Span]) -> Vec<Range<usize>> {
    if line.len() <= MAX_LINE {
        return vec![line];
    }
    let mut wanted: Vec<Range<usize>> = spans
        .iter()
        .map(|span| span.range())
        .filter(|span| span.start <= line.end && span.end >= line.start)
        .map(|span| {
            // A label that comes from an earlier line begins here at the line's start, for our purpose.
            let start = span.start.max(line.start);
            let end = span.end.clamp(start, line.end).min(start + MAX_LABEL);
            start.saturating_sub(MARGIN).max(line.start)..(end + MARGIN).min(line.end)
        })
        .collect();
    if wanted.is_empty() {
        wanted.push(line.start..line.start + MAX_LINE);
    }
    wanted.sort_by_key(|range| range.start);
    let mut kept: Vec<Range<usize>> = Vec::new();
    for range in wanted {
        let range = boundary(source.text(), range.start)..boundary(source.text(), range.end);
        match kept.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => kept.push(range),
        }
    }
    kept
}

/// The nearest character boundary at or before `offset`.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// An excerpt in the making.
struct Copy<'a> {
    source: &'a Source,
    text: String,
    pieces: Vec<Piece>,
    lines: Vec<Line>,
}

impl Copy<'_> {
    fn line(&mut self, number: usize, spans: &[Span]) {
        self.lines.push(Line { start: self.text.len(), number });
        let line = content(self.source, number);
        let mut done = line.start;
        for part in kept(self.source, line.clone(), spans) {
            if part.start > done {
                self.text.push(ELLIPSIS);
            }
            done = part.end;
            self.part(part);
        }
        if done < line.end {
            self.text.push(ELLIPSIS);
        }
        self.text.push('\n');
    }

    fn part(&mut self, part: Range<usize>) {
        let mut from = part.start;
        let text = &self.source.text()[part.clone()];
        // A tab is drawn as spaces, and does no harm.
        for (at, c) in text.char_indices().filter(|(_, c)| is_unsafe(*c) && *c != '\t') {
            let at = part.start + at;
            self.run(from..at);
            from = at + c.len_utf8();
            self.pieces.push(Piece { from: at, to: self.text.len(), len: stand_in(c).len_utf8() });
            self.text.push(stand_in(c));
        }
        self.run(from..part.end);
    }

    fn run(&mut self, range: Range<usize>) {
        self.pieces.push(Piece { from: range.start, to: self.text.len(), len: range.len() });
        self.text.push_str(&self.source.text()[range]);
    }

    /// Where an offset of the file stands in the excerpt; what was cut is where it was cut.
    fn place(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.from <= offset);
        match after.checked_sub(1).and_then(|at| self.pieces.get(at)) {
            Some(piece) => piece.to + (offset - piece.from).min(piece.len),
            None => self.pieces.first().map_or(0, |piece| piece.to),
        }
    }

    fn mark(&self, label: &Label, span: Span) -> Mark {
        let span =
            Span::new(boundary(self.source.text(), span.range().start), boundary(self.source.text(), span.range().end));
        let start = self.place(span.range().start);
        let end = self.place(span.range().end).max(start);
        let text = super::printable(&label.text).into_owned();
        Mark { range: start..end, text, position: self.source.position(label.span.start) }
    }
}
