//! Tables of votes as people write them and as `tamis export votes` does: the column `vote`, and one that names the record.

use std::collections::BTreeSet;

use crate::domain::decision::Stage;
use crate::domain::identifier::{Doi, Pmid};
use crate::domain::ids::RecordId;
use crate::domain::record::Citation;
use crate::domain::text::fold;

use super::super::error::{Error, Result};
use super::super::load::{Load, LoadRow, RowChange, RowProblem};
use super::super::named_table::{Line, NamedTable};
use super::super::request::VoteEntry;
use super::super::tables::verdict;
use super::super::workspace::Workspace;
use super::VoteOrder;
use super::finder::Finder;

/// The columns that can name a record.
const NAMES: [&str; 4] = ["record", "doi", "pmid", "title"];

/// Reads a file as such a table; `None` where it is none.
pub(super) fn table(bytes: &[u8], file: &str) -> Result<Option<NamedTable>> {
    let text = String::from_utf8_lossy(bytes);
    let names_records = |table: &NamedTable| NAMES.iter().any(|name| table.has(name));
    match NamedTable::parse(&text, file, &["vote"]) {
        Ok(table) if names_records(&table) => match std::str::from_utf8(bytes) {
            Ok(_) => Ok(Some(table)),
            Err(error) => {
                let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
                Err(Error::user(format!("{file}, line {line}: this is not text in UTF-8")).hint("save the file as UTF-8 and load it again"))
            }
        },
        Ok(_) => Ok(None),
        // A table with a record but without a vote is one that a person meant for this.
        Err(error) => match NamedTable::parse(&text, file, &["record"]) {
            Ok(table) if !table.has("title") => Err(error),
            _ => Ok(None),
        },
    }
}

/// Reads the votes of the acting reviewer. Rows of the column `reviewer` that name somebody else, and rows of the column `stage` that
/// name the other one, are left aside.
pub(super) fn votes(workspace: &Workspace, order: &VoteOrder, table: &NamedTable, file: &str) -> Result<Load> {
    let reviewer = workspace.voter()?;
    let mut mine = order.person.as_ref().map_or_else(|| workspace.names_of(&reviewer), |person| vec![fold(person)]);
    let named: BTreeSet<String> = table.lines().filter_map(|line| line.get("reviewer").map(fold)).collect();
    // A file of one person only is taken to be the reviewer's own, under whichever name, as an export of another tool is.
    if order.person.is_none() && named.len() == 1 {
        mine.extend(named);
    }
    let mut finder: Option<Finder> = None;
    let mut load = Load::new(file, Vec::new());
    let mut others: Vec<String> = Vec::new();
    for line in table.lines() {
        if let Some(person) = line.get("reviewer").filter(|person| !mine.contains(&fold(person))) {
            load.aside.others += 1;
            if !others.iter().any(|known| known == person) {
                others.push(person.to_owned());
            }
            continue;
        }
        let stage = match line.get("stage").map(stage_in) {
            Some(Some(stage)) if stage != order.stage => {
                load.aside.others += 1;
                continue;
            }
            Some(None) => Err(("stage", Error::user("is neither ta nor ft"))),
            _ => Ok(()),
        };
        let change = stage.and_then(|()| {
            let (record, matched) = record(&line, workspace, &mut finder)?;
            let verdict = verdict(&line)?;
            *load.aside.matched.entry(matched).or_default() += 1;
            let vote = VoteEntry { record, verdict, reason: line.owned("reason"), note: line.owned("note"), milliseconds: None };
            let is_dependent = line.get("independent").is_some_and(|word| ["false", "no", "0"].contains(&word.to_lowercase().as_str()));
            Ok(RowChange::Vote { stage: order.stage, vote, is_independent: !is_dependent })
        });
        let change = change.map_err(|(column, error)| Box::new(RowProblem::in_cell(file, line.number(), column, error)));
        load.rows.push(LoadRow { line: line.number(), record: None, change });
    }
    if load.rows.is_empty() && !others.is_empty() {
        return Err(Error::user(format!("{file} holds no votes of {reviewer} at {}: it names {}", order.stage.label(), others.join(", ")))
            .hint("say under which name yours stand: --person NAME"));
    }
    Ok(load)
}

fn stage_in(word: &str) -> Option<Stage> {
    match fold(word).as_str() {
        "ta" | "title/abstract" | "title and abstract" | "abstract" => Some(Stage::TitleAbstract),
        "ft" | "full text" | "full-text" | "fulltext" => Some(Stage::FullText),
        _ => None,
    }
}

/// Finds the record of a row, by the first of the columns that is filled.
fn record(line: &Line<'_>, workspace: &Workspace, finder: &mut Option<Finder>) -> Result<(RecordId, &'static str), (&'static str, Error)> {
    if let Some(name) = line.get("record") {
        return workspace.find_record(name).map(|id| (id, "record")).map_err(|error| ("record", error));
    }
    let column = NAMES.into_iter().find(|name| line.get(name).is_some()).ok_or_else(|| ("record", Error::user("is empty")))?;
    let citation = Citation {
        doi: line.get("doi").and_then(Doi::find),
        pmid: line.get("pmid").and_then(Pmid::find),
        title: line.owned("title").unwrap_or_default(),
        year: line.get("year").and_then(|year| year.parse().ok()),
        ..Citation::default()
    };
    let finder = match finder {
        Some(finder) => finder,
        None => finder.insert(Finder::new(workspace).map_err(|error| (column, error))?),
    };
    finder.find(workspace, &citation, "").map_err(|error| (column, error))
}
