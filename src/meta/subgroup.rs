//! Subgroup analyses: each group pooled on its own, and the test for a difference between groups.

use super::dataset::{Dataset, Moderator};
use super::measure;
use super::options::Options;
use super::pool::pool;
use super::regression::{Prediction, Regression, Term, regress};
use super::result::{MetaError, Pooled};
use crate::stats::dist;

/// The subgroups of an analysis, and the test between them.
#[derive(Debug, Clone, PartialEq)]
pub struct SubgroupAnalysis {
    /// Groups in the order of their first study, each with its name, the places of its studies in the dataset, and its result.
    pub groups: Vec<Subgroup>,
    /// Heterogeneity between groups, `sum w (theta_g - theta)^2` with `w = 1 / se_g^2`.
    pub q_between: f64,
    /// Degrees of freedom: groups with an estimate, minus one.
    pub df: f64,
    /// p value; 1 when there is only one group with an estimate.
    pub p: f64,
    /// I2 between groups, percent.
    pub i2_between: f64,
}

/// One subgroup.
#[derive(Debug, Clone, PartialEq)]
pub struct Subgroup {
    /// Name.
    pub name: String,
    /// Places of its studies in the dataset.
    pub places: Vec<usize>,
    /// Its pooled result, with a between-study variance of its own.
    pub pooled: Pooled,
}

/// Pools each subgroup on its own and tests for a difference between them.
///
/// Groups that have no estimate stay in the list and drop out of the test.
/// **Errors**: [`MetaError::Variable`] when the dataset has no subgroups; all errors of [`pool`].
/// **Source**: Borenstein and others (2009), chapter 19; Deeks and Higgins (2010), section 7; RevMan's "Test for subgroup differences".
pub fn pool_subgroups(dataset: &Dataset, options: &Options) -> Result<SubgroupAnalysis, MetaError> {
    let Some(names) = &dataset.subgroups else {
        return Err(MetaError::Variable { name: "subgroup".into(), why: "the dataset has no subgroups".into() });
    };
    let mut order: Vec<(String, Vec<usize>)> = Vec::new();
    for (i, name) in names.iter().enumerate() {
        match order.iter_mut().find(|(known, _)| known == name) {
            Some((_, places)) => places.push(i),
            None => order.push((name.clone(), vec![i])),
        }
    }
    let mut groups = Vec::with_capacity(order.len());
    for (name, places) in order {
        let pooled = pool(&dataset.select(&places), options)?;
        groups.push(Subgroup { name, places, pooled });
    }
    let (q_between, df, p, i2_between) = between(groups.iter().map(|group| (group.pooled.estimate, group.pooled.se)));
    Ok(SubgroupAnalysis { groups, q_between, df, p, i2_between })
}

/// Subgroups that share one between-study variance, and the test between them.
#[derive(Debug, Clone, PartialEq)]
pub struct CommonTau2 {
    /// Names of the groups, sorted; the order of the vectors below.
    pub names: Vec<String>,
    /// Mean effect of each group, with its standard error and interval.
    pub means: Vec<Prediction>,
    /// The regression on the groups: residual tau2, the test between groups (`qm`), residual heterogeneity (`qe`).
    pub regression: Regression,
}

/// Pools subgroups under one residual between-study variance: a meta-regression on the group.
///
/// **Errors**: [`MetaError::Variable`] when the dataset has no subgroups or fewer than two have an estimate; all errors of
/// [`regress`]. **Source**: Borenstein and others (2009), chapter 19, "pooled tau2"; metafor `mods = ~ factor(group)`.
pub fn pool_subgroups_common_tau2(dataset: &Dataset, options: &Options) -> Result<CommonTau2, MetaError> {
    let name = "subgroup";
    let Some(groups) = &dataset.subgroups else {
        return Err(MetaError::Variable { name: name.into(), why: "the dataset has no subgroups".into() });
    };
    let effects = measure::effects(&dataset.data, options)?;
    let values: Vec<Option<String>> = groups.iter().zip(&effects).map(|(group, effect)| effect.map(|_| group.clone())).collect();
    let mut names: Vec<String> = values.iter().flatten().cloned().collect();
    names.sort();
    names.dedup();
    let moderators = vec![Moderator::Factor { name: name.into(), values }];
    let regression = regress(&Dataset { moderators, ..dataset.clone() }, options, &[Term::Main(name.into())])?;
    let means = (0..names.len())
        .map(|group| {
            let row: Vec<f64> = (0..names.len()).map(|i| if i == 0 || i == group { 1.0 } else { 0.0 }).collect();
            regression.predict(&row)
        })
        .collect();
    Ok(CommonTau2 { names, means, regression })
}

/// Returns Q, degrees of freedom, p and I2 (percent) of estimates with their standard errors; those without a finite pair are left out.
pub(super) fn between(estimates: impl Iterator<Item = (f64, f64)>) -> (f64, f64, f64, f64) {
    let usable: Vec<(f64, f64)> =
        estimates.filter(|(estimate, se)| estimate.is_finite() && *se > 0.0).map(|(estimate, se)| (estimate, 1.0 / (se * se))).collect();
    let total: f64 = usable.iter().map(|(_, w)| w).sum();
    let mean = usable.iter().map(|(estimate, w)| estimate * w).sum::<f64>() / total;
    let q = usable.iter().map(|(estimate, w)| w * (estimate - mean).powi(2)).sum::<f64>();
    let df = (usable.len() as f64 - 1.0).max(0.0);
    if df < 1.0 {
        return (0.0, 0.0, 1.0, 0.0);
    }
    (q, df, dist::chi_squared_sf(q, df), if q > 0.0 { (100.0 * (q - df) / q).max(0.0) } else { 0.0 })
}
