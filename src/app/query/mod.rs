//! The read side: everything that screens, tables and exports show, as plain values that serialise.
//!
//! This is the only place where judgements of others are shown or hidden. The rule, in one sentence: a vote or a draft of
//! somebody else is visible when as many people as the policy asks for have voted on the unit (or handed in their drafts), and in
//! a conflict only where the policy shows votes. Counts of another person's progress are always visible; which records they are
//! about is not. Notes, tags and stars follow the votes of the stage at which they were set.

mod agreement;
mod characteristics;
mod desk;
mod duplicates;
mod extraction;
mod extraction_file;
mod field_agreement;
mod history;
mod marks;
mod overview;
mod records;
mod results;
mod rounds;
mod screening;
mod search;
mod sources;
mod study_hints;
mod updates;
mod waiting;

pub use agreement::{AgreementCell, AgreementOrder, AgreementReport, AgreementVotes, PairAgreement, SeveralRaters};
pub(super) use characteristics::arm_descriptions;
pub use characteristics::{CharacteristicsView, ExcludedReportView, IncludedStudyView};
pub use desk::{BatchView, DeskView};
pub use duplicates::{GroupMember, GroupView, PairView};
pub use extraction::{
    AgreedStudyView, AgreedValueView, CellView, ComparedCell, ComparisonView, DraftView, StudyLine, StudyReportLine, TraceView,
};
pub use extraction_file::{
    AgreedPart, AppraisalPart, CellPart, DecisionPart, DerivedPart, DraftPart, EarlierFormPart, ExtractionDocument, FormPart,
    JudgementPart, LeftOutPart, Meaning, NumberPart, RefusedPart, ReportPart, StepPart, StudyPart, VERSION as EXTRACTION_VERSION,
    ValuePart, WarningPart,
};
pub use field_agreement::{ExtractionAgreement, FieldAgreement};
pub use history::LogEntry;
pub use marks::{MarksView, TagUse};
pub use overview::{FlowView, NextStep, Overview, PersonProgress, PersonView};
pub use records::{ListedRecord, MemberView, RecordCard};
pub use results::{PairLine, ResultLine};
pub use rounds::{RoundProgress, RoundRecord, RoundView};
pub use screening::{ConflictView, Queue, ReportView, ResolutionView, UnitView, VoteView};
pub use search::Found;
pub use sources::{ImportRemarks, ImportView, SourceView};
pub use study_hints::StudyHint;
pub use updates::{UpdatePart, UpdateView, UpdatedSource, VersionView};
pub(super) use waiting::Waiting;
