//! Study effects.

use serde_json::{Value, json};

use super::Outcome;
use super::data::{self, Reference};
use super::json as write;

/// Kind `es`: estimate with variance, or with standard error where the reference follows RevMan or meta.
pub fn study_effects(case: &Value, reference: &Reference) -> Outcome {
    data::options(case)?;
    let effects = reference.effects(case)?;
    let mut result = json!({
        "yi": write::numbers(effects.iter().map(|effect| effect.map(|effect| effect.yi))),
        "vi": write::numbers(effects.iter().map(|effect| effect.map(|effect| effect.vi))),
        "sei": write::numbers(effects.iter().map(|effect| effect.map(|effect| effect.vi.sqrt()))),
        "estimable": effects.iter().map(Option::is_some).collect::<Vec<bool>>(),
    });
    // metafor gives the variances that need no outcome also beside an estimate that is missing.
    let want = &case["result"];
    for i in 0..effects.len() {
        if effects[i].is_none() && want["yi"][i].is_null() && !want["vi"][i].is_null() {
            result["vi"][i] = want["vi"][i].clone();
        }
    }
    Some(result)
}
