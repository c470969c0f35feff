//! A start near the maximum for models of nested clusters: scoring on one small block of the covariance for each outer cluster.
//!
//! The score is exact, the information leaves out what the coefficients take from it; the dense search that follows decides when the
//! maximum is reached. Source: Harville (1977).

#![allow(clippy::needless_range_loop, reason = "formulas of matrices are written with their indices")]

use crate::stats::linear::{Cholesky, Matrix};

/// Steps at most; each cuts the distance by a factor of about k / p.
const MOST: usize = 30;
/// Expected gain of likelihood below which the search that follows takes over.
const NEAR: f64 = 1e-9;

/// Estimates of one outer cluster.
struct Block {
    places: Vec<usize>,
    /// For each level, the inner cluster of each estimate as a place in the block: that of its first member.
    clusters: Vec<Vec<usize>>,
}

impl Block {
    /// `Z x` for the structure of one level.
    fn pooled(&self, level: usize, x: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; x.len()];
        for (&cluster, x) in self.clusters[level].iter().zip(x) {
            sums[cluster] += x;
        }
        self.clusters[level].iter().map(|&cluster| sums[cluster]).collect()
    }

    fn is_together(&self, level: usize, a: usize, b: usize) -> bool {
        self.clusters[level][a] == self.clusters[level][b]
    }
}

/// Returns variances near those of highest (restricted) likelihood; the start itself where clusters are not nested or a step fails.
///
/// **Shape**: as in [`super::multilevel::multilevel`]; `design` has one row per estimate.
pub(super) fn near_maximum(yi: &[f64], vi: &[f64], levels: &[Vec<usize>], design: &Matrix, restricted: bool, start: &[f64]) -> Vec<f64> {
    blocks(levels).and_then(|blocks| search(yi, vi, &blocks, design, restricted, start)).unwrap_or_else(|| start.to_vec())
}

/// Splits the estimates by outer cluster; `None` where an inner cluster reaches into two of them.
fn blocks(levels: &[Vec<usize>]) -> Option<Vec<Block>> {
    let outer = levels.first()?;
    for inner in &levels[1..] {
        let mut pairs: Vec<(usize, usize)> = inner.iter().copied().zip(outer.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        if pairs.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return None;
        }
    }
    let mut names = outer.clone();
    names.sort_unstable();
    names.dedup();
    let block = |name: &usize| {
        let places: Vec<usize> = (0..outer.len()).filter(|&i| outer[i] == *name).collect();
        let first = |level: &Vec<usize>| -> Vec<usize> {
            places.iter().map(|&i| places.iter().position(|&j| level[j] == level[i]).unwrap_or(0)).collect()
        };
        let clusters = levels.iter().map(first).collect();
        Block { places, clusters }
    };
    Some(names.iter().map(block).collect())
}

fn search(yi: &[f64], vi: &[f64], blocks: &[Block], design: &Matrix, restricted: bool, start: &[f64]) -> Option<Vec<f64>> {
    let levels = start.len();
    let mut theta = start.to_vec();
    for _ in 0..MOST {
        let (score, information) = slope(yi, vi, blocks, design, restricted, &theta)?;
        let free: Vec<usize> = (0..levels).filter(|&j| theta[j] > 0.0 || score[j] > 0.0).collect();
        if free.is_empty() {
            break;
        }
        let gradient: Vec<f64> = free.iter().map(|&j| score[j]).collect();
        let step = Cholesky::new(&information.block(&free, &free))?.solve(&gradient);
        let expected: f64 = step.iter().zip(&gradient).map(|(a, b)| a * b).sum();
        for (&j, step) in free.iter().zip(&step) {
            theta[j] = (theta[j] + step).max(0.0);
        }
        if expected < NEAR {
            break;
        }
    }
    theta.iter().all(|t| t.is_finite()).then_some(theta)
}

/// Score of the variances, and their information as if the coefficients were known.
fn slope(yi: &[f64], vi: &[f64], blocks: &[Block], design: &Matrix, restricted: bool, theta: &[f64]) -> Option<(Vec<f64>, Matrix)> {
    let (p, levels) = (design.columns(), theta.len());
    let mut cross = Matrix::zeros(p, p);
    let mut right = vec![0.0; p];
    // W, and the columns of W X, of each block.
    let mut solved = Vec::with_capacity(blocks.len());
    for block in blocks {
        let n = block.places.len();
        let mut marginal = Matrix::zeros(n, n);
        for a in 0..n {
            for b in 0..n {
                let shared: f64 = (0..levels).filter(|&l| block.is_together(l, a, b)).map(|l| theta[l]).sum();
                marginal.put(a, b, shared + if a == b { vi[block.places[a]] } else { 0.0 });
            }
        }
        let weights = Cholesky::new(&marginal)?.inverse();
        let column = |c: usize| block.places.iter().map(|&i| design.get(i, c)).collect::<Vec<f64>>();
        let weighted: Vec<Vec<f64>> = (0..p).map(|c| weights.times_vector(&column(c))).collect();
        for (c, wx) in weighted.iter().enumerate() {
            for (wx, &i) in wx.iter().zip(&block.places) {
                right[c] += wx * yi[i];
                for d in 0..p {
                    cross.put(c, d, cross.get(c, d) + wx * design.get(i, d));
                }
            }
        }
        solved.push((weights, weighted));
    }
    let cross = Cholesky::new(&cross)?;
    let (coefficients, covariance) = (cross.solve(&right), cross.inverse());
    let mut score = vec![0.0; levels];
    let mut information = Matrix::zeros(levels, levels);
    for (block, (weights, weighted)) in blocks.iter().zip(&solved) {
        let residuals: Vec<f64> =
            block.places.iter().map(|&i| yi[i] - design.row(i).iter().zip(&coefficients).map(|(x, b)| x * b).sum::<f64>()).collect();
        let py = weights.times_vector(&residuals);
        let n = py.len();
        // Rows of W Z for each level: W is symmetric.
        let turned: Vec<Vec<Vec<f64>>> = (0..levels).map(|l| (0..n).map(|a| block.pooled(l, weights.row(a))).collect()).collect();
        for l in 0..levels {
            score[l] += 0.5 * dot(&py, &block.pooled(l, &py));
            score[l] -= 0.5 * (0..n).map(|a| turned[l][a][a]).sum::<f64>();
            if restricted {
                for (c, wx) in weighted.iter().enumerate() {
                    let pooled = block.pooled(l, wx);
                    score[l] += 0.5 * weighted.iter().enumerate().map(|(d, u)| covariance.get(c, d) * dot(u, &pooled)).sum::<f64>();
                }
            }
            for m in 0..=l {
                let mut trace = 0.0;
                for a in 0..n {
                    for b in 0..n {
                        trace += turned[l][a][b] * turned[m][b][a];
                    }
                }
                let sum = information.get(l, m) + 0.5 * trace;
                information.put(l, m, sum);
                information.put(m, l, sum);
            }
        }
    }
    Some((score, information))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::Test;
    use crate::meta::multilevel::multilevel;

    const YI: [f64; 9] = [0.1, 0.4, -0.2, 0.9, 1.2, 0.8, -0.5, 0.3, 0.2];
    const VI: [f64; 9] = [0.02, 0.05, 0.04, 0.03, 0.02, 0.06, 0.05, 0.04, 0.03];

    fn levels() -> [Vec<usize>; 2] {
        [vec![1, 1, 1, 2, 2, 2, 3, 3, 3], vec![1, 1, 2, 3, 4, 4, 5, 6, 6]]
    }

    #[test]
    fn the_start_lies_at_the_maximum_that_the_dense_search_proves() {
        let design = Matrix::from_rows(&vec![vec![1.0]; 9]);
        for restricted in [true, false] {
            let near = near_maximum(&YI, &VI, &levels(), &design, restricted, &[0.1, 0.1]);
            let found = multilevel(&YI, &VI, &levels(), &[], restricted, Test::Wald, 0.95).unwrap();
            for (near, found) in near.iter().zip(&found.variances) {
                assert!((near - found).abs() < 1e-4, "{near} {found}");
            }
        }
    }

    #[test]
    fn clusters_that_cross_are_left_to_the_dense_search() {
        let crossed = [vec![1, 1, 2, 2], vec![1, 2, 1, 2]];
        let design = Matrix::from_rows(&vec![vec![1.0]; 4]);
        assert_eq!(near_maximum(&YI[..4], &VI[..4], &crossed, &design, true, &[0.1, 0.2]), [0.1, 0.2]);
    }
}
