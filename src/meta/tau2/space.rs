//! The space of residuals: all that an estimator of tau2 needs to know about the studies and the model.
//!
//! The sums run in lanes, which the compiler turns into vector instructions; nothing here allocates.

use crate::stats::lanes::{Lanes, sums};

/// Quadratic forms and traces of P at one value of tau2, with `A = W = diag(1 / (v + tau2))`.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
    /// Weighted mean of the estimates; NaN for models with moderators.
    pub mean: f64,
    /// Its derivative in tau2.
    pub mean_slope: f64,
    /// `y' P y`.
    pub q1: f64,
    /// `y' P P y`.
    pub q2: f64,
    /// `y' P P P y`.
    pub q3: f64,
    /// `tr P`.
    pub trace1: f64,
    /// `tr P P`.
    pub trace2: f64,
    /// Sum of weights.
    pub sum1: f64,
    /// Sum of squared weights.
    pub sum2: f64,
}

impl Moments {
    /// Moments that do not exist.
    pub(in crate::meta) const NONE: Self = {
        let nothing = f64::NAN;
        Self {
            mean: nothing,
            mean_slope: nothing,
            q1: nothing,
            q2: nothing,
            q3: nothing,
            trace1: nothing,
            trace2: nothing,
            sum1: nothing,
            sum2: nothing,
        }
    };

    /// Returns the moments a small step of tau2 further, to first order in mean, `q1`, `q2`, `trace1` and `sum1`; the others stay.
    #[must_use]
    pub(in crate::meta) fn moved(self, step: f64) -> Self {
        Self {
            mean: self.mean + step * self.mean_slope,
            q1: self.q1 - step * self.q2,
            q2: self.q2 - 2.0 * step * self.q3,
            trace1: self.trace1 - step * self.trace2,
            sum1: self.sum1 - step * self.sum2,
            ..self
        }
    }
}

/// Traces of P for general weights A, and the residual sum of squares, for moment estimators and their standard errors.
#[derive(Debug, Clone, Copy)]
pub struct WeightedMoments {
    /// `y' P y`.
    pub q: f64,
    /// `tr P`.
    pub trace: f64,
    /// `tr P V`.
    pub trace_v: f64,
    /// `tr P V P V`.
    pub trace_vv: f64,
    /// `tr P V P`.
    pub trace_pv: f64,
    /// `tr P P`.
    pub trace_pp: f64,
}

/// The studies of a model, seen through the space of its residuals.
pub trait ResidualSpace {
    /// Estimates.
    fn yi(&self) -> &[f64];
    /// Sampling variances.
    fn vi(&self) -> &[f64];
    /// Number of coefficients.
    fn p(&self) -> usize;
    /// Moments at a value of tau2.
    fn moments(&self, tau2: f64) -> Moments;
    /// Moments at a value of tau2 where the weighted mean is thought to be near `mean`: the same numbers, perhaps sooner.
    fn moments_near(&self, tau2: f64, _mean: f64) -> Moments {
        self.moments(tau2)
    }
    /// Moments for weights that are a function of the sampling variance.
    fn weighted_moments(&self, weight: impl Fn(f64) -> f64) -> WeightedMoments;
    /// Residual sum of squares without weights: the limit of `tau2^2 y' P P y` for large tau2.
    fn sum_of_squares(&self) -> f64;
    /// Log-likelihood at a value of tau2; restricted when `restricted`.
    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64;
    /// `tr P P` at a value of tau2 from the entries of P, where the sums behind [`Moments::trace2`] lose digits; `None` where the space
    /// has no need of it.
    fn exact_trace2(&self, _tau2: f64) -> Option<f64> {
        None
    }
    /// `y' P y` and `y' P P y` at a value of tau2, by the quickest route.
    fn q_at(&self, tau2: f64) -> (f64, f64) {
        let m = self.moments(tau2);
        (m.q1, m.q2)
    }
}

/// The model with an intercept only.
#[derive(Debug, Clone, Copy)]
pub struct InterceptOnly<'a> {
    /// Estimates.
    pub yi: &'a [f64],
    /// Sampling variances, all positive.
    pub vi: &'a [f64],
}

/// A study that fills up the last lanes: of no weight.
const NOBODY: (f64, f64) = (0.0, f64::INFINITY);

/// Sum of the weights `1 / (v + tau2)` and weighted mean.
#[inline(always)]
fn weighted_mean(yi: &[f64], vi: &[f64], tau2: f64) -> (f64, f64) {
    let (one, tau2) = (Lanes::all(1.0), Lanes::all(tau2));
    let [sum, weighted] = sums::<4, 2>(yi, vi, NOBODY, |y, v| {
        let w = one / (v + tau2);
        [w, w * y]
    });
    (sum, weighted / sum)
}

/// Sums of `w^j`, `w^j r` and `w^j r^2` for j = 1, 2, 3, where `r = y - centre`.
#[derive(Debug, Clone, Copy)]
pub(in crate::meta) struct PowerSums {
    centre: f64,
    weights: [f64; 3],
    residuals: [f64; 3],
    squares: [f64; 3],
}

/// A sum that shrinks by this factor when a study leaves it, or the centre of squares moves, has lost too many digits.
const KEPT: f64 = 1e-3;

impl PowerSums {
    /// Sums up the studies.
    #[inline(always)]
    pub(in crate::meta) fn new(yi: &[f64], vi: &[f64], tau2: f64, centre: f64) -> Self {
        let (one, tau2, middle) = (Lanes::all(1.0), Lanes::all(tau2), Lanes::all(centre));
        let [w1, w2, w3, r1, r2, r3, s1, s2, s3] = sums::<2, 9>(yi, vi, NOBODY, |y, v| {
            let w = one / (v + tau2);
            let r = y - middle;
            let (ww, u) = (w * w, w * r);
            let (wu, ur) = (w * u, u * r);
            let uu = u * u;
            [w, ww, ww * w, u, wu, w * wu, ur, uu, w * uu]
        });
        Self { centre, weights: [w1, w2, w3], residuals: [r1, r2, r3], squares: [s1, s2, s3] }
    }

    /// Returns the moments when the centre is the weighted mean.
    fn exact(&self) -> Moments {
        let ([a1, a2, a3], [_, cross, _], [q1, q2, q3]) = (self.weights, self.residuals, self.squares);
        let inverse = 1.0 / a1;
        let ratio = a2 * inverse;
        Moments {
            mean: self.centre,
            mean_slope: -cross * inverse,
            q1,
            q2,
            q3: q3 - cross * cross * inverse,
            trace1: a1 - ratio,
            trace2: a2 - 2.0 * a3 * inverse + ratio * ratio,
            sum1: a1,
            sum2: a2,
        }
    }

    /// Returns the sums without one study of this weight and effect.
    pub(in crate::meta) fn without(&self, w: f64, y: f64) -> Self {
        let (mut rest, r) = (*self, y - self.centre);
        let mut power = 1.0;
        for j in 0..3 {
            power *= w;
            rest.weights[j] -= power;
            rest.residuals[j] -= power * r;
            rest.squares[j] -= power * r * r;
        }
        rest
    }

    /// Returns the moments, or `None` where moving the centre of the squares to the mean, or what was taken away from `before`, cost
    /// more than three digits.
    #[inline(always)]
    pub(in crate::meta) fn moments(&self, before: &Self) -> Option<Moments> {
        let ([a1, a2, a3], [b1, b2, b3], [c1, c2, c3]) = (self.weights, self.residuals, self.squares);
        let inverse = 1.0 / a1;
        let shift = b1 * inverse;
        let q1 = c1 - shift * b1;
        let q2 = c2 - shift * (2.0 * b2 - shift * a2);
        let q3 = c3 - shift * (2.0 * b3 - shift * a3);
        let keeps = q1 > KEPT * before.squares[0] && q2 > KEPT * before.squares[1] && q3 > KEPT * before.squares[2];
        if !(keeps && a3 > KEPT * before.weights[2]) {
            return None;
        }
        let (cross, ratio) = (b2 - shift * a2, a2 * inverse);
        Some(Moments {
            mean: self.centre + shift,
            mean_slope: -cross * inverse,
            q1,
            q2,
            q3: q3 - cross * cross * inverse,
            trace1: a1 - ratio,
            trace2: a2 - 2.0 * a3 * inverse + ratio * ratio,
            sum1: a1,
            sum2: a2,
        })
    }
}

/// Sum of squared residuals about a mean.
#[inline(always)]
fn squares(yi: &[f64], mean: f64) -> f64 {
    let centre = Lanes::all(mean);
    sums::<4, 1>(yi, yi, (mean, mean), |y, _| [(y - centre) * (y - centre)])[0]
}

/// Adds up terms per study, one study after another.
fn weighted_sums<const N: usize>(yi: &[f64], vi: &[f64], term: impl Fn(f64, f64) -> [f64; N]) -> [f64; N] {
    let mut total = [0.0; N];
    for (&y, &v) in yi.iter().zip(vi) {
        for (sum, term) in total.iter_mut().zip(term(y, v)) {
            *sum += term;
        }
    }
    total
}

impl ResidualSpace for InterceptOnly<'_> {
    fn yi(&self) -> &[f64] {
        self.yi
    }

    fn vi(&self) -> &[f64] {
        self.vi
    }

    fn p(&self) -> usize {
        1
    }

    fn moments(&self, tau2: f64) -> Moments {
        // One pass for the mean, one for the rest: subtracting the mean first keeps the digits that raw sums would lose.
        let (_, mean) = weighted_mean(self.yi, self.vi, tau2);
        let sums = PowerSums::new(self.yi, self.vi, tau2, mean);
        sums.exact()
    }

    fn moments_near(&self, tau2: f64, mean: f64) -> Moments {
        let sums = PowerSums::new(self.yi, self.vi, tau2, mean);
        sums.moments(&sums).unwrap_or_else(|| self.moments(tau2))
    }

    fn weighted_moments(&self, weight: impl Fn(f64) -> f64) -> WeightedMoments {
        let [a1, ay] = weighted_sums(self.yi, self.vi, |y, v| {
            let a = weight(v);
            [a, a * y]
        });
        let mean = ay / a1;
        let [q, a2, a3, av, aav, aavv, aaav, aaavv] = weighted_sums(self.yi, self.vi, |y, v| {
            let a = weight(v);
            let (aa, r) = (a * a, y - mean);
            let aav = aa * v;
            [a * r * r, aa, aa * a, a * v, aav, aav * v, aav * a, aav * v * a]
        });
        WeightedMoments {
            q,
            trace: a1 - a2 / a1,
            trace_v: av - aav / a1,
            trace_vv: aavv - 2.0 * aaavv / a1 + (aav / a1) * (aav / a1),
            trace_pv: aav - 2.0 * aaav / a1 + aav * a2 / (a1 * a1),
            trace_pp: a2 - 2.0 * a3 / a1 + (a2 / a1) * (a2 / a1),
        }
    }

    fn sum_of_squares(&self) -> f64 {
        let sum = sums::<4, 1>(self.yi, self.yi, (0.0, 0.0), |y, _| [y])[0];
        squares(self.yi, sum / self.yi.len() as f64)
    }

    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64 {
        let (sum, mean) = weighted_mean(self.yi, self.vi, tau2);
        let (mut logs, mut q) = (0.0, 0.0);
        for (&y, &v) in self.yi.iter().zip(self.vi) {
            logs += (v + tau2).ln();
            q += (y - mean) * (y - mean) / (v + tau2);
        }
        let k = self.yi.len() as f64;
        let ln_2_pi = (2.0 * std::f64::consts::PI).ln();
        if restricted { -0.5 * ((k - 1.0) * ln_2_pi - k.ln() + logs + sum.ln() + q) } else { -0.5 * (k * ln_2_pi + logs + q) }
    }

    fn q_at(&self, tau2: f64) -> (f64, f64) {
        let (_, mean) = weighted_mean(self.yi, self.vi, tau2);
        let (one, tau2, mean) = (Lanes::all(1.0), Lanes::all(tau2), Lanes::all(mean));
        let [q1, q2] = sums::<4, 2>(self.yi, self.vi, NOBODY, |y, v| {
            let (w, r) = (one / (v + tau2), y - mean);
            let u = w * r;
            [u * r, u * u]
        });
        (q1, q2)
    }
}

/// The model with a mean that is known: no coefficients, so that P is W.
#[derive(Debug, Clone, Copy)]
pub(in crate::meta) struct KnownMean<'a> {
    /// Estimates.
    pub yi: &'a [f64],
    /// Sampling variances, all positive.
    pub vi: &'a [f64],
    /// The mean.
    pub mean: f64,
}

impl ResidualSpace for KnownMean<'_> {
    fn yi(&self) -> &[f64] {
        self.yi
    }

    fn vi(&self) -> &[f64] {
        self.vi
    }

    fn p(&self) -> usize {
        0
    }

    fn moments(&self, tau2: f64) -> Moments {
        let mean = self.mean;
        let sums = PowerSums::new(self.yi, self.vi, tau2, mean);
        let ([sum1, sum2, _], [q1, q2, q3]) = (sums.weights, sums.squares);
        Moments { mean, mean_slope: 0.0, q1, q2, q3, trace1: sum1, trace2: sum2, sum1, sum2 }
    }

    fn weighted_moments(&self, weight: impl Fn(f64) -> f64) -> WeightedMoments {
        let [q, trace, trace_v, trace_vv, trace_pv, trace_pp] = weighted_sums(self.yi, self.vi, |y, v| {
            let (a, r) = (weight(v), y - self.mean);
            [a * r * r, a, a * v, a * a * v * v, a * a * v, a * a]
        });
        WeightedMoments { q, trace, trace_v, trace_vv, trace_pv, trace_pp }
    }

    fn sum_of_squares(&self) -> f64 {
        squares(self.yi, self.mean)
    }

    fn log_likelihood(&self, tau2: f64, _restricted: bool) -> f64 {
        let ln_2_pi = (2.0 * std::f64::consts::PI).ln();
        let part = |(&y, &v): (&f64, &f64)| (v + tau2).ln() + (y - self.mean) * (y - self.mean) / (v + tau2);
        -0.5 * (self.yi.len() as f64 * ln_2_pi + self.yi.iter().zip(self.vi).map(part).sum::<f64>())
    }
}
