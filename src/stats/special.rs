//! Special functions behind the distributions: incomplete gamma and beta by series and continued fraction.
//!
//! The prefactors (`x^a e^-x / Gamma(a+1)` and its binomial sister) are computed by the saddle-point form of Loader (2000),
//! "Fast and accurate computation of binomial probabilities", which stays accurate where differences of log gammas cancel.

use std::f64::consts::PI;

const LN_SQRT_2_PI: f64 = 0.918_938_533_204_672_8;
const TINY: f64 = 1e-300;
const MAX_TERMS: usize = 200_000;

/// The two tails of a distribution function at one point; each is accurate when the other rounds to one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    /// Probability at or below the point.
    pub lower: f64,
    /// Probability above the point.
    pub upper: f64,
}

/// Returns the natural logarithm of the absolute value of the gamma function.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Returns `ln(Gamma(n+1)) - (n + 1/2) ln n + n - ln(sqrt(2 pi))`, the error of Stirling's formula, for `n > 0`.
///
/// Source: Loader (2000), `stirlerr`.
pub fn stirling_error(n: f64) -> f64 {
    if n <= 16.0 {
        return ln_gamma(n + 1.0) - (n + 0.5) * n.ln() + n - LN_SQRT_2_PI;
    }
    let square = n * n;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0 - 691.0 / 360_360.0 / square) / square) / square) / square) / square)
        / n
}

/// Returns `x ln(x / mean) + mean - x` without cancellation near `x = mean`.
///
/// Source: Loader (2000), `bd0`.
pub fn deviance_part(x: f64, mean: f64) -> f64 {
    // Beyond, the difference costs less than one digit.
    if (x - mean).abs() < 0.4 * (x + mean) {
        let v = (x - mean) / (x + mean);
        let mut sum = (x - mean) * v;
        let mut power = 2.0 * x * v;
        let square = v * v;
        for j in 1..1000 {
            power *= square;
            let next = sum + power / f64::from(2 * j + 1);
            if next == sum {
                break;
            }
            sum = next;
        }
        return sum;
    }
    x * (x / mean).ln() + mean - x
}

/// Returns `mean^x e^-mean / Gamma(x+1)`: the Poisson probability, continued to real `x >= 0`.
pub fn poisson_density(x: f64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return if x == 0.0 { 1.0 } else { 0.0 };
    }
    if x <= 0.0 {
        return (-mean).exp();
    }
    (-stirling_error(x) - deviance_part(x, mean)).exp() / (2.0 * PI * x).sqrt()
}

/// Returns `Gamma(n+1) / (Gamma(x+1) Gamma(n-x+1)) p^x q^(n-x)`: the binomial probability, continued to real `0 <= x <= n`.
///
/// `q` is `1 - p`, passed on its own so that neither end loses digits.
pub fn binomial_density(x: f64, n: f64, p: f64, q: f64) -> f64 {
    if p <= 0.0 {
        return if x == 0.0 { 1.0 } else { 0.0 };
    }
    if q <= 0.0 {
        return if x == n { 1.0 } else { 0.0 };
    }
    if x <= 0.0 {
        return (n * if p < 0.1 { (-p).ln_1p() } else { q.ln() }).exp();
    }
    if x >= n {
        return (n * if q < 0.1 { (-q).ln_1p() } else { p.ln() }).exp();
    }
    let exponent = stirling_error(n) - stirling_error(x) - stirling_error(n - x) - deviance_part(x, n * p) - deviance_part(n - x, n * q);
    exponent.exp() * (n / (2.0 * PI * x * (n - x))).sqrt()
}

/// Returns both regularised incomplete gamma functions, `P(a, x)` as `lower` and `Q(a, x)` as `upper`, for `a > 0`.
///
/// Series below `a + 1`, Legendre's continued fraction (modified Lentz) above; Abramowitz and Stegun 6.5.29 and 6.5.31.
/// NaN when an argument is NaN or `a <= 0`.
pub fn incomplete_gamma(a: f64, x: f64) -> Tails {
    if a.is_nan() || x.is_nan() || a <= 0.0 {
        return Tails { lower: f64::NAN, upper: f64::NAN };
    }
    if x <= 0.0 {
        return Tails { lower: 0.0, upper: 1.0 };
    }
    if x.is_infinite() {
        return Tails { lower: 1.0, upper: 0.0 };
    }
    let prefix = poisson_density(a, x);
    if x < a + 1.0 {
        let (mut sum, mut term, mut shape) = (1.0, 1.0, a);
        for _ in 0..MAX_TERMS {
            shape += 1.0;
            term *= x / shape;
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        let lower = prefix * sum;
        return Tails { lower, upper: 1.0 - lower };
    }
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..MAX_TERMS {
        let i = i as f64;
        let numerator = -i * (i - a);
        b += 2.0;
        d = numerator * d + b;
        if d.abs() < TINY {
            d = TINY;
        }
        c = b + numerator / c;
        if c.abs() < TINY {
            c = TINY;
        }
        d = 1.0 / d;
        let step = d * c;
        fraction *= step;
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    let upper = prefix * a * fraction;
    Tails { lower: 1.0 - upper, upper }
}

/// Returns both tails of the beta distribution: `I_x(a, b)` as `lower` and its complement as `upper`.
///
/// `y` is `1 - x`, passed on its own so that neither end loses digits. Continued fraction of DiDonato and Morris (1992), equation 9, by
/// the modified Lentz method. NaN when an argument is NaN or a shape is not positive.
pub fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> Tails {
    if a.is_nan() || b.is_nan() || x.is_nan() || a <= 0.0 || b <= 0.0 {
        return Tails { lower: f64::NAN, upper: f64::NAN };
    }
    if x <= 0.0 {
        return Tails { lower: 0.0, upper: 1.0 };
    }
    if y <= 0.0 {
        return Tails { lower: 1.0, upper: 0.0 };
    }
    let factor = binomial_density(a, a + b, x, y) * a * (b / (a + b));
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = factor * beta_fraction(a, b, x, y);
        Tails { lower, upper: 1.0 - lower }
    } else {
        let upper = factor * beta_fraction(b, a, y, x);
        Tails { lower: 1.0 - upper, upper }
    }
}

/// Continued fraction of the beta distribution, to be multiplied by `x^a y^b / B(a, b)`.
///
/// Its terms are built from `a - (a + b) x`, which the smaller of x and y gives without cancellation: with a million degrees of freedom
/// and `x` beside one the usual form loses six digits.
pub(super) fn beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let gap = if x < y { a - (a + b) * x } else { (a + b) * y - b };
    let mut value = (gap + 1.0) * a / (a + 1.0);
    let (mut c, mut d) = (value, 0.0);
    for n in 1..MAX_TERMS {
        let n = n as f64;
        let (before, after) = (a + 2.0 * n - 1.0, a + 2.0 * n + 1.0);
        let product = n * (b - n) * x;
        let numerator = (a + n - 1.0) / before * ((a + b + n - 1.0) / before) * product * x;
        let term = n + product / before + (a + n) / after * (gap + 1.0 + n * (1.0 + y));
        d = term + numerator * d;
        if d.abs() < TINY {
            d = TINY;
        }
        c = term + numerator / c;
        if c.abs() < TINY {
            c = TINY;
        }
        d = 1.0 / d;
        let step = d * c;
        value *= step;
        if (step - 1.0).abs() < 2e-16 {
            break;
        }
    }
    1.0 / value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_gamma_of_shape_one_is_the_exponential() {
        for x in [0.01, 0.7, 2.0, 30.0, 500.0] {
            let upper = incomplete_gamma(1.0, x).upper;
            assert!((upper / (-x).exp() - 1.0).abs() < 1e-13, "{x}: {upper}");
        }
    }

    #[test]
    fn incomplete_beta_with_integer_shapes_is_a_polynomial() {
        let x: f64 = 0.3;
        let want = 3.0 * x * x - 2.0 * x * x * x;
        assert!((incomplete_beta(2.0, 2.0, x, 1.0 - x).lower - want).abs() < 1e-15);
    }

    #[test]
    fn invalid_arguments_give_nan_and_never_panic() {
        assert!(incomplete_gamma(-1.0, 2.0).lower.is_nan());
        assert!(incomplete_beta(1.0, f64::NAN, 0.5, 0.5).upper.is_nan());
    }
}
