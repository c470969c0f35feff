//! Small-study effects: regression and rank tests, trim and fill, PET-PEESE, selection models, fail-safe numbers.

use serde_json::{Value, json};

use super::section::{Effects, Section};
use crate::cli::json::number;
use crate::cli::output::Table;
use crate::cli::pooled::summary_object;
use crate::figure::number::{estimate, fixed, p_value};
use crate::meta::bias::{self, Line};
use crate::meta::selection::{Selection, SelectionFit, selection_model};
use crate::meta::trim_and_fill::{self as filling, MissingEstimator, Side};
use crate::meta::{EffectMeasure, Interval, MetaError, StudyData, Test};

/// Below this number of studies the tests have hardly any power (Cochrane Handbook, 13.3.5.3).
const FEW: usize = 10;

fn few(effects: &Effects<'_>) -> Option<String> {
    let k = effects.yi.len();
    (k < FEW).then(|| format!("warning: {k} studies, fewer than {FEW}: the test has too little power to tell chance from asymmetry"))
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
        lines.push(
            "For ratios of risks and odds the test finds asymmetry too often, as effect and standard error are tied; see --count-tests."
                .to_owned(),
        );
    }
    lines.extend(few(effects));
    Ok(Section::of_lines("egger", "Egger's test", object, lines))
}

/// Runs Begg and Mazumdar's test.
///
/// # Errors
/// Fewer than three studies, or variances that do not vary.
pub fn begg(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let test = bias::begg(&effects.yi, &effects.vi)?;
    let object = json!({ "tau": number(test.tau), "pval": number(test.pval), "is_exact": test.is_exact });
    let how = if test.is_exact { "exact" } else { "normal approximation" };
    let mut lines = vec![format!("Kendall's tau = {}, {} ({how})", estimate(test.tau), p_value(test.pval))];
    lines.extend(few(effects));
    Ok(Section::of_lines("begg", "Begg and Mazumdar's rank test", object, lines))
}

/// Runs the tests for events in two groups: Harbord, Peters, Macaskill, Deeks.
///
/// # Errors
/// Data without counts; fewer than three studies with information.
pub fn counts(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let StudyData::TwoByTwo(rows) = &effects.dataset.data else {
        return Err(MetaError::Shape { measure: "Harbord's test", shape: effects.dataset.data.shape() });
    };
    let tests = bias::binary_tests(rows)?;
    let mut table = Table::new(&["~test", ">slope", ">SE", ">t", ">df", ">P"]);
    let mut objects = serde_json::Map::new();
    for (name, key, line) in [
        ("Harbord (score)", "harbord", tests.harbord),
        ("Peters (1/N)", "peters", tests.peters),
        ("Macaskill (N)", "macaskill", tests.macaskill),
        ("Deeks (effective size)", "deeks", tests.deeks),
    ] {
        let (t, p) = line.slope_test();
        let digits = if line.slope.abs() < 0.01 { 6 } else { 4 };
        table.row([name, &fixed(line.slope, digits), &fixed(line.slope_se, digits), &estimate(t), &fixed(line.df, 0), &fixed(p, 4)]);
        objects.insert(key.to_owned(), line_object(&line, true));
    }
    let mut lines = vec!["Log odds ratios, 0.5 in studies with a zero cell; studies with no event or events only are left out.".to_owned()];
    lines.extend(few(effects));
    Ok(Section { key: "count_tests", title: "Tests for small-study effects from counts", object: objects.into(), table, lines })
}

fn line_object(line: &Line, of_slope: bool) -> Value {
    let (stat, p) = if of_slope { line.slope_test() } else { line.intercept_test() };
    json!({
        "stat": number(stat), "df": number(line.df), "pval": number(p),
        "slope": number(line.slope), "slope_se": number(line.slope_se),
        "intercept": number(line.intercept), "intercept_se": number(line.intercept_se),
    })
}

/// Runs PET and PEESE.
///
/// # Errors
/// Fewer than three studies, or standard errors that do not vary.
pub fn pet_peese(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let (pet, peese) = bias::pet_peese(&effects.yi, &effects.vi)?;
    let mut table = Table::new(&["~", ">estimate", ">P of estimate", ">slope", ">P of slope"]);
    let mut objects = serde_json::Map::new();
    for (name, key, line) in [("PET (on standard errors)", "PET", pet), ("PEESE (on variances)", "PEESE", peese)] {
        let ci = line.intercept_ci(effects.options.level);
        let (_, p) = line.intercept_test();
        let (_, slope_p) = line.slope_test();
        table.row([name, &effects.read(line.intercept, ci), &fixed(p, 4), &fixed(line.slope, 4), &fixed(slope_p, 4)]);
        let mut object = line_object(&line, false);
        object["ci_lb"] = number(ci.lower);
        object["ci_ub"] = number(ci.upper);
        objects.insert(key.to_owned(), object);
    }
    let mut lines = vec!["Each estimate is that of a study of infinite size. PEESE is read where PET differs from no effect.".to_owned()];
    lines.extend(few(effects));
    Ok(Section { key: "pet_peese", title: "PET and PEESE", object: objects.into(), table, lines })
}

/// Computes the fail-safe numbers.
///
/// # Errors
/// None at present.
pub fn fail_safe(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let found = filling::fail_safe(&effects.yi, &effects.vi);
    let object = json!({ "Rosenthal": number(found.rosenthal), "Orwin": number(found.orwin), "Rosenberg": number(found.rosenberg) });
    let lines = vec![
        format!("Rosenthal (until P = 0.05): {}", fixed(found.rosenthal, 0)),
        format!("Orwin (until the mean effect is halved): {}", fixed(found.orwin, 0)),
        format!("Rosenberg (until the common effect has P = 0.05): {}", fixed(found.rosenberg, 0)),
        "The Cochrane Handbook advises against them (13.3.5.7): they say nothing about the studies that are missing.".to_owned(),
    ];
    Ok(Section::of_lines("fail_safe", "Fail-safe numbers", object, lines))
}

/// Runs trim and fill; the side is found in the data where none is given.
///
/// # Errors
/// Those of [`filling::trim_and_fill`].
pub fn trim_and_fill(effects: &Effects<'_>, estimator: MissingEstimator, side: Option<Side>) -> Result<Section, MetaError> {
    let found = filling::trim_and_fill(&effects.yi, &effects.vi, estimator, side, effects.options)?;
    let name: &'static str = found.side.into();
    let mut object = summary_object(&found.summary);
    object.insert("estimator".to_owned(), <&'static str>::from(estimator).into());
    object.insert("side".to_owned(), name.into());
    object.insert("k0".to_owned(), found.missing.into());
    object.insert("se_k0".to_owned(), number(found.missing_se));
    object.insert(
        "filled".to_owned(),
        found.filled.iter().map(|(yi, vi)| json!({ "yi": number(*yi), "vi": number(*vi) })).collect::<Vec<_>>().into(),
    );
    let mut lines = vec![
        format!("Studies missing on the {name} side: {} (SE {})", found.missing, estimate(found.missing_se)),
        format!("With them filled in: {}", effects.read(found.summary.estimate, found.summary.ci)),
    ];
    if side.is_none() {
        lines.push("The side was found by the slope on the standard errors, which is noise in an even funnel; --side sets it.".to_owned());
    }
    Ok(Section::of_lines("trim_and_fill", "Trim and fill", object.into(), lines))
}

/// Fits a selection model. Small p values are those of effects above 0, or below it.
///
/// # Errors
/// Those of [`selection_model`].
pub fn selection(effects: &Effects<'_>, selection: &Selection, below: bool) -> Result<Section, MetaError> {
    let sign = if below { -1.0 } else { 1.0 };
    let yi: Vec<f64> = effects.yi.iter().map(|y| sign * y).collect();
    let SelectionFit { estimate: mean, se, ci, tau2, delta, delta_se, log_likelihood, test } =
        selection_model(&yi, &effects.vi, selection, effects.options.level)?;
    let ci = if below { Interval { lower: -ci.upper, upper: -ci.lower } } else { ci };
    let list = |values: &[f64]| Value::Array(values.iter().map(|value| number(*value)).collect());
    let object = json!({
        "alternative": if below { "less" } else { "greater" },
        "estimate": number(sign * mean), "se": number(se), "ci_lb": number(ci.lower), "ci_ub": number(ci.upper), "tau2": number(tau2),
        "delta": list(&delta), "se_delta": list(&delta_se), "ll": number(log_likelihood),
        "LRT": number(test.0), "LRT_df": number(test.1), "LRT_p": number(test.2),
    });
    let mut lines = vec![
        format!("Adjusted for selection: {}, tau² = {} (maximum likelihood)", effects.read(sign * mean, ci), fixed(tau2, 4)),
        format!("Small one-sided p values are those of effects {} 0.", if below { "below" } else { "above" }),
    ];
    match selection {
        Selection::Steps(steps) => {
            let mut from = 0.0;
            for (at, chance) in delta.iter().enumerate() {
                let to = steps.get(at).copied().unwrap_or(1.0);
                let se = delta_se.get(at).filter(|se| se.is_finite()).map(|se| format!(" (SE {})", estimate(*se))).unwrap_or_default();
                lines.push(format!("Chance of being seen for p from {from} to {to}: {}{se}", estimate(*chance)));
                from = to;
            }
        }
        _ => {
            let one = |(delta, se): (&f64, &f64)| format!("{} (SE {})", estimate(*delta), estimate(*se));
            lines.push(format!("delta = {}", delta.iter().zip(&delta_se).map(one).collect::<Vec<String>>().join(", ")));
        }
    }
    lines.push(format!("Likelihood ratio test of selection: {} on {} df, {}", estimate(test.0), fixed(test.1, 0), p_value(test.2)));
    lines
        .push("A selection model is a what-if: with few studies its result hangs on the form that was chosen; compare several.".to_owned());
    if effects.options.test != Test::Wald {
        lines.push("Its interval is a Wald interval, whatever --test says.".to_owned());
    }
    Ok(Section::of_lines("selection", "Selection model", object, lines))
}
