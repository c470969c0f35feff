//! Weighted sums of chi-squared variables.

use std::f64::consts::PI;

/// Distance between the nodes of the trapezoidal rule, in standard deviations of the integrand at the saddle point. The nearest
/// singularity is at least 0.7 of them away, so that the rule is off by `exp(-2 pi 0.7 / 0.1)`, below the rounding.
const STEP: f64 = 0.1;

/// Returns the probability that a weighted sum of independent chi-squared variables with one degree of freedom exceeds `q`.
///
/// Weights that are not positive are left out; no weights give 0 for `q >= 0`. Relative error about 1e-15, growing to 1e-12 for
/// probabilities of 1e-300. NaN for a weight or `q` that is NaN or a weight that is infinite.
///
/// **Source**: the inversion integral of the moment generating function along a path through its saddle point, which leaves nothing to
/// cancel (Rice 1980, "Distribution of quadratic forms in normal random variables"). The path is the parabola with the curvature of the
/// path of steepest descent; the trapezoidal rule on it converges exponentially.
pub fn chi_squared_mixture_sf(q: f64, weights: &[f64]) -> f64 {
    let largest = weights.iter().copied().fold(0.0, f64::max);
    if q.is_nan() || largest.is_infinite() || weights.iter().any(|w| w.is_nan()) {
        return f64::NAN;
    }
    if q <= 0.0 {
        return if q < 0.0 || largest > 0.0 { 1.0 } else { 0.0 };
    }
    if largest == 0.0 || q.is_infinite() {
        return 0.0;
    }
    let weights: Vec<f64> = weights.iter().filter(|w| **w > 0.0).map(|w| w / largest).collect();
    let inversion = Inversion { q: q / largest, weights: &weights };
    // The tail away from the mean is the smaller one.
    if inversion.q > weights.iter().sum() { inversion.tail(true) } else { 1.0 - inversion.tail(false) }
}

/// The integrand `exp(K(s) - s q) / s`, K being the cumulant generating function `-1/2 sum ln(1 - 2 w s)`.
struct Inversion<'a> {
    q: f64,
    /// Positive, the largest one.
    weights: &'a [f64],
}

impl Inversion<'_> {
    /// Upper or lower tail probability at q.
    fn tail(&self, upper: bool) -> f64 {
        let start = self.saddle(upper);
        let over = |power: i32| self.weights.iter().map(|w| (w / (1.0 - 2.0 * w * start)).powi(power)).sum::<f64>();
        let second = 2.0 * over(2) + start.powi(-2);
        let third = 8.0 * over(3) - 2.0 * start.powi(-3);
        let spread = 1.0 / second.sqrt();
        // The curve must open to the right, where the singularities lie.
        let bend = (third / (6.0 * second * second)).max(0.02 * spread);
        let (peak, _) = self.logarithm(start, 0.0, upper);
        let mut sum = spread;
        for i in 1..10_000 {
            let v = STEP * f64::from(i);
            let (modulus, angle) = self.logarithm(start + bend * v * v, spread * v, upper);
            // Times the derivative of the path, over the imaginary unit.
            let size = (modulus - peak).exp();
            let (sine, cosine) = angle.sin_cos();
            sum += 2.0 * size * (spread * cosine + 2.0 * bend * v * sine);
            if size * (spread + 2.0 * bend * v) < 1e-18 * sum {
                break;
            }
        }
        (sum * STEP / (2.0 * PI) * peak.exp()).clamp(0.0, 1.0)
    }

    /// Where the integrand is least on the real line, right of zero for the upper tail and left of it for the lower one.
    fn saddle(&self, upper: bool) -> f64 {
        let rises = |s: f64| self.weights.iter().map(|w| w / (1.0 - 2.0 * w * s)).sum::<f64>() - 1.0 / s > self.q;
        let (mut low, mut high) = if upper { (0.0, 0.5) } else { (-(0.5 * self.weights.len() as f64 + 1.0) / self.q, 0.0) };
        // Any path near the saddle point will do.
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if rises(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        0.5 * (low + high)
    }

    /// Logarithm of the integrand at `x + i y`: that of its modulus, and its angle. The sign is turned for the lower tail.
    fn logarithm(&self, x: f64, y: f64, upper: bool) -> (f64, f64) {
        let (mut modulus, mut angle) = (0.0, 0.0);
        for w in self.weights {
            let (real, imaginary) = (1.0 - 2.0 * w * x, -2.0 * w * y);
            modulus -= 0.25 * (real * real + imaginary * imaginary).ln();
            angle -= 0.5 * imaginary.atan2(real);
        }
        let pole = if upper { y.atan2(x) } else { (-y).atan2(-x) };
        (modulus - self.q * x - x.hypot(y).ln(), angle - self.q * y - pole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::incomplete_gamma;

    #[test]
    fn equal_weights_give_a_chi_squared() {
        for n in [1_usize, 2, 3, 9, 40, 300] {
            for q in [1e-6, 0.3, 0.9 * n as f64, n as f64, 2.0 * n as f64 + 5.0, 1300.0] {
                let tails = incomplete_gamma(0.5 * n as f64, 0.5 * q);
                let got = chi_squared_mixture_sf(7.0 * q, &vec![7.0; n]);
                assert!((got / tails.upper - 1.0).abs() < 1e-12 || tails.upper < 1e-300, "{n} {q}: {got:e} {:e}", tails.upper);
            }
        }
    }

    #[test]
    fn weights_that_are_next_to_nothing_change_nothing() {
        let small = [1e-14, 1.0, 0.0, 1e-17, 0.5, -3.0];
        for q in [0.02, 1.0, 3.0, 80.0] {
            let (with, without) = (chi_squared_mixture_sf(q, &small), chi_squared_mixture_sf(q, &[0.5, 1.0]));
            assert!((with / without - 1.0).abs() < 1e-12, "{q}: {with:e} {without:e}");
        }
        assert_eq!((chi_squared_mixture_sf(0.0, &[1.0]), chi_squared_mixture_sf(0.5, &[0.0, -1.0])), (1.0, 0.0));
        assert!(chi_squared_mixture_sf(1.0, &[f64::NAN]).is_nan() && chi_squared_mixture_sf(f64::NAN, &[1.0]).is_nan());
    }
}
