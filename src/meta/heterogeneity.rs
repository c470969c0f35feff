//! Heterogeneity: Cochran's Q, I2, H2 and the test-based interval of I2.

use crate::stats::dist;

use super::result::Interval;

/// Measures of heterogeneity. Percentages for I2; NaN where a quantity does not exist for the number of studies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// Cochran's Q.
    pub q: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// Its p value.
    pub p: f64,
    /// I2 from Q, `100 max(0, (Q - df) / Q)` (Higgins and Thompson 2002).
    pub i2_q: f64,
    /// Test-based interval of I2 from Q.
    pub i2_q_ci: Interval,
    /// I2 as the share of tau2 in the total variance, `100 tau2 / (tau2 + s2)` (metafor, RevMan Web); from Q under a common effect.
    pub i2: f64,
    /// H2: `(tau2 + s2) / s2`, or `Q / df` under a common effect.
    pub h2: f64,
}

impl Heterogeneity {
    /// The heterogeneity of nothing.
    pub const NONE: Self =
        Self { q: f64::NAN, df: f64::NAN, p: f64::NAN, i2_q: f64::NAN, i2_q_ci: Interval::NONE, i2: f64::NAN, h2: f64::NAN };

    /// Makes the measures that follow from Q alone.
    ///
    /// With no degrees of freedom: p is 1, I2 is 0, H2 is 1, as in metafor.
    pub fn from_q(q: f64, df: f64, level: f64) -> Self {
        Self::from_q_at(q, df, dist::normal_quantile(0.5 + 0.5 * level))
    }

    /// The same, with the normal quantile of the level.
    pub(super) fn from_q_at(q: f64, df: f64, z: f64) -> Self {
        if df < 1.0 {
            return Self { q, df, p: 1.0, i2_q: 0.0, i2_q_ci: Interval::NONE, i2: 0.0, h2: 1.0 };
        }
        let i2_q = if q > 0.0 { (100.0 * (q - df) / q).max(0.0) } else { 0.0 };
        Self { q, df, p: dist::chi_squared_sf(q, df), i2_q, i2_q_ci: test_based_interval_at(q, df, z), i2: i2_q, h2: q / df }
    }

    /// Returns the same measures with I2 and H2 from tau2 and the typical sampling variance `s2`.
    #[must_use]
    pub fn with_tau2(mut self, tau2: f64, typical_variance: f64) -> Self {
        if self.df >= 1.0 {
            self.i2 = 100.0 * tau2 / (tau2 + typical_variance);
            self.h2 = tau2 / typical_variance + 1.0;
        }
        self
    }
}

/// Returns the test-based interval of I2 in percent (Higgins and Thompson 2002, equations 9 and 10; H is kept at one or more).
pub fn test_based_interval(q: f64, df: f64, level: f64) -> Interval {
    test_based_interval_at(q, df, dist::normal_quantile(0.5 + 0.5 * level))
}

fn test_based_interval_at(q: f64, df: f64, z: f64) -> Interval {
    let k = df + 1.0;
    let ln_h2 = (q / df).max(1.0).ln();
    let se = if q > k {
        0.5 * ln_h2 / ((2.0 * q).sqrt() - (2.0 * k - 3.0).sqrt())
    } else if k > 2.0 {
        (1.0 / (2.0 * (k - 2.0)) * (1.0 - 1.0 / (3.0 * (k - 2.0).powi(2)))).sqrt()
    } else {
        return Interval::NONE;
    };
    let ln_h = 0.5 * ln_h2;
    // 100 (H2 - 1) / H2.
    let share = |ln_h: f64| -100.0 * (-2.0 * ln_h.max(0.0)).exp_m1();
    Interval { lower: share(ln_h - z * se), upper: share(ln_h + z * se) }
}
