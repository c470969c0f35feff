//! Agreement of raters: Cohen's kappa, PABAK, Gwet's AC1, positive and negative agreement, Fleiss' kappa.
//!
//! Statistics to be shown beside counts, never a gate: kappa falls with prevalence even when raters hardly differ.

/// The 97.5 % quantile of the standard normal distribution, for intervals of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// Returns the interval of 95 % of a coefficient of agreement, estimate ± 1.96 standard errors, held between -1 and 1.
///
/// `None` where the standard error is zero but for rounding: where the raters agreed on everything, or one of them said the same of every
/// unit, the large-sample formulas see no uncertainty, and an interval of one point would claim that there is none.
/// Shape: (lower, upper). Source: the asymptotic intervals of Fleiss, Cohen and Everitt (1969) and Gwet (2008).
pub fn interval(estimate: f64, standard_error: f64) -> Option<(f64, f64)> {
    const ROUNDING: f64 = 1e-7;
    (standard_error > ROUNDING).then(|| ((estimate - Z * standard_error).max(-1.0), (estimate + Z * standard_error).min(1.0)))
}

/// Returns Wilson's interval of 95 % of a share, `None` where there are no units.
///
/// It stays within 0 and 1 and does not collapse where all agree. Source: Wilson (1927); the score interval without correction.
pub fn share_interval(successes: u64, units: u64) -> Option<(f64, f64)> {
    if units == 0 {
        return None;
    }
    let (n, share) = (units as f64, successes as f64 / units as f64);
    let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(((middle - half).max(0.0), (middle + half).min(1.0)))
}

/// A square table of two raters: `counts[i][j]` units that the first put into category `i` and the second into `j`.
///
/// For screening the categories are include (0) and exclude (1), so that the rows read `[[both in, only A], [only B, both out]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementTable {
    counts: Vec<Vec<u64>>,
}

/// What two raters' table says.
///
/// Quantities that do not exist for the table (kappa when chance agreement is complete, anything when there are no units) are `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Number of units that both rated.
    pub n: u64,
    /// Observed agreement, a fraction.
    pub po: Option<f64>,
    /// Agreement expected by chance from the raters' own margins (Cohen).
    pub pe: Option<f64>,
    /// Cohen's kappa.
    pub kappa: Option<f64>,
    /// Its standard error (Fleiss, Cohen and Everitt 1969).
    pub kappa_se: Option<f64>,
    /// Prevalence-adjusted bias-adjusted kappa, `(q Po - 1) / (q - 1)` for `q` categories.
    pub pabak: Option<f64>,
    /// Gwet's AC1.
    pub ac1: Option<f64>,
    /// Its standard error (Gwet 2008).
    pub ac1_se: Option<f64>,
    /// Prevalence index `|a - d| / n`; two categories only.
    pub prevalence_index: Option<f64>,
    /// Bias index `|b - c| / n`; two categories only.
    pub bias_index: Option<f64>,
    /// Positive agreement `2a / (2a + b + c)`; two categories only.
    pub positive: Option<f64>,
    /// Negative agreement `2d / (2d + b + c)`; two categories only.
    pub negative: Option<f64>,
}

impl AgreementTable {
    /// Makes the table of two categories from both in, only the first rater in, only the second in, both out.
    pub fn two_by_two(both_in: u64, only_first: u64, only_second: u64, both_out: u64) -> Self {
        Self { counts: vec![vec![both_in, only_first], vec![only_second, both_out]] }
    }

    /// Makes a table of `categories` categories from pairs of category numbers; pairs out of range are left out.
    pub fn from_pairs(categories: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![vec![0; categories]; categories];
        for (first, second) in pairs {
            if first < categories && second < categories {
                counts[first][second] += 1;
            }
        }
        Self { counts }
    }

    /// Returns the count of one cell, 0 outside the table.
    pub fn count(&self, first: usize, second: usize) -> u64 {
        self.counts.get(first).and_then(|row| row.get(second)).copied().unwrap_or(0)
    }

    /// Computes all statistics of the table.
    ///
    /// **Source**: Cohen (1960); Fleiss, Cohen and Everitt (1969) for its standard error; Byrt, Bishop and Carlin (1993) for PABAK and
    /// the two indices; Gwet (2008) for AC1 and its variance.
    pub fn agreement(&self) -> Agreement {
        let q = self.counts.len();
        let n: u64 = self.counts.iter().flatten().sum();
        let mut result = Agreement {
            n,
            po: None,
            pe: None,
            kappa: None,
            kappa_se: None,
            pabak: None,
            ac1: None,
            ac1_se: None,
            prevalence_index: None,
            bias_index: None,
            positive: None,
            negative: None,
        };
        if n == 0 || q < 2 {
            return result;
        }
        let units = n as f64;
        let share = |i: usize, j: usize| self.counts[i][j] as f64 / units;
        let first: Vec<f64> = (0..q).map(|i| (0..q).map(|j| share(i, j)).sum()).collect();
        let second: Vec<f64> = (0..q).map(|j| (0..q).map(|i| share(i, j)).sum()).collect();
        let po = (0..q).map(|i| self.counts[i][i]).sum::<u64>() as f64 / units;
        let pe: f64 = first.iter().zip(&second).map(|(a, b)| a * b).sum();
        result.po = Some(po);
        result.pe = Some(pe);
        result.pabak = Some((q as f64 * po - 1.0) / (q as f64 - 1.0));
        // Chance agreement is complete exactly when both raters used one and the same category for every unit.
        if !(0..q).any(|i| self.counts[i][i] == n) {
            let kappa = (po - pe) / (1.0 - pe);
            let mut variance = -(kappa - pe * (1.0 - kappa)).powi(2);
            for i in 0..q {
                for j in 0..q {
                    variance += share(i, j)
                        * if i == j {
                            (1.0 - (first[i] + second[i]) * (1.0 - kappa)).powi(2)
                        } else {
                            ((1.0 - kappa) * (second[i] + first[j])).powi(2)
                        };
                }
            }
            result.kappa = Some(kappa);
            result.kappa_se = Some((variance / (units * (1.0 - pe).powi(2))).max(0.0).sqrt());
        }
        let mean: Vec<f64> = first.iter().zip(&second).map(|(a, b)| 0.5 * (a + b)).collect();
        let categories = q as f64 - 1.0;
        let chance = mean.iter().map(|m| m * (1.0 - m)).sum::<f64>() / categories;
        let ac1 = (po - chance) / (1.0 - chance);
        let diagonal: f64 = (0..q).map(|i| share(i, i) * (1.0 - mean[i]) / categories).sum();
        let mut squares = 0.0;
        for i in 0..q {
            for j in 0..q {
                squares += share(i, j) * ((1.0 - 0.5 * (mean[i] + mean[j])) / categories).powi(2);
            }
        }
        let variance =
            po * (1.0 - po) - 4.0 * (1.0 - ac1) * (diagonal - po * chance) + 4.0 * (1.0 - ac1).powi(2) * (squares - chance * chance);
        result.ac1 = Some(ac1);
        result.ac1_se = Some((variance / (units * (1.0 - chance).powi(2))).max(0.0).sqrt());
        if q == 2 {
            let [a, b, c, d] = [self.counts[0][0], self.counts[0][1], self.counts[1][0], self.counts[1][1]].map(|x| x as f64);
            result.prevalence_index = Some((a - d).abs() / units);
            result.bias_index = Some((b - c).abs() / units);
            result.positive = (2.0 * a + b + c > 0.0).then(|| 2.0 * a / (2.0 * a + b + c));
            result.negative = (2.0 * d + b + c > 0.0).then(|| 2.0 * d / (2.0 * d + b + c));
        }
        result
    }
}

/// Returns Fleiss' kappa for units that were each rated by the same number of raters.
///
/// `counts[u][c]` is the number of raters who put unit `u` into category `c`. `None` when the numbers of raters differ, are below two,
/// or when all ratings fall into one category. Source: Fleiss (1971).
pub fn fleiss_kappa(counts: &[Vec<u64>]) -> Option<f64> {
    let raters: u64 = counts.first()?.iter().sum();
    if raters < 2 || counts.iter().any(|unit| unit.iter().sum::<u64>() != raters) {
        return None;
    }
    let categories = counts.iter().map(Vec::len).max()?;
    let (units, m) = (counts.len() as f64, raters as f64);
    let observed = counts.iter().map(|unit| (unit.iter().map(|&c| (c * c) as f64).sum::<f64>() - m) / (m * (m - 1.0))).sum::<f64>() / units;
    let totals: Vec<u64> = (0..categories).map(|c| counts.iter().filter_map(|unit| unit.get(c)).sum()).collect();
    if totals.iter().filter(|t| **t > 0).count() < 2 {
        return None;
    }
    let chance: f64 = totals.iter().map(|&t| (t as f64 / (units * m)).powi(2)).sum();
    Some((observed - chance) / (1.0 - chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: Option<f64>, want: f64) {
        let got = got.unwrap();
        assert!((got - want).abs() < 5.1e-6, "got {got}, want {want}");
    }

    #[test]
    fn golden_table_of_a_typical_screening() {
        let a = AgreementTable::two_by_two(35, 15, 10, 940).agreement();
        assert_eq!(a.n, 1000);
        close(a.po, 0.97500);
        close(a.pe, 0.90950);
        close(a.kappa, 0.72376);
        close(a.kappa_se, 0.05276);
        close(a.pabak, 0.95000);
        close(a.ac1, 0.97251);
        close(a.ac1_se, 0.00556);
        close(a.prevalence_index, 0.905);
        close(a.bias_index, 0.005);
        close(a.positive, 0.73684);
        close(a.negative, 0.98688);
    }

    #[test]
    fn an_interval_of_one_point_is_none() {
        // Raters who agree on everything, and one who includes whatever comes.
        for (table, kappa) in [([7, 0, 0, 5], 1.0), ([4, 6, 0, 0], 0.0), ([300, 0, 0, 1], 1.0), ([0, 0, 12, 88], 0.0)] {
            let [a, b, c, d] = table;
            let found = AgreementTable::two_by_two(a, b, c, d).agreement();
            assert!((found.kappa.unwrap() - kappa).abs() < 1e-12);
            assert_eq!(interval(found.kappa.unwrap(), found.kappa_se.unwrap()), None, "{table:?}: {:?}", found.kappa_se);
        }
        // One difference in a hundred thousand is an interval.
        let close = AgreementTable::two_by_two(500, 1, 0, 99_499).agreement();
        assert!(interval(close.kappa.unwrap(), close.kappa_se.unwrap()).is_some());
        assert_eq!(interval(f64::NAN, f64::NAN), None);
    }

    #[test]
    fn golden_table_of_a_balanced_screening() {
        let a = AgreementTable::two_by_two(20, 5, 10, 15).agreement();
        close(a.kappa, 0.40000);
        close(a.kappa_se, 0.12700);
        close(a.pabak, 0.40000);
        close(a.ac1, 0.40594);
        close(a.ac1_se, 0.13015);
    }

    #[test]
    fn intervals_are_those_of_the_published_formulas() {
        let a = AgreementTable::two_by_two(20, 5, 10, 15).agreement();
        let (low, high) = interval(a.kappa.unwrap(), a.kappa_se.unwrap()).unwrap();
        // The standard error by hand is 0.126996; 1.959964 times that is 0.248908.
        close(Some(low), 0.151_09);
        close(Some(high), 0.648_91);
        assert_eq!(interval(0.99, 0.2).unwrap().1, 1.0);
        // Newcombe (1998), table I: 81 of 263 gives .2553 to .3662; 0 of 20 gives 0 to .1611.
        let wilson = |successes, units| share_interval(successes, units).unwrap();
        assert!((wilson(81, 263).0 - 0.2553).abs() < 5e-5 && (wilson(81, 263).1 - 0.3662).abs() < 5e-5);
        assert!(wilson(0, 20).0 == 0.0 && (wilson(0, 20).1 - 0.1611).abs() < 5e-5);
        assert_eq!(share_interval(0, 0), None);
    }

    #[test]
    fn three_categories_reduce_to_two_where_the_third_is_never_used() {
        let pairs = || [(0, 0); 20].into_iter().chain([(0, 2); 5]).chain([(2, 0); 10]).chain([(2, 2); 15]);
        let three = AgreementTable::from_pairs(3, pairs()).agreement();
        close(three.kappa, 0.40000);
        close(three.kappa_se, 0.12700);
        // PABAK and AC1 know that a third category was offered.
        close(three.pabak, (3.0 * 0.7 - 1.0) / 2.0);
        assert!(three.ac1.unwrap() > 0.40594 && three.positive.is_none());
    }

    #[test]
    fn kappa_does_not_exist_when_both_use_one_category_throughout() {
        let a = AgreementTable::two_by_two(0, 0, 0, 50).agreement();
        assert_eq!((a.kappa, a.kappa_se, a.positive), (None, None, None));
        close(a.ac1, 1.0);
        assert_eq!(a.negative, Some(1.0));
    }

    #[test]
    fn no_units_give_no_statistics() {
        let a = AgreementTable::two_by_two(0, 0, 0, 0).agreement();
        assert_eq!((a.n, a.po, a.ac1), (0, None, None));
    }

    #[test]
    fn swapping_the_raters_changes_nothing_but_the_sides() {
        let one = AgreementTable::two_by_two(7, 3, 11, 40).agreement();
        let two = AgreementTable::two_by_two(7, 11, 3, 40).agreement();
        assert!((one.kappa.unwrap() - two.kappa.unwrap()).abs() < 1e-15);
        assert!((one.ac1_se.unwrap() - two.ac1_se.unwrap()).abs() < 1e-15);
    }

    #[test]
    fn fleiss_kappa_of_the_published_example() {
        // Fleiss (1971), as tabulated in many textbooks: 10 subjects, 14 raters, 5 categories, kappa 0.210.
        let counts = [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ]
        .map(|row| row.to_vec());
        assert!((fleiss_kappa(&counts).unwrap() - 0.210).abs() < 5e-4);
        assert_eq!(fleiss_kappa(&[vec![2, 0], vec![1, 0]]), None);
    }
}
