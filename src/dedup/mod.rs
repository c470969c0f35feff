//! Finding records of the same report: keys, candidate pairs, evidence field by field, groups, and the reasons in words.
//!
//! One publication is one report. Print and online-first, a title and its translation, or another database's wrong page are the
//! same report; an erratum, a reply, a meeting abstract and its paper, two versions of a Cochrane review or two registrations
//! are not. A pair is judged [`PairVerdict::Duplicate`], [`PairVerdict::Possible`] (a person should look) or
//! [`PairVerdict::Different`]; a person's own verdicts in [`Settled`] always win.
//!
//! Everything here is a pure function of the records: no file, no clock, no randomness, and the order of the records does not
//! matter.

mod block;
mod cluster;
mod difference;
mod evidence;
mod explain;
mod keys;
mod score;
mod similarity;

pub use self::cluster::{Link, Outcome, Settled, find_duplicates, find_duplicates_from};
pub use self::evidence::FieldVerdict;
pub use self::explain::{FieldEvidence, PairExplanation, explain};
pub use self::keys::Prepared;
pub use self::score::PairVerdict;

#[cfg(test)]
mod tests;
