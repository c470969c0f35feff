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
pub mod decisions;
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
pub mod stream;
pub mod wos;
pub mod xlsx;

#[cfg(test)]
pub(crate) mod arbitrary;
mod builder;
mod bytes;
mod foreign;
mod json;
mod markup;
mod role;
mod source_line;
mod tagged;
mod tagged_reader;
mod writer;
mod xml;

#[cfg(test)]
mod tests;

pub use bibtex::write_bibtex;
pub use csl_json::write_csl_json;
pub use csv::write_csv;
pub use endnote_xml::write_endnote_xml;
pub use nbib::write_nbib;
pub use ris::write_ris;
pub use stream::{ReadSummary, Survey, read_records, survey};
pub use writer::{RecordWriter, write_records};

use std::io::Cursor;

use stream::Reader;
use tagged_reader::TaggedReader;

use crate::domain::diagnostic::Diagnostic;
use crate::domain::record::Draft;

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
    /// Workbooks of spreadsheets, as of 2007.
    Xlsx,
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
            Self::Xlsx => "workbook (XLSX)",
        }
    }
}

impl Format {
    /// Reports whether [`write_records`] knows the format; the others are read only.
    pub fn is_writable(self) -> bool {
        matches!(self, Self::Ris | Self::Nbib | Self::Bibtex | Self::CslJson | Self::EndnoteXml | Self::Csv)
    }
}

/// What the user says about a file; the default finds everything out from the content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// The format, or `None` to find it from the content.
    pub format: Option<Format>,
    /// The label of the character encoding ("macintosh"), or `None` to find it from the bytes.
    pub encoding: Option<String>,
    /// What columns of a table hold, as (field, name of the column), for tables whose names are not known; see [`csv::FIELDS`].
    pub columns: Vec<(String, String)>,
    /// The sheet of a workbook, or `None` for the first one that has a header.
    pub sheet: Option<String>,
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
    /// The file is known to hold no records: a document, an archive, a program's own database.
    #[error("The file is {what}. {advice}.")]
    Foreign {
        /// What it is.
        what: &'static str,
        /// What to do instead.
        advice: &'static str,
    },
    /// The encoding label is not known.
    #[error("The encoding \"{label}\" is not known. Use a name such as utf-8, windows-1252, macintosh, utf-16le or shift_jis.")]
    UnknownEncoding {
        /// The label as given.
        label: String,
    },
    /// A field of a mapping of columns is none of those that a record has.
    #[error("There is no field \"{field}\". The fields are: {}.", csv::field_names())]
    UnknownField {
        /// The field as given.
        field: String,
    },
    /// A mapping names columns that the table does not have.
    #[error("There is no column {}. The columns are: {}.", in_quotes(.missing), in_quotes(.columns))]
    UnknownColumn {
        /// The names that were not found.
        missing: Vec<String>,
        /// The names of the table's columns.
        columns: Vec<String>,
    },
    /// A table whose columns have names that no reader knows.
    #[error("This is a table, but no column of titles was found in it. The columns are: {}. Say what they hold: --map \"title={},authors=...\"; the fields are: {}.",
        in_quotes(.columns), .columns.first().map_or("...", String::as_str), csv::field_names())]
    UnknownTable {
        /// The names of the table's columns.
        columns: Vec<String>,
    },
    /// A workbook, or what looked like one, cannot be read.
    #[error("The workbook cannot be read: {message}.")]
    Workbook {
        /// What is wrong with it, and what to do.
        message: String,
    },
    /// A workbook has no sheet of the name that was given.
    #[error("There is no sheet \"{sheet}\". The sheets are: {}.", in_quotes(.sheets))]
    UnknownSheet {
        /// The name that was given.
        sheet: String,
        /// The names of the sheets.
        sheets: Vec<String>,
    },
    /// The file could not be read to its end.
    #[error("The file could not be read: {message}.")]
    Unreadable {
        /// What the system said.
        message: String,
    },
    /// The caller asked to stop.
    #[error("Reading was stopped before the end; nothing was imported.")]
    Cancelled,
}

/// Lists names in quotation marks, with a bound that keeps a message readable.
fn in_quotes(names: &[String]) -> String {
    let mut listed = names.iter().take(60).map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    if names.len() > 60 {
        listed.push_str(&format!(" and {} more", names.len() - 60));
    }
    listed
}

/// Tells by the first bytes whether a file is to be read as a workbook.
///
/// # Errors
/// [`RefsError::Workbook`] for workbooks of the old kind and for protected ones, and for what was called a workbook and is none.
fn is_workbook(bytes: &[u8], options: &ParseOptions) -> Result<bool, RefsError> {
    let is_table = matches!(options.format, None | Some(Format::Csv | Format::Xlsx));
    if is_table && xlsx::is_compound_file(bytes) {
        return Err(xlsx::old_format());
    }
    let is_archive = xlsx::is_archive(bytes);
    if options.format == Some(Format::Xlsx) && !is_archive {
        return Err(RefsError::Workbook { message: "it is no .xlsx file; leave the format out, or name another one".to_owned() });
    }
    Ok(is_table && is_archive)
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
    let mut input = Cursor::new(bytes);
    let survey = survey(&mut input, options, &mut |_, _| true)?;
    let mut drafts = Vec::new();
    let mut sink = |draft| {
        drafts.push(draft);
        true
    };
    let mut progress = |done: u64, _: u64| progress(usize::try_from(done).unwrap_or(bytes.len()), bytes.len());
    let ReadSummary { found, not_understood, diagnostics, .. } = read_records(&mut input, &survey, &mut progress, &mut sink)?;
    let Survey { format, encoding, .. } = survey;
    Ok(Parsed { format, encoding, found, not_understood, drafts, diagnostics })
}

/// Returns the reader for a file.
///
/// # Errors
/// [`RefsError::UnknownField`].
fn reader_of(survey: &Survey) -> Result<Box<dyn Reader + '_>, RefsError> {
    Ok(match survey.format {
        Format::Ris => Box::new(ris::Reader::default()),
        Format::Nbib => Box::new(nbib::Reader),
        Format::Wos => Box::new(TaggedReader::new(wos::WebOfScience)),
        Format::Ovid => Box::new(TaggedReader::new(ovid::Ovid)),
        Format::Cochrane => Box::new(TaggedReader::new(cochrane::Cochrane)),
        Format::Refer => Box::new(TaggedReader::new(refer::Refer)),
        Format::RefWorks => Box::new(TaggedReader::new(refworks::RefWorks)),
        Format::Bibtex => Box::new(bibtex::Reader::new(&survey.parents)),
        Format::CslJson => Box::new(csl_json::reader()),
        Format::CtgovJson => Box::new(ctgov_json::reader()),
        Format::PubmedXml => Box::new(pubmed_xml::reader()),
        Format::EndnoteXml => Box::new(endnote_xml::reader()),
        Format::Ictrp => Box::new(ictrp::reader()),
        // Workbooks are no text and are read at another place.
        Format::Csv | Format::Xlsx => Box::new(csv::reader(&survey.options.columns)?),
    })
}
