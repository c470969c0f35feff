//! Permutation tests: exact p values that need no normal distribution.

use super::fit::{self, Plan};
use super::options::{Options, Test};
use super::regression::visit_orders;
use super::result::MetaError;
use super::tau2::Tau2Method;
use crate::stats::lanes::Lanes;
use crate::stats::random::Random;

/// Margin within which two test statistics count as equal.
const EQUAL: f64 = 1e-10;

/// Returns the exact p value of the pooled estimate under random signs of the effects.
///
/// **Shape**: one effect and one positive sampling variance per study.
/// All `2^k` assignments are fitted (half of them, as turning every sign changes nothing). For DerSimonian and Laird, Q is linear in the
/// square of the flipped sum of weighted effects, so that each assignment costs one pass over the studies.
/// **Errors**: [`MetaError::TooFew`] without studies, [`MetaError::Variable`] beyond 24 of them.
/// **Source**: Follmann and Proschan (1999); metafor `permutest(exact = TRUE)`.
pub fn sign_flip_test(yi: &[f64], vi: &[f64], plan: &Plan) -> Result<f64, MetaError> {
    let k = yi.len();
    if k == 0 {
        return Err(MetaError::TooFew { what: "a permutation test", need: 1, got: 0 });
    }
    if k > 24 {
        return Err(MetaError::Variable { name: "studies".into(), why: "signs are flipped exactly for at most 24 studies".into() });
    }
    let limit = statistic(yi, vi, plan) * (1.0 - EQUAL);
    // The last study keeps its sign.
    let half = 1_usize << (k - 1);
    let extreme = if plan.tau2 == Some(Tau2Method::DerSimonianLaird) && half >= WIDTH {
        flip_dersimonian_laird(yi, vi, plan.test, limit)
    } else {
        let mut flipped = yi.to_vec();
        (0..half)
            .filter(|signs| {
                for (i, y) in flipped.iter_mut().enumerate() {
                    *y = if signs >> i & 1 == 1 { -yi[i] } else { yi[i] };
                }
                statistic(&flipped, vi, plan) >= limit
            })
            .count()
    };
    Ok(extreme as f64 / half as f64)
}

/// Absolute test statistic of the pooled estimate.
fn statistic(yi: &[f64], vi: &[f64], plan: &Plan) -> f64 {
    let fitted = fit::fit(yi, vi, plan.tau2);
    let scale = match plan.test {
        _ if plan.tau2.is_none() => 1.0,
        Test::HartungKnapp => fitted.hk_scale,
        Test::HartungKnappAdHoc => fitted.hk_scale.max(1.0),
        Test::Wald | Test::T => 1.0,
    };
    (fitted.estimate / fitted.se).abs() / scale.sqrt()
}

/// Assignments of signs that are computed side by side.
const WIDTH: usize = 4;

/// Counts the assignments of signs, the last study's fixed, whose test statistic reaches the limit.
fn flip_dersimonian_laird(yi: &[f64], vi: &[f64], test: Test, limit: f64) -> usize {
    let k = yi.len();
    let df = k as f64 - 1.0;
    let inverse: Vec<f64> = vi.iter().map(|v| 1.0 / v).collect();
    let (mut sum, mut sum2, mut squares) = (0.0, 0.0, 0.0);
    for (y, w) in yi.iter().zip(&inverse) {
        sum += w;
        sum2 += w * w;
        squares += w * y * y;
    }
    let trace = sum - sum2 / sum;
    let one = Lanes::all(1.0);
    let mut signed: Vec<Lanes<WIDTH>> = yi.iter().map(|y| Lanes::all(*y)).collect();
    let mut extreme = 0;
    for first in (0..1_usize << (k - 1)).step_by(WIDTH) {
        let mut flipped = Lanes::ZERO;
        for (i, (cell, (y, w))) in signed.iter_mut().zip(yi.iter().zip(&inverse)).enumerate() {
            // Inside the lanes only the first two studies differ.
            *cell = Lanes(std::array::from_fn(|l| if (first + l) >> i & 1 == 1 { -y } else { *y }));
            flipped += *cell * Lanes::all(*w);
        }
        let q = Lanes::all(squares) - flipped * flipped * Lanes::all(1.0 / sum);
        let tau2 = ((q - Lanes::all(df)) * Lanes::all(1.0 / trace)).max(Lanes::ZERO);
        let (mut weights, mut weighted, mut spread) = (Lanes::ZERO, Lanes::ZERO, Lanes::ZERO);
        for (y, v) in signed.iter().zip(vi) {
            let w = one / (Lanes::all(*v) + tau2);
            weights += w;
            weighted += w * *y;
            spread += w * *y * *y;
        }
        for l in 0..WIDTH {
            let (w, wy) = (weights.0[l], weighted.0[l]);
            let scale = (spread.0[l] - wy * wy / w) / df;
            let scale = match test {
                Test::HartungKnapp => scale,
                Test::HartungKnappAdHoc => scale.max(1.0),
                Test::Wald | Test::T => 1.0,
            };
            extreme += usize::from(wy * wy >= limit * limit * w * scale);
        }
    }
    extreme
}

/// p values of a meta-regression under permutations of the moderator rows.
#[derive(Debug, Clone, PartialEq)]
pub struct PermutationTest {
    /// One p value per coefficient, the intercept first.
    pub coefficients: Vec<f64>,
    /// p value of the test of all moderators.
    pub moderators: f64,
    /// Number of permutations, the observed order among them.
    pub permutations: usize,
}

/// Permutes the rows of the moderators among the studies in every way and fits anew.
///
/// **Shape**: `yi`, `vi` and each column have one entry per study.
/// **Errors**: [`MetaError::Variable`] beyond 9 studies, where [`sampled_permutation_test`] is the way; those of
/// [`regress_columns`](super::regression::regress_columns).
/// **Source**: Higgins and Thompson (2004); metafor `permutest(exact = TRUE)`.
pub fn permutation_test(yi: &[f64], vi: &[f64], columns: &[(String, Vec<f64>)], options: &Options) -> Result<PermutationTest, MetaError> {
    if yi.len() > 9 {
        return Err(MetaError::Variable { name: "studies".into(), why: "all permutations are computed for at most 9 studies".into() });
    }
    count_extremes(yi, vi, columns, options, next_permutation)
}

/// Permutes the rows of the moderators at random; the observed order is one of the `permutations`, so that no p value is zero.
///
/// **Errors**: those of [`regress_columns`](super::regression::regress_columns).
/// **Source**: Higgins and Thompson (2004); Phipson and Smyth (2010); metafor `permutest(iter = )`.
pub fn sampled_permutation_test(
    yi: &[f64],
    vi: &[f64],
    columns: &[(String, Vec<f64>)],
    options: &Options,
    permutations: usize,
    seed: u64,
) -> Result<PermutationTest, MetaError> {
    let mut random = Random::new(seed);
    let mut left = permutations.max(1);
    count_extremes(yi, vi, columns, options, |order| {
        left -= 1;
        random.shuffle(order);
        left > 0
    })
}

/// Counts the orders whose statistics are at least as large as those of the observed order, which is the first.
fn count_extremes(
    yi: &[f64],
    vi: &[f64],
    columns: &[(String, Vec<f64>)],
    options: &Options,
    next: impl FnMut(&mut [usize]) -> bool,
) -> Result<PermutationTest, MetaError> {
    let mut observed: Option<(Vec<f64>, f64)> = None;
    let mut extreme: Vec<usize> = Vec::new();
    let (mut extreme_moderators, mut permutations) = (0_usize, 0_usize);
    visit_orders(yi, vi, columns, options, next, |statistics, moderators| {
        let (first, first_moderators) = observed.get_or_insert_with(|| (statistics.to_vec(), moderators));
        extreme.resize(first.len(), 0);
        for ((count, got), want) in extreme.iter_mut().zip(statistics).zip(first.iter()) {
            *count += usize::from(got.abs() >= want.abs() * (1.0 - EQUAL));
        }
        extreme_moderators += usize::from(moderators >= *first_moderators * (1.0 - EQUAL));
        permutations += 1;
    })?;
    let share = |count: usize| count as f64 / permutations as f64;
    Ok(PermutationTest { coefficients: extreme.into_iter().map(share).collect(), moderators: share(extreme_moderators), permutations })
}

/// Steps to the next permutation in lexicographic order; false after the last.
fn next_permutation(order: &mut [usize]) -> bool {
    let Some(pivot) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else {
        return false;
    };
    let successor = order.iter().rposition(|x| *x > order[pivot]).unwrap_or(pivot + 1);
    order.swap(pivot, successor);
    order[pivot + 1..].reverse();
    true
}
