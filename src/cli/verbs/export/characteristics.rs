//! The characteristics of studies in the formats in which they are printed.

use std::io::Write;

use crate::app::query::CharacteristicsView;
use crate::app::{Error, ErrorKind, Workspace};
use crate::cli::report::Done;
use crate::export::characteristics::{CharacteristicTables, ExcludedReport, IncludedStudy};
use crate::export::docx;

use super::{Format, What, write_table};

/// Writes the included studies, or the excluded reports; Markdown and Word have both where the included studies are asked for.
pub fn write(workspace: &Workspace, what: What, format: Format, out: &mut dyn Write) -> Done<Vec<String>> {
    let view = workspace.characteristics()?;
    let mut remarks = if what == What::Characteristics { open_studies(&view) } else { Vec::new() };
    let tables = tables(workspace, view);
    let is_excluded = what == What::Excluded;
    match format {
        Format::Docx => {
            let blocks = if is_excluded { tables.excluded_document() } else { tables.document() };
            let bytes = docx::document(&blocks).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
            out.write_all(&bytes)?;
        }
        Format::Md if !is_excluded => out.write_all(tables.markdown().as_bytes())?,
        _ if is_excluded => remarks.extend(write_table(what, &tables.excluded_table(), format, out)?),
        _ => remarks.extend(write_table(what, &tables.included_table(), format, out)?),
    }
    Ok(remarks)
}

/// Names the studies of which something is still open: their cells stay empty.
fn open_studies(view: &CharacteristicsView) -> Vec<String> {
    let open = view.included.iter().filter(|study| !study.is_agreed);
    open.map(|study| format!("{}: what its extractors have not agreed upon is left empty.", study.study)).collect()
}

/// Returns both tables with the texts that the review has.
pub fn tables(workspace: &Workspace, view: CharacteristicsView) -> CharacteristicTables {
    let included = view.included.into_iter().map(|study| IncludedStudy {
        study: study.study,
        year: study.year,
        cells: study.cells,
        reports: study.reports,
    });
    let excluded =
        view.excluded.into_iter().map(|report| ExcludedReport { study: report.study, reason: report.reason, report: report.report });
    CharacteristicTables {
        title: workspace.review_info().title.clone(),
        columns: view.columns.iter().map(|column| column.title().to_owned()).collect(),
        included: included.collect(),
        excluded: excluded.collect(),
    }
}
