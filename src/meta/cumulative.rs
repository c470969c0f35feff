//! Leave-one-out and cumulative meta-analysis.

use super::deletion::Deletion;
use super::fit::{self, Plan, Summary};

/// Fits the model without each study in turn.
///
/// **Shape**: one summary per study, in order; for one study the summary has `k == 0` and NaN.
/// **Source**: metafor `leave1out`.
pub fn leave_one_out(yi: &[f64], vi: &[f64], plan: &Plan) -> Vec<Summary> {
    if yi.is_empty() {
        return Vec::new();
    }
    let mut deletion = Deletion::new(yi, vi, plan.tau2, &fit::fit(yi, vi, plan.tau2));
    (0..yi.len()).map(|i| plan.summarise(&deletion.without(i))).collect()
}

/// Fits the model to the first study of an order, the first two, and so on.
///
/// **Shape**: one summary per entry of `order`, whose entries are places in `yi`; places out of range are passed over.
/// **Source**: Lau and others (1992); metafor `cumul`.
pub fn cumulative(yi: &[f64], vi: &[f64], order: &[usize], plan: &Plan) -> Vec<Summary> {
    let (mut y, mut v) = (Vec::with_capacity(order.len()), Vec::with_capacity(order.len()));
    // Each estimate of tau2 is near the one before.
    let mut start = None;
    order
        .iter()
        .filter(|&&i| i < yi.len())
        .map(|&i| {
            y.push(yi[i]);
            v.push(vi[i]);
            let fitted = fit::fit_near(&y, &v, plan.tau2, start);
            start = Some(fitted.tau2);
            plan.summarise(&fitted)
        })
        .collect()
}

/// Returns the places of values in ascending order; equal values keep their order, missing values (NaN) come last.
pub fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| match (values[a].is_nan(), values[b].is_nan()) {
        (false, false) => values[a].total_cmp(&values[b]),
        (a_missing, b_missing) => a_missing.cmp(&b_missing),
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_keep_their_order_and_missing_values_come_last() {
        assert_eq!(ascending(&[3.0, f64::NAN, 1.0, 3.0, 1.0]), vec![2, 4, 0, 3, 1]);
    }
}
