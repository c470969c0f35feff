//! How far raters agree in numbers: the intraclass correlation.

use super::dist::beta_quantile;

/// An intraclass correlation of single ratings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Icc {
    /// The correlation, at most 1; below 0 where raters differ more than what they rate.
    pub value: f64,
    /// Its interval of 95 %; `None` where the raters never differ, or nothing varies between them.
    pub interval: Option<(f64, f64)>,
}

/// Returns the intraclass correlation for absolute agreement of single ratings, two-way random effects.
///
/// **Shape**: one slice for each thing that was rated, all of the same length, one rating of each rater in the same order. `None` for fewer
/// than two things or raters, for ratings that are not finite, and where all ratings are the same.
///
/// **Source**: ICC(A,1) of McGraw and Wong 1996 (ICC(2,1) of Shrout and Fleiss 1979), interval from their table 7; `irr::icc` with
/// `model = "twoway", type = "agreement", unit = "single"`.
pub fn icc_agreement(ratings: &[Vec<f64>]) -> Option<Icc> {
    let (things, raters) = (ratings.len(), ratings.first()?.len());
    if things < 2 || raters < 2 || ratings.iter().any(|row| row.len() != raters || row.iter().any(|x| !x.is_finite())) {
        return None;
    }
    let (n, k) = (things as f64, raters as f64);
    let mean = ratings.iter().flatten().sum::<f64>() / (n * k);
    let row_means: Vec<f64> = ratings.iter().map(|row| row.iter().sum::<f64>() / k).collect();
    let column_means: Vec<f64> = (0..raters).map(|at| ratings.iter().map(|row| row[at]).sum::<f64>() / n).collect();
    let square = |x: f64| x * x;
    let between_rows = k * row_means.iter().map(|x| square(x - mean)).sum::<f64>();
    let between_columns = n * column_means.iter().map(|x| square(x - mean)).sum::<f64>();
    let rest: f64 = ratings
        .iter()
        .zip(&row_means)
        .flat_map(|(row, of_row)| row.iter().zip(&column_means).map(move |(x, of_column)| square(x - of_row - of_column + mean)))
        .sum();
    let (msr, msc, mse) = (between_rows / (n - 1.0), between_columns / (k - 1.0), rest / ((n - 1.0) * (k - 1.0)));
    let spread = msr + (k - 1.0) * mse + k / n * (msc - mse);
    if !spread.is_finite() || spread <= 0.0 {
        return None;
    }
    let value = (msr - mse) / spread;
    Some(Icc { value, interval: interval((n, k), (msr, msc, mse), value) })
}

fn interval((n, k): (f64, f64), (msr, msc, mse): (f64, f64, f64), value: f64) -> Option<(f64, f64)> {
    if !(mse > 0.0 && msr > 0.0 && value < 1.0) {
        return None;
    }
    let a = k * value / (n * (1.0 - value));
    let b = 1.0 + k * value * (n - 1.0) / (n * (1.0 - value));
    let df = (a * msc + b * mse).powi(2) / ((a * msc).powi(2) / (k - 1.0) + (b * mse).powi(2) / ((n - 1.0) * (k - 1.0)));
    let (low, high) = (f_quantile(0.975, n - 1.0, df)?, f_quantile(0.975, df, n - 1.0)?);
    let error = k * msc + (k * n - k - n) * mse;
    let lower = n * (msr - low * mse) / (low * error + n * msr);
    let upper = n * (high * msr - mse) / (error + n * high * msr);
    (lower.is_finite() && upper.is_finite()).then_some((lower, upper))
}

/// The quantile of the F distribution, by that of the beta distribution.
fn f_quantile(p: f64, df1: f64, df2: f64) -> Option<f64> {
    if !(df1 > 0.0 && df2 > 0.0) {
        return None;
    }
    let x = beta_quantile(p, df1 / 2.0, df2 / 2.0);
    let f = df2 * x / (df1 * (1.0 - x));
    f.is_finite().then_some(f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_shrout_and_fleiss() {
        // Shrout and Fleiss 1979, table 2: six targets, four judges. ICC(2,1) = .29; interval as psych::ICC prints it (0.019 to 0.76).
        let ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];
        let ratings: Vec<Vec<f64>> = ratings.iter().map(|row| row.iter().map(|x| f64::from(*x)).collect()).collect();
        let icc = icc_agreement(&ratings).expect("varies");
        assert!((icc.value - 0.289_764).abs() < 5e-7, "{icc:?}");
        let (low, high) = icc.interval.expect("differ");
        assert!((low - 0.0188).abs() < 5e-4 && (high - 0.7611).abs() < 5e-4, "{icc:?}");
    }

    #[test]
    fn raters_who_never_differ_agree_wholly_and_a_shift_costs_agreement() {
        let pairs = |shift: f64| [1.0, 2.0, 5.0, 9.0].map(|x| vec![x, x + shift]).to_vec();
        assert_eq!(icc_agreement(&pairs(0.0)), Some(Icc { value: 1.0, interval: None }));
        let shifted = icc_agreement(&pairs(2.0)).expect("varies").value;
        assert!(shifted < 0.95 && shifted > 0.5, "{shifted}");
    }

    #[test]
    fn nothing_to_tell_is_told_as_nothing() {
        for ratings in [
            vec![],
            vec![vec![1.0, 2.0]],
            vec![vec![3.0, 3.0], vec![3.0, 3.0]],
            vec![vec![1.0, f64::NAN], vec![1.0, 2.0]],
            vec![vec![1.0], vec![2.0]],
        ] {
            assert_eq!(icc_agreement(&ratings), None, "{ratings:?}");
        }
    }
}
