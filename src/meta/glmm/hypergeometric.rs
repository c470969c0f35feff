//! Fisher's noncentral hypergeometric distribution: the events of one group when the events of both together are known.

use crate::meta::measure::TwoByTwo;
use crate::stats::special::ln_gamma;

/// Terms smaller than this beside the largest are left out.
const SMALLEST: f64 = 1e-20;

/// The margins of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Margins {
    n1: f64,
    n2: f64,
    /// Events of both groups.
    events: f64,
}

impl Margins {
    pub(super) fn of(row: &TwoByTwo) -> Self {
        Self { n1: row.n1, n2: row.n2, events: row.events1 + row.events2 }
    }

    /// Least and greatest number of events that the first group can have.
    fn range(self) -> (f64, f64) {
        ((self.events - self.n2).max(0.0), self.n1.min(self.events))
    }

    /// The likeliest number of events at a log odds ratio. Source: Liao and Rosen (2001).
    fn mode(self, delta: f64) -> f64 {
        let (low, high) = self.range();
        let odds = delta.exp();
        let a = odds - 1.0;
        let b = -((self.events + self.n1 + 2.0) * odds + self.n2 - self.events);
        let c = odds * (self.n1 + 1.0) * (self.events + 1.0);
        let q = -0.5 * (b + (b * b - 4.0 * a * c).max(0.0).sqrt().copysign(b));
        let mode = (c / q).floor();
        if mode.is_nan() { if delta > 0.0 { high } else { low } } else { mode.clamp(low, high) }
    }

    /// Log-likelihood of `x` events at a log odds ratio, with first and second derivative: `x` less its mean, and minus its variance.
    ///
    /// The terms are summed up from the mode to both sides, each from its neighbour, until they no longer count.
    pub(super) fn likelihood(self, x: f64, delta: f64) -> (f64, f64, f64) {
        let (low, high) = self.range();
        let odds = delta.exp();
        let mode = self.mode(delta);
        // From j to j + 1 the probability changes by this factor.
        let up = |j: f64| odds * (self.n1 - j) * (self.events - j) / ((j + 1.0) * (self.n2 - self.events + j + 1.0));
        let (mut mass, mut first, mut second) = (1.0, 0.0, 0.0);
        // The term of the observed number, where the sum comes by it.
        let mut observed = if x == mode { 1.0 } else { 0.0 };
        let mut add = |term: f64, distance: f64| {
            mass += term;
            if distance == x - mode {
                observed = term;
            }
            first += term * distance;
            second += term * distance * distance;
        };
        let (mut term, mut j) = (1.0, mode);
        while j < high && term > SMALLEST {
            term *= up(j);
            j += 1.0;
            add(term, j - mode);
        }
        (term, j) = (1.0, mode);
        while j > low && term > SMALLEST {
            j -= 1.0;
            term /= up(j);
            add(term, j - mode);
        }
        let mean = first / mass;
        let variance = second / mass - mean * mean;
        let value = if observed > 0.0 {
            (observed / mass).ln()
        } else {
            // Too far from the mode to be among the terms.
            let ln_tables = |j: f64| {
                let choose = |n: f64, j: f64| ln_gamma(n + 1.0) - ln_gamma(j + 1.0) - ln_gamma(n - j + 1.0);
                choose(self.n1, j) + choose(self.n2, self.events - j)
            };
            ln_tables(x) - ln_tables(mode) + (x - mode) * delta - mass.ln()
        };
        (value, x - mode - mean, -variance)
    }

    /// The log odds ratio of highest likelihood and its variance; `None` where it is infinite.
    pub(super) fn own_effect(self, x: f64) -> Option<(f64, f64)> {
        let (low, high) = self.range();
        if x <= low || x >= high {
            return None;
        }
        // The unconditional estimate is near.
        let mut delta = (x * (self.n2 - self.events + x) / ((self.n1 - x) * (self.events - x))).ln();
        for _ in 0..100 {
            let (_, slope, bend) = self.likelihood(x, delta);
            let step = (-slope / bend).clamp(-1.0, 1.0);
            delta += step;
            if step.abs() < 1e-12 {
                break;
            }
        }
        Some((delta, -1.0 / self.likelihood(x, delta).2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_and_derivatives_agree_with_differences() {
        for (row, delta) in [(TwoByTwo::new(3.0, 12.0, 5.0, 9.0), 0.7), (TwoByTwo::new(40.0, 900.0, 3.0, 20.0), -1.4)] {
            let margins = Margins::of(&row);
            let (low, high) = margins.range();
            let mut total = 0.0;
            let mut x = low;
            while x <= high {
                total += margins.likelihood(x, delta).0.exp();
                x += 1.0;
            }
            assert!((total - 1.0).abs() < 1e-11, "{total}");
            let value = |delta: f64| margins.likelihood(row.events1, delta).0;
            let (_, slope, bend) = margins.likelihood(row.events1, delta);
            let h = 1e-4;
            assert!((slope - (value(delta + h) - value(delta - h)) / (2.0 * h)).abs() < 1e-6);
            assert!((bend - (value(delta + h) - 2.0 * value(delta) + value(delta - h)) / (h * h)).abs() < 1e-4);
        }
    }

    #[test]
    fn equal_odds_give_the_central_distribution() {
        let margins = Margins { n1: 10.0, n2: 14.0, events: 7.0 };
        let (_, slope, bend) = margins.likelihood(3.0, 0.0);
        assert!((3.0 - slope - 70.0 / 24.0).abs() < 1e-12);
        assert!((-bend - 7.0 * (10.0 / 24.0) * (14.0 / 24.0) * 17.0 / 23.0).abs() < 1e-12);
        assert_eq!(margins.own_effect(0.0), None);
    }

    #[test]
    fn extreme_odds_stay_finite() {
        let margins = Margins { n1: 500.0, n2: 20.0, events: 30.0 };
        for delta in [-700.0, -40.0, 40.0, 700.0] {
            let (value, slope, bend) = margins.likelihood(20.0, delta);
            assert!(value.is_finite() && slope.is_finite() && bend.is_finite(), "{delta}: {value} {slope} {bend}");
        }
    }
}
