//! What can be asked beside the pooled estimate: regression, sensitivity, influence, small-study effects.

use serde_json::{Value, json};

use crate::cli::json::number;
use crate::cli::output::Table;
use crate::cli::pooled::summary_object;
use crate::figure::number::{estimate, estimate_with_interval, fixed, i_squared, p_value, p_value_bare};
use crate::meta::bias::{self, Line};
use crate::meta::fit::{Plan, Summary};
use crate::meta::trim_and_fill::{MissingEstimator, Side};
use crate::meta::{
    Dataset, EffectMeasure, Interval, MetaError, Options, Term, cumulative as orders, influence as diagnostics, measure, regress,
    trim_and_fill as filling,
};

/// One further result: a key and an object for scripts, a title, a table and lines for people.
pub struct Section {
    /// The key in JSON.
    pub key: &'static str,
    /// The heading.
    pub title: &'static str,
    /// The value of the key.
    pub object: Value,
    /// The table.
    pub table: Table,
    /// Lines below the table.
    pub lines: Vec<String>,
}

/// The effects of the studies that have one, with their places in the dataset.
pub struct Effects<'a> {
    dataset: &'a Dataset,
    options: &'a Options,
    plan: Plan,
    places: Vec<usize>,
    yi: Vec<f64>,
    vi: Vec<f64>,
}

impl<'a> Effects<'a> {
    /// Computes the effects; studies without one, or without a variance, are left out.
    ///
    /// # Errors
    /// A measure that cannot be computed from the data.
    pub fn new(dataset: &'a Dataset, options: &'a Options) -> Result<Self, MetaError> {
        let (mut places, mut yi, mut vi) = (Vec::new(), Vec::new(), Vec::new());
        for (place, effect) in measure::effects(&dataset.data, options)?.into_iter().enumerate() {
            if let Some(effect) = effect.filter(|effect| effect.vi > 0.0) {
                places.push(place);
                yi.push(effect.yi);
                vi.push(effect.vi);
            }
        }
        Ok(Self { dataset, options, plan: Plan::of(options), places, yi, vi })
    }

    fn label(&self, at: usize) -> String {
        self.dataset.label(self.places[at])
    }

    fn read(&self, estimate: f64, ci: Interval) -> String {
        let back = |value: f64| self.options.measure.back_transform(value);
        let ci = ci.map(back);
        estimate_with_interval(back(estimate), ci.lower, ci.upper)
    }

    /// Makes a section of one summary a study.
    fn series(&self, key: &'static str, title: &'static str, head: &str, rows: Vec<(String, Summary)>) -> Section {
        let mut table = Table::new(&[&format!("~{head}"), ">studies", &format!(">{}", self.options.measure.label()), ">P", ">tau²", ">I²"]);
        let mut objects: Vec<Value> = Vec::new();
        for (label, summary) in rows {
            let (effect, i2) = (self.read(summary.estimate, summary.ci), i_squared(summary.heterogeneity.i2));
            table.row([&label, &summary.k.to_string(), &effect, &p_value_bare(summary.pval), &fixed(summary.tau2, 4), &i2]);
            let mut object = summary_object(&summary);
            object.insert("label".to_owned(), label.into());
            objects.push(object.into());
        }
        Section { key, title, object: objects.into(), table, lines: Vec::new() }
    }
}

/// Pools again without each study in turn.
///
/// # Errors
/// None at present.
pub fn leave_one_out(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let summaries = orders::leave_one_out(&effects.yi, &effects.vi, &effects.plan);
    let rows = summaries.into_iter().enumerate().map(|(at, summary)| (effects.label(at), summary)).collect();
    Ok(effects.series("leave_one_out", "Leave one out", "without", rows))
}

/// Pools the first study, the first two, and so on, in ascending order of a number of each study of the dataset.
///
/// # Errors
/// None at present.
pub fn cumulative(effects: &Effects<'_>, order: &[f64]) -> Result<Section, MetaError> {
    let values: Vec<f64> = effects.places.iter().map(|place| order.get(*place).copied().unwrap_or(f64::NAN)).collect();
    let order = orders::ascending(&values);
    let summaries = orders::cumulative(&effects.yi, &effects.vi, &order, &effects.plan);
    let rows = order.iter().zip(summaries).map(|(at, summary)| (format!("+ {}", effects.label(*at)), summary)).collect();
    Ok(effects.series("cumulative", "Cumulative", "up to", rows))
}

/// Fits a meta-regression.
///
/// # Errors
/// Those of [`regress`].
pub fn regression(dataset: &Dataset, options: &Options, text: &str) -> Result<Section, MetaError> {
    let fitted = regress(dataset, options, &Term::parse_list(text))?;
    let mut table = Table::new(&["~", ">estimate", ">SE", if fitted.df.is_some() { ">t" } else { ">Z" }, ">P", ">interval"]);
    let mut coefficients: Vec<Value> = Vec::new();
    for coefficient in &fitted.coefficients {
        let ci = format!("[{}, {}]", fixed(coefficient.ci.lower, 4), fixed(coefficient.ci.upper, 4));
        let (point, se) = (fixed(coefficient.estimate, 4), fixed(coefficient.se, 4));
        table.row([&coefficient.name, &point, &se, &estimate(coefficient.stat), &p_value_bare(coefficient.pval), &ci]);
        coefficients.push(json!({
            "name": coefficient.name,
            "estimate": number(coefficient.estimate),
            "se": number(coefficient.se),
            "stat": number(coefficient.stat),
            "pval": number(coefficient.pval),
            "ci_lb": number(coefficient.ci.lower),
            "ci_ub": number(coefficient.ci.upper),
        }));
    }
    let scale =
        if options.measure.is_log_scale() { "Coefficients are on the log scale." } else { "Coefficients are on the scale of the effects." };
    let moderators = match fitted.qm_df2 {
        Some(df2) => format!("F({}, {}) = {}", fixed(fitted.qm_df1, 0), fixed(df2, 0), estimate(fitted.qm)),
        None => format!("QM({}) = {}", fixed(fitted.qm_df1, 0), estimate(fitted.qm)),
    };
    let lines = vec![
        scale.to_owned(),
        format!("Test of moderators: {moderators}, {}; R² = {}", p_value(fitted.qm_p), i_squared(fitted.r2)),
        format!(
            "Residual heterogeneity: tau² = {}, I² = {}, QE({}) = {}, {}; {} studies",
            fixed(fitted.tau2, 4),
            i_squared(fitted.i2),
            fixed(fitted.qe_df, 0),
            estimate(fitted.qe),
            p_value(fitted.qe_p),
            fitted.k
        ),
    ];
    let object = json!({
        "k": fitted.k,
        "p": fitted.p,
        "coefficients": coefficients,
        "df": number(fitted.df.unwrap_or(f64::NAN)),
        "tau2": number(fitted.tau2),
        "se_tau2": number(fitted.se_tau2),
        "I2": number(fitted.i2),
        "H2": number(fitted.h2),
        "R2": number(fitted.r2),
        "QE": number(fitted.qe),
        "QE_df": number(fitted.qe_df),
        "QE_p": number(fitted.qe_p),
        "QM": number(fitted.qm),
        "QM_df1": number(fitted.qm_df1),
        "QM_df2": number(fitted.qm_df2.unwrap_or(f64::NAN)),
        "QM_p": number(fitted.qm_p),
        "dropped": fitted.aliased,
    });
    Ok(Section { key: "regression", title: "Meta-regression", object, table, lines })
}

/// Computes the diagnostics of every study.
///
/// # Errors
/// None at present.
pub fn influence(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let mut table =
        Table::new(&["~study", ">rstudent", ">dffits", ">Cook's d", ">cov. ratio", ">tau² without", ">hat", ">weight", "influential"]);
    let mut objects: Vec<Value> = Vec::new();
    for (at, found) in diagnostics::influence(&effects.yi, &effects.vi, &effects.plan).iter().enumerate() {
        let two = |value: f64| fixed(value, 2);
        let mark = if found.is_influential { "yes" } else { "" };
        table.row([
            effects.label(at),
            two(found.rstudent),
            two(found.dffits),
            two(found.cook_distance),
            two(found.covariance_ratio),
            fixed(found.tau2_deleted, 4),
            two(found.hat),
            crate::figure::number::weight(found.weight_pct),
            mark.to_owned(),
        ]);
        objects.push(json!({
            "label": effects.label(at),
            "rstudent": number(found.rstudent),
            "rstandard": number(found.rstandard),
            "dffits": number(found.dffits),
            "cook_d": number(found.cook_distance),
            "cov_r": number(found.covariance_ratio),
            "tau2_del": number(found.tau2_deleted),
            "QE_del": number(found.q_deleted),
            "hat": number(found.hat),
            "weight": number(found.weight_pct),
            "dfbetas": number(found.dfbetas),
            "influential": found.is_influential,
        }));
    }
    Ok(Section { key: "influence", title: "Influence", object: objects.into(), table, lines: Vec::new() })
}

/// Runs Egger's test.
///
/// # Errors
/// Fewer than three studies, or standard errors that do not vary.
pub fn egger(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let line: Line = bias::egger(&effects.yi, &effects.vi)?;
    let (t, p) = line.slope_test();
    let ci = line.intercept_ci(effects.options.level);
    let object = json!({
        "stat": number(t), "df": number(line.df), "pval": number(p),
        "slope": number(line.slope), "slope_se": number(line.slope_se),
        "intercept": number(line.intercept), "intercept_se": number(line.intercept_se), "ci_lb": number(ci.lower), "ci_ub": number(ci.upper),
    });
    let mut lines = vec![
        format!("t({}) = {}, {}", fixed(line.df, 0), estimate(t), p_value(p)),
        format!("Limit of the effect as the standard error goes to 0: {}", effects.read(line.intercept, ci)),
    ];
    if matches!(effects.options.measure, EffectMeasure::OddsRatio | EffectMeasure::RiskRatio) {
        lines.push("For ratios of risks and odds the test finds asymmetry too often: effect and standard error are tied.".to_owned());
    }
    Ok(Section { key: "egger", title: "Egger's test", object, table: Table::default(), lines })
}

/// Runs Begg and Mazumdar's test.
///
/// # Errors
/// Fewer than three studies, or variances that do not vary.
pub fn begg(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let test = bias::begg(&effects.yi, &effects.vi)?;
    let object = json!({ "tau": number(test.tau), "pval": number(test.pval), "is_exact": test.is_exact });
    let how = if test.is_exact { "exact" } else { "normal approximation" };
    let lines = vec![format!("Kendall's tau = {}, {} ({how})", estimate(test.tau), p_value(test.pval))];
    Ok(Section { key: "begg", title: "Begg and Mazumdar's rank test", object, table: Table::default(), lines })
}

/// Runs trim and fill with the estimator L0 and the side found in the data.
///
/// # Errors
/// Those of [`filling::trim_and_fill`].
pub fn trim_and_fill(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let found = filling::trim_and_fill(&effects.yi, &effects.vi, MissingEstimator::L0, None, effects.options)?;
    let side = match found.side {
        Side::Left => "left",
        Side::Right => "right",
    };
    let mut object = summary_object(&found.summary);
    object.insert("side".to_owned(), side.into());
    object.insert("k0".to_owned(), found.missing.into());
    object.insert("se_k0".to_owned(), number(found.missing_se));
    object.insert(
        "filled".to_owned(),
        found.filled.iter().map(|(yi, vi)| json!({ "yi": number(*yi), "vi": number(*vi) })).collect::<Vec<_>>().into(),
    );
    let lines = vec![
        format!("Studies missing on the {side} side: {} (SE {})", found.missing, estimate(found.missing_se)),
        format!("With them filled in: {}", effects.read(found.summary.estimate, found.summary.ci)),
    ];
    Ok(Section { key: "trim_and_fill", title: "Trim and fill", object: object.into(), table: Table::default(), lines })
}
