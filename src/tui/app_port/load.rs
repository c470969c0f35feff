//! Each question of the screens, answered by one question to the review.

use std::path::Path;

use super::data::{Data, Explained, ExplainedField, FileProblem, Query, RoundLine, Setup};
use super::filter::TextReader;
use super::sentence;
use crate::app::query::{AgreementOrder, AgreementReport};
use crate::app::{Error, Result, Workspace};
use crate::domain::decision::Stage;
use crate::domain::ids::RecordId;

/// Answers a question.
pub(super) fn load(review: &Workspace, query: Query) -> Result<Data> {
    Ok(match query {
        Query::Overview => Data::Overview(Box::new(review.overview())),
        Query::Setup => Data::Setup(Box::new(setup(review))),
        Query::PolicyEffect(policy) => {
            let effects = review.policy_effect(&policy);
            Data::PolicyEffect(policy, effects)
        }
        Query::Progress => Data::Progress(review.progress()),
        Query::Desk => Data::Desk(review.desk()),
        Query::Flow => Data::Flow(Box::new(review.flow()), review.review_info().title),
        Query::FlowAt(operations) => Data::FlowAt(operations, Box::new(review.flow_at(operations)?)),
        Query::BoxRecords(flow_box) => Data::BoxRecords(flow_box, review.box_records(flow_box)?),
        Query::Sources => Data::Sources(review.sources()),
        Query::Update => Data::Update(Box::new(review.update_found(None))),
        Query::UpdateRecords(part) => {
            let cycle = review.update_found(None).cycle;
            Data::UpdateRecords(part, review.update_records(cycle, part, None)?)
        }
        Query::SourceRemarks(source) => {
            let remarks = review.remarks_of_source(&source)?;
            Data::SourceRemarks(source, remarks)
        }
        Query::Groups => Data::Groups(review.groups()?),
        Query::PossiblePairs => Data::PossiblePairs(review.possible_duplicates()?),
        Query::ExplainPair(a, b) => Data::Explained(Box::new(explain(review, a, b)?)),
        Query::Queue(stage, queue) => Data::Queue(stage, queue, review.queue(stage, queue)),
        Query::Unit(stage, record) => Data::Unit(Box::new(review.unit_view(stage, record)?)),
        Query::Units(stage, records) => {
            let views = records.into_iter().filter_map(|record| review.unit_view(stage, record).ok());
            Data::Units(stage, views.collect())
        }
        Query::Tags => Data::Tags(review.tags()),
        Query::Raw(record) => Data::Raw(record, review.raw_record(record)?),
        Query::Filter(filter) => {
            let found = TextReader::default().answer(review, &filter)?;
            Data::Filtered(filter, found)
        }
        Query::FindRecord(name) => {
            let found = review.find_record(&name)?;
            Data::Record(name, found)
        }
        Query::Conflicts(stage) => Data::Conflicts(stage, review.conflicts(stage)?),
        Query::Agreement(stage) => Data::Agreement(review.agreement(&AgreementOrder::of(stage))?),
        Query::AgreementRecords(order, cell) => {
            let records = review.agreement_records(&order, &cell)?;
            Data::AgreementRecords(cell, records)
        }
        Query::Rounds => Data::Rounds(rounds(review), review.reasons(), review.reviewer().map(|person| person.id.to_string())),
        Query::RoundRecords(stage, number) => Data::RoundRecords(stage, number, review.round_records(stage, Some(number))?),
        Query::Reports => Data::Reports(review.reports()?),
        Query::AttachedFile(record) => Data::AttachedFile(review.attached_file(record)?),
        Query::ReportText(record) => Data::ReportText(record, Some(Box::new(review.report_text(record)?))),
        Query::StudyHints => Data::StudyHints(review.study_hints()?),
        Query::Studies => Data::Studies(review.studies()?, review.reports_without_study()?),
        Query::Draft(study) => Data::Draft(Box::new(review.my_draft(&study)?)),
        Query::Appraisals => Data::Appraisals(review.appraisals().map_err(|error| sentence(&error.message))),
        Query::Appraisal(of) => Data::Appraisal(Box::new(review.my_appraisal(&of)?)),
        Query::AppraisalComparison(of) => Data::AppraisalComparison(Box::new(review.compare_appraisals(&of)?)),
        Query::Findings => Data::Findings(review.findings(&[]).map(Box::new).map_err(|error| sentence(&error.message))),
        Query::Warnings => Data::Warnings(if review.form_text().is_some() { Some(review.warnings()?) } else { None }),
        Query::Mend(study, rule, path) => Data::Mend(Box::new(review.mend(&study, &rule, &path)?)),
        Query::Comparison(study) => Data::Comparison(Box::new(review.comparison(&study)?)),
        Query::Trace(study, path) => Data::Trace(Box::new(review.trace(&study, &path)?)),
        Query::Paste { study, text, at, is_turned } => Data::Paste(Box::new(review.paste_plan(&study, &text, &at, is_turned)?)),
        Query::FormMove => Data::FormMove(Box::new(review.form_move()?)),
        Query::ExtractionAgreement => Data::ExtractionAgreement(Box::new(review.extraction_agreement()?)),
        Query::Form => Data::Form(match review.form_text() {
            Some(text) => Some(Box::new((review.form()?, text))),
            None => None,
        }),
        Query::FormChanges(text) => Data::FormChanges(review.form_changes(&text)?),
        Query::SaveForm(path, text) => {
            review.write_form(&path, &text)?;
            Data::SavedForm(path, text)
        }
        Query::FormFile(path) => form_file(&path)?,
        Query::Analyses => Data::Analyses(if review.form_text().is_some() { review.analyses()? } else { Vec::new() }),
        Query::Analysis(id) => Data::Analysis(Box::new(review.analysis(&id)?)),
        Query::SaveFigure(figure, path) => Data::SavedFigure(review.save_figure(&figure, &path)?),
        Query::Log { first, limit } => Data::Log { first, total: review.log_length(), entries: review.log(first, limit)? },
        Query::Check => {
            let problems = review.check()?.into_iter();
            Data::Checked(problems.map(|found| FileProblem { part: found.part.to_string(), message: sentence(&found.message) }).collect())
        }
        Query::BackUp => Data::BackedUp(review.back_up()?),
    })
}

/// Reads the text of a form; what is wrong with it is found when it is taken into use.
fn form_file(path: &Path) -> Result<Data> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::user(format!("{} cannot be read: {error}", path.display())))?;
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok(Data::FormFile(name, text))
}

/// Lists the rounds, the latest first, and after them what lies outside.
fn rounds(review: &Workspace) -> Vec<RoundLine> {
    let told = |report: Result<AgreementReport>| report.map_err(|error| sentence(&error.message));
    let rounds = review.rounds().into_iter().rev().map(|round| RoundLine {
        stage: round.stage,
        report: told(review.round_agreement(round.stage, Some(round.number))),
        round: Some(round),
    });
    let outside = [Stage::TitleAbstract, Stage::FullText].map(|stage| RoundLine {
        stage,
        round: None,
        report: told(review.agreement(&AgreementOrder::of(stage))),
    });
    rounds.chain(outside).collect()
}

fn setup(review: &Workspace) -> Setup {
    Setup {
        info: review.review_info(),
        people: review.people(),
        criteria: review.criteria(),
        reasons: review.reasons(),
        words: review.words(),
        policies: [review.policy(Stage::TitleAbstract), review.policy(Stage::FullText)],
    }
}

fn explain(review: &Workspace, a: RecordId, b: RecordId) -> Result<Explained> {
    let found = review.explain_pair(a, b)?;
    let fields = found.fields.into_iter().map(|field| ExplainedField {
        field: field.field,
        agrees: if field.verdict.agrees() { Some(true) } else { field.verdict.differs().then_some(false) },
        left: field.left,
        right: field.right,
        note: field.note,
    });
    Ok(Explained { a, b, rule: found.rule, reason: found.reason, score: found.score, fields: fields.collect() })
}
