//! Small-study effects: regression and rank tests of funnel plot asymmetry, and PET-PEESE.
//!
//! Sources: Egger and others (1997); Thompson and Sharp (1999); Begg and Mazumdar (1994); Harbord, Egger and Sterne (2006); Peters and
//! others (2006); Macaskill, Walter and Irwig (2001); Deeks, Macaskill and Irwig (2005); Stanley and Doucouliagos (2014); metafor
//! `regtest`, `ranktest`.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::measure::TwoByTwo;
use super::options::Options;
use super::regression::{Regression, regress_columns};
use super::result::{Interval, MetaError};
use crate::stats::dist;

/// A weighted straight line through points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Intercept.
    pub intercept: f64,
    /// Standard error of the intercept.
    pub intercept_se: f64,
    /// Slope.
    pub slope: f64,
    /// Standard error of the slope.
    pub slope_se: f64,
    /// Residual standard deviation (multiplicative dispersion).
    pub sigma: f64,
    /// Residual degrees of freedom.
    pub df: f64,
}

impl Line {
    /// Fits `y = intercept + slope x` by weighted least squares with a residual variance; R `lm(weights = )`.
    ///
    /// **Shape**: the slices have one entry per point, all finite and the weights positive.
    /// **Errors**: [`MetaError::TooFew`] for fewer than three points, [`MetaError::Variable`] when x does not vary.
    pub fn fit(x: &[f64], y: &[f64], weights: &[f64]) -> Result<Self, MetaError> {
        let n = x.len();
        if n < 3 {
            return Err(MetaError::TooFew { what: "a regression test", need: 3, got: n });
        }
        let total: f64 = weights.iter().sum();
        let mean = |values: &[f64]| values.iter().zip(weights).map(|(a, w)| a * w).sum::<f64>() / total;
        let (mean_x, mean_y) = (mean(x), mean(y));
        let (mut sxx, mut sxy) = (0.0, 0.0);
        for ((x, y), w) in x.iter().zip(y).zip(weights) {
            sxx += w * (x - mean_x) * (x - mean_x);
            sxy += w * (x - mean_x) * (y - mean_y);
        }
        let scale = x.iter().fold(0.0_f64, |a, x| a.max(x.abs()));
        if sxx.is_nan() || sxx <= total * (1e-12 * scale).powi(2) {
            return Err(MetaError::Variable { name: "predictor".into(), why: "it does not vary between studies".into() });
        }
        let slope = sxy / sxx;
        let df = n as f64 - 2.0;
        let rest: f64 = x.iter().zip(y).zip(weights).map(|((x, y), w)| w * (y - mean_y - slope * (x - mean_x)).powi(2)).sum();
        let sigma = (rest / df).sqrt();
        Ok(Self {
            intercept: mean_y - slope * mean_x,
            intercept_se: sigma * (1.0 / total + mean_x * mean_x / sxx).sqrt(),
            slope,
            slope_se: sigma / sxx.sqrt(),
            sigma,
            df,
        })
    }

    /// Returns t and its two-sided p value for the slope.
    pub fn slope_test(&self) -> (f64, f64) {
        let t = self.slope / self.slope_se;
        (t, dist::t_two_sided(t, self.df))
    }

    /// Returns t and its two-sided p value for the intercept.
    pub fn intercept_test(&self) -> (f64, f64) {
        let t = self.intercept / self.intercept_se;
        (t, dist::t_two_sided(t, self.df))
    }

    /// Returns the confidence interval of the intercept.
    pub fn intercept_ci(&self, level: f64) -> Interval {
        Interval::around(self.intercept, self.intercept_se, dist::t_quantile(0.5 + 0.5 * level, self.df))
    }
}

fn inverse(vi: &[f64]) -> Vec<f64> {
    vi.iter().map(|v| 1.0 / v).collect()
}

fn roots(vi: &[f64]) -> Vec<f64> {
    vi.iter().map(|v| v.sqrt()).collect()
}

/// Egger's test: effects on standard errors, weights `1 / v`, multiplicative dispersion. The slope is tested.
///
/// The same t as for the intercept in the classical form (standardised effect on precision).
/// **Shape**: one effect and one sampling variance per study. **Errors**: those of [`Line::fit`].
/// **Source**: Egger and others (1997); Sterne and Egger (2005); metafor `regtest(model = "lm")`.
pub fn egger(yi: &[f64], vi: &[f64]) -> Result<Line, MetaError> {
    Line::fit(&roots(vi), yi, &inverse(vi))
}

/// What a regression test takes as the measure of study size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
pub enum SizePredictor {
    /// Standard error.
    #[strum(serialize = "sei")]
    StandardError,
    /// Sampling variance.
    #[strum(serialize = "vi")]
    Variance,
    /// Participants.
    #[strum(serialize = "ni")]
    Size,
    /// Inverse of participants.
    #[strum(serialize = "ninv")]
    InverseSize,
    /// Square root of participants.
    #[strum(serialize = "sqrtni")]
    RootSize,
    /// Inverse square root of participants.
    #[strum(serialize = "sqrtninv")]
    InverseRootSize,
}

/// Regression test with additive heterogeneity: meta-regression of the effects on a measure of study size (Thompson and Sharp).
///
/// **Shape**: one effect and one sampling variance per study; `sizes` holds the participants per study and is needed for the last four
/// predictors only. The test is that of the second coefficient.
/// **Errors**: [`MetaError::Variable`] for a predictor without sizes; those of [`regress_columns`].
/// **Source**: Thompson and Sharp (1999); metafor `regtest(model = "rma")`.
pub fn size_regression(
    yi: &[f64],
    vi: &[f64],
    sizes: Option<&[f64]>,
    predictor: SizePredictor,
    options: &Options,
) -> Result<Regression, MetaError> {
    let name: &'static str = predictor.into();
    let from_sizes = |f: fn(f64) -> f64| match sizes {
        Some(sizes) if sizes.len() == yi.len() => Ok(sizes.iter().map(|&n| f(n)).collect::<Vec<f64>>()),
        Some(sizes) => Err(MetaError::Length { what: "sizes".into(), got: sizes.len(), want: yi.len() }),
        None => Err(MetaError::Variable { name: name.into(), why: "needs the numbers of participants".into() }),
    };
    let column = match predictor {
        SizePredictor::StandardError => roots(vi),
        SizePredictor::Variance => vi.to_vec(),
        SizePredictor::Size => from_sizes(|n| n)?,
        SizePredictor::InverseSize => from_sizes(|n| 1.0 / n)?,
        SizePredictor::RootSize => from_sizes(f64::sqrt)?,
        SizePredictor::InverseRootSize => from_sizes(|n| 1.0 / n.sqrt())?,
    };
    let regression = regress_columns(yi, vi, &[(name.into(), column)], options)?;
    if regression.p < 2 {
        return Err(MetaError::Variable { name: name.into(), why: "it does not vary between studies".into() });
    }
    Ok(regression)
}

/// PET and PEESE: effects on standard errors and on variances; the intercepts estimate the effect of a study of infinite size.
///
/// **Shape**: one effect and one sampling variance per study; both lines are on the scale of the effects.
/// **Errors**: those of [`Line::fit`]. **Source**: Stanley and Doucouliagos (2014); metafor `regtest(model = "lm", predictor = "vi")`
/// for the second.
pub fn pet_peese(yi: &[f64], vi: &[f64]) -> Result<(Line, Line), MetaError> {
    Ok((egger(yi, vi)?, Line::fit(vi, yi, &inverse(vi))?))
}

/// Begg and Mazumdar's rank correlation test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankTest {
    /// Kendall's tau (b where there are ties).
    pub tau: f64,
    /// Two-sided p value: exact for fewer than 50 studies without ties, normal approximation otherwise.
    pub pval: f64,
    /// True when `pval` is exact.
    pub is_exact: bool,
    /// Concordant minus discordant pairs.
    pub score: f64,
    /// Standard error of the score under no association, with ties.
    pub score_se: f64,
    /// z without continuity correction, and its two-sided p value.
    pub normal: (f64, f64),
    /// z with continuity correction, and its two-sided p value.
    pub normal_corrected: (f64, f64),
}

/// Begg and Mazumdar's test: Kendall's correlation of standardised deviates from the common-effect estimate with the variances.
///
/// **Shape**: one effect and one sampling variance per study.
/// **Errors**: [`MetaError::TooFew`] for fewer than three studies, [`MetaError::Variable`] when all variances are equal.
/// **Source**: Begg and Mazumdar (1994); metafor `ranktest`.
pub fn begg(yi: &[f64], vi: &[f64]) -> Result<RankTest, MetaError> {
    let k = yi.len();
    if k < 3 {
        return Err(MetaError::TooFew { what: "Begg's test", need: 3, got: k });
    }
    let total: f64 = vi.iter().map(|v| 1.0 / v).sum();
    let mean = yi.iter().zip(vi).map(|(y, v)| y / v).sum::<f64>() / total;
    let deviates: Vec<f64> = yi.iter().zip(vi).map(|(y, v)| (y - mean) / (v - 1.0 / total).sqrt()).collect();
    let sign = |x: f64| if x == 0.0 { 0.0 } else { x.signum() };
    let (mut score, mut pairs_y, mut pairs_v) = (0.0, 0.0, 0.0);
    for i in 0..k {
        for j in i + 1..k {
            let (a, b) = (sign(deviates[i] - deviates[j]), sign(vi[i] - vi[j]));
            score += a * b;
            pairs_y += a.abs();
            pairs_v += b.abs();
        }
    }
    if pairs_y == 0.0 || pairs_v == 0.0 {
        return Err(MetaError::Variable { name: "variance".into(), why: "effects or variances are all equal".into() });
    }
    let n = k as f64;
    let (a, b) = (ties(&deviates), ties(vi));
    let mut variance = (n * (n - 1.0) * (2.0 * n + 5.0) - a[0] - b[0]) / 18.0 + a[1] * b[1] / (2.0 * n * (n - 1.0));
    variance += a[2] * b[2] / (9.0 * n * (n - 1.0) * (n - 2.0));
    let score_se = variance.sqrt();
    let z = score / score_se;
    let z_corrected = sign(score) * (score.abs() - 1.0) / score_se;
    let corrected_p = dist::normal_two_sided((score.abs() - 1.0).max(0.0) / score_se);
    let is_exact = k < 50 && a[1] == 0.0 && b[1] == 0.0;
    Ok(RankTest {
        tau: score / (pairs_y * pairs_v).sqrt(),
        pval: if is_exact { kendall_exact(k, score) } else { dist::normal_two_sided(z) },
        is_exact,
        score,
        score_se,
        normal: (z, dist::normal_two_sided(z)),
        normal_corrected: (z_corrected, corrected_p),
    })
}

/// Sums over groups of equal values of size t: `t(t-1)(2t+5)`, `t(t-1)`, `t(t-1)(t-2)`.
fn ties(values: &[f64]) -> [f64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .chunk_by(|a, b| a == b)
        .map(|group| group.len() as f64)
        .fold([0.0; 3], |[a, b, c], t| [a + t * (t - 1.0) * (2.0 * t + 5.0), b + t * (t - 1.0), c + t * (t - 1.0) * (t - 2.0)])
}

/// Two-sided exact p value of Kendall's score: permutations counted by their number of concordant pairs.
fn kendall_exact(k: usize, score: f64) -> f64 {
    let mut shares = vec![1.0_f64];
    for n in 2..=k {
        let mut next = vec![0.0; shares.len() + n - 1];
        for (i, share) in shares.iter().enumerate() {
            for cell in &mut next[i..i + n] {
                *cell += share / n as f64;
            }
        }
        shares = next;
    }
    let pairs = (k * (k - 1) / 2) as f64;
    let concordant = (0.5 * (score + pairs)).round() as usize;
    let lower: f64 = shares[..=concordant.min(shares.len() - 1)].iter().sum();
    let upper: f64 = shares[concordant.min(shares.len() - 1)..].iter().sum();
    (2.0 * lower.min(upper)).min(1.0)
}

/// Regression tests for events in two groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BinaryTests {
    /// Harbord: score over its variance on the standard error; the slope is tested.
    pub harbord: Line,
    /// Peters: log odds ratio on the inverse of the participants.
    pub peters: Line,
    /// Macaskill with pooled-variance weights: log odds ratio on the participants.
    pub macaskill: Line,
    /// Deeks: log odds ratio on the inverse root of the effective sample size.
    pub deeks: Line,
}

/// Computes the tests for odds ratios. Studies with no event or events only are left out.
///
/// Log odds ratios get 0.5 in all cells of studies with a zero cell. **Errors**: those of [`Line::fit`].
pub fn binary_tests(rows: &[TwoByTwo]) -> Result<BinaryTests, MetaError> {
    let usable: Vec<TwoByTwo> = rows.iter().copied().filter(|row| row.is_valid() && !row.is_double_zero()).collect();
    let column = |f: fn(TwoByTwo) -> f64| usable.iter().map(|&row| f(row)).collect::<Vec<f64>>();
    let variance = column(|row| {
        let ([a, b, c, d], n) = (row.cells(), row.n1 + row.n2);
        row.n1 * row.n2 * (a + c) * (b + d) / (n * n * (n - 1.0))
    });
    let score = column(|row| row.events1 - (row.events1 + row.events2) * row.n1 / (row.n1 + row.n2));
    let ratio: Vec<f64> = score.iter().zip(&variance).map(|(z, v)| z / v).collect();
    let score_se: Vec<f64> = variance.iter().map(|v| 1.0 / v.sqrt()).collect();
    let ln_or = column(|row| {
        let half = if row.has_zero() { 0.5 } else { 0.0 };
        let [a, b, c, d] = row.cells().map(|cell| cell + half);
        (a * d / (b * c)).ln()
    });
    let pooled_weights = column(|row| {
        let [a, b, c, d] = row.cells();
        1.0 / (1.0 / (a + c) + 1.0 / (b + d))
    });
    let size = column(|row| row.n1 + row.n2);
    let inverse_size = column(|row| 1.0 / (row.n1 + row.n2));
    let effective = column(|row| 4.0 * row.n1 * row.n2 / (row.n1 + row.n2));
    let inverse_root: Vec<f64> = effective.iter().map(|n| 1.0 / n.sqrt()).collect();
    Ok(BinaryTests {
        harbord: Line::fit(&score_se, &ratio, &variance)?,
        peters: Line::fit(&inverse_size, &ln_or, &pooled_weights)?,
        macaskill: Line::fit(&size, &ln_or, &pooled_weights)?,
        deeks: Line::fit(&inverse_root, &ln_or, &effective)?,
    })
}
