//! Weighted sums of chi-squared variables.

use std::f64::consts::PI;

use crate::stats::root;
use crate::stats::special::{incomplete_gamma, poisson_density};

/// Returns the probability that a weighted sum of independent chi-squared variables with one degree of freedom exceeds `q`.
///
/// Weights that are not positive are left out; no weights give 0 for `q >= 0`. Series of Ruben (1962) as organised by Farebrother
/// (1984), AS 204; where its first coefficient underflows (many weights of very different size), Imhof's (1961) integral.
pub fn chi_squared_mixture_sf(q: f64, weights: &[f64]) -> f64 {
    let weights: Vec<f64> = weights.iter().copied().filter(|w| *w > 0.0).collect();
    let Some(smallest) = weights.iter().copied().reduce(f64::min) else {
        return if q < 0.0 { 1.0 } else { 0.0 };
    };
    if q <= 0.0 {
        return 1.0;
    }
    let beta = smallest * 0.90625;
    let ln_first: f64 = weights.iter().map(|w| 0.5 * (beta / w).ln()).sum();
    let largest = weights.iter().copied().fold(0.0, f64::max);
    if ln_first < -600.0 || largest > 2000.0 * smallest {
        return imhof(q, &weights);
    }
    let n = weights.len() as f64;
    let theta: Vec<f64> = weights.iter().map(|w| 1.0 - beta / w).collect();
    let mut powers = vec![1.0; theta.len()];
    let half = 0.5 * q / beta;
    let mut coefficients = vec![ln_first.exp()];
    let mut halves: Vec<f64> = Vec::new();
    let mut total = coefficients[0];
    let tails = incomplete_gamma(0.5 * n, half);
    let (mut upper, mut lower) = (tails.upper, tails.lower);
    let mut sum = coefficients[0] * upper;
    for m in 1..100_000_usize {
        for (power, t) in powers.iter_mut().zip(&theta) {
            *power *= t;
        }
        halves.push(0.5 * powers.iter().sum::<f64>());
        let convolution: f64 = halves.iter().rev().zip(&coefficients).map(|(b, a)| a * b).sum();
        let coefficient = convolution / m as f64;
        coefficients.push(coefficient);
        total += coefficient;
        // Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1).
        let step = poisson_density(0.5 * n + (m - 1) as f64, half);
        upper += step;
        lower = (lower - step).max(0.0);
        sum += coefficient * upper;
        if (1.0 - total) * lower < 1e-15 && m > 2 {
            break;
        }
    }
    (sum + (1.0 - total).max(0.0)).clamp(0.0, 1.0)
}

/// Imhof's inversion integral, with the trapezoidal rule on doubled ranges until two refinements agree.
fn imhof(q: f64, weights: &[f64]) -> f64 {
    let scale: f64 = weights.iter().sum::<f64>() / weights.len() as f64;
    let lambda: Vec<f64> = weights.iter().map(|w| w / scale).collect();
    let q = q / scale;
    let integrand = |u: f64| {
        if u == 0.0 {
            return 0.5 * (lambda.iter().sum::<f64>() - q);
        }
        let angle = 0.5 * (lambda.iter().map(|l| (l * u).atan()).sum::<f64>() - q * u);
        let ln_radius: f64 = 0.25 * lambda.iter().map(|l| (l * u * l * u).ln_1p()).sum::<f64>();
        angle.sin() / u * (-ln_radius).exp()
    };
    // Upper limit: where the bound 2 / (pi k u^(k/2) prod sqrt(lambda)) on the rest falls under 1e-13.
    let k = lambda.len() as f64;
    let bound = |u: f64| {
        let ln_rest = (2.0 / (PI * k)).ln() - 0.25 * lambda.iter().map(|l| (l * u * l * u).ln_1p()).sum::<f64>();
        ln_rest < -30.0
    };
    let end = root::grow_until(bound, 1.0, 1.5).unwrap_or(1e6).min(1e7);
    // Gauss-Legendre panels in ln(1 + u), narrow enough to follow the oscillation of frequency q / 2.
    let mut previous = f64::NAN;
    let mut panels = 64_usize;
    loop {
        let width = end.ln_1p() / panels as f64;
        let mut sum = 0.0;
        for i in 0..panels {
            let middle = (i as f64 + 0.5) * width;
            for (node, weight) in GAUSS_10 {
                for side in [-1.0, 1.0] {
                    let s = middle + side * node * 0.5 * width;
                    sum += weight * integrand(s.exp_m1()) * s.exp() * 0.5 * width;
                }
            }
        }
        let value = 0.5 + sum / PI;
        if (value - previous).abs() < 1e-13 || panels > 100_000 {
            return value.clamp(0.0, 1.0);
        }
        previous = value;
        panels *= 2;
    }
}

/// Nodes and weights of the ten-point Gauss-Legendre rule on -1 to 1 (positive half).
pub(crate) const GAUSS_10: [(f64, f64); 5] = [
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
    fn imhof_and_the_series_agree() {
        let weights = [0.01, 0.2, 0.5, 0.9, 4.0];
        for q in [0.5, 3.0, 12.0] {
            let (series, integral) = (chi_squared_mixture_sf(q, &weights), imhof(q, &weights));
            assert!((series - integral).abs() < 1e-11, "{q}: {series} {integral}");
        }
    }
}
