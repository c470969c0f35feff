//! Mantel-Haenszel pooling of odds, risk and rate ratios and differences, with Cochran-Mantel-Haenszel and Breslow-Day tests.
//!
//! Sources: Mantel and Haenszel (1959); Robins, Breslow and Greenland (1986) for the variance of the odds ratio; Greenland and Robins
//! (1985) for risk ratio, rate ratio and risk difference; Sato (1989) for the risk difference in metafor; Breslow and Day (1980); Tarone
//! (1985). Handbook algorithms: Deeks and Higgins (2010), section 3.

use super::fit::{self, Summary};
use super::heterogeneity::Heterogeneity;
use super::measure::{Effect, EffectMeasure, TwoByTwo, TwoRates};
use super::options::{Convention, Correction, CorrectionRule, Options, Test};
use super::result::MetaError;
use super::{Dataset, StudyData, measure};
use crate::stats::lanes::Lanes;
use crate::stats::{dist, root};

/// A Mantel-Haenszel estimate; NaN where it does not exist (no events on one side).
#[derive(Debug, Clone, PartialEq)]
pub struct MantelHaenszel {
    /// Pooled estimate (natural log for ratios).
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// Weights per study, not normalised; `None` for studies that did not enter.
    pub weights: Vec<Option<f64>>,
}

/// Tests on a set of 2x2 tables (odds ratios).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TableTests {
    /// Cochran's statistic (variance with N cubed) and its p value. metafor `CO`.
    pub cochran: (f64, f64),
    /// The same with Mantel and Haenszel's variance, N squared times N - 1. metafor `MH`.
    pub mantel_haenszel: (f64, f64),
    /// Breslow-Day test of homogeneity. metafor `BD`.
    pub breslow_day: (f64, f64),
    /// Tarone's correction of it. metafor `TA`.
    pub tarone: (f64, f64),
    /// Degrees of freedom of the last two.
    pub df: f64,
}

/// Pools counts by Mantel-Haenszel.
///
/// **Errors**: [`MetaError::Method`] when the measure has no Mantel-Haenszel form for such data.
pub fn mantel_haenszel(dataset: &Dataset, options: &Options) -> Result<MantelHaenszel, MetaError> {
    let mut weights = Vec::with_capacity(dataset.len());
    let (estimate, se) = match (&dataset.data, options.measure) {
        (StudyData::TwoByTwo(rows), EffectMeasure::OddsRatio | EffectMeasure::RiskRatio | EffectMeasure::RiskDifference) => {
            pool_tables(rows, None, options, &mut weights)
        }
        (StudyData::TwoRates(rows), EffectMeasure::RateRatio | EffectMeasure::RateDifference) => {
            let rows = measure::corrected_rates(rows, &options.pooled_correction, false);
            pool_rates(&rows, options.measure, &mut weights)
        }
        _ => return Err(MetaError::Method { method: "Mantel-Haenszel", measure: options.measure.short() }),
    };
    Ok(MantelHaenszel { estimate, se, weights })
}

/// Room for pooling 2x2 tables by Mantel-Haenszel again and again: it allocates only what it has never had room for.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    effects: Vec<Option<Effect>>,
    weights: Vec<Option<f64>>,
}

impl Workspace {
    /// Pools tables under a common effect: estimate, test, interval, and heterogeneity about the estimate. metafor `rma.mh`.
    ///
    /// `k` counts the studies that entered the estimate; Q counts those with an effect of their own, under metafor's rules without
    /// double-zero tables.
    /// **Errors**: [`MetaError::Method`] when the measure is none of odds ratio, risk ratio and risk difference.
    pub fn fit(&mut self, rows: &[TwoByTwo], options: &Options) -> Result<Summary, MetaError> {
        if !matches!(options.measure, EffectMeasure::OddsRatio | EffectMeasure::RiskRatio | EffectMeasure::RiskDifference) {
            return Err(MetaError::Method { method: "Mantel-Haenszel", measure: options.measure.short() });
        }
        self.effects.clear();
        measure::effects_of_tables(rows, &effects_for_q(options), &mut self.effects);
        self.weights.clear();
        let (estimate, se) = pool_tables(rows, Some(&self.effects), options, &mut self.weights);
        let (mut q, mut estimable) = (0.0, 0);
        for effect in self.effects.iter().flatten().filter(|effect| effect.vi > 0.0) {
            let residual = effect.yi - estimate;
            q += residual * residual / effect.vi;
            estimable += 1;
        }
        let z = dist::normal_quantile(0.5 + 0.5 * options.level);
        let inference = fit::infer_at(estimate, se, None, options.level, z, Test::Wald, None);
        // A single study is its own centre.
        let heterogeneity = Heterogeneity::from_q_at(if estimable < 2 { 0.0 } else { q }, (f64::from(estimable) - 1.0).max(0.0), z);
        Ok(Summary {
            k: self.weights.iter().flatten().count(),
            estimate,
            se: inference.se,
            stat: inference.stat,
            df: None,
            pval: inference.pval,
            ci: inference.ci,
            tau2: 0.0,
            heterogeneity,
        })
    }

    /// Weights of the last fit, not normalised; `None` for studies that did not enter.
    pub fn weights(&self) -> &[Option<f64>] {
        &self.weights
    }
}

/// The options under which the effects of Q are computed: double-zero tables say nothing; metafor's `rma.mh` leaves them out, RevMan never
/// estimates them.
pub(super) fn effects_for_q(options: &Options) -> Options {
    if options.convention != Convention::Metafor {
        return options.clone();
    }
    let drop_double_zero = Some(options.correction.drops(true));
    Options { correction: Correction { drop_double_zero, ..options.correction }, ..options.clone() }
}

/// Estimate and standard error of tables; `effects` are those of the convention where they are known.
fn pool_tables(rows: &[TwoByTwo], effects: Option<&[Option<Effect>]>, options: &Options, weights: &mut Vec<Option<f64>>) -> (f64, f64) {
    match options.convention {
        Convention::Metafor if options.measure == EffectMeasure::OddsRatio && is_plain(rows, options) => odds_ratios(rows, weights),
        Convention::Metafor => {
            let counts = measure::corrected_counts(rows, &options.pooled_correction, false);
            pool_counts(counts.map(|cells| cells.map(|cells| Cells::new(cells, None))), options, weights)
        }
        Convention::RevMan | Convention::RevManWeb | Convention::RMeta => {
            let mut own = Vec::new();
            let effects = effects.unwrap_or_else(|| {
                measure::effects_of_tables(rows, options, &mut own);
                &own
            });
            let counts = rows.iter().zip(effects).map(|(row, effect)| {
                let half = if row.has_zero() { 0.5 } else { 0.0 };
                effect.map(|effect| Cells::new(row.cells().map(|cell| cell + half), Some((effect.yi, row.n1, row.n2))))
            });
            pool_counts(counts, options, weights)
        }
    }
}

/// Returns true when no table is changed by the correction, and all are counts of at least one.
fn is_plain(rows: &[TwoByTwo], options: &Options) -> bool {
    let stays = matches!(options.pooled_correction.rule, CorrectionRule::StudiesWithZero | CorrectionRule::Nobody);
    stays && rows.iter().all(TwoByTwo::is_plain)
}

/// Tables summed up side by side.
const WIDTH: usize = 4;

/// The odds ratio of plain tables, with the variance of Robins, Breslow and Greenland.
fn odds_ratios(rows: &[TwoByTwo], weights: &mut Vec<Option<f64>>) -> (f64, f64) {
    let mut totals = [Lanes::<WIDTH>::ZERO; 5];
    let mut add = |rows: &[TwoByTwo; WIDTH], count: usize| {
        let [a, n1, c, n2] = TwoByTwo::lanes(rows);
        let (b, d) = (n1 - a, n2 - c);
        let inverse = Lanes::all(1.0) / (n1 + n2);
        let (r, s, p, q) = (a * d * inverse, b * c * inverse, (a + d) * inverse, (b + c) * inverse);
        for (total, term) in totals.iter_mut().zip([r, s, p * r, p * s + q * r, q * s]) {
            *total += term;
        }
        weights.extend(s.0[..count].iter().map(|s| Some(*s)));
    };
    let (chunks, rest) = rows.as_chunks::<WIDTH>();
    for chunk in chunks {
        add(chunk, WIDTH);
    }
    if !rest.is_empty() {
        // Filled up with tables of no events.
        let nobody = TwoByTwo::new(0.0, 0.0, 0.0, 1.0);
        add(&std::array::from_fn(|l| rest.get(l).copied().unwrap_or(nobody)), rest.len());
    }
    let [sum_r, sum_s, pr, cross, qs] = totals.map(Lanes::sum);
    finish((sum_r / sum_s).ln(), odds_ratio_variance(sum_r, sum_s, [pr, cross, qs]))
}

/// Variance of Robins, Breslow and Greenland (1986) from sums of `R`, `S`, `P R`, `P S + Q R` and `Q S`.
fn odds_ratio_variance(sum_r: f64, sum_s: f64, [pr, cross, qs]: [f64; 3]) -> f64 {
    pr / (2.0 * sum_r * sum_r) + cross / (2.0 * sum_r * sum_s) + qs / (2.0 * sum_s * sum_s)
}

/// Counts that enter the sums, with what RevMan takes from the uncorrected table.
#[derive(Clone, Copy)]
struct Cells {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    /// Study effect and raw sizes, RevMan only.
    raw: Option<(f64, f64, f64)>,
}

impl Cells {
    fn new([a, b, c, d]: [f64; 4], raw: Option<(f64, f64, f64)>) -> Self {
        Self { a, b, c, d, raw }
    }
}

fn pool_counts(studies: impl Iterator<Item = Option<Cells>>, options: &Options, weights: &mut Vec<Option<f64>>) -> (f64, f64) {
    // Sums over studies: R and S as in the papers, the variance parts, and the weighted effect for risk differences.
    let (mut sum_r, mut sum_s, mut pr, mut cross, mut qs, mut variance, mut weighted, mut sato_p, mut sato_q) =
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for study in studies {
        let Some(Cells { a, b, c, d, raw }) = study else {
            weights.push(None);
            continue;
        };
        let (n1, n2) = (a + b, c + d);
        let n = n1 + n2;
        let weight = match options.measure {
            EffectMeasure::OddsRatio => {
                let inverse = 1.0 / n;
                let (r, s, p, q) = (a * d * inverse, b * c * inverse, (a + d) * inverse, (b + c) * inverse);
                sum_r += r;
                sum_s += s;
                pr += p * r;
                cross += p * s + q * r;
                qs += q * s;
                s
            }
            EffectMeasure::RiskRatio => {
                let s = c * n1 / n;
                // RevMan takes an all-event study at a risk ratio of exactly 1.
                let r = raw.map_or(a * n2 / n, |(yi, _, _)| s * yi.exp());
                sum_r += r;
                sum_s += s;
                variance += (n1 * n2 * (a + c) - a * c * n) / (n * n);
                s
            }
            _ => {
                let (m1, m2) = raw.map_or((n1, n2), |(_, m1, m2)| (m1, m2));
                let weight = m1 * m2 / (m1 + m2);
                weighted += weight * raw.map_or(a / n1 - c / n2, |(yi, _, _)| yi);
                sum_s += weight;
                variance += (a * b * n2.powi(3) + c * d * n1.powi(3)) / (n1 * n2 * n * n);
                sato_p += c * (n1 / n).powi(2) - a * (n2 / n).powi(2) + n1 * n2 * (n2 - n1) / (2.0 * n * n);
                sato_q += (a * (n2 - c) + c * (n1 - a)) / (2.0 * n);
                weight
            }
        };
        weights.push(Some(weight));
    }
    let (estimate, variance) = match options.measure {
        EffectMeasure::OddsRatio => ((sum_r / sum_s).ln(), odds_ratio_variance(sum_r, sum_s, [pr, cross, qs])),
        EffectMeasure::RiskRatio => ((sum_r / sum_s).ln(), variance / (sum_r * sum_s)),
        _ => {
            let estimate = weighted / sum_s;
            let sato = options.convention == Convention::Metafor;
            (estimate, if sato { estimate * sato_p + sato_q } else { variance } / (sum_s * sum_s))
        }
    };
    finish(estimate, variance)
}

fn pool_rates(rows: &[Option<TwoRates>], measure: EffectMeasure, weights: &mut Vec<Option<f64>>) -> (f64, f64) {
    let (mut sum_r, mut sum_s, mut variance, mut sum_t) = (0.0, 0.0, 0.0, 0.0);
    for row in rows {
        let Some(TwoRates { events1: x1, time1: t1, events2: x2, time2: t2 }) = *row else {
            weights.push(None);
            continue;
        };
        let t = t1 + t2;
        sum_r += x1 * t2 / t;
        sum_s += x2 * t1 / t;
        sum_t += t1 * t2 / t;
        variance +=
            if measure == EffectMeasure::RateRatio { t1 * t2 * (x1 + x2) / (t * t) } else { (x1 * t2 * t2 + x2 * t1 * t1) / (t * t) };
        weights.push(Some(if measure == EffectMeasure::RateRatio { x2 * t1 / t } else { t1 * t2 / t }));
    }
    if measure == EffectMeasure::RateRatio {
        finish((sum_r / sum_s).ln(), variance / (sum_r * sum_s))
    } else {
        finish((sum_r - sum_s) / sum_t, variance / (sum_t * sum_t))
    }
}

/// Estimate and standard error, NaN where either does not exist.
fn finish(estimate: f64, variance: f64) -> (f64, f64) {
    if estimate.is_finite() && variance.is_finite() && variance > 0.0 { (estimate, variance.sqrt()) } else { (f64::NAN, f64::NAN) }
}

/// Tests whether a common odds ratio is 1 (Cochran-Mantel-Haenszel) and whether odds ratios are equal (Breslow-Day, Tarone).
///
/// `continuity` applies the correction of 0.5 to the first two statistics. Quantities that do not exist are NaN. Counts are used as they are
/// after `options.pooled_correction`; the homogeneity tests leave out studies without information.
/// **Errors**: [`MetaError::Method`] for data that are no 2x2 tables, or a measure without Mantel-Haenszel form.
/// **Source**: Mantel and Haenszel (1959); Breslow and Day (1980); Tarone (1985); metafor `rma.mh(measure = "OR")`.
pub fn table_tests(dataset: &Dataset, options: &Options, continuity: bool) -> Result<TableTests, MetaError> {
    let StudyData::TwoByTwo(rows) = &dataset.data else {
        return Err(MetaError::Method { method: "Cochran-Mantel-Haenszel", measure: options.measure.short() });
    };
    let pooled = mantel_haenszel(dataset, options)?;
    let (mut gap, mut exact, mut simple) = (0.0, 0.0, 0.0);
    let (mut breslow_day, mut rest, mut rest_variance, mut tables) = (0.0, 0.0, 0.0, 0.0_f64);
    for [a, b, c, d] in measure::corrected_counts(rows, &options.pooled_correction, false).flatten() {
        let (n1, n2, events, others) = (a + b, c + d, a + c, b + d);
        let n = n1 + n2;
        gap += a - n1 * events / n;
        exact += n1 * n2 * events * others / (n * n * (n - 1.0));
        simple += n1 * n2 * events * others / (n * n * n);
        if events == 0.0 || others == 0.0 {
            continue;
        }
        tables += 1.0;
        let (expected, variance) = expected_events(n1, n2, events, pooled.estimate.exp());
        breslow_day += (a - expected).powi(2) / variance;
        rest += a - expected;
        rest_variance += variance;
    }
    let df = (tables - 1.0).max(0.0);
    let tail = |x: f64, df: f64| (x, if df >= 1.0 { dist::chi_squared_sf(x, df) } else { f64::NAN });
    let corrected = (gap.abs() - if continuity { 0.5 } else { 0.0 }).max(0.0);
    Ok(TableTests {
        cochran: tail(corrected * corrected / simple, 1.0),
        mantel_haenszel: tail(corrected * corrected / exact, 1.0),
        breslow_day: tail(breslow_day, df),
        tarone: tail(breslow_day - rest * rest / rest_variance, df),
        df,
    })
}

/// Tests whether a common rate ratio is 1: Mantel-Haenszel statistic with one degree of freedom and its p value.
///
/// `correction` is that of the counts, `continuity` applies the correction of 0.5 to the statistic. Source: Rothman, Greenland and Lash (2008), chapter 15; metafor `rma.mh(measure = "IRR")`.
pub fn rate_test(rows: &[TwoRates], correction: &Correction, continuity: bool) -> (f64, f64) {
    let (mut gap, mut variance) = (0.0, 0.0);
    for TwoRates { events1, time1, events2, time2 } in measure::corrected_rates(rows, correction, false).into_iter().flatten() {
        let (events, time) = (events1 + events2, time1 + time2);
        gap += events1 - time1 * events / time;
        variance += events * (time1 / time) * (time2 / time);
    }
    let corrected = (gap.abs() - if continuity { 0.5 } else { 0.0 }).max(0.0);
    let statistic = corrected * corrected / variance;
    (statistic, dist::chi_squared_sf(statistic, 1.0))
}

/// Expected events in the first group and their variance, given the margins and a common odds ratio.
fn expected_events(n1: f64, n2: f64, events: f64, odds_ratio: f64) -> (f64, f64) {
    // Root of the quadratic in x: x (n2 - events + x) = OR (n1 - x) (events - x), between the limits that the margins allow.
    let (low, high) = ((events - n2).max(0.0), n1.min(events));
    let f = |x: f64| x * (n2 - events + x) - odds_ratio * (n1 - x) * (events - x);
    let x = root::brent(f, low, high, 0.0).unwrap_or(f64::NAN);
    (x, 1.0 / (1.0 / x + 1.0 / (n1 - x) + 1.0 / (events - x) + 1.0 / (n2 - events + x)))
}
