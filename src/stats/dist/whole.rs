//! Closed forms of chi-squared and t for whole degrees of freedom: finite sums of positive terms, several times quicker than the
//! incomplete gamma and beta functions. Pooling asks for little else.
//!
//! Source: Abramowitz and Stegun (1964), 26.4.4, 26.4.5, 26.7.3 and 26.7.4.

use std::f64::consts::{FRAC_2_PI, FRAC_2_SQRT_PI};

use super::normal::{normal_quantile, normal_sf};
use crate::stats::special::beta_fraction;

/// Beyond so many degrees of freedom the general methods are as quick.
const MOST: f64 = 200.0;
/// Beyond this half-value `e^-x` nears the end of the range.
const FAR: f64 = 600.0;

/// Returns the degrees of freedom as an integer when they are whole and not too many.
fn whole(df: f64) -> Option<u32> {
    ((1.0..=MOST).contains(&df) && df.fract() == 0.0).then_some(df as u32)
}

/// Upper tail and density of chi-squared at `x`, when `df` is whole and `x` is positive and not extreme.
pub(super) fn chi_squared_tail(x: f64, df: f64) -> Option<(f64, f64)> {
    let df = whole(df)?;
    let half = 0.5 * x;
    if !(half > 0.0 && half < FAR) {
        return None;
    }
    let decay = (-half).exp();
    // Terms x^j / j!, over whole or half-odd j, up to j = df/2 - 1.
    let (mut sum, mut term, mut j) = if df % 2 == 0 { (1.0, 1.0, 0.0) } else { (0.0, FRAC_2_SQRT_PI * 0.5 / half.sqrt(), -0.5) };
    for _ in 1..df.div_ceil(2) {
        j += 1.0;
        term *= half / j;
        sum += term;
    }
    let beyond = if df % 2 == 0 { 0.0 } else { 2.0 * normal_sf(x.sqrt()) };
    Some((beyond + decay * sum, 0.5 * decay * term))
}

/// Quantile of chi-squared at a lower-tail probability that is not extreme, for whole `df`.
///
/// Halley's method from the cube-root approximation of Wilson and Hilferty; `None` where it does not settle.
pub(super) fn chi_squared_quantile(p: f64, df: f64) -> Option<f64> {
    if whole(df).is_none() || !(0.004..=0.996).contains(&p) {
        return None;
    }
    let spread = 2.0 / (9.0 * df);
    let cube = 1.0 - spread + normal_quantile(p) * spread.sqrt();
    if cube < 0.1 {
        return None;
    }
    let mut x = df * cube * cube * cube;
    for _ in 0..8 {
        let (tail, density) = chi_squared_tail(x, df)?;
        let newton = (tail - (1.0 - p)) / density;
        let bend = 0.5 * newton * ((0.5 * df - 1.0) / x - 0.5);
        let step = newton / (1.0 + bend).max(0.25);
        x += step;
        if x.is_nan() || x <= 0.0 {
            return None;
        }
        // Cubic convergence: the next step would be far below the rounding of x.
        if step.abs() <= 1e-6 * x {
            return Some(x);
        }
    }
    None
}

/// Probability between -t and t, and twice the density at t, for whole `df` and `t >= 0`.
fn t_centre(t: f64, df: f64) -> Option<(f64, f64)> {
    let n = whole(df)?;
    let square = df / (df + t * t);
    let (cosine, sine) = (square.sqrt(), t / (df + t * t).sqrt());
    let (mut term, mut sum, mut j) = (1.0, 1.0, if n.is_multiple_of(2) { 0.0 } else { 1.0 });
    // Products (1 3 5 ..)/(2 4 6 ..) cos^2j, or (2 4 6 ..)/(3 5 7 ..) cos^2j.
    for _ in 2..n.div_ceil(2) + u32::from(n.is_multiple_of(2)) {
        term *= square * (j + 1.0) / (j + 2.0);
        sum += term;
        j += 2.0;
    }
    if n.is_multiple_of(2) {
        return Some((sine * sum, term * (df - 1.0) * square * cosine / df.sqrt()));
    }
    let angle = t.atan2(df.sqrt());
    if n == 1 {
        return Some((FRAC_2_PI * angle, FRAC_2_PI * square));
    }
    Some((FRAC_2_PI * (angle + sine * cosine * sum), FRAC_2_PI * term * (df - 1.0) * square * square / df.sqrt()))
}

/// Two-sided tail probability of t, for whole `df`; `None` where the density is no help.
///
/// In the middle what the centre leaves of one, which costs two digits at most. Beyond, the continued fraction of the beta distribution,
/// whose factor `x^a y^b / B(a, b)` is t times its density: no logarithm and no gamma function.
pub(super) fn t_two_sided(t: f64, df: f64) -> Option<f64> {
    let t = t.abs();
    let (centre, density) = t_centre(t, df)?;
    if centre < 0.99 {
        return Some(1.0 - centre);
    }
    // The density must not have left the range of numbers before the tail does.
    if t > 1e100 || density < 1e-290 {
        return None;
    }
    let (square, half) = (t * t, 0.5 * df);
    let scale = df + square;
    Some(0.5 * t * density * beta_fraction(half, 0.5, df / scale, square / scale))
}

/// Positive t quantile that leaves `tail` above it, for whole `df` and a tail that is not extreme.
///
/// Halley's method from a start; `None` where it does not settle.
pub(super) fn t_quantile(tail: f64, df: f64, start: f64) -> Option<f64> {
    if !(0.002..0.45).contains(&tail) {
        return None;
    }
    let mut t = start;
    for _ in 0..8 {
        let (centre, density) = t_centre(t, df)?;
        let newton = (1.0 - 2.0 * tail - centre) / density;
        // d ln density / dt = -(df + 1) t / (df + t^2).
        let bend = 0.5 * newton * (df + 1.0) * t / (df + t * t);
        let step = newton / (1.0 - bend).max(0.25);
        t += step;
        if t.is_nan() || t <= 0.0 {
            return None;
        }
        if step.abs() <= 1e-6 * t {
            return Some(t);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::{incomplete_beta, incomplete_gamma};

    #[test]
    fn tails_agree_with_the_incomplete_gamma_function() {
        for df in 1..=200 {
            let df = f64::from(df);
            for x in [1e-8, 0.3, 2.0, 0.7 * df, df, 1.6 * df, 900.0] {
                let (tail, density) = chi_squared_tail(x, df).unwrap();
                let want = incomplete_gamma(0.5 * df, 0.5 * x).upper;
                assert!((tail / want - 1.0).abs() < 1e-12, "{df} {x}: {tail:e} {want:e}");
                let h = 1e-5 * x;
                let slope = (incomplete_gamma(0.5 * df, 0.5 * (x + h)).lower - incomplete_gamma(0.5 * df, 0.5 * (x - h)).lower) / (2.0 * h);
                assert!((density - slope).abs() < 1e-5 * density + 1e-9, "{df} {x}: {density:e} {slope:e}");
            }
        }
    }

    #[test]
    fn the_tails_of_t_agree_with_the_incomplete_beta_function() {
        for df in 1..=200 {
            let df = f64::from(df);
            for i in -20..120 {
                let t = 10f64.powf(f64::from(i) / 20.0);
                let want = incomplete_beta(0.5 * df, 0.5, df / (df + t * t), t * t / (df + t * t)).lower;
                if let Some(tail) = t_two_sided(-t, df) {
                    assert!((tail / want - 1.0).abs() < 1e-12, "{df} {t}: {tail:e} {want:e}");
                }
            }
        }
        assert!(t_two_sided(f64::NAN, 5.0).is_none_or(f64::is_nan));
        assert_eq!(t_two_sided(0.0, 5.0), Some(1.0));
    }

    #[test]
    fn the_centre_of_t_agrees_with_the_incomplete_beta_function() {
        for df in 1..=200 {
            let df = f64::from(df);
            for t in [0.01, 0.7, 1.0, 2.0, 6.0] {
                let (centre, density) = t_centre(t, df).unwrap();
                let want = incomplete_beta(0.5 * df, 0.5, df / (df + t * t), t * t / (df + t * t)).upper;
                assert!((centre - want).abs() < 1e-14, "{df} {t}: {centre} {want}");
                let h = 1e-5;
                let slope = (t_centre(t + h, df).unwrap().0 - t_centre(t - h, df).unwrap().0) / (2.0 * h);
                assert!((density - slope).abs() < 1e-8, "{df} {t}: {density} {slope}");
            }
        }
    }
}
