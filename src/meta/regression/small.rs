//! A linear model with few coefficients, without matrices on the heap.
//!
//! With Q the orthonormal basis of the design, r what its plain least-squares fit leaves of the estimates, and `Z = [Q, r]`, all that an
//! estimator of tau2 asks is in the traces of `W^j` and in the small matrices `Z' W^j Z`, j = 1, 2, 3. The products of the columns of Z are
//! made once; each value of tau2 then costs one pass over the studies.

#![allow(clippy::needless_range_loop, reason = "formulas of matrices are written with their indices")]

use super::space::{RegressionSpace, likelihood, squares_of_p};
use crate::meta::tau2::{Moments, ResidualSpace, WeightedMoments};
use crate::stats::lanes::sums;
use crate::stats::linear::Matrix;

/// A square matrix; where it is symmetric, the lower triangle may be all that is filled.
type Square<const P: usize> = [[f64; P]; P];

/// A solved model at one value of tau2.
#[derive(Debug, Clone, Copy)]
pub(super) struct Solved<const P: usize> {
    /// Weighted sum of squared residuals.
    pub q: f64,
    /// Coefficients on the basis.
    pub coefficients: [f64; P],
    /// Inverse of `Q' W Q`, both triangles.
    pub inverse: Square<P>,
    /// Determinant of `Q' W Q`.
    pub determinant: f64,
}

/// The residual space of a model with P coefficients.
///
/// M is the length of a row of products, the lower triangle of `z z'` filled up to an even number: 4, 6, 10 and 16 for one to four
/// coefficients.
pub(super) struct SmallSpace<'a, const P: usize, const M: usize> {
    yi: &'a [f64],
    vi: &'a [f64],
    /// Orthonormal columns of the design.
    columns: [&'a [f64]; P],
    /// Coefficients of the fit without weights.
    plain: [f64; P],
    /// Products of each study, r being what that fit leaves.
    products: &'a [[f64; M]],
    /// Residual sum of squares without weights.
    squares: f64,
}

/// Where the residuals of a fit are so much smaller than those of the plain one, they are computed from the study itself.
const KEPT: f64 = 1e-3;

impl<'a, const P: usize, const M: usize> SmallSpace<'a, P, M> {
    /// Makes the space of studies whose design has these orthonormal columns; `room` takes the products.
    ///
    /// **Shape**: `yi`, `vi` and the columns have one entry per study.
    pub(super) fn new(yi: &'a [f64], vi: &'a [f64], columns: [&'a [f64]; P], room: &'a mut Vec<f64>) -> Self {
        let plain = columns.map(|column| sums::<4, 1>(yi, column, (0.0, 0.0), |y, q| [y * q])[0]);
        let mut space = Self { yi, vi, columns, plain, products: &[], squares: 0.0 };
        room.clear();
        for i in 0..yi.len() {
            let row = space.row(i, &plain);
            space.squares += row[Self::place(P, P)];
            room.extend_from_slice(&row);
        }
        space.products = room.as_chunks().0;
        space
    }

    /// Place of the product of two columns of Z in a row, `i >= j`.
    const fn place(i: usize, j: usize) -> usize {
        i * (i + 1) / 2 + j
    }

    /// Products of a study whose residual is measured from these coefficients.
    #[inline(always)]
    fn row(&self, i: usize, centre: &[f64; P]) -> [f64; M] {
        let q = self.columns.map(|column| column[i]);
        let r = q.iter().zip(centre).fold(self.yi[i], |rest, (q, c)| rest - q * c);
        let mut row = [0.0; M];
        for a in 0..P {
            for b in 0..=a {
                row[Self::place(a, b)] = q[a] * q[b];
            }
            row[Self::place(P, a)] = r * q[a];
        }
        row[Self::place(P, P)] = r * r;
        row
    }

    /// Sums of the rows, weighted by `w^1` to `w^J`, and those of `w` and `w^2`.
    #[inline(always)]
    fn weighted<const J: usize>(&self, tau2: f64, rows: impl Iterator<Item = [f64; M]>) -> ([[f64; M]; J], [f64; 2]) {
        let (mut totals, mut weights) = ([[0.0; M]; J], [0.0; 2]);
        for (mut row, v) in rows.zip(self.vi) {
            let w = 1.0 / (v + tau2);
            weights[0] += w;
            weights[1] += w * w;
            for total in &mut totals {
                for m in 0..M {
                    row[m] *= w;
                    total[m] += row[m];
                }
            }
        }
        (totals, weights)
    }

    /// Weighted sums up to the power J, the fit with these weights, and its `e' W^j e`.
    #[inline(always)]
    fn fitted<const J: usize>(&self, tau2: f64) -> Sums<P, M, J> {
        let (totals, weights) = self.weighted::<J>(tau2, self.products.iter().copied());
        let fitted = Fitted::new(&totals[0], &self.plain);
        let forms = totals.map(|total| fitted.form(&total));
        if (0..J).all(|j| forms[j] > KEPT * totals[j][Self::place(P, P)]) {
            return Sums { totals, weights, fitted, forms };
        }
        self.fitted_about(tau2, &fitted.coefficients)
    }

    /// The same, with residuals measured from coefficients that are near.
    #[cold]
    fn fitted_about<const J: usize>(&self, tau2: f64, centre: &[f64; P]) -> Sums<P, M, J> {
        let (totals, weights) = self.weighted::<J>(tau2, (0..self.yi.len()).map(|i| self.row(i, centre)));
        let fitted = Fitted::new(&totals[0], centre);
        let forms = totals.map(|total| fitted.form(&total));
        Sums { totals, weights, fitted, forms }
    }

    /// Solves the model; NaN where it cannot be solved.
    pub(super) fn solve(&self, tau2: f64) -> Solved<P> {
        let Sums { fitted: Fitted { coefficients, inverse, determinant, .. }, forms: [q], .. } = self.fitted::<1>(tau2);
        Solved { q, coefficients, inverse, determinant }
    }

    /// Full and restricted log-likelihood of a solved model.
    pub(super) fn log_likelihoods(&self, tau2: f64, solved: &Solved<P>) -> [f64; 2] {
        let full = likelihood(self.vi, tau2, None, solved.q);
        let ln_2_pi = (2.0 * std::f64::consts::PI).ln();
        [full, full + 0.5 * (P as f64 * ln_2_pi - solved.determinant.ln())]
    }
}

impl<const P: usize, const M: usize> ResidualSpace for SmallSpace<'_, P, M> {
    fn yi(&self) -> &[f64] {
        self.yi
    }

    fn vi(&self) -> &[f64] {
        self.vi
    }

    fn p(&self) -> usize {
        P
    }

    fn exact_trace2(&self, tau2: f64) -> Option<f64> {
        Some(squares_of_p(self.vi, tau2, &self.columns.map(<[f64]>::to_vec)))
    }

    fn moments(&self, tau2: f64) -> Moments {
        let Sums { totals: [_, two, three], weights: [sum1, sum2], fitted, forms: [q1, q2, q3] } = self.fitted::<3>(tau2);
        let (second, third) = (lower(&two), lower(&three));
        let along = fitted.along(&two);
        let bent: f64 = along.iter().zip(times(&fitted.inverse, &along)).map(|(a, b)| a * b).sum();
        Moments {
            mean: f64::NAN,
            mean_slope: f64::NAN,
            q1,
            q2,
            q3: q3 - bent,
            trace1: sum1 - trace(&fitted.inverse, &second),
            trace2: sum2 - 2.0 * trace(&fitted.inverse, &third) + trace_of_square(&fitted.inverse, &second),
            sum1,
            sum2,
        }
    }

    fn weighted_moments(&self, weight: impl Fn(f64) -> f64) -> WeightedMoments {
        let rows: Vec<Vec<f64>> = (0..self.yi.len()).map(|i| self.columns.map(|column| column[i]).to_vec()).collect();
        let weights: Vec<f64> = self.vi.iter().map(|v| weight(*v)).collect();
        RegressionSpace { yi: self.yi, vi: self.vi, basis: &Matrix::from_rows(&rows) }.moments_of(&weights)
    }

    fn sum_of_squares(&self) -> f64 {
        self.squares
    }

    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64 {
        self.log_likelihoods(tau2, &self.solve(tau2))[usize::from(restricted)]
    }
}

/// Weighted sums of the products of a study, and the fit that they give.
struct Sums<const P: usize, const M: usize, const J: usize> {
    /// Sums of the rows of products, weighted by `w^1` to `w^J`.
    totals: [[f64; M]; J],
    /// Sums of the weights and of their squares.
    weights: [f64; 2],
    fitted: Fitted<P>,
    /// `e' W^j e` for the residuals e of the fit.
    forms: [f64; J],
}

/// A weighted fit, as a step from the coefficients that the residual of the products is measured from.
struct Fitted<const P: usize> {
    step: [f64; P],
    coefficients: [f64; P],
    /// Inverse of `Q' W Q`, both triangles.
    inverse: Square<P>,
    determinant: f64,
}

impl<const P: usize> Fitted<P> {
    #[inline(always)]
    fn new<const M: usize>(total: &[f64; M], centre: &[f64; P]) -> Self {
        let (inverse, determinant) = invert(&lower(total));
        let step = times(&inverse, &last_row(total));
        Self { step, coefficients: std::array::from_fn(|i| centre[i] + step[i]), inverse, determinant }
    }

    /// `e' W^j e` for the residuals e of this fit, from the sums with `w^j`.
    #[inline(always)]
    fn form<const M: usize>(&self, total: &[f64; M]) -> f64 {
        let (row, along) = (last_row::<P, M>(total), self.along(total));
        let corner = total[P * (P + 1) / 2 + P];
        corner - (0..P).map(|i| self.step[i] * (row[i] + along[i])).sum::<f64>()
    }

    /// `Q' W^j e` for the residuals e of this fit.
    #[inline(always)]
    fn along<const M: usize>(&self, total: &[f64; M]) -> [f64; P] {
        let (square, row) = (lower::<P, M>(total), last_row::<P, M>(total));
        let at = |i: usize, j: usize| if i >= j { square[i][j] } else { square[j][i] };
        std::array::from_fn(|i| row[i] - (0..P).map(|j| at(i, j) * self.step[j]).sum::<f64>())
    }
}

/// Lower triangle of `Q' W^j Q` out of the sums of products.
#[inline(always)]
fn lower<const P: usize, const M: usize>(total: &[f64; M]) -> Square<P> {
    std::array::from_fn(|i| std::array::from_fn(|j| if j <= i { total[i * (i + 1) / 2 + j] } else { 0.0 }))
}

/// `Q' W^j r` out of the sums of products.
#[inline(always)]
fn last_row<const P: usize, const M: usize>(total: &[f64; M]) -> [f64; P] {
    std::array::from_fn(|i| total[P * (P + 1) / 2 + i])
}

/// Wald statistic `c' C^-1 c` of the coefficients from a place on, C being their part of the inverse.
pub(super) fn wald<const P: usize>(coefficients: &[f64; P], inverse: &Square<P>, from: usize) -> f64 {
    let block: Square<P> =
        std::array::from_fn(|a| std::array::from_fn(|b| if a >= from && b >= from { inverse[a][b] } else { f64::from(u8::from(a == b)) }));
    let (weights, _) = invert(&block);
    (from..P).map(|a| (from..P).map(|b| coefficients[a] * weights[a][b] * coefficients[b]).sum::<f64>()).sum()
}

/// Inverse by the factors `L D L'` of the lower triangle, and the determinant; NaN when not positive definite.
#[inline(always)]
fn invert<const P: usize>(matrix: &Square<P>) -> (Square<P>, f64) {
    // The unit triangle L, and the reciprocals of D.
    let (mut lower, mut reciprocals, mut determinant) = ([[0.0; P]; P], [0.0; P], 1.0);
    for i in 0..P {
        let mut scaled = [0.0; P];
        let mut rest = matrix[i][i];
        for j in 0..i {
            // Element of L D, then of L.
            scaled[j] = matrix[i][j] - (0..j).map(|l| scaled[l] * lower[j][l]).sum::<f64>();
            lower[i][j] = scaled[j] * reciprocals[j];
            rest -= scaled[j] * lower[i][j];
        }
        determinant *= rest;
        reciprocals[i] = if rest > 0.0 { 1.0 / rest } else { f64::NAN };
    }
    // L^-1 by rows, then L^-T D^-1 L^-1.
    let mut inverse_lower = [[0.0; P]; P];
    for i in 0..P {
        inverse_lower[i][i] = 1.0;
        for j in 0..i {
            inverse_lower[i][j] = -(j..i).map(|l| lower[i][l] * inverse_lower[l][j]).sum::<f64>();
        }
    }
    let mut inverse = [[0.0; P]; P];
    for i in 0..P {
        for j in 0..P {
            inverse[i][j] = (i.max(j)..P).map(|l| inverse_lower[l][i] * inverse_lower[l][j] * reciprocals[l]).sum();
        }
    }
    (inverse, determinant)
}

#[inline(always)]
fn times<const P: usize>(matrix: &Square<P>, x: &[f64; P]) -> [f64; P] {
    std::array::from_fn(|i| (0..P).map(|j| matrix[i][j] * x[j]).sum())
}

/// Trace of the product of a full symmetric matrix with one of which only the lower triangle is known.
#[inline(always)]
fn trace<const P: usize>(full: &Square<P>, lower: &Square<P>) -> f64 {
    let mut trace = 0.0;
    for i in 0..P {
        for j in 0..i {
            trace += 2.0 * full[i][j] * lower[i][j];
        }
        trace += full[i][i] * lower[i][i];
    }
    trace
}

/// `tr (C B)^2` for full C and lower B.
#[inline(always)]
fn trace_of_square<const P: usize>(full: &Square<P>, lower: &Square<P>) -> f64 {
    let at = |i: usize, j: usize| if i >= j { lower[i][j] } else { lower[j][i] };
    let product: Square<P> = std::array::from_fn(|i| std::array::from_fn(|j| (0..P).map(|l| full[i][l] * at(l, j)).sum()));
    let mut trace = 0.0;
    for i in 0..P {
        for j in 0..P {
            trace += product[i][j] * product[j][i];
        }
    }
    trace
}

#[cfg(test)]
mod tests {
    use super::super::space::Orthonormal;
    use super::*;
    use crate::stats::dist::normal_quantile;
    use crate::stats::random::Random;

    /// Largest difference to the route by matrices, over moments, coefficients and likelihoods at several values of tau2.
    ///
    /// Each is measured by the sum that it is a part of: a trace by the sum of weights that the coefficients are taken from, `y' P^3 y` by
    /// its bound, the largest weight times `y' P^2 y`. Both routes lose the digits between the two when one study outweighs the rest.
    fn worst<const P: usize, const M: usize>(yi: &[f64], vi: &[f64], design: &Orthonormal) -> f64 {
        let mut room = Vec::new();
        let small = SmallSpace::<P, M>::new(yi, vi, std::array::from_fn(|j| design.unit(j)), &mut room);
        let matrix = RegressionSpace { yi, vi, basis: &design.basis() };
        let least = vi.iter().copied().fold(f64::INFINITY, f64::min);
        let mut triples = vec![(small.sum_of_squares(), matrix.sum_of_squares(), matrix.sum_of_squares())];
        for tau2 in [0.0, 1e-3, 0.1, 3.0, 1e3] {
            let (a, b) = (small.moments(tau2), matrix.moments(tau2));
            triples.extend([(a.q1, b.q1, b.q1), (a.q2, b.q2, b.q2), (a.q3, b.q3, b.q2 / (least + tau2))]);
            triples.extend([
                (a.trace1, b.trace1, b.sum1),
                (a.trace2, b.trace2, b.sum2),
                (a.sum1, b.sum1, b.sum1),
                (a.sum2, b.sum2, b.sum2),
            ]);
            let (solved, (coefficients, _, q)) = (small.solve(tau2), matrix.solve(tau2).unwrap());
            triples.push((solved.q, q, q));
            let (ours, theirs) = (small.log_likelihood(tau2, true), matrix.log_likelihood(tau2, true));
            triples.push((ours, theirs, 1.0 + theirs.abs()));
            let scale = coefficients.iter().map(|c| c.abs()).fold(0.0, f64::max);
            triples.extend(solved.coefficients.iter().zip(&coefficients).map(|(a, b)| (*a, *b, scale)));
        }
        triples.iter().map(|(a, b, scale)| (a - b).abs() / scale).fold(0.0, f64::max)
    }

    #[test]
    fn sums_of_products_agree_with_matrices_however_unequal_the_variances() {
        let mut random = Random::new(20_261_129);
        let mut normal = || normal_quantile(random.unit().clamp(1e-9, 1.0 - 1e-9));
        for round in 0..200 {
            let (k, spread) = (6 + round % 9, 0.1 * f64::from(round as u32 % 60));
            let vi: Vec<f64> = (0..k).map(|_| 10f64.powf(spread * normal().clamp(-2.0, 2.0) * 0.5)).collect();
            let yi: Vec<f64> = vi.iter().map(|v| 5.0 + v.sqrt() * normal()).collect();
            let columns: Vec<(String, Vec<f64>)> = (0..3).map(|j| (format!("x{j}"), (0..k).map(|_| 1948.0 + normal()).collect())).collect();
            let design = |p: usize| Orthonormal::new(k, &columns[..p - 1], true);
            let found = [
                worst::<1, 4>(&yi, &vi, &design(1)),
                worst::<2, 6>(&yi, &vi, &design(2)),
                worst::<3, 10>(&yi, &vi, &design(3)),
                worst::<4, 16>(&yi, &vi, &design(4)),
            ];
            // The condition of Q'WQ is at most the ratio of the weights.
            let extremes = vi.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), v| (low.min(*v), high.max(*v)));
            let allowed = 1e-10 + 1e-15 * extremes.1 / extremes.0;
            assert!(found.iter().all(|worst| *worst < allowed), "{found:?} {yi:?} {vi:?}");
        }
    }
}
