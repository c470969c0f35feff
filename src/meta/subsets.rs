//! All subsets and all permutations: GOSH displays and permutation tests.

use super::fit::{self, Plan};
use super::options::{Model, Options, Test};
use super::regression::regress_columns;
use super::result::MetaError;
use super::tau2::Tau2Method;

/// What a subset of the studies says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SubsetFit {
    /// Number of studies.
    pub k: usize,
    /// Pooled estimate.
    pub estimate: f64,
    /// Between-study variance.
    pub tau2: f64,
    /// I2 in percent (as for a fit of the same model).
    pub i2: f64,
}

/// Fits the model to every non-empty subset of the studies.
///
/// **Shape**: `2^k - 1` fits; entry `i` holds the studies whose bits are set in `i + 1`, the first study in the lowest bit.
/// **Errors**: [`MetaError::Variable`] beyond 20 studies, where a sample of subsets is the way.
/// **Source**: Olkin, Dahabreh and Trikalinos (2012); metafor `gosh`.
pub fn all_subsets(yi: &[f64], vi: &[f64], tau2: Option<Tau2Method>) -> Result<Vec<SubsetFit>, MetaError> {
    let k = yi.len();
    if k > 20 {
        return Err(MetaError::Variable { name: "studies".into(), why: "all subsets are computed for at most 20 studies".into() });
    }
    if tau2.is_none() {
        return Ok(common_effect_subsets(yi, vi));
    }
    let (mut y, mut v) = (Vec::with_capacity(k), Vec::with_capacity(k));
    Ok((1..1_usize << k)
        .map(|subset| {
            y.clear();
            v.clear();
            for i in (0..k).filter(|i| subset >> i & 1 == 1) {
                y.push(yi[i]);
                v.push(vi[i]);
            }
            let fitted = fit::fit(&y, &v, tau2);
            let i2 = if fitted.k > 1 { 100.0 * fitted.tau2 / (fitted.tau2 + fitted.typical_variance) } else { 0.0 };
            SubsetFit { k: fitted.k, estimate: fitted.estimate, tau2: fitted.tau2, i2 }
        })
        .collect())
}

/// Common-effect fits of all subsets: sums of a subset are those without its highest study, plus that study.
fn common_effect_subsets(yi: &[f64], vi: &[f64]) -> Vec<SubsetFit> {
    // Centred, so that the raw sums keep their digits.
    let centre = fit::fit(yi, vi, None).estimate;
    let mut sums: Vec<[f64; 3]> = Vec::with_capacity(1 << yi.len());
    sums.push([0.0; 3]);
    for (y, v) in yi.iter().zip(vi) {
        let (w, y) = (1.0 / v, y - centre);
        for i in 0..sums.len() {
            let [s, sy, syy] = sums[i];
            sums.push([s + w, sy + w * y, syy + w * y * y]);
        }
    }
    sums.iter()
        .enumerate()
        .skip(1)
        .map(|(subset, [s, sy, syy])| {
            let k = subset.count_ones() as usize;
            let (q, df) = (syy - sy * sy / s, k as f64 - 1.0);
            SubsetFit { k, estimate: centre + sy / s, tau2: 0.0, i2: if q > df && k > 1 { 100.0 * (q - df) / q } else { 0.0 } }
        })
        .collect()
}

/// Margin within which two test statistics count as equal.
const EQUAL: f64 = 1e-10;

/// Returns the exact p value of the pooled estimate under random signs of the effects.
///
/// All `2^k` assignments are fitted anew. **Errors**: [`MetaError::Variable`] beyond 20 studies.
/// **Source**: Follmann and Proschan (1999); metafor `permutest(exact = TRUE)`.
pub fn sign_flip_test(yi: &[f64], vi: &[f64], plan: &Plan) -> Result<f64, MetaError> {
    let k = yi.len();
    if k > 20 {
        return Err(MetaError::Variable { name: "studies".into(), why: "signs are flipped exactly for at most 20 studies".into() });
    }
    let model = if plan.tau2.is_some() { Model::Random } else { Model::Common };
    let statistic = |y: &[f64]| {
        let fitted = fit::fit(y, vi, plan.tau2);
        let scale = match plan.test {
            _ if model == Model::Common => 1.0,
            Test::HartungKnapp => fitted.hk_scale,
            Test::HartungKnappAdHoc => fitted.hk_scale.max(1.0),
            Test::Wald | Test::T => 1.0,
        };
        (fitted.estimate / fitted.se).abs() / scale.sqrt()
    };
    let observed = statistic(yi);
    let mut flipped = yi.to_vec();
    let mut extreme = 0_usize;
    for signs in 0..1_usize << k {
        for (i, y) in flipped.iter_mut().enumerate() {
            *y = if signs >> i & 1 == 1 { -yi[i] } else { yi[i] };
        }
        if statistic(&flipped) >= observed * (1.0 - EQUAL) {
            extreme += 1;
        }
    }
    Ok(extreme as f64 / (1_usize << k) as f64)
}

/// Exact p values of a meta-regression under all permutations of the moderator rows.
#[derive(Debug, Clone, PartialEq)]
pub struct PermutationTest {
    /// One p value per coefficient, the intercept first.
    pub coefficients: Vec<f64>,
    /// p value of the test of all moderators.
    pub moderators: f64,
    /// Number of permutations.
    pub permutations: usize,
}

/// Permutes the rows of the moderators among the studies in every way and fits anew.
///
/// **Errors**: [`MetaError::Variable`] beyond 8 studies; those of [`regress_columns`].
/// **Source**: Higgins and Thompson (2004); metafor `permutest(exact = TRUE)`.
pub fn permutation_test(yi: &[f64], vi: &[f64], columns: &[(String, Vec<f64>)], options: &Options) -> Result<PermutationTest, MetaError> {
    let k = yi.len();
    if k > 8 {
        return Err(MetaError::Variable { name: "studies".into(), why: "all permutations are computed for at most 8 studies".into() });
    }
    let observed = regress_columns(yi, vi, columns, options)?;
    let mut extreme = vec![0_usize; observed.p];
    let (mut extreme_moderators, mut permutations) = (0_usize, 0_usize);
    let mut order: Vec<usize> = (0..k).collect();
    loop {
        let shuffled: Vec<(String, Vec<f64>)> =
            columns.iter().map(|(name, values)| (name.clone(), order.iter().map(|&i| values[i]).collect())).collect();
        let fitted = regress_columns(yi, vi, &shuffled, options)?;
        for ((count, got), want) in extreme.iter_mut().zip(&fitted.coefficients).zip(&observed.coefficients) {
            *count += usize::from(got.stat.abs() >= want.stat.abs() * (1.0 - EQUAL));
        }
        extreme_moderators += usize::from(fitted.qm >= observed.qm * (1.0 - EQUAL));
        permutations += 1;
        if !next_permutation(&mut order) {
            break;
        }
    }
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
