//! Bibliographic files: bytes in, drafts of records and a list of remarks out; and records back to files.
//!
//! The format and the encoding are found in the content, never in the file's name. Records are recovered one by one: a damaged
//! record costs that record at most, and each remark names the line. Tags that a reader does not interpret are kept in
//! [`Citation::extra`](crate::domain::record::Citation::extra), so that a writer can put them back.
//!
//! Each format has one file with its reader and its writer; what they share is in [`normalise`] (what values mean) and in
//! [`encoding`] (what the bytes mean).

pub mod bibtex;
pub mod cochrane;
pub mod csl_json;
pub mod csv;
pub mod ctgov_json;
pub mod detect;
pub mod encoding;
pub mod endnote_xml;
pub mod ictrp;
pub mod lines;
pub mod nbib;
pub mod normalise;
pub mod ovid;
pub mod pubmed_xml;
pub mod refer;
pub mod refworks;
pub mod ris;
pub mod wos;

#[cfg(test)]
mod arbitrary;
mod builder;
mod json;
mod markup;
mod role;
mod source_line;
mod tagged;
mod tagged_reader;
mod xml;

#[cfg(test)]
mod tests;

pub use bibtex::write_bibtex;
pub use csl_json::write_csl_json;
pub use csv::write_csv;
pub use endnote_xml::write_endnote_xml;
pub use nbib::write_nbib;
pub use ris::write_ris;

use std::io::{self, Write};

use crate::domain::diagnostic::Diagnostic;
use crate::domain::record::{Citation, Draft};

/// A bibliographic file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "kebab-case", ascii_case_insensitive)]
pub enum Format {
    /// Research Information Systems tags, `TY  - ` to `ER  - `, in the dialects of databases and reference managers.
    Ris,
    /// PubMed/MEDLINE tags, `PMID- ` and four-wide tags.
    Nbib,
    /// Web of Science tagged text (`.ciw`, plain text, ISI).
    Wos,
    /// Ovid tagged text and citation text.
    Ovid,
    /// The text export of the Cochrane Library.
    Cochrane,
    /// refer tags (`%T Title`), EndNote's `.enw`.
    Refer,
    /// RefWorks tagged text.
    #[strum(serialize = "refworks")]
    RefWorks,
    /// BibTeX and biblatex.
    Bibtex,
    /// CSL-JSON and near relatives.
    CslJson,
    /// ClinicalTrials.gov JSON.
    CtgovJson,
    /// PubMed XML.
    PubmedXml,
    /// EndNote XML.
    EndnoteXml,
    /// XML of the WHO's trial registry platform.
    Ictrp,
    /// Tables separated by commas, semicolons, tabs or bars, of databases, registries and screening tools.
    Csv,
}

impl Format {
    /// Returns the name that people know the format by.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ris => "RIS",
            Self::Nbib => "PubMed (nbib)",
            Self::Wos => "Web of Science",
            Self::Ovid => "Ovid text",
            Self::Cochrane => "Cochrane Library text",
            Self::Refer => "EndNote tagged (enw)",
            Self::RefWorks => "RefWorks tagged",
            Self::Bibtex => "BibTeX",
            Self::CslJson => "CSL-JSON",
            Self::CtgovJson => "ClinicalTrials.gov JSON",
            Self::PubmedXml => "PubMed XML",
            Self::EndnoteXml => "EndNote XML",
            Self::Ictrp => "ICTRP XML",
            Self::Csv => "table (CSV)",
        }
    }
}

impl Format {
    /// Reports whether [`write_records`] knows the format; the others are read only.
    pub fn is_writable(self) -> bool {
        matches!(self, Self::Ris | Self::Nbib | Self::Bibtex | Self::CslJson | Self::EndnoteXml | Self::Csv)
    }
}

/// Writes records in a format, as the writer of the format does.
///
/// # Errors
/// Those of `out`, and [`io::ErrorKind::Unsupported`] for a format that is read only ([`Format::is_writable`]).
pub fn write_records<'a>(out: &mut impl Write, format: Format, records: impl IntoIterator<Item = &'a Citation>) -> io::Result<()> {
    match format {
        Format::Ris => write_ris(out, records),
        Format::Nbib => write_nbib(out, records),
        Format::Bibtex => write_bibtex(out, records),
        Format::CslJson => write_csl_json(out, records),
        Format::EndnoteXml => write_endnote_xml(out, records),
        Format::Csv => write_csv(out, records),
        _ => Err(io::Error::new(io::ErrorKind::Unsupported, format!("{} is read, not written", format.title()))),
    }
}

/// What the user says about a file; the default finds everything out from the content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// The format, or `None` to find it from the content.
    pub format: Option<Format>,
    /// The label of the character encoding ("macintosh"), or `None` to find it from the bytes.
    pub encoding: Option<String>,
}

/// What a file gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The format that was read.
    pub format: Format,
    /// The encoding that was read, in lower case ("utf-8").
    pub encoding: String,
    /// The number of records that the file begins; more than `drafts` holds when some were empty.
    pub found: usize,
    /// The number of lines that belong to no record and are no known decoration of an export.
    pub not_understood: usize,
    /// The records in the order of the file.
    pub drafts: Vec<Draft>,
    /// Remarks in the order of their lines.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a file as a whole could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefsError {
    /// The file holds no bytes but white space.
    #[error("The file is empty. Export the search again and check that the download finished.")]
    Empty,
    /// No reader knows the content.
    #[error("The format was not recognised{}. Export the search as RIS, CSV or PubMed (nbib), or name the format at import.",
        guess.map(|guess| format!(" (it looks like {guess})")).unwrap_or_default())]
    UnknownFormat {
        /// What the content resembles, if anything.
        guess: Option<&'static str>,
    },
    /// The encoding label is not known.
    #[error("The encoding \"{label}\" is not known. Use a name such as utf-8, windows-1252, macintosh, utf-16le or shift_jis.")]
    UnknownEncoding {
        /// The label as given.
        label: String,
    },
    /// The caller asked to stop.
    #[error("Reading was stopped before the end; nothing was imported.")]
    Cancelled,
}

/// Reads a bibliographic file.
///
/// # Errors
/// [`RefsError::Empty`], [`RefsError::UnknownFormat`] and [`RefsError::UnknownEncoding`]; each says what to do next. Problems of
/// single records are not errors but entries of [`Parsed::diagnostics`].
///
/// ```
/// let file = b"TY  - JOUR\nTI  - Ketamine for pain\nPY  - 2009\nER  - \n";
/// let parsed = tamis::refs::parse(file, &Default::default())?;
/// assert_eq!(parsed.drafts[0].citation.title, "Ketamine for pain");
/// assert_eq!(parsed.drafts[0].citation.year, Some(2009));
/// # Ok::<(), tamis::refs::RefsError>(())
/// ```
pub fn parse(bytes: &[u8], options: &ParseOptions) -> Result<Parsed, RefsError> {
    parse_with_progress(bytes, options, &mut |_, _| true)
}

/// Reads a bibliographic file and reports how far it got.
///
/// `progress` is called with the bytes done and the bytes in all, about every 64 kB and at the end; it returns `false` to stop.
///
/// # Errors
/// As [`parse`], and [`RefsError::Cancelled`] when `progress` returned `false`.
pub fn parse_with_progress(
    bytes: &[u8],
    options: &ParseOptions,
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<Parsed, RefsError> {
    if bytes.trim_ascii().is_empty() {
        return Err(RefsError::Empty);
    }
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    let text: &str = &decoded.text;
    if text.trim().is_empty() {
        return Err(RefsError::Empty);
    }
    let format = match options.format {
        Some(format) => format,
        None => detect::detect(text).map_err(|guess| RefsError::UnknownFormat { guess })?,
    };
    let mut next_report = 0;
    let mut step = |offset: usize| {
        if offset < next_report {
            return true;
        }
        next_report = offset + 65_536;
        progress(scaled(offset, text.len(), bytes.len()), bytes.len())
    };
    let read = match format {
        Format::Ris => ris::read(text, &mut step),
        Format::Nbib => nbib::read(text, &mut step),
        Format::Wos => wos::read(text, &mut step),
        Format::Ovid => ovid::read(text, &mut step),
        Format::Cochrane => cochrane::read(text, &mut step),
        Format::Refer => refer::read(text, &mut step),
        Format::RefWorks => refworks::read(text, &mut step),
        Format::Bibtex => bibtex::read(text, &mut step),
        Format::CslJson => csl_json::read(text, &mut step),
        Format::CtgovJson => ctgov_json::read(text, &mut step),
        Format::PubmedXml => pubmed_xml::read(text, &mut step),
        Format::EndnoteXml => endnote_xml::read(text, &mut step),
        Format::Ictrp => ictrp::read(text, &mut step),
        Format::Csv => csv::read(text, &mut step),
    };
    let read = read.filter(|_| progress(bytes.len(), bytes.len())).ok_or(RefsError::Cancelled)?;
    let mut diagnostics = decoded.diagnostics;
    diagnostics.extend(read.diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.line);
    Ok(Parsed {
        format,
        encoding: decoded.encoding,
        found: read.found,
        not_understood: read.not_understood,
        drafts: read.drafts,
        diagnostics,
    })
}

/// Converts an offset in the decoded text to one in the file.
fn scaled(offset: usize, of: usize, to: usize) -> usize {
    usize::try_from(offset as u128 * to as u128 / of.max(1) as u128).unwrap_or(to).min(to)
}

/// What a reader makes of a text.
#[derive(Debug, Default)]
struct Read {
    found: usize,
    not_understood: usize,
    drafts: Vec<Draft>,
    diagnostics: Vec<Diagnostic>,
}
