//! The moments of a linear model with few coefficients, on the stack: everything is a sum over studies and a P x P matrix.

#![allow(clippy::needless_range_loop, reason = "formulas of matrices are written with their indices")]

use crate::meta::tau2::Moments;
use crate::stats::lanes::Lanes;

/// Studies side by side. Two: with many sums at once, wider ones would not fit the registers of most machines.
const WIDTH: usize = 2;

/// A symmetric matrix of which the lower triangle counts.
type Square<const P: usize> = [[f64; P]; P];

/// A solved model at one value of tau2.
#[derive(Debug, Clone, Copy)]
pub(super) struct Solved<const P: usize> {
    /// Quadratic forms and traces.
    pub moments: Moments,
    /// Coefficients on the basis.
    pub coefficients: [f64; P],
    /// Inverse of `Q' W Q`, both triangles.
    pub inverse: Square<P>,
    /// Determinant of `Q' W Q`.
    pub determinant: f64,
}

/// Values of neighbouring studies, side by side.
type Group = Lanes<WIDTH>;

/// What the first pass sums up: the lower triangle of `Q' W Q`, and `Q' W y`.
#[derive(Clone, Copy)]
struct System<const P: usize> {
    cross: [[Group; P]; P],
    right: [Group; P],
}

impl<const P: usize> System<P> {
    #[inline(always)]
    fn add(&mut self, y: Group, w: Group, q: [Group; P]) {
        for i in 0..P {
            let wq = w * q[i];
            self.right[i] += wq * y;
            for j in 0..P {
                if j <= i {
                    self.cross[i][j] += wq * q[j];
                }
            }
        }
    }
}

/// What the second pass sums up about the fitted values.
#[derive(Clone, Copy)]
struct Forms<const P: usize> {
    centre: [Group; P],
    /// `r' W r`, `r' W^2 r`, `r' W^3 r`, `tr W`, `tr W^2`.
    plain: [Group; 5],
    /// `Q' W^2 r`.
    along: [Group; P],
    /// Lower triangles of `Q' W^2 Q` and `Q' W^3 Q`.
    second: [[Group; P]; P],
    third: [[Group; P]; P],
}

impl<const P: usize> Forms<P> {
    #[inline(always)]
    fn add(&mut self, y: Group, w: Group, q: [Group; P]) {
        let mut r = y;
        for i in 0..P {
            r = r - self.centre[i] * q[i];
        }
        let (u, ww) = (w * r, w * w);
        let wu = w * u;
        for (sum, term) in self.plain.iter_mut().zip([u * r, u * u, wu * u, w, ww]) {
            *sum += term;
        }
        for i in 0..P {
            self.along[i] += wu * q[i];
            let wwq = ww * q[i];
            let wwwq = w * wwq;
            for j in 0..P {
                if j <= i {
                    self.second[i][j] += wwq * q[j];
                    self.third[i][j] += wwwq * q[j];
                }
            }
        }
    }
}

/// The studies in groups of `WIDTH`; the last group is filled up with studies of no weight.
struct Groups<'a, const P: usize> {
    yi: &'a [[f64; WIDTH]],
    vi: &'a [[f64; WIDTH]],
    basis: [&'a [[f64; WIDTH]]; P],
    last: Option<(Group, Group, [Group; P])>,
    tau2: Group,
}

impl<'a, const P: usize> Groups<'a, P> {
    #[inline(always)]
    fn new(yi: &'a [f64], vi: &'a [f64], basis: &[&'a [f64]; P], tau2: f64) -> Self {
        let ((yi, y_rest), (vi, v_rest)) = (yi.as_chunks(), vi.as_chunks());
        let fill = |rest: &[f64], filling: f64| Lanes(std::array::from_fn(|l| rest.get(l).copied().unwrap_or(filling)));
        let columns = basis.map(<[f64]>::as_chunks::<WIDTH>);
        let last = (!y_rest.is_empty()).then(|| (fill(y_rest, 0.0), fill(v_rest, f64::INFINITY), columns.map(|(_, rest)| fill(rest, 0.0))));
        Self { yi, vi, basis: columns.map(|(groups, _)| &groups[..yi.len()]), last, tau2: Lanes::all(tau2) }
    }

    #[inline(always)]
    fn weight(&self, v: Group) -> Group {
        Lanes::all(1.0) / (v + self.tau2)
    }

    #[inline(always)]
    fn each(&self, mut add: impl FnMut(Group, Group, [Group; P])) {
        for (n, (y, v)) in self.yi.iter().zip(self.vi).enumerate() {
            let mut q = [Lanes::ZERO; P];
            for (cell, column) in q.iter_mut().zip(&self.basis) {
                *cell = Lanes(column[n]);
            }
            add(Lanes(*y), self.weight(Lanes(*v)), q);
        }
        if let Some((y, v, q)) = self.last {
            add(y, self.weight(v), q);
        }
    }
}

/// Solves a model whose design has the orthonormal columns `basis`; NaN where it cannot be solved.
///
/// **Shape**: `yi`, `vi` and the columns have one entry per study.
pub(super) fn solve<const P: usize>(yi: &[f64], vi: &[f64], basis: &[&[f64]; P], tau2: f64) -> Solved<P> {
    let groups = Groups::new(yi, vi, basis, tau2);
    let mut system = System { cross: [[Lanes::ZERO; P]; P], right: [Lanes::ZERO; P] };
    groups.each(|y, w, q| system.add(y, w, q));
    let (inverse, determinant) = invert(&system.cross.map(|row| row.map(Lanes::sum)));
    let coefficients = times(&inverse, &system.right.map(Lanes::sum));
    let square = [[Lanes::ZERO; P]; P];
    let centre = coefficients.map(Lanes::all);
    let mut forms = Forms { centre, plain: [Lanes::ZERO; 5], along: [Lanes::ZERO; P], second: square, third: square };
    groups.each(|y, w, q| forms.add(y, w, q));
    let (second, third) = (forms.second.map(|row| row.map(Lanes::sum)), forms.third.map(|row| row.map(Lanes::sum)));
    let along = forms.along.map(Lanes::sum);
    let turned = times(&inverse, &along);
    let bent: f64 = along.iter().zip(&turned).map(|(a, b)| a * b).sum();
    let [q1, q2, q3, sum1, sum2] = forms.plain.map(Lanes::sum);
    let moments = Moments {
        mean: f64::NAN,
        mean_slope: f64::NAN,
        q1,
        q2,
        q3: q3 - bent,
        trace1: sum1 - trace(&inverse, &second),
        trace2: sum2 - 2.0 * trace(&inverse, &third) + trace_of_square(&inverse, &second),
        sum1,
        sum2,
    };
    Solved { moments, coefficients, inverse, determinant }
}

/// Inverse by Cholesky of the lower triangle, and the determinant; NaN when not positive definite.
#[inline(always)]
pub(super) fn invert<const P: usize>(matrix: &Square<P>) -> (Square<P>, f64) {
    let mut lower = [[0.0; P]; P];
    let mut determinant = 1.0;
    for i in 0..P {
        for j in 0..=i {
            let known: f64 = (0..j).map(|l| lower[i][l] * lower[j][l]).sum();
            let rest = matrix[i][j] - known;
            // The diagonal keeps its reciprocals.
            lower[i][j] = if i == j {
                determinant *= rest;
                1.0 / rest.sqrt()
            } else {
                rest * lower[j][j]
            };
        }
    }
    // L^-1 by rows, then L^-T L^-1.
    let mut inverse_lower = [[0.0; P]; P];
    for i in 0..P {
        for j in 0..=i {
            let known: f64 = (j..i).map(|l| lower[i][l] * inverse_lower[l][j]).sum();
            inverse_lower[i][j] = (if i == j { 1.0 } else { 0.0 } - known) * lower[i][i];
        }
    }
    let mut inverse = [[0.0; P]; P];
    for i in 0..P {
        for j in 0..P {
            inverse[i][j] = (i.max(j)..P).map(|l| inverse_lower[l][i] * inverse_lower[l][j]).sum();
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
