//! `tamis export`: tables and reference files for other programs.

mod characteristics;
mod package;
mod records;
mod results;
mod tables;
mod workbook;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::app::query::Queue;
use crate::app::{Error, ErrorKind, Workspace};
use crate::cli::args::{QUEUES, STAGES, words};
use crate::cli::context::Context;
use crate::cli::files::ending;
use crate::cli::report::{Done, Failure};
use crate::domain::decision::Stage;
use crate::domain::text::{clean_line, counted};
use crate::export::csv_safe::BYTE_ORDER_MARK;
use crate::export::revman::{analysis_table, rm5};
use crate::export::table::Table;
use crate::export::xlsx::{self, WorkbookError};

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum What {
    /// Records.
    Records,
    /// Groups of duplicates.
    Duplicates,
    /// Votes.
    Votes,
    /// Notes, tags and stars.
    Marks,
    /// Extracted values.
    Extraction,
    /// Analyses.
    Analysis,
    /// The flow diagram.
    Prisma,
    /// Risk of bias.
    Rob,
    /// Results arm by arm.
    Results,
    /// Results pair by pair.
    Pairs,
    /// The analyses as RevMan 5 writes them.
    Revman,
    /// The review as a file of RevMan 5.
    Rm5,
    /// The Cochrane data package.
    Package,
    /// Characteristics of included studies.
    Characteristics,
    /// Reports excluded at full text, with reasons.
    Excluded,
    /// Every table in one workbook.
    Workbook,
}

/// What can be exported, as words.
pub const WHATS: &[&str] = &[
    "records",
    "duplicates",
    "votes",
    "marks",
    "extraction",
    "analysis",
    "prisma",
    "rob",
    "results",
    "pairs",
    "revman",
    "rm5",
    "package",
    "characteristics",
    "excluded",
    "workbook",
];

/// Whose names the columns of pairs have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Names {
    /// `m1i`, `sd1i`, `n1i`, `ai`, `yi`, `sei`, `slab`.
    Metafor,
    /// `mean.e`, `sd.e`, `n.e`, `event.e`, `TE`, `seTE`, `studlab`.
    Meta,
}

/// The names, as words.
pub const NAMES: &[&str] = &["metafor", "meta"];

/// A format of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// A workbook.
    Xlsx,
    /// JSON.
    Json,
    /// Markdown.
    Md,
    /// RIS.
    Ris,
    /// PubMed tags.
    Nbib,
    /// BibTeX.
    Bib,
    /// CSL-JSON.
    CslJson,
    /// EndNote XML.
    EndnoteXml,
    /// An archive of several files.
    Zip,
    /// A Word document.
    Docx,
    /// A file of RevMan 5.
    Rm5,
}

/// The formats, as words.
pub const FORMATS: &[&str] = &["csv", "xlsx", "json", "md", "ris", "nbib", "bib", "csl-json", "endnote-xml", "zip", "docx", "rm5"];

/// Write records, votes, extraction, results, analyses, bias or the flow for other programs
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// What to export
    #[arg(value_parser = words::<What>(WHATS))]
    what: What,
    /// The format; without it the one of the file's ending, else csv
    #[arg(long, value_parser = words::<Format>(FORMATS))]
    format: Option<Format>,
    /// The file, or for a package a folder; without it the table is printed
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Records: one record a group, only of this queue of the stage
    #[arg(long, value_parser = words::<Queue>(QUEUES))]
    queue: Option<Queue>,
    /// The stage of the queue or of the votes
    #[arg(long, value_parser = words::<Stage>(STAGES))]
    stage: Option<Stage>,
    /// Extraction: your own drafts instead of the agreed values
    #[arg(long)]
    mine: bool,
    /// Pairs: names of columns as metafor or meta has them
    #[arg(long, value_parser = words::<Names>(NAMES), default_value = "metafor")]
    names: Names,
    /// Risk of bias: the instrument, where the form plans several
    #[arg(long, value_name = "ID")]
    tool: Option<String>,
    /// Risk of bias: the result, where the form plans several
    #[arg(long, value_name = "OUTCOME.TIMEPOINT")]
    result: Option<String>,
    /// Package: what stands before the names of its files (CD015373, where R's meta is to read CD015373-dataPackage.zip)
    #[arg(long, value_name = "ID", default_value = "review")]
    id: String,
    /// Begin a CSV with a byte order mark, by which Excel recognises UTF-8
    #[arg(long)]
    bom: bool,
}

/// Runs the verb.
pub fn run(args: &ExportArgs, context: &mut Context) -> Done {
    let format = format(args, context.out.is_json())?;
    let workspace = context.open()?;
    if matches!(format, Format::Xlsx | Format::Zip | Format::Docx) && args.output.is_none() && std::io::stdout().is_terminal() {
        let what = match format {
            Format::Zip => "an archive",
            Format::Docx => "a document",
            _ => "a workbook",
        };
        return Err(Failure::usage(format!("{what} is no text to be shown in a terminal"), format!("name a file: -o FILE.{format}")));
    }
    match &args.output {
        Some(folder) if args.what == What::Package && package::is_folder(folder) => {
            let (files, remarks) = package::files(&workspace, &args.id)?;
            package::write_folder(&files, folder)?;
            tell(&remarks, context);
            let message = format!("wrote {} of the package into {}", counted(files.len(), "file"), folder.display());
            written(&message, folder, context)
        }
        None => write(args, format, &workspace, context.out.sink()).map(|remarks| tell(&remarks, context)),
        Some(path) => {
            let mut bytes = Vec::new();
            let remarks = write(args, format, &workspace, &mut bytes)?;
            crate::cli::files::write_whole(path, &bytes)?;
            tell(&remarks, context);
            written(&format!("wrote {} ({format}) to {}", args.what, path.display()), path, context)
        }
    }
}

/// Says what was written where.
fn written(message: &str, path: &Path, context: &mut Context) -> Done {
    if context.out.is_json() {
        return context.out.json(&json!({ "message": message, "operation": null, "file": path }));
    }
    context.out.line(clean_line(message))
}

fn tell(remarks: &[String], context: &mut Context) {
    for remark in remarks {
        context.out.talk(&clean_line(remark));
    }
}

/// Chooses the format and refuses what it cannot hold.
fn format(args: &ExportArgs, is_json: bool) -> Done<Format> {
    let named = args.output.as_ref().filter(|path| args.what != What::Package || !package::is_folder(path));
    let named = named.map(|path| ending(path)).filter(|ending| !ending.is_empty());
    let format = match (args.format, named) {
        (Some(format), _) => format,
        (None, Some(ending)) => {
            let ending = match ending.as_str() {
                "txt" | "markdown" => "md".to_owned(),
                "bibtex" => "bib".to_owned(),
                "xml" => "endnote-xml".to_owned(),
                _ => ending,
            };
            ending
                .parse()
                .map_err(|_| Failure::usage(format!("tamis exports no .{ending} files"), format!("use --format {}", FORMATS.join("|"))))?
        }
        (None, None) if is_json && args.output.is_none() => Format::Json,
        (None, None) if args.what == What::Package => Format::Zip,
        (None, None) if args.what == What::Rm5 => Format::Rm5,
        (None, None) if args.what == What::Workbook => Format::Xlsx,
        (None, None) => Format::Csv,
    };
    let fits = match format {
        Format::Zip => args.what == What::Package,
        Format::Docx => matches!(args.what, What::Characteristics | What::Excluded),
        Format::Rm5 => args.what == What::Rm5,
        Format::Xlsx => !matches!(args.what, What::Package | What::Rm5),
        Format::Csv => !matches!(args.what, What::Package | What::Workbook | What::Rm5),
        Format::Json | Format::Md => !matches!(args.what, What::Prisma | What::Package | What::Workbook | What::Rm5),
        _ => args.what == What::Records,
    };
    if !fits {
        let hint = match args.what {
            What::Prisma => "the flow is exported as csv for the PRISMA2020 R package, or as xlsx; tamis flow --json has its numbers",
            What::Package => "a package has several files: -o FILE.zip or -o FOLDER",
            What::Rm5 => "a file of RevMan 5 is an rm5: -o FILE.rm5",
            What::Workbook => "a workbook is an xlsx: -o FILE.xlsx",
            What::Characteristics | What::Excluded => "use csv, xlsx, json, md or docx",
            _ => "use csv, xlsx or json",
        };
        return Err(Failure::usage(format!("{} cannot be exported as {format}", args.what), hint));
    }
    Ok(format)
}

/// Writes what was asked for; returns what has to be said about it.
fn write(args: &ExportArgs, format: Format, workspace: &Workspace, out: &mut dyn Write) -> Done<Vec<String>> {
    if args.bom && format == Format::Csv {
        out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    }
    let table = match args.what {
        What::Records => {
            let queue = args.queue.map(|queue| (args.stage.unwrap_or(Stage::TitleAbstract), queue));
            return records::write(workspace, queue, format, out);
        }
        What::Duplicates => tables::duplicates(workspace)?,
        What::Votes => tables::votes(workspace, args.stage),
        What::Marks => tables::marks(workspace),
        What::Extraction if args.mine => tables::drafts(workspace)?,
        What::Extraction if format == Format::Json => {
            writeln!(out, "{}", crate::cli::json::pretty(&workspace.extraction_document()?))?;
            return Ok(Vec::new());
        }
        What::Extraction => tables::extraction(workspace)?,
        What::Analysis => tables::analysis(workspace)?,
        What::Results => results::long(workspace)?,
        What::Pairs => results::wide(workspace, args.names)?,
        What::Characteristics | What::Excluded => return characteristics::write(workspace, args.what, format, out),
        What::Workbook => return workbook::write(workspace, out),
        What::Revman => {
            let analyses = workspace.revman_analyses()?;
            let mut remarks = analyses.remarks;
            remarks.extend(write_table(args.what, &analysis_table(&analyses.comparisons), format, out)?);
            return Ok(remarks);
        }
        What::Rm5 => {
            let analyses = workspace.revman_analyses()?;
            let text = rm5(&workspace.review_info().title, &analyses.comparisons, &workspace.package_studies()?);
            out.write_all(text.as_bytes())?;
            return Ok(analyses.remarks);
        }
        What::Package => {
            let (files, remarks) = package::files(workspace, &args.id)?;
            out.write_all(&package::archive(&files)?)?;
            return Ok(remarks);
        }
        What::Rob => tables::appraisals(workspace, args.tool.as_deref(), args.result.as_deref())?,
        What::Prisma => {
            let mut file = tables::prisma(workspace);
            if format == Format::Xlsx {
                file.remarks.extend(write_table(args.what, &file.table, format, out)?);
            } else {
                out.write_all(file.csv.as_bytes())?;
            }
            return Ok(file.remarks);
        }
    };
    write_table(args.what, &table, format, out)
}

fn write_table(what: What, table: &Table, format: Format, out: &mut dyn Write) -> Done<Vec<String>> {
    let text = match format {
        Format::Csv => table.csv(),
        Format::Json => table.json(),
        Format::Md => table.markdown(),
        Format::Xlsx => {
            let file = xlsx::workbook(&what.to_string(), table).map_err(no_workbook)?;
            out.write_all(&file.bytes)?;
            return Ok(file.remarks);
        }
        _ => return Err(Error::new(ErrorKind::Internal, "a table is no reference file").into()),
    };
    out.write_all(text.as_bytes())?;
    Ok(Vec::new())
}

/// Says why there is no workbook.
fn no_workbook(error: WorkbookError) -> Error {
    match error {
        WorkbookError::TooLong => Error::user(error.to_string()),
        WorkbookError::Writer(_) => Error::new(ErrorKind::Internal, error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_both_lists_is_understood() {
        assert!(WHATS.iter().all(|word| word.parse::<What>().is_ok_and(|what| what.to_string() == *word)));
        assert!(FORMATS.iter().all(|word| word.parse::<Format>().is_ok_and(|format| format.to_string() == *word)));
    }
}
