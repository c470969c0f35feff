//! The residual space of a meta-regression, on an orthonormal basis of the design.

use crate::meta::tau2::{Moments, ResidualSpace, WeightedMoments};
use crate::stats::lanes::{sum_of_logs, sums};
use crate::stats::linear::{Cholesky, Matrix, weighted_cross_product};

/// A design, its intercept first if it has one, made orthonormal: `X = Q R`, aliased columns dropped.
///
/// It can be filled anew, and then allocates only what it has never had room for.
#[derive(Debug, Clone, Default)]
pub(super) struct Orthonormal {
    /// Names of the columns that were kept.
    pub(super) names: Vec<String>,
    /// Names of those that others determine.
    pub(super) aliased: Vec<String>,
    /// Number of studies.
    k: usize,
    /// Columns of Q, one after another.
    units: Vec<f64>,
    /// Columns of R, each down to its diagonal.
    triangle: Vec<f64>,
}

impl Orthonormal {
    pub(super) fn new(k: usize, columns: &[(String, Vec<f64>)], has_intercept: bool) -> Self {
        let mut design = Self::default();
        design.fill(k, columns, has_intercept);
        design
    }

    /// Modified Gram-Schmidt, each column twice.
    pub(super) fn fill(&mut self, k: usize, columns: &[(String, Vec<f64>)], has_intercept: bool) {
        self.k = k;
        self.units.clear();
        self.triangle.clear();
        self.aliased.clear();
        let mut p = 0;
        if has_intercept && k > 0 {
            let length = (k as f64).sqrt();
            self.units.resize(k, 1.0 / length);
            self.triangle.push(length);
            self.name(p, "intercept");
            p = 1;
        }
        for (name, values) in columns {
            if self.add(p, values) {
                self.name(p, name);
                p += 1;
            } else {
                self.aliased.push(name.clone());
            }
        }
        self.names.truncate(p);
    }

    /// Adds what a column has beyond the `p` that are there; false, and nothing, when they determine it.
    fn add(&mut self, p: usize, values: &[f64]) -> bool {
        let dot = |a: &[f64], b: &[f64]| sums::<4, 1>(a, b, (0.0, 0.0), |a, b| [a * b])[0];
        let (known, corner) = (self.units.len(), self.triangle.len());
        self.units.extend_from_slice(values);
        self.triangle.resize(corner + p, 0.0);
        let (basis, rest) = self.units.split_at_mut(known);
        for _ in 0..2 {
            for (unit, coefficient) in basis.chunks_exact(self.k.max(1)).zip(&mut self.triangle[corner..]) {
                let along = dot(unit, rest);
                *coefficient += along;
                for (r, u) in rest.iter_mut().zip(unit) {
                    *r -= along * u;
                }
            }
        }
        let length = dot(rest, rest).sqrt();
        if length.is_nan() || length <= 1e-11 * dot(values, values).sqrt() {
            self.units.truncate(known);
            self.triangle.truncate(corner);
            return false;
        }
        rest.iter_mut().for_each(|x| *x /= length);
        self.triangle.push(length);
        true
    }

    fn name(&mut self, place: usize, name: &str) {
        match self.names.get_mut(place) {
            Some(known) => {
                known.clear();
                known.push_str(name);
            }
            None => self.names.push(name.to_owned()),
        }
    }

    /// Returns the number of columns that were kept.
    pub(super) fn p(&self) -> usize {
        self.names.len()
    }

    /// Returns a column of Q.
    pub(super) fn unit(&self, j: usize) -> &[f64] {
        &self.units[j * self.k..(j + 1) * self.k]
    }

    /// Returns Q as a matrix.
    pub(super) fn basis(&self) -> Matrix {
        let mut matrix = Matrix::zeros(self.k, self.p());
        for j in 0..self.p() {
            for (i, value) in self.unit(j).iter().enumerate() {
                matrix.put(i, j, *value);
            }
        }
        matrix
    }

    /// Solves `R b = g` in place.
    pub(super) fn back(&self, b: &mut [f64]) {
        let r = |i: usize, j: usize| self.triangle[j * (j + 1) / 2 + i];
        for i in (0..b.len()).rev() {
            for j in i + 1..b.len() {
                b[i] -= r(i, j) * b[j];
            }
            b[i] /= r(i, i);
        }
    }

    /// Turns the symmetric matrix C, by rows, into `R^-1 C R^-T`.
    pub(super) fn back_covariance(&self, square: &mut [f64]) {
        let p = self.p().max(1);
        // Row j becomes column j of R^-1 C; the rows of that are solved once more.
        square.chunks_exact_mut(p).for_each(|row| self.back(row));
        for i in 0..p {
            for j in 0..i {
                square.swap(i * p + j, j * p + i);
            }
        }
        square.chunks_exact_mut(p).for_each(|row| self.back(row));
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
    pub(super) fn moments_of(&self, a: &[f64]) -> WeightedMoments {
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

/// Returns `tr(P P)` with `P = W^1/2 (I - U U') W^1/2`, U an orthonormal basis of the columns times `W^1/2`: from its entries, so that
/// nothing but `1 - u'u` of a study cancels. Costs the square of the number of studies.
pub(super) fn squares_of_p(vi: &[f64], tau2: f64, columns: &[Vec<f64>]) -> f64 {
    let roots: Vec<f64> = vi.iter().map(|v| (v + tau2).sqrt().recip()).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut units: Vec<Vec<f64>> = Vec::with_capacity(columns.len());
    for column in columns {
        let mut unit: Vec<f64> = column.iter().zip(&roots).map(|(x, w)| x * w).collect();
        // Gram-Schmidt, twice
        for _ in 0..2 {
            for known in &units {
                let along = dot(known, &unit);
                unit.iter_mut().zip(known).for_each(|(u, k)| *u -= along * k);
            }
            let length = dot(&unit, &unit).sqrt();
            unit.iter_mut().for_each(|u| *u /= length);
        }
        units.push(unit);
    }
    let mut sum = 0.0;
    for i in 0..roots.len() {
        for j in 0..=i {
            let along: f64 = units.iter().map(|unit| unit[i] * unit[j]).sum();
            let entry = roots[i] * roots[j] * if i == j { 1.0 - along } else { -along };
            sum += if i == j { entry * entry } else { 2.0 * entry * entry };
        }
    }
    sum
}

/// Log-likelihood from the weighted sum of squared residuals; restricted when the number of coefficients and the logarithm of the
/// determinant of `Q' W Q` are given. With X = Q R, `ln|X'X| - ln|X'WX|` is `-ln|Q'WQ|`.
pub(super) fn likelihood(vi: &[f64], tau2: f64, restricted: Option<(usize, f64)>, q: f64) -> f64 {
    let logs = sum_of_logs(vi.iter().map(|v| v + tau2));
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

    fn exact_trace2(&self, tau2: f64) -> Option<f64> {
        let columns: Vec<Vec<f64>> = (0..self.p()).map(|j| (0..self.vi.len()).map(|i| self.basis.row(i)[j]).collect()).collect();
        Some(squares_of_p(self.vi, tau2, &columns))
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
