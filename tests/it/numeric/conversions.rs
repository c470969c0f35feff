//! Conversions.

use serde_json::{Value, json};
use tamis::meta::EffectMeasure;
use tamis::meta::convert::{self, FiveNumbers};
use tamis::meta::measure::freeman_tukey_back;

use super::Outcome;
use super::json as write;

/// Kind `conversion`.
pub fn conversion(case: &Value) -> Outcome {
    let get = |key: &str| write::option_number(case, key).unwrap_or(f64::NAN);
    let object = |fields: &[(&str, f64)]| Some(Value::Object(write::object(fields)));
    match write::option_text(case, "name")? {
        "se_to_sd" => object(&[("sd", convert::sd_from_se(get("se"), get("n"))?)]),
        "ci_to_sd_mean" => {
            let sd = |by_t| convert::sd_from_interval(get("lb"), get("ub"), get("n"), get("level"), by_t);
            object(&[("sd", sd(true)?), ("sd_normal", sd(false)?)])
        }
        "ci_to_se_diff" => {
            let se = |df| convert::se_from_difference_interval(get("lb"), get("ub"), get("level"), df);
            object(&[("se_z", se(None)?), ("se_t", se(Some(get("n1") + get("n2") - 2.0))?)])
        }
        "p_to_se_diff" => {
            let (se, t) = convert::se_from_difference_p(get("md"), get("p"), get("n1"), get("n2"))?;
            object(&[("t", t), ("se", se), ("sd", convert::sd_from_difference_se(se, get("n1"), get("n2"))?)])
        }
        "t_to_sd" => {
            let se = convert::se_from_difference_t(get("md"), get("t"))?;
            object(&[("se", se), ("sd", convert::sd_from_difference_se(se, get("n1"), get("n2"))?)])
        }
        "ratio_ci_to_log" => {
            let ratio = convert::log_ratio_from_interval(get("est"), get("lb"), get("ub"), get("level"))?;
            object(&[("yi", ratio.ln_ratio), ("sei", ratio.se)])
        }
        "hr_p_to_log" => {
            let ratio = convert::log_ratio_from_p(get("hr"), get("p"))?;
            object(&[("yi", ratio.ln_ratio), ("sei", ratio.se)])
        }
        "logrank_oe_v" => {
            let (oe, v, loghr) = convert::log_rank_from_events(get("events1"), get("events2"), get("chi2"), true)?;
            object(&[("V", v), ("oe", oe), ("loghr", loghr)])
        }
        "wan_luo_shi" => five_numbers(case),
        "change_sd" => object(&[("sd_change", convert::change_sd(get("sd_b"), get("sd_f"), get("r"))?)]),
        "change_corr" => object(&[("r", convert::change_correlation(get("sd_b"), get("sd_f"), get("sd_change"))?)]),
        "combine_groups" => {
            let [n, mean, sd] = ["n", "mean", "sd"].map(|key| write::option_numbers(case, key).unwrap_or_default());
            let arms: Vec<(f64, f64, f64)> = n.iter().zip(&mean).zip(&sd).map(|((&n, &mean), &sd)| (n, mean, sd)).collect();
            let (n, mean, sd) = convert::combine_arms(&arms)?;
            object(&[("n", n), ("mean", mean), ("sd", sd)])
        }
        "cluster_adjust" => {
            let size = |number: f64| convert::cluster_effective_size(number, get("mean_size"), get("icc"));
            let deff = convert::design_effect(get("mean_size"), get("icc"))?;
            object(&[("deff", deff), ("n_eff", size(get("n"))?), ("events_eff", size(get("events"))?)])
        }
        "cluster_se_inflate" => object(&[("se_adj", convert::inflate_standard_error(get("se"), get("mean_size"), get("icc"))?)]),
        "crossover_md" => {
            let e = convert::crossover_effect(get("m1"), get("sd1"), get("m2"), get("sd2"), get("n"), get("r"))?;
            object(&[("md", e.difference), ("sd_diff", e.sd_difference), ("se", e.se), ("smd", e.smd), ("se_smd", e.smd_se)])
        }
        "shared_control_split" => {
            let (events, n) = convert::split_shared_control(get("events"), get("n"), get("arms") as usize)?;
            object(&[("events_each", events), ("n_each", n)])
        }
        name @ ("sof_or" | "sof_rr" | "sof_hr") => absolute(case, name),
        "rr_to_or" => object(&[("or", convert::odds_ratio_from_risk_ratio(get("rr"), get("acr"))?)]),
        "smd_to_or" => {
            let (lnor, se) = (convert::odds_ratio_from_smd(get("d")), convert::odds_ratio_from_smd(get("se")));
            object(&[("lnor", lnor), ("se", se), ("or", lnor.exp())])
        }
        "or_to_smd" => {
            let (d, se) = (convert::smd_from_odds_ratio(get("or").ln()), convert::smd_from_odds_ratio(get("se_lnor")));
            object(&[("d", d), ("se", se)])
        }
        "smd_to_r" => object(&[("r", convert::correlation_from_smd(get("d"), get("n1"), get("n2"))?)]),
        "smd_to_md" => object(&[("md", get("d") * get("sd_ref"))]),
        "smd_nnt_furukawa" => object(&[("nnt", convert::number_needed_from_smd(get("d"), get("cer"))?)]),
        "d_from_t" => {
            let (d, g) = convert::cohen_d_from_t(get("t"), get("n1"), get("n2"))?;
            object(&[("d", d), ("g", g)])
        }
        "z_r" => {
            let (z, se, ci) = convert::fisher_z_interval(get("r"), get("n"), 0.95)?;
            object(&[("z", z), ("se", se), ("r_lb", ci.lower), ("r_ub", ci.upper)])
        }
        "prop_ci" => {
            let exact = convert::exact_proportion_interval(get("x"), get("n"), 0.95)?;
            let wilson = convert::wilson_interval(get("x"), get("n"), 0.95)?;
            object(&[("cp_lb", exact.lower), ("cp_ub", exact.upper), ("wilson_lb", wilson.lower), ("wilson_ub", wilson.upper)])
        }
        "ft_back" => object(&[
            ("miller", freeman_tukey_back(get("t"), get("n_harmonic"))),
            ("simple", EffectMeasure::ArcsineProportion.back_transform(get("t"))),
        ]),
        "design_inverse_poisson" => {
            let exact = convert::exact_poisson_interval(get("x"), get("t"), 0.95)?;
            object(&[("lb", exact.lower), ("ub", exact.upper)])
        }
        _ => None,
    }
}

fn five_numbers(case: &Value) -> Outcome {
    let get = |key: &str| write::option_number(case, key).unwrap_or(f64::NAN);
    let numbers = FiveNumbers { min: get("min"), q1: get("q1"), median: get("median"), q3: get("q3"), max: get("max") };
    let n = get("n");
    let [s1, s2, s3] = convert::wan_mean_sd(numbers, n)?;
    let from_range = convert::mean_sd_from_range(numbers.min, numbers.median, numbers.max, n)?;
    let from_quartiles = convert::mean_sd_from_quartiles(numbers.q1, numbers.median, numbers.q3, n)?;
    let from_five = convert::mean_sd_from_five_numbers(numbers, n)?;
    Some(json!({
        "wan_mean_S1": s1.mean, "wan_sd_S1": s1.sd, "wan_mean_S2": s2.mean, "wan_sd_S2": s2.sd, "wan_mean_S3": s3.mean, "wan_sd_S3": s3.sd,
        "luo_mean_S1": from_range.mean, "luo_mean_S2": from_quartiles.mean, "luo_mean_S3": from_five.mean,
        "shi_sd_S3": from_five.sd, "cochrane_iqr_sd": convert::sd_from_iqr(numbers.q1, numbers.q3)?,
    }))
}

fn absolute(case: &Value, name: &str) -> Outcome {
    let get = |key: &str| write::option_number(case, key).unwrap_or(f64::NAN);
    let (measure, key) = match name {
        "sof_or" => (EffectMeasure::OddsRatio, "or"),
        "sof_rr" => (EffectMeasure::RiskRatio, "rr"),
        _ => (EffectMeasure::HazardRatio, "hr"),
    };
    let at = |effect: f64| convert::absolute_effect(measure, get("acr"), effect);
    let effect = at(get(key))?;
    let mut result = write::object(&[
        ("risk", effect.risk),
        ("ard_per_1000", effect.difference_per_1000),
        ("nnt", effect.number_needed),
        ("rr", convert::risk_ratio_from_odds_ratio(get(key), get("acr"))?),
    ]);
    if let (Some(lower), Some(upper)) = (at(get("lb")), at(get("ub"))) {
        result.insert("ard_lb".into(), write::number(lower.difference_per_1000));
        result.insert("ard_ub".into(), write::number(upper.difference_per_1000));
    }
    Some(Value::Object(result))
}
