//! Records as a table or as reference files, written one by one: a review of any size needs little memory. A workbook alone is held
//! until it is whole.

use std::collections::HashMap;
use std::io::Write;

use serde_json::{Map, Value};

use crate::app::Workspace;
use crate::app::query::{ListedRecord, MarksView, Queue, ReportView};
use crate::cli::report::{Done, Failure};
use crate::domain::decision::Stage;
use crate::domain::ids::RecordId;
use crate::domain::mark::is_same_tag;
use crate::domain::record::Citation;
use crate::export::csv_safe;
use crate::export::table::{Cell, markdown_text};
use crate::export::xlsx::WorkbookWriter;
use crate::refs::{self, RecordWriter, csv};

use super::{Format, no_workbook};

/// The columns that say what the record is in the review; they stand before those of [`csv::COLUMNS`] and are stable.
const BEFORE: [&str; 4] = ["record", "group", "source", "source_id"];

/// The columns that say where the record stands and how it is marked.
const STANDING: [&str; 7] = ["title_abstract", "full_text", "reason", "study", "stars", "tags", "review_notes"];

/// The columns of a record in the order of the table; the others of [`csv::COLUMNS`] follow behind [`STANDING`].
const RECORD: [&str; 16] = [
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
    "kind",
    "language",
    "keywords",
    "abstract",
];

/// Returns the names of the columns; `kind` is called `type`, as everywhere on the command line.
pub fn columns() -> Vec<String> {
    let behind = csv::COLUMNS.iter().filter(|name| !RECORD.contains(name));
    let all = BEFORE.iter().chain(&RECORD).chain(&STANDING).chain(behind);
    all.map(|name| if *name == "kind" { "type" } else { *name }.to_owned()).collect()
}

/// Where each unit stands: decisions that anybody may see and nothing of single votes, and the marks that the acting reviewer may see.
struct Standing {
    title_abstract: HashMap<RecordId, &'static str>,
    reports: HashMap<RecordId, ReportView>,
    marks: HashMap<RecordId, [String; 3]>,
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
        let marks = workspace.marked().into_iter().map(|(unit, people)| (unit, mark_cells(&people))).collect();
        Ok(Self { title_abstract, reports, marks })
    }

    /// Returns status at title/abstract, status at full text, reason, studies, stars, tags and notes of a unit.
    fn cells(&self, unit: RecordId) -> [String; 7] {
        let title_abstract = self.title_abstract.get(&unit).copied().unwrap_or_default().to_owned();
        let [full_text, reason, studies] = self.reports.get(&unit).map_or_else(Default::default, |report| {
            [report.status.to_owned(), report.reason.clone().unwrap_or_default(), report.studies.join("; ")]
        });
        let [stars, tags, notes] = self.marks.get(&unit).cloned().unwrap_or_default();
        [title_abstract, full_text, reason, studies, stars, tags, notes]
    }
}

/// Returns stars and tags of all people together, each once, and the notes with the names of their authors.
fn mark_cells(people: &[MarksView]) -> [String; 3] {
    let (mut stars, mut tags): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for person in people {
        stars.extend(person.marks.stars.iter().map(ToString::to_string));
        for tag in &person.marks.tags {
            if !tags.iter().any(|known| is_same_tag(known, tag)) {
                tags.push(tag.clone());
            }
        }
    }
    stars.sort();
    stars.dedup();
    let notes = people.iter().filter_map(|person| Some(format!("{}: {}", person.reviewer, person.marks.note.as_ref()?)));
    [stars.join("; "), tags.join("; "), notes.collect::<Vec<_>>().join("\n")]
}

/// Returns the cells of a record in the order of [`columns`].
fn cells(line: &ListedRecord, citation: &Citation, standing: [String; 7]) -> Vec<Cell> {
    let row = csv::row_of(citation);
    let value = |name: &str| match name {
        "year" => citation.year.map_or(Cell::Empty, |year| Cell::Integer(year.into())),
        // A journal that is known by its abbreviation only is better than none.
        "journal" if citation.journal.is_none() => Cell::from(citation.journal_abbreviation.clone()),
        name => csv::COLUMNS.iter().position(|known| *known == name).map_or(Cell::Empty, |at| Cell::text(row[at].as_ref())),
    };
    let mut cells = vec![
        Cell::text(line.record.to_string()),
        Cell::text(line.group.to_string()),
        Cell::text(line.source.as_str()),
        Cell::text(line.source_id.as_str()),
    ];
    cells.extend(RECORD.iter().map(|name| value(name)));
    cells.extend(standing.map(Cell::Text));
    cells.extend(csv::COLUMNS.iter().filter(|name| !RECORD.contains(name)).map(|name| value(name)));
    cells
}

/// Writes all records into the sheet of a workbook that has these columns.
pub fn push_all(workspace: &Workspace, writer: &mut WorkbookWriter) -> Done {
    let standing = Standing::of(workspace)?;
    let mut failed: Option<Failure> = None;
    workspace.each_record(&mut |line, citation, _| match writer.push(&cells(line, citation, standing.cells(line.group))) {
        Ok(()) => true,
        Err(error) => {
            failed = Some(no_workbook(error).into());
            false
        }
    })?;
    failed.map_or(Ok(()), Err)
}

/// Writes all records, or one record a group of a queue; returns what has to be said about it.
pub fn write(workspace: &Workspace, queue: Option<(Stage, Queue)>, format: Format, out: &mut dyn Write) -> Done<Vec<String>> {
    let mut writer = Writer { standing: &Standing::of(workspace)?, written: 0, shape: Shape::begin(format, out)?, out };
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

/// The file that is being written.
enum Shape {
    References(RecordWriter),
    Workbook(Box<WorkbookWriter>),
    Csv,
    Markdown,
    Json,
}

impl Shape {
    fn begin(format: Format, out: &mut dyn Write) -> Done<Self> {
        let references = |format, out| Done::Ok(Self::References(RecordWriter::begin(format, out)?));
        match format {
            Format::Ris => references(refs::Format::Ris, out),
            Format::Nbib => references(refs::Format::Nbib, out),
            Format::Bib => references(refs::Format::Bibtex, out),
            Format::CslJson => references(refs::Format::CslJson, out),
            Format::EndnoteXml => references(refs::Format::EndnoteXml, out),
            Format::Xlsx => Ok(Self::Workbook(Box::new(WorkbookWriter::new("records", &columns()).map_err(no_workbook)?))),
            Format::Csv => {
                out.write_all(csv_safe::line(columns().iter().map(String::as_str)).as_bytes())?;
                Ok(Self::Csv)
            }
            Format::Md => {
                let rule: Vec<&str> = columns().iter().map(|_| "---").collect();
                writeln!(out, "| {} |\n| {} |", columns().join(" | "), rule.join(" | "))?;
                Ok(Self::Markdown)
            }
            Format::Json => {
                out.write_all(b"[")?;
                Ok(Self::Json)
            }
            Format::Zip | Format::Docx | Format::Rm5 => {
                Err(Failure::usage("records are no such file", "use csv, xlsx, json or a format of reference files"))
            }
        }
    }
}

struct Writer<'a> {
    standing: &'a Standing,
    written: usize,
    shape: Shape,
    out: &'a mut dyn Write,
}

impl Writer<'_> {
    fn put(&mut self, line: &ListedRecord, citation: &Citation) -> Done {
        let table_row = || cells(line, citation, self.standing.cells(line.group));
        match &mut self.shape {
            Shape::References(writer) => writer.put(self.out, citation)?,
            Shape::Workbook(writer) => writer.push(&table_row()).map_err(no_workbook)?,
            Shape::Csv => {
                let cells: Vec<String> = table_row().iter().map(Cell::plain).collect();
                self.out.write_all(csv_safe::line(cells.iter().map(String::as_str)).as_bytes())?;
            }
            Shape::Markdown => {
                let cells: Vec<String> = table_row().iter().map(|cell| markdown_text(&cell.plain())).collect();
                writeln!(self.out, "| {} |", cells.join(" | "))?;
            }
            Shape::Json => {
                let comma = if self.written == 0 { "\n" } else { ",\n" };
                let object = object(line, citation, self.standing.cells(line.group));
                write!(self.out, "{comma}{}", crate::cli::json::pretty(&object))?;
            }
        }
        self.written += 1;
        Ok(())
    }

    fn end(self) -> Done<Vec<String>> {
        match self.shape {
            Shape::References(writer) => writer.end(self.out)?,
            Shape::Workbook(writer) => {
                let file = writer.finish().map_err(no_workbook)?;
                self.out.write_all(&file.bytes)?;
                return Ok(file.remarks);
            }
            Shape::Json => self.out.write_all(if self.written == 0 { b"]\n" } else { b"\n]\n" })?,
            Shape::Csv | Shape::Markdown => {}
        }
        Ok(Vec::new())
    }
}

/// Returns a record as `--format json` writes it.
fn object(line: &ListedRecord, citation: &Citation, standing: [String; 7]) -> Map<String, Value> {
    let mut object = Map::new();
    if let Value::Object(fields) = crate::cli::json::of(citation) {
        object.extend(fields);
    }
    if let Value::Object(fields) = crate::cli::json::of(line) {
        object.extend(fields);
    }
    for (key, text) in STANDING.into_iter().zip(standing) {
        object.insert(key.to_owned(), if text.is_empty() { Value::Null } else { text.into() });
    }
    object
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::refs::{ParseOptions, arbitrary::citation, parse};

    fn line(at: usize) -> ListedRecord {
        let record = RecordId::from_hash(&[at as u8; 32]);
        let text = |text: &str| text.to_owned();
        ListedRecord { record, group: record, source: text("Embase"), source_id: text("=1"), title: String::new(), year: None }
    }

    /// What reading the table gives: where the record stands comes back as kept tags, an abbreviation alone as the journal too.
    fn expected(citation: &Citation) -> Citation {
        let mut expected = citation.clone();
        expected.journal = citation.journal.clone().or_else(|| citation.journal_abbreviation.clone());
        expected.extra.sort();
        expected
    }

    fn read(bytes: &[u8]) -> Vec<Citation> {
        let parsed = parse(bytes, &ParseOptions::default()).expect("a table");
        assert_eq!(parsed.diagnostics, []);
        let tidy = |mut citation: Citation| {
            citation.extra.retain(|(tag, _)| !STANDING.contains(&tag.as_str()));
            citation.extra.sort();
            citation
        };
        parsed.drafts.into_iter().map(|draft| tidy(draft.citation)).collect()
    }

    #[test]
    fn the_first_columns_are_stable_and_no_column_is_forgotten() {
        let columns = columns();
        assert_eq!(columns[..5], ["record", "group", "source", "source_id", "title"]);
        assert_eq!(columns.len(), BEFORE.len() + csv::COLUMNS.len() + STANDING.len());
        assert_eq!(cells(&line(1), &Citation::default(), Default::default()).len(), columns.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn reading_the_table_as_csv_or_as_a_workbook_gives_the_same_records(
            citations in prop::collection::vec(citation(&["AD", "Emtree: x", "=ZZ", "title"]), 1..4)
        ) {
            let standing = || ["included", "", "-no", "", "key_paper", "=tag", "AB: first\nsecond"].map(str::to_owned);
            let mut workbook = WorkbookWriter::new("records", &columns()).expect("a sheet");
            let mut text = csv_safe::line(columns().iter().map(String::as_str));
            for (at, citation) in citations.iter().enumerate() {
                let cells = cells(&line(at), citation, standing());
                workbook.push(&cells).expect("a row");
                text.push_str(&csv_safe::line(cells.iter().map(Cell::plain).collect::<Vec<_>>().iter().map(String::as_str)));
            }
            let expected: Vec<Citation> = citations.iter().map(expected).collect();
            prop_assert_eq!(read(text.as_bytes()), expected.clone(), "{}", text);
            prop_assert_eq!(read(&workbook.finish().expect("a workbook").bytes), expected);
        }
    }
}
