//! What the screens ask the review, and what they get.

use std::path::PathBuf;

use super::filter::{Filter, Filtered};
use crate::app::appraise::{AppraisalComparison, AppraisalLine, AppraisalView};
use crate::app::certainty::Findings;
use crate::app::doubt::WarningView;
use crate::app::migrate::FormMove;
use crate::app::paste::{PasteAt, PastePlan};
use crate::app::query::{AgreementCell, AgreementOrder, RoundRecord, RoundView};
use crate::app::query::{
    AgreementReport, ComparisonView, ConflictView, DeskView, DraftView, ExtractionAgreement, FlowView, GroupView, ImportRemarks,
    ListedRecord, LogEntry, Overview, PairView, PersonProgress, PersonView, Queue, ReportView, SourceView, StudyHint, StudyLine, TagUse,
    TraceView, UnitView, UpdatePart, UpdateView,
};
use crate::app::{AnalysisResult, FigureKind, ReportText, Request};
use crate::domain::analysis::AnalysisSpec;
use crate::domain::appraisal::Appraised;
use crate::domain::decision::Stage;
use crate::domain::flow::FlowBox;
use crate::domain::form::Form;
use crate::domain::ids::{RecordId, SourceId, StudyId};
use crate::domain::policy::Policy;
use crate::domain::review::{Criterion, ExclusionReason, HighlightWord, ReviewInfo};

/// A question about the review; each is answered by the [`Data`] of the same name.
#[derive(Debug, Clone, PartialEq, strum::EnumDiscriminants)]
#[strum_discriminants(
    name(QueryKind),
    derive(strum::EnumIter, Hash, strum::Display),
    strum(serialize_all = "kebab-case"),
    doc = "The kinds of question.",
    allow(missing_docs)
)]
pub enum Query {
    /// Where the review stands and what is next.
    Overview,
    /// Title, question, people, criteria, reasons, words and policies.
    Setup,
    /// What another policy would change.
    PolicyEffect(Policy),
    /// How far each person has come.
    Progress,
    /// How far the acting reviewer is in screening: order, batch, pace, time left.
    Desk,
    /// The PRISMA flow.
    Flow,
    /// The PRISMA flow after the first so many operations.
    FlowAt(usize),
    /// The records behind a box of the flow.
    BoxRecords(FlowBox),
    /// The sources with their imports.
    Sources,
    /// What was said when the files of a source were imported.
    SourceRemarks(SourceId),
    /// What the latest update found in each source.
    Update,
    /// The records of one part of the latest update.
    UpdateRecords(UpdatePart),
    /// The groups of duplicates.
    Groups,
    /// The pairs that wait for a person.
    PossiblePairs,
    /// What speaks for and against a pair.
    ExplainPair(RecordId, RecordId),
    /// The units of a stage in a queue of the acting reviewer, by name.
    Queue(Stage, Queue),
    /// One unit for reading.
    Unit(Stage, RecordId),
    /// Some units for a page of a list, in the order given.
    Units(Stage, Vec<RecordId>),
    /// The tags in use, as far as the acting reviewer may know.
    Tags,
    /// A record's text as it stood in its file.
    Raw(RecordId),
    /// The units of a list that fit a query.
    Filter(Filter),
    /// The record that a person names.
    FindRecord(String),
    /// The conflicts of a stage.
    Conflicts(Stage),
    /// The agreement of each pair of people in a stage.
    Agreement(Stage),
    /// The records in one cell of a table of agreement.
    AgreementRecords(AgreementOrder, AgreementCell),
    /// The calibration rounds and what lies outside them, with their agreement.
    Rounds,
    /// The sample of the round with this number.
    RoundRecords(Stage, usize),
    /// The reports that are sought.
    Reports,
    /// Where the file attached to a report is kept.
    AttachedFile(RecordId),
    /// The text of the file attached to a report.
    ReportText(RecordId),
    /// The studies, and the included reports without one.
    Studies,
    /// Which reports without a study may belong to which study.
    StudyHints,
    /// The acting reviewer's draft of a study.
    Draft(StudyId),
    /// The appraisals that the form plans.
    Appraisals,
    /// The acting reviewer's own appraisal.
    Appraisal(Appraised),
    /// Two appraisals side by side.
    AppraisalComparison(Appraised),
    /// The summary of findings of all analyses.
    Findings,
    /// The warnings on extracted numbers.
    Warnings,
    /// The change that answers a warning: study, rule and cell.
    Mend(StudyId, String, String),
    /// The two drafts of a study side by side.
    Comparison(StudyId),
    /// Where an agreed value comes from.
    Trace(StudyId, String),
    /// Where the texts of a pasted table go in the acting reviewer's draft.
    Paste {
        /// The study.
        study: StudyId,
        /// The table.
        text: String,
        /// Where it goes.
        at: PasteAt,
        /// Whether rows and columns are exchanged first.
        is_turned: bool,
    },
    /// What moving studies to the version of the form in use means.
    FormMove,
    /// How far the extractors agreed in each field.
    ExtractionAgreement,
    /// The extraction form.
    Form,
    /// What taking this text of a form into use would change.
    FormChanges(String),
    /// The text of a form, written into its file.
    SaveForm(PathBuf, String),
    /// The text of a file that is to become the form.
    FormFile(PathBuf),
    /// The analyses of the form.
    Analyses,
    /// One analysis, pooled from the values agreed upon so far.
    Analysis(String),
    /// A figure, drawn into a new file.
    SaveFigure(FigureKind, PathBuf),
    /// A page of the log, newest first: from the given place on, at most so many.
    Log {
        /// How many newer operations are left out.
        first: usize,
        /// How many are wanted.
        limit: usize,
    },
    /// What is wrong with the file.
    Check,
    /// A verified copy of the file in the folder for backups.
    BackUp,
}

/// The answer to a [`Query`].
#[derive(Debug)]
pub enum Data {
    /// Where the review stands and what is next.
    Overview(Box<Overview>),
    /// The set-up.
    Setup(Box<Setup>),
    /// What a policy would change, as (status now, status then, records).
    PolicyEffect(Policy, Vec<(String, String, usize)>),
    /// How far each person has come.
    Progress(Vec<PersonProgress>),
    /// How far the acting reviewer is in screening.
    Desk(DeskView),
    /// The PRISMA flow, and the name of the review.
    Flow(Box<FlowView>, String),
    /// The PRISMA flow after the first so many operations.
    FlowAt(usize, Box<FlowView>),
    /// The records behind a box of the flow.
    BoxRecords(FlowBox, Vec<ListedRecord>),
    /// The sources with their imports.
    Sources(Vec<SourceView>),
    /// What was said when the files of a source were imported.
    SourceRemarks(SourceId, Vec<ImportRemarks>),
    /// What the latest update found in each source.
    Update(Box<UpdateView>),
    /// The records of one part of the latest update.
    UpdateRecords(UpdatePart, Vec<ListedRecord>),
    /// The groups of duplicates.
    Groups(Vec<GroupView>),
    /// The pairs that wait for a person.
    PossiblePairs(Vec<PairView>),
    /// What speaks for and against a pair.
    Explained(Box<Explained>),
    /// The units of a queue.
    Queue(Stage, Queue, Vec<RecordId>),
    /// One unit.
    Unit(Box<UnitView>),
    /// Some units; those that are no longer there are left out.
    Units(Stage, Vec<UnitView>),
    /// The tags in use, the most used first.
    Tags(Vec<TagUse>),
    /// A record's text as it stood in its file.
    Raw(RecordId, String),
    /// What came of a query, and the query.
    Filtered(Filter, Filtered),
    /// The record that a person named.
    Record(String, RecordId),
    /// The conflicts of a stage.
    Conflicts(Stage, Vec<ConflictView>),
    /// The agreement of each pair of people in a stage.
    Agreement(AgreementReport),
    /// The records in one cell of a table of agreement.
    AgreementRecords(AgreementCell, Vec<ListedRecord>),
    /// The rounds and what lies outside them; the exclusion reasons; and the acting reviewer.
    Rounds(Vec<RoundLine>, Vec<ExclusionReason>, Option<String>),
    /// The sample of a round.
    RoundRecords(Stage, usize, Vec<RoundRecord>),
    /// The reports that are sought.
    Reports(Vec<ReportView>),
    /// Where the attached file is kept; `None` where there is none.
    AttachedFile(Option<PathBuf>),
    /// The text of the file attached to a report; `None` while it is being read, and the screens are told when it is there.
    ReportText(RecordId, Option<Box<ReportText>>),
    /// The studies, and the included reports without one.
    Studies(Vec<StudyLine>, Vec<ListedRecord>),
    /// Which reports without a study may belong to which study, the strongest first.
    StudyHints(Vec<StudyHint>),
    /// The acting reviewer's draft of a study.
    Draft(Box<DraftView>),
    /// The appraisals that the form plans, or why there are none.
    Appraisals(Result<Vec<AppraisalLine>, String>),
    /// The acting reviewer's own appraisal.
    Appraisal(Box<AppraisalView>),
    /// Two appraisals side by side.
    AppraisalComparison(Box<AppraisalComparison>),
    /// The summary of findings, or why there is none.
    Findings(Result<Box<Findings>, String>),
    /// The warnings on extracted numbers; `None` where there is no form.
    Warnings(Option<Vec<WarningView>>),
    /// The change that answers a warning.
    Mend(Box<Request>),
    /// The two drafts of a study side by side.
    Comparison(Box<ComparisonView>),
    /// Where an agreed value comes from.
    Trace(Box<TraceView>),
    /// Where the texts of a pasted table go.
    Paste(Box<PastePlan>),
    /// What moving studies to the version of the form in use means.
    FormMove(Box<FormMove>),
    /// How far the extractors agreed in each field.
    ExtractionAgreement(Box<ExtractionAgreement>),
    /// The extraction form with its text; `None` where the review has none.
    Form(Option<Box<(Form, String)>>),
    /// What taking a form into use would change, in sentences without a full stop.
    FormChanges(Vec<String>),
    /// The file into which the text of a form was written, and the text.
    SavedForm(PathBuf, String),
    /// The name of a file that is to become the form, and its text.
    FormFile(String, String),
    /// The analyses of the form; empty where the review has none.
    Analyses(Vec<AnalysisSpec>),
    /// One analysis.
    Analysis(Box<AnalysisResult>),
    /// The file into which the figure was drawn.
    SavedFigure(PathBuf),
    /// A page of the log.
    Log {
        /// The place of the first entry, from the newest.
        first: usize,
        /// How many operations there are.
        total: usize,
        /// The entries, newest first.
        entries: Vec<LogEntry>,
    },
    /// What is wrong with the file; empty where nothing is.
    Checked(Vec<FileProblem>),
    /// The copy that was written.
    BackedUp(PathBuf),
}

/// What the review was set up with.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Title and question.
    pub info: ReviewInfo,
    /// The people.
    pub people: Vec<PersonView>,
    /// The eligibility criteria.
    pub criteria: Vec<Criterion>,
    /// The exclusion reasons in their order.
    pub reasons: Vec<ExclusionReason>,
    /// The words to highlight.
    pub words: Vec<HighlightWord>,
    /// The policy of titles and abstracts, and that of full texts.
    pub policies: [Policy; 2],
}

/// One round, or the votes of a stage outside rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundLine {
    /// The stage.
    pub stage: Stage,
    /// The round; `None` for what lies outside rounds.
    pub round: Option<RoundView>,
    /// How far people agree there, or why that is not told.
    pub report: Result<AgreementReport, String>,
}

/// What speaks for and against two records being one report.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The one record.
    pub a: RecordId,
    /// The other record.
    pub b: RecordId,
    /// The rule that judged.
    pub rule: &'static str,
    /// The judgement with its reason, as a sentence.
    pub reason: String,
    /// How alike the two are, 0 to 1.
    pub score: f64,
    /// The fields, always in the same order.
    pub fields: Vec<ExplainedField>,
}

/// One field of two records side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedField {
    /// The field's name ("title").
    pub field: &'static str,
    /// Whether the field speaks for one report (`Some(true)`) or against it; `None` where it cannot be compared.
    pub agrees: Option<bool>,
    /// The field of the first record; empty where missing.
    pub left: String,
    /// The field of the second record; empty where missing.
    pub right: String,
    /// What is to be said about it.
    pub note: Option<String>,
}

/// Something wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The part of the file that it is about.
    pub part: String,
    /// What is wrong, as a sentence.
    pub message: String,
}
