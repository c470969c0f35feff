//! The residual space of a meta-regression, on an orthonormal basis of the design.

use crate::meta::tau2::{Moments, ResidualSpace, WeightedMoments, with_weights};
use crate::stats::linear::{Cholesky, Matrix, weighted_cross_product};

/// A design with an intercept, made orthonormal: `X = Q R`, aliased columns dropped.
pub(super) struct Orthonormal {
    pub(super) names: Vec<String>,
    pub(super) aliased: Vec<String>,
    pub(super) basis: Matrix,
    /// Upper triangular, by rows.
    triangle: Matrix,
}

impl Orthonormal {
    /// Modified Gram-Schmidt, each column twice.
    pub(super) fn new(k: usize, columns: &[(String, Vec<f64>)]) -> Self {
        let intercept = ("intercept".to_owned(), vec![1.0; k]);
        let (mut names, mut aliased) = (Vec::new(), Vec::new());
        let mut basis: Vec<Vec<f64>> = Vec::new();
        let mut triangle: Vec<Vec<f64>> = Vec::new();
        for (name, values) in std::iter::once(&intercept).chain(columns) {
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
            basis.push(rest.iter().map(|x| x / length).collect());
            coefficients.push(length);
            triangle.push(coefficients);
            names.push(name.clone());
        }
        let p = basis.len();
        let mut matrix = Matrix::zeros(k, p);
        let mut upper = Matrix::zeros(p, p);
        for (j, unit) in basis.iter().enumerate() {
            for (i, value) in unit.iter().enumerate() {
                matrix.put(i, j, *value);
            }
            for (i, value) in triangle[j].iter().enumerate() {
                upper.put(i, j, *value);
            }
        }
        Self { names, aliased, basis: matrix, triangle: upper }
    }

    /// Solves `R b = g`.
    pub(super) fn back(&self, right: &[f64]) -> Vec<f64> {
        let p = right.len();
        let mut b = right.to_vec();
        for i in (0..p).rev() {
            for j in i + 1..p {
                b[i] -= self.triangle.get(i, j) * b[j];
            }
            b[i] /= self.triangle.get(i, i);
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

    /// `Q' diag(d) Q` times the inverse.
    fn reduced(&self, inverse: &Matrix, diagonal: &[f64]) -> Matrix {
        inverse.times(&weighted_cross_product(self.basis, diagonal))
    }
}

impl RegressionSpace<'_> {
    /// The moments on the stack, for few columns; without `all`, only what the score needs.
    fn small_moments(&self, tau2: f64, all: bool) -> Moments {
        let p = self.basis.columns();
        with_weights(self.vi, tau2, |weights| {
            let mut system = Small::default();
            let mut right = [0.0; SMALL];
            for (i, (&w, &y)) in weights.iter().zip(self.yi).enumerate() {
                let row = self.basis.row(i);
                system.add(p, w, row);
                for (r, q) in right.iter_mut().zip(row) {
                    *r += w * y * q;
                }
            }
            let inverse = system.inverse(p);
            let coefficients = inverse.times(p, &right);
            let (mut second, mut third) = (Small::default(), Small::default());
            let (mut q1, mut q2, mut q3, mut sum1, mut sum2) = (0.0, 0.0, 0.0, 0.0, 0.0);
            let mut along = [0.0; SMALL];
            for (i, (&w, &y)) in weights.iter().zip(self.yi).enumerate() {
                let row = self.basis.row(i);
                let fitted: f64 = row.iter().zip(&coefficients).map(|(q, c)| q * c).sum();
                let r = y - fitted;
                let u = w * r;
                q1 += u * r;
                q2 += u * u;
                sum1 += w;
                sum2 += w * w;
                second.add(p, w * w, row);
                if all {
                    q3 += w * u * u;
                    third.add(p, w * w * w, row);
                    for (a, q) in along.iter_mut().zip(row) {
                        *a += w * u * q;
                    }
                }
            }
            let trace1 = sum1 - inverse.trace_with(p, &second);
            if !all {
                return Moments { q1, q2, q3: f64::NAN, trace1, trace2: f64::NAN, sum1, sum2 };
            }
            let turned = inverse.times(p, &along);
            Moments {
                q1,
                q2,
                q3: q3 - along[..p].iter().zip(&turned).map(|(a, b)| a * b).sum::<f64>(),
                trace1,
                trace2: sum2 - 2.0 * inverse.trace_with(p, &third) + inverse.trace_of_square(p, &second),
                sum1,
                sum2,
            }
        })
    }
}

/// Most columns for which matrices live on the stack.
const SMALL: usize = 6;

/// A symmetric matrix of at most [`SMALL`] rows; both triangles are kept, only the lower one while it is summed up.
#[derive(Clone, Copy, Default)]
struct Small([[f64; SMALL]; SMALL]);

impl Small {
    /// Adds `weight x x'` to the lower triangle.
    fn add(&mut self, p: usize, weight: f64, x: &[f64]) {
        for (i, line) in self.0.iter_mut().take(p).enumerate() {
            let factor = weight * x[i];
            for (cell, x) in line.iter_mut().zip(&x[..=i]) {
                *cell += factor * x;
            }
        }
    }

    /// Inverse by Cholesky of the lower triangle; NaN when not positive definite.
    fn inverse(&self, p: usize) -> Self {
        let mut lower = [[0.0; SMALL]; SMALL];
        for i in 0..p {
            for j in 0..=i {
                let known: f64 = lower[i][..j].iter().zip(&lower[j][..j]).map(|(a, b)| a * b).sum();
                let rest = self.0[i][j] - known;
                lower[i][j] = if i == j { rest.sqrt() } else { rest / lower[j][j] };
            }
        }
        // L^-1 by rows, then L^-T L^-1.
        let mut inverse_lower = [[0.0; SMALL]; SMALL];
        for i in 0..p {
            for j in 0..=i {
                let known: f64 = lower[i][j..i].iter().zip(&inverse_lower[j..i]).map(|(a, line)| a * line[j]).sum();
                inverse_lower[i][j] = (if i == j { 1.0 } else { 0.0 } - known) / lower[i][i];
            }
        }
        let mut inverse = Self::default();
        for i in 0..p {
            for j in 0..p {
                inverse.0[i][j] = (i.max(j)..p).map(|l| inverse_lower[l][i] * inverse_lower[l][j]).sum();
            }
        }
        inverse
    }

    fn times(&self, p: usize, x: &[f64; SMALL]) -> [f64; SMALL] {
        let mut product = [0.0; SMALL];
        for (cell, line) in product.iter_mut().zip(&self.0).take(p) {
            *cell = line[..p].iter().zip(x).map(|(a, b)| a * b).sum();
        }
        product
    }

    /// Trace of the product of a full symmetric matrix with one of which only the lower triangle is known.
    fn trace_with(&self, p: usize, other: &Self) -> f64 {
        let mut trace = 0.0;
        for i in 0..p {
            for j in 0..i {
                trace += 2.0 * self.0[i][j] * other.0[i][j];
            }
            trace += self.0[i][i] * other.0[i][i];
        }
        trace
    }

    /// `tr (C B)^2` for full C and lower B.
    fn trace_of_square(&self, p: usize, other: &Self) -> f64 {
        let full = |i: usize, j: usize| if i >= j { other.0[i][j] } else { other.0[j][i] };
        let mut product = [[0.0; SMALL]; SMALL];
        for (i, line) in product.iter_mut().enumerate().take(p) {
            for (j, cell) in line.iter_mut().enumerate().take(p) {
                *cell = (0..p).map(|l| self.0[i][l] * full(l, j)).sum();
            }
        }
        (0..p).map(|i| (0..p).map(|j| product[i][j] * product[j][i]).sum::<f64>()).sum()
    }
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
        if self.basis.columns() <= SMALL {
            return self.small_moments(tau2, true);
        }
        let weights = self.weights(tau2);
        let nothing = f64::NAN;
        let Some((_, inverse, residuals, _)) = self.solve_with(&weights) else {
            return Moments { q1: nothing, q2: nothing, q3: nothing, trace1: nothing, trace2: nothing, sum1: nothing, sum2: nothing };
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
            q1,
            q2,
            q3: q3 - inverse.form(&along, &along),
            trace1: sum1 - second.trace(),
            trace2: sum2 - 2.0 * self.reduced(&inverse, &cubes).trace() + second.times(&second).trace(),
            sum1,
            sum2,
        }
    }

    fn score(&self, tau2: f64, restricted: bool) -> f64 {
        let m = if self.basis.columns() <= SMALL { self.small_moments(tau2, false) } else { self.moments(tau2) };
        m.q2 - if restricted { m.trace1 } else { m.sum1 }
    }

    fn weighted_moments(&self, a: &[f64]) -> WeightedMoments {
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

    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64 {
        let weights = self.weights(tau2);
        let Some((_, _, residuals, factor)) = self.solve_with(&weights) else {
            return f64::NAN;
        };
        let q: f64 = weights.iter().zip(&residuals).map(|(w, r)| w * r * r).sum();
        let logs: f64 = weights.iter().map(|w| -w.ln()).sum();
        let ln_2_pi = (2.0 * std::f64::consts::PI).ln();
        let (k, p) = (self.yi.len() as f64, self.basis.columns() as f64);
        if restricted {
            // With X = Q R, ln|X'X| - ln|X'WX| is -ln|Q'WQ|.
            -0.5 * ((k - p) * ln_2_pi + logs + factor.ln_determinant() + q)
        } else {
            -0.5 * (k * ln_2_pi + logs + q)
        }
    }
}
