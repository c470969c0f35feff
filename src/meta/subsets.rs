//! All subsets of the studies: GOSH displays (graphical display of study heterogeneity).
//!
//! Source: Olkin, Dahabreh and Trikalinos (2012); metafor `gosh`.

use super::fit;
use super::result::MetaError;
use super::tau2::Tau2Method;

pub use super::permutation::{PermutationTest, permutation_test, sign_flip_test};

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
/// **Errors**: [`MetaError::Variable`] beyond 20 studies, where a sample of subsets is the way; for a common effect
/// [`visit_common_effect_subsets`] goes further.
pub fn all_subsets(yi: &[f64], vi: &[f64], tau2: Option<Tau2Method>) -> Result<Vec<SubsetFit>, MetaError> {
    let k = yi.len();
    if k > 20 {
        return Err(MetaError::Variable { name: "studies".into(), why: "all subsets are computed for at most 20 studies".into() });
    }
    let mut fits = Vec::with_capacity(1 << k);
    if tau2.is_none() {
        visit_common_effect_subsets(yi, vi, |block| {
            let skip = usize::from(block.first == 0);
            for j in skip..block.len {
                let k = (block.first + j as u64).count_ones() as usize;
                fits.push(SubsetFit { k, estimate: block.estimate[j], tau2: 0.0, i2: block.i2[j] });
            }
        })?;
        return Ok(fits);
    }
    let (mut y, mut v) = (Vec::with_capacity(k), Vec::with_capacity(k));
    for subset in 1..1_usize << k {
        y.clear();
        v.clear();
        for i in (0..k).filter(|i| subset >> i & 1 == 1) {
            y.push(yi[i]);
            v.push(vi[i]);
        }
        let fitted = fit::fit(&y, &v, tau2);
        let i2 = if fitted.k > 1 { 100.0 * fitted.tau2 / (fitted.tau2 + fitted.typical_variance) } else { 0.0 };
        fits.push(SubsetFit { k: fitted.k, estimate: fitted.estimate, tau2: fitted.tau2, i2 });
    }
    Ok(fits)
}

/// How many subsets a block holds.
pub const BLOCK: usize = 64;
/// So many studies, the first ones, change inside a block.
const LOW: usize = BLOCK.trailing_zeros() as usize;

/// Common-effect fits of neighbouring subsets, side by side.
#[derive(Debug, Clone)]
pub struct SubsetBlock {
    /// The studies of the first subset as bits, the first study in the lowest bit; entry `j` is the subset `first + j`.
    pub first: u64,
    /// How many entries there are: [`BLOCK`], or `2^k` for fewer than six studies.
    pub len: usize,
    /// Pooled estimates; of no meaning for the empty subset.
    pub estimate: [f64; BLOCK],
    /// Cochran's Q.
    pub q: [f64; BLOCK],
    /// I2 in percent, `max(0, (Q - df) / Q)`.
    pub i2: [f64; BLOCK],
}

/// Stands for a heterogeneity of zero, that nothing is divided by zero.
const TRACE: f64 = 1e-280;

/// Sums over the studies of a subset: weights, weighted effects, weighted squares, and the number of studies.
type Sums = [f64; 4];

fn plus(a: Sums, b: Sums) -> Sums {
    std::array::from_fn(|i| a[i] + b[i])
}

/// Studies that [`visit_common_effect_subsets`] can take: 2^40 subsets take half an hour.
const MOST: usize = 40;

/// Computes the common-effect estimate, Q and I2 of every subset and shows them block by block; keeps none and allocates nothing.
///
/// Each sum is that of the first six studies, from a table, plus that of the others, which changes with the block: three additions and
/// one division a subset, and no drift. **Shape**: one effect and one positive sampling variance per study; bit i of a subset's number
/// stands for study i. **Errors**: [`MetaError::Variable`] beyond 40 studies. **Source**: Olkin, Dahabreh and Trikalinos (2012); metafor
/// `gosh`.
pub fn visit_common_effect_subsets(yi: &[f64], vi: &[f64], mut visit: impl FnMut(&SubsetBlock)) -> Result<(), MetaError> {
    let k = yi.len();
    if k > MOST {
        return Err(MetaError::Variable { name: "studies".into(), why: format!("all subsets are visited for at most {MOST} studies") });
    }
    // Centred, so that the raw sums keep their digits.
    let centre = if k == 0 { 0.0 } else { fit::fit(yi, vi, None).estimate };
    let term = |i: usize| {
        let (w, r) = (1.0 / vi[i], yi[i] - centre);
        [w, w * r, w * r * r, 1.0]
    };
    let low = k.min(LOW);
    let mut table = [[0.0; BLOCK]; 4];
    for subset in 1..1_usize << low {
        // The sum without its highest study is there already.
        let highest = subset.ilog2() as usize;
        for (column, term) in table.iter_mut().zip(term(highest)) {
            column[subset] = column[subset - (1 << highest)] + term;
        }
    }
    table[3] = table[3].map(|studies| 100.0 * studies);
    let mut terms = [[0.0; 4]; MOST];
    for i in low..k {
        terms[i - low] = term(i);
    }
    // Entry i: the sum over the studies from place i on, of those beyond the table.
    let mut above = [[0.0; 4]; MOST + 1];
    let mut block = SubsetBlock { first: 0, len: 1 << low, estimate: [0.0; BLOCK], q: [0.0; BLOCK], i2: [0.0; BLOCK] };
    for high in 0..1_u64 << (k - low) {
        // Counting up has changed the lowest set bit and those below it, which are zero now.
        let changed = if high == 0 { 0 } else { high.trailing_zeros() as usize };
        if high > 0 {
            above[changed] = plus(above[changed + 1], terms[changed]);
            for i in 0..changed {
                above[i] = above[changed];
            }
        }
        block.first = high << low;
        block.fill(above[0], &table, centre);
        visit(&block);
    }
    Ok(())
}

impl SubsetBlock {
    fn fill(&mut self, base: Sums, table: &[[f64; BLOCK]; 4], centre: f64) {
        let [w, wr, wrr, n] = base;
        let [ws, wrs, wrrs, ns] = table;
        let before = 100.0 * (n - 1.0);
        for j in 0..BLOCK {
            let (s, sr, srr) = (w + ws[j], wr + wrs[j], wrr + wrrs[j]);
            // Degrees of freedom times a hundred: the table counts studies in hundreds.
            let df = before + ns[j];
            // Q times the sum of weights; zero or below, by rounding, for single studies and equal effects.
            let sq = s * srr - sr * sr;
            let safe = if sq > TRACE { sq } else { TRACE };
            // One division gives both 1 / sum of weights and 1 / Q.
            let both = 1.0 / (s * safe);
            let inverse = safe * both;
            let excess = 100.0 - (df * s) * (s * both);
            self.estimate[j] = centre + sr * inverse;
            self.q[j] = sq * inverse;
            self.i2[j] = if excess > 0.0 { excess } else { 0.0 };
        }
        // A single study has no heterogeneity.
        if self.first == 0 {
            for single in 0..LOW {
                self.i2[1 << single] = 0.0;
            }
        } else if self.first.is_power_of_two() {
            self.i2[0] = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_agree_with_fits_of_each_subset() {
        let yi = [0.3, -0.2, 0.9, 0.4, 0.4, 1.7, -0.6, 0.1, 0.0];
        let vi = [0.02, 0.3, 0.04, 0.11, 0.11, 0.5, 0.09, 1.2, 0.001];
        for k in [1, 2, 5, 6, 7, 9] {
            let mut subsets = 0;
            visit_common_effect_subsets(&yi[..k], &vi[..k], |block| {
                for j in 0..block.len {
                    let bits = block.first + j as u64;
                    let (y, v): (Vec<f64>, Vec<f64>) = (0..k).filter(|i| bits >> i & 1 == 1).map(|i| (yi[i], vi[i])).unzip();
                    subsets += 1;
                    if y.is_empty() {
                        continue;
                    }
                    let want = fit::fit(&y, &v, None);
                    let df = y.len() as f64 - 1.0;
                    let i2 = if want.q > df { 100.0 * (want.q - df) / want.q } else { 0.0 };
                    assert!((block.estimate[j] - want.estimate).abs() < 1e-13);
                    assert!((block.q[j] - want.q).abs() < 1e-11 * (1.0 + want.q) && (block.i2[j] - i2).abs() < 1e-9, "{bits:b}");
                }
            })
            .unwrap();
            assert_eq!(subsets, 1 << k);
        }
    }

    #[test]
    fn the_empty_dataset_has_only_the_empty_subset() {
        assert!(all_subsets(&[], &[], None).unwrap().is_empty());
        assert!(all_subsets(&[0.1; 21], &[0.1; 21], None).is_err());
    }
}
