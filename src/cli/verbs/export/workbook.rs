//! Everything that the review holds in one workbook, a sheet a table.

use std::io::Write;

use crate::app::Workspace;
use crate::cli::report::Done;
use crate::export::revman::{settings_table, subgroup_table};
use crate::export::table::{Cell, Table};
use crate::export::xlsx::WorkbookWriter;

use super::{Names, characteristics, no_workbook, records, results, tables};

/// One sheet: its name, what it holds, and the table.
type Sheet = (String, &'static str, Table);

/// Writes the workbook: what the acting reviewer may see, as the single tables have it. A review without a form has the tables of screening.
pub fn write(workspace: &Workspace, out: &mut dyn Write) -> Done<Vec<String>> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut remarks = Vec::new();
    if workspace.form().is_ok() {
        remarks = studies(workspace, &mut sheets)?;
    }
    sheets.push(("flow".to_owned(), "the numbers of the PRISMA flow diagram", tables::prisma(workspace).table));
    sheets.push(("duplicates".to_owned(), "records with the groups that they belong to", tables::duplicates(workspace)?));
    sheets.push(("votes".to_owned(), "votes that you may see", tables::votes(workspace, None)));
    sheets.push(("marks".to_owned(), "notes, tags and stars that you may see", tables::marks(workspace)));
    let mut records = 0_u64;
    workspace.each_record(&mut |_, _, _| {
        records += 1;
        true
    })?;
    let mut contents = Table::new(&["sheet", "what it holds", "rows"]);
    for (name, what, table) in &sheets {
        contents.push(vec![Cell::text(name), Cell::text(*what), Cell::count(table.rows.len() as u64)]);
    }
    contents.push(vec![Cell::text("records"), Cell::text("every record with its standing"), Cell::count(records)]);
    let mut writer = WorkbookWriter::new("contents", &contents.headers).map_err(no_workbook)?;
    put(&mut writer, &contents)?;
    for (name, _, table) in &sheets {
        writer.sheet(name, &table.headers).map_err(no_workbook)?;
        put(&mut writer, table)?;
    }
    writer.sheet("records", &records::columns()).map_err(no_workbook)?;
    records::push_all(workspace, &mut writer)?;
    let file = writer.finish().map_err(no_workbook)?;
    out.write_all(&file.bytes)?;
    remarks.extend(file.remarks);
    Ok(remarks)
}

/// Adds the tables of studies, extraction and analyses; returns what has to be said about them.
fn studies(workspace: &Workspace, sheets: &mut Vec<Sheet>) -> Done<Vec<String>> {
    let view = characteristics::tables(workspace, workspace.characteristics()?);
    let mut add = |name: &str, what, table| sheets.push((name.to_owned(), what, table));
    add("included studies", "characteristics of included studies", view.included_table());
    add("excluded reports", "reports excluded at full text, with reasons", view.excluded_table());
    add("results", "results arm by arm, with where they come from", results::long(workspace)?);
    add("pairs", "results pair by pair, as metafor reads them", results::wide(workspace, Names::Metafor)?);
    add("analyses", "the rows of the analyses", tables::analysis(workspace)?);
    let analyses = workspace.revman_analyses()?;
    add("estimates", "how analyses were pooled, and what came out", settings_table(&analyses.comparisons));
    add("subgroups", "the results of subgroups", subgroup_table(&analyses.comparisons));
    add("findings", "absolute effects and the certainty of the evidence", workspace.findings(&[])?.table());
    for (number, bias) in (1..).zip(workspace.agreed_bias()?) {
        add(&format!("bias {number}"), "risk of bias agreed upon", tables::bias(&bias));
    }
    add("agreed values", "what the extractors agree upon", tables::extraction(workspace)?);
    if workspace.reviewer().is_some() {
        add("own drafts", "what you have extracted", tables::drafts(workspace)?);
    }
    Ok(analyses.remarks)
}

fn put(writer: &mut WorkbookWriter, table: &Table) -> Done {
    for row in &table.rows {
        writer.push(row).map_err(no_workbook)?;
    }
    Ok(())
}
