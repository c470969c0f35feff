//! Analyses for the tests of this folder.

use super::{Between, Comparison, Group, Kind, Numbers, Outcome, Pooled, Study, Weighting};

fn study(label: &str, year: i32, numbers: Numbers, effect: Option<[f64; 3]>, se: f64, weight: f64) -> Study {
    Study {
        label: label.to_owned(),
        year: Some(year),
        numbers,
        effect,
        se: effect.map(|_| se),
        weight: effect.map(|_| weight),
        footnote: String::new(),
    }
}

fn pooled(effect: [f64; 3], weight: f64, q: f64, p_q: f64, i2: f64, tau2: Option<f64>, z: f64, p_z: f64) -> Pooled {
    Pooled {
        effect: Some(effect),
        weight: Some(weight),
        q: Some(q),
        df: Some(1.0),
        p_q: Some(p_q),
        i2: Some(i2),
        tau2,
        z: Some(z),
        p_z: Some(p_z),
    }
}

/// Pain by means, and harms by counts in two subgroups, one of them not estimable.
pub fn ketamine() -> Comparison {
    let favours = ["Favours ketamine".to_owned(), "Favours placebo".to_owned()];
    let arms = ["Ketamine".to_owned(), "Placebo".to_owned()];
    let means = |first, second| Numbers::Means([first, second]);
    let pain = Outcome {
        number: 1,
        name: "Pain".to_owned(),
        clinical: "Pain intensity, short term".to_owned(),
        kind: Kind::Continuous,
        method: Weighting::InverseVariance,
        measure: "MD",
        is_ratio: false,
        is_random: true,
        level: 95.0,
        unit: "points".to_owned(),
        arms: arms.clone(),
        graph_labels: favours.clone(),
        subgroup_by: None,
        studies: vec![
            Study {
                footnote: "SD from SE".to_owned(),
                ..study(
                    "Noppers 2011",
                    2011,
                    means([56.0, 31.176_914_536_239_792, 12.0], [74.0, 10.392_304_845_413_264, 12.0]),
                    Some([-18.0, -36.593_85, 0.593_85]),
                    9.486_832_980_505_138,
                    40.0,
                )
            },
            study(
                "Sigtermans 2009",
                2009,
                means([26.8, 27.9, 30.0], [54.5, 26.3, 30.0]),
                Some([-27.7, -41.426_746, -13.973_254]),
                7.0,
                60.0,
            ),
        ],
        groups: Vec::new(),
        pooled: Some(pooled([-22.5, -33.0, -12.0], 100.0, 1.5, 0.22, 33.3, Some(4.25), -4.2, 0.00001)),
        between: None,
    };
    let harm = Outcome {
        number: 2,
        name: "Harm".to_owned(),
        clinical: "Any harm".to_owned(),
        kind: Kind::Dichotomous,
        method: Weighting::Peto,
        measure: "OR",
        is_ratio: true,
        is_random: false,
        unit: String::new(),
        subgroup_by: Some("Duration".to_owned()),
        studies: Vec::new(),
        groups: vec![
            Group {
                name: "≤1 day".to_owned(),
                studies: vec![study("A 2001", 2001, Numbers::Counts([[5.0, 12.0], [1.0, 12.0]]), Some([2.5, 0.4, 9.0]), 0.8, 100.0)],
                pooled: pooled([2.5, 0.4, 9.0], 100.0, 0.0, 1.0, 0.0, None, 1.1, 0.27),
            },
            Group {
                name: ">1 day".to_owned(),
                studies: vec![study("=B 2002", 2002, Numbers::Counts([[0.0, 11.0], [0.0, 10.0]]), None, 0.0, 0.0)],
                pooled: Pooled { effect: None, weight: None, q: None, df: None, p_q: None, i2: None, tau2: None, z: None, p_z: None },
            },
        ],
        pooled: Some(pooled([2.5, 0.4, 9.0], 100.0, 0.4, 0.5, 0.0, None, 1.1, 0.27)),
        between: Some(Between { q: 0.1, df: 1.0, p: 0.75, i2: 0.0 }),
        ..pain.clone()
    };
    Comparison { number: 1, name: "Ketamine versus Placebo".to_owned(), outcomes: vec![pain, harm] }
}

/// Ready estimates of a ratio.
pub fn estimates() -> Comparison {
    let mut comparison = ketamine();
    let mut outcome = comparison.outcomes.remove(0);
    outcome.name = "Response".to_owned();
    outcome.kind = Kind::Estimate;
    (outcome.measure, outcome.is_ratio) = ("RR", true);
    let numbers = Numbers::Estimate { estimate: 1.5_f64.ln(), se: 0.123_456_789_012, people: [Some(40.0), None] };
    outcome.studies = vec![study("C 2003", 2003, numbers, Some([1.5, 1.18, 1.91]), 0.123_456_789_012, 100.0)];
    Comparison { number: 2, name: "Ketamine versus Midazolam".to_owned(), outcomes: vec![outcome] }
}
