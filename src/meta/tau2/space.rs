//! The space of residuals: all that an estimator of tau2 needs to know about the studies and the model.

/// Quadratic forms and traces of P at one value of tau2, with `A = W = diag(1 / (v + tau2))`.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
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
    /// Moments for general weights.
    fn weighted_moments(&self, weights: &[f64]) -> WeightedMoments;
    /// Log-likelihood at a value of tau2; restricted when `restricted`.
    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64;
    /// Twice the derivative of the log-likelihood at a value of tau2.
    fn score(&self, tau2: f64, restricted: bool) -> f64 {
        let m = self.moments(tau2);
        m.q2 - if restricted { m.trace1 } else { m.sum1 }
    }
    /// `y' P y` at a value of tau2, by the quickest route.
    fn q_at(&self, tau2: f64) -> f64 {
        self.moments(tau2).q1
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

impl InterceptOnly<'_> {
    fn weighted_mean(&self, weight: impl Fn(f64) -> f64) -> (f64, f64) {
        let (mut sum, mut weighted) = (0.0, 0.0);
        for (&y, &v) in self.yi.iter().zip(self.vi) {
            let w = weight(v);
            sum += w;
            weighted += w * y;
        }
        (sum, weighted / sum)
    }
}

/// Sum of the weights and weighted mean.
fn weighted_mean_of(yi: &[f64], weights: &[f64]) -> (f64, f64) {
    let (mut sum, mut weighted) = (0.0, 0.0);
    for (&y, &w) in yi.iter().zip(weights) {
        sum += w;
        weighted += w * y;
    }
    (sum, weighted / sum)
}

/// Hands weights `1 / (v + tau2)` to a function, from the stack where they fit there.
pub(in crate::meta) fn with_weights<R>(vi: &[f64], tau2: f64, f: impl FnOnce(&[f64]) -> R) -> R {
    const SMALL: usize = 64;
    if vi.len() <= SMALL {
        let mut weights = [0.0; SMALL];
        for (w, v) in weights.iter_mut().zip(vi) {
            *w = 1.0 / (v + tau2);
        }
        f(&weights[..vi.len()])
    } else {
        f(&vi.iter().map(|v| 1.0 / (v + tau2)).collect::<Vec<f64>>())
    }
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
        // One pass for the mean, one for the forms: subtracting the mean first keeps the digits that raw sums would lose.
        with_weights(self.vi, tau2, |weights| {
            let (sum1, mean) = weighted_mean_of(self.yi, weights);
            let (mut sum2, mut sum3, mut q1, mut q2, mut q3, mut cross) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
            for (&y, &w) in self.yi.iter().zip(weights) {
                let w2 = w * w;
                let r = y - mean;
                let u = w * r;
                sum2 += w2;
                sum3 += w2 * w;
                q1 += u * r;
                q2 += u * u;
                q3 += w * u * u;
                cross += w * u;
            }
            let ratio = sum2 / sum1;
            Moments {
                q1,
                q2,
                q3: q3 - cross * cross / sum1,
                trace1: sum1 - ratio,
                trace2: sum2 - 2.0 * sum3 / sum1 + ratio * ratio,
                sum1,
                sum2,
            }
        })
    }

    fn score(&self, tau2: f64, restricted: bool) -> f64 {
        with_weights(self.vi, tau2, |weights| {
            let (sum1, mean) = weighted_mean_of(self.yi, weights);
            let (mut sum2, mut q2) = (0.0, 0.0);
            for (&y, &w) in self.yi.iter().zip(weights) {
                let u = w * (y - mean);
                sum2 += w * w;
                q2 += u * u;
            }
            q2 - if restricted { sum1 - sum2 / sum1 } else { sum1 }
        })
    }

    fn weighted_moments(&self, weights: &[f64]) -> WeightedMoments {
        let (mut a1, mut ay) = (0.0, 0.0);
        for (&y, &a) in self.yi.iter().zip(weights) {
            a1 += a;
            ay += a * y;
        }
        let mean = ay / a1;
        let (mut q, mut a2, mut a3, mut av, mut aav, mut aavv, mut aaav, mut aaavv) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for ((&y, &v), &a) in self.yi.iter().zip(self.vi).zip(weights) {
            q += a * (y - mean) * (y - mean);
            a2 += a * a;
            a3 += a * a * a;
            av += a * v;
            aav += a * a * v;
            aavv += a * a * v * v;
            aaav += a * a * a * v;
            aaavv += a * a * a * v * v;
        }
        WeightedMoments {
            q,
            trace: a1 - a2 / a1,
            trace_v: av - aav / a1,
            trace_vv: aavv - 2.0 * aaavv / a1 + (aav / a1) * (aav / a1),
            trace_pv: aav - 2.0 * aaav / a1 + aav * a2 / (a1 * a1),
            trace_pp: a2 - 2.0 * a3 / a1 + (a2 / a1) * (a2 / a1),
        }
    }

    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64 {
        let (sum, mean) = self.weighted_mean(|v| 1.0 / (v + tau2));
        let (mut logs, mut q) = (0.0, 0.0);
        for (&y, &v) in self.yi.iter().zip(self.vi) {
            logs += (v + tau2).ln();
            q += (y - mean) * (y - mean) / (v + tau2);
        }
        let k = self.yi.len() as f64;
        let ln_2_pi = (2.0 * std::f64::consts::PI).ln();
        if restricted { -0.5 * ((k - 1.0) * ln_2_pi - k.ln() + logs + sum.ln() + q) } else { -0.5 * (k * ln_2_pi + logs + q) }
    }

    fn q_at(&self, tau2: f64) -> f64 {
        let (_, mean) = self.weighted_mean(|v| 1.0 / (v + tau2));
        self.yi.iter().zip(self.vi).map(|(&y, &v)| (y - mean) * (y - mean) / (v + tau2)).sum()
    }
}
