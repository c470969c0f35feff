//! Judgements for tests.

use super::{BiasModel, BiasRow, Domain, Level, Tone};

/// RoB 2 for some studies, whose judgements follow from their place.
pub fn rob2(studies: usize) -> BiasModel {
    let level = |label: &str, sign, tone| Level { label: label.to_owned(), sign, tone };
    let domain = |short: &str, title: &str| Domain { short: short.to_owned(), title: title.to_owned(), is_overall: short == "Overall" };
    let rows = (0..studies).map(|at| BiasRow {
        label: format!("Study {} {}", at + 1, 2001 + at),
        judgements: (0..6).map(|domain| Some((at * (domain + 1)) % 3)).collect(),
        weight: Some((at + 1) as f64),
    });
    BiasModel {
        title: "Pain intensity, short term".to_owned(),
        levels: vec![level("Low risk", '+', Tone::Low), level("Some concerns", '-', Tone::Some), level("High risk", 'x', Tone::High)],
        domains: vec![
            domain("D1", "Randomisation process"),
            domain("D2", "Deviations from the intended interventions"),
            domain("D3", "Missing outcome data"),
            domain("D4", "Measurement of the outcome"),
            domain("D5", "Selection of the reported result"),
            domain("Overall", "Overall risk of bias"),
        ],
        rows: rows.collect(),
        footnotes: Vec::new(),
    }
}
