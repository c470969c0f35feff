//! The worked example: intravenous ketamine for chronic pain, built by the same requests that a user would make.
//!
//! Trials and numbers are real and cited; votes, dates and strategies are illustrative (`examples/ketamine/README.md`).

use std::path::Path;

use crate::domain::decision::Stage;
use crate::domain::ids::{ReviewerId, StudyId};
use crate::domain::review::ReviewInfo;
use crate::domain::text::counted;

use super::environment::Environment;
use super::error::Result;
use super::query::{AgreementOrder, Queue};
use super::request::{Detail, ImportOrder, Request};
use super::review_file::ReviewFile;
use super::setup::NewReview;
use super::take_over::VoteOrder;
use super::workspace::Workspace;
use crate::store::StoreError;

macro_rules! example {
    ($file:literal) => {
        include_str!(concat!("../../examples/ketamine/", $file))
    };
}

const REVIEW: &str = example!("review.toml");
const FORM: &str = example!("form.toml");
const CONSENSUS: &str = example!("consensus.csv");

/// The search exports bundled in the program, by file name.
pub const EXPORTS: [(&str, &str); 5] = [
    ("search-pubmed.nbib", example!("search-pubmed.nbib")),
    ("search-embase.ris", example!("search-embase.ris")),
    ("search-central.ris", example!("search-central.ris")),
    ("search-other.ris", example!("search-other.ris")),
    ("found-by-citation.ris", example!("found-by-citation.ris")),
];

/// The other files of the example, by file name, for those who want to do it by hand.
pub const TABLES: [(&str, &str); 13] = [
    ("review.toml", REVIEW),
    ("form.toml", FORM),
    ("votes-ta-AR.csv", example!("votes-ta-AR.csv")),
    ("votes-ta-BK.csv", example!("votes-ta-BK.csv")),
    ("conflicts-ta.csv", example!("conflicts-ta.csv")),
    ("retrieval.csv", example!("retrieval.csv")),
    ("votes-ft-AR.csv", example!("votes-ft-AR.csv")),
    ("votes-ft-BK.csv", example!("votes-ft-BK.csv")),
    ("conflicts-ft.csv", example!("conflicts-ft.csv")),
    ("studies.csv", example!("studies.csv")),
    ("extraction-AR.csv", example!("extraction-AR.csv")),
    ("extraction-BK.csv", example!("extraction-BK.csv")),
    ("consensus.csv", CONSENSUS),
];

const PEOPLE: [&str; 2] = ["AR", "BK"];

/// One stage of the example as it is told: a heading and its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The stage.
    pub stage: &'static str,
    /// What happened, one sentence a line.
    pub lines: Vec<String>,
}

/// Builds the example into a new review file; `tell` hears of each stage as it ends. The file is written once, at the end, so that
/// the hundred operations do not each wait for the disk.
///
/// # Errors
/// [`super::Error`] where the file exists or cannot be written.
pub fn build(path: &Path, environment: Environment, tell: &mut dyn FnMut(&Told)) -> Result<Workspace> {
    if path.exists() {
        return Err(StoreError::Exists(path.to_owned()).into());
    }
    let built = build_in_memory(environment, tell)?;
    built.back_up_to(path)?;
    let mut workspace = Workspace::open(path, built.into_environment())?;
    workspace.act_as(&ReviewerId::from(PEOPLE[0]))?;
    workspace.remember_reviewer();
    Ok(workspace)
}

/// As [`build`], in memory.
///
/// # Errors
/// As there.
pub fn build_in_memory(environment: Environment, tell: &mut dyn FnMut(&Told)) -> Result<Workspace> {
    let file = ReviewFile::parse(REVIEW, "review.toml")?;
    let workspace = Workspace::found_in_memory(new_review(&file), environment)?;
    fill(workspace, &file, tell)
}

fn new_review(file: &ReviewFile) -> NewReview {
    let reviewers = file.reviewer.iter().map(|person| (person.id.clone(), person.name.clone())).collect();
    NewReview { info: file.info(ReviewInfo::default()), reviewers, ..NewReview::default() }
}

fn fill(mut workspace: Workspace, file: &ReviewFile, tell: &mut dyn FnMut(&Told)) -> Result<Workspace> {
    let review = &mut workspace;
    let mut told = |stage: &'static str, lines: Vec<String>| tell(&Told { stage, lines });
    told("Review", set_up(review, file)?);
    told("Search import", import(review, file)?);
    told("Deduplication", deduplicate(review)?);
    told("Title/abstract screening", screen(review)?);
    told("Full text", full_text(review)?);
    told("Extraction", extract(review)?);
    told("Pooling", pool(review)?);
    review.act_as(&ReviewerId::from(PEOPLE[0]))?;
    Ok(workspace)
}

fn set_up(review: &mut Workspace, file: &ReviewFile) -> Result<Vec<String>> {
    for request in file.requests(review) {
        if !matches!(request, Request::AddSource { .. }) {
            review.run(request)?;
        }
    }
    let overview = review.overview();
    let people: Vec<String> = overview.reviewers.iter().map(|person| format!("{} ({})", person.id, person.name)).collect();
    Ok(vec![overview.review.title.clone(), format!("Independent reviewers: {}", people.join(", "))])
}

fn import(review: &mut Workspace, file: &ReviewFile) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for source in &file.source {
        let name = source.file.clone().unwrap_or_default();
        let Some((_, text)) = EXPORTS.iter().find(|(export, _)| *export == name) else { continue };
        let order = ImportOrder {
            kind: Some(source.kind),
            platform: source.platform.clone(),
            date: source.date.clone(),
            strategy: source.strategy.clone(),
            hits: source.hits,
            ..ImportOrder::of(&name, source.name.clone())
        };
        if let Detail::Import(report) = review.import_bundled(&order, text)?.detail {
            lines.push(format!("{}: {} ({}, {})", source.name, counted(report.kept, "hit"), report.file, report.format));
        }
    }
    lines.push(format!("Records in all: {}", review.overview().records));
    Ok(lines)
}

fn deduplicate(review: &mut Workspace) -> Result<Vec<String>> {
    let reply = review.run(Request::FindDuplicates)?;
    let Detail::Duplicates(report) = reply.detail else { return Ok(vec![reply.message]) };
    Ok(vec![format!(
        "{} groups hold {} duplicates: {} distinct records; {} possible pairs left for a person",
        report.groups,
        report.duplicates,
        report.records - report.duplicates,
        report.possible
    )])
}

fn votes(review: &mut Workspace, stage: Stage, tables: [(&str, &str); 2]) -> Result<()> {
    for (person, (name, text)) in PEOPLE.iter().zip(tables) {
        review.act_as(&ReviewerId::from(*person))?;
        let load = review.votes_of_file(&VoteOrder::at(stage), text.as_bytes(), name)?;
        review.run(Request::Load(load))?;
    }
    Ok(())
}

/// Settles the conflicts of a stage; both people confirm each.
fn settle(review: &mut Workspace, stage: Stage, name: &str, text: &str) -> Result<usize> {
    let conflicts = review.queue(stage, Queue::Conflict).len();
    for person in PEOPLE {
        review.act_as(&ReviewerId::from(person))?;
        let load = review.resolutions_from_csv(Some(stage), text, name)?;
        review.run(Request::Load(load))?;
    }
    Ok(conflicts)
}

fn agreement_line(review: &Workspace, stage: Stage) -> Option<String> {
    let pair = review.agreement(&AgreementOrder::of(stage)).ok()?.pairs.into_iter().next()?;
    let kappa = pair.kappa.map_or_else(|| "not defined".to_owned(), |kappa| format!("{kappa:.2}"));
    Some(format!("Agreement before discussion: {} of {} records, kappa {kappa}", pair.both_in + pair.both_out, pair.n))
}

fn screen(review: &mut Workspace) -> Result<Vec<String>> {
    votes(review, Stage::TitleAbstract, [TABLES[2], TABLES[3]])?;
    let mut lines = Vec::new();
    lines.extend(agreement_line(review, Stage::TitleAbstract));
    let conflicts = settle(review, Stage::TitleAbstract, TABLES[4].0, TABLES[4].1)?;
    let flow = review.flow().flow;
    lines.push(format!("{}, settled by consensus", counted(conflicts, "conflict")));
    lines.push(format!("Databases: {} screened, {} excluded, {} reports sought", flow.screened, flow.excluded, flow.searched.sought));
    lines.push(format!("Other methods: {} identified, {} reports sought", flow.other_identified(), flow.other.sought));
    Ok(lines)
}

fn full_text(review: &mut Workspace) -> Result<Vec<String>> {
    review.act_as(&ReviewerId::from(PEOPLE[0]))?;
    let load = review.retrievals_from_csv(TABLES[5].1, TABLES[5].0)?;
    review.run(Request::Load(load))?;
    votes(review, Stage::FullText, [TABLES[6], TABLES[7]])?;
    let mut lines = Vec::new();
    lines.extend(agreement_line(review, Stage::FullText));
    let conflicts = settle(review, Stage::FullText, TABLES[8].0, TABLES[8].1)?;
    lines.push(format!("{}, settled by consensus", counted(conflicts, "conflict")));
    review.act_as(&ReviewerId::from(PEOPLE[0]))?;
    let load = review.studies_from_csv(TABLES[9].1, TABLES[9].0)?;
    review.run(Request::Load(load))?;
    let flow = review.flow().flow;
    lines.push(format!(
        "{} reports not retrieved, {} assessed",
        flow.searched.not_retrieved + flow.other.not_retrieved,
        flow.searched.assessed + flow.other.assessed
    ));
    lines.extend(flow.searched.excluded.iter().map(|reason| format!("Excluded, {}: {}", lower_first(&reason.label), reason.count)));
    lines.push(format!("Included: {} studies in {} reports", flow.studies, flow.reports));
    Ok(lines)
}

fn extract(review: &mut Workspace) -> Result<Vec<String>> {
    review.run(Request::UseForm { file_name: "form.toml".to_owned(), text: FORM.to_owned() })?;
    let mut cells = Vec::new();
    for (person, (name, text)) in PEOPLE.iter().zip([TABLES[10], TABLES[11]]) {
        review.act_as(&ReviewerId::from(*person))?;
        let entries = review.cells_from_csv(text, name)?;
        cells.push(entries.len());
        review.run(Request::SetCells(entries))?;
        let studies: Vec<StudyId> =
            review.studies()?.into_iter().filter(|study| study.status != "blocked").map(|study| study.study).collect();
        for study in studies {
            review.run(Request::SubmitDraft(study))?;
        }
    }
    let open: usize = review.studies()?.iter().map(|study| study.open_cells).sum();
    let load = review.agreements_from_csv(CONSENSUS, "consensus.csv")?;
    review.run(Request::Load(load))?;
    Ok(vec![
        format!("Two blind drafts: {} and {} cells", cells[0], cells[1]),
        format!("{open} cells differed and were settled, each with a reason"),
    ])
}

fn pool(review: &mut Workspace) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for spec in review.analyses()? {
        let result = review.analysis(&spec.id)?;
        let Ok(pooled) = &result.pooled else { continue };
        let (ci, h) = (pooled.ci_back(), &pooled.heterogeneity);
        let number = |value: f64| crate::figure::number::fixed(value, 2);
        lines.push(format!(
            "{} {}: {} {} ({} to {}), k = {}, tau² = {}, I² = {}",
            spec.id,
            spec.title,
            pooled.measure.short(),
            number(pooled.estimate_back()),
            number(ci.lower),
            number(ci.upper),
            pooled.k,
            number(pooled.tau2),
            crate::figure::number::i_squared(h.i2_q)
        ));
    }
    Ok(lines)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::environment::Names;
    use super::*;
    use crate::domain::time::{FixedClock, Timestamp};

    fn environment() -> Environment {
        let now = Timestamp::parse("2026-11-22T09:00:00Z").expect("a moment");
        Environment { clock: Box::new(FixedClock(now)), names: Names::Seeded(1), home: None }
    }

    #[test]
    fn the_example_comes_out_as_published() {
        let mut told = Vec::new();
        let review = build_in_memory(environment(), &mut |stage| told.push(stage.clone())).expect("builds");
        let text: Vec<String> = told.iter().flat_map(|stage| stage.lines.clone()).collect();
        let says = |part: &str| assert!(text.iter().any(|line| line.contains(part)), "{part} is missing in {text:#?}");
        says("82 distinct records");
        says("MD -15.79 (-32.09 to 0.51), k = 3, tau² = 142.38, I² = 69%");
        says("RR 3.26 (1.05 to 10.09), k = 4, tau² = 0.51, I² = 38%");
        let view = review.flow();
        assert!(view.identities.iter().all(|identity| identity.holds()), "{:#?}", view.identities);
        assert_eq!(view.pending, 0);
        assert_eq!((view.flow.studies, view.flow.reports), (6, 9));
        assert_eq!(review.check().expect("reads"), Vec::new());
    }
}
