//! Writing reference files record by record, so that a review of any size needs little memory.

use std::collections::HashSet;
use std::io::{self, Write};

use super::Format;
use super::{bibtex, csl_json, csv, endnote_xml, nbib, ris};
use crate::domain::record::Citation;

/// A reference file that is being written.
#[derive(Debug)]
pub struct RecordWriter {
    format: Format,
    written: usize,
    /// The keys of BibTeX entries so far, in lower case.
    keys: HashSet<String>,
}

impl RecordWriter {
    /// Writes what stands before the first record.
    ///
    /// # Errors
    /// Those of `out`, and [`io::ErrorKind::Unsupported`] for a format that is read only ([`Format::is_writable`]).
    pub fn begin(format: Format, out: &mut dyn Write) -> io::Result<Self> {
        match format {
            Format::Ris | Format::Nbib | Format::Bibtex => {}
            Format::CslJson => out.write_all(b"[")?,
            Format::EndnoteXml => endnote_xml::write_head(out)?,
            Format::Csv => csv::write_head(out)?,
            _ => return Err(io::Error::new(io::ErrorKind::Unsupported, format!("{} is read, not written", format.title()))),
        }
        Ok(Self { format, written: 0, keys: HashSet::new() })
    }

    /// Writes a record.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn put(&mut self, out: &mut dyn Write, citation: &Citation) -> io::Result<()> {
        self.written += 1;
        match self.format {
            Format::Ris => ris::write_record(out, citation),
            Format::Nbib => nbib::write_record(out, citation),
            Format::Bibtex => bibtex::write_entry(out, citation, self.written, &mut self.keys),
            Format::CslJson => csl_json::write_item(out, citation, self.written),
            Format::EndnoteXml => endnote_xml::write_record(out, citation, self.written),
            _ => csv::write_row(out, citation),
        }
    }

    /// Writes what stands behind the last record.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn end(self, out: &mut dyn Write) -> io::Result<()> {
        match self.format {
            Format::CslJson => out.write_all(b"\n]\n"),
            Format::EndnoteXml => endnote_xml::write_foot(out),
            _ => Ok(()),
        }
    }
}

/// Writes records in a format, as the writer of the format does.
///
/// # Errors
/// Those of `out`, and [`io::ErrorKind::Unsupported`] for a format that is read only ([`Format::is_writable`]).
pub fn write_records<'a>(out: &mut impl Write, format: Format, records: impl IntoIterator<Item = &'a Citation>) -> io::Result<()> {
    let mut writer = RecordWriter::begin(format, out)?;
    for citation in records {
        writer.put(out, citation)?;
    }
    writer.end(out)
}
