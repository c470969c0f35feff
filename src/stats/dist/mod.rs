//! Distribution functions, upper tails and quantiles: normal, t, chi-squared, F, binomial, beta, gamma, noncentral t, and weighted
//! sums of chi-squared variables.
//!
//! Each tail is computed on its own, so that small probabilities keep their digits; quantiles are polished by Newton steps on the
//! logarithm of the nearer tail.

mod mixture;
mod normal;
mod whole;

pub use mixture::chi_squared_mixture_sf;
pub use normal::{normal_cdf, normal_density, normal_quantile, normal_sf, normal_two_sided};

use std::f64::consts::{LN_2, PI};

use super::root;
use super::special::{Tails, binomial_density, incomplete_beta, incomplete_gamma, ln_gamma, poisson_density, stirling_error};

fn t_tails(t: f64, df: f64) -> Tails {
    // Tails of the beta variable df / (df + t^2); `lower` is the two-sided tail probability of t.
    let square = t * t;
    let scale = df + square;
    if square > 1e280 {
        // The square nears the end of the range: 2 t f(t) / df, the first term of the tail in powers of df / t^2.
        let lower = (LN_2 + ln_t_constant(df) - df * t.abs().ln() + 0.5 * (df - 1.0) * df.ln()).exp();
        return Tails { lower, upper: 1.0 - lower };
    }
    incomplete_beta(0.5 * df, 0.5, df / scale, square / scale)
}

/// Logarithm of the density of t at zero: `ln Gamma((df+1)/2) - ln Gamma(df/2) - ln(df pi)/2` by Stirling's formula and its error, so that
/// many degrees of freedom cost no digits.
fn ln_t_constant(df: f64) -> f64 {
    let half = 0.5 * df;
    stirling_error(half + 0.5) - stirling_error(half) + half * (0.5 / half).ln_1p() - 0.5 - 0.5 * (2.0 * PI).ln()
}

/// Logarithm of the density of t over that at zero.
fn ln_t_decay(t: f64, df: f64) -> f64 {
    let square = t * t / df;
    let ln_growth = if square > 1e280 { 2.0 * t.abs().ln() - df.ln() } else { square.ln_1p() };
    -0.5 * (df + 1.0) * ln_growth
}

/// Returns the probability that a t variable with `df` degrees of freedom exceeds `t`.
///
/// `df` may be any positive real; NaN for others.
pub fn t_sf(t: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return normal_sf(t);
    }
    let half = 0.5 * t_tails(t, df).lower;
    if t >= 0.0 { half } else { 1.0 - half }
}

/// Returns the probability that a t variable with `df` degrees of freedom is at most `t`.
pub fn t_cdf(t: f64, df: f64) -> f64 {
    t_sf(-t, df)
}

/// Returns the two-sided p value of a t statistic.
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return normal_two_sided(t);
    }
    whole::t_two_sided(t, df).unwrap_or_else(|| t_tails(t, df).lower)
}

/// Returns the density of the t distribution.
pub fn t_density(t: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return normal_density(t);
    }
    (ln_t_constant(df) + ln_t_decay(t, df)).exp()
}

/// A first value for the upper t quantile: Cornish-Fisher (Abramowitz and Stegun 26.7.5) for the middle, the power law for the tail.
fn t_start(tail: f64, z: f64, df: f64) -> f64 {
    let square = z * z;
    let expansion = z
        + z * (square + 1.0) / (4.0 * df)
        + z * ((5.0 * square + 16.0) * square + 3.0) / (96.0 * df * df)
        + z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / (384.0 * df * df * df);
    if square < 2.0 * df || df > 30.0 {
        return expansion.max(1e-300);
    }
    // P(T > t) is about c t^-df for large t.
    let ln_factor = ln_t_constant(df) + 0.5 * (df - 1.0) * df.ln();
    ((ln_factor - tail.ln()) / df).exp().max(1e-300)
}

/// Returns the t quantile of a lower-tail probability, for any positive real `df` (the normal quantile when infinite).
pub fn t_quantile(p: f64, df: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if df.is_infinite() || df > 1e17 {
        return normal_quantile(p);
    }
    if p == 0.5 {
        return 0.0;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let tail = p.min(1.0 - p);
    let z = -normal_quantile(tail);
    if let Some(t) = whole::t_quantile(tail, df, t_start(tail, z, df)) {
        return if p < 0.5 { -t } else { t };
    }
    let (target, central) = if tail > 0.25 { (1.0 - 2.0 * tail, true) } else { (2.0 * tail, false) };
    // Solved in u = ln t, where both ends of the range are nearly straight lines.
    let ln_constant = ln_t_constant(df);
    let f = |u: f64| {
        let t = u.exp();
        let both = t_tails(t, df);
        let slope = 2.0 * (u + ln_constant + ln_t_decay(t, df)).exp();
        if central { ((both.upper / target).ln(), slope / both.upper) } else { ((both.lower / target).ln(), -slope / both.lower) }
    };
    let start = t_start(tail, z, df).ln();
    let t = solve_on_log_scale(f, start, central).exp();
    if p < 0.5 { -t } else { t }
}

/// Solves `f(u) = 0` for a monotone `f` (rising when `rising`): Newton from a good start, or inside a bracket where that strays.
fn solve_on_log_scale(f: impl Fn(f64) -> (f64, f64), start: f64, rising: bool) -> f64 {
    let start = if start.is_finite() { start } else { 0.0 };
    let mut u = start;
    for _ in 0..8 {
        let (value, slope) = f(u);
        let step = value / slope;
        if !step.is_finite() || step.abs() > 1.0 {
            break;
        }
        u -= step;
        if step.abs() < 1e-9 {
            // The next step would be of the order of the square of this one.
            return u;
        }
    }
    let below = |u: f64| {
        let value = f(u).0;
        // An underflowed tail gives -inf for its logarithm: still a usable sign.
        if rising { value < 0.0 } else { value > 0.0 }
    };
    let (mut low, mut high, mut width) = (start, start, 0.5);
    while !below(low) && low > -1e6 {
        low -= width;
        width *= 2.0;
    }
    width = 0.5;
    while below(high) && high < 1e6 {
        high += width;
        width *= 2.0;
    }
    root::newton(f, low, high, start.max(low).min(high))
}

/// Returns the probability that a chi-squared variable with `df` degrees of freedom exceeds `x`.
pub fn chi_squared_sf(x: f64, df: f64) -> f64 {
    if let Some((tail, _)) = whole::chi_squared_tail(x, df) {
        return tail;
    }
    incomplete_gamma(0.5 * df, 0.5 * x).upper
}

/// Returns the probability that a chi-squared variable with `df` degrees of freedom is at most `x`.
pub fn chi_squared_cdf(x: f64, df: f64) -> f64 {
    incomplete_gamma(0.5 * df, 0.5 * x).lower
}

/// Returns the chi-squared quantile of a lower-tail probability.
pub fn chi_squared_quantile(p: f64, df: f64) -> f64 {
    if let Some(x) = whole::chi_squared_quantile(p, df) {
        return x;
    }
    2.0 * gamma_quantile(p, 0.5 * df)
}

/// Returns the quantile of the gamma distribution with this shape and scale one, of a lower-tail probability.
pub fn gamma_quantile(p: f64, shape: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) || shape.is_nan() || shape <= 0.0 {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let lower = p <= 0.5;
    let target = if lower { p } else { 1.0 - p };
    let f = |u: f64| {
        let x = u.exp();
        let tails = incomplete_gamma(shape, x);
        // x times the density: x^a e^-x / Gamma(a).
        let slope = poisson_density(shape, x) * shape;
        if lower { ((tails.lower / target).ln(), slope / tails.lower) } else { ((tails.upper / target).ln(), -slope / tails.upper) }
    };
    // Wilson-Hilferty, or the leading term of the series where that fails.
    let cube = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(p) / (3.0 * shape.sqrt());
    let start = if cube > 0.05 { (shape * cube * cube * cube).ln() } else { (p.ln() + ln_gamma(shape + 1.0)) / shape };
    solve_on_log_scale(f, start, lower).exp()
}

/// Returns the probability that an F variable exceeds `x`.
pub fn f_sf(x: f64, df1: f64, df2: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let scale = df2 + df1 * x;
    incomplete_beta(0.5 * df2, 0.5 * df1, df2 / scale, df1 * x / scale).lower
}

/// Returns the probability of at most `x` events in `n` trials.
pub fn binomial_cdf(x: f64, n: f64, p: f64) -> f64 {
    let x = x.floor();
    if x < 0.0 {
        return 0.0;
    }
    if x >= n {
        return 1.0;
    }
    incomplete_beta(n - x, x + 1.0, 1.0 - p, p).lower
}

/// Returns the quantile of the beta distribution of a lower-tail probability.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) || a.is_nan() || b.is_nan() || a <= 0.0 || b <= 0.0 {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return p;
    }
    let lower = p <= 0.5;
    let target = if lower { p } else { 1.0 - p };
    // Solved in u = ln(x / (1 - x)).
    let split = |u: f64| {
        if u < 0.0 {
            (u.exp() / (1.0 + u.exp()), 1.0 / (1.0 + u.exp()))
        } else {
            (1.0 / (1.0 + (-u).exp()), (-u).exp() / (1.0 + (-u).exp()))
        }
    };
    let f = |u: f64| {
        let (x, y) = split(u);
        let tails = incomplete_beta(a, b, x, y);
        let slope = binomial_density(a, a + b, x, y) * a * b / (a + b);
        if lower { ((tails.lower / target).ln(), slope / tails.lower) } else { ((tails.upper / target).ln(), -slope / tails.upper) }
    };
    split(solve_on_log_scale(f, (a / b).ln(), lower)).0
}

/// Returns the probability that a noncentral t variable is at most `t`, with `df` positive and the noncentrality `delta`.
///
/// The normal probability given the standard deviation, averaged over the distribution of the variance by the trapezoidal rule on its
/// logarithm: all terms are positive, so that small probabilities keep their digits, and the error falls exponentially with the step.
pub fn noncentral_t_cdf(t: f64, df: f64, delta: f64) -> f64 {
    if t.is_nan() || !delta.is_finite() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() || df.is_infinite() {
        return normal_cdf(t - delta);
    }
    let half = 0.5 * df;
    let term = |x: f64| {
        let variance = x.exp();
        normal_cdf(t * (variance / half).sqrt() - delta) * poisson_density(half, variance) * half
    };
    // As narrow as the narrower of the two factors.
    let step = 0.1_f64.min(0.4 / half.sqrt()).min(0.5 / (1.0 + delta.abs()));
    let mut peak = half.ln();
    let mut highest = term(peak);
    for way in [step, -step] {
        loop {
            let next = term(peak + way);
            if next <= highest {
                break;
            }
            (peak, highest) = (peak + way, next);
        }
    }
    let mut sum = highest;
    for way in [step, -step] {
        let mut x = peak + way;
        loop {
            let next = term(x);
            sum += next;
            if next <= 1e-18 * sum {
                break;
            }
            x += way;
        }
    }
    (sum * step).min(1.0)
}

#[cfg(test)]
mod tests;
