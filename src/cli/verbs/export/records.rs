//! Records as a table or as reference files, written one by one: a review of any size needs little memory.

use std::collections::HashMap;
use std::io::Write;

use serde_json::{Map, Value};

use crate::app::Workspace;
use crate::app::query::{ListedRecord, Queue, ReportView};
use crate::cli::report::{Done, Failure};
use crate::domain::decision::Stage;
use crate::domain::ids::RecordId;
use crate::domain::record::Citation;
use crate::export::csv_safe;
use crate::refs::{write_nbib, write_ris};

use super::Format;

/// The columns; the first five are stable.
const COLUMNS: [&str; 24] = [
    "record",
    "group",
    "source",
    "source_id",
    "title",
    "year",
    "authors",
    "journal",
    "volume",
    "issue",
    "start_page",
    "end_page",
    "doi",
    "pmid",
    "registry_ids",
    "issn",
    "type",
    "language",
    "keywords",
    "abstract",
    "title_abstract",
    "full_text",
    "reason",
    "study",
];

/// Where each unit stands: decisions that anybody may see, and nothing of single votes.
struct Standing {
    title_abstract: HashMap<RecordId, &'static str>,
    reports: HashMap<RecordId, ReportView>,
}

impl Standing {
    fn of(workspace: &Workspace) -> Done<Self> {
        let mut title_abstract = HashMap::new();
        for (queue, word) in
            [(Queue::All, "open"), (Queue::Included, "included"), (Queue::Excluded, "excluded"), (Queue::Conflict, "conflict")]
        {
            title_abstract.extend(workspace.queue(Stage::TitleAbstract, queue).into_iter().map(|unit| (unit, word)));
        }
        let reports = workspace.reports()?.into_iter().map(|report| (report.line.record, report)).collect();
        Ok(Self { title_abstract, reports })
    }

    /// Returns status at title/abstract, status at full text, reason and studies of a unit.
    fn cells(&self, unit: RecordId) -> [String; 4] {
        let title_abstract = self.title_abstract.get(&unit).copied().unwrap_or_default().to_owned();
        let Some(report) = self.reports.get(&unit) else { return [title_abstract, String::new(), String::new(), String::new()] };
        [title_abstract, report.status.to_owned(), report.reason.clone().unwrap_or_default(), report.studies.join("; ")]
    }
}

/// Writes all records, or one record a group of a queue.
pub fn write(workspace: &Workspace, queue: Option<(Stage, Queue)>, format: Format, out: &mut dyn Write) -> Done {
    let standing = Standing::of(workspace)?;
    let mut writer = Writer { format, standing: &standing, written: 0, out };
    writer.begin()?;
    match queue {
        None => {
            let mut failed: Option<Failure> = None;
            workspace.each_record(&mut |line, citation, _| match writer.put(line, citation) {
                Ok(()) => true,
                Err(failure) => {
                    failed = Some(failure);
                    false
                }
            })?;
            if let Some(failure) = failed {
                return Err(failure);
            }
        }
        Some((stage, queue)) => {
            for unit in workspace.queue(stage, queue) {
                let card = workspace.card(unit)?;
                let first = card.members.first();
                let line = ListedRecord {
                    record: card.record,
                    group: card.record,
                    source: first.map(|member| member.source.clone()).unwrap_or_default(),
                    source_id: card.citation.accession.clone().or_else(|| first.map(|member| member.place.clone())).unwrap_or_default(),
                    title: card.citation.title.clone(),
                    year: card.citation.year,
                };
                writer.put(&line, &card.citation)?;
            }
        }
    }
    writer.end()
}

struct Writer<'a> {
    format: Format,
    standing: &'a Standing,
    written: usize,
    out: &'a mut dyn Write,
}

impl Writer<'_> {
    fn begin(&mut self) -> Done {
        match self.format {
            Format::Csv => self.out.write_all(csv_safe::line(COLUMNS).as_bytes())?,
            Format::Json => self.out.write_all(b"[")?,
            Format::Md => {
                let rule = COLUMNS.map(|_| "---").join(" | ");
                writeln!(self.out, "| {} |\n| {rule} |", COLUMNS.join(" | "))?;
            }
            Format::Ris | Format::Nbib => {}
        }
        Ok(())
    }

    fn put(&mut self, line: &ListedRecord, citation: &Citation) -> Done {
        match self.format {
            Format::Ris => write_ris(&mut self.out, [citation])?,
            Format::Nbib => write_nbib(&mut self.out, [citation])?,
            Format::Csv => self.out.write_all(csv_safe::line(self.cells(line, citation).iter().map(String::as_str)).as_bytes())?,
            Format::Md => {
                let cells: Vec<String> =
                    self.cells(line, citation).iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
                writeln!(self.out, "| {} |", cells.join(" | "))?;
            }
            Format::Json => {
                let comma = if self.written == 0 { "\n" } else { ",\n" };
                write!(self.out, "{comma}{}", crate::cli::json::pretty(&self.object(line, citation)))?;
            }
        }
        self.written += 1;
        Ok(())
    }

    fn end(&mut self) -> Done {
        if self.format == Format::Json {
            self.out.write_all(if self.written == 0 { b"]\n" } else { b"\n]\n" })?;
        }
        Ok(())
    }

    fn cells(&self, line: &ListedRecord, citation: &Citation) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let mut cells = vec![
            line.record.to_string(),
            line.group.to_string(),
            line.source.clone(),
            line.source_id.clone(),
            citation.title.clone(),
            citation.year.map(|year| year.to_string()).unwrap_or_default(),
            citation.authors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            citation.journal.clone().or_else(|| citation.journal_abbreviation.clone()).unwrap_or_default(),
            text(&citation.volume),
            text(&citation.issue),
            text(&citation.start_page),
            text(&citation.end_page),
            citation.doi.as_ref().map(ToString::to_string).unwrap_or_default(),
            citation.pmid.as_ref().map(ToString::to_string).unwrap_or_default(),
            citation.registry_ids.join("; "),
            citation.issn.join("; "),
            citation.kind.to_string(),
            text(&citation.language),
            citation.keywords.join("; "),
            text(&citation.abstract_text),
        ];
        cells.extend(self.standing.cells(line.group));
        cells
    }

    fn object(&self, line: &ListedRecord, citation: &Citation) -> Map<String, Value> {
        let [title_abstract, full_text, reason, study] = self.standing.cells(line.group);
        let mut object = Map::new();
        if let Value::Object(fields) = crate::cli::json::of(citation) {
            object.extend(fields);
        }
        if let Value::Object(fields) = crate::cli::json::of(line) {
            object.extend(fields);
        }
        for (key, text) in [("title_abstract", title_abstract), ("full_text", full_text), ("reason", reason), ("study", study)] {
            object.insert(key.to_owned(), if text.is_empty() { Value::Null } else { text.into() });
        }
        object
    }
}
