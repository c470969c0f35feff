//! The residual space of a meta-regression, on an orthonormal basis of the design.

use super::kernel::{self, Solved};
use crate::meta::tau2::{Moments, ResidualSpace, WeightedMoments};
use crate::stats::linear::{Cholesky, Matrix, weighted_cross_product};

/// A design, its intercept first if it has one, made orthonormal: `X = Q R`, aliased columns dropped.
pub(super) struct Orthonormal {
    pub(super) names: Vec<String>,
    pub(super) aliased: Vec<String>,
    /// Columns of Q.
    pub(super) units: Vec<Vec<f64>>,
    /// Columns of R, down to the diagonal.
    triangle: Vec<Vec<f64>>,
}

impl Orthonormal {
    /// Modified Gram-Schmidt, each column twice.
    pub(super) fn new(k: usize, columns: &[(String, Vec<f64>)], has_intercept: bool) -> Self {
        let intercept = ("intercept".to_owned(), vec![1.0; k]);
        let (mut names, mut aliased) = (Vec::new(), Vec::new());
        let mut basis: Vec<Vec<f64>> = Vec::new();
        let mut triangle: Vec<Vec<f64>> = Vec::new();
        for (name, values) in has_intercept.then_some(&intercept).into_iter().chain(columns) {
            let mut rest = values.clone();
            let mut coefficients = vec![0.0; basis.len()];
            for _ in 0..2 {
                for (unit, coefficient) in basis.iter().zip(&mut coefficients) {
                    let along: f64 = unit.iter().zip(&rest).map(|(a, b)| a * b).sum();
                    *coefficient += along;
                    for (r, u) in rest.iter_mut().zip(unit) {
                        *r -= along * u;
                    }
                }
            }
            let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
            let length = norm(&rest);
            if length.is_nan() || length <= 1e-11 * norm(values) {
                aliased.push(name.clone());
                continue;
            }
            rest.iter_mut().for_each(|x| *x /= length);
            basis.push(rest);
            coefficients.push(length);
            triangle.push(coefficients);
            names.push(name.clone());
        }
        Self { names, aliased, units: basis, triangle }
    }

    /// Returns Q as a matrix.
    pub(super) fn basis(&self) -> Matrix {
        let rows = self.units.first().map_or(0, Vec::len);
        let mut matrix = Matrix::zeros(rows, self.units.len());
        for (j, unit) in self.units.iter().enumerate() {
            for (i, value) in unit.iter().enumerate() {
                matrix.put(i, j, *value);
            }
        }
        matrix
    }

    /// Solves `R b = g`.
    pub(super) fn back(&self, right: &[f64]) -> Vec<f64> {
        let p = right.len();
        let mut b = right.to_vec();
        for i in (0..p).rev() {
            for j in i + 1..p {
                b[i] -= self.triangle[j][i] * b[j];
            }
            b[i] /= self.triangle[i][i];
        }
        b
    }

    /// Returns `scale R^-1 C R^-T`.
    pub(super) fn back_covariance(&self, inverse: &Matrix, scale: f64) -> Vec<Vec<f64>> {
        let p = inverse.rows();
        let half: Vec<Vec<f64>> = (0..p).map(|j| self.back(&(0..p).map(|i| inverse.get(i, j)).collect::<Vec<_>>())).collect();
        // half[j] is column j of R^-1 C; its rows are solved once more.
        let rows: Vec<Vec<f64>> = (0..p).map(|i| self.back(&(0..p).map(|j| half[j][i]).collect::<Vec<_>>())).collect();
        rows.into_iter().map(|row| row.into_iter().map(|x| scale * x).collect()).collect()
    }
}

/// The residual space of a meta-regression on an orthonormal design.
pub(super) struct RegressionSpace<'a> {
    pub(super) yi: &'a [f64],
    pub(super) vi: &'a [f64],
    pub(super) basis: &'a Matrix,
}

impl RegressionSpace<'_> {
    fn weights(&self, tau2: f64) -> Vec<f64> {
        self.vi.iter().map(|v| 1.0 / (v + tau2)).collect()
    }

    /// Coefficients on the basis, inverse of `Q' A Q`, and residuals, for weights A.
    fn solve_with(&self, weights: &[f64]) -> Option<(Vec<f64>, Matrix, Vec<f64>, Cholesky)> {
        let factor = Cholesky::new(&weighted_cross_product(self.basis, weights))?;
        let right = self.project(&weights.iter().zip(self.yi).map(|(w, y)| w * y).collect::<Vec<_>>());
        let coefficients = factor.solve(&right);
        let fitted = self.basis.times_vector(&coefficients);
        let residuals = self.yi.iter().zip(&fitted).map(|(y, f)| y - f).collect();
        Some((coefficients, factor.inverse(), residuals, factor))
    }

    /// `Q' u`.
    fn project(&self, u: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.basis.columns()];
        for (i, u) in u.iter().enumerate() {
            for (sum, q) in sums.iter_mut().zip(self.basis.row(i)) {
                *sum += u * q;
            }
        }
        sums
    }

    pub(super) fn solve(&self, tau2: f64) -> Option<(Vec<f64>, Matrix, f64)> {
        let weights = self.weights(tau2);
        let (coefficients, inverse, residuals, _) = self.solve_with(&weights)?;
        let q = weights.iter().zip(&residuals).map(|(w, r)| w * r * r).sum();
        Some((coefficients, inverse, q))
    }

    /// Moments for general weights.
    fn moments_of(&self, a: &[f64]) -> WeightedMoments {
        let nothing = f64::NAN;
        let Some((_, inverse, residuals, _)) = self.solve_with(a) else {
            return WeightedMoments {
                q: nothing,
                trace: nothing,
                trace_v: nothing,
                trace_vv: nothing,
                trace_pv: nothing,
                trace_pp: nothing,
            };
        };
        let power = |i: i32, j: i32| a.iter().zip(self.vi).map(|(a, v)| a.powi(i) * v.powi(j)).collect::<Vec<f64>>();
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let (a2, a2v) = (power(2, 0), power(2, 1));
        let (second, second_v) = (self.reduced(&inverse, &a2), self.reduced(&inverse, &a2v));
        let third = |j: i32| self.reduced(&inverse, &power(3, j)).trace();
        WeightedMoments {
            q: a.iter().zip(&residuals).map(|(a, r)| a * r * r).sum(),
            trace: sum(a) - second.trace(),
            trace_v: sum(&power(1, 1)) - second_v.trace(),
            trace_vv: sum(&power(2, 2)) - 2.0 * third(2) + second_v.times(&second_v).trace(),
            trace_pv: sum(&a2v) - 2.0 * third(1) + second.times(&second_v).trace(),
            trace_pp: sum(&a2) - 2.0 * third(0) + second.times(&second).trace(),
        }
    }

    /// `Q' diag(d) Q` times the inverse.
    fn reduced(&self, inverse: &Matrix, diagonal: &[f64]) -> Matrix {
        inverse.times(&weighted_cross_product(self.basis, diagonal))
    }
}

/// A model with few coefficients, everything on the stack.
pub(super) struct SmallSpace<'a, const P: usize> {
    pub(super) yi: &'a [f64],
    pub(super) vi: &'a [f64],
    /// Orthonormal columns of the design.
    pub(super) columns: [&'a [f64]; P],
}

impl<const P: usize> SmallSpace<'_, P> {
    pub(super) fn solve(&self, tau2: f64) -> Solved<P> {
        kernel::solve(self.yi, self.vi, &self.columns, tau2)
    }

    /// Full and restricted log-likelihood of a solved model.
    pub(super) fn log_likelihoods(&self, tau2: f64, solved: &Solved<P>) -> [f64; 2] {
        let full = likelihood(self.vi, tau2, None, solved.moments.q1);
        let ln_2_pi = (2.0 * std::f64::consts::PI).ln();
        [full, full + 0.5 * (P as f64 * ln_2_pi - solved.determinant.ln())]
    }
}

impl<const P: usize> ResidualSpace for SmallSpace<'_, P> {
    fn yi(&self) -> &[f64] {
        self.yi
    }

    fn vi(&self) -> &[f64] {
        self.vi
    }

    fn p(&self) -> usize {
        P
    }

    fn moments(&self, tau2: f64) -> Moments {
        self.solve(tau2).moments
    }

    fn weighted_moments(&self, weight: impl Fn(f64) -> f64) -> WeightedMoments {
        let rows: Vec<Vec<f64>> = (0..self.yi.len()).map(|i| self.columns.map(|column| column[i]).to_vec()).collect();
        let weights: Vec<f64> = self.vi.iter().map(|v| weight(*v)).collect();
        RegressionSpace { yi: self.yi, vi: self.vi, basis: &Matrix::from_rows(&rows) }.moments_of(&weights)
    }

    fn sum_of_squares(&self) -> f64 {
        let along = self.columns.map(|column| self.yi.iter().zip(column).map(|(y, q)| y * q).sum::<f64>());
        let residual = |(i, y): (usize, &f64)| self.columns.iter().zip(&along).fold(*y, |r, (column, a)| r - a * column[i]);
        self.yi.iter().enumerate().map(residual).map(|r| r * r).sum()
    }

    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64 {
        self.log_likelihoods(tau2, &self.solve(tau2))[usize::from(restricted)]
    }
}

/// Log-likelihood from the weighted sum of squared residuals; restricted when the number of coefficients and the logarithm of the
/// determinant of `Q' W Q` are given. With X = Q R, `ln|X'X| - ln|X'WX|` is `-ln|Q'WQ|`.
fn likelihood(vi: &[f64], tau2: f64, restricted: Option<(usize, f64)>, q: f64) -> f64 {
    let logs: f64 = vi.iter().map(|v| (v + tau2).ln()).sum();
    let ln_2_pi = (2.0 * std::f64::consts::PI).ln();
    let (p, ln_determinant) = restricted.unwrap_or((0, 0.0));
    -0.5 * ((vi.len() - p) as f64 * ln_2_pi + logs + ln_determinant + q)
}

impl ResidualSpace for RegressionSpace<'_> {
    fn yi(&self) -> &[f64] {
        self.yi
    }

    fn vi(&self) -> &[f64] {
        self.vi
    }

    fn p(&self) -> usize {
        self.basis.columns()
    }

    fn moments(&self, tau2: f64) -> Moments {
        let weights = self.weights(tau2);
        let Some((_, inverse, residuals, _)) = self.solve_with(&weights) else {
            return Moments::NONE;
        };
        let (mut q1, mut q2, mut q3, mut sum1, mut sum2) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let mut wu = Vec::with_capacity(weights.len());
        for (w, r) in weights.iter().zip(&residuals) {
            let u = w * r;
            q1 += u * r;
            q2 += u * u;
            q3 += w * u * u;
            sum1 += w;
            sum2 += w * w;
            wu.push(w * u);
        }
        let along = self.project(&wu);
        let squares: Vec<f64> = weights.iter().map(|w| w * w).collect();
        let cubes: Vec<f64> = weights.iter().map(|w| w * w * w).collect();
        let second = self.reduced(&inverse, &squares);
        Moments {
            mean: f64::NAN,
            mean_slope: f64::NAN,
            q1,
            q2,
            q3: q3 - inverse.form(&along, &along),
            trace1: sum1 - second.trace(),
            trace2: sum2 - 2.0 * self.reduced(&inverse, &cubes).trace() + second.times(&second).trace(),
            sum1,
            sum2,
        }
    }

    fn weighted_moments(&self, weight: impl Fn(f64) -> f64) -> WeightedMoments {
        self.moments_of(&self.vi.iter().map(|v| weight(*v)).collect::<Vec<f64>>())
    }

    fn sum_of_squares(&self) -> f64 {
        let along = self.project(self.yi);
        let fitted = self.basis.times_vector(&along);
        self.yi.iter().zip(&fitted).map(|(y, f)| (y - f) * (y - f)).sum()
    }

    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64 {
        let weights = self.weights(tau2);
        let Some((_, _, residuals, factor)) = self.solve_with(&weights) else {
            return f64::NAN;
        };
        let q: f64 = weights.iter().zip(&residuals).map(|(w, r)| w * r * r).sum();
        likelihood(self.vi, tau2, restricted.then(|| (self.basis.columns(), factor.ln_determinant())), q)
    }
}
