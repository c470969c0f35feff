//! Which reports are listed.

use crate::app::query::ReportView;

/// A choice of reports by where they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Filter {
    /// Every report that is sought.
    #[default]
    All,
    /// Those that are not at hand yet.
    ToRetrieve,
    /// Those at hand that wait for the acting reviewer's vote.
    ToAssess,
    /// Those on which the acting reviewer has voted and others have not.
    Voted,
    /// Those in conflict.
    Conflict,
    /// Those that are decided.
    Decided,
    /// Those that were sought and not found.
    NotRetrieved,
}

impl Filter {
    /// Returns the choice in words.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::ToRetrieve => "to retrieve",
            Self::ToAssess => "to assess",
            Self::Voted => "waiting for others",
            Self::Conflict => "in conflict",
            Self::Decided => "decided",
            Self::NotRetrieved => "not retrieved",
        }
    }

    /// Tells whether a report is listed.
    pub(super) fn takes(self, report: &ReportView) -> bool {
        let is_at_hand = report.retrieval == "retrieved";
        match self {
            Self::All => true,
            Self::ToRetrieve => matches!(report.retrieval.as_str(), "pending" | "requested"),
            Self::ToAssess => is_at_hand && report.status == "open",
            Self::Voted => report.status == "voted",
            Self::Conflict => matches!(report.status, "conflict" | "reason_conflict"),
            Self::Decided => {
                matches!(report.status, "agreed_in" | "resolved_in" | "agreed_out" | "resolved_out" | "ongoing" | "awaiting_classification")
            }
            Self::NotRetrieved => report.retrieval == "not_retrieved",
        }
    }
}
