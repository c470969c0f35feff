//! Files of any size, record by record: a survey of the file first, then the records one at a time.
//!
//! [`survey`] looks at all bytes and keeps none; [`read_records`] holds as much of the text as the largest record needs. How a format
//! is fed is the matter of `window`: the text comes in pieces, each reader says how much of a piece is done with, and what it
//! finds does not depend on where the pieces end.

mod output;
#[cfg(test)]
mod testing;
mod window;

pub(super) use output::{Mark, Output};
#[cfg(test)]
pub(super) use testing::read_text;
pub(super) use window::{Piece, Reader};

use std::io::{self, Read, Seek, SeekFrom};

use sha2::{Digest, Sha256};

use super::csv::Totals;
use super::encoding::{Decoding, Scan};
use super::{Format, ParseOptions, RefsError, bibtex, csv, detect, foreign, reader_of, xlsx};
use crate::domain::diagnostic::{Diagnostic, RemarkCounts};
use crate::domain::record::Draft;

use window::Window;

/// How many bytes are read at a time.
const BLOCK: usize = 65_536;

/// How much of the text is looked at for the format, and how much when that does not tell.
const SAMPLES: [usize; 2] = [524_288, 8_388_608];

/// What one look through a file found out; [`read_records`] reads the file by it.
#[derive(Debug, Clone)]
pub struct Survey {
    /// The length of the file in bytes.
    pub bytes: u64,
    /// The SHA-256 of the file.
    pub sha256: [u8; 32],
    /// The name of the encoding, in lower case ("utf-8").
    pub encoding: String,
    /// The format.
    pub format: Format,
    pub(super) options: ParseOptions,
    pub(super) parents: bibtex::Parents,
    decoding: Decoding,
    block: usize,
}

impl Survey {
    /// Sets how many bytes are read at a time; what is read does not depend on it.
    pub fn in_blocks_of(self, bytes: usize) -> Self {
        Self { block: bytes.max(1), ..self }
    }
}

/// What is known of a file when its records were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadSummary {
    /// The number of records that the file begins; more than `kept` when some were empty.
    pub found: usize,
    /// The number of records that were handed on.
    pub kept: usize,
    /// The number of lines that belong to no record and are no known decoration of an export.
    pub not_understood: usize,
    /// Remarks in the order of their lines; behind the first 10,000 one that counts the others.
    pub diagnostics: Vec<Diagnostic>,
    /// How many remarks there were in all.
    pub remarks: RemarkCounts,
    /// The most text that was held at once, in bytes.
    pub held: usize,
}

/// Looks through a file once, from its beginning, and keeps nothing of it: how long it is, what it holds, how it is to be read.
///
/// `progress` is called with the bytes done and the bytes in all; it returns `false` to stop.
///
/// # Errors
/// Those of [`parse`](super::parse), [`RefsError::Unreadable`] where the input fails, and [`RefsError::Cancelled`] when `progress`
/// returned `false`.
pub fn survey<R: Read + Seek>(
    input: &mut R,
    options: &ParseOptions,
    progress: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Survey, RefsError> {
    let total = input.seek(SeekFrom::End(0)).map_err(unreadable)?;
    input.rewind().map_err(unreadable)?;
    let mut scan = Scan::new();
    let mut sha256 = Sha256::new();
    let mut block = vec![0; BLOCK];
    let mut bytes = 0;
    let mut is_workbook = false;
    loop {
        let read = read_block(input, &mut block).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        if bytes == 0 {
            foreign::check(&block[..read])?;
            is_workbook = super::is_workbook(&block[..read], options)?;
        }
        if !is_workbook {
            scan.feed(&block[..read]);
        }
        sha256.update(&block[..read]);
        bytes += read as u64;
        if !progress(bytes.min(total), total) {
            return Err(RefsError::Cancelled);
        }
    }
    if is_workbook {
        scan.feed(b"-");
        let decoding = scan.finish(Some("utf-8"))?;
        let (encoding, options) = (decoding.name.clone(), options.clone());
        let parents = bibtex::Parents::default();
        return Ok(Survey {
            bytes,
            sha256: sha256.finalize().into(),
            encoding,
            format: Format::Xlsx,
            options,
            parents,
            decoding,
            block: BLOCK,
        });
    }
    let decoding = scan.finish(options.encoding.as_deref())?;
    let format = find_format(input, &decoding, options)?;
    let parents = if format == Format::Bibtex { find_parents(input, &decoding)? } else { bibtex::Parents::default() };
    let (encoding, options) = (decoding.name.clone(), options.clone());
    Ok(Survey { bytes, sha256: sha256.finalize().into(), encoding, format, options, parents, decoding, block: BLOCK })
}

/// Fills a block, unless the input ends before; returns the number of bytes read.
fn read_block(input: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match input.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Finds the entries of a BibTeX file that others take fields from.
fn find_parents<R: Read + Seek>(input: &mut R, decoding: &Decoding) -> Result<bibtex::Parents, RefsError> {
    let mut collector = bibtex::ParentCollector::default();
    loop {
        input.rewind().map_err(unreadable)?;
        run(&mut Window::new(&mut *input, decoding, BLOCK), &mut collector, &mut Output::new(&mut |_| true), &mut |_| true)?;
        if !collector.next_run() {
            return Ok(collector.into_parents());
        }
    }
}

/// Finds the format in the beginning of a file.
fn find_format<R: Read + Seek>(input: &mut R, decoding: &Decoding, options: &ParseOptions) -> Result<Format, RefsError> {
    input.rewind().map_err(unreadable)?;
    let mut window = Window::new(input, decoding, BLOCK);
    window.fill(BLOCK).map_err(unreadable)?;
    // White space at the beginning, of any length, says nothing.
    while window.piece().text.trim_start().is_empty() {
        if window.piece().is_last {
            return Err(RefsError::Empty);
        }
        window.cut(window.piece().safe_end());
        window.fill(BLOCK).map_err(unreadable)?;
    }
    // Columns that were named are those of a table.
    if let Some(format) = options.format.or((!options.columns.is_empty()).then_some(Format::Csv)) {
        return Ok(format);
    }
    for sample in SAMPLES {
        window.fill(sample.saturating_sub(window.len()) + BLOCK).map_err(unreadable)?;
        let Piece { text, is_last, .. } = window.piece();
        if is_last && text.len() <= sample {
            return format_of(text);
        }
        if let Some(format) = detect::decide(whole_lines(text, sample)) {
            return Ok(format);
        }
    }
    format_of(whole_lines(window.piece().text, SAMPLES[1]))
}

/// Finds the format of a text; one that is none may be a table whose columns nobody knows.
fn format_of(text: &str) -> Result<Format, RefsError> {
    detect::detect(text).map_err(|guess| match csv::unknown_columns(text) {
        Some(columns) => RefsError::UnknownTable { columns },
        None => foreign::refusal(text, guess),
    })
}

/// Returns the beginning of a text up to a limit, without a line that the limit cuts.
fn whole_lines(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = &text[..end];
    start.rfind(['\n', '\r']).map_or(start, |at| &start[..=at])
}

/// Reads the records of a file, from its beginning and in its order, and hands them to `sink` one by one.
///
/// `progress` is called with the bytes done and the bytes in all; it returns `false` to stop, and so may `sink`. The memory used is
/// that of the largest record and does not grow with the file.
///
/// # Errors
/// [`RefsError::Unreadable`] where the input fails, and [`RefsError::Cancelled`] when `progress` or `sink` returned `false`.
pub fn read_records<R: Read + Seek>(
    input: &mut R,
    survey: &Survey,
    progress: &mut dyn FnMut(u64, u64) -> bool,
    sink: &mut dyn FnMut(Draft) -> bool,
) -> Result<ReadSummary, RefsError> {
    input.rewind().map_err(unreadable)?;
    if survey.format == Format::Xlsx {
        return read_workbook(input, survey, progress, sink);
    }
    let mut reader = reader_of(survey)?;
    let mut output = Output::new(sink);
    let mut window = Window::new(input, &survey.decoding, survey.block);
    run(&mut window, reader.as_mut(), &mut output, &mut |bytes| progress(bytes.min(survey.bytes), survey.bytes))?;
    let first = survey.decoding.diagnostics.iter().cloned().chain(window.remark()).collect();
    let (found, kept, not_understood) = (output.found, output.kept(), output.not_understood);
    let (diagnostics, remarks) = output.remarks.finish(first);
    Ok(ReadSummary { found, kept, not_understood, diagnostics, remarks, held: window.held })
}

/// Reads the rows of a workbook, which is a compressed archive and no text.
fn read_workbook<R: Read>(
    input: &mut R,
    survey: &Survey,
    progress: &mut dyn FnMut(u64, u64) -> bool,
    sink: &mut dyn FnMut(Draft) -> bool,
) -> Result<ReadSummary, RefsError> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(unreadable)?;
    let mut kept = 0;
    let mut keep = |draft| {
        kept += 1;
        sink(draft)
    };
    let mut next_report = 0;
    let mut step = |offset: usize| {
        if offset < next_report {
            return true;
        }
        next_report = offset + BLOCK;
        progress(offset as u64, survey.bytes)
    };
    let totals = xlsx::read_records(&bytes, &survey.options, &mut step, &mut keep)?;
    let Totals { found, not_understood, remarks } = totals.filter(|_| progress(survey.bytes, survey.bytes)).ok_or(RefsError::Cancelled)?;
    let (diagnostics, remarks) = remarks.finish(Vec::new());
    Ok(ReadSummary { found, kept, not_understood, diagnostics, remarks, held: bytes.len() })
}

/// Feeds a reader until the end of the file.
fn run<R: Read>(
    window: &mut Window<R>,
    reader: &mut dyn Reader,
    output: &mut Output<'_>,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<(), RefsError> {
    let block = window.block();
    loop {
        // As much again as is left, so that a record longer than any piece is looked at a few times only.
        window.fill(block.max(window.len())).map_err(unreadable)?;
        let piece = window.piece();
        let is_last = piece.is_last;
        let done = reader.read(piece, output)?;
        if output.is_stopped() || !progress(window.bytes) {
            return Err(RefsError::Cancelled);
        }
        if is_last {
            return Ok(());
        }
        window.cut(done);
    }
}

/// Says that a file could not be read.
fn unreadable(error: io::Error) -> RefsError {
    RefsError::Unreadable { message: error.to_string() }
}
