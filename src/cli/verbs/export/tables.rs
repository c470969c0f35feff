//! Tables of the review: duplicates, votes, extraction, analyses, and the flow diagram's file.

use crate::app::appraise::{AgreedBias, OVERALL};
use crate::app::draw::flow_model;
use crate::app::{AnalysisResult, Workspace};
use crate::cli::report::Done;
use crate::domain::analysis::{ArmPair, DatasetRow};
use crate::domain::decision::Stage;
use crate::export::prisma::{PrismaFile, prisma_csv};
use crate::export::table::{Cell, Table};

/// Returns each record with the group that it belongs to; `id` is the record's own number in its source, or its place in the file.
pub fn duplicates(workspace: &Workspace) -> Done<Table> {
    let mut table = Table::new(&["id", "cluster"]);
    workspace.each_record(&mut |line, _, _| {
        table.push(vec![Cell::text(&line.source_id), Cell::text(line.group.to_string())]);
        true
    })?;
    Ok(table)
}

/// Returns the votes that the acting reviewer may see; the columns are those that `screen votes` reads.
pub fn votes(workspace: &Workspace, stage: Option<Stage>) -> Table {
    let mut table = Table::new(&["record", "vote", "reason", "note", "reviewer", "stage", "at", "independent"]);
    let stages = stage.map_or_else(|| vec![Stage::TitleAbstract, Stage::FullText], |stage| vec![stage]);
    for stage in stages {
        for (record, vote) in workspace.visible_stage_votes(stage) {
            let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::text);
            table.push(vec![
                Cell::text(record.to_string()),
                text(vote.verdict.map(|verdict| verdict.to_string())),
                text(vote.reason),
                text(vote.note),
                Cell::text(vote.reviewer),
                Cell::text(stage.to_string()),
                Cell::text(vote.at),
                Cell::Flag(vote.is_independent),
            ]);
        }
    }
    table
}

/// Returns the notes, tags and stars that the acting reviewer may see, one row a person and record.
pub fn marks(workspace: &Workspace) -> Table {
    let mut table = Table::new(&["record", "reviewer", "stars", "tags", "note"]);
    for (record, people) in workspace.marked() {
        for person in people {
            let stars: Vec<String> = person.marks.stars.iter().map(ToString::to_string).collect();
            table.push(vec![
                Cell::text(record.to_string()),
                Cell::text(person.reviewer),
                Cell::text(stars.join("; ")),
                Cell::text(person.marks.tags.join("; ")),
                person.marks.note.map_or(Cell::Empty, Cell::text),
            ]);
        }
    }
    table
}

/// Returns the agreed values.
pub fn extraction(workspace: &Workspace) -> Done<Table> {
    let mut table = Table::new(&["study", "path", "value", "how"]);
    for study in workspace.agreed_values()? {
        for value in study.values {
            table.push(vec![Cell::text(&study.study.label), Cell::text(value.path), Cell::text(value.raw), Cell::text(value.how)]);
        }
    }
    Ok(table)
}

/// Returns the acting reviewer's own drafts; the columns are those that `extract load` reads.
pub fn drafts(workspace: &Workspace) -> Done<Table> {
    let mut table = Table::new(&["study", "path", "value", "record", "page", "quote"]);
    for study in workspace.studies()? {
        let draft = workspace.my_draft(&study.study)?;
        for cell in draft.cells {
            let Some(raw) = cell.raw else { continue };
            let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::text);
            table.push(vec![
                Cell::text(&study.label),
                Cell::text(cell.path),
                Cell::text(raw),
                text(cell.report),
                text(cell.page),
                text(cell.quote),
            ]);
        }
    }
    Ok(table)
}

/// Returns one row a study and analysis, with metafor's names: the numbers that went in, the effect that came out.
pub fn analysis(workspace: &Workspace) -> Done<Table> {
    let mut table = Table::new(&[
        "analysis",
        "title",
        "study",
        "subgroup",
        "measure",
        "ai",
        "n1i",
        "ci",
        "n2i",
        "m1i",
        "sd1i",
        "m2i",
        "sd2i",
        "yi",
        "vi",
        "weight_pct",
        "left_out",
    ]);
    for spec in workspace.analyses()? {
        let result = workspace.analysis(&spec.id)?;
        for (at, row) in result.rows.iter().enumerate() {
            table.push(analysis_row(&result, at, row));
        }
        for (study, why) in &result.left_out {
            let mut cells = vec![Cell::Empty; 17];
            cells[0] = Cell::text(&result.spec.id);
            cells[1] = Cell::text(&result.spec.title);
            cells[2] = Cell::text(study);
            cells[4] = Cell::text(result.spec.measure.short());
            cells[16] = Cell::text(why);
            table.push(cells);
        }
    }
    Ok(table)
}

fn analysis_row(result: &AnalysisResult, at: usize, row: &DatasetRow) -> Vec<Cell> {
    let pooled = result.pooled.as_ref().ok();
    let effect = pooled.and_then(|pooled| pooled.studies.get(at).copied().flatten());
    let weight = pooled.and_then(|pooled| pooled.weights_pct.get(at).copied().flatten());
    let number = |value: Option<f64>| value.map_or(Cell::Empty, Cell::Number);
    let [ai, n1i, ci, n2i, m1i, sd1i, m2i, sd2i] = match &row.arms {
        Ok(ArmPair::Continuous { experimental, control }) => [
            None,
            Some(experimental.n),
            None,
            Some(control.n),
            Some(experimental.mean),
            Some(experimental.sd),
            Some(control.mean),
            Some(control.sd),
        ],
        Ok(ArmPair::Dichotomous { experimental, control }) => {
            [Some(experimental.events), Some(experimental.n), Some(control.events), Some(control.n), None, None, None, None]
        }
        Ok(ArmPair::Contrast { .. }) | Err(_) => [None; 8],
    };
    let mut cells = vec![
        Cell::text(&result.spec.id),
        Cell::text(&result.spec.title),
        Cell::text(&row.study),
        row.subgroup.as_ref().map_or(Cell::Empty, Cell::text),
        Cell::text(result.spec.measure.short()),
    ];
    cells.extend([ai, n1i, ci, n2i, m1i, sd1i, m2i, sd2i].map(number));
    cells.extend([number(effect.map(|effect| effect.yi)), number(effect.map(|effect| effect.vi)), number(weight), Cell::Empty]);
    cells
}

/// Returns the judgements agreed upon as the robvis R package reads them: a row a study, a column a domain, the whole last.
///
/// Studies whose judgements are not all agreed are left out; an empty table names the columns.
pub fn appraisals(workspace: &Workspace, tool: Option<&str>, result: Option<&str>) -> Done<Table> {
    Ok(bias(&workspace.find_agreed_bias(tool, result)?))
}

/// Returns the judgements of one instrument and result.
pub fn bias(bias: &AgreedBias) -> Table {
    let mut table = Table::new(&["Study"]);
    let name = |id: &str| if id == OVERALL { "Overall".to_owned() } else { id.to_uppercase() };
    table.headers.extend(bias.items.iter().map(|item| name(&item.id)));
    for study in &bias.studies {
        let Some(cells) = study.judgements.iter().map(Option::as_ref).collect::<Option<Vec<_>>>() else { continue };
        let mut row = vec![Cell::text(&study.label)];
        // robvis knows the judgements without the word "risk".
        row.extend(cells.iter().map(|(_, label)| Cell::text(label.trim_end_matches(" risk"))));
        table.push(row);
    }
    table
}

/// Returns the file that the PRISMA2020 R package reads.
pub fn prisma(workspace: &Workspace) -> PrismaFile {
    prisma_csv(&flow_model(&workspace.review_info().title, &workspace.flow()))
}
