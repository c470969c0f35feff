//! From the cells of a row to a citation: what the exporter of the table means by them.

use std::borrow::Cow;

use crate::domain::record::{Citation, PublicationKind};
use crate::refs::builder::{Builder, Role};
use crate::refs::source_line::parse_source_line;
use crate::refs::tagged::Remarks;

use super::header::{Column, Exporter, Header};
use super::width::name_beyond;
use super::{cells, kinds};

/// Makes a citation of the cells of a row that begins at a line.
pub(super) fn interpret(header: &Header, cells: &[Cow<'_, str>], line: usize, remarks: &mut Remarks) -> Citation {
    let exporter = header.exporter;
    let mut builder = Builder::new(kinds::KINDS, line, remarks);
    for (at, cell) in cells.iter().enumerate() {
        let beyond;
        let column = match header.columns.get(at) {
            Some(column) => column,
            None => {
                beyond = Column { name: name_beyond(at), role: Role::Extra };
                &beyond
            }
        };
        take_cell(column, cell, exporter, line, &mut builder);
    }
    settle(exporter, &mut builder);
    let mut citation = builder.finish();
    if matches!(exporter, Exporter::ClinicalTrials | Exporter::Ictrp) {
        citation.kind = PublicationKind::RegistryEntry;
    }
    citation
}

/// Reports whether a citation holds nothing that names a publication.
pub(super) fn is_empty(citation: &Citation) -> bool {
    citation.title.is_empty()
        && citation.abstract_text.is_none()
        && citation.authors.is_empty()
        && citation.doi.is_none()
        && citation.pmid.is_none()
        && citation.accession.is_none()
        && citation.journal.is_none()
}

/// Takes one cell.
pub(super) fn take_cell(column: &Column, cell: &str, exporter: Exporter, line: usize, builder: &mut Builder<'_>) {
    // Statistics programs write these for an empty cell.
    let is_missing = matches!(cell.trim(), "NA" | "N/A" | "nan" | "NaN" | "None" | "null" | "NULL");
    if cell.trim().is_empty() || (is_missing && !matches!(column.role, Role::Title | Role::Extra)) {
        return;
    }
    let name = column.name.as_str();
    match column.role {
        Role::Keyword => {
            for keyword in cells::keywords(cell, exporter) {
                builder.take(Role::Keyword, name, line, &keyword);
            }
        }
        role @ (Role::Authors | Role::GivenFirst) => {
            for author in cells::authors(cell, exporter) {
                builder.take(role, name, line, &author);
            }
        }
        // Rayyan glues the next tag of the file that it read behind the value.
        Role::Doi | Role::Url if exporter == Exporter::Rayyan => {
            let (value, rest) = cell.split_once("     ").unwrap_or((cell, ""));
            builder.take(column.role, name, line, value);
            builder.take(Role::Extra, name, line, rest);
        }
        Role::Url | Role::Registry if cell.contains([';', '|', '\n']) => {
            for part in cell.split([';', '|', '\n']) {
                builder.take(column.role, name, line, part);
            }
        }
        // OpenAlex names its sources' ISSNs with bars between them.
        Role::Issn if cell.contains('|') => {
            for part in cell.split('|') {
                builder.take(column.role, name, line, part);
            }
        }
        role => builder.take(role, name, line, cell),
    }
}

/// Fills what stands in a source line only, and what an exporter means by a column that may be empty.
fn settle(exporter: Exporter, builder: &mut Builder<'_>) {
    let source_column = match exporter {
        Exporter::Embase => "Source",
        Exporter::PubMed => "Citation",
        // Without the date of registration the beginning of the trial dates the entry.
        Exporter::ClinicalTrials => {
            if !builder.has_date() {
                take_kept("Start Date", Role::Date, builder);
            }
            return;
        }
        // The full names are not always there.
        Exporter::WebOfScience => {
            if builder.citation.authors.is_empty() {
                take_kept("AU", Role::Authors, builder);
                take_kept("Authors", Role::Authors, builder);
            }
            return;
        }
        _ => return,
    };
    let Some((tag, line)) = builder.citation.extra.iter().find(|(tag, _)| tag == source_column).cloned() else { return };
    builder.fill_from(&tag, parse_source_line(&line));
}

/// Takes a value that was kept aside.
fn take_kept(tag: &str, role: Role, builder: &mut Builder<'_>) {
    if let Some(at) = builder.citation.extra.iter().position(|(kept, _)| kept == tag) {
        let (tag, value) = builder.citation.extra.remove(at);
        builder.take(role, &tag, 0, &value);
    }
}
