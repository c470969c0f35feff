//! Use cases: what a user can do and see, without a screen and without a command line.
//!
//! Map: `request` lists every change, `workspace` runs them through one door, and each verb has its file (`setup`, `import`, `dedup`,
//! `screen`, `attach`, `mark`, `study`, `extract`, `undo`). `query` is the read side and the only place where judgements of others are shown or
//! hidden. `analyse` and `draw` lead from agreed values to pooled results and figures. `command` is the registry behind keys,
//! palette, help and documentation. `environment`, `log_book` and `error` are what the rest stands on.

mod agreed;
mod analyse;
pub mod appraise;
mod arrange;
mod attach;
mod attach_folder;
pub mod certainty;
pub mod command;
mod compared;
pub mod conventions;
mod dedup;
pub mod demo;
pub mod doubt;
pub mod draw;
pub mod draw_bias;
mod environment;
mod error;
mod extract;
mod figure_file;
mod form_changes;
pub mod form_edit;
pub mod form_file;
pub mod form_keys;
mod forms;
mod import;
mod load;
mod log_book;
mod mark;
mod memo;
pub mod migrate;
mod moved;
mod named_table;
pub mod paste;
mod pdf_text;
pub mod query;
mod request;
mod review_file;
mod revman;
mod round;
mod screen;
mod setup;
mod study;
mod tables;
mod take_over;
pub mod templates;
#[cfg(test)]
mod tests;
mod texts;
mod undo;
mod update;
mod words;
mod workspace;

pub use agreed::AgreedCell;
pub use analyse::AnalysisResult;
pub use arrange::LARGEST_BATCH;
pub use attach_folder::{AmbiguousFile, FileMatch, FolderPlan, LeftFile, MatchedReport};
pub use environment::{Environment, Names};
pub use error::{Error, ErrorKind, Result};
pub use figure_file::FigureKind;
pub use import::{ReadFile, examine_file, read_file};
pub use load::{Aside, Load, LoadReport, LoadRow, RowChange, RowProblem};
pub use moved::MovedAnalysis;
pub use named_table::{NamedTable, text_of_workbook};
pub use pdf_text::{ReportFile, ReportText};
pub use request::{
    CellEntry, Detail, DuplicateReport, ImportOrder, ImportReport, MarkChange, Progress, Reply, Request, RequestKind, VoteEntry,
};
pub use review_file::ReviewFile;
pub use revman::RevManAnalyses;
pub use setup::NewReview;
pub use take_over::{DecisionCount, DecisionTally, VoteOrder};
pub use texts::{ReadTexts, TextOrder};
pub use workspace::Workspace;
