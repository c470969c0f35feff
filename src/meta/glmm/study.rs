//! The exact likelihood of one study, in its own effect and its own baseline.

use super::hypergeometric::Margins;
use crate::meta::measure::{OneProportion, TwoByTwo, TwoRates};
use crate::stats::special::ln_gamma;

/// The exact likelihood of one study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StudyLikelihood {
    /// Two binomials with a baseline of their own: events and sizes of both groups. metafor `UM.FS`.
    TwoBinomials(TwoByTwo),
    /// Two Poisson counts with a baseline of their own. metafor `UM.FS` for rates.
    TwoPoissons(TwoRates),
    /// Events of the first group when the events of both together are known: a noncentral hypergeometric distribution, exact and without
    /// a baseline. metafor `CM.EL`.
    Hypergeometric(TwoByTwo),
    /// One binomial whose logit is the effect plus an offset: events, trials, offset.
    Binomial {
        /// Events.
        events: f64,
        /// Trials.
        n: f64,
        /// Known part of the logit.
        offset: f64,
    },
}

impl StudyLikelihood {
    /// Unconditional model of events in two groups; `None` without information (no events or events only).
    pub fn two_groups(row: TwoByTwo) -> Option<Self> {
        (row.is_valid() && !row.is_double_zero()).then_some(Self::TwoBinomials(row))
    }

    /// Approximate conditional model of events in two groups (rare events). metafor `CM.AL`.
    pub fn conditional(row: TwoByTwo) -> Option<Self> {
        let n = row.events1 + row.events2;
        (row.is_valid() && !row.is_double_zero()).then(|| Self::Binomial { events: row.events1, n, offset: (row.n1 / row.n2).ln() })
    }

    /// Exact conditional model of events in two groups. metafor `CM.EL`.
    pub fn exact_conditional(row: TwoByTwo) -> Option<Self> {
        (row.is_valid() && !row.is_double_zero()).then_some(Self::Hypergeometric(row))
    }

    /// Unconditional model of rates in two groups.
    pub fn two_rates(row: TwoRates) -> Option<Self> {
        (row.events1 + row.events2 > 0.0 && row.time1 > 0.0 && row.time2 > 0.0).then_some(Self::TwoPoissons(row))
    }

    /// Exact conditional model of rates in two groups. metafor `CM.EL` for rates.
    pub fn conditional_rates(row: TwoRates) -> Option<Self> {
        let n = row.events1 + row.events2;
        (n > 0.0 && row.time1 > 0.0 && row.time2 > 0.0).then(|| Self::Binomial {
            events: row.events1,
            n,
            offset: (row.time1 / row.time2).ln(),
        })
    }

    /// Binomial model of one group's proportion.
    pub fn proportion(row: OneProportion) -> Option<Self> {
        (row.n > 0.0 && (0.0..=row.n).contains(&row.events)).then_some(Self::Binomial { events: row.events, n: row.n, offset: 0.0 })
    }

    pub(super) fn has_baseline(&self) -> bool {
        matches!(self, Self::TwoBinomials(_) | Self::TwoPoissons(_))
    }

    pub(super) fn start_baseline(&self) -> f64 {
        match self {
            Self::TwoBinomials(row) => {
                let events = row.events1 + row.events2;
                ((events + 0.5) / (row.n1 + row.n2 - events + 0.5)).ln()
            }
            Self::TwoPoissons(row) => ((row.events1 + row.events2 + 0.5) / (row.time1 + row.time2)).ln(),
            Self::Binomial { .. } | Self::Hypergeometric(_) => 0.0,
        }
    }

    /// Log-likelihood at an effect and a baseline, without its constant, with first and second derivatives: in the effect, in the
    /// baseline, and mixed.
    pub(super) fn at(&self, delta: f64, baseline: f64) -> Derivatives {
        match self {
            Self::TwoBinomials(row) => {
                pair(binomial(row.events1, row.n1, baseline + 0.5 * delta), binomial(row.events2, row.n2, baseline - 0.5 * delta))
            }
            Self::TwoPoissons(row) => {
                pair(poisson(row.events1, row.time1, baseline + 0.5 * delta), poisson(row.events2, row.time2, baseline - 0.5 * delta))
            }
            Self::Hypergeometric(row) => {
                let (value, effect, effect2) = Margins::of(row).likelihood(row.events1, delta);
                Derivatives { value, effect, effect2, ..Derivatives::default() }
            }
            Self::Binomial { events, n, offset } => {
                let (value, effect, effect2) = binomial(*events, *n, offset + delta);
                Derivatives { value, effect, effect2, ..Derivatives::default() }
            }
        }
    }

    /// The part of the log-likelihood that no parameter enters.
    pub(super) fn constant(&self) -> f64 {
        let choose = |x: f64, n: f64| ln_gamma(n + 1.0) - ln_gamma(x + 1.0) - ln_gamma(n - x + 1.0);
        match self {
            Self::TwoBinomials(row) => choose(row.events1, row.n1) + choose(row.events2, row.n2),
            Self::TwoPoissons(row) => -ln_gamma(row.events1 + 1.0) - ln_gamma(row.events2 + 1.0),
            Self::Hypergeometric(_) => 0.0,
            Self::Binomial { events, n, .. } => choose(*events, *n),
        }
    }

    /// Highest value of the log-likelihood when the study has an effect of its own, without the constant.
    pub(super) fn saturated(&self) -> f64 {
        let xlogp = |x: f64, n: f64| if x > 0.0 { x * (x / n).ln() } else { 0.0 };
        let binomial = |x: f64, n: f64| xlogp(x, n) + xlogp(n - x, n);
        let poisson = |x: f64, t: f64| if x > 0.0 { x * (x / t).ln() + x * t.ln() - x } else { 0.0 };
        match self {
            Self::TwoBinomials(row) => binomial(row.events1, row.n1) + binomial(row.events2, row.n2),
            Self::TwoPoissons(row) => poisson(row.events1, row.time1) + poisson(row.events2, row.time2),
            Self::Hypergeometric(row) => match self.own_effect() {
                Some((effect, _)) => Margins::of(row).likelihood(row.events1, effect).0,
                // At the edge of its range the number of events is certain in the limit.
                None => 0.0,
            },
            Self::Binomial { events, n, .. } => binomial(*events, *n),
        }
    }

    /// The study's own effect and its variance; `None` at the edge, where the effect is infinite.
    pub(super) fn own_effect(&self) -> Option<(f64, f64)> {
        let (effect, variance) = match self {
            Self::TwoBinomials(row) => {
                let [a, b, c, d] = row.cells();
                ((a * d / (b * c)).ln(), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d)
            }
            Self::TwoPoissons(row) => {
                ((row.events1 / row.time1).ln() - (row.events2 / row.time2).ln(), 1.0 / row.events1 + 1.0 / row.events2)
            }
            Self::Hypergeometric(row) => return Margins::of(row).own_effect(row.events1),
            Self::Binomial { events, n, offset } => ((events / (n - events)).ln() - offset, 1.0 / events + 1.0 / (n - events)),
        };
        (effect.is_finite() && variance.is_finite()).then_some((effect, variance))
    }
}

/// Joins two groups whose linear predictors are the baseline plus and minus half the effect.
///
/// Half to each side: heterogeneity then adds the same variance to both groups (Jackson and others 2018, model 2 with centring; metafor
/// `coding = 1/2`).
fn pair((l1, d1, h1): (f64, f64, f64), (l2, d2, h2): (f64, f64, f64)) -> Derivatives {
    Derivatives {
        value: l1 + l2,
        effect: 0.5 * (d1 - d2),
        effect2: 0.25 * (h1 + h2),
        baseline: d1 + d2,
        baseline2: h1 + h2,
        mixed: 0.5 * (h1 - h2),
    }
}

/// Log-likelihood, derivative and second derivative of a binomial in its logit.
fn binomial(x: f64, n: f64, logit: f64) -> (f64, f64, f64) {
    let ln_1p_exp = if logit > 0.0 { logit + (-logit).exp().ln_1p() } else { logit.exp().ln_1p() };
    let p = 1.0 / (1.0 + (-logit).exp());
    (x * logit - n * ln_1p_exp, x - n * p, -n * p * (1.0 - p))
}

/// The same of a Poisson count in its log rate.
fn poisson(x: f64, time: f64, ln_rate: f64) -> (f64, f64, f64) {
    let mean = time * ln_rate.exp();
    (x * (ln_rate + time.ln()) - mean, x - mean, -mean)
}

/// A log-likelihood with its derivatives in the effect and the baseline.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Derivatives {
    pub value: f64,
    pub effect: f64,
    pub effect2: f64,
    pub baseline: f64,
    pub baseline2: f64,
    pub mixed: f64,
}
