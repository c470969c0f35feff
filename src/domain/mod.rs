//! The words of a systematic review: plain types and rules, without files, clocks, randomness or screens.
//!
//! Map: `ids`, `time` name things and moments; `record`, `author`, `identifier`, `text`, `diagnostic` are what readers of files produce;
//! `review`, `policy`, `source`, `cluster`, `decision`, `mark`, `report` and `order` are what people and the program lay down;
//! `operation` is the history of it; `screening` folds votes into a status, `state` folds the history into the review as it stands,
//! `flow` counts it. `search` finds records by words, fields and states; `abstract_text`, `highlight` and `link` help with reading.
//! `form`, `value`, `extraction`, `consensus` and `analysis` are about the numbers of the studies; `appraisal` and `certainty` about how far
//! they can be trusted.

pub mod abstract_text;
pub mod analysis;
pub mod appraisal;
pub mod author;
pub mod certainty;
pub mod change;
pub mod cluster;
pub mod consensus;
pub mod cycle;
pub mod decision;
pub mod diagnostic;
pub mod extraction;
pub mod flow;
pub mod form;
pub mod highlight;
pub mod identifier;
pub mod ids;
pub mod link;
pub mod mark;
pub mod operation;
pub mod order;
pub mod policy;
pub mod record;
pub mod report;
pub mod review;
pub mod round;
pub mod screening;
pub mod search;
pub mod source;
pub mod state;
pub mod text;
pub mod time;
pub mod value;
