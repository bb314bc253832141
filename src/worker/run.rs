//! One analysis, in pieces: says which bytes it wants next and takes them. Where bytes come from is the caller's matter.

use crate::analyzer::{Analysis, Analyzer};
use crate::worker::protocol::{Progress, Request};

/// An analysis under way.
pub struct Run {
    analyzer: Analyzer,
    sizes: Vec<u64>,
    names: Vec<String>,
    piece_size: u64,
    /// Index of the source that is being read.
    source: usize,
    /// Bytes of it that were taken.
    offset: u64,
    opened: bool,
    done: u64,
}

/// The bytes `start..end` of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Index in the request's `sources`.
    pub source: usize,
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

impl Run {
    /// Starts; pieces will have at most `piece_size` bytes.
    pub fn new(request: &Request, piece_size: u64) -> Run {
        Run {
            analyzer: Analyzer::new(request.language),
            sizes: request.sources.iter().map(|source| source.bytes).collect(),
            names: request.sources.iter().map(|source| source.name.clone()).collect(),
            piece_size: piece_size.max(1),
            source: 0,
            offset: 0,
            opened: false,
            done: 0,
        }
    }

    /// What to read next. `None` when all sources are read.
    pub fn wants(&mut self) -> Option<Piece> {
        loop {
            let size = *self.sizes.get(self.source)?;
            if !self.opened {
                self.analyzer.open(self.names.get(self.source).map_or("", String::as_str));
                self.opened = true;
            }
            if self.offset < size {
                let end = self.offset.saturating_add(self.piece_size).min(size);
                return Some(Piece { source: self.source, start: self.offset, end });
            }
            self.analyzer.close();
            self.source += 1;
            self.offset = 0;
            self.opened = false;
        }
    }

    /// Takes the bytes of the piece that was wanted. None at all ends the source: it became shorter meanwhile.
    pub fn take(&mut self, bytes: &[u8]) {
        self.analyzer.feed(bytes);
        let count = bytes.len() as u64;
        self.done = self.done.saturating_add(count);
        self.offset = match count {
            0 => u64::MAX,
            _ => self.offset.saturating_add(count),
        };
    }

    /// How far it is, `elapsed_ms` after the start.
    pub fn progress(&self, elapsed_ms: u64) -> Progress {
        let total = self.sizes.iter().fold(0, |sum: u64, size| sum.saturating_add(*size));
        Progress { bytes: self.done, total, lines: self.analyzer.lines(), elapsed_ms }
    }

    /// The report of what was taken.
    pub fn finish(self) -> Analysis {
        self.analyzer.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use crate::worker::protocol::SourceToRead;

    fn request(texts: &[&[u8]]) -> Request {
        let sources = texts
            .iter()
            .enumerate()
            .map(|(at, text)| SourceToRead { name: format!("source-{at}"), bytes: text.len() as u64 })
            .collect();
        Request { job: 1, language: Language::En, sources, share: None, keep: false, settings: None }
    }

    fn run(texts: &[&[u8]], piece_size: u64) -> Analysis {
        let mut run = Run::new(&request(texts), piece_size);
        while let Some(piece) = run.wants() {
            run.take(&texts[piece.source][piece.start as usize..piece.end as usize]);
        }
        run.finish()
    }

    const TEXT: &[u8] =
        "jstat -gcutil 7 1s\n  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     GCT\n\
        0.00  12.50  40.00  80.00  97.00  95.00      3    0.120     1    0.050    0.170\n메모리가 모자랐다"
            .as_bytes();

    #[test]
    fn the_size_of_pieces_does_not_change_the_report() {
        let whole = run(&[TEXT, b"", TEXT], 1 << 20);
        assert_eq!(whole.report.sources.len(), 3);
        for size in [1, 2, 7, 100] {
            let pieces = run(&[TEXT, b"", TEXT], size);
            assert_eq!(pieces.report, whole.report, "pieces of {size}");
            assert_eq!(pieces.maps, whole.maps, "pieces of {size}");
        }
    }

    #[test]
    fn progress_counts_bytes_and_lines_up_to_the_total() {
        let mut run = Run::new(&request(&[b"one\ntwo\n", b"three\n"]), 4);
        let mut seen = Vec::new();
        while let Some(piece) = run.wants() {
            let text: &[u8] = if piece.source == 0 { b"one\ntwo\n" } else { b"three\n" };
            run.take(&text[piece.start as usize..piece.end as usize]);
            let progress = run.progress(5);
            assert_eq!(progress.total, 14);
            seen.push((progress.bytes, progress.lines));
        }
        assert_eq!(seen, [(4, 1), (8, 2), (12, 2), (14, 3)]);
    }

    #[test]
    fn a_source_that_became_shorter_ends_early() {
        let mut run = Run::new(&request(&[b"0123456789", b"next"]), 4);
        assert_eq!(run.wants(), Some(Piece { source: 0, start: 0, end: 4 }));
        run.take(b"0123");
        run.take(b"");
        assert_eq!(run.wants(), Some(Piece { source: 1, start: 0, end: 4 }));
        run.take(b"next");
        assert_eq!(run.wants(), None);
        assert_eq!(run.finish().report.sources.len(), 2);
    }

    #[test]
    fn nothing_at_all_is_a_report_too() {
        let analysis = run(&[b""], 4);
        assert_eq!((analysis.report.sources.len(), analysis.report.segments.len()), (1, 0));
    }
}
