//! Which numbers a form accepts for an outcome: as reports print them, arm by arm or as a contrast of two arms.
//!
//! An outcome lists the formats that it accepts (`accept = ["mean_sd", "mean_se", "median_iqr", "md_ci"]`); each stands for some
//! cells. What is typed stays as the report prints it; `derive` turns it into the numbers that are pooled.

use serde::{Deserialize, Serialize};

use super::{Outcome, OutcomeKind};

/// Which number of an arm a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum OutcomePart {
    /// The number of people with the event.
    Events,
    /// The number of people analysed.
    N,
    /// The percentage of people with the event, where the count is not printed.
    Percent,
    /// The mean.
    Mean,
    /// The standard deviation, not the standard error.
    Sd,
    /// The standard error of the mean.
    Se,
    /// The lower limit of the 95 % interval of the mean.
    CiLow,
    /// The upper limit of the 95 % interval of the mean.
    CiHigh,
    /// The median.
    Median,
    /// The first quartile.
    Q1,
    /// The third quartile.
    Q3,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
}

impl OutcomePart {
    /// Returns the parts that are pooled for this kind of outcome, in the order in which they are typed.
    pub fn of(kind: OutcomeKind) -> &'static [Self] {
        match kind {
            OutcomeKind::Continuous => &[Self::N, Self::Mean, Self::Sd],
            OutcomeKind::Dichotomous => &[Self::Events, Self::N],
        }
    }

    /// Returns what the number is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Events => "people with the event",
            Self::N => "number analysed",
            Self::Percent => "percentage with the event",
            Self::Mean => "mean",
            Self::Sd => "standard deviation",
            Self::Se => "standard error",
            Self::CiLow => "95 % interval of the mean, lower limit",
            Self::CiHigh => "95 % interval of the mean, upper limit",
            Self::Median => "median",
            Self::Q1 => "first quartile",
            Self::Q3 => "third quartile",
            Self::Min => "minimum",
            Self::Max => "maximum",
        }
    }

    /// Returns whether the number is a value on the outcome's scale (a mean, a limit, a quantile).
    pub fn is_on_the_scale(self) -> bool {
        matches!(self, Self::Mean | Self::CiLow | Self::CiHigh | Self::Median | Self::Q1 | Self::Q3 | Self::Min | Self::Max)
    }

    /// Returns whether the number is a width in units of the scale (a standard deviation or error).
    pub fn is_a_spread(self) -> bool {
        matches!(self, Self::Sd | Self::Se)
    }
}

/// Which number of a contrast of two arms a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum ContrastPart {
    /// The effect measure of the estimate.
    Measure,
    /// The estimate, experimental against control; ratios on the natural scale.
    Estimate,
    /// The lower limit of its 95 % interval.
    CiLow,
    /// The upper limit of its 95 % interval.
    CiHigh,
    /// Its standard error; of a ratio that of its natural logarithm.
    Se,
    /// Its two-sided p value.
    P,
    /// Observed minus expected events in the experimental arm.
    OMinusE,
    /// The variance of observed minus expected events.
    Variance,
    /// Which arm the text calls better.
    Claim,
}

impl ContrastPart {
    /// The answers to what the text says.
    pub const CLAIMS: [&str; 3] = ["favours the experimental arm", "favours the control arm", "no difference"];

    /// Returns what the number is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Measure => "effect measure",
            Self::Estimate => "estimate",
            Self::CiLow => "95 % interval, lower limit",
            Self::CiHigh => "95 % interval, upper limit",
            Self::Se => "standard error",
            Self::P => "p value",
            Self::OMinusE => "observed minus expected events",
            Self::Variance => "variance of observed minus expected",
            Self::Claim => "what the text says",
        }
    }
}

/// What a study's own instrument is like, once per outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum MeasureItem {
    /// The name of the instrument.
    Instrument,
    /// The lowest value that it can give.
    ScaleMin,
    /// The highest value that it can give.
    ScaleMax,
    /// Which direction helps the patient.
    Direction,
    /// Whether values are those at the end or changes from the start.
    Change,
}

impl MeasureItem {
    /// Returns what is asked, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Instrument => "Instrument",
            Self::ScaleMin => "Lowest possible value",
            Self::ScaleMax => "Highest possible value",
            Self::Direction => "Direction that helps the patient",
            Self::Change => "End values or changes",
        }
    }

    /// Returns the answers to choose from.
    pub fn options(self) -> &'static [&'static str] {
        match self {
            Self::Direction => &["lower-better", "higher-better"],
            Self::Change => &["end value", "change"],
            _ => &[],
        }
    }
}

/// How the numbers of a crossover or cluster trial are to be read, once per study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum UnitItem {
    /// What the numbers of a crossover trial are.
    Crossover,
    /// The correlation of a person's two values.
    Correlation,
    /// What the numbers of a cluster trial are.
    Cluster,
    /// The mean number of people in a cluster.
    ClusterSize,
    /// The correlation within clusters.
    Icc,
}

impl UnitItem {
    /// Returns what is asked, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Crossover => "Numbers of the crossover",
            Self::Correlation => "Correlation of a person's two values",
            Self::Cluster => "Numbers of the clusters",
            Self::ClusterSize => "Mean size of a cluster",
            Self::Icc => "Correlation within clusters",
        }
    }

    /// Returns the answers to choose from.
    pub fn options(self) -> &'static [&'static str] {
        match self {
            Self::Crossover => &["first period only", "paired", "as if parallel"],
            Self::Cluster => &["adjusted by the report", "to be adjusted"],
            _ => &[],
        }
    }
}

/// A format in which an outcome's numbers are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Accept {
    /// Mean and standard deviation of each arm.
    MeanSd,
    /// Mean and standard error of each arm.
    MeanSe,
    /// Mean of each arm with its 95 % interval.
    MeanCi,
    /// Median and quartiles of each arm.
    MedianIqr,
    /// Median, minimum and maximum of each arm.
    MedianRange,
    /// Mean difference with its 95 % interval.
    MdCi,
    /// Mean difference with its p value.
    MdP,
    /// Any estimate with its standard error.
    Giv,
    /// Events and people in all of each arm.
    EventsTotal,
    /// Percentage with the event and people in all of each arm.
    PercentTotal,
    /// Odds ratio with its 95 % interval.
    OrCi,
    /// Risk ratio with its 95 % interval.
    RrCi,
    /// Observed minus expected events and their variance.
    OeV,
    /// The p value of the comparison of both arms, to check the numbers against.
    ArmP,
    /// Which arm the text calls better, to check the numbers against.
    Claim,
}

impl Accept {
    /// Returns the kind of outcome that the format is for; `None` where it is for any.
    pub fn kind(self) -> Option<OutcomeKind> {
        match self {
            Self::MeanSd | Self::MeanSe | Self::MeanCi | Self::MedianIqr | Self::MedianRange | Self::MdCi | Self::MdP => {
                Some(OutcomeKind::Continuous)
            }
            Self::EventsTotal | Self::PercentTotal | Self::OrCi | Self::RrCi | Self::OeV => Some(OutcomeKind::Dichotomous),
            Self::Giv | Self::ArmP | Self::Claim => None,
        }
    }

    /// Returns the numbers of an arm that the format stands for, in the order in which they are typed.
    pub(crate) fn arm_parts(self) -> &'static [OutcomePart] {
        use OutcomePart as P;
        match self {
            Self::MeanSd => &[P::N, P::Mean, P::Sd],
            Self::MeanSe => &[P::N, P::Mean, P::Se],
            Self::MeanCi => &[P::N, P::Mean, P::CiLow, P::CiHigh],
            Self::MedianIqr => &[P::N, P::Median, P::Q1, P::Q3],
            Self::MedianRange => &[P::N, P::Median, P::Min, P::Max],
            // A mean difference gives standard deviations where the arms' sizes and means are known.
            Self::MdCi | Self::MdP => &[P::N, P::Mean],
            Self::EventsTotal => &[P::Events, P::N],
            Self::PercentTotal => &[P::N, P::Percent],
            Self::Giv | Self::OrCi | Self::RrCi | Self::OeV | Self::ArmP | Self::Claim => &[],
        }
    }

    fn contrast_parts(self) -> &'static [ContrastPart] {
        use ContrastPart as P;
        match self {
            Self::MdCi | Self::OrCi | Self::RrCi => &[P::Measure, P::Estimate, P::CiLow, P::CiHigh],
            Self::MdP => &[P::Measure, P::Estimate, P::P],
            Self::Giv => &[P::Measure, P::Estimate, P::CiLow, P::CiHigh, P::Se],
            Self::OeV => &[P::OMinusE, P::Variance],
            Self::ArmP => &[P::P],
            Self::Claim => &[P::Claim],
            _ => &[],
        }
    }

    fn measures(self, kind: OutcomeKind) -> &'static [&'static str] {
        match (self, kind) {
            (Self::MdCi | Self::MdP, _) => &["MD"],
            (Self::OrCi, _) => &["OR"],
            (Self::RrCi, _) => &["RR"],
            (Self::Giv, OutcomeKind::Continuous) => &["MD", "SMD"],
            (Self::Giv, OutcomeKind::Dichotomous) => &["RR", "OR", "RD"],
            _ => &[],
        }
    }
}

impl Outcome {
    /// Returns the formats accepted: those of the form, or the usual one of its kind where it names none.
    pub fn formats(&self) -> Vec<Accept> {
        match (self.accept.is_empty(), self.kind) {
            (false, _) => self.accept.clone(),
            (true, OutcomeKind::Continuous) => vec![Accept::MeanSd],
            (true, OutcomeKind::Dichotomous) => vec![Accept::EventsTotal],
        }
    }

    /// Returns the numbers that an arm may give, in the order in which they are typed.
    pub fn parts(&self) -> Vec<OutcomePart> {
        let mut parts: Vec<OutcomePart> = self.formats().into_iter().flat_map(Accept::arm_parts).copied().collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Returns the numbers that a contrast of two arms may give, in the order in which they are typed.
    pub fn contrast_parts(&self) -> Vec<ContrastPart> {
        let mut parts: Vec<ContrastPart> = self.formats().into_iter().flat_map(Accept::contrast_parts).copied().collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Returns the effect measures that a contrast may have.
    pub fn contrast_measures(&self) -> Vec<&'static str> {
        let mut measures: Vec<&'static str> = Vec::new();
        for measure in self.formats().into_iter().flat_map(|format| format.measures(self.kind)) {
            if !measures.contains(measure) {
                measures.push(measure);
            }
        }
        measures
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::super::sample;
    use super::*;

    #[test]
    fn an_outcome_that_names_no_format_takes_what_is_pooled() {
        let form = sample::form();
        for outcome in &form.outcomes {
            assert_eq!(outcome.parts(), OutcomePart::of(outcome.kind));
            assert!(outcome.contrast_parts().is_empty() && outcome.contrast_measures().is_empty());
        }
    }

    #[test]
    fn formats_share_their_cells() {
        let mut outcome = sample::form().outcomes.remove(0);
        outcome.accept = Accept::iter().filter(|format| format.kind() != Some(OutcomeKind::Dichotomous)).collect();
        let words: Vec<String> = outcome.parts().iter().map(ToString::to_string).collect();
        assert_eq!(words, ["n", "mean", "sd", "se", "ci_low", "ci_high", "median", "q1", "q3", "min", "max"]);
        let words: Vec<String> = outcome.contrast_parts().iter().map(ToString::to_string).collect();
        assert_eq!(words, ["measure", "estimate", "ci_low", "ci_high", "se", "p", "claim"]);
        assert_eq!(outcome.contrast_measures(), ["MD", "SMD"]);
    }
}
