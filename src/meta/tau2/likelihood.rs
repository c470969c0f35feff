//! Maximum (restricted) likelihood: Newton's method from a good start, then a proof that no other maximum was missed.
//!
//! Twice the derivative of the log-likelihood is `q2 - t` with `q2 = y' P P y` and `t = tr P` (restricted) or `sum w` (full).
//! Newton's method is applied to `t / q2 - 1`, which for equal sampling variances is a straight line in tau2 and bends little otherwise;
//! the bend that two neighbouring samples show is taken into each step.

use super::certificate::{self, Curve};
use super::space::{Moments, ResidualSpace};

/// A maximum of the likelihood over tau2.
#[derive(Debug, Clone, Copy)]
pub(in crate::meta) struct Maximum {
    /// Its place.
    pub tau2: f64,
    /// True when there are several local maxima; this is the highest.
    pub is_multimodal: bool,
    /// Moments there.
    pub moments: Moments,
}

/// Returns the place of the global maximum of the (restricted) likelihood, and whether there are several local ones.
pub fn maximise_likelihood(space: &impl ResidualSpace, restricted: bool) -> (f64, bool) {
    let found = global_maximum(space, restricted, &space.moments(0.0), None);
    (found.tau2, found.is_multimodal)
}

/// Returns the global maximum of the (restricted) likelihood over `tau2 >= 0`.
///
/// `common` are the moments at zero; `start` is a value that is thought to be near. There is at least one residual degree of freedom.
pub(in crate::meta) fn global_maximum(space: &impl ResidualSpace, restricted: bool, common: &Moments, start: Option<f64>) -> Maximum {
    let squares = space.sum_of_squares();
    let curve = Curve { space, restricted, squares };
    let df = (space.yi().len() - space.p()) as f64;
    let rises = common.q2 > trace_of(common, restricted).0;
    if !rises {
        if curve.falls_from(common) {
            return Maximum { tau2: 0.0, is_multimodal: false, moments: *common };
        }
        return certificate::explore(&curve, common, None);
    }
    let start = start.unwrap_or_else(|| first_guess(common, squares, df, restricted));
    match newton(&curve, common, start) {
        Some((tau2, at_root)) if curve.is_only_maximum(common, tau2, &at_root) => Maximum { tau2, is_multimodal: false, moments: at_root },
        Some(found) => certificate::explore(&curve, common, Some(found)),
        None => certificate::explore(&curve, common, None),
    }
}

/// The trace of the score equation and the negative of its derivative.
pub(super) fn trace_of(m: &Moments, restricted: bool) -> (f64, f64) {
    if restricted { (m.trace1, m.trace2) } else { (m.sum1, m.sum2) }
}

/// A start for Newton's method: the root of the function `(a + b tau2 + c tau2^2) / (1 + d tau2) - 1` that has the value and slope of
/// `t / q2 - 1` at zero and its slope `df / SS` far away; it turns from the one to the other about twice the typical sampling variance.
///
/// The function is negative at zero and rises far away, so that there is one positive root.
fn first_guess(common: &Moments, squares: f64, df: f64, restricted: bool) -> f64 {
    let zero = Sample::new(0.0, common, restricted);
    let turn = 0.5 * common.trace1 / df;
    let linear = zero.slope + zero.value * turn;
    let square = turn * df / squares;
    let guess = 0.5 * ((linear * linear - 4.0 * square * zero.value).sqrt() - linear) / square;
    if guess > 0.0 && guess.is_finite() { guess } else { 0.1 * df / common.trace1 }
}

/// A point of `t / q2 - 1`, whose root is sought.
#[derive(Clone, Copy)]
struct Sample {
    tau2: f64,
    value: f64,
    /// Derivative; positive.
    slope: f64,
}

impl Sample {
    fn new(tau2: f64, m: &Moments, restricted: bool) -> Self {
        let (trace, trace2) = trace_of(m, restricted);
        let inverse = 1.0 / m.q2;
        let ratio = trace * inverse;
        Self { tau2, value: ratio - 1.0, slope: (2.0 * m.q3 * ratio - trace2) * inverse }
    }

    /// Root of the cubic through two samples that has their slopes, as a function of the value: Newton's step with the bend taken in.
    fn root_with(&self, other: &Self) -> f64 {
        let width = other.value - self.value;
        let s = -self.value / width;
        let rest = 1.0 - s;
        let ends = rest * rest * (1.0 + 2.0 * s) * self.tau2 + s * s * (3.0 - 2.0 * s) * other.tau2;
        ends + width * s * rest * (rest / self.slope - s / other.slope)
    }
}

/// Steps smaller than this, relative to tau2, are taken by a first-order expansion of the moments: the error is of second order.
const SMALL_STEP: f64 = 1e-8;

/// Newton's method on `t / q2 - 1`, bent by the last sample; `None` where it does not settle on a place at which the score falls.
fn newton<S: ResidualSpace>(curve: &Curve<'_, S>, common: &Moments, start: f64) -> Option<(f64, Moments)> {
    let mut last = Sample::new(0.0, common, curve.restricted);
    let (mut tau2, mut mean) = (start, common.mean);
    for _ in 0..40 {
        let m = curve.space.moments_near(tau2, mean);
        mean = m.mean;
        let here = Sample::new(tau2, &m, curve.restricted);
        if here.slope.is_nan() || here.slope <= 0.0 {
            return None;
        }
        let step = -here.value / here.slope;
        let (trace, trace2) = trace_of(&m, curve.restricted);
        // Below the second limit the step is rounding.
        if step.abs() <= SMALL_STEP * tau2 || step.abs() <= 4.0 * f64::EPSILON * (tau2 + 1.0 / trace) {
            let root = tau2 + step;
            return (2.0 * m.q3 > trace2 && root > 0.0).then(|| (root, m.moved(step)));
        }
        let bent = last.root_with(&here) - tau2;
        let step = if (bent - step).abs() < 0.5 * step.abs() { bent } else { step };
        let next = tau2 + step;
        last = here;
        tau2 = if next > 0.0 { next } else { 0.1 * tau2 };
    }
    None
}
