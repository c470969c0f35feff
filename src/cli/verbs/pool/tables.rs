//! Tables that hold something else than one effect a study: arms of a network, accuracy of a test.

use serde_json::{Value, json};

use super::data::Columns;
use super::section::Section;
use crate::app::Error;
use crate::cli::json::number;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::figure::number::{estimate_with_interval, fixed, p_value};
use crate::meta::accuracy::{Accuracy, AccuracyRow, bivariate, bivariate_counts};
use crate::meta::network::{Arm, NetworkEffects, network};
use crate::meta::{Interval, Test, fit};

fn refused(error: impl std::fmt::Display) -> Error {
    Error::user(error.to_string())
}

/// Pools the arms of a network: columns study, trt, mean, and var or sd with ni.
pub fn treatments(columns: &Columns<'_>, reference: &str, level: f64) -> Done<Section> {
    let (studies, names) = (columns.required("study")?, columns.required("trt")?);
    let means = columns.numbers("mean")?;
    let variances = if columns.has(&["var"]) {
        columns.numbers("var")?
    } else {
        let (sd, n) = (columns.numbers("sd")?, columns.numbers("ni")?);
        sd.iter().zip(n).map(|(sd, n)| sd * sd / n).collect()
    };
    let arm = |i: usize| Arm { study: studies[i].clone(), treatment: names[i].clone(), estimate: means[i], variance: variances[i] };
    let arms: Vec<Arm> = (0..studies.len()).map(arm).filter(|arm| arm.estimate.is_finite() && arm.variance > 0.0).collect();
    let found = network(&arms, reference).map_err(refused)?;
    let ci = |effect: f64, se: f64| fit::infer(effect, se, None, level, Test::Wald, None).ci;
    let read = |effects: &NetworkEffects, at: usize| {
        let ci = ci(effects.estimates[at], effects.se[at]);
        estimate_with_interval(effects.estimates[at], ci.lower, ci.upper)
    };
    let mut table = Table::new(&["~against the reference", ">common effect", ">random (REML)", ">P-score"]);
    let random = &found.restricted_maximum_likelihood;
    table.row([format!("{reference} (reference)"), String::new(), String::new(), fixed(random.p_scores[0], 3)]);
    for (at, treatment) in found.treatments.iter().enumerate() {
        table.row([treatment.clone(), read(&found.common, at), read(random, at), fixed(random.p_scores[at + 1], 3)]);
    }
    let effects = |effects: &NetworkEffects| {
        let intervals: Vec<Interval> = effects.estimates.iter().zip(&effects.se).map(|(effect, se)| ci(*effect, *se)).collect();
        let list = |values: &mut dyn Iterator<Item = f64>| Value::Array(values.map(number).collect());
        json!({
            "tau2": number(effects.tau2),
            "estimate": list(&mut effects.estimates.iter().copied()), "se": list(&mut effects.se.iter().copied()),
            "ci_lb": list(&mut intervals.iter().map(|ci| ci.lower)), "ci_ub": list(&mut intervals.iter().map(|ci| ci.upper)),
            "p_score_lower_better": list(&mut effects.p_scores.iter().copied()),
        })
    };
    let object = json!({
        "reference": found.reference, "treatments": found.treatments, "n_contrasts": found.contrasts,
        "Q": number(found.q.0), "df": number(found.q.1), "Q_p": number(found.q.2),
        "common": effects(&found.common), "DL": effects(&found.dersimonian_laird), "REML": effects(random),
    });
    let lines = vec![
        format!("Heterogeneity and inconsistency: Q = {} on {} df, {}", fixed(found.q.0, 2), fixed(found.q.1, 0), p_value(found.q.2)),
        format!("tau² = {} (REML), {} (DL), one for all comparisons", fixed(random.tau2, 4), fixed(found.dersimonian_laird.tau2, 4)),
        "P-score: mean certainty that a treatment gives a lower value than the others; mean differences, arms of a study keep their correlation."
            .to_owned(),
        "warning: direct and indirect evidence are not separated here; check that they agree".to_owned(),
    ];
    Ok(Section { key: "network", title: "Network of treatments", object, table, lines })
}

/// Pools sensitivity and specificity together: columns tp, fn, fp, tn.
pub fn accuracy(columns: &Columns<'_>, level: f64) -> Done<Section> {
    let [tp, fn_, fp, tn] = ["tp", "fn", "fp", "tn"].map(|name| columns.numbers(name));
    let (tp, fn_, fp, tn) = (tp?, fn_?, fp?, tn?);
    let rows: Vec<AccuracyRow> = (0..tp.len())
        .map(|i| AccuracyRow { tp: tp[i], fn_: fn_[i], fp: fp[i], tn: tn[i] })
        .filter(|row| [row.tp, row.fn_, row.fp, row.tn].iter().all(|cell| *cell >= 0.0))
        .collect();
    let found = bivariate(&rows, true).map_err(refused)?;
    let expit = |x: f64| 1.0 / (1.0 + (-x).exp());
    let mut table = Table::new(&["~", ">pooled", ">on the logit scale", ">tau²"]);
    let mut objects = serde_json::Map::new();
    for (at, name) in ["Sensitivity", "Specificity"].into_iter().enumerate() {
        let ci = fit::infer(found.logits[at], found.se[at], None, level, Test::Wald, None).ci;
        let back = ci.map(expit);
        table.row([
            name.to_owned(),
            estimate_with_interval(expit(found.logits[at]), back.lower, back.upper),
            format!("{} (SE {})", fixed(found.logits[at], 4), fixed(found.se[at], 4)),
            fixed(found.tau2[at], 4),
        ]);
        objects.insert(
            name.to_lowercase(),
            json!({
                "estimate": number(expit(found.logits[at])), "ci_lb": number(back.lower), "ci_ub": number(back.upper),
                "logit": number(found.logits[at]), "se": number(found.se[at]), "tau2": number(found.tau2[at]),
            }),
        );
    }
    objects.insert("k".to_owned(), rows.len().into());
    objects.insert("rho".to_owned(), number(found.rho));
    objects.insert("cov".to_owned(), number(found.covariance));
    objects.insert("ll".to_owned(), number(found.log_likelihood));
    let (sensitivity, specificity) = found.sensitivity_specificity();
    let (positive, negative) = (sensitivity / (1.0 - specificity), (1.0 - sensitivity) / specificity);
    objects.insert("lr_positive".to_owned(), number(positive));
    objects.insert("lr_negative".to_owned(), number(negative));
    let mut lines = vec![
        format!("{} studies; correlation between studies {}", rows.len(), fixed(found.rho, 2)),
        format!("Likelihood ratios: positive {}, negative {}", fixed(positive, 2), fixed(negative, 2)),
        "Bivariate normal model on logits (REML); 0.5 in all cells of studies with a zero.".to_owned(),
    ];
    match bivariate_counts(&rows) {
        Ok(counts) => {
            lines.extend(from_counts(&counts, level));
            objects.insert("counts".to_owned(), counts_object(&counts));
        }
        Err(error) => lines.push(format!("Binomial model of the counts: {error}.")),
    }
    Ok(Section { key: "accuracy", title: "Diagnostic accuracy", object: objects.into(), table, lines })
}

/// The model of the counts in words.
fn from_counts(found: &Accuracy, level: f64) -> [String; 2] {
    let expit = |x: f64| 1.0 / (1.0 + (-x).exp());
    let share = |at: usize| {
        let ci = fit::infer(found.logits[at], found.se[at], None, level, Test::Wald, None).ci.map(expit);
        estimate_with_interval(expit(found.logits[at]), ci.lower, ci.upper)
    };
    let [first, second] = found.tau2.map(|tau2| fixed(tau2, 4));
    [
        format!("Binomial model of the counts (ML, no correction): sensitivity {}, specificity {};", share(0), share(1)),
        format!("tau² {first} and {second}, correlation between studies {}.", fixed(found.rho, 2)),
    ]
}

fn counts_object(found: &Accuracy) -> Value {
    json!({
        "logit_sens": number(found.logits[0]), "logit_spec": number(found.logits[1]),
        "se": [number(found.se[0]), number(found.se[1])], "cov": number(found.covariance),
        "tau2": [number(found.tau2[0]), number(found.tau2[1])], "rho": number(found.rho), "ll": number(found.log_likelihood),
    })
}
