//! Two groups with events: risk ratio, odds ratio, risk difference, Peto, arcsine, and measures of association.
//!
//! Source: Deeks and Higgins (2010), "Statistical algorithms in Review Manager 5"; metafor `escalc`.

use std::f64::consts::PI;

use super::{Effect, EffectMeasure};
use crate::meta::options::{Convention, Correction, CorrectionRule, Options, VarianceType};
use crate::stats::lanes::Lanes;

/// Events and sizes of the experimental (1) and control (2) group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoByTwo {
    /// Events in the experimental group.
    pub events1: f64,
    /// Size of the experimental group.
    pub n1: f64,
    /// Events in the control group.
    pub events2: f64,
    /// Size of the control group.
    pub n2: f64,
}

impl TwoByTwo {
    /// Makes a row; NaN stands for a missing number.
    pub fn new(events1: f64, n1: f64, events2: f64, n2: f64) -> Self {
        Self { events1, n1, events2, n2 }
    }

    /// Returns the four cells: events and non-events of the experimental group, then of the control group.
    pub fn cells(self) -> [f64; 4] {
        [self.events1, self.n1 - self.events1, self.events2, self.n2 - self.events2]
    }

    /// Returns true when all numbers are there and no cell is negative.
    pub fn is_valid(self) -> bool {
        self.cells().iter().all(|cell| cell.is_finite() && *cell >= 0.0) && self.n1 > 0.0 && self.n2 > 0.0
    }

    /// Returns true when a cell is zero.
    pub fn has_zero(self) -> bool {
        self.cells().contains(&0.0)
    }

    /// Returns true when all numbers are there, no cell is below one, and no product of them is beyond the range of numbers.
    ///
    /// Such tables need no correction under any rule that looks for zeros.
    pub(in crate::meta) fn is_plain(&self) -> bool {
        let [a, b, c, d] = self.cells();
        a >= 1.0 && b >= 1.0 && c >= 1.0 && d >= 1.0 && self.n1 < 1e60 && self.n2 < 1e60
    }

    /// Returns events and sizes of neighbouring tables side by side, in the order of the fields.
    #[inline(always)]
    pub(in crate::meta) fn lanes<const L: usize>(rows: &[Self; L]) -> [Lanes<L>; 4] {
        let lanes = |column: [f64; L]| Lanes(column);
        [
            lanes(std::array::from_fn(|l| rows[l].events1)),
            lanes(std::array::from_fn(|l| rows[l].n1)),
            lanes(std::array::from_fn(|l| rows[l].events2)),
            lanes(std::array::from_fn(|l| rows[l].n2)),
        ]
    }

    /// Returns true when no one or everyone in both groups had the event.
    pub fn is_double_zero(self) -> bool {
        let [a, b, c, d] = self.cells();
        (a == 0.0 && c == 0.0) || (b == 0.0 && d == 0.0)
    }
}

/// Returns the four cells of each study after a continuity correction; `None` for invalid rows and dropped double-zero studies.
///
/// `is_defined_at_zero` tells that the measure needs no customary correction. metafor `escalc(add, to, drop00)`.
pub fn corrected_counts(
    rows: &[TwoByTwo],
    correction: &Correction,
    is_defined_at_zero: bool,
) -> impl Iterator<Item = Option<[f64; 4]>> + Clone {
    let drops = correction.drops(false);
    let correction = *correction;
    let any_zero = correction.rule == CorrectionRule::AllIfAnyZero
        && rows.iter().any(|row| row.is_valid() && row.has_zero() && !(drops && row.is_double_zero()));
    let stays = matches!(correction.rule, CorrectionRule::StudiesWithZero | CorrectionRule::Nobody);
    rows.iter().map(move |&row| {
        if stays && row.is_plain() {
            return Some(row.cells());
        }
        if !row.is_valid() || (drops && row.is_double_zero()) {
            return None;
        }
        let [a, b, c, d] = row.cells();
        let (first, second) = correction.added(row.has_zero(), any_zero, row.n1 / (row.n1 + row.n2), is_defined_at_zero);
        Some([a + first, b + first, c + second, d + second])
    })
}

/// Adds the effect of each study to `effects`.
pub(in crate::meta) fn effects(rows: &[TwoByTwo], options: &Options, effects: &mut Vec<Option<Effect>>) {
    let is_odds = options.measure == EffectMeasure::OddsRatio;
    let is_uncorrected = options.convention == Convention::RevMan || options.correction.rule != CorrectionRule::All;
    if (is_odds || options.measure == EffectMeasure::RiskRatio) && is_uncorrected && rows.iter().all(TwoByTwo::is_plain) {
        return log_ratios(rows, is_odds, effects);
    }
    match options.convention {
        Convention::Metafor => {
            let is_defined_at_zero = matches!(options.measure, EffectMeasure::ArcsineDifference | EffectMeasure::Phi);
            let counts = corrected_counts(rows, &options.correction, is_defined_at_zero);
            let risks = match (options.measure, options.variance) {
                (EffectMeasure::RiskDifference, VarianceType::Average) => mean_risks(counts.clone().flatten()),
                _ => [f64::NAN; 2],
            };
            let variance = |effect: Effect, cells: [f64; 4]| match (options.measure, options.variance) {
                (EffectMeasure::RiskDifference, VarianceType::Unbiased) => unbiased_risk_variance(cells),
                (EffectMeasure::RiskDifference, VarianceType::Average) => average_risk_variance(cells, risks),
                (EffectMeasure::Phi, VarianceType::Stratified) => stratified_phi_variance(cells),
                _ => effect.vi,
            };
            let found = |cells: Option<[f64; 4]>| {
                let effect = metafor_effect(cells?, options.measure)?;
                Effect::new(effect.yi, variance(effect, cells?))
            };
            effects.extend(counts.map(found));
        }
        Convention::RevMan | Convention::RevManWeb => effects.extend(rows.iter().map(|&row| revman_effect(row, options.measure))),
        Convention::RMeta => effects.extend(rows.iter().map(|&row| r_meta_effect(row, options))),
    }
}

/// Studies computed side by side.
const WIDTH: usize = 4;

/// Log risk ratios or log odds ratios of plain tables, on which all conventions agree.
///
/// Variances are written as `b / (a n)` for `1/a - 1/n`: one division less and no cancellation.
fn log_ratios(rows: &[TwoByTwo], is_odds: bool, effects: &mut Vec<Option<Effect>>) {
    effects.reserve(rows.len());
    let (chunks, rest) = rows.as_chunks::<WIDTH>();
    for chunk in chunks {
        effects.extend_from_slice(&log_ratios_of(chunk, is_odds));
    }
    let (pairs, last) = rest.as_chunks::<2>();
    for pair in pairs {
        effects.extend_from_slice(&log_ratios_of(pair, is_odds));
    }
    for row in last {
        effects.extend_from_slice(&log_ratios_of(&[*row], is_odds));
    }
}

#[inline(always)]
fn log_ratios_of<const L: usize>(rows: &[TwoByTwo; L], is_odds: bool) -> [Option<Effect>; L] {
    let [a, n1, c, n2] = TwoByTwo::lanes(rows);
    let (b, d) = (n1 - a, n2 - c);
    let (above, below, variance) = if is_odds {
        let (ab, cd) = (a * b, c * d);
        (a * d, b * c, (n1 * cd + n2 * ab) / (ab * cd))
    } else {
        let (an, cn) = (a * n1, c * n2);
        (a * n2, c * n1, (b * cn + d * an) / (an * cn))
    };
    let yi = (above / below).ln();
    std::array::from_fn(|l| Some(Effect { yi: yi.0[l], vi: variance.0[l] }))
}

fn metafor_effect([a, b, c, d]: [f64; 4], measure: EffectMeasure) -> Option<Effect> {
    let (n1, n2) = (a + b, c + d);
    let n = n1 + n2;
    let ln_or = || (a * d / (b * c)).ln();
    let reciprocals = || 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d;
    match measure {
        EffectMeasure::RiskRatio => Effect::new((a / n1).ln() - (c / n2).ln(), 1.0 / a - 1.0 / n1 + 1.0 / c - 1.0 / n2),
        EffectMeasure::OddsRatio => Effect::new(ln_or(), reciprocals()),
        EffectMeasure::RiskDifference => Effect::new(a / n1 - c / n2, a * b / n1.powi(3) + c * d / n2.powi(3)),
        EffectMeasure::PetoOddsRatio => peto_effect([a, b, c, d]),
        EffectMeasure::ArcsineDifference => {
            Effect::new((a / n1).sqrt().asin() - (c / n2).sqrt().asin(), 1.0 / (4.0 * n1) + 1.0 / (4.0 * n2))
        }
        EffectMeasure::Phi => phi_effect([a, b, c, d]),
        EffectMeasure::YuleQ => {
            let q = (a * d - b * c) / (a * d + b * c);
            Effect::new(q, 0.25 * (1.0 - q * q).powi(2) * reciprocals())
        }
        EffectMeasure::YuleY => {
            let (concordant, discordant) = ((a * d).sqrt(), (b * c).sqrt());
            let y = (concordant - discordant) / (concordant + discordant);
            Effect::new(y, (1.0 - y * y).powi(2) * reciprocals() / 16.0)
        }
        EffectMeasure::OddsRatioToSmdNormal => Effect::new(ln_or() / 1.65, reciprocals() / (1.65 * 1.65)),
        EffectMeasure::OddsRatioToSmdLogistic => Effect::new(ln_or() * 3f64.sqrt() / PI, reciprocals() * 3.0 / (PI * PI)),
        _ => None,
    }
    .filter(|_| n > 0.0)
}

/// Peto's one-step log odds ratio: observed minus expected events over the hypergeometric variance (Yusuf and others 1985).
fn peto_effect([a, b, c, d]: [f64; 4]) -> Option<Effect> {
    let (n1, n2) = (a + b, c + d);
    let n = n1 + n2;
    let variance = (n1 / n) * (n2 / n) * (a + c) * (b + d) / (n - 1.0);
    if variance.is_nan() || variance <= 0.0 {
        return None;
    }
    Effect::new((a - n1 * (a + c) / n) / variance, 1.0 / variance)
}

/// Risks of both groups over all studies.
fn mean_risks(counts: impl Iterator<Item = [f64; 4]>) -> [f64; 2] {
    let sum = counts.fold([0.0; 4], |sum, cells| std::array::from_fn(|i| sum[i] + cells[i]));
    [sum[0] / (sum[0] + sum[1]), sum[2] / (sum[2] + sum[3])]
}

fn unbiased_risk_variance([a, b, c, d]: [f64; 4]) -> f64 {
    let (n1, n2) = (a + b, c + d);
    a * b / (n1 * n1 * (n1 - 1.0)) + c * d / (n2 * n2 * (n2 - 1.0))
}

fn average_risk_variance([a, b, c, d]: [f64; 4], [p1, p2]: [f64; 2]) -> f64 {
    p1 * (1.0 - p1) / (a + b) + p2 * (1.0 - p2) / (c + d)
}

/// Variance of phi for two groups of fixed size (Digby 1983; Kirk 2009; metafor `vtype = "ST"`).
fn stratified_phi_variance([a, b, c, d]: [f64; 4]) -> f64 {
    let (n1, n2) = (a + b, c + d);
    let (p1, p2) = (a / n1, c / n2);
    let (q1, q2) = (1.0 - p1, 1.0 - p2);
    let crossed = p2 * q1 + p1 * q2;
    let sum = 4.0 * n1.powi(3) * p1 * p1 * p2 * q1 * q1 * q2
        + 4.0 * n2.powi(3) * p1 * p2 * p2 * q1 * q2 * q2
        + n1 * n2 * n2 * p2 * q2 * crossed * (p2 * q1 + p1 * (4.0 * q1 + q2))
        + n1 * n1 * n2 * p1 * q1 * crossed * (p1 * q2 + p2 * (q1 + 4.0 * q2));
    (n1 + n2).powi(2) * sum / (4.0 * (a + c).powi(3) * (b + d).powi(3))
}

/// Phi coefficient, with the sampling variance for cross-sectional sampling (metafor `vtype = "LS"` and `"CS"`).
fn phi_effect([a, b, c, d]: [f64; 4]) -> Option<Effect> {
    let (n1, n2) = (a + b, c + d);
    let n = n1 + n2;
    let phi = (a * d - b * c) / (n1 * n2 * (a + c) * (b + d)).sqrt();
    let (row1, row2, column1, column2) = (n1 / n, n2 / n, (a + c) / n, (b + d) / n);
    let (row_gap, column_gap) = (row1 - row2, column1 - column2);
    let (rows, columns) = (row1 * row2, column1 * column2);
    let square = phi * phi;
    let variance = (1.0 - square + phi * (1.0 + 0.5 * square) * row_gap * column_gap / (rows * columns).sqrt()
        - 0.75 * square * (row_gap * row_gap / rows + column_gap * column_gap / columns))
        / n;
    Effect::new(phi, variance)
}

/// RevMan's rules: any zero cell adds 0.5 to all four cells of that study; ratios without events in both groups are not estimable;
/// events in everyone gives a risk ratio of exactly 1 with the corrected standard error; risk differences keep the raw estimate.
fn revman_effect(row: TwoByTwo, measure: EffectMeasure) -> Option<Effect> {
    if !row.is_valid() {
        return None;
    }
    let [a, b, c, d] = row.cells();
    let half = if row.has_zero() { 0.5 } else { 0.0 };
    let [a_h, b_h, c_h, d_h] = [a + half, b + half, c + half, d + half];
    let (m1, m2) = (row.n1 + 2.0 * half, row.n2 + 2.0 * half);
    match measure {
        EffectMeasure::OddsRatio if row.is_double_zero() => None,
        EffectMeasure::OddsRatio => Effect::new((a_h * d_h / (b_h * c_h)).ln(), 1.0 / a_h + 1.0 / b_h + 1.0 / c_h + 1.0 / d_h),
        EffectMeasure::RiskRatio if a == 0.0 && c == 0.0 => None,
        EffectMeasure::RiskRatio => {
            let yi = if b == 0.0 && d == 0.0 { 0.0 } else { ((a_h / m1) / (c_h / m2)).ln() };
            Effect::new(yi, 1.0 / a_h + 1.0 / c_h - 1.0 / m1 - 1.0 / m2)
        }
        EffectMeasure::RiskDifference => Effect::new(a / row.n1 - c / row.n2, a_h * b_h / m1.powi(3) + c_h * d_h / m2.powi(3)),
        EffectMeasure::PetoOddsRatio => peto_effect([a, b, c, d]),
        // RevMan has no further measures; the uncorrected or corrected metafor form is the nearest thing.
        EffectMeasure::ArcsineDifference => metafor_effect([a, b, c, d], measure),
        _ => metafor_effect([a_h, b_h, c_h, d_h], measure),
    }
}

/// Rules of R package meta (`metabin`): odds ratio and risk difference as RevMan; the risk ratio adds the correction to events and to
/// group sizes once, and leaves the variance of all-event studies uncorrected. Studies without information are not estimable.
fn r_meta_effect(row: TwoByTwo, options: &Options) -> Option<Effect> {
    if !row.is_valid() {
        return None;
    }
    let [a, b, c, d] = row.cells();
    let (first, second) = options.correction.added(row.has_zero(), false, row.n1 / (row.n1 + row.n2), false);
    match options.measure {
        EffectMeasure::OddsRatio | EffectMeasure::RiskRatio if row.is_double_zero() => None,
        EffectMeasure::OddsRatio => {
            let [a, b, c, d] = [a + first, b + first, c + second, d + second];
            Effect::new((a * d / (b * c)).ln(), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d)
        }
        EffectMeasure::RiskRatio => {
            let yi = (((a + first) / (row.n1 + first)) / ((c + second) / (row.n2 + second))).ln();
            Effect::new(yi, 1.0 / (a + first) - 1.0 / (row.n1 + first) + 1.0 / (c + second) - 1.0 / (row.n2 + second))
        }
        _ => revman_effect(row, options.measure),
    }
}
