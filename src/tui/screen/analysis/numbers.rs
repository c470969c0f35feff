//! Every number of an analysis: the pooled estimate, heterogeneity, subgroups, studies, and how it was done.

use crate::app::AnalysisResult;
use crate::app::draw::method_line;
use crate::domain::analysis::ArmPair;
use crate::figure::number::{degrees_of_freedom, estimate_with_interval, fixed, i_squared, interval, p_value, tau_squared, weight};
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, counted, fit, wrap, wrap_text};

/// The width of the column of labels.
const LABEL: usize = 26;

/// Sets the numbers of an analysis for a width.
pub(super) fn lines(result: &AnalysisResult, room: usize) -> Vec<StyledLine> {
    let mut lines = pooled_lines(result, room);
    lines.extend(study_lines(result, room));
    if !result.left_out.is_empty() {
        lines.push(heading("Left out"));
        for (study, why) in &result.left_out {
            lines.extend(pair(study, why, room));
        }
    }
    if let Ok(pooled) = &result.pooled {
        if !pooled.warnings.is_empty() {
            lines.push(heading("Warnings"));
            for warning in &pooled.warnings {
                lines.extend(wrap(&[("! ".to_owned(), Role::Warning), (warning.clone(), Role::Text)], room));
            }
        }
        lines.push(heading("How it was done"));
        for step in &pooled.trail {
            lines.extend(wrap(&[("· ".to_owned(), Role::Muted), (step.clone(), Role::Text)], room));
        }
    }
    lines
}

fn heading(text: &str) -> StyledLine {
    vec![(text.to_owned(), Role::Heading)]
}

/// Sets a label and its text, which may run over several lines.
fn pair(label: &str, text: &str, room: usize) -> Vec<StyledLine> {
    let parts = wrap_text(text, Role::Text, room.saturating_sub(LABEL + 1).max(10));
    let set = parts.into_iter().enumerate().map(|(at, part)| {
        let mut line = vec![(format!("{} ", fit(if at == 0 { label } else { "" }, LABEL, false)), Role::Muted)];
        line.extend(part);
        line
    });
    set.collect()
}

fn pooled_lines(result: &AnalysisResult, room: usize) -> Vec<StyledLine> {
    let pooled = match &result.pooled {
        Ok(pooled) => pooled,
        Err(error) => return wrap_text(&crate::tui::app_port::sentence(error), Role::Warning, room),
    };
    let ci = pooled.ci_back();
    let level = fixed(pooled.level * 100.0, 0);
    let mut lines = vec![heading(&format!("{} ({})", pooled.measure.label(), method_line(pooled)))];
    let mut add = |label: &str, text: String| lines.extend(pair(label, &text, room));
    add("Pooled estimate", estimate_with_interval(pooled.estimate_back(), ci.lower, ci.upper));
    add("Compared", format!("{} with {}", result.experimental, result.control));
    add("Studies", pooled.k.to_string());
    let statistic = match pooled.df {
        Some(df) => format!("t = {}, df = {}", fixed(pooled.stat.abs(), 2), degrees_of_freedom(df)),
        None => format!("Z = {}", fixed(pooled.stat.abs(), 2)),
    };
    add("Test for overall effect", format!("{statistic} ({})", p_value(pooled.pval)));
    if pooled.measure.is_log_scale() {
        let text =
            format!("{} {}, standard error {}", fixed(pooled.estimate, 4), interval(pooled.ci.lower, pooled.ci.upper), fixed(pooled.se, 4));
        add("On the log scale", text);
    } else {
        add("Standard error", fixed(pooled.se, 4));
    }
    let h = &pooled.heterogeneity;
    if pooled.k > 1 {
        add("Heterogeneity", format!("Chi² = {}, df = {} ({})", fixed(h.q, 2), degrees_of_freedom(h.df), p_value(h.p)));
        let i2_ci = if h.i2_q_ci.lower.is_nan() {
            String::new()
        } else {
            format!(" [{}, {}]", i_squared(h.i2_q_ci.lower), i_squared(h.i2_q_ci.upper))
        };
        let i2_ci = if pooled.convention.takes_i2_from_tau2() { String::new() } else { i2_ci };
        add("I²", format!("{}{i2_ci}; H² = {}", i_squared(pooled.reported_i2()), fixed(h.h2, 2)));
        if let Some(method) = &pooled.tau2_method {
            add("Tau²", format!("{} ({method}); tau = {}", tau_squared(pooled.tau2), fixed(pooled.tau2.sqrt(), 2)));
        }
    }
    if let Some(prediction) = pooled.prediction_interval() {
        let back = prediction.map(|value| pooled.measure.back_transform(value));
        add(&format!("{level}% prediction interval"), interval(back.lower, back.upper));
    }
    if let Some(analysis) = &result.subgroups {
        for group in &analysis.groups {
            let (part, ci) = (&group.pooled, group.pooled.ci_back());
            let effect =
                if part.k > 0 { estimate_with_interval(part.estimate_back(), ci.lower, ci.upper) } else { "not estimable".to_owned() };
            let i2 = if part.k > 1 { format!(", I² {}", i_squared(part.reported_i2())) } else { String::new() };
            lines.extend(pair(&format!("Subgroup {}", group.name), &format!("{effect}, {}{i2}", counted(part.k, "study")), room));
        }
        let test = format!(
            "Chi² = {}, df = {} ({}), I² = {}",
            fixed(analysis.q_between, 2),
            degrees_of_freedom(analysis.df),
            p_value(analysis.p),
            i_squared(analysis.i2_between)
        );
        lines.extend(pair("Between subgroups", &test, room));
    }
    lines.extend(regression_lines(result, room));
    lines
}

/// Sets the coefficients of a meta-regression, the test of all moderators, and what is left of heterogeneity.
fn regression_lines(result: &AnalysisResult, room: usize) -> Vec<StyledLine> {
    let fitted = match &result.regression {
        Some(Ok(fitted)) => fitted,
        Some(Err(why)) => return pair("Meta-regression", why, room),
        None => return Vec::new(),
    };
    let mut lines = Vec::new();
    for coefficient in &fitted.coefficients {
        let text = format!(
            "{} {} ({})",
            fixed(coefficient.estimate, 4),
            interval(coefficient.ci.lower, coefficient.ci.upper),
            p_value(coefficient.pval)
        );
        lines.extend(pair(&format!("Moderator {}", coefficient.name), &text, room));
    }
    let test = match fitted.qm_df2 {
        Some(df2) => format!("F({}, {}) = {}", fixed(fitted.qm_df1, 0), fixed(df2, 0), fixed(fitted.qm, 2)),
        None => format!("QM({}) = {}", fixed(fitted.qm_df1, 0), fixed(fitted.qm, 2)),
    };
    let text = format!(
        "{test} ({}), R² = {}; residual tau² {}, I² {}; {}",
        p_value(fitted.qm_p),
        i_squared(fitted.r2),
        tau_squared(fitted.tau2),
        i_squared(fitted.i2),
        counted(fitted.k, "study")
    );
    lines.extend(pair("All moderators", &text, room));
    lines
}

/// Sets one line or two per study: its numbers, its effect and its weight.
fn study_lines(result: &AnalysisResult, room: usize) -> Vec<StyledLine> {
    if result.rows.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![heading("Studies")];
    for (at, row) in result.rows.iter().enumerate() {
        let numbers = match &row.arms {
            Ok(ArmPair::Continuous { experimental, control }) => {
                let arm = |n: f64, mean: f64, sd: f64| format!("{} (SD {}), n {}", plain(mean), plain(sd), plain(n));
                format!("{} v {}", arm(experimental.n, experimental.mean, experimental.sd), arm(control.n, control.mean, control.sd))
            }
            Ok(ArmPair::Dichotomous { experimental, control }) => {
                format!("{}/{} v {}/{}", plain(experimental.events), plain(experimental.n), plain(control.events), plain(control.n))
            }
            Ok(ArmPair::Contrast { estimate, se }) => {
                let scale = if result.spec.measure.is_ratio() { "logarithm " } else { "" };
                format!("{scale}{} (SE {})", plain(*estimate), plain(*se))
            }
            Err(why) => why.to_string(),
        };
        let effect = result.pooled.as_ref().ok().map(|pooled| {
            let share =
                pooled.weights_pct.get(at).copied().flatten().map(|share| format!(", weight {}", weight(share))).unwrap_or_default();
            match pooled.studies.get(at).copied().flatten() {
                Some(study) => {
                    let back = study.ci.map(|value| pooled.measure.back_transform(value));
                    format!(
                        "; {} {}{share}",
                        pooled.measure.short(),
                        estimate_with_interval(pooled.measure.back_transform(study.yi), back.lower, back.upper)
                    )
                }
                None => "; not estimable".to_owned(),
            }
        });
        lines.extend(pair(&row.study, &format!("{numbers}{}", effect.unwrap_or_default()), room));
    }
    lines
}

/// Writes a number as it was typed, without zeros at its end; one that was derived to six decimals.
fn plain(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}")
}
