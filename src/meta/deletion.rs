//! Fits without one study at a time, for leave-one-out analyses and deletion diagnostics.
//!
//! What all those fits share is computed once: the sums over the studies at `tau2 = 0`, from which each study is taken away in turn (and
//! which are summed anew where that would cost digits), and the estimate of tau2 from all studies, near which the others lie.

use super::fit::{Fit, fit_from, fit_near};
use super::tau2::{PowerSums, Tau2Method};

/// The studies of an analysis, ready to lose one at a time.
pub(super) struct Deletion {
    /// Effects and variances; the study that is left out stands last.
    yi: Vec<f64>,
    vi: Vec<f64>,
    tau2: Option<Tau2Method>,
    sums: PowerSums,
    start: f64,
}

impl Deletion {
    /// Makes it ready; `full` is the fit to all studies.
    pub(super) fn new(yi: &[f64], vi: &[f64], tau2: Option<Tau2Method>, full: &Fit) -> Self {
        let centre = if full.tau2 == 0.0 { full.estimate } else { super::fit::fit(yi, vi, None).estimate };
        Self { yi: yi.to_vec(), vi: vi.to_vec(), tau2, sums: PowerSums::new(yi, vi, 0.0, centre), start: full.tau2 }
    }

    /// Fits the model without the study at place `i`.
    pub(super) fn without(&mut self, i: usize) -> Fit {
        let last = self.yi.len() - 1;
        let (y, v) = (self.yi[i], self.vi[i]);
        self.yi.swap(i, last);
        self.vi.swap(i, last);
        let (rest_y, rest_v) = (&self.yi[..last], &self.vi[..last]);
        let fit = match self.sums.without(1.0 / v, y).moments(&self.sums) {
            Some(common) if last > 1 => fit_from(rest_y, rest_v, self.tau2, &common, Some(self.start)),
            _ => fit_near(rest_y, rest_v, self.tau2, Some(self.start)),
        };
        self.yi.swap(i, last);
        self.vi.swap(i, last);
        fit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::fit::fit;

    #[test]
    fn a_fit_without_a_study_is_the_fit_to_the_others_however_heavy_it_was() {
        let mut state = 5_u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / (1_u64 << 31) as f64
        };
        for round in 0..400 {
            let k = 2 + round % 11;
            let yi: Vec<f64> = (0..k).map(|_| 3.0 * random() - 1.0).collect();
            let vi: Vec<f64> = (0..k).map(|_| 10f64.powf(-6.0 * random())).collect();
            for method in [None, Some(Tau2Method::DerSimonianLaird), Some(Tau2Method::RestrictedMaximumLikelihood)] {
                let mut deletion = Deletion::new(&yi, &vi, method, &fit(&yi, &vi, method));
                for i in 0..k {
                    let others = |values: &[f64]| values.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, x)| *x).collect::<Vec<f64>>();
                    let (got, want) = (deletion.without(i), fit(&others(&yi), &others(&vi), method));
                    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1e-6 + b.abs()) || a.is_nan() && b.is_nan();
                    assert!(near(got.estimate, want.estimate) && near(got.se, want.se) && near(got.q, want.q), "{got:?} {want:?}");
                    assert!(near(got.tau2, want.tau2) && near(got.typical_variance, want.typical_variance), "{got:?} {want:?}");
                }
            }
        }
    }
}
