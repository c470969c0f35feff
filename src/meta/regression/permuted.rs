//! Test statistics of a meta-regression whose moderators change places among the studies.
//!
//! When the rows of the moderators are permuted, so are those of the orthonormal basis of the design, and its triangle stays as it is:
//! a permutation costs one fit and no new basis.

use super::small::{SmallSpace, Solved, wald};
use super::space::Orthonormal;
use super::{regress_columns, scale_of};
use crate::meta::options::{Model, Options};
use crate::meta::result::MetaError;
use crate::meta::tau2::{self, ResidualSpace};

/// Fits the model to the moderators in their own order and in every order that `next` makes of it, and shows the test statistics of the
/// coefficients (the intercept first) and of all moderators. `next` returns false when there is no further order.
///
/// With up to four coefficients and an estimator of tau2 by likelihood, DerSimonian-Laird or Paule-Mandel, nothing is allocated inside.
/// **Errors**: those of [`regress_columns`].
pub(in crate::meta) fn visit_orders(
    yi: &[f64],
    vi: &[f64],
    columns: &[(String, Vec<f64>)],
    options: &Options,
    mut next: impl FnMut(&mut [usize]) -> bool,
    mut visit: impl FnMut(&[f64], f64),
) -> Result<(), MetaError> {
    let k = yi.len();
    let design = Orthonormal::new(k, columns, true);
    let p = design.p();
    if k <= p {
        return Err(MetaError::TooFew { what: "meta-regression", need: p + 1, got: k });
    }
    let mut order: Vec<usize> = (0..k).collect();
    match p {
        1 => small::<1, 4>(yi, vi, &design, options, &mut order, next, visit),
        2 => small::<2, 6>(yi, vi, &design, options, &mut order, next, visit),
        3 => small::<3, 10>(yi, vi, &design, options, &mut order, next, visit),
        4 => small::<4, 16>(yi, vi, &design, options, &mut order, next, visit),
        _ => loop {
            let shuffled: Vec<(String, Vec<f64>)> =
                columns.iter().map(|(name, values)| (name.clone(), order.iter().map(|&i| values[i]).collect())).collect();
            let fitted = regress_columns(yi, vi, &shuffled, options)?;
            visit(&fitted.coefficients.iter().map(|c| c.stat).collect::<Vec<f64>>(), fitted.qm);
            if !next(&mut order) {
                return Ok(());
            }
        },
    }
}

fn small<const P: usize, const M: usize>(
    yi: &[f64],
    vi: &[f64],
    design: &Orthonormal,
    options: &Options,
    order: &mut [usize],
    mut next: impl FnMut(&mut [usize]) -> bool,
    mut visit: impl FnMut(&[f64], f64),
) -> Result<(), MetaError> {
    let df = (yi.len() - P) as f64;
    let columns_of_inverse: [[f64; P]; P] = std::array::from_fn(|j| {
        let mut unit = std::array::from_fn(|i| if i == j { 1.0 } else { 0.0 });
        design.back(&mut unit);
        unit
    });
    let mut basis: [Vec<f64>; P] = std::array::from_fn(|j| design.unit(j).to_vec());
    let mut products = Vec::with_capacity(M * yi.len());
    loop {
        for (j, column) in basis.iter_mut().enumerate() {
            let unit = design.unit(j);
            for (cell, &i) in column.iter_mut().zip(order.iter()) {
                *cell = unit[i];
            }
        }
        let space = SmallSpace::<P, M>::new(yi, vi, basis.each_ref().map(Vec::as_slice), &mut products);
        let common = space.moments(0.0);
        let tau2 = match options.model {
            Model::Common => 0.0,
            Model::Random => tau2::estimate_from(&space, options.tau2, &common, None).0.tau2,
        };
        let Solved { q, coefficients: c, inverse, .. } = space.solve(tau2);
        let scale = scale_of(options, q, df);
        let statistics: [f64; P] = std::array::from_fn(|i| {
            let row: [f64; P] = std::array::from_fn(|j| columns_of_inverse[j][i]);
            let estimate: f64 = (0..P).map(|j| row[j] * c[j]).sum();
            let variance: f64 = (0..P).map(|a| (0..P).map(|b| row[a] * inverse[a][b] * row[b]).sum::<f64>()).sum();
            estimate / (scale * variance).sqrt()
        });
        // The moderators are a linear map of the basis without its first column: the Wald statistic is the same on both.
        visit(&statistics, wald(&c, &inverse, usize::from(P > 1)) / scale);
        if !next(order) {
            return Ok(());
        }
    }
}
