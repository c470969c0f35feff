//! The bivariate model of the counts themselves: two binomials a study, their logits normal between studies. No correction for zeros.
//!
//! The integral over the two logits of a study is Laplace's approximation at its mode, as in lme4 `glmer`.
//! Source: Chu and Cole (2006); Harbord and others (2007).

use super::{Accuracy, AccuracyRow, bivariate, covariance_of};
use crate::meta::result::MetaError;
use crate::stats::linear::{Cholesky, Matrix};
use crate::stats::optimise;
use crate::stats::special::ln_gamma;

/// Means of both logits, then the lower triangular root of their covariance: first, across, second.
type Parameters = [f64; 5];

/// Events among trials.
#[derive(Debug, Clone, Copy)]
struct Share {
    events: f64,
    trials: f64,
}

impl Share {
    /// Log-likelihood but for its constant, its derivative and the negative of its second derivative at a logit.
    fn at(self, logit: f64) -> [f64; 3] {
        let (p, ln_odds) = (1.0 / (1.0 + (-logit).exp()), if logit > 0.0 { logit + (-logit).exp().ln_1p() } else { logit.exp().ln_1p() });
        [self.events * logit - self.trials * ln_odds, self.events - self.trials * p, self.trials * p * (1.0 - p)]
    }

    /// Logarithm of the number of ways.
    fn ln_ways(self) -> f64 {
        ln_gamma(self.trials + 1.0) - ln_gamma(self.events + 1.0) - ln_gamma(self.trials - self.events + 1.0)
    }
}

/// Fits the bivariate binomial model by maximum likelihood.
///
/// **Shape**: one row per study; a study may have no one with, or without, the condition. **Scale**: logits; `covariance` is that of the
/// two pooled logits, `tau2` and `rho` describe the studies.
/// **Errors**: [`MetaError::TooFew`] for fewer than three studies with people in them; [`MetaError::NoConvergence`] where the likelihood has
/// no maximum, as with no event on one side.
/// **Source**: Chu and Cole (2006); lme4 `glmer(cbind(events, others) ~ side - 1 + (side - 1 | study), family = binomial)`.
pub fn bivariate_counts(rows: &[AccuracyRow]) -> Result<Accuracy, MetaError> {
    let is_count = |row: &&AccuracyRow| [row.tp, row.fn_, row.fp, row.tn].iter().all(|cell| cell.is_finite() && *cell >= 0.0);
    let rows: Vec<AccuracyRow> = rows.iter().filter(is_count).filter(|row| row.tp + row.fn_ + row.fp + row.tn > 0.0).copied().collect();
    let failure = MetaError::NoConvergence { what: "the bivariate model of the counts" };
    let studies: Vec<[Share; 2]> = rows
        .iter()
        .map(|row| [Share { events: row.tp, trials: row.tp + row.fn_ }, Share { events: row.tn, trials: row.tn + row.fp }])
        .collect();
    for side in 0..2 {
        let events: f64 = studies.iter().map(|study| study[side].events).sum();
        let trials: f64 = studies.iter().map(|study| study[side].trials).sum();
        if events <= 0.0 || events >= trials {
            return Err(failure);
        }
    }
    let normal = bivariate(&rows, false)?;
    let likelihood = |theta: &[f64]| studies.iter().map(|study| laplace(study, theta)).sum::<f64>();
    let spread = normal.tau2.map(|tau2| tau2.max(0.05).sqrt());
    let rho = if normal.rho.is_finite() { normal.rho.clamp(-0.9, 0.9) } else { 0.0 };
    let start: Parameters = [normal.logits[0], normal.logits[1], spread[0], rho * spread[1], (1.0 - rho * rho).sqrt() * spread[1]];
    // Where Newton's method does not settle, as at a correlation of one, a search that needs no derivatives.
    let found = newton(&likelihood, &start).unwrap_or_else(|| optimise::maximise_many(likelihood, &start, &[0.3; 5]));
    let information = information(&likelihood, &found);
    let inverse = match Cholesky::new(&information) {
        Some(factor) => factor.inverse(),
        // A variance of zero, or a correlation of one: the means alone.
        None => Cholesky::new(&information.block(&[0, 1], &[0, 1])).ok_or(failure)?.inverse(),
    };
    let [first, second, between] = covariance_of(&found[2..]);
    Ok(Accuracy {
        logits: [found[0], found[1]],
        se: [inverse.get(0, 0).sqrt(), inverse.get(1, 1).sqrt()],
        covariance: inverse.get(0, 1),
        tau2: [first, second],
        rho: between / (first * second).sqrt(),
        log_likelihood: likelihood(&found) + studies.iter().flatten().map(|share| share.ln_ways()).sum::<f64>(),
    })
}

/// Laplace's approximation of a study's log-likelihood, but for the ways: at the mode over two standard normal variables, of which the
/// root of the covariance makes the logits.
fn laplace(study: &[Share; 2], theta: &[f64]) -> f64 {
    let root = [[theta[2], 0.0], [theta[3], theta[4]]];
    // Value, gradient and negative Hessian.
    let at = |b: [f64; 2]| {
        let sides = [0, 1].map(|side: usize| study[side].at(theta[side] + root[side][0] * b[0] + root[side][1] * b[1]));
        let value = sides[0][0] + sides[1][0] - 0.5 * (b[0] * b[0] + b[1] * b[1]);
        let gradient = [0, 1].map(|j: usize| root[0][j] * sides[0][1] + root[1][j] * sides[1][1] - b[j]);
        let bend = |i: usize, j: usize| root[0][i] * root[0][j] * sides[0][2] + root[1][i] * root[1][j] * sides[1][2];
        (value, gradient, [bend(0, 0) + 1.0, bend(0, 1), bend(1, 1) + 1.0])
    };
    let mut b = [0.0; 2];
    let (mut value, mut gradient, mut bend) = at(b);
    for _ in 0..60 {
        let determinant = bend[0] * bend[2] - bend[1] * bend[1];
        let step =
            [(bend[2] * gradient[0] - bend[1] * gradient[1]) / determinant, (bend[0] * gradient[1] - bend[1] * gradient[0]) / determinant];
        // The function is concave: Newton's step, halved where it overshoots.
        let mut size = 1.0;
        let next = loop {
            let there = [b[0] + size * step[0], b[1] + size * step[1]];
            let found = at(there);
            if found.0 >= value || size < 1e-6 {
                b = there;
                break found;
            }
            size *= 0.5;
        };
        let gain = next.0 - value;
        (value, gradient, bend) = next;
        if gain.abs() <= 1e-14 * (1.0 + value.abs()) {
            break;
        }
    }
    value - 0.5 * (bend[0] * bend[2] - bend[1] * bend[1]).ln()
}

/// Climbs to a maximum by Newton's method with differences for derivatives, steps halved where they overshoot; `None` where the
/// function is not curved downwards or the steps do not end.
fn newton(f: &impl Fn(&[f64]) -> f64, start: &[f64]) -> Option<Vec<f64>> {
    const WIDTH: f64 = 1e-4;
    let mut x = start.to_vec();
    let mut value = f(&x);
    for _ in 0..40 {
        let slope: Vec<f64> =
            (0..x.len()).map(|i| (f(&moved(&x, (i, WIDTH), (i, 0.0))) - f(&moved(&x, (i, -WIDTH), (i, 0.0)))) / (2.0 * WIDTH)).collect();
        let step = Cholesky::new(&information(f, &x))?.solve(&slope);
        let promised: f64 = step.iter().zip(&slope).map(|(step, slope)| step * slope).sum();
        if promised < 1e-11 * (1.0 + value.abs()) {
            return Some(x);
        }
        let halved = (0..30).find_map(|halvings| {
            let size = 0.5_f64.powi(halvings);
            let there: Vec<f64> = x.iter().zip(&step).map(|(x, step)| x + size * step).collect();
            let reached = f(&there);
            (reached > value).then_some((there, reached))
        });
        (x, value) = halved?;
    }
    None
}

fn moved(x: &[f64], (i, a): (usize, f64), (j, b): (usize, f64)) -> Vec<f64> {
    let mut moved = x.to_vec();
    moved[i] += a;
    moved[j] += b;
    moved
}

/// The negative of the matrix of second derivatives, by central differences.
fn information(f: &impl Fn(&[f64]) -> f64, x: &[f64]) -> Matrix {
    const WIDTH: f64 = 1e-3;
    let at = |i: usize, a: f64, j: usize, b: f64| f(&moved(x, (i, a * WIDTH), (j, b * WIDTH)));
    let mut matrix = Matrix::zeros(x.len(), x.len());
    for i in 0..x.len() {
        for j in 0..=i {
            let mixed = at(i, 1.0, j, 1.0) - at(i, 1.0, j, -1.0) - at(i, -1.0, j, 1.0) + at(i, -1.0, j, -1.0);
            let value = -mixed / (4.0 * WIDTH * WIDTH);
            matrix.put(i, j, value);
            matrix.put(j, i, value);
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(tp: f64, fn_: f64, fp: f64, tn: f64) -> AccuracyRow {
        AccuracyRow { tp, fn_, fp, tn }
    }

    #[test]
    fn equal_studies_give_the_shares_of_their_sums() {
        let found = bivariate_counts(&[row(40.0, 10.0, 5.0, 95.0); 4]).unwrap();
        assert!((found.logits[0] - 4f64.ln()).abs() < 1e-5 && (found.logits[1] - 19f64.ln()).abs() < 1e-5, "{found:?}");
        assert!(found.tau2.iter().all(|tau2| *tau2 < 1e-6), "{found:?}");
        // Binomial standard errors of the summed counts.
        assert!((found.se[0] / (1.0 / 160.0 + 1.0 / 40.0_f64).sqrt() - 1.0).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn large_counts_come_to_the_normal_model() {
        let rows: Vec<AccuracyRow> = [(0.7, 0.9), (0.8, 0.85), (0.9, 0.7), (0.6, 0.95), (0.85, 0.8), (0.75, 0.9)]
            .iter()
            .map(|(sensitivity, specificity)| {
                let n = 200_000.0;
                row(n * sensitivity, n * (1.0 - sensitivity), n * (1.0 - specificity), n * specificity)
            })
            .collect();
        let (counts, normal) = (bivariate_counts(&rows).unwrap(), bivariate(&rows, false).unwrap());
        for (a, b) in
            counts.logits.iter().chain(&counts.se).chain(&counts.tau2).zip(normal.logits.iter().chain(&normal.se).chain(&normal.tau2))
        {
            assert!((a - b).abs() < 2e-4 * (1.0 + b.abs()), "{counts:?} {normal:?}");
        }
        assert!((counts.rho - normal.rho).abs() < 2e-3, "{} {}", counts.rho, normal.rho);
    }

    #[test]
    fn exchanging_the_sides_exchanges_the_results() {
        let rows = [
            row(9.0, 0.0, 2.0, 30.0),
            row(12.0, 4.0, 0.0, 41.0),
            row(20.0, 3.0, 5.0, 60.0),
            row(0.0, 0.0, 1.0, 12.0),
            row(15.0, 9.0, 3.0, 33.0),
        ];
        let turned = rows.map(|r| row(r.tn, r.fp, r.fn_, r.tp));
        let (a, b) = (bivariate_counts(&rows).unwrap(), bivariate_counts(&turned).unwrap());
        for side in 0..2 {
            assert!((a.logits[side] - b.logits[1 - side]).abs() < 1e-3 && (a.tau2[side] - b.tau2[1 - side]).abs() < 1e-2, "{a:?} {b:?}");
        }
        assert!((a.log_likelihood - b.log_likelihood).abs() < 1e-5, "{a:?} {b:?}");
    }

    #[test]
    fn data_without_a_maximum_are_refused() {
        assert!(matches!(bivariate_counts(&[row(9.0, 0.0, 2.0, 30.0); 3]), Err(MetaError::NoConvergence { .. })));
        assert!(bivariate_counts(&[row(9.0, 1.0, 2.0, 30.0); 2]).is_err());
        assert!(bivariate_counts(&[row(f64::NAN, 1.0, 2.0, 30.0); 5]).is_err());
    }

    #[test]
    fn ultrasound_of_the_leg_as_lme4_fits_it() {
        // Kearon and others (1998): lme4 glmer, Laplace.
        let text = include_str!("../../../tests/data/pooling/kearon1998.csv");
        let head: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let place = |name: &str| head.iter().position(|column| *column == name).unwrap();
        let rows: Vec<AccuracyRow> = text
            .lines()
            .skip(1)
            .filter_map(|line| {
                let cells: Vec<Option<f64>> = line.split(',').map(|cell| cell.parse().ok()).collect();
                let cell = |name: &str| cells[place(name)];
                Some(row(cell("tp")?, cell("fn")?, cell("fp")?, cell("tn")?))
            })
            .collect();
        let found = bivariate_counts(&rows).unwrap();
        for (got, want) in [(found.logits[0], 1.22966), (found.logits[1], 3.49662), (found.se[0], 0.27417), (found.se[1], 0.28053)] {
            assert!((got / want - 1.0).abs() < 1e-3, "{got} {want}");
        }
        assert!((found.log_likelihood + 174.559_25).abs() < 1e-3, "{}", found.log_likelihood);
    }
}
