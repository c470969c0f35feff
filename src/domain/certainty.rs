//! Certainty of the evidence by GRADE: what people rate for a pooled result, and the level that follows.
//!
//! Source: GRADE guidelines 3 (Balshem 2011, doi 10.1016/j.jclinepi.2010.07.015) and 9 (Guyatt 2011, rating up); Cochrane Handbook
//! chapter 14. Evidence starts at a level, each domain takes levels away or adds some, and the sum stays between very low and high.
//! Nothing is ever rated by the program: a domain without a rating leaves the level open.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

/// The name under which ratings are kept beside the judgements on risk of bias.
pub const GRADE: &str = "grade";

/// Something about a pooled result that a person lays down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumString, EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CertaintyItem {
    /// The level at which the evidence starts.
    Start,
    /// Limitations in how the studies were done.
    RiskOfBias,
    /// Results that differ between studies without an explanation.
    Inconsistency,
    /// People, interventions, comparators or outcomes other than those asked about.
    Indirectness,
    /// Too few people or events, or an interval that spans different conclusions.
    Imprecision,
    /// Studies or results that were likely left unpublished.
    PublicationBias,
    /// An effect so large that bias alone is an unlikely reason.
    LargeEffect,
    /// More of the effect with more of the exposure.
    DoseResponse,
    /// Confounding that would have made the effect smaller.
    OpposingConfounding,
    /// The comparator risk that absolute effects are made with, per 1000 people.
    BaselineRisk,
    /// What the table says beside the numbers.
    Comment,
}

impl CertaintyItem {
    /// The domains that take levels away, in GRADE's order.
    pub const DOWN: [Self; 5] = [Self::RiskOfBias, Self::Inconsistency, Self::Indirectness, Self::Imprecision, Self::PublicationBias];
    /// The domains that add levels, for evidence that starts low.
    pub const UP: [Self; 3] = [Self::LargeEffect, Self::DoseResponse, Self::OpposingConfounding];

    /// Returns the name as printed.
    pub fn label(self) -> &'static str {
        match self {
            Self::Start => "starting level",
            Self::RiskOfBias => "risk of bias",
            Self::Inconsistency => "inconsistency",
            Self::Indirectness => "indirectness",
            Self::Imprecision => "imprecision",
            Self::PublicationBias => "publication bias",
            Self::LargeEffect => "large effect",
            Self::DoseResponse => "dose response",
            Self::OpposingConfounding => "opposing confounding",
            Self::BaselineRisk => "comparator risk",
            Self::Comment => "comment",
        }
    }

    /// Returns the ratings that a domain takes, each with the levels that it adds; none where the item is no choice.
    pub fn ratings(self) -> &'static [Rating] {
        const DOWN: [Rating; 3] = [
            Rating { id: "not_serious", label: "not serious", levels: 0 },
            Rating { id: "serious", label: "serious", levels: -1 },
            Rating { id: "very_serious", label: "very serious", levels: -2 },
        ];
        const SUSPECTED: [Rating; 3] = [
            Rating { id: "undetected", label: "undetected", levels: 0 },
            Rating { id: "suspected", label: "strongly suspected", levels: -1 },
            Rating { id: "very_suspected", label: "very strongly suspected", levels: -2 },
        ];
        const LARGE: [Rating; 3] = [
            Rating { id: "no", label: "no", levels: 0 },
            Rating { id: "large", label: "large", levels: 1 },
            Rating { id: "very_large", label: "very large", levels: 2 },
        ];
        const PRESENT: [Rating; 2] = [Rating { id: "no", label: "no", levels: 0 }, Rating { id: "yes", label: "yes", levels: 1 }];
        const START: [Rating; 2] = [Rating { id: "high", label: "high", levels: 0 }, Rating { id: "low", label: "low", levels: 0 }];
        match self {
            Self::Start => &START,
            Self::RiskOfBias | Self::Inconsistency | Self::Indirectness | Self::Imprecision => &DOWN,
            Self::PublicationBias => &SUSPECTED,
            Self::LargeEffect => &LARGE,
            Self::DoseResponse | Self::OpposingConfounding => &PRESENT,
            Self::BaselineRisk | Self::Comment => &[],
        }
    }

    /// Returns the rating with this id or label; upper and lower case, spaces, hyphens and underscores are the same.
    pub fn rating(self, word: &str) -> Option<&'static Rating> {
        let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
        self.ratings().iter().find(|rating| plain(rating.id) == plain(word) || plain(rating.label) == plain(word))
    }
}

/// One rating of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rating {
    /// The word that is stored.
    pub id: &'static str,
    /// The words that people read.
    pub label: &'static str,
    /// How many levels it adds; negative where it takes them away.
    pub levels: i8,
}

/// A level of certainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The true effect is likely to be substantially different.
    VeryLow,
    /// The true effect may be substantially different.
    Low,
    /// The true effect is likely to be close.
    Moderate,
    /// The true effect lies close to the estimate.
    High,
}

impl Certainty {
    /// The levels, lowest first.
    pub const ALL: [Self; 4] = [Self::VeryLow, Self::Low, Self::Moderate, Self::High];

    /// Returns the word as printed.
    pub fn label(self) -> &'static str {
        match self {
            Self::VeryLow => "very low",
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }

    /// Returns the four signs that summary of findings tables print.
    pub fn signs(self) -> &'static str {
        match self {
            Self::VeryLow => "⊕◯◯◯",
            Self::Low => "⊕⊕◯◯",
            Self::Moderate => "⊕⊕⊕◯",
            Self::High => "⊕⊕⊕⊕",
        }
    }

    /// Returns the level that follows from the ratings of the items; the error lists what is not rated yet.
    ///
    /// Domains that add levels count as "no" where they are not rated: for trials they are not asked.
    pub fn of(rating: impl Fn(CertaintyItem) -> Option<&'static Rating>) -> Result<Self, Vec<CertaintyItem>> {
        let needed = std::iter::once(CertaintyItem::Start).chain(CertaintyItem::DOWN);
        let missing: Vec<CertaintyItem> = needed.filter(|item| rating(*item).is_none()).collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let start: i8 = if rating(CertaintyItem::Start).is_some_and(|start| start.id == "low") { 1 } else { 3 };
        let moved = CertaintyItem::DOWN.into_iter().chain(CertaintyItem::UP).filter_map(&rating).map(|rating| rating.levels);
        let level = (start + moved.sum::<i8>()).clamp(0, 3);
        Ok(Self::ALL[usize::try_from(level).unwrap_or(0)])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use strum::IntoEnumIterator;

    use super::*;

    fn level(rated: &[(CertaintyItem, &str)]) -> Result<Certainty, Vec<CertaintyItem>> {
        let known: HashMap<CertaintyItem, &'static Rating> =
            rated.iter().map(|(item, word)| (*item, item.rating(word).unwrap_or_else(|| panic!("{item} takes {word}")))).collect();
        Certainty::of(|item| known.get(&item).copied())
    }

    fn rated(start: &str, down: [&str; 5]) -> Vec<(CertaintyItem, &'static str)> {
        let leak = |item: CertaintyItem, word: &str| (item, item.rating(word).unwrap_or_else(|| panic!("{word}")).id);
        std::iter::once(leak(CertaintyItem::Start, start))
            .chain(CertaintyItem::DOWN.into_iter().zip(down).map(|(item, word)| leak(item, word)))
            .collect()
    }

    #[test]
    fn trials_start_high_and_each_serious_limitation_takes_a_level() {
        let no = "not serious";
        assert_eq!(level(&rated("high", [no, no, no, no, "undetected"])), Ok(Certainty::High));
        assert_eq!(level(&rated("high", ["serious", no, no, no, "undetected"])), Ok(Certainty::Moderate));
        assert_eq!(level(&rated("high", ["serious", "serious", no, no, "undetected"])), Ok(Certainty::Low));
        assert_eq!(level(&rated("high", ["very serious", no, no, "serious", "undetected"])), Ok(Certainty::VeryLow));
        let worst = ["very serious", "very serious", "very serious", "very serious", "suspected"];
        assert_eq!(level(&rated("high", worst)), Ok(Certainty::VeryLow), "never below very low");
    }

    #[test]
    fn other_evidence_starts_low_and_may_be_rated_up_but_never_above_high() {
        let no = "not serious";
        let mut items = rated("low", [no, no, no, no, "undetected"]);
        assert_eq!(level(&items), Ok(Certainty::Low));
        items.push((CertaintyItem::LargeEffect, "very large"));
        assert_eq!(level(&items), Ok(Certainty::High));
        items.push((CertaintyItem::DoseResponse, "yes"));
        assert_eq!(level(&items), Ok(Certainty::High));
    }

    #[test]
    fn what_is_not_rated_leaves_the_level_open() {
        assert_eq!(
            level(&[(CertaintyItem::Start, "high"), (CertaintyItem::RiskOfBias, "serious")]),
            Err(vec![
                CertaintyItem::Inconsistency,
                CertaintyItem::Indirectness,
                CertaintyItem::Imprecision,
                CertaintyItem::PublicationBias
            ])
        );
    }

    #[test]
    fn ratings_are_found_by_id_and_by_label() {
        for item in CertaintyItem::iter() {
            for rating in item.ratings() {
                assert_eq!(item.rating(rating.id), Some(rating));
                assert_eq!(item.rating(&rating.label.to_uppercase()), Some(rating));
            }
            assert_eq!(item.to_string().parse(), Ok(item));
        }
        assert_eq!(CertaintyItem::Imprecision.rating("dreadful"), None);
    }
}
