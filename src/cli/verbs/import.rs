//! `tamis import`: search exports become records of a source.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::app::{Detail, Error, ImportOrder, ImportReport, Progress, Request, examine_file, read_file};
use crate::cli::args::{SOURCE_KINDS, words};
use crate::cli::context::{Context, read_text};
use crate::cli::json;
use crate::cli::output::{Output, Table};
use crate::cli::progress::Watched;
use crate::cli::report::{Done, Failure};
use crate::cli::text::count;
use crate::domain::diagnostic::{Diagnostic, Severity};
use crate::domain::record::Draft;
use crate::domain::source::SourceKind;
use crate::domain::text::clean_line;

/// Import search exports as records of a source
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The exports
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The place that was searched, for example Embase; needed unless --dry-run
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The kind of a new source: it decides the box of the flow diagram
    #[arg(long, value_parser = words::<SourceKind>(SOURCE_KINDS))]
    kind: Option<SourceKind>,
    /// The platform, for example Ovid
    #[arg(long)]
    platform: Option<String>,
    /// The date of the search, as 2026-01-31
    #[arg(long)]
    date: Option<String>,
    /// The search strategy, or @FILE to read it from a file
    #[arg(long, value_name = "TEXT|@FILE")]
    strategy: Option<String>,
    /// The number of hits that the source reported
    #[arg(long, value_name = "N")]
    hits: Option<u32>,
    /// The format, where it should not be found in the content
    #[arg(long)]
    format: Option<String>,
    /// The character encoding, where it should not be found in the content
    #[arg(long)]
    encoding: Option<String>,
    /// What the columns of a table hold, where their names are not known: title=Titel,authors=Verfasser,year=Jahr
    #[arg(long, value_name = "FIELD=COLUMN,...")]
    map: Vec<String>,
    /// The sheet of a workbook; without it the first one with a header
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Read and report only; no review is needed and nothing is stored
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub fn run(args: ImportArgs, context: &mut Context) -> Done {
    if args.dry_run {
        return dry_run(&orders(&args, String::new(), None)?, context);
    }
    let Some(source) = args.source.clone() else {
        return Err(Failure::usage(
            "the records need a source",
            "add --source NAME, for example --source Embase, or look only with --dry-run",
        ));
    };
    let orders = orders(&args, source, strategy(args.strategy.as_deref())?)?;
    let mut workspace = context.open()?;
    if orders.len() > 1 {
        // A file that cannot be imported stops the whole command before anything is stored.
        watch(|progress| workspace.check_imports(&orders, progress))?;
    }
    let (mut reports, mut messages, mut operations) = (Vec::new(), Vec::new(), Vec::new());
    for order in orders {
        let reply = context.long_change(&mut workspace, Request::Import(order)).map_err(|failure| after(reports.len(), failure))?;
        if let Detail::Import(report) = reply.detail {
            reports.push(report);
        }
        messages.push(reply.message);
        operations.extend(reply.op.map(|op| op.to_string()));
    }
    if context.out.is_json() {
        let newest = operations.last().cloned();
        return context
            .out
            .json(&json!({ "message": messages.join("; "), "operation": newest, "operations": operations, "files": reports }));
    }
    for message in &messages {
        context.out.line(clean_line(message))?;
    }
    for report in &reports {
        remarks(report, "tamis source show", &mut context.out);
        decisions(report, &mut context.out);
    }
    if let Some(report) = reports.iter().find(|report| !report.decisions.people.is_empty()) {
        let names_people = report.decisions.people.iter().any(|of| of.person.is_some());
        let person = if names_people { " --person NAME" } else { "" };
        context.out.next(&format!("take your decisions over: tamis screen votes --from {}{person}", clean_line(&report.file)));
    }
    context.out.next("import the other searches, then tamis dedup run");
    Ok(())
}

/// Makes the order for each file.
fn orders(args: &ImportArgs, source: String, strategy: Option<String>) -> Done<Vec<ImportOrder>> {
    let columns = mapping(&args.map)?;
    let order = |file: &PathBuf| ImportOrder {
        path: file.clone(),
        source: source.clone(),
        kind: args.kind,
        platform: args.platform.clone(),
        date: args.date.clone(),
        strategy: strategy.clone(),
        hits: args.hits,
        format: args.format.clone(),
        encoding: args.encoding.clone(),
        columns: columns.clone(),
        sheet: args.sheet.clone(),
    };
    Ok(args.files.iter().map(order).collect())
}

/// Reads the mapping of columns; a part without `=` belongs to the name of the column before it, which may hold commas.
fn mapping(given: &[String]) -> Done<Vec<(String, String)>> {
    let mut columns: Vec<(String, String)> = Vec::new();
    for list in given {
        for (at, part) in list.split(',').enumerate() {
            match (part.split_once('='), columns.last_mut()) {
                (Some((field, column)), _) => columns.push((field.trim().to_owned(), column.trim().to_owned())),
                (None, Some((_, column))) if at > 0 => column.push_str(&format!(",{part}")),
                (None, _) => {
                    return Err(Failure::usage(
                        format!("\"{}\" maps no column", clean_line(part)),
                        "write --map field=column,..., for example --map title=Titel,authors=Verfasser",
                    ));
                }
            }
        }
    }
    Ok(columns)
}

/// Says how many files of the same command stand when a later one failed.
fn after(done: usize, failure: Failure) -> Failure {
    match failure {
        Failure::App(mut error) if done > 0 => {
            error.message = format!("{} ({} before it imported)", error.message, count(done, "file was", "files were"));
            Failure::App(error)
        }
        other => other,
    }
}

fn strategy(given: Option<&str>) -> Done<Option<String>> {
    match given.map(|text| (text, text.strip_prefix('@'))) {
        None => Ok(None),
        Some((_, Some(file))) => read_text(Path::new(file)).map(|(_, text)| Some(text)),
        Some((text, None)) => Ok(Some(text.to_owned())),
    }
}

/// Does long work that shows how far it is.
fn watch<T>(work: impl FnOnce(&mut Progress<'_>) -> Result<T, Error>) -> Done<T> {
    let mut watched = Watched::begin();
    let done = work(&mut |done, total, phase| watched.step(done, total, phase));
    watched.end();
    Ok(done?)
}

fn dry_run(orders: &[ImportOrder], context: &mut Context) -> Done {
    if context.out.is_json() {
        let file = |order: &ImportOrder| -> Done<Value> {
            let read = watch(|progress| read_file(order, progress))?;
            let mut object = json::of(&read.report);
            if let Some(keys) = object.as_object_mut() {
                keys.insert("records".to_owned(), read.drafts.iter().map(record).collect::<Vec<_>>().into());
            }
            Ok(object)
        };
        let files = orders.iter().map(file).collect::<Done<Vec<Value>>>()?;
        return context.out.json(&json!({ "files": files }));
    }
    let reports: Vec<ImportReport> = watch(|progress| orders.iter().map(|order| examine_file(order, progress)).collect())?;
    let mut table = Table::new(&["file", "format", "encoding", ">found", ">kept", ">lines not understood"]);
    for report in &reports {
        table.row([
            &report.file,
            &report.format,
            &report.encoding,
            &report.found.to_string(),
            &report.kept.to_string(),
            &report.not_understood.to_string(),
        ]);
    }
    context.out.table(&table)?;
    for report in &reports {
        remarks(report, "tamis import --dry-run --json", &mut context.out);
        decisions(report, &mut context.out);
    }
    context.out.talk("nothing was stored");
    Ok(())
}

/// Tells what a file's reader remarked; notes are counted, the rest is listed up to twenty lines. `lister` lists all.
fn remarks(report: &ImportReport, lister: &str, out: &mut Output) {
    let listed: Vec<_> = report.diagnostics.iter().filter(|remark| remark.severity != Severity::Note).collect();
    let notes = report.diagnostics.len() - listed.len();
    for remark in listed.iter().take(20) {
        out.talk(&clean_line(&format!("{}: {}{}: {}", remark.severity, report.file, place(remark), remark.message)));
    }
    let hidden = listed.len().saturating_sub(20);
    if hidden > 0 || notes > 0 {
        let more = if hidden > 0 { format!("{hidden} more remarks and ") } else { String::new() };
        out.talk(&clean_line(&format!("{}: {more}{}; {lister} lists all", report.file, count(notes, "note", "notes"))));
    }
}

/// Tells whose decisions a file holds.
fn decisions(report: &ImportReport, out: &mut Output) {
    for line in report.decisions.told() {
        out.talk(&clean_line(&format!("{} holds {line}", report.file)));
    }
}

/// Returns where a remark points to, " line 12 DO".
pub(super) fn place(remark: &Diagnostic) -> String {
    let field = remark.field.as_ref().map(|field| format!(" {field}")).unwrap_or_default();
    if remark.line > 0 { format!(" line {}{field}", remark.line) } else { field }
}

/// Returns a record as `import --dry-run --json` prints it. These keys are stable.
fn record(draft: &Draft) -> Value {
    let citation = &draft.citation;
    let mut ids: Vec<&str> = citation.registry_ids.iter().map(String::as_str).collect();
    ids.extend(citation.accession.as_deref());
    ids.extend(citation.pmcid.as_deref());
    json!({
        "title": citation.title,
        "year": citation.year,
        "authors": citation.authors.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "journal": citation.journal.as_ref().or(citation.journal_abbreviation.as_ref()),
        "volume": citation.volume,
        "issue": citation.issue,
        "start_page": citation.start_page,
        "end_page": citation.end_page,
        "doi": citation.doi,
        "pmid": citation.pmid,
        "issn": citation.issn,
        "abstract": citation.abstract_text,
        "keywords": citation.keywords,
        "type": citation.kind,
        "ids": ids,
        "line": draft.line,
        "raw": draft.raw,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_may_hold_commas() {
        let pair = |field: &str, column: &str| (field.to_owned(), column.to_owned());
        let read = mapping(&["title=Titel, Original,year=Jahr".to_owned(), "keywords = A=B".to_owned()]);
        assert_eq!(read.ok(), Some(vec![pair("title", "Titel, Original"), pair("year", "Jahr"), pair("keywords", "A=B")]));
        assert!(mapping(&["Titel".to_owned()]).is_err());
    }
}
