//! Selection models: random effects when the chance of publication depends on the one-sided p value.
//!
//! Sources: Hedges and Vevea (1996) for step functions; Preston, Ashby and Smyth (2004) for the half-normal and negative-exponential
//! forms; Citkowicz and Vevea (2017) for the beta form; metafor `selmodel(alternative = "greater")`, maximum likelihood.

use super::fit;
use super::result::{Interval, MetaError};
use super::tau2::{InterceptOnly, ResidualSpace, Tau2Method};
use crate::stats::linear::{Cholesky, Matrix};
use crate::stats::{dist, optimise};

/// How the chance of publication depends on the one-sided p value (small p: a large effect).
#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    /// Constant between the given p values; 1 up to the first. Chances are relative to the first interval and at most 100.
    Steps(Vec<f64>),
    /// `exp(-delta p^2)`.
    HalfNormal,
    /// `exp(-delta p)`.
    NegativeExponential,
    /// `p^(delta1 - 1) (1 - p)^(delta2 - 1)`, constant within 1e-5 of 0 and 1.
    Beta,
}

/// A fitted selection model.
#[derive(Debug, Clone, PartialEq)]
pub struct SelectionFit {
    /// Mean effect, adjusted for selection.
    pub estimate: f64,
    /// Its standard error; NaN where the information matrix cannot be inverted.
    pub se: f64,
    /// Its Wald interval.
    pub ci: Interval,
    /// Between-study variance.
    pub tau2: f64,
    /// Parameters of selection: the chance per interval (the first is 1), or delta.
    pub delta: Vec<f64>,
    /// Their standard errors; NaN for the fixed first chance.
    pub delta_se: Vec<f64>,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Likelihood ratio test of selection: statistic, degrees of freedom, p value.
    pub test: (f64, f64, f64),
}

/// Largest relative chance that is searched, as in metafor.
const LARGEST: f64 = 100.0;
/// A between-study variance below this is held fixed for the standard errors, as in metafor.
const SMALLEST: f64 = 1e-4;

/// Least exponent of the beta form that is searched, and the p values beyond which it is constant, as in metafor.
const SMALLEST_EXPONENT: f64 = 1e-5;
const SMALLEST_P: f64 = 1e-5;

/// Relative step of the differences for standard errors.
const STEP: f64 = 5e-3;

struct Problem<'a> {
    yi: &'a [f64],
    vi: &'a [f64],
    selection: &'a Selection,
    /// Interval of each study's p value (steps only) and the p value itself.
    bins: Vec<usize>,
    p: Vec<f64>,
    /// Estimates over standard errors at the steps (steps only).
    cuts: Vec<f64>,
    /// Points of integration (smooth forms only).
    points: Vec<Point>,
}

/// A point of integration.
struct Point {
    /// Estimate over standard error.
    u: f64,
    /// Its one-sided p value.
    p: f64,
    /// Logarithms of the p value and of its complement.
    logs: [f64; 2],
    /// Share of the point in the integral over `u`.
    share: f64,
}

/// Fits a selection model by maximum likelihood.
///
/// **Shape**: one effect and one positive sampling variance per study; estimates are on the scale of the effects.
/// **Errors**: [`MetaError::TooFew`] for fewer than three studies, [`MetaError::Variable`] for steps that are not rising between 0 and
/// 1, [`MetaError::NoConvergence`].
/// **Source**: Vevea and Hedges (1995); Preston, Ashby and Smyth (2004); metafor `selmodel`.
pub fn selection_model(yi: &[f64], vi: &[f64], selection: &Selection, level: f64) -> Result<SelectionFit, MetaError> {
    let k = yi.len();
    if k < 3 {
        return Err(MetaError::TooFew { what: "a selection model", need: 3, got: k });
    }
    let p: Vec<f64> = yi.iter().zip(vi).map(|(y, v)| dist::normal_sf(y / v.sqrt())).collect();
    let (bins, parameters) = match selection {
        Selection::Steps(steps) => {
            let rising = !steps.is_empty() && steps.windows(2).all(|pair| pair[0] < pair[1]);
            if !rising || steps.iter().any(|step| !(*step > 0.0 && *step < 1.0)) {
                return Err(MetaError::Variable { name: "steps".into(), why: "they must rise between 0 and 1".into() });
            }
            (p.iter().map(|p| steps.iter().take_while(|step| p > step).count()).collect(), steps.len())
        }
        Selection::HalfNormal | Selection::NegativeExponential => (vec![0; k], 1),
        Selection::Beta => (vec![0; k], 2),
    };
    let points = if matches!(selection, Selection::Steps(_)) { Vec::new() } else { chance_points(selection.reach()) };
    let cuts = match selection {
        Selection::Steps(steps) => steps.iter().map(|step| -dist::normal_quantile(*step)).collect(),
        _ => Vec::new(),
    };
    let problem = Problem { yi, vi, selection, bins, p, cuts, points };
    let plain = fit::fit(yi, vi, Some(Tau2Method::MaximumLikelihood));
    let without = InterceptOnly { yi, vi }.log_likelihood(plain.tau2, false);
    // Searched as mean, ln tau2, and the parameters of selection: chances through a logistic curve from 0 to their largest value, the
    // exponents as squares, so that no selection at all can be reached exactly, or as logarithms (beta).
    let is_steps = matches!(selection, Selection::Steps(_));
    let natural = |x: &[f64]| {
        let mut natural = vec![x[0], x[1].min(50.0).exp()];
        natural.extend(x[2..].iter().map(|x| match selection {
            Selection::Steps(_) => LARGEST / (1.0 + (-x).exp()),
            Selection::Beta => x.exp().clamp(SMALLEST_EXPONENT, LARGEST),
            _ => (x * x).min(LARGEST),
        }));
        natural
    };
    let inner = |delta: f64| match selection {
        Selection::Steps(_) => (delta / (LARGEST - delta)).ln(),
        Selection::Beta => delta.ln(),
        _ => delta.sqrt(),
    };
    let scale = plain.tau2.max(0.01 * vi.iter().sum::<f64>() / k as f64);
    let mut best: Option<(f64, Vec<f64>)> = None;
    // Step functions and the beta form can have several maxima; the other forms have not been seen to.
    let starts: Vec<(f64, Vec<f64>)> = match selection {
        Selection::Steps(_) => [(1.0, 1.0), (1e-3, 0.3), (1.0, 20.0)].map(|(t, d)| (t * scale, vec![d; parameters])).into(),
        Selection::Beta => vec![(scale, vec![1.0, 1.0]), (scale, vec![0.01, 2.0]), (1e-3 * scale, vec![0.3, 0.3])],
        _ => vec![(scale, vec![0.5])],
    };
    for (tau2, delta) in starts {
        let mut start = vec![plain.estimate, tau2.ln()];
        start.extend(delta.into_iter().map(inner));
        let mut steps = vec![2.0 * plain.se, 1.0];
        steps.extend(vec![if is_steps { 1.5 } else { 0.5 }; parameters]);
        let found = optimise::climb(|x| problem.log_likelihood(&natural(x)), &start, &steps);
        let value = problem.log_likelihood(&natural(&found));
        if value.is_finite() && best.as_ref().is_none_or(|(top, _)| value > *top) {
            best = Some((value, found));
        }
    }
    let (_, top) = best.ok_or(MetaError::NoConvergence { what: "the selection model" })?;
    let steps: Vec<f64> = top.iter().enumerate().map(|(j, _)| if j == 0 { 0.5 * plain.se } else { 0.3 }).collect();
    let found = natural(&optimise::maximise_many(|x| problem.log_likelihood(&natural(x)), &top, &steps));
    let log_likelihood = problem.log_likelihood(&found);
    let free: Vec<usize> = (0..found.len()).filter(|&j| j == 0 || !(j == 1 && found[1] < SMALLEST)).collect();
    let se = problem.standard_errors(&found, &free);
    let se_of = |j: usize| free.iter().position(|&f| f == j).map_or(f64::NAN, |place| se[place]);
    let (mut delta, mut delta_se) = (found[2..].to_vec(), (2..found.len()).map(se_of).collect::<Vec<f64>>());
    if matches!(selection, Selection::Steps(_)) {
        delta.insert(0, 1.0);
        delta_se.insert(0, f64::NAN);
    }
    let statistic = (2.0 * (log_likelihood - without)).max(0.0);
    Ok(SelectionFit {
        estimate: found[0],
        se: se_of(0),
        ci: Interval::around(found[0], se_of(0), dist::normal_quantile(0.5 + 0.5 * level)),
        tau2: found[1],
        delta,
        delta_se,
        log_likelihood,
        test: (statistic, parameters as f64, dist::chi_squared_sf(statistic, parameters as f64)),
    })
}

impl Problem<'_> {
    /// Log-likelihood at mean, tau2 and the parameters of selection, on their natural scale.
    fn log_likelihood(&self, x: &[f64]) -> f64 {
        let (mean, tau2, delta) = (x[0], x[1], &x[2..]);
        let chance = |bin: usize| if bin == 0 { 1.0 } else { delta[bin - 1] };
        // Logarithm of the chance at a p value, for the smooth forms.
        let ln_chance = |p: f64, [ln_p, ln_q]: [f64; 2]| match self.selection {
            Selection::HalfNormal => -delta[0] * p * p,
            Selection::Beta => (delta[0] - 1.0) * ln_p + (delta[1] - 1.0) * ln_q,
            _ => -delta[0] * p,
        };
        let chances: Vec<f64> = self.points.iter().map(|point| point.share * ln_chance(point.p, point.logs).exp()).collect();
        let (least, most) = self.selection.ends();
        let [at_least, at_most] = [least, most].map(|p| ln_chance(p, logs(p)).exp());
        let mut sum = 0.0;
        for (i, (&y, &v)) in self.yi.iter().zip(self.vi).enumerate() {
            let total = v + tau2;
            let (sd, se) = (total.sqrt(), v.sqrt());
            sum -= 0.5 * ((2.0 * std::f64::consts::PI * total).ln() + (y - mean) * (y - mean) / total);
            let (ln_weight, expected) = match self.selection {
                Selection::Steps(_) => {
                    // Chance that a study of this size lands in each interval of p.
                    let mut expected = 0.0;
                    let mut before = 0.0;
                    for (bin, cut) in self.cuts.iter().enumerate() {
                        let up_to = dist::normal_sf((cut * se - mean) / sd);
                        expected += chance(bin) * (up_to - before);
                        before = up_to;
                    }
                    expected += chance(self.cuts.len()) * (1.0 - before);
                    (chance(self.bins[i]).ln(), expected)
                }
                _ => {
                    let p = self.p[i].clamp(least, most);
                    let reach = self.selection.reach();
                    // Beyond the reach of the points the chance is constant.
                    let outside =
                        at_most * dist::normal_cdf((-reach * se - mean) / sd) + at_least * dist::normal_sf((reach * se - mean) / sd);
                    (ln_chance(p, logs(p)), outside + expected_chance(mean, sd, se, &self.points, &chances))
                }
            };
            sum += ln_weight - expected.ln();
        }
        sum
    }

    /// Standard errors of the free parameters from the observed information, by central differences on the natural scale, extrapolated
    /// once (Richardson) so that steps can be wide enough for rounding not to matter.
    fn standard_errors(&self, at: &[f64], free: &[usize]) -> Vec<f64> {
        let n = free.len();
        let spread = (self.vi.iter().sum::<f64>() / self.vi.len() as f64 + at[1]).sqrt() / (self.vi.len() as f64).sqrt();
        let is_steps = matches!(self.selection, Selection::Steps(_));
        let scale = |j: usize| match j {
            0 => spread,
            1 => at[1],
            _ if is_steps || *self.selection == Selection::Beta => at[j],
            _ => at[j].max(1.0),
        };
        let centre = self.log_likelihood(at);
        let second = |i: usize, j: usize, step: f64| {
            let (hi, hj) = (step * scale(i), step * scale(j));
            let moved = |a: f64, b: f64| {
                let mut x = at.to_vec();
                x[i] += a * hi;
                x[j] += b * hj;
                self.log_likelihood(&x)
            };
            if i == j {
                (moved(1.0, 0.0) - 2.0 * centre + moved(-1.0, 0.0)) / (hi * hi)
            } else {
                (moved(1.0, 1.0) - moved(1.0, -1.0) - moved(-1.0, 1.0) + moved(-1.0, -1.0)) / (4.0 * hi * hj)
            }
        };
        let mut information = Matrix::zeros(n, n);
        for (a, &i) in free.iter().enumerate() {
            for (b, &j) in free[..=a].iter().enumerate() {
                let value = -(4.0 * second(i, j, STEP) - second(i, j, 2.0 * STEP)) / 3.0;
                information.put(a, b, value);
                information.put(b, a, value);
            }
        }
        Cholesky::new(&information).map_or(vec![f64::NAN; n], |factor| {
            let inverse = factor.inverse();
            (0..n).map(|i| inverse.get(i, i).sqrt()).collect()
        })
    }
}

impl Selection {
    /// Least and greatest p value at which the chance still changes.
    fn ends(&self) -> (f64, f64) {
        if *self == Self::Beta { (SMALLEST_P, 1.0 - SMALLEST_P) } else { (0.0, 1.0) }
    }

    /// Estimates beyond so many standard errors have a chance that no longer changes.
    fn reach(&self) -> f64 {
        if *self == Self::Beta { dist::normal_quantile(1.0 - SMALLEST_P) } else { 8.0 }
    }
}

/// Logarithms of a p value and of its complement.
fn logs(p: f64) -> [f64; 2] {
    [p.ln(), (-p).ln_1p()]
}

/// Points at which the chance of publication is integrated.
///
/// Eight Gauss-Legendre panels, of two standard errors at most: the chance changes on that scale, and the distribution of the estimate is
/// at least as wide, so ten nodes each are good to twelve digits.
fn chance_points(reach: f64) -> Vec<Point> {
    const PANELS: u32 = 8;
    let half = reach / f64::from(PANELS);
    let mut points = Vec::with_capacity(10 * PANELS as usize);
    for panel in 0..PANELS {
        let middle = -reach + f64::from(2 * panel + 1) * half;
        for (node, share) in GAUSS_10 {
            for u in [middle - half * node, middle + half * node] {
                let p = dist::normal_sf(u);
                points.push(Point { u, p, logs: [p.ln(), dist::normal_sf(-u).ln()], share: half * share });
            }
        }
    }
    points
}

/// Mean chance of a study over the distribution of its estimate, inside the reach of the points; `chances` holds the chance times the
/// share of each point.
fn expected_chance(mean: f64, sd: f64, se: f64, points: &[Point], chances: &[f64]) -> f64 {
    let inside: f64 = points.iter().zip(chances).map(|(point, chance)| chance * dist::normal_density((point.u * se - mean) / sd)).sum();
    inside * se / sd
}

/// Nodes and weights of the ten-point Gauss-Legendre rule on -1 to 1 (positive half).
const GAUSS_10: [(f64, f64); 5] = [
    (0.148_874_338_981_631_2, 0.295_524_224_714_752_9),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_05),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_selection_at_all_gives_the_plain_likelihood() {
        let (yi, vi) = ([0.2, 0.5, -0.1, 0.8], [0.04, 0.09, 0.02, 0.16]);
        let steps = Selection::Steps(vec![0.025, 0.5]);
        let p: Vec<f64> = yi.iter().zip(&vi).map(|(y, v): (&f64, &f64)| dist::normal_sf(y / v.sqrt())).collect();
        let problem = Problem {
            yi: &yi,
            vi: &vi,
            selection: &steps,
            bins: vec![1; 4],
            p,
            cuts: [0.025, 0.5].map(|step| -dist::normal_quantile(step)).into(),
            points: Vec::new(),
        };
        let plain = InterceptOnly { yi: &yi, vi: &vi };
        let fitted = fit::fit(&yi, &vi, Some(Tau2Method::MaximumLikelihood));
        let same = problem.log_likelihood(&[fitted.estimate, fitted.tau2, 1.0, 1.0]);
        assert!((same - plain.log_likelihood(fitted.tau2, false)).abs() < 1e-12);
    }

    #[test]
    fn steps_that_do_not_rise_are_refused() {
        let (yi, vi) = ([0.2, 0.5, -0.1], [0.04, 0.09, 0.02]);
        assert!(selection_model(&yi, &vi, &Selection::Steps(vec![0.5, 0.025]), 0.95).is_err());
    }
}
