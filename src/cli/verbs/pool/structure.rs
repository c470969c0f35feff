//! Models beyond one effect a study and one normal likelihood: levels and clusters, models of counts, all subsets, permutations,
//! further intervals, absolute effects.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::section::{Effects, Section};
use crate::cli::json::number;
use crate::cli::output::Table;
use crate::figure::number::{estimate, fixed, i_squared, interval, p_value};
use crate::meta::convert::{NumberNeeded, NumberNeededInterval, absolute_effect, number_needed_interval};
use crate::meta::glmm::{StudyLikelihood, glmm};
use crate::meta::interval::{self as intervals, GeneralisedWeights, Tau2Interval};
use crate::meta::multilevel::{Robust, multilevel, robust_pooled};
use crate::meta::permutation::sign_flip_test;
use crate::meta::{EffectMeasure, Interval, MetaError, Model, Pooled, StudyData, Test, fit, subsets};

/// Numbers the distinct texts of a column in the order in which they come.
fn numbered<'a>(values: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    values
        .map(|value| {
            let next = names.len();
            *names.entry(value).or_insert(next)
        })
        .collect()
}

fn at_places<'a>(effects: &Effects<'_>, column: &'a [String]) -> Vec<&'a str> {
    effects.places.iter().filter_map(|place| column.get(*place)).map(String::as_str).collect()
}

fn robust_object(found: &Robust) -> Value {
    json!({
        "estimate": number(found.estimate), "se": number(found.se), "stat": number(found.stat), "df": number(found.df),
        "pval": number(found.pval), "ci_lb": number(found.ci.lower), "ci_ub": number(found.ci.upper),
    })
}

/// Fits a three-level model: estimates within inner clusters within outer clusters.
///
/// # Errors
/// Those of [`multilevel`].
pub fn levels(effects: &Effects<'_>, outer: &[String], inner: &[String]) -> Result<Section, MetaError> {
    let options = effects.options;
    let (outer, inner) = (at_places(effects, outer), at_places(effects, inner));
    let pairs: Vec<String> = outer.iter().zip(&inner).map(|(a, b)| format!("{a}\u{1f}{b}")).collect();
    let clusters = numbered(outer.iter().copied());
    let places = [clusters.clone(), numbered(pairs.iter().map(String::as_str))];
    let test = if options.test == Test::Wald { Test::Wald } else { Test::T };
    let model = multilevel(&effects.yi, &effects.vi, &places, &[], true, test, options.level)?;
    let mean = &model.coefficients[0];
    let mut table = Table::new(&["~level", ">groups", ">variance", ">interval", ">I²"]);
    let counts = places.iter().map(|level| level.iter().max().map_or(0, |last| last + 1));
    let mut variances: Vec<Value> = Vec::new();
    for (at, (name, count)) in ["outer", "inner"].into_iter().zip(counts).enumerate() {
        let ci = model.variance_interval(at, options.level).unwrap_or(Interval::NONE);
        let share = model.i2.1.get(at).copied().unwrap_or(f64::NAN);
        let variance = model.variances[at];
        table.row([
            name,
            &count.to_string(),
            &fixed(variance, 4),
            &format!("[{}, {}]", fixed(ci.lower, 4), fixed(ci.upper, 4)),
            &i_squared(share),
        ]);
        variances.push(json!({
            "level": name, "groups": count, "sigma2": number(variance), "ci_lb": number(ci.lower), "ci_ub": number(ci.upper), "I2": number(share),
        }));
    }
    let one = model.robust_cr1(&clusters, options.level).ok().and_then(|found| found.into_iter().next());
    let two = model.robust_cr2(&clusters, options.level).ok().and_then(|found| found.into_iter().next());
    let statistic =
        model.df.map_or_else(|| format!("Z = {}", estimate(mean.stat)), |df| format!("t({}) = {}", fixed(df, 0), estimate(mean.stat)));
    let mut lines = vec![
        format!("Pooled over both levels (REML): {}; {statistic}, {}", effects.read(mean.estimate, mean.ci), p_value(mean.pval)),
        format!(
            "Q = {} on {} df, {}; I² of both levels = {}",
            estimate(model.qe.0),
            model.k - 1,
            p_value(model.qe.1),
            i_squared(model.i2.0)
        ),
    ];
    if let Some(prediction) = model.prediction {
        let back = prediction.map(|value| options.measure.back_transform(value));
        lines.push(format!("Prediction interval for an estimate of a new outer group: {}", interval(back.lower, back.upper)));
    }
    for (name, found) in [("CR1", &one), ("CR2, Satterthwaite", &two)] {
        if let Some(found) = found {
            lines.push(format!(
                "Robust to the outer groups ({name}): {}, t({}) = {}, {}",
                effects.read(found.estimate, found.ci),
                fixed(found.df, 1),
                estimate(found.stat),
                p_value(found.pval)
            ));
        }
    }
    let prediction = model.prediction.unwrap_or(Interval::NONE);
    let object = json!({
        "k": model.k, "estimate": number(mean.estimate), "se": number(mean.se), "stat": number(mean.stat), "df": number(model.df.unwrap_or(f64::NAN)),
        "pval": number(mean.pval), "ci_lb": number(mean.ci.lower), "ci_ub": number(mean.ci.upper), "levels": variances,
        "I2_total": number(model.i2.0), "QE": number(model.qe.0), "QE_p": number(model.qe.1), "ll": number(model.log_likelihood),
        "pi_lb": number(prediction.lower), "pi_ub": number(prediction.upper),
        "robust_cr1": one.as_ref().map(robust_object), "robust_cr2": two.as_ref().map(robust_object),
    });
    Ok(Section { key: "multilevel", title: "Three-level model", object, table, lines })
}

/// Tests the pooled estimate with variances that are robust to clusters of estimates.
///
/// # Errors
/// Those of [`robust_pooled`].
pub fn robust(effects: &Effects<'_>, clusters: &[String]) -> Result<Section, MetaError> {
    let clusters = numbered(at_places(effects, clusters).into_iter());
    let tau2 = fit::fit(&effects.yi, &effects.vi, effects.plan.tau2).tau2;
    let (one, two) = robust_pooled(&effects.yi, &effects.vi, tau2, &clusters, effects.options.level)?;
    let line = |name: &str, found: &Robust| {
        let read = effects.read(found.estimate, found.ci);
        format!("{name}: {read}, SE {}, t({}) = {}, {}", fixed(found.se, 4), fixed(found.df, 1), estimate(found.stat), p_value(found.pval))
    };
    let groups = clusters.iter().max().map_or(0, |last| last + 1);
    let mut lines = vec![
        line("CR1", &one),
        line("CR2 with Satterthwaite's degrees of freedom", &two),
        format!("{groups} clusters of {} estimates", clusters.len()),
    ];
    if two.df < 4.0 {
        lines.push("warning: fewer than 4 degrees of freedom: the p value of CR2 is not to be relied on".to_owned());
    }
    Ok(Section::of_lines("robust", "Robust variances", json!({ "CR1": robust_object(&one), "CR2": robust_object(&two) }), lines))
}

/// A model of the counts themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountsModel {
    /// Each study has a baseline of its own. metafor `UM.FS`.
    Unconditional,
    /// Conditional on the events of each study; for odds ratios an approximation for rare events. metafor `CM.AL`.
    Conditional,
    /// Conditional, with the exact distribution of the events. metafor `CM.EL`.
    ExactConditional,
}

/// Fits a model of the counts themselves.
///
/// # Errors
/// Data that are no counts; those of [`glmm`].
pub fn counts_model(effects: &Effects<'_>, kind: CountsModel) -> Result<Section, MetaError> {
    let is_conditional = kind != CountsModel::Unconditional;
    let data = &effects.dataset.data;
    let shape = || MetaError::Shape { measure: "a model of the counts", shape: data.shape() };
    let studies: Vec<Option<StudyLikelihood>> = match (data, effects.options.measure) {
        (StudyData::TwoByTwo(rows), EffectMeasure::OddsRatio) if kind == CountsModel::ExactConditional => {
            rows.iter().map(|row| StudyLikelihood::exact_conditional(*row)).collect()
        }
        (StudyData::TwoByTwo(rows), EffectMeasure::OddsRatio) if is_conditional => {
            rows.iter().map(|row| StudyLikelihood::conditional(*row)).collect()
        }
        (StudyData::TwoByTwo(rows), EffectMeasure::OddsRatio) => rows.iter().map(|row| StudyLikelihood::two_groups(*row)).collect(),
        (StudyData::TwoRates(rows), EffectMeasure::RateRatio) if is_conditional => {
            rows.iter().map(|row| StudyLikelihood::conditional_rates(*row)).collect()
        }
        (StudyData::TwoRates(rows), EffectMeasure::RateRatio) => rows.iter().map(|row| StudyLikelihood::two_rates(*row)).collect(),
        (StudyData::OneProportion(rows), EffectMeasure::LogitProportion) => {
            rows.iter().map(|row| StudyLikelihood::proportion(*row)).collect()
        }
        _ => return Err(shape()),
    };
    let found = glmm(&studies, effects.options.model, effects.options.level)?;
    let how = match data {
        StudyData::OneProportion(_) => "logistic model of the events",
        StudyData::TwoByTwo(_) if kind == CountsModel::ExactConditional => "conditional on the events of each study, exact",
        StudyData::TwoByTwo(_) if is_conditional => "conditional on the events of each study, approximate (rare events)",
        StudyData::TwoRates(_) if is_conditional => "conditional on the events of each study",
        _ => "with an own baseline for each study",
    };
    let lines = vec![
        format!("{}, {how}", effects.read(found.estimate, found.inference.ci)),
        format!("Z = {}, {}; SE {}", estimate(found.inference.stat), p_value(found.inference.pval), fixed(found.inference.se, 4)),
        format!("tau² = {}; {} studies with information", fixed(found.tau2, 4), found.k),
        format!(
            "Heterogeneity: Wald Q = {}, likelihood ratio {} on {} df",
            estimate(found.q_wald),
            estimate(found.q_lrt),
            fixed(found.q_df, 0)
        ),
        "No correction for zero cells is made: the likelihood of the counts needs none.".to_owned(),
    ];
    let object = json!({
        "k": found.k, "estimate": number(found.estimate), "se": number(found.inference.se), "stat": number(found.inference.stat),
        "pval": number(found.inference.pval), "ci_lb": number(found.inference.ci.lower), "ci_ub": number(found.inference.ci.upper),
        "tau2": number(found.tau2), "ll": number(found.log_likelihood), "QE_Wld": number(found.q_wald), "QE_LRT": number(found.q_lrt),
        "QE_df": number(found.q_df),
    });
    Ok(Section::of_lines("glmm", "Model of the counts", object, lines))
}

/// Tests the pooled estimate by turning the signs of the effects in every way.
///
/// # Errors
/// Those of [`sign_flip_test`].
pub fn permute(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let p = sign_flip_test(&effects.yi, &effects.vi, &effects.plan)?;
    let count = 2f64.powi(i32::try_from(effects.yi.len()).unwrap_or(i32::MAX));
    let lines = vec![format!("Exact {} over all {} assignments of signs", p_value(p), fixed(count, 0))];
    Ok(Section::of_lines("permutation", "Permutation test", json!({ "pval": number(p), "n_perm": number(count) }), lines))
}

/// Pools every subset of the studies.
///
/// # Errors
/// Those of [`subsets::all_subsets`].
pub fn gosh(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let all = subsets::all_subsets(&effects.yi, &effects.vi, effects.plan.tau2)?;
    let mut sorted: Vec<f64> = all.iter().map(|subset| subset.estimate).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted.get(((sorted.len() - 1) as f64 * share).round() as usize).copied().unwrap_or(f64::NAN);
    let back = |value: f64| estimate(effects.options.measure.back_transform(value));
    let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / all.len() as f64;
    let (i2, tau2) = (mean(&mut all.iter().map(|subset| subset.i2)), mean(&mut all.iter().map(|subset| subset.tau2)));
    // A study that splits the display: how far the mean of the subsets with it lies from those without.
    let mut table = Table::new(&["~study", ">mean with it", ">mean without", ">I² with it", ">I² without"]);
    let mut objects: Vec<Value> = Vec::new();
    for study in 0..effects.yi.len() {
        let side = |with: bool, value: fn(&subsets::SubsetFit) -> f64| {
            let chosen = || all.iter().enumerate().filter(|(i, _)| ((i + 1) >> study & 1 == 1) == with).map(|(_, subset)| value(subset));
            chosen().sum::<f64>() / chosen().count() as f64
        };
        let found = [side(true, |s| s.estimate), side(false, |s| s.estimate), side(true, |s| s.i2), side(false, |s| s.i2)];
        table.row([effects.label(study), back(found[0]), back(found[1]), i_squared(found[2]), i_squared(found[3])]);
        objects.push(json!({
            "label": effects.label(study), "estimate_with": number(found[0]), "estimate_without": number(found[1]),
            "I2_with": number(found[2]), "I2_without": number(found[3]),
        }));
    }
    let lines = vec![
        format!(
            "{} subsets: estimates from {} to {}, half of them from {} to {}",
            all.len(),
            back(at(0.0)),
            back(at(1.0)),
            back(at(0.25)),
            back(at(0.75))
        ),
        format!("I² {} and tau² {} on average", i_squared(i2), fixed(tau2, 4)),
    ];
    let object = json!({
        "n": all.len(), "estimate_min": number(at(0.0)), "estimate_q1": number(at(0.25)), "estimate_median": number(at(0.5)),
        "estimate_q3": number(at(0.75)), "estimate_max": number(at(1.0)), "I2_mean": number(i2), "tau2_mean": number(tau2), "studies": objects,
    });
    Ok(Section { key: "gosh", title: "All subsets (GOSH)", object, table, lines })
}

/// Computes further intervals: of tau² by four methods, of the mean by profile likelihood, and the IVhet estimate.
///
/// # Errors
/// Fewer than two studies.
pub fn more_intervals(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let (yi, vi, level) = (&effects.yi, &effects.vi, effects.options.level);
    let mut table = Table::new(&["~interval of tau²", ">tau²", ">I²"]);
    let mut objects = serde_json::Map::new();
    let mut add = |name: &str, key: &str, found: Tau2Interval| {
        let note = if found.is_null_set { " (no value fits)" } else { "" };
        let tau2 = format!("[{}, {}]{note}", fixed(found.tau2.lower, 4), fixed(found.tau2.upper, 4));
        table.row([name, &tau2, &format!("[{}, {}]", i_squared(found.i2.lower), i_squared(found.i2.upper))]);
        let value = json!({
            "tau2_lb": number(found.tau2.lower), "tau2_ub": number(found.tau2.upper),
            "I2_lb": number(found.i2.lower), "I2_ub": number(found.i2.upper), "is_null_set": found.is_null_set,
        });
        objects.insert(key.to_owned(), value);
    };
    add("Q-profile", "QP", intervals::q_profile(yi, vi, level)?);
    add("profile likelihood (REML)", "PL_REML", intervals::profile_likelihood_tau2(yi, vi, true, level)?);
    add("profile likelihood (ML)", "PL_ML", intervals::profile_likelihood_tau2(yi, vi, false, level)?);
    add("generalised Q, weights 1/SE (Jackson)", "GENQ", intervals::generalised_q(yi, vi, GeneralisedWeights::Jackson, level)?);
    let (mean, ci) = intervals::profile_likelihood_mean(yi, vi, level)?;
    let (ivhet, se) = intervals::inverse_variance_heterogeneity(yi, vi);
    let half = crate::meta::fit::infer(ivhet, se, None, level, Test::Wald, None);
    let lines = vec![
        format!("Mean by profile likelihood (ML): {}", effects.read(mean, ci)),
        format!("IVhet (common-effect weights, variance that allows for tau²): {}", effects.read(ivhet, half.ci)),
    ];
    objects.insert("mean_PL".to_owned(), json!({ "estimate": number(mean), "ci_lb": number(ci.lower), "ci_ub": number(ci.upper) }));
    objects.insert(
        "ivhet".to_owned(),
        json!({ "estimate": number(ivhet), "se": number(se), "ci_lb": number(half.ci.lower), "ci_ub": number(half.ci.upper) }),
    );
    Ok(Section { key: "intervals", title: "Further intervals", object: objects.into(), table, lines })
}

/// Turns the pooled estimate into absolute effects at assumed risks of the comparison group.
///
/// # Errors
/// A measure that gives no risk.
pub fn absolute(effects: &Effects<'_>, pooled: &Pooled, risks: &[f64]) -> Result<Section, MetaError> {
    let measure = pooled.measure;
    let ci = pooled.ci_back();
    let mut table = Table::new(&[">assumed risk", ">corresponding risk", ">difference per 1000", ">number needed"]);
    let mut objects: Vec<Value> = Vec::new();
    for &assumed in risks {
        let at = |effect: f64| absolute_effect(measure, assumed, effect);
        let (Some(point), Some(lower), Some(upper)) = (at(pooled.estimate_back()), at(ci.lower), at(ci.upper)) else {
            return Err(MetaError::Shape { measure: "an absolute effect", shape: effects.options.measure.label() });
        };
        let difference = Interval { lower: lower.risk - assumed, upper: upper.risk - assumed };
        let (number_needed, range) = number_needed_interval(point.risk - assumed, difference);
        let text = match range {
            NumberNeededInterval::Range(a, b) => format!("{} ({} to {})", needed(number_needed), needed(a), needed(b)),
            NumberNeededInterval::ThroughInfinity(a, b) => {
                format!("{} ({} to infinity to {})", needed(number_needed), needed(a), needed(b))
            }
        };
        let per_1000 = |effect: f64| fixed(effect, 1);
        table.row([
            fixed(assumed, 3),
            format!("{} [{}, {}]", fixed(point.risk, 4), fixed(lower.risk, 4), fixed(upper.risk, 4)),
            format!(
                "{} [{}, {}]",
                per_1000(point.difference_per_1000),
                per_1000(lower.difference_per_1000),
                per_1000(upper.difference_per_1000)
            ),
            text.clone(),
        ]);
        objects.push(json!({
            "assumed_risk": number(assumed), "risk": number(point.risk), "risk_lb": number(lower.risk), "risk_ub": number(upper.risk),
            "ard_per_1000": number(point.difference_per_1000), "ard_lb": number(lower.difference_per_1000),
            "ard_ub": number(upper.difference_per_1000), "nnt": number(point.number_needed), "number_needed": text,
        }));
    }
    let mut lines = vec!["NNTB: people treated for one fewer event; NNTH: for one more.".to_owned()];
    if pooled.model == Model::Random {
        lines.push("The interval is that of the mean effect; single settings differ as the prediction interval shows.".to_owned());
    }
    Ok(Section { key: "absolute", title: "Absolute effects", object: objects.into(), table, lines })
}

fn needed(number: NumberNeeded) -> String {
    match number {
        NumberNeeded::ForFewerEvents(n) => format!("NNTB {}", fixed(n.ceil(), 0)),
        NumberNeeded::ForMoreEvents(n) => format!("NNTH {}", fixed(n.ceil(), 0)),
        NumberNeeded::Infinite => "infinity".to_owned(),
    }
}
